/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How well a text fits what somebody types in a hurry. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int rt_fuzzy_score (const char *query, const char *text);

G_END_DECLS
