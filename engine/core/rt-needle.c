/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two bytes of the needle, its first and its last, are compared with many places at once; where
 * both fit, the rest is looked at. Letters are made lower case by setting their bit 5: that takes
 * some other bytes for letters, which the closer look then sorts out. */
#include "rt-needle.h"

#define LANES 32

typedef guint8 Lanes __attribute__ ((vector_size (LANES)));
typedef guint64 Words __attribute__ ((vector_size (LANES)));

static inline guint8
fold_bit (const RtNeedle *needle, guint8 byte)
{
  return needle->ignore_case && g_ascii_isalpha ((char)byte) ? 0x20 : 0;
}

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

static inline gboolean
any (Lanes lanes)
{
  Words words = (Words)lanes;

  return (words[0] | words[1] | words[2] | words[3]) != 0;
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
  guint8 first, last, first_bit, last_bit;

  if (from > in.length || length > in.length - from)
    return -1;
  if (length == 0)
    return (gssize)from;
  first = (guint8)needle->text.at[0];
  last = (guint8)needle->text.at[length - 1];
  first_bit = fold_bit (needle, first);
  last_bit = fold_bit (needle, last);
  first |= first_bit;
  last |= last_bit;
  for (; from + length - 1 + LANES <= in.length; from += LANES)
    {
      Lanes begins, ends;

      memcpy (&begins, in.at + from, LANES);
      memcpy (&ends, in.at + from + length - 1, LANES);
      begins = (Lanes)((begins | first_bit) == first);
      ends = (Lanes)((ends | last_bit) == last);
      begins &= ends;
      if (!any (begins))
        continue;
      for (gsize i = 0; i < LANES; i++)
        if (begins[i] != 0 && fits (needle, in.at + from + i))
          return (gssize)(from + i);
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
