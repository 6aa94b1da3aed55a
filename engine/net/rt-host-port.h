/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server as people write down where it is. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtHostPort:
 * @host: a name or an address, without brackets; owned
 * @secure: with TLS
 * @named: it was given as a URL
 */
typedef struct
{
  char *host;
  guint16 port;
  gboolean secure, named;
} RtHostPort;

gboolean rt_host_port_parse (const char *text, RtHostPort *ret_place, GError **error);
gboolean rt_host_port_parse_own (const char *text, RtHostPort *ret_place, GError **error);
gboolean rt_host_port_parse_url (const char *text, RtHostPort *ret_place, GError **error);
void rt_host_port_clear (RtHostPort *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtHostPort, rt_host_port_clear)

G_END_DECLS
