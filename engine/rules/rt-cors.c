/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The decisions of cross-origin resource sharing. The server only states its will in fields; it is
 * the browser that obeys, on behalf of its user. So a check that fails hides an answer from a
 * script; it undoes nothing that the server did. */
#include "rt-cors.h"

#include "rt-elements.h"
#include "rt-evidence.h"
#include "rt-scan.h"

/* clang-format off */
static const RtClause has_allow_origin = { "cors.check.present", "the response has Access-Control-Allow-Origin", "fetch#cors-check", RT_LEVEL_BROWSERS };
static const RtClause one_allow_origin = { "cors.check.single", "… on one line: two are read as one value that equals no origin", "fetch#concept-header-list-get", RT_LEVEL_BROWSERS };
static const RtClause is_star = { "cors.check.star", "it is *, and no credentials were sent", "fetch#cors-check", RT_LEVEL_BROWSERS };
static const RtClause is_origin = { "cors.check.origin", "it is the request's Origin, byte for byte", "fetch#cors-check", RT_LEVEL_BROWSERS };
static const RtClause no_credentials = { "cors.check.no-credentials", "no credentials were sent", "fetch#cors-check", RT_LEVEL_BROWSERS };
static const RtClause allows_credentials = { "cors.check.credentials", "Access-Control-Allow-Credentials is true", "fetch#cors-check", RT_LEVEL_BROWSERS };

static const RtClause *const check_clauses[] = {
  &has_allow_origin, &one_allow_origin, &is_star, &is_origin, &no_credentials, &allows_credentials,
};

static const RtClause crosses = { "cors.preflight-needed.cross-origin", "the request goes to another origin", "fetch#http-fetch", RT_LEVEL_BROWSERS };
static const RtClause plain_method = { "cors.preflight-needed.method", "the method is GET, HEAD or POST", "fetch#cors-safelisted-method", RT_LEVEL_BROWSERS };
static const RtClause plain_fields = { "cors.preflight-needed.fields", "every field that the script set could also come from a form", "fetch#cors-safelisted-request-header", RT_LEVEL_BROWSERS };
static const RtClause plain_total = { "cors.preflight-needed.length", "together their values are no longer than 1024 bytes", "fetch#cors-unsafe-request-header-names", RT_LEVEL_BROWSERS };
static const RtClause plain_upload = { "cors.preflight-needed.upload", "the script does not watch the upload and does not stream it", "fetch#use-cors-preflight-flag", RT_LEVEL_BROWSERS };

static const RtClause *const needed_clauses[] = {
  &crosses, &plain_method, &plain_fields, &plain_total, &plain_upload,
};

static const RtClause ok_status = { "cors.preflight.status", "the preflight's answer has a status of 200 to 299", "fetch#cors-preflight-fetch", RT_LEVEL_BROWSERS };
static const RtClause methods_valid = { "cors.preflight.methods-valid", "Access-Control-Allow-Methods, if it is there, is a list of methods", "fetch#extract-header-list-values", RT_LEVEL_BROWSERS };
static const RtClause fields_valid = { "cors.preflight.fields-valid", "Access-Control-Allow-Headers, if it is there, is a list of field names", "fetch#extract-header-list-values", RT_LEVEL_BROWSERS };
static const RtClause method_allowed = { "cors.preflight.method", "the method is listed, needs no permission, or * covers it (without credentials)", "fetch#cors-preflight-fetch", RT_LEVEL_BROWSERS };
static const RtClause authorization_allowed = { "cors.preflight.authorization", "Authorization, if the script sets it, is listed by name: * never covers it", "fetch#cors-non-wildcard-request-header-name", RT_LEVEL_BROWSERS };
static const RtClause fields_allowed = { "cors.preflight.fields", "every other field that needs permission is listed, or * covers it (without credentials)", "fetch#cors-preflight-fetch", RT_LEVEL_BROWSERS };

static const RtClause *const preflight_clauses[] = {
  &has_allow_origin, &one_allow_origin, &is_star, &is_origin, &no_credentials, &allows_credentials,
  &ok_status, &methods_valid, &fields_valid, &method_allowed, &authorization_allowed, &fields_allowed,
};

static const RtClause safelisted_name = { "cors.expose.safelisted", "the field is one that scripts may always read", "fetch#cors-safelisted-response-header-name", RT_LEVEL_BROWSERS };
static const RtClause not_set_cookie = { "cors.expose.set-cookie", "the field is not Set-Cookie, which no script may read", "fetch#forbidden-response-header-name", RT_LEVEL_BROWSERS };
static const RtClause exposed_name = { "cors.expose.listed", "Access-Control-Expose-Headers lists it, or * covers it (without credentials)", "fetch#cors-safelisted-response-header-name", RT_LEVEL_BROWSERS };

static const RtClause *const expose_clauses[] = { &not_set_cookie, &safelisted_name, &exposed_name };

static const RtClause names_origin = { "cors.vary.present", "the response has Access-Control-Allow-Origin", "fetch#cors-protocol-and-http-caches", RT_LEVEL_BROWSERS };
static const RtClause one_for_all = { "cors.vary.star", "it is *, the same for everybody", "fetch#cors-protocol-and-http-caches", RT_LEVEL_BROWSERS };
static const RtClause varies = { "cors.vary.listed", "Vary lists Origin, so that no cache gives it to another page", "fetch#cors-protocol-and-http-caches", RT_LEVEL_BROWSERS };

static const RtClause *const vary_clauses[] = { &names_origin, &one_for_all, &varies };
/* clang-format on */

const RtRule rt_rule_cors_check
    = RT_RULE ("cors.check", "May the script read the answer?", "fetch#cors-check", check_clauses);
const RtRule rt_rule_cors_preflight_needed
    = RT_RULE ("cors.preflight-needed",
               "Must the browser ask the server before it sends this?",
               "fetch#cors-preflight-fetch",
               needed_clauses);
const RtRule rt_rule_cors_preflight = RT_RULE ("cors.preflight",
                                               "Does the preflight's answer allow the request?",
                                               "fetch#cors-preflight-fetch",
                                               preflight_clauses);
const RtRule rt_rule_cors_expose = RT_RULE ("cors.expose",
                                            "May the script read this field?",
                                            "fetch#cors-safelisted-response-header-name",
                                            expose_clauses);

const RtRule rt_rule_cors_vary = RT_RULE (
    "cors.vary", "Is Vary: Origin missing?", "fetch#cors-protocol-and-http-caches", vary_clauses);

/* The steps of fetch#cors-check, for the rule at hand. */
static gboolean
passes_check (RtMessage *request, RtMessage *response, gboolean credentials, RtDecision *why)
{
  static const char name[] = "Access-Control-Allow-Origin";
  const RtField *allowed = rt_fields_first (response->fields, name);
  const RtField *origin = rt_fields_first (request->fields, "Origin");
  const RtField *allow = rt_fields_first (response->fields, "Access-Control-Allow-Credentials");
  gboolean once = rt_fields_count (response->fields, "Access-Control-Allow-Credentials") == 1;

  if (!rt_check (why, &has_allow_origin, allowed != NULL)
      || !rt_check_lines (why, &one_allow_origin, rt_fields_count (response->fields, name) == 1,
                          response->fields, name))
    return FALSE;
  if (rt_check (why, &is_star, !credentials && rt_text_is (allowed->value, "*"),
                rt_fact_field (name, allowed),
                rt_fact_number ("credentials", credentials, RT_SPAN_NONE)))
    return TRUE;
  if (!rt_check (why, &is_origin, origin != NULL && rt_text_equal (origin->value, allowed->value),
                 rt_fact_field (name, allowed), rt_fact_field ("Origin", origin)))
    return FALSE;
  if (rt_check (why, &no_credentials, !credentials,
                rt_fact_number ("credentials", credentials, RT_SPAN_NONE),
                rt_fact_field (name, allowed), rt_fact_field ("Origin", origin)))
    return TRUE;
  /* Only the lower-case word will do (fetch#http-access-control-allow-credentials). */
  return rt_check_lines (why, &allows_credentials, once && rt_text_is (allow->value, "true"),
                         response->fields, "Access-Control-Allow-Credentials");
}

/**
 * rt_cors_check_decide:
 * @request: as it was sent, with its Origin
 * @response: what came back
 * @credentials: cookies or the like were included (the request's credentials mode is "include")
 * @why: (nullable): takes the trace; verdict `shown` or `hidden`
 *
 * Source: fetch#cors-check.
 *
 * Returns: whether the script may read the response
 */
gboolean
rt_cors_check_decide (RtMessage *request,
                      RtMessage *response,
                      gboolean credentials,
                      RtDecision *why)
{
  gboolean shown;

  rt_decision_begin (why, &rt_rule_cors_check, request->target);
  shown = passes_check (request, response, credentials, why);
  rt_decision_conclude (why, shown ? "shown" : "hidden");
  return shown;
}

/* Records the first field that needs permission, or all of them where none does. */
static gboolean
has_plain_fields (RtFields *fields, RtDecision *why)
{
  RtEvidence evidence = { 0 };

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (!rt_cors_field_is_safelisted (field))
        return rt_check (why, &plain_fields, FALSE,
                         rt_fact_text ("field", field->name, field->name_span),
                         rt_fact_field ("value", field));
      if (why != NULL)
        {
          rt_evidence_add (&evidence, rt_fact_text ("field", field->name, field->name_span));
          rt_evidence_add (&evidence, rt_fact_field ("value", field));
        }
    }
  return rt_check_evidence (why, &plain_fields, TRUE, &evidence);
}

static gsize
total_length (RtFields *fields)
{
  gsize total = 0;

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    total += rt_fields_get (fields, i)->value.length;
  return total;
}

static gboolean
has_plain_total (RtFields *fields, RtDecision *why)
{
  RtEvidence evidence = { 0 };
  gsize total = total_length (fields);

  if (why != NULL)
    {
      rt_evidence_add (&evidence, rt_fact_number ("bytes", (gint64)total, RT_SPAN_NONE));
      for (guint i = 0; i < rt_fields_get_length (fields); i++)
        rt_evidence_add (&evidence, rt_fact_field ("value", rt_fields_get (fields, i)));
    }
  return rt_check_evidence (why, &plain_total, total <= RT_CORS_SAFELIST_TOTAL_MAX, &evidence);
}

/**
 * rt_cors_preflight_needed_decide:
 * @request: with the fields that the script set and no others
 * @need: what does not stand in it
 * @why: (nullable): takes the trace; verdict `needed` or `not-needed`
 *
 * Source: fetch#main-fetch, fetch#cors-preflight-fetch.
 *
 * Returns: whether the browser must ask first
 */
gboolean
rt_cors_preflight_needed_decide (RtMessage *request, const RtPreflightNeed *need, RtDecision *why)
{
  gboolean plain;

  rt_decision_begin (why, &rt_rule_cors_preflight_needed, request->target);
  plain = !rt_check (why, &crosses, !need->same_origin)
          || (rt_check (why, &plain_method, rt_cors_method_is_safelisted (request->method),
                        rt_fact_text ("method", request->method, request->method_span))
              && has_plain_fields (request->fields, why) && has_plain_total (request->fields, why)
              && rt_check (why, &plain_upload, !need->upload_observed && !need->streamed));
  rt_decision_conclude (why, plain ? "not-needed" : "needed");
  return !plain;
}

/* Whether all lines called @name together are a list of tokens; absent counts as one. */
static gboolean
is_token_list (RtFields *fields, const char *name)
{
  RtElements elements = rt_elements (fields, name);
  RtText element;

  while (rt_elements_next (&elements, &element))
    if (!rt_text_is_token (element))
      return FALSE;
  return TRUE;
}

typedef gboolean (*TextEqual) (RtText a, RtText b);

/* Finds @wanted in the lists of all lines called @name. */
static gboolean
find_listed (RtFields *fields,
             const char *name,
             RtText wanted,
             TextEqual equal,
             const RtField **ret_field,
             RtText *ret_element)
{
  RtElements elements = rt_elements (fields, name);

  while (rt_elements_next (&elements, ret_element))
    if (equal (*ret_element, wanted))
      {
        *ret_field = elements.field;
        return TRUE;
      }
  return FALSE;
}

/* Checks that @wanted is listed under @name, or that a `*` there covers it. */
static gboolean
check_listed (const RtClause *clause,
              RtFields *fields,
              const char *name,
              RtFact wanted,
              TextEqual equal,
              gboolean star,
              RtDecision *why)
{
  RtEvidence evidence = { 0 };
  const RtField *field;
  RtText element;
  gboolean found
      = find_listed (fields, name, wanted.text, equal, &field, &element)
        || (star && find_listed (fields, name, RT_TEXT ("*"), rt_text_equal, &field, &element));

  if (why == NULL)
    return found;
  rt_evidence_add (&evidence, wanted);
  if (found)
    rt_evidence_add (&evidence, rt_fact_part (name, field, element));
  else
    rt_evidence_add_lines (&evidence, fields, name);
  return rt_check_evidence (why, clause, found, &evidence);
}

static gboolean
allows_method (RtMessage *request, RtMessage *response, gboolean credentials, RtDecision *why)
{
  RtFact method = rt_fact_text ("method", request->method, request->method_span);

  if (rt_cors_method_is_safelisted (request->method))
    return rt_check (why, &method_allowed, TRUE, method);
  return check_listed (&method_allowed, response->fields, "Access-Control-Allow-Methods", method,
                       rt_text_equal, !credentials, why);
}

static gboolean
allows_authorization (RtMessage *request, RtMessage *response, RtDecision *why)
{
  const RtField *field = rt_fields_first (request->fields, "Authorization");

  if (field == NULL)
    return rt_check (why, &authorization_allowed, TRUE);
  return check_listed (&authorization_allowed, response->fields, "Access-Control-Allow-Headers",
                       rt_fact_text ("field", field->name, field->name_span), rt_text_equal_nocase,
                       FALSE, why);
}

static gboolean
allows_fields (RtMessage *request, RtMessage *response, gboolean credentials, RtDecision *why)
{
  gboolean too_long = total_length (request->fields) > RT_CORS_SAFELIST_TOTAL_MAX;
  gboolean asked = FALSE;

  for (guint i = 0; i < rt_fields_get_length (request->fields); i++)
    {
      const RtField *field = rt_fields_get (request->fields, i);

      if (rt_cors_field_is_safelisted (field) && !too_long)
        continue;
      asked = TRUE;
      if (!check_listed (&fields_allowed, response->fields, "Access-Control-Allow-Headers",
                         rt_fact_text ("field", field->name, field->name_span),
                         rt_text_equal_nocase, !credentials, why))
        return FALSE;
    }
  return asked || rt_check (why, &fields_allowed, TRUE);
}

/**
 * rt_cors_preflight_decide:
 * @request: the request that waits, with the fields that the script set and no others
 * @preflight: the OPTIONS request as it was sent, with its Origin
 * @response: the answer to it
 * @credentials: the request that waits would include credentials; the preflight itself never does
 * @why: (nullable): takes the trace; verdict `allowed` or `refused`
 *
 * Source: fetch#cors-preflight-fetch, step 7.
 *
 * Returns: whether the request may be sent
 */
gboolean
rt_cors_preflight_decide (RtMessage *request,
                          RtMessage *preflight,
                          RtMessage *response,
                          gboolean credentials,
                          RtDecision *why)
{
  gboolean allowed;

  rt_decision_begin (why, &rt_rule_cors_preflight, request->target);
  allowed = passes_check (preflight, response, credentials, why)
            && rt_check (why, &ok_status, response->status >= 200 && response->status <= 299,
                         rt_fact_number ("status", response->status, response->status_span))
            && rt_check_lines (why, &methods_valid,
                               is_token_list (response->fields, "Access-Control-Allow-Methods"),
                               response->fields, "Access-Control-Allow-Methods")
            && rt_check_lines (why, &fields_valid,
                               is_token_list (response->fields, "Access-Control-Allow-Headers"),
                               response->fields, "Access-Control-Allow-Headers")
            && allows_method (request, response, credentials, why)
            && allows_authorization (request, response, why)
            && allows_fields (request, response, credentials, why);
  rt_decision_conclude (why, allowed ? "allowed" : "refused");
  return allowed;
}

/**
 * rt_cors_expose_decide:
 * @field: of the response
 * @response: an answer that the script may read
 * @credentials: they were included
 * @why: (nullable): takes the trace; verdict `readable` or `unreadable`
 *
 * Source: fetch#cors-safelisted-response-header-name.
 *
 * Returns: whether the script sees that field
 */
gboolean
rt_cors_expose_decide (const RtField *field,
                       RtMessage *response,
                       gboolean credentials,
                       RtDecision *why)
{
  gboolean readable;
  RtFact fact = rt_fact_text ("field", field->name, field->name_span);

  rt_decision_begin (why, &rt_rule_cors_expose, field->name);
  readable = rt_check (why, &not_set_cookie,
                       !rt_text_is_nocase (field->name, "Set-Cookie")
                           && !rt_text_is_nocase (field->name, "Set-Cookie2"),
                       fact)
             && (rt_check (why, &safelisted_name, rt_cors_response_name_is_safelisted (field->name),
                           fact)
                 || check_listed (&exposed_name, response->fields, "Access-Control-Expose-Headers",
                                  fact, rt_text_equal_nocase, !credentials, why));
  rt_decision_conclude (why, readable ? "readable" : "unreadable");
  return readable;
}

/**
 * rt_cors_vary_decide:
 * @response: of a server that allows pages of other origins
 * @why: (nullable): takes the trace; verdict `advised` or `fine`
 *
 * An Access-Control-Allow-Origin that names one origin is mostly an echo of the request's; a cache
 * that does not know would give the answer to the next page, which then may not read it.
 *
 * Returns: whether the server should add `Vary: Origin`
 */
gboolean
rt_cors_vary_decide (RtMessage *response, RtDecision *why)
{
  static const char name[] = "Access-Control-Allow-Origin";
  const RtField *allowed = rt_fields_first (response->fields, name);
  gboolean fine;

  rt_decision_begin (why, &rt_rule_cors_vary, RT_TEXT ("response"));
  fine
      = !rt_check (why, &names_origin, allowed != NULL, rt_fact_present (name, allowed))
        || rt_check (why, &one_for_all, rt_text_is (allowed->value, "*"),
                     rt_fact_field (name, allowed))
        || rt_check_lines (why, &varies,
                           rt_fields_list_contains (response->fields, "Vary", RT_TEXT ("Origin"))
                               || rt_fields_list_contains (response->fields, "Vary", RT_TEXT ("*")),
                           response->fields, "Vary");
  rt_decision_conclude (why, fine ? "fine" : "advised");
  return !fine;
}
