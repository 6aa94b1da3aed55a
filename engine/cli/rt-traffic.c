/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Traffic that a command was given to look at. What is no session is imported into one that is gone
 * afterwards, so that its length does not matter. */
#include "rt-traffic.h"

#include "rt-cli.h"
#include "rt-lesson-library.h"
#include "rt-meter.h"
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
add_run (RtTraffic *self, const char *name, RtAnalysis *analysis)
{
  RtTrafficRun *run = g_new (RtTrafficRun, 1);

  *run = (RtTrafficRun){ g_strdup (name), analysis };
  g_ptr_array_add (self->runs, run);
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
      add_run (traffic, scenario->name, analysis);
    }
  return g_steal_pointer (&traffic);
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
  if (g_str_has_suffix (name, ".md") || !g_file_test (name, G_FILE_TEST_EXISTS))
    return play (name, error);
  return rt_traffic_open (name, error);
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

      if (reader == NULL || !rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, error))
        {
          rt_analysis_free (analysis);
          g_clear_pointer (&traffic->runs, g_ptr_array_unref);
          return NULL;
        }
      add_run (traffic, info->name, analysis);
    }
  return traffic->runs;
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
