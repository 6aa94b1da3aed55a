/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip rule NAME`: reads one JSON object a line, asks the evaluator, writes one a line. */
#include "rt-rule.h"

#include "rt-error.h"
#include "rt-json.h"
#include "rt-json-value.h"
#include "rt-text.h"

#include <stdlib.h>

/* JSON strings can hold U+0000 and halves of surrogate pairs, json-glib's cannot. Between reading a
 * line and writing the answer the end of the last private use plane stands in for them: one
 * character for U+0000, and 2048 for the halves from U+D800 on. */
#define NUL_STAND_IN 0x10f7ff
#define HALF_STAND_IN 0x10f800

static const RtRuleEvaluator evaluators[] = {
  { "authentication",
    "{request, scheme, realm, scope, proxy, accounts: [{user, secret, scope, expires}], now} → "
    "{verdict, status, challenge, user}",
    rt_rule_ask_authentication },
  { "challenge", "{request, response, schemes, secure, cleartext} → {scheme}",
    rt_rule_ask_challenge },
  { "compression", "{request, response, length} → {missed}", rt_rule_ask_compression },
  { "connection-persist",
    "{request, response, client_version, server_version, framing, complete} → {open}",
    rt_rule_ask_connection_persist },
  { "connection-reuse",
    "{connection: {origin, idle, response, multiplexed, busy, vouched, misdirected}, origin} → "
    "{reuse}",
    rt_rule_ask_connection_reuse },
  { "cookie",
    "{now, url, set_cookie: [values], next_url, …} → {cookie, set: [{fate}], send: [{name, send}]}",
    rt_rule_ask_cookie },
  { "cookie-hardened", "{response, secure} → {hardened}", rt_rule_ask_cookie_hardened },
  { "cors", "{request, response, credentials} → {allowed}", rt_rule_ask_cors },
  { "cors-expose", "{name, response, credentials} → {readable}", rt_rule_ask_cors_expose },
  { "cors-needed", "{request, same_origin, upload_observed, streamed} → {needed}",
    rt_rule_ask_cors_needed },
  { "cors-preflight", "{request, preflight, response, credentials} → {allowed}",
    rt_rule_ask_cors_preflight },
  { "cors-vary", "{response} → {advised}: Vary: Origin is missing", rt_rule_ask_cors_vary },
  { "dates", "{test} → {date}: an IMF-fixdate, or null", rt_rule_dates },
  { "exposure",
    "{request, response, secure, loopback, secret, lifetime} → {faults: [{clause, decision}]}",
    rt_rule_ask_exposure },
  { "forwarded",
    "{request, peer, trusted: [networks], fields: forwarded|x-forwarded} → {client, known, proto, "
    "host, hops}",
    rt_rule_ask_forwarded },
  { "freshness", "{cache, response, received, delay, now} → {fresh, basis, lifetime, age}",
    rt_rule_ask_freshness },
  { "hsts", "{host, secure, trusted, response, later, next_host} → {note, upgrade}",
    rt_rule_ask_hsts },
  { "idempotency",
    "{request, required, record: {reserved, expires, done, same_payload}, now} → {verdict, status}",
    rt_rule_ask_idempotency },
  { "invalidate", "{uri, request, response} → {target, location, content_location}",
    rt_rule_ask_invalidate },
  { "mime", "{input} → {output}: the MIME type as browsers read it, or null", rt_rule_mime },
  { "negotiate",
    "{request, variants: [{type, language, coding}], strict} → {verdict, chosen, vary}",
    rt_rule_ask_negotiate },
  { "negotiator",
    "{method, headers, args: [[candidates], {preferred}]} → {result}; method is mediaType, "
    "language, encoding or charset, or its plural for the whole ranking",
    rt_rule_negotiator },
  { "not-modified", "{request, earlier, response} → {fine}", rt_rule_ask_not_modified },
  { "precondition", "{request, state: {etag, modified, exists, …}, now} → {verdict}",
    rt_rule_ask_precondition },
  { "range", "{size, header, options: {combine}} → {result: {type, ranges} | -1 | -2}",
    rt_rule_range },
  { "range-select", "{request, length, supported} → {verdict: 200|206|416, ranges}",
    rt_rule_ask_range_select },
  { "redirect",
    "{url, request, response, mode, origin, cors, has_content, streamed, count} → {verdict, "
    "method, url, crosses, taints, "
    "headers}",
    rt_rule_ask_redirect },
  { "response", "{request, response, content, now} → {faults: [{clause, decision}]}",
    rt_rule_ask_response },
  { "retry",
    "{request, response, sent, reused, proxy, attempts, max_attempts, replayable, now} → {retry, "
    "delay}",
    rt_rule_ask_retry },
  { "reuse", "{cache, stored: {request, response, received, delay}, request, now} → {verdict}",
    rt_rule_ask_reuse },
  { "sf", "{header_type: item|list|dictionary, raw: [lines]} → {canonical: [line]}", rt_rule_sf },
  { "stale", "as reuse, with the response of the server that failed, or none → {verdict}",
    rt_rule_ask_stale },
  { "store", "{cache, request, response} → {store, headers}", rt_rule_ask_store },
  { "token", "{token, key: JWK, issuer, audience, leeway, forever, now} → {valid}",
    rt_rule_ask_token },
  { "update", "as reuse, with the response that may update the stored one → {verdict, headers}",
    rt_rule_ask_update },
  { "url", "{input, base} → {href}: the URL as browsers read it", rt_rule_url },
  { "vary-named", "{request, response, next_request, next_response} → {named}",
    rt_rule_ask_vary_named },
};

/**
 * rt_rule_find:
 * @name: of a rule
 *
 * Returns: (nullable): its evaluator
 */
const RtRuleEvaluator *
rt_rule_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (evaluators); i++)
    if (strcmp (evaluators[i].name, name) == 0)
      return &evaluators[i];
  return NULL;
}

/* The code unit of the `\uXXXX` at @at, or -1. */
static gint32
escaped_unit (const char *at)
{
  gint32 unit = 0;

  if (at[0] != '\\' || at[1] != 'u')
    return -1;
  for (int i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (at[i]);

      if (digit < 0)
        return -1;
      unit = unit << 4 | digit;
    }
  return unit;
}

/* Rewrites the escapes that json-glib cannot hold. */
static char *
put_stand_ins (const char *line)
{
  GString *out = g_string_new (NULL);

  for (const char *at = line; *at != '\0';)
    {
      gint32 unit = escaped_unit (at);
      gsize n = unit >= 0 ? 6 : *at == '\\' && at[1] != '\0' ? 2 : 1;

      if (unit >= 0xd800 && unit <= 0xdbff && (escaped_unit (at + 6) & ~0x3ff) == 0xdc00)
        n = 12;
      if (unit == 0)
        g_string_append_unichar (out, NUL_STAND_IN);
      else if (n == 6 && unit >= 0xd800 && unit <= 0xdfff)
        g_string_append_unichar (out, HALF_STAND_IN + (gunichar)unit - 0xd800);
      else
        g_string_append_len (out, at, (gssize)n);
      at += n;
    }
  return g_string_free (out, FALSE);
}

/* Writes them as they came; and U+001F, which json-glib forgets to escape. */
static char *
undo_stand_ins (const char *answer)
{
  GString *out = g_string_new (NULL);

  for (const char *at = answer; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c < 0x20)
        g_string_append_printf (out, "\\u%04x", c);
      else if (c >= NUL_STAND_IN)
        g_string_append_printf (out, "\\u%04x", c == NUL_STAND_IN ? 0 : c - HALF_STAND_IN + 0xd800);
      else
        g_string_append_unichar (out, c);
    }
  return g_string_free (out, FALSE);
}

static JsonNode *
missing (const char *name, const char *what, GError **error)
{
  rt_set_error (error, RT_ERROR_MISSING, NULL, what, "no “%s”", name);
  return NULL;
}

/**
 * rt_rule_node_to_text:
 * @node: (nullable): of a question
 *
 * Returns: (transfer full) (nullable): its text in UTF-8, if it is a string; it may hold NULs, and
 *   U+FFFD where half a surrogate pair stood
 */
GString *
rt_rule_node_to_text (JsonNode *node)
{
  GString *text;

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;
  text = g_string_new (NULL);
  for (const char *at = json_node_get_string (node); *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == NUL_STAND_IN)
        g_string_append_c (text, '\0');
      else
        g_string_append_unichar (text, c > NUL_STAND_IN ? 0xfffd : c);
    }
  return text;
}

/**
 * rt_rule_get_text:
 * @in: a question
 * @name: of a member that is a string
 *
 * Errors: %RT_ERROR_MISSING.
 *
 * Returns: (transfer full) (nullable): its text, see rt_rule_node_to_text()
 */
GString *
rt_rule_get_text (JsonObject *in, const char *name, GError **error)
{
  GString *text = rt_rule_node_to_text (json_object_get_member (in, name));

  if (text == NULL)
    missing (name, "a string", error);
  return text;
}

/**
 * rt_rule_get_integer:
 * @in: a question
 * @name: of a member that is a number
 * @ret_value: (out): untouched on failure
 *
 * Errors: %RT_ERROR_MISSING.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_rule_get_integer (JsonObject *in, const char *name, gint64 *ret_value, GError **error)
{
  JsonNode *node = json_object_get_member (in, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_INT64)
    return missing (name, "a whole number", error) != NULL;
  *ret_value = json_node_get_int (node);
  return TRUE;
}

static JsonObject *
fact_to_json (const RtFact *fact)
{
  JsonObject *out = json_object_new ();

  json_object_set_string_member (out, "name", fact->name);
  if (fact->text.at != NULL)
    {
      g_autofree char *text = rt_text_escape (fact->text);

      json_object_set_string_member (out, "text", text);
    }
  else
    json_object_set_int_member (out, "number", fact->number);
  if (!rt_span_is_none (fact->proof))
    json_object_set_object_member (out, "proof", rt_json_from_span (fact->proof));
  return out;
}

static JsonObject *
check_to_json (const RtCheck *check)
{
  JsonObject *out = json_object_new ();
  JsonArray *facts = json_array_new ();

  json_object_set_string_member (out, "id", check->clause.id);
  json_object_set_string_member (out, "title", check->clause.title);
  json_object_set_string_member (out, "reference", check->clause.reference);
  json_object_set_string_member (out, "level", rt_level_name (check->clause.level));
  json_object_set_string_member (out, "outcome", rt_outcome_name (check->outcome));
  json_object_set_boolean_member (out, "decides", check->decides);
  for (guint i = 0; i < check->n_facts; i++)
    json_array_add_object_element (facts, fact_to_json (&check->facts[i]));
  json_object_set_array_member (out, "facts", facts);
  return out;
}

/**
 * rt_rule_set_decision:
 * @out: an answer
 * @decision: (transfer none): how it came about; becomes its member `decision`
 */
void
rt_rule_set_decision (JsonObject *out, RtDecision *decision)
{
  JsonObject *object = json_object_new ();
  JsonArray *checks = json_array_new ();

  json_object_set_string_member (object, "rule", rt_decision_get_rule (decision));
  json_object_set_string_member (object, "title", rt_decision_get_title (decision));
  json_object_set_string_member (object, "reference", rt_decision_get_reference (decision));
  json_object_set_string_member (object, "subject", rt_decision_get_subject (decision));
  json_object_set_string_member (object, "verdict", rt_decision_get_verdict (decision));
  for (guint i = 0; i < rt_decision_get_n_checks (decision); i++)
    {
      RtCheck check = rt_decision_get_check (decision, i);

      json_array_add_object_element (checks, check_to_json (&check));
    }
  json_object_set_array_member (object, "checks", checks);
  json_object_set_object_member (out, "decision", object);
}

/* json-glib's parser recurses on nesting without a limit, and so would end on the stack's. */
static gboolean
is_nested_too_deep (const char *line)
{
  guint depth = 0;
  gboolean quoted = FALSE;

  for (const char *c = line; *c != '\0' && depth <= RT_JSON_DEPTH_MAX; c++)
    if (quoted && *c == '\\' && c[1] != '\0')
      c++;
    else if (*c == '"')
      quoted = !quoted;
    else if (!quoted && (*c == '[' || *c == '{'))
      depth++;
    else if (!quoted && (*c == ']' || *c == '}') && depth > 0)
      depth--;
  return depth > RT_JSON_DEPTH_MAX;
}

/* The line as the root of a JSON text; NULL: it is none. */
static JsonNode *
parse_line (JsonParser *parser, const char *line, GError **error)
{
  g_autofree char *readable = NULL;

  if (!g_utf8_validate (line, -1, NULL))
    rt_set_error (error, RT_ERROR_SYNTAX, NULL, NULL, "not UTF-8 text");
  else if (is_nested_too_deep (line))
    rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "nested deeper than %d levels",
                  RT_JSON_DEPTH_MAX);
  else
    {
      readable = put_stand_ins (line);
      if (json_parser_load_from_data (parser, readable, -1, error))
        return json_parser_get_root (parser);
    }
  return NULL;
}

/* json-glib names the place as `<data>:1:COLUMN: `. */
static void
set_error_place (JsonObject *out, guint number, const GError *error)
{
  const char *why = error != NULL ? error->message : "not a JSON object";
  const char *within = g_str_has_prefix (why, "<data>:1:") ? why + strlen ("<data>:1:") : NULL;
  g_autofree char *message = g_strdup_printf (
      "line %u: %s%s", number, within != NULL ? "column " : "", within != NULL ? within : why);

  json_object_set_boolean_member (out, "error", TRUE);
  json_object_set_string_member (out, "detail", message);
}

static void
answer_object (const RtRuleEvaluator *evaluator, JsonObject *in, JsonObject *out)
{
  g_autoptr (GError) error = NULL;
  JsonNode *id = json_object_get_member (in, "id");

  if (id != NULL)
    json_object_set_member (out, "id", json_node_copy (id));
  if (evaluator->evaluate (in, out, &error))
    return;
  json_object_set_boolean_member (out, "error", TRUE);
  json_object_set_string_member (out, "detail", error->message);
}

/**
 * rt_rule_answer:
 * @evaluator: a rule
 * @line: one question
 * @number: of the line, from 1
 *
 * Returns: (transfer full): the answer, a JSON object on one line without a line break
 */
char *
rt_rule_answer (const RtRuleEvaluator *evaluator, const char *line, guint number)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (JsonNode) answer = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) out = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *written = NULL;
  JsonNode *root = parse_line (parser, line, &error);

  if (root != NULL && JSON_NODE_HOLDS_OBJECT (root))
    answer_object (evaluator, json_node_get_object (root), out);
  else
    set_error_place (out, number, error);
  json_node_set_object (answer, out);
  written = json_to_string (answer, FALSE);
  return undo_stand_ins (written);
}

/**
 * rt_rule_run:
 * @evaluator: a rule
 * @in: questions, one a line; empty lines are skipped
 * @out: answers, one a line, each written out at once
 */
void
rt_rule_run (const RtRuleEvaluator *evaluator, FILE *in, FILE *out)
{
  char *line = NULL;
  size_t size = 0;
  ssize_t length;

  for (guint number = 1; (length = getline (&line, &size, in)) >= 0; number++)
    {
      g_autofree char *answer = NULL;

      /* A NUL would end the line early; as a byte that JSON forbids it is told of. */
      for (ssize_t i = 0; i < length; i++)
        line[i] = line[i] == '\0' ? '\1' : line[i];
      g_strchomp (line);
      if (*line == '\0')
        continue;
      answer = rt_rule_answer (evaluator, line, number);
      fprintf (out, "%s\n", answer);
      fflush (out);
    }
  free (line);
}

static void
print_usage (FILE *out)
{
  fputs ("Usage: roundtrip rule NAME\n\n"
         "Reads one JSON object a line from standard input and answers one a line.\n"
         "“id” is echoed; what cannot be answered gets {\"error\": true, \"detail\": …}.\n\n",
         out);
  for (gsize i = 0; i < G_N_ELEMENTS (evaluators); i++)
    fprintf (out, "  %-18s %s\n", evaluators[i].name, evaluators[i].form);
}

static int
unknown_rule (const char *name)
{
  const char *names[G_N_ELEMENTS (evaluators)];
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (evaluators); i++)
    names[i] = evaluators[i].name;
  rt_set_unknown (&error, NULL, "rule", name, names, G_N_ELEMENTS (names));
  fprintf (stderr, "roundtrip rule: %s\n", error->message);
  return 2;
}

/**
 * rt_rule_main:
 * @argc: length of @argv
 * @argv: `rule` and what follows it on the command line
 *
 * Returns: the exit status: 0, or 2 where the command line is wrong
 */
int
rt_rule_main (int argc, char **argv)
{
  const RtRuleEvaluator *evaluator;

  if (argc == 2 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0))
    {
      print_usage (stdout);
      return 0;
    }
  if (argc != 2)
    {
      print_usage (stderr);
      return 2;
    }
  evaluator = rt_rule_find (argv[1]);
  if (evaluator == NULL)
    return unknown_rule (argv[1]);
  rt_rule_run (evaluator, stdin, stdout);
  return 0;
}
