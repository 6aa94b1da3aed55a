/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fenced blocks that run: who plays, what is sent, what is looked at. Those that ask and
 * answer stand in rt-fence-ask.c. */
#include "rt-fence-private.h"

#include "rt-expression-private.h"
#include "rt-message-template.h"

#include <string.h>

#define MAX_RUNS 32

/* Words of the info string, after the block's name. */
static char **
words_of (const char *info)
{
  g_auto (GStrv) parts = g_strsplit_set (info, " \t", -1);
  GPtrArray *words = g_ptr_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_ptr_array_add (words, g_strdup (parts[i]));
  g_ptr_array_add (words, NULL);
  return (char **)g_ptr_array_free (words, FALSE);
}

/**
 * rt_fence_wrong:
 * @fence: the block
 * @expected: what its first line should look like
 *
 * Returns: %FALSE, with the error set
 */
gboolean
rt_fence_wrong (const RtFence *fence, const char *expected, GError **error)
{
  RtPlace place = rt_fence_place (fence, 0);

  rt_set_error (error, RT_ERROR_SYNTAX, &place, expected, "the block begins with “%s”",
                fence->info);
  return FALSE;
}

/**
 * rt_fence_refuse:
 * @fence: the block
 * @line: of the block, from 1; 0: its fence
 * @expected: what would have been right
 * @found: what was found
 *
 * Returns: %FALSE, with the error set
 */
gboolean
rt_fence_refuse (
    const RtFence *fence, guint line, const char *expected, const char *found, GError **error)
{
  RtPlace place = rt_fence_place (fence, line);

  rt_set_error (error, RT_ERROR_SYNTAX, &place, expected, "%s", found);
  return FALSE;
}

/**
 * rt_fence_find_cast:
 * @fence: the block
 * @name: a party's name
 * @kind: (nullable): what it must be
 *
 * Returns: (nullable): the party
 */
const RtCast *
rt_fence_find_cast (const RtFence *fence, const char *name, const char *kind, GError **error)
{
  const RtLesson *lesson = fence->reader->lesson;
  RtPlace place = rt_fence_place (fence, 0);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < lesson->cast->len; i++)
    {
      const RtCast *cast = lesson->cast->pdata[i];

      if (kind != NULL && !g_str_equal (kind, cast->kind))
        continue;
      if (g_str_equal (cast->name, name))
        return cast;
      g_ptr_array_add (names, cast->name);
    }
  rt_set_unknown (error, &place, kind != NULL ? kind : "party", name,
                  (const char *const *)names->pdata, names->len);
  return NULL;
}

/* `origin NAME`, `client NAME`, …: settings of a party, for all runs or for the one that has begun.
 */
static gboolean
read_settings (RtFence *fence, GError **error)
{
  RtLessonReader *reader = fence->reader;
  const RtCast *cast;
  g_autoptr (RtYaml) yaml = NULL;
  RtPlace place = rt_fence_place (fence, 1);
  RtPartySettings *settings;
  RtScenario *scenario = reader->probe != NULL ? reader->probe : reader->run;
  RtBlock *block;

  if (g_strv_length (fence->words) != 2)
    return rt_fence_wrong (fence, "the kind of a party and its name", error);
  cast = rt_fence_find_cast (fence, fence->words[1], fence->words[0], error);
  if (cast == NULL)
    return FALSE;
  if (scenario != NULL && scenario->steps->len > 0)
    {
      place.line--;
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "the settings before the first step of a run",
                    "“%s” cannot be set once the run is under way", cast->name);
      return FALSE;
    }
  yaml = rt_yaml_parse (fence->text, strlen (fence->text), &place, error);
  if (yaml == NULL)
    return FALSE;
  settings = rt_party_settings_new (reader->lesson, cast, fence->text, yaml, place.file, error);
  if (settings == NULL)
    return FALSE;
  g_ptr_array_add (scenario != NULL ? scenario->settings : reader->lesson->settings, settings);
  block = rt_lesson_reader_add_block (reader, RT_BLOCK_ORIGIN, fence->line);
  if (block != NULL)
    {
      block->text = g_strdup (fence->text);
      block->party = g_strdup (cast->name);
    }
  return TRUE;
}

/* `link A - B`, `link all`: the network, for all runs or for the one that has begun. */
static gboolean
read_link (RtFence *fence, GError **error)
{
  RtLessonReader *reader = fence->reader;
  RtScenario *scenario = reader->probe != NULL ? reader->probe : reader->run;
  RtPlace place = rt_fence_place (fence, 1);
  g_autofree char *name = g_strstrip (g_strdup (fence->info + strlen ("link")));
  g_autoptr (RtYaml) yaml = NULL;
  RtLessonLink *link;
  RtBlock *block;

  if (*name == '\0')
    return rt_fence_wrong (fence, "“link all” or “link A - B”", error);
  if (scenario != NULL && scenario->steps->len > 0)
    return rt_fence_refuse (fence, 0, "the network before the first step of a run",
                            "the network cannot be set once the run is under way", error);
  yaml = rt_yaml_parse (fence->text, strlen (fence->text), &place, error);
  link = yaml != NULL ? rt_lesson_link_read (reader->lesson, name, yaml, error) : NULL;
  if (link == NULL)
    return FALSE;
  g_ptr_array_add (scenario != NULL ? scenario->links : reader->lesson->links, link);
  block = rt_lesson_reader_add_block (reader, RT_BLOCK_ORIGIN, fence->line);
  if (block != NULL)
    {
      block->text = g_strdup (fence->text);
      block->party = g_steal_pointer (&name);
    }
  return TRUE;
}

/**
 * rt_fence_check_name:
 * @fence: the block
 * @name: of a step or a capture
 * @line: of the block, from 1; 0: its fence
 *
 * Returns: whether it may be called so
 */
gboolean
rt_fence_check_name (const RtFence *fence, const char *name, guint line, GError **error)
{
  RtPlace place = rt_fence_place (fence, line);

  if (g_ascii_isalpha (name[0])
      && strspn (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
             == strlen (name))
    return TRUE;
  rt_set_error (error, RT_ERROR_SYNTAX, &place, "a letter, then letters, digits, - and _",
                "“%s” is no name", name);
  return FALSE;
}

/* Calls @take for each line of the block that says something. */
static gboolean
each_line (RtFence *fence,
           gboolean (*take) (RtFence *fence, char *line, guint number, GError **error),
           GError **error)
{
  g_auto (GStrv) lines = g_strsplit (fence->text, "\n", -1);
  guint n = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);

      if (*line == '\0' || *line == '#')
        continue;
      n++;
      if (!take (fence, line, i + 1, error))
        return FALSE;
    }
  return n > 0 || rt_fence_wrong (fence, "at least one line in it", error);
}

/* Whether the parties and steps that an expression names are there. */
static gboolean
check_expression (const RtFence *fence,
                  const RtExpression *e,
                  const RtScenario *scenario,
                  guint line,
                  GError **error)
{
  RtPlace place = rt_fence_place (fence, line);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *parties[] = { e->from, e->to };
  const char *texts[] = { e->value, e->name, e->from, e->to, e->filter };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && !rt_template_check (texts[i], fence->reader->captures, &place, error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (parties); i++)
    if (parties[i] != NULL && strstr (parties[i], "{{") == NULL)
      {
        RtFence here = *fence;

        here.line += line;
        if (rt_fence_find_cast (&here, parties[i], NULL, error) == NULL)
          return FALSE;
      }
  if (e->step_name == NULL)
    return TRUE;
  for (guint i = 0; scenario != NULL && i < scenario->steps->len; i++)
    {
      const RtStep *step = scenario->steps->pdata[i];

      if (step->name != NULL && g_str_equal (step->name, e->step_name))
        return TRUE;
      if (step->name != NULL)
        g_ptr_array_add (names, step->name);
    }
  rt_set_unknown (error, &place, "step of this run that is called", e->step_name,
                  (const char *const *)names->pdata, names->len);
  return FALSE;
}

/**
 * rt_fence_read_expression:
 * @fence: the block
 * @text: one line of it
 * @check: with a condition
 * @line: its number in the block, from 1
 *
 * Returns: (nullable) (transfer full): the expression, all its names known
 */
RtExpression *
rt_fence_read_expression (
    const RtFence *fence, const char *text, gboolean check, guint line, GError **error)
{
  RtPlace place = rt_fence_place (fence, line);
  RtScenario *scenario = fence->reader->probe != NULL ? fence->reader->probe : fence->reader->run;
  RtExpression *expression = rt_expression_parse (text, check, &place, error);

  if (expression != NULL && !check_expression (fence, expression, scenario, line, error))
    g_clear_pointer (&expression, rt_expression_free);
  return expression;
}

static gboolean
take_check (RtFence *fence, char *line, guint number, GError **error)
{
  g_autoptr (RtStep) step = rt_step_new (RT_STEP_CHECK, fence->line + number);

  step->title = g_strdup (line);
  step->expression = rt_fence_read_expression (fence, line, TRUE, number, error);
  if (step->expression == NULL)
    return FALSE;
  g_ptr_array_add (rt_lesson_reader_scenario (fence->reader, fence->line)->steps,
                   g_steal_pointer (&step));
  return TRUE;
}

/* `etag = last response field ETag` */
static gboolean
take_capture (RtFence *fence, char *line, guint number, GError **error)
{
  g_autoptr (RtStep) step = rt_step_new (RT_STEP_CAPTURE, fence->line + number);
  RtPlace place = rt_fence_place (fence, number);
  char *equals = strchr (line, '=');

  if (equals == NULL)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "“NAME = last response field ETag”",
                    "nothing is captured by “%s”", line);
      return FALSE;
    }
  step->title = g_strdup (line);
  *equals = '\0';
  step->capture = g_strdup (g_strstrip (line));
  if (!rt_fence_check_name (fence, step->capture, number, error))
    return FALSE;
  step->expression = rt_fence_read_expression (fence, equals + 1, FALSE, number, error);
  if (step->expression == NULL)
    return FALSE;
  g_ptr_array_add (fence->reader->captures, g_strdup (step->capture));
  g_ptr_array_add (rt_lesson_reader_scenario (fence->reader, fence->line)->steps,
                   g_steal_pointer (&step));
  return TRUE;
}

static gboolean
read_lines (RtFence *fence, RtBlockKind kind, GError **error)
{
  RtBlock *block;

  if (g_strv_length (fence->words) != 1)
    return rt_fence_wrong (fence, "nothing behind its name", error);
  if (!each_line (fence, kind == RT_BLOCK_CHECK ? take_check : take_capture, error))
    return FALSE;
  block = rt_lesson_reader_add_block (fence->reader, kind, fence->line);
  if (block != NULL)
    block->text = g_strdup (fence->text);
  return TRUE;
}

static gboolean
read_check (RtFence *fence, GError **error)
{
  return read_lines (fence, RT_BLOCK_CHECK, error);
}

static gboolean
read_capture (RtFence *fence, GError **error)
{
  return read_lines (fence, RT_BLOCK_CAPTURE, error);
}

/* `run NAME`: fresh parties, a log of its own, the same clock. */
static gboolean
read_run (RtFence *fence, GError **error)
{
  RtLessonReader *reader = fence->reader;
  RtPlace place = rt_fence_place (fence, 0);
  g_autofree char *name = g_strstrip (g_strdup (fence->info + strlen ("run")));
  RtBlock *block;

  if (*name == '\0')
    return rt_fence_wrong (fence, "“run NAME”", error);
  if (rt_lesson_get_run (reader->lesson, name) != NULL || reader->lesson->runs->len >= MAX_RUNS)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place,
                    reader->lesson->runs->len >= MAX_RUNS ? "at most 32 runs" : "a name of its own",
                    "a run “%s” cannot begin here", name);
      return FALSE;
    }
  reader->probe = NULL;
  reader->run = rt_scenario_new (name, fence->line);
  reader->run->index = reader->lesson->runs->len;
  g_ptr_array_add (reader->lesson->runs, reader->run);
  g_ptr_array_set_size (reader->captures, 0);
  block = rt_lesson_reader_add_block (reader, RT_BLOCK_RUN, fence->line);
  block->scenario = reader->run;
  if (*fence->text == '\0')
    return TRUE;
  place = rt_fence_place (fence, 1);
  block->inlines = rt_markdown_read_inlines (fence->text, &place, error);
  return block->inlines != NULL;
}

/* clang-format off */
static const struct { const char *name; gboolean (*read) (RtFence *fence, GError **error); } blocks[] = {
  { "origin",        read_settings },
  { "client",        read_settings },
  { "gateway",       read_settings },
  { "proxy",         read_settings },
  { "browser",       read_settings },
  { "byte-client",   read_settings },
  { "link",          read_link },
  { "http",          rt_fence_read_http },
  { "bytes",         rt_fence_read_bytes },
  { "open",          rt_fence_read_open },
  { "fetch",         rt_fence_read_fetch },
  { "tell",          rt_fence_read_tell },
  { "clock",         rt_fence_read_clock },
  { "capture",       read_capture },
  { "check",         read_check },
  { "run",           read_run },
  { "predict",       rt_fence_read_predict },
  { "misconception", rt_fence_read_misconception },
  { "note",          rt_fence_read_note },
  { "hint",          rt_fence_read_hint },
  { "challenge",     rt_fence_read_challenge },
  { "starter",       rt_fence_read_starter },
  { "probe",         rt_fence_read_probe },
};
/* clang-format on */

/**
 * rt_fence_read:
 * @data: the #RtLessonReader
 * @info: what stands behind the opening fence
 * @text: the content
 * @line: of the opening fence
 *
 * Reads one block that runs, asks or answers.
 *
 * Returns: whether it could be read
 */
gboolean
rt_fence_read (gpointer data, const char *info, const char *text, guint line, GError **error)
{
  g_auto (GStrv) words = words_of (info);
  RtFence fence = { data, info, words, text, line };
  RtPlace place = rt_fence_place (&fence, 0);
  const char *names[G_N_ELEMENTS (blocks)];

  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      if (g_str_equal (blocks[i].name, words[0]))
        return blocks[i].read (&fence, error);
      names[i] = blocks[i].name;
    }
  rt_set_unknown (error, &place, "block", words[0], names, G_N_ELEMENTS (blocks));
  return FALSE;
}
