/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * IP addresses and the nodes of Forwarded. The loose spellings of an IPv4 address that browsers
 * accept (`0x7f.1`) are in rt-url-host.c. */
#include "rt-address.h"

#include "rt-scan.h"

#include <stdlib.h>

/* dec-octet of RFC 3986 §3.2.2: no leading zeros, at most 255. */
static gboolean
take_octet (RtText *rest, guint32 *ret_octet)
{
  RtText digits = rt_take_digits (rest);
  guint64 value;

  if (digits.length > 3 || (digits.length > 1 && digits.at[0] == '0')
      || !rt_text_to_uint64 (digits, &value) || value > 255)
    return FALSE;
  *ret_octet = (guint32)value;
  return TRUE;
}

/**
 * rt_ipv4_parse:
 * @text: four decimal numbers with dots between
 * @ret_address: (out): in host byte order; untouched on failure
 *
 * Source: IPv4address of RFC 3986 §3.2.2.
 *
 * Returns: whether it is an address and nothing else
 */
gboolean
rt_ipv4_parse (RtText text, guint32 *ret_address)
{
  guint32 address = 0, octet;

  for (int i = 0; i < 4; i++)
    {
      if ((i > 0 && !rt_take_char (&text, '.')) || !take_octet (&text, &octet))
        return FALSE;
      address = address << 8 | octet;
    }
  if (text.length > 0)
    return FALSE;
  *ret_address = address;
  return TRUE;
}

/**
 * rt_ipv4_append:
 * @out: (inout): appended to
 * @address: in host byte order
 */
void
rt_ipv4_append (GString *out, guint32 address)
{
  g_string_append_printf (out, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                          address >> 8 & 255, address & 255);
}

static gboolean
is_hex (char c)
{
  return g_ascii_isxdigit (c);
}

static gboolean
take_piece (RtText *rest, guint16 *ret_piece)
{
  RtText digits = rt_take_while (rest, is_hex);
  guint value = 0;

  if (digits.length == 0 || digits.length > 4)
    return FALSE;
  for (gsize i = 0; i < digits.length; i++)
    value = value << 4 | (guint)g_ascii_xdigit_value (digits.at[i]);
  *ret_piece = (guint16)value;
  return TRUE;
}

/**
 * rt_ipv6_parse:
 * @text: an address without brackets and without a zone
 * @ret_address: (out): untouched on failure
 *
 * Source: IPv6address of RFC 3986 §3.2.2, which is what url#concept-ipv6-parser accepts, too.
 *
 * Returns: whether it is an address and nothing else
 */
gboolean
rt_ipv6_parse (RtText text, RtIpv6 *ret_address)
{
  RtIpv6 address = { { 0 } };
  guint n = 0;
  guint compress = G_MAXUINT;
  guint32 ipv4;

  if (rt_text_starts_with (text, RT_TEXT ("::")))
    {
      rt_skip (&text, 2);
      compress = 0;
    }
  while (text.length > 0)
    {
      if (n == 8)
        return FALSE;
      if (n <= 6 && rt_ipv4_parse (text, &ipv4))
        {
          address.pieces[n++] = (guint16)(ipv4 >> 16);
          address.pieces[n++] = (guint16)ipv4;
          break;
        }
      if (!take_piece (&text, &address.pieces[n++]))
        return FALSE;
      if (text.length == 0)
        break;
      if (!rt_take_char (&text, ':') || text.length == 0)
        return FALSE;
      if (rt_take_char (&text, ':'))
        {
          if (compress != G_MAXUINT)
            return FALSE;
          compress = n;
        }
    }
  if ((compress == G_MAXUINT) != (n == 8))
    return FALSE;
  if (compress != G_MAXUINT)
    {
      memmove (&address.pieces[8 - (n - compress)], &address.pieces[compress],
               (n - compress) * sizeof address.pieces[0]);
      memset (&address.pieces[compress], 0, (8 - n) * sizeof address.pieces[0]);
    }
  *ret_address = address;
  return TRUE;
}

/* The first longest run of two zero pieces or more; its start is 8 where there is none. */
static void
find_zero_run (const RtIpv6 *address, guint *ret_start, guint *ret_length)
{
  *ret_start = 8;
  *ret_length = 1;
  for (guint i = 0; i < 8;)
    {
      guint end = i;

      while (end < 8 && address->pieces[end] == 0)
        end++;
      if (end - i > *ret_length)
        {
          *ret_start = i;
          *ret_length = end - i;
        }
      i = MAX (end, i + 1);
    }
}

/**
 * rt_ipv6_append:
 * @out: (inout): appended to, without brackets
 * @address: an address
 *
 * Source: RFC 5952 §4, url#concept-ipv6-serializer.
 */
void
rt_ipv6_append (GString *out, const RtIpv6 *address)
{
  guint start, length;

  find_zero_run (address, &start, &length);
  for (guint i = 0; i < 8;)
    if (i == start)
      {
        g_string_append (out, i == 0 ? "::" : ":");
        i += length;
      }
    else
      {
        g_string_append_printf (out, "%x", address->pieces[i++]);
        if (i < 8)
          g_string_append_c (out, ':');
      }
}

/* obfnode, obfport: "_" and then letters, digits, ".", "_", "-" (RFC 7239 §6.3) */
static gboolean
is_obfuscated (RtText text)
{
  if (text.length < 2 || text.at[0] != '_')
    return FALSE;
  for (gsize i = 1; i < text.length; i++)
    if (!g_ascii_isalnum (text.at[i]) && strchr ("._-", text.at[i]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_node_port (RtText text)
{
  RtText rest = text;

  return is_obfuscated (text)
         || (text.length >= 1 && text.length <= 5 && rt_take_digits (&rest).length == text.length);
}

/**
 * rt_node_parse:
 * @text: `192.0.2.43:47011`, `[2001:db8::1]`, `unknown`, `_hidden`; without the quotes of the field
 *
 * Source: RFC 7239 §6.
 *
 * Returns: the node; its kind is %RT_NODE_MALFORMED where it is none
 */
RtNode
rt_node_parse (RtText text)
{
  RtNode node = { .kind = RT_NODE_MALFORMED, .port = RT_TEXT_NONE };
  RtText rest = text;
  RtIpv6 ipv6;
  guint32 ipv4;

  if (rt_take_char (&rest, '['))
    {
      node.name = rt_take_until (&rest, "]");
      if (rt_take_char (&rest, ']') && rt_ipv6_parse (node.name, &ipv6))
        node.kind = RT_NODE_IPV6;
    }
  else
    {
      node.name = rt_take_until (&rest, ":");
      if (rt_ipv4_parse (node.name, &ipv4))
        node.kind = RT_NODE_IPV4;
      else if (rt_text_is_nocase (node.name, "unknown"))
        node.kind = RT_NODE_UNKNOWN;
      else if (is_obfuscated (node.name))
        node.kind = RT_NODE_OBFUSCATED;
    }
  if (rest.length > 0)
    {
      node.port = rt_text_sub (rest, 1, rest.length - 1);
      if (rest.at[0] != ':' || !is_node_port (node.port))
        node.kind = RT_NODE_MALFORMED;
    }
  return node;
}

/**
 * rt_node_parse_bare:
 * @text: an element of X-Forwarded-For
 *
 * Like rt_node_parse(), but an IPv6 address may lack its brackets, as that field has it.
 *
 * Returns: the node
 */
RtNode
rt_node_parse_bare (RtText text)
{
  RtIpv6 ipv6;

  if (rt_ipv6_parse (text, &ipv6))
    return (RtNode){ .kind = RT_NODE_IPV6, .name = text, .port = RT_TEXT_NONE };
  return rt_node_parse (text);
}
