/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the browser keeps from one answer for later requests: cookies and HSTS hosts. */
#include "rt-browser-private.h"

#include "rt-tls-settings.h"

RtCookieContext
rt_browser_cookie_context (RtFetch *fetch)
{
  return (RtCookieContext){ .url = fetch->url,
                            .site = fetch->site,
                            .method = fetch->request->method,
                            .navigation = fetch->navigation };
}

/* Of all cookies that stay at home, those of other hosts are not worth a word. */
static gboolean
is_telling (RtDecision *why)
{
  RtCheck check;

  return g_str_equal (rt_decision_get_verdict (why), "send")
         || (rt_decision_get_deciding (why, &check)
             && !g_str_equal (check.clause.id, "cookie.send.domain")
             && !g_str_equal (check.clause.id, "cookie.send.expired"));
}

/* The value of Cookie, or %NULL. */
char *
rt_browser_dup_cookies (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  RtCookieContext context = rt_browser_cookie_context (fetch);
  g_autoptr (GPtrArray) decisions
      = browser->settings.explain
            ? g_ptr_array_new_with_free_func ((GDestroyNotify)rt_decision_unref)
            : NULL;
  char *value = rt_cookie_jar_dup_field (browser->jar, &context, now, decisions);

  for (guint i = 0; decisions != NULL && i < decisions->len; i++)
    {
      RtDecision *why = g_ptr_array_index (decisions, i);

      if (is_telling (why))
        rt_effects_decide (out, rt_decision_ref (why),
                           g_str_equal (rt_decision_get_verdict (why), "send"));
    }
  return value;
}

/* What is shown of cookies. */

static GVariant *
text_variant (const char *text)
{
  return g_variant_new_take_string (g_utf8_make_valid (text, -1));
}

static GVariant *
cookie_state (const RtCookie *cookie)
{
  GVariantBuilder state;

  g_variant_builder_init (&state, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&state, "{sv}", "value", text_variant (cookie->value));
  g_variant_builder_add (&state, "{sv}", "path", text_variant (cookie->path));
  g_variant_builder_add (&state, "{sv}", "host-only", g_variant_new_boolean (cookie->host_only));
  g_variant_builder_add (&state, "{sv}", "secure", g_variant_new_boolean (cookie->secure));
  g_variant_builder_add (&state, "{sv}", "http-only", g_variant_new_boolean (cookie->http_only));
  g_variant_builder_add (&state, "{sv}", "same-site",
                         g_variant_new_string (rt_same_site_name (cookie->same_site)));
  if (cookie->persistent)
    g_variant_builder_add (&state, "{sv}", "expires", g_variant_new_int64 (cookie->expires));
  return g_variant_ref_sink (g_variant_builder_end (&state));
}

/* Name, domain and path together tell cookies apart (RFC 6265bis §5.7). */
static char *
cookie_key (const RtCookie *cookie)
{
  g_autofree char *key = g_strdup_printf ("%s %s%s", cookie->name, cookie->domain,
                                          g_str_equal (cookie->path, "/") ? "" : cookie->path);

  return g_utf8_make_valid (key, -1);
}

static void
show_gone (RtBrowser *browser, GHashTable *now_there, RtEffects *out)
{
  for (guint i = 0; i < browser->shown->len; i++)
    {
      const char *key = g_ptr_array_index (browser->shown, i);

      if (!g_hash_table_contains (now_there, key))
        rt_effects_state (out, "cookie", key, NULL);
    }
}

/* Tells of every cookie that came, changed or went since this was called last: a jar drops some by
 * itself when it is full. */
void
rt_browser_show_cookies (RtBrowser *browser, RtEffects *out)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GHashTable) there
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_variant_unref);

  if (!browser->settings.explain)
    return;
  for (guint i = 0; i < rt_cookie_jar_get_length (browser->jar); i++)
    {
      const RtCookie *cookie = rt_cookie_jar_get (browser->jar, i);
      char *key = cookie_key (cookie);
      GVariant *state = cookie_state (cookie);
      GVariant *before = g_hash_table_lookup (browser->cookies, key);

      if (before == NULL || !g_variant_equal (before, state))
        rt_effects_state (out, "cookie", key, state);
      g_ptr_array_add (keys, g_strdup (key));
      g_hash_table_insert (there, key, state);
    }
  show_gone (browser, there, out);
  g_hash_table_unref (browser->cookies);
  g_ptr_array_unref (browser->shown);
  browser->cookies = g_steal_pointer (&there);
  browser->shown = g_steal_pointer (&keys);
}

/* What answers bring. */

static void
keep_cookies (RtBrowser *browser, RtFetch *fetch, RtMessage *response, RtTime now, RtEffects *out)
{
  RtCookieContext context = rt_browser_cookie_context (fetch);
  const RtField *field;
  guint at = 0;
  gboolean any = FALSE;

  while ((field = rt_fields_next (response->fields, "Set-Cookie", &at)) != NULL)
    {
      RtDecision *why = rt_browser_why (browser);
      RtCookieFate fate = rt_cookie_set_decide (browser->jar, field, &context, now, why);

      rt_effects_decide (out, why, fate != RT_COOKIE_IGNORED);
      any |= fate != RT_COOKIE_IGNORED;
    }
  if (any)
    rt_browser_show_cookies (browser, out);
}

static void
show_host (RtBrowser *browser,
           const char *host,
           RtMessage *response,
           RtHstsNote note,
           RtTime now,
           RtEffects *out)
{
  const RtField *field = rt_fields_first (response->fields, "Strict-Transport-Security");
  RtHstsPolicy policy;
  GVariantBuilder state;
  guint at;
  gboolean shown = g_ptr_array_find_with_equal_func (browser->known, host, g_str_equal, &at);

  if (note == RT_HSTS_FORGOTTEN)
    {
      if (shown)
        {
          rt_effects_state (out, "hsts", host, NULL);
          g_ptr_array_remove_index (browser->known, at);
        }
      return;
    }
  if (!rt_hsts_parse (field->value, &policy))
    return;
  g_variant_builder_init (&state, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&state, "{sv}", "expires", g_variant_new_int64 (now + policy.max_age));
  g_variant_builder_add (&state, "{sv}", "subdomains", g_variant_new_boolean (policy.subdomains));
  rt_effects_state (out, "hsts", host, g_variant_builder_end (&state));
  if (!shown)
    g_ptr_array_add (browser->known, g_strdup (host));
}

static void
keep_host (RtBrowser *browser, RtFetch *fetch, RtMessage *response, RtTime now, RtEffects *out)
{
  gboolean secure = g_str_equal (fetch->url->scheme, "https");
  gboolean trusted;
  RtDecision *why;
  RtHstsNote note;

  if (rt_fields_first (response->fields, "Strict-Transport-Security") == NULL)
    return;
  why = rt_browser_why (browser);
  /* RFC 6797 §8.1: a certificate that is wrong, or that nobody looked at, vouches for nothing. */
  trusted = rt_pool_is_trusted (browser->pool, fetch->exchange);
  note = rt_hsts_note_decide (browser->hsts, rt_text (fetch->url->host), secure, trusted, response,
                              now, why);
  rt_effects_decide (out, why, note != RT_HSTS_IGNORED);
  if (note != RT_HSTS_IGNORED && browser->settings.explain)
    show_host (browser, fetch->url->host, response, note, now, out);
}

/* What came over the network, whatever a script may read of it. */
void
rt_browser_keep (
    RtBrowser *browser, RtFetch *fetch, RtMessage *response, RtTime now, RtEffects *out)
{
  keep_host (browser, fetch, response, now, out);
  /* fetch#http-network-fetch: a preflight has no credentials, so it brings none. */
  if (fetch->credentials && fetch->stage != RT_STAGE_PREFLIGHT)
    keep_cookies (browser, fetch, response, now, out);
}

/* All of one kind that were shown are gone. */
static void
forget_shown (GPtrArray *keys, const char *kind, RtEffects *out)
{
  for (guint i = 0; i < keys->len; i++)
    rt_effects_state (out, kind, g_ptr_array_index (keys, i), NULL);
  g_ptr_array_set_size (keys, 0);
}

void
rt_browser_make_memories (RtBrowser *browser)
{
  browser->jar = rt_cookie_jar_new (browser->settings.cookies);
  browser->hsts = rt_hsts_new ();
  browser->preflights = rt_preflight_cache_new (browser->settings.preflight_cap);
}

/* The state of a browser that was never used. Fetches under way go on. */
void
rt_browser_clear (RtBrowser *browser, RtEffects *out)
{
  g_clear_pointer (&browser->document, rt_url_free);
  g_clear_pointer (&browser->jar, rt_cookie_jar_free);
  g_clear_pointer (&browser->hsts, rt_hsts_free);
  g_clear_pointer (&browser->preflights, rt_preflight_cache_free);
  rt_browser_make_memories (browser);
  rt_cache_memory_clear (rt_cache_get_memory (browser->cache), out);
  rt_browser_show_cookies (browser, out);
  forget_shown (browser->approved, "preflight", out);
  forget_shown (browser->known, "hsts", out);
}
