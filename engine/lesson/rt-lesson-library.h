/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where lessons are found. */
#pragma once

#include "rt-lesson.h"

G_BEGIN_DECLS

RtLesson *rt_lesson_open (const char *path_or_name, GError **error);
GPtrArray *rt_lesson_library_list (GPtrArray **ret_broken);

G_END_DECLS
