/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Caps: what is as long as it may be is read, what is one byte longer is not, however it is fed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "http1-script.h"

#define CHUNKED "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

typedef struct
{
  const char *name;
  RtMessageKind kind;
  RtHttp1Limits limits;
  const char *input;
  const char *strict, *tolerant;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a request line of the longest length is read", RT_MESSAGE_REQUEST, { .start_line = 15 },
    "GET /a HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD GET /a 1.1 | END 28 | CLOSED", NULL },
  { "a longer one is answered with 414", RT_MESSAGE_REQUEST, { .start_line = 15 },
    "GET /ab HTTP/1.1\r\nHost: a\r\n\r\n",
    "ERROR request-line-long[GET /ab HTTP/1.]",
    "!request-line-long[GET /ab HTTP/1.] | TUNNEL 29 | CLOSED" },
  { "a longer one that ends in LF is no shorter", RT_MESSAGE_REQUEST, { .start_line = 15 },
    "GET /ab HTTP/1.1\nHost: a\r\n\r\n",
    "ERROR request-line-long[GET /ab HTTP/1.]",
    "!request-line-long[GET /ab HTTP/1.] | TUNNEL 28 | CLOSED" },
  { "a method without end is answered with 501", RT_MESSAGE_REQUEST, { .start_line = 15 },
    "AAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n\r\n",
    "ERROR method-long[AAAAAAAAAAAAAAA]",
    "!method-long[AAAAAAAAAAAAAAA] | TUNNEL 39 | CLOSED" },
  { "a status line can be too long", RT_MESSAGE_RESPONSE, { .start_line = 15 },
    "HTTP/1.1 204 abc\r\n\r\n",
    "ERROR status-line-long[HTTP/1.1 204 ab]",
    "!status-line-long[HTTP/1.1 204 ab] | TUNNEL 20 | CLOSED" },
  { "what is no status line is not a long one either", RT_MESSAGE_RESPONSE, { .start_line = 15 },
    "HTML/1.1 204 abc\r\n\r\n",
    "ERROR status-line[HTM]",
    "HEAD 0 0.9 close | !status-line[HTM] | CONTENT 20 | END 20 | CLOSED" },
  { "a field line of the longest length is read", RT_MESSAGE_REQUEST, { .field_line = 8 },
    "GET / HTTP/1.1\r\nHost: ab\r\n\r\n",
    "HEAD GET / 1.1 | END 28 | CLOSED", NULL },
  { "a longer one is answered with 431", RT_MESSAGE_REQUEST, { .field_line = 8 },
    "GET / HTTP/1.1\r\nHost: a\r\nX: 123456\r\n\r\n",
    "ERROR field-line-long[X: 12345]",
    "HEAD GET / 1.1 invalid | !field-line-long[X: 12345] | CONTENT 13 | INCOMPLETE" },
  { "a head of the longest length is read", RT_MESSAGE_REQUEST, { .header_section = 25 },
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD GET / 1.1 | END 27 | CLOSED", NULL },
  { "a longer one is answered with 431, too", RT_MESSAGE_REQUEST, { .header_section = 24 },
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "ERROR fields-long[GET / HTTP/1.1\\r\\nHost: a\\r…]",
    "HEAD GET / 1.1 invalid | !fields-long[GET / HTTP/1.1\\r\\nHost: a\\r…] | CONTENT 2 | "
    "INCOMPLETE" },
  { "folds make a head longer, too", RT_MESSAGE_RESPONSE, { .header_section = 24 },
    "HTTP/1.1 204 X\r\nX: a\r\n b\r\n c\r\n\r\n",
    "!obs-fold[ b] | ERROR fields-long[HTTP/1.1 204 X\\r\\nX: a\\r\\n b…]",
    "HEAD 204 1.1 invalid | !obs-fold[ b] | !fields-long[HTTP/1.1 204 X\\r\\nX: a\\r\\n b…] | "
    "CONTENT 6 | INCOMPLETE" },
  { "there may be so many fields", RT_MESSAGE_REQUEST, { .fields = 2 },
    "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\n\r\n",
    "HEAD GET / 1.1 | END 33 | CLOSED", NULL },
  { "and no more", RT_MESSAGE_REQUEST, { .fields = 2 },
    "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 1\r\n\r\n",
    "ERROR fields-many[B: 1]",
    "HEAD GET / 1.1 invalid | !fields-many[B: 1] | CONTENT 2 | INCOMPLETE" },
  { "content of the largest size is read", RT_MESSAGE_REQUEST, { .content = 2 },
    "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
    "HEAD PUT / 1.1 length 2 | CONTENT 2 | END 48 | CLOSED", NULL },
  { "larger content is answered with 413", RT_MESSAGE_REQUEST, { .content = 1 },
    "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
    "ERROR content-long[Content-Length: 2]",
    "HEAD PUT / 1.1 length 2 | CONTENT 2 | END 48 | CLOSED" },
  { "chunks are counted together", RT_MESSAGE_REQUEST, { .content = 3 },
    CHUNKED "2\r\nhi\r\n2\r\nho\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 2 | CONTENT 2 | ERROR content-long[2]",
    "HEAD PUT / 1.1 chunked | CHUNK 2 | CONTENT 2 | CHUNK 2 | CONTENT 2 | CHUNK 0 | TRAILERS | "
    "END 74 | CLOSED" },
  { "a size line can be too long", RT_MESSAGE_REQUEST, { .chunk_line = 3 },
    CHUNKED "2;ab\r\nhi\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-line-long[2;a]",
    "HEAD PUT / 1.1 chunked | !chunk-line-long[2;a] | CONTENT 15 | INCOMPLETE" },
  { "zeros do not make a size line longer than it may be", RT_MESSAGE_REQUEST, { .chunk_line = 3 },
    CHUNKED "0002\r\nhi\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-line-long[000]",
    "HEAD PUT / 1.1 chunked | !chunk-line-long[000] | CONTENT 15 | INCOMPLETE" },
  { "extensions are counted together", RT_MESSAGE_REQUEST, { .chunk_line = 3 },
    CHUNKED "1;a\r\nx\r\n1;b\r\nx\r\n1;c\r\nx\r\n1;d\r\nx\r\n1;e\r\nx\r\n1;f\r\nx\r\n"
    "1;g\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 1;a | CONTENT 1 | CHUNK 1;b | CONTENT 1 | CHUNK 1;c | "
    "CONTENT 1 | CHUNK 1;d | CONTENT 1 | CHUNK 1;e | CONTENT 1 | CHUNK 1;f | CONTENT 1 | "
    "ERROR chunk-line-long[1;g]",
    "HEAD PUT / 1.1 chunked | CHUNK 1;a | CONTENT 1 | CHUNK 1;b | CONTENT 1 | CHUNK 1;c | "
    "CONTENT 1 | CHUNK 1;d | CONTENT 1 | CHUNK 1;e | CONTENT 1 | CHUNK 1;f | CONTENT 1 | "
    "CHUNK 1;g | !chunk-line-long[1;g] | CONTENT 1 | CHUNK 0 | TRAILERS | END 116 | CLOSED" },
  { "trailers can be too long", RT_MESSAGE_REQUEST, { .trailer_section = 8 },
    CHUNKED "0\r\nA: 1\r\nB: 2\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | ERROR fields-long[A: 1\\r\\nB: 2\\r\\n]",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | !fields-long[A: 1\\r\\nB: 2\\r\\n] | CONTENT 2 | INCOMPLETE" },
  { "a trailer can be too long", RT_MESSAGE_RESPONSE, { .field_line = 26 },
    "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 123456789012345678901234567890\r\n\r\n",
    "HEAD 200 1.1 chunked | CHUNK 0 | ERROR field-line-long[A: 123456789012345678901…]",
    "HEAD 200 1.1 chunked | CHUNK 0 | !field-line-long[A: 123456789012345678901…] | CONTENT 37 | "
    "INCOMPLETE" },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  gsize length = strlen (row->input);
  const char *scripts[] = { row->strict, row->tolerant != NULL ? row->tolerant : row->strict };

  for (guint mode = RT_HTTP1_STRICT; mode <= RT_HTTP1_TOLERANT; mode++)
    for (gsize cut = 0; cut < length; cut++)
      {
        Http1Feeding feeding = cut == 0 ? HTTP1_BYTEWISE : HTTP1_HALVES;
        Http1Read read = { row->kind, mode, NULL, &row->limits, feeding, cut };
        g_autofree char *script = http1_script (&read, rt_text (row->input));

        assert_string_equal (script, scripts[mode]);
      }
}

/* A peer that never ends a line makes us keep no more than the cap. */
static void
a_flood_without_line_breaks_ends_at_the_cap (void **state)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_STRICT, NULL);
  g_autoptr (GBytes) run = g_bytes_new_static ("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaa", 33);
  gsize fed = 0;
  RtHttp1Event event;

  do
    {
      rt_http1_reader_feed (reader, run, (RtSpan){ fed, 33, 1 });
      fed += 33;
      event = rt_http1_reader_next (reader);
    }
  while (event.kind == RT_HTTP1_NEED_MORE);
  assert_int_equal (event.kind, RT_HTTP1_ERROR);
  assert_int_equal (event.finding.kind->status, 414);
  assert_in_range (fed, RT_HTTP1_START_LINE_MAX, RT_HTTP1_START_LINE_MAX + 2 * 33);
  assert_int_equal (rt_http1_reader_next (reader).kind, RT_HTTP1_NEED_MORE);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  tests[G_N_ELEMENTS (rows)]
      = (struct CMUnitTest)cmocka_unit_test (a_flood_without_line_breaks_ends_at_the_cap);
  return _cmocka_run_group_tests ("limits", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
