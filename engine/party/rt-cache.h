/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A cache, shared or private: what it does with each request and each response. It knows messages
 * and time, no connections: browser, gateway and proxy stand around it. */
#pragma once

#include "rt-cache-answer.h"
#include "rt-cache-status.h"

G_BEGIN_DECLS

typedef struct _RtCache RtCache;

RtCache *rt_cache_new (const RtCacheSettings *settings, gsize max_bytes, gboolean explain);
void rt_cache_free (RtCache *cache);
RtCacheMemory *rt_cache_get_memory (RtCache *cache);

/**
 * RtCacheStep:
 * @RT_CACHE_STEP_ANSWER: rt_cache_passage_answer() has the answer; nothing is sent
 * @RT_CACHE_STEP_ANSWER_AND_VALIDATE: so too, and a passage of its own, see
 *   rt_cache_passage_new_background(), is to validate it meanwhile
 * @RT_CACHE_STEP_FORWARD: rt_cache_passage_request() goes on to the server
 * @RT_CACHE_STEP_TIMEOUT: 504: the client wants nothing but a stored response
 */
typedef enum
{
  RT_CACHE_STEP_ANSWER,
  RT_CACHE_STEP_ANSWER_AND_VALIDATE,
  RT_CACHE_STEP_FORWARD,
  RT_CACHE_STEP_TIMEOUT,
} RtCacheStep;

/**
 * RtCacheTake:
 * @RT_CACHE_TAKE_PASS: the response is the answer; its content goes to both, client and cache
 * @RT_CACHE_TAKE_ANSWER: rt_cache_passage_answer() has the answer; the response itself is dropped
 * @RT_CACHE_TAKE_GATHER: nothing can be answered before all of the content is there; then
 *   rt_cache_passage_answer() has it
 * @RT_CACHE_TAKE_AGAIN: the response is of no use: rt_cache_passage_request() goes to the server
 *   once more, now without what the cache had added
 *
 * What becomes of a response.
 */
typedef enum
{
  RT_CACHE_TAKE_PASS,
  RT_CACHE_TAKE_ANSWER,
  RT_CACHE_TAKE_GATHER,
  RT_CACHE_TAKE_AGAIN,
} RtCacheTake;

/**
 * RtCachePassage:
 *
 * One request's way through the cache. Made by rt_cache_passage_new(); where that says FORWARD,
 * told of the response by `head`, `content` and `end`, or of its absence by `fail`.
 */
typedef struct _RtCachePassage RtCachePassage;

RtCachePassage *rt_cache_passage_new (RtCache *cache,
                                      RtMessage *request,
                                      const char *uri,
                                      RtTime now,
                                      RtCacheStep *ret_step,
                                      RtEffects *out);
RtCachePassage *rt_cache_passage_new_background (RtCachePassage *passage, RtTime now);
void rt_cache_passage_free (RtCachePassage *passage);

RtMessage *rt_cache_passage_request (RtCachePassage *passage, RtTime now);
RtCacheTake
rt_cache_passage_head (RtCachePassage *passage, RtMessage *response, RtTime now, RtEffects *out);
void rt_cache_passage_content (RtCachePassage *passage, GBytes *bytes, RtTime now, RtEffects *out);
gboolean rt_cache_passage_end (RtCachePassage *passage, gboolean whole, RtTime now, RtEffects *out);
RtCacheError rt_cache_passage_fail (RtCachePassage *passage, RtTime now, RtEffects *out);
void rt_cache_passage_answer (RtCachePassage *passage,
                              RtTime now,
                              RtCacheAnswer *ret_answer,
                              RtEffects *out);

gboolean rt_cache_passage_is_storing (RtCachePassage *passage);
RtCacheBody *rt_cache_passage_get_body (RtCachePassage *passage);
RtCacheStatus rt_cache_passage_get_status (RtCachePassage *passage, RtTime now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCache, rt_cache_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCachePassage, rt_cache_passage_free)

G_END_DECLS
