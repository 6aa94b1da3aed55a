/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Storing: may a cache keep this response, and which of its fields? */
#pragma once

#include "rt-cache-policy.h"

G_BEGIN_DECLS

extern const RtRule rt_rule_cache_store;

gboolean rt_cache_store_decide (const RtCacheSettings *settings,
                                RtMessage *request,
                                const char *uri,
                                RtMessage *response,
                                RtDecision *why);
gboolean rt_cache_stores_field (const RtCacheSettings *settings, RtFields *fields, RtText name);
RtFields *rt_cache_stored_fields (const RtCacheSettings *settings, RtFields *fields);

G_END_DECLS
