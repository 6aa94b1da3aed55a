/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Range, Content-Range and If-Range. */
#pragma once

#include "rt-etag.h"
#include "rt-date.h"

G_BEGIN_DECLS

/**
 * RtRangeKind:
 * @RT_RANGE_MALFORMED: no range-spec of bytes
 * @RT_RANGE_INVERTED: `500-20`: well-formed, and yet invalid
 * @RT_RANGE_CLOSED: `0-499`
 * @RT_RANGE_OPEN: `500-`
 * @RT_RANGE_SUFFIX: `-500`: the last 500
 */
typedef enum
{
  RT_RANGE_MALFORMED,
  RT_RANGE_INVERTED,
  RT_RANGE_CLOSED,
  RT_RANGE_OPEN,
  RT_RANGE_SUFFIX,
} RtRangeKind;

/**
 * RtRangeSpec:
 * @first: %RT_RANGE_CLOSED, %RT_RANGE_OPEN
 * @last: %RT_RANGE_CLOSED, inclusive
 * @suffix: %RT_RANGE_SUFFIX
 * @whole: as written
 *
 * One range-spec, RFC 9110 §14.1.2. Numbers of 2^64 or more count as 2^64 - 1: no representation
 * is that long.
 */
typedef struct
{
  RtRangeKind kind;
  guint64 first, last, suffix;
  RtText whole;
} RtRangeSpec;

gboolean rt_range_split (RtText value, RtText *ret_unit, RtText *ret_set);
gboolean rt_range_next (RtText *rest, RtRangeSpec *ret_spec);
gboolean rt_range_is_valid (RtText value);
gboolean
rt_range_resolve (const RtRangeSpec *spec, guint64 length, guint64 *ret_first, guint64 *ret_last);

/**
 * RtContentRange:
 * @unit: `bytes`
 * @unsatisfied: it is of a 416: `bytes * / 1234` without the spaces
 * @first, @last: inclusive, unless @unsatisfied
 * @has_complete: the length of the whole is known
 * @complete: that length
 *
 * A Content-Range, RFC 9110 §14.4.
 */
typedef struct
{
  RtText unit;
  gboolean unsatisfied, has_complete;
  guint64 first, last, complete;
} RtContentRange;

gboolean rt_content_range_parse (RtText value, RtContentRange *ret_range);
char *rt_content_range_format (const RtContentRange *range);

/**
 * RtIfRange:
 * @is_date: which of the two it is
 *
 * The value of If-Range, RFC 9110 §13.1.5.
 */
typedef struct
{
  gboolean is_date;
  RtEtag etag;
  RtTime date;
} RtIfRange;

gboolean rt_if_range_parse (RtText value, RtTime now, RtIfRange *ret_if_range);

G_END_DECLS
