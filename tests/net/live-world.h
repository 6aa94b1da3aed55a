/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of the live driver share: a client and an origin server on either driver, and a
 * server that programs can talk to. */
#pragma once

#include "rt-analysis.h"
#include "rt-live.h"
#include "rt-sim.h"

#define START (1767268800 * RT_TIME_SEC)

/* The same cast on either driver. */
typedef struct
{
  RtLog *log;
  const RtDriverClass *klass;
  gpointer driver;
  RtPartyId ann, origin;
  GPtrArray *tasks;
} World;

/* A server for programs that are not ours: a thread that runs it. */
typedef struct
{
  const RtLink *link; /* NULL: nothing is held back */
  gboolean unheard;   /* nothing is written down */
  World world;
  GThread *thread;
  guint16 port, secure_port;
} Served;

void world_init (World *world, const RtDriverClass *klass, RtLiveClock clock);
void world_init_with (World *world, const RtDriverClass *klass, RtLiveClock clock, RtLog *log);
void world_clear (World *world);
RtRun ask_until (World *world, const char *host, const char *request, RtTime until);
void ask (World *world, const char *host, const char *request);
RtAnalysis *analyse (World *world);
char *describe (World *world);
const char *finished (World *world, guint task);
const char *finished_at (World *world, guint task, RtTime *ret_at);

void served_init (Served *served);
void served_stop (Served *served);
int dial (guint16 port);
void say (int fd, const char *text);
char *hear (int fd);
