/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip run`: plays a lesson and tells what happened. */
#include "rt-commands.h"

#include "rt-ground-options.h"
#include "rt-json.h"
#include "rt-lesson-library.h"
#include "rt-output.h"
#include "rt-recorder.h"
#include "rt-scenario.h"

#include <stdio.h>

static JsonArray *
results_to_json (RtPlay *play)
{
  GPtrArray *results = rt_play_get_results (play);
  JsonArray *out = json_array_new ();

  for (guint i = 0; i < results->len; i++)
    {
      const RtCheckResult *result = results->pdata[i];
      JsonObject *one = json_object_new ();

      json_object_set_int_member (one, "line", result->step->line);
      json_object_set_string_member (one, "check", result->step->title);
      json_object_set_boolean_member (one, "holds", result->holds);
      if (result->skipped)
        json_object_set_boolean_member (one, "skipped", TRUE);
      if (result->message != NULL)
        json_object_set_string_member (one, "message", result->message);
      json_object_set_int_member (one, "exchange", result->exchange);
      json_array_add_object_element (out, one);
    }
  return out;
}

/* How the runs are played. @session: (nullable): where they are recorded. */
typedef struct
{
  const RtPlayground *ground;
  GPtrArray *answer;
  RtSession *session;
} RtPlaying;

/* Plays a run and, where there is a session, records it. */
static RtPlay *
play_run (const RtLesson *lesson,
          const RtScenario *scenario,
          const RtPlaying *playing,
          GError **error)
{
  g_autoptr (RtRecorder) recorder = NULL;
  g_autoptr (RtPlay) play = NULL;
  RtPlayOptions options = { .ground = playing->ground, .answer = playing->answer };
  RtRunInfo about = { .name = scenario->name,
                      .title = lesson->title,
                      .source = RT_SOURCE_LESSON,
                      .started = lesson->clock,
                      .lesson_path = lesson->file,
                      .lesson_text = lesson->text };

  if (playing->session != NULL)
    {
      recorder = rt_session_begin_run (playing->session, &about, NULL, NULL, error);
      if (recorder == NULL)
        return NULL;
      options.sink = rt_recorder_add_page;
      options.data = recorder;
    }
  play = rt_play_new (lesson, scenario, &options, error);
  if (play == NULL
      || (recorder != NULL && !rt_recorder_finish (g_steal_pointer (&recorder), error)))
    return NULL;
  return g_steal_pointer (&play);
}

static void
print_checks (RtPlay *play)
{
  GPtrArray *results = rt_play_get_results (play);

  for (guint i = 0; i < results->len; i++)
    {
      const RtCheckResult *result = results->pdata[i];

      if (!result->holds)
        printf ("%s  %s\n", result->skipped ? "--    " : "FAILED", result->message);
    }
}

/* A run that cannot be played there is named with its reason. */
static JsonObject *
tell_obstacle (const RtScenario *scenario, const char *obstacle, gboolean json)
{
  JsonObject *out;

  if (!json)
    {
      printf ("%s: not on this driver: %s\n\n", scenario->name, obstacle);
      return NULL;
    }
  out = json_object_new ();
  json_object_set_string_member (out, "name", scenario->name);
  json_object_set_string_member (out, "not-on-this-driver", obstacle);
  return out;
}

/* Plays one run and tells what happened: as text, or (transfer full) as JSON. */
static gboolean
tell_run (const RtLesson *lesson,
          const RtScenario *scenario,
          const RtPlaying *playing,
          gboolean json,
          JsonObject **ret_json,
          GError **error)
{
  g_autofree char *obstacle = rt_playground_dup_obstacle (playing->ground, lesson, scenario);
  g_autoptr (RtPlay) play = NULL;

  *ret_json = NULL;
  if (obstacle != NULL)
    {
      *ret_json = tell_obstacle (scenario, obstacle, json);
      return TRUE;
    }
  play = play_run (lesson, scenario, playing, error);
  if (play == NULL)
    return FALSE;
  if (json)
    {
      *ret_json = rt_output_run_to_json (scenario->name, rt_play_get_analysis (play));
      json_object_set_array_member (*ret_json, "checks", results_to_json (play));
      return TRUE;
    }
  rt_output_run (scenario->name, rt_play_get_analysis (play));
  print_checks (play);
  return TRUE;
}

static int
run_lesson (const RtLesson *lesson, const RtPlaying *playing, gboolean json)
{
  g_autoptr (JsonArray) runs = json_array_new ();
  JsonObject *document;

  if (!json)
    rt_output_lesson (lesson);
  for (guint i = 0; i < lesson->runs->len; i++)
    {
      g_autoptr (GError) error = NULL;
      JsonObject *one;

      if (!tell_run (lesson, lesson->runs->pdata[i], playing, json, &one, &error))
        return rt_cli_fail (error);
      if (one != NULL)
        json_array_add_object_element (runs, one);
    }
  if (!json)
    return RT_EXIT_OK;
  document = json_object_new ();
  json_object_set_string_member (document, "lesson", lesson->name);
  json_object_set_string_member (document, "title", lesson->title);
  json_object_set_array_member (document, "runs", g_steal_pointer (&runs));
  rt_json_print (document);
  return RT_EXIT_OK;
}

static int
run (int argc, char **argv)
{
  gboolean json = FALSE, text = FALSE;
  g_autofree char *path = NULL;
  g_auto (RtGroundOptions) where = { 0 };
  g_auto (RtGround) ground = { 0 };
  const GOptionEntry options[] = {
    { "text", 0, 0, G_OPTION_ARG_NONE, &text, "The sequence and its decisions, 80 columns wide",
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document, the same in every run", NULL },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &path, "Record the runs in a session file", "FILE" },
    RT_GROUND_OPTION_DRIVER (where),
    RT_GROUND_OPTION_STACK (where),
    RT_GROUND_OPTIONS_ORIGIN (where),
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = NULL;
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GPtrArray) answer = NULL;
  RtPlaying playing = { &ground.ground };
  int status;

  if (!rt_cli_parse (&rt_command_run, options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return rt_cli_usage (&rt_command_run, "it takes one lesson");
  if (json && text)
    return rt_cli_usage (&rt_command_run, "--text and --json exclude each other");
  if (!rt_ground_options_read (&where, &ground, &error))
    return rt_cli_usage (&rt_command_run, "%s", error->message);
  lesson = rt_lesson_open (argv[1], &error);
  if (lesson != NULL && rt_ground_read_answer (&ground, lesson, &answer, &error) && path != NULL)
    session = rt_session_create (path, &error);
  if (error != NULL)
    return rt_cli_fail (error);
  playing.answer = answer;
  playing.session = session;
  return run_lesson (lesson, &playing, json);
}

const RtCommand rt_command_run = {
  "run",
  "LESSON [--text|--json] [--record FILE] [--driver sim|live] [--origin FILE|HOST=URL]",
  "Play a lesson and tell what happened",
  run,
};
