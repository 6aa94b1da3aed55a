/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is going to happen in the sim, in order. */
#pragma once

#include "rt-time.h"

G_BEGIN_DECLS

typedef struct _RtSimQueue RtSimQueue;

/** RtSimItem: something queued; valid until it fires or is cancelled. */
typedef GSequenceIter RtSimItem;

/** RtSimFire: what an item does when its time has come; the queue frees @data afterwards. */
typedef void (*RtSimFire) (gpointer owner, gpointer data);

RtSimQueue *rt_sim_queue_new (void);
void rt_sim_queue_free (RtSimQueue *queue);

RtSimItem *rt_sim_queue_push (RtSimQueue *queue,
                              RtTime at,
                              gboolean holds,
                              RtSimFire fire,
                              gpointer owner,
                              gpointer data,
                              GDestroyNotify free_data);
void rt_sim_queue_cancel (RtSimQueue *queue, RtSimItem *item);
RtTime rt_sim_queue_next (RtSimQueue *queue);
gboolean rt_sim_queue_holds (RtSimQueue *queue);
void rt_sim_queue_fire (RtSimQueue *queue);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtSimQueue, rt_sim_queue_free)

G_END_DECLS
