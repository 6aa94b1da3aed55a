/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which message is selected, and which one is not as beside it. */
#include "rt-timeline-private.h"

/* The party of the selected message gets a lane of its own, where it was folded away. */
static void
keep_lane (RtTimeline *self, guint party)
{
  const RtLaneGeometry *lane;

  if (self->layout == NULL || self->layout->model != self->model)
    return;
  lane = &g_array_index (self->layout->lanes, RtLaneGeometry, self->layout->lane_of[party]);
  if (lane->n_parties < 2)
    return;
  self->params.selected = rt_timeline_model_get_party (self->model, party)->id;
  rt_timeline_invalidate (self);
  rt_timeline_update_layout (self);
}

/* Selects the message with this index, or none, and says so. */
void
rt_timeline_select (RtTimeline *self, guint index)
{
  const RtTimelineMessage *message
      = index != RT_TIMELINE_NONE ? rt_timeline_model_get_message (self->model, index) : NULL;
  guint exchange = message != NULL ? message->exchange : 0;
  gboolean request = message != NULL && message->request;

  if (self->view.selected == index && self->selected_exchange == exchange)
    return;
  self->view.selected = index;
  self->selected_exchange = exchange;
  self->selected_request = request;
  self->lane = 0;
  if (message != NULL)
    keep_lane (self, request ? message->to : message->from);
  self->revealing = message != NULL && self->layout == NULL;
  if (message != NULL)
    rt_timeline_reveal_message (self, index, SELECTED_MARGIN);
  self->first_item = self->end_item = 0;
  rt_timeline_update_items (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit_by_name (self, "selected", exchange, request);
}

/**
 * rt_timeline_set_selected:
 * @exchange: id of an exchange, 0 = none
 * @request: its request, not its response
 */
void
rt_timeline_set_selected (RtTimeline *self, guint exchange, gboolean request)
{
  rt_timeline_select (self, exchange != 0 ? rt_timeline_model_find (self->model, exchange, request)
                                          : RT_TIMELINE_NONE);
}

/**
 * rt_timeline_get_selected:
 * @ret_request: (out) (optional): its request, not its response
 *
 * Returns: id of the exchange that is selected, 0 = none
 */
guint
rt_timeline_get_selected (RtTimeline *self, gboolean *ret_request)
{
  if (ret_request != NULL)
    *ret_request = self->selected_request;
  return self->view.selected != RT_TIMELINE_NONE ? self->selected_exchange : 0;
}

/**
 * rt_timeline_move_selection:
 * @by: messages further down; negative: up
 */
void
rt_timeline_move_selection (RtTimeline *self, int by)
{
  int n = (int)self->model->messages->len;
  int at = self->view.selected != RT_TIMELINE_NONE ? (int)self->view.selected + by
           : by > 0                                ? 0
                                                   : n - 1;

  if (n == 0)
    return;
  if (at < 0 || at >= n)
    g_signal_emit_by_name (self, "edge", at < 0 ? -1 : 1);
  rt_timeline_select (self, (guint)CLAMP (at, 0, n - 1));
}

/**
 * rt_timeline_set_different:
 * @exchange: id of an exchange, 0 = none
 * @request: its request, not its response
 *
 * Marks the first message that is not as in the timeline that stands beside this one. Set it again
 * after the model.
 */
void
rt_timeline_set_different (RtTimeline *self, guint exchange, gboolean request)
{
  self->view.different
      = exchange != 0 ? rt_timeline_model_find (self->model, exchange, request) : RT_TIMELINE_NONE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/** rt_timeline_show_different: scrolls to what rt_timeline_set_different() marks */
void
rt_timeline_show_different (RtTimeline *self)
{
  self->showing_different = TRUE;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}
