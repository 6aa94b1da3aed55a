/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the timeline widget and its input. */
#pragma once

#include "rt-timeline-scene.h"
#include "rt-timeline.h"

G_BEGIN_DECLS

/* Accessible children: as many as can be seen at once, with some to spare. */
#define N_ITEMS 40
/* Around what is selected. */
#define SELECTED_MARGIN 16

/* @layout: NULL: to be made; @layout_width: what it was made for */
struct _RtTimeline
{
  GtkWidget parent_instance;

  RtTimelineModel *model;
  RtTimelineModel *overview; /* of all of a long run, or NULL */
  RtTimelineLayout *layout;
  int layout_width;
  RtTimelineView view;
  RtTimelineParams params;
  RtFonts *fonts;

  gboolean showing_different; /* likewise, to what differs */
  gboolean following;         /* once there is a layout, it is to be scrolled to now */
  gboolean revealing;         /* likewise, to what is selected */
  gboolean placing;           /* what scrolls now is not somebody's doing */
  guint anchor;               /* the exchange that is to stay where it is, 0: none */
  gboolean anchor_request;
  double anchor_y, last_scroll;
  GtkAdjustment *adjustments[2];
  GtkScrollablePolicy policies[2];
  GtkWidget *items[N_ITEMS];
  guint first_item, end_item;

  GArray *order, *pinned; /* RtPartyId */
  RtPartyId lane;         /* the one that keys move; 0: none */
  GtkWidget *menu;        /* of the lanes; NULL until it is asked for */
  RtTimeline *peer;       /* stands beside this one, or NULL */

  guint selected_exchange;
  gboolean selected_request;
};

double rt_timeline_get_scroll (RtTimeline *self, GtkOrientation orientation);
void rt_timeline_set_adjustment (RtTimeline *self,
                                 GtkOrientation orientation,
                                 GtkAdjustment *adjustment);
void rt_timeline_configure_adjustments (RtTimeline *self, int width, int height);
void rt_timeline_reveal (RtTimeline *self, double top, double bottom);
void rt_timeline_reveal_message (RtTimeline *self, guint message, double margin);
void rt_timeline_remember_place (RtTimeline *self);
void rt_timeline_restore_place (RtTimeline *self);
void rt_timeline_follow_now (RtTimeline *self);

void rt_timeline_update_layout (RtTimeline *self);
void rt_timeline_select (RtTimeline *self, guint index);

void rt_timeline_invalidate (RtTimeline *self);
void rt_timeline_update_items (RtTimeline *self);
void rt_timeline_allocate_items (RtTimeline *self);
void rt_timeline_forget_items (RtTimeline *self);

void rt_timeline_add_lane_actions (GtkWidgetClass *widget_class);
void rt_timeline_open_lane_menu (RtTimeline *self, guint lane, double x);
void rt_timeline_toggle_fold (RtTimeline *self, guint lane);
void rt_timeline_forget_lanes (RtTimeline *self);
void rt_timeline_apply_lanes (RtTimeline *self);

void rt_timeline_add_controllers (RtTimeline *self);
void rt_timeline_add_bindings (GtkWidgetClass *widget_class);

G_END_DECLS
