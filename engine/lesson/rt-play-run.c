/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Playing a run: steps are taken in order, each to its end unless the next one says that it starts
 * meanwhile; captures and checks look at what the log tells up to there, as everybody else does. */
#include "rt-play-private.h"

#include "rt-cast-kind.h"
#include "rt-live.h"
#include "rt-message-template.h"

/* Names. */

static const char *
look_up (gpointer data, const char *name)
{
  RtPlay *play = data;

  for (guint i = play->captures->len; i > 0; i--)
    {
      const RtCapture *capture = play->captures->pdata[i - 1];

      if (g_str_equal (capture->name, name))
        return capture->value;
    }
  for (guint i = 0; i < play->scenario->variables->len; i++)
    {
      const RtVariable *variable = play->scenario->variables->pdata[i];

      if (g_str_equal (variable->name, name))
        return variable->values[play->variation];
    }
  return NULL;
}

static RtTime
get_now (RtPlay *play)
{
  return play->driver != NULL ? play->driver_class->now (play->driver)
                              : rt_analysis_get_end (play->analysis);
}

/* @text with each `{{name}}` replaced. */
char *
rt_play_expand (gpointer data, const char *text, GError **error)
{
  return rt_template_expand (text, get_now (data), look_up, data, error);
}

/* … that has a value by now: what is captured later stays as its name. */
char *
rt_play_expand_known (RtPlay *play, const char *text)
{
  return rt_template_expand_known (text, get_now (play), look_up, play);
}

static guint
exchange_of (gpointer data, const char *name)
{
  RtPlay *play = data;

  for (guint i = 0; i < play->taken->len; i++)
    {
      const RtTaken *taken = play->taken->pdata[i];

      if (g_strcmp0 (taken->step->name, name) == 0)
        return taken->exchange;
    }
  return 0;
}

/* The task that an event goes back to; 0: none. */
static guint64
cause_of_task (RtReader *reader, guint64 event)
{
  /* A cause stands before what it led to, so this comes to an end. */
  while (event != RT_EVENT_NONE)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, event, NULL);
      const RtEvent *at = page != NULL ? &page->events[event - page->first] : NULL;

      if (at == NULL)
        return 0;
      if (at->kind == RT_EVENT_TASK)
        {
          g_autoptr (GVariant) detail = rt_page_dup_detail (page, (guint)(event - page->first));
          guint64 number;

          g_variant_get_child (detail, 0, "t", &number);
          return number;
        }
      if (at->cause != RT_EVENT_NONE && at->cause >= event)
        return 0;
      event = at->cause;
    }
  return 0;
}

static guint64
task_of (gpointer data, guint64 event)
{
  return cause_of_task (rt_log_get_reader (((RtPlay *)data)->log), event);
}

/* How long a task took; task 0: from the beginning of the first to the end of the last. */
static gboolean
task_time (gpointer data, guint64 task, RtTime *ret_duration)
{
  RtReader *reader = rt_log_get_reader (((RtPlay *)data)->log);
  RtTime start = RT_TIME_NEVER;
  gboolean ended = FALSE;

  for (guint64 event = 0; event < rt_reader_get_length (reader);)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, event, NULL);

      if (page == NULL)
        return FALSE;
      for (guint i = (guint)(event - page->first); i < page->n; i++)
        {
          const RtEvent *at = &page->events[i];
          g_autoptr (GVariant) detail = NULL;
          guint64 number;

          if (at->kind != RT_EVENT_TASK && at->kind != RT_EVENT_FINISHED)
            continue;
          detail = rt_page_dup_detail (page, i);
          g_variant_get_child (detail, 0, "t", &number);
          if (task != 0 && number != task)
            continue;
          start = MIN (start, at->time);
          if (at->kind != RT_EVENT_FINISHED)
            continue;
          *ret_duration = at->time - start;
          ended = TRUE;
        }
      event = page->first + page->n;
    }
  return ended;
}

static const RtResult *
result_of (gpointer data, guint64 task)
{
  RtPlay *play = data;

  for (guint i = 0; i < play->taken->len; i++)
    if (((const RtTaken *)play->taken->pdata[i])->task == task)
      return ((const RtTaken *)play->taken->pdata[i])->result;
  return NULL;
}

static guint64
step_of (gpointer data, const char *name, guint number)
{
  RtPlay *play = data;

  for (guint i = play->taken->len; i > 0; i--)
    {
      const RtTaken *taken = play->taken->pdata[i - 1];

      if (name != NULL  ? g_strcmp0 (taken->step->name, name) == 0
          : number == 0 ? taken->task != 0
                        : taken->step->number == number)
        return taken->task;
    }
  return 0;
}

/* Who took the last step that was somebody's. */
static const char *
last_actor (RtPlay *play)
{
  for (guint i = play->taken->len; i > 0; i--)
    {
      const RtTaken *taken = play->taken->pdata[i - 1];

      if (taken->actor != NULL)
        return taken->actor;
    }
  return NULL;
}

/* What came before a run or probe began does not count, nor what a relay sends to the program that
 * it stands for: that is the same exchange once more. */
static gboolean
counts (gpointer data, const RtExchange *exchange)
{
  RtPlay *play = data;
  const RtPartyInfo *client = rt_analysis_get_party (play->analysis, exchange->client);

  return exchange->id >= play->first_exchange
         && exchange->id <= (play->base != NULL ? play->base : play)->horizon
         && (client == NULL || !rt_playground_has_program (play->ground, client->name));
}

/* Whoever comes from outside is the client that is meant. */
static gboolean
is_party (gpointer data, const char *name, RtPartyId id)
{
  RtPlay *play = data;
  const RtPartyInfo *party = rt_analysis_get_party (play->analysis, id);
  const RtCast *cast = rt_lesson_get_cast (play->lesson, name);

  if (party == NULL || cast == NULL)
    return FALSE;
  return rt_cast_kind_find (cast->kind)->serves ? g_str_equal (party->name, name)
                                                : g_str_equal (party->kind, "program");
}

/* What the play's expressions are evaluated on. */
RtExpressionScope
rt_play_get_scope (RtPlay *play)
{
  return (RtExpressionScope){ play->analysis,
                              rt_play_expand,
                              exchange_of,
                              play,
                              step_of,
                              result_of,
                              task_time,
                              task_of,
                              last_actor (play),
                              play->served ? counts : NULL,
                              play->served ? is_party : NULL,
                              play->since,
                              (play->base != NULL ? play->base : play)->horizon };
}

/* What came of it. */

/* Notes that a step of the file is not as it should be. */
static void
add_failure (
    RtPlay *play, const RtStep *step, const char *what, const GError *error, guint exchange)
{
  RtPlace place = { play->lesson->file, step->line, 0 };
  g_autofree char *where = rt_place_format (&place);
  RtCheckResult *result = g_new0 (RtCheckResult, 1);

  result->step = step;
  result->message = g_strdup_printf ("%s: %s failed: %s", where, what, error->message);
  result->exchange = exchange;
  g_ptr_array_add (play->results, result);
}

/* What a program outside keeps and why it decides is its own business. */
static gboolean
is_out_of_sight (RtPlay *play, const RtStep *step, const GError *error)
{
  const char *party;

  if (play->served && g_error_matches (error, RT_ERROR, RT_ERROR_MISSING)
      && (rt_expression_is_decision (step->expression)
          || rt_expression_is_of_task (step->expression)))
    return TRUE;
  if (!rt_playground_has_real_time (play->ground))
    return FALSE;
  party = rt_expression_get_keeper (step->expression);
  if (party != NULL)
    return rt_playground_has_program (play->ground, party);
  return rt_expression_is_decision (step->expression)
         && g_error_matches (error, RT_ERROR, RT_ERROR_MISSING);
}

static void
add_skipped (RtPlay *play, const RtStep *step)
{
  RtPlace place = { play->lesson->file, step->line, 0 };
  g_autofree char *where = rt_place_format (&place);
  RtCheckResult *result = g_new0 (RtCheckResult, 1);

  result->step = step;
  result->skipped = TRUE;
  result->message = g_strdup_printf (
      "%s: not on this driver: %s: a program outside keeps that to itself", where, step->title);
  g_ptr_array_add (play->results, result);
}

/* Evaluates a check and keeps what came of it. */
void
rt_play_check (RtPlay *play, const RtStep *step)
{
  RtExpressionScope scope = rt_play_get_scope (play);
  g_auto (RtFound) found = { NULL, 0, RT_SPAN_NONE };
  g_autoptr (GError) error = NULL;

  if (rt_expression_holds (step->expression, &scope, &found, &error))
    {
      RtCheckResult *result = g_new0 (RtCheckResult, 1);

      *result = (RtCheckResult){
        .step = step, .holds = TRUE, .exchange = found.exchange, .span = found.span
      };
      g_ptr_array_add (play->results, result);
    }
  else if (is_out_of_sight (play, step, error))
    add_skipped (play, step);
  else
    add_failure (play, step, "check", error, found.exchange);
}

/* Looks for a value and gives it a name. */
void
rt_play_capture (RtPlay *play, const RtStep *step)
{
  RtExpressionScope scope = rt_play_get_scope (play);
  g_auto (RtFound) found = { NULL, 0, RT_SPAN_NONE };
  g_autoptr (GError) error = NULL;
  RtCapture *new = g_new0 (RtCapture, 1);

  if (rt_expression_find (step->expression, &scope, &found, &error) && found.text == NULL)
    rt_set_error (&error, RT_ERROR_MISSING, NULL, NULL, "%s; it is absent", step->title);
  if (error != NULL)
    add_failure (play, step, "capture", error, found.exchange);
  new->name = g_strdup (step->capture);
  new->value = g_strdup (found.text != NULL ? found.text : "");
  g_ptr_array_add (play->captures, new);
}

/* The events. */

/* Which step started which exchange: the one whose task the request goes back to. */
static void
assign_exchanges (RtPlay *play)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (play->analysis);
  RtReader *reader = rt_log_get_reader (play->log);

  for (; play->n_seen < exchanges->len; play->n_seen++)
    {
      const RtExchange *exchange = exchanges->pdata[play->n_seen];
      guint64 task
          = exchange->request != NULL ? cause_of_task (reader, exchange->request->first_event) : 0;

      for (guint i = 0; task != 0 && i < play->taken->len; i++)
        {
          RtTaken *taken = play->taken->pdata[i];

          if (taken->task == task && taken->exchange == 0)
            taken->exchange = exchange->id;
        }
    }
}

static gboolean
catch_up (RtPlay *play, GError **error)
{
  rt_log_flush (play->log);
  if (!rt_analysis_feed_reader (play->analysis, rt_log_get_reader (play->log), G_MAXUINT64, error))
    return FALSE;
  assign_exchanges (play);
  return TRUE;
}

static guint64
log_step (RtPlay *play, const RtStep *step, guint number, gboolean end)
{
  g_autofree char *title = rt_play_expand (play, step->title, NULL);

  return rt_log_append (play->log,
                        &(RtEvent){ .time = play->driver_class->now (play->driver),
                                    .cause = RT_EVENT_NONE,
                                    .kind = RT_EVENT_STEP },
                        g_variant_new ("(usb)", number, title != NULL ? title : step->title, end));
}

/* The steps. */

static gboolean
run_until (RtPlay *play, RtTime until, const RtStep *step, GError **error)
{
  RtPlace place = { play->lesson->file, step->line, 0 };
  RtRun state = play->driver_class->run (play->driver, until, error);

  if (state == RT_RUN_FAILED)
    rt_prefix_place (error, &place);
  else if (state == RT_RUN_WAITING)
    rt_set_error (error, RT_ERROR_UNSUPPORTED, &place, NULL,
                  "the step comes to no end: a party waits for somebody who will not move");
  return state == RT_RUN_SETTLED || state == RT_RUN_UNTIL;
}

/* A program outside may never answer: that is no fault of the lesson, but a step that failed. */
static gboolean
run_to_end (RtPlay *play, const RtStep *step, GError **error)
{
  g_autoptr (GError) late = NULL;
  RtTime patience;

  if (!rt_playground_has_real_time (play->ground))
    return run_until (play, RT_TIME_NEVER, step, error);
  patience = play->ground->patience != 0 ? play->ground->patience : RT_PLAY_PATIENCE;
  if (!run_until (play, play->driver_class->now (play->driver) + patience, step, error))
    return FALSE;
  if (rt_live_get_n_unfinished (play->driver) == 0)
    return TRUE;
  rt_set_error (&late, RT_ERROR_IO, NULL, NULL, "it had not ended after %d seconds",
                (int)(patience / RT_TIME_SEC));
  add_failure (play, step, "step", late, 0);
  play->gave_up = TRUE;
  return TRUE;
}

/* The steps that are under way are brought to their end. */
static gboolean
end_steps (RtPlay *play, GError **error)
{
  RtTaken *last = play->taken->len > 0 ? play->taken->pdata[play->taken->len - 1] : NULL;

  if (play->first_open == play->taken->len)
    return TRUE;
  if (!run_to_end (play, last->step, error))
    return FALSE;
  for (; play->first_open < play->taken->len; play->first_open++)
    {
      RtTaken *taken = play->taken->pdata[play->first_open];

      taken->end = log_step (play, taken->step, play->first_open + 1, TRUE);
    }
  return catch_up (play, error);
}

/* Lets time come to @at, be anything under way or not. */
static gboolean
wait_until (RtPlay *play, RtTime at, const RtStep *step, GError **error)
{
  RtTime now = play->driver_class->now (play->driver);

  if (now < at && !run_until (play, at, step, error))
    return FALSE;
  now = play->driver_class->now (play->driver);
  if (now < at)
    play->driver_class->advance (play->driver, at - now);
  return TRUE;
}

static gboolean
take_step (RtPlay *play, const RtStep *step, GError **error)
{
  RtTime base;
  RtTaken *taken;

  if (step->waits && !end_steps (play, error))
    return FALSE;
  base = step->waits ? play->driver_class->now (play->driver) : play->step_start;
  if (step->kind != RT_STEP_CLOCK && !wait_until (play, base + step->delay, step, error))
    return FALSE;
  play->step_start = play->driver_class->now (play->driver);
  taken = g_new0 (RtTaken, 1);
  taken->step = step;
  taken->end = RT_EVENT_NONE;
  g_ptr_array_add (play->taken, taken);
  taken->start = log_step (play, step, play->taken->len, FALSE);
  if (step->kind == RT_STEP_CLOCK)
    play->driver_class->advance (play->driver, step->delay);
  else
    {
      g_autoptr (GError) problem = NULL;

      if (!rt_play_give_task (play, taken, &problem))
        add_failure (play, step, "step", problem, 0);
    }
  return TRUE;
}

/* The steps in the order that the changes ask for. */
static GPtrArray *
ordered_steps (const RtScenario *scenario, GPtrArray *changes)
{
  GPtrArray *steps = g_ptr_array_copy (scenario->steps, NULL, NULL);

  g_ptr_array_set_free_func (steps, NULL);
  for (guint i = 0; changes != NULL && i < changes->len; i++)
    {
      const RtChange *change = changes->pdata[i];
      guint a = G_MAXUINT, b = G_MAXUINT;

      for (guint j = 0; change->kind == RT_CHANGE_SWAP && j < steps->len; j++)
        {
          const RtStep *step = steps->pdata[j];

          a = step->number == change->step ? j : a;
          b = step->number == change->other ? j : b;
        }
      if (a < steps->len && b < steps->len)
        {
          gpointer step = steps->pdata[a];

          steps->pdata[a] = steps->pdata[b];
          steps->pdata[b] = step;
        }
    }
  return steps;
}

/* A branch is looked at by its own checks: the run's were written for the run. */
static gboolean
take_steps (RtPlay *play, gboolean with_checks, GError **error)
{
  g_autoptr (GPtrArray) steps = ordered_steps (play->scenario, play->changes);

  for (guint i = 0; i < steps->len; i++)
    {
      const RtStep *step = steps->pdata[i];

      if (step->number > 0)
        {
          if (!play->gave_up && !take_step (play, step, error))
            return FALSE;
          continue;
        }
      if (!end_steps (play, error))
        return FALSE;
      if (step->kind == RT_STEP_CAPTURE)
        rt_play_capture (play, step);
      else if (with_checks)
        rt_play_check (play, step);
    }
  return end_steps (play, error);
}

/* Plays the scenario to its end on a driver of its own. */
gboolean
rt_play_run (RtPlay *play, gboolean with_checks, GError **error)
{
  gboolean ok = rt_play_set_up (play, error) && take_steps (play, with_checks, error);

  rt_play_tear_down (play);
  return ok;
}
