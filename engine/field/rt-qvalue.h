/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quality values as integers. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_QVALUE_MAX: what `q=1`, or no q at all, means; in thousandths. */
#define RT_QVALUE_MAX 1000u

gboolean rt_qvalue_parse (RtText text, guint *ret_thousandths);

G_END_DECLS
