/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session: one file `*.roundtrip` with the logs of one or more runs. docs/session-file.md has the
 * format. */
#pragma once

#include "rt-mark.h"
#include "rt-reader.h"

G_BEGIN_DECLS

/** RT_SESSION_VERSION: of the file's tables (`user_version`). */
#define RT_SESSION_VERSION 6
/** RT_SESSION_APPLICATION_ID: in the SQLite header, `RTrp`. */
#define RT_SESSION_APPLICATION_ID 0x52547270

/**
 * RtRunSource:
 * @RT_SOURCE_LESSON: a lesson's scenario
 * @RT_SOURCE_CAPTURE: traffic of programs of the user's
 * @RT_SOURCE_IMPORT: a file of another program
 */
typedef enum
{
  RT_SOURCE_LESSON,
  RT_SOURCE_CAPTURE,
  RT_SOURCE_IMPORT,
} RtRunSource;

/**
 * RtRunInfo:
 * @id: in the file, from 1; given by rt_session_begin_run()
 * @name: short and unique in its session by custom: `A`, `B`, `capture`
 * @title: (nullable): in words
 * @parent: the run it branched off; 0 = none
 * @started: time of its log's beginning; in a simulation the lesson's time
 * @recorded: real time of the recording's beginning; given by rt_session_begin_run()
 * @lesson_path: (nullable): where the lesson was
 * @lesson_text: (nullable): what it said, so that the run can be shown without it
 * @metadata: (nullable): a JSON object
 * @n_events: events in the file
 * @finished: its recording came to its end; else it goes on, or was cut off
 * @stale: its rows in the table `exchange` are missing or of an older analysis:
 *   rt_session_refresh_exchanges()
 * @observed: they have what takes a look at the whole run, too: rt_session_observe_exchanges()
 *
 * A run: one log. What is given to rt_session_begin_run() is borrowed.
 */
typedef struct
{
  gint64 id;
  char *name, *title;
  RtRunSource source;
  gint64 parent;
  RtTime started, recorded;
  char *lesson_path, *lesson_text;
  char *metadata;
  guint64 n_events;
  gboolean finished, stale, observed;
} RtRunInfo;

void rt_run_info_free (RtRunInfo *info);

/**
 * RtSession:
 *
 * An open session file. Its functions may be called from any thread; they wait for one another and
 * for the disk, so a window calls them from a thread of its own.
 */
typedef struct _RtSession RtSession;

RtSession *rt_session_create (const char *path, GError **error);
RtSession *rt_session_open (const char *path, GError **error);
RtSession *rt_session_ref (RtSession *session);
void rt_session_unref (RtSession *session);

const char *rt_session_get_path (RtSession *session);
gboolean rt_session_get_read_only (RtSession *session);
gboolean rt_session_get_damaged (RtSession *session);
void rt_session_interrupt (RtSession *session);

GPtrArray *rt_session_list_runs (RtSession *session, GError **error); /* RtRunInfo */
RtRunInfo *rt_session_get_run (RtSession *session, gint64 run, GError **error);
RtReader *rt_session_open_run (RtSession *session, gint64 run, GError **error);

gboolean
rt_session_set_metadata (RtSession *session, gint64 run, const char *metadata, GError **error);

gboolean rt_session_set_mark (
    RtSession *session, gint64 run, guint64 event, const char *text, GError **error);
gboolean rt_session_put_mark (RtSession *session, gint64 run, const RtMark *mark, GError **error);
GPtrArray *rt_session_list_marks (RtSession *session, gint64 run, GError **error); /* RtMark */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtSession, rt_session_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRunInfo, rt_run_info_free)

G_END_DECLS
