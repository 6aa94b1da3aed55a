/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a cache of the client's would have made of it; and what the exchange gives away. */
#include "rt-observer-private.h"

#include "rt-cache-reuse.h"
#include "rt-cache-store.h"
#include "rt-exposure.h"
#include "rt-methods.h"
#include "rt-preconditions.h"
#include "rt-response-fields.h"
#include "rt-secret.h"

/* clang-format off */
static const RtSaying cache_missed = { "cache.missed", NULL, RT_SEVERITY_INFO,
  "This could have been answered from a cache: the response before is still good" };
static const RtSaying cache_refetched = { "cache.refetched", NULL, RT_SEVERITY_INFO,
  "The same was sent again in full: asked with its validator, the server could have said 304" };
static const RtSaying cache_unvalidated = { "cache.no-validator", NULL, RT_SEVERITY_INFO,
  "The same was sent again in full: without ETag or Last-Modified nobody can ask for less" };
static const RtSaying missed_304 = { "cache.missed-304", NULL, RT_SEVERITY_WARNING,
  "The client has this version already: the answer should have been 304" };
static const RtSaying unasked_304 = { "cache.unasked-304", NULL, RT_SEVERITY_PROBLEM,
  "A 304 came to a request that set no condition: there is nothing it could refer to" };
static const RtSaying poor_304 = { "cache.poor-304", NULL, RT_SEVERITY_WARNING,
  "The 304 lacks fields that the 200 had: what is stored stays as it was" };
static const RtSaying vary_missing = { "cache.vary-missing", "wrong-representation", RT_SEVERITY_WARNING,
  "One URL gave two representations, and Vary does not say what they were chosen by" };
static const RtSaying cookie_soft = { "cookie.soft", NULL, RT_SEVERITY_WARNING,
  "A cookie that a session seems to hang on is not protected as it could be" };
static const RtSaying not_compressed = { "compression.missed", NULL, RT_SEVERITY_WARNING,
  "A large text was sent as it is, though the client accepts gzip" };
/* clang-format on */

static gboolean
is_conditional (RtMessage *request)
{
  static const char *const names[]
      = { "If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "If-Range" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_fields_first (request->fields, names[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Whoever reloads wants it all again. */
static gboolean
insists (RtMessage *request)
{
  return rt_fields_list_contains (request->fields, "Cache-Control", RT_TEXT ("no-cache"))
         || rt_fields_list_contains (request->fields, "Cache-Control", RT_TEXT ("no-store"))
         || rt_fields_list_contains (request->fields, "Pragma", RT_TEXT ("no-cache"));
}

static gboolean
same_validator (const RtCachePolicy *policy, RtMessage *response)
{
  const RtField *tag = rt_fields_first (response->fields, "ETag");
  const RtField *modified = rt_fields_first (response->fields, "Last-Modified");

  if (policy->etag_field != NULL)
    return tag != NULL && rt_text_equal (policy->etag_field->value, tag->value);
  return policy->modified_field != NULL && modified != NULL
         && rt_text_equal (policy->modified_field->value, modified->value);
}

static gboolean
has_validator (const RtCachePolicy *policy)
{
  return policy->etag_field != NULL || policy->modified_field != NULL;
}

/* What is fresh by a guess alone need not be used: that is said only where the answer proves that
 * the guess was right. */
static const RtSaying *
judge_again (RtSight *sight, const RtCachePolicy *policy, RtCacheReuse verdict)
{
  gboolean whole = sight->response->status == 200;
  gboolean same = whole && same_validator (policy, sight->response);

  if (verdict == RT_CACHE_REUSE_FRESH)
    return policy->basis != RT_LIFETIME_HEURISTIC || same ? &cache_missed : NULL;
  if (is_conditional (sight->request) || !whole || verdict != RT_CACHE_REUSE_VALIDATE)
    return NULL;
  if (same)
    return &cache_refetched;
  if (!has_validator (policy) && sight->page->content != NULL)
    {
      g_autofree char *content = rt_sight_dup_checksum (sight, sight->exchange->response);

      return g_strcmp0 (content, sight->page->content) == 0 ? &cache_unvalidated : NULL;
    }
  return NULL;
}

static void
look_back (RtSight *sight)
{
  GPtrArray *policies = sight->page->policies;
  RtCachePolicy *const *list = (RtCachePolicy *const *)policies->pdata;
  guint i = rt_cache_select (list, policies->len, sight->request, sight->uri);
  g_autoptr (RtDecision) why = rt_decision_new ();
  const RtSaying *saying;
  RtCacheReuse verdict;

  if (i >= policies->len || insists (sight->request)
      || rt_fields_first (sight->request->fields, "Range") != NULL)
    return;
  verdict = rt_cache_reuse_decide (list[i], sight->request, sight->uri, sight->asked, why);
  saying = judge_again (sight, list[i], verdict);
  if (saying != NULL)
    rt_sight_say (sight, saying, why);
}

/* What the server knew stands in its answer. */
static void
look_for_304 (RtSight *sight)
{
  const RtField *tag = rt_fields_first (sight->response->fields, "ETag");
  const RtField *modified = rt_fields_first (sight->response->fields, "Last-Modified");
  RtPreconditionState state = { .status = 200, .exists = TRUE };
  g_autoptr (RtDecision) why = rt_decision_new ();

  if (tag != NULL)
    {
      state.etag = tag->value;
      state.etag_proof = tag->value_span;
    }
  if (modified != NULL)
    {
      state.has_modified = rt_http_date_parse (modified->value, sight->answered, RT_DATE_TOLERANT,
                                               &state.modified);
      state.modified_proof = modified->value_span;
    }
  if (sight->response->status == 200
      && rt_precondition_decide (sight->request, &state, sight->asked, why)
             == RT_PRECONDITION_NOT_MODIFIED)
    rt_sight_say (sight, &missed_304, why);
}

static void
look_at_304 (RtSight *sight)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtCheck check = { 0 };

  if (rt_not_modified_decide (sight->request, sight->page->given, sight->response, why)
      || !rt_decision_get_deciding (why, &check))
    return;
  rt_sight_say (
      sight, g_str_equal (check.clause.id, "not-modified.asked") ? &unasked_304 : &poor_304, why);
}

static void
look_at_vary (RtSight *sight)
{
  RtSeenPage *page = sight->page;
  g_autoptr (RtDecision) why = rt_decision_new ();

  if (page->given == NULL || sight->response->status != 200
      || !rt_cache_store_decide (&rt_cache_settings_private, sight->request, sight->uri,
                                 sight->response, NULL))
    return;
  if (!rt_vary_named_decide (&(RtAnswered){ page->asked, page->given },
                             &(RtAnswered){ sight->request, sight->response }, why))
    rt_sight_say (sight, &vary_missing, why);
}

static RtCachePolicy *
new_policy (RtSight *sight, const RtCacheSettings *settings)
{
  return rt_cache_policy_new (settings, sight->request, sight->uri, sight->response, sight->asked,
                              sight->answered);
}

static void
keep (RtSight *sight, RtCachePolicy *policy)
{
  GPtrArray *policies = sight->page->policies;

  if (policies->len >= RT_OBSERVER_POLICIES_MAX)
    g_ptr_array_remove_index (policies, 0);
  g_ptr_array_add (policies, policy);
}

static void
update (RtSight *sight)
{
  GPtrArray *policies = sight->page->policies;
  guint i = rt_cache_select ((RtCachePolicy *const *)policies->pdata, policies->len, sight->request,
                             sight->uri);
  RtCachePolicy *updated;

  if (i >= policies->len)
    return;
  updated = rt_cache_policy_new_updated (policies->pdata[i], sight->response, sight->asked,
                                         sight->answered);
  rt_cache_policy_unref (policies->pdata[i]);
  policies->pdata[i] = updated;
}

static void
remember (RtSight *sight)
{
  RtSeenPage *page = sight->page;
  const RtTransfer *response = sight->exchange->response;
  gboolean validator = rt_fields_first (sight->response->fields, "ETag") != NULL
                       || rt_fields_first (sight->response->fields, "Last-Modified") != NULL;

  if (!response->complete || sight->response->status != 200)
    return;
  if (rt_cache_store_decide (&rt_cache_settings_private, sight->request, sight->uri,
                             sight->response, NULL))
    keep (sight, new_policy (sight, &rt_cache_settings_private));
  g_clear_pointer (&page->asked, rt_message_unref);
  g_clear_pointer (&page->given, rt_message_unref);
  page->asked = rt_message_ref (sight->request);
  page->given = rt_message_ref (sight->response);
  g_free (page->content);
  page->content
      = validator || response->content_length == 0 ? NULL : rt_sight_dup_checksum (sight, response);
}

/* RFC 9111 §4.4. */
static void
forget (RtSight *sight)
{
  guint status = sight->response->status;

  if (rt_method_is_safe (sight->request->method) || status < 200 || status >= 400)
    return;
  g_ptr_array_set_size (sight->page->policies, 0);
  g_clear_pointer (&sight->page->asked, rt_message_unref);
  g_clear_pointer (&sight->page->given, rt_message_unref);
  g_clear_pointer (&sight->page->content, g_free);
}

void
rt_observe_cache (RtSight *sight)
{
  if (sight->response->status == 304)
    look_at_304 (sight);
  if (!rt_text_is (sight->request->method, "GET"))
    {
      forget (sight);
      return;
    }
  look_back (sight);
  look_for_304 (sight);
  look_at_vary (sight);
  if (sight->response->status == 304)
    update (sight);
  remember (sight);
}

/* Exposure */

/* A parameter of the query whose name says that its value is a password or a key. */
static RtText
find_secret (RtText target)
{
  gssize query = rt_text_find (target, RT_TEXT ("?"));
  gsize at = query >= 0 ? (gsize)query + 1 : target.length;

  while (at < target.length)
    {
      RtText rest = rt_text_sub (target, at, target.length - at);
      gssize end = rt_text_find (rest, RT_TEXT ("&"));
      RtText pair = rt_text_sub (rest, 0, end >= 0 ? (gsize)end : rest.length);
      gssize equals = rt_text_find (pair, RT_TEXT ("="));
      RtSecretKind kind;

      if (equals > 0 && (gsize)equals + 1 < pair.length)
        {
          RtText name = rt_text_sub (pair, 0, (gsize)equals);
          RtText value = rt_text_sub (pair, (gsize)equals + 1, pair.length - (gsize)equals - 1);

          if (rt_secret_classify (name, value, &kind)
              && (kind == RT_SECRET_PASSWORD || kind == RT_SECRET_KEY))
            return value;
        }
      at += pair.length + 1;
    }
  return RT_TEXT_NONE;
}

/* For how long the response tells shared caches in so many words to keep it. */
static gint64
shared_lifetime (RtSight *sight)
{
  g_autoptr (RtCachePolicy) policy = NULL;

  if (!rt_cache_store_decide (&rt_cache_settings_shared, sight->request, sight->uri,
                              sight->response, NULL))
    return 0;
  policy = new_policy (sight, &rt_cache_settings_shared);
  if (policy->basis == RT_LIFETIME_NONE || policy->basis == RT_LIFETIME_HEURISTIC)
    return 0;
  return policy->lifetime / RT_TIME_SEC;
}

/* Tokens against forged requests are there for scripts to read. */
static gboolean
holds_session (const RtSetCookie *cookie)
{
  g_autofree char *name = rt_text_dup (cookie->name);
  g_autofree char *lower = g_ascii_strdown (name, -1);
  RtSecretKind kind;

  return cookie->value.length > 0 && rt_secret_classify (cookie->name, cookie->value, &kind)
         && strstr (lower, "csrf") == NULL && strstr (lower, "xsrf") == NULL;
}

static void
look_at_set_cookies (RtSight *sight)
{
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (sight->response->fields, "Set-Cookie", &at)) != NULL)
    {
      g_autoptr (RtDecision) why = rt_decision_new ();
      RtSetCookie cookie;

      if (rt_set_cookie_parse (field->value, &cookie) == RT_SET_COOKIE_TAKEN
          && holds_session (&cookie) && !rt_cookie_hardened_decide (field, sight->secure, why))
        rt_sight_say (sight, &cookie_soft, why);
    }
}

void
rt_observe_exposure (RtSight *sight)
{
  RtExposureContext context = { .secure = sight->secure,
                                .loopback = sight->loopback,
                                .secret = find_secret (sight->request->target),
                                .shared_lifetime = shared_lifetime (sight) };
  guint from = 0;

  do
    {
      g_autoptr (RtDecision) why = rt_decision_new ();

      from = rt_exposure_decide (sight->request, sight->response, &context, from, why);
      if (from != 0)
        rt_sight_say_clause (sight, why);
    }
  while (from != 0);
  look_at_set_cookies (sight);
  {
    g_autoptr (RtDecision) why = rt_decision_new ();

    if (rt_compression_decide (sight->request, sight->response,
                               sight->exchange->response->content_length, why))
      rt_sight_say (sight, &not_compressed, why);
  }
}
