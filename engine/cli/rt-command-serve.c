/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip serve`: a lesson's servers on ports of this machine, for curl, a browser or a program
 * of the learner's own; or the answers of a recording. */
#include "rt-commands.h"

#include "rt-error.h"
#include "rt-ground-options.h"
#include "rt-lesson-library.h"
#include "rt-live-lesson.h"
#include "rt-recorder.h"
#include "rt-serve-recording.h"
#include "rt-serving.h"
#include "rt-tls-authority.h"
#include "rt-traffic.h"

#include <glib/gstdio.h>
#include <stdio.h>

/** FIRST_PORT: where nothing was said. */
#define FIRST_PORT 8081

typedef struct
{
  gint port, timeout;
  gboolean tls;
  char *record, *run, *filter;
  RtGroundOptions where;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->record);
  g_free (options->run);
  g_free (options->filter);
  rt_ground_options_clear (&options->where);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* What is going on, while it is. */

static const char *
word_of (const RtLiveNews *news)
{
  switch (news->kind)
    {
    case RT_LIVE_NEWS_AWAITED:
      return "awaited";
    case RT_LIVE_NEWS_MET:
      return "step";
    case RT_LIVE_NEWS_TIMEOUT:
      return "TOO LATE";
    case RT_LIVE_NEWS_EXCHANGE:
      return "exchange";
    case RT_LIVE_NEWS_CHECK:
      return news->holds ? "ok" : "FAILED";
    case RT_LIVE_NEWS_PROBE:
      return news->holds ? "passed" : "not yet";
    case RT_LIVE_NEWS_CHALLENGE:
      return "passed";
    case RT_LIVE_NEWS_END:
      return "end";
    default:
      return "--";
    }
}

static void
print_news (gpointer data, const RtLiveNews *news)
{
  const char *text = news->text;

  if (news->kind == RT_LIVE_NEWS_CHALLENGE)
    text = "the challenge: the symptom is gone and the good path still works";
  else if (news->kind == RT_LIVE_NEWS_END)
    text = "all steps were taken; the servers go on";
  printf ("%-8s  ", word_of (news));
  if (news->kind == RT_LIVE_NEWS_EXCHANGE)
    printf ("%u: ", news->exchange);
  if (news->kind == RT_LIVE_NEWS_PROBE && !news->holds)
    printf ("%s: ", news->probe->name);
  printf ("%s", text);
  if (news->kind == RT_LIVE_NEWS_TIMEOUT)
    printf (" was awaited, and nobody has sent it");
  if (news->exchange > 0 && news->kind != RT_LIVE_NEWS_EXCHANGE)
    printf (" (exchange %u)", news->exchange);
  putchar ('\n');
  fflush (stdout);
}

/* What to do with it. */

static void
print_servers (GPtrArray *ports, const char *authority)
{
  for (guint i = 0; i < ports->len; i++)
    {
      const RtLivePort *port = ports->pdata[i];
      const char *scheme = port->secure ? "https" : "http";

      printf ("listening on 127.0.0.1:%u: %s://%s\n", port->real_port, scheme, port->host);
    }
  puts ("\nEach by its own port:");
  for (guint i = 0; i < ports->len; i++)
    {
      const RtLivePort *port = ports->pdata[i];

      printf ("  curl");
      if (port->secure && authority != NULL)
        printf (" --cacert %s", authority);
      printf (" --resolve %s:%u:127.0.0.1 %s://%s:%u/\n", port->host, port->real_port,
              port->secure ? "https" : "http", port->host, port->real_port);
    }
}

static void
print_commands (RtLiveLesson *live, const char *authority)
{
  g_autoptr (GPtrArray) commands = rt_live_lesson_dup_commands (live, authority);
  GPtrArray *ports = rt_live_lesson_get_ports (live);

  if (commands->len > 0)
    puts ("\nAs in the lesson, with the addresses it has there:");
  for (guint i = 0; i < commands->len; i++)
    printf ("  %s\n", (const char *)commands->pdata[i]);
  printf ("\nA browser:\n  chromium --user-data-dir=$(mktemp -d) --host-resolver-rules='");
  for (guint i = 0; i < ports->len; i++)
    {
      const RtLivePort *port = ports->pdata[i];

      printf ("%sMAP %s:%u 127.0.0.1:%u", i > 0 ? ", " : "", port->host, port->port,
              port->real_port);
    }
  puts ("'\n\nCtrl-C ends it.\n");
  fflush (stdout);
}

static void
print_summary (RtLiveLesson *live, const char *record)
{
  RtLiveSummary summary;

  rt_live_lesson_get_summary (live, &summary);
  printf ("\n%u exchanges", summary.n_exchanges);
  if (summary.n_steps > 0)
    printf ("; %u of %u steps were taken, %u checks hold, %u do not", summary.n_met,
            summary.n_steps, summary.n_held, summary.n_failed);
  if (summary.n_probes > 0)
    printf ("; %u of %u probes passed", summary.n_passed, summary.n_probes);
  puts (".");
  if (summary.awaited != NULL)
    printf ("%s was still awaited.\n", summary.awaited);
  if (record != NULL)
    printf ("Recorded in %s.\n", record);
}

static void
stop (gpointer live)
{
  rt_live_lesson_stop (live);
}

static int
serve_to_the_end (RtLiveLesson *live, RtRecorder *recorder, const char *record)
{
  g_autoptr (GError) error = NULL;
  const char *pem = rt_live_lesson_get_authority (live);
  g_autofree char *authority = pem != NULL ? rt_tls_authority_write_pem (pem, &error) : NULL;

  if (error == NULL)
    {
      rt_serving_catch_signals (stop, live);
      print_servers (rt_live_lesson_get_ports (live), authority);
      print_commands (live, authority);
      rt_live_lesson_run (live, &error);
      rt_serving_ignore_signals ();
    }
  if (authority != NULL)
    g_unlink (authority);
  if (recorder != NULL)
    rt_recorder_finish (recorder, error == NULL ? &error : NULL);
  if (error != NULL)
    return rt_cli_fail (error);
  print_summary (live, record);
  return RT_EXIT_OK;
}

static const RtScenario *
find_run (const RtLesson *lesson, const char *name, GError **error)
{
  const RtScenario *run = rt_lesson_get_run (lesson, name);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  if (run != NULL)
    return run;
  for (guint i = 0; i < lesson->runs->len; i++)
    g_ptr_array_add (names, ((const RtScenario *)lesson->runs->pdata[i])->name);
  rt_set_unknown (error, &(RtPlace){ lesson->file, 0, 0 }, "run", name,
                  (const char *const *)names->pdata, names->len);
  return NULL;
}

static RtRecorder *
record (RtSession *session, const RtLesson *lesson, const RtScenario *run, GError **error)
{
  RtRunInfo about = { .name = run != NULL ? run->name : NULL,
                      .title = lesson->title,
                      .source = RT_SOURCE_CAPTURE,
                      .started = g_get_real_time (),
                      .lesson_path = lesson->file,
                      .lesson_text = lesson->text };

  return rt_session_begin_run (session, &about, NULL, NULL, error);
}

static int
serve (const RtLesson *lesson, const Options *options, const RtGround *ground)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) answer = NULL;
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtRecorder) recorder = NULL;
  g_autoptr (RtLiveLesson) live = NULL;
  RtLiveLessonOptions how = { .ground = &ground->ground,
                              .port = (guint16)options->port,
                              .tls = options->tls,
                              .timeout = options->timeout * RT_TIME_SEC,
                              .news = print_news };

  if (options->run != NULL)
    how.scenario = find_run (lesson, options->run, &error);
  if (error == NULL && rt_ground_read_answer (ground, lesson, &answer, &error)
      && options->record != NULL)
    session = rt_session_create (options->record, &error);
  if (session != NULL)
    recorder = record (session, lesson, how.scenario, &error);
  if (error != NULL)
    return rt_cli_fail (error);
  how.answer = answer;
  how.sink = recorder != NULL ? rt_recorder_add_page : NULL;
  how.sink_data = recorder;
  live = rt_live_lesson_new (lesson, &how, &error);
  if (live == NULL)
    return rt_cli_fail (error);
  return serve_to_the_end (live, g_steal_pointer (&recorder), options->record);
}

static int
serve_recording (const char *path, const Options *options)
{
  const RtServeRecording about = { .path = path,
                                   .run = options->run,
                                   .filter = options->filter,
                                   .record = options->record,
                                   .port = (guint16)options->port };

  if (options->tls || options->timeout > 0 || options->where.origins != NULL)
    return rt_cli_usage (&rt_command_serve,
                         "--tls, --timeout and --origin are for lessons; %s is a recording", path);
  return rt_serve_recording (&about);
}

static int
run (int argc, char **argv)
{
  g_auto (Options) options = { .port = FIRST_PORT };
  g_auto (RtGround) ground = { 0 };
  const GOptionEntry entries[] = {
    { "port", 'p', 0, G_OPTION_ARG_INT, &options.port,
      "Port of the first server, the others follow; 0: whatever is free", "BASE" },
    { "tls", 0, 0, G_OPTION_ARG_NONE, &options.tls, "Servers are reached with TLS as well", NULL },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &options.record, "Record it in a session file",
      "FILE" },
    { "run", 0, 0, G_OPTION_ARG_STRING, &options.run, "The run whose settings the servers have",
      "NAME" },
    { "filter", 0, 0, G_OPTION_ARG_STRING, &options.filter, "Of a recording: only these answers",
      "TEXT" },
    { "timeout", 0, 0, G_OPTION_ARG_INT, &options.timeout, "How long a step is awaited",
      "SECONDS" },
    RT_GROUND_OPTIONS_ORIGIN (options.where),
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_serve, entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return rt_cli_usage (&rt_command_serve, "it takes one lesson or recording");
  if (options.port < 0 || options.port > G_MAXUINT16)
    return rt_cli_usage (&rt_command_serve, "%d is no port; expected 0 to 65535", options.port);
  if (options.timeout < 0)
    return rt_cli_usage (&rt_command_serve, "%d is no time to wait", options.timeout);
  if (rt_traffic_is_file (argv[1]))
    return serve_recording (argv[1], &options);
  if (options.filter != NULL)
    return rt_cli_usage (&rt_command_serve, "--filter is for recordings");
  if (!rt_ground_options_read (&options.where, &ground, &error))
    return rt_cli_usage (&rt_command_serve, "%s", error->message);
  lesson = rt_lesson_open (argv[1], &error);
  return lesson != NULL ? serve (lesson, &options, &ground) : rt_cli_fail (error);
}

const RtCommand rt_command_serve = {
  "serve",
  "LESSON|FILE [--port BASE] [--tls] [--record FILE] [--run NAME] [--origin FILE|HOST=URL]",
  "Put a lesson's servers, or a recording's answers, on ports of this machine",
  run,
};
