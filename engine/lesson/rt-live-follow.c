/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What programs outside make of a served lesson.
 *
 * After a round of the driver the log is read on, at most every %LOOK_EVERY: a flood of connections
 * must not be slowed down by those who watch it. A timer makes sure that the last thing is seen,
 * too, and that nobody is awaited for longer than was said. */
#include "rt-live-lesson-private.h"

#include "rt-error.h"

#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

/** LOOK_EVERY: microseconds between two looks at the log. */
#define LOOK_EVERY (20 * G_TIME_SPAN_MILLISECOND)
/** MAX_EVENTS: of a log that is followed; afterwards the servers go on unwatched. */
#define MAX_EVENTS 4000000

static void
tell (RtLiveLesson *live, const RtLiveNews *news)
{
  if (live->options.news != NULL)
    live->options.news (live->options.news_data, news);
}

static void
take_news (gpointer data, const RtLiveNews *news)
{
  RtLiveLesson *live = data;

  if (news->kind == RT_LIVE_NEWS_AWAITED)
    {
      live->awaited_since = g_get_monotonic_time ();
      g_free (live->awaited);
      live->awaited = g_strdup (news->text);
    }
  else if (news->kind == RT_LIVE_NEWS_MET)
    g_clear_pointer (&live->awaited, g_free);
  tell (live, news);
}

static void
probe_free (gpointer data)
{
  RtLiveProbe *probe = data;

  rt_follower_free (probe->follower);
  g_free (probe);
}

/* Whether somebody outside can do what the probe does. */
static gboolean
is_for_outside (RtLiveLesson *live, RtPlay *play)
{
  for (guint i = 0; i < play->scenario->steps->len; i++)
    {
      const RtStep *step = play->scenario->steps->pdata[i];
      g_auto (RtAwaited) awaited = { NULL };
      g_autoptr (GError) error = NULL;

      if (step->number == 0 || rt_awaited_read (play, step, &awaited, &error))
        continue;
      if (play->variation == 0)
        tell (live, &(RtLiveNews){ .kind = RT_LIVE_NEWS_SKIPPED,
                                   .step = step,
                                   .probe = play->scenario,
                                   .text = error->message });
      return FALSE;
    }
  return TRUE;
}

static void
add_probes (RtLiveLesson *live)
{
  GPtrArray *probes = live->lesson->challenge->probes;

  for (guint i = 0; i < probes->len; i++)
    for (guint j = 0; j < ((const RtScenario *)probes->pdata[i])->n_variations; j++)
      {
        RtPlayOptions options
            = { .answer = live->options.answer, .variation = j, .ground = &live->ground };
        g_autoptr (RtPlay) play
            = rt_play_new_served (live->lesson, probes->pdata[i], &options, live->play);
        RtLiveProbe *probe;

        if (!is_for_outside (live, play))
          continue;
        probe = g_new0 (RtLiveProbe, 1);
        probe->follower = rt_follower_new (play, TRUE, NULL, NULL);
        g_ptr_array_add (live->probes, probe);
      }
}

/* Exchanges. */

static char *
describe (RtLiveLesson *live, const RtExchange *exchange)
{
  const RtPartyInfo *server = rt_analysis_get_party (live->play->analysis, exchange->server);
  RtMessage *request = exchange->request->message;
  g_autofree char *method = rt_text_dup (request->method);
  g_autofree char *target = rt_text_dup (request->target);
  const char *host = server != NULL ? server->name : "?";

  if (exchange->failed != NULL)
    return g_strdup_printf ("%s %s at %s: %s", method, target, host, exchange->failed);
  return g_strdup_printf ("%s %s at %s: %u", method, target, host,
                          exchange->response->message->status);
}

/* What a program outside sent, and not what a server of ours sends on for it. */
static gboolean
is_from_outside (RtLiveLesson *live, const RtExchange *exchange)
{
  const RtPartyInfo *client = rt_analysis_get_party (live->play->analysis, exchange->client);

  return client != NULL && g_str_equal (client->kind, "program");
}

static void
tell_probe (RtLiveLesson *live, RtLiveProbe *probe, const char *problem)
{
  RtPlay *play = rt_follower_get_play (probe->follower);

  probe->told = TRUE;
  tell (live, &(RtLiveNews){ .kind = RT_LIVE_NEWS_PROBE,
                             .probe = play->scenario,
                             .holds = probe->passed,
                             .exchange = rt_follower_get_exchange (probe->follower),
                             .text = problem != NULL ? problem : play->scenario->name });
}

static void
show_probes (RtLiveLesson *live, const RtExchange *exchange)
{
  for (guint i = 0; i < live->probes->len; i++)
    {
      RtLiveProbe *probe = live->probes->pdata[i];

      if (!probe->passed && rt_follower_see (probe->follower, exchange))
        probe->told = FALSE;
    }
}

/* Whoever is led elsewhere is likely to go there: it is too early to say what is missing. */
static gboolean
is_led_on (RtLiveLesson *live)
{
  const RtExchange *last = rt_analysis_get_exchange (live->play->analysis, live->play->horizon);

  return last != NULL && last->response != NULL && last->response->message->status / 100 == 3
         && rt_fields_first (last->response->message->fields, "Location") != NULL;
}

static void
see_new (RtLiveLesson *live)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (live->play->analysis);

  for (; live->n_seen < exchanges->len; live->n_seen++)
    g_array_append_val (live->open, ((const RtExchange *)exchanges->pdata[live->n_seen])->id);
}

static void
judge_probe (RtLiveLesson *live, RtLiveProbe *probe)
{
  g_autofree char *problem = NULL;

  rt_follower_see_end (probe->follower);
  if (!rt_follower_is_done (probe->follower) || rt_follower_get_n_met (probe->follower) == 0)
    return;
  probe->passed = rt_follower_has_passed (probe->follower);
  problem = probe->passed ? NULL : rt_follower_dup_problem (probe->follower);
  if (probe->passed || (problem != NULL && !probe->told && !is_led_on (live)))
    tell_probe (live, probe, problem);
}

static void
judge_all (RtLiveLesson *live)
{
  guint n_passed = 0;

  if (live->run != NULL)
    rt_follower_see_end (live->run);
  for (guint i = 0; i < live->probes->len; i++)
    {
      RtLiveProbe *probe = live->probes->pdata[i];

      if (!probe->passed)
        judge_probe (live, probe);
      n_passed += probe->passed;
    }
  if (n_passed > 0 && n_passed == live->probes->len && !live->told_passed)
    {
      live->told_passed = TRUE;
      tell (live, &(RtLiveNews){ .kind = RT_LIVE_NEWS_CHALLENGE, .holds = TRUE });
    }
  if (live->run != NULL && rt_follower_is_done (live->run) && !live->told_end)
    {
      live->told_end = TRUE;
      tell (live, &(RtLiveNews){ .kind = RT_LIVE_NEWS_END });
    }
}

static void
see_head (RtLiveLesson *live, const RtExchange *exchange)
{
  if (!is_from_outside (live, exchange))
    return;
  if (live->run != NULL && !live->gave_up)
    rt_follower_see (live->run, exchange);
  show_probes (live, exchange);
}

static void
see_end (RtLiveLesson *live, const RtExchange *exchange)
{
  g_autofree char *text = NULL;

  if (exchange->request != NULL && exchange->request->has_head && is_from_outside (live, exchange)
      && (exchange->failed != NULL || exchange->response != NULL))
    {
      text = describe (live, exchange);
      tell (live,
            &(RtLiveNews){ .kind = RT_LIVE_NEWS_EXCHANGE, .exchange = exchange->id, .text = text });
    }
  judge_all (live);
}

/* What happened since the last look, in its order: whoever judges an exchange must not see the next
 * ones yet, or else it would depend on how fast they came. */
static void
see_open (RtLiveLesson *live)
{
  for (guint i = 0; i < live->open->len;)
    {
      guint *id = &g_array_index (live->open, guint, i);
      const RtExchange *exchange
          = rt_analysis_get_exchange (live->play->analysis, *id & ~RT_LIVE_HEAD_SEEN);

      live->play->horizon = MAX (live->play->horizon, exchange->id);
      if (exchange->request != NULL && exchange->request->has_head
          && (*id & RT_LIVE_HEAD_SEEN) == 0)
        {
          *id |= RT_LIVE_HEAD_SEEN;
          see_head (live, exchange);
        }
      if (exchange->ended == RT_TIME_UNKNOWN)
        {
          i++;
          continue;
        }
      see_end (live, exchange);
      g_array_remove_index (live->open, i);
    }
}

static void
give_up_when_late (RtLiveLesson *live)
{
  if (live->options.timeout == 0 || live->awaited == NULL || live->gave_up
      || g_get_monotonic_time () - live->awaited_since < live->options.timeout)
    return;
  live->gave_up = TRUE;
  tell (live, &(RtLiveNews){ .kind = RT_LIVE_NEWS_TIMEOUT, .text = live->awaited });
  rt_follower_give_up (live->run);
}

/* The timer, for the next look or for the end of the patience. */
static void
set_timer (RtLiveLesson *live, gboolean soon)
{
  gint64 wait = soon ? LOOK_EVERY
                : live->options.timeout > 0 && live->awaited != NULL && !live->gave_up
                    ? live->awaited_since + live->options.timeout - g_get_monotonic_time ()
                    : 0;
  struct itimerspec when = { 0 };

  if (wait != 0)
    {
      wait = MAX (wait, 1);
      when.it_value.tv_sec = wait / G_TIME_SPAN_SECOND;
      when.it_value.tv_nsec = wait % G_TIME_SPAN_SECOND * 1000;
    }
  timerfd_settime (live->timer_fd, 0, &when, NULL);
}

static void
look (RtLiveLesson *live)
{
  RtReader *reader = rt_log_get_reader (live->play->log);

  live->looked_at = g_get_monotonic_time ();
  rt_log_flush (live->play->log);
  live->n_read = rt_log_get_length (live->play->log);
  if (live->n_read > MAX_EVENTS)
    {
      if (!live->full)
        tell (live, &(RtLiveNews){ .kind = RT_LIVE_NEWS_SKIPPED,
                                   .text = "the log is too long to be followed any further" });
      live->full = TRUE;
      return;
    }
  if (!rt_analysis_feed_reader (live->play->analysis, reader, G_MAXUINT64, NULL))
    return;
  see_new (live);
  see_open (live);
}

static void
round_is_over (gpointer data)
{
  RtLiveLesson *live = data;
  gint64 since = g_get_monotonic_time () - live->looked_at;

  if (since >= LOOK_EVERY)
    look (live);
  give_up_when_late (live);
  set_timer (live, since < LOOK_EVERY && live->n_read != rt_log_get_length (live->play->log));
}

static void
timer_fired (gpointer data)
{
  RtLiveLesson *live = data;
  guint64 count;

  /* What it is for is done at the end of the round. */
  (void)!read (live->timer_fd, &count, sizeof count);
}

/* Makes ready to follow. */
gboolean
rt_live_follow_begin (RtLiveLesson *live, GError **error)
{
  gboolean own = live->options.answer != NULL || rt_playground_has_program (&live->ground, NULL);

  live->open = g_array_new (FALSE, FALSE, sizeof (guint));
  live->probes = g_ptr_array_new_with_free_func (probe_free);
  live->timer_fd = timerfd_create (CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (live->timer_fd < 0)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, NULL, "there is no timer: %s", g_strerror (errno));
      return FALSE;
    }
  if (!rt_live_watch (live->driver, live->timer_fd, timer_fired, live, error))
    return FALSE;
  rt_live_on_round (live->driver, round_is_over, live);
  if (own && live->lesson->challenge != NULL)
    add_probes (live);
  else
    live->run = rt_follower_new (live->play, FALSE, take_news, live);
  return TRUE;
}

/* Says what is awaited first. */
void
rt_live_follow_start (RtLiveLesson *live)
{
  if (live->run != NULL)
    rt_follower_begin (live->run);
  set_timer (live, FALSE);
}

/* Nothing more will come. */
void
rt_live_follow_end (RtLiveLesson *live)
{
  look (live);
  if (live->run != NULL)
    rt_follower_finish (live->run);
}

void
rt_live_follow_clear (RtLiveLesson *live)
{
  g_clear_pointer (&live->run, rt_follower_free);
  g_clear_pointer (&live->probes, g_ptr_array_unref);
  g_clear_pointer (&live->open, g_array_unref);
  g_clear_pointer (&live->awaited, g_free);
  if (live->timer_fd >= 0)
    close (live->timer_fd);
}

static guint
count_awaited (const RtScenario *scenario)
{
  guint n = 0;

  for (guint i = 0; i < scenario->steps->len; i++)
    {
      const RtStep *step = scenario->steps->pdata[i];

      n += step->kind == RT_STEP_SEND || step->kind == RT_STEP_OPEN || step->kind == RT_STEP_FETCH;
    }
  return n;
}

/**
 * rt_live_lesson_get_summary:
 * @live: a served lesson
 * @ret_summary: (out): what has come of it so far; borrowed
 */
void
rt_live_lesson_get_summary (RtLiveLesson *live, RtLiveSummary *ret_summary)
{
  *ret_summary
      = (RtLiveSummary){ .n_exchanges = rt_analysis_get_exchanges (live->play->analysis)->len,
                         .n_probes = live->probes->len,
                         .awaited = live->awaited };
  if (live->run != NULL)
    {
      ret_summary->n_steps = count_awaited (live->play->scenario);
      ret_summary->n_met = rt_follower_get_n_met (live->run);
      rt_follower_count (live->run, &ret_summary->n_held, &ret_summary->n_failed);
    }
  for (guint i = 0; i < live->probes->len; i++)
    ret_summary->n_passed += ((const RtLiveProbe *)live->probes->pdata[i])->passed;
}
