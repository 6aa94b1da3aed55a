/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading a stored response. Everything that does not depend on the moment it is asked for is
 * computed here, so that a decision on it takes no parsing and no memory. */
#include "rt-cache-policy.h"

#include "rt-elements.h"
#include "rt-list.h"
#include "rt-reference.h"

const RtCacheSettings rt_cache_settings_shared = {
  .shared = TRUE,
  .targeted = "CDN-Cache-Control",
  .heuristic_percent = RT_CACHE_HEURISTIC_PERCENT,
  .heuristic_cap = RT_CACHE_HEURISTIC_CAP,
  .partial = TRUE,
  .stale_when_disconnected = TRUE,
  .ranks_language = TRUE,
};

const RtCacheSettings rt_cache_settings_private = {
  .heuristic_percent = RT_CACHE_HEURISTIC_PERCENT,
  .heuristic_cap = RT_CACHE_HEURISTIC_CAP,
  .partial = TRUE,
  .stale_when_disconnected = TRUE,
  .ranks_language = TRUE,
};

/**
 * rt_cache_read_directives:
 * @settings: what kind of cache it is
 * @fields: the fields of a response
 * @ret_directives: (out caller-allocates): those that speak to this cache
 *
 * Source: RFC 9213 §2.2: a valid targeted field that is not empty takes the place of Cache-Control
 * and Expires.
 *
 * Returns: whether they are of the targeted field
 */
gboolean
rt_cache_read_directives (const RtCacheSettings *settings,
                          RtFields *fields,
                          RtCacheDirectives *ret_directives)
{
  if (settings->targeted != NULL
      && rt_cache_directives_read_targeted (ret_directives, fields, settings->targeted))
    return TRUE;
  rt_cache_directives_read (ret_directives, fields);
  ret_directives->passed_over = settings->targeted;
  return FALSE;
}

/* RFC 9111 §5.1: of a list the first member counts; one that is no number is ignored. */
static gint64
read_age (const RtField *field)
{
  RtText rest = field != NULL ? field->value : RT_TEXT_NONE;
  RtText first;
  gint64 seconds = 0;

  if (rt_list_next (&rest, &first))
    rt_delta_seconds_parse (first, &seconds);
  return seconds;
}

static gboolean
read_date (const RtField *field, RtTime now, RtTime *ret_time)
{
  return field != NULL && rt_http_date_parse (field->value, now, RT_DATE_CASELESS, ret_time);
}

static void
read_fields (RtCachePolicy *p)
{
  RtFields *fields = p->response->fields;

  p->age_field = rt_fields_first (fields, "Age");
  p->date_field = rt_fields_first (fields, "Date");
  p->expires_field = p->targeted ? NULL : rt_fields_first (fields, "Expires");
  p->modified_field = rt_fields_first (fields, "Last-Modified");
  p->etag_field = rt_fields_first (fields, "ETag");
  p->age_value = read_age (p->age_field);
  p->date = p->response_time;
  p->has_date = read_date (p->date_field, p->response_time, &p->date);
  p->has_expires = read_date (p->expires_field, p->response_time, &p->expires);
  p->has_modified = read_date (p->modified_field, p->response_time, &p->modified);
  if (p->etag_field != NULL)
    rt_etag_parse (p->etag_field->value, &p->etag);
}

static void
read_range (RtCachePolicy *p)
{
  const RtField *field = rt_fields_first (p->response->fields, "Content-Range");

  p->is_partial = p->response->status == 206 && field != NULL
                  && rt_fields_count (p->response->fields, "Content-Range") == 1
                  && rt_content_range_parse (field->value, &p->range) && !p->range.unsatisfied;
}

static gboolean
status_is_heuristic (guint status)
{
  const RtStatusInfo *info = rt_status_info (status);

  return info != NULL && info->heuristic;
}

/* RFC 9111 §4.2.1, first match. */
static void
compute_lifetime (RtCachePolicy *p)
{
  RtTime guess;

  if (p->settings.shared && rt_cache_has (&p->directives, RT_CACHE_S_MAXAGE))
    {
      p->basis = RT_LIFETIME_S_MAXAGE;
      p->lifetime = p->directives.list[RT_CACHE_S_MAXAGE].seconds * RT_TIME_SEC;
    }
  else if (rt_cache_has (&p->directives, RT_CACHE_MAX_AGE))
    {
      p->basis = RT_LIFETIME_MAX_AGE;
      p->lifetime = p->directives.list[RT_CACHE_MAX_AGE].seconds * RT_TIME_SEC;
    }
  else if (p->expires_field != NULL)
    {
      /* An invalid date, "0" above all, is a time in the past (§5.3). */
      p->basis = RT_LIFETIME_EXPIRES;
      p->lifetime = p->has_expires ? MAX (p->expires - p->date, 0) : 0;
    }
  else if (p->may_guess && p->has_modified && p->settings.heuristic_percent > 0)
    {
      guess = MAX (p->date - p->modified, 0) / 100 * p->settings.heuristic_percent;
      p->basis = RT_LIFETIME_HEURISTIC;
      p->lifetime = MIN (guess, p->settings.heuristic_cap);
    }
}

/* RFC 9111 §4.2.3. Date is in whole seconds, and so is what is subtracted from it: a response is
 * not older for having been sent late in its second. */
static RtTime
compute_initial_age (const RtCachePolicy *p)
{
  RtTime second = p->response_time - p->response_time % RT_TIME_SEC;
  RtTime apparent = p->has_date ? MAX (second - p->date, 0) : 0;
  RtTime delay = MAX (p->response_time - p->request_time, 0);

  return MAX (apparent, p->age_value * RT_TIME_SEC + delay);
}

/* Among the first %RT_VARY_NAMES_MAX: of a response that names more nothing is kept that would be
 * looked at. */
static gboolean
vary_names (RtFields *response, RtText name)
{
  RtElements vary = rt_elements (response, "Vary");
  RtText member;
  guint n = 0;

  while (n++ < RT_VARY_NAMES_MAX && rt_elements_next (&vary, &member))
    if (rt_text_equal_nocase (member, name))
      return TRUE;
  return FALSE;
}

/* Keeps the lines of @request that the response's Vary names, with their place. */
static RtFields *
selecting_fields (RtFields *request, RtFields *response)
{
  RtFields *selecting = rt_fields_new ();

  if (rt_fields_first (response, "Vary") == NULL)
    return selecting;
  for (guint i = 0; i < rt_fields_get_length (request); i++)
    if (vary_names (response, rt_fields_get (request, i)->name))
      rt_fields_append_field (selecting, rt_fields_get (request, i));
  return selecting;
}

static RtCachePolicy *
policy_new (const RtCacheSettings *settings,
            RtMessage *response,
            RtTime request_time,
            RtTime response_time)
{
  RtCachePolicy *p = g_new0 (RtCachePolicy, 1);

  p->ref_count = 1;
  p->settings = *settings;
  p->response = rt_message_ref (response);
  p->request_time = request_time;
  p->response_time = response_time;
  p->targeted = rt_cache_read_directives (settings, response->fields, &p->directives);
  p->may_guess
      = status_is_heuristic (response->status) || rt_cache_has (&p->directives, RT_CACHE_PUBLIC);
  read_fields (p);
  read_range (p);
  compute_lifetime (p);
  p->initial_age = compute_initial_age (p);
  return p;
}

/**
 * rt_cache_policy_new:
 * @settings: what kind of cache it is; copied
 * @request: the request that brought the response
 * @uri: its target URI, by which the response is found again
 * @response: the response as it is stored; referenced
 * @request_time: when the request was made
 * @response_time: when the response arrived
 *
 * Returns: (transfer full): what decisions need
 */
RtCachePolicy *
rt_cache_policy_new (const RtCacheSettings *settings,
                     RtMessage *request,
                     const char *uri,
                     RtMessage *response,
                     RtTime request_time,
                     RtTime response_time)
{
  RtCachePolicy *p = policy_new (settings, response, request_time, response_time);

  p->request_method = rt_text_dup (request->method);
  p->uri = g_strdup (uri);
  p->selecting = selecting_fields (request->fields, response->fields);
  return p;
}

/**
 * rt_cache_policy_new_updated:
 * @policy: of the response so far
 * @response: the updated response, see rt_cache_updated_fields()
 * @request_time: when the request that led to the update was made
 * @response_time: when its answer arrived
 *
 * Returns: (transfer full): the policy that takes @policy's place, selected by the same request
 */
RtCachePolicy *
rt_cache_policy_new_updated (const RtCachePolicy *policy,
                             RtMessage *response,
                             RtTime request_time,
                             RtTime response_time)
{
  RtCachePolicy *p = policy_new (&policy->settings, response, request_time, response_time);

  p->request_method = g_strdup (policy->request_method);
  p->uri = g_strdup (policy->uri);
  p->selecting = rt_fields_copy (policy->selecting);
  return p;
}

RtCachePolicy *
rt_cache_policy_ref (RtCachePolicy *policy)
{
  g_atomic_int_inc (&policy->ref_count);
  return policy;
}

void
rt_cache_policy_unref (RtCachePolicy *policy)
{
  if (!g_atomic_int_dec_and_test (&policy->ref_count))
    return;
  rt_message_unref (policy->response);
  rt_fields_unref (policy->selecting);
  g_free (policy->request_method);
  g_free (policy->uri);
  g_free (policy);
}

/**
 * rt_cache_policy_get_age:
 * @policy: of a stored response
 * @now: the cache's time
 *
 * Returns: current_age, RFC 9111 §4.2.3; its whole seconds are what Age says (§5.1)
 */
RtTime
rt_cache_policy_get_age (const RtCachePolicy *policy, RtTime now)
{
  return policy->initial_age + MAX (now - policy->response_time, 0);
}

/**
 * rt_cache_policy_has_strong_validator:
 * @policy: of a stored response
 *
 * Returns: whether it has a strong entity tag, or a modification date that its Date makes strong:
 *   at least a second lies between them (RFC 9110 §8.8.2.2)
 */
gboolean
rt_cache_policy_has_strong_validator (const RtCachePolicy *policy)
{
  if (policy->etag.whole.length > 0)
    return !policy->etag.weak;
  return policy->has_modified && policy->has_date && policy->date - policy->modified >= RT_TIME_SEC;
}
