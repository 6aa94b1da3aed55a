/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers from stored responses: whole, partial, without content, or a 304. */
#pragma once

#include "rt-cache-memory.h"

G_BEGIN_DECLS

/**
 * RtCacheAnswer:
 * @response: its head, Content-Length included where the length is known
 * @pieces: (element-type GBytes): its content so far
 * @follow: (nullable): more of it comes as this body grows
 *
 * What a client gets. Clear with rt_cache_answer_clear().
 */
typedef struct
{
  RtMessage *response;
  GPtrArray *pieces;
  RtCacheBody *follow;
} RtCacheAnswer;

void rt_cache_answer_make (RtCacheEntry *entry,
                           RtMessage *request,
                           RtTime now,
                           gboolean validated,
                           RtDecision *why,
                           RtCacheAnswer *ret_answer);
void rt_cache_answer_clear (RtCacheAnswer *answer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtCacheAnswer, rt_cache_answer_clear)

G_END_DECLS
