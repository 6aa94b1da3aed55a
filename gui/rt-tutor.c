/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lesson that is open, what was answered, and how far that lets each run be seen. Each piece of
 * work is a struct that goes to the worker's thread and comes back filled in; those are in the
 * files beside this one. */
#include "rt-tutor-private.h"

G_DEFINE_FINAL_TYPE (RtTutor, rt_tutor, G_TYPE_OBJECT)

/* What a lesson is called where progress and sessions are kept. */
char *
rt_tutor_dup_lesson_id (const RtLesson *lesson)
{
  return g_strdup_printf ("%02u-%s", lesson->number, lesson->name);
}

/* Keeps the first of several: it is mostly the reason for the others. */
void
rt_tutor_take_notice (char **notice, GError **error)
{
  if (*error != NULL && *notice == NULL)
    *notice = g_strdup ((*error)->message);
  g_clear_error (error);
}

/* How far a run may be seen: up to the first question that is still open. */
guint64
rt_tutor_get_cut (RtTutor *self, RtPlay *play)
{
  guint64 cut = G_MAXUINT64;

  for (guint i = 0; i < self->answers->len; i++)
    if (g_array_index (self->answers, guint, i) == RT_TUTOR_UNANSWERED)
      cut = MIN (cut, rt_play_get_cut (play, self->lesson->predictions->pdata[i]));
  return cut;
}

/* What the author wrote beside the messages, up to the first question that is still open: what
 * stands behind it in the text was written for those who know the answer. */
void
rt_tutor_apply_notes (RtTutor *self, RtView *view, RtPlay *play)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_timeline_note_free);
  guint end = G_MAXUINT;

  for (guint i = 0; i < self->answers->len; i++)
    if (g_array_index (self->answers, guint, i) == RT_TUTOR_UNANSWERED)
      end = MIN (end, ((const RtPrediction *)self->lesson->predictions->pdata[i])->line);
  for (guint i = 0; i < self->lesson->notes->len; i++)
    {
      const RtAuthorNote *note = self->lesson->notes->pdata[i];
      g_autofree char *text = rt_inlines_dup_text (note->inlines);
      g_auto (RtFound) found = { 0 };

      if (note->run == rt_play_get_scenario (play)->index && note->line < end
          && rt_play_find (play, note->target, &found, NULL))
        g_ptr_array_add (notes, rt_timeline_note_new (RT_TIMELINE_LAYER_AUTHOR, note->number,
                                                      found.exchange, found.span, NULL, text));
    }
  rt_view_set_notes (view, RT_TIMELINE_LAYER_AUTHOR, notes);
}

void
rt_tutor_apply_cuts (RtTutor *self)
{
  for (guint i = 0; i < self->views->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!rt_view_set_cut (self->views->pdata[i], rt_tutor_get_cut (self, self->plays->pdata[i]),
                            &error))
        g_signal_emit_by_name (self, "failed", error);
      rt_tutor_apply_notes (self, self->views->pdata[i], self->plays->pdata[i]);
    }
  for (guint i = 0; i < self->branches->len; i++)
    {
      const RtTutorBranch *branch = self->branches->pdata[i];
      g_autoptr (GError) error = NULL;

      if (!rt_view_set_cut (branch->view, rt_tutor_get_cut (self, branch->play), &error))
        g_signal_emit_by_name (self, "failed", error);
      rt_tutor_apply_notes (self, branch->view, branch->play);
    }
}

/* @made: (nullable): RtPredictionMade: what was answered at another time. */
void
rt_tutor_take_answers (RtTutor *self, GPtrArray *made)
{
  GPtrArray *predictions = self->lesson->predictions;

  g_array_set_size (self->answers, 0);
  for (guint i = 0; i < predictions->len; i++)
    {
      const RtPrediction *prediction = predictions->pdata[i];
      guint answer = RT_TUTOR_UNANSWERED;

      for (guint j = 0; made != NULL && j < made->len; j++)
        {
          const RtPredictionMade *one = made->pdata[j];

          if (g_str_equal (one->prediction, prediction->id))
            answer = rt_tutor_answer_from_text (one->option, prediction->options->len);
        }
      g_array_append_val (self->answers, answer);
    }
}

const RtLesson *
rt_tutor_get_lesson (RtTutor *self)
{
  return self->lesson;
}

/** rt_tutor_get_view: Returns: (transfer none): of a run, up to what may be seen of it */
RtView *
rt_tutor_get_view (RtTutor *self, guint run)
{
  return run < self->views->len ? self->views->pdata[run] : NULL;
}

/** rt_tutor_get_position: Returns: the page that was read last */
guint
rt_tutor_get_position (RtTutor *self)
{
  return self->position;
}

void
rt_tutor_set_position (RtTutor *self, guint page)
{
  RtTutorKeeping *keeping;

  if (self->lesson == NULL)
    return;
  self->position = page;
  keeping = g_new0 (RtTutorKeeping, 1);
  keeping->position = g_strdup_printf ("%u", page);
  keeping->last = g_strdup (self->lesson->name);
  rt_tutor_keep (self, keeping);
}

static guint *
find_answer (RtTutor *self, const RtPrediction *prediction)
{
  guint i;

  if (self->lesson == NULL || !g_ptr_array_find (self->lesson->predictions, prediction, &i))
    return NULL;
  return &g_array_index (self->answers, guint, i);
}

/**
 * rt_tutor_get_answer:
 *
 * Returns: a bit for each option that was ticked, %RT_TUTOR_SKIPPED or %RT_TUTOR_UNANSWERED
 */
guint
rt_tutor_get_answer (RtTutor *self, const RtPrediction *prediction)
{
  const guint *answer = find_answer (self, prediction);

  return answer != NULL ? *answer : RT_TUTOR_UNANSWERED;
}

/**
 * rt_tutor_answer:
 * @options: a bit for each option that was ticked, or %RT_TUTOR_SKIPPED
 *
 * The runs may be seen further from now on. A first answer is not changed by a second.
 */
void
rt_tutor_answer (RtTutor *self, const RtPrediction *prediction, guint options)
{
  guint *answer = find_answer (self, prediction);
  RtTutorKeeping *keeping;

  if (answer == NULL || *answer != RT_TUTOR_UNANSWERED || options == RT_TUTOR_UNANSWERED)
    return;
  *answer = options;
  keeping = g_new0 (RtTutorKeeping, 1);
  keeping->prediction = g_strdup (prediction->id);
  keeping->option = rt_tutor_answer_to_text (options);
  rt_tutor_keep (self, keeping);
  rt_tutor_apply_cuts (self);
  g_signal_emit_by_name (self, "answered", prediction);
}

/**
 * rt_tutor_take_back:
 * @prediction: is open again, and so are all that come later
 *
 * Only in front of a class: a learner's first answer stands.
 */
void
rt_tutor_take_back (RtTutor *self, const RtPrediction *prediction)
{
  guint i;

  if (!self->presenting || !g_ptr_array_find (self->lesson->predictions, prediction, &i))
    return;
  for (; i < self->answers->len; i++)
    g_array_index (self->answers, guint, i) = RT_TUTOR_UNANSWERED;
  rt_tutor_apply_cuts (self);
}

/** rt_tutor_forget: begins the lesson anew; nothing of it was predicted */
void
rt_tutor_forget (RtTutor *self)
{
  RtTutorKeeping *keeping;

  if (self->lesson == NULL)
    return;
  rt_tutor_take_answers (self, NULL);
  self->position = 0;
  self->passed = self->passed && self->presenting;
  keeping = g_new0 (RtTutorKeeping, 1);
  keeping->reset = TRUE;
  rt_tutor_keep (self, keeping);
  rt_tutor_apply_cuts (self);
  g_signal_emit_by_name (self, "loaded");
}

/**
 * rt_tutor_set_presenting:
 * @presenting: in front of a class: it starts masked whatever was predicted, and nothing is stored
 */
void
rt_tutor_set_presenting (RtTutor *self, gboolean presenting)
{
  if (self->presenting == presenting)
    return;
  self->presenting = presenting;
  if (self->lesson == NULL)
    return;
  if (presenting)
    rt_tutor_forget (self);
  else
    rt_tutor_open_lesson (self, self->lesson->name);
}

gboolean
rt_tutor_get_presenting (RtTutor *self)
{
  return self->presenting;
}

/** rt_tutor_get_passed: Returns: whether the lesson's challenge was passed before */
gboolean
rt_tutor_get_passed (RtTutor *self)
{
  return self->passed;
}

static void
rt_tutor_finalize (GObject *object)
{
  RtTutor *self = RT_TUTOR (object);

  g_ptr_array_unref (self->views);
  g_ptr_array_unref (self->plays);
  g_ptr_array_unref (self->branches);
  g_array_unref (self->answers);
  g_clear_pointer (&self->lesson, rt_lesson_unref);
  g_clear_pointer (&self->lessons, g_ptr_array_unref);
  g_clear_pointer (&self->sessions, g_ptr_array_unref);
  g_clear_pointer (&self->excess, g_ptr_array_unref);
  g_strfreev (self->done);
  g_free (self->id);
  g_clear_object (&self->work);
  rt_worker_free (self->worker);
  G_OBJECT_CLASS (rt_tutor_parent_class)->finalize (object);
}

static void
rt_tutor_class_init (RtTutorClass *klass)
{
  static const struct
  {
    const char *name;
    guint n_parameters;
  } signals[] = {
    { "passed", 0 }, { "loaded", 0 },   { "answered", 1 },    { "shelf", 0 },
    { "probed", 2 }, { "branched", 1 }, { "branch-made", 1 }, { "opened", 1 },
    { "failed", 1 }, { "noticed", 1 },  { "working", 2 },     { "exported", 1 },
  };

  G_OBJECT_CLASS (klass)->finalize = rt_tutor_finalize;
  for (gsize i = 0; i < G_N_ELEMENTS (signals); i++)
    g_signal_new (signals[i].name, RT_TYPE_TUTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, signals[i].n_parameters, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
rt_tutor_init (RtTutor *self)
{
  self->worker = rt_worker_new ();
  self->plays = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_play_unref);
  self->views = g_ptr_array_new_with_free_func (g_object_unref);
  self->branches = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_tutor_branch_free);
  self->answers = g_array_new (FALSE, FALSE, sizeof (guint));
}

RtTutor *
rt_tutor_new (void)
{
  return g_object_new (RT_TYPE_TUTOR, NULL);
}
