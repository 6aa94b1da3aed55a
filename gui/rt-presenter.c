/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson is a row of beats: each page, and on it each of its questions, first asked, then
 * revealed. Forward and back go from beat to beat, as the two keys of a clicker do. The tutor keeps
 * nothing meanwhile, and neither do the votes: they are gone with the lesson. */
#include "rt-presenter.h"

#include <gdk/gdk.h>
#include <glib/gi18n.h>

struct _RtPresenter
{
  GObject parent_instance;

  RtTutor *tutor;
  RtNarrative *narrative;
  RtStage *stage;
  GHashTable *tallies; /* RtPrediction → RtTally */
  gint64 started;      /* g_get_monotonic_time() */
  RtView *view;
  gulong moved;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtPresenter, rt_presenter, G_TYPE_OBJECT)

static void
tell (RtPresenter *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static gboolean
is_open (RtPresenter *self, const RtPrediction *prediction)
{
  return rt_tutor_get_answer (self->tutor, prediction) == RT_TUTOR_UNANSWERED;
}

/** rt_presenter_get_page: Returns: (nullable): the page that is shown */
const RtLessonPage *
rt_presenter_get_page (RtPresenter *self)
{
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);
  guint page = rt_narrative_get_page (self->narrative);

  return lesson != NULL && page < lesson->pages->len ? lesson->pages->pdata[page] : NULL;
}

/**
 * rt_presenter_get_question:
 *
 * Returns: (nullable): the first question of the page that is open, or the last one that was
 *   revealed
 */
const RtPrediction *
rt_presenter_get_question (RtPresenter *self)
{
  const RtLessonPage *page = rt_presenter_get_page (self);
  const RtPrediction *last = NULL;

  for (guint i = 0; page != NULL && i < page->blocks->len; i++)
    {
      const RtBlock *block = page->blocks->pdata[i];

      if (block->kind != RT_BLOCK_PREDICT)
        continue;
      last = block->prediction;
      if (is_open (self, last))
        return last;
    }
  return last;
}

/** rt_presenter_is_revealed: Returns: whether what is right may be shown of the question */
gboolean
rt_presenter_is_revealed (RtPresenter *self)
{
  const RtPrediction *question = rt_presenter_get_question (self);

  return question != NULL && !is_open (self, question);
}

/** rt_presenter_get_tally: Returns: (nullable) (transfer none): of the question */
RtTally *
rt_presenter_get_tally (RtPresenter *self)
{
  const RtPrediction *question = rt_presenter_get_question (self);
  RtTally *tally = question != NULL ? g_hash_table_lookup (self->tallies, question) : NULL;

  if (question != NULL && tally == NULL)
    {
      tally = rt_tally_new (question->options->len);
      g_hash_table_insert (self->tallies, (gpointer)question, tally);
    }
  return tally;
}

RtTutor *
rt_presenter_get_tutor (RtPresenter *self)
{
  return self->tutor;
}

/** rt_presenter_get_started: Returns: when the lesson began, as g_get_monotonic_time() has it */
gint64
rt_presenter_get_started (RtPresenter *self)
{
  return self->started;
}

/* The row of the moment is the one that lies in the light. */
static void
select_current (RtPresenter *self)
{
  const RtTimelineModel *model;
  RtTime now;

  if (self->view == NULL)
    return;
  model = rt_view_get_model (self->view);
  now = rt_view_get_now (self->view);
  for (guint i = model->messages->len; now != RT_TIME_UNKNOWN && i > 0; i--)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (model, i - 1);

      if (message->sent_first <= now)
        {
          rt_view_select (self->view, message->exchange, message->request, RT_SPAN_NONE);
          break;
        }
    }
  tell (self);
}

static void
follow_view (RtPresenter *self)
{
  RtView *view = rt_stage_get_view (self->stage);

  if (view == self->view)
    return;
  g_clear_signal_handler (&self->moved, self->view);
  g_set_object (&self->view, view);
  if (view != NULL)
    self->moved = g_signal_connect_swapped (view, "moved", G_CALLBACK (select_current), self);
}

static void
changed_cb (RtPresenter *self)
{
  follow_view (self);
  tell (self);
}

static void
loaded_cb (RtPresenter *self)
{
  g_hash_table_remove_all (self->tallies);
  self->started = g_get_monotonic_time ();
  changed_cb (self);
}

static gboolean
is_playing (RtPresenter *self)
{
  return rt_transport_get_playing (rt_stage_get_transport (self->stage));
}

/* What the class thinks is the answer that is given: so its misconception is answered. */
static void
reveal (RtPresenter *self, const RtPrediction *question)
{
  guint leading = rt_tally_get_leading (rt_presenter_get_tally (self));

  while (rt_tally_enter (rt_presenter_get_tally (self)))
    leading = rt_tally_get_leading (rt_presenter_get_tally (self));
  rt_tutor_answer (self->tutor, question, leading != 0 ? leading : RT_TUTOR_SKIPPED);
}

/** rt_presenter_forward: reveals the question; shows all of what plays; or turns the page */
void
rt_presenter_forward (RtPresenter *self)
{
  const RtPrediction *question = rt_presenter_get_question (self);

  if (question != NULL && is_open (self, question))
    reveal (self, question);
  else if (is_playing (self))
    {
      rt_transport_set_playing (rt_stage_get_transport (self->stage), FALSE);
      gtk_widget_activate_action (GTK_WIDGET (rt_stage_get_transport (self->stage)),
                                  "transport.last", NULL);
    }
  else
    gtk_widget_activate_action (GTK_WIDGET (self->narrative), "narrative.next", NULL);
  changed_cb (self);
}

/* The question of the page that was revealed last. */
static const RtPrediction *
last_revealed (RtPresenter *self)
{
  const RtLessonPage *page = rt_presenter_get_page (self);

  for (guint i = page != NULL ? page->blocks->len : 0; i > 0; i--)
    {
      const RtBlock *block = page->blocks->pdata[i - 1];

      if (block->kind == RT_BLOCK_PREDICT && !is_open (self, block->prediction))
        return block->prediction;
    }
  return NULL;
}

/** rt_presenter_back: hides what was revealed last on this page; or turns back */
void
rt_presenter_back (RtPresenter *self)
{
  const RtPrediction *revealed = last_revealed (self);

  rt_transport_set_playing (rt_stage_get_transport (self->stage), FALSE);
  if (revealed != NULL)
    {
      rt_tutor_take_back (self->tutor, revealed);
      rt_narrative_set_page (self->narrative, rt_narrative_get_page (self->narrative));
    }
  else
    gtk_widget_activate_action (GTK_WIDGET (self->narrative), "narrative.previous", NULL);
  changed_cb (self);
}

/** rt_presenter_reset: for the next class: the lesson from its beginning, no votes, time anew */
void
rt_presenter_reset (RtPresenter *self)
{
  rt_transport_set_playing (rt_stage_get_transport (self->stage), FALSE);
  rt_tutor_forget (self->tutor);
  loaded_cb (self);
}

/* The keys of votes: they count while the question is open. */
static gboolean
vote_key (RtPresenter *self, guint key)
{
  RtTally *tally = rt_presenter_get_tally (self);
  guint32 digit = gdk_keyval_to_unicode (key);

  if (tally == NULL || rt_presenter_is_revealed (self))
    return FALSE;
  if (digit >= '0' && digit <= '9')
    return rt_tally_type (tally, digit - '0');
  if (key == GDK_KEY_Return || key == GDK_KEY_KP_Enter)
    return rt_tally_enter (tally);
  return key == GDK_KEY_BackSpace && rt_tally_take_back (tally);
}

/**
 * rt_presenter_key:
 * @key: as GDK has it
 *
 * Returns: whether it was one of the presenter's
 */
gboolean
rt_presenter_key (RtPresenter *self, guint key)
{
  switch (key)
    {
    case GDK_KEY_Page_Down:
      rt_presenter_forward (self);
      return TRUE;
    case GDK_KEY_Page_Up:
      rt_presenter_back (self);
      return TRUE;
    case GDK_KEY_F8:
      rt_presenter_reset (self);
      return TRUE;
    default:
      if (!vote_key (self, key))
        return FALSE;
      tell (self);
      return TRUE;
    }
}

/** rt_presenter_dup_next: Returns: (transfer full): what the next step forward does */
char *
rt_presenter_dup_next (RtPresenter *self)
{
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);
  const RtPrediction *question = rt_presenter_get_question (self);
  guint next = rt_narrative_get_page (self->narrative) + 1;

  if (lesson == NULL)
    return g_strdup ("");
  if (question != NULL && is_open (self, question))
    return g_strdup (_ ("Reveal the answer and play"));
  if (is_playing (self))
    return g_strdup (_ ("Show all of it"));
  if (next < lesson->pages->len)
    return g_strdup_printf (_ ("Next page: %s"),
                            ((const RtLessonPage *)lesson->pages->pdata[next])->title);
  return g_strdup (_ ("The end of the lesson"));
}

static void
rt_presenter_dispose (GObject *object)
{
  RtPresenter *self = RT_PRESENTER (object);

  g_clear_signal_handler (&self->moved, self->view);
  g_clear_object (&self->view);
  g_clear_object (&self->tutor);
  g_clear_object (&self->narrative);
  g_clear_object (&self->stage);
  g_clear_pointer (&self->tallies, g_hash_table_unref);
  G_OBJECT_CLASS (rt_presenter_parent_class)->dispose (object);
}

static void
rt_presenter_class_init (RtPresenterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = rt_presenter_dispose;
  signals[CHANGED] = g_signal_new ("changed", RT_TYPE_PRESENTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
rt_presenter_init (RtPresenter *self)
{
  self->tallies = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_tally_free);
  self->started = g_get_monotonic_time ();
}

/** rt_presenter_new: Returns: (transfer full) */
RtPresenter *
rt_presenter_new (RtTutor *tutor, RtNarrative *narrative, RtStage *stage)
{
  RtPresenter *self = g_object_new (RT_TYPE_PRESENTER, NULL);

  self->tutor = g_object_ref (tutor);
  self->narrative = g_object_ref (narrative);
  self->stage = g_object_ref (stage);
  g_signal_connect_object (tutor, "loaded", G_CALLBACK (loaded_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (tutor, "answered", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (narrative, "show-run", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  follow_view (self);
  return self;
}
