/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A list below the entry. The focus stays in the entry; its keys come here first. */
#include "rt-filter-help.h"

#include <string.h>

/** MAX_ROWS: who wants another types a letter more. */
#define MAX_ROWS 40

struct _RtFilterHelp
{
  GtkPopover parent_instance;

  GtkEditable *entry; /* is the parent */
  RtAnalysis *analysis;
  GPtrArray *completions; /* RtFilterCompletion */
  gboolean accepting;

  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (RtFilterHelp, rt_filter_help, GTK_TYPE_POPOVER)

static GtkWidget *
new_words (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void
add_row (RtFilterHelp *self, const RtFilterCompletion *completion)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  gtk_box_append (GTK_BOX (line), new_words (completion->text, "code"));
  if (completion->help != NULL)
    gtk_box_append (GTK_BOX (line), new_words (completion->help, "secondary"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_widget_set_can_focus (row, FALSE);
  gtk_list_box_append (self->list, row);
}

static gsize
cursor_byte (RtFilterHelp *self, const char *text)
{
  return (gsize)(g_utf8_offset_to_pointer (text, gtk_editable_get_position (self->entry)) - text);
}

static void
refill (RtFilterHelp *self)
{
  const char *text = gtk_editable_get_text (self->entry);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_clear_pointer (&self->completions, g_ptr_array_unref);
  self->completions
      = rt_filter_complete (text, cursor_byte (self, text),
                            self->analysis != NULL ? rt_filter_dup_values : NULL, self->analysis);
  for (guint i = 0; i < MIN (self->completions->len, MAX_ROWS); i++)
    add_row (self, self->completions->pdata[i]);
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
}

static gboolean
has_focus (RtFilterHelp *self)
{
  return gtk_widget_get_mapped (GTK_WIDGET (self->entry))
         && (gtk_widget_get_state_flags (GTK_WIDGET (self->entry)) & GTK_STATE_FLAG_FOCUS_WITHIN);
}

static void
text_changed_cb (RtFilterHelp *self)
{
  if (self->accepting)
    return;
  refill (self);
  if (self->completions->len > 0 && has_focus (self))
    gtk_popover_popup (GTK_POPOVER (self));
  else
    gtk_popover_popdown (GTK_POPOVER (self));
}

/** rt_filter_help_get_n: Returns: how much could stand at the cursor */
guint
rt_filter_help_get_n (RtFilterHelp *self)
{
  refill (self);
  return self->completions->len;
}

/** rt_filter_help_accept: Returns: whether there was something that could be put in */
gboolean
rt_filter_help_accept (RtFilterHelp *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  const RtFilterCompletion *completion;
  const char *text = gtk_editable_get_text (self->entry);
  g_autofree char *before = NULL, *whole = NULL;

  if (row == NULL || self->completions == NULL)
    return FALSE;
  completion = self->completions->pdata[gtk_list_box_row_get_index (row)];
  if (completion->end > strlen (text))
    return FALSE;
  before = g_strdup_printf ("%.*s%s", (int)completion->start, text, completion->text);
  whole = g_strconcat (before, text + completion->end, NULL);
  self->accepting = TRUE;
  gtk_editable_set_text (self->entry, whole);
  gtk_editable_set_position (self->entry, (int)g_utf8_strlen (before, -1));
  self->accepting = FALSE;
  text_changed_cb (self);
  return TRUE;
}

static void
row_activated_cb (RtFilterHelp *self, GtkListBoxRow *row)
{
  gtk_list_box_select_row (self->list, row);
  rt_filter_help_accept (self);
}

static void
move (RtFilterHelp *self, int by)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int at = row != NULL ? gtk_list_box_row_get_index (row) + by : 0;

  row = gtk_list_box_get_row_at_index (self->list, MAX (0, at));
  if (row != NULL)
    gtk_list_box_select_row (self->list, row);
}

static gboolean
key_cb (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, gpointer help)
{
  RtFilterHelp *self = help;

  if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    return GDK_EVENT_PROPAGATE;
  switch (key)
    {
    case GDK_KEY_Tab:
      return rt_filter_help_accept (self);
    case GDK_KEY_Down:
    case GDK_KEY_Up:
      move (self, key == GDK_KEY_Down ? 1 : -1);
      return GDK_EVENT_STOP;
    case GDK_KEY_Escape:
      gtk_popover_popdown (GTK_POPOVER (self));
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }
}

static void
focus_cb (RtFilterHelp *self, GParamSpec *spec, GtkEventControllerFocus *focus)
{
  if (gtk_event_controller_focus_contains_focus (focus))
    text_changed_cb (self);
  else
    gtk_popover_popdown (GTK_POPOVER (self));
}

static void
rt_filter_help_dispose (GObject *object)
{
  g_clear_pointer (&RT_FILTER_HELP (object)->completions, g_ptr_array_unref);
  G_OBJECT_CLASS (rt_filter_help_parent_class)->dispose (object);
}

static void
rt_filter_help_class_init (RtFilterHelpClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_filter_help_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-filter-help.ui");
  gtk_widget_class_bind_template_child (widget_class, RtFilterHelp, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
rt_filter_help_init (RtFilterHelp *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/** rt_filter_help_new: Returns: (transfer none): a child of @entry, which must unparent it */
RtFilterHelp *
rt_filter_help_new (GtkEditable *entry)
{
  RtFilterHelp *self = g_object_new (RT_TYPE_FILTER_HELP, NULL);
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->entry = entry;
  gtk_widget_set_parent (GTK_WIDGET (self), GTK_WIDGET (entry));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (key_cb), self, 0);
  g_signal_connect_object (focus, "notify::contains-focus", G_CALLBACK (focus_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (entry), keys);
  gtk_widget_add_controller (GTK_WIDGET (entry), focus);
  g_signal_connect_object (entry, "changed", G_CALLBACK (text_changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

/** rt_filter_help_set_analysis: @analysis: (nullable): where values are looked for */
void
rt_filter_help_set_analysis (RtFilterHelp *self, RtAnalysis *analysis)
{
  self->analysis = analysis;
}
