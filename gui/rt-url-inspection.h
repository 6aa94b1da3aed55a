/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Asking a server of the user's choice, and looking at what happened. */
#pragma once

#include "rt-window.h"

G_BEGIN_DECLS

/**
 * RtUrlInspector:
 * @url: what to ask for
 * @path: the session file that all of it goes to
 *
 * Asks, waits and records. Called on a thread of its own. A window speaks no HTTP, so who starts it
 * has to bring one.
 *
 * Returns: %FALSE with an error: there was no answer; @path may be there all the same
 */
typedef gboolean (*RtUrlInspector) (const char *url, const char *path, GError **error);

void rt_url_inspector_set (RtUrlInspector inspector);
void rt_url_inspection_ask (RtWindow *window);
void rt_url_inspection_run (RtWindow *window, const char *url);

G_END_DECLS
