/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An attack: many connections that never complete a request, on a server that is short of
 * descriptors, and honest clients among them. */
#pragma once

#include "rt-time.h"

#define SLOWLORIS_DESCRIPTORS 1024
#define SLOWLORIS_SLOTS 512

/* A server in a process of its own, with its own limit of descriptors. @port: for honest clients;
 * @attacked: for the others. */
typedef struct
{
  int pid;
  guint16 port, attacked;
} SlowlorisServer;

/* What the attackers do once they are connected. */
typedef enum
{
  SLOWLORIS_HEADER, /* one field line after the other */
  SLOWLORIS_BODY,   /* content that does not end */
  SLOWLORIS_TLS,    /* half a handshake */
  SLOWLORIS_SILENT,
} SlowlorisKind;

/* @worst, @median: how long honest clients had to wait. */
typedef struct
{
  guint probes, answered;
  RtTime worst, median;
} SlowlorisResult;

gboolean slowloris_start (SlowlorisServer *server, gboolean tls);
void slowloris_stop (SlowlorisServer *server);
SlowlorisResult slowloris_attack (const SlowlorisServer *server,
                                  SlowlorisKind kind,
                                  guint n_attackers,
                                  guint n_probes);
