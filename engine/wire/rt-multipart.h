/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of a multipart content: RFC 2046 §5.1. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtPart:
 * @head: its header section, without the empty line behind it
 * @content: its content, as it stands
 * @cut: no delimiter follows it: what is here may be but its beginning
 */
typedef struct
{
  RtText head, content;
  gboolean cut;
} RtPart;

gboolean rt_multipart_next (RtText *rest, RtText boundary, RtPart *ret_part);
gboolean rt_part_find_field (const RtPart *part, const char *name, RtText *ret_value);

G_END_DECLS
