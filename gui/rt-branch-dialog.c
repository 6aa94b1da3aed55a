/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A list of what can be changed and an entry for what it becomes. */
#include "rt-branch-dialog.h"

#include "rt-changeable.h"
#include "rt-list-heading.h"

#include <glib/gi18n.h>
#include <string.h>

/* Between a thing and whose it is, in what can be changed. */
#define OF " of "

struct _RtBranchDialog
{
  AdwWindow parent_instance;

  GPtrArray *changeables;

  GtkSearchEntry *search;
  GtkListBox *list;
  GtkLabel *summary;
  GtkEntry *value;
  GtkWidget *leave_out;
};

enum
{
  BRANCH,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtBranchDialog, rt_branch_dialog, ADW_TYPE_WINDOW)

static const RtChangeable *
get_chosen (RtBranchDialog *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  return row != NULL ? self->changeables->pdata[gtk_list_box_row_get_index (row)] : NULL;
}

static void
emit (RtBranchDialog *self, const char *change)
{
  g_signal_emit (self, signals[BRANCH], 0, change);
  gtk_window_close (GTK_WINDOW (self));
}

static void
run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtBranchDialog *self = RT_BRANCH_DIALOG (widget);
  const RtChangeable *chosen = get_chosen (self);
  g_autofree char *change = NULL;

  if (chosen == NULL)
    return;
  change = g_strdup_printf ("%s: %s", chosen->words,
                            gtk_editable_get_text (GTK_EDITABLE (self->value)));
  emit (self, change);
}

static void
leave_out_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtBranchDialog *self = RT_BRANCH_DIALOG (widget);
  const RtChangeable *chosen = get_chosen (self);

  if (chosen != NULL && chosen->remove != NULL)
    emit (self, chosen->remove);
}

/* What is chosen must become something else to be a change. */
static void
update_run (RtBranchDialog *self)
{
  const RtChangeable *chosen = get_chosen (self);

  gtk_widget_action_set_enabled (
      GTK_WIDGET (self), "branch.run",
      chosen != NULL
          && !g_str_equal (chosen->value, gtk_editable_get_text (GTK_EDITABLE (self->value))));
}

static char *
summary_words (const RtChangeable *chosen)
{
  g_autofree char *choices
      = chosen->choices != NULL ? g_strjoinv (", ", (char **)chosen->choices) : NULL;
  const char *summary = chosen->summary != NULL ? chosen->summary : chosen->title;

  return choices != NULL ? g_strdup_printf (_ ("%s; one of: %s"), summary, choices)
                         : g_strdup (summary);
}

static void
chosen_cb (RtBranchDialog *self)
{
  const RtChangeable *chosen = get_chosen (self);
  g_autofree char *words = chosen != NULL ? summary_words (chosen) : NULL;

  gtk_label_set_text (self->summary, words != NULL ? words : "");
  gtk_editable_set_text (GTK_EDITABLE (self->value), chosen != NULL ? chosen->value : "");
  gtk_widget_set_visible (self->leave_out, chosen != NULL && chosen->remove != NULL);
  update_run (self);
}

static gboolean
is_searched (GtkListBoxRow *row, gpointer dialog)
{
  RtBranchDialog *self = dialog;
  const RtChangeable *changeable = self->changeables->pdata[gtk_list_box_row_get_index (row)];
  g_autofree char *wanted
      = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  g_autofree char *title = g_utf8_casefold (changeable->title, -1);

  return strstr (title, wanted) != NULL;
}

static void
searched_cb (RtBranchDialog *self)
{
  gtk_list_box_invalidate_filter (self->list);
}

/* `If-Match of step 4` stands as `If-Match` under `step 4`. */
static GtkWidget *
new_row (const RtChangeable *changeable)
{
  const char *owner = strstr (changeable->title, OF);
  g_autofree char *name = owner != NULL
                              ? g_strndup (changeable->title, (gsize)(owner - changeable->title))
                              : g_strdup (changeable->title);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new (name);
  GtkWidget *value = gtk_label_new (changeable->value);
  GtkWidget *row = gtk_list_box_row_new ();
  g_autofree char *words = g_strdup_printf ("%s: %s", changeable->title, changeable->value);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_ellipsize (GTK_LABEL (title), PANGO_ELLIPSIZE_END);
  gtk_label_set_ellipsize (GTK_LABEL (value), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (value), 28);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (value, changeable->given ? "code" : "secondary");
  gtk_box_append (GTK_BOX (line), title);
  gtk_box_append (GTK_BOX (line), value);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  rt_list_heading_set (row, owner != NULL ? owner + strlen (OF) : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return row;
}

static void
rt_branch_dialog_dispose (GObject *object)
{
  RtBranchDialog *self = RT_BRANCH_DIALOG (object);

  if (self->list != NULL)
    {
      /* Its rows go later than the dialog's parts, and one of them is selected. */
      g_signal_handlers_disconnect_by_data (self->list, self);
      gtk_list_box_set_filter_func (self->list, NULL, NULL, NULL);
    }
  self->list = NULL;
  g_clear_pointer (&self->changeables, g_ptr_array_unref);
  G_OBJECT_CLASS (rt_branch_dialog_parent_class)->dispose (object);
}

static void
rt_branch_dialog_class_init (RtBranchDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_branch_dialog_dispose;
  signals[BRANCH] = g_signal_new ("branch", RT_TYPE_BRANCH_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-branch-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, RtBranchDialog, search);
  gtk_widget_class_bind_template_child (widget_class, RtBranchDialog, list);
  gtk_widget_class_bind_template_child (widget_class, RtBranchDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, RtBranchDialog, value);
  gtk_widget_class_bind_template_child (widget_class, RtBranchDialog, leave_out);
  gtk_widget_class_install_action (widget_class, "branch.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "branch.leave-out", NULL, leave_out_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
rt_branch_dialog_init (RtBranchDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (self->list, "row-selected", G_CALLBACK (chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->value, "changed", G_CALLBACK (update_run), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->search, "search-changed", G_CALLBACK (searched_cb), self,
                           G_CONNECT_SWAPPED);
}

static void
select_row (RtBranchDialog *self, guint i)
{
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, (int)i));
}

/* The field whose bytes are selected is the one that somebody wants to change. */
static guint
find_selected_field (RtView *view)
{
  RtSpan span = rt_view_get_selection (view).span;
  const RtExchange *exchange = rt_view_get_exchange (view);
  RtFields *fields = exchange != NULL && exchange->request != NULL && span.length > 0
                         ? exchange->request->message->fields
                         : NULL;

  for (guint i = 0; fields != NULL && i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (field->line.buffer == span.buffer && field->line.offset <= span.offset
          && rt_span_end (span) <= rt_span_end (field->line))
        return i;
    }
  return 0;
}

/**
 * rt_branch_dialog_new:
 * @view: of a play; what is selected in it is offered first
 *
 * Returns: a toplevel
 */
RtBranchDialog *
rt_branch_dialog_new (RtView *view)
{
  RtBranchDialog *self = g_object_new (RT_TYPE_BRANCH_DIALOG, NULL);

  self->changeables
      = rt_play_list_changeable (rt_view_get_play (view), rt_view_get_selection (view).exchange);
  for (guint i = 0; i < self->changeables->len; i++)
    gtk_list_box_append (self->list, new_row (self->changeables->pdata[i]));
  gtk_list_box_set_filter_func (self->list, is_searched, self, NULL);
  gtk_list_box_set_header_func (self->list, rt_list_heading_update, NULL, NULL);
  if (self->changeables->len > 0)
    select_row (self, find_selected_field (view));
  chosen_cb (self);
  return self;
}

/** rt_branch_dialog_choose: @title: of the one that is to be changed */
void
rt_branch_dialog_choose (RtBranchDialog *self, const char *title)
{
  for (guint i = 0; i < self->changeables->len; i++)
    if (g_str_equal (((const RtChangeable *)self->changeables->pdata[i])->title, title))
      select_row (self, i);
}

void
rt_branch_dialog_set_value (RtBranchDialog *self, const char *value)
{
  gtk_editable_set_text (GTK_EDITABLE (self->value), value);
}
