/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which exchange of one log belongs to which of another. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtAlignedPair:
 * @left, @right: ids of exchanges; 0: there is none on this side
 * @moved: they belong together but stand in another order among their neighbours
 */
typedef struct
{
  guint left, right;
  gboolean moved;
} RtAlignedPair;

GArray *rt_alignment_new (RtAnalysis *left, RtAnalysis *right); /* RtAlignedPair */

G_END_DECLS
