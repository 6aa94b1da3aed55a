/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluators of `roundtrip rule` about traffic that others made: what a response's fields owe,
 * what an exchange gives away. */
#include "rt-rule-message.h"

#include "rt-error.h"
#include "rt-exposure.h"
#include "rt-response-fields.h"

/* One answer of a rule that is asked again from behind what it found. */
typedef guint (*NextFault) (gconstpointer question, guint from, RtDecision *why);

/* Each fault by its clause, with its decision. */
static gboolean
answer_faults (JsonObject *out, NextFault next, gconstpointer question)
{
  JsonArray *faults = json_array_new ();
  guint from = 0;

  do
    {
      g_autoptr (RtDecision) why = rt_decision_new ();
      JsonObject *fault;
      RtCheck check;

      from = next (question, from, why);
      if (from == 0 || !rt_decision_get_deciding (why, &check))
        break;
      fault = json_object_new ();
      json_object_set_string_member (fault, "clause", check.clause.id);
      rt_rule_set_decision (fault, why);
      json_array_add_object_element (faults, fault);
    }
  while (TRUE);
  json_object_set_array_member (out, "faults", faults);
  return TRUE;
}

typedef struct
{
  RtMessage *request, *response;
  RtResponseSeen seen;
  RtExposureContext exposure;
} Question;

static void
question_clear (Question *q)
{
  g_clear_pointer (&q->request, rt_message_unref);
  g_clear_pointer (&q->response, rt_message_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

static gboolean
read_question (JsonObject *in, Question *q, GError **error)
{
  q->request = rt_rule_get_message (in, "request", RT_MESSAGE_REQUEST, error);
  if (q->request == NULL)
    return FALSE;
  q->response = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error);
  return q->response != NULL;
}

static guint
next_field_fault (gconstpointer question, guint from, RtDecision *why)
{
  const Question *q = question;

  return rt_response_fields_decide (q->request, q->response, &q->seen, from, why);
}

gboolean
rt_rule_ask_response (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Question) q = { 0 };

  q.seen.has_content = rt_rule_get_boolean (in, "content", FALSE);
  return read_question (in, &q, error) && rt_rule_get_time (in, "now", &q.seen.now, error)
         && answer_faults (out, next_field_fault, &q);
}

static guint
next_exposure (gconstpointer question, guint from, RtDecision *why)
{
  const Question *q = question;

  return rt_exposure_decide (q->request, q->response, &q->exposure, from, why);
}

gboolean
rt_rule_ask_exposure (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Question) q = { 0 };
  const char *secret = rt_rule_get_string (in, "secret", "");
  gssize at;

  if (!read_question (in, &q, error)
      || (json_object_has_member (in, "lifetime")
          && !rt_rule_get_integer (in, "lifetime", &q.exposure.shared_lifetime, error)))
    return FALSE;
  q.exposure.secure = rt_rule_get_boolean (in, "secure", FALSE);
  q.exposure.loopback = rt_rule_get_boolean (in, "loopback", FALSE);
  at = *secret != '\0' ? rt_text_find (q.request->target, rt_text (secret)) : -1;
  if (at >= 0)
    q.exposure.secret = rt_text_sub (q.request->target, (gsize)at, strlen (secret));
  return answer_faults (out, next_exposure, &q);
}

static gboolean
answer (JsonObject *out, const char *name, gboolean verdict, RtDecision *why)
{
  json_object_set_boolean_member (out, name, verdict);
  rt_rule_set_decision (out, why);
  return TRUE;
}

gboolean
rt_rule_ask_not_modified (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Question) q = { 0 };
  g_autoptr (RtMessage) earlier = NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();

  if (!read_question (in, &q, error))
    return FALSE;
  if (json_object_has_member (in, "earlier"))
    {
      earlier = rt_rule_get_message (in, "earlier", RT_MESSAGE_RESPONSE, error);
      if (earlier == NULL)
        return FALSE;
    }
  return answer (out, "fine", rt_not_modified_decide (q.request, earlier, q.response, why), why);
}

gboolean
rt_rule_ask_vary_named (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Question) one = { 0 };
  g_autoptr (RtMessage) request = NULL;
  g_autoptr (RtMessage) response = NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();

  if (!read_question (in, &one, error))
    return FALSE;
  request = rt_rule_get_message (in, "next_request", RT_MESSAGE_REQUEST, error);
  if (request == NULL)
    return FALSE;
  response = rt_rule_get_message (in, "next_response", RT_MESSAGE_RESPONSE, error);
  if (response == NULL)
    return FALSE;
  return answer (out, "named",
                 rt_vary_named_decide (&(RtAnswered){ one.request, one.response },
                                       &(RtAnswered){ request, response }, why),
                 why);
}

gboolean
rt_rule_ask_cookie_hardened (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (RtMessage) response = rt_rule_get_message (in, "response", RT_MESSAGE_RESPONSE, error);
  const RtField *field = response != NULL ? rt_fields_first (response->fields, "Set-Cookie") : NULL;
  g_autoptr (RtDecision) why = rt_decision_new ();

  if (response == NULL)
    return FALSE;
  if (field == NULL)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, "a Set-Cookie field", "the response has none");
      return FALSE;
    }
  return answer (out, "hardened",
                 rt_cookie_hardened_decide (field, rt_rule_get_boolean (in, "secure", FALSE), why),
                 why);
}

gboolean
rt_rule_ask_compression (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Question) q = { 0 };
  g_autoptr (RtDecision) why = rt_decision_new ();
  gint64 length = 0;

  return read_question (in, &q, error) && rt_rule_get_integer (in, "length", &length, error)
         && answer (out, "missed",
                    rt_compression_decide (q.request, q.response, (guint64)MAX (length, 0), why),
                    why);
}
