/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The short way through a head that is all there and as plain as almost all are: one pass, no copy
 * of its text and nothing kept between lines. Whatever is the least bit odd is left to the reader;
 * what this way reads, a tolerant reader reads the same (http1_script() in the tests holds
 * each head against it). */
#include "rt-http1-private.h"

#include "rt-scan.h"

#include <string.h>

/* What is longer may be over a reader's limits, which are told of there. */
#define PLAIN_LINE_MAX 4096
#define PLAIN_LINES_MAX 64

typedef struct
{
  GBytes *head;
  RtSpan span;
  const char *data;
  gsize length, at;
} Plain;

/* The next line, which ends in CRLF and has no other CR and no NUL. */
static gboolean
take_line (Plain *plain, RtText *ret_line)
{
  const char *start = plain->data + plain->at;
  gsize left = plain->length - plain->at;
  const char *end = memchr (start, '\n', MIN (left, PLAIN_LINE_MAX));
  gsize length = end != NULL ? (gsize)(end - start) : 0;

  if (length == 0 || end[-1] != '\r')
    return FALSE;
  length--;
  if (memchr (start, '\r', length) != NULL || memchr (start, '\0', length) != NULL)
    return FALSE;
  *ret_line = (RtText){ start, length };
  plain->at += length + 2;
  return TRUE;
}

static RtSpan
span_of (const Plain *plain, RtText text)
{
  return text.length > 0 ? rt_span_sub (plain->span, (guint64)(text.at - plain->data), text.length)
                         : RT_SPAN_NONE;
}

/* RFC 9112 §5: `name ":" OWS value OWS`. */
static gboolean
add_field (const Plain *plain, RtFields *fields, RtText line)
{
  const char *colon = memchr (line.at, ':', line.length);
  gsize n = colon != NULL ? (gsize)(colon - line.at) : 0;
  RtField field = { .name = { line.at, n } };

  if (!rt_text_is_token (field.name))
    return FALSE;
  field.value = rt_text_trim (rt_text_sub (line, n + 1, line.length - n - 1));
  field.line = span_of (plain, line);
  field.name_span = span_of (plain, field.name);
  field.value_span
      = rt_span_sub (plain->span, (guint64)(field.value.at - plain->data), field.value.length);
  rt_fields_append_over (fields, &field);
  return TRUE;
}

static gboolean
read_fields (Plain *plain, RtFields *fields)
{
  RtText line;

  for (guint n = 0; n <= PLAIN_LINES_MAX && take_line (plain, &line); n++)
    {
      if (line.length == 0)
        return plain->at == plain->length;
      if (!add_field (plain, fields, line))
        return FALSE;
    }
  return FALSE;
}

static gboolean
read_start (Plain *plain, RtMessageKind kind, RtHttp1StartLine *ret_start, RtText *ret_line)
{
  g_autoptr (GArray) findings = g_array_new (FALSE, FALSE, sizeof (RtFinding));
  RtHttp1Judge judge = { .in_response = kind == RT_MESSAGE_RESPONSE, .findings = findings };
  RtHttp1Line line;

  if (!take_line (plain, ret_line) || ret_line->length == 0)
    return FALSE;
  line = (RtHttp1Line){ *ret_line, span_of (plain, *ret_line) };
  if (kind == RT_MESSAGE_REQUEST)
    rt_http1_read_request_line (line, &judge, ret_start);
  else if (rt_text_starts_with (*ret_line, RT_TEXT ("HTTP/")))
    rt_http1_read_status_line (line, &judge, ret_start);
  else
    return FALSE;
  return findings->len == 0 && ret_start->number >= RT_VERSION_1_0
         && ret_start->number <= RT_VERSION_1_1;
}

/**
 * rt_http1_read_plain:
 * @kind: request or response
 * @head: a whole head, from the start line to the empty line; the message keeps it
 * @span: where it stands
 *
 * For those who have the head as a whole and say themselves how it is framed: @framing is not
 * decided.
 *
 * Returns: (transfer full) (nullable): the message, as a tolerant reader would read it; %NULL: it
 *   takes a reader to tell what this is
 */
RtMessage *
rt_http1_read_plain (RtMessageKind kind, GBytes *head, RtSpan span)
{
  Plain plain = { .head = head, .span = span };
  g_autoptr (RtFields) fields = NULL;
  RtHttp1StartLine start = { 0 };
  RtMessage *message;
  RtText line;

  plain.data = g_bytes_get_data (head, &plain.length);
  if (plain.length == 0 || !read_start (&plain, kind, &start, &line))
    return NULL;
  fields = rt_fields_new_over (head, 16);
  if (!read_fields (&plain, fields))
    return NULL;
  message = rt_message_new_over (kind, g_bytes_ref (head), g_steal_pointer (&fields));
  message->version = start.number;
  message->status = start.code;
  message->method = start.method.length > 0 ? start.method : message->method;
  message->target = start.target.length > 0 ? start.target : message->target;
  message->reason = start.reason.length > 0 ? start.reason : message->reason;
  message->method_span = span_of (&plain, start.method);
  message->target_span = span_of (&plain, start.target);
  message->reason_span = span_of (&plain, start.reason);
  message->version_span = span_of (&plain, start.version);
  message->status_span = span_of (&plain, start.status);
  message->start_line = span_of (&plain, line);
  message->head = span;
  return message;
}
