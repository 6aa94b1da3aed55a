/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A connection as frames: numbers, handshake, acknowledgements. For this folder. */
#pragma once

#include "rt-event.h"
#include "rt-frame-writer.h"

G_BEGIN_DECLS

/** RT_FRAME_SKIP_MAX: so many bytes can be missing at once and still be found missing by readers.
 */
#define RT_FRAME_SKIP_MAX (1024 * 1024)

/** RtFrameOut: gets each frame. */
typedef void (*RtFrameOut) (gpointer data, RtTime time, const RtFrame *frame);

typedef struct _RtFrameFlow RtFrameFlow;

RtFrameFlow *rt_frame_flow_new (RtConnection id,
                                const RtIpAddress ends[2],
                                const guint16 ports[2],
                                RtFrameOut out,
                                gpointer data);
void rt_frame_flow_free (RtFrameFlow *flow);

void rt_frame_flow_open (RtFrameFlow *flow, RtTime time);
void rt_frame_flow_establish (RtFrameFlow *flow, RtTime time);
void rt_frame_flow_send (
    RtFrameFlow *flow, RtDirection way, RtTime time, guint64 offset, const void *bytes, gsize size);
void
rt_frame_flow_receive (RtFrameFlow *flow, RtDirection way, RtTime time, guint64 offset, gsize size);
void rt_frame_flow_skip (RtFrameFlow *flow, RtDirection way, guint64 length);
void rt_frame_flow_end (RtFrameFlow *flow, RtDirection way, RtTime time, gboolean arrived);
void rt_frame_flow_reset (RtFrameFlow *flow, RtDirection way, RtTime time);
guint64 rt_frame_flow_get_sent (RtFrameFlow *flow, RtDirection way);

G_END_DECLS
