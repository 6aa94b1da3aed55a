/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluator of `roundtrip rule cookie`: a fresh jar is told the Set-Cookie values of one
 * response, then asked for the Cookie of the next request. Unless told which browser it is, it goes
 * by RFC 6265, the published standard; `standard` is its revision. */
#include "rt-rule-message.h"

#include "rt-cookie-jar.h"
#include "rt-error.h"
#include "rt-site.h"

/* How the two requests were made; what is left out is a user who types addresses. */
typedef struct
{
  RtUrl *url, *next_url;
  char *site;
  RtCookieJar *jar;
  RtTime now;
} Question;

static void
question_clear (Question *q)
{
  g_clear_pointer (&q->url, rt_url_free);
  g_clear_pointer (&q->next_url, rt_url_free);
  g_clear_pointer (&q->jar, rt_cookie_jar_free);
  g_free (q->site);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, question_clear)

static RtCookieJar *
new_jar (JsonObject *in, GError **error)
{
  static const char *const names[] = { "rfc6265", "standard", "chromium", "firefox" };
  guint i;

  if (!rt_rule_get_choice (in, "browser", names, G_N_ELEMENTS (names), &i, error))
    return NULL;
  return rt_cookie_jar_new (rt_cookie_settings_find (names[i]));
}

static gboolean
read_site (JsonObject *in, Question *q, GError **error)
{
  g_autoptr (RtUrl) page = NULL;

  if (!json_object_has_member (in, "page"))
    return TRUE;
  page = rt_rule_get_url (in, "page", error);
  if (page == NULL)
    return FALSE;
  q->site = rt_url_dup_site (page);
  return TRUE;
}

static gboolean
read_question (JsonObject *in, Question *q, GError **error)
{
  return rt_rule_get_time (in, "now", &q->now, error)
         && (q->url = rt_rule_get_url (in, "url", error)) != NULL
         && (q->next_url = rt_rule_get_url (in, "next_url", error)) != NULL
         && (q->jar = new_jar (in, error)) != NULL && read_site (in, q, error);
}

static gboolean
set_one (
    Question *q, JsonNode *node, const RtCookieContext *context, JsonArray *out, GError **error)
{
  g_autoptr (GString) value = rt_rule_node_to_text (node);
  g_autoptr (RtDecision) why = rt_decision_new ();
  JsonObject *answer;
  RtField field = { .name = RT_TEXT ("Set-Cookie") };
  RtCookieFate fate;

  if (value == NULL)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, "an array of strings",
                    "“set_cookie” is of another form");
      return FALSE;
    }
  /* White space around it is no part of a field value (RFC 9110 §5.5). */
  field.value = rt_text_trim ((RtText){ value->str, value->len });
  fate = rt_cookie_set_decide (q->jar, &field, context, q->now, why);
  answer = json_object_new ();
  json_object_set_string_member (answer, "fate", rt_cookie_fate_name (fate));
  rt_rule_set_decision (answer, why);
  json_array_add_object_element (out, answer);
  return TRUE;
}

static gboolean
set_all (JsonObject *in, JsonObject *out, Question *q, GError **error)
{
  JsonNode *node = json_object_get_member (in, "set_cookie");
  RtCookieContext context = {
    .url = q->url,
    .site = q->site,
    .navigation = rt_rule_get_boolean (in, "navigation", q->site == NULL),
    .script = rt_rule_get_boolean (in, "script", FALSE),
  };
  JsonArray *fates = json_array_new ();

  json_object_set_array_member (out, "set", fates);
  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, "an array of strings", "no “set_cookie”");
      return FALSE;
    }
  for (guint i = 0; i < json_array_get_length (json_node_get_array (node)); i++)
    if (!set_one (q, json_array_get_element (json_node_get_array (node), i), &context, fates,
                  error))
      return FALSE;
  return TRUE;
}

static void
send (JsonObject *in, JsonObject *out, Question *q)
{
  g_autoptr (GPtrArray) decisions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_decision_unref);
  RtCookieContext context = {
    .url = q->next_url,
    .site = q->site,
    .method = rt_text (rt_rule_get_string (in, "method", "GET")),
    .navigation = rt_rule_get_boolean (in, "navigation", q->site == NULL),
    .script = rt_rule_get_boolean (in, "script", FALSE),
  };
  g_autofree char *value = rt_cookie_jar_dup_field (q->jar, &context, q->now, decisions);
  JsonArray *answers = json_array_new ();

  if (value != NULL)
    json_object_set_string_member (out, "cookie", value);
  else
    json_object_set_null_member (out, "cookie");
  for (guint i = 0; i < decisions->len; i++)
    {
      RtDecision *why = g_ptr_array_index (decisions, i);
      JsonObject *answer = json_object_new ();

      json_object_set_string_member (answer, "name", rt_cookie_jar_get (q->jar, i)->name);
      json_object_set_string_member (answer, "verdict", rt_decision_get_verdict (why));
      rt_rule_set_decision (answer, why);
      json_array_add_object_element (answers, answer);
    }
  json_object_set_array_member (out, "send", answers);
}

gboolean
rt_rule_ask_cookie (JsonObject *in, JsonObject *out, GError **error)
{
  g_auto (Question) q = { 0 };

  if (!read_question (in, &q, error) || !set_all (in, out, &q, error))
    return FALSE;
  send (in, out, &q);
  return TRUE;
}
