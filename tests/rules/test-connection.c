/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Persistent connections: which stay open, and who may use them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-connection.h"
#include "rt-http1.h"

typedef struct
{
  const char *name;
  const char *request, *response;
  RtVersion client, server; /* 0: HTTP/1.1 */
  RtFraming framing;
  gboolean incomplete;
  gboolean open;
  const char *clause;
} PersistRow;

#define GET "GET / HTTP/1.1\n"
#define OK "HTTP/1.1 200 OK\n"
#define LENGTH .framing = RT_FRAMING_LENGTH
#define OLD RT_VERSION_1_0

/* clang-format off */
static const PersistRow persist_rows[] = {
  { "HTTP/1.1", GET, OK "Content-Length: 3\n", LENGTH, .open = TRUE, .clause = "connection.persist.version" },
  { "the response was not read to its end", GET, OK "Content-Length: 3\n", LENGTH, .incomplete = TRUE, .clause = "connection.persist.complete" },
  { "the client closes", GET "Connection: Close\n", OK "Content-Length: 3\n", LENGTH, .clause = "connection.persist.request" },
  { "the server closes", GET, OK "Connection: x, close\nContent-Length: 3\n", LENGTH, .clause = "connection.persist.response" },
  { "close on a second line", GET, OK "Connection: x\nConnection: close\n", LENGTH, .clause = "connection.persist.response" },
  { "the response ends with the connection", GET, OK, .framing = RT_FRAMING_CLOSE, .clause = "connection.persist.framing" },
  { "the response's framing is invalid", GET, OK "Content-Length: x\n", .framing = RT_FRAMING_INVALID, .clause = "connection.persist.framing" },
  { "two framings in the request", "POST / HTTP/1.1\nContent-Length: 3\nTransfer-Encoding: chunked\n", OK, .clause = "connection.persist.smuggling" },
  { "two framings in the response", GET, OK "Content-Length: 3\nTransfer-Encoding: chunked\n", .framing = RT_FRAMING_CHUNKED, .clause = "connection.persist.smuggling" },
  { "chunked in HTTP/1.0", GET, OK "Transfer-Encoding: chunked\nConnection: keep-alive\n", .server = OLD, .framing = RT_FRAMING_CHUNKED, .clause = "connection.persist.smuggling" },
  { "101", GET, "HTTP/1.1 101 Switching\n", .framing = RT_FRAMING_TUNNEL, .clause = "connection.persist.http" },
  { "2xx to CONNECT", "CONNECT a:1 HTTP/1.1\n", OK, .framing = RT_FRAMING_TUNNEL, .clause = "connection.persist.http" },
  { "4xx to CONNECT", "CONNECT a:1 HTTP/1.1\n", "HTTP/1.1 407 No\nContent-Length: 0\n", LENGTH, .open = TRUE, .clause = "connection.persist.version" },
  { "an HTTP/1.0 server", GET, OK "Content-Length: 3\n", .server = OLD, LENGTH, .clause = "connection.persist.keep-alive" },
  { "an HTTP/1.0 server that says keep-alive", GET, OK "Connection: Keep-Alive\nContent-Length: 3\n", .server = OLD, LENGTH, .open = TRUE, .clause = "connection.persist.keep-alive" },
  { "an HTTP/1.0 client", GET, OK "Content-Length: 3\n", .client = OLD, LENGTH, .clause = "connection.persist.keep-alive" },
  { "an HTTP/1.0 client that says keep-alive", GET "Connection: keep-alive\n", OK "Content-Length: 3\n", .client = OLD, LENGTH, .open = TRUE, .clause = "connection.persist.keep-alive" },
  { "HTTP/0.9", GET "Connection: keep-alive\n", OK "Connection: keep-alive\n", .client = RT_VERSION_0_9, LENGTH, .clause = "connection.persist.keep-alive" },
  { "close counts more than keep-alive", GET "Connection: keep-alive, close\n", OK "Content-Length: 3\n", .client = OLD, LENGTH, .clause = "connection.persist.request" },
};
/* clang-format on */

static void
prepare (RtMessage *const *messages, const PersistRow *row)
{
  messages[0]->version = row->client != RT_VERSION_UNKNOWN ? row->client : RT_VERSION_1_1;
  messages[1]->version = row->server != RT_VERSION_UNKNOWN ? row->server : RT_VERSION_1_1;
  messages[0]->framing = rt_fields_first (messages[0]->fields, "Transfer-Encoding") != NULL
                             ? RT_FRAMING_CHUNKED
                             : RT_FRAMING_NONE;
  messages[1]->framing = row->framing;
}

static char *
run_persist (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const PersistRow *row = data;

  prepare (messages, row);
  return g_strdup (rt_connection_persist_decide (messages[0], messages[1], !row->incomplete, why)
                       ? "open"
                       : "close");
}

static void
test_persist (void **state)
{
  static const char *const alternatives[] = { "close", "keep-alive", "101", "CONNECT", NULL };
  const PersistRow *row = *state;
  HonestyCase c = { row->name, { row->request, row->response }, run_persist, row, alternatives };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (&c, why);

  assert_string_equal (answer, row->open ? "open" : "close");
  honesty_assert_decides (why, row->clause);
  /* The framing is the reader's finding: it is not read again from changed bytes. */
  if (!g_str_equal (row->clause, "connection.persist.framing"))
    honesty_check (&c);
}

/* The rule and the readers of either side come to the same answer. */
static void
test_agrees_with_readers (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (persist_rows); i++)
    {
      const PersistRow *row = &persist_rows[i];
      g_autoptr (RtMessage) request = honesty_message_new (row->request, 1);
      g_autoptr (RtMessage) response = honesty_message_new (row->response, 2);
      RtMessage *messages[] = { request, response };

      prepare (messages, row);
      assert_int_equal (rt_connection_persist_decide (request, response, TRUE, NULL),
                        rt_http1_keeps_open (request) && rt_http1_keeps_open (response));
    }
}

typedef struct
{
  const char *name;
  RtIdleConnection connection;
  gboolean want;
  const char *clause;
} ReuseRow;

#define HERE .origin = "https://a.test", .hint = { 0, -1 }
#define THERE .origin = "https://b.test", .hint = { 0, -1 }

/* clang-format off */
static const ReuseRow reuse_rows[] = {
  { "an idle connection to the same origin", { HERE }, TRUE, "connection.reuse.timeout" },
  { "a connection to another host", { THERE }, FALSE, "connection.reuse.shared" },
  { "a connection to the same host in clear", { .origin = "http://a.test", .hint = { 0, -1 } }, FALSE, "connection.reuse.shared" },
  { "a connection to another port", { .origin = "https://a.test:8443", .hint = { 0, -1 } }, FALSE, "connection.reuse.shared" },
  { "HTTP/2 to another host with this name in its certificate", { THERE, .multiplexed = TRUE, .vouched = TRUE }, TRUE, "connection.reuse.timeout" },
  { "HTTP/2 to another host without", { THERE, .multiplexed = TRUE }, FALSE, "connection.reuse.shared" },
  { "HTTP/1.1 to another host with this name in its certificate", { THERE, .vouched = TRUE }, FALSE, "connection.reuse.shared" },
  { "421 before", { HERE, .misdirected = TRUE }, FALSE, "connection.reuse.misdirected" },
  { "a busy connection", { HERE, .busy = TRUE }, FALSE, "connection.reuse.idle" },
  { "a busy connection that requests share", { HERE, .busy = TRUE, .multiplexed = TRUE }, TRUE, "connection.reuse.timeout" },
  { "no more requests", { .origin = "https://a.test", .hint = { 0, 0 } }, FALSE, "connection.reuse.max" },
  { "one more request", { .origin = "https://a.test", .hint = { 0, 1 } }, TRUE, "connection.reuse.timeout" },
  { "idle for just under the timeout", { .origin = "https://a.test", .hint = { 10 * RT_TIME_SEC + 1, -1 } }, TRUE, "connection.reuse.timeout" },
  { "idle for the timeout", { .origin = "https://a.test", .hint = { 10 * RT_TIME_SEC, -1 } }, FALSE, "connection.reuse.timeout" },
};
/* clang-format on */

static char *
run_reuse (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const ReuseRow *row = data;

  return g_strdup (
      rt_connection_reuse_decide (&row->connection, "https://a.test", 10 * RT_TIME_SEC, why)
          ? "reuse"
          : "open another");
}

static void
test_reuse (void **state)
{
  const ReuseRow *row = *state;
  HonestyCase c = { row->name, { "GET / HTTP/1.1\n" }, run_reuse, row, NULL };

  honesty_check_answer (&c, row->want ? "reuse" : "open another", row->clause);
}

static void
test_keep_alive (void **state)
{
  static const struct
  {
    const char *value;
    gint64 seconds, max;
  } hints[] = {
    { "timeout=5, max=100", 5, 100 },
    { "Timeout=\"5\"", 5, -1 },
    { "max=0", 0, 0 },
    { "timeout=x, max=-1", 0, -1 },
    { "5", 0, -1 },
    { "", 0, -1 },
    { "timeout=99999999999999999", G_MAXINT32, -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (hints); i++)
    {
      g_autoptr (RtFields) fields = rt_fields_new ();
      RtKeepAlive hint;

      rt_fields_append (fields, "keep-alive", hints[i].value);
      assert_true (rt_keep_alive_parse (fields, &hint));
      assert_int_equal (hint.timeout, hints[i].seconds * RT_TIME_SEC);
      assert_int_equal (hint.max, hints[i].max);
    }
}

int
main (void)
{
  enum
  {
    N_PERSIST = G_N_ELEMENTS (persist_rows),
    N_REUSE = G_N_ELEMENTS (reuse_rows),
  };
  struct CMUnitTest tests[N_PERSIST + N_REUSE + 2] = {
    cmocka_unit_test (test_agrees_with_readers),
    cmocka_unit_test (test_keep_alive),
  };
  gsize n = 2;

  for (gsize i = 0; i < N_PERSIST; i++)
    tests[n++] = (struct CMUnitTest){ persist_rows[i].name, test_persist, NULL, NULL,
                                      (void *)&persist_rows[i] };
  for (gsize i = 0; i < N_REUSE; i++)
    tests[n++]
        = (struct CMUnitTest){ reuse_rows[i].name, test_reuse, NULL, NULL, (void *)&reuse_rows[i] };
  return _cmocka_run_group_tests ("connection", tests, n, NULL, NULL);
}
