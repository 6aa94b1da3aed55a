/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether two plays of a scenario are the same exchanges, whatever carried them. */
#pragma once

#include "rt-scenario.h"

G_BEGIN_DECLS

GPtrArray *rt_sameness_dup_lines (RtPlay *play);
char *rt_sameness_dup_difference (RtPlay *a, RtPlay *b);

G_END_DECLS
