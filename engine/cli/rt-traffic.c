/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traffic that a command was given to look at. What is no session is imported into one that is gone
 * afterwards, so that its length does not matter. */
#include "rt-traffic.h"

#include "rt-cli.h"
#include "rt-error.h"
#include "rt-lesson-library.h"
#include "rt-meter.h"
#include "rt-observer.h"
#include "rt-scenario.h"

#include <glib/gstdio.h>
#include <stdio.h>

struct _RtTraffic
{
  RtSession *session;  /* NULL: a lesson */
  char *folder, *file; /* of a session that was imported */
  gboolean whole;
  GPtrArray *runs;  /* RtTrafficRun */
  GPtrArray *plays; /* RtPlay */
};

static void
free_run (gpointer data)
{
  RtTrafficRun *run = data;

  g_free (run->name);
  rt_analysis_free (run->analysis);
  g_free (run);
}

static RtTraffic *
new_traffic (void)
{
  RtTraffic *traffic = g_new0 (RtTraffic, 1);

  traffic->whole = TRUE;
  return traffic;
}

void
rt_traffic_free (RtTraffic *traffic)
{
  g_clear_pointer (&traffic->runs, g_ptr_array_unref);
  g_clear_pointer (&traffic->plays, g_ptr_array_unref);
  g_clear_pointer (&traffic->session, rt_session_unref);
  if (traffic->file != NULL)
    g_unlink (traffic->file);
  if (traffic->folder != NULL)
    g_rmdir (traffic->folder);
  g_free (traffic->file);
  g_free (traffic->folder);
  g_free (traffic);
}

/**
 * rt_traffic_tell_report:
 * @report: of an import
 *
 * Tells its warnings on standard error.
 *
 * Returns: %FALSE if a part could not be read; what could was kept
 */
gboolean
rt_traffic_tell_report (const RtImportReport *report)
{
  for (guint i = 0; i < report->warnings->len; i++)
    fprintf (stderr, "roundtrip: %s\n", (const char *)report->warnings->pdata[i]);
  if (report->n_warnings > report->warnings->len)
    fprintf (stderr, "roundtrip: … and %u more\n", report->n_warnings - report->warnings->len);
  return report->whole;
}

static gboolean
import (RtTraffic *self, const RtFormat *format, const char *path, GError **error)
{
  g_auto (RtMeter) meter = rt_meter_begin ("reading");
  const RtImportOptions options = { .progress = rt_meter_tell, .progress_data = &meter };
  g_autoptr (RtImportReport) report = NULL;

  self->folder = g_dir_make_tmp ("roundtrip-XXXXXX", error);
  if (self->folder == NULL)
    return FALSE;
  self->file = g_build_filename (self->folder, "import.roundtrip", NULL);
  self->session = rt_session_create (self->file, error);
  if (self->session != NULL)
    report = format->import (self->session, path, &options, error);
  rt_meter_end (&meter);
  if (report == NULL)
    return FALSE;
  self->whole = rt_traffic_tell_report (report);
  return TRUE;
}

/**
 * rt_traffic_open:
 * @path: a file of any format that can be read
 *
 * Opens or imports it; warnings of an import go to standard error.
 *
 * Returns: (transfer full) (nullable): what is in it
 */
RtTraffic *
rt_traffic_open (const char *path, GError **error)
{
  const RtFormat *format = rt_format_of_file (path, error);
  g_autoptr (RtTraffic) traffic = new_traffic ();

  if (format == NULL)
    return NULL;
  if (!format->native)
    return import (traffic, format, path, error) ? g_steal_pointer (&traffic) : NULL;
  traffic->session = rt_session_open (path, error);
  return traffic->session != NULL ? g_steal_pointer (&traffic) : NULL;
}

static void
add_run (RtTraffic *self,
         gint64 id,
         gint64 parent,
         const char *name,
         gboolean from_lesson,
         RtAnalysis *analysis)
{
  RtTrafficRun *run = g_new (RtTrafficRun, 1);

  *run = (RtTrafficRun){ id, parent, g_strdup (name), from_lesson, analysis };
  g_ptr_array_add (self->runs, run);
}

/* What a run branched off is listed before it. */
static gboolean
is_from_lesson (RtTraffic *self, const RtRunInfo *info)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      const RtTrafficRun *run = self->runs->pdata[i];

      if (info->parent != 0 && run->id == info->parent)
        return run->from_lesson;
    }
  return info->source == RT_SOURCE_LESSON;
}

static RtTraffic *
play (const char *name, GError **error)
{
  g_autoptr (RtLesson) lesson = rt_lesson_open (name, error);
  g_autoptr (RtTraffic) traffic = new_traffic ();

  if (lesson == NULL)
    return NULL;
  traffic->runs = g_ptr_array_new_with_free_func (free_run);
  traffic->plays = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_play_unref);
  for (guint i = 0; i < lesson->runs->len; i++)
    {
      const RtScenario *scenario = lesson->runs->pdata[i];
      RtPlay *one = rt_play_new (lesson, scenario, &(RtPlayOptions){ 0 }, error);
      RtAnalysis *analysis = rt_analysis_new ();

      if (one != NULL)
        g_ptr_array_add (traffic->plays, one);
      if (one == NULL
          || !rt_analysis_feed_reader (analysis, rt_play_get_reader (one), G_MAXUINT64, error))
        {
          rt_analysis_free (analysis);
          return NULL;
        }
      add_run (traffic, 0, 0, scenario->name, TRUE, analysis);
    }
  return g_steal_pointer (&traffic);
}

/**
 * rt_traffic_is_imported:
 * @traffic: traffic
 *
 * Returns: whether its session is gone afterwards, being made of a file of another kind
 */
gboolean
rt_traffic_is_imported (RtTraffic *traffic)
{
  return traffic->folder != NULL;
}

/**
 * rt_traffic_is_file:
 * @name: a file of any format that can be read, or a lesson's file or name
 *
 * Returns: whether it is a file that is no lesson
 */
gboolean
rt_traffic_is_file (const char *name)
{
  /* Names of lessons have neither; what has, and is not there, is to be missed as a file. */
  if (strchr (name, '/') != NULL || strchr (name, '.') != NULL || g_str_equal (name, "-"))
    return !g_str_has_suffix (name, ".md");
  return g_file_test (name, G_FILE_TEST_EXISTS) && !g_file_test (name, G_FILE_TEST_IS_DIR);
}

/**
 * rt_traffic_open_or_play:
 * @name: a file of any format that can be read, or a lesson's file or name
 *
 * As rt_traffic_open(); a lesson is played.
 *
 * Returns: (transfer full) (nullable): what is in it
 */
RtTraffic *
rt_traffic_open_or_play (const char *name, GError **error)
{
  return rt_traffic_is_file (name) ? rt_traffic_open (name, error) : play (name, error);
}

/**
 * rt_traffic_get_session:
 * @traffic: traffic
 *
 * Returns: (transfer none) (nullable): the session it is in; a lesson is in none
 */
RtSession *
rt_traffic_get_session (RtTraffic *traffic)
{
  return traffic->session;
}

/**
 * rt_traffic_get_runs:
 * @traffic: traffic
 *
 * Returns: (transfer none) (nullable) (element-type RtTrafficRun): its runs, which live as long as
 *   it does
 */
GPtrArray *
rt_traffic_get_runs (RtTraffic *traffic, GError **error)
{
  g_autoptr (GPtrArray) infos = NULL;

  if (traffic->runs != NULL)
    return traffic->runs;
  infos = rt_session_list_runs (traffic->session, error);
  if (infos == NULL)
    return NULL;
  traffic->runs = g_ptr_array_new_with_free_func (free_run);
  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];
      g_autoptr (RtReader) reader = rt_session_open_run (traffic->session, info->id, error);
      RtAnalysis *analysis = rt_analysis_new ();

      rt_analysis_set_observed (analysis, info->source != RT_SOURCE_LESSON);
      if (reader == NULL || !rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, error))
        {
          rt_analysis_free (analysis);
          g_clear_pointer (&traffic->runs, g_ptr_array_unref);
          return NULL;
        }
      add_run (traffic, info->id, info->parent, info->name, is_from_lesson (traffic, info),
               analysis);
    }
  return traffic->runs;
}

/* The only run that is no replay and no branch of another. */
static const RtTrafficRun *
find_root (GPtrArray *runs)
{
  const RtTrafficRun *root = NULL;

  for (guint i = 0; i < runs->len; i++)
    {
      const RtTrafficRun *run = runs->pdata[i];

      if (run->parent != 0)
        continue;
      if (root != NULL)
        return NULL;
      root = run;
    }
  return root;
}

/**
 * rt_traffic_find_run:
 * @traffic: traffic
 * @name: (nullable): of a run; %NULL: the only one, leaving aside those that branched off it
 *
 * Errors: %RT_ERROR_UNKNOWN; %RT_ERROR_SYNTAX if there are several and none was named.
 *
 * Returns: (transfer none) (nullable): the run
 */
const RtTrafficRun *
rt_traffic_find_run (RtTraffic *traffic, const char *name, GError **error)
{
  GPtrArray *runs = rt_traffic_get_runs (traffic, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *list = NULL;

  if (runs == NULL)
    return NULL;
  if (name == NULL && find_root (runs) != NULL)
    return find_root (runs);
  for (guint i = 0; i < runs->len; i++)
    {
      RtTrafficRun *run = runs->pdata[i];

      if (g_strcmp0 (run->name, name) == 0)
        return run;
      g_ptr_array_add (names, run->name);
    }
  if (name != NULL)
    {
      rt_set_unknown (error, NULL, "run", name, (const char *const *)names->pdata, names->len);
      return NULL;
    }
  g_ptr_array_add (names, NULL);
  list = g_strjoinv (", ", (char **)names->pdata);
  if (runs->len > 0)
    rt_set_error (error, RT_ERROR_SYNTAX, NULL, "--run with one of their names",
                  "there are %u runs in it: %s", runs->len, list);
  else
    rt_set_error (error, RT_ERROR_MISSING, NULL, "a recording", "there is no run in it");
  return NULL;
}

/**
 * rt_traffic_run_pick:
 * @run: a run
 * @hop: which end of the way through middle boxes
 * @filter: (nullable): … and of those only what this filter lets through
 *
 * Errors: those of the filter; %RT_ERROR_UNSUPPORTED if it asks for marks.
 *
 * Returns: (transfer container) (nullable) (element-type RtExchange): exchanges, in order
 */
GPtrArray *
rt_traffic_run_pick (const RtTrafficRun *run, RtHop hop, const char *filter, GError **error)
{
  g_autoptr (RtFilter) wanted = filter != NULL ? rt_filter_new (filter, error) : NULL;
  g_autoptr (GPtrArray) exchanges = NULL;

  if (filter != NULL && wanted == NULL)
    return NULL;
  if (wanted != NULL && rt_filter_asks_for_marks (wanted))
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "a filter of what was recorded",
                    "marks cannot be asked for here");
      return NULL;
    }
  exchanges = rt_hop_list_exchanges (run->analysis, hop);
  for (guint i = 0; wanted != NULL && i < exchanges->len;)
    if (rt_filter_matches (wanted, run->analysis, exchanges->pdata[i], RT_FILTER_UNMARKED))
      i++;
    else
      g_ptr_array_remove_index (exchanges, i);
  return g_steal_pointer (&exchanges);
}

/**
 * rt_traffic_is_whole:
 * @traffic: traffic
 *
 * Returns: %FALSE if a part of it could not be read, which was told on standard error
 */
gboolean
rt_traffic_is_whole (RtTraffic *traffic)
{
  return traffic->whole
         && (traffic->session == NULL || rt_cli_check_whole (traffic->session) == RT_EXIT_OK);
}
