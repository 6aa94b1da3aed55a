/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A run on standard output: what `run` and `inspect` have in common. */
#pragma once

#include "rt-json.h"
#include "rt-lesson.h"

G_BEGIN_DECLS

void rt_output_wrapped (const char *text, const char *prefix);
void rt_output_lesson (const RtLesson *lesson);
void rt_output_run (const char *name, RtAnalysis *analysis);
JsonObject *rt_output_run_to_json (const char *name, RtAnalysis *analysis);

G_END_DECLS
