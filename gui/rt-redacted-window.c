/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * First what is still there: that is what one has to look at. */
#include "rt-redacted-window.h"

#include "rt-list-heading.h"
#include "rt-redaction.h"
#include "rt-words.h"

#include <glib/gi18n.h>

/** MAX_ROWS: that are shown; the others are counted. */
#define MAX_ROWS 500

struct _RtRedactedWindow
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (RtRedactedWindow, rt_redacted_window, ADW_TYPE_WINDOW)

static char *
dup_place (const RtRedacted *entry)
{
  const char *message = entry->in_request ? _ ("request") : _ ("response");

  if (entry->exchange == 0)
    return g_strdup (_ ("beside the messages, in what the recorder wrote down"));
  return entry->times > 1 ? g_strdup_printf (_ ("exchange %u, %s; %u times"), entry->exchange,
                                             message, entry->times)
                          : g_strdup_printf (_ ("exchange %u, %s"), entry->exchange, message);
}

static void
add_row (RtRedactedWindow *self, const RtRedacted *entry)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  const char *kind = rt_secret_kind_name (entry->kind);
  g_autofree char *what
      = *entry->name != '\0' ? g_strdup_printf ("%s: %s", kind, entry->name) : g_strdup (kind);
  g_autofree char *place = dup_place (entry);
  g_autofree char *shown = g_strconcat (entry->shown, entry->replaced ? "" : "…", NULL);

  gtk_box_append (GTK_BOX (box), rt_words_new (what, "element-line"));
  gtk_box_append (GTK_BOX (box), rt_words_new (shown, "code"));
  gtk_box_append (GTK_BOX (box), rt_words_new (place, "secondary"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, what,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, place, -1);
  rt_list_heading_set (row, entry->replaced ? _ ("REPLACED BY A PSEUDONYM")
                                            : _ ("ONLY SUSPECTED, AND STILL THERE"));
  gtk_list_box_append (self->list, row);
}

/* Returns how many there are. */
static guint
add_rows (RtRedactedWindow *self, GPtrArray *redactions, gboolean replaced)
{
  guint n = 0;

  for (guint i = 0; i < redactions->len; i++)
    {
      GPtrArray *entries = rt_redaction_get_list (redactions->pdata[i]);

      for (guint j = 0; j < entries->len; j++)
        {
          const RtRedacted *entry = entries->pdata[j];

          if (entry->replaced == replaced && n++ < MAX_ROWS)
            add_row (self, entry);
        }
    }
  return n;
}

static void
rt_redacted_window_class_init (RtRedactedWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-redacted-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RtRedactedWindow, title);
  gtk_widget_class_bind_template_child (widget_class, RtRedactedWindow, list);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
rt_redacted_window_init (RtRedactedWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, rt_list_heading_update, NULL, NULL);
}

/**
 * rt_redacted_window_new:
 * @redactions: (element-type RtRedaction): one a run
 *
 * Returns: (transfer none): a window above @parent
 */
RtRedactedWindow *
rt_redacted_window_new (GtkWindow *parent, GPtrArray *redactions)
{
  RtRedactedWindow *self = g_object_new (RT_TYPE_REDACTED_WINDOW, "transient-for", parent, NULL);
  guint n_left = add_rows (self, redactions, FALSE);
  guint n_replaced = add_rows (self, redactions, TRUE);
  g_autofree char *words
      = g_strdup_printf (_ ("%u replaced, %u suspected and left"), n_replaced, n_left);

  adw_window_title_set_subtitle (self->title, words);
  return self;
}
