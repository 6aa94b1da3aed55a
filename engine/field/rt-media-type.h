/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Media types: as RFC 9110 writes them, and as browsers read them. */
#pragma once

#include "rt-list.h"

G_BEGIN_DECLS

/**
 * RtMediaType:
 * @essence: `type/subtype`, as written; compare without case
 * @parameters: what follows, its first ";" included: for rt_parameter_next() or
 *   rt_mime_parameter_next()
 *
 * A media type. Borrowed.
 */
typedef struct
{
  RtText type, subtype, essence, parameters;
} RtMediaType;

gboolean rt_media_type_parse (RtText value, RtMediaType *ret_type);
gboolean rt_media_type_is (const RtMediaType *type, const char *essence);

gboolean rt_mime_type_parse (RtText value, RtMediaType *ret_type);
gboolean rt_mime_parameter_next (RtText *rest, RtParameter *ret_parameter);
gboolean
rt_mime_type_find_parameter (const RtMediaType *type, const char *name, RtParameter *ret_parameter);
char *rt_mime_type_serialize (const RtMediaType *type);

G_END_DECLS
