/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three-way merge of texts by lines. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

GBytes *rt_merge (RtText base, RtText mine, RtText theirs, guint *ret_conflicts);

G_END_DECLS
