/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What programs may say to a server that speaks TLS: it closes, says why in the log, and goes on.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "live-world.h"
#include "rt-tls-stage.h"
#include "tls-client.h"

#include <sys/socket.h>
#include <unistd.h>

#define REQUEST "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nConnection: close\r\n\r\n"

/* @then: so many bytes of 'x' follow, each @record of them with the header of a handshake's record.
 * @why: what the log says, or part of it. */
typedef struct
{
  const char *name;
  const char *bytes;
  gsize length;
  gsize then, record;
  const char *why;
} Row;

#define BYTES(text) text, sizeof text - 1

/* clang-format off */
static const Row rows[] = {
  { "a request in the clear", BYTES (REQUEST), 0, 0, "the other end does not speak TLS" },
  { "zeros", BYTES ("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"), 0, 0, "the other end does not speak TLS" },
  { "a greeting of SSL 2.0", BYTES ("\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10"), 4096, 0, "the other end does not speak TLS" },
  { "another protocol's greeting", BYTES ("SSH-2.0-Probe\r\n"), 0, 0, "the other end does not speak TLS" },
  { "a record of an unknown type", BYTES ("\x2a\x03\x01\x00\x04" "abcd"), 0, 0, "the other end does not speak TLS" },
  { "a record that is too long", BYTES ("\x16\x03\x01\xff\xff"), 70000, 0, "(TLS alert" },
  { "a message that is too long", BYTES ("\x16\x03\x01\x00\x06\x01\xff\xff\xff\x03\x03"), 80000, 16000, "(TLS alert" },
  { "application data first", BYTES ("\x17\x03\x03\x00\x04" "abcd"), 0, 0, "the other end does not speak TLS" },
  { "an alert first", BYTES ("\x15\x03\x01\x00\x02\x02\x28"), 0, 0, "the other end gave up: TLS alert handshake_failure" },
  { "a ClientHello whose lengths lie", BYTES ("\x16\x03\x01\x00\x29\x01\x00\x00\x25\x03\x03" "01234567890123456789012345678901" "\xff\x00\x02"), 0, 0, "(TLS alert" },
  { "a ClientHello that offers nothing", BYTES ("\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x03" "01234567890123456789012345678901" "\x00\x00\x02\x00\xff\x01\x00"), 0, 0, "(TLS alert" },
  { "an end before the first byte", BYTES (""), 0, 0, "the connection ended during the TLS handshake" },
  { "an end within a ClientHello", BYTES ("\x16\x03\x01\x02\x00\x01\x00"), 0, 0, "the connection ended during the TLS handshake" },
};
/* clang-format on */

/* How the server ended the first connection, as the log has it. */
static char *
find_reason (World *world)
{
  RtReader *reader;

  rt_log_flush (world->log);
  reader = rt_log_get_reader (world->log);
  for (guint64 i = 0; i < rt_reader_get_length (reader); i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, i, NULL);
      const RtEvent *event = &page->events[i - page->first];
      g_autoptr (GVariant) detail = rt_page_dup_detail (page, (guint)(i - page->first));

      if (event->kind == RT_EVENT_RESET && event->connection == 1)
        return g_variant_dup_string (detail, NULL);
    }
  return g_strdup ("");
}

static void
ask_well (const Served *served, TlsClientManner manner)
{
  TlsClient *client = tls_client_new (dial (served->secure_port), "api.shop.test", manner);
  g_autofree char *answer = NULL;
  int end;

  assert_non_null (client);
  assert_true (tls_client_say (client, REQUEST, strlen (REQUEST)));
  answer = tls_client_hear (client, &end);
  assert_int_equal (end, 0);
  assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  assert_true (g_str_has_suffix (answer, "\r\n\r\nOpening hours: 9-17"));
  tls_client_free (client);
}

/* The server may have closed by then. */
static void
send_more (int fd, const Row *row)
{
  g_autofree char *then = g_strnfill (row->then, 'x');
  guint8 header[] = { 22, 3, 1, (guint8)(row->record >> 8), (guint8)row->record };

  for (gsize i = 0; row->record > 0 && i < row->then; i += row->record)
    {
      (void)!send (fd, header, sizeof header, MSG_NOSIGNAL);
      (void)!send (fd, then + i, row->record, MSG_NOSIGNAL);
    }
  if (row->record == 0)
    (void)!send (fd, then, row->then, MSG_NOSIGNAL);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  Served served = { 0 };
  g_autofree char *why = NULL;
  int fd;

  served_init (&served);
  fd = dial (served.secure_port);
  assert_int_equal (send (fd, row->bytes, row->length, MSG_NOSIGNAL), row->length);
  send_more (fd, row);
  shutdown (fd, SHUT_WR);
  g_free (hear (fd));
  ask_well (&served, TLS_CLIENT_WHOLE);
  served_stop (&served);
  why = find_reason (&served.world);
  if (strstr (why, row->why) == NULL)
    fail_msg ("“%s” is not in “%s”", row->why, why);
  world_clear (&served.world);
}

static void
test_byte_by_byte (void **state)
{
  Served served = { 0 };

  served_init (&served);
  ask_well (&served, TLS_CLIENT_BYTE_BY_BYTE);
  served_stop (&served);
  world_clear (&served.world);
}

/* The alert reaches a client that goes on sending: it is not swept away by a reset. */
static void
test_alert_arrives (void **state)
{
  Served served = { 0 };
  g_autofree char *much = g_strnfill (1000000, 'x');
  g_autofree char *answer = NULL;
  int fd;

  served_init (&served);
  fd = dial (served.secure_port);
  say (fd, "\x16\x03\x01\xff\xff");
  say (fd, much);
  shutdown (fd, SHUT_WR);
  answer = hear (fd);
  served_stop (&served);
  assert_int_equal (answer[0], 21);
  world_clear (&served.world);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 2] = { { NULL } };
  gsize n = 0;

  for (; n < G_N_ELEMENTS (rows); n++)
    tests[n] = (struct CMUnitTest){ rows[n].name, test_row, NULL, NULL, (void *)&rows[n] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_byte_by_byte);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_alert_arrives);
  return _cmocka_run_group_tests ("tls-abuse", tests, n, NULL, NULL);
}
