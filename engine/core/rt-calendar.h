/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ends of the calendar. */
#pragma once

#include "rt-time.h"

G_BEGIN_DECLS

/** RT_TIME_FIRST, RT_TIME_LAST: the first and the last day of the years 0 to 9999. */
#define RT_TIME_FIRST (G_GINT64_CONSTANT (-719528) * RT_TIME_DAY)
#define RT_TIME_LAST (G_GINT64_CONSTANT (2932896) * RT_TIME_DAY)

G_END_DECLS
