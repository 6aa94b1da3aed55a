/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading messages: `{"method": "GET", "target": "/a", "headers": [["Host", "a.test"], …]}` and
 * `{"status": 200, "headers": […]}`. What is left out is GET, / and 200. */
#include "rt-rule-message.h"

#include "rt-error.h"

static gboolean
refuse (GError **error, const char *name, const char *expected)
{
  rt_set_error (error, RT_ERROR_MISSING, NULL, expected, "“%s” is missing or of another form",
                name);
  return FALSE;
}

/**
 * rt_rule_get_object:
 * @in: a question
 * @name: of a member that is an object
 *
 * Errors: %RT_ERROR_MISSING.
 *
 * Returns: (transfer none) (nullable): the member
 */
JsonObject *
rt_rule_get_object (JsonObject *in, const char *name, GError **error)
{
  JsonNode *node = json_object_get_member (in, name);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  refuse (error, name, "an object");
  return NULL;
}

/**
 * rt_rule_get_boolean:
 * @in: a question
 * @name: of a member
 * @otherwise: what it is if it is missing or no boolean
 *
 * Returns: the member
 */
gboolean
rt_rule_get_boolean (JsonObject *in, const char *name, gboolean otherwise)
{
  JsonNode *node = json_object_get_member (in, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_BOOLEAN
             ? json_node_get_boolean (node)
             : otherwise;
}

/**
 * rt_rule_get_string:
 * @in: a question
 * @name: of a member
 * @otherwise: (nullable): what it is if it is missing or no string
 *
 * Returns: (transfer none) (nullable): the member
 */
const char *
rt_rule_get_string (JsonObject *in, const char *name, const char *otherwise)
{
  JsonNode *node = json_object_get_member (in, name);

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : otherwise;
}

/**
 * rt_rule_get_choice:
 * @in: a question
 * @name: of a member
 * @names: (array length=n): what it may be; the first is what it is if it is missing
 * @ret_choice: (out): which of them it is; untouched on failure
 *
 * Errors: %RT_ERROR_UNKNOWN.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_rule_get_choice (JsonObject *in,
                    const char *name,
                    const char *const *names,
                    gsize n,
                    guint *ret_choice,
                    GError **error)
{
  const char *chosen = rt_rule_get_string (in, name, names[0]);

  for (guint i = 0; i < n; i++)
    if (strcmp (names[i], chosen) == 0)
      {
        *ret_choice = i;
        return TRUE;
      }
  rt_set_unknown (error, NULL, name, chosen, names, n);
  return FALSE;
}

/**
 * rt_rule_get_time:
 * @in: a question
 * @name: of a member: `2026-01-01T12:00:00Z`
 * @ret_time: (out): untouched on failure
 *
 * Errors: %RT_ERROR_MISSING, %RT_ERROR_SYNTAX.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_rule_get_time (JsonObject *in, const char *name, RtTime *ret_time, GError **error)
{
  const char *text = rt_rule_get_string (in, name, NULL);

  return text != NULL ? rt_time_parse (text, ret_time, error)
                      : refuse (error, name, "a UTC time such as 2026-01-01T12:00:00Z");
}

/**
 * rt_rule_get_url:
 * @in: a question
 * @name: of a member: a URL with a host
 *
 * Errors: %RT_ERROR_MISSING, %RT_ERROR_SYNTAX.
 *
 * Returns: (transfer full) (nullable): the member
 */
RtUrl *
rt_rule_get_url (JsonObject *in, const char *name, GError **error)
{
  g_autoptr (GString) text = rt_rule_get_text (in, name, error);
  g_autoptr (RtUrl) url = NULL;

  if (text == NULL)
    return NULL;
  url = rt_url_parse ((RtText){ text->str, text->len }, NULL, error);
  if (url == NULL)
    return NULL;
  if (url->host != NULL)
    return g_steal_pointer (&url);
  refuse (error, name, "a URL with a host");
  return NULL;
}

static const char *
element_string (JsonArray *array, guint i)
{
  JsonNode *node = json_array_get_element (array, i);

  return json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : NULL;
}

/**
 * rt_rule_get_strings:
 * @in: a question
 * @name: of a member: an array of strings
 * @ret_n: (out) (optional): how many
 *
 * Errors: %RT_ERROR_MISSING.
 *
 * Returns: (transfer container) (nullable) (array zero-terminated=1): the member
 */
const char **
rt_rule_get_strings (JsonObject *in, const char *name, guint *ret_n, GError **error)
{
  JsonNode *node = json_object_get_member (in, name);
  JsonArray *list
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint n = list != NULL ? json_array_get_length (list) : 0;
  g_autofree const char **strings = g_new0 (const char *, n + 1);

  for (guint i = 0; i < n; i++)
    strings[i] = element_string (list, i);
  if (list == NULL || g_strv_length ((char **)strings) != n)
    {
      refuse (error, name, "an array of strings");
      return NULL;
    }
  if (ret_n != NULL)
    *ret_n = n;
  return g_steal_pointer (&strings);
}

static gboolean
read_fields (JsonNode *node, RtFields *fields, GError **error)
{
  JsonArray *list;

  if (node == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    return refuse (error, "headers", "an array of [name, value]");
  list = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (list); i++)
    {
      JsonNode *element = json_array_get_element (list, i);
      JsonArray *pair = JSON_NODE_HOLDS_ARRAY (element) ? json_node_get_array (element) : NULL;

      if (pair == NULL || json_array_get_length (pair) != 2 || element_string (pair, 0) == NULL
          || element_string (pair, 1) == NULL)
        return refuse (error, "headers", "an array of [name, value]");
      rt_fields_append (fields, element_string (pair, 0), element_string (pair, 1));
    }
  return TRUE;
}

/**
 * rt_rule_get_message:
 * @in: a question
 * @name: of a member that is a message
 * @kind: which of the two
 *
 * Errors: %RT_ERROR_MISSING.
 *
 * Returns: (transfer full) (nullable): the message
 */
RtMessage *
rt_rule_get_message (JsonObject *in, const char *name, RtMessageKind kind, GError **error)
{
  JsonObject *object = rt_rule_get_object (in, name, error);
  g_autoptr (RtMessage) message = NULL;
  gint64 status = 200;

  if (object == NULL)
    return NULL;
  if (json_object_has_member (object, "status")
      && !rt_rule_get_integer (object, "status", &status, error))
    return NULL;
  if (kind == RT_MESSAGE_REQUEST)
    message = rt_message_new_request (rt_rule_get_string (object, "method", "GET"),
                                      rt_rule_get_string (object, "target", "/"));
  else
    message = rt_message_new_response ((guint)CLAMP (status, 0, 999), "");
  if (!read_fields (json_object_get_member (object, "headers"), message->fields, error))
    return NULL;
  return g_steal_pointer (&message);
}

/**
 * rt_rule_dup_uri:
 * @in: a question
 * @request: its request
 *
 * Returns: (transfer full): its member `uri`, or else `http://`, Host and target
 */
char *
rt_rule_dup_uri (JsonObject *in, RtMessage *request)
{
  const char *uri = rt_rule_get_string (in, "uri", NULL);
  const RtField *host = rt_fields_first (request->fields, "Host");
  g_autofree char *authority = rt_text_dup (host != NULL ? host->value : RT_TEXT ("localhost"));
  g_autofree char *target = rt_text_dup (request->target);

  return uri != NULL ? g_strdup (uri) : g_strconcat ("http://", authority, target, NULL);
}

/**
 * rt_rule_set_fields:
 * @out: an answer
 * @name: of the member to set
 * @fields: become an array of [name, value]
 */
void
rt_rule_set_fields (JsonObject *out, const char *name, RtFields *fields)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);
      g_autofree char *field_name = rt_text_escape (field->name);
      g_autofree char *value = rt_text_escape (field->value);
      JsonArray *pair = json_array_new ();

      json_array_add_string_element (pair, field_name);
      json_array_add_string_element (pair, value);
      json_array_add_array_element (list, pair);
    }
  json_object_set_array_member (out, name, list);
}
