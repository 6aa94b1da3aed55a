/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes as a lesson writes them: literal lines, with pauses and escapes. */
#pragma once

#include "rt-byte-client.h"
#include "rt-lesson.h"

G_BEGIN_DECLS

RtBytePiece *rt_byte_text_parse (const char *text,
                                 guint piece,
                                 RtTime every,
                                 const RtPlace *place,
                                 guint *ret_n,
                                 GError **error);
GByteArray *
rt_byte_text_flatten (const char *text, const RtPlace *place, GArray *lines, GError **error);
char *rt_byte_text_write (RtText bytes);
gboolean
rt_byte_text_check (const RtStep *step, GPtrArray *names, const RtPlace *place, GError **error);

G_END_DECLS
