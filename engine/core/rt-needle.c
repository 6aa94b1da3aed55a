/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two bytes of the needle, the rarest ones, are compared with many places at once; where both fit,
 * the rest is looked at. Letters are made lower case by setting their bit 5: that takes some other
 * bytes for letters, which the closer look then sorts out. */
#include "rt-needle.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define LANES 16
/* Places that are compared at once. */
#define STEP (2 * LANES)

typedef guint8 Lanes __attribute__ ((vector_size (LANES)));

/* A byte of the needle. */
typedef struct
{
  gsize at;
  guint8 bit, byte;
} Probe;

static inline gboolean
fits (const RtNeedle *needle, const char *at)
{
  if (!needle->ignore_case)
    return memcmp (at, needle->text.at, needle->text.length) == 0;
  for (gsize i = 0; i < needle->text.length; i++)
    if (g_ascii_tolower (at[i]) != g_ascii_tolower (needle->text.at[i]))
      return FALSE;
  return TRUE;
}

/* How often a byte is to be expected in what crosses HTTP: letters by their frequency in English,
 * digits and the white space between; anything else is rare. */
static guint
frequency (guint8 byte)
{
  static const char common[] = "zqxjkvbpygfwmucldrhsnioate ";
  const char *found = memchr (common, g_ascii_tolower ((char)byte), sizeof common - 1);

  if (byte == '\0')
    return sizeof common;
  if (found != NULL)
    return (guint)(found - common) + 2;
  return g_ascii_isdigit ((char)byte) || strchr ("\r\n\":,.-/=;", byte) != NULL ? 12 : 1;
}

static Probe
probe_at (const RtNeedle *needle, gsize at)
{
  guint8 byte = (guint8)needle->text.at[at];
  guint8 bit = needle->ignore_case && g_ascii_isalpha ((char)byte) ? 0x20 : 0;

  return (Probe){ at, bit, byte | bit };
}

/* The rarest byte but for that at @other. */
static Probe
choose (const RtNeedle *needle, gsize other)
{
  gsize best = G_MAXSIZE;

  for (gsize i = 0; i < needle->text.length; i++)
    if (i != other
        && (best == G_MAXSIZE
            || frequency ((guint8)needle->text.at[i]) < frequency ((guint8)needle->text.at[best])))
      best = i;
  return probe_at (needle, best != G_MAXSIZE ? best : other);
}

/* Bit i: lane i is not 0. */
static inline guint32
mask_of (Lanes lanes)
{
#ifdef __SSE2__
  return (guint32)_mm_movemask_epi8 ((__m128i)lanes);
#else
  guint32 mask = 0;

  for (guint i = 0; i < LANES; i++)
    mask |= lanes[i] != 0 ? 1u << i : 0;
  return mask;
#endif
}

static inline Lanes
compare (const char *at, Probe probe)
{
  Lanes lanes;

  memcpy (&lanes, at, LANES);
  return (Lanes)((lanes | probe.bit) == probe.byte);
}

static inline guint32
find_both (const char *at, Probe first, Probe second)
{
  return mask_of (compare (at + first.at, first) & compare (at + second.at, second));
}

static gssize
find_slowly (const RtNeedle *needle, RtText in, gsize from)
{
  for (; from + needle->text.length <= in.length; from++)
    if (fits (needle, in.at + from))
      return (gssize)from;
  return -1;
}

/**
 * rt_needle_find:
 * @needle: what to look for; nothing is everywhere
 * @in: where
 * @from: first place to look at
 *
 * Returns: the first place from @from on at which it stands; -1: none
 */
gssize
rt_needle_find (const RtNeedle *needle, RtText in, gsize from)
{
  gsize length = needle->text.length;
  Probe first, second;

  if (from > in.length || length > in.length - from)
    return -1;
  if (length == 0)
    return (gssize)from;
  if (in.length - from < length + STEP)
    return find_slowly (needle, in, from);
  first = choose (needle, G_MAXSIZE);
  second = choose (needle, first.at);
  for (; from + length - 1 + STEP <= in.length; from += STEP)
    {
      const char *at = in.at + from;
      guint32 mask = find_both (at, first, second) | find_both (at + LANES, first, second) << LANES;

      for (; mask != 0; mask &= mask - 1)
        if (fits (needle, at + __builtin_ctz (mask)))
          return (gssize)(from + (gsize)__builtin_ctz (mask));
    }
  return find_slowly (needle, in, from);
}

/**
 * rt_pattern_matches:
 * @pattern: text in which `*` stands for anything
 * @text: any bytes
 *
 * Returns: whether the whole of @text is as @pattern says; case of ASCII letters is ignored
 */
gboolean
rt_pattern_matches (const char *pattern, RtText text)
{
  const char *star = NULL;
  gsize at = 0;
  gsize retry = 0;

  while (at < text.length)
    {
      if (*pattern == '*')
        {
          star = pattern++;
          retry = at;
        }
      else if (*pattern != '\0' && g_ascii_tolower (*pattern) == g_ascii_tolower (text.at[at]))
        {
          pattern++;
          at++;
        }
      else if (star != NULL)
        {
          pattern = star + 1;
          at = ++retry;
        }
      else
        return FALSE;
    }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}
