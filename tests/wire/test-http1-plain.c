/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which heads go the short way. That both ways read the same is checked wherever a reader reads
 * (http1-script.c). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "http1-script.h"

typedef struct
{
  const char *name;
  RtMessageKind kind;
  const char *head;
  gboolean plain;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a request is plain", RT_MESSAGE_REQUEST,
    "GET /a?b HTTP/1.1\r\nHost: a\r\nX: \t1 2 \r\nY:\r\n\r\n", TRUE },
  { "a response is plain", RT_MESSAGE_RESPONSE,
    "HTTP/1.0 404 Not Found\r\nDate: now\r\n\r\n", TRUE },
  { "a response without a reason phrase is plain", RT_MESSAGE_RESPONSE,
    "HTTP/1.1 200 \r\n\r\n", TRUE },
  { "no field at all is plain", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\n\r\n", TRUE },
  { "a head that does not end is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nHost: a\r\n", FALSE },
  { "bytes behind the head are not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\n\r\n.", FALSE },
  { "an empty line before it is not", RT_MESSAGE_REQUEST, "\r\nGET / HTTP/1.1\r\n\r\n", FALSE },
  { "a line that ends in LF is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\nHost: a\r\n\r\n", FALSE },
  { "a bare CR is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nX: a\rb\r\n\r\n", FALSE },
  { "a folded value is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", FALSE },
  { "space before the colon is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nX : a\r\n\r\n", FALSE },
  { "a line without a colon is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\nX\r\n\r\n", FALSE },
  { "a line without a name is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.1\r\n: a\r\n\r\n", FALSE },
  { "another version is not", RT_MESSAGE_REQUEST, "GET / HTTP/1.2\r\n\r\n", FALSE },
  { "a status of two digits is not", RT_MESSAGE_RESPONSE, "HTTP/1.1 20 OK\r\n\r\n", FALSE },
  { "what is no status line is not", RT_MESSAGE_RESPONSE, "ICY 200 OK\r\n\r\n", FALSE },
  { "nothing is not", RT_MESSAGE_REQUEST, "", FALSE },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autoptr (GBytes) head = g_bytes_new (row->head, strlen (row->head));
  RtSpan span = { 1000, (guint32)strlen (row->head), 7 };
  g_autoptr (RtMessage) message = rt_http1_read_plain (row->kind, head, span);
  g_autofree char *script = NULL;

  assert_int_equal (message != NULL, row->plain);
  if (message == NULL)
    return;
  script = http1_script (&(Http1Read){ .kind = row->kind, .mode = RT_HTTP1_TOLERANT },
                         rt_text (row->head));
  assert_true (g_str_has_prefix (script, "HEAD"));
  assert_int_equal (message->head.length, span.length);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)] = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("http1-plain", tests, G_N_ELEMENTS (rows), NULL, NULL);
}
