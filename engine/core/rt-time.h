/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time: one number for deadlines and dates alike. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtTime:
 *
 * Microseconds since 1970-01-01T00:00:00Z. Never goes backwards within one log. Also used for
 * durations.
 */
typedef gint64 RtTime;

#define RT_TIME_USEC ((RtTime)1)
#define RT_TIME_MSEC ((RtTime)1000)
#define RT_TIME_SEC ((RtTime)1000000)
#define RT_TIME_MINUTE (60 * RT_TIME_SEC)
#define RT_TIME_HOUR (60 * RT_TIME_MINUTE)
#define RT_TIME_DAY (24 * RT_TIME_HOUR)
/** RT_TIME_NEVER: later than every deadline. */
#define RT_TIME_NEVER G_MAXINT64

/**
 * RtCivil:
 * @year: 0 to 9999
 * @month: 1 to 12
 * @day: 1 to 31
 * @weekday: 0 (Sunday) to 6
 * @usec: fraction of the second
 *
 * A moment in UTC, proleptic Gregorian calendar. Needs no locale and no time zone data.
 */
typedef struct
{
  int year, month, day, hour, minute, second, weekday, usec;
} RtCivil;

RtCivil rt_civil_from_time (RtTime time);
gboolean rt_civil_is_valid (const RtCivil *civil);
RtTime rt_time_from_civil (const RtCivil *civil);

gboolean rt_time_parse (const char *text, RtTime *ret_time, GError **error);
char *rt_time_format (RtTime time);
gboolean rt_duration_parse (const char *text, RtTime *ret_duration, GError **error);
char *rt_duration_format (RtTime duration);

G_END_DECLS
