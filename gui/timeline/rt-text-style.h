/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of text on the timeline, and how wide they run. The layout asks here, so that it can
 * be tested with made-up widths. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  RT_TEXT_LANE,
  RT_TEXT_ROLE,
  RT_TEXT_CODE,
  RT_TEXT_TARGET,
  RT_TEXT_META,
  RT_TEXT_CHIP,
  RT_TEXT_SEGMENT,
  RT_TEXT_TICK,
  RT_TEXT_NOTICE,
  RT_TEXT_NOW,
  RT_TEXT_MARK,
  RT_TEXT_CARD_TITLE,
  RT_TEXT_CARD,
  RT_TEXT_REFERENCE,
  RT_N_TEXT_STYLES,
} RtTextStyle;

/** RtTextFace: @size: in pixels at text scale 1; @weight: as CSS has it */
typedef struct
{
  const char *family;
  double size;
  int weight;
} RtTextFace;

const RtTextFace *rt_text_style_face (RtTextStyle style);

/**
 * RtMeasure:
 * @width: width of @text in pixels at text scale 1
 *
 * Widths add up: that of two strings is that of their concatenation.
 */
typedef struct
{
  double (*width) (gpointer data, RtTextStyle style, const char *text, gssize length);
  gpointer data;
} RtMeasure;

char *rt_measure_dup_fitting (const RtMeasure *measure,
                              RtTextStyle style,
                              const char *text,
                              double width);
char **rt_measure_wrap (
    const RtMeasure *measure, RtTextStyle style, const char *text, double width, guint max_lines);

G_END_DECLS
