/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Exchanges as entries of a HAR. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

void rt_har_append_head (GString *out);
void rt_har_append_text (GString *out, RtText text);
void rt_har_append_entry (GString *out,
                          RtAnalysis *analysis,
                          const RtExchange *exchange,
                          const char *page,
                          const char *comment);
char *rt_har_dup_exchange (RtAnalysis *analysis, const RtExchange *exchange);

G_END_DECLS
