/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluator of `roundtrip rule negotiator`: what the Accept fields say of a list of candidates,
 * or by themselves. */
#include "rt-rule.h"

#include "rt-error.h"
#include "rt-negotiation.h"

/* @absent is what a request without the field means: everything, and for codings "identity". */
static const struct
{
  const char *method, *field, *absent;
  RtAccept accept;
} methods[] = {
  { "mediaType", "accept", "*/*", RT_ACCEPT_MEDIA },
  { "language", "accept-language", "*", RT_ACCEPT_LANGUAGE },
  { "encoding", "accept-encoding", "", RT_ACCEPT_ENCODING },
  { "charset", "accept-charset", "*", RT_ACCEPT_CHARSET },
};

/* The question: one result or all, of which field, its value, and what there is to choose from. */
typedef struct
{
  RtAccept accept;
  gboolean plural;
  GString *value;
  JsonArray *candidates, *preferred; /* NULL where not given */
} Question;

/* A result and what it is ranked by: equal ones stay in order. */
typedef struct
{
  char *text;
  guint quality;
  guint favour; /* position among the preferred ones */
} Result;

static void
result_clear (gpointer data)
{
  g_free (((Result *)data)->text);
}

static gboolean
read_method (JsonObject *in, Question *q, GError **error)
{
  g_autoptr (GString) name = rt_rule_get_text (in, "method", error);
  JsonNode *headers = json_object_get_member (in, "headers");

  if (name == NULL)
    return FALSE;
  q->plural = g_str_has_suffix (name->str, "s");
  if (q->plural)
    g_string_truncate (name, name->len - 1);
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (strcmp (methods[i].method, name->str) == 0)
      {
        q->accept = methods[i].accept;
        if (headers != NULL && JSON_NODE_HOLDS_OBJECT (headers))
          q->value = rt_rule_get_text (json_node_get_object (headers), methods[i].field, NULL);
        if (q->value == NULL)
          q->value = g_string_new (methods[i].absent);
        return TRUE;
      }
  rt_set_error (error, RT_ERROR_UNKNOWN, NULL,
                "mediaType, language, encoding or charset, or its plural", "no such method");
  return FALSE;
}

static void
read_arguments (JsonObject *in, Question *q)
{
  JsonNode *args = json_object_get_member (in, "args");
  JsonArray *array
      = args != NULL && JSON_NODE_HOLDS_ARRAY (args) ? json_node_get_array (args) : NULL;
  guint n = array != NULL ? json_array_get_length (array) : 0;
  JsonNode *first = n > 0 ? json_array_get_element (array, 0) : NULL;
  JsonNode *second = n > 1 ? json_array_get_element (array, 1) : NULL;
  JsonNode *preferred = NULL;

  if (first != NULL && JSON_NODE_HOLDS_ARRAY (first))
    q->candidates = json_node_get_array (first);
  if (second != NULL && JSON_NODE_HOLDS_OBJECT (second))
    preferred = json_object_get_member (json_node_get_object (second), "preferred");
  if (preferred != NULL && JSON_NODE_HOLDS_ARRAY (preferred))
    q->preferred = json_node_get_array (preferred);
}

static const char *
string_at (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
}

static guint
favour_of (const Question *q, const char *text)
{
  guint n = q->preferred != NULL ? json_array_get_length (q->preferred) : 0;

  for (guint i = 0; i < n; i++)
    if (strcmp (string_at (q->preferred, i), text) == 0)
      return i;
  return n;
}

/* Inserts it behind all that are not worse. */
static void
insert_result (const Question *q, GArray *results, RtText text, guint quality)
{
  Result result = { .text = rt_text_dup (text), .quality = quality };
  guint at = results->len;

  result.favour = favour_of (q, result.text);
  for (; at > 0; at--)
    {
      const Result *before = &g_array_index (results, Result, at - 1);

      if (before->quality > quality
          || (before->quality == quality && before->favour <= result.favour))
        break;
    }
  g_array_insert_val (results, at, result);
}

static void
rank_candidates (const Question *q, GArray *results)
{
  guint n = json_array_get_length (q->candidates);
  g_autofree RtText *candidates = g_new (RtText, n + 1);
  g_autofree RtAcceptMatch *matches = g_new (RtAcceptMatch, n + 1);
  g_autofree guint *order = g_new (guint, n + 1);
  RtText value = { q->value->str, q->value->len };

  for (guint i = 0; i < n; i++)
    candidates[i] = rt_text (string_at (q->candidates, i));
  n = rt_accept_rank (value, q->accept, candidates, n, matches, order);
  for (guint i = 0; i < n; i++)
    insert_result (q, results, candidates[order[i]], matches[order[i]].quality);
}

/* Nothing to choose from: the field's own ranges. "identity" is one even where it is not named. */
static void
rank_preferences (const Question *q, GArray *results)
{
  RtText value = { q->value->str, q->value->len };
  RtText rest = value;
  RtPreference preference;
  RtAcceptMatch identity;

  while (rt_accept_next (&rest, q->accept, &preference))
    if (!preference.malformed && preference.quality > 0)
      insert_result (q, results, preference.range, preference.quality);
  if (q->accept != RT_ACCEPT_ENCODING)
    return;
  identity = rt_accept_match (value, q->accept, RT_TEXT ("identity"));
  if (identity.quality > 0 && identity.by.whole.at == NULL)
    insert_result (q, results, RT_TEXT ("identity"), identity.quality);
}

static void
set_result (JsonObject *out, gboolean plural, GArray *results)
{
  JsonArray *array;

  if (!plural && results->len == 0)
    json_object_set_null_member (out, "result");
  else if (!plural)
    json_object_set_string_member (out, "result", g_array_index (results, Result, 0).text);
  else
    {
      array = json_array_new ();
      for (guint i = 0; i < results->len; i++)
        json_array_add_string_element (array, g_array_index (results, Result, i).text);
      json_object_set_array_member (out, "result", array);
    }
}

gboolean
rt_rule_negotiator (JsonObject *in, JsonObject *out, GError **error)
{
  Question q = { 0 };
  g_autoptr (GArray) results = g_array_new (FALSE, FALSE, sizeof (Result));

  if (!read_method (in, &q, error))
    return FALSE;
  g_array_set_clear_func (results, result_clear);
  read_arguments (in, &q);
  if (q.candidates != NULL)
    rank_candidates (&q, results);
  else
    rank_preferences (&q, results);
  set_result (out, q.plural, results);
  g_string_free (q.value, TRUE);
  return TRUE;
}
