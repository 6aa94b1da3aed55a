/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that draw a scene. */
#pragma once

#include "rt-timeline-layout-private.h"
#include "rt-timeline-scene.h"

G_BEGIN_DECLS

/**
 * RtPainter:
 * @unit: pixels at text scale 1
 * @shift: what is added to a layout's y
 * @top, @bottom: the visible part, in the layout's y
 * @first, @end: the messages that may be visible
 * @now: y of playback's place on the screen; past the bottom where all is shown
 */
typedef struct
{
  const RtTimelineLayout *layout;
  const RtTimelineModel *model;
  const RtTimelineView *view;
  const RtTheme *theme;
  RtSink *sink;
  double unit, shift, top, bottom, now;
  guint first, end;
} RtPainter;

/* From a lane to the sub-lane of its own store. */
#define RT_STORE_LINE 20.0

/* Which half of the labels: those of what has begun stand over the faded future. */
typedef enum
{
  RT_PAINT_FUTURE,
  RT_PAINT_PAST,
} RtPaintPass;

void rt_paint_rails (const RtPainter *painter);
void rt_paint_segments (const RtPainter *painter);
void rt_paint_bands (const RtPainter *painter);
void rt_paint_decision_lines (const RtPainter *painter);
void rt_paint_heat (const RtPainter *painter);
void rt_paint_heat_legend (const RtPainter *painter);
void rt_paint_labels (const RtPainter *painter, RtPaintPass pass);
void rt_paint_in_flight (const RtPainter *painter);
void rt_paint_strips (const RtPainter *painter);
void rt_paint_leaders (const RtPainter *painter);
void rt_paint_cards (const RtPainter *painter);
void rt_paint_header (const RtPainter *painter);

void rt_paint_text (const RtPainter *painter,
                    double x,
                    double middle,
                    const char *text,
                    RtTextStyle style,
                    const RtColor *color);
void rt_paint_text_centred (const RtPainter *painter,
                            double x,
                            double middle,
                            const char *text,
                            RtTextStyle style,
                            const RtColor *color);
guint rt_paint_first_since (const GArray *array, gsize size, gsize offset, RtTime from);
void rt_paint_cross (const RtPainter *painter, double x, double y, const RtColor *color);
void rt_paint_arrow (const RtPainter *painter,
                     double x0,
                     double y0,
                     double x1,
                     double y1,
                     double length,
                     const RtColor *color);
const RtColor *rt_paint_card_ink (const RtPainter *painter, const RtTimelineCard *card);
void rt_paint_mark (const RtPainter *painter, double x, double y, const RtTimelineCard *card);

static inline double
rt_painter_width (const RtPainter *painter, RtTextStyle style, const char *text)
{
  const RtMeasure *measure = &painter->layout->params.measure;

  return measure->width (measure->data, style, text, -1) * painter->unit;
}

static inline gboolean
rt_painter_is_future (const RtPainter *painter, RtTime time)
{
  return painter->view->now != RT_TIME_UNKNOWN && time > painter->view->now;
}

static inline gboolean
rt_painter_is_hot (const RtPainter *painter, guint message)
{
  return message == painter->view->hover || message == painter->view->selected;
}

G_END_DECLS
