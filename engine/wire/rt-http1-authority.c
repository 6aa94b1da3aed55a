/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Host and port, RFC 3986 §3.2, as Host and request-targets have them: without userinfo. */
#include "rt-http1-authority.h"

#include "rt-scan.h"

#include <arpa/inet.h>

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~!$&'()*+,;=", c) != NULL);
}

static gboolean
is_reg_name (RtText host)
{
  for (gsize i = 0; i < host.length; i++)
    if (host.at[i] == '%')
      {
        if (host.length - i < 3 || !g_ascii_isxdigit (host.at[i + 1])
            || !g_ascii_isxdigit (host.at[i + 2]))
          return FALSE;
        i += 2;
      }
    else if (!is_name_char (host.at[i]))
      return FALSE;
  return TRUE;
}

/* IPvFuture, RFC 3986 §3.2.2. */
static gboolean
is_future_address (RtText literal)
{
  gsize digits = 0;

  if (literal.length < 4 || g_ascii_tolower (literal.at[0]) != 'v')
    return FALSE;
  rt_skip (&literal, 1);
  while (digits < literal.length && g_ascii_isxdigit (literal.at[digits]))
    digits++;
  if (digits == 0 || digits + 1 >= literal.length || literal.at[digits] != '.')
    return FALSE;
  for (gsize i = digits + 1; i < literal.length; i++)
    if (!is_name_char (literal.at[i]) && literal.at[i] != ':')
      return FALSE;
  return TRUE;
}

/* What stands between the brackets of an IP-literal. */
static gboolean
is_address (RtText literal)
{
  char copy[INET6_ADDRSTRLEN];
  struct in6_addr address;

  if (is_future_address (literal))
    return TRUE;
  if (literal.length >= sizeof copy || memchr (literal.at, '\0', literal.length) != NULL)
    return FALSE;
  memcpy (copy, literal.at, literal.length);
  copy[literal.length] = '\0';
  return inet_pton (AF_INET6, copy, &address) == 1;
}

static gboolean
is_port (RtText port)
{
  guint64 number;

  return port.length == 0 || (rt_text_to_uint64 (port, &number) && number <= G_MAXUINT16);
}

/* The length of the host at the start of @authority, 0 brackets that never close. */
static gsize
host_length (RtText authority)
{
  char end = authority.length > 0 && authority.at[0] == '[' ? ']' : ':';
  const char *hit = authority.length > 0 ? memchr (authority.at, end, authority.length) : NULL;

  if (end == ']')
    return hit != NULL ? (gsize)(hit + 1 - authority.at) : 0;
  return hit != NULL ? (gsize)(hit - authority.at) : authority.length;
}

/**
 * rt_authority_split:
 * @authority: `uri-host [ ":" port ]`, RFC 9110 §7.2
 * @ret_host: (out): a name or an address, brackets included; may be empty
 * @ret_port: (out): digits; empty if there are none
 *
 * Returns: whether @authority follows the grammar; the out parameters are untouched if not
 */
gboolean
rt_authority_split (RtText authority, RtText *ret_host, RtText *ret_port)
{
  gsize n = host_length (authority);
  RtText host = rt_text_sub (authority, 0, n);
  RtText port = rt_text_sub (authority, n, authority.length - n);
  gboolean literal = authority.length > 0 && authority.at[0] == '[';

  if (literal && (n < 2 || !is_address (rt_text_sub (host, 1, n - 2))))
    return FALSE;
  if (!literal && !is_reg_name (host))
    return FALSE;
  if (port.length > 0 && !rt_take_char (&port, ':'))
    return FALSE;
  if (!is_port (port))
    return FALSE;
  *ret_host = host;
  *ret_port = port;
  return TRUE;
}

/**
 * rt_authority_of_target:
 * @target: a request-target
 * @ret_authority: (out): what stands between `scheme://` and the path
 *
 * Returns: whether @target is in absolute-form (RFC 9112 §3.2.2)
 */
gboolean
rt_authority_of_target (RtText target, RtText *ret_authority)
{
  gsize n = 0;
  gsize end;

  if (target.length == 0 || !g_ascii_isalpha (target.at[0]))
    return FALSE;
  while (n < target.length
         && (g_ascii_isalnum (target.at[n]) || strchr ("+-.", target.at[n]) != NULL)
         && target.at[n] != '\0')
    n++;
  if (target.length - n < 3 || memcmp (target.at + n, "://", 3) != 0)
    return FALSE;
  n += 3;
  for (end = n; end < target.length && target.at[end] != '/' && target.at[end] != '?'
                && target.at[end] != '#';)
    end++;
  *ret_authority = rt_text_sub (target, n, end - n);
  return TRUE;
}
