/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An editor for a request, byte by byte, that says what a server would make of it. */
#pragma once

#include <gtk/gtk.h>

#include "rt-byte-report.h"

G_BEGIN_DECLS

/**
 * RtRequestEditor:
 *
 * Signals: `changed`: its text is another one.
 */
#define RT_TYPE_REQUEST_EDITOR (rt_request_editor_get_type ())
G_DECLARE_FINAL_TYPE (RtRequestEditor, rt_request_editor, RT, REQUEST_EDITOR, GtkWidget)

GtkWidget *rt_request_editor_new (const char *caption, const char *text);
void rt_request_editor_set_text (RtRequestEditor *self, const char *text);
gsize rt_request_editor_set_bytes (RtRequestEditor *self, GBytes *bytes);
void rt_request_editor_set_caption (RtRequestEditor *self, const char *caption);
char *rt_request_editor_dup_text (RtRequestEditor *self);
const RtByteReport *rt_request_editor_get_report (RtRequestEditor *self);

G_END_DECLS
