/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cross-origin resource sharing, as the Fetch standard has it: which requests need a preflight,
 * what a preflight allows and for how long, and what a script may read of a response. */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_CORS_SAFELIST_VALUE_MAX: bytes of a field value that needs no preflight. */
#define RT_CORS_SAFELIST_VALUE_MAX 128
/** RT_CORS_SAFELIST_TOTAL_MAX: … of all of them together. */
#define RT_CORS_SAFELIST_TOTAL_MAX 1024

gboolean rt_cors_method_is_safelisted (RtText method);
gboolean rt_cors_method_is_forbidden (RtText method);
gboolean rt_cors_field_is_safelisted (const RtField *field);
gboolean rt_cors_field_is_forbidden (const RtField *field);
gboolean rt_cors_response_name_is_safelisted (RtText name);

extern const RtRule rt_rule_cors_check;
extern const RtRule rt_rule_cors_preflight_needed;
extern const RtRule rt_rule_cors_preflight;
extern const RtRule rt_rule_cors_expose;
extern const RtRule rt_rule_cors_vary;

gboolean rt_cors_check_decide (RtMessage *request,
                               RtMessage *response,
                               gboolean credentials,
                               RtDecision *why);

/**
 * RtPreflightNeed:
 * @same_origin: the request goes to the page's own origin
 * @upload_observed: the script listens to the upload's progress
 * @streamed: the content is a stream
 *
 * What of a request does not stand in its bytes.
 */
typedef struct
{
  gboolean same_origin, upload_observed, streamed;
} RtPreflightNeed;

gboolean
rt_cors_preflight_needed_decide (RtMessage *request, const RtPreflightNeed *need, RtDecision *why);

gboolean rt_cors_preflight_decide (RtMessage *request,
                                   RtMessage *preflight,
                                   RtMessage *response,
                                   gboolean credentials,
                                   RtDecision *why);
gboolean rt_cors_expose_decide (const RtField *field,
                                RtMessage *response,
                                gboolean credentials,
                                RtDecision *why);

gboolean rt_cors_vary_decide (RtMessage *response, RtDecision *why);

GPtrArray *rt_cors_dup_unsafe_names (RtFields *fields);

/** RT_PREFLIGHT_AGE_DEFAULT: without a usable Access-Control-Max-Age. */
#define RT_PREFLIGHT_AGE_DEFAULT (5 * RT_TIME_SEC)
/** RT_PREFLIGHT_AGE_CHROMIUM: what Chromium caps the age at. */
#define RT_PREFLIGHT_AGE_CHROMIUM (2 * RT_TIME_HOUR)
/** RT_PREFLIGHT_AGE_FIREFOX: what Firefox caps the age at. */
#define RT_PREFLIGHT_AGE_FIREFOX (24 * RT_TIME_HOUR)

typedef struct _RtPreflightCache RtPreflightCache;

/**
 * RtPreflightKey:
 * @origin: of the page, serialised
 * @url: of the request, without its fragment
 * @credentials: they are included
 *
 * What an approval is kept for. Borrowed.
 */
typedef struct
{
  const char *origin, *url;
  gboolean credentials;
} RtPreflightKey;

extern const RtRule rt_rule_cors_preflight_cache;

RtPreflightCache *rt_preflight_cache_new (RtTime age_cap);
void rt_preflight_cache_free (RtPreflightCache *cache);
RtTime rt_preflight_cache_add (RtPreflightCache *cache,
                               const RtPreflightKey *key,
                               RtMessage *request,
                               RtMessage *response,
                               RtTime now);
void rt_preflight_cache_forget (RtPreflightCache *cache, const RtPreflightKey *key);
gboolean rt_preflight_cache_decide (RtPreflightCache *cache,
                                    const RtPreflightKey *key,
                                    RtMessage *request,
                                    RtTime now,
                                    RtDecision *why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPreflightCache, rt_preflight_cache_free)

G_END_DECLS
