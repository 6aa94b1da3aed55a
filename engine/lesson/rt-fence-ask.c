/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fenced blocks that ask and answer: predictions, misconceptions, notes, hints. */
#include "rt-fence-private.h"

#include "rt-cast-kind.h"

#include <string.h>

/** MAX_OPTIONS: of one prediction. */
#define MAX_OPTIONS 9

/* The last word in braces names the misconception; it is cut off. */
static char *
take_braces (char *line)
{
  char *open = strrchr (line, '{');
  gsize length = strlen (line);
  char *name;

  if (open == NULL || length == 0 || line[length - 1] != '}')
    return NULL;
  name = g_strndup (open + 1, strlen (open + 1) - 1);
  *open = '\0';
  g_strchomp (line);
  return g_strstrip (name);
}

/* `- [ ] text {misconception}` */
static gboolean
read_option (
    const RtFence *fence, RtPrediction *prediction, char *line, guint number, GError **error)
{
  g_autoptr (RtOption) option = g_new0 (RtOption, 1);
  RtPlace place = rt_fence_place (fence, number);
  char mark = line[3];

  option->line = place.line;
  if (strlen (line) < 6 || line[2] != '[' || (mark != ' ' && mark != 'x') || line[4] != ']')
    return rt_fence_refuse (fence, number, "“- [ ] text {misconception}” or “- [x] text”",
                            "this is no option", error);
  option->right = mark == 'x';
  option->misconception = take_braces (line);
  if (option->right && option->misconception != NULL)
    return rt_fence_refuse (fence, number, "no misconception", "a right option names one", error);
  if (!option->right && option->misconception == NULL)
    return rt_fence_refuse (fence, number, "“{misconception}” at its end",
                            "a wrong option names no misconception", error);
  option->inlines = rt_markdown_read_inlines (line + 5, &place, error);
  if (option->inlines == NULL)
    return FALSE;
  g_ptr_array_add (prediction->options, g_steal_pointer (&option));
  return TRUE;
}

static gboolean
read_question_and_options (const RtFence *fence, RtPrediction *prediction, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (fence->text, "\n", -1);
  g_autoptr (GString) question = g_string_new (NULL);
  RtPlace place = rt_fence_place (fence, 1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strchomp (lines[i]);

      if (g_str_has_prefix (line, "- "))
        {
          if (!read_option (fence, prediction, line, i + 1, error))
            return FALSE;
        }
      else if (prediction->options->len == 0)
        g_string_append_printf (question, "%s\n", line);
      else if (*line != '\0')
        return rt_fence_refuse (fence, i + 1, "another option", "text follows the options", error);
    }
  prediction->question = rt_markdown_read_inlines (question->str, &place, error);
  return prediction->question != NULL;
}

static gboolean
check_options (const RtFence *fence, RtPrediction *prediction, GError **error)
{
  guint n_right = 0;

  for (guint i = 0; i < prediction->options->len; i++)
    n_right += ((const RtOption *)prediction->options->pdata[i])->right ? 1 : 0;
  prediction->multiple = n_right > 1;
  if (prediction->options->len < 2 || prediction->options->len > MAX_OPTIONS)
    return rt_fence_refuse (fence, 0, "two to nine", "a prediction has too few or too many options",
                            error);
  return n_right > 0
         || rt_fence_refuse (fence, 0, "“- [x]”", "no option of the prediction is right", error);
}

/**
 * rt_fence_read_predict:
 * @fence: `predict ID`: the question, then its options
 */
gboolean
rt_fence_read_predict (RtFence *fence, GError **error)
{
  RtLessonReader *reader = fence->reader;
  g_autoptr (RtPrediction) prediction = g_new0 (RtPrediction, 1);
  RtBlock *block;

  prediction->line = fence->line;
  prediction->options = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_option_free);
  if (g_strv_length (fence->words) != 2)
    return rt_fence_wrong (fence, "“predict ID”", error);
  if (reader->probe != NULL)
    return rt_fence_refuse (fence, 0, "predictions in the lesson itself", "a probe asks nothing",
                            error);
  if (rt_lesson_get_prediction (reader->lesson, fence->words[1]) != NULL)
    return rt_fence_refuse (fence, 0, "a name of its own", "another prediction is called so",
                            error);
  prediction->id = g_strdup (fence->words[1]);
  if (!read_question_and_options (fence, prediction, error)
      || !check_options (fence, prediction, error))
    return FALSE;
  block = rt_lesson_reader_add_block (reader, RT_BLOCK_PREDICT, fence->line);
  block->prediction = prediction;
  g_ptr_array_add (reader->pending, prediction);
  g_ptr_array_add (reader->lesson->predictions, g_steal_pointer (&prediction));
  return TRUE;
}

static const RtYaml *
need_text (const RtFence *fence, const RtYaml *yaml, const char *key, GError **error)
{
  const RtYaml *node = rt_yaml_get (yaml, key);
  g_autofree char *expected = g_strdup_printf ("“%s: …”", key);

  if (node != NULL && node->kind == RT_YAML_SCALAR && *node->text != '\0')
    return node;
  rt_fence_refuse (fence, node != NULL ? node->line - fence->line : 0, expected,
                   "a part of the block is missing", error);
  return NULL;
}

static gboolean
need_number (const RtFence *fence, const char *text, guint line, guint *slot, GError **error)
{
  guint64 number;

  if (text == NULL || !rt_text_to_uint64 (rt_text (text), &number) || number == 0
      || number > G_MAXUINT16)
    return rt_fence_refuse (fence, line, "a step's number from 1", "no step is named", error);
  *slot = (guint)number;
  return TRUE;
}

/* What follows the first @words words. */
static const char *
rest_after (const char *text, guint words)
{
  for (guint i = 0; i < words; i++)
    {
      text += strcspn (text, " ");
      text += strspn (text, " ");
    }
  return text;
}

/* `NAME: VALUE`, from a change. */
static gboolean
read_assignment (
    const RtFence *fence, RtChange *change, const char *text, guint line, GError **error)
{
  const char *colon = strchr (text, ':');

  if (colon == NULL || colon == text)
    return rt_fence_refuse (fence, line, "“NAME: VALUE”", "a change sets nothing", error);
  change->name = g_strstrip (g_strndup (text, (gsize)(colon - text)));
  change->value = g_strstrip (g_strdup (colon + 1));
  return TRUE;
}

/* `step 4 set If-Match: "1"`, `step 4 remove If-Match` */
static gboolean
read_field_change (const RtFence *fence,
                   RtChange *change,
                   char **words,
                   const char *text,
                   guint line,
                   GError **error)
{
  if (!need_number (fence, words[1], line, &change->step, error))
    return FALSE;
  if (g_strcmp0 (words[2], "remove") == 0 && words[3] != NULL && words[4] == NULL)
    {
      change->kind = RT_CHANGE_REMOVE_FIELD;
      change->name = g_strdup (words[3]);
      return TRUE;
    }
  change->kind = RT_CHANGE_SET_FIELD;
  if (g_strcmp0 (words[2], "set") == 0)
    return read_assignment (fence, change, rest_after (text, 3), line, error);
  return rt_fence_refuse (fence, line, "“set FIELD: VALUE” or “remove FIELD”",
                          "a step is not changed", error);
}

/* `origin NAME /path setting: value`, `client NAME on 412: reaction`, `gateway NAME limits slots:
 * 3`, `gateway NAME cache: true` */
static gboolean
read_party_change (const RtFence *fence,
                   RtChange *change,
                   char **words,
                   const char *text,
                   guint line,
                   GError **error)
{
  RtFence here = *fence;
  const RtCastKind *kind = rt_cast_kind_find (words[0]);

  here.line += line;
  if (words[1] == NULL || words[2] == NULL)
    return rt_fence_refuse (fence, line, "“KIND NAME SETTING: VALUE”", "a party is not changed",
                            error);
  if (rt_fence_find_cast (&here, words[1], words[0], error) == NULL)
    return FALSE;
  change->party = g_strdup (words[1]);
  change->kind = words[2][0] == '/'                                 ? RT_CHANGE_SETTING
                 : g_str_equal (words[2], "limits") && kind->serves ? RT_CHANGE_LIMIT
                 : g_str_equal (words[2], "tls") && kind->serves    ? RT_CHANGE_TLS
                 : g_str_equal (words[2], "on") && !kind->serves    ? RT_CHANGE_REACTION
                                                                    : RT_CHANGE_NAMED;
  if (change->kind == RT_CHANGE_SETTING && g_str_equal (kind->name, "origin"))
    change->path = g_strdup (words[2]);
  else if (change->kind == RT_CHANGE_SETTING
           || (change->kind == RT_CHANGE_NAMED && kind->named == NULL))
    return rt_fence_refuse (fence, line, "“origin NAME /path SETTING: VALUE”", "nothing is changed",
                            error);
  return read_assignment (fence, change, rest_after (text, change->kind == RT_CHANGE_NAMED ? 2 : 3),
                          line, error);
}

/* @text: one change, in words. */
static gboolean
read_change_text (
    const RtFence *fence, RtChange *change, const char *text, guint line, GError **error)
{
  static const char *const names[]
      = { "swap", "step", "origin", "client", "byte-client", "browser", "gateway", "proxy" };
  RtPlace place = rt_fence_place (fence, line);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  if (words[0] == NULL)
    return rt_fence_refuse (fence, line, "a line such as “swap 3 4”", "a change is empty", error);
  if (g_str_equal (words[0], "step"))
    return read_field_change (fence, change, words, text, line, error);
  if (rt_cast_kind_find (words[0]) != NULL)
    return read_party_change (fence, change, words, text, line, error);
  if (g_str_equal (words[0], "swap"))
    {
      change->kind = RT_CHANGE_SWAP;
      return need_number (fence, words[1], line, &change->step, error)
             && need_number (fence, words[2], line, &change->other, error);
    }
  rt_set_unknown (error, &place, "change", words[0], names, G_N_ELEMENTS (names));
  return FALSE;
}

static gboolean
read_change (const RtFence *fence,
             RtMisconception *misconception,
             const RtYaml *node,
             GError **error)
{
  guint line = node->line - fence->line;
  RtChange *change = g_new0 (RtChange, 1);

  g_ptr_array_add (misconception->changes, change);
  change->line = node->line;
  if (node->kind != RT_YAML_SCALAR)
    return rt_fence_refuse (fence, line, "a line such as “swap 3 4”", "a change is no text", error);
  return read_change_text (fence, change, node->text, line, error);
}

/**
 * rt_change_parse:
 * @lesson: whose runs it is to change
 * @text: one line, as a misconception has it: `step 4 remove If-Match`,
 *   `origin api.shop.test /doc/1 require: if-match`
 *
 * Whether a run can be changed so is found out when it is played.
 *
 * Errors: %RT_ERROR_SYNTAX, %RT_ERROR_UNKNOWN
 *
 * Returns: (nullable) (transfer full): the change
 */
RtChange *
rt_change_parse (const RtLesson *lesson, const char *text, GError **error)
{
  RtLessonReader reader = { .lesson = (RtLesson *)lesson };
  RtFence fence = { .reader = &reader, .info = text, .text = text };
  g_autoptr (RtChange) change = g_new0 (RtChange, 1);

  return read_change_text (&fence, change, text, 0, error) ? g_steal_pointer (&change) : NULL;
}

static gboolean
read_shown_check (const RtFence *fence,
                  RtMisconception *misconception,
                  const RtYaml *node,
                  GError **error)
{
  guint line = node->line - fence->line;
  RtPlace place = rt_fence_place (fence, line);
  g_autoptr (RtStep) step = rt_step_new (RT_STEP_CHECK, node->line);

  if (node->kind != RT_YAML_SCALAR)
    return rt_fence_refuse (fence, line, "a check in quotes: '…'", "a check is no text", error);
  step->title = g_strdup (node->text);
  step->expression = rt_expression_parse (node->text, TRUE, &place, error);
  if (step->expression == NULL)
    return FALSE;
  g_ptr_array_add (misconception->checks, g_steal_pointer (&step));
  return TRUE;
}

static gboolean
each_item (const RtFence *fence,
           RtMisconception *misconception,
           const RtYaml *list,
           gboolean (*read) (const RtFence *fence,
                             RtMisconception *misconception,
                             const RtYaml *node,
                             GError **error),
           GError **error)
{
  if (list == NULL)
    return TRUE;
  if (list->kind != RT_YAML_LIST)
    return rt_fence_refuse (fence, list->line - fence->line, "a list, an item a line",
                            "this is no list", error);
  for (guint i = 0; i < list->children->len; i++)
    if (!read (fence, misconception, list->children->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* `show: run NAME`; the run is found once the lesson is whole. */
static gboolean
read_show (const RtFence *fence, RtMisconception *misconception, const RtYaml *node, GError **error)
{
  const RtLesson *lesson = fence->reader->lesson;
  RtPlace place = rt_fence_place (fence, node->line - fence->line);
  const RtScenario *run;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (!g_str_has_prefix (node->text, "run "))
    return rt_fence_refuse (fence, node->line - fence->line, "“run NAME”", "nothing is shown",
                            error);
  run = rt_lesson_get_run (lesson, node->text + strlen ("run "));
  if (run != NULL)
    {
      misconception->run = run->index;
      return TRUE;
    }
  for (guint i = 0; i < lesson->runs->len; i++)
    g_ptr_array_add (names, ((RtScenario *)lesson->runs->pdata[i])->name);
  rt_set_unknown (error, &place, "run before this", node->text + strlen ("run "),
                  (const char *const *)names->pdata, names->len);
  return FALSE;
}

static gboolean
read_misconception_parts (const RtFence *fence,
                          RtMisconception *misconception,
                          const RtYaml *yaml,
                          GError **error)
{
  const RtYaml *feedback = need_text (fence, yaml, "feedback", error);
  const RtYaml *show = feedback != NULL ? need_text (fence, yaml, "show", error) : NULL;
  const RtYaml *look = rt_yaml_get (yaml, "look");
  RtPlace place = rt_fence_place (fence, 1);

  if (show == NULL || !read_show (fence, misconception, show, error)
      || !each_item (fence, misconception, rt_yaml_get (yaml, "change"), read_change, error)
      || !each_item (fence, misconception, rt_yaml_get (yaml, "check"), read_shown_check, error))
    return FALSE;
  if (misconception->checks->len == 0)
    return rt_fence_refuse (fence, 0, "“check:” with what is to be seen",
                            "the counter-example shows nothing", error);
  if (look != NULL
      && (look->kind != RT_YAML_SCALAR || !g_str_has_prefix (look->text, "exchange ")
          || !need_number (fence, look->text + strlen ("exchange "), look->line - fence->line,
                           &misconception->point, NULL)))
    return rt_fence_refuse (fence, look->line - fence->line, "“exchange N”",
                            "this cannot be looked at", error);
  place.line = feedback->line;
  misconception->feedback = rt_markdown_read_inlines (feedback->text, &place, error);
  return misconception->feedback != NULL;
}

/**
 * rt_fence_read_misconception:
 * @fence: `misconception ID`: YAML with feedback, show, change, check, look
 */
gboolean
rt_fence_read_misconception (RtFence *fence, GError **error)
{
  static const char *const names[] = { "feedback", "show", "change", "check", "look" };
  RtLesson *lesson = fence->reader->lesson;
  g_autoptr (RtMisconception) misconception = g_new0 (RtMisconception, 1);
  g_autoptr (RtYaml) yaml = NULL;
  RtPlace place = rt_fence_place (fence, 1);

  misconception->line = fence->line;
  misconception->changes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_change_free);
  misconception->checks = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_step_free);
  if (g_strv_length (fence->words) != 2)
    return rt_fence_wrong (fence, "“misconception ID”", error);
  misconception->id = g_strdup (fence->words[1]);
  if (rt_lesson_get_misconception (lesson, misconception->id) != NULL)
    return rt_fence_refuse (fence, 0, "a name of its own", "another misconception is called so",
                            error);
  yaml = rt_yaml_parse (fence->text, strlen (fence->text), &place, error);
  if (yaml == NULL)
    return FALSE;
  for (guint i = 0; yaml->kind == RT_YAML_MAPPING && i < yaml->keys->len; i++)
    {
      gsize j = 0;

      while (j < G_N_ELEMENTS (names) && !g_str_equal (names[j], yaml->keys->pdata[i]))
        j++;
      place.line = ((const RtYaml *)yaml->children->pdata[i])->line;
      if (j == G_N_ELEMENTS (names))
        {
          rt_set_unknown (error, &place, "part of a misconception", yaml->keys->pdata[i], names, j);
          return FALSE;
        }
    }
  if (!read_misconception_parts (fence, misconception, yaml, error))
    return FALSE;
  g_ptr_array_add (lesson->misconceptions, g_steal_pointer (&misconception));
  return TRUE;
}

/**
 * rt_fence_read_note:
 * @fence: `note response 2 field ETag`: the author's words on what that points at
 */
gboolean
rt_fence_read_note (RtFence *fence, GError **error)
{
  RtLessonReader *reader = fence->reader;
  g_autoptr (RtAuthorNote) note = g_new0 (RtAuthorNote, 1);
  RtPlace place = rt_fence_place (fence, 1);
  RtBlock *block;

  note->line = fence->line;
  if (fence->words[1] == NULL || reader->probe != NULL || reader->run == NULL)
    return rt_fence_wrong (fence, "“note response 2 field ETag”, after a step", error);
  note->target = rt_fence_read_expression (fence, rest_after (fence->info, 1), FALSE, 0, error);
  if (note->target == NULL)
    return FALSE;
  note->inlines = rt_markdown_read_inlines (fence->text, &place, error);
  if (note->inlines == NULL)
    return FALSE;
  note->run = reader->run->index;
  note->number = reader->lesson->notes->len + 1;
  block = rt_lesson_reader_add_block (reader, RT_BLOCK_NOTE, fence->line);
  block->note = note;
  block->inlines = g_ptr_array_ref (note->inlines);
  g_ptr_array_add (reader->lesson->notes, g_steal_pointer (&note));
  return TRUE;
}

/**
 * rt_fence_read_hint:
 * @fence: `hint`: helps on; within the challenge with it, elsewhere with the page
 */
gboolean
rt_fence_read_hint (RtFence *fence, GError **error)
{
  RtLesson *lesson = fence->reader->lesson;
  RtPlace place = rt_fence_place (fence, 1);
  g_autoptr (GPtrArray) inlines = NULL;
  RtBlock *block;

  if (g_strv_length (fence->words) != 1)
    return rt_fence_wrong (fence, "nothing behind its name", error);
  inlines = rt_markdown_read_inlines (fence->text, &place, error);
  if (inlines == NULL)
    return FALSE;
  if (lesson->challenge != NULL)
    {
      g_ptr_array_add (lesson->challenge->hints, g_steal_pointer (&inlines));
      return TRUE;
    }
  block = rt_lesson_reader_add_block (fence->reader, RT_BLOCK_HINT, fence->line);
  block->inlines = g_steal_pointer (&inlines);
  return TRUE;
}
