/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The follower.
 *
 * The scenario's steps and checks are walked along in order. A step is taken by the first exchange
 * that has its method, its target and its server. A check is looked at when the exchanges before it
 * have ended; one that does not hold yet is looked at again whenever another exchange ends (a
 * client that follows a redirection is not done), and has failed when the next step is taken.
 *
 * Along a run, an exchange may take a later step than the one that is awaited: a browser answers
 * some by itself. Along a probe it may not, and the first step begins it anew. */
#include "rt-follower.h"

/* What has become of a step or check. */
typedef enum
{
  STEP_OPEN,
  STEP_ANNOUNCED, /* awaited, and somebody was told so */
  STEP_PENDING,   /* a check that does not hold yet */
  STEP_OVER,
} StepState;

struct _RtFollower
{
  RtPlay *play;
  gboolean restarts;
  RtLiveNewsFunc news;
  gpointer news_data;
  StepState *states; /* of each step of the scenario */
  char **problems;   /* of each pending check */
  guint at;          /* of the first that is not over or pending */
  guint last;        /* exchange that took the last step */
  guint n_met, n_held, n_failed;
  char *problem; /* the first check that failed */
};

static const RtStep *
get_step (RtFollower *follower, guint i)
{
  return follower->play->scenario->steps->pdata[i];
}

static guint
get_n_steps (RtFollower *follower)
{
  return follower->play->scenario->steps->len;
}

static void
tell (RtFollower *follower,
      RtLiveNewsKind kind,
      const RtStep *step,
      gboolean holds,
      guint exchange,
      const char *text)
{
  const RtScenario *scenario = follower->play->scenario;
  RtLiveNews news = { .kind = kind,
                      .step = step,
                      .probe = scenario->probe != RT_PROBE_NONE ? scenario : NULL,
                      .holds = holds,
                      .exchange = exchange,
                      .text = text };

  if (follower->news != NULL)
    follower->news (follower->news_data, &news);
}

static void
clear_states (RtFollower *follower)
{
  for (guint i = 0; i < get_n_steps (follower); i++)
    {
      follower->states[i] = STEP_OPEN;
      g_clear_pointer (&follower->problems[i], g_free);
    }
  g_clear_pointer (&follower->problem, g_free);
  follower->at = follower->last = 0;
  follower->n_met = follower->n_held = follower->n_failed = 0;
  g_ptr_array_set_size (follower->play->taken, 0);
  g_ptr_array_set_size (follower->play->captures, 0);
  g_ptr_array_set_size (follower->play->results, 0);
}

/**
 * rt_follower_new:
 * @play: the run or probe, played by others; reffed
 * @restarts: it can be tried again and again
 * @news: (nullable): told how it goes
 * @news_data: for @news
 *
 * Returns: (transfer full): a follower before the first step
 */
RtFollower *
rt_follower_new (RtPlay *play, gboolean restarts, RtLiveNewsFunc news, gpointer news_data)
{
  RtFollower *follower = g_new0 (RtFollower, 1);

  follower->play = rt_play_ref (play);
  follower->restarts = restarts;
  follower->news = news;
  follower->news_data = news_data;
  follower->states = g_new0 (StepState, get_n_steps (follower) + 1);
  follower->problems = g_new0 (char *, get_n_steps (follower) + 1);
  return follower;
}

void
rt_follower_free (RtFollower *follower)
{
  clear_states (follower);
  g_free (follower->states);
  g_free (follower->problems);
  rt_play_unref (follower->play);
  g_free (follower);
}

/* Checks. */

static gboolean
has_ended (RtFollower *follower)
{
  const RtExchange *exchange
      = follower->last > 0 ? rt_analysis_get_exchange (follower->play->analysis, follower->last)
                           : NULL;

  return exchange == NULL || exchange->ended != RT_TIME_UNKNOWN;
}

/* Looks at a check; what came of it is told once it is certain. */
static void
look_at (RtFollower *follower, guint i)
{
  const RtStep *step = get_step (follower, i);
  GPtrArray *results = follower->play->results;
  const RtCheckResult *result;

  rt_play_check (follower->play, step);
  result = results->pdata[results->len - 1];
  g_clear_pointer (&follower->problems[i], g_free);
  if (!result->holds && !result->skipped)
    {
      follower->states[i] = STEP_PENDING;
      follower->problems[i] = g_strdup (result->message);
      g_ptr_array_set_size (results, (int)results->len - 1);
      return;
    }
  follower->states[i] = STEP_OVER;
  follower->n_held += result->holds;
  tell (follower, result->holds ? RT_LIVE_NEWS_CHECK : RT_LIVE_NEWS_SKIPPED, step, result->holds,
        result->exchange, result->holds ? step->title : result->message);
}

/* What does not hold by now will not. */
static void
settle_pending (RtFollower *follower)
{
  for (guint i = 0; i < follower->at; i++)
    {
      if (follower->states[i] != STEP_PENDING)
        continue;
      follower->states[i] = STEP_OVER;
      follower->n_failed++;
      if (follower->problem == NULL)
        follower->problem = g_strdup (follower->problems[i]);
      tell (follower, RT_LIVE_NEWS_CHECK, get_step (follower, i), FALSE, 0, follower->problems[i]);
    }
}

static void
look_again (RtFollower *follower)
{
  for (guint i = 0; i < follower->at; i++)
    if (follower->states[i] == STEP_PENDING)
      look_at (follower, i);
}

/* Steps. */

static void
skip (RtFollower *follower, guint i, const char *why)
{
  follower->states[i] = STEP_OVER;
  tell (follower, RT_LIVE_NEWS_SKIPPED, get_step (follower, i), FALSE, 0, why);
}

/* Says what is awaited. Returns whether anything is. */
static gboolean
announce (RtFollower *follower, guint i)
{
  g_auto (RtAwaited) awaited = { NULL };
  g_autoptr (GError) why = NULL;
  g_autofree char *text = NULL;

  if (follower->states[i] == STEP_ANNOUNCED)
    return TRUE;
  if (!rt_awaited_read (follower->play, get_step (follower, i), &awaited, &why))
    {
      skip (follower, i, why->message);
      return FALSE;
    }
  follower->states[i] = STEP_ANNOUNCED;
  text = rt_awaited_dup_text (&awaited);
  tell (follower, RT_LIVE_NEWS_AWAITED, get_step (follower, i), FALSE, 0, text);
  return TRUE;
}

/* As far as it goes without anybody moving. */
static void
advance (RtFollower *follower)
{
  for (; follower->at < get_n_steps (follower); follower->at++)
    {
      guint i = follower->at;
      const RtStep *step = get_step (follower, i);

      if (follower->states[i] == STEP_OVER)
        continue;
      if (step->number > 0)
        {
          if (announce (follower, i))
            return;
          continue;
        }
      if (!has_ended (follower))
        return;
      if (step->kind == RT_STEP_CAPTURE)
        {
          rt_play_capture (follower->play, step);
          follower->states[i] = STEP_OVER;
        }
      else
        look_at (follower, i);
    }
}

/* A later step was taken: checks on the way are looked at for the last time, and steps that nobody
 * took will not be, unless they go side by side with it. */
static void
pass_over (RtFollower *follower, guint to)
{
  gboolean together = get_step (follower, to)->number > 0 && !get_step (follower, to)->waits;

  for (guint i = follower->at; i < to; i++)
    {
      const RtStep *step = get_step (follower, i);

      if (follower->states[i] == STEP_OVER || (together && step->number > 0))
        continue;
      if (step->number > 0)
        skip (follower, i, "no request came for it");
      else if (step->kind == RT_STEP_CAPTURE)
        {
          rt_play_capture (follower->play, step);
          follower->states[i] = STEP_OVER;
        }
      else if (follower->states[i] == STEP_OPEN)
        look_at (follower, i);
    }
  if (!together)
    follower->at = to;
}

static void
take (RtFollower *follower, guint i, const RtExchange *exchange)
{
  const RtStep *step = get_step (follower, i);
  RtTaken *taken = g_new0 (RtTaken, 1);

  taken->step = step;
  taken->exchange = exchange->id;
  taken->actor = step->from;
  taken->start = taken->end = RT_EVENT_NONE;
  g_ptr_array_add (follower->play->taken, taken);
  if (follower->n_met == 0)
    {
      follower->play->first_exchange = exchange->id;
      follower->play->since = exchange->request->first_event;
    }
  follower->states[i] = STEP_OVER;
  follower->last = exchange->id;
  follower->n_met++;
  tell (follower, RT_LIVE_NEWS_MET, step, TRUE, exchange->id, step->title);
}

static gboolean
can_take (RtFollower *follower, guint i, const RtExchange *exchange)
{
  const RtStep *step = get_step (follower, i);
  g_auto (RtAwaited) awaited = { NULL };

  return step->number > 0 && rt_awaited_read (follower->play, step, &awaited, NULL)
         && rt_awaited_is_met (&awaited, follower->play->analysis, exchange);
}

/* The step that the exchange takes; the number of steps: none. */
static guint
find_step (RtFollower *follower, const RtExchange *exchange)
{
  guint n = get_n_steps (follower);

  for (guint i = follower->at; i < n; i++)
    {
      if (follower->states[i] == STEP_OVER)
        continue;
      if (can_take (follower, i, exchange))
        return i;
      if (follower->restarts && get_step (follower, i)->number > 0)
        break;
    }
  /* A probe begins with a step: its first one begins it anew. */
  if (!follower->restarts || follower->n_met == 0 || !can_take (follower, 0, exchange))
    return n;
  clear_states (follower);
  return 0;
}

/**
 * rt_follower_begin:
 * @follower: before its first step
 *
 * Says what is awaited first.
 */
void
rt_follower_begin (RtFollower *follower)
{
  advance (follower);
}

/**
 * rt_follower_see:
 * @follower: a follower
 * @exchange: its request was just seen
 *
 * Returns: whether it took a step
 */
gboolean
rt_follower_see (RtFollower *follower, const RtExchange *exchange)
{
  guint i = find_step (follower, exchange);

  if (i == get_n_steps (follower))
    return FALSE;
  pass_over (follower, i);
  settle_pending (follower);
  take (follower, i, exchange);
  advance (follower);
  return TRUE;
}

/**
 * rt_follower_see_end:
 * @follower: a follower
 *
 * An exchange has ended.
 */
void
rt_follower_see_end (RtFollower *follower)
{
  look_again (follower);
  advance (follower);
}

/**
 * rt_follower_give_up:
 * @follower: a follower
 *
 * Nothing is awaited any more.
 */
void
rt_follower_give_up (RtFollower *follower)
{
  for (; follower->at < get_n_steps (follower); follower->at++)
    if (follower->states[follower->at] != STEP_PENDING)
      follower->states[follower->at] = STEP_OVER;
}

/**
 * rt_follower_finish:
 * @follower: a follower
 *
 * Nothing more will be seen: what does not hold now has failed.
 */
void
rt_follower_finish (RtFollower *follower)
{
  settle_pending (follower);
}

/**
 * rt_follower_is_done:
 * @follower: a follower
 *
 * Returns: whether every step was taken or passed over, and the exchanges have ended
 */
gboolean
rt_follower_is_done (RtFollower *follower)
{
  return follower->at == get_n_steps (follower) && has_ended (follower);
}

/**
 * rt_follower_has_passed:
 * @follower: a follower
 *
 * Returns: whether it is done and every check that can be seen holds
 */
gboolean
rt_follower_has_passed (RtFollower *follower)
{
  for (guint i = 0; i < get_n_steps (follower); i++)
    if (follower->states[i] != STEP_OVER)
      return FALSE;
  return follower->n_met > 0 && follower->n_held > 0 && follower->n_failed == 0;
}

/**
 * rt_follower_dup_problem:
 * @follower: a follower
 *
 * Returns: (nullable) (transfer full): the first check that does not hold
 */
char *
rt_follower_dup_problem (RtFollower *follower)
{
  if (follower->problem != NULL)
    return g_strdup (follower->problem);
  for (guint i = 0; i < follower->at; i++)
    if (follower->states[i] == STEP_PENDING)
      return g_strdup (follower->problems[i]);
  return NULL;
}

/**
 * rt_follower_dup_awaited:
 * @follower: a follower
 *
 * Returns: (nullable) (transfer full): what is awaited: `GET /doc/1 at api.shop.test`
 */
char *
rt_follower_dup_awaited (RtFollower *follower)
{
  g_auto (RtAwaited) awaited = { NULL };

  if (follower->at == get_n_steps (follower) || get_step (follower, follower->at)->number == 0
      || !rt_awaited_read (follower->play, get_step (follower, follower->at), &awaited, NULL))
    return NULL;
  return rt_awaited_dup_text (&awaited);
}

/**
 * rt_follower_count:
 * @follower: a follower
 * @ret_held: (out): checks that hold
 * @ret_failed: (out): checks that do not, and will not
 */
void
rt_follower_count (RtFollower *follower, guint *ret_held, guint *ret_failed)
{
  *ret_held = follower->n_held;
  *ret_failed = follower->n_failed;
}

/**
 * rt_follower_get_n_met:
 * @follower: a follower
 *
 * Returns: how many steps were taken
 */
guint
rt_follower_get_n_met (RtFollower *follower)
{
  return follower->n_met;
}

/**
 * rt_follower_get_exchange:
 * @follower: a follower
 *
 * Returns: id of the exchange that took the last step; 0: none did
 */
guint
rt_follower_get_exchange (RtFollower *follower)
{
  return follower->last;
}

/**
 * rt_follower_get_play:
 * @follower: a follower
 *
 * Returns: what it follows
 */
RtPlay *
rt_follower_get_play (RtFollower *follower)
{
  return follower->play;
}
