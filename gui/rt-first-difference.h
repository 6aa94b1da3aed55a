/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where two runs part: the first message that is not in both, or not the same in both. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtFirstDifference:
 * @left, @right: ids of the exchange on each side, 0: there is none
 * @request: it is in the request, not in the response
 * @words: what it is: `PUT /doc/1, request: field If-Match: only on the right`
 */
typedef struct
{
  guint left, right;
  gboolean request;
  char *words;
} RtFirstDifference;

gboolean
rt_first_difference_find (RtAnalysis *left, RtAnalysis *right, RtFirstDifference *ret_difference);
void rt_first_difference_clear (RtFirstDifference *difference);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtFirstDifference, rt_first_difference_clear)

G_END_DECLS
