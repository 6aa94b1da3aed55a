/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Location and Content-Location are URI references (RFC 9110 §8.7, §10.2.2), resolved by RFC 3986
 * and not by the URL standard that browsers have for links. */
#include "rt-cache-uri.h"

#define FLAGS (G_URI_FLAGS_ENCODED | G_URI_FLAGS_SCHEME_NORMALIZE)

/* RFC 3986 §6.2.2.1: scheme and host compare without case. User information does not, but an http
 * URI has none (RFC 9110 §4.2.4). */
static void
lower_authority (char *uri)
{
  const char *authority = strstr (uri, "://");
  gsize length
      = authority != NULL ? (gsize)(authority + 3 - uri) + strcspn (authority + 3, "/?#") : 0;

  for (gsize i = 0; i < length; i++)
    uri[i] = g_ascii_tolower (uri[i]);
}

/**
 * rt_cache_uri_resolve:
 * @base: an absolute URI
 * @reference: what stands in the field
 *
 * Returns: (transfer full) (nullable): the absolute URI without its fragment, or %NULL if it is
 *   none
 */
char *
rt_cache_uri_resolve (const char *base, RtText reference)
{
  g_autofree char *text = rt_text_dup (reference);
  char *resolved;

  if (strlen (text) != reference.length)
    return NULL;
  resolved = g_uri_resolve_relative (base, text, FLAGS, NULL);
  if (resolved != NULL)
    {
      resolved[strcspn (resolved, "#")] = '\0';
      lower_authority (resolved);
    }
  return resolved;
}

/**
 * rt_cache_uri_same_origin:
 * @a, @b: absolute URIs
 *
 * Source: RFC 9110 §4.3.1.
 *
 * Returns: whether scheme, host and port are equal
 */
gboolean
rt_cache_uri_same_origin (const char *a, const char *b)
{
  g_autoptr (GUri) left = g_uri_parse (a, FLAGS, NULL);
  g_autoptr (GUri) right = g_uri_parse (b, FLAGS, NULL);

  return left != NULL && right != NULL && g_uri_get_host (left) != NULL
         && g_uri_get_host (right) != NULL
         && strcmp (g_uri_get_scheme (left), g_uri_get_scheme (right)) == 0
         && g_ascii_strcasecmp (g_uri_get_host (left), g_uri_get_host (right)) == 0
         && g_uri_get_port (left) == g_uri_get_port (right);
}
