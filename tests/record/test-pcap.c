/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures into sessions: what comes of good ones, and of those in which something is missing. */
#include "rt-test-record.h"

#include "capture.h"
#include "rt-analysis.h"
#include "rt-pcap-guess.h"
#include "rt-pcap.h"

#include <string.h>

#define GET "GET /a HTTP/1.1\r\nHost: shop.test\r\n\r\n"
#define HEAD_5 "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
#define GET_B "GET /b HTTP/1.1\r\nHost: shop.test\r\n\r\n"
#define NO_CONTENT "HTTP/1.1 204 No Content\r\n\r\n"

#define A "10.0.0.1 > shop.test: GET /a 200 “hello”\n"
#define B "10.0.0.1 > shop.test: GET /b 204\n"

typedef struct
{
  const char *name;
  void (*build) (Capture *c);
  const char *want;
  const char *warning; /* part of the warnings; NULL: there is none */
  CaptureFile file;
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
two_exchanges (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_send (c, SERVER, HEAD_5 "hello");
  capture_send (c, CLIENT, GET_B);
  capture_send (c, SERVER, NO_CONTENT);
}

static void
vlan (Capture *c)
{
  c->vlan = TRUE;
  exchange (c);
}

static void
options (Capture *c)
{
  c->extension = TRUE;
  exchange (c);
}

static void
fragments (Capture *c)
{
  c->fragment = 16;
  exchange (c);
}

static void
six (Capture *c)
{
  c->six = TRUE;
  exchange (c);
}

static void
six_fragments (Capture *c)
{
  c->six = TRUE;
  c->extension = TRUE;
  c->fragment = 24;
  exchange (c);
}

/* What is sent is captured in another order. */
static void
out_of_order (Capture *c)
{
  guint32 at;

  capture_open (c);
  capture_send (c, CLIENT, GET);
  at = c->next[SERVER];
  capture_tcp_at (c, SERVER, RT_TCP_ACK, at + (guint32)strlen (HEAD_5) + 3, "lo");
  capture_tcp_at (c, SERVER, RT_TCP_ACK, at + (guint32)strlen (HEAD_5), "hel");
  capture_tcp_at (c, SERVER, RT_TCP_ACK, at, HEAD_5);
  c->next[SERVER] += (guint32)strlen (HEAD_5 "hello");
  capture_close (c);
}

/* What comes again may say something else: the bytes that waited count. */
static void
retransmission (Capture *c)
{
  guint32 at;

  capture_open (c);
  capture_tcp_at (c, CLIENT, RT_TCP_ACK, c->next[CLIENT], GET);
  capture_send (c, CLIENT, GET);
  at = c->next[SERVER];
  capture_tcp_at (c, SERVER, RT_TCP_ACK, at + (guint32)strlen (HEAD_5), "hel");
  capture_tcp_at (c, SERVER, RT_TCP_ACK, at + (guint32)strlen (HEAD_5) + 1, "XXlo");
  capture_tcp_at (c, SERVER, RT_TCP_ACK, at, HEAD_5);
  c->next[SERVER] += (guint32)strlen (HEAD_5 "hello");
  capture_close (c);
}

static void
keep_alive_probe (Capture *c)
{
  two_exchanges (c);
  capture_tcp_at (c, CLIENT, RT_TCP_ACK, c->next[CLIENT] - 1, "x");
  capture_tcp_at (c, SERVER, RT_TCP_ACK, c->next[SERVER] - 1, "");
  capture_close (c);
}

static void
no_handshake (Capture *c)
{
  capture_send (c, CLIENT, GET);
  capture_send (c, SERVER, HEAD_5 "hello");
}

static void
response_first (Capture *c)
{
  capture_send (c, SERVER, HEAD_5 "hello");
  capture_send (c, CLIENT, GET_B);
  capture_send (c, SERVER, NO_CONTENT);
}

static void
middle (Capture *c)
{
  capture_send (c, SERVER, "the end of some content.");
  capture_send (c, CLIENT, GET_B);
  capture_send (c, SERVER, NO_CONTENT);
}

/* The receiver has got what the sniffer has not. */
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
gap_at_end (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_send (c, SERVER, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nbegins");
  c->next[SERVER] += 44;
  capture_close (c);
}

static void
snapped (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  c->snap = 14 + 20 + 24 + 50;
  capture_tcp (c, SERVER, RT_TCP_ACK,
               "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"
               "01234567890123456789012345678901234567890123456789");
  c->snap = 0;
  capture_tcp (c, CLIENT, RT_TCP_ACK, "");
  capture_send (c, CLIENT, GET_B);
  capture_send (c, SERVER, NO_CONTENT);
}

static void
cut_off (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_tcp (c, SERVER, RT_TCP_RST | RT_TCP_ACK, "");
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
half_open (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, GET);
  capture_tcp (c, SERVER, RT_TCP_ACK, HEAD_5 "hel");
}

static void
ports_again (Capture *c)
{
  exchange (c);
  c->next[CLIENT] += 100000;
  c->next[SERVER] += 100000;
  capture_open (c);
  capture_send (c, CLIENT, GET_B);
  capture_send (c, SERVER, NO_CONTENT);
}

static void
side_by_side (Capture *c)
{
  Capture other = *c;

  other.ports[CLIENT]++;
  capture_open (c);
  other.now = c->now;
  capture_open (&other);
  capture_send (c, CLIENT, GET);
  capture_send (&other, CLIENT, GET_B);
  capture_send (&other, SERVER, NO_CONTENT);
  capture_send (c, SERVER, HEAD_5 "hello");
}

static void
other_protocols (Capture *c)
{
  two_exchanges (c);
  c->ports[SERVER] = 22;
  capture_open (c);
  capture_send (c, SERVER, "SSH-2.0-OpenSSH_9.2\r\n");
  c->ports[SERVER] = 5060;
  capture_open (c);
  capture_send (c, CLIENT, "OPTIONS sip:a@b SIP/2.0\r\n\r\n");
  c->ports[SERVER] = 9;
  capture_open (c);
}

static void
tls (Capture *c)
{
  capture_open (c);
  capture_send (c, SERVER, "\x16\x03\x03\x01\x01\x02\x01\x01\x01\x01");
  capture_send (c, CLIENT, "\x16\x03\x01\x01\x01\x01\x01\x01\x01\x01");
}

static void
names (Capture *c)
{
  capture_name (c, "10.0.0.1", "ann");
  exchange (c);
}

static void
proxy (Capture *c)
{
  capture_open (c);
  capture_send (c, CLIENT, "GET http://shop.test/a HTTP/1.1\r\nHost: shop.test\r\n\r\n");
  capture_send (c, SERVER, HEAD_5 "hello");
}

static void
nothing (Capture *c)
{
}

static void
other_packets (Capture *c)
{
  static const guint8 arp[60] = { [12] = 8, [13] = 6 };

  capture_frame (c, arp, sizeof arp);
  exchange (c);
  capture_frame (c, arp, 10);
  capture_frame (c, arp, 0);
}

static void
lying_header (Capture *c)
{
  guint8 frame[60] = { [12] = 8, [14] = 0x42 };

  exchange (c);
  capture_frame (c, frame, sizeof frame);
}

static void
lying_length (Capture *c)
{
  static const guint8 header[16] = { [8] = 0xff, [9] = 0xff, [10] = 0xff, [11] = 0x7f };

  exchange (c);
  g_byte_array_append (c->file, header, sizeof header);
}

static void
ends_in_packet (Capture *c)
{
  exchange (c);
  g_byte_array_set_size (c->file, c->file->len - 5);
}

static void
ends_in_header (Capture *c)
{
  exchange (c);
  g_byte_array_append (c->file, (const guint8[]){ 1, 2, 3 }, 3);
}

static void
lying_block (Capture *c)
{
  static const guint32 block[4] = { 77, 4000, 0, 0 };

  exchange (c);
  g_byte_array_append (c->file, (const guint8 *)block, sizeof block);
}

static void
odd_block (Capture *c)
{
  static const guint32 block[4] = { 77, 15, 0, 0 };

  exchange (c);
  g_byte_array_append (c->file, (const guint8 *)block, sizeof block);
}

static void
no_interface (Capture *c)
{
  static const guint32 packet[5] = { 9, 0, 0, 0, 0 };
  static const guint32 longer[5] = { 0, 0, 0, 100, 100 };

  capture_block (c, 6, packet, sizeof packet);
  capture_block (c, 6, longer, sizeof longer);
  capture_block (c, 6, longer, 8);
  exchange (c);
}

static void
more_blocks (Capture *c)
{
  static const guint8 unknown[9] = { 1, 2, 3 };
  static const guint8 secrets[] = "KSLT\4\0\0\0# x\n";

  capture_block (c, 0xbad, unknown, sizeof unknown);
  capture_block (c, 10, secrets, 12);
  capture_block (c, 10, secrets, 5);
  exchange (c);
}

#define PCAP(link_)                                                                                \
  {                                                                                                \
    .link = link_                                                                                  \
  }
#define PCAPNG(link_)                                                                              \
  {                                                                                                \
    .pcapng = TRUE, .link = link_                                                                  \
  }

/* clang-format off */
static const Row rows[] = {
  { "Ethernet", exchange, A, NULL, PCAP (RT_LINK_ETHERNET) },
  { "pcapng", exchange, A, NULL, PCAPNG (RT_LINK_ETHERNET) },
  { "raw IP", exchange, A, NULL, PCAP (RT_LINK_RAW) },
  { "Linux cooked", exchange, A, NULL, PCAP (RT_LINK_COOKED) },
  { "Linux cooked, second version", exchange, A, NULL, PCAP (RT_LINK_COOKED_2) },
  { "BSD loopback", exchange, A, NULL, PCAP (RT_LINK_NULL) },
  { "OpenBSD loopback", exchange, A, NULL, PCAP (RT_LINK_LOOP) },
  { "IPv4 alone", exchange, A, NULL, PCAP (RT_LINK_IPV4) },
  { "the other byte order", exchange, A, NULL, { .link = RT_LINK_ETHERNET, .swapped = TRUE } },
  { "nanoseconds", exchange, A, NULL, { .link = RT_LINK_ETHERNET, .nsec = TRUE } },
  { "both", exchange, A, NULL, { .link = RT_LINK_ETHERNET, .nsec = TRUE, .swapped = TRUE } },
  { "pcapng in the other byte order", exchange, A, NULL,
    { .pcapng = TRUE, .link = RT_LINK_ETHERNET, .swapped = TRUE } },
  { "pcapng in nanoseconds", exchange, A, NULL,
    { .pcapng = TRUE, .link = RT_LINK_ETHERNET, .nsec = TRUE } },
  { "VLAN tags", vlan, A, NULL, PCAP (RT_LINK_ETHERNET) },
  { "IP options", options, A, NULL, PCAP (RT_LINK_ETHERNET) },
  { "fragments", fragments, A, NULL, PCAP (RT_LINK_ETHERNET) },
  { "IPv6", six, "2001:db8::1 > shop.test: GET /a 200 “hello”\n", NULL, PCAP (RT_LINK_ETHERNET) },
  { "IPv6, loopback", six, "2001:db8::1 > shop.test: GET /a 200 “hello”\n", NULL,
    PCAP (RT_LINK_NULL) },
  { "IPv6 with extension headers and fragments", six_fragments,
    "2001:db8::1 > shop.test: GET /a 200 “hello”\n", NULL, PCAP (RT_LINK_ETHERNET) },
  { "two exchanges over a connection", two_exchanges, A B, NULL, PCAP (RT_LINK_ETHERNET) },
  { "segments out of order", out_of_order, A, NULL, PCAP (RT_LINK_ETHERNET) },
  { "of bytes that come twice the first count", retransmission, A, NULL, PCAP (RT_LINK_ETHERNET) },
  { "a keep-alive probe is no content", keep_alive_probe, A B, NULL, PCAP (RT_LINK_ETHERNET) },
  { "a handshake that was not captured", no_handshake, A, NULL, PCAP (RT_LINK_ETHERNET) },
  { "the server's bytes first", response_first,
    "10.0.0.1 > shop.test: (nothing) 200 “hello”\n" B, NULL, PCAP (RT_LINK_ETHERNET) },
  { "from the middle of a message", middle, B, NULL, PCAP (RT_LINK_ETHERNET) },
  { "what the sniffer missed is a gap, and the next message is found", gap,
    "10.0.0.1 > shop.test: GET /a 200 “begins” (Bytes of it are missing: they were not captured)\n"
    B, NULL, PCAP (RT_LINK_ETHERNET) },
  { "what it missed at the end is one, too", gap_at_end,
    "10.0.0.1 > shop.test: GET /a 200 “begins” (Bytes of it are missing: they were not captured)\n",
    NULL, PCAP (RT_LINK_ETHERNET) },
  { "packets that were kept in part", snapped,
    "10.0.0.1 > shop.test: GET /a 200 “01234567890” (Bytes of it are missing: the sniffer cut the "
    "packet off)\n" B, "packet 6: not captured whole", PCAP (RT_LINK_ETHERNET) },
  { "a connection that is cut off", cut_off,
    "10.0.0.1 > shop.test: GET /a (The connection was cut off before a response came (by the "
    "server))\n", NULL, PCAP (RT_LINK_ETHERNET) },
  { "a connection that is refused", refused, A "2: refused\n", NULL, PCAP (RT_LINK_ETHERNET) },
  { "a connection that is open at the end", half_open,
    "10.0.0.1 > shop.test: GET /a 200 “hel”\n", NULL, PCAP (RT_LINK_ETHERNET) },
  { "ports that are used again", ports_again, A B, NULL, PCAP (RT_LINK_ETHERNET) },
  { "connections side by side", side_by_side, A B, NULL, PCAP (RT_LINK_ETHERNET) },
  { "other protocols are counted", other_protocols, A B,
    "2 connections speak another protocol: left out\n1 connection has no content: left out\n",
    PCAP (RT_LINK_ETHERNET) },
  { "TLS is shown as opaque", tls, "",
    "1 connection is TLS without keys: shown as opaque\nthere is no HTTP/1 in it\n",
    PCAP (RT_LINK_ETHERNET) },
  { "addresses have names", names, "ann > shop.test: GET /a 200 “hello”\n", NULL,
    PCAPNG (RT_LINK_ETHERNET) },
  { "a proxy is not called as what is asked for", proxy,
    "10.0.0.1 > 10.0.0.2: GET http://shop.test/a 200 “hello”\n", NULL, PCAP (RT_LINK_ETHERNET) },
  { "a capture of nothing", nothing, "", "there is no HTTP/1 in it", PCAP (RT_LINK_ETHERNET) },
  { "packets of other kinds, short and empty ones", other_packets, A,
    "packet 12 and others: the end is in the middle of a header", PCAP (RT_LINK_ETHERNET) },
  { "headers that contradict themselves", lying_header, A,
    "packet 11: the headers contradict themselves", PCAP (RT_LINK_ETHERNET) },
  { "a packet that says it is too long", lying_length, A,
    "byte 859, behind packet 10: packet 11 says that it is 2147483647 bytes long",
    PCAP (RT_LINK_ETHERNET) },
  { "a file that ends in a packet", ends_in_packet, A,
    "behind packet 9: the file ends in the middle of a packet", PCAP (RT_LINK_ETHERNET) },
  { "a file that ends in a packet's header", ends_in_header, A,
    "the file ends in the middle of a packet's header", PCAP (RT_LINK_ETHERNET) },
  { "a file that ends in a block", ends_in_packet, A, "the file ends in the middle of a block",
    PCAPNG (RT_LINK_ETHERNET) },
  { "a block that says it is longer than the file", lying_block, A,
    "the file ends in the middle of a block", PCAPNG (RT_LINK_ETHERNET) },
  { "a block of an odd length", odd_block, A, "a block says that it is 15 bytes long",
    PCAPNG (RT_LINK_ETHERNET) },
  { "packets of no interface or length", no_interface, A,
    "packet 1 is of interface 9, which is not described\n"
    "byte 92: packet 2 says that it has 100 bytes, and its block has 0\n"
    "byte 124: the block of packet 3 is too short\n", PCAPNG (RT_LINK_ETHERNET) },
  { "blocks that are not known, and secrets", more_blocks, A,
    "a block of secrets is longer than it has room for", PCAPNG (RT_LINK_ETHERNET) },
};
/* clang-format on */

static void
tell_exchange (GString *out, RtAnalysis *analysis, const RtExchange *exchange)
{
  const RtPartyInfo *client = rt_analysis_get_party (analysis, exchange->client);
  const RtPartyInfo *server = rt_analysis_get_party (analysis, exchange->server);

  g_string_append_printf (out, "%s > %s: ", client->name, server->name);
  if (exchange->request != NULL)
    g_string_append_printf (out, "%.*s %.*s", (int)exchange->request->message->method.length,
                            exchange->request->message->method.at,
                            (int)exchange->request->message->target.length,
                            exchange->request->message->target.at);
  else
    g_string_append (out, "(nothing)");
  if (exchange->response != NULL)
    {
      g_autoptr (GBytes) content = rt_analysis_dup_content (analysis, exchange->response);

      g_string_append_printf (out, " %u", exchange->response->message->status);
      if (g_bytes_get_size (content) > 0)
        g_string_append_printf (out, " “%.*s”", (int)g_bytes_get_size (content),
                                (const char *)g_bytes_get_data (content, NULL));
    }
  if (exchange->failed != NULL)
    g_string_append_printf (out, " (%s)", exchange->failed);
  g_string_append_c (out, '\n');
}

static char *
tell (RtSession *session)
{
  GString *out = g_string_new (NULL);
  g_autoptr (RtReader) reader = rt_session_open_run (session, 1, NULL);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  GPtrArray *connections = rt_analysis_get_connections (analysis);

  assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  for (guint i = 0; i < exchanges->len; i++)
    tell_exchange (out, analysis, exchanges->pdata[i]);
  for (guint i = 0; i < connections->len; i++)
    {
      const RtConnectionInfo *info = connections->pdata[i];

      if (info->end == RT_CONNECTION_FAILED)
        g_string_append_printf (out, "%u: %s\n", info->id, info->why);
    }
  return g_string_free (out, FALSE);
}

/* Without the file's name before each. */
static char *
join_warnings (const RtImportReport *report, const char *path)
{
  GString *out = g_string_new (NULL);
  g_autofree char *before = g_strconcat (path, ": ", NULL);

  for (guint i = 0; i < report->warnings->len; i++)
    {
      const char *warning = report->warnings->pdata[i];

      assert_true (g_str_has_prefix (warning, before));
      g_string_append_printf (out, "%s\n", warning + strlen (before));
    }
  return g_string_free (out, FALSE);
}

static void
check_import (RtSession *session, const char *path, const Row *row)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtImportReport) report = rt_pcap_import (session, path, NULL, &error);
  g_autofree char *told = NULL;
  g_autofree char *warnings = NULL;

  if (error != NULL)
    print_message ("# %s\n", error->message);
  assert_non_null (report);
  told = tell (session);
  assert_string_equal (told, row->want);
  warnings = join_warnings (report, path);
  if (row->warning == NULL)
    assert_string_equal (warnings, "");
  else if (strstr (warnings, row->warning) == NULL)
    assert_string_equal (warnings, row->warning);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  void *folder = NULL;
  g_autofree char *path = NULL;
  g_autofree char *to = NULL;
  g_autoptr (RtSession) session = NULL;
  Capture c;

  assert_int_equal (rt_test_setup (&folder), 0);
  path = rt_test_path (&folder, "in");
  to = rt_test_path (&folder, "out.roundtrip");
  capture_init (&c, &row->file);
  row->build (&c);
  rt_test_write_file (path, c.file->data, c.file->len);
  session = rt_session_create (to, NULL);
  check_import (session, path, row);
  g_clear_pointer (&session, rt_session_unref);
  capture_clear (&c);
  rt_test_teardown (&folder);
}

/* Times are the capture's. */
static void
test_times (void **state)
{
  g_autofree char *path = rt_test_path (state, "in.pcap");
  g_autofree char *to = rt_test_path (state, "out.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (to, NULL);
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (GPtrArray) rows_ = NULL;
  const RtExchangeRow *row;
  Capture c;

  capture_init (&c, &(CaptureFile){ .link = RT_LINK_ETHERNET });
  exchange (&c);
  rt_test_write_file (path, c.file->data, c.file->len);
  report = rt_pcap_import (session, path, NULL, NULL);
  assert_non_null (report);
  assert_int_equal (report->n_connections, 1);
  rows_ = rt_session_list_exchanges (session, &(RtExchangeQuery){ 0 }, 0, 10, NULL);
  row = rows_->pdata[0];
  /* The fourth packet and the sixth. */
  assert_int_equal (row->started, G_GINT64_CONSTANT (1767268800004000));
  assert_int_equal (row->duration, 2000);
  capture_clear (&c);
}

/* A comment on a packet becomes a mark at what it brought. */
static void
test_comment (void **state)
{
  g_autofree char *path = rt_test_path (state, "in.pcapng");
  g_autofree char *to = rt_test_path (state, "out.roundtrip");
  g_autoptr (RtSession) session = rt_session_create (to, NULL);
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  Capture c;

  capture_init (&c, &(CaptureFile){ .link = RT_LINK_ETHERNET, .pcapng = TRUE });
  capture_open (&c);
  c.comment = "look here";
  capture_tcp (&c, CLIENT, RT_TCP_ACK, GET);
  c.comment = NULL;
  capture_send (&c, SERVER, HEAD_5 "hello");
  rt_test_write_file (path, c.file->data, c.file->len);
  report = rt_pcap_import (session, path, NULL, NULL);
  assert_non_null (report);
  marks = rt_session_list_marks (session, 1, NULL);
  assert_int_equal (marks->len, 1);
  assert_string_equal (((RtMark *)marks->pdata[0])->text, "look here");
  {
    g_autoptr (RtReader) reader = rt_session_open_run (session, 1, NULL);
    guint64 at = ((RtMark *)marks->pdata[0])->event;
    g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, NULL);

    assert_int_equal (page->events[at - page->first].kind, RT_EVENT_SENT);
    assert_int_equal (page->events[at - page->first].span.length, strlen (GET));
  }
  capture_clear (&c);
}

typedef struct
{
  const char *name;
  const char *bytes;
  gsize length;
  const char *says;
} Refusal;

#define BYTES(literal) literal, sizeof literal - 1

/* clang-format off */
static const Refusal refusals[] = {
  { "an empty file is no capture", BYTES (""), "too short to be a capture" },
  { "a magic number that nobody has", BYTES ("GIF89a, as it were"), "0x47494638" },
  { "pcap of the nineties", BYTES ("\x34\xcd\xb2\xa1...................."), "of the nineties" },
  { "a header that is cut off", BYTES ("\xd4\xc3\xb2\xa1\2\0\4\0"), "in the middle of a file's" },
  { "a section without a byte order", BYTES ("\n\r\r\n\x1c\0\0\0xxxx\1\0\0\0xxxxxxxx\x1c\0\0\0"),
    "does not tell its byte order" },
  { "a section that is too short", BYTES ("\n\r\r\n\x10\0\0\0\x4d\x3c\x2b\x1a\x10\0\0\0"),
    "16 are the least" },
  { "a section of another version",
    BYTES ("\n\r\r\n\x1c\0\0\0\x4d\x3c\x2b\x1a\2\0\0\0xxxxxxxx\x1c\0\0\0"), "of version 2" },
  { "a link type that is not read",
    BYTES ("\xd4\xc3\xb2\xa1\2\0\4\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x7f\0\0\0"
           "\0\0\0\0\0\0\0\0\4\0\0\0\4\0\0\0abcd"), "link type 127" },
};
/* clang-format on */

static void
test_refusal (void **state)
{
  const Refusal *refusal = *state;
  void *folder = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  assert_int_equal (rt_test_setup (&folder), 0);
  path = rt_test_path (&folder, "in.pcap");
  rt_test_write_file (path, refusal->bytes, refusal->length);
  assert_null (rt_pcap_import (NULL, path, NULL, &error));
  assert_non_null (strstr (error->message, "in.pcap"));
  if (strstr (error->message, refusal->says) == NULL)
    assert_string_equal (error->message, refusal->says);
  rt_test_teardown (&folder);
}

/* Wherever a file is cut off, the good part is kept. */
static void
test_cuts (void **state)
{
  g_autofree char *path = rt_test_path (state, "in.pcap");

  for (guint pcapng = 0; pcapng < 2; pcapng++)
    {
      Capture c;
      guint kept = 0;

      capture_init (&c, &(CaptureFile){ .link = RT_LINK_ETHERNET, .pcapng = pcapng == 1 });
      exchange (&c);
      for (guint cut = 1; cut < c.file->len; cut += 7)
        {
          g_autoptr (GError) error = NULL;
          g_autoptr (RtImportReport) report = NULL;

          rt_test_write_file (path, c.file->data, cut);
          report = rt_pcap_import (NULL, path, NULL, &error);
          assert_true ((report != NULL) != (error != NULL));
          if (report == NULL)
            continue;
          assert_true (report->n_connections >= kept);
          kept = report->n_connections;
        }
      assert_int_equal (kept, 1);
      capture_clear (&c);
    }
}

/* As where the requests of a connection were not captured. */
static void
test_nothing_to_guess (void **state)
{
  gboolean proxy = TRUE;

  assert_int_equal (rt_guess (RT_TEXT_NONE, TRUE), RT_GUESS_OTHER);
  assert_null (rt_guess_dup_host (RT_TEXT_NONE, &proxy));
  assert_false (proxy);
}

int
main (void)
{
  const struct CMUnitTest others[] = {
    RT_TEST ("no bytes tell no host", test_nothing_to_guess),
    RT_TEST ("times are the capture's", test_times),
    RT_TEST ("a comment becomes a mark", test_comment),
    RT_TEST ("a file that is cut off anywhere", test_cuts),
  };
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (refusals) + G_N_ELEMENTS (others)];
  struct CMUnitTest *test = tests;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    *test++ = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    *test++
        = (struct CMUnitTest){ refusals[i].name, test_refusal, NULL, NULL, (void *)&refusals[i] };
  memcpy (test, others, sizeof others);
  return _cmocka_run_group_tests ("pcap", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
