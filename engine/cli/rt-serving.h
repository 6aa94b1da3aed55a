/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What commands that serve have in common: addresses on the command line, and serving a party on a
 * port of this machine until somebody stops it. */
#pragma once

#include "rt-cli.h"
#include "rt-live.h"

G_BEGIN_DECLS

/**
 * RtHostPort:
 * @host: a name or an address, without brackets; owned
 */
typedef struct
{
  char *host;
  guint16 port;
} RtHostPort;

gboolean rt_host_port_parse (const char *text, RtHostPort *ret_place, GError **error);
void rt_host_port_clear (RtHostPort *place);
gboolean rt_connect_to (RtLive *live, char **ways, GError **error);
gboolean rt_size_parse (const char *text, gsize *ret_bytes, GError **error);

void rt_serving_catch_signals (void (*stop_serving) (gpointer data), gpointer data);
int rt_serve (RtLive *live,
              const char *name,
              const RtPartyClass *klass,
              gpointer party,
              const RtHostPort *place);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtHostPort, rt_host_port_clear)

G_END_DECLS
