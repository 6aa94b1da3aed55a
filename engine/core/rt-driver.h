/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What carries parties: two implementations, sim and live, and no third. */
#pragma once

#include "rt-effects.h"

G_BEGIN_DECLS

/**
 * RtRun:
 * @RT_RUN_SETTLED: all tasks are finished and nothing is under way but idle deadlines
 * @RT_RUN_UNTIL: the time asked for was reached
 * @RT_RUN_WAITING: an outside program has to move
 * @RT_RUN_FAILED: the driver itself could not go on; the error says why
 */
typedef enum
{
  RT_RUN_SETTLED,
  RT_RUN_UNTIL,
  RT_RUN_WAITING,
  RT_RUN_FAILED,
} RtRun;

/**
 * RtDriverClass:
 * @add: adds a party, taking @self; its name is also the host it listens on if it listens
 * @listen: lets connections to @endpoint reach @party
 * @task: gives @party something to do at @at (a time that is past: now); @task is borrowed by the
 *   party until it is finished; @words says what it is, for the log. Returns the task's number
 * @run: lets things happen until all is settled, @until is reached or the world must be waited
 *   for
 * @advance: moves the clock by hand ("+1h"); fires what falls due, in order. Where time is
 *   what it is, it is waited for
 * @now: the current time
 */
typedef struct
{
  RtPartyId (*add) (gpointer driver, const char *name, const RtPartyClass *klass, gpointer self);
  gboolean (*listen) (gpointer driver, RtPartyId party, const RtEndpoint *endpoint, GError **error);
  guint64 (*task) (
      gpointer driver, RtPartyId party, gconstpointer task, const char *words, RtTime at);
  RtRun (*run) (gpointer driver, RtTime until, GError **error);
  void (*advance) (gpointer driver, RtTime by);
  RtTime (*now) (gpointer driver);
  void (*free) (gpointer driver);
} RtDriverClass;

G_END_DECLS
