/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A served lesson from within: between the file that serves it and the one that follows it. */
#pragma once

#include "rt-follower.h"
#include "rt-live.h"
#include "rt-live-lesson.h"

G_BEGIN_DECLS

/** RT_LIVE_HEAD_SEEN: in the id of an open exchange: the head of its request was looked at. */
#define RT_LIVE_HEAD_SEEN 0x80000000u

/** RtLiveProbe: a variation of a probe. */
typedef struct
{
  RtFollower *follower;
  gboolean passed, told;
} RtLiveProbe;

struct _RtLiveLesson
{
  RtLesson *lesson;
  RtPlay *play;
  RtLive *driver;
  RtPlayground ground;
  RtLiveLessonOptions options;
  guint16 next_port;
  GPtrArray *ports; /* RtLivePort */
  char *authority;  /* nullable: PEM */

  RtFollower *run;   /* nullable: with a learner's settings the probes count alone */
  GPtrArray *probes; /* RtLiveProbe */
  guint n_seen;      /* exchanges that were looked at */
  GArray *open;      /* guint: ids of those that have not ended */
  guint64 n_read;    /* events of the log that were looked at */
  gboolean gave_up, told_end, told_passed, full;
  int timer_fd;
  gint64 looked_at, awaited_since; /* of the monotonic clock */
  char *awaited;
};

gboolean rt_live_follow_begin (RtLiveLesson *live, GError **error);
void rt_live_follow_start (RtLiveLesson *live);
void rt_live_follow_end (RtLiveLesson *live);
void rt_live_follow_clear (RtLiveLesson *live);

G_END_DECLS
