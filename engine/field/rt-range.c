/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ranges. The grammar only: which ranges are answered is for the rules. */
#include "rt-range.h"

#include "rt-list.h"

/* A position too large for 64 bits lies behind every end: it saturates rather than wraps. */
static gboolean
take_position (RtText *rest, guint64 *ret_value)
{
  RtText digits = rt_take_digits (rest);

  if (digits.length == 0)
    return FALSE;
  if (!rt_text_to_uint64 (digits, ret_value))
    *ret_value = G_MAXUINT64;
  return TRUE;
}

/**
 * rt_range_split:
 * @value: the value of Range
 * @ret_unit: (out): the range unit; compare without case
 * @ret_set: (out): what rt_range_next() walks
 *
 * Returns: whether it is `unit=…`
 */
gboolean
rt_range_split (RtText value, RtText *ret_unit, RtText *ret_set)
{
  RtText rest = value;
  RtText unit = rt_take_token (&rest);

  if (unit.length == 0 || !rt_take_char (&rest, '='))
    return FALSE;
  *ret_unit = unit;
  *ret_set = rest;
  return TRUE;
}

static RtRangeSpec
parse_spec (RtText text)
{
  RtRangeSpec spec = { .whole = text };
  RtText rest = text;
  RtRangeKind kind;

  if (rt_take_char (&rest, '-'))
    kind = take_position (&rest, &spec.suffix) ? RT_RANGE_SUFFIX : RT_RANGE_MALFORMED;
  else if (!take_position (&rest, &spec.first) || !rt_take_char (&rest, '-'))
    kind = RT_RANGE_MALFORMED;
  else if (!take_position (&rest, &spec.last))
    kind = RT_RANGE_OPEN;
  else
    kind = spec.last < spec.first ? RT_RANGE_INVERTED : RT_RANGE_CLOSED;
  spec.kind = rest.length == 0 ? kind : RT_RANGE_MALFORMED;
  return spec;
}

/**
 * rt_range_next:
 * @rest: (inout): cursor; starts as the range-set
 * @ret_spec: (out): the next range, perhaps a malformed one
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_range_next (RtText *rest, RtRangeSpec *ret_spec)
{
  RtText element;

  if (!rt_list_next (rest, &element))
    return FALSE;
  *ret_spec = parse_spec (element);
  return TRUE;
}

/**
 * rt_range_is_valid:
 * @value: the value of Range
 *
 * Returns: whether it is `bytes=` with one valid range or more. A recipient ignores any other
 *   (RFC 9110 §14.2).
 */
gboolean
rt_range_is_valid (RtText value)
{
  RtText unit, rest;
  RtRangeSpec spec;
  guint n = 0;

  if (!rt_range_split (value, &unit, &rest) || !rt_text_is_nocase (unit, "bytes"))
    return FALSE;
  for (; rt_range_next (&rest, &spec); n++)
    if (spec.kind == RT_RANGE_MALFORMED || spec.kind == RT_RANGE_INVERTED)
      return FALSE;
  return n > 0;
}

/**
 * rt_range_resolve:
 * @spec: a range
 * @length: of the selected representation, in bytes
 * @ret_first, @ret_last: (out): what it selects, inclusive; untouched on failure
 *
 * Source: RFC 9110 §14.1.2.
 *
 * Returns: whether it can be satisfied
 */
gboolean
rt_range_resolve (const RtRangeSpec *spec, guint64 length, guint64 *ret_first, guint64 *ret_last)
{
  switch (spec->kind)
    {
    case RT_RANGE_CLOSED:
    case RT_RANGE_OPEN:
      if (spec->first >= length)
        return FALSE;
      *ret_first = spec->first;
      *ret_last = spec->kind == RT_RANGE_OPEN ? length - 1 : MIN (spec->last, length - 1);
      return TRUE;
    case RT_RANGE_SUFFIX:
      if (spec->suffix == 0 || length == 0)
        return FALSE;
      *ret_first = length - MIN (spec->suffix, length);
      *ret_last = length - 1;
      return TRUE;
    case RT_RANGE_MALFORMED:
    case RT_RANGE_INVERTED:
    default:
      return FALSE;
    }
}

/* In Content-Range a number that does not fit can't be acted on: it makes the field invalid. */
static gboolean
take_exact_number (RtText *rest, guint64 *ret_value)
{
  return rt_text_to_uint64 (rt_take_digits (rest), ret_value);
}

/**
 * rt_content_range_parse:
 * @value: the value of Content-Range
 * @ret_range: (out): untouched on failure
 *
 * Source: RFC 9110 §14.4, with what makes one invalid there: last before first, or the complete
 * length not above last. Units other than bytes fail too: their ranges have a grammar of their own.
 *
 * Returns: whether it is valid
 */
gboolean
rt_content_range_parse (RtText value, RtContentRange *ret_range)
{
  RtText rest = value;
  RtContentRange range = { .unit = rt_take_token (&rest) };

  if (!rt_text_is_nocase (range.unit, "bytes") || !rt_take_char (&rest, ' '))
    return FALSE;
  if (rt_take_char (&rest, '*'))
    range.unsatisfied = TRUE;
  else if (!take_exact_number (&rest, &range.first) || !rt_take_char (&rest, '-')
           || !take_exact_number (&rest, &range.last) || range.last < range.first)
    return FALSE;
  if (!rt_take_char (&rest, '/'))
    return FALSE;
  if (range.unsatisfied || !rt_take_char (&rest, '*'))
    {
      range.has_complete = TRUE;
      if (!take_exact_number (&rest, &range.complete)
          || (!range.unsatisfied && range.complete <= range.last))
        return FALSE;
    }
  if (rest.length > 0)
    return FALSE;
  *ret_range = range;
  return TRUE;
}

/**
 * rt_content_range_format:
 * @range: a Content-Range of bytes; its unit is not looked at
 *
 * Returns: (transfer full): the field value
 */
char *
rt_content_range_format (const RtContentRange *range)
{
  if (range->unsatisfied)
    return g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, range->complete);
  if (!range->has_complete)
    return g_strdup_printf ("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/*", range->first,
                            range->last);
  return g_strdup_printf ("bytes %" G_GUINT64_FORMAT "-%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT,
                          range->first, range->last, range->complete);
}

/**
 * rt_if_range_parse:
 * @value: the value of If-Range
 * @now: for two-digit years
 * @ret_if_range: (out): untouched on failure
 *
 * Source: RFC 9110 §13.1.5. A weak entity tag is parsed: that it never matches is for the rules.
 *
 * Returns: whether it is an entity tag or a date
 */
gboolean
rt_if_range_parse (RtText value, RtTime now, RtIfRange *ret_if_range)
{
  RtIfRange result = { 0 };

  if (!rt_etag_parse (value, &result.etag))
    {
      if (!rt_http_date_parse (value, now, RT_DATE_STRICT, &result.date))
        return FALSE;
      result.is_date = TRUE;
    }
  *ret_if_range = result;
  return TRUE;
}
