/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong with traffic, or could be better. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int rt_inspect_findings (const char *path, gboolean json);

G_END_DECLS
