/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was fed to a reader, and the section that is being read. What a line is and how long it may
 * be depends on the bytes alone, never on how they were cut into runs. */
#include "rt-http1-input.h"

void
rt_http1_input_init (RtHttp1Input *input)
{
  *input = (RtHttp1Input){ .held = g_byte_array_new () };
  g_queue_init (&input->waiting);
}

void
rt_http1_input_clear (RtHttp1Input *input)
{
  g_queue_clear_full (&input->waiting, (GDestroyNotify)g_bytes_unref);
  g_clear_pointer (&input->bytes, g_bytes_unref);
  g_byte_array_unref (input->held);
}

/**
 * rt_http1_input_feed:
 * @input: the input
 * @bytes: reffed
 * @span: where they stand; the first one says where all stand
 */
void
rt_http1_input_feed (RtHttp1Input *input, GBytes *bytes, RtSpan span)
{
  if (g_bytes_get_size (bytes) == 0)
    return;
  if (input->position == 0 && input->bytes == NULL && g_queue_is_empty (&input->waiting))
    input->origin = span;
  g_queue_push_tail (&input->waiting, g_bytes_ref (bytes));
}

/**
 * rt_http1_input_advance:
 * @input: the input; all of the run being read is read
 *
 * Returns: whether there was a further run to go on with
 */
gboolean
rt_http1_input_advance (RtHttp1Input *input)
{
  g_clear_pointer (&input->bytes, g_bytes_unref);
  input->bytes = g_queue_pop_head (&input->waiting);
  input->at = input->section_at = input->length = 0;
  if (input->bytes == NULL)
    return FALSE;
  input->data = g_bytes_get_data (input->bytes, &input->length);
  return TRUE;
}

/**
 * rt_http1_input_begin:
 * @input: the input
 *
 * Begins a section at the next byte.
 */
void
rt_http1_input_begin (RtHttp1Input *input)
{
  input->section = input->position;
  input->section_at = input->at;
  input->line = 0;
  input->holding = FALSE;
  g_byte_array_set_size (input->held, 0);
}

/* Takes @n bytes into the section. */
static void
take (RtHttp1Input *input, gsize n)
{
  if (input->holding)
    g_byte_array_append (input->held, (const guint8 *)input->data + input->at, (guint)n);
  input->at += n;
  input->position += n;
}

/* Keeps what the section has of a run that is all read. */
static void
hold (RtHttp1Input *input)
{
  gsize n = input->at - input->section_at;

  if (input->holding || n == 0)
    return;
  g_byte_array_append (input->held, (const guint8 *)input->data + input->section_at, (guint)n);
  input->holding = TRUE;
}

/* The byte of the section before the next but @n. */
static char
byte_before (const RtHttp1Input *input, gsize n)
{
  return n > 0 ? input->data[input->at + n - 1] : (char)input->held->data[input->held->len - 1];
}

/**
 * rt_http1_input_take_line:
 * @input: the input
 * @cap: length of the longest line, its break not counted
 * @ret_line: (out): the line, if there is one
 *
 * A line ends in LF, a CR before which belongs to the break (RFC 9112 §2.2).
 */
RtHttp1Take
rt_http1_input_take_line (RtHttp1Input *input, gsize cap, RtHttp1Taken *ret_line)
{
  gsize partial = (gsize)(input->position - input->section) - input->line;
  gsize room = cap + 2 - partial;
  gsize n = MIN (rt_http1_input_available (input), room);
  const char *hit = n > 0 ? memchr (input->data + input->at, '\n', n) : NULL;
  gsize length;
  gboolean bare;

  if (hit == NULL)
    {
      if (n == room)
        return RT_HTTP1_TAKE_LONG;
      take (input, n);
      hold (input);
      return RT_HTTP1_TAKE_MORE;
    }
  n = (gsize)(hit - (input->data + input->at));
  bare = partial + n == 0 || byte_before (input, n) != '\r';
  length = partial + n - (bare ? 0 : 1);
  if (length > cap)
    return RT_HTTP1_TAKE_LONG;
  take (input, n + 1);
  *ret_line = (RtHttp1Taken){ input->line, length, bare };
  input->line = (gsize)(input->position - input->section);
  return RT_HTTP1_TAKE_LINE;
}

/**
 * rt_http1_input_section:
 * @input: the input
 *
 * Returns: the section as far as it was taken; good until more is
 */
RtText
rt_http1_input_section (RtHttp1Input *input)
{
  gsize length = (gsize)(input->position - input->section);

  if (input->holding)
    return (RtText){ (const char *)input->held->data, length };
  return length > 0 ? (RtText){ input->data + input->section_at, length } : RT_TEXT ("");
}

/**
 * rt_http1_input_line_has:
 * @input: the input, in the first line of a section
 * @c: a byte
 * @cap: how far to look
 *
 * Returns: whether @c is among the first @cap bytes of the line, taken or not
 */
gboolean
rt_http1_input_line_has (const RtHttp1Input *input, char c, gsize cap)
{
  gsize taken = input->holding ? MIN (input->held->len, cap) : 0;
  gsize ahead = MIN (rt_http1_input_available (input), cap - taken);

  return (taken > 0 && memchr (input->held->data, c, taken) != NULL)
         || (ahead > 0 && memchr (input->data + input->at, c, ahead) != NULL);
}

/**
 * rt_http1_input_peek:
 * @input: the input, in the first line of a section
 * @out: (array length=n): room for its first bytes
 * @n: how many
 *
 * Returns: how many there were, taken or not
 */
gsize
rt_http1_input_peek (const RtHttp1Input *input, char *out, gsize n)
{
  gsize taken = input->holding ? MIN (input->held->len, n) : 0;
  gsize ahead = MIN (rt_http1_input_available (input), n - taken);

  if (taken > 0)
    memcpy (out, input->held->data, taken);
  if (ahead > 0)
    memcpy (out + taken, input->data + input->at, ahead);
  return taken + ahead;
}

/**
 * rt_http1_input_dup_section:
 * @input: the input
 * @length: how much of it, at most as far as it was taken
 *
 * Returns: (transfer full): the section's first bytes: a slice of what was fed where they lie in
 * one run
 */
GBytes *
rt_http1_input_dup_section (RtHttp1Input *input, gsize length)
{
  if (length == 0)
    return g_bytes_new_static ("", 0);
  if (input->holding)
    return g_bytes_new (input->held->data, length);
  return g_bytes_new_from_bytes (input->bytes, input->section_at, length);
}

/**
 * rt_http1_input_unread:
 * @input: the input
 * @at: a place in the section
 *
 * Gives back what was taken from there on, as if it had never been taken.
 */
void
rt_http1_input_unread (RtHttp1Input *input, gsize at)
{
  input->position = input->section + at;
  if (!input->holding)
    input->at = input->section_at + at;
  else
    {
      if (rt_http1_input_available (input) > 0)
        g_queue_push_head (
            &input->waiting,
            g_bytes_new_from_bytes (input->bytes, input->at, rt_http1_input_available (input)));
      if (at < input->held->len)
        g_queue_push_head (&input->waiting,
                           g_bytes_new (input->held->data + at, input->held->len - at));
      rt_http1_input_advance (input);
    }
  rt_http1_input_begin (input);
}

/**
 * rt_http1_input_take_run:
 * @input: the input; at least one byte is there
 * @most: how many bytes may be taken
 *
 * Returns: (transfer full): bytes that stand in one run: a slice of what was fed
 */
GBytes *
rt_http1_input_take_run (RtHttp1Input *input, guint64 most)
{
  gsize n = (gsize)MIN (most, (guint64)rt_http1_input_available (input));
  GBytes *run = g_bytes_new_from_bytes (input->bytes, input->at, n);

  input->at += n;
  input->position += n;
  return run;
}

/**
 * rt_http1_input_span:
 * @input: the input
 * @position: of the first byte
 * @length: in bytes; a span that would be longer than a span can be ends early
 *
 * Returns: where the bytes stand
 */
RtSpan
rt_http1_input_span (const RtHttp1Input *input, guint64 position, guint64 length)
{
  return rt_span_sub (input->origin, position, MIN (length, G_MAXUINT32));
}
