/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The replayed session: an origin server that has no resources but the responses of a recording,
 * and gives them to whoever asks as it was asked then. */
#pragma once

#include "rt-analysis.h"
#include "rt-server.h"

G_BEGIN_DECLS

typedef struct _RtReplayed RtReplayed;

RtReplayed *rt_replayed_new (const RtServerLimits *limits);
void rt_replayed_free (RtReplayed *replayed);
gboolean rt_replayed_add (RtReplayed *replayed, RtAnalysis *analysis, const RtExchange *exchange);
guint rt_replayed_get_length (RtReplayed *replayed);

/** rt_replayed_class: an #RtReplayed as a party. The driver frees it. */
extern const RtPartyClass rt_replayed_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtReplayed, rt_replayed_free)

G_END_DECLS
