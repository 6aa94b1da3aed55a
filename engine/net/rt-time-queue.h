/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is going to happen, in order. */
#pragma once

#include "rt-time.h"

G_BEGIN_DECLS

typedef struct _RtTimeQueue RtTimeQueue;

/** RtTimeItem: something queued; valid until it fires or is cancelled. */
typedef struct _RtTimeItem RtTimeItem;

/** RtTimeFire: what an item does when its time has come; the queue frees @data afterwards. */
typedef void (*RtTimeFire) (gpointer owner, gpointer data);

RtTimeQueue *rt_time_queue_new (void);
void rt_time_queue_free (RtTimeQueue *queue);

RtTimeItem *rt_time_queue_push (RtTimeQueue *queue,
                                RtTime at,
                                gboolean holds,
                                RtTimeFire fire,
                                gpointer owner,
                                gpointer data,
                                GDestroyNotify free_data);
void rt_time_queue_cancel (RtTimeQueue *queue, RtTimeItem *item);
RtTime rt_time_queue_next (RtTimeQueue *queue);
gboolean rt_time_queue_holds (RtTimeQueue *queue);
void rt_time_queue_fire (RtTimeQueue *queue);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtTimeQueue, rt_time_queue_free)

G_END_DECLS
