/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson whose servers stand on ports of this machine, so that any program can be its client. The
 * steps of its run are what is expected of those who come; its challenge can be passed from
 * outside.
 *
 * The thread that calls rt_live_lesson_run() is the engine's: news and pages are given on it. */
#pragma once

#include "rt-playground.h"
#include "rt-scenario.h"

G_BEGIN_DECLS

/**
 * RtLiveNewsKind:
 * @RT_LIVE_NEWS_AWAITED: the run waits for this step, which somebody outside has to take; text:
 * what is awaited: `GET /doc/1 at api.shop.test`
 * @RT_LIVE_NEWS_MET: it was taken: by @exchange
 * @RT_LIVE_NEWS_TIMEOUT: nobody has taken it in time, and nothing else is awaited any more
 * @RT_LIVE_NEWS_EXCHANGE: an exchange has ended, awaited or not; text: `GET /doc/1 at
 *   api.shop.test: 200`
 * @RT_LIVE_NEWS_CHECK: a check of the run was evaluated; text: the check, or why it does not hold
 * @RT_LIVE_NEWS_SKIPPED: a step cannot be taken here; text: why
 * @RT_LIVE_NEWS_PROBE: the requests of a probe were all sent; text: its name, or why it failed
 * @RT_LIVE_NEWS_CHALLENGE: each probe has passed since the start
 * @RT_LIVE_NEWS_END: all steps of the run were taken; serving goes on
 */
typedef enum
{
  RT_LIVE_NEWS_AWAITED,
  RT_LIVE_NEWS_MET,
  RT_LIVE_NEWS_TIMEOUT,
  RT_LIVE_NEWS_EXCHANGE,
  RT_LIVE_NEWS_CHECK,
  RT_LIVE_NEWS_SKIPPED,
  RT_LIVE_NEWS_PROBE,
  RT_LIVE_NEWS_CHALLENGE,
  RT_LIVE_NEWS_END,
} RtLiveNewsKind;

/**
 * RtLiveNews:
 * @step: (nullable): that it is about
 * @probe: (nullable): likewise
 * @holds: CHECK, PROBE: how it went
 * @exchange: id of the exchange that it is about or that proves it; 0: none
 *
 * Something that happened. Borrowed for the call.
 */
typedef struct
{
  RtLiveNewsKind kind;
  const RtStep *step;
  const RtScenario *probe;
  gboolean holds;
  guint exchange;
  const char *text;
} RtLiveNews;

typedef void (*RtLiveNewsFunc) (gpointer data, const RtLiveNews *news);

/**
 * RtLiveLessonOptions:
 * @scenario: (nullable): the run; %NULL: the first that has steps
 * @answer: (nullable) (element-type RtPartySettings): a learner's settings, over all others
 * @ground: (nullable): programs that take an origin's place
 * @port: of the first server; the others have those after it. 0: whatever is free
 * @tls: servers that have no TLS of their own are reached with it as well
 * @timeout: how long a step may be awaited; 0: for ever
 * @sink, @sink_data: (nullable): given every page when it is sealed: a recorder
 * @news, @news_data: (nullable): told what happens
 */
typedef struct
{
  const RtScenario *scenario;
  GPtrArray *answer;
  const RtPlayground *ground;
  guint16 port;
  gboolean tls;
  RtTime timeout;
  RtLogSink sink;
  gpointer sink_data;
  RtLiveNewsFunc news;
  gpointer news_data;
} RtLiveLessonOptions;

/**
 * RtLivePort:
 * @host: the server's name in the lesson
 * @port: … and its port there: 80, or 443 with TLS
 * @real_port: where it is on this machine
 */
typedef struct
{
  const char *host;
  guint16 port, real_port;
  gboolean secure;
} RtLivePort;

/**
 * RtLiveSummary:
 * @n_exchanges: that were seen
 * @n_steps: of the run that others have to take; @n_met: those that were taken
 * @n_held, @n_failed: checks of the run that were evaluated
 * @n_probes: of the challenge; @n_passed: those that passed
 * @awaited: (nullable): what nobody has sent
 */
typedef struct
{
  guint n_exchanges, n_steps, n_met, n_held, n_failed, n_probes, n_passed;
  const char *awaited;
} RtLiveSummary;

typedef struct _RtLiveLesson RtLiveLesson;

RtLiveLesson *
rt_live_lesson_new (const RtLesson *lesson, const RtLiveLessonOptions *options, GError **error);
void rt_live_lesson_free (RtLiveLesson *live);

GPtrArray *rt_live_lesson_get_ports (RtLiveLesson *live); /* RtLivePort */
GPtrArray *rt_live_lesson_dup_commands (RtLiveLesson *live, const char *authority);
const char *rt_live_lesson_get_authority (RtLiveLesson *live);
RtReader *rt_live_lesson_get_reader (RtLiveLesson *live);
RtAnalysis *rt_live_lesson_get_analysis (RtLiveLesson *live);
const RtScenario *rt_live_lesson_get_scenario (RtLiveLesson *live);
void rt_live_lesson_get_summary (RtLiveLesson *live, RtLiveSummary *ret_summary);

gboolean rt_live_lesson_run (RtLiveLesson *live, GError **error);
void rt_live_lesson_stop (RtLiveLesson *live);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtLiveLesson, rt_live_lesson_free)

G_END_DECLS
