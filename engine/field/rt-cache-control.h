/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Directives of Cache-Control and the fields made like it (CDN-Cache-Control is a structured
 * field: rt-structured.h). */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_DELTA_SECONDS_MAX: what a number too large to matter counts as, RFC 9111 §1.2.2. */
#define RT_DELTA_SECONDS_MAX G_GINT64_CONSTANT (2147483648)

/**
 * RtDirective:
 * @name: compared without case
 * @value: the argument; for a quoted one what stands between the quotes
 * @whole: the directive as written
 * @has_value: there is an argument, perhaps an empty one
 * @quoted: it is a quoted string
 * @malformed: it follows no grammar. The name is still set where a token stood there: for
 *   `no-store=` or `max-age=1 0` a recipient may want to be careful.
 *
 * One directive, RFC 9111 §5.2. Borrowed.
 */
typedef struct
{
  RtText name, value, whole;
  gboolean has_value, quoted, malformed;
} RtDirective;

gboolean rt_directive_next (RtText *rest, RtDirective *ret_directive);
gboolean rt_directive_find (RtText value, const char *name, RtDirective *ret_directive);
gboolean rt_directive_get_seconds (const RtDirective *directive, gint64 *ret_seconds);
gboolean rt_delta_seconds_parse (RtText text, gint64 *ret_seconds);

G_END_DECLS
