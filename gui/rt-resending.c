/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The requests were made on the main thread, because they are read from its analysis; the thread
 * that sends them has nothing else of the window. What it leaves behind is a session in the
 * library, which is read again, and of each request the number of its exchange in there. */
#include "rt-resending.h"

#include "rt-recorder.h"
#include "rt-resender.h"
#include "rt-session-library.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

/* Of one request. */
typedef struct
{
  gboolean sent;
  guint exchange; /* 0: none */
  char *failure;  /* (nullable) */
} Sent;

struct _RtResending
{
  GObject parent_instance;

  RtView *recorded, *view;
  GPtrArray *resends;
  RtHostPort to;
  RtResendConsent consent;
  GMutex lock;
  RtResender *resender; /* while it runs; guarded by @lock, as is @stopped */
  gboolean stopped;
  gint n_sent;
  guint teller;
  GArray *sent; /* Sent: once it has ended */
  char *path;
};

enum
{
  PROGRESS,
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* How often the window is told. */
#define TELL_MSEC 100

G_DEFINE_FINAL_TYPE (RtResending, rt_resending, G_TYPE_OBJECT)

/* On the thread that sends */

static void
done (guint i, gpointer data)
{
  g_atomic_int_inc (&((RtResending *)data)->n_sent);
}

static void
set_resender (RtResending *self, RtResender *resender)
{
  g_mutex_lock (&self->lock);
  self->resender = resender;
  if (resender != NULL && self->stopped)
    rt_resender_stop (resender);
  g_mutex_unlock (&self->lock);
}

static void
take_results (RtResending *self, RtResender *resender)
{
  for (guint i = 0; i < self->resends->len; i++)
    {
      const RtExchange *exchange = rt_resender_get_exchange (resender, i);
      Sent sent = { .sent = rt_resender_was_sent (resender, i),
                    .exchange = exchange != NULL ? exchange->id : 0,
                    .failure = g_strdup (rt_resender_get_failure (resender, i)) };

      g_array_append_val (self->sent, sent);
    }
}

static gboolean
send_all (RtResending *self, RtRecorder *recorder, GError **error)
{
  const RtTls tls = { .public = TRUE };
  const RtResenderOptions how
      = { .to
          = { .host = self->to.host, .port = self->to.port, .tls = self->to.secure ? &tls : NULL },
          .consent = self->consent,
          .from_lesson = !rt_view_get_is_private (self->recorded),
          .done = done,
          .data = self };
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, rt_recorder_add_page, recorder);
  g_autoptr (RtResender) resender = rt_resender_new (log, self->resends, &how, error);
  gboolean ok;

  if (resender == NULL)
    return FALSE;
  set_resender (self, resender);
  ok = rt_resender_run (resender, error);
  set_resender (self, NULL);
  rt_log_flush (log);
  take_results (self, resender);
  return ok;
}

/* What was recorded, read again. */
static RtView *
open_view (RtResending *self, GError **error)
{
  g_autoptr (RtSession) session = rt_session_open (self->path, error);
  g_autoptr (GPtrArray) runs = session != NULL ? rt_session_list_runs (session, error) : NULL;
  const RtRunInfo *run = runs != NULL && runs->len > 0 ? runs->pdata[0] : NULL;
  g_autoptr (RtReader) reader = run != NULL ? rt_session_open_run (session, run->id, error) : NULL;
  g_autoptr (RtView) view = reader != NULL ? rt_view_new (reader, _ ("sent again")) : NULL;

  if (view == NULL)
    return NULL;
  rt_view_set_file (view, self->path, RT_SOURCE_CAPTURE);
  rt_view_set_observed (view, TRUE);
  return rt_view_set_cut (view, G_MAXUINT64, error) ? g_steal_pointer (&view) : NULL;
}

static RtRecorder *
begin_recording (RtResending *self, GError **error)
{
  g_autofree char *title = g_strdup_printf (_ ("Sent again to %s"), self->to.host);
  RtRunInfo about = {
    .name = "replay", .title = title, .source = RT_SOURCE_CAPTURE, .started = g_get_real_time ()
  };
  g_autoptr (RtSessionLibrary) library = rt_session_library_new (NULL, error);
  g_autoptr (RtSession) session
      = library != NULL
            ? rt_session_library_create (library, NULL, title, g_get_real_time (), error)
            : NULL;

  if (session == NULL)
    return NULL;
  self->path = g_strdup (rt_session_get_path (session));
  return rt_session_begin_run (session, &about, NULL, NULL, error);
}

static void
work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  RtResending *self = source;
  GError *error = NULL;
  RtRecorder *recorder = begin_recording (self, &error);

  if (recorder != NULL)
    {
      send_all (self, recorder, &error);
      rt_recorder_finish (recorder, error == NULL ? &error : NULL);
    }
  if (self->sent->len > 0 && error == NULL)
    self->view = open_view (self, &error);
  else if (self->path != NULL && g_atomic_int_get (&self->n_sent) == 0)
    g_unlink (self->path); /* nothing was sent, and there is nothing to look at */
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* On the main thread */

static void
sent_clear (gpointer data)
{
  g_free (((Sent *)data)->failure);
}

static gboolean
tell_cb (gpointer data)
{
  RtResending *self = data;

  g_signal_emit (self, signals[PROGRESS], 0, (guint)g_atomic_int_get (&self->n_sent));
  return G_SOURCE_CONTINUE;
}

static void
ended_cb (GObject *object, GAsyncResult *result, gpointer data)
{
  RtResending *self = RT_RESENDING (object);
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->teller, g_source_remove);
  g_task_propagate_boolean (G_TASK (result), &error);
  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
rt_resending_finalize (GObject *object)
{
  RtResending *self = RT_RESENDING (object);

  g_clear_handle_id (&self->teller, g_source_remove);
  g_clear_object (&self->recorded);
  g_clear_object (&self->view);
  g_ptr_array_unref (self->resends);
  rt_host_port_clear (&self->to);
  g_array_unref (self->sent);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  G_OBJECT_CLASS (rt_resending_parent_class)->finalize (object);
}

static void
rt_resending_class_init (RtResendingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_resending_finalize;
  signals[PROGRESS] = g_signal_new ("progress", RT_TYPE_RESENDING, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[ENDED] = g_signal_new ("ended", RT_TYPE_RESENDING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
rt_resending_init (RtResending *self)
{
  g_mutex_init (&self->lock);
  self->sent = g_array_new (FALSE, FALSE, sizeof (Sent));
  g_array_set_clear_func (self->sent, sent_clear);
}

/**
 * rt_resending_new:
 * @recorded: the view that the requests are of
 * @resends: (element-type RtResend): they
 * @to: where they go
 * @consent: what a person has agreed to
 *
 * Returns: (transfer full): what sends them, once it is run
 */
RtResending *
rt_resending_new (RtView *recorded,
                  GPtrArray *resends,
                  const RtHostPort *to,
                  RtResendConsent consent)
{
  RtResending *self = g_object_new (RT_TYPE_RESENDING, NULL);

  self->recorded = g_object_ref (recorded);
  self->resends = g_ptr_array_ref (resends);
  self->to = *to;
  self->to.host = g_strdup (to->host);
  self->consent = consent;
  return self;
}

/** rt_resending_run: sends them; `ended` comes in any case */
void
rt_resending_run (RtResending *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, ended_cb, NULL);

  self->teller = g_timeout_add (TELL_MSEC, tell_cb, self);
  g_task_run_in_thread (task, work);
}

/** rt_resending_stop: what was not sent by now stays unsent */
void
rt_resending_stop (RtResending *self)
{
  g_mutex_lock (&self->lock);
  self->stopped = TRUE;
  if (self->resender != NULL)
    rt_resender_stop (self->resender);
  g_mutex_unlock (&self->lock);
}

/** rt_resending_get_resends: Returns: (transfer none) (element-type RtResend) */
GPtrArray *
rt_resending_get_resends (RtResending *self)
{
  return self->resends;
}

/** rt_resending_get_view: Returns: (transfer none) (nullable): of what happened */
RtView *
rt_resending_get_view (RtResending *self)
{
  return self->view;
}

/** rt_resending_get_path: Returns: (nullable): of the session that has it */
const char *
rt_resending_get_path (RtResending *self)
{
  return self->path;
}

/**
 * rt_resending_look_at:
 * @i: of a request, once it has ended
 *
 * Returns: what became of it; cleared by the caller
 */
RtResent
rt_resending_look_at (RtResending *self, guint i)
{
  static const char *const usual[] = { "Date", NULL };
  const RtResend *resend = self->resends->pdata[i];
  RtAnalysis *recorded = rt_view_get_analysis (self->recorded);
  RtAnalysis *resending = self->view != NULL ? rt_view_get_analysis (self->view) : NULL;
  const Sent *sent = i < self->sent->len ? &g_array_index (self->sent, Sent, i) : NULL;
  RtResent resent = { .before = rt_analysis_get_exchange (recorded, resend->exchange) };

  if (sent == NULL || !sent->sent || resending == NULL || resent.before == NULL)
    return resent;
  resent.now = sent->exchange != 0 ? rt_analysis_get_exchange (resending, sent->exchange) : NULL;
  resent.failure = sent->failure;
  rt_resent_compare (&resent, recorded, resending, usual);
  return resent;
}
