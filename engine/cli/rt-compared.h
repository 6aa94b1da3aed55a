/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comparisons of two exchanges, printed: what `diff` and `replay` have in common. For this folder.
 */
#pragma once

#include "rt-comparison.h"
#include "rt-json.h"

G_BEGIN_DECLS

char *rt_compared_dup_request (const RtExchange *exchange);
void rt_compared_print (RtComparison *comparison, RtComparedScope scope);
JsonArray *rt_compared_to_json (RtComparison *comparison, RtComparedScope scope);

G_END_DECLS
