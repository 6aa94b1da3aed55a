/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fenced blocks that are steps of a run: what is sent, by whom, when and over what. */
#include "rt-fence-private.h"

#include "rt-message-template.h"

#include <string.h>

/** MAX_STEPS: of one run. */
#define MAX_STEPS 200

static gboolean
read_delay (const RtFence *fence, const char *text, RtTime *slot, GError **error)
{
  RtPlace place = rt_fence_place (fence, 0);

  if (text != NULL && *text == '+')
    text++;
  if (text != NULL && rt_duration_parse (text, slot, NULL) && *slot >= 0
      && *slot <= 366 * RT_TIME_DAY)
    return TRUE;
  rt_set_error (error, RT_ERROR_SYNTAX, &place, "a duration such as +0.2s", "“%s” is none",
                text != NULL ? text : "");
  return FALSE;
}

/* The options of a step, behind `A -> B`. */

static gboolean
take_together (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  step->waits = FALSE;
  return TRUE;
}

static gboolean
take_fresh (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  step->fresh = TRUE;
  return TRUE;
}

static gboolean
take_as (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  if (!rt_fence_check_name (fence, value, 0, error))
    return FALSE;
  g_free (step->name);
  step->name = g_strdup (value);
  return TRUE;
}

static gboolean
take_over (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  if (!rt_fence_check_name (fence, value, 0, error))
    return FALSE;
  g_free (step->over);
  step->over = g_strdup (value);
  return TRUE;
}

static gboolean
take_at (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  step->waits = FALSE;
  return read_delay (fence, value, &step->delay, error);
}

static gboolean
take_after (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  step->waits = TRUE;
  return read_delay (fence, value, &step->delay, error);
}

static gboolean
take_timeout (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  return read_delay (fence, value, &step->timeout, error);
}

/* clang-format off */
static const struct
{
  const char *name, *value; /* value: what follows it; NULL: nothing does */
  gboolean (*take) (const RtFence *fence, RtStep *step, const char *value, GError **error);
} options[] = {
  { "as",       "a name after “as”",            take_as },
  { "at",       "a duration after “at”",        take_at },
  { "after",    "a duration after “after”",     take_after },
  { "together", NULL,                           take_together },
  { "over",     "a connection's name after “over”", take_over },
  { "afresh",   NULL,                           take_fresh },
  { "timeout",  "a duration after “timeout”",   take_timeout },
};
/* clang-format on */

/* What stands behind the parties: `as NAME`, `together`, `at +0.2s`, `after 1s`, … */
static gboolean
read_step_options (const RtFence *fence, guint first, RtStep *step, GError **error)
{
  const char *names[G_N_ELEMENTS (options)];
  RtPlace place = rt_fence_place (fence, 0);

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    names[i] = options[i].name;
  for (guint i = first; fence->words[i] != NULL; i++)
    {
      const char *word = fence->words[i];
      gsize o = 0;

      while (o < G_N_ELEMENTS (options) && !g_str_equal (options[o].name, word))
        o++;
      if (o == G_N_ELEMENTS (options))
        {
          rt_set_unknown (error, &place, "option of a step", word, names, o);
          return FALSE;
        }
      if (options[o].value != NULL && fence->words[++i] == NULL)
        return rt_fence_wrong (fence, options[o].value, error);
      if (!options[o].take (fence, step, fence->words[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_step_fits (const RtFence *fence,
                 const RtScenario *scenario,
                 const RtStep *step,
                 GError **error)
{
  RtPlace place = rt_fence_place (fence, 0);

  if (scenario->steps->len >= MAX_STEPS)
    {
      rt_set_error (error, RT_ERROR_LIMIT, &place, NULL, "a run has at most %d steps", MAX_STEPS);
      return FALSE;
    }
  if (!step->waits && scenario->n_steps == 0)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "a step before it",
                    "the first step of a run cannot go by another's start");
      return FALSE;
    }
  if (!step->waits
      && ((const RtStep *)scenario->steps->pdata[scenario->steps->len - 1])->kind != RT_STEP_SEND)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "an http block right before it",
                    "the step cannot go by another's start: that one has ended");
      return FALSE;
    }
  for (guint i = 0; step->name != NULL && i < scenario->steps->len; i++)
    if (g_strcmp0 (((RtStep *)scenario->steps->pdata[i])->name, step->name) == 0)
      {
        rt_set_error (error, RT_ERROR_SYNTAX, &place, "a name of its own",
                      "another step of this run is called “%s”", step->name);
        return FALSE;
      }
  return TRUE;
}

static void
add_step_block (RtFence *fence, RtStep *step)
{
  RtBlock *block = rt_lesson_reader_add_block (fence->reader, RT_BLOCK_STEP, fence->line);

  if (block == NULL)
    return;
  block->text = g_strdup (fence->text);
  block->step = step;
}

/* A party of the kind; in a probe it may vary. */
static gboolean
check_end (const RtFence *fence, const char *name, const char *kind, GError **error)
{
  RtPlace place = rt_fence_place (fence, 0);

  if (fence->reader->probe != NULL && strstr (name, "{{") != NULL)
    return rt_template_check (name, fence->reader->captures, &place, error);
  return rt_fence_find_cast (fence, name, kind, error) != NULL;
}

/**
 * rt_fence_read_http:
 * @fence: `http A -> B`: a message that A sends to B
 */
gboolean
rt_fence_read_http (RtFence *fence, GError **error)
{
  RtScenario *scenario = rt_lesson_reader_scenario (fence->reader, fence->line);
  g_autoptr (RtStep) step = rt_step_new (RT_STEP_SEND, fence->line);
  RtPlace place = rt_fence_place (fence, 1);
  const char *line_end = strchrnul (fence->text, '\n');
  g_autofree char *start = g_strndup (fence->text, (gsize)(line_end - fence->text));
  char *version = g_strrstr (start, " HTTP/");

  if (g_strv_length (fence->words) < 4 || !g_str_equal (fence->words[2], "->"))
    return rt_fence_wrong (fence, "“http CLIENT -> SERVER”", error);
  step->waits = TRUE;
  if (!check_end (fence, fence->words[1], "client", error)
      || !check_end (fence, fence->words[3], "origin", error))
    return FALSE;
  if (!read_step_options (fence, 4, step, error) || !check_step_fits (fence, scenario, step, error)
      || !rt_message_template_check (fence->text, fence->reader->captures, &place, error))
    return FALSE;
  if (version != NULL)
    *version = '\0';
  step->from = g_strdup (fence->words[1]);
  step->to = g_strdup (fence->words[3]);
  step->message = g_strdup (fence->text);
  step->message_line = fence->line + 1;
  step->title = g_strdup_printf ("%s → %s: %s", step->from, step->to, start);
  add_step_block (fence, step);
  rt_lesson_reader_add_step (fence->reader, g_steal_pointer (&step));
  return TRUE;
}

/**
 * rt_fence_read_clock:
 * @fence: `clock +1h`: the clock is moved
 */
gboolean
rt_fence_read_clock (RtFence *fence, GError **error)
{
  RtScenario *scenario = rt_lesson_reader_scenario (fence->reader, fence->line);
  g_autoptr (RtStep) step = rt_step_new (RT_STEP_CLOCK, fence->line);
  g_autofree char *text = NULL;

  step->waits = TRUE;
  if (g_strv_length (fence->words) != 2)
    return rt_fence_wrong (fence, "“clock +1h”", error);
  if (!read_delay (fence, fence->words[1], &step->delay, error)
      || !check_step_fits (fence, scenario, step, error))
    return FALSE;
  text = rt_duration_format (step->delay);
  step->title = g_strdup_printf ("%s pass", text);
  add_step_block (fence, step);
  rt_lesson_reader_add_step (fence->reader, g_steal_pointer (&step));
  return TRUE;
}
