/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request that goes through middle boxes is recorded once for each hop. Whoever plays a part of a
 * recording again wants one of them. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtHop:
 * @RT_HOP_FIRST: the exchanges of those who ask and answer nobody: what the clients did
 * @RT_HOP_LAST: those answered by who asks nobody: what the origin servers did
 */
typedef enum
{
  RT_HOP_FIRST,
  RT_HOP_LAST,
} RtHop;

GPtrArray *rt_hop_list_exchanges (RtAnalysis *analysis, RtHop hop); /* const RtExchange */

G_END_DECLS
