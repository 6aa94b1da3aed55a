/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A HAR of any size, to be measured with. */
#pragma once

#include <glib.h>

guint64 bench_archive_write (const char *path, guint entries);
