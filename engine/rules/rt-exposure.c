/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets that get out, and bytes that could have been fewer. */
#include "rt-exposure.h"

#include "rt-evidence.h"
#include "rt-media-type.h"
#include "rt-negotiation.h"

typedef struct
{
  RtMessage *request, *response;
  const RtExposureContext *context;
} Asked;

/* clang-format off */
static const RtClause wire = { "exposure.wire", "credentials cross the network over TLS alone", "RFC 9110 §17.16.1", RT_LEVEL_SHOULD };
static const RtClause target = { "exposure.target", "no password and no key stands in the URL, where histories, logs and Referer have it", "RFC 9110 §17.9", RT_LEVEL_SHOULD };
static const RtClause shared = { "exposure.shared", "a response that sets a cookie is not given to shared caches to keep", "RFC 9111 §7.3", RT_LEVEL_SHOULD };

static const RtClause *const exposure_clauses[] = { &wire, &target, &shared };

static const RtClause http_only = { "cookie.hardened.http-only", "scripts cannot read it: it is HttpOnly", "RFC 6265 §4.1.2.6", RT_LEVEL_SHOULD };
static const RtClause secure_only = { "cookie.hardened.secure", "it goes over TLS alone: it is Secure, or was set without TLS", "RFC 6265 §8.3", RT_LEVEL_SHOULD };

static const RtClause *const hardened_clauses[] = { &http_only, &secure_only };

static const RtClause large = { "compression.large", "the content is large enough", "RFC 9110 §8.4", RT_LEVEL_MAY };
static const RtClause text = { "compression.text", "its type is one that shrinks", "RFC 9110 §8.4", RT_LEVEL_MAY };
static const RtClause plain = { "compression.plain", "no content coding was used", "RFC 9110 §8.4", RT_LEVEL_MAY };
static const RtClause accepted = { "compression.accepted", "the request accepts gzip", "RFC 9110 §12.5.3", RT_LEVEL_MAY };
static const RtClause allowed = { "compression.whole", "it is a whole representation", "RFC 9110 §14.2", RT_LEVEL_MAY };

static const RtClause *const compression_clauses[] = { &allowed, &large, &text, &plain, &accepted };
/* clang-format on */

const RtRule rt_rule_exposure
    = RT_RULE ("exposure", "Does the exchange keep its secrets?", "RFC 9110 §17", exposure_clauses);
const RtRule rt_rule_cookie_hardened
    = RT_RULE ("cookie.hardened",
               "Is the cookie of a session kept from scripts and wiretaps?",
               "RFC 6265 §8",
               hardened_clauses);
const RtRule rt_rule_compression = RT_RULE ("compression",
                                            "Could a content coding have saved bytes?",
                                            "RFC 9110 §8.4",
                                            compression_clauses);

static gboolean
check_wire (const Asked *a, RtDecision *why)
{
  const RtField *credentials = rt_fields_first (a->request->fields, "Authorization");

  return rt_check (why, &wire, credentials == NULL || a->context->secure || a->context->loopback,
                   rt_fact_present ("Authorization", credentials),
                   rt_fact_number ("TLS", a->context->secure, RT_SPAN_NONE));
}

static gboolean
check_target (const Asked *a, RtDecision *why)
{
  RtText secret = a->context->secret;
  RtText whole = a->request->target;
  RtSpan span = secret.length > 0 ? rt_span_sub (a->request->target_span,
                                                 (guint64)(secret.at - whole.at), secret.length)
                                  : RT_SPAN_NONE;

  return rt_check (why, &target, secret.length == 0, rt_fact_text ("secret", secret, span));
}

static gboolean
check_shared (const Asked *a, RtDecision *why)
{
  const RtField *cookie = rt_fields_first (a->response->fields, "Set-Cookie");

  if (a->context->shared_lifetime <= 0)
    return rt_check (why, &shared, TRUE,
                     rt_fact_number ("lifetime", a->context->shared_lifetime, RT_SPAN_NONE));
  return rt_check (why, &shared, cookie == NULL, rt_fact_present ("Set-Cookie", cookie),
                   rt_fact_number ("lifetime", a->context->shared_lifetime, RT_SPAN_NONE));
}

static gboolean (*const demands[]) (const Asked *a, RtDecision *why)
    = { check_wire, check_target, check_shared };

G_STATIC_ASSERT (G_N_ELEMENTS (demands) == G_N_ELEMENTS (exposure_clauses));

/**
 * rt_exposure_decide:
 * @request: a request
 * @response: its response
 * @context: what is known beside
 * @from: demands before this one are passed over; 0 at first, then what was returned
 * @why: (nullable): takes the trace; verdict `exposed` or `kept`
 *
 * Returns: the number behind the first demand that is not met, or 0: none is
 */
guint
rt_exposure_decide (RtMessage *request,
                    RtMessage *response,
                    const RtExposureContext *context,
                    guint from,
                    RtDecision *why)
{
  Asked asked = { request, response, context };
  guint at = from;

  rt_decision_begin (why, &rt_rule_exposure, request->method);
  while (at < G_N_ELEMENTS (demands) && demands[at](&asked, why))
    at++;
  rt_decision_conclude (why, at < G_N_ELEMENTS (demands) ? "exposed" : "kept");
  return at < G_N_ELEMENTS (demands) ? at + 1 : 0;
}

/**
 * rt_cookie_hardened_decide:
 * @field: a Set-Cookie field, of a cookie that a session hangs on
 * @secure: it came over TLS
 * @why: (nullable): takes the trace; verdict `hardened` or `soft`
 *
 * Returns: whether it is kept from scripts and, where that is possible, from wiretaps
 */
gboolean
rt_cookie_hardened_decide (const RtField *field, gboolean secure, RtDecision *why)
{
  RtSetCookie cookie;
  RtCookieAttribute attribute;
  gboolean taken = rt_set_cookie_parse (field->value, &cookie) == RT_SET_COOKIE_TAKEN;
  gboolean good;

  rt_decision_begin (why, &rt_rule_cookie_hardened, taken ? cookie.name : RT_TEXT ("?"));
  good = rt_check (why, &http_only,
                   !taken || rt_set_cookie_find (&cookie, RT_COOKIE_HTTP_ONLY, &attribute),
                   rt_fact_field ("Set-Cookie", field))
         && rt_check (
             why, &secure_only,
             !taken || !secure || rt_set_cookie_find (&cookie, RT_COOKIE_SECURE, &attribute),
             rt_fact_field ("Set-Cookie", field), rt_fact_number ("TLS", secure, RT_SPAN_NONE));
  rt_decision_conclude (why, good ? "hardened" : "soft");
  return good;
}

/* Formats of text; images, fonts, films and archives are coded already. */
static gboolean
shrinks (const RtField *type)
{
  static const char *const essences[]
      = { "application/json",          "application/javascript", "application/xml",
          "application/manifest+json", "application/ld+json",    "image/svg+xml" };
  RtMediaType media;

  if (type == NULL || !rt_media_type_parse (type->value, &media))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (essences); i++)
    if (rt_media_type_is (&media, essences[i]))
      return TRUE;
  /* Events are flushed one by one: a coding would hold them back. */
  return rt_text_is_nocase (media.type, "text") && !rt_media_type_is (&media, "text/event-stream");
}

static gboolean
accepts_gzip (const RtField *accept)
{
  return accept != NULL
         && rt_accept_match (accept->value, RT_ACCEPT_ENCODING, RT_TEXT ("gzip")).quality > 0;
}

static gboolean
could_be_coded (RtMessage *request, RtMessage *response, guint64 length, RtDecision *why)
{
  const RtField *type = rt_fields_first (response->fields, "Content-Type");
  const RtField *accept = rt_fields_first (request->fields, "Accept-Encoding");
  gboolean coded = rt_fields_first (response->fields, "Content-Encoding") != NULL;

  return rt_check (why, &allowed, response->status == 200,
                   rt_fact_number ("status", response->status, response->status_span))
         && rt_check (why, &large, length >= RT_COMPRESSION_WORTH,
                      rt_fact_number ("bytes", (gint64)MIN (length, G_MAXINT64), RT_SPAN_NONE))
         && rt_check (why, &text, shrinks (type), rt_fact_field ("Content-Type", type))
         && rt_check_lines (why, &plain, !coded, response->fields, "Content-Encoding")
         && rt_check (why, &accepted, accepts_gzip (accept),
                      rt_fact_field ("Accept-Encoding", accept));
}

/**
 * rt_compression_decide:
 * @request: a request
 * @response: its response
 * @content_length: bytes of its content
 * @why: (nullable): takes the trace; verdict `missed` or `fine`
 *
 * Returns: whether a content coding would have saved much that the client was ready for
 */
gboolean
rt_compression_decide (RtMessage *request,
                       RtMessage *response,
                       guint64 content_length,
                       RtDecision *why)
{
  gboolean missed;

  rt_decision_begin (why, &rt_rule_compression, request->target);
  missed = could_be_coded (request, response, content_length, why);
  rt_decision_conclude (why, missed ? "missed" : "fine");
  return missed;
}
