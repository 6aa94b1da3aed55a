/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content as a picture. */
#pragma once

#include <gdk/gdk.h>

G_BEGIN_DECLS

gboolean rt_body_is_image (const char *media_type);
GdkTexture *rt_body_image_new (GBytes *bytes, char **ret_why_not);

G_END_DECLS
