/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window: a lesson, what it shows, what that means. */
#pragma once

#include <adwaita.h>

#include "rt-inspector.h"
#include "rt-narrative.h"
#include "rt-stage.h"
#include "rt-tutor.h"

G_BEGIN_DECLS

#define RT_TYPE_WINDOW (rt_window_get_type ())
G_DECLARE_FINAL_TYPE (RtWindow, rt_window, RT, WINDOW, AdwApplicationWindow)

RtWindow *rt_window_new (GtkApplication *application);
void rt_window_open (RtWindow *self, const char *path);
gboolean rt_window_is_traffic (const char *path);

RtTutor *rt_window_get_tutor (RtWindow *self);
RtNarrative *rt_window_get_narrative (RtWindow *self);
RtStage *rt_window_get_stage (RtWindow *self);
RtInspector *rt_window_get_inspector (RtWindow *self);

G_END_DECLS
