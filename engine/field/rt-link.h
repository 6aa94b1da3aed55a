/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Link field. */
#pragma once

#include "rt-list.h"

G_BEGIN_DECLS

/**
 * RtLink:
 * @target: the URI reference between the angle brackets
 * @parameters: for rt_link_parameter_next()
 * @whole: all of it
 *
 * One link, RFC 8288 §3.
 */
typedef struct
{
  RtText target, parameters, whole;
  gboolean malformed;
} RtLink;

gboolean rt_link_next (RtText *rest, RtLink *ret_link);
gboolean rt_link_parameter_next (RtText *rest, RtParameter *ret_parameter);
gboolean rt_link_find (const RtLink *link, const char *name, RtParameter *ret_parameter);
gboolean rt_link_has_relation (const RtLink *link, RtText relation);

G_END_DECLS
