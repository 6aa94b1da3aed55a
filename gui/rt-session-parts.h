/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Brings a view of a long run to whatever is asked for: the part of the log around it is read and
 * analysed on a thread of GTask's, and the main thread waits for nothing. */
#pragma once

#include "rt-run-map.h"
#include "rt-view.h"

G_BEGIN_DECLS

/** RT_SESSION_PART: events that are shown at once of a run that is longer than RT_SESSION_WHOLE. */
#define RT_SESSION_PART 8000
/** RT_SESSION_WHOLE: a run of no more events is shown as a whole. */
#define RT_SESSION_WHOLE 40000

#define RT_TYPE_SESSION_PARTS (rt_session_parts_get_type ())
G_DECLARE_FINAL_TYPE (RtSessionParts, rt_session_parts, RT, SESSION_PARTS, GObject)

void rt_session_parts_attach (RtView *view, RtSession *session, gint64 run);

G_END_DECLS
