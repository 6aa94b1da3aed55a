/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A command line of a POSIX shell, taken apart into its words. Nothing is carried out: where a
 * shell would do something, that is an error. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/** RT_SHELL_LENGTH_MAX: bytes of a command line. */
#define RT_SHELL_LENGTH_MAX (4 * 1024 * 1024)

char **rt_shell_split (const char *text, GError **error);

G_END_DECLS
