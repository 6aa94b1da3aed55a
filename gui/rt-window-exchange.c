/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done with the exchange that is selected: mark it, write a note on it, compare it. */
#include "rt-window-private.h"

#include "rt-comparison-window.h"
#include "rt-note-editor.h"
#include "rt-note.h"
#include "rt-notebook.h"

#include <glib/gi18n.h>

static RtView *
get_view (RtWindow *self)
{
  RtView *view = rt_stage_get_acting_view (self->stage);

  return view != NULL && rt_view_get_exchange (view) != NULL ? view : NULL;
}

/* A mark goes as it came; one with words in it is a note and is asked about. */
static void
mark_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtView *view = get_view (window);
  const RtMark *mark;
  guint exchange;

  if (view == NULL)
    return;
  exchange = rt_view_get_selection (view).exchange;
  mark = rt_notebook_find (rt_notebook_of (view), exchange, RT_SPAN_NONE);
  if (mark != NULL && *mark->text != '\0')
    gtk_window_present (
        GTK_WINDOW (rt_note_editor_new (GTK_WINDOW (window), view, exchange, RT_SPAN_NONE)));
  else
    rt_notebook_put (rt_notebook_of (view), exchange, RT_SPAN_NONE, mark != NULL ? NULL : "");
}

static void
note_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtView *view = get_view (window);
  RtViewSelection selection;

  if (view == NULL)
    return;
  selection = rt_view_get_selection (view);
  gtk_window_present (GTK_WINDOW (
      rt_note_editor_new (GTK_WINDOW (window), view, selection.exchange, selection.span)));
}

/* Compared are two: of the first is said, as long as it waits, what it waits for. */
static void
set_compared (RtWindow *self, RtView *view)
{
  const RtExchange *exchange = view != NULL ? rt_view_get_exchange (view) : NULL;
  const RtTransfer *transfer = exchange != NULL && exchange->request != NULL ? exchange->request
                               : exchange != NULL                            ? exchange->response
                                                                             : NULL;
  g_autofree char *title = transfer != NULL ? rt_transfer_dup_title (transfer) : g_strdup ("");
  g_autofree char *words
      = exchange != NULL
            ? g_strdup_printf (_ ("%u · %s is one side: choose the other, then press D, or "
                                  "click it with Ctrl"),
                               exchange->id, title)
            : NULL;

  g_set_object (&self->compared, view);
  self->compared_exchange = exchange != NULL ? exchange->id : 0;
  rt_inspector_set_comparing (self->inspector, words);
}

static void
cancel_comparing_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  set_compared (window, NULL);
}

static void
show_comparison (
    RtWindow *self, RtView *left, guint left_exchange, RtView *right, guint right_exchange)
{
  gtk_window_present (GTK_WINDOW (
      rt_comparison_window_new (GTK_WINDOW (self), left, left_exchange, right, right_exchange)));
  set_compared (self, NULL);
}

static void
compare_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;
  RtView *view = get_view (self);
  guint exchange;

  if (view == NULL)
    return;
  exchange = rt_view_get_selection (view).exchange;
  if (self->compared != NULL && (self->compared != view || self->compared_exchange != exchange)
      && rt_analysis_get_exchange (rt_view_get_analysis (self->compared), self->compared_exchange)
             != NULL)
    {
      g_autoptr (RtView) compared = g_object_ref (self->compared);

      show_comparison (self, compared, self->compared_exchange, view, exchange);
      return;
    }
  set_compared (self, view);
  rt_window_notice (self, _ ("Now choose another exchange, and compare again (D)"));
}

/* What is selected with another one, which was pointed at. */
static void
compare_with_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;
  RtView *view = get_view (self);
  guint other = g_variant_get_uint32 (parameter);

  if (view != NULL && rt_view_get_selection (view).exchange != other
      && rt_analysis_get_exchange (rt_view_get_analysis (view), other) != NULL)
    show_comparison (self, view, rt_view_get_selection (view).exchange, view, other);
}

/* What is selected in the run that is watched with one of the run beside it; where nothing is, two
 * of the latter. */
static void
compare_beside_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;
  RtView *beside = rt_stage_get_beside (self->stage);
  RtView *left = rt_stage_get_view (self->stage);
  guint other = g_variant_get_uint32 (parameter);
  guint exchange;

  if (left == NULL || rt_view_get_exchange (left) == NULL)
    left = beside;
  if (beside == NULL || rt_analysis_get_exchange (rt_view_get_analysis (beside), other) == NULL)
    return;
  exchange = rt_view_get_selection (left).exchange;
  if (exchange != 0 && (left != beside || exchange != other))
    show_comparison (self, left, exchange, beside, other);
}

static void
show_timeline_cb (GSimpleAction *action, GVariant *parameter, gpointer window)
{
  RtWindow *self = window;
  RtViewSelection selection;
  RtView *view = get_view (self);

  if (view == NULL)
    return;
  selection = rt_view_get_selection (view);
  rt_window_show_tab (self, "timeline");
  rt_timeline_set_selected (rt_stage_get_timeline (self->stage), selection.exchange,
                            selection.request);
  gtk_widget_grab_focus (GTK_WIDGET (rt_stage_get_timeline (self->stage)));
}

/** rt_window_add_exchange_actions: @self: gets them */
void
rt_window_add_exchange_actions (RtWindow *self)
{
  static const GActionEntry entries[] = {
    { "mark", mark_cb },
    { "note", note_cb },
    { "compare", compare_cb },
    { "compare-with", compare_with_cb, "u" },
    { "compare-beside", compare_beside_cb, "u" },
    { "cancel-comparing", cancel_comparing_cb },
    { "show-timeline", show_timeline_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}
