/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP-date in its three forms, and the cookie date, which has an algorithm in place of a grammar.
 * No locale and no clock: what "now" is comes from the caller. */
#include "rt-date.h"

#include "rt-scan.h"

static const char *const months[]
    = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
static const char *const weekdays[]
    = { "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday" };

/* The reader of one date: a cursor, how strict it is, and what two-digit years are relative to. */
typedef struct
{
  RtText rest;
  RtDateStrictness strictness;
  RtTime now;
} DateReader;

static gboolean
take_literal (DateReader *r, const char *literal)
{
  RtText head = { r->rest.at, MIN (strlen (literal), r->rest.length) };

  if (!(r->strictness == RT_DATE_STRICT ? rt_text_is (head, literal)
                                        : rt_text_is_nocase (head, literal)))
    return FALSE;
  rt_skip (&r->rest, head.length);
  return TRUE;
}

/* @min to @max digits; fewer than @max only where the reader is tolerant. */
static gboolean
take_number (DateReader *r, gsize min, gsize max, int *ret_value)
{
  int value = 0;
  gsize n = 0;

  for (; n < r->rest.length && n < max && g_ascii_isdigit (r->rest.at[n]); n++)
    value = value * 10 + (r->rest.at[n] - '0');
  if (n < (r->strictness == RT_DATE_TOLERANT ? min : max))
    return FALSE;
  rt_skip (&r->rest, n);
  *ret_value = value;
  return TRUE;
}

static gboolean
take_month (DateReader *r, int *ret_month)
{
  for (int i = 0; i < 12; i++)
    if (take_literal (r, months[i]))
      {
        *ret_month = i + 1;
        return TRUE;
      }
  return FALSE;
}

/* The long name, or its first three letters. */
static gboolean
take_weekday (DateReader *r, gboolean abbreviated, int *ret_weekday)
{
  for (int i = 0; i < 7; i++)
    {
      char name[10];

      g_strlcpy (name, weekdays[i], abbreviated ? 4 : sizeof name);
      if (take_literal (r, name))
        {
          *ret_weekday = i;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
take_time_of_day (DateReader *r, RtCivil *civil)
{
  return take_number (r, 1, 2, &civil->hour) && take_literal (r, ":")
         && take_number (r, 2, 2, &civil->minute) && take_literal (r, ":")
         && take_number (r, 2, 2, &civil->second);
}

static gboolean
take_zone (DateReader *r)
{
  return take_literal (r, " GMT")
         || (r->strictness == RT_DATE_TOLERANT && take_literal (r, " UTC"));
}

/* Sun, 06 Nov 1994 08:49:37 GMT */
static gboolean
take_imf_fixdate (DateReader *r, RtCivil *civil)
{
  return take_weekday (r, TRUE, &civil->weekday) && take_literal (r, ", ")
         && take_number (r, 1, 2, &civil->day) && take_literal (r, " ")
         && take_month (r, &civil->month) && take_literal (r, " ")
         && take_number (r, 4, 4, &civil->year) && take_literal (r, " ")
         && take_time_of_day (r, civil) && take_zone (r);
}

/* "A timestamp that appears to be more than 50 years in the future" is "the most recent year in
 * the past that had the same last two digits" (RFC 9110 §5.6.7): the last such year whose moment is
 * not behind @now + 50 years. */
static void
settle_two_digit_year (RtCivil *civil, int two, RtTime now)
{
  RtCivil limit = rt_civil_from_time (now);

  limit.year += 50;
  if (!rt_civil_is_valid (&limit))
    limit.day = 28;
  civil->year = limit.year - (limit.year - two) % 100;
  if (rt_civil_is_valid (civil) && rt_time_from_civil (civil) > rt_time_from_civil (&limit))
    civil->year -= 100;
}

/* Sunday, 06-Nov-94 08:49:37 GMT */
static gboolean
take_rfc850_date (DateReader *r, RtCivil *civil)
{
  int two;

  if (!take_weekday (r, FALSE, &civil->weekday) || !take_literal (r, ", ")
      || !take_number (r, 1, 2, &civil->day) || !take_literal (r, "-")
      || !take_month (r, &civil->month) || !take_literal (r, "-") || !take_number (r, 2, 2, &two)
      || !take_literal (r, " ") || !take_time_of_day (r, civil) || !take_zone (r))
    return FALSE;
  settle_two_digit_year (civil, two, r->now);
  return TRUE;
}

/* Sun Nov  6 08:49:37 1994 */
static gboolean
take_asctime_date (DateReader *r, RtCivil *civil)
{
  gboolean short_day;

  if (!take_weekday (r, TRUE, &civil->weekday) || !take_literal (r, " ")
      || !take_month (r, &civil->month) || !take_literal (r, " "))
    return FALSE;
  short_day = take_literal (r, " ");
  return take_number (r, 1, short_day ? 1 : 2, &civil->day) && take_literal (r, " ")
         && take_time_of_day (r, civil) && take_literal (r, " ")
         && take_number (r, 4, 4, &civil->year);
}

/**
 * rt_http_date_parse:
 * @text: a date
 * @now: what a two-digit year is relative to
 * @strictness: how much is forgiven
 * @ret_time: (out): the moment; untouched on failure
 *
 * Source: RFC 9110 §5.6.7: IMF-fixdate, and the obsolete forms of RFC 850 and asctime.
 *
 * Returns: whether it is a date
 */
gboolean
rt_http_date_parse (RtText text, RtTime now, RtDateStrictness strictness, RtTime *ret_time)
{
  static gboolean (*const forms[]) (DateReader * r, RtCivil * civil)
      = { take_imf_fixdate, take_rfc850_date, take_asctime_date };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      DateReader r = { text, strictness, now };
      RtCivil civil = { 0 };
      RtTime time;

      if (!forms[i](&r, &civil) || r.rest.length > 0 || !rt_civil_is_valid (&civil))
        continue;
      time = rt_time_from_civil (&civil);
      if (r.strictness == RT_DATE_STRICT
          && civil.weekday
                 != rt_civil_from_time (time - (civil.second == 60 ? RT_TIME_SEC : 0)).weekday)
        return FALSE;
      *ret_time = time;
      return TRUE;
    }
  return FALSE;
}

/**
 * rt_http_date_format:
 * @time: a moment of the years 0 to 9999; the fraction of its second is cut off
 * @out: (out caller-allocates): the IMF-fixdate, NUL-terminated
 */
void
rt_http_date_format (RtTime time, char out[static RT_DATE_LENGTH + 1])
{
  RtCivil c = rt_civil_from_time (time);

  g_snprintf (out, RT_DATE_LENGTH + 1, "%.3s, %02d %s %04d %02d:%02d:%02d GMT", weekdays[c.weekday],
              c.day, months[c.month - 1], CLAMP (c.year, 0, 9999), c.hour, c.minute, c.second);
}

/**
 * rt_http_date_dup:
 * @time: a moment
 *
 * Returns: (transfer full): the IMF-fixdate
 */
char *
rt_http_date_dup (RtTime time)
{
  char out[RT_DATE_LENGTH + 1];

  rt_http_date_format (time, out);
  return g_strdup (out);
}

/* %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E */
static gboolean
is_cookie_date_delimiter (char c)
{
  guchar u = (guchar)c;

  return u == 0x09 || (u >= 0x20 && u <= 0x2f) || (u >= 0x3b && u <= 0x40)
         || (u >= 0x5b && u <= 0x60) || (u >= 0x7b && u <= 0x7e);
}

static gboolean
is_no_cookie_date_delimiter (char c)
{
  return !is_cookie_date_delimiter (c);
}

/* `min*max DIGIT` that ends at a non-digit, or at the end. */
static gboolean
take_cookie_number (RtText *rest, gsize min, gsize max, int *ret_value)
{
  RtText digits = rt_take_digits (rest);
  int value = 0;

  if (digits.length < min || digits.length > max)
    return FALSE;
  for (gsize i = 0; i < digits.length; i++)
    value = value * 10 + (digits.at[i] - '0');
  *ret_value = value;
  return TRUE;
}

static gboolean
match_cookie_number (RtText token, gsize min, gsize max, int *ret_value)
{
  return take_cookie_number (&token, min, max, ret_value);
}

static gboolean
match_cookie_time (RtText token, RtCivil *civil)
{
  RtCivil c = *civil;

  if (!take_cookie_number (&token, 1, 2, &c.hour) || !rt_take_char (&token, ':')
      || !take_cookie_number (&token, 1, 2, &c.minute) || !rt_take_char (&token, ':')
      || !take_cookie_number (&token, 1, 2, &c.second))
    return FALSE;
  *civil = c;
  return TRUE;
}

static gboolean
match_cookie_month (RtText token, int *ret_month)
{
  for (int i = 0; token.length >= 3 && i < 12; i++)
    if (g_ascii_strncasecmp (token.at, months[i], 3) == 0)
      {
        *ret_month = i + 1;
        return TRUE;
      }
  return FALSE;
}

/**
 * rt_cookie_date_parse:
 * @text: the value of a cookie's Expires
 * @ret_time: (out): the moment; untouched on failure
 *
 * Source: the algorithm of RFC 6265bis §5.1.1: whatever looks like a time, a day, a month and a
 * year, in nearly any order. It knows no time zone.
 *
 * Returns: whether all four were found and form a date
 */
gboolean
rt_cookie_date_parse (RtText text, RtTime *ret_time)
{
  gboolean has_time = FALSE, has_day = FALSE, has_month = FALSE, has_year = FALSE;
  RtCivil c = { 0 };

  while (text.length > 0)
    {
      RtText token;

      rt_take_while (&text, is_cookie_date_delimiter);
      token = rt_take_while (&text, is_no_cookie_date_delimiter);
      if (!has_time && match_cookie_time (token, &c))
        has_time = TRUE;
      else if (!has_day && match_cookie_number (token, 1, 2, &c.day))
        has_day = TRUE;
      else if (!has_month && match_cookie_month (token, &c.month))
        has_month = TRUE;
      else if (!has_year && match_cookie_number (token, 2, 4, &c.year))
        has_year = TRUE;
    }
  if (!has_time || !has_day || !has_month || !has_year)
    return FALSE;
  if (c.year <= 99)
    c.year += c.year >= 70 ? 1900 : 2000;
  if (c.year < 1601 || c.second > 59 || !rt_civil_is_valid (&c))
    return FALSE;
  *ret_time = rt_time_from_civil (&c);
  return TRUE;
}
