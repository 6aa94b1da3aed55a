/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A served lesson.
 *
 * The parties of the lesson that serve are put on the live driver, with time as it is. Who listens
 * is given the next port, so the ports follow each other as the servers do in the front matter.
 * Clients of the lesson are nobody here: programs outside take their places. */
#include "rt-live-lesson-private.h"

#include "rt-cast-kind.h"
#include "rt-cast.h"
#include "rt-error.h"
#include "rt-relay.h"

/* The driver as the cast sees it: listening gets a port of our choosing. */

static RtPartyId
add (gpointer data, const char *name, const RtPartyClass *klass, gpointer self)
{
  return rt_live_driver.add (((RtLiveLesson *)data)->driver, name, klass, self);
}

static void
port_free (gpointer data)
{
  RtLivePort *port = data;

  g_free ((char *)port->host);
  g_free (port);
}

static gboolean
listen_next (gpointer data, RtPartyId party, const RtEndpoint *endpoint, GError **error)
{
  RtLiveLesson *live = data;
  RtLivePort *port;

  if (live->options.port > 0)
    {
      if (live->next_port == 0)
        {
          rt_set_error (error, RT_ERROR_LIMIT, NULL, "a lower port to begin with",
                        "%s:%u gets no port: there is none after 65535", endpoint->host,
                        endpoint->port);
          return FALSE;
        }
      rt_live_map (live->driver, endpoint->host, endpoint->port, "127.0.0.1", live->next_port++);
    }
  if (!rt_live_driver.listen (live->driver, party, endpoint, error))
    return FALSE;
  port = g_new0 (RtLivePort, 1);
  *port = (RtLivePort){ g_strdup (endpoint->host), endpoint->port,
                        rt_live_get_port (live->driver, endpoint->host, endpoint->port),
                        endpoint->tls != NULL };
  g_ptr_array_add (live->ports, port);
  return TRUE;
}

static const RtDriverClass serving_driver = { .add = add, .listen = listen_next };

/* Parties. */

static gboolean
listens_at (RtLiveLesson *live, const char *host, guint16 port)
{
  for (guint i = 0; i < live->ports->len; i++)
    {
      const RtLivePort *other = live->ports->pdata[i];

      if (other->port == port && g_str_equal (other->host, host))
        return TRUE;
    }
  return FALSE;
}

static const RtStandIn *
find_stand_in (const RtPlayground *ground, const char *host)
{
  for (guint i = 0; ground->stand_ins != NULL && i < ground->stand_ins->len; i++)
    {
      const RtStandIn *one = ground->stand_ins->pdata[i];

      if (g_str_equal (one->host, host))
        return one;
    }
  return NULL;
}

/* A program in an origin's place is behind a relay, so that what is said to it can be seen. */
static RtPartyId
add_relay (RtLiveLesson *live, const RtCast *cast, const RtStandIn *program, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s:%u", program->address, program->port);
  RtPartyId id = rt_live_driver.add (live->driver, cast->name, &rt_relay_class,
                                     rt_relay_new (name, program->port));
  RtEndpoint endpoint = { .host = cast->name, .port = RT_CAST_PORT };

  rt_live_map_program (live->driver, rt_live_add_program (live->driver, name, "origin"), name,
                       program->port, program->address, program->port);
  if (program->secure)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "http://…",
                    "%s: a program that is served is reached without TLS", cast->name);
      return 0;
    }
  return listen_next (live, id, &endpoint, error) ? id : 0;
}

static gboolean
add_server (RtLiveLesson *live, const RtCast *cast, GError **error)
{
  RtCastSources sources = { live->lesson, live->play->scenario, live->options.answer, NULL };
  const RtStandIn *program = find_stand_in (&live->ground, cast->name);
  RtPartyId id = program != NULL ? add_relay (live, cast, program, error)
                                 : rt_cast_add (cast, &sources, &serving_driver, live, error);
  RtEndpoint secure = { .host = cast->name, .port = RT_CAST_SECURE_PORT, .tls = &rt_tls_standard };

  return id != 0
         && (!live->options.tls || listens_at (live, cast->name, RT_CAST_SECURE_PORT)
             || listen_next (live, id, &secure, error));
}

static gboolean
add_servers (RtLiveLesson *live, GError **error)
{
  for (guint i = 0; i < live->lesson->cast->len; i++)
    {
      const RtCast *cast = live->lesson->cast->pdata[i];

      if (rt_cast_kind_find (cast->kind)->serves && !add_server (live, cast, error))
        return FALSE;
    }
  if (live->ports->len > 0)
    return TRUE;
  rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, NULL, "%s has no server", live->lesson->file);
  return FALSE;
}

/* Only a gateway and its like need to know it, but then before anybody comes. */
static void
find_authority (RtLiveLesson *live)
{
  for (guint i = 0; i < live->ports->len && live->authority == NULL; i++)
    if (((const RtLivePort *)live->ports->pdata[i])->secure)
      live->authority = rt_live_dup_authority_pem (live->driver);
}

/* The first run that somebody outside can take part in. */
static const RtScenario *
choose_run (const RtLesson *lesson)
{
  for (guint i = 0; i < lesson->runs->len; i++)
    if (((const RtScenario *)lesson->runs->pdata[i])->n_steps > 0)
      return lesson->runs->pdata[i];
  return lesson->runs->pdata[0];
}

static gboolean
open_driver (RtLiveLesson *live, GError **error)
{
  live->driver = rt_live_new (live->play->log, RT_LIVE_CLOCK_REAL, 0, error);
  if (live->driver == NULL)
    return FALSE;
  rt_live_allow_outside (live->driver, live->ground.outside);
  return TRUE;
}

/**
 * rt_live_lesson_new:
 * @lesson: reffed
 * @options: how; what it points to is borrowed for as long as the lesson is served
 *
 * Puts the lesson's servers on ports of this machine. They answer once rt_live_lesson_run() is
 * called.
 *
 * Errors: a port is in use; the lesson has no server, or cannot be set up so.
 *
 * Returns: (nullable) (transfer full): a lesson that is about to be served
 */
RtLiveLesson *
rt_live_lesson_new (const RtLesson *lesson, const RtLiveLessonOptions *options, GError **error)
{
  g_autoptr (RtLiveLesson) live = g_new0 (RtLiveLesson, 1);
  RtPlayOptions how = { .answer = options->answer,
                        .ground = &live->ground,
                        .sink = options->sink,
                        .data = options->sink_data };

  live->lesson = rt_lesson_ref ((RtLesson *)lesson);
  live->options = *options;
  live->next_port = options->port;
  live->timer_fd = -1;
  if (options->ground != NULL)
    live->ground = *options->ground;
  live->ports = g_ptr_array_new_with_free_func (port_free);
  live->play = rt_play_new_served (
      lesson, options->scenario != NULL ? options->scenario : choose_run (lesson), &how, NULL);
  if (!rt_playground_check (&live->ground, lesson, error) || !open_driver (live, error)
      || !add_servers (live, error) || !rt_live_follow_begin (live, error))
    return NULL;
  find_authority (live);
  return g_steal_pointer (&live);
}

/**
 * rt_live_lesson_free:
 * @live: a lesson that is not served any more
 */
void
rt_live_lesson_free (RtLiveLesson *live)
{
  rt_live_follow_clear (live);
  g_clear_pointer (&live->driver, rt_live_free);
  g_clear_pointer (&live->play, rt_play_unref);
  g_ptr_array_unref (live->ports);
  g_free (live->authority);
  rt_lesson_unref (live->lesson);
  g_free (live);
}

/**
 * rt_live_lesson_get_ports:
 * @live: a served lesson
 *
 * Returns: (element-type RtLivePort): where its servers are, in the order of the front matter
 */
GPtrArray *
rt_live_lesson_get_ports (RtLiveLesson *live)
{
  return live->ports;
}

static void
add_commands (GPtrArray *commands, RtPlay *play, GPtrArray *ports, const char *authority)
{
  for (guint i = 0; i < play->scenario->steps->len; i++)
    {
      const RtStep *step = play->scenario->steps->pdata[i];
      g_auto (RtAwaited) awaited = { NULL };
      g_autofree char *command = NULL;

      if (step->number == 0 || !rt_awaited_read (play, step, &awaited, NULL))
        continue;
      command = rt_awaited_dup_curl (&awaited, ports, authority);
      if (!g_ptr_array_find_with_equal_func (commands, command, g_str_equal, NULL))
        g_ptr_array_add (commands, g_steal_pointer (&command));
    }
}

/**
 * rt_live_lesson_dup_commands:
 * @live: a served lesson
 * @authority: (nullable): the file that rt_live_lesson_get_authority() was written to
 *
 * Returns: (transfer full) (element-type utf8): command lines with curl for what the lesson's
 *   clients do, or for what the probes of its challenge do
 */
GPtrArray *
rt_live_lesson_dup_commands (RtLiveLesson *live, const char *authority)
{
  GPtrArray *commands = g_ptr_array_new_with_free_func (g_free);

  if (live->run != NULL)
    add_commands (commands, live->play, live->ports, authority);
  for (guint i = 0; i < live->probes->len; i++)
    {
      RtPlay *play = rt_follower_get_play (((RtLiveProbe *)live->probes->pdata[i])->follower);

      if (play->variation == 0)
        add_commands (commands, play, live->ports, authority);
    }
  return commands;
}

/**
 * rt_live_lesson_get_authority:
 * @live: a served lesson
 *
 * Returns: (nullable): the certificate of the authority that made those of the servers, as PEM;
 *   %NULL: none of them is reached over TLS
 */
const char *
rt_live_lesson_get_authority (RtLiveLesson *live)
{
  return live->authority;
}

/**
 * rt_live_lesson_get_reader:
 * @live: a served lesson
 *
 * Returns: its log, up to the last page that was given to the sink. May be read from any thread
 */
RtReader *
rt_live_lesson_get_reader (RtLiveLesson *live)
{
  return rt_play_get_reader (live->play);
}

/**
 * rt_live_lesson_get_analysis:
 * @live: a served lesson
 *
 * Returns: what the log tells; for the engine's thread alone
 */
RtAnalysis *
rt_live_lesson_get_analysis (RtLiveLesson *live)
{
  return rt_play_get_analysis (live->play);
}

/**
 * rt_live_lesson_get_scenario:
 * @live: a served lesson
 *
 * Returns: the run whose settings its servers have
 */
const RtScenario *
rt_live_lesson_get_scenario (RtLiveLesson *live)
{
  return live->play->scenario;
}

/**
 * rt_live_lesson_run:
 * @live: a lesson that is about to be served
 *
 * Serves until rt_live_lesson_stop() is called.
 *
 * Returns: whether it could be served to the end
 */
gboolean
rt_live_lesson_run (RtLiveLesson *live, GError **error)
{
  gboolean ok;

  rt_live_follow_start (live);
  ok = rt_live_driver.run (live->driver, RT_TIME_NEVER, error) != RT_RUN_FAILED;

  rt_live_follow_end (live);
  return ok;
}

/**
 * rt_live_lesson_stop:
 * @live: a served lesson
 *
 * Makes rt_live_lesson_run() return. May be called from another thread or a signal handler.
 */
void
rt_live_lesson_stop (RtLiveLesson *live)
{
  rt_live_stop (live->driver);
}
