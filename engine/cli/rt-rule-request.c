/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluators of `roundtrip rule` about what a request asks of a representation: preconditions,
 * ranges, negotiation. */
#include "rt-rule-message.h"

#include "rt-error.h"
#include "rt-negotiate.h"
#include "rt-preconditions.h"
#include "rt-range-select.h"

static gboolean
get_state (JsonObject *in, RtPreconditionState *state, GError **error)
{
  JsonObject *object = rt_rule_get_object (in, "state", error);
  gint64 status = 200;

  if (object == NULL
      || (json_object_has_member (object, "status")
          && !rt_rule_get_integer (object, "status", &status, error)))
    return FALSE;
  state->status = (guint)CLAMP (status, 0, 999);
  state->etag = rt_text (rt_rule_get_string (object, "etag", NULL));
  state->has_modified = json_object_has_member (object, "modified");
  if (state->has_modified && !rt_rule_get_time (object, "modified", &state->modified, error))
    return FALSE;
  state->exists = rt_rule_get_boolean (object, "exists", TRUE);
  state->is_cache = rt_rule_get_boolean (object, "is_cache", FALSE);
  state->changed_twice = rt_rule_get_boolean (object, "changed_twice", FALSE);
  state->require_if_match = rt_rule_get_boolean (object, "require_if_match", FALSE);
  state->already_applied = rt_rule_get_boolean (object, "already_applied", FALSE);
  return TRUE;
}

gboolean
rt_rule_ask_precondition (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  RtPreconditionState state = { 0 };
  RtTime now;

  if (request == NULL || !get_state (in, &state, error)
      || !rt_rule_get_time (in, "now", &now, error))
    return FALSE;
  json_object_set_string_member (
      out, "verdict", rt_precondition_name (rt_precondition_decide (request, &state, now, why)));
  rt_rule_set_decision (out, why);
  return TRUE;
}

gboolean
rt_rule_ask_range_select (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  JsonArray *ranges = json_array_new ();
  RtRangeSelection selection;
  gint64 length;

  json_object_set_array_member (out, "ranges", ranges);
  if (request == NULL || !rt_rule_get_integer (in, "length", &length, error))
    return FALSE;
  rt_range_select_decide (request, (guint64)MAX (length, 0),
                          rt_rule_get_boolean (in, "supported", TRUE), &selection, why);
  json_object_set_string_member (out, "verdict", rt_range_verdict_name (selection.verdict));
  for (guint i = 0; i < MAX (selection.n, selection.verdict == RT_RANGE_UNSATISFIABLE); i++)
    {
      g_autofree char *range = rt_range_content_range (&selection, i);

      json_array_add_string_element (ranges, range);
    }
  rt_rule_set_decision (out, why);
  return TRUE;
}

static guint
get_variants (JsonObject *in, RtVariant *variants)
{
  JsonNode *node = json_object_get_member (in, "variants");
  JsonArray *list
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = list != NULL ? MIN (json_array_get_length (list), RT_NEGOTIATE_MAX) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *element = json_array_get_element (list, i);
      JsonObject *o;

      if (!JSON_NODE_HOLDS_OBJECT (element))
        return 0;
      o = json_node_get_object (element);
      variants[i] = (RtVariant){ rt_text (rt_rule_get_string (o, "type", NULL)),
                                 rt_text (rt_rule_get_string (o, "language", NULL)),
                                 rt_text (rt_rule_get_string (o, "coding", NULL)) };
    }
  return n;
}

gboolean
rt_rule_ask_negotiate (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *vary = NULL;
  RtVariant variants[RT_NEGOTIATE_MAX];
  guint n = get_variants (in, variants);
  RtNegotiation answer;

  if (request == NULL)
    return FALSE;
  if (n == 0)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, "an array of {type, language, coding}",
                    "“variants” is missing, empty or of another form");
      return FALSE;
    }
  answer
      = rt_negotiate_decide (request, variants, n, rt_rule_get_boolean (in, "strict", FALSE), why);
  vary = rt_negotiation_vary (&answer);
  json_object_set_string_member (out, "verdict", rt_negotiation_name (answer.verdict));
  json_object_set_int_member (out, "chosen", answer.chosen);
  json_object_set_string_member (out, "vary", vary != NULL ? vary : "");
  rt_rule_set_decision (out, why);
  return TRUE;
}
