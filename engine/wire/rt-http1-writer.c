/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages to HTTP/1.x bytes: exactly the fields given, in their order and case.
 *
 * What is written is always one message. Text that came from elsewhere cannot break out of its
 * element and begin a line of its own, whatever it holds:
 * - in a value or a reason phrase each CR, LF and NUL becomes a space, as RFC 9110 §5.5 has it for
 *   those who forward;
 * - in a request-target each control character and space is percent-encoded;
 * - in a method or a field name each byte that is not of a token becomes `_`; where nothing is left
 *   to write, the line is left out.
 * Framing is the caller's: whoever sets Content-Length or chunked keeps to it. */
#include "rt-http1-private.h"

#include "rt-list.h"

/* guess_length() has made room, as a rule. */
static inline void
append (GString *out, RtText text)
{
  if (text.length == 0)
    return;
  if (text.length >= out->allocated_len - out->len)
    {
      g_string_append_len (out, text.at, (gssize)text.length);
      return;
    }
  memcpy (out->str + out->len, text.at, text.length);
  out->len += text.length;
  out->str[out->len] = '\0';
}

static void
append_token (GString *out, RtText text)
{
  if (rt_text_is_token (text))
    {
      append (out, text);
      return;
    }
  for (gsize i = 0; i < text.length; i++)
    g_string_append_c (out, rt_is_token_char (text.at[i]) ? text.at[i] : '_');
}

static void
append_value (GString *out, RtText text)
{
  gsize start = out->len;

  append (out, text);
  if (!rt_http1_has_control (text))
    return;
  for (gsize i = start; i < out->len; i++)
    if (out->str[i] == '\r' || out->str[i] == '\n' || out->str[i] == '\0')
      out->str[i] = ' ';
}

static void
append_target (GString *out, RtText text)
{
  for (gsize i = 0; i < text.length; i++)
    {
      guchar c = (guchar)text.at[i];

      if (c <= 0x20 || c == 0x7f)
        g_string_append_printf (out, "%%%02X", c);
      else
        g_string_append_c (out, (char)c);
    }
}

static void
append_fields (GString *out, RtFields *fields)
{
  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      if (field->name.length == 0)
        continue;
      append_token (out, field->name);
      append (out, field->value.length > 0 ? RT_TEXT (": ") : RT_TEXT (":"));
      append_value (out, field->value);
      append (out, RT_TEXT ("\r\n"));
    }
}

static void
append_status (GString *out, guint status)
{
  const char digits[] = { ' ', (char)('0' + status / 100 % 10), (char)('0' + status / 10 % 10),
                          (char)('0' + status % 10), ' ' };

  append (out, (RtText){ digits, sizeof digits });
}

static void
append_start_line (GString *out, RtMessage *message)
{
  RtText version = message->version == RT_VERSION_1_0 ? RT_TEXT ("HTTP/1.0") : RT_TEXT ("HTTP/1.1");

  if (message->kind == RT_MESSAGE_RESPONSE)
    {
      append (out, version);
      append_status (out, message->status);
      append_value (out, message->reason);
    }
  else
    {
      append_token (out, message->method);
      g_string_append_c (out, ' ');
      append_target (out, message->target);
      if (message->version != RT_VERSION_0_9)
        {
          append (out, RT_TEXT (" "));
          append (out, version);
        }
    }
  append (out, RT_TEXT ("\r\n"));
}

static gsize
guess_length (RtMessage *message)
{
  gsize n = message->method.length + message->target.length + message->reason.length + 32;

  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);

      n += field->name.length + field->value.length + 4;
    }
  return n;
}

/**
 * rt_http1_write_head:
 * @message: a message; other versions than 1.0 and 0.9 are written as HTTP/1.1
 *
 * A request of HTTP/0.9 is its line alone, and a response of HTTP/0.9 has no head.
 *
 * Returns: (transfer full): start line and header section, the empty line included
 */
GBytes *
rt_http1_write_head (RtMessage *message)
{
  GString *out = g_string_sized_new (guess_length (message));

  if (message->version == RT_VERSION_0_9 && message->kind == RT_MESSAGE_RESPONSE)
    return g_string_free_to_bytes (out);
  append_start_line (out, message);
  if (message->version != RT_VERSION_0_9)
    {
      append_fields (out, message->fields);
      g_string_append (out, "\r\n");
    }
  return g_string_free_to_bytes (out);
}

/**
 * rt_http1_write_chunk:
 * @content: a run of content
 *
 * Returns: (transfer full): it as one chunk (RFC 9112 §7.1); nothing if it is empty, because a
 * chunk of nothing would be the last
 */
GBytes *
rt_http1_write_chunk (GBytes *content)
{
  gsize length;
  const char *data = g_bytes_get_data (content, &length);
  GString *out;

  if (length == 0)
    return g_bytes_ref (content);
  out = g_string_sized_new (length + 24);
  g_string_append_printf (out, "%" G_GSIZE_MODIFIER "x\r\n", length);
  g_string_append_len (out, data, (gssize)length);
  g_string_append (out, "\r\n");
  return g_string_free_to_bytes (out);
}

/**
 * rt_http1_write_last_chunk:
 * @trailers: (nullable): the trailer section
 *
 * Returns: (transfer full): the last chunk, the trailers and the empty line behind them
 */
GBytes *
rt_http1_write_last_chunk (RtFields *trailers)
{
  GString *out = g_string_new ("0\r\n");

  if (trailers != NULL)
    append_fields (out, trailers);
  g_string_append (out, "\r\n");
  return g_string_free_to_bytes (out);
}

/**
 * rt_http1_keeps_open:
 * @message: a message that was read or is about to be written
 *
 * What one side of an exchange says of the connection's future (RFC 9112 §9.3): not `close`, and
 * `keep-alive` in HTTP/1.0. A message whose end is the end of the connection, or whose framing two
 * recipients could see differently (§6.1, §6.3), does not keep it open either.
 *
 * Returns: whether another message may follow
 */
gboolean
rt_http1_keeps_open (const RtMessage *message)
{
  if (message->framing == RT_FRAMING_CLOSE || message->framing == RT_FRAMING_INVALID
      || message->framing == RT_FRAMING_TUNNEL)
    return FALSE;
  if (rt_fields_list_contains (message->fields, "Connection", RT_TEXT ("close")))
    return FALSE;
  if (message->framing == RT_FRAMING_CHUNKED
      && (message->version == RT_VERSION_1_0
          || rt_fields_first (message->fields, "Content-Length") != NULL))
    return FALSE;
  return message->version == RT_VERSION_1_1
         || (message->version == RT_VERSION_1_0
             && rt_fields_list_contains (message->fields, "Connection", RT_TEXT ("keep-alive")));
}

/* The head, with the length of @content where nothing says how it is framed. */
static GBytes *
write_framed_head (RtMessage *message, GBytes *content, gboolean chunked)
{
  g_autoptr (RtMessage) copy = NULL;
  g_autofree char *length = NULL;

  if (content == NULL || chunked || rt_fields_first (message->fields, "Content-Length") != NULL)
    return rt_http1_write_head (message);
  copy = rt_message_copy (message);
  length = g_strdup_printf ("%zu", g_bytes_get_size (content));
  rt_fields_append (copy->fields, "Content-Length", length);
  return rt_http1_write_head (copy);
}

/**
 * rt_http1_write_message:
 * @message: a message
 * @content: (nullable): its content, without transfer coding
 *
 * Content goes out in one chunk where @message has a Transfer-Encoding, and else with a
 * Content-Length, which is added where it is missing.
 *
 * Returns: (transfer full): all of its bytes
 */
GBytes *
rt_http1_write_message (RtMessage *message, GBytes *content)
{
  g_autoptr (GBytes) head = NULL;
  GByteArray *bytes;
  gboolean chunked = rt_fields_first (message->fields, "Transfer-Encoding") != NULL;

  head = write_framed_head (message, content, chunked);
  if (content == NULL && !chunked)
    return g_steal_pointer (&head);
  bytes = g_byte_array_new ();
  g_byte_array_append (bytes, g_bytes_get_data (head, NULL), (guint)g_bytes_get_size (head));
  if (content != NULL)
    {
      g_autoptr (GBytes) body
          = chunked && g_bytes_get_size (content) > 0 ? rt_http1_write_chunk (content) : NULL;
      GBytes *part = chunked ? body : content;

      if (part != NULL)
        g_byte_array_append (bytes, g_bytes_get_data (part, NULL), (guint)g_bytes_get_size (part));
    }
  if (chunked)
    {
      g_autoptr (GBytes) last = rt_http1_write_last_chunk (message->trailers);

      g_byte_array_append (bytes, g_bytes_get_data (last, NULL), (guint)g_bytes_get_size (last));
    }
  return g_byte_array_free_to_bytes (bytes);
}
