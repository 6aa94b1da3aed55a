/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dates as HTTP and cookies write them. */
#pragma once

#include "rt-text.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtDateStrictness:
 * @RT_DATE_STRICT: one of the three forms of RFC 9110 §5.6.7, letter by letter, with the right day
 *   of the week
 * @RT_DATE_CASELESS: case does not matter and the day of the week may be wrong
 * @RT_DATE_TOLERANT: case does not matter, the day of the week may be wrong, a day or an hour may
 *   lack its leading zero, `UTC` is a name for GMT
 */
typedef enum
{
  RT_DATE_STRICT,
  RT_DATE_CASELESS,
  RT_DATE_TOLERANT,
} RtDateStrictness;

/** RT_DATE_LENGTH: of `Sun, 06 Nov 1994 08:49:37 GMT`, its NUL excluded. */
#define RT_DATE_LENGTH 29

gboolean
rt_http_date_parse (RtText text, RtTime now, RtDateStrictness strictness, RtTime *ret_time);
void rt_http_date_format (RtTime time, char out[static RT_DATE_LENGTH + 1]);
char *rt_http_date_dup (RtTime time);

gboolean rt_cookie_date_parse (RtText text, RtTime *ret_time);

G_END_DECLS
