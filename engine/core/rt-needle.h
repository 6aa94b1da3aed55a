/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finding bytes in bytes, as fast as they can be read. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtNeedle:
 * @text: what is looked for; borrowed
 * @ignore_case: of ASCII letters
 */
typedef struct
{
  RtText text;
  gboolean ignore_case;
} RtNeedle;

gssize rt_needle_find (const RtNeedle *needle, RtText in, gsize from);
gboolean rt_pattern_matches (const char *pattern, RtText text);

G_END_DECLS
