/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cache directives of one message, read once. */
#pragma once

#include "rt-cache-control.h"
#include "rt-evidence.h"

G_BEGIN_DECLS

/**
 * RtCacheDirective:
 *
 * The directives of RFC 9111 §5.2, RFC 5861 and RFC 8246.
 */
typedef enum
{
  RT_CACHE_NO_STORE,
  RT_CACHE_NO_CACHE,
  RT_CACHE_NO_TRANSFORM,
  RT_CACHE_MUST_REVALIDATE,
  RT_CACHE_PROXY_REVALIDATE,
  RT_CACHE_MUST_UNDERSTAND,
  RT_CACHE_PRIVATE,
  RT_CACHE_PUBLIC,
  RT_CACHE_IMMUTABLE,
  RT_CACHE_ONLY_IF_CACHED,
  RT_CACHE_MAX_AGE,
  RT_CACHE_S_MAXAGE,
  RT_CACHE_MAX_STALE,
  RT_CACHE_MIN_FRESH,
  RT_CACHE_STALE_WHILE_REVALIDATE,
  RT_CACHE_STALE_IF_ERROR,
} RtCacheDirective;

#define RT_CACHE_N_DIRECTIVES (RT_CACHE_STALE_IF_ERROR + 1)

/**
 * RtCacheArgument:
 * @field: (nullable): the line that the directive stands in; %NULL: it is absent
 * @offset, @length: the directive within the line's value
 * @argument_offset, @argument_length: its argument within that value, quotes left out
 * @seconds: its argument; 0 where @invalid
 * @has_argument: there is one
 * @invalid: it should be a number of seconds and is none
 */
typedef struct
{
  const RtField *field;
  guint32 offset, length, argument_offset, argument_length;
  guint32 seconds;
  guint has_argument : 1;
  guint invalid : 1;
} RtCacheArgument;

/**
 * RtCacheDirectives:
 * @fields: (unowned): the section they were read from
 * @name: the field they were read from: `Cache-Control` or a targeted one
 * @passed_over: (nullable): a targeted field that would have counted, were it there and valid
 *
 * Valid as long as the field section is, and is not changed.
 */
typedef struct
{
  RtFields *fields;
  const char *name, *passed_over;
  RtCacheArgument list[RT_CACHE_N_DIRECTIVES];
} RtCacheDirectives;

void rt_cache_directives_read (RtCacheDirectives *directives, RtFields *fields);
gboolean rt_cache_directives_read_targeted (RtCacheDirectives *directives,
                                            RtFields *fields,
                                            const char *name);

static inline gboolean
rt_cache_has (const RtCacheDirectives *directives, RtCacheDirective which)
{
  return directives->list[which].field != NULL;
}

/* There, and about the whole response rather than about some of its fields. */
static inline gboolean
rt_cache_has_bare (const RtCacheDirectives *directives, RtCacheDirective which)
{
  return directives->list[which].field != NULL && directives->list[which].argument_length == 0;
}

RtText rt_cache_argument (const RtCacheDirectives *directives, RtCacheDirective which);
gboolean rt_cache_argument_names (const RtCacheDirectives *directives,
                                  RtCacheDirective which,
                                  RtText field_name);
RtFact rt_cache_directive_fact (const RtCacheDirectives *directives, RtCacheDirective which);
RtFact rt_cache_seconds_fact (const RtCacheDirectives *directives, RtCacheDirective which);
void rt_cache_directives_add_lines (RtEvidence *evidence, const RtCacheDirectives *directives);
gboolean rt_check_directive (RtDecision *why,
                             const RtClause *clause,
                             gboolean holds,
                             const RtCacheDirectives *directives,
                             RtCacheDirective which);
const char *rt_cache_directive_name (RtCacheDirective which);

G_END_DECLS
