/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One whole message from a text, for those who write messages down: lessons and tests. */
#include "rt-error.h"
#include "rt-http1.h"

/* Line and column of a byte of @text, from 1. */
static RtPlace
place_in (RtText text, guint64 offset)
{
  RtPlace place = { NULL, 1, 1 };

  for (guint64 i = 0; i < MIN (offset, text.length); i++)
    if (text.at[i] == '\n')
      {
        place.line++;
        place.column = 1;
      }
    else
      place.column++;
  return place;
}

/* Says what is wrong, after @event that is no part of a good message. */
static void
set_error (RtText text, const RtHttp1Event *event, GError **error)
{
  const RtFindingKind *kind = event->finding.kind;
  RtSpan span
      = event->kind == RT_HTTP1_INCOMPLETE ? (RtSpan){ text.length, 0, 1 } : event->finding.span;
  RtPlace place = place_in (text, span.offset);

  if (event->kind == RT_HTTP1_CLOSED)
    rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a message", "there is nothing but empty lines");
  else if (event->kind == RT_HTTP1_INCOMPLETE)
    rt_set_error (error, RT_ERROR_SYNTAX, &place, "the rest of its head or content",
                  "the text ends before the message does");
  else
    rt_set_error (error, RT_ERROR_SYNTAX, &place, NULL, "it does not hold that %s (%s)",
                  kind->clause.title, kind->clause.reference);
}

/* Reads to the end of the first message. */
static gboolean
read_one (RtHttp1Reader *reader,
          RtText text,
          RtMessage **message,
          GByteArray *content,
          guint64 *ret_end,
          GError **error)
{
  for (;;)
    {
      RtHttp1Event event = rt_http1_reader_next (reader);

      switch (event.kind)
        {
        case RT_HTTP1_HEAD:
          *message = rt_message_ref (event.message);
          break;
        case RT_HTTP1_CONTENT:
          g_byte_array_append (content, g_bytes_get_data (event.bytes, NULL),
                               (guint)g_bytes_get_size (event.bytes));
          break;
        case RT_HTTP1_END:
          *ret_end = rt_span_end (event.span);
          return TRUE;
        case RT_HTTP1_INCOMPLETE:
        case RT_HTTP1_ERROR:
        case RT_HTTP1_CLOSED:
          set_error (text, &event, error);
          return FALSE;
        default:
          break;
        }
    }
}

/**
 * rt_http1_parse_message:
 * @kind: what is expected
 * @text: one whole message; lines end in CRLF
 * @ret_message: (out) (transfer full): the message; its spans are places in @text (buffer 1)
 * @ret_content: (out) (transfer full) (optional): its content, transfer coding removed
 * @error: set if @text is anything else, with line and column
 *
 * Strict: what a party would refuse is an error. The content of a response without framing fields
 * is the rest of the text; a request without them has none.
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether @text is one message
 */
gboolean
rt_http1_parse_message (
    RtMessageKind kind, RtText text, RtMessage **ret_message, GBytes **ret_content, GError **error)
{
  g_autoptr (RtHttp1Reader) reader = rt_http1_reader_new (kind, RT_HTTP1_STRICT, NULL);
  g_autoptr (GBytes) bytes = g_bytes_new (text.at, text.length);
  g_autoptr (RtMessage) message = NULL;
  g_autoptr (GByteArray) content = g_byte_array_new ();
  guint64 end = 0;

  rt_http1_reader_feed (reader, bytes, (RtSpan){ 0, (guint32)text.length, 1 });
  rt_http1_reader_end (reader);
  if (!read_one (reader, text, &message, content, &end, error))
    return FALSE;
  if (end < text.length)
    {
      RtPlace place = place_in (text, end);

      rt_set_error (error, RT_ERROR_SYNTAX, &place, "the end of the text",
                    "%" G_GUINT64_FORMAT " bytes follow the message", text.length - end);
      return FALSE;
    }
  *ret_message = g_steal_pointer (&message);
  if (ret_content != NULL)
    *ret_content = g_byte_array_free_to_bytes (g_steal_pointer (&content));
  return TRUE;
}
