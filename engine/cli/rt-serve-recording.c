/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Serves a recording on a port of this machine. */
#include "rt-serve-recording.h"

#include "rt-error.h"
#include "rt-recorder.h"
#include "rt-replayed.h"
#include "rt-serving.h"
#include "rt-traffic.h"

#include <stdio.h>

/* Where it listens: never on what others can reach. */
#define HOST "127.0.0.1"

/* What the origin servers of the recording have answered, or what the filter picks. */
static RtReplayed *
make_party (RtTraffic *traffic, const RtServeRecording *about, GError **error)
{
  const RtPlace place = { about->path, 0, 0 };
  const RtTrafficRun *run = rt_traffic_find_run (traffic, about->run, error);
  g_autoptr (GPtrArray) exchanges
      = run != NULL ? rt_traffic_run_pick (run, RT_HOP_LAST, about->filter, error) : NULL;
  g_autoptr (RtReplayed) party = NULL;

  if (exchanges == NULL)
    return NULL;
  party = rt_replayed_new (NULL);
  for (guint i = 0; i < exchanges->len; i++)
    rt_replayed_add (party, run->analysis, exchanges->pdata[i]);
  if (rt_replayed_get_length (party) > 0)
    return g_steal_pointer (&party);
  rt_set_error (error, RT_ERROR_MISSING, &place, "a recording with answers",
                "there is nothing in it that could be answered with");
  return NULL;
}

static RtRecorder *
record (RtSession *session, const RtServeRecording *about, GError **error)
{
  g_autofree char *title = g_strdup_printf ("Answered from %s", about->path);
  RtRunInfo info = { .name = (char *)"served",
                     .title = title,
                     .source = RT_SOURCE_CAPTURE,
                     .started = g_get_real_time () };

  return rt_session_begin_run (session, &info, NULL, NULL, error);
}

/* @party: (transfer full) */
static int
serve (RtReplayed *party, RtRecorder *recorder, const RtServeRecording *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLog) log = rt_log_new (0, recorder != NULL ? rt_recorder_add_page : NULL, recorder);
  g_autoptr (RtLive) live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, &error);
  const RtHostPort place = { (char *)HOST, about->port };
  int status;

  if (live == NULL)
    {
      rt_replayed_free (party);
      return rt_cli_fail (error);
    }
  printf ("%u recorded answers. Ctrl-C ends it.\n", rt_replayed_get_length (party));
  status = rt_serve (live, "recording", &rt_replayed_class, party, &place);
  rt_log_flush (log);
  return status;
}

/**
 * rt_serve_recording:
 * @about: what to serve
 *
 * Serves until the process is interrupted or terminated.
 *
 * Returns: the exit status
 */
int
rt_serve_recording (const RtServeRecording *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtTraffic) traffic = rt_traffic_open (about->path, &error);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtRecorder) recorder = NULL;
  RtReplayed *party = traffic != NULL ? make_party (traffic, about, &error) : NULL;
  int status;

  if (party == NULL)
    return rt_cli_fail (error);
  if (about->record != NULL)
    session = rt_session_create (about->record, &error);
  if (session != NULL)
    recorder = record (session, about, &error);
  if (error != NULL)
    {
      rt_replayed_free (party);
      return rt_cli_fail (error);
    }
  status = serve (party, recorder, about);
  if (recorder != NULL && !rt_recorder_finish (g_steal_pointer (&recorder), &error))
    return rt_cli_fail (error);
  return status == RT_EXIT_OK && !rt_traffic_is_whole (traffic) ? RT_EXIT_FAILED : status;
}
