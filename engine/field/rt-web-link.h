/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Link field. */
#pragma once

#include "rt-list.h"

G_BEGIN_DECLS

/**
 * RtWebLink:
 * @target: the URI reference between the angle brackets
 * @parameters: for rt_web_link_parameter_next()
 * @whole: all of it
 *
 * One link, RFC 8288 §3.
 */
typedef struct
{
  RtText target, parameters, whole;
  gboolean malformed;
} RtWebLink;

gboolean rt_web_link_next (RtText *rest, RtWebLink *ret_link);
gboolean rt_web_link_parameter_next (RtText *rest, RtParameter *ret_parameter);
gboolean rt_web_link_find (const RtWebLink *link, const char *name, RtParameter *ret_parameter);
gboolean rt_web_link_has_relation (const RtWebLink *link, RtText relation);

G_END_DECLS
