/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lane from within, for the files that it is written in. */
#pragma once

#include "rt-lane.h"
#include "rt-whole-exchange.h"

G_BEGIN_DECLS

/* The bytes of one direction, by the offsets of the log. */
typedef struct
{
  RtBufferId id;
  gboolean rebuilt; /* of a source without bytes */
  RtDirection direction;
  guint64 base;      /* where the buffer begins for the analysis */
  guint64 known;     /* bytes up to here were in events that were folded */
  guint64 ahead;     /* … and are in those that wait to be */
  guint64 announced; /* a message that was rebuilt begins just before here */
  GQueue chunks;     /* RtChunk, from @known on */
} RtLaneBuffer;

struct _RtLane
{
  RtConnection connection;
  RtObserver *observer; /* (nullable) */
  RtAnalysis *analysis;
  RtReader *reader;
  RtReader *source;  /* (nullable): has the bytes that were let go of */
  guint64 first;     /* of the events that wait to be folded */
  GArray *events;    /* RtEvent */
  GByteArray *arena; /* their details */
  GArray *numbers;   /* guint64: numbers in the log, by number in the analysis */
  GArray *opening;   /* RtEvent: how the connection was opened */
  GByteArray *opening_arena;
  GArray *opening_numbers;
  GPtrArray *buffers; /* RtLaneBuffer */
  guint next;         /* index of the first exchange that was not told of */
  gboolean analysed;  /* more than how the connection was opened */
  GPtrArray *whole;   /* RtWholeExchange */
  guint next_whole;
};

/* rt-lane-bytes.c */
void rt_lane_buffer_free (gpointer buffer);
RtLaneBuffer *rt_lane_find_buffer (RtLane *lane, RtBufferId id);
RtLaneBuffer *rt_lane_ensure_buffer (RtLane *lane, RtBufferId id);
GBytes *rt_lane_dup_bytes (RtLane *lane, RtSpan span, GError **error);
void rt_lane_let_go (RtLane *lane);

/* rt-lane-whole.c */
gboolean rt_lane_is_rebuilt (const RtLane *lane);
gboolean rt_lane_only_opens (const RtLane *lane);
void rt_lane_read_whole (RtLane *lane);

G_END_DECLS
