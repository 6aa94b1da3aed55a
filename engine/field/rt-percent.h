/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Percent-encoding: the sets of the URL standard, encoding and decoding. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtPercentSet:
 *
 * Which bytes are encoded; each set holds those before it except where url#percent-encoded-bytes
 * says otherwise. Bytes beyond ASCII and controls are in all of them.
 */
typedef enum
{
  RT_PERCENT_C0_CONTROL,
  RT_PERCENT_FRAGMENT,
  RT_PERCENT_QUERY,
  RT_PERCENT_SPECIAL_QUERY,
  RT_PERCENT_PATH,
  RT_PERCENT_USERINFO,
  RT_PERCENT_COMPONENT,
} RtPercentSet;

gboolean rt_percent_set_contains (RtPercentSet set, char c);
void rt_percent_append (GString *out, RtPercentSet set, char c);
void rt_percent_encode (GString *out, RtPercentSet set, RtText text);
gboolean rt_percent_take (RtText *rest, char *ret_byte);
void rt_percent_decode (GString *out, RtText text);

G_END_DECLS
