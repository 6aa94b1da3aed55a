/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The filter of the exchange list, in the syntax of browsers' developer tools:
 * `status-code:412 method:PUT -has-response-header:etag "text"`. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

typedef struct _RtFilter RtFilter;

RtFilter *rt_filter_new (const char *text, GError **error);
void rt_filter_free (RtFilter *filter);
gboolean
rt_filter_matches (const RtFilter *filter, RtAnalysis *analysis, const RtExchange *exchange);
const char *const *rt_filter_get_names (guint *ret_n);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtFilter, rt_filter_free)

G_END_DECLS
