/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The analysis of one connection, in memory that does not grow with what went over it. For this
 * folder. */
#pragma once

#include "rt-analysis.h"
#include "rt-error.h"
#include "rt-observer.h"

G_BEGIN_DECLS

typedef struct _RtLane RtLane;

RtLane *rt_lane_new (RtConnection connection);
RtLane *rt_lane_new_over (RtConnection connection, RtReader *source);
RtLane *rt_lane_new_observed (RtConnection connection, RtReader *source, RtObserver *observer);
void rt_lane_free (RtLane *lane);
void rt_lane_add_chunk (RtLane *lane, const RtChunk *chunk);
void rt_lane_add_event (RtLane *lane, const RtPage *page, guint i);
void rt_lane_add_caused (RtLane *lane, const RtPage *page, guint i);
gboolean rt_lane_is_due (RtLane *lane, const RtEvent *event);
void rt_lane_fold (RtLane *lane);
const RtExchange *rt_lane_next_whole (RtLane *lane);
const RtExchange *rt_lane_next_exchange (RtLane *lane);
gboolean rt_lane_is_open (RtLane *lane, const RtExchange *exchange);
RtAnalysis *rt_lane_get_analysis (RtLane *lane);
guint64 rt_lane_get_number (RtLane *lane, guint64 event);
RtConnection rt_lane_get_connection (RtLane *lane);
guint rt_lane_get_n_buffers (RtLane *lane);
RtBufferId rt_lane_get_buffer (RtLane *lane, guint i);
guint64 rt_lane_get_base (RtLane *lane, RtBufferId buffer);
guint64 rt_lane_get_known (RtLane *lane, RtBufferId buffer);
const RtConnectionInfo *rt_lane_get_info (RtLane *lane);
gboolean rt_lane_is_over (RtLane *lane);
gboolean rt_lane_can_rest (RtLane *lane);
gboolean rt_exchange_opened_tunnel (const RtExchange *exchange);
void rt_lane_forget_whole (RtLane *lane);
void rt_lane_rest (RtLane *lane);

G_END_DECLS
