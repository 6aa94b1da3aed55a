/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Comparisons of two exchanges, printed: what `diff` and `replay` have in common. For this folder.
 */
#pragma once

#include "rt-comparison.h"
#include "rt-json.h"

G_BEGIN_DECLS

/**
 * RtComparedScope:
 * @RT_COMPARED_ALL: whatever differs
 * @RT_COMPARED_ANSWERS: without the requests
 * @RT_COMPARED_REBUILT_ANSWERS: … and without what an answer that was reconstructed cannot tell:
 *   version, reason, trailers and the bytes of its content
 *
 * Which differences count.
 */
typedef enum
{
  RT_COMPARED_ALL,
  RT_COMPARED_ANSWERS,
  RT_COMPARED_REBUILT_ANSWERS,
} RtComparedScope;

char *rt_compared_dup_request (const RtExchange *exchange);
guint rt_compared_count (RtComparison *comparison, RtComparedScope scope);
void rt_compared_print (RtComparison *comparison, RtComparedScope scope);
JsonArray *rt_compared_to_json (RtComparison *comparison, RtComparedScope scope);

G_END_DECLS
