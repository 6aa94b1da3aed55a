/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What commands that serve have in common: addresses on the command line, authorities, and serving
 * a party on a port of this machine until somebody stops it. */
#pragma once

#include "rt-cli.h"
#include "rt-host-port.h"
#include "rt-live.h"

G_BEGIN_DECLS

gboolean rt_connect_to (RtLive *live, char **ways, GError **error);
gboolean rt_size_parse (const char *text, gsize *ret_bytes, GError **error);

GPtrArray *rt_serving_look_up (const char *host, GError **error); /* char * */
gboolean rt_serving_trust (RtLive *live, const char *path, GError **error);
void rt_serving_catch_signals (void (*stop_serving) (gpointer data), gpointer data);
void rt_serving_ignore_signals (void);
int rt_serve (RtLive *live,
              const char *name,
              const RtPartyClass *klass,
              gpointer party,
              const RtHostPort *place);

G_END_DECLS
