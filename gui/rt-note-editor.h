/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A note of one's own on an exchange or on some of its bytes. */
#pragma once

#include "rt-view.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define RT_TYPE_NOTE_EDITOR (rt_note_editor_get_type ())
G_DECLARE_FINAL_TYPE (RtNoteEditor, rt_note_editor, RT, NOTE_EDITOR, AdwWindow)

RtNoteEditor *rt_note_editor_new (GtkWindow *parent, RtView *view, guint exchange, RtSpan span);

G_END_DECLS
