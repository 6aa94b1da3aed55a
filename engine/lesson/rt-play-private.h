/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A play from within: between the file that runs it and the one that others ask. */
#pragma once

#include "rt-browser.h"
#include "rt-byte-client.h"
#include "rt-client.h"
#include "rt-driver.h"
#include "rt-scenario.h"

G_BEGIN_DECLS

/** RtTaken: a numbered step as it was taken. */
typedef struct
{
  const RtStep *step;
  guint64 start, end, task;
  guint exchange;
  const char *actor; /* who takes it; NULL: nobody */
  /* What the party is told, and stays while it works on it. */
  RtClientTask client_task;
  RtByteTask byte_task;
  RtBrowserTask browser_task;
  RtResult *result; /* what the browser's page or user got; NULL: nothing yet */
} RtTaken;

/** RtCapture: a value that was given a name. */
typedef struct
{
  char *name, *value;
} RtCapture;

struct _RtPlay
{
  gint ref_count;
  RtLesson *lesson;
  const RtScenario *scenario;
  GPtrArray *answer, *changes;
  guint variation;
  RtLog *log;
  RtAnalysis *analysis;
  GPtrArray *results;  /* RtCheckResult */
  GPtrArray *captures; /* RtCapture */
  GPtrArray *taken;    /* RtTaken, in the order they were taken */
  guint n_seen;        /* exchanges whose step is known */

  /* Played by programs outside. */
  RtPlay *base; /* nullable: whose log and analysis it looks at */
  gboolean served;
  guint first_exchange; /* … from which on it counts */
  guint64 since;        /* … and the event it began with */
  guint horizon;        /* of a base: exchanges after this one have not been looked at yet */

  /* While it is played. */
  const RtPlayground *ground; /* nullable */
  const RtDriverClass *driver_class;
  gpointer driver;
  GHashTable *parties; /* name → RtPartyId */
  RtTime step_start;
  guint first_open; /* of taken: those before have ended */
  gboolean gave_up; /* a program outside did not answer: no more steps are taken */
};

char *rt_play_expand (gpointer data, const char *text, GError **error);
char *rt_play_expand_known (RtPlay *play, const char *text);
gboolean rt_play_give_task (RtPlay *play, RtTaken *taken, GError **error);
gboolean rt_play_run (RtPlay *play, gboolean with_checks, GError **error);
gboolean rt_play_set_up (RtPlay *play, GError **error);
void rt_play_tear_down (RtPlay *play);
void rt_play_check (RtPlay *play, const RtStep *step);
void rt_play_capture (RtPlay *play, const RtStep *step);
RtPlay *rt_play_new_served (const RtLesson *lesson,
                            const RtScenario *scenario,
                            const RtPlayOptions *options,
                            RtPlay *base);
RtExpressionScope rt_play_get_scope (RtPlay *play);

G_END_DECLS
