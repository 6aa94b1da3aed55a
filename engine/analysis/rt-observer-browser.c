/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a browser would have made of it: answers hidden from scripts, cookies, hosts that want TLS.
 * Which page asked is known from Origin and from the fields that begin with Sec-Fetch-; where they
 * are silent, nothing is held against anybody. */
#include "rt-observer-private.h"

#include "rt-cache-store.h"
#include "rt-cors.h"
#include "rt-elements.h"
#include "rt-site.h"

/* clang-format off */
static const RtSaying cors_hidden = { "cors.hidden", "cors-blocked", RT_SEVERITY_PROBLEM,
  "A browser hides this answer from the script; the server has done its part all the same" };
static const RtSaying preflight_refused = { "cors.preflight", "cors-blocked", RT_SEVERITY_PROBLEM,
  "The server does not agree: a browser sends nothing more" };
static const RtSaying cors_vary = { "cors.vary", "cors-blocked", RT_SEVERITY_WARNING,
  "A cache may hand this answer to a page of another origin, which may not read it then" };
static const RtSaying cookie_ignored = { "cookie.ignored", NULL, RT_SEVERITY_WARNING,
  "A browser does not take this cookie" };
static const RtSaying cookie_crossed = { "cookie.same-site", NULL, RT_SEVERITY_WARNING,
  "A browser would not have sent this cookie with a request from another site" };
static const RtSaying hsts_ignored = { "hsts.ignored", NULL, RT_SEVERITY_WARNING,
  "A browser does not take the host's word for it that it wants TLS" };
static const RtSaying hsts_unheeded = { "hsts.http", NULL, RT_SEVERITY_WARNING,
  "The host wants TLS, and was asked without: a browser would not have done that" };
/* clang-format on */

/* CORS */

static gboolean
is_cross_origin (RtSight *sight, const RtField *origin)
{
  g_autofree char *own = rt_url_dup_origin (sight->url);

  return own == NULL || !rt_text_is (origin->value, own);
}

/* A form may send any POST across origins, with an Origin and without asking; what a form cannot
 * do was asked by a script. */
static gboolean
script_asked (RtSight *sight)
{
  RtMessage *request = sight->request;
  const RtField *mode = rt_fields_first (request->fields, "Sec-Fetch-Mode");
  const RtField *type = rt_fields_first (request->fields, "Content-Type");

  if (rt_fields_first (request->fields, "Upgrade") != NULL)
    return FALSE;
  if (mode != NULL)
    return rt_text_is (mode->value, "cors");
  return !rt_text_is (request->method, "POST")
         || (type != NULL && !rt_cors_field_is_safelisted (type));
}

static gboolean
is_kept_by_caches (RtSight *sight)
{
  g_autoptr (RtCachePolicy) policy = NULL;

  if (!rt_cache_store_decide (&rt_cache_settings_private, sight->request, sight->uri,
                              sight->response, NULL))
    return FALSE;
  policy = rt_cache_policy_new (&rt_cache_settings_private, sight->request, sight->uri,
                                sight->response, sight->asked, sight->answered);
  return policy->basis != RT_LIFETIME_NONE && policy->basis != RT_LIFETIME_HEURISTIC
         && policy->lifetime > 0;
}

static void
look_at_answer (RtSight *sight)
{
  gboolean credentials = rt_fields_first (sight->request->fields, "Cookie") != NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autoptr (RtDecision) varies = rt_decision_new ();

  if (!rt_cors_check_decide (sight->request, sight->response, credentials, why))
    rt_sight_say (sight, &cors_hidden, why);
  else if (is_kept_by_caches (sight) && rt_cors_vary_decide (sight->response, varies))
    rt_sight_say (sight, &cors_vary, varies);
}

/* The request that a preflight announces, each part where the preflight says it. */
static RtMessage *
announced (RtMessage *preflight, const RtField *method)
{
  RtMessage *request = rt_message_new (RT_MESSAGE_REQUEST);
  RtElements names = rt_elements (preflight->fields, "Access-Control-Request-Headers");
  RtText name;

  rt_message_set_method (request, method->value);
  rt_message_set_target (request, preflight->target);
  request->method_span = method->value_span;
  while (rt_elements_next (&names, &name))
    {
      /* A value that needs the server's leave for every name. */
      RtField field = { .name = name,
                        .value = RT_TEXT ("application/json"),
                        .name_span = rt_field_part_span (names.field, name) };

      rt_fields_append_field (request->fields, &field);
    }
  return request;
}

static void
look_at_preflight (RtSight *sight, const RtField *method)
{
  g_autoptr (RtMessage) request = announced (sight->request, method);
  g_autoptr (RtDecision) why = rt_decision_new ();

  if (!rt_cors_preflight_decide (request, sight->request, sight->response, FALSE, why))
    rt_sight_say (sight, &preflight_refused, why);
}

void
rt_observe_cors (RtSight *sight)
{
  RtFields *fields = sight->request->fields;
  const RtField *origin = rt_fields_first (fields, "Origin");
  const RtField *method = rt_fields_first (fields, "Access-Control-Request-Method");

  if (origin == NULL || !is_cross_origin (sight, origin))
    return;
  if (rt_text_is (sight->request->method, "OPTIONS") && method != NULL)
    look_at_preflight (sight, method);
  else if (script_asked (sight) && sight->response->status != 304)
    look_at_answer (sight);
}

/* Cookies */

static char *
asking_site (RtSight *sight)
{
  const RtField *origin = rt_fields_first (sight->request->fields, "Origin");
  g_autoptr (RtUrl) page = origin != NULL ? rt_url_parse (origin->value, NULL, NULL) : NULL;

  return page != NULL ? rt_url_dup_site (page) : NULL;
}

static gboolean
navigates (RtSight *sight)
{
  const RtField *mode = rt_fields_first (sight->request->fields, "Sec-Fetch-Mode");

  return mode != NULL && rt_text_is (mode->value, "navigate");
}

/* Whether it is the site that the request came from, and nothing else, that keeps it back. */
static gboolean
site_keeps_back (RtDecision *why)
{
  static const char *const clauses[] = { "cookie.send.strict", "cookie.send.navigation",
                                         "cookie.send.method", "cookie.send.young" };
  RtCheck check = { 0 };

  if (!rt_decision_get_deciding (why, &check))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (clauses); i++)
    if (g_str_equal (clauses[i], check.clause.id))
      return TRUE;
  return FALSE;
}

static void
look_at_sent (RtSight *sight, const RtCookieContext *context, RtText name)
{
  RtCookieJar *jar = sight->watch->jar;

  for (guint i = 0; i < rt_cookie_jar_get_length (jar); i++)
    {
      const RtCookie *cookie = rt_cookie_jar_get (jar, i);
      g_autoptr (RtDecision) why = rt_decision_new ();

      if (rt_text_is (name, cookie->name)
          && !rt_cookie_send_decide (jar, cookie, context, sight->asked, why)
          && site_keeps_back (why))
        {
          rt_sight_say (sight, &cookie_crossed, why);
          return;
        }
    }
}

static void
look_at_cookie_field (RtSight *sight, const RtCookieContext *context)
{
  const RtField *field = rt_fields_first (sight->request->fields, "Cookie");
  RtText rest = field != NULL ? field->value : RT_TEXT_NONE;
  RtText name, value;

  while (rt_cookie_pair_next (&rest, &name, &value))
    look_at_sent (sight, context, name);
}

void
rt_observe_cookies (RtSight *sight)
{
  g_autofree char *site = asking_site (sight);
  const RtCookieContext context = { .url = sight->url,
                                    .site = site,
                                    .method = sight->request->method,
                                    .navigation = site == NULL || navigates (sight) };
  const RtField *field;
  guint at = 0;

  rt_cookie_jar_expire (sight->watch->jar, sight->asked);
  if (site != NULL)
    look_at_cookie_field (sight, &context);
  while ((field = rt_fields_next (sight->response->fields, "Set-Cookie", &at)) != NULL)
    {
      g_autoptr (RtDecision) why = rt_decision_new ();

      if (rt_cookie_set_decide (sight->watch->jar, field, &context, sight->answered, why)
          == RT_COOKIE_IGNORED)
        rt_sight_say (sight, &cookie_ignored, why);
    }
}

/* HSTS */

void
rt_observe_hsts (RtSight *sight)
{
  RtHsts *hsts = sight->watch->hsts;
  RtText host = rt_text (sight->url->host);
  g_autoptr (RtDecision) upgrade = rt_decision_new ();
  g_autoptr (RtDecision) note = rt_decision_new ();

  if (!sight->secure && rt_hsts_upgrade_decide (hsts, host, sight->asked, upgrade))
    rt_sight_say (sight, &hsts_unheeded, upgrade);
  if (rt_hsts_note_decide (hsts, host, sight->secure, TRUE, sight->response, sight->answered, note)
          == RT_HSTS_IGNORED
      && rt_fields_first (sight->response->fields, "Strict-Transport-Security") != NULL)
    rt_sight_say (sight, &hsts_ignored, note);
}
