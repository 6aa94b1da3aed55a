/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Timelines made by hand, for tests and benches. */
#pragma once

#include "rt-timeline-model.h"

G_BEGIN_DECLS

/** RtTimelineSample: @name: also of its golden */
typedef struct
{
  const char *name;
  RtTimelineModel *(*create) (void);
} RtTimelineSample;

extern const RtTimelineSample rt_samples[];
extern const guint rt_n_samples;

RtTimelineModel *rt_sample_many (guint n_messages);
RtTimelineModel *rt_sample_hosts (guint n_hosts);

G_END_DECLS
