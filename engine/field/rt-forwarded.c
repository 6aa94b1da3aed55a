/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forwarded and Via. X-Forwarded-For, -Proto and -Host need no more than rt_list_next() and
 * rt_node_parse_bare(). */
#include "rt-forwarded.h"

static RtText *
slot_for (RtForwarded *f, RtText name)
{
  if (rt_text_is_nocase (name, "for"))
    return &f->client;
  if (rt_text_is_nocase (name, "by"))
    return &f->by;
  if (rt_text_is_nocase (name, "host"))
    return &f->host;
  return rt_text_is_nocase (name, "proto") ? &f->proto : NULL;
}

/**
 * rt_forwarded_next:
 * @rest: (inout): cursor; starts as the field value
 * @ret_forwarded: (out): the next element, perhaps a malformed one: then what could be read of it
 *
 * Parameters that it does not know are skipped: more may be registered (RFC 7239 §5.5).
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_forwarded_next (RtText *rest, RtForwarded *ret_forwarded)
{
  RtForwarded f = { 0 };
  RtText pairs;
  RtParameter p;

  if (!rt_list_next (rest, &f.whole))
    return FALSE;
  pairs = f.whole;
  while (rt_parameter_next (&pairs, &p))
    {
      RtText *slot = slot_for (&f, p.name);

      if (p.kind != RT_PARAMETER_TOKEN && p.kind != RT_PARAMETER_QUOTED)
        f.malformed = TRUE;
      else if (slot != NULL && slot->at != NULL)
        f.malformed = TRUE; /* "MUST NOT occur more than once per field-value", §4 */
      else if (slot != NULL)
        *slot = p.value;
    }
  *ret_forwarded = f;
  return TRUE;
}

static void
append_pair (GString *out, const char *name, RtText value, gsize start)
{
  if (value.at == NULL)
    return;
  if (out->len > start)
    g_string_append_c (out, ';');
  g_string_append_printf (out, "%s=", name);
  if (rt_text_is_token (value))
    g_string_append_len (out, value.at, (gssize)value.length);
  else
    rt_quoted_append (out, value);
}

/**
 * rt_forwarded_append:
 * @out: (inout): a field value; the element is appended, behind ", " where one stands there already
 * @forwarded: values without quotes and escapes; #RtForwarded.whole is not looked at
 */
void
rt_forwarded_append (GString *out, const RtForwarded *forwarded)
{
  gsize start;

  if (out->len > 0)
    g_string_append (out, ", ");
  start = out->len;
  append_pair (out, "by", forwarded->by, start);
  append_pair (out, "for", forwarded->client, start);
  append_pair (out, "host", forwarded->host, start);
  append_pair (out, "proto", forwarded->proto, start);
}

static gboolean
parse_via (RtText text, RtVia *via)
{
  RtText name = rt_take_token (&text);

  via->version = name;
  if (rt_take_char (&text, '/'))
    {
      via->protocol = name;
      via->version = rt_take_token (&text);
    }
  if (name.length == 0 || via->version.length == 0 || rt_take_ows (&text) == 0)
    return FALSE;
  via->received_by = rt_take_until (&text, " \t(),");
  if (via->received_by.length == 0)
    return FALSE;
  if (rt_take_ows (&text) > 0 && !rt_take_comment (&text, &via->comment))
    return FALSE;
  return text.length == 0;
}

/**
 * rt_via_next:
 * @rest: (inout): cursor; starts as the field value
 * @ret_via: (out): the next element, perhaps a malformed one
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_via_next (RtText *rest, RtVia *ret_via)
{
  RtVia via = { 0 };

  if (!rt_list_next_full (rest, RT_LIST_COMMENTS, &via.whole))
    return FALSE;
  via.malformed = !parse_via (via.whole, &via);
  *ret_via = via;
  return TRUE;
}
