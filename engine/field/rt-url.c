/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done with a URL once it is parsed: serialize, compare, name its parts. */
#include "rt-url.h"

static const struct
{
  const char *scheme;
  int port; /* -1: none */
} special_schemes[] = {
  { "ftp", 21 }, { "file", -1 }, { "http", 80 }, { "https", 443 }, { "ws", 80 }, { "wss", 443 },
};

/**
 * rt_url_scheme_is_special:
 * @scheme: lower-case
 *
 * Returns: whether it is one of url#special-scheme
 */
gboolean
rt_url_scheme_is_special (const char *scheme)
{
  for (gsize i = 0; i < G_N_ELEMENTS (special_schemes); i++)
    if (strcmp (special_schemes[i].scheme, scheme) == 0)
      return TRUE;
  return FALSE;
}

/**
 * rt_url_default_port:
 * @scheme: lower-case
 *
 * Returns: the port that goes without saying, -1 where there is none
 */
int
rt_url_default_port (const char *scheme)
{
  for (gsize i = 0; i < G_N_ELEMENTS (special_schemes); i++)
    if (strcmp (special_schemes[i].scheme, scheme) == 0)
      return special_schemes[i].port;
  return -1;
}

/**
 * rt_url_get_port:
 * @url: a URL
 *
 * Returns: the port to connect to, -1 where the scheme has none
 */
int
rt_url_get_port (const RtUrl *url)
{
  return url->port >= 0 ? url->port : rt_url_default_port (url->scheme);
}

/**
 * rt_url_copy:
 * @url: a URL
 *
 * Returns: (transfer full): a deep copy
 */
RtUrl *
rt_url_copy (const RtUrl *url)
{
  RtUrl *copy = g_new (RtUrl, 1);

  *copy = *url;
  copy->scheme = g_strdup (url->scheme);
  copy->username = g_strdup (url->username);
  copy->password = g_strdup (url->password);
  copy->host = g_strdup (url->host);
  copy->path = g_strdup (url->path);
  copy->query = g_strdup (url->query);
  copy->fragment = g_strdup (url->fragment);
  return copy;
}

void
rt_url_free (RtUrl *url)
{
  g_free (url->scheme);
  g_free (url->username);
  g_free (url->password);
  g_free (url->host);
  g_free (url->path);
  g_free (url->query);
  g_free (url->fragment);
  g_free (url);
}

/**
 * rt_url_serialize:
 * @url: a URL
 * @with_fragment: HTTP never sends one
 *
 * Source: url#concept-url-serializer.
 *
 * Returns: (transfer full): the URL as text; parsed again, it is the same URL
 */
char *
rt_url_serialize (const RtUrl *url, gboolean with_fragment)
{
  GString *out = g_string_new (url->scheme);

  g_string_append_c (out, ':');
  if (url->host != NULL)
    {
      g_string_append (out, "//");
      if (*url->username != '\0' || *url->password != '\0')
        g_string_append_printf (out, "%s%s%s@", url->username, *url->password != '\0' ? ":" : "",
                                url->password);
      g_string_append (out, url->host);
      if (url->port >= 0)
        g_string_append_printf (out, ":%d", url->port);
    }
  else if (!url->opaque_path && g_str_has_prefix (url->path, "//"))
    g_string_append (out, "/."); /* or the path would be read as a host */
  g_string_append (out, url->path);
  if (url->query != NULL)
    g_string_append_printf (out, "?%s", url->query);
  if (with_fragment && url->fragment != NULL)
    g_string_append_printf (out, "#%s", url->fragment);
  return g_string_free (out, FALSE);
}

/**
 * rt_url_dup_target:
 * @url: a URL of a special scheme
 *
 * Returns: (transfer full): path and query: the request-target in origin-form, RFC 9112 §3.2.1
 */
char *
rt_url_dup_target (const RtUrl *url)
{
  return g_strconcat (*url->path != '\0' ? url->path : "/", url->query != NULL ? "?" : "",
                      url->query != NULL ? url->query : "", NULL);
}

/**
 * rt_url_dup_authority:
 * @url: a URL with a host
 *
 * Returns: (transfer full): host and, unless it is the default, port: the value of Host
 */
char *
rt_url_dup_authority (const RtUrl *url)
{
  const char *host = url->host != NULL ? url->host : "";

  return url->port >= 0 ? g_strdup_printf ("%s:%d", host, url->port) : g_strdup (host);
}

/**
 * rt_url_set_fragment:
 * @url: a URL
 * @fragment: (nullable): of another URL: already encoded
 *
 * For redirects, which hand a fragment on (RFC 9110 §10.2.2).
 */
void
rt_url_set_fragment (RtUrl *url, const char *fragment)
{
  char *copy = g_strdup (fragment);

  g_free (url->fragment);
  url->fragment = copy;
}

/**
 * rt_url_equal:
 * @a, @b: URLs
 * @with_fragment: whether fragments are compared, too
 *
 * Source: url#concept-url-equals.
 *
 * Returns: whether they are equal
 */
gboolean
rt_url_equal (const RtUrl *a, const RtUrl *b, gboolean with_fragment)
{
  return strcmp (a->scheme, b->scheme) == 0 && strcmp (a->username, b->username) == 0
         && strcmp (a->password, b->password) == 0 && g_strcmp0 (a->host, b->host) == 0
         && a->port == b->port && a->opaque_path == b->opaque_path && strcmp (a->path, b->path) == 0
         && g_strcmp0 (a->query, b->query) == 0
         && (!with_fragment || g_strcmp0 (a->fragment, b->fragment) == 0);
}
