/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One part is read at a time. What is asked for meanwhile waits, and the latest counts. The map of
 * the run is made by the first that needs it. */
#include "rt-session-parts.h"

#include "rt-error.h"

#define PARTS "rt-session-parts"

struct _RtSessionParts
{
  GObject parent_instance;

  RtView *view; /* owns this */
  RtSession *session;
  gint64 run;
  RtRunMap *map;        /* NULL: not made yet */
  GCancellable *cancel; /* of what is read; NULL: nothing is */
  GCancellable *gone;   /* cancelled when the view goes */
  gboolean counting;
  gboolean again; /* something else was asked for meanwhile */
};

G_DEFINE_FINAL_TYPE (RtSessionParts, rt_session_parts, G_TYPE_OBJECT)

typedef struct
{
  RtSession *session;
  gint64 run;
  RtViewWanted wanted;
  guint number; /* of the exchange that is to be selected; 0: as it was */
  gboolean observed;
  RtRunMap *map; /* NULL: to be made */
  RtExcerpt *excerpt;
  RtAnalysis *analysis;
  guint hidden_layers;
  RtTimelineModel *model;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  rt_session_unref (reading->session);
  g_clear_pointer (&reading->map, rt_run_map_unref);
  g_clear_pointer (&reading->excerpt, rt_excerpt_unref);
  g_clear_pointer (&reading->analysis, rt_analysis_free);
  g_clear_pointer (&reading->model, rt_timeline_model_unref);
  g_free (reading);
}

/* The event that is to be in the middle. */
static gboolean
find_event (Reading *reading, guint64 *ret_event, GError **error)
{
  if (reading->wanted.kind == RT_VIEW_WANTS_EVENT)
    {
      *ret_event = reading->wanted.event;
      return TRUE;
    }
  reading->number = reading->wanted.exchange;
  if (reading->wanted.kind == RT_VIEW_WANTS_TIME
      && !rt_run_map_find_time (reading->map, reading->wanted.time, &reading->number, error))
    return FALSE;
  return rt_run_map_find (reading->map, reading->number, ret_event, error);
}

static void
reading_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  Reading *reading = data;
  GError *error = NULL;
  guint64 event;

  if (reading->map == NULL)
    reading->map = rt_run_map_new (reading->session, reading->run, cancellable, &error);
  if (reading->map != NULL && find_event (reading, &event, &error))
    reading->excerpt = rt_excerpt_new (reading->map, event, RT_SESSION_PART, &error);
  if (reading->excerpt != NULL)
    reading->analysis = rt_excerpt_analyse (reading->excerpt, reading->observed, &error);
  if (reading->analysis == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  reading->model = rt_timeline_model_new_with_extras (
      reading->analysis,
      &(RtTimelineExtras){
          .hidden_layers = reading->hidden_layers, .part = TRUE, .from = reading->excerpt->from },
      FALSE);
  g_task_return_boolean (task, TRUE);
}

static void
free_work (GTask *task, gpointer object, gpointer analysis, GCancellable *cancellable)
{
  rt_analysis_free (analysis);
}

/* Not on the main thread: it is made of very many pieces. */
static void
free_analysis (RtSessionParts *self, RtAnalysis *analysis)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_task_data (task, analysis, NULL);
  g_task_run_in_thread (task, free_work);
}

/* The overview */

static void
overview_work (GTask *task, gpointer object, gpointer data, GCancellable *cancellable)
{
  RtSessionParts *self = object;
  GError *error = NULL;
  RtRunOverview *overview = rt_run_overview_new (self->session, self->run, cancellable, &error);

  if (overview != NULL)
    g_task_return_pointer (task, overview, (GDestroyNotify)rt_run_overview_free);
  else
    g_task_return_error (task, error);
}

static void
overview_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtSessionParts *self = RT_SESSION_PARTS (object);
  RtRunOverview *overview = g_task_propagate_pointer (G_TASK (result), NULL);

  self->counting = FALSE;
  if (self->view != NULL)
    rt_view_take_overview (self->view, overview);
  else
    g_clear_pointer (&overview, rt_run_overview_free);
}

static void
count_run (RtSessionParts *self)
{
  g_autoptr (GTask) task = g_task_new (self, self->gone, overview_cb, NULL);

  self->counting = TRUE;
  g_task_run_in_thread (task, overview_work);
}

/* Parts */

static void read_wanted (RtSessionParts *self);

static void
read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RtSessionParts *self = RT_SESSION_PARTS (object);
  Reading *reading = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean read = g_task_propagate_boolean (G_TASK (result), &error);

  g_clear_object (&self->cancel);
  if (self->map == NULL && reading->map != NULL)
    self->map = rt_run_map_ref (reading->map);
  if (self->view == NULL)
    return;
  if (self->again)
    read_wanted (self);
  else if (rt_view_get_wanted (self->view)->kind == RT_VIEW_WANTS_NOTHING)
    return;
  else if (read)
    free_analysis (self, rt_view_take_part (self->view, reading->excerpt,
                                            g_steal_pointer (&reading->analysis),
                                            g_steal_pointer (&reading->model), reading->number));
  else
    rt_view_give_up (self->view, error->message);
}

static void
read_wanted (RtSessionParts *self)
{
  g_autoptr (GTask) task = NULL;
  Reading *reading;

  self->again = self->cancel != NULL;
  if (self->again || rt_view_get_wanted (self->view)->kind == RT_VIEW_WANTS_NOTHING)
    return;
  self->cancel = g_cancellable_new ();
  reading = g_new0 (Reading, 1);
  reading->session = rt_session_ref (self->session);
  reading->run = self->run;
  reading->wanted = *rt_view_get_wanted (self->view);
  reading->observed = rt_view_get_observed (self->view);
  reading->hidden_layers = rt_view_get_hidden_layers (self->view);
  reading->map = self->map != NULL ? rt_run_map_ref (self->map) : NULL;
  task = g_task_new (self, self->cancel, read_cb, NULL);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, reading_work);
}

static void
wanted_cb (RtSessionParts *self)
{
  if (rt_view_get_wanted (self->view)->kind != RT_VIEW_WANTS_NOTHING)
    read_wanted (self);
  if (rt_view_get_wants_overview (self->view) && !self->counting)
    count_run (self);
}

/* The view is gone. */
static void
forget (gpointer data, GObject *view)
{
  RtSessionParts *self = data;

  self->view = NULL;
  g_cancellable_cancel (self->gone);
  if (self->cancel != NULL)
    g_cancellable_cancel (self->cancel);
}

static void
rt_session_parts_finalize (GObject *object)
{
  RtSessionParts *self = RT_SESSION_PARTS (object);

  g_clear_pointer (&self->map, rt_run_map_unref);
  rt_session_unref (self->session);
  g_clear_object (&self->cancel);
  g_object_unref (self->gone);
  G_OBJECT_CLASS (rt_session_parts_parent_class)->finalize (object);
}

static void
rt_session_parts_class_init (RtSessionPartsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_session_parts_finalize;
}

static void
rt_session_parts_init (RtSessionParts *self)
{
  self->gone = g_cancellable_new ();
}

/**
 * rt_session_parts_attach:
 * @view: of a part of @run; from now on it shows whatever it wants of it
 */
void
rt_session_parts_attach (RtView *view, RtSession *session, gint64 run)
{
  RtSessionParts *self = g_object_new (RT_TYPE_SESSION_PARTS, NULL);

  self->view = view;
  self->session = rt_session_ref (session);
  self->run = run;
  g_object_weak_ref (G_OBJECT (view), forget, self);
  g_object_set_data_full (G_OBJECT (view), PARTS, self, g_object_unref);
  g_signal_connect_object (view, "wanted", G_CALLBACK (wanted_cb), self, G_CONNECT_SWAPPED);
}
