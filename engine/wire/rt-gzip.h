/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The content coding gzip, for content of our own. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *rt_gzip (GBytes *content);
GBytes *rt_gzip_fit (GBytes *content, gsize size);

G_END_DECLS
