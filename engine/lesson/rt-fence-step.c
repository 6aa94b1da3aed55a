/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fenced blocks that are steps of a run: what is sent, by whom, when and over what. */
#include "rt-fence-private.h"

#include "rt-byte-client.h"
#include "rt-browser.h"
#include "rt-byte-text.h"
#include "rt-cast-kind.h"
#include "rt-message-template.h"

#include <string.h>

/** MOST_OF_BYTES: characters of a step's bytes in its title. */
#define MOST_OF_BYTES 40

/** MAX_STEPS: of one run. */
#define MAX_STEPS 200
/** MAX_TIMES: that one block is taken. */
#define MAX_TIMES 64

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

static gboolean
read_number (const RtFence *fence, const char *value, guint most, guint *slot, GError **error)
{
  RtPlace place = rt_fence_place (fence, 0);
  guint64 number;

  if (rt_text_to_uint64 (rt_text (value), &number) && number > 0 && number <= most)
    {
      *slot = (guint)number;
      return TRUE;
    }
  rt_set_error (error, RT_ERROR_SYNTAX, &place, NULL, "“%s” is no number from 1 to %u", value,
                most);
  return FALSE;
}

static gboolean
take_times (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  return read_number (fence, value, MAX_TIMES, &step->times, error);
}

static gboolean
take_parallel (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  step->parallel = TRUE;
  return read_number (fence, value, MAX_TIMES, &step->times, error);
}

static gboolean
take_piece (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  return read_number (fence, value, G_MAXUINT16, &step->piece, error);
}

static gboolean
take_every (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  return read_delay (fence, value, &step->every, error);
}

static gboolean
take_answers (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  return read_number (fence, value, MAX_TIMES, &step->answers, error);
}

static gboolean
take_end (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  static const char *const names[] = { "wait", "half-close", "close", "reset" };
  RtPlace place = rt_fence_place (fence, 0);

  for (step->end = 0; step->end < G_N_ELEMENTS (names); step->end++)
    if (g_str_equal (value, names[step->end]))
      return TRUE;
  rt_set_unknown (error, &place, "end", value, names, G_N_ELEMENTS (names));
  return FALSE;
}

static gboolean
take_page (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  g_free (step->page);
  step->page = g_strdup (value);
  return TRUE;
}

/* A word of the Fetch standard's. */
static gboolean
took_word (const RtFence *fence, GError *problem, GError **error)
{
  RtPlace place = rt_fence_place (fence, 0);

  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  rt_prefix_place (error, &place);
  return FALSE;
}

static gboolean
take_mode (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  GError *problem = NULL;

  step->mode = rt_fetch_mode_find (value, &problem);
  return took_word (fence, problem, error);
}

static gboolean
take_credentials (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  GError *problem = NULL;

  step->credentials = rt_fetch_credentials_find (value, &problem);
  return took_word (fence, problem, error);
}

static gboolean
take_cache (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  GError *problem = NULL;

  step->cache = rt_fetch_cache_find (value, &problem);
  return took_word (fence, problem, error);
}

static gboolean
take_redirect (const RtFence *fence, RtStep *step, const char *value, GError **error)
{
  GError *problem = NULL;

  step->redirect = rt_fetch_redirect_find (value, &problem);
  return took_word (fence, problem, error);
}

/* clang-format off */
static const struct
{
  const char *name, *value; /* value: what follows it; NULL: nothing does */
  const char *step;         /* whose it is; NULL: of all steps */
  gboolean (*take) (const RtFence *fence, RtStep *step, const char *value, GError **error);
} options[] = {
  { "as",       "a name after “as”",                NULL,    take_as },
  { "at",       "a duration after “at”",            NULL,    take_at },
  { "after",    "a duration after “after”",         NULL,    take_after },
  { "together", NULL,                               NULL,    take_together },
  { "times",    "a number after “times”",           NULL,    take_times },
  { "parallel", "a number after “parallel”",        NULL,    take_parallel },
  { "over",     "a connection's name after “over”", "http",  take_over },
  { "over",     "a connection's name after “over”", "bytes", take_over },
  { "timeout",  "a duration after “timeout”",       NULL,    take_timeout },
  { "afresh",   NULL,                               "http",  take_fresh },
  { "piece",    "a number of bytes after “piece”",  "bytes", take_piece },
  { "every",    "a duration after “every”",         "bytes", take_every },
  { "answers",  "a number after “answers”",         "bytes", take_answers },
  { "end",      "“wait”, “half-close”, “close” or “reset” after “end”", "bytes", take_end },
  { "on",       "the page's URL after “on”",        "open",  take_page },
  { "on",       "the page's URL after “on”",        "fetch", take_page },
  { "mode",     "“cors”, “no-cors” or “same-origin” after “mode”", "fetch", take_mode },
  { "credentials", "“omit”, “same-origin” or “include” after “credentials”", "fetch", take_credentials },
  { "cache",    "a cache mode after “cache”",       "fetch", take_cache },
  { "redirect", "“follow”, “error” or “manual” after “redirect”", "fetch", take_redirect },
};
/* clang-format on */

/* What stands behind the parties: `as NAME`, `together`, `at +0.2s`, `after 1s`, … */
static gboolean
read_step_options (const RtFence *fence, guint first, RtStep *step, GError **error)
{
  const char *names[G_N_ELEMENTS (options)];
  RtPlace place = rt_fence_place (fence, 0);
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (options[i].step == NULL || g_str_equal (options[i].step, fence->words[0]))
      names[n++] = options[i].name;
  for (guint i = first; fence->words[i] != NULL; i++)
    {
      const char *word = fence->words[i];
      gsize o = 0;

      while (o < G_N_ELEMENTS (options)
             && (!g_str_equal (options[o].name, word)
                 || (options[o].step != NULL && !g_str_equal (options[o].step, fence->words[0]))))
        o++;
      if (o == G_N_ELEMENTS (options))
        {
          rt_set_unknown (error, &place, "option of a step", word, names, n);
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
      && ((const RtStep *)scenario->steps->pdata[scenario->steps->len - 1])->from == NULL)
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

static gboolean
may_send (const RtFence *fence, const RtCastKind *kind)
{
  return kind->steps != NULL && g_strv_contains (kind->steps, fence->words[0]);
}

static gboolean
can_be_told (const RtFence *fence, const RtCastKind *kind)
{
  return kind->steps != NULL && g_strv_contains (kind->steps, "tell");
}

static gboolean
may_serve (const RtFence *fence, const RtCastKind *kind)
{
  return kind->serves;
}

/* A party of a kind that will do; in a probe it may vary. @what: who can be there. */
static gboolean
check_end (const RtFence *fence,
           const char *name,
           const char *what,
           gboolean (*will_do) (const RtFence *fence, const RtCastKind *kind),
           GError **error)
{
  const RtLesson *lesson = fence->reader->lesson;
  RtPlace place = rt_fence_place (fence, 0);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (fence->reader->probe != NULL && strstr (name, "{{") != NULL)
    return rt_template_check (name, fence->reader->captures, &place, error);
  for (guint i = 0; i < lesson->cast->len; i++)
    {
      const RtCast *cast = lesson->cast->pdata[i];

      if (!will_do (fence, rt_cast_kind_find (cast->kind)))
        continue;
      if (g_str_equal (cast->name, name))
        return TRUE;
      g_ptr_array_add (names, cast->name);
    }
  rt_set_unknown (error, &place, what, name, (const char *const *)names->pdata, names->len);
  return FALSE;
}

/* The @n-th of the steps that a block with `times` or `parallel` is: `{{n}}` is its number. */
/* Who is meant by `shop.test`, `http://shop.test` or `https://shop.test`. */
static const char *
skip_scheme (const char *to, gboolean *ret_secure)
{
  *ret_secure = g_str_has_prefix (to, "https://");
  if (*ret_secure)
    return to + strlen ("https://");
  return g_str_has_prefix (to, "http://") ? to + strlen ("http://") : to;
}

/* How a step that sends something is called: by the first line of it, without the version. Bytes
 * need not have lines. */
static char *
dup_start (const char *text, RtStepKind kind)
{
  g_autofree char *start = g_strndup (text, (gsize)(strchrnul (text, '\n') - text));
  char *version = g_strrstr (start, " HTTP/");
  g_autofree char *cut = NULL;

  if (version != NULL)
    *version = '\0';
  if (*start == '\0' && kind == RT_STEP_BYTES)
    return g_strdup ("its own bytes");
  if (kind != RT_STEP_BYTES || g_utf8_strlen (start, -1) <= MOST_OF_BYTES)
    return g_steal_pointer (&start);
  cut = g_utf8_substring (start, 0, MOST_OF_BYTES - 1);
  return g_strconcat (cut, "…", NULL);
}

static RtStep *
read_nth (RtFence *fence, RtStepKind kind, guint n, GError **error)
{
  g_autoptr (RtStep) step = rt_step_new (kind, fence->line);
  g_autoptr (GString) text = g_string_new (fence->text);
  g_autofree char *number = g_strdup_printf ("%u", n);
  g_autofree char *start = NULL;

  step->waits = TRUE;
  if (!read_step_options (fence, kind == RT_STEP_OPEN || kind == RT_STEP_FETCH ? 2 : 4, step,
                          error))
    return NULL;
  if (step->times > 0)
    g_string_replace (text, "{{n}}", number, 0);
  if (n > 1 && step->parallel)
    {
      step->waits = FALSE;
      step->delay = 0;
    }
  if (n > 1)
    g_clear_pointer (&step->name, g_free);
  start = dup_start (text->str, kind);
  step->from = g_strdup (fence->words[1]);
  step->message = g_strdup (text->str);
  step->message_line = fence->line + 1;
  if (kind == RT_STEP_OPEN || kind == RT_STEP_FETCH)
    {
      step->title = g_strdup_printf (kind == RT_STEP_OPEN ? "%s opens %s" : "%s fetches %s",
                                     step->from, start);
      return g_steal_pointer (&step);
    }
  step->to = g_strdup (skip_scheme (fence->words[3], &step->secure));
  step->title = g_strdup_printf ("%s → %s: %s", step->from, fence->words[3], start);
  return g_steal_pointer (&step);
}

static gboolean
check_text (const RtFence *fence, const RtStep *step, GError **error)
{
  RtPlace place = rt_fence_place (fence, 1);

  if (step->kind == RT_STEP_OPEN || step->kind == RT_STEP_FETCH)
    return (step->page == NULL
            || rt_template_check (step->page, fence->reader->captures, &place, error))
           && rt_fetch_template_check (step->message, fence->reader->captures, &place, error);
  if (step->kind == RT_STEP_BYTES)
    return rt_byte_text_check (step, fence->reader->captures, &place, error);
  return rt_message_template_check (step->message, fence->reader->captures, &place, error);
}

/* As many steps as the block asks for. */
static gboolean
add_steps (RtFence *fence, RtStepKind kind, GError **error)
{
  RtScenario *scenario = rt_lesson_reader_scenario (fence->reader, fence->line);
  guint times = 1;

  for (guint n = 1; n <= times; n++)
    {
      g_autoptr (RtStep) step = read_nth (fence, kind, n, error);

      if (step == NULL || !check_step_fits (fence, scenario, step, error)
          || !check_text (fence, step, error))
        return FALSE;
      times = MAX (step->times, 1);
      if (n == 1)
        add_step_block (fence, step);
      rt_lesson_reader_add_step (fence->reader, g_steal_pointer (&step));
    }
  return TRUE;
}

/* `A -> B`, with what A sends. */
static gboolean
read_sent (RtFence *fence, RtStepKind kind, const char *sender, const char *form, GError **error)
{
  gboolean secure;

  if (g_strv_length (fence->words) < 4 || !g_str_equal (fence->words[2], "->"))
    return rt_fence_wrong (fence, form, error);
  return check_end (fence, fence->words[1], sender, may_send, error)
         && check_end (fence, skip_scheme (fence->words[3], &secure), "server", may_serve, error)
         && add_steps (fence, kind, error);
}

/* `open BROWSER`, `fetch BROWSER`, with what is opened or fetched. */
static gboolean
read_browsed (RtFence *fence, RtStepKind kind, const char *form, GError **error)
{
  if (g_strv_length (fence->words) < 2)
    return rt_fence_wrong (fence, form, error);
  return check_end (fence, fence->words[1], "browser", may_send, error)
         && add_steps (fence, kind, error);
}

/**
 * rt_fence_read_open:
 * @fence: `open BROWSER`: its user opens a document
 */
gboolean
rt_fence_read_open (RtFence *fence, GError **error)
{
  return read_browsed (fence, RT_STEP_OPEN, "“open BROWSER”", error);
}

/**
 * rt_fence_read_fetch:
 * @fence: `fetch BROWSER`: a script of its page calls fetch()
 */
gboolean
rt_fence_read_fetch (RtFence *fence, GError **error)
{
  return read_browsed (fence, RT_STEP_FETCH, "“fetch BROWSER”", error);
}

/**
 * rt_fence_read_tell:
 * @fence: `tell PARTY close`: what is no request
 */
gboolean
rt_fence_read_tell (RtFence *fence, GError **error)
{
  static const char *const words[] = { "close", "restart", "clear" };
  static const RtBrowserTaskKind kinds[]
      = { RT_BROWSER_CLOSE, RT_BROWSER_RESTART, RT_BROWSER_CLEAR };
  RtScenario *scenario = rt_lesson_reader_scenario (fence->reader, fence->line);
  g_autoptr (RtStep) step = rt_step_new (RT_STEP_TELL, fence->line);
  RtPlace place = rt_fence_place (fence, 0);
  const RtCast *cast;
  gsize i = 0, n;

  if (g_strv_length (fence->words) != 3)
    return rt_fence_wrong (fence, "“tell PARTY close”", error);
  if (!check_end (fence, fence->words[1], "client or browser", can_be_told, error))
    return FALSE;
  cast = rt_lesson_get_cast (fence->reader->lesson, fence->words[1]);
  n = cast != NULL && g_str_equal (cast->kind, "browser") ? G_N_ELEMENTS (words) : 1;
  while (i < n && !g_str_equal (fence->words[2], words[i]))
    i++;
  if (i == n)
    {
      rt_set_unknown (error, &place, "thing to tell it", fence->words[2], words, n);
      return FALSE;
    }
  step->waits = TRUE;
  if (!check_step_fits (fence, scenario, step, error))
    return FALSE;
  step->tell = kinds[i];
  step->from = g_strdup (fence->words[1]);
  step->title = g_strdup_printf ("%s: %s", step->from, words[i]);
  add_step_block (fence, step);
  rt_lesson_reader_add_step (fence->reader, g_steal_pointer (&step));
  return TRUE;
}

/**
 * rt_fence_read_http:
 * @fence: `http A -> B`: a message that A sends to B
 */
gboolean
rt_fence_read_http (RtFence *fence, GError **error)
{
  return read_sent (fence, RT_STEP_SEND, "client", "“http CLIENT -> SERVER”", error);
}

/**
 * rt_fence_read_bytes:
 * @fence: `bytes A -> B`: bytes that A sends to B, be they a message or not
 */
gboolean
rt_fence_read_bytes (RtFence *fence, GError **error)
{
  return read_sent (fence, RT_STEP_BYTES, "byte-client", "“bytes BYTE-CLIENT -> SERVER”", error);
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
