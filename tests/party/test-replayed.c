/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A recording that answers: what was recorded over one connection, then a dialogue. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "dialogue.h"
#include "log-builder.h"
#include "rt-replayed.h"

#define HOST " HTTP/1.1\r\nHost: a\r\n"
#define ASK(line, fields) "accept 1\nbytes 1 " line " HTTP/1.1\\r\\nHost: a\\r\\n" fields "\\r\\n\n"
#define GET "GET /" HOST "\r\n"
#define OK(text) "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" text
#define SENT(text) "send 1 HTTP/1.1 200 OK\\r\\nContent-Length: 1\\r\\n\\r\\n" text "\n"
#define GAVE(request, n) "state recorded " request " 'exchange " n "'\n"

typedef struct
{
  const char *name;
  const char *recorded[8]; /* requests and responses by turns */
  const char *script, *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "what was recorded", { GET, OK ("a") }, ASK ("GET /", ""), GAVE ("GET /", "1") SENT ("a") },
  { "the connection is kept for the next", { GET, OK ("a"), GET, OK ("b") },
    ASK ("GET /", "") "bytes 1 GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n",
    GAVE ("GET /", "1") SENT ("a") GAVE ("GET /", "2") SENT ("b") },
  { "… unless the answer says otherwise", { GET, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n" }, ASK ("GET /", ""),
    GAVE ("GET /", "1") "send 1 HTTP/1.1 204 No Content\\r\\nConnection: close\\r\\n\\r\\n\nclose 1\n" },
  { "… or the client does", { GET, OK ("a") }, ASK ("GET /", "Connection: close\\r\\n"), GAVE ("GET /", "1") SENT ("a") "close 1\n" },
  { "what was broken off is broken off again", { GET, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc" }, ASK ("GET /", ""),
    GAVE ("GET /", "1") "send 1 HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nabc\nclose 1\n" },
  { "hints come before", { GET, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" OK ("a") }, ASK ("GET /", ""),
    GAVE ("GET /", "1") "send 1 HTTP/1.1 103 Early Hints\\r\\nLink: </a>\\r\\n\\r\\n\n" SENT ("a") },
  { "… but not to HTTP/1.0", { GET, "HTTP/1.1 103 Early Hints\r\n\r\n" OK ("a") }, "accept 1\nbytes 1 GET / HTTP/1.0\\r\\nHost: a\\r\\n\\r\\n\n",
    GAVE ("GET /", "1") SENT ("a") "close 1\n" },
  { "HEAD has no content", { "HEAD /" HOST "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n" }, ASK ("HEAD /", ""),
    GAVE ("HEAD /", "1") "send 1 HTTP/1.1 200 OK\\r\\nContent-Length: 7\\r\\n\\r\\n\n" },
  { "the one with the same range", { "GET /" HOST "Range: bytes=0-0\r\n\r\n", "HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\na", GET, OK ("b") },
    ASK ("GET /", ""), GAVE ("GET /", "2") SENT ("b") },
  { "the one with the same cookie", { GET, OK ("a"), "GET /" HOST "Cookie: c=d\r\n\r\n", OK ("b") },
    ASK ("GET /", "Cookie: c=d\\r\\n"), GAVE ("GET /", "2") SENT ("b") },
  { "the query is part of the target", { "GET /?b" HOST "\r\n", OK ("a") }, ASK ("GET /", ""),
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 94\\r\\n\\r\\n\n"
    "send 1 “GET /” was not recorded, or not with an answer that fits.\\nThese requests were:\\n  GET /?b\\n\n" },
  { "a tunnel is nothing to answer with", { "CONNECT a:1" HOST "\r\n", "HTTP/1.1 200 OK\r\n\r\n" }, ASK ("GET /", ""),
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 63\\r\\n\\r\\n\n"
    "send 1 “GET /” was not recorded, or not with an answer that fits.\\n\n" },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  Builder b = build_log ();
  g_autoptr (RtAnalysis) analysis = NULL;
  RtReplayed *replayed = rt_replayed_new (NULL);
  g_autofree char *got = NULL;
  g_autofree char *bare = NULL;

  for (guint i = 0; row->recorded[i] != NULL; i++)
    build_send (&b, i % 2 == 0 ? RT_FORWARD : RT_BACKWARD, row->recorded[i]);
  build_fin (&b, RT_BACKWARD);
  analysis = build_analysis (&b, G_MAXUINT64);
  for (guint i = 0; i < rt_analysis_get_exchanges (analysis)->len; i++)
    rt_replayed_add (replayed, analysis, rt_analysis_get_exchanges (analysis)->pdata[i]);
  got = dialogue_play (&(Dialogue){ &rt_replayed_class, replayed }, row->script);
  bare = dialogue_without_dates (got);
  assert_string_equal (bare, row->want);
  rt_log_free (b.log);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)] = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ .name = rows[i].name,
                                    .test_func = test_row,
                                    .initial_state = (gpointer)&rows[i] };
  return _cmocka_run_group_tests ("replayed", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
