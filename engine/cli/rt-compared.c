/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comparisons of two exchanges, printed. */
#include "rt-compared.h"

#include <stdio.h>

/**
 * rt_compared_dup_request:
 * @exchange: an exchange
 *
 * Returns: (transfer full): its request in words: `GET /doc/1`
 */
char *
rt_compared_dup_request (const RtExchange *exchange)
{
  const RtMessage *request = exchange->request != NULL && exchange->request->has_head
                                 ? exchange->request->message
                                 : NULL;
  g_autofree char *method = request != NULL ? rt_text_escape (request->method) : NULL;
  g_autofree char *target = request != NULL ? rt_text_escape (request->target) : NULL;

  return request != NULL ? g_strdup_printf ("%s %s", method, target)
                         : g_strdup ("a response without a request");
}

/**
 * rt_compared_print:
 * @comparison: a comparison
 * @scope: which differences count
 *
 * Prints them, a line each.
 */
void
rt_compared_print (RtComparison *comparison, RtComparedScope scope)
{
  for (guint i = 0; i < rt_comparison_get_length (comparison); i++)
    {
      const RtComparedItem *item = rt_comparison_get (comparison, i);
      g_autofree char *name = rt_compared_item_dup_name (item);
      g_autofree char *text = rt_compared_item_dup_text (item);

      if (rt_compared_item_counts (item, scope))
        printf ("  %s: %s\n", name, text);
    }
}

static JsonObject *
item_to_json (const RtComparedItem *item)
{
  g_autofree char *name = rt_compared_item_dup_name (item);
  g_autofree char *text = rt_compared_item_dup_text (item);
  JsonObject *out = json_object_new ();

  json_object_set_string_member (out, "what", name);
  json_object_set_string_member (out, "difference", rt_difference_name (item->difference));
  if (item->part == RT_PART_CONTENT)
    {
      json_object_set_int_member (out, "left_bytes", (gint64)item->left_length);
      json_object_set_int_member (out, "right_bytes", (gint64)item->right_length);
      if (item->difference == RT_DIFFERENCE_CHANGED)
        json_object_set_int_member (out, "at", (gint64)item->at);
    }
  else
    {
      g_autofree char *left = rt_text_escape (item->left);
      g_autofree char *right = rt_text_escape (item->right);

      if (item->difference != RT_DIFFERENCE_RIGHT)
        json_object_set_string_member (out, "left", left);
      if (item->difference != RT_DIFFERENCE_LEFT)
        json_object_set_string_member (out, "right", right);
    }
  json_object_set_string_member (out, "text", text);
  return out;
}

/**
 * rt_compared_to_json:
 * @comparison: (nullable): a comparison
 * @scope: which differences count
 *
 * Returns: (transfer full): them
 */
JsonArray *
rt_compared_to_json (RtComparison *comparison, RtComparedScope scope)
{
  JsonArray *items = json_array_new ();

  for (guint i = 0; comparison != NULL && i < rt_comparison_get_length (comparison); i++)
    if (rt_compared_item_counts (rt_comparison_get (comparison, i), scope))
      json_array_add_object_element (items, item_to_json (rt_comparison_get (comparison, i)));
  return items;
}
