/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline's colours, one theme a colour scheme. */
#pragma once

#include "rt-sink.h"
#include "rt-timeline-model.h"

G_BEGIN_DECLS

typedef enum
{
  RT_SCHEME_LIGHT,
  RT_SCHEME_DARK,
  RT_SCHEME_HIGH_CONTRAST,
  RT_SCHEME_HIGH_CONTRAST_DARK,
  RT_N_SCHEMES,
} RtScheme;

/**
 * RtTheme:
 * @ink: text and outlines, by #RtTimelineKind; readable on @background and @surface
 * @fill: a band's body, by #RtTimelineKind; translucent
 * @rail: a connection's ink; @good, @warning: badges
 * @fade: over what is still to come
 * @line: factor of line widths
 */
typedef struct
{
  RtColor background, surface, stripe, grid, lane, text, dim;
  RtColor ink[RT_N_TIMELINE_KINDS], fill[RT_N_TIMELINE_KINDS];
  RtColor rail, rail_fill, good, warning, now, on_ink, shadow, fade;
  double line;
} RtTheme;

const RtTheme *rt_theme_get (RtScheme scheme);
RtColor rt_color_with_alpha (RtColor color, double alpha);
const RtColor *rt_theme_severity_ink (const RtTheme *theme, RtSeverity severity);

G_END_DECLS
