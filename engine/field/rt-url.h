/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * URLs as browsers read them: the URL standard. For the generic syntax see rt-uri.h. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RtUrlHostKind: what the host is. */
typedef enum
{
  RT_URL_HOST_NONE,
  RT_URL_HOST_EMPTY,
  RT_URL_HOST_DOMAIN,
  RT_URL_HOST_IPV4,
  RT_URL_HOST_IPV6,
  RT_URL_HOST_OPAQUE,
} RtUrlHostKind;

/**
 * RtUrl:
 * @scheme: lower-case, without ":"
 * @username, @password: percent-encoded; empty where there are none
 * @host: (nullable): as it is serialized: ASCII, an IPv6 address in brackets
 * @port: -1 where it is the scheme's default or none
 * @path: as it is serialized
 * @opaque_path: the path is no list of segments (`data:`, `mailto:`)
 * @query, @fragment: (nullable): without "?" and "#"
 *
 * A URL record.
 */
typedef struct
{
  char *scheme, *username, *password, *host;
  RtUrlHostKind host_kind;
  int port;
  char *path;
  gboolean opaque_path;
  char *query, *fragment;
} RtUrl;

RtUrl *rt_url_parse (RtText input, const RtUrl *base, GError **error);
RtUrl *rt_url_copy (const RtUrl *url);
void rt_url_free (RtUrl *url);

gboolean rt_url_scheme_is_special (const char *scheme);
int rt_url_default_port (const char *scheme);
int rt_url_get_port (const RtUrl *url);
char *rt_url_serialize (const RtUrl *url, gboolean with_fragment);
char *rt_url_dup_target (const RtUrl *url);
char *rt_url_dup_authority (const RtUrl *url);
void rt_url_set_fragment (RtUrl *url, const char *fragment);
gboolean rt_url_equal (const RtUrl *a, const RtUrl *b, gboolean with_fragment);

char *rt_url_host_parse (RtText input, gboolean special, RtUrlHostKind *ret_kind, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtUrl, rt_url_free)

G_END_DECLS
