/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Needles are filed by their first six bytes; most places in a text are done with after one look at
 * a bitmap of the first two. */
#include "rt-needles.h"

#include <string.h>

struct _RtNeedles
{
  GHashTable *by_begin; /* guint64 → GPtrArray of RtNeedle, the longest first */
  guint8 first[65536 / 8];
  gsize longest;
};

static void
needle_free (gpointer data)
{
  RtNeedle *needle = data;

  g_free (needle->text);
  g_free (needle->replacement);
  g_free (needle);
}

RtNeedles *
rt_needles_new (void)
{
  RtNeedles *needles = g_new0 (RtNeedles, 1);

  needles->by_begin = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                             (GDestroyNotify)g_ptr_array_unref);
  return needles;
}

void
rt_needles_free (RtNeedles *needles)
{
  g_hash_table_unref (needles->by_begin);
  g_free (needles);
}

static guint64
begin_of (const char *text)
{
  guint64 begin = 0;

  memcpy (&begin, text, RT_NEEDLE_MIN);
  return begin;
}

static guint
pair_of (const char *text)
{
  return (guint)(guchar)text[0] << 8 | (guchar)text[1];
}

static GPtrArray *
file_of (RtNeedles *needles, const char *text)
{
  guint64 begin = begin_of (text);
  GPtrArray *file = g_hash_table_lookup (needles->by_begin, &begin);

  if (file == NULL)
    {
      file = g_ptr_array_new_with_free_func (needle_free);
      g_hash_table_insert (needles->by_begin, g_memdup2 (&begin, sizeof begin), file);
    }
  return file;
}

/**
 * rt_needles_add:
 * @text: what is looked for; nothing happens if it is shorter than %RT_NEEDLE_MIN or known
 * @replacement: as long as @text
 */
void
rt_needles_add (RtNeedles *needles, RtText text, const char *replacement)
{
  GPtrArray *file;
  RtNeedle *needle;
  guint at = 0;

  if (text.length < RT_NEEDLE_MIN)
    return;
  file = file_of (needles, text.at);
  for (; at < file->len && ((RtNeedle *)file->pdata[at])->length >= text.length; at++)
    {
      const RtNeedle *known = file->pdata[at];

      if (known->length == text.length && memcmp (known->text, text.at, text.length) == 0)
        return;
    }
  needle = g_new (RtNeedle, 1);
  *needle = (RtNeedle){ g_memdup2 (text.at, text.length), g_memdup2 (replacement, text.length),
                        text.length };
  g_ptr_array_insert (file, (int)at, needle);
  needles->first[pair_of (text.at) / 8] |= (guint8)(1u << pair_of (text.at) % 8);
  needles->longest = MAX (needles->longest, text.length);
}

gsize
rt_needles_get_longest (RtNeedles *needles)
{
  return needles->longest;
}

/**
 * rt_needles_match:
 *
 * Returns: (nullable): the longest needle that @text begins with
 */
const RtNeedle *
rt_needles_match (RtNeedles *needles, RtText text)
{
  GPtrArray *file;
  guint64 begin;

  if (text.length < RT_NEEDLE_MIN
      || (needles->first[pair_of (text.at) / 8] & 1u << pair_of (text.at) % 8) == 0)
    return NULL;
  begin = begin_of (text.at);
  file = g_hash_table_lookup (needles->by_begin, &begin);
  for (guint i = 0; file != NULL && i < file->len; i++)
    {
      const RtNeedle *needle = file->pdata[i];

      if (needle->length <= text.length && memcmp (needle->text, text.at, needle->length) == 0)
        return needle;
    }
  return NULL;
}

/**
 * rt_needles_replace:
 * @bytes: (array length=length): changed in place
 *
 * Returns: how often something was replaced
 */
guint
rt_needles_replace (RtNeedles *needles, char *bytes, gsize length)
{
  guint n = 0;

  for (gsize at = 0; at + RT_NEEDLE_MIN <= length; at++)
    {
      const RtNeedle *needle = rt_needles_match (needles, (RtText){ bytes + at, length - at });

      if (needle == NULL)
        continue;
      memcpy (bytes + at, needle->replacement, needle->length);
      at += needle->length - 1;
      n++;
    }
  return n;
}
