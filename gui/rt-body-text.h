/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content as text that a person can read, by its media type. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *rt_body_text (const char *media_type, GBytes *bytes, const char **ret_language);
gboolean rt_body_is_image (const char *media_type);

G_END_DECLS
