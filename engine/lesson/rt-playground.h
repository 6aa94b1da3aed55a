/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a lesson is played on: the simulated network or real sockets, with a program of the
 * learner's own in an origin's place. */
#pragma once

#include "rt-lesson.h"

G_BEGIN_DECLS

/**
 * RtPlayDriver:
 * @RT_PLAY_SIM: the simulated network
 * @RT_PLAY_LIVE: loopback sockets
 */
typedef enum
{
  RT_PLAY_SIM,
  RT_PLAY_LIVE,
} RtPlayDriver;

/**
 * RtStandIn:
 * @host: the origin whose place it takes
 * @secure: it is reached over TLS
 * @address: where it is: a name or an address
 *
 * A program that takes an origin's place. Who connects to the origin is led to it, and in the log
 * it stands under the origin's name.
 */
typedef struct
{
  char *host, *address;
  guint16 port;
  gboolean secure;
} RtStandIn;

/**
 * RtPlayground:
 * @stand_ins: (nullable) (element-type RtStandIn): with any of them it is real sockets, and time is
 *   what it is: a program outside has a clock of its own
 * @outside: a stand-in may be on another machine
 * @libsoup: (nullable) (array zero-terminated=1): clients and origins of the lesson whose
 *   connections are libsoup's: what they send is its doing, and what they know is the lesson's.
 * Real sockets and real time, as with a stand-in
 */
typedef struct
{
  RtPlayDriver driver;
  GPtrArray *stand_ins;
  gboolean outside;
  const char *const *libsoup;
  RtTime patience;
} RtPlayground;

/** RT_PLAY_LONGEST_WAIT: where time cannot be moved, what a step may move it by: it is waited for.
 */
#define RT_PLAY_LONGEST_WAIT (10 * RT_TIME_SEC)
/** RT_PLAY_PATIENCE: how long a step with a program outside may take. */
#define RT_PLAY_PATIENCE (30 * RT_TIME_SEC)

gboolean rt_play_driver_parse (const char *name, RtPlayDriver *ret_driver, GError **error);
const char *rt_play_driver_name (RtPlayDriver driver);

RtStandIn *rt_stand_in_parse (const char *text, GError **error);
void rt_stand_in_free (RtStandIn *stand_in);
gboolean rt_playground_check (const RtPlayground *ground, const RtLesson *lesson, GError **error);

gboolean rt_stand_in_prepare (const RtStandIn *program,
                              const RtLesson *lesson,
                              GPtrArray *settings,
                              gboolean outside,
                              GError **error);
gboolean rt_playground_is_live (const RtPlayground *ground);
gboolean rt_playground_has_real_time (const RtPlayground *ground);
gboolean rt_playground_has_program (const RtPlayground *ground, const char *party);
char *rt_playground_dup_obstacle (const RtPlayground *ground,
                                  const RtLesson *lesson,
                                  const RtScenario *scenario);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtStandIn, rt_stand_in_free)

G_END_DECLS
