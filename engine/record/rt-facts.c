/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * GVariant's own way to a dictionary of eight entries makes some thirty objects and looks up each
 * of their types under a lock; then it measures and writes them one by one. An archive has two
 * dictionaries an exchange. So their bytes are written here, by the GVariant specification,
 * version 1.0, §2.5: what is in a container begins at a multiple of its alignment, and behind the
 * contents stand the ends of all that have no fixed size (of a tuple all but the last), each as
 * wide as the container's own size needs, little-endian. tests/record/test-facts.c holds the bytes
 * against GVariant's. */
#include "rt-facts.h"

#include <string.h>

void
rt_facts_init (RtFacts *facts)
{
  facts->bytes = g_byte_array_sized_new (256);
  facts->ends = g_array_new (FALSE, FALSE, sizeof (guint32));
}

void
rt_facts_clear (RtFacts *facts)
{
  g_clear_pointer (&facts->bytes, g_byte_array_unref);
  g_clear_pointer (&facts->ends, g_array_unref);
}

/** rt_facts_reset: empty again, with the room that it had. */
void
rt_facts_reset (RtFacts *facts)
{
  g_byte_array_set_size (facts->bytes, 0);
  g_array_set_size (facts->ends, 0);
}

static void
align (GByteArray *bytes)
{
  static const guint8 padding[8] = { 0 };

  g_byte_array_append (bytes, padding, (8 - bytes->len % 8) % 8);
}

/* How wide the ends are in a container of @size bytes. */
static guint
width_of (guint64 size)
{
  return size <= G_MAXUINT8 ? 1 : size <= G_MAXUINT16 ? 2 : 4;
}

/* Ends of what is in the container that begins at @start. */
static void
put_ends (GByteArray *bytes, guint start, const guint32 *ends, guint n)
{
  guint64 body = bytes->len - start;
  guint width = body + n <= G_MAXUINT8 ? 1 : body + (guint64)n * 2 <= G_MAXUINT16 ? 2 : 4;

  for (guint i = 0; i < n; i++)
    {
      guint32 end = GUINT32_TO_LE (ends[i]);

      g_byte_array_append (bytes, (const guint8 *)&end, width);
    }
}

/* An entry `{sv}`: its name, and a variant: the value's bytes, a zero and its type. @more: bytes of
 * the value behind @size of it, all zero. */
static void
add (RtFacts *facts, const char *name, const void *value, gsize size, guint more, const char *type)
{
  GByteArray *bytes = facts->bytes;
  guint32 end;
  guint start;

  align (bytes);
  start = bytes->len;
  g_byte_array_append (bytes, (const guint8 *)name, (guint)strlen (name) + 1);
  end = bytes->len - start;
  align (bytes);
  g_byte_array_append (bytes, value, (guint)size);
  g_byte_array_append (bytes, (const guint8 *)"\0", more + 1);
  g_byte_array_append (bytes, (const guint8 *)type, (guint)strlen (type));
  put_ends (bytes, start, &end, 1);
  g_array_append_val (facts->ends, bytes->len);
}

/**
 * rt_facts_add_text:
 * @text: made valid if it is not
 */
void
rt_facts_add_text (RtFacts *facts, const char *name, RtText text)
{
  g_autofree char *valid = NULL;

  if (!g_utf8_validate_len (text.at != NULL ? text.at : "", text.length, NULL))
    {
      valid = g_utf8_make_valid (text.at, (gssize)text.length);
      text = rt_text (valid);
    }
  add (facts, name, text.at, text.length, 1, "s");
}

void
rt_facts_add_number (RtFacts *facts, const char *name, gint64 number)
{
  add (facts, name, &number, sizeof number, 0, "x");
}

void
rt_facts_add_numbers (RtFacts *facts, const char *name, const gint64 *numbers, guint n_numbers)
{
  add (facts, name, numbers, n_numbers * sizeof *numbers, 0, "ax");
}

/**
 * rt_facts_end:
 * @facts: initialised, filled; only rt_facts_reset() or rt_facts_clear() may follow
 *
 * Returns: (transfer none): the bytes of a variant of type `a{sv}`
 */
RtText
rt_facts_end (RtFacts *facts)
{
  put_ends (facts->bytes, 0, (const guint32 *)(gpointer)facts->ends->data, facts->ends->len);
  return (RtText){ (const char *)facts->bytes->data, facts->bytes->len };
}

/**
 * rt_facts_new_rebuilt:
 * @head, @content: lengths of a message's parts
 * @missing: bytes of content that are missing; with @why
 * @why: (nullable): valid UTF-8
 * @facts: the bytes of a variant of type `a{sv}`; copied. Without any it has no entries
 *
 * Returns: (transfer floating): the detail of an event %RT_EVENT_REBUILT
 */
GVariant *
rt_facts_new_rebuilt (guint32 head, guint64 content, guint64 missing, const char *why, RtText facts)
{
  GByteArray *bytes = g_byte_array_sized_new (64 + (guint)facts.length);
  g_autoptr (GBytes) whole = NULL;
  guint32 end;

  g_byte_array_append (bytes, (const guint8 *)&head, sizeof head);
  align (bytes);
  g_byte_array_append (bytes, (const guint8 *)&content, sizeof content);
  g_byte_array_append (bytes, (const guint8 *)&missing, sizeof missing);
  /* A maybe that has something ends in a zero behind it. */
  if (why != NULL)
    g_byte_array_append (bytes, (const guint8 *)why, (guint)strlen (why) + 1);
  if (why != NULL)
    g_byte_array_append (bytes, (const guint8 *)"", 1);
  end = bytes->len;
  align (bytes);
  g_byte_array_append (bytes, (const guint8 *)facts.at, (guint)facts.length);
  put_ends (bytes, 0, &end, 1);
  whole = g_byte_array_free_to_bytes (bytes);
  return g_variant_new_from_bytes (G_VARIANT_TYPE ("(uttmsa{sv})"), whole, TRUE);
}

/**
 * rt_facts_read_rebuilt:
 * @bytes: (array length=size): the detail of an event %RT_EVENT_REBUILT, at a multiple of 8
 * @ret_detail: (out): untouched on failure
 *
 * Returns: %FALSE if these are not bytes as rt_facts_new_rebuilt() writes them; GVariant reads
 *   default values there
 */
gboolean
rt_facts_read_rebuilt (const guint8 *bytes, gsize size, RtRebuiltDetail *ret_detail)
{
  guint width = width_of (size);
  guint32 end = 0;
  gsize facts;
  const struct
  {
    guint32 head;
    guint64 content, missing;
  } *numbers = (gconstpointer)bytes;

  if (size < sizeof *numbers + width)
    return FALSE;
  memcpy (&end, bytes + size - width, width);
  end = GUINT32_FROM_LE (end);
  facts = ((gsize)end + 7) & ~(gsize)7;
  if (end < sizeof *numbers || facts > size - width)
    return FALSE;
  *ret_detail = (RtRebuiltDetail){ .head = numbers->head,
                                   .content = numbers->content,
                                   .missing = numbers->missing,
                                   .facts = { (const char *)bytes + facts, size - width - facts } };
  return TRUE;
}
