/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The observer: what the rules have to say of traffic that was recorded elsewhere. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

void rt_analysis_set_observed (RtAnalysis *analysis, gboolean observed);
gboolean rt_note_is_finding (const RtNote *note);

G_END_DECLS
