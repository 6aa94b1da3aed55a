/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON merge patch, RFC 7396. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GBytes *rt_merge_patch (GBytes *document, GBytes *patch, guint max_nesting, GError **error);

G_END_DECLS
