/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is taken of the picture, so that no two labels overlap. */
#pragma once

#include "rt-timeline-layout.h"

G_BEGIN_DECLS

typedef struct _RtPlacer RtPlacer;

RtPlacer *rt_placer_new (double text_scale);
void rt_placer_free (RtPlacer *placer);
gboolean rt_placer_is_free (const RtPlacer *placer, const RtBox *box);
void rt_placer_take (RtPlacer *placer, const RtBox *box);

/**
 * RtPlacers:
 * @labels: nothing may overlap with these
 * @heads: the heads of arrows, which say where something arrives: left free while there is room
 * @rails: the connections: left free by their own names
 */
typedef struct
{
  RtPlacer *labels, *heads, *rails;
} RtPlacers;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPlacer, rt_placer_free)

G_END_DECLS
