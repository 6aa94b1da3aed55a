/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Eight bytes at a time: strings of JSON are short or full of escapes, where memchr() takes longer
 * to begin than to search. For this folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define RT_JSON_ALL(byte) (G_GUINT64_CONSTANT (0x0101010101010101) * (byte))

/* Whether bytes of @word are zero: their top bits. Above the lowest one there may be false ones. */
static inline guint64
rt_json_zeros (guint64 word)
{
  return (word - RT_JSON_ALL (0x01)) & ~word & RT_JSON_ALL (0x80);
}

G_END_DECLS
