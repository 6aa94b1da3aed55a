/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asking first: fetch#cors-preflight-fetch, and the approvals that make it unnecessary. */
#include "rt-browser-private.h"

static RtPreflightKey
key_of (RtFetch *fetch, const char *url)
{
  return (RtPreflightKey){ .origin = fetch->tainted_origin ? "null" : fetch->origin,
                           .url = url,
                           .credentials = fetch->credentials };
}

/* Whether the server would have to be asked, were it not for approvals. */
static gboolean
is_unusual (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  const RtPreflightNeed need = { 0 };
  RtDecision *why;
  gboolean needed;

  if (fetch->tainting != RT_RESPONSE_CORS)
    return FALSE;
  why = rt_browser_why (browser);
  needed = rt_cors_preflight_needed_decide (fetch->request, &need, why);
  rt_effects_decide (out, why, needed);
  return needed;
}

gboolean
rt_browser_needs_preflight (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_autofree char *url = NULL;
  RtPreflightKey key;
  RtDecision *why;
  gboolean approved;

  fetch->preflighted = is_unusual (browser, fetch, out);
  if (!fetch->preflighted)
    return FALSE;
  url = rt_url_serialize (fetch->url, FALSE);
  key = key_of (fetch, url);
  why = rt_browser_why (browser);
  approved = rt_preflight_cache_decide (browser->preflights, &key, fetch->request, now, why);
  /* Approved: a non-event, no preflight is sent. */
  rt_effects_decide (out, why, !approved);
  return !approved;
}

void
rt_browser_preflight (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  fetch->stage = RT_STAGE_PREFLIGHT;
  g_clear_pointer (&fetch->sent, rt_message_unref);
  fetch->sent = rt_browser_dup_preflight (browser, fetch);
  rt_browser_transmit (browser, fetch, now, out);
}

static char *
state_key (RtFetch *fetch, const char *url)
{
  return g_strdup_printf ("%s %s", fetch->tainted_origin ? "null" : fetch->origin, url);
}

static void
show (RtBrowser *browser, RtFetch *fetch, const char *url, RtTime expires, RtEffects *out)
{
  g_autofree char *key = state_key (fetch, url);
  g_autofree char *methods
      = rt_fields_dup_combined (fetch->response->fields, "Access-Control-Allow-Methods");
  g_autofree char *fields
      = rt_fields_dup_combined (fetch->response->fields, "Access-Control-Allow-Headers");
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_autofree char *method = rt_text_dup (fetch->request->method);

  if (!browser->settings.explain)
    return;
  g_variant_builder_add (
      &state, "{sv}", "methods",
      g_variant_new_take_string (g_utf8_make_valid (methods != NULL ? methods : method, -1)));
  g_variant_builder_add (
      &state, "{sv}", "fields",
      g_variant_new_take_string (g_utf8_make_valid (fields != NULL ? fields : "", -1)));
  g_variant_builder_add (&state, "{sv}", "credentials", g_variant_new_boolean (fetch->credentials));
  g_variant_builder_add (&state, "{sv}", "expires", g_variant_new_int64 (expires));
  rt_effects_state (out, "preflight", key, g_variant_builder_end (&state));
  if (!g_ptr_array_find_with_equal_func (browser->approved, key, g_str_equal, NULL))
    g_ptr_array_add (browser->approved, g_steal_pointer (&key));
}

void
rt_browser_preflight_answered (RtBrowser *browser, RtFetch *fetch, RtTime now, RtEffects *out)
{
  g_autofree char *url = rt_url_serialize (fetch->url, FALSE);
  RtPreflightKey key = key_of (fetch, url);
  RtDecision *why = rt_browser_why (browser);
  gboolean allowed = rt_cors_preflight_decide (fetch->request, fetch->sent, fetch->response,
                                               fetch->credentials, why);
  RtTime age;

  rt_effects_decide (out, why, allowed);
  if (!allowed)
    {
      rt_browser_refuse (browser, fetch, out,
                         "%s was asked (OPTIONS) and does not allow this request: it is not sent",
                         fetch->url->host);
      return;
    }
  age = rt_preflight_cache_add (browser->preflights, &key, fetch->request, fetch->response, now);
  if (age > 0)
    show (browser, fetch, url, now + age, out);
  rt_browser_send (browser, fetch, now, out);
}

/* fetch#concept-cache-clear: an approved request that came to nothing has to be approved anew. */
void
rt_browser_forget_approval (RtBrowser *browser, RtFetch *fetch, RtEffects *out)
{
  g_autofree char *url = rt_url_serialize (fetch->url, FALSE);
  g_autofree char *key = state_key (fetch, url);
  RtPreflightKey kept = key_of (fetch, url);
  guint at;

  if (!fetch->preflighted)
    return;
  rt_preflight_cache_forget (browser->preflights, &kept);
  if (g_ptr_array_find_with_equal_func (browser->approved, key, g_str_equal, &at))
    {
      rt_effects_state (out, "preflight", key, NULL);
      g_ptr_array_remove_index (browser->approved, at);
    }
}
