/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * URIs as cache keys. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

char *rt_cache_uri_resolve (const char *base, RtText reference);
gboolean rt_cache_uri_same_origin (const char *a, const char *b);

G_END_DECLS
