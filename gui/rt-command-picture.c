/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip picture`: draws the timeline of a run into a file. A lesson is played, a session file
 * read, any other file of traffic imported; the log decides the picture, so all give the same one.
 */
#include "rt-command-picture.h"

#include "rt-error.h"
#include "rt-lesson-library.h"
#include "rt-observer.h"
#include "rt-scenario.h"
#include "rt-timeline-picture.h"
#include "rt-traffic.h"

#include <stdio.h>
#include <string.h>

#define SIZE_EXPECTED "WIDTHxHEIGHT in pixels, each from 320 to 16384, such as 1280x800"
#define MIN_SIZE 320

static gboolean
parse_size (const char *text, RtPictureOptions *options, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 2);
  guint64 sizes[2];

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    if (parts[0] == NULL || parts[i] == NULL
        || !g_ascii_string_to_unsigned (parts[i], 10, MIN_SIZE, RT_PICTURE_MAX_SIZE, &sizes[i],
                                        NULL))
      {
        rt_set_error (error, RT_ERROR_SYNTAX, &(RtPlace){ .file = "--size" }, SIZE_EXPECTED,
                      "“%s” is no size", text);
        return FALSE;
      }
  options->width = (guint)sizes[0];
  options->height = (guint)sizes[1];
  return TRUE;
}

static gboolean
parse_scheme (const char *text, RtScheme *ret_scheme, GError **error)
{
  static const char *const names[RT_N_SCHEMES] = {
    [RT_SCHEME_LIGHT] = "light",
    [RT_SCHEME_DARK] = "dark",
    [RT_SCHEME_HIGH_CONTRAST] = "high-contrast",
    [RT_SCHEME_HIGH_CONTRAST_DARK] = "high-contrast-dark",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (names[i], text) == 0)
      {
        *ret_scheme = i;
        return TRUE;
      }
  rt_set_unknown (error, &(RtPlace){ .file = "--scheme" }, "scheme", text, names,
                  G_N_ELEMENTS (names));
  return FALSE;
}

static gboolean
parse_text_scale (double text_scale, RtPictureOptions *options, GError **error)
{
  if (!(text_scale >= 0.5 && text_scale <= 4))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &(RtPlace){ .file = "--text-scale" },
                    "a factor from 0.5 to 4", "%g is no text scale", text_scale);
      return FALSE;
    }
  options->text_scale = text_scale;
  return TRUE;
}

/* @text: (nullable): all steps */
static gboolean
parse_step (const char *text, int *ret_step, GError **error)
{
  guint64 step;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT, &step, NULL))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &(RtPlace){ .file = "--at" },
                    "the number of a step, from 1", "“%s” is no step", text);
      return FALSE;
    }
  *ret_step = (int)step;
  return TRUE;
}

/* Plays the lesson; @run: (nullable): the first one. */
static RtReader *
read_lesson (const char *name, const char *run, GError **error)
{
  g_autoptr (RtLesson) lesson = rt_lesson_open (name, error);
  g_autoptr (RtPlay) play = NULL;
  const RtScenario *scenario;
  RtPlayOptions options = { 0 };

  if (lesson == NULL)
    return NULL;
  scenario = run != NULL ? rt_lesson_get_run (lesson, run) : lesson->runs->pdata[0];
  if (scenario == NULL)
    {
      rt_set_error (error, RT_ERROR_UNKNOWN, &(RtPlace){ .file = lesson->file },
                    "a name that follows “run” in the lesson, or main", "there is no run “%s”",
                    run);
      return NULL;
    }
  play = rt_play_new (lesson, scenario, &options, error);
  return play != NULL ? rt_reader_ref (rt_play_get_reader (play)) : NULL;
}

/* By what it begins with, or its name. */
static gboolean
is_traffic (const char *path)
{
  return g_str_has_suffix (path, ".roundtrip")
         || (g_file_test (path, G_FILE_TEST_IS_REGULAR) && rt_format_of_file (path, NULL) != NULL);
}

/* @ret_observed: (out): its traffic comes from elsewhere */
static RtReader *
read_session (RtSession *session, const char *run, gboolean *ret_observed, GError **error)
{
  const char *path = rt_session_get_path (session);
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, error);

  if (infos == NULL)
    return NULL;
  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];

      if (run != NULL && strcmp (run, info->name) != 0)
        continue;
      *ret_observed = info->source != RT_SOURCE_LESSON;
      return rt_session_open_run (session, info->id, error);
    }
  if (run != NULL)
    rt_set_error (error, RT_ERROR_UNKNOWN, &(RtPlace){ .file = path }, "a name of a run in it",
                  "there is no run “%s”", run);
  else
    rt_set_error (error, RT_ERROR_MISSING, &(RtPlace){ .file = path }, NULL,
                  "there is no run in it");
  return NULL;
}

/* Only what happened before step @step; what follows is masked. */
static RtAnalysis *
analyse_until (RtReader *reader, RtAnalysis *whole, guint step, GError **error)
{
  g_autoptr (RtAnalysis) analysis = NULL;
  GPtrArray *steps = rt_analysis_get_steps (whole);
  const RtStepInfo *info = NULL;

  for (guint i = 0; i < steps->len && info == NULL; i++)
    if (((const RtStepInfo *)steps->pdata[i])->number == step)
      info = steps->pdata[i];
  if (info == NULL)
    {
      rt_set_error (error, RT_ERROR_UNKNOWN, &(RtPlace){ .file = "--at" },
                    "the number of a step, from 1", "there is no step %u; the last is %u", step,
                    steps->len);
      return NULL;
    }
  analysis = rt_analysis_new ();
  if (!rt_analysis_feed_reader (analysis, reader, info->first_event, error))
    return NULL;
  return g_steal_pointer (&analysis);
}

/* @step: -1: all of them */
static RtTimelineModel *
make_model (RtReader *reader, gboolean observed, int step, GError **error)
{
  g_autoptr (RtAnalysis) whole = rt_analysis_new ();
  g_autoptr (RtAnalysis) part = NULL;

  rt_analysis_set_observed (whole, observed);
  if (!rt_analysis_feed_reader (whole, reader, G_MAXUINT64, error))
    return NULL;
  if (step < 0)
    return rt_timeline_model_new_from_analysis (whole, FALSE);
  part = analyse_until (reader, whole, (guint)step, error);
  return part != NULL ? rt_timeline_model_new_from_analysis (part, TRUE) : NULL;
}

static int
draw (
    const char *what, const char *run, int step, const RtPictureOptions *options, const char *path)
{
  gboolean observed = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (RtTraffic) traffic = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (RtTimelineModel) model = NULL;

  if (is_traffic (what))
    {
      traffic = rt_traffic_open (what, &error);
      if (traffic != NULL)
        reader = read_session (rt_traffic_get_session (traffic), run, &observed, &error);
    }
  else
    reader = read_lesson (what, run, &error);
  if (reader != NULL)
    model = make_model (reader, observed, step, &error);
  if (model == NULL || !rt_timeline_picture_write (model, options, path, &error))
    return rt_cli_fail (error);
  if (traffic != NULL && !rt_traffic_is_whole (traffic))
    return RT_EXIT_FAILED;
  return traffic != NULL ? rt_cli_check_whole (rt_traffic_get_session (traffic)) : RT_EXIT_OK;
}

static int
run_picture (int argc, char **argv)
{
  RtPictureOptions options = { .now = RT_TIME_UNKNOWN };
  g_autofree char *run = NULL;
  g_autofree char *size = NULL;
  g_autofree char *scheme = NULL;
  g_autofree char *path = NULL;
  double text_scale = 1;
  g_autofree char *at = NULL;
  int step = -1;
  const GOptionEntry entries[] = {
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &path, "Where to: .svg, .png or .pdf", "FILE" },
    { "run", 0, 0, G_OPTION_ARG_STRING, &run, "Which run; else the first", "NAME" },
    { "at", 0, 0, G_OPTION_ARG_STRING, &at, "Only what happened before this step", "STEP" },
    { "size", 0, 0, G_OPTION_ARG_STRING, &size, "Fit all of it into this size", "WIDTHxHEIGHT" },
    { "scheme", 0, 0, G_OPTION_ARG_STRING, &scheme,
      "light, dark, high-contrast or high-contrast-dark", "SCHEME" },
    { "text-scale", 0, 0, G_OPTION_ARG_DOUBLE, &text_scale, "Everything larger", "FACTOR" },
    { "true-scale", 0, 0, G_OPTION_ARG_NONE, &options.true_scale,
      "Every millisecond of the same height", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_picture, entries, &argc, &argv, &status))
    return status;
  if (argc != 2 || path == NULL)
    return rt_cli_usage (&rt_command_picture, "it takes one lesson or file of traffic and -o FILE");
  if ((size != NULL && !parse_size (size, &options, &error))
      || (scheme != NULL && !parse_scheme (scheme, &options.scheme, &error))
      || !parse_text_scale (text_scale, &options, &error) || !parse_step (at, &step, &error))
    return rt_cli_usage (&rt_command_picture, "%s", error->message);
  return draw (argv[1], run, step, &options, path);
}

const RtCommand rt_command_picture = {
  "picture",
  "LESSON|FILE -o OUT [--at STEP] [--run NAME] [--size WxH] [--scheme NAME] [--text-scale X]",
  "Draw the timeline as SVG, PNG or PDF",
  run_picture,
};
