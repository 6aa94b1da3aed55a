/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Origins (RFC 6454, html#origin) and sites (html#obtain-a-site). The public suffix list is the one
 * built into libpsl: no file is read. */
#include "rt-site.h"

#include "rt-address.h"

#include <libpsl.h>

/* Other schemes have opaque origins, each equal to nothing but itself, html#url's origin. */
static gboolean
has_tuple_origin (const RtUrl *url)
{
  static const char *const schemes[] = { "http", "https", "ftp", "ws", "wss" };

  for (gsize i = 0; i < G_N_ELEMENTS (schemes); i++)
    if (strcmp (url->scheme, schemes[i]) == 0)
      return TRUE;
  return FALSE;
}

/**
 * rt_url_dup_origin:
 * @url: a URL
 *
 * Returns: (transfer full): its origin as the Origin field has it: `https://a.test:8443`; `null`
 *   for an opaque one
 */
char *
rt_url_dup_origin (const RtUrl *url)
{
  g_autofree char *authority = NULL;
  g_autoptr (RtUrl) inner = NULL;

  if (strcmp (url->scheme, "blob") == 0)
    inner = rt_url_parse (rt_text (url->path), NULL, NULL);
  if (inner != NULL
      && (strcmp (inner->scheme, "http") == 0 || strcmp (inner->scheme, "https") == 0))
    return rt_url_dup_origin (inner);
  if (!has_tuple_origin (url))
    return g_strdup ("null");
  authority = rt_url_dup_authority (url);
  return g_strconcat (url->scheme, "://", authority, NULL);
}

/**
 * rt_url_same_origin:
 * @a, @b: URLs
 *
 * Returns: whether scheme, host and port are the same; never for opaque origins
 */
gboolean
rt_url_same_origin (const RtUrl *a, const RtUrl *b)
{
  return has_tuple_origin (a) && strcmp (a->scheme, b->scheme) == 0
         && g_strcmp0 (a->host, b->host) == 0 && a->port == b->port;
}

/* libpsl knows names without the dot that a fully qualified one may end in. */
static char *
without_final_dot (const char *host)
{
  gsize length = strlen (host);

  return g_strndup (host, length > 0 && host[length - 1] == '.' ? length - 1 : length);
}

static gboolean
is_address (const char *host)
{
  guint32 ipv4;

  return host[0] == '[' || rt_ipv4_parse (rt_text (host), &ipv4);
}

/**
 * rt_host_is_public_suffix:
 * @host: a host as a URL holds it
 *
 * Returns: whether anybody can register names right below it (`com`, `co.uk`, `github.io`); a name
 *   that the list does not know is one where it has a single label
 */
gboolean
rt_host_is_public_suffix (const char *host)
{
  g_autofree char *name = without_final_dot (host);

  return *name != '\0' && !is_address (name) && psl_is_public_suffix (psl_builtin (), name);
}

/**
 * rt_host_dup_registrable_domain:
 * @host: a host as a URL holds it
 *
 * Returns: (transfer full) (nullable): the public suffix and the label before it; %NULL for
 *   addresses and for public suffixes
 */
char *
rt_host_dup_registrable_domain (const char *host)
{
  g_autofree char *name = without_final_dot (host);
  const char *domain;

  if (*name == '\0' || is_address (name))
    return NULL;
  domain = psl_registrable_domain (psl_builtin (), name);
  /* It is a part of the name: with the dot again, if it had one. */
  return domain != NULL ? g_strdup (host + (domain - name)) : NULL;
}

/**
 * rt_url_dup_site:
 * @url: a URL
 *
 * Returns: (transfer full): scheme and registrable domain, or the whole host where there is none:
 *   `https://a.test`; `null` where the origin is opaque
 */
char *
rt_url_dup_site (const RtUrl *url)
{
  g_autofree char *domain = NULL;

  if (!has_tuple_origin (url))
    return g_strdup ("null");
  domain = rt_host_dup_registrable_domain (url->host);
  return g_strconcat (url->scheme, "://", domain != NULL ? domain : url->host, NULL);
}

/**
 * rt_url_same_site:
 * @a, @b: URLs
 *
 * Returns: whether their sites are the same, the scheme included (html#same-site); ports do not
 *   matter
 */
gboolean
rt_url_same_site (const RtUrl *a, const RtUrl *b)
{
  g_autofree char *site_a = rt_url_dup_site (a);
  g_autofree char *site_b = rt_url_dup_site (b);

  return has_tuple_origin (a) && strcmp (site_a, site_b) == 0;
}
