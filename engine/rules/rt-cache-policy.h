/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a cache must know about a stored response to decide on it: read once, when it is stored or
 * updated. */
#pragma once

#include "rt-cache-directives.h"
#include "rt-message.h"
#include "rt-range.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_CACHE_HEURISTIC_PERCENT: of the time since the last modification, RFC 9111 §4.2.2. */
#define RT_CACHE_HEURISTIC_PERCENT 10
/** RT_CACHE_HEURISTIC_CAP: a guess is never good for longer. */
#define RT_CACHE_HEURISTIC_CAP (7 * RT_TIME_DAY)

/** RT_VARY_NAMES_MAX: fields that Vary may name; a response that names more is selected by none. */
#define RT_VARY_NAMES_MAX 64

/**
 * RtCacheSettings:
 * @shared: it answers more than one user
 * @targeted: (nullable): name of the targeted field that speaks to it, `CDN-Cache-Control`; static
 * @heuristic_percent: see %RT_CACHE_HEURISTIC_PERCENT; 0: nothing is guessed
 * @heuristic_cap: see %RT_CACHE_HEURISTIC_CAP
 * @partial: it can store and combine partial content
 * @stale_when_disconnected: it serves stale responses where nobody upstream can be reached and
 *   nothing forbids it
 * @stale_on_error: it takes a 5xx in answer to a validation for a failure to reach the server
 * @ranks_language: of a response chosen by Accept-Language it takes the one in the language that
 *   is liked best, even where the field is not the one it was stored for
 *
 * What kind of cache it is.
 */
typedef struct
{
  gboolean shared;
  const char *targeted;
  guint heuristic_percent;
  RtTime heuristic_cap;
  gboolean partial;
  gboolean stale_when_disconnected;
  gboolean stale_on_error;
  gboolean ranks_language;
} RtCacheSettings;

extern const RtCacheSettings rt_cache_settings_shared;
extern const RtCacheSettings rt_cache_settings_private;

/**
 * RtLifetimeBasis:
 *
 * Where the freshness lifetime comes from, RFC 9111 §4.2.1.
 */
typedef enum
{
  RT_LIFETIME_NONE,
  RT_LIFETIME_S_MAXAGE,
  RT_LIFETIME_MAX_AGE,
  RT_LIFETIME_EXPIRES,
  RT_LIFETIME_HEURISTIC,
} RtLifetimeBasis;

/**
 * RtCachePolicy:
 * @request_method: of the request that brought it
 * @uri: the target URI, the primary key
 * @selecting: the fields of that request that Vary names
 * @response: the stored response: its status and fields
 * @request_time, @response_time: RFC 9111 §4.2.3
 * @targeted: @directives are those of the targeted field, and Expires does not count
 * @may_guess: heuristics are allowed: the status is one of those, or `public` says so
 * @date: the value of Date, or @response_time
 * @age_value: the value of Age, in seconds, or 0
 * @initial_age: corrected_initial_age
 * @is_partial: a 206 with one valid Content-Range, which is @range
 *
 * Reference-counted and immutable: an update makes a new one. The fields of @response must not
 * change while it lives.
 */
typedef struct
{
  gint ref_count;
  RtCacheSettings settings;
  char *request_method, *uri;
  RtFields *selecting;
  RtMessage *response;
  RtTime request_time, response_time;

  gboolean targeted, may_guess, is_partial;
  RtCacheDirectives directives;
  RtContentRange range;

  const RtField *age_field, *date_field, *expires_field, *modified_field, *etag_field;
  gboolean has_date, has_expires, has_modified;
  RtTime date, expires, modified;
  gint64 age_value;
  RtEtag etag; /* of length 0 if there is none that is valid */

  RtLifetimeBasis basis;
  RtTime lifetime, initial_age;
} RtCachePolicy;

RtCachePolicy *rt_cache_policy_new (const RtCacheSettings *settings,
                                    RtMessage *request,
                                    const char *uri,
                                    RtMessage *response,
                                    RtTime request_time,
                                    RtTime response_time);
RtCachePolicy *rt_cache_policy_new_updated (const RtCachePolicy *policy,
                                            RtMessage *response,
                                            RtTime request_time,
                                            RtTime response_time);
RtCachePolicy *rt_cache_policy_ref (RtCachePolicy *policy);
void rt_cache_policy_unref (RtCachePolicy *policy);

RtTime rt_cache_policy_get_age (const RtCachePolicy *policy, RtTime now);
gboolean rt_cache_policy_has_strong_validator (const RtCachePolicy *policy);

gboolean rt_cache_read_directives (const RtCacheSettings *settings,
                                   RtFields *fields,
                                   RtCacheDirectives *ret_directives);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCachePolicy, rt_cache_policy_unref)

G_END_DECLS
