/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reconstructed messages of a connection as frames. For this folder. */
#pragma once

#include "rt-frame-flow.h"

G_BEGIN_DECLS

/** RtRebuiltWay: what is private to rt-rebuilt-flow.c, of one direction */
typedef struct
{
  guint32 head;     /* bytes of the head; 0: it has been written */
  GByteArray *part; /* of the head that has come so far; NULL: none ever came */
  gsize line;       /* bytes of the start line that were written */
  guint64 content, missing;
} RtRebuiltWay;

/** RtRebuiltFlow: zeros are a connection of which nothing was told */
typedef struct
{
  RtRebuiltWay ways[2]; /* by direction */
  char *method;         /* of the last request */
} RtRebuiltFlow;

void rt_rebuilt_flow_clear (RtRebuiltFlow *flow);
void rt_rebuilt_flow_begin (
    RtRebuiltFlow *flow, RtDirection way, guint32 head, guint64 content, guint64 missing);
void rt_rebuilt_flow_send (
    RtRebuiltFlow *flow, RtFrameFlow *frames, RtDirection way, RtTime time, RtText bytes);

G_END_DECLS
