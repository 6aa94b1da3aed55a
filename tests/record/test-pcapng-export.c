/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sessions as pcapng: what is written for what a log says, and that it comes back. */
#include "rt-test-record.h"

#include "capture.h"
#include "rt-capture-reader.h"
#include "rt-pcap.h"

#include <string.h>

#define GET "GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n"
#define GET_B "GET /b HTTP/1.1\r\nHost: shop.test\r\n\r\n"
#define HEAD_5 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
#define NO_CONTENT "HTTP/1.1 204 No Content\r\n\r\n"

typedef struct
{
  const char *name;
  void (*build) (Capture *c);
  const char *want; /* its frames: `>` by the client: SYN, ACK, FIN, RST and bytes */
} Row;

static void
exchange (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_send (c, SERVER, HEAD_5 "hello");
  capture_close (c);
}

static void
six (Capture *c)
{
  c->six = TRUE;
  exchange (c);
}

static void
gap (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_send (c, SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nbegins");
  c->next[SERVER] += 40;
  capture_send (c, SERVER, "ends");
  capture_send (c, CLIENT, GET_B);
  capture_send (c, SERVER, NO_CONTENT);
}

static void
refused (Capture *c)
{
  exchange (c);
  c->ports[CLIENT]++;
  capture_tcp (c, CLIENT, RT_TCP_SYN, "");
  capture_tcp (c, SERVER, RT_TCP_RST | RT_TCP_ACK, "");
}

static void
cut_off (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_tcp (c, SERVER, RT_TCP_RST | RT_TCP_ACK, "");
}

static void
long_content (Capture *c)
{
  g_autofree char *content = g_strnfill (2000, 'x');
  g_autofree char *response
      = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n", content, NULL);

  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_send (c, SERVER, response);
}

static void
commented (Capture *c)
{
  capture_open (c);
  c->comment = "look here";
  capture_tcp (c, CLIENT, RT_TCP_ACK, GET);
  c->comment = NULL;
  capture_send (c, SERVER, HEAD_5 "hello");
}

#define OPEN ">SYN\n<SYN ACK\n>ACK\n"
#define CLOSE ">FIN ACK\n<ACK\n<FIN ACK\n>ACK\n"

static const Row rows[] = {
  { "handshake, bytes, acknowledgements and ends", exchange,
    OPEN ">ACK 36\n<ACK\n<ACK 43\n>ACK\n" CLOSE },
  { "IPv6 stays IPv6", six, OPEN ">ACK 36\n<ACK\n<ACK 43\n>ACK\n" CLOSE },
  { "a gap is skipped", gap,
    OPEN ">ACK 36\n<ACK\n<ACK 45\n>ACK\n<ACK +40 4\n>ACK\n>ACK 36\n<ACK\n<ACK 27\n>ACK\n" },
  { "a refusal", refused, OPEN ">ACK 36\n<ACK\n<ACK 43\n>ACK\n" CLOSE ">SYN\n<RST ACK\n" },
  { "a connection that is cut off", cut_off, OPEN ">ACK 36\n<ACK\n<RST ACK\n" },
  { "segments as long as Ethernet takes", long_content,
    OPEN ">ACK 36\n<ACK\n<ACK 1460\n<ACK 581\n>ACK\n" },
  { "a mark is a comment again", commented, OPEN ">ACK 36 “look here”\n<ACK\n<ACK 43\n>ACK\n" },
};

/* RFC 1071: with its own checksum a header adds up to 0xffff. */
static guint32
add_up (guint32 sum, const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    sum += i % 2 == 0 ? (guint32)data[i] << 8 : data[i];
  while (sum > 0xffff)
    sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

static void
check_sums (const RtCaptureEvent *event, const RtIpPacket *ip)
{
  guint32 sum = RT_IP_TCP + (guint32)ip->payload.length;

  if (ip->source.length == 4)
    assert_int_equal (add_up (0, (const guint8 *)event->data.at + 14, 20), 0xffff);
  sum = add_up (sum, ip->source.bytes, ip->source.length);
  sum = add_up (sum, ip->destination.bytes, ip->destination.length);
  assert_int_equal (add_up (sum, (const guint8 *)ip->payload.at, ip->payload.length), 0xffff);
}

/* What the numbers of a direction have come to. */
typedef struct
{
  guint16 client;
  guint32 next[2];
} Numbers;

static void
tell_segment (GString *out, Numbers *numbers, const RtTcpSegment *segment)
{
  static const char *const names[] = { "FIN ", "SYN ", "RST ", "", "ACK " };
  static const guint order[] = { 0, 1, 2, 4 };
  gboolean opens = (segment->flags & (RT_TCP_SYN | RT_TCP_ACK)) == RT_TCP_SYN;
  gboolean server;

  if (opens)
    numbers->client = segment->source_port;
  server = segment->source_port != numbers->client;
  g_string_append_c (out, server ? '<' : '>');
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if ((segment->flags & 1 << order[i]) != 0)
      g_string_append (out, names[order[i]]);
  if (segment->payload.length > 0 && segment->sequence != numbers->next[server])
    g_string_append_printf (out, "+%u ", segment->sequence - numbers->next[server]);
  if (segment->payload.length > 0)
    g_string_append_printf (out, "%u ", (guint)segment->payload.length);
  numbers->next[server] = segment->sequence + (guint32)segment->payload.length
                          + ((segment->flags & (RT_TCP_SYN | RT_TCP_FIN)) != 0);
}

static char *
tell_frames (const char *data, gsize size)
{
  g_autoptr (RtCaptureReader) reader = rt_capture_reader_new ();
  GString *out = g_string_new (NULL);
  Numbers numbers = { 0 };
  RtCaptureEvent event;

  rt_capture_reader_feed (reader, data, size);
  rt_capture_reader_end (reader);
  while (rt_capture_reader_next (reader, &event) != RT_CAPTURE_END)
    {
      RtIpPacket ip;
      RtTcpSegment segment;

      assert_int_not_equal (event.kind, RT_CAPTURE_BROKEN);
      assert_int_not_equal (event.kind, RT_CAPTURE_PROBLEM);
      if (event.kind != RT_CAPTURE_PACKET)
        continue;
      assert_int_equal (rt_frame_decode (event.link_type, event.data, event.length, &ip),
                        RT_FRAME_IP);
      assert_int_equal (rt_tcp_segment_decode (&ip, &segment), RT_FRAME_IP);
      check_sums (&event, &ip);
      tell_segment (out, &numbers, &segment);
      if (event.text.length > 0)
        g_string_append_printf (out, "“%.*s” ", (int)event.text.length, event.text.at);
      out->str[out->len - 1] = '\n';
    }
  return g_string_free (out, FALSE);
}

static RtSession *
import (void **folder, const char *name, const guint8 *data, gsize size)
{
  g_autofree char *from = rt_test_path (folder, name);
  g_autofree char *to = g_strconcat (from, ".roundtrip", NULL);
  RtSession *session = rt_session_create (to, NULL);
  g_autoptr (RtImportReport) report = NULL;

  rt_test_write_file (from, data, size);
  report = rt_pcap_import (session, from, NULL, NULL);
  assert_non_null (report);
  return session;
}

static GBytes *export(RtSession *session)
{
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  assert_true (rt_pcapng_export (session, out, &(RtExportOptions){ 0 }, NULL));
  assert_true (g_output_stream_close (out, NULL, NULL));
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static GBytes *
export_again (void **folder, const char *name, GBytes *capture)
{
  g_autoptr (RtSession) session
      = import (folder, name, g_bytes_get_data (capture, NULL), g_bytes_get_size (capture));

  return export(session);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  void *folder = NULL;
  g_autoptr (GBytes) first = NULL;
  g_autoptr (GBytes) second = NULL;
  g_autoptr (GBytes) third = NULL;
  g_autofree char *told = NULL;
  RtSession *session;
  Capture c;

  assert_int_equal (rt_test_setup (&folder), 0);
  capture_init (&c, &(CaptureFile){ .pcapng = TRUE, .link = RT_LINK_ETHERNET });
  row->build (&c);
  session = import (&folder, "first", c.file->data, c.file->len);
  first = export(session);
  rt_session_unref (session);
  told = tell_frames (g_bytes_get_data (first, NULL), g_bytes_get_size (first));
  assert_string_equal (told, row->want);
  /* Frames are segments from then on: what is written again is the same byte for byte. */
  second = export_again (&folder, "second", first);
  third = export_again (&folder, "third", second);
  assert_true (g_bytes_equal (second, third));
  capture_clear (&c);
  rt_test_teardown (&folder);
}

static void
add_event (RtLog *log, RtEventKind kind, RtPartyId party, RtSpan span, GVariant *detail)
{
  rt_log_append (log,
                 &(RtEvent){ .time = RT_TIME_SEC,
                             .cause = RT_EVENT_NONE,
                             .span = span,
                             .connection = 1,
                             .party = party,
                             .kind = kind },
                 detail);
}

/* As a gateway records it: nobody saw the client connect, and it is answered although it is gone.
 * From port 54321 to 8080. */
static void
accepted_connection (void **folder)
{
  static const guint8 ports[] = { 0xd4, 0x31, 0x1f, 0x90 };
  g_autofree char *path = rt_test_path (folder, "accepted.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder
      = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);
  RtLog *log = rt_log_new (0, rt_recorder_add_page, recorder);
  g_autoptr (GBytes) request = g_bytes_new_static (GET, strlen (GET));
  g_autoptr (GBytes) response = g_bytes_new_static (HEAD_5 "hello", strlen (HEAD_5 "hello"));
  RtPartyId server = rt_log_add_party (log, RT_TIME_SEC, "gateway", "gateway");
  RtPartyId client = rt_log_add_party (log, RT_TIME_SEC, "192.0.2.1", "program");
  RtBufferId back
      = rt_log_add_buffer (log, RT_TIME_SEC, 1, server, RT_BACKWARD, RT_BYTES_CROSSED, 0);
  RtBufferId forth
      = rt_log_add_buffer (log, RT_TIME_SEC, 1, client, RT_FORWARD, RT_BYTES_CROSSED, 0);
  g_autoptr (GBytes) capture = NULL;
  g_autofree char *told = NULL;

  add_event (log, RT_EVENT_ESTABLISHED, server, RT_SPAN_NONE,
             g_variant_new ("(sqsq)", "192.0.2.2", 8080, "192.0.2.1", 54321));
  add_event (log, RT_EVENT_RECEIVED, server, rt_log_write (log, forth, request), NULL);
  add_event (log, RT_EVENT_EOF, server, RT_SPAN_NONE, NULL);
  add_event (log, RT_EVENT_SENT, server, rt_log_write (log, back, response), NULL);
  add_event (log, RT_EVENT_SENT, server, RT_SPAN_NONE, g_variant_new_string ("FIN"));
  rt_log_flush (log);
  rt_log_free (log);
  assert_true (rt_recorder_finish (recorder, NULL));
  capture = export(session);
  told = tell_frames (g_bytes_get_data (capture, NULL), g_bytes_get_size (capture));
  assert_string_equal (told, OPEN ">ACK 36\n<ACK\n>FIN ACK\n<ACK\n<ACK 43\n<FIN ACK\n");
  assert_non_null (
      memmem (g_bytes_get_data (capture, NULL), g_bytes_get_size (capture), ports, sizeof ports));
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  tests[G_N_ELEMENTS (rows)] = (struct CMUnitTest)RT_TEST (
      "a connection of a program's: who began it, and the answer behind its end",
      accepted_connection);
  return _cmocka_run_group_tests ("pcapng-export", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
