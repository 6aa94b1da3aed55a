/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson's parts, and how its file becomes one. */
#include "rt-lesson-private.h"

#include "rt-markdown.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void
cast_free (gpointer data)
{
  RtCast *cast = data;

  g_free (cast->name);
  g_free (cast->kind);
  g_free (cast);
}

/* `11-lost-update.md`: 11, lost-update. */
gboolean
rt_lesson_split_name (const char *base, guint *ret_number, char **ret_name)
{
  gsize digits = strspn (base, "0123456789");
  guint64 number;

  if (digits == 0 || digits > 4 || base[digits] != '-' || !g_str_has_suffix (base, ".md")
      || strlen (base) <= digits + 1 + strlen (".md")
      || !rt_text_to_uint64 ((RtText){ base, digits }, &number))
    return FALSE;
  *ret_number = (guint)number;
  *ret_name = g_strndup (base + digits + 1, strlen (base) - digits - 1 - strlen (".md"));
  return TRUE;
}

static void
take_name (RtLesson *lesson, const char *file)
{
  g_autofree char *base = g_path_get_basename (file);

  if (!rt_lesson_split_name (base, &lesson->number, &lesson->name))
    lesson->name
        = g_str_has_suffix (base, ".md") ? g_strndup (base, strlen (base) - 3) : g_strdup (base);
}

static RtLesson *
lesson_new (const char *file)
{
  RtLesson *lesson = g_new0 (RtLesson, 1);

  lesson->ref_count = 1;
  lesson->file = g_strdup (file);
  take_name (lesson, file);
  lesson->symptoms = g_new0 (char *, 1);
  lesson->references = g_new0 (char *, 1);
  lesson->cast = g_ptr_array_new_with_free_func (cast_free);
  lesson->links = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_lesson_link_free);
  lesson->settings = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_party_settings_free);
  lesson->runs = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_scenario_free);
  lesson->pages = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_lesson_page_free);
  lesson->predictions = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_prediction_free);
  lesson->misconceptions = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_misconception_free);
  lesson->notes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_author_note_free);
  return lesson;
}

/**
 * rt_lesson_ref:
 * @lesson: a lesson
 *
 * Returns: (transfer full): @lesson
 */
RtLesson *
rt_lesson_ref (RtLesson *lesson)
{
  g_atomic_int_inc (&lesson->ref_count);
  return lesson;
}

/**
 * rt_lesson_unref:
 * @lesson: a lesson
 */
void
rt_lesson_unref (RtLesson *lesson)
{
  if (!g_atomic_int_dec_and_test (&lesson->ref_count))
    return;
  g_free (lesson->file);
  g_free (lesson->name);
  g_free (lesson->text);
  g_free (lesson->title);
  g_free (lesson->topic);
  g_free (lesson->summary);
  g_strfreev (lesson->symptoms);
  g_strfreev (lesson->references);
  g_ptr_array_unref (lesson->cast);
  g_ptr_array_unref (lesson->links);
  g_ptr_array_unref (lesson->settings);
  g_ptr_array_unref (lesson->pages);
  g_ptr_array_unref (lesson->runs);
  g_ptr_array_unref (lesson->predictions);
  g_ptr_array_unref (lesson->misconceptions);
  g_ptr_array_unref (lesson->notes);
  g_clear_pointer (&lesson->challenge, rt_challenge_free);
  g_free (lesson);
}

/**
 * rt_lesson_get_cast:
 * @lesson: a lesson
 * @party: a name
 *
 * Returns: (nullable): the party that is called so
 */
const RtCast *
rt_lesson_get_cast (const RtLesson *lesson, const char *party)
{
  for (guint i = 0; i < lesson->cast->len; i++)
    if (g_str_equal (((RtCast *)lesson->cast->pdata[i])->name, party))
      return lesson->cast->pdata[i];
  return NULL;
}

/**
 * rt_lesson_get_run:
 * @lesson: a lesson
 * @name: a name
 *
 * Returns: (nullable): the run that is called so
 */
const RtScenario *
rt_lesson_get_run (const RtLesson *lesson, const char *name)
{
  for (guint i = 0; i < lesson->runs->len; i++)
    if (g_str_equal (((RtScenario *)lesson->runs->pdata[i])->name, name))
      return lesson->runs->pdata[i];
  return NULL;
}

/**
 * rt_lesson_get_misconception:
 * @lesson: a lesson
 * @id: a name
 *
 * Returns: (nullable): the misconception that is called so
 */
const RtMisconception *
rt_lesson_get_misconception (const RtLesson *lesson, const char *id)
{
  for (guint i = 0; i < lesson->misconceptions->len; i++)
    if (g_str_equal (((RtMisconception *)lesson->misconceptions->pdata[i])->id, id))
      return lesson->misconceptions->pdata[i];
  return NULL;
}

/**
 * rt_lesson_get_prediction:
 * @lesson: a lesson
 * @id: a name
 *
 * Returns: (nullable): the prediction that is called so
 */
const RtPrediction *
rt_lesson_get_prediction (const RtLesson *lesson, const char *id)
{
  for (guint i = 0; i < lesson->predictions->len; i++)
    if (g_str_equal (((RtPrediction *)lesson->predictions->pdata[i])->id, id))
      return lesson->predictions->pdata[i];
  return NULL;
}

/* The run or probe that a block belongs to. A lesson that names no run has one, called main. */
RtScenario *
rt_lesson_reader_scenario (RtLessonReader *reader, guint line)
{
  if (reader->probe != NULL)
    return reader->probe;
  if (reader->run == NULL)
    {
      reader->run = rt_scenario_new ("main", line);
      reader->run->index = reader->lesson->runs->len;
      g_ptr_array_add (reader->lesson->runs, reader->run);
    }
  return reader->run;
}

/* Takes a numbered step. It answers the predictions that stand before it. */
void
rt_lesson_reader_add_step (RtLessonReader *reader, RtStep *step)
{
  RtScenario *scenario = rt_lesson_reader_scenario (reader, step->line);

  step->number = ++scenario->n_steps;
  g_ptr_array_add (scenario->steps, step);
  if (reader->probe != NULL)
    return;
  for (guint i = 0; i < reader->pending->len; i++)
    {
      RtPrediction *prediction = reader->pending->pdata[i];

      prediction->run = scenario->index;
      prediction->step = step->number;
    }
  g_ptr_array_set_size (reader->pending, 0);
}

/* A block on the page; a probe's parts are not shown: NULL. */
RtBlock *
rt_lesson_reader_add_block (RtLessonReader *reader, RtBlockKind kind, guint line)
{
  RtBlock *block;

  if (reader->probe != NULL)
    return NULL;
  block = rt_block_new (kind, line);
  block->run = reader->run != NULL ? reader->run->index : 0;
  g_ptr_array_add (reader->page->blocks, block);
  return block;
}

static void
set_run (RtBlock *block, guint run)
{
  block->run = run;
  for (guint i = 0; block->children != NULL && i < block->children->len; i++)
    set_run (block->children->pdata[i], run);
}

/* Text between the blocks that run. A heading ends a probe; `##` begins a page. */
static gboolean
take_block (gpointer data, RtBlock *block, GError **error)
{
  RtLessonReader *reader = data;

  if (block->kind == RT_BLOCK_HEADING)
    reader->probe = NULL;
  if (block->kind == RT_BLOCK_HEADING && block->level == 2)
    {
      g_autofree char *title = rt_inlines_dup_text (block->inlines);

      reader->page = rt_lesson_page_new (title, block->line);
      g_ptr_array_add (reader->lesson->pages, reader->page);
      rt_block_free (block);
      return TRUE;
    }
  set_run (block, reader->run != NULL ? reader->run->index : 0);
  g_ptr_array_add (reader->page->blocks, block);
  return TRUE;
}

static gboolean
check_predictions (const RtLesson *lesson, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = 0; i < lesson->misconceptions->len; i++)
    g_ptr_array_add (names, ((RtMisconception *)lesson->misconceptions->pdata[i])->id);
  for (guint i = 0; i < lesson->predictions->len; i++)
    {
      const RtPrediction *prediction = lesson->predictions->pdata[i];
      RtPlace place = rt_lesson_place (lesson, prediction->line);

      if (prediction->step == 0)
        {
          rt_set_error (error, RT_ERROR_MISSING, &place, "a step after it",
                        "nothing answers the prediction “%s”", prediction->id);
          return FALSE;
        }
      for (guint j = 0; j < prediction->options->len; j++)
        {
          const RtOption *option = prediction->options->pdata[j];

          place.line = option->line;
          if (option->misconception == NULL
              || rt_lesson_get_misconception (lesson, option->misconception) != NULL)
            continue;
          rt_set_unknown (error, &place, "misconception", option->misconception,
                          (const char *const *)names->pdata, names->len);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
is_named (const RtLesson *lesson, const RtMisconception *misconception)
{
  for (guint i = 0; i < lesson->predictions->len; i++)
    {
      const RtPrediction *prediction = lesson->predictions->pdata[i];

      for (guint j = 0; j < prediction->options->len; j++)
        if (g_strcmp0 (((RtOption *)prediction->options->pdata[j])->misconception,
                       misconception->id)
            == 0)
          return TRUE;
    }
  return FALSE;
}

static gboolean
check_misconceptions (const RtLesson *lesson, GError **error)
{
  for (guint i = 0; i < lesson->misconceptions->len; i++)
    {
      const RtMisconception *misconception = lesson->misconceptions->pdata[i];
      RtPlace place = rt_lesson_place (lesson, misconception->line);
      g_autofree char *expected = NULL;

      if (is_named (lesson, misconception))
        continue;
      expected = g_strdup_printf ("“{%s}” at the end of one", misconception->id);
      rt_set_error (error, RT_ERROR_MISSING, &place, expected,
                    "no option names the misconception “%s”", misconception->id);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_challenge (const RtLesson *lesson, GError **error)
{
  const RtChallenge *challenge = lesson->challenge;
  RtPlace place = rt_lesson_place (lesson, challenge != NULL ? challenge->line : 0);
  guint n[3] = { 0 };

  if (challenge == NULL)
    return TRUE;
  for (guint i = 0; i < challenge->probes->len; i++)
    n[((RtScenario *)challenge->probes->pdata[i])->probe]++;
  if (challenge->starter != NULL && n[RT_PROBE_SYMPTOM] > 0 && n[RT_PROBE_GOOD] > 0)
    return TRUE;
  rt_set_error (error, RT_ERROR_MISSING, &place,
                "a starter, a symptom probe and a good probe after it",
                "the challenge is not whole");
  return FALSE;
}

/* Every scenario does something. */
static gboolean
check_scenarios (const RtLesson *lesson, GPtrArray *scenarios, GError **error)
{
  for (guint i = 0; i < scenarios->len; i++)
    {
      const RtScenario *scenario = scenarios->pdata[i];
      RtPlace place = rt_lesson_place (lesson, scenario->line);

      if (scenario->n_steps > 0)
        continue;
      rt_set_error (error, RT_ERROR_MISSING, &place, "a step", "nothing happens in “%s”",
                    scenario->name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_whole (const RtLesson *lesson, GError **error)
{
  RtPlace place = rt_lesson_place (lesson, 1);

  if (lesson->runs->len == 0)
    {
      rt_set_error (error, RT_ERROR_MISSING, &place, "a block “http A -> B”",
                    "nothing is sent in this lesson");
      return FALSE;
    }
  return check_scenarios (lesson, lesson->runs, error)
         && (lesson->challenge == NULL
             || check_scenarios (lesson, lesson->challenge->probes, error))
         && check_predictions (lesson, error) && check_misconceptions (lesson, error)
         && check_challenge (lesson, error);
}

static gboolean
check_text (const char *file, const char *text, gsize length, GError **error)
{
  RtPlace place = { file, 1, 0 };
  const char *end;

  if (length > RT_LESSON_MAX_BYTES)
    {
      rt_set_error (error, RT_ERROR_LIMIT, &place, "at most 1 MiB", "the lesson is too long");
      return FALSE;
    }
  if (g_utf8_validate_len (text, length, &end))
    return TRUE;
  for (const char *c = text; c < end; c++)
    place.line += *c == '\n';
  rt_set_error (error, RT_ERROR_SYNTAX, &place, "UTF-8 text", "this is no text");
  return FALSE;
}

/* Line breaks as LF, whatever the system they were written on, and without the mark that some
 * editors put before a text's first line. */
static char *
with_line_feeds (const char *text, gsize length)
{
  gsize mark = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  g_autofree char *copy = g_strndup (text + mark, length - mark);
  g_auto (GStrv) lines = g_strsplit (copy, "\r\n", -1);

  return g_strjoinv ("\n", lines);
}

/**
 * rt_lesson_new_from_text:
 * @file: its name, for messages; the lesson is called by it
 * @text: (array length=length): all of it
 *
 * Reads a lesson. Nothing is opened or run.
 *
 * Errors: of #RtError, each with file, line and what was expected.
 *
 * Returns: (nullable) (transfer full): the lesson
 */
RtLesson *
rt_lesson_new_from_text (const char *file, const char *text, gsize length, GError **error)
{
  g_autoptr (RtLesson) lesson = NULL;
  g_autoptr (GPtrArray) pending = g_ptr_array_new ();
  g_autoptr (GPtrArray) captures = g_ptr_array_new_with_free_func (g_free);
  RtLessonReader reader = { .pending = pending, .captures = captures };
  RtMarkdownHandler handler = { take_block, rt_fence_read, &reader };
  RtPlace place = { file, 1, 0 };
  const char *whole;
  guint lines;
  gsize start;

  g_return_val_if_fail (file != NULL && text != NULL, NULL);
  if (!check_text (file, text, length, error))
    return NULL;
  lesson = reader.lesson = lesson_new (file);
  whole = lesson->text = with_line_feeds (text, length);
  start = rt_front_matter_read (lesson, whole, strlen (whole), &lines, error);
  if (start == 0)
    return NULL;
  place.line += lines;
  reader.page = rt_lesson_page_new (lesson->title, place.line);
  g_ptr_array_add (lesson->pages, reader.page);
  if (!rt_markdown_read (whole + start, strlen (whole + start), &place, &handler, error)
      || !check_whole (lesson, error))
    return NULL;
  return g_steal_pointer (&lesson);
}

/**
 * rt_lesson_read_file:
 * @path: of a lesson or an answer
 * @ret_text: (out): what is in it
 * @ret_length: (out): its length
 *
 * Reads no more than a lesson can be, whatever stands behind @path.
 *
 * Errors: %RT_ERROR_IO, %RT_ERROR_LIMIT.
 *
 * Returns: whether it could be read
 */
gboolean
rt_lesson_read_file (const char *path, char **ret_text, gsize *ret_length, GError **error)
{
  RtPlace place = { path, 0, 0 };
  FILE *file = fopen (path, "rbe");
  int problem = file == NULL ? errno : 0;
  g_autofree char *text = g_malloc (RT_LESSON_MAX_BYTES + 2);
  gsize length = 0;

  if (file != NULL)
    {
      length = fread (text, 1, RT_LESSON_MAX_BYTES + 1, file);
      problem = ferror (file) ? errno : 0;
      fclose (file);
    }
  if (problem != 0)
    rt_set_error (error, RT_ERROR_IO, &place, NULL, "it cannot be read: %s", g_strerror (problem));
  else if (length > RT_LESSON_MAX_BYTES)
    rt_set_error (error, RT_ERROR_LIMIT, &place, "at most 1 MiB", "it is too long");
  else
    {
      text[length] = '\0';
      *ret_text = g_steal_pointer (&text);
      *ret_length = length;
      return TRUE;
    }
  return FALSE;
}

/**
 * rt_lesson_load:
 * @path: of a file
 *
 * Returns: (nullable) (transfer full): the lesson in it; else see rt_lesson_new_from_text(), or
 *   %RT_ERROR_IO
 */
RtLesson *
rt_lesson_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!rt_lesson_read_file (path, &text, &length, error))
    return NULL;
  return rt_lesson_new_from_text (path, text, length, error);
}

/**
 * rt_lesson_read_answer:
 * @lesson: a lesson with a challenge
 * @file: where the answer is from, for messages
 * @text: (array length=length): YAML, party → its settings, as the challenge's starter has it
 *
 * Returns: (nullable) (transfer full) (element-type RtPartySettings): a learner's answer
 */
GPtrArray *
rt_lesson_read_answer (
    const RtLesson *lesson, const char *file, const char *text, gsize length, GError **error)
{
  RtPlace place = { file, 1, 0 };

  g_return_val_if_fail (lesson->challenge != NULL, NULL);
  if (!check_text (file, text, length, error))
    return NULL;
  return rt_party_settings_read (lesson, text, length, &place, error);
}

/**
 * rt_lesson_read_starter:
 * @lesson: a lesson with a challenge
 *
 * Returns: (nullable) (transfer full) (element-type RtPartySettings): what the learner begins with,
 *   as an answer
 */
GPtrArray *
rt_lesson_read_starter (const RtLesson *lesson, GError **error)
{
  const RtChallenge *challenge = lesson->challenge;
  RtPlace place = { lesson->file, challenge != NULL ? challenge->starter_line : 0, 0 };

  g_return_val_if_fail (challenge != NULL, NULL);
  return rt_party_settings_read (lesson, challenge->starter, strlen (challenge->starter), &place,
                                 error);
}
