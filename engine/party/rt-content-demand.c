/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Demands on content. Each of the three questions has a status of its own (RFC 9110 §15.5.16,
 * §15.5.1, §15.5.21), because each asks for another reaction: send another format, repair the
 * program, ask the user. A refusal can be told as problem details (RFC 9457): to programs the byte
 * at which reading ended, or the members that cannot be so, all of them. */
#include "rt-content-demand.h"

#include "rt-evidence.h"
#include "rt-json-value.h"
#include "rt-media-type.h"

typedef enum
{
  MEMBER_ANY,
  MEMBER_TEXT,
  MEMBER_DATE,
  MEMBER_RANGE,
} MemberKind;

typedef struct
{
  char *name;
  MemberKind kind;
  gint64 from, to;
} Member;

struct _RtContentDemand
{
  GPtrArray *members; /* Member */
  guint type_status, syntax_status, members_status;
  gboolean as_problem;
};

const char *const rt_content_demand_statuses[] = { "400", "415", "422", NULL };
const char *const rt_content_demand_forms[] = { "text", "problem", NULL };

/* clang-format off */
static const RtClause type_clause = { "content.accept.type", "its Content-Type is one that is read here", "RFC 9110 §15.5.16", RT_LEVEL_MAY };
static const RtClause syntax_clause = { "content.accept.syntax", "it can be read to its end as what it says it is", "RFC 9110 §15.5.1", RT_LEVEL_MAY };
static const RtClause members_clause = { "content.accept.members", "each member that is needed is there, and can be so", "RFC 9110 §15.5.21", RT_LEVEL_MAY };

static const RtClause *const clauses[] = { &type_clause, &syntax_clause, &members_clause };
/* clang-format on */

static const RtRule rule
    = RT_RULE ("content.accept", "Can this content be taken?", "RFC 9110 §15.5", clauses);

/* What is wrong. @name: of the problem's type. @more: (nullable): its own members, as JSON. */
typedef struct
{
  guint status;
  const char *name, *title;
  char *detail, *more;
} Problem;

static void
member_free (gpointer data)
{
  Member *member = data;

  g_free (member->name);
  g_free (member);
}

/* `1-8` */
static gboolean
parse_range (Member *member, const char *text)
{
  const char *dash = strchr (text, '-');
  guint64 from, to;

  if (dash == NULL || !rt_text_to_uint64 ((RtText){ text, (gsize)(dash - text) }, &from)
      || !rt_text_to_uint64 (rt_text (dash + 1), &to) || from > to || to > G_MAXINT64)
    return FALSE;
  member->kind = MEMBER_RANGE;
  member->from = (gint64)from;
  member->to = (gint64)to;
  return TRUE;
}

/* Names of letters, digits, - and _: they stand in a JSON Pointer and in a URI as they are. */
static Member *
member_new (const char *text)
{
  gsize length = strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
  const char *kind = text[length] == ' ' ? text + length + 1 : text + length;
  Member *member;

  if (length == 0)
    return NULL;
  member = g_new0 (Member, 1);
  member->name = g_strndup (text, length);
  if (strcmp (kind, "text") == 0)
    member->kind = MEMBER_TEXT;
  else if (strcmp (kind, "date") == 0)
    member->kind = MEMBER_DATE;
  else if (text[length] != '\0' && !parse_range (member, kind))
    g_clear_pointer (&member, member_free);
  return member;
}

/**
 * rt_content_demand_check_needs:
 *
 * The check of a setting `needs`: members, and what each has to be.
 */
gboolean
rt_content_demand_check_needs (const RtSetting *setting, GVariant *value, GError **error)
{
  g_autofree const char **needs = g_variant_get_strv (value, NULL);

  for (guint i = 0; needs[i] != NULL; i++)
    {
      Member *member = member_new (needs[i]);

      if (member == NULL)
        {
          rt_set_error (error, RT_ERROR_SYNTAX, NULL,
                        "a member's name, and behind it text, date, a range such as 1-8 or nothing",
                        "%s: “%s” stands here", setting->name, needs[i]);
          return FALSE;
        }
      member_free (member);
    }
  return TRUE;
}

static guint
status_of (const RtGiven *given, const char *name)
{
  static const guint statuses[] = { 400, 415, 422 };

  return statuses[rt_given_get_choice (given, name)];
}

/**
 * rt_content_demand_new:
 * @given: settings with `needs`, `type-status`, `syntax-status`, `members-status` and `errors`
 *
 * Returns: (transfer full): what they demand; nothing where `needs` is empty
 */
RtContentDemand *
rt_content_demand_new (const RtGiven *given)
{
  RtContentDemand *demand = g_new0 (RtContentDemand, 1);
  g_auto (GStrv) needs = rt_given_dup_list (given, "needs");

  demand->members = g_ptr_array_new_with_free_func (member_free);
  for (guint i = 0; needs[i] != NULL; i++)
    {
      Member *member = member_new (needs[i]);

      if (member != NULL)
        g_ptr_array_add (demand->members, member);
    }
  demand->type_status = status_of (given, "type-status");
  demand->syntax_status = status_of (given, "syntax-status");
  demand->members_status = status_of (given, "members-status");
  demand->as_problem = rt_given_get_choice (given, "errors") == 1;
  return demand;
}

void
rt_content_demand_free (RtContentDemand *demand)
{
  g_ptr_array_unref (demand->members);
  g_free (demand);
}

/* Where @part of the content stands on the wire; nowhere, if it came in pieces. */
static RtSpan
span_of (const RtCall *call, RtText part)
{
  gsize size;
  const char *start = g_bytes_get_data (call->content, &size);
  gsize offset = part.at != NULL ? (gsize)(part.at - start) : size;

  if (call->content_span.length != size || offset + part.length > size)
    return RT_SPAN_NONE;
  return rt_span_sub (call->content_span, offset, part.length);
}

static gboolean
has_type (const RtContentDemand *demand, const RtCall *call, RtDecision *why, Problem *ret_problem)
{
  const RtField *field = rt_fields_first (call->request->fields, "Content-Type");
  RtMediaType type;
  gboolean known = field != NULL && rt_media_type_parse (field->value, &type)
                   && rt_media_type_is (&type, "application/json");

  if (rt_check (why, &type_clause, known, rt_fact_field ("Content-Type", field)))
    return TRUE;
  *ret_problem
      = (Problem){ demand->type_status, "not-json", "This is a format that is not read here",
                   g_strdup ("A new item has to be application/json."), NULL };
  return FALSE;
}

static gboolean
has_syntax (const RtContentDemand *demand,
            const RtCall *call,
            RtDecision *why,
            RtJson *ret_value,
            Problem *ret_problem)
{
  gsize length, reached = 0;
  const char *bytes = g_bytes_get_data (call->content, &length);
  gboolean good = rt_json_parse_until ((RtText){ bytes, length }, ret_value, &reached);
  RtText at = { bytes + reached, reached < length ? 1 : 0 };

  if (rt_check (why, &syntax_clause, good,
                rt_fact_number ("offset", (gint64)(good ? length : reached), span_of (call, at))))
    return TRUE;
  *ret_problem = (Problem){ demand->syntax_status, "broken-json", "This cannot be read as JSON",
                            g_strdup ("This is no JSON."),
                            g_strdup_printf ("\"offset\": %" G_GSIZE_FORMAT, reached) };
  return FALSE;
}

/* 2026-02-29 is none. */
static gboolean
is_date (const RtJson *value)
{
  g_autofree char *text = value->type == RT_JSON_STRING ? rt_json_string_dup (value) : NULL;
  guint64 year, month, day;

  return text != NULL && strlen (text) == 10 && text[4] == '-' && text[7] == '-'
         && rt_text_to_uint64 ((RtText){ text, 4 }, &year)
         && rt_text_to_uint64 ((RtText){ text + 5, 2 }, &month)
         && rt_text_to_uint64 ((RtText){ text + 8, 2 }, &day) && year > 0 && month <= 12
         && g_date_valid_dmy ((GDateDay)day, (GDateMonth)month, (GDateYear)year);
}

/* What is wrong with a member that is there, or NULL. */
static char *
find_fault (const Member *member, const RtJson *value)
{
  gint64 number;

  if (member->kind == MEMBER_TEXT
      && (value->type != RT_JSON_STRING || rt_text_trim (value->text).length == 0))
    return g_strdup ("is no text with something in it");
  if (member->kind == MEMBER_DATE && !is_date (value))
    return g_strdup ("is no date such as 2026-12-24");
  if (member->kind == MEMBER_RANGE
      && (!rt_json_get_integer (value, &number) || number < member->from || number > member->to))
    return g_strdup_printf ("is no whole number from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                            member->from, member->to);
  return NULL;
}

/* As an error among others: where, by a JSON Pointer (RFC 6901 §6), and what. */
static void
append_error (GString *errors, const char *name, const char *fault)
{
  g_string_append (errors, errors->len == 0 ? "\"errors\": [\n    {\"pointer\": "
                                            : ",\n    {\"pointer\": ");
  g_string_append_printf (errors, "\"#/%s\", \"detail\": ", name);
  rt_json_append_string (errors, rt_text (fault));
  g_string_append_c (errors, '}');
}

static gboolean
has_members (const RtContentDemand *demand,
             const RtCall *call,
             const RtJson *object,
             RtDecision *why,
             Problem *ret_problem)
{
  g_autoptr (GString) errors = g_string_new (NULL);
  RtEvidence evidence = { 0 };
  g_autofree char *detail = NULL;

  for (guint i = 0; i < demand->members->len; i++)
    {
      const Member *member = demand->members->pdata[i];
      RtJson value = { 0 };
      gboolean there = rt_json_find (object, member->name, &value);
      g_autofree char *fault = there ? find_fault (member, &value) : g_strdup ("is missing");

      if (fault == NULL)
        continue;
      append_error (errors, member->name, fault);
      rt_evidence_add (&evidence, rt_fact_text (member->name, there ? value.text : RT_TEXT_NONE,
                                                there ? span_of (call, value.text) : RT_SPAN_NONE));
      if (detail == NULL)
        detail = there ? g_strdup_printf ("The member \"%s\" %s.", member->name, fault)
                       : g_strdup_printf ("This JSON has no member \"%s\".", member->name);
    }
  if (rt_check_evidence (why, &members_clause, detail == NULL, &evidence))
    return TRUE;
  g_string_append (errors, "\n  ]");
  *ret_problem = (Problem){ demand->members_status, "impossible", "This can be read, and not done",
                            g_steal_pointer (&detail), g_strdup (errors->str) };
  return FALSE;
}

/* RFC 9457 §3. */
static GBytes *
dup_problem (const Problem *problem)
{
  GString *out = g_string_new (NULL);

  g_string_append_printf (out,
                          "{\n  \"type\": \"tag:roundtrip.test,2026:%s\",\n  \"title\": \"%s\",\n  "
                          "\"status\": %u,\n  \"detail\": ",
                          problem->name, problem->title, problem->status);
  rt_json_append_string (out, rt_text (problem->detail));
  if (problem->more != NULL)
    g_string_append_printf (out, ",\n  %s", problem->more);
  g_string_append (out, "\n}\n");
  return g_string_free_to_bytes (out);
}

static void
refuse (const RtContentDemand *demand, const Problem *problem, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (problem->status);
  g_autofree char *line = g_strdup_printf ("%s\n", problem->detail);

  /* RFC 9110 §15.5.16, §12.5.1: what would have been taken. */
  if (problem->status == 415)
    rt_fields_append (response->fields, "Accept", "application/json");
  if (!demand->as_problem)
    {
      rt_reply_with_text (reply, response, line);
      return;
    }
  rt_fields_append (response->fields, "Content-Type", "application/problem+json");
  rt_reply_with (reply, response, dup_problem (problem));
}

/**
 * rt_content_demand_is_met:
 * @demand: demands
 * @call: a request with its content
 * @reply: empty; the refusal, if it is refused
 * @out: where the decision goes; there is none where nothing is demanded
 *
 * Returns: whether the content can be taken
 */
gboolean
rt_content_demand_is_met (const RtContentDemand *demand,
                          const RtCall *call,
                          RtReply *reply,
                          RtEffects *out)
{
  RtDecision *why;
  Problem problem = { 0 };
  RtJson value;
  gboolean met;

  if (demand->members->len == 0)
    return TRUE;
  why = rt_decision_new ();
  rt_decision_begin (why, &rule, call->request->method);
  met = has_type (demand, call, why, &problem) && has_syntax (demand, call, why, &value, &problem)
        && has_members (demand, call, &value, why, &problem);
  rt_decision_conclude (why, met ? "taken" : problem.name);
  rt_effects_decide (out, why, TRUE);
  if (!met)
    refuse (demand, &problem, reply);
  g_free (problem.detail);
  g_free (problem.more);
  return met;
}
