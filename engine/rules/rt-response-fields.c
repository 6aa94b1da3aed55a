/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a response's fields owe. The rule of a single response is a list of demands; whoever wants
 * all that is wrong asks again from behind the one that was not met, so that each fault has a
 * decision of its own. What framing asks is for the reader of the bytes (rt-http1-findings.c). */
#include "rt-response-fields.h"

#include "rt-evidence.h"
#include "rt-media-type.h"
#include "rt-range.h"

typedef struct
{
  RtMessage *request, *response;
  const RtResponseSeen *seen;
} Asked;

/* clang-format off */
static const RtClause single = { "response.single", "a field that has one value is sent once", "RFC 9110 §5.3", RT_LEVEL_MUST };
static const RtClause date = { "response.date", "Date is an HTTP-date", "RFC 9110 §6.6.1", RT_LEVEL_MUST };
static const RtClause modified = { "response.last-modified", "Last-Modified is an HTTP-date", "RFC 9110 §8.8.2", RT_LEVEL_MUST };
static const RtClause not_later = { "response.last-modified.later", "Last-Modified is no later than Date", "RFC 9110 §8.8.2.1", RT_LEVEL_MUST };
static const RtClause expires = { "response.expires", "Expires is an HTTP-date; 0 and -1 are known for “already stale”", "RFC 9111 §5.3", RT_LEVEL_SHOULD };
static const RtClause age = { "response.age", "Age is a number of seconds", "RFC 9111 §5.1", RT_LEVEL_MUST };
static const RtClause retry_after = { "response.retry-after", "Retry-After is a number of seconds or an HTTP-date", "RFC 9110 §10.2.3", RT_LEVEL_MUST };
static const RtClause etag = { "response.etag", "ETag is an entity tag: in quotes, perhaps with W/ before them", "RFC 9110 §8.8.3", RT_LEVEL_MUST };
static const RtClause content_range = { "response.content-range", "Content-Range says which part of how much it is", "RFC 9110 §14.4", RT_LEVEL_MUST };
static const RtClause partial_asked = { "response.206.asked", "a 206 answers a request with Range", "RFC 9110 §15.3.7", RT_LEVEL_MUST };
static const RtClause partial_range = { "response.206.content-range", "a 206 of one part has Content-Range", "RFC 9110 §15.3.7.1", RT_LEVEL_MUST };
static const RtClause unsatisfied = { "response.416.content-range", "a 416 says in Content-Range how long the representation is", "RFC 9110 §15.5.17", RT_LEVEL_SHOULD };
static const RtClause challenge = { "response.401", "a 401 has WWW-Authenticate: which credentials would do", "RFC 9110 §15.5.2", RT_LEVEL_MUST };
static const RtClause proxy_challenge = { "response.407", "a 407 has Proxy-Authenticate", "RFC 9110 §15.5.8", RT_LEVEL_MUST };
static const RtClause allow = { "response.405", "a 405 has Allow: which methods there are", "RFC 9110 §15.5.6", RT_LEVEL_MUST };
static const RtClause upgrade = { "response.426", "a 426 has Upgrade: what to change to", "RFC 9110 §15.5.22", RT_LEVEL_MUST };
static const RtClause content_type = { "response.content-type", "a response with content says in Content-Type what it is", "RFC 9110 §8.3", RT_LEVEL_SHOULD };
static const RtClause type_valid = { "response.content-type.valid", "Content-Type is a media type", "RFC 9110 §8.3.1", RT_LEVEL_MUST };
static const RtClause location = { "response.location", "a redirection has Location: where to", "RFC 9110 §15.4", RT_LEVEL_SHOULD };

static const RtClause *const clauses[] = {
  &single, &date, &modified, &not_later, &expires, &age, &retry_after, &etag, &content_range, &partial_asked, &partial_range,
  &unsatisfied, &challenge, &proxy_challenge, &allow, &upgrade, &content_type, &type_valid, &location,
};

static const RtClause condition_set = { "not-modified.asked", "the request set a condition that a 304 answers", "RFC 9110 §15.4.5", RT_LEVEL_MUST };
static const RtClause repeats = { "not-modified.repeats", "the 304 has each of Cache-Control, Content-Location, ETag, Expires and Vary that the 200 had", "RFC 9110 §15.4.5", RT_LEVEL_MUST };

static const RtClause *const not_modified_clauses[] = { &condition_set, &repeats };

static const RtClause differs = { "vary.named.differs", "the two responses differ in type, language or coding, and their requests in what they accept of it", "RFC 9110 §12.1", RT_LEVEL_MUST };
static const RtClause named = { "vary.named", "Vary names the field that the choice was made by", "RFC 9110 §12.5.5", RT_LEVEL_SHOULD };

static const RtClause *const vary_clauses[] = { &differs, &named };
/* clang-format on */

const RtRule rt_rule_response_fields
    = RT_RULE ("response", "Do the response's fields say what they owe?", "RFC 9110 §15", clauses);
const RtRule rt_rule_not_modified = RT_RULE ("not-modified",
                                             "Is the 304 one that a cache can use?",
                                             "RFC 9110 §15.4.5",
                                             not_modified_clauses);
const RtRule rt_rule_vary_named = RT_RULE ("vary.named",
                                           "Does Vary name what the response was chosen by?",
                                           "RFC 9110 §12.5.5",
                                           vary_clauses);

/* Values: a field that is absent, or is there more than once, says nothing wrong here. */

static const RtField *
only (RtMessage *message, const char *name)
{
  return rt_fields_count (message->fields, name) == 1 ? rt_fields_first (message->fields, name)
                                                      : NULL;
}

static gboolean
is_date (RtText value, RtTime now, RtTime *ret_time)
{
  return rt_http_date_parse (value, now, RT_DATE_TOLERANT, ret_time);
}

static gboolean
check_value (RtDecision *why, const RtClause *clause, const RtField *field, gboolean good)
{
  if (field == NULL)
    return rt_check (why, clause, TRUE);
  return rt_check (why, clause, good, rt_fact_field ("value", field));
}

static gboolean
check_date (const Asked *a, RtDecision *why, const RtClause *clause, const char *name)
{
  const RtField *field = only (a->response, name);
  RtTime time;

  return check_value (why, clause, field,
                      field != NULL && is_date (field->value, a->seen->now, &time));
}

static gboolean
check_date_field (const Asked *a, RtDecision *why)
{
  return check_date (a, why, &date, "Date");
}

static gboolean
check_modified (const Asked *a, RtDecision *why)
{
  return check_date (a, why, &modified, "Last-Modified");
}

static gboolean
check_not_later (const Asked *a, RtDecision *why)
{
  const RtField *sent = only (a->response, "Date");
  const RtField *changed = only (a->response, "Last-Modified");
  RtTime when_sent = 0, when_changed = 0;
  gboolean both = sent != NULL && changed != NULL && is_date (sent->value, a->seen->now, &when_sent)
                  && is_date (changed->value, a->seen->now, &when_changed);

  return rt_check (why, &not_later, !both || when_changed <= when_sent,
                   rt_fact_field ("Last-Modified", changed), rt_fact_field ("Date", sent));
}

/* What RFC 9111 §5.3 calls invalid is understood by all as stale; two forms of it are a custom. */
static gboolean
check_expires (const Asked *a, RtDecision *why)
{
  const RtField *field = only (a->response, "Expires");
  RtTime time;

  return check_value (why, &expires, field,
                      field != NULL
                          && (is_date (field->value, a->seen->now, &time)
                              || rt_text_is (field->value, "0")
                              || rt_text_is (field->value, "-1")));
}

static gboolean
check_age (const Asked *a, RtDecision *why)
{
  const RtField *field = only (a->response, "Age");
  guint64 seconds;

  return check_value (why, &age, field,
                      field != NULL && rt_text_to_uint64 (field->value, &seconds));
}

static gboolean
check_retry_after (const Asked *a, RtDecision *why)
{
  const RtField *field = only (a->response, "Retry-After");
  guint64 seconds;
  RtTime time;

  return check_value (why, &retry_after, field,
                      field != NULL
                          && (rt_text_to_uint64 (field->value, &seconds)
                              || is_date (field->value, a->seen->now, &time)));
}

static gboolean
check_etag (const Asked *a, RtDecision *why)
{
  const RtField *field = only (a->response, "ETag");
  RtEtag tag;

  return check_value (why, &etag, field, field != NULL && rt_etag_parse (field->value, &tag));
}

static gboolean
check_content_range (const Asked *a, RtDecision *why)
{
  const RtField *field = only (a->response, "Content-Range");
  RtContentRange range;

  return check_value (why, &content_range, field,
                      field != NULL && rt_content_range_parse (field->value, &range));
}

/* A source that kept no bytes may have listed a field twice by itself. */
static gboolean
check_single (const Asked *a, RtDecision *why)
{
  static const char *const names[]
      = { "Age",     "Content-Range", "Content-Type", "Date",       "ETag",
          "Expires", "Last-Modified", "Location",     "Retry-After" };
  RtEvidence evidence = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (names) && !a->response->reconstructed; i++)
    {
      const RtField *field;
      guint at = 0;

      if (rt_fields_count (a->response->fields, names[i]) < 2)
        continue;
      while ((field = rt_fields_next (a->response->fields, names[i], &at)) != NULL)
        rt_evidence_add (&evidence, rt_fact_present (names[i], field));
    }
  return rt_check_evidence (why, &single, evidence.n == 0, &evidence);
}

/* Statuses */

static RtFact
status_fact (const Asked *a)
{
  return rt_fact_number ("status", a->response->status, a->response->status_span);
}

static gboolean
check_status (
    const Asked *a, RtDecision *why, const RtClause *clause, guint status, const char *name)
{
  const RtField *field = rt_fields_first (a->response->fields, name);

  return rt_check (why, clause, a->response->status != status || field != NULL, status_fact (a),
                   rt_fact_present (name, field));
}

static gboolean
check_challenge (const Asked *a, RtDecision *why)
{
  return check_status (a, why, &challenge, 401, "WWW-Authenticate");
}

static gboolean
check_proxy_challenge (const Asked *a, RtDecision *why)
{
  return check_status (a, why, &proxy_challenge, 407, "Proxy-Authenticate");
}

static gboolean
check_allow (const Asked *a, RtDecision *why)
{
  return check_status (a, why, &allow, 405, "Allow");
}

static gboolean
check_upgrade (const Asked *a, RtDecision *why)
{
  return check_status (a, why, &upgrade, 426, "Upgrade");
}

static gboolean
check_unsatisfied (const Asked *a, RtDecision *why)
{
  return check_status (a, why, &unsatisfied, 416, "Content-Range");
}

static gboolean
check_partial_asked (const Asked *a, RtDecision *why)
{
  const RtField *range = rt_fields_first (a->request->fields, "Range");

  return rt_check (why, &partial_asked, a->response->status != 206 || range != NULL,
                   status_fact (a), rt_fact_present ("Range", range));
}

static gboolean
check_partial_range (const Asked *a, RtDecision *why)
{
  const RtField *range = rt_fields_first (a->response->fields, "Content-Range");
  const RtField *type = rt_fields_first (a->response->fields, "Content-Type");
  RtMediaType media;
  gboolean parts = type != NULL && rt_media_type_parse (type->value, &media)
                   && rt_media_type_is (&media, "multipart/byteranges");

  return rt_check (why, &partial_range, a->response->status != 206 || parts || range != NULL,
                   status_fact (a), rt_fact_present ("Content-Range", range),
                   rt_fact_field ("Content-Type", type));
}

static gboolean
check_location (const Asked *a, RtDecision *why)
{
  guint status = a->response->status;
  gboolean redirects
      = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  const RtField *field = rt_fields_first (a->response->fields, "Location");

  return rt_check (why, &location, !redirects || field != NULL, status_fact (a),
                   rt_fact_present ("Location", field));
}

/* Content */

static gboolean
check_content_type (const Asked *a, RtDecision *why)
{
  const RtField *field = rt_fields_first (a->response->fields, "Content-Type");

  return rt_check (why, &content_type, !a->seen->has_content || field != NULL,
                   rt_fact_number ("content", a->seen->has_content, RT_SPAN_NONE),
                   rt_fact_present ("Content-Type", field));
}

static gboolean
check_type_valid (const Asked *a, RtDecision *why)
{
  const RtField *field = only (a->response, "Content-Type");
  RtMediaType media;

  return check_value (why, &type_valid, field,
                      field != NULL && rt_media_type_parse (field->value, &media));
}

/* In the order of the clauses. */
static gboolean (*const demands[]) (const Asked *a, RtDecision *why) = {
  check_single,        check_date_field,
  check_modified,      check_not_later,
  check_expires,       check_age,
  check_retry_after,   check_etag,
  check_content_range, check_partial_asked,
  check_partial_range, check_unsatisfied,
  check_challenge,     check_proxy_challenge,
  check_allow,         check_upgrade,
  check_content_type,  check_type_valid,
  check_location,
};

G_STATIC_ASSERT (G_N_ELEMENTS (demands) == G_N_ELEMENTS (clauses));

/**
 * rt_response_fields_decide:
 * @request: what was asked
 * @response: the answer
 * @seen: what else is known of it
 * @from: demands before this one are passed over; 0 at first, then what was returned
 * @why: (nullable): takes the trace; verdict `faulty` or `fine`
 *
 * Returns: the number behind the first demand that is not met, or 0: none is
 */
guint
rt_response_fields_decide (RtMessage *request,
                           RtMessage *response,
                           const RtResponseSeen *seen,
                           guint from,
                           RtDecision *why)
{
  Asked asked = { request, response, seen };
  guint at = from;

  rt_decision_begin (why, &rt_rule_response_fields, request->target);
  while (at < G_N_ELEMENTS (demands) && demands[at](&asked, why))
    at++;
  rt_decision_conclude (why, at < G_N_ELEMENTS (demands) ? "faulty" : "fine");
  return at < G_N_ELEMENTS (demands) ? at + 1 : 0;
}

/* Date is not among them: it is new in each response, and a server without a clock has none. */
static gboolean
check_repeats (RtMessage *earlier, RtMessage *response, RtDecision *why)
{
  static const char *const names[]
      = { "Cache-Control", "Content-Location", "ETag", "Expires", "Vary" };
  RtEvidence gone = { 0 }, repeated = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const RtField *had = rt_fields_first (earlier->fields, names[i]);
      const RtField *has = rt_fields_first (response->fields, names[i]);

      if (had != NULL && has == NULL)
        rt_evidence_add (&gone, rt_fact_present (names[i], had));
      else if (had != NULL)
        rt_evidence_add (&repeated, rt_fact_present (names[i], has));
    }
  return rt_check_evidence (why, &repeats, gone.n == 0, gone.n > 0 ? &gone : &repeated);
}

/**
 * rt_not_modified_decide:
 * @request: that was answered so
 * @earlier: (nullable): the 200 that it is about
 * @response: a 304
 * @why: (nullable): takes the trace; verdict `fine` or `faulty`
 *
 * Returns: whether it says what it must
 */
gboolean
rt_not_modified_decide (RtMessage *request,
                        RtMessage *earlier,
                        RtMessage *response,
                        RtDecision *why)
{
  const RtField *tags = rt_fields_first (request->fields, "If-None-Match");
  const RtField *since = rt_fields_first (request->fields, "If-Modified-Since");
  gboolean fine;

  rt_decision_begin (why, &rt_rule_not_modified, request->target);
  fine = rt_check (why, &condition_set, tags != NULL || since != NULL,
                   rt_fact_present ("If-None-Match", tags),
                   rt_fact_present ("If-Modified-Since", since))
         && (earlier == NULL || check_repeats (earlier, response, why));
  rt_decision_conclude (why, fine ? "fine" : "faulty");
  return fine;
}

/* What is chosen, and by which field of the request. */
typedef struct
{
  const char *chosen, *by;
} Choice;

static gboolean
same_value (RtFields *a, RtFields *b, const char *name)
{
  const RtField *one = rt_fields_first (a, name);
  const RtField *other = rt_fields_first (b, name);

  return (one == NULL) == (other == NULL)
         && (one == NULL || rt_text_equal_nocase (one->value, other->value));
}

static void
add_both (RtEvidence *evidence, RtFields *one, RtFields *other, const char *name)
{
  rt_evidence_add_lines (evidence, one, name);
  rt_evidence_add_lines (evidence, other, name);
}

/* A choice that was made between the two, or NULL. */
static const Choice *
find_choice (const RtAnswered *one, const RtAnswered *other, RtDecision *why)
{
  static const Choice choices[] = { { "Content-Type", "Accept" },
                                    { "Content-Language", "Accept-Language" },
                                    { "Content-Encoding", "Accept-Encoding" } };
  RtEvidence evidence = { 0 };
  const Choice *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (choices) && found == NULL; i++)
    {
      const Choice *choice = &choices[i];

      add_both (&evidence, one->response->fields, other->response->fields, choice->chosen);
      add_both (&evidence, one->request->fields, other->request->fields, choice->by);
      if (!same_value (one->response->fields, other->response->fields, choice->chosen)
          && !same_value (one->request->fields, other->request->fields, choice->by))
        found = choice;
    }
  rt_check_evidence (why, &differs, found != NULL, &evidence);
  return found;
}

/**
 * rt_vary_named_decide:
 * @one: an exchange
 * @other: a later one with the same URL and a response of the same status
 * @why: (nullable): takes the trace; verdict `named`, `missing` or `same`
 *
 * Returns: %FALSE if a choice was made that the later response's Vary does not tell of
 */
gboolean
rt_vary_named_decide (const RtAnswered *one, const RtAnswered *other, RtDecision *why)
{
  const Choice *choice;
  RtFields *fields = other->response->fields;
  gboolean told;

  rt_decision_begin (why, &rt_rule_vary_named, other->request->target);
  choice = find_choice (one, other, why);
  told = choice == NULL
         || rt_check_lines (why, &named,
                            rt_fields_list_contains (fields, "Vary", rt_text (choice->by))
                                || rt_fields_list_contains (fields, "Vary", RT_TEXT ("*")),
                            fields, "Vary");
  rt_decision_conclude (why, choice == NULL ? "same" : told ? "named" : "missing");
  return told;
}
