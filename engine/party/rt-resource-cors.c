/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The server's side of CORS: it names who may read, on each answer, and approves of preflights. It
 * refuses nothing by that: the request is carried out, and the browser withholds the answer. */
#include "rt-resource-cors.h"

#include "rt-evidence.h"
#include "rt-site.h"

/* clang-format off */
static const RtClause has_origin = { "server.cors.origin", "the request names the origin of its script", "fetch#origin-header", RT_LEVEL_BROWSERS };
static const RtClause is_listed = { "server.cors.listed", "that origin is one of those that may read the answer", "fetch#http-access-control-allow-origin", RT_LEVEL_BROWSERS };

static const RtClause *const clauses[] = { &has_origin, &is_listed };
/* clang-format on */

static const RtRule rule = RT_RULE ("server.cors",
                                    "May a script of this origin read the answer?",
                                    "fetch#cors-protocol-and-http-caches",
                                    clauses);

static char *
dup_joined (const RtGiven *given, const char *name)
{
  g_auto (GStrv) list = rt_given_dup_list (given, name);

  return g_strjoinv (", ", list);
}

void
rt_cors_grant_init (RtCorsGrant *grant, const RtGiven *given)
{
  grant->origins = rt_given_dup_list (given, "cors-origins");
  grant->credentials = rt_given_get_boolean (given, "cors-credentials");
  grant->methods = dup_joined (given, "cors-methods");
  grant->headers = dup_joined (given, "cors-headers");
  grant->expose = dup_joined (given, "cors-expose");
  grant->max_age = rt_given_get_number (given, "cors-max-age");
  grant->vary = rt_given_get_boolean (given, "cors-vary");
  grant->errors = rt_given_get_boolean (given, "cors-errors");
}

void
rt_cors_grant_clear (RtCorsGrant *grant)
{
  g_strfreev (grant->origins);
  g_free (grant->methods);
  g_free (grant->headers);
  g_free (grant->expose);
}

static gboolean
is_origin (const char *text)
{
  g_autoptr (RtUrl) url = rt_url_parse (rt_text (text), NULL, NULL);
  g_autofree char *origin = url != NULL ? rt_url_dup_origin (url) : NULL;

  return g_strcmp0 (origin, text) == 0;
}

/**
 * rt_cors_check_origins:
 * @setting: `cors-origins`
 * @value: its value
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether it names origins alone
 */
gboolean
rt_cors_check_origins (const RtSetting *setting, GVariant *value, GError **error)
{
  static const char *const words[] = { "*", "any", "null", NULL };
  g_autofree const char **origins = g_variant_get_strv (value, NULL);

  for (guint i = 0; origins[i] != NULL; i++)
    if (!g_strv_contains (words, origins[i]) && !is_origin (origins[i]))
      {
        rt_set_error (error, RT_ERROR_SYNTAX, NULL, "*, any, null or one such as https://shop.test",
                      "%s: “%s” is no origin", setting->name, origins[i]);
        return FALSE;
      }
  return TRUE;
}

/* What Access-Control-Allow-Origin is to say; NULL: nothing. */
static char *
decide (const RtCorsGrant *grant, const RtCall *call, RtDecision *why)
{
  const char *const *origins = (const char *const *)grant->origins;
  const RtField *origin = rt_fields_first (call->request->fields, "Origin");
  g_autofree char *name = origin != NULL ? rt_text_dup (origin->value) : NULL;
  gboolean all = g_strv_contains (origins, "*");

  rt_decision_begin (why, &rule, call->request->target);
  /* `*` needs no name to answer to, so that a cache may give the answer to everybody. */
  if (!rt_check (why, &has_origin, name != NULL, rt_fact_field ("Origin", origin)))
    {
      rt_decision_conclude (why, "not-asked");
      return all ? g_strdup ("*") : NULL;
    }
  if (!rt_check (why, &is_listed,
                 all || g_strv_contains (origins, "any") || g_strv_contains (origins, name),
                 rt_fact_field ("Origin", origin)))
    {
      rt_decision_conclude (why, "no");
      return NULL;
    }
  rt_decision_conclude (why, "yes");
  return all ? g_strdup ("*") : g_steal_pointer (&name);
}

static void
add_list (RtMessage *response, const char *name, const char *list)
{
  if (*list != '\0')
    rt_fields_append (response->fields, name, list);
}

/**
 * rt_cors_grant_preflight:
 * @grant: what is granted
 * @call: what is asked
 * @reply: empty; the answer to a preflight
 * @out: where decisions go
 *
 * Returns: whether it was a preflight and is answered
 */
gboolean
rt_cors_grant_preflight (const RtCorsGrant *grant,
                         const RtCall *call,
                         RtReply *reply,
                         RtEffects *out)
{
  RtFields *fields = call->request->fields;
  RtMessage *response;

  if (grant->origins[0] == NULL || !rt_call_is (call, "OPTIONS")
      || rt_fields_first (fields, "Origin") == NULL
      || rt_fields_first (fields, "Access-Control-Request-Method") == NULL)
    return FALSE;
  response = rt_reply_new_response (204);
  add_list (response, "Access-Control-Allow-Methods", grant->methods);
  add_list (response, "Access-Control-Allow-Headers", grant->headers);
  if (grant->max_age > 0)
    {
      g_autofree char *seconds
          = g_strdup_printf ("%" G_GINT64_FORMAT, grant->max_age / RT_TIME_SEC);

      rt_fields_append (response->fields, "Access-Control-Max-Age", seconds);
    }
  rt_reply_with (reply, response, NULL);
  return TRUE;
}

/**
 * rt_cors_grant_apply:
 * @grant: what is granted
 * @call: what was asked
 * @response: the answer; gets its CORS fields
 * @out: where decisions go
 */
void
rt_cors_grant_apply (const RtCorsGrant *grant,
                     const RtCall *call,
                     RtMessage *response,
                     RtEffects *out)
{
  g_autoptr (RtDecision) why = NULL;
  g_autofree char *allowed = NULL;
  gboolean shared;

  if (grant->origins[0] == NULL || (response->status >= 400 && !grant->errors))
    return;
  why = rt_decision_new ();
  allowed = decide (grant, call, why);
  if (rt_fields_first (call->request->fields, "Origin") != NULL)
    rt_effects_decide (out, rt_decision_ref (why), TRUE);
  /* Another origin would have got another answer, also where this one got none. */
  shared = g_strv_contains ((const char *const *)grant->origins, "*");
  if (grant->vary && !shared)
    rt_fields_append (response->fields, "Vary", "Origin");
  if (allowed == NULL)
    return;
  rt_fields_append (response->fields, "Access-Control-Allow-Origin", allowed);
  if (grant->credentials)
    rt_fields_append (response->fields, "Access-Control-Allow-Credentials", "true");
  if (!rt_call_is (call, "OPTIONS"))
    add_list (response, "Access-Control-Expose-Headers", grant->expose);
}
