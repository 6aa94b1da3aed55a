/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calendar arithmetic and the text forms of times and durations. Integers only: what is formatted
 * here reaches the log, which must be the same on every machine. */
#include "rt-time.h"

#include "rt-error.h"

#include <string.h>

/* Days from 1970-01-01, counting years from March so that the leap day comes last. */
static gint64
days_from_civil (int year, int month, int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = (y >= 0 ? y : y - 399) / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

static gint64
floor_div (gint64 a, gint64 b)
{
  return a / b - (a % b < 0);
}

/**
 * rt_civil_from_time:
 * @time: a moment
 *
 * Returns: the same moment as a UTC calendar date
 */
RtCivil
rt_civil_from_time (RtTime time)
{
  gint64 days = floor_div (time, RT_TIME_DAY);
  gint64 rest = (time % RT_TIME_DAY + RT_TIME_DAY) % RT_TIME_DAY;
  gint64 z = days + 719468;
  gint64 era = floor_div (z, 146097);
  gint64 day_of_era = z - era * 146097;
  gint64 year_of_era
      = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 mp = (5 * day_of_year + 2) / 153;
  int month = (int)(mp < 10 ? mp + 3 : mp - 9);

  return (RtCivil){
    .year = (int)(year_of_era + era * 400 + (month <= 2)),
    .month = month,
    .day = (int)(day_of_year - (153 * mp + 2) / 5 + 1),
    .hour = (int)(rest / RT_TIME_HOUR),
    .minute = (int)(rest / RT_TIME_MINUTE % 60),
    .second = (int)(rest / RT_TIME_SEC % 60),
    .weekday = (int)(((days + 4) % 7 + 7) % 7),
    .usec = (int)(rest % RT_TIME_SEC),
  };
}

static int
days_in_month (int year, int month)
{
  static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
  gboolean leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

  return month == 2 && leap ? 29 : days[month - 1];
}

/**
 * rt_civil_is_valid:
 * @civil: a date; its weekday is not looked at
 *
 * Returns: whether every part is in range and the day exists in its month. Second 60 is accepted
 *   (RFC 9110 §5.6.7 has it in its grammar).
 */
gboolean
rt_civil_is_valid (const RtCivil *civil)
{
  return civil->year >= 0 && civil->year <= 9999 && civil->month >= 1 && civil->month <= 12
         && civil->day >= 1 && civil->day <= days_in_month (civil->year, civil->month)
         && civil->hour >= 0 && civil->hour <= 23 && civil->minute >= 0 && civil->minute <= 59
         && civil->second >= 0 && civil->second <= 60 && civil->usec >= 0
         && civil->usec < RT_TIME_SEC;
}

/**
 * rt_time_from_civil:
 * @civil: a valid UTC date
 *
 * Returns: the moment; a leap second counts as the first second of the next minute
 */
RtTime
rt_time_from_civil (const RtCivil *civil)
{
  return days_from_civil (civil->year, civil->month, civil->day) * RT_TIME_DAY
         + civil->hour * RT_TIME_HOUR + civil->minute * RT_TIME_MINUTE + civil->second * RT_TIME_SEC
         + civil->usec;
}

/* Exactly @n digits; moves @at behind them. */
static gboolean
take_digits (const char **at, int n, int *ret_value)
{
  int value = 0;

  for (int i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit ((*at)[i]))
        return FALSE;
      value = value * 10 + ((*at)[i] - '0');
    }
  *at += n;
  *ret_value = value;
  return TRUE;
}

static gboolean
take (const char **at, char c)
{
  if (**at != c)
    return FALSE;
  (*at)++;
  return TRUE;
}

/* Up to six digits count; later ones are below our resolution. */
static gboolean
take_fraction (const char **at, int *ret_usec)
{
  int usec = 0;
  int scale = 100000;

  if (!g_ascii_isdigit (**at))
    return FALSE;
  for (; g_ascii_isdigit (**at); (*at)++, scale /= 10)
    usec += (**at - '0') * scale;
  *ret_usec = usec;
  return TRUE;
}

/**
 * rt_time_parse:
 * @text: `2026-01-01T12:00:00Z`, optionally with a fraction of a second
 * @ret_time: (out): the moment; untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX. Source: RFC 3339, UTC only.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_time_parse (const char *text, RtTime *ret_time, GError **error)
{
  const char *at = text;
  RtCivil civil = { 0 };
  gboolean ok = take_digits (&at, 4, &civil.year) && take (&at, '-')
                && take_digits (&at, 2, &civil.month) && take (&at, '-')
                && take_digits (&at, 2, &civil.day) && take (&at, 'T')
                && take_digits (&at, 2, &civil.hour) && take (&at, ':')
                && take_digits (&at, 2, &civil.minute) && take (&at, ':')
                && take_digits (&at, 2, &civil.second);

  if (ok && take (&at, '.'))
    ok = take_fraction (&at, &civil.usec);
  ok = ok && take (&at, 'Z') && *at == '\0' && rt_civil_is_valid (&civil);
  if (!ok)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a UTC time such as 2026-01-01T12:00:00Z",
                    "“%s” is not a time", text);
      return FALSE;
    }
  *ret_time = rt_time_from_civil (&civil);
  return TRUE;
}

/**
 * rt_time_format:
 * @time: a moment
 *
 * Returns: (transfer full): `2026-01-01T12:00:00Z`, with a fraction where there is one
 */
char *
rt_time_format (RtTime time)
{
  RtCivil c = rt_civil_from_time (time);
  char fraction[8] = "";

  if (c.usec % 1000 != 0)
    g_snprintf (fraction, sizeof fraction, ".%06d", c.usec);
  else if (c.usec != 0)
    g_snprintf (fraction, sizeof fraction, ".%03d", c.usec / 1000);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d%sZ", c.year, c.month, c.day, c.hour,
                          c.minute, c.second, fraction);
}

static const struct
{
  const char *name;
  RtTime unit;
} units[] = {
  { "us", RT_TIME_USEC },  { "ms", RT_TIME_MSEC }, { "s", RT_TIME_SEC },
  { "m", RT_TIME_MINUTE }, { "h", RT_TIME_HOUR },  { "d", RT_TIME_DAY },
};

static RtTime
unit_named (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    if (strcmp (name, units[i].name) == 0)
      return units[i].unit;
  return 0;
}

/**
 * rt_duration_parse:
 * @text: digits, an optional fraction, and a unit: `250ms`, `1.5s`, `+1h`
 * @ret_duration: (out): the duration; untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_duration_parse (const char *text, RtTime *ret_duration, GError **error)
{
  const char *at = text + (*text == '+');
  gint64 whole = 0;
  int fraction = 0;
  gboolean ok = g_ascii_isdigit (*at);
  RtTime unit;

  for (; g_ascii_isdigit (*at) && whole < G_GINT64_CONSTANT (1000000000000); at++)
    whole = whole * 10 + (*at - '0');
  if (ok && take (&at, '.'))
    ok = take_fraction (&at, &fraction);
  unit = unit_named (at);
  if (!ok || unit == 0 || whole > G_MAXINT64 / 4 / unit)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL,
                    "a number with a unit of us, ms, s, m, h or d, such as 250ms or +1h",
                    "“%s” is not a duration", text);
      return FALSE;
    }
  *ret_duration
      = whole * unit + (unit / 1000) * fraction / 1000 + (unit % 1000) * fraction / 1000000;
  return TRUE;
}

/**
 * rt_duration_format:
 * @duration: a duration
 *
 * Returns: (transfer full): three significant digits or so in the largest fitting unit, for people:
 *   `0 ms`, `240 µs`, `12.5 ms`, `1.25 s`, `2 min`, `3 h`, `5 d`
 */
char *
rt_duration_format (RtTime duration)
{
  static const struct
  {
    RtTime from, unit;
    const char *name;
  } steps[] = {
    { RT_TIME_DAY, RT_TIME_DAY, "d" },
    { RT_TIME_HOUR, RT_TIME_HOUR, "h" },
    { 2 * RT_TIME_MINUTE, RT_TIME_MINUTE, "min" },
    { RT_TIME_SEC, RT_TIME_SEC, "s" },
    { RT_TIME_MSEC, RT_TIME_MSEC, "ms" },
  };
  const char *sign = duration < 0 ? "−" : "";
  RtTime d = duration < 0 ? -MAX (duration, -G_MAXINT64) : duration;

  if (d == 0)
    return g_strdup ("0 ms");
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    if (d >= steps[i].from)
      {
        gint64 whole = d / steps[i].unit;
        /* Hundredths below 10, tenths below 100, cut rather than rounded: 0.999 s is not 1 s. */
        gint64 hundredths = (d % steps[i].unit) * 100 / steps[i].unit;

        if (whole >= 100 || hundredths == 0 || (whole >= 10 && hundredths < 10))
          return g_strdup_printf ("%s%" G_GINT64_FORMAT " %s", sign, whole, steps[i].name);
        if (whole >= 10 || hundredths % 10 == 0)
          return g_strdup_printf ("%s%" G_GINT64_FORMAT ".%d %s", sign, whole,
                                  (int)(hundredths / 10), steps[i].name);
        return g_strdup_printf ("%s%" G_GINT64_FORMAT ".%02d %s", sign, whole, (int)hundredths,
                                steps[i].name);
      }
  return g_strdup_printf ("%s%" G_GINT64_FORMAT " µs", sign, d);
}
