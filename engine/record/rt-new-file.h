/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A file that is there whole or not at all: written under another name beside it and then renamed.
 * For this folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *rt_new_file_begin (const char *path, gboolean replace, GError **error);
gboolean
rt_new_file_finish (const char *temporary, const char *path, gboolean replace, GError **error);
void rt_new_file_discard (const char *temporary);

G_END_DECLS
