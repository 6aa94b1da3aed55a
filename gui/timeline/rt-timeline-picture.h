/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A timeline as a file: SVG, PNG or PDF, without a window. */
#pragma once

#include "rt-fonts.h"
#include "rt-theme.h"
#include "rt-timeline-model.h"

G_BEGIN_DECLS

/** RT_PICTURE_MAX_SIZE: pictures are at most so wide and so high. */
#define RT_PICTURE_MAX_SIZE 16384

/**
 * RtPictureOptions:
 * @width: in pixels; 0: 1280
 * @height: 0: as high as the scene; else all of the scene is scaled to fit
 * @text_scale: 0: 1
 * @now: %RT_TIME_UNKNOWN: all is shown
 */
typedef struct
{
  guint width, height;
  double text_scale;
  RtScheme scheme;
  RtTime now;
  gboolean true_scale;
} RtPictureOptions;

GString *rt_timeline_picture_svg (const RtTimelineModel *model,
                                  const RtPictureOptions *options,
                                  RtMeasure measure);
gboolean rt_timeline_picture_write (const RtTimelineModel *model,
                                    const RtPictureOptions *options,
                                    const char *path,
                                    GError **error);

G_END_DECLS
