/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A filter from within: how each key reads its value. For this folder. */
#pragma once

#include "rt-filter.h"

#include "rt-error.h"

G_BEGIN_DECLS

struct _RtFilter
{
  gint ref_count;
  GArray *terms; /* RtFilterTerm */
};

const RtFilterKeyword *rt_filter_find_keyword (const char *name);
gboolean rt_filter_read_value (RtFilterTerm *term,
                               const RtFilterKeyword *keyword,
                               const RtPlace *place,
                               GError **error);
gboolean rt_filter_read_regex (RtFilterTerm *term, const RtPlace *place, GError **error);
char *rt_filter_find_literal (const char *pattern);
const char *rt_filter_skip_term (const char *at);

G_END_DECLS
