/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The preflight cache of the Fetch standard: approvals, one for each method and each field name,
 * kept for a page's origin, a URL and whether credentials were included. */
#include "rt-cors.h"

#include "rt-elements.h"
#include "rt-evidence.h"

/** Approvals kept; the oldest goes first. */
#define ENTRIES_MAX 1024

typedef struct
{
  char *origin, *url, *name;
  gboolean credentials;
  gboolean is_method;
  RtTime expires;
} Entry;

struct _RtPreflightCache
{
  GArray *entries; /* Entry, oldest first */
  RtTime age_cap;
};

/* clang-format off */
static const RtClause method_kept = { "cors.preflight-cache.method", "the method needs no permission, or one is kept", "fetch#method-cache-entry-match", RT_LEVEL_BROWSERS };
static const RtClause method_fresh = { "cors.preflight-cache.method-fresh", "… and that has not expired", "fetch#concept-cache-max-age", RT_LEVEL_BROWSERS };
static const RtClause fields_kept = { "cors.preflight-cache.fields", "for each field that needs permission one is kept", "fetch#header-name-cache-entry-match", RT_LEVEL_BROWSERS };
static const RtClause fields_fresh = { "cors.preflight-cache.fields-fresh", "… and none of them has expired", "fetch#concept-cache-max-age", RT_LEVEL_BROWSERS };

static const RtClause *const clauses[] = { &method_kept, &method_fresh, &fields_kept, &fields_fresh };
/* clang-format on */

const RtRule rt_rule_cors_preflight_cache
    = RT_RULE ("cors.preflight-cache",
               "Was permission given before, so that no preflight is needed now?",
               "fetch#concept-cache",
               clauses);

static void
clear_entry (gpointer data)
{
  Entry *entry = data;

  g_free (entry->origin);
  g_free (entry->url);
  g_free (entry->name);
}

/**
 * rt_preflight_cache_new:
 * @age_cap: no approval is kept for longer: %RT_PREFLIGHT_AGE_CHROMIUM or another browser's
 *
 * Returns: (transfer full): an empty cache
 */
RtPreflightCache *
rt_preflight_cache_new (RtTime age_cap)
{
  RtPreflightCache *cache = g_new (RtPreflightCache, 1);

  cache->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  g_array_set_clear_func (cache->entries, clear_entry);
  cache->age_cap = age_cap;
  return cache;
}

void
rt_preflight_cache_free (RtPreflightCache *cache)
{
  g_array_unref (cache->entries);
  g_free (cache);
}

static gboolean
is_for (const Entry *entry, const RtPreflightKey *key)
{
  return g_str_equal (entry->origin, key->origin) && g_str_equal (entry->url, key->url)
         && (entry->credentials || !key->credentials);
}

static gboolean
names (const Entry *entry, RtText name, gboolean is_method)
{
  if (entry->is_method != is_method)
    return FALSE;
  /* `*` is kept only where it meant anything, and never speaks for Authorization. */
  if (g_str_equal (entry->name, "*"))
    return is_method || !rt_text_is_nocase (name, "Authorization");
  return is_method ? rt_text_is (name, entry->name) : rt_text_is_nocase (name, entry->name);
}

static Entry *
find (RtPreflightCache *cache, const RtPreflightKey *key, RtText name, gboolean is_method)
{
  for (guint i = 0; i < cache->entries->len; i++)
    {
      Entry *entry = &g_array_index (cache->entries, Entry, i);

      if (is_for (entry, key) && names (entry, name, is_method))
        return entry;
    }
  return NULL;
}

static void
add (RtPreflightCache *cache,
     const RtPreflightKey *key,
     RtText name,
     gboolean is_method,
     RtTime expires)
{
  Entry *known = find (cache, key, name, is_method);
  Entry entry = { g_strdup (key->origin), g_strdup (key->url), rt_text_dup (name),
                  key->credentials,       is_method,           expires };

  if (known != NULL && known->credentials == key->credentials)
    {
      known->expires = expires;
      clear_entry (&entry);
      return;
    }
  if (cache->entries->len >= ENTRIES_MAX)
    g_array_remove_index (cache->entries, 0);
  g_array_append_val (cache->entries, entry);
}

static void
add_listed (RtPreflightCache *cache,
            const RtPreflightKey *key,
            RtFields *fields,
            const char *name,
            gboolean is_method,
            RtTime expires)
{
  RtElements elements = rt_elements (fields, name);
  RtText element;

  while (rt_elements_next (&elements, &element))
    if (!rt_text_is (element, "*") || !key->credentials)
      add (cache, key, element, is_method, expires);
}

static RtTime
read_max_age (RtFields *fields)
{
  const RtField *field = rt_fields_first (fields, "Access-Control-Max-Age");
  guint64 seconds;

  if (field == NULL || rt_fields_count (fields, "Access-Control-Max-Age") != 1
      || !rt_text_to_uint64 (field->value, &seconds))
    return RT_PREFLIGHT_AGE_DEFAULT;
  return (RtTime)MIN (seconds, G_MAXINT32) * RT_TIME_SEC;
}

/**
 * rt_preflight_cache_add:
 * @cache: a cache
 * @key: what was asked for
 * @request: the request that waited
 * @response: a preflight's answer that allowed it
 * @now: when it came
 *
 * Source: fetch#cors-preflight-fetch, steps 7.9 to 7.14.
 *
 * Returns: how long the approvals are kept, after the cap
 */
RtTime
rt_preflight_cache_add (RtPreflightCache *cache,
                        const RtPreflightKey *key,
                        RtMessage *request,
                        RtMessage *response,
                        RtTime now)
{
  RtTime age = MIN (read_max_age (response->fields), cache->age_cap);

  if (rt_fields_first (response->fields, "Access-Control-Allow-Methods") == NULL)
    add (cache, key, request->method, TRUE, now + age);
  add_listed (cache, key, response->fields, "Access-Control-Allow-Methods", TRUE, now + age);
  add_listed (cache, key, response->fields, "Access-Control-Allow-Headers", FALSE, now + age);
  return age;
}

/**
 * rt_preflight_cache_forget:
 * @cache: a cache
 * @key: what it kept approvals for
 *
 * Source: fetch#concept-cache-clear: after a network error of an approved request.
 */
void
rt_preflight_cache_forget (RtPreflightCache *cache, const RtPreflightKey *key)
{
  for (guint i = cache->entries->len; i > 0; i--)
    {
      const Entry *entry = &g_array_index (cache->entries, Entry, i - 1);

      if (g_str_equal (entry->origin, key->origin) && g_str_equal (entry->url, key->url))
        g_array_remove_index (cache->entries, i - 1);
    }
}

static gboolean
is_approved (const Entry *entry,
             RtFact asked,
             const RtClause *kept,
             const RtClause *fresh,
             RtTime now,
             RtDecision *why)
{
  if (!rt_check (why, kept, entry != NULL, asked))
    return FALSE;
  return rt_check (
      why, fresh, entry->expires > now, asked,
      rt_fact_number ("seconds left", (entry->expires - now) / RT_TIME_SEC, RT_SPAN_NONE));
}

static gboolean
has_method (RtPreflightCache *cache,
            const RtPreflightKey *key,
            RtMessage *request,
            RtTime now,
            RtDecision *why)
{
  RtFact method = rt_fact_text ("method", request->method, request->method_span);

  if (rt_cors_method_is_safelisted (request->method))
    return rt_check (why, &method_kept, TRUE, method);
  return is_approved (find (cache, key, request->method, TRUE), method, &method_kept, &method_fresh,
                      now, why);
}

static gboolean
has_fields (RtPreflightCache *cache,
            const RtPreflightKey *key,
            RtMessage *request,
            RtTime now,
            RtDecision *why)
{
  g_autoptr (GPtrArray) needed = rt_cors_dup_unsafe_names (request->fields);

  for (guint i = 0; i < needed->len; i++)
    {
      const char *name = needed->pdata[i];
      const RtField *field = rt_fields_first (request->fields, name);

      if (!is_approved (find (cache, key, rt_text (name), FALSE), rt_fact_present ("field", field),
                        &fields_kept, &fields_fresh, now, why))
        return FALSE;
    }
  return needed->len > 0 || rt_check (why, &fields_kept, TRUE);
}

/**
 * rt_preflight_cache_decide:
 * @cache: a cache
 * @key: what is to be asked for
 * @request: the request, with the fields that the script set and no others
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `approved` or `ask`
 *
 * Returns: whether the request may be sent without a preflight
 */
gboolean
rt_preflight_cache_decide (RtPreflightCache *cache,
                           const RtPreflightKey *key,
                           RtMessage *request,
                           RtTime now,
                           RtDecision *why)
{
  gboolean approved;

  rt_decision_begin (why, &rt_rule_cors_preflight_cache, request->target);
  approved
      = has_method (cache, key, request, now, why) && has_fields (cache, key, request, now, why);
  rt_decision_conclude (why, approved ? "approved" : "ask");
  return approved;
}
