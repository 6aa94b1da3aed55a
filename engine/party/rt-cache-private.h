/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the cache share. */
#pragma once

#include "rt-cache.h"
#include "rt-cache-partial.h"

G_BEGIN_DECLS

struct _RtCache
{
  RtCacheSettings settings;
  RtCacheMemory *memory;
  gboolean explain;
};

/**
 * RtCachePassage:
 * @selected: (nullable): the stored response that was chosen
 * @verdict: on it
 * @part: (nullable): the stored part that the response may complete
 * @plain: ask without anything of the cache's own
 * @validating: the request that left asks about @selected
 * @validated: the server said that @selected is good
 * @storing: (nullable): the response that is being stored
 * @gathered: (nullable): the part that completes @part, from @gathered_first on
 * @combined: (nullable): of what they are together
 */
struct _RtCachePassage
{
  RtCache *cache;
  RtMessage *request;
  char *uri;
  RtTime request_time;
  RtCacheEntry *selected, *part, *storing;
  RtCacheReuse verdict;
  RtCacheForward reason;
  RtCacheBody *gathered;
  guint64 gathered_first;
  RtCacheCombine combine;
  RtCachePolicy *combined;
  guint forward_status;
  gboolean background, plain, validating, validated, was_stored;
};

RtDecision *rt_cache_begin_why (RtCache *cache);
void rt_cache_give_why (RtDecision *why, gboolean acted, RtEffects *out);

/* Policies of what is stored already, with other fields. */
RtCachePolicy *rt_cache_updated_policy (
    RtCachePassage *p, const RtCachePolicy *policy, RtFields *fields, guint status, RtTime now);
RtCachePolicy *
rt_cache_refielded_policy (const RtCachePolicy *policy, RtFields *fields, guint status);

/* Parts. */
RtCacheTake rt_cache_take_part (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out);
gboolean rt_cache_finish_combining (RtCachePassage *p, RtTime now, RtEffects *out);
gboolean rt_cache_keep_beginning (RtCachePassage *p, RtTime now, RtEffects *out);
gboolean rt_cache_fit_part (RtCachePassage *p, RtTime now, RtEffects *out);
void rt_cache_join_parts (RtCachePassage *p, RtTime now, RtEffects *out);

G_END_DECLS
