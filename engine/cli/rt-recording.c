/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recording from the command line. What goes wrong with it is said at once: the traffic goes on. */
#include "rt-recording.h"

#include <stdio.h>

/* What waits for the disk has passed already. It smooths out the time that a commit takes; more
 * would only be memory, since the traffic waits where it is full. */
#define QUEUE_LIMIT (16 * 1024 * 1024)

/* Bytes may be left out again and again; the file says each time. */
static void
tell (const RtNotice *notice, gpointer data)
{
  RtRecording *recording = data;
  static const char *const words[] = {
    [RT_NOTICE_PAUSED] = "the recording pauses",
    [RT_NOTICE_RESUMED] = "the recording goes on",
    [RT_NOTICE_DROPPED] = "bytes are left out of the recording",
    [RT_NOTICE_FAILED] = "the recording is over",
  };

  if (notice->kind == RT_NOTICE_DROPPED)
    {
      if (recording->dropped)
        return;
      recording->dropped = TRUE;
    }
  fprintf (stderr, "roundtrip: %s%s%s\n", words[notice->kind], notice->error != NULL ? ": " : "",
           notice->error != NULL ? notice->error->message : "");
}

/**
 * rt_recording_begin:
 * @recording: all zero; stays where it is until it is finished
 * @path: a session file that is not there yet
 * @name: of the run
 * @title: of the run, in words
 *
 * Begins a run for traffic that comes to us: faster than it can be recorded it does not go on. Only
 * while nothing can be written is something left out.
 *
 * Returns: whether it can be recorded
 */
gboolean
rt_recording_begin (
    RtRecording *recording, const char *path, const char *name, const char *title, GError **error)
{
  const RtRunInfo about = { .name = (char *)name,
                            .title = (char *)title,
                            .source = RT_SOURCE_CAPTURE,
                            .started = g_get_real_time () };

  recording->session = rt_session_create (path, error);
  if (recording->session != NULL)
    recording->recorder = rt_session_begin_run (recording->session, &about, tell, recording, error);
  if (recording->recorder != NULL)
    {
      rt_recorder_set_wait (recording->recorder, TRUE);
      rt_recorder_set_queue_limit (recording->recorder, QUEUE_LIMIT);
    }
  return recording->recorder != NULL;
}

/**
 * rt_recording_finish:
 * @recording: begun, or all zero: then nothing is done
 *
 * Writes what is left. The log is flushed by its owner.
 *
 * Returns: whether all of it is in the file
 */
gboolean
rt_recording_finish (RtRecording *recording, GError **error)
{
  return recording->recorder == NULL
         || rt_recorder_finish (g_steal_pointer (&recording->recorder), error);
}

void
rt_recording_clear (RtRecording *recording)
{
  g_clear_pointer (&recording->recorder, rt_recorder_free);
  g_clear_pointer (&recording->session, rt_session_unref);
}
