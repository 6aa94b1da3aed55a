/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An analysis as JSON. The same log gives the same text. */
#pragma once

#include "rt-analysis.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

JsonObject *rt_json_from_analysis (RtAnalysis *analysis);
JsonObject *rt_json_from_note (const RtNote *note);
JsonObject *rt_json_from_span (RtSpan span);
void rt_json_print (JsonObject *object);

G_END_DECLS
