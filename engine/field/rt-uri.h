/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * URIs by the generic syntax of RFC 3986, which is HTTP's own. For what browsers make of the same
 * text see rt-url.h. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtAuthority:
 * @userinfo: %RT_TEXT_NONE where there is none
 * @host: brackets included
 * @port: its digits, perhaps none; %RT_TEXT_NONE without a colon
 */
typedef struct
{
  RtText userinfo, host, port;
} RtAuthority;

/**
 * RtUri:
 * @scheme, @authority, @query, @fragment: %RT_TEXT_NONE where absent, which an empty one is not
 * @path: may be empty
 *
 * The five components of a URI reference, slices of it.
 */
typedef struct
{
  RtText scheme, authority, path, query, fragment;
} RtUri;

RtUri rt_uri_split (RtText text);
gboolean rt_uri_is_valid (const RtUri *uri);
gboolean rt_authority_parse (RtText text, RtAuthority *ret_authority);
gboolean rt_authority_get_port (const RtAuthority *authority, guint *ret_port);

char *rt_uri_normalize (RtText text);
gboolean rt_uri_equivalent (RtText a, RtText b);

G_END_DECLS
