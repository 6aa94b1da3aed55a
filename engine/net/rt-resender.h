/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sends requests of a recording once more, over real sockets, and tells which exchange of the new
 * log belongs to which of the old one. */
#pragma once

#include "rt-effects.h"
#include "rt-log.h"
#include "rt-resend.h"

G_BEGIN_DECLS

/** RT_RESENDER_RATE: requests a second, where nobody says. */
#define RT_RESENDER_RATE 20
/** RT_RESENDER_RATE_MAX: more than that is no replay but a load. */
#define RT_RESENDER_RATE_MAX 1000
/** RT_RESENDER_PATIENCE: how long an answer may take, where nobody says. */
#define RT_RESENDER_PATIENCE (30 * RT_TIME_SEC)

/**
 * RtResenderOptions:
 * @to: where to; its `tls`, where it has one, is given with `public` set
 * @consent: what a person has agreed to
 * @from_lesson: the recording is a lesson's: nothing of it leaves this machine, whatever was agreed
 *   to
 * @rate: requests a second at most, up to %RT_RESENDER_RATE_MAX; 0: %RT_RESENDER_RATE
 * @patience: how long an answer may take; 0: %RT_RESENDER_PATIENCE
 * @done: (nullable): called after each request that was sent, with its place in the list, on the
 *   thread that runs it
 *
 * How requests are sent. All borrowed.
 */
typedef struct
{
  RtEndpoint to;
  RtResendConsent consent;
  gboolean from_lesson;
  guint rate;
  RtTime patience;
  void (*done) (guint i, gpointer data);
  gpointer data;
} RtResenderOptions;

typedef struct _RtResender RtResender;

RtResender *
rt_resender_new (RtLog *log, GPtrArray *resends, const RtResenderOptions *options, GError **error);
void rt_resender_free (RtResender *resender);
gboolean rt_resender_run (RtResender *resender, GError **error);
void rt_resender_stop (RtResender *resender);

RtAnalysis *rt_resender_get_analysis (RtResender *resender);
gboolean rt_resender_was_sent (RtResender *resender, guint i);
const RtExchange *rt_resender_get_exchange (RtResender *resender, guint i);
const char *rt_resender_get_failure (RtResender *resender, guint i);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtResender, rt_resender_free)

G_END_DECLS
