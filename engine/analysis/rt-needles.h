/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Many strings looked for at once, each with what it is replaced by. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_NEEDLE_MIN: shorter strings are not looked for: they are found everywhere. */
#define RT_NEEDLE_MIN 6

typedef struct _RtNeedles RtNeedles;

/** RtNeedle: @replacement: as long as @text */
typedef struct
{
  char *text, *replacement;
  gsize length;
} RtNeedle;

RtNeedles *rt_needles_new (void);
void rt_needles_free (RtNeedles *needles);
void rt_needles_add (RtNeedles *needles, RtText text, const char *replacement);
gsize rt_needles_get_longest (RtNeedles *needles);
const RtNeedle *rt_needles_match (RtNeedles *needles, RtText text);
guint rt_needles_replace (RtNeedles *needles, char *bytes, gsize length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtNeedles, rt_needles_free)

G_END_DECLS
