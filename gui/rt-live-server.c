/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The engine's thread has a struct of its own (Serving), which outlives the object if need be: who
 * lets the object go does not wait for the thread. Pages and news go into a queue; the main thread
 * empties it some times a second, however fast they come. */
#include "rt-live-server.h"

#include "rt-recorder.h"
#include "rt-session-library.h"
#include "rt-tls-authority.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/** LOOK_MSEC: between two looks of the main thread at what came. */
#define LOOK_MSEC 50
/** MAX_EVENTS: that timeline and list show of what came; the recording has all. */
#define MAX_EVENTS 80000

/* @lock: for all between it and @thread; the rest is the engine's. @commands, @ports and @authority
 * are not changed any more once @is_ready. */
typedef struct
{
  gint ref_count;
  RtLesson *lesson;
  char *answer;
  guint16 port;
  GApplication *application; /* held until all is written, or NULL */

  GMutex lock;
  GQueue pages, news; /* RtPage, Said */
  RtLiveLesson *live; /* while it serves */
  gboolean is_ready, is_stopped, has_ended;
  GError *error;
  GPtrArray *ports, *commands;
  char *authority, *session;
} Serving;

typedef struct
{
  RtLiveNews news;
  char *text;
} Said;

struct _RtLiveServer
{
  GObject parent_instance;

  Serving *serving;
  RtPages *pages;
  RtView *view;
  gboolean told_ready;
  guint look;
};

enum
{
  READY,
  NEWS,
  ARRIVED,
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtLiveServer, rt_live_server, G_TYPE_OBJECT)

static void
said_free (gpointer data)
{
  Said *said = data;

  g_free (said->text);
  g_free (said);
}

static void
port_free (gpointer data)
{
  RtLivePort *port = data;

  g_free ((char *)port->host);
  g_free (port);
}

static void
serving_unref (Serving *serving)
{
  if (!g_atomic_int_dec_and_test (&serving->ref_count))
    return;
  rt_lesson_unref (serving->lesson);
  g_free (serving->answer);
  g_mutex_clear (&serving->lock);
  g_queue_clear_full (&serving->pages, (GDestroyNotify)rt_page_unref);
  g_queue_clear_full (&serving->news, said_free);
  g_clear_error (&serving->error);
  g_ptr_array_unref (serving->ports);
  g_clear_pointer (&serving->commands, g_ptr_array_unref);
  g_free (serving->authority);
  g_free (serving->session);
  g_free (serving);
}

/* On the engine's thread */

/* What the engine's thread needs beyond what is shared. */
typedef struct
{
  Serving *shared;
  RtRecorder *recorder; /* NULL: it could not be recorded */
} Engine;

static void
take_page (RtPage *page, gpointer data)
{
  Engine *engine = data;

  if (engine->recorder != NULL)
    rt_recorder_add_page (page, engine->recorder);
  g_mutex_lock (&engine->shared->lock);
  g_queue_push_tail (&engine->shared->pages, rt_page_ref (page));
  g_mutex_unlock (&engine->shared->lock);
}

static void
take_news (gpointer data, const RtLiveNews *news)
{
  Engine *engine = data;
  Said *said = g_new0 (Said, 1);

  said->text = g_strdup (news->text);
  said->news = (RtLiveNews){
    .kind = news->kind, .holds = news->holds, .exchange = news->exchange, .text = said->text
  };
  g_mutex_lock (&engine->shared->lock);
  g_queue_push_tail (&engine->shared->news, said);
  g_mutex_unlock (&engine->shared->lock);
}

/* It is served even where it cannot be recorded. */
static RtRecorder *
begin_recording (Serving *shared, RtSessionLibrary *library)
{
  const RtLesson *lesson = shared->lesson;
  g_autofree char *name = g_strdup_printf ("%s (live)", lesson->title);
  g_autofree char *id = g_strdup_printf ("%02u-%s", lesson->number, lesson->name);
  RtRunInfo about = { .name = "live",
                      .title = name,
                      .source = RT_SOURCE_CAPTURE,
                      .started = g_get_real_time (),
                      .lesson_path = lesson->file,
                      .lesson_text = lesson->text };
  g_autoptr (RtSession) session
      = library != NULL ? rt_session_library_create (library, id, name, g_get_real_time (), NULL)
                        : NULL;

  if (session == NULL)
    return NULL;
  g_mutex_lock (&shared->lock);
  shared->session = g_strdup (rt_session_get_path (session));
  g_mutex_unlock (&shared->lock);
  return rt_session_begin_run (session, &about, NULL, NULL, NULL);
}

/* What was never served leaves nothing behind. */
static void
finish_recording (Engine *engine, RtSessionLibrary *library, gboolean served, GError **error)
{
  if (engine->recorder != NULL)
    rt_recorder_finish (engine->recorder, served && *error == NULL ? error : NULL);
  if (!served && engine->shared->session != NULL)
    rt_session_library_delete (library, engine->shared->session, NULL);
}

static void
copy_ports (Serving *shared, RtLiveLesson *live)
{
  GPtrArray *ports = rt_live_lesson_get_ports (live);

  for (guint i = 0; i < ports->len; i++)
    {
      RtLivePort *port = g_memdup2 (ports->pdata[i], sizeof (RtLivePort));

      port->host = g_strdup (port->host);
      g_ptr_array_add (shared->ports, port);
    }
}

/* Serves until it is stopped. */
static void
serve (Serving *shared, RtLiveLesson *live, GError **error)
{
  const char *pem = rt_live_lesson_get_authority (live);
  g_autofree char *authority = pem != NULL ? rt_tls_authority_write_pem (pem, error) : NULL;
  g_autoptr (GPtrArray) commands = NULL;
  gboolean stopped;

  if (pem != NULL && authority == NULL)
    return;
  commands = rt_live_lesson_dup_commands (live, authority);
  g_mutex_lock (&shared->lock);
  copy_ports (shared, live);
  shared->commands = g_steal_pointer (&commands);
  shared->authority = g_strdup (authority);
  shared->live = live;
  shared->is_ready = TRUE;
  stopped = shared->is_stopped;
  g_mutex_unlock (&shared->lock);
  if (!stopped)
    rt_live_lesson_run (live, error);
  g_mutex_lock (&shared->lock);
  shared->live = NULL;
  g_mutex_unlock (&shared->lock);
  if (authority != NULL)
    g_unlink (authority);
}

static void
serve_answer (Serving *shared, GPtrArray *answer, GError **error)
{
  Engine engine = { .shared = shared };
  const RtLiveLessonOptions options = { .answer = answer,
                                        .port = shared->port,
                                        .sink = take_page,
                                        .sink_data = &engine,
                                        .news = take_news,
                                        .news_data = &engine };
  g_autoptr (RtSessionLibrary) library = rt_session_library_new (NULL, NULL);
  RtLiveLesson *live;

  engine.recorder = begin_recording (shared, library);
  live = rt_live_lesson_new (shared->lesson, &options, error);
  if (live != NULL)
    serve (shared, live, error);
  finish_recording (&engine, library, live != NULL, error);
  g_clear_pointer (&live, rt_live_lesson_free);
}

static gboolean
release_cb (gpointer application)
{
  g_application_release (application);
  return G_SOURCE_REMOVE;
}

static gpointer
run_engine (gpointer data)
{
  Serving *shared = data;
  g_autoptr (GPtrArray) answer = NULL;
  GError *error = NULL;

  if (shared->answer != NULL)
    answer = rt_lesson_read_answer (shared->lesson, "settings", shared->answer,
                                    strlen (shared->answer), &error);
  if (error == NULL)
    serve_answer (shared, answer, &error);
  g_mutex_lock (&shared->lock);
  shared->error = error;
  shared->has_ended = TRUE;
  g_mutex_unlock (&shared->lock);
  if (shared->application != NULL)
    g_idle_add_full (G_PRIORITY_DEFAULT, release_cb, g_steal_pointer (&shared->application),
                     g_object_unref);
  serving_unref (shared);
  return NULL;
}

/* On the main thread */

/* What came since the last look. */
typedef struct
{
  GQueue pages, news;
  gboolean is_ready, has_ended;
  char *session;
} Haul;

static Haul
haul_in (Serving *shared)
{
  Haul haul;

  g_mutex_lock (&shared->lock);
  haul = (Haul){ shared->pages, shared->news, shared->is_ready, shared->has_ended,
                 g_strdup (shared->session) };
  g_queue_init (&shared->pages);
  g_queue_init (&shared->news);
  g_mutex_unlock (&shared->lock);
  return haul;
}

static void
take_pages (RtLiveServer *self, Haul *haul)
{
  RtPage *page;

  rt_view_set_file (self->view, haul->session, RT_SOURCE_CAPTURE);
  if (g_queue_is_empty (&haul->pages))
    return;
  while ((page = g_queue_pop_head (&haul->pages)) != NULL)
    {
      rt_pages_add (self->pages, page);
      rt_page_unref (page);
    }
  rt_view_follow (self->view, NULL);
  g_signal_emit (self, signals[ARRIVED], 0);
}

static gboolean
look_cb (gpointer data)
{
  g_autoptr (RtLiveServer) self = g_object_ref (data);
  Haul haul = haul_in (self->serving);
  Said *said;

  if (haul.is_ready && !self->told_ready)
    {
      self->told_ready = TRUE;
      g_signal_emit (self, signals[READY], 0);
    }
  take_pages (self, &haul);
  while ((said = g_queue_pop_head (&haul.news)) != NULL)
    {
      g_signal_emit (self, signals[NEWS], 0, &said->news);
      said_free (said);
    }
  g_free (haul.session);
  if (!haul.has_ended)
    return G_SOURCE_CONTINUE;
  self->look = 0;
  g_signal_emit (self, signals[ENDED], 0, self->serving->error);
  return G_SOURCE_REMOVE;
}

static void
rt_live_server_dispose (GObject *object)
{
  RtLiveServer *self = RT_LIVE_SERVER (object);

  if (self->serving != NULL)
    rt_live_server_stop (self);
  g_clear_handle_id (&self->look, g_source_remove);
  g_clear_pointer (&self->serving, serving_unref);
  g_clear_pointer (&self->pages, rt_pages_unref);
  g_clear_object (&self->view);
  G_OBJECT_CLASS (rt_live_server_parent_class)->dispose (object);
}

static void
rt_live_server_class_init (RtLiveServerClass *klass)
{
  static const struct
  {
    const char *name;
    guint n_parameters;
  } kinds[N_SIGNALS] = { { "ready", 0 }, { "news", 1 }, { "arrived", 0 }, { "ended", 1 } };

  G_OBJECT_CLASS (klass)->dispose = rt_live_server_dispose;
  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (kinds[i].name, RT_TYPE_LIVE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, kinds[i].n_parameters, G_TYPE_POINTER);
}

static void
rt_live_server_init (RtLiveServer *self)
{
  g_autoptr (RtReader) reader = NULL;

  self->pages = rt_pages_new ();
  reader = rt_pages_dup_reader (self->pages);
  self->view = rt_view_new (reader, "live");
  rt_view_set_cut (self->view, MAX_EVENTS, NULL);
}

/**
 * rt_live_server_new:
 * @answer: (nullable): a learner's settings, as YAML: then the probes of the challenge count
 * @port: of the first server; 0: whatever is free
 *
 * Returns: (transfer full): it begins to serve
 */
RtLiveServer *
rt_live_server_new (const RtLesson *lesson, const char *answer, guint16 port)
{
  RtLiveServer *self = g_object_new (RT_TYPE_LIVE_SERVER, NULL);
  Serving *serving = g_new0 (Serving, 1);
  GApplication *application = g_application_get_default ();

  serving->ref_count = 2; /* of the object and of the thread */
  serving->lesson = rt_lesson_ref ((RtLesson *)lesson);
  serving->answer = g_strdup (answer);
  serving->port = port;
  serving->ports = g_ptr_array_new_with_free_func (port_free);
  g_mutex_init (&serving->lock);
  g_queue_init (&serving->pages);
  g_queue_init (&serving->news);
  if (application != NULL)
    {
      serving->application = g_object_ref (application);
      g_application_hold (serving->application);
    }
  self->serving = serving;
  self->look = g_timeout_add (LOOK_MSEC, look_cb, self);
  g_thread_unref (g_thread_new ("live lesson", run_engine, serving));
  return self;
}

/** rt_live_server_stop: `ended` says when it is done */
void
rt_live_server_stop (RtLiveServer *self)
{
  Serving *serving = self->serving;

  g_mutex_lock (&serving->lock);
  serving->is_stopped = TRUE;
  if (serving->live != NULL)
    rt_live_lesson_stop (serving->live);
  g_mutex_unlock (&serving->lock);
}

/** rt_live_server_get_ports: Returns: (element-type RtLivePort): once it is ready */
GPtrArray *
rt_live_server_get_ports (RtLiveServer *self)
{
  return self->serving->ports;
}

/** rt_live_server_get_commands: Returns: (element-type utf8): once it is ready: lines for a shell
 */
GPtrArray *
rt_live_server_get_commands (RtLiveServer *self)
{
  return self->serving->commands;
}

/** rt_live_server_get_authority: Returns: (nullable): once it is ready: file with the authority */
const char *
rt_live_server_get_authority (RtLiveServer *self)
{
  return self->serving->authority;
}

/** rt_live_server_get_view: Returns: (transfer none): of what came so far */
RtView *
rt_live_server_get_view (RtLiveServer *self)
{
  return self->view;
}
