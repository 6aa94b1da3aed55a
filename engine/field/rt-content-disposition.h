/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content-Disposition, and the extended parameter values that it needs. */
#pragma once

#include "rt-list.h"

G_BEGIN_DECLS

/**
 * RtContentDisposition:
 * @type: `inline`, `attachment` or another word; compare without case
 * @parameters: for rt_parameter_next()
 */
typedef struct
{
  RtText type, parameters;
} RtContentDisposition;

gboolean rt_content_disposition_parse (RtText value, RtContentDisposition *ret_disposition);
char *rt_content_disposition_dup_filename (const RtContentDisposition *disposition);

char *rt_ext_value_dup (RtText text);
char *rt_ext_value_format (const char *text);

G_END_DECLS
