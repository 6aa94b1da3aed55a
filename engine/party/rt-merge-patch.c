/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON merge patch: members of the patch replace the document's, a null removes them, objects are
 * merged member by member, and all else, arrays too, is replaced whole. Parser and merge recurse on
 * nesting, so that is measured first. */
#include "rt-merge-patch.h"

#include <json-glib/json-glib.h>

#include "rt-error.h"

/* Also refuses what the parser would accept beyond JSON and this function would misread: comments
 * and other quotes. */
static gboolean
is_unsafe (GBytes *json, guint max_nesting)
{
  gsize length;
  const char *text = g_bytes_get_data (json, &length);
  gboolean in_string = FALSE;
  guint depth = 0;

  for (gsize i = 0; i < length; i++)
    {
      if (in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        in_string = !in_string;
      else if (!in_string && strchr ("/#'", text[i]) != NULL)
        return TRUE;
      else if (!in_string && (text[i] == '{' || text[i] == '['))
        {
          if (++depth > max_nesting)
            return TRUE;
        }
      else if (!in_string && (text[i] == '}' || text[i] == ']') && depth > 0)
        depth--;
    }
  return FALSE;
}

static JsonNode *
parse (GBytes *json, const char *what, guint max_nesting, GError **error)
{
  g_autoptr (JsonParser) parser = json_parser_new_immutable ();
  g_autoptr (GError) reason = NULL;
  gsize length;
  const char *text = g_bytes_get_data (json, &length);

  if (is_unsafe (json, max_nesting))
    {
      rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "%s is no JSON or nested more than %u deep",
                    what, max_nesting);
      return NULL;
    }
  if (length == 0 || !g_utf8_validate (text, (gssize)length, NULL)
      || !json_parser_load_from_data (parser, text, (gssize)length, &reason)
      || json_parser_get_root (parser) == NULL)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "JSON", "%s is no JSON", what);
      return NULL;
    }
  return json_node_ref (json_parser_get_root (parser));
}

static JsonNode *
merge (JsonNode *target, JsonNode *patch)
{
  JsonObject *result;
  JsonObjectIter iter;
  const char *name;
  JsonNode *value;

  if (!JSON_NODE_HOLDS_OBJECT (patch))
    return json_node_copy (patch);
  result = json_object_new ();
  if (target != NULL && JSON_NODE_HOLDS_OBJECT (target))
    {
      json_object_iter_init_ordered (&iter, json_node_get_object (target));
      while (json_object_iter_next_ordered (&iter, &name, &value))
        json_object_set_member (result, name, json_node_copy (value));
    }
  json_object_iter_init_ordered (&iter, json_node_get_object (patch));
  while (json_object_iter_next_ordered (&iter, &name, &value))
    if (!JSON_NODE_HOLDS_NULL (value))
      json_object_set_member (result, name, merge (json_object_get_member (result, name), value));
    else if (json_object_has_member (result, name))
      json_object_remove_member (result, name);
  return json_node_init_object (json_node_alloc (), result);
}

/**
 * rt_merge_patch:
 * @document: JSON
 * @patch: a merge patch
 * @max_nesting: of either
 *
 * Errors: %RT_ERROR_SYNTAX, %RT_ERROR_LIMIT. Source: RFC 7396 §2.
 *
 * Returns: (transfer full) (nullable): the document with the patch applied
 */
GBytes *
rt_merge_patch (GBytes *document, GBytes *patch, guint max_nesting, GError **error)
{
  g_autoptr (JsonNode) target = parse (document, "the document", max_nesting, error);
  g_autoptr (JsonNode) change
      = target != NULL ? parse (patch, "the patch", max_nesting, error) : NULL;
  g_autoptr (JsonNode) result = NULL;
  char *text;

  if (change == NULL)
    return NULL;
  result = merge (target, change);
  text = json_to_string (result, FALSE);
  return g_bytes_new_take (text, strlen (text));
}
