/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session file of any size, to be measured with. */
#pragma once

#include "rt-error.h"

/** BENCH_SESSION_WORD: is in one body of ten thousand. */
#define BENCH_SESSION_WORD "Stilton"

gboolean bench_session_write (const char *path, guint n, GError **error);
