/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson as one HTML page that needs no program: not ours, and no script either. */
#pragma once

#include "rt-lesson.h"

G_BEGIN_DECLS

GString *rt_handout_new (const RtLesson *lesson, GError **error);
gboolean rt_handout_write (const RtLesson *lesson, const char *path, GError **error);

G_END_DECLS
