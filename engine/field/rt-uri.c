/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Splitting, checking and comparing URIs, RFC 3986. */
#include "rt-uri.h"

#include "rt-address.h"
#include "rt-percent.h"
#include "rt-scan.h"

static gboolean
is_scheme_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("+-.", c) != NULL);
}

static gboolean
is_unreserved (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~", c) != NULL);
}

static gboolean
is_sub_delim (char c)
{
  return c != '\0' && strchr ("!$&'()*+,;=", c) != NULL;
}

/**
 * rt_uri_split:
 * @text: a URI reference
 *
 * Source: RFC 3986 appendix B, which splits any text; see rt_uri_is_valid(). What stands before a
 * colon is a scheme only where it could be one.
 *
 * Returns: the components
 */
RtUri
rt_uri_split (RtText text)
{
  RtUri uri = { 0 };
  RtText rest = text;
  RtText scheme = rt_take_while (&rest, is_scheme_char);

  if (scheme.length > 0 && g_ascii_isalpha (scheme.at[0]) && rt_take_char (&rest, ':'))
    uri.scheme = scheme;
  else
    rest = text;
  if (rt_text_starts_with (rest, RT_TEXT ("//")))
    {
      rt_skip (&rest, 2);
      uri.authority = rt_take_until (&rest, "/?#");
    }
  uri.path = rt_take_until (&rest, "?#");
  if (rt_take_char (&rest, '?'))
    uri.query = rt_take_until (&rest, "#");
  if (rt_take_char (&rest, '#'))
    uri.fragment = rest;
  return uri;
}

/* Whether @text is unreserved, sub-delims, complete escapes and bytes of @more. */
static gboolean
is_made_of (RtText text, const char *more)
{
  char byte;

  while (text.length > 0)
    {
      char c = text.at[0];

      if (is_unreserved (c) || is_sub_delim (c) || (c != '\0' && strchr (more, c) != NULL))
        rt_skip (&text, 1);
      else if (!rt_percent_take (&text, &byte))
        return FALSE;
    }
  return TRUE;
}

/* IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" ) */
static gboolean
is_ip_future (RtText text)
{
  gsize n = 1;

  if (text.length < 4 || (text.at[0] | 0x20) != 'v')
    return FALSE;
  while (n < text.length && g_ascii_isxdigit (text.at[n]))
    n++;
  if (n < 2 || n + 1 >= text.length || text.at[n] != '.'
      || memchr (text.at, '%', text.length) != NULL)
    return FALSE;
  return is_made_of (rt_text_sub (text, n + 1, text.length - n - 1), ":");
}

static gboolean
is_host (RtText host)
{
  RtText inner;
  RtIpv6 ipv6;

  if (rt_peek (host) != '[')
    return is_made_of (host, "");
  if (host.length < 2 || host.at[host.length - 1] != ']')
    return FALSE;
  inner = rt_text_sub (host, 1, host.length - 2);
  return rt_ipv6_parse (inner, &ipv6) || is_ip_future (inner);
}

/**
 * rt_authority_parse:
 * @text: `user@example.com:8080`; the value of Host is one without a user
 * @ret_authority: (out): untouched on failure
 *
 * Source: RFC 3986 §3.2.
 *
 * Returns: whether it follows the grammar; an empty host does
 */
gboolean
rt_authority_parse (RtText text, RtAuthority *ret_authority)
{
  RtAuthority authority = { 0 };
  RtText rest = text;
  RtText userinfo = rt_take_until (&rest, "@");
  RtText digits;

  if (rt_take_char (&rest, '@'))
    authority.userinfo = userinfo;
  else
    rest = text;
  authority.host = rest;
  if (rt_peek (rest) == '[')
    {
      rt_take_until (&rest, "]");
      rt_take_char (&rest, ']');
    }
  else
    rt_take_until (&rest, ":");
  authority.host.length -= rest.length;
  if (rt_take_char (&rest, ':'))
    authority.port = rest;
  digits = rest;
  if (rt_take_digits (&digits).length != rest.length || !is_made_of (authority.userinfo, ":")
      || !is_host (authority.host))
    return FALSE;
  *ret_authority = authority;
  return TRUE;
}

/**
 * rt_authority_get_port:
 * @authority: an authority
 * @ret_port: (out): untouched on failure
 *
 * Returns: whether a port of 1 to 65535 is there
 */
gboolean
rt_authority_get_port (const RtAuthority *authority, guint *ret_port)
{
  guint64 port;

  if (!rt_text_to_uint64 (authority->port, &port) || port < 1 || port > G_MAXUINT16)
    return FALSE;
  *ret_port = (guint)port;
  return TRUE;
}

/**
 * rt_uri_is_valid:
 * @uri: from rt_uri_split()
 *
 * Returns: whether every component follows the grammar of RFC 3986
 */
gboolean
rt_uri_is_valid (const RtUri *uri)
{
  RtAuthority authority;
  RtText first = uri->path;

  if (uri->authority.at != NULL
      && (!rt_authority_parse (uri->authority, &authority)
          || (uri->path.length > 0 && uri->path.at[0] != '/')))
    return FALSE;
  /* path-noscheme: a colon in the first segment would make it a scheme. */
  first = rt_take_until (&first, "/");
  if (uri->scheme.at == NULL && uri->authority.at == NULL && first.length > 0
      && memchr (first.at, ':', first.length) != NULL)
    return FALSE;
  return is_made_of (uri->path, ":@/") && is_made_of (uri->query, ":@/?")
         && is_made_of (uri->fragment, ":@/?");
}

/* Decodes what needs no escape, and writes the other escapes in upper case (§6.2.2.1, §6.2.2.2). */
static void
append_normalized (GString *out, RtText text, gboolean lowercase)
{
  char byte;

  while (text.length > 0)
    {
      gboolean escaped = rt_percent_take (&text, &byte);

      if (!escaped)
        {
          byte = text.at[0];
          rt_skip (&text, 1);
        }
      if (escaped && !is_unreserved (byte))
        g_string_append_printf (out, "%%%02X", (guchar)byte);
      else
        g_string_append_c (out, lowercase ? g_ascii_tolower (byte) : byte);
    }
}

/* RFC 3986 §5.2.4, by segments: @path starts with a slash. */
static void
append_without_dots (GString *out, RtText path)
{
  gsize floor = out->len;

  while (rt_take_char (&path, '/'))
    {
      RtText segment = rt_take_until (&path, "/");
      gboolean last = path.length == 0;
      gboolean up = rt_text_is (segment, "..");

      if (!up && !rt_text_is (segment, "."))
        {
          g_string_append_c (out, '/');
          g_string_append_len (out, segment.at, (gssize)segment.length);
          continue;
        }
      if (up)
        {
          const char *slash = g_strrstr_len (out->str + floor, (gssize)(out->len - floor), "/");

          g_string_truncate (out, slash != NULL ? (gsize)(slash - out->str) : floor);
        }
      if (last)
        g_string_append_c (out, '/');
    }
}

static int
default_port (RtText scheme)
{
  if (rt_text_is_nocase (scheme, "http"))
    return 80;
  return rt_text_is_nocase (scheme, "https") ? 443 : -1;
}

/* Scheme-based: an empty or default port is left out (§6.2.3, RFC 9110 §4.2.3). */
static void
append_authority (GString *out, RtText scheme, const RtAuthority *authority)
{
  guint64 port;

  if (authority->userinfo.at != NULL)
    {
      append_normalized (out, authority->userinfo, FALSE);
      g_string_append_c (out, '@');
    }
  append_normalized (out, authority->host, TRUE);
  if (!rt_text_to_uint64 (authority->port, &port)
      || (default_port (scheme) >= 0 && port == (guint64)default_port (scheme)))
    return;
  g_string_append_printf (out, ":%" G_GUINT64_FORMAT, port);
}

/**
 * rt_uri_normalize:
 * @text: an absolute URI
 *
 * Source: RFC 3986 §6.2.2 and, for http and https, §6.2.3 with RFC 9110 §4.2.3.
 *
 * Returns: (transfer full) (nullable): its normal form; %NULL where it is no valid absolute URI
 */
char *
rt_uri_normalize (RtText text)
{
  RtUri uri = rt_uri_split (text);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) path = g_string_new (NULL);
  RtAuthority authority;
  gsize before;

  if (uri.scheme.at == NULL || !rt_uri_is_valid (&uri))
    return NULL;
  append_normalized (out, uri.scheme, TRUE);
  g_string_append_c (out, ':');
  if (uri.authority.at != NULL)
    {
      rt_authority_parse (uri.authority, &authority);
      g_string_append (out, "//");
      append_authority (out, uri.scheme, &authority);
    }
  append_normalized (path, uri.path, FALSE);
  before = out->len;
  if (path->len > 0 && path->str[0] == '/')
    append_without_dots (out, (RtText){ path->str, path->len });
  else
    g_string_append (out, path->str);
  /* Without it, what came of the path would be read as an authority. */
  if (uri.authority.at == NULL && g_str_has_prefix (out->str + before, "//"))
    g_string_insert (out, (gssize)before, "/.");
  if (path->len == 0 && uri.authority.at != NULL && default_port (uri.scheme) >= 0)
    g_string_append_c (out, '/');
  if (uri.query.at != NULL)
    {
      g_string_append_c (out, '?');
      append_normalized (out, uri.query, FALSE);
    }
  if (uri.fragment.at != NULL)
    {
      g_string_append_c (out, '#');
      append_normalized (out, uri.fragment, FALSE);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * rt_uri_equivalent:
 * @a, @b: absolute URIs
 *
 * Returns: whether both are valid and have the same normal form
 */
gboolean
rt_uri_equivalent (RtText a, RtText b)
{
  g_autofree char *normal_a = rt_uri_normalize (a);
  g_autofree char *normal_b = rt_uri_normalize (b);

  return normal_a != NULL && g_strcmp0 (normal_a, normal_b) == 0;
}
