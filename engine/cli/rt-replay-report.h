/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What became of requests that were sent once more, printed. For this folder. */
#pragma once

#include "rt-resender.h"
#include "rt-traffic.h"

G_BEGIN_DECLS

/**
 * RtReplayReport:
 * @run: what was recorded
 * @resends: (element-type RtResend): its requests
 * @resender: (nullable): sent them; %NULL: nothing was sent
 * @ignore: (array zero-terminated=1): fields that are not compared
 * @to: where they went, in words
 * @recorded: (nullable): the file in which it was recorded as the run @recorded_run
 */
typedef struct
{
  const RtTrafficRun *run;
  GPtrArray *resends;
  RtResender *resender;
  const char *const *ignore;
  const char *to, *recorded, *recorded_run;
} RtReplayReport;

gboolean rt_replay_report (const RtReplayReport *report, gboolean json);

G_END_DECLS
