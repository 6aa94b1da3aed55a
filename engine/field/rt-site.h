/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Origins and sites: what the web's rules take for "the same place". */
#pragma once

#include "rt-url.h"

G_BEGIN_DECLS

char *rt_url_dup_origin (const RtUrl *url);
gboolean rt_url_same_origin (const RtUrl *a, const RtUrl *b);

char *rt_url_dup_site (const RtUrl *url);
gboolean rt_url_same_site (const RtUrl *a, const RtUrl *b);

gboolean rt_host_is_public_suffix (const char *host);
char *rt_host_dup_registrable_domain (const char *host);

G_END_DECLS
