/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each piece of work is a struct that goes to the worker's thread and comes back filled in. */
#include "rt-tutor.h"

#include "rt-lesson-library.h"
#include "rt-recorder.h"

#include <string.h>

/** MAX_OPTIONS: of a prediction; more do not fit in an answer. */
#define MAX_OPTIONS 31
#define CHALLENGE "challenge"

struct _RtTutor
{
  GObject parent_instance;

  RtWorker *worker;
  RtLesson *lesson;
  char *id;
  GPtrArray *plays, *views;
  GArray *answers; /* guint, one a prediction */
  guint position;
  gboolean passed, presenting;
  guint load; /* number of the latest load: an older one that comes late is dropped */

  GPtrArray *lessons, *sessions;
  char **done; /* ids of lessons */
};

enum
{
  LOADED,
  ANSWERED,
  SHELF,
  PROBED,
  BRANCHED,
  OPENED,
  FAILED,
  NOTICED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtTutor, rt_tutor, G_TYPE_OBJECT)

static char *
lesson_id (const RtLesson *lesson)
{
  return g_strdup_printf ("%02u-%s", lesson->number, lesson->name);
}

/* Answers as they are stored: `-` skipped, else the numbers of the options from 1: `2`, `1,3`. */
static char *
answer_to_text (guint options)
{
  GString *out = g_string_new (NULL);

  if (options == RT_TUTOR_SKIPPED)
    {
      g_string_free (out, TRUE);
      return NULL;
    }
  for (guint i = 0; i < MAX_OPTIONS; i++)
    if (options & (1u << i))
      g_string_append_printf (out, "%s%u", out->len > 0 ? "," : "", i + 1);
  return g_string_free (out, FALSE);
}

static guint
answer_from_text (const char *text, guint n_options)
{
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", MAX_OPTIONS);
  guint options = RT_TUTOR_SKIPPED;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      guint64 n = 0;

      if (rt_text_to_uint64 (rt_text (parts[i]), &n) && n >= 1 && n <= n_options)
        options |= 1u << (n - 1);
    }
  return options;
}

/* Loading a lesson */

typedef struct
{
  char *name;
  guint load;
  RtLesson *lesson;
  GPtrArray *plays; /* RtPlay */
  GPtrArray *made;  /* RtPredictionMade, NULL: none is known */
  guint position;
  gboolean passed;
  char *notice;
} Load;

static void
load_free (gpointer data)
{
  Load *load = data;

  g_free (load->name);
  g_free (load->notice);
  g_clear_pointer (&load->lesson, rt_lesson_unref);
  g_clear_pointer (&load->plays, g_ptr_array_unref);
  g_clear_pointer (&load->made, g_ptr_array_unref);
  g_free (load);
}

/* Keeps the first of several: it is mostly the reason for the others. */
static void
take_notice (char **notice, GError **error)
{
  if (*error != NULL && *notice == NULL)
    *notice = g_strdup ((*error)->message);
  g_clear_error (error);
}

static RtSession *
begin_session (const RtLesson *lesson, RtShelf *shelf, char **notice)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = lesson_id (lesson);
  RtSessionLibrary *library = rt_shelf_get_sessions (shelf, &error);
  g_autoptr (GPtrArray) excess = NULL;
  RtSession *session = NULL;

  if (library != NULL)
    session = rt_session_library_create (library, id, lesson->title, g_get_real_time (), &error);
  if (session != NULL)
    excess = rt_session_library_list_excess (library, RT_LIBRARY_CAP, NULL);
  for (guint i = 0; excess != NULL && i < excess->len; i++)
    rt_session_library_delete (library, ((RtLibraryEntry *)excess->pdata[i])->path, NULL);
  take_notice (notice, &error);
  return session;
}

/* A run is played even where it cannot be recorded. */
static RtPlay *
play_run (const RtLesson *lesson,
          const RtScenario *scenario,
          RtSession *session,
          char **notice,
          GError **error)
{
  g_autoptr (RtRecorder) recorder = NULL;
  g_autoptr (GError) trouble = NULL;
  RtPlayOptions options = { 0 };
  RtRunInfo about = { .name = scenario->name,
                      .title = lesson->title,
                      .source = RT_SOURCE_LESSON,
                      .started = lesson->clock,
                      .lesson_path = lesson->file,
                      .lesson_text = lesson->text };
  RtPlay *play;

  if (session != NULL)
    recorder = rt_session_begin_run (session, &about, NULL, NULL, &trouble);
  if (recorder != NULL)
    {
      options.sink = rt_recorder_add_page;
      options.data = recorder;
    }
  play = rt_play_new (lesson, scenario, &options, error);
  if (play != NULL && recorder != NULL)
    rt_recorder_finish (g_steal_pointer (&recorder), &trouble);
  take_notice (notice, &trouble);
  return play;
}

static void
read_progress (Load *load, RtShelf *shelf)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *id = lesson_id (load->lesson);
  g_autofree char *position = NULL;
  RtProgress *progress = rt_shelf_get_progress (shelf, &error);
  guint64 page = 0;

  if (progress != NULL)
    load->made = rt_progress_list_predictions (progress, id, &error);
  if (load->made != NULL)
    position = rt_progress_dup_position (progress, id, NULL);
  if (position != NULL && rt_text_to_uint64 (rt_text (position), &page))
    load->position = (guint)MIN (page, load->lesson->pages->len - 1);
  if (progress != NULL)
    load->passed = rt_progress_get_passed (progress, id, CHALLENGE, NULL, NULL);
  take_notice (&load->notice, &error);
}

/* Without a name: the lesson last open, or the first one. */
static RtLesson *
find_lesson (const char *name, RtShelf *shelf, GError **error)
{
  RtProgress *progress = name == NULL ? rt_shelf_get_progress (shelf, NULL) : NULL;
  g_autofree char *last
      = progress != NULL ? rt_progress_dup_position (progress, "last", NULL) : NULL;
  g_autoptr (GPtrArray) lessons = NULL;
  RtLesson *lesson;

  if (name != NULL)
    return rt_lesson_open (name, error);
  lesson = last != NULL ? rt_lesson_open (last, NULL) : NULL;
  if (lesson != NULL)
    return lesson;
  lessons = rt_lesson_library_list (NULL);
  if (lessons->len > 0)
    return rt_lesson_ref (lessons->pdata[0]);
  rt_set_error (error, RT_ERROR_MISSING, NULL, "a folder with lessons", "no lesson was found");
  return NULL;
}

static void
load_work (GTask *task, gpointer data, RtShelf *shelf)
{
  Load *load = data;
  GError *error = NULL;
  RtSession *session;

  load->lesson = find_lesson (load->name, shelf, &error);
  if (load->lesson == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  load->plays = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_play_unref);
  session = begin_session (load->lesson, shelf, &load->notice);
  for (guint i = 0; i < load->lesson->runs->len && error == NULL; i++)
    {
      RtPlay *play
          = play_run (load->lesson, load->lesson->runs->pdata[i], session, &load->notice, &error);

      if (play != NULL)
        g_ptr_array_add (load->plays, play);
    }
  g_clear_pointer (&session, rt_session_unref);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  read_progress (load, shelf);
  g_task_return_boolean (task, TRUE);
}

/* How far a run may be seen: up to the first question that is still open. */
static guint64
get_cut (RtTutor *self, RtPlay *play)
{
  guint64 cut = G_MAXUINT64;

  for (guint i = 0; i < self->answers->len; i++)
    if (g_array_index (self->answers, guint, i) == RT_TUTOR_UNANSWERED)
      cut = MIN (cut, rt_play_get_cut (play, self->lesson->predictions->pdata[i]));
  return cut;
}

static void
apply_cuts (RtTutor *self)
{
  for (guint i = 0; i < self->views->len; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!rt_view_set_cut (self->views->pdata[i], get_cut (self, self->plays->pdata[i]), &error))
        g_signal_emit (self, signals[FAILED], 0, error);
    }
}

static void
take_answers (RtTutor *self, GPtrArray *made)
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
            answer = answer_from_text (one->option, prediction->options->len);
        }
      g_array_append_val (self->answers, answer);
    }
}

static void
loaded_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  Load *load = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }
  if (load->load != self->load)
    return;
  g_ptr_array_set_size (self->views, 0);
  g_ptr_array_set_size (self->plays, 0);
  g_clear_pointer (&self->lesson, rt_lesson_unref);
  g_free (self->id);
  self->lesson = rt_lesson_ref (load->lesson);
  self->id = lesson_id (load->lesson);
  self->position = load->position;
  self->passed = load->passed;
  take_answers (self, self->presenting ? NULL : load->made);
  for (guint i = 0; i < load->plays->len; i++)
    {
      g_ptr_array_add (self->plays, rt_play_ref (load->plays->pdata[i]));
      g_ptr_array_add (self->views, rt_view_new_for_play (load->plays->pdata[i]));
    }
  apply_cuts (self);
  g_signal_emit (self, signals[LOADED], 0);
  if (load->notice != NULL)
    g_signal_emit (self, signals[NOTICED], 0, load->notice);
  rt_tutor_list_shelf (self);
}

/**
 * rt_tutor_open_lesson:
 * @path_or_name: (nullable): %NULL: the lesson last open
 */
void
rt_tutor_open_lesson (RtTutor *self, const char *path_or_name)
{
  GTask *task = g_task_new (self, NULL, loaded_cb, NULL);
  Load *load = g_new0 (Load, 1);

  load->name = g_strdup (path_or_name);
  load->load = ++self->load;
  g_task_set_task_data (task, load, load_free);
  rt_worker_run (self->worker, task, load_work);
}

/* Opening a session file */

typedef struct
{
  char *path;
  GPtrArray *views;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;

  g_free (opening->path);
  g_clear_pointer (&opening->views, g_ptr_array_unref);
  g_free (opening);
}

static void
open_work (GTask *task, gpointer data, RtShelf *shelf)
{
  Opening *opening = data;
  GError *error = NULL;
  g_autoptr (RtSession) session = rt_session_open (opening->path, &error);
  g_autoptr (GPtrArray) runs = session != NULL ? rt_session_list_runs (session, &error) : NULL;

  opening->views = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; runs != NULL && i < runs->len && error == NULL; i++)
    {
      const RtRunInfo *run = runs->pdata[i];
      g_autoptr (RtReader) reader = rt_session_open_run (session, run->id, &error);
      RtView *view;

      if (reader == NULL)
        break;
      view = rt_view_new (reader, run->name);
      g_ptr_array_add (opening->views, view);
      rt_view_set_cut (view, G_MAXUINT64, &error);
      rt_view_get_model (view);
    }
  if (error == NULL && opening->views->len == 0)
    rt_set_error (&error, RT_ERROR_MISSING, &(RtPlace){ opening->path, 0, 0 }, "at least one run",
                  "the session is empty");
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
opened_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Opening *opening = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    g_signal_emit (object, signals[OPENED], 0, opening->views);
  else
    g_signal_emit (object, signals[FAILED], 0, error);
}

/** rt_tutor_open_session: @path: a session file */
void
rt_tutor_open_session (RtTutor *self, const char *path)
{
  GTask *task = g_task_new (self, NULL, opened_cb, NULL);
  Opening *opening = g_new0 (Opening, 1);

  opening->path = g_strdup (path);
  g_task_set_task_data (task, opening, opening_free);
  rt_worker_run (self->worker, task, open_work);
}

/* Lists for the sidebar */

typedef struct
{
  GPtrArray *lessons, *sessions;
  GPtrArray *done; /* ids, NULL at the end */
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  g_clear_pointer (&listing->lessons, g_ptr_array_unref);
  g_clear_pointer (&listing->sessions, g_ptr_array_unref);
  g_clear_pointer (&listing->done, g_ptr_array_unref);
  g_free (listing);
}

static gboolean
read_done (RtProgress *progress, const RtLesson *lesson, const char *id)
{
  g_autoptr (GPtrArray) made = NULL;

  if (lesson->challenge != NULL)
    return rt_progress_get_passed (progress, id, CHALLENGE, NULL, NULL);
  made = rt_progress_list_predictions (progress, id, NULL);
  return made != NULL && lesson->predictions->len > 0 && made->len >= lesson->predictions->len;
}

static void
list_work (GTask *task, gpointer data, RtShelf *shelf)
{
  Listing *listing = data;
  RtProgress *progress = rt_shelf_get_progress (shelf, NULL);
  RtSessionLibrary *library = rt_shelf_get_sessions (shelf, NULL);

  listing->lessons = rt_lesson_library_list (NULL);
  listing->sessions = library != NULL ? rt_session_library_list (library, NULL) : NULL;
  listing->done = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; progress != NULL && i < listing->lessons->len; i++)
    {
      g_autofree char *id = lesson_id (listing->lessons->pdata[i]);

      if (read_done (progress, listing->lessons->pdata[i], id))
        g_ptr_array_add (listing->done, g_steal_pointer (&id));
    }
  g_ptr_array_add (listing->done, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
listed_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  Listing *listing = g_task_get_task_data (G_TASK (result));

  g_clear_pointer (&self->lessons, g_ptr_array_unref);
  g_clear_pointer (&self->sessions, g_ptr_array_unref);
  g_strfreev (self->done);
  self->lessons = g_steal_pointer (&listing->lessons);
  self->sessions = g_steal_pointer (&listing->sessions);
  self->done = (char **)g_ptr_array_free (g_steal_pointer (&listing->done), FALSE);
  g_signal_emit (self, signals[SHELF], 0);
}

/** rt_tutor_list_shelf: reads what there is; `shelf` says when it is done */
void
rt_tutor_list_shelf (RtTutor *self)
{
  GTask *task = g_task_new (self, NULL, listed_cb, NULL);

  g_task_set_task_data (task, g_new0 (Listing, 1), listing_free);
  rt_worker_run (self->worker, task, list_work);
}

/** rt_tutor_get_lessons: Returns: (nullable) (element-type RtLesson) */
GPtrArray *
rt_tutor_get_lessons (RtTutor *self)
{
  return self->lessons;
}

/** rt_tutor_get_sessions: Returns: (nullable) (element-type RtLibraryEntry) */
GPtrArray *
rt_tutor_get_sessions (RtTutor *self)
{
  return self->sessions;
}

gboolean
rt_tutor_is_done (RtTutor *self, const RtLesson *lesson)
{
  g_autofree char *id = lesson_id (lesson);

  return self->done != NULL && g_strv_contains ((const char *const *)self->done, id);
}

/* Keeping progress */

typedef struct
{
  char *lesson, *prediction, *option, *position, *last;
  gboolean passed, reset;
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  g_free (keeping->lesson);
  g_free (keeping->prediction);
  g_free (keeping->option);
  g_free (keeping->position);
  g_free (keeping->last);
  g_free (keeping);
}

static void
keep_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Keeping *keeping = data;
  GError *error = NULL;
  RtTime now = g_get_real_time ();
  RtProgress *progress = rt_shelf_get_progress (shelf, &error);
  gboolean kept = progress != NULL;

  if (kept && keeping->reset)
    kept = rt_progress_reset (progress, keeping->lesson, &error);
  if (kept && keeping->prediction != NULL)
    kept = rt_progress_set_prediction (progress, keeping->lesson, keeping->prediction,
                                       keeping->option, now, &error);
  if (kept && keeping->position != NULL)
    kept = rt_progress_set_position (progress, keeping->lesson, keeping->position, now, &error)
           && rt_progress_set_position (progress, "last", keeping->last, now, &error);
  if (kept && keeping->passed)
    kept = rt_progress_set_passed (progress, keeping->lesson, CHALLENGE, now, &error);
  if (kept)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
kept_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_signal_emit (object, signals[NOTICED], 0, error->message);
}

/* @keeping: (transfer full). In front of a class nothing is stored. */
static void
keep (RtTutor *self, Keeping *keeping)
{
  GTask *task;

  if (self->presenting)
    {
      keeping_free (keeping);
      return;
    }
  keeping->lesson = g_strdup (self->id);
  task = g_task_new (self, NULL, kept_cb, NULL);
  g_task_set_task_data (task, keeping, keeping_free);
  rt_worker_run (self->worker, task, keep_work);
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
  Keeping *keeping;

  if (self->lesson == NULL)
    return;
  self->position = page;
  keeping = g_new0 (Keeping, 1);
  keeping->position = g_strdup_printf ("%u", page);
  keeping->last = g_strdup (self->lesson->name);
  keep (self, keeping);
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
  Keeping *keeping;

  if (answer == NULL || *answer != RT_TUTOR_UNANSWERED || options == RT_TUTOR_UNANSWERED)
    return;
  *answer = options;
  keeping = g_new0 (Keeping, 1);
  keeping->prediction = g_strdup (prediction->id);
  keeping->option = answer_to_text (options);
  keep (self, keeping);
  apply_cuts (self);
  g_signal_emit (self, signals[ANSWERED], 0, prediction);
}

/** rt_tutor_forget: begins the lesson anew; nothing of it was predicted */
void
rt_tutor_forget (RtTutor *self)
{
  Keeping *keeping;

  if (self->lesson == NULL)
    return;
  take_answers (self, NULL);
  self->position = 0;
  self->passed = self->passed && self->presenting;
  keeping = g_new0 (Keeping, 1);
  keeping->reset = TRUE;
  keep (self, keeping);
  apply_cuts (self);
  g_signal_emit (self, signals[LOADED], 0);
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

/* Counter-examples */

typedef struct
{
  RtLesson *lesson;
  const RtMisconception *misconception;
} Branching;

static void
branching_free (gpointer data)
{
  Branching *branching = data;

  rt_lesson_unref (branching->lesson);
  g_free (branching);
}

static void
branch_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Branching *branching = data;
  GError *error = NULL;
  RtPlay *play = rt_play_new_counterexample (branching->lesson, branching->misconception, &error);

  if (play != NULL)
    g_task_return_pointer (task, play, (GDestroyNotify)rt_play_unref);
  else
    g_task_return_error (task, error);
}

static void
branched_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  const Branching *branching = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPlay) play = g_task_propagate_pointer (G_TASK (result), &error);
  g_autoptr (RtView) view = play != NULL ? rt_view_new_for_play (play) : NULL;

  /* It answers the question it belongs to, not those that come later. */
  if (view == NULL || !rt_view_set_cut (view, get_cut (RT_TUTOR (object), play), &error))
    {
      g_signal_emit (object, signals[FAILED], 0, error);
      return;
    }
  if (branching->misconception->point != 0)
    rt_view_select (view, branching->misconception->point, FALSE, RT_SPAN_NONE);
  g_signal_emit (object, signals[BRANCHED], 0, view);
}

/** rt_tutor_show_counterexample: `branched` gives the view of the run that proves it wrong */
void
rt_tutor_show_counterexample (RtTutor *self, const RtMisconception *misconception)
{
  GTask *task = g_task_new (self, NULL, branched_cb, NULL);
  Branching *branching = g_new0 (Branching, 1);

  branching->lesson = rt_lesson_ref (self->lesson);
  branching->misconception = misconception;
  g_task_set_task_data (task, branching, branching_free);
  rt_worker_run (self->worker, task, branch_work);
}

/* The challenge */

typedef struct
{
  RtLesson *lesson;
  char *text;
} Trying;

static void
trying_free (gpointer data)
{
  Trying *trying = data;

  rt_lesson_unref (trying->lesson);
  g_free (trying->text);
  g_free (trying);
}

static void
try_work (GTask *task, gpointer data, RtShelf *shelf)
{
  const Trying *trying = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) answer = rt_lesson_read_answer (trying->lesson, "settings", trying->text,
                                                        strlen (trying->text), &error);
  RtChallengeResult *result
      = answer != NULL ? rt_challenge_try (trying->lesson, answer, &error) : NULL;

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify)rt_challenge_result_free);
  else
    g_task_return_error (task, error);
}

static void
tried_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtTutor *self = RT_TUTOR (object);
  const Trying *trying = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  g_autoptr (RtChallengeResult) tried = g_task_propagate_pointer (G_TASK (result), &error);

  if (trying->lesson != self->lesson)
    return;
  if (tried != NULL && tried->passed)
    {
      Keeping *keeping = g_new0 (Keeping, 1);

      keeping->passed = TRUE;
      keep (self, keeping);
      self->passed = TRUE;
    }
  g_signal_emit (self, signals[PROBED], 0, tried, error);
  if (tried != NULL && tried->passed)
    rt_tutor_list_shelf (self);
}

/**
 * rt_tutor_try_challenge:
 * @text: the learner's YAML
 *
 * `probed` tells how it went.
 */
void
rt_tutor_try_challenge (RtTutor *self, const char *text)
{
  GTask *task = g_task_new (self, NULL, tried_cb, NULL);
  Trying *trying = g_new0 (Trying, 1);

  trying->lesson = rt_lesson_ref (self->lesson);
  trying->text = g_strdup (text);
  g_task_set_task_data (task, trying, trying_free);
  rt_worker_run (self->worker, task, try_work);
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
  g_array_unref (self->answers);
  g_clear_pointer (&self->lesson, rt_lesson_unref);
  g_clear_pointer (&self->lessons, g_ptr_array_unref);
  g_clear_pointer (&self->sessions, g_ptr_array_unref);
  g_strfreev (self->done);
  g_free (self->id);
  rt_worker_free (self->worker);
  G_OBJECT_CLASS (rt_tutor_parent_class)->finalize (object);
}

static void
rt_tutor_class_init (RtTutorClass *klass)
{
  static const struct
  {
    const char *name;
    guint n;
  } kinds[N_SIGNALS] = {
    [LOADED] = { "loaded", 0 }, [ANSWERED] = { "answered", 1 }, [SHELF] = { "shelf", 0 },
    [PROBED] = { "probed", 2 }, [BRANCHED] = { "branched", 1 }, [OPENED] = { "opened", 1 },
    [FAILED] = { "failed", 1 }, [NOTICED] = { "noticed", 1 },
  };

  G_OBJECT_CLASS (klass)->finalize = rt_tutor_finalize;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (kinds[i].name, RT_TYPE_TUTOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, kinds[i].n, G_TYPE_POINTER, G_TYPE_POINTER);
}

static void
rt_tutor_init (RtTutor *self)
{
  self->worker = rt_worker_new ();
  self->plays = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_play_unref);
  self->views = g_ptr_array_new_with_free_func (g_object_unref);
  self->answers = g_array_new (FALSE, FALSE, sizeof (guint));
}

RtTutor *
rt_tutor_new (void)
{
  return g_object_new (RT_TYPE_TUTOR, NULL);
}
