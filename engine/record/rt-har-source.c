/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the bytes of a HAR come from: the file, or what it was compressed from, in a file without a
 * name. And a first look through it, which says whether its entries are in the order of time. */
#include "rt-har-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define PIECE (256 * 1024)
/* Below this a compressed HAR may be as much smaller as it likes. */
#define RATIO_FLOOR (64 * 1024 * 1024)

static void
close_file (int *fd)
{
  if (*fd >= 0)
    close (*fd);
}

static void
set_errno (GError **error, const char *path, const char *what)
{
  rt_set_error (error, RT_ERROR_IO, &(RtPlace){ path, 0, 0 }, NULL, "%s: %s", what,
                g_strerror (errno));
}

/* RFC 1952 §2.3.1 or RFC 1950 §2.2. A HAR itself begins with "{" or a byte order mark. */
static gboolean
is_compressed (const guint8 *start, gsize size)
{
  return size >= 2
         && ((start[0] == 0x1f && start[1] == 0x8b)
             || ((start[0] & 0x0f) == 8 && start[0] <= 0x78 && start[0] != '{'
                 && (start[0] * 256 + start[1]) % 31 == 0));
}

static gboolean
write_all (int fd, const guint8 *data, gsize size, const char *path, GError **error)
{
  while (size > 0)
    {
      gssize done = write (fd, data, size);

      if (done < 0 && errno == EINTR)
        continue;
      if (done <= 0)
        {
          set_errno (error, path, "what it was compressed from cannot be kept");
          return FALSE;
        }
      data += done;
      size -= (gsize)done;
    }
  return TRUE;
}

static gboolean
check_size (const z_stream *stream, const char *path, GError **error)
{
  guint64 out = stream->total_out;

  if (out <= RATIO_FLOOR || (out <= RT_HAR_SIZE_MAX && out / RT_HAR_RATIO_MAX <= stream->total_in))
    return TRUE;
  rt_set_error (error, RT_ERROR_LIMIT, &(RtPlace){ path, 0, 0 }, NULL,
                out > RT_HAR_SIZE_MAX ? "uncompressed it has more than 4 GiB"
                                      : "uncompressed it is more than 1000 times as long");
  return FALSE;
}

/* What zlib makes of the input at hand goes to @to. FALSE on errors; @ret_over: there is no more.
 */
static gboolean
inflate_piece (z_stream *stream, int to, const char *path, gboolean *ret_over, GError **error)
{
  guint8 out[PIECE];

  do
    {
      int code;

      stream->next_out = out;
      stream->avail_out = sizeof out;
      code = inflate (stream, Z_NO_FLUSH);
      if (!write_all (to, out, sizeof out - stream->avail_out, path, error)
          || !check_size (stream, path, error))
        return FALSE;
      /* Damaged or at its end: what was made until then is read as far as it goes. */
      *ret_over = code != Z_OK && code != Z_BUF_ERROR;
    }
  while (!*ret_over && stream->avail_out == 0);
  return TRUE;
}

static gboolean
inflate_file (int from, int to, const char *path, GError **error)
{
  z_stream stream = { 0 };
  guint8 in[PIECE];
  gboolean over = FALSE;
  gboolean good = TRUE;

  if (inflateInit2 (&stream, MAX_WBITS + 32) != Z_OK) /* either format */
    {
      rt_set_error (error, RT_ERROR_IO, &(RtPlace){ path, 0, 0 }, NULL, "it cannot be inflated");
      return FALSE;
    }
  while (good && !over)
    {
      gssize got = read (from, in, sizeof in);

      if (got <= 0)
        break;
      stream.next_in = in;
      stream.avail_in = (uInt)got;
      good = inflate_piece (&stream, to, path, &over, error);
    }
  inflateEnd (&stream);
  return good;
}

static int
open_inflated (int fd, const char *path, GError **error)
{
  g_autofree char *name = NULL;
  int plain = g_file_open_tmp ("roundtrip-XXXXXX", &name, error);

  if (plain < 0)
    return -1;
  g_unlink (name);
  if (!inflate_file (fd, plain, path, error))
    {
      close (plain);
      return -1;
    }
  return plain;
}

/**
 * rt_har_open:
 * @path: a HAR, perhaps compressed
 *
 * Returns: a file of its text, to be read with pread() and closed; -1 on failure
 */
int
rt_har_open (const char *path, GError **error)
{
  __attribute__ ((cleanup (close_file))) int fd = open (path, O_RDONLY | O_CLOEXEC);
  guint8 start[2];
  gssize got;
  int kept;

  if (fd < 0)
    {
      set_errno (error, path, "it cannot be opened");
      return -1;
    }
  got = pread (fd, start, sizeof start, 0);
  if (got < 0)
    {
      set_errno (error, path, "it cannot be read");
      return -1;
    }
  if (is_compressed (start, (gsize)got))
    return open_inflated (fd, path, error);
  kept = fd;
  fd = -1;
  return kept;
}

/**
 * rt_har_sniff:
 * @head: the beginning of a file
 *
 * Returns: whether it may be a HAR
 */
gboolean
rt_har_sniff (RtText head)
{
  RtText rest = head;

  if (head.length > 0 && is_compressed ((const guint8 *)head.at, head.length))
    return TRUE;
  if (rt_text_starts_with (rest, RT_TEXT ("\xef\xbb\xbf")))
    rest = rt_text_sub (rest, 3, rest.length - 3);
  rest = rt_text_trim (rest);
  return rt_text_starts_with (rest, RT_TEXT ("{"))
         && (rt_text_find (rest, RT_TEXT ("\"log\"")) >= 0
             || rt_text_find (rest, RT_TEXT ("\"entries\"")) >= 0);
}

/* Time */

static gboolean
take_digits (RtText *rest, guint n, int *ret_number)
{
  int number = 0;

  if (rest->length < n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (rest->at[i]))
        return FALSE;
      number = number * 10 + (rest->at[i] - '0');
    }
  *rest = rt_text_sub (*rest, n, rest->length - n);
  *ret_number = number;
  return TRUE;
}

static gboolean
take_any (RtText *rest, const char *among)
{
  if (rest->length == 0 || rest->at[0] == '\0' || strchr (among, rest->at[0]) == NULL)
    return FALSE;
  *rest = rt_text_sub (*rest, 1, rest->length - 1);
  return TRUE;
}

static int
take_fraction (RtText *rest)
{
  int usec = 0;
  int scale = 100000;

  if (!take_any (rest, ".,"))
    return 0;
  while (rest->length > 0 && g_ascii_isdigit (rest->at[0]))
    {
      usec += (rest->at[0] - '0') * scale;
      scale /= 10;
      *rest = rt_text_sub (*rest, 1, rest->length - 1);
    }
  return usec;
}

/* `Z`, `+02:00`, `+0200`, or nothing, which counts as UTC. */
static gboolean
take_zone (RtText *rest, RtTime *ret_offset)
{
  gboolean minus = rest->length > 0 && rest->at[0] == '-';
  int hours, minutes = 0;

  *ret_offset = 0;
  if (rest->length == 0 || take_any (rest, "Zz"))
    return rest->length == 0;
  if (!take_any (rest, "+-") || !take_digits (rest, 2, &hours))
    return FALSE;
  take_any (rest, ":");
  if (rest->length > 0 && !take_digits (rest, 2, &minutes))
    return FALSE;
  *ret_offset = (hours * 60 + minutes) * RT_TIME_MINUTE * (minus ? -1 : 1);
  return rest->length == 0;
}

/**
 * rt_har_parse_time:
 * @text: ISO 8601, as programs write it: `2026-01-31T12:00:00.000+01:00`
 *
 * Returns: %FALSE if it is no time
 */
gboolean
rt_har_parse_time (RtText text, RtTime *ret_time)
{
  RtText rest = rt_text_trim (text);
  RtCivil civil = { 0 };
  RtTime offset;

  if (!take_digits (&rest, 4, &civil.year) || !take_any (&rest, "-")
      || !take_digits (&rest, 2, &civil.month) || !take_any (&rest, "-")
      || !take_digits (&rest, 2, &civil.day) || !take_any (&rest, "Tt ")
      || !take_digits (&rest, 2, &civil.hour) || !take_any (&rest, ":")
      || !take_digits (&rest, 2, &civil.minute))
    return FALSE;
  if (take_any (&rest, ":"))
    {
      if (!take_digits (&rest, 2, &civil.second))
        return FALSE;
      civil.usec = take_fraction (&rest);
    }
  if (!take_zone (&rest, &offset) || !rt_civil_is_valid (&civil) || civil.year < 1)
    return FALSE;
  *ret_time = rt_time_from_civil (&civil) - offset;
  return TRUE;
}

/* The first look */

/* The string behind `"startedDateTime"` and a colon. */
static gboolean
time_behind (const char *at, const char *end, RtTime *ret_time)
{
  const char *stop;

  while (at < end && strchr (" \t\r\n:", *at) != NULL && *at != '\0')
    at++;
  if (at == end || *at != '"')
    return FALSE;
  at++;
  stop = memchr (at, '"', (gsize)(end - at));
  return stop != NULL && rt_har_parse_time ((RtText){ at, (gsize)(stop - at) }, ret_time);
}

typedef struct
{
  gboolean entries, any, sorted;
  RtTime first, last;
} Look;

/* In a string a quote has a backslash before it, so what is found is a member's name. Pages, which
 * have such a time too, mostly stand before the entries. */
static void
look_at (Look *look, const char *at, const char *end, const char *stop)
{
  static const char key[] = "\"startedDateTime\"";

  if (!look->entries)
    {
      const char *entries = memmem (at, (gsize)(end - at), "\"entries\"", 9);

      if (entries == NULL)
        return;
      look->entries = TRUE;
      at = entries;
    }
  while ((at = memmem (at, (gsize)(end - at), key, sizeof key - 1)) != NULL && at < stop)
    {
      RtTime time;

      at += sizeof key - 1;
      if (!time_behind (at, end, &time))
        continue;
      if (!look->any || time < look->first)
        look->first = time;
      if (look->any && time < look->last)
        look->sorted = FALSE;
      look->last = time;
      look->any = TRUE;
    }
}

/**
 * rt_har_scan:
 * @fd: as rt_har_open() gives it
 * @ret_first: the earliest time at which an entry begins; 1970 where there is none
 * @ret_sorted: whether each entry begins no earlier than the one before it
 * @ret_size: of the file
 *
 * Returns: %FALSE if the file cannot be read
 */
gboolean
rt_har_scan (int fd, RtTime *ret_first, gboolean *ret_sorted, guint64 *ret_size)
{
  enum
  {
    OVERLAP = 128
  };
  g_autofree char *window = g_malloc (PIECE + OVERLAP);
  Look look = { .sorted = TRUE };
  gsize kept = 0;
  guint64 offset = 0;
  gssize got;

  while ((got = pread (fd, window + kept, PIECE, (off_t)offset)) > 0)
    {
      const char *end = window + kept + got;
      gsize next = MIN ((gsize)(end - window), (gsize)OVERLAP);

      offset += (guint64)got;
      /* What begins in the overlap is looked at the next time, when all of it is there. */
      look_at (&look, window, end, got < PIECE ? end : end - next);
      memmove (window, end - next, next);
      kept = next;
    }
  *ret_first = look.first;
  *ret_sorted = look.sorted;
  *ret_size = offset;
  return got == 0;
}
