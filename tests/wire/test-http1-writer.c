/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The writer, messages from text, and what a message says of its connection. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-error.h"
#include "rt-http1-private.h"

static void
assert_bytes (GBytes *bytes, const char *expected)
{
  g_autofree char *text
      = g_strndup (g_bytes_get_data (bytes, NULL) != NULL ? g_bytes_get_data (bytes, NULL) : "",
                   g_bytes_get_size (bytes));

  assert_string_equal (text, expected);
  g_bytes_unref (bytes);
}

/* Reads @text as one message and writes it again. */
static void
assert_round_trip (RtMessageKind kind, const char *text)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (RtMessage) message = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) head = NULL;

  assert_true (rt_http1_parse_message (kind, rt_text (text), &message, &content, NULL));
  head = rt_http1_write_head (message);
  g_byte_array_append (out, g_bytes_get_data (head, NULL), (guint)g_bytes_get_size (head));
  if (message->framing == RT_FRAMING_CHUNKED)
    {
      g_autoptr (GBytes) chunk = rt_http1_write_chunk (content);
      g_autoptr (GBytes) last = rt_http1_write_last_chunk (message->trailers);

      g_byte_array_append (out, g_bytes_get_data (chunk, NULL), (guint)g_bytes_get_size (chunk));
      g_byte_array_append (out, g_bytes_get_data (last, NULL), (guint)g_bytes_get_size (last));
    }
  else if (g_bytes_get_size (content) > 0)
    g_byte_array_append (out, g_bytes_get_data (content, NULL), (guint)g_bytes_get_size (content));
  assert_int_equal (out->len, strlen (text));
  assert_memory_equal (out->data, text, out->len);
}

static void
what_was_read_is_written_as_it_was (void **state)
{
  assert_round_trip (RT_MESSAGE_REQUEST,
                     "GET /a?b HTTP/1.1\r\nhOST: a\r\nB: 1\r\nA:\r\nB: 2\r\n\r\n");
  assert_round_trip (RT_MESSAGE_REQUEST, "GET / HTTP/1.0\r\n\r\n");
  assert_round_trip (RT_MESSAGE_REQUEST,
                     "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi");
  assert_round_trip (RT_MESSAGE_REQUEST, "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked"
                                         "\r\n\r\nb\r\nhello world\r\n0\r\nA: 1\r\nA: 2\r\n\r\n");
  assert_round_trip (RT_MESSAGE_REQUEST, "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked"
                                         "\r\n\r\n0\r\n\r\n");
  assert_round_trip (RT_MESSAGE_RESPONSE, "HTTP/1.1 404 Not  Found\r\nX: \xc3\xa9\r\n\r\nhello");
  assert_round_trip (RT_MESSAGE_RESPONSE, "HTTP/1.0 204 \r\n\r\n");
}

static void
text_cannot_leave_its_line (void **state)
{
  g_autoptr (RtMessage) request = rt_message_new_request ("GE T\r\nX", "/a b\r\nX: y\x7f");
  g_autoptr (RtMessage) response = rt_message_new_response (200, "OK\r\nX: y");

  rt_fields_append (request->fields, "A\r\nB: c", "1\r\n\r\nGET / HTTP/1.1\r");
  rt_fields_append (request->fields, "", "no name");
  rt_fields_append_field (request->fields,
                          &(RtField){ .name = RT_TEXT ("N"), .value = RT_TEXT ("a\0b") });
  assert_bytes (rt_http1_write_head (request), "GE_T__X /a%20b%0D%0AX:%20y%7F HTTP/1.1\r\n"
                                               "A__B__c: 1    GET / HTTP/1.1 \r\nN: a b\r\n\r\n");
  assert_bytes (rt_http1_write_head (response), "HTTP/1.1 200 OK  X: y\r\n\r\n");
  assert_bytes (rt_http1_write_last_chunk (request->fields),
                "0\r\nA__B__c: 1    GET / HTTP/1.1 \r\nN: a b\r\n\r\n");
}

static void
an_empty_run_is_no_chunk (void **state)
{
  assert_bytes (rt_http1_write_chunk (g_bytes_new_static ("", 0)), "");
  assert_bytes (rt_http1_write_last_chunk (NULL), "0\r\n\r\n");
}

static void
http_0_9_has_a_line_and_nothing_else (void **state)
{
  g_autoptr (RtMessage) request = rt_message_new_request ("GET", "/");
  g_autoptr (RtMessage) response = rt_message_new_response (200, "OK");

  request->version = response->version = RT_VERSION_0_9;
  assert_bytes (rt_http1_write_head (request), "GET /\r\n");
  assert_bytes (rt_http1_write_head (response), "");
}

static void
assert_no_message (RtMessageKind kind, const char *text, const char *error_message)
{
  g_autoptr (GError) error = NULL;
  RtMessage *message = NULL;
  GBytes *content = NULL;

  assert_false (rt_http1_parse_message (kind, rt_text (text), &message, &content, &error));
  assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_SYNTAX));
  assert_string_equal (error->message, error_message);
  assert_null (message);
  assert_null (content);
}

static void
what_is_no_message_is_an_error_with_its_place (void **state)
{
  assert_no_message (RT_MESSAGE_REQUEST, "",
                     "there is nothing but empty lines; expected a message");
  assert_no_message (RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                     "line 2:7: it does not hold that the value of Host is a host and perhaps a "
                     "port (RFC 9112 §3.2)");
  assert_no_message (RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nHost: a\r\n",
                     "line 3:1: the text ends before the message does; expected the rest of its "
                     "head or content");
  assert_no_message (RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nHost: a\r\n\r\nhi",
                     "line 4:1: 2 bytes follow the message; expected the end of the text");
  assert_no_message (RT_MESSAGE_RESPONSE, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi",
                     "line 4:3: the text ends before the message does; expected the rest of its "
                     "head or content");
}

static void
a_message_outlives_its_reader_and_its_bytes (void **state)
{
  char text[] = "GET /a HTTP/1.1\r\nHost: b\r\n\r\n";
  g_autoptr (RtMessage) message = NULL;
  g_autoptr (RtMessage) copy = NULL;

  assert_true (rt_http1_parse_message (RT_MESSAGE_REQUEST, rt_text (text), &message, NULL, NULL));
  memset (text, 'x', sizeof text);
  copy = rt_message_copy (message);
  rt_fields_set (copy->fields, "Host", "c");
  rt_message_set_target (copy, RT_TEXT ("/d"));
  g_clear_pointer (&message, rt_message_unref);
  assert_bytes (rt_http1_write_head (copy), "GET /d HTTP/1.1\r\nHost: c\r\n\r\n");
}

static void
connections_stay_open_as_the_messages_say (void **state)
{
  static const struct
  {
    const char *text;
    gboolean keeps;
  } rows[] = {
    { "HTTP/1.1 204 X\r\n\r\n", TRUE },
    { "HTTP/1.1 204 X\r\nConnection: x, Close\r\n\r\n", FALSE },
    { "HTTP/1.1 204 X\r\nConnection: x\r\nConnection: close\r\n\r\n", FALSE },
    { "HTTP/1.0 204 X\r\n\r\n", FALSE },
    { "HTTP/1.0 204 X\r\nConnection: Keep-Alive\r\n\r\n", TRUE },
    { "HTTP/1.0 204 X\r\nConnection: keep-alive, close\r\n\r\n", FALSE },
    { "HTTP/1.1 200 X\r\n\r\nhello", FALSE },
    { "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", TRUE },
    { "HTTP/1.1 200 X\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", FALSE },
    { "HTTP/1.0 200 X\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      FALSE },
    { "HTTP/1.1 101 X\r\n\r\n", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RtMessage) message = NULL;

      assert_true (rt_http1_parse_message (RT_MESSAGE_RESPONSE, rt_text (rows[i].text), &message,
                                           NULL, NULL));
      assert_int_equal (rt_http1_keeps_open (message), rows[i].keeps);
    }
}

static void
feed (RtHttp1Reader *reader, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));

  rt_http1_reader_feed (reader, bytes, RT_SPAN_NONE);
}

static void
what_follows_an_agreed_tunnel_is_not_read_as_http (void **state)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_STRICT, NULL);
  RtHttp1Event event;

  feed (reader, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_HEAD);
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_END);
  feed (reader, "\x17 early");
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_NEED_MORE);
  rt_http1_reader_tunnel (reader);
  feed (reader, " late");
  event = rt_http1_reader_next (reader);
  assert_int_equal (event.kind, RT_HTTP1_TUNNEL);
  assert_true (
      rt_text_is ((RtText){ g_bytes_get_data (event.bytes, NULL), g_bytes_get_size (event.bytes) },
                  "\x17 early"));
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_TUNNEL);
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_NEED_MORE);
  rt_http1_reader_end (reader);
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_CLOSED);
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_NEED_MORE);
}

static void
without_spans_nothing_has_one (void **state)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_STRICT, NULL);
  RtHttp1Event event;

  feed (reader, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  event = rt_http1_reader_next (reader);
  assert_true (rt_span_is_none (event.span));
  assert_true (rt_span_is_none (event.message->target_span));
  assert_true (rt_span_is_none (rt_fields_get (event.message->fields, 0)->value_span));
}

static void
each_violation_has_its_own_row (void **state)
{
  for (guint i = 0; i < RT_HTTP1_N_VIOLATIONS; i++)
    {
      const RtFindingKind *kind = rt_http1_finding_kind (i);

      assert_non_null (kind->clause.id);
      assert_true (g_str_has_prefix (kind->clause.id, "http1."));
      assert_true (g_str_has_prefix (kind->clause.reference, "RFC "));
      assert_true (kind->status == 0 || (kind->status >= 400 && kind->status < 600));
      for (guint k = 0; k < i; k++)
        assert_string_not_equal (kind->clause.id, rt_http1_finding_kind (k)->clause.id);
    }
}

static void
control_characters_are_found_wherever_they_stand (void **state)
{
  char text[24];

  for (guint c = 0; c < 256; c++)
    for (gsize at = 0; at < sizeof text; at++)
      {
        gboolean control = (c < 0x20 && c != '\t') || c == 0x7f;

        memset (text, at % 2 ? 0x80 : ' ', sizeof text);
        text[at] = (char)c;
        assert_int_equal (rt_http1_has_control ((RtText){ text, sizeof text }), control);
      }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (what_was_read_is_written_as_it_was),
    cmocka_unit_test (text_cannot_leave_its_line),
    cmocka_unit_test (an_empty_run_is_no_chunk),
    cmocka_unit_test (http_0_9_has_a_line_and_nothing_else),
    cmocka_unit_test (what_is_no_message_is_an_error_with_its_place),
    cmocka_unit_test (a_message_outlives_its_reader_and_its_bytes),
    cmocka_unit_test (connections_stay_open_as_the_messages_say),
    cmocka_unit_test (what_follows_an_agreed_tunnel_is_not_read_as_http),
    cmocka_unit_test (without_spans_nothing_has_one),
    cmocka_unit_test (control_characters_are_found_wherever_they_stand),
    cmocka_unit_test (each_violation_has_its_own_row),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
