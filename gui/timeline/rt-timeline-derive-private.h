/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that make a model from an analysis. */
#pragma once

#include "rt-timeline-model.h"

G_BEGIN_DECLS

/**
 * RtTimelineDerive:
 * @parties: id → index + 1
 * @rails: connection → index + 1
 * @reused: connections that carried a request
 * @titles: event → the note on the decision made there
 * @messages: id of an exchange and which of its sides → index + 1
 */
typedef struct
{
  RtAnalysis *analysis;
  RtTimelineModel *model;
  const RtTimelineExtras *extras;
  GHashTable *parties, *rails, *reused, *titles, *messages;
} RtTimelineDerive;

guint rt_timeline_derive_party (RtTimelineDerive *derive, RtPartyId id);
guint rt_timeline_derive_message (RtTimelineDerive *derive, guint exchange, gboolean request);
guint rt_timeline_derive_rail (RtTimelineDerive *derive, RtConnection connection);

void rt_timeline_derive_messages (RtTimelineDerive *derive);
void rt_timeline_derive_hops (RtTimelineDerive *derive);
void rt_timeline_derive_decisions (RtTimelineDerive *derive);
void rt_timeline_derive_cards (RtTimelineDerive *derive);
void rt_timeline_derive_strips (RtTimelineDerive *derive);

G_END_DECLS
