/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All the words that the window says: to the eye, to a screen reader, on the clipboard, in
 * pictures. */
#include "window-words.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-list-row.h"
#include "rt-timeline-item.h"
#include "rt-timeline-picture.h"

static void
add_words (GString *words, const char *text)
{
  if (text != NULL && *text != '\0')
    g_string_append_printf (words, "%s\n", text);
}

static void
add_buffer (GString *words, GtkTextView *view)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (gtk_text_view_get_buffer (view), &start, &end);
  text = gtk_text_buffer_get_text (gtk_text_view_get_buffer (view), &start, &end, TRUE);
  add_words (words, text);
}

static void
add_model (GString *words, GListModel *model)
{
  for (guint i = 0; model != NULL && i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      if (GTK_IS_STRING_OBJECT (item))
        add_words (words, gtk_string_object_get_string (GTK_STRING_OBJECT (item)));
      else if (RT_IS_EXCHANGE_ITEM (item))
        {
          g_autoptr (GtkWidget) row = g_object_ref_sink (rt_list_row_new ());

          rt_list_row_set_item (RT_LIST_ROW (row), RT_EXCHANGE_ITEM (item));
          add_words (words, rt_list_row_get_words (RT_LIST_ROW (row)));
        }
    }
}

/* What a screen reader is told. GTK shows a value only to those who expect another. */
static void
add_accessible (GString *words, GtkAccessible *accessible)
{
  static const GtkAccessibleProperty properties[]
      = { GTK_ACCESSIBLE_PROPERTY_LABEL, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
          GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT };

  for (gsize i = 0; i < G_N_ELEMENTS (properties); i++)
    if (gtk_test_accessible_has_property (accessible, properties[i]))
      {
        g_autofree char *value
            = gtk_test_accessible_check_property (accessible, properties[i], "\001");

        add_words (words, value);
      }
}

void
window_collect_words (GtkWidget *widget, GtkWidget *except, GString *words)
{
  if (widget == except)
    return;
  add_words (words, gtk_widget_get_tooltip_text (widget));
  add_accessible (words, GTK_ACCESSIBLE (widget));
  if (GTK_IS_LABEL (widget))
    add_words (words, gtk_label_get_text (GTK_LABEL (widget)));
  else if (GTK_IS_TEXT_VIEW (widget))
    add_buffer (words, GTK_TEXT_VIEW (widget));
  else if (GTK_IS_EDITABLE (widget))
    add_words (words, gtk_editable_get_text (GTK_EDITABLE (widget)));
  else if (GTK_IS_LIST_VIEW (widget))
    add_model (words, G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (widget))));
  else if (GTK_IS_DROP_DOWN (widget))
    add_model (words, gtk_drop_down_get_model (GTK_DROP_DOWN (widget)));
  else if (RT_IS_TIMELINE_ITEM (widget))
    add_words (words, rt_timeline_item_get_words (RT_TIMELINE_ITEM (widget)));
  else if (RT_IS_LIST_ROW (widget))
    add_words (words, rt_list_row_get_words (RT_LIST_ROW (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    window_collect_words (child, except, words);
}

typedef struct
{
  gboolean done;
  char *text;
} Paste;

static void
pasted_cb (GObject *clipboard, GAsyncResult *result, gpointer data)
{
  Paste *paste = data;

  paste->text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  paste->done = TRUE;
}

static gboolean
is_pasted (gpointer data)
{
  return ((Paste *)data)->done;
}

/* A picture's texts; its coordinates are numbers as well. */
static void
add_svg (GString *words, const char *svg)
{
  g_autoptr (GRegex) tags = g_regex_new ("<[^>]*>", 0, 0, NULL);
  g_autofree char *text = g_regex_replace_literal (tags, svg, -1, 0, "\n", 0, NULL);

  add_words (words, text);
}

static void
exported_cb (gboolean *exported)
{
  *exported = TRUE;
}

static gboolean
is_exported (gpointer exported)
{
  return *(gboolean *)exported;
}

/* What can be taken out of the window: clipboard, picture. */
static void
add_exports (WindowFixture *fixture, GString *words)
{
  Paste paste = { 0 };
  RtPictureOptions options = { .now = RT_TIME_UNKNOWN };
  g_autoptr (RtFonts) fonts = rt_fonts_new_for_pictures ();
  RtTimeline *timeline = rt_stage_get_timeline (rt_window_get_stage (fixture->window));
  GString *svg = rt_timeline_picture_svg (rt_timeline_get_model (timeline), &options,
                                          rt_fonts_get_measure (fonts));

  gboolean exported = FALSE;
  gulong id = g_signal_connect_swapped (window_tutor (fixture), "exported",
                                        G_CALLBACK (exported_cb), &exported);

  window_fixture_do (fixture, "win.copy-transcript", NULL);
  assert_true (window_fixture_wait (fixture, is_exported, &exported));
  g_signal_handler_disconnect (window_tutor (fixture), id);
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)), NULL,
                                 pasted_cb, &paste);
  assert_true (window_fixture_wait (fixture, is_pasted, &paste));
  add_words (words, paste.text);
  add_svg (words, svg->str);
  g_free (paste.text);
  g_string_free (svg, TRUE);
}

char *
window_dup_all_words (WindowFixture *fixture, GtkWidget *except)
{
  GString *words = g_string_new (NULL);
  RtView *view = window_shown (fixture);

  for (guint i = 1; i <= window_n_exchanges (view); i++)
    for (guint request = 0; request < 2; request++)
      {
        rt_view_select (view, i, request, RT_SPAN_NONE);
        window_collect_words (GTK_WIDGET (fixture->window), except, words);
      }
  window_fixture_settle (fixture);
  window_collect_words (GTK_WIDGET (fixture->window), except, words);
  add_exports (fixture, words);
  return g_string_free (words, FALSE);
}
