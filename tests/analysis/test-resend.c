/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recorded requests made ready to be sent once more: what would be sent, what is left out, what is
 * kept back, and what a person is asked. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "log-builder.h"
#include "rt-hop.h"
#include "rt-http1.h"
#include "rt-resend.h"

typedef struct
{
  const char *name, *request;
  const char *method, *target, *content, *set, *remove;
  gboolean with_credentials;
  const char *want; /* the bytes, `= ` before them if they are those recorded; or why not */
  const char *dropped;
} Row;

#define HOST " HTTP/1.1\r\nHost: a\r\n"

/* clang-format off */
static const Row rows[] = {
  { "what is not changed goes as it was", "GET /x HTTP/1.1\r\nhost:a\r\n\r\n", .want = "= GET /x HTTP/1.1\r\nhost:a\r\n\r\n" },
  { "chunks and all", "POST /x" HOST "Transfer-Encoding: chunked\r\n\r\n1;e\r\na\r\n0\r\n\r\n",
    .want = "= POST /x" HOST "Transfer-Encoding: chunked\r\n\r\n1;e\r\na\r\n0\r\n\r\n" },
  { "the absolute-form becomes the origin-form", "GET http://a/x?y" HOST "\r\n", .want = "GET /x?y" HOST "\r\n" },
  { "… and without a path a slash", "GET http://a" HOST "\r\n", .want = "GET /" HOST "\r\n" },
  { "the asterisk stays", "OPTIONS *" HOST "\r\n", .want = "= OPTIONS *" HOST "\r\n" },
  { "cookies are left out", "GET /" HOST "Cookie: a=b\r\nX: 1\r\n\r\n", .want = "GET /" HOST "X: 1\r\n\r\n", .dropped = "Cookie" },
  { "… each line of them", "GET /" HOST "Cookie: a=b\r\nCookie: c=d\r\n\r\n", .want = "GET /" HOST "\r\n", .dropped = "Cookie" },
  { "… unless they are asked for", "GET /" HOST "Cookie: a=b\r\n\r\n", .with_credentials = TRUE, .want = "= GET /" HOST "Cookie: a=b\r\n\r\n" },
  { "an empty Authorization, too", "GET /" HOST "Authorization:\r\n\r\n", .want = "GET /" HOST "\r\n", .dropped = "Authorization" },
  { "a key by its name", "GET /" HOST "X-Api-Key: 123456789012\r\n\r\n", .want = "GET /" HOST "\r\n", .dropped = "X-Api-Key" },
  { "a token in the target", "GET /x?a=1&access_token=abcdefghijkl&b=2" HOST "\r\n", .want = "GET /x?a=1&b=2" HOST "\r\n", .dropped = "access_token" },
  { "… that is all of the query", "GET /x?access_token=abcdefghijkl" HOST "\r\n", .want = "GET /x" HOST "\r\n", .dropped = "access_token" },
  { "a token where somebody comes from", "GET /" HOST "Referer: http://a/?access_token=abcdefghijkl\r\n\r\n", .want = "GET /" HOST "\r\n", .dropped = "Referer" },
  { "an e-mail address opens nothing", "GET /" HOST "From: ann@a.test\r\n\r\n", .want = "= GET /" HOST "From: ann@a.test\r\n\r\n" },
  { "a password in a form keeps it back", "POST /" HOST "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\npassword=abc",
    .want = "its content has a password or a key in it" },
  { "… unless other content is set", "POST /" HOST "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 12\r\n\r\npassword=abc", .content = "a",
    .want = "POST /" HOST "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1\r\n\r\na" },
  { "a field is set in its place", "GET /" HOST "A: 1\r\nB: 2\r\n\r\n", .set = "a: 3", .want = "GET /" HOST "a: 3\r\nB: 2\r\n\r\n" },
  { "a list is set line by line", "GET /" HOST "A: 1\r\nA: 2\r\nB: 2\r\n\r\n", .set = "A: 3|A: 4|C: 5", .want = "GET /" HOST "A: 3\r\nA: 4\r\nB: 2\r\nC: 5\r\n\r\n" },
  { "a field is added", "GET /" HOST "\r\n", .set = "A: 3", .want = "GET /" HOST "A: 3\r\n\r\n" },
  { "a credential that is set is sent", "GET /" HOST "Cookie: a=b\r\n\r\n", .set = "Cookie: c=d", .want = "GET /" HOST "Cookie: c=d\r\n\r\n", .dropped = "Cookie" },
  { "a field is taken away", "GET /" HOST "A: 1\r\nB: 2\r\n\r\n", .remove = "a", .want = "GET /" HOST "B: 2\r\n\r\n" },
  { "another method", "GET /" HOST "\r\n", .method = "POST", .want = "POST /" HOST "Content-Length: 0\r\n\r\n" },
  { "content is taken away", "PUT /" HOST "Content-Length: 1\r\n\r\na", .method = "GET", .content = "", .want = "GET /" HOST "\r\n" },
  { "chunked content stays chunked", "PUT /" HOST "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n", .content = "bc",
    .want = "PUT /" HOST "Transfer-Encoding: chunked\r\n\r\nchunked bc" },
  { "a target with a space", "GET /" HOST "\r\n", .target = "/a b", .want = "its target has a space or a control character in it" },
  { "a target with a line break", "GET /" HOST "\r\n", .target = "/ HTTP/1.1\r\nA:b", .want = "its target has a space or a control character in it" },
  { "no target", "GET /" HOST "\r\n", .target = "", .want = "it has no target" },
  { "no method", "GET /" HOST "\r\n", .method = "G T", .want = "its method is none" },
  { "a tunnel", "CONNECT a:443" HOST "\r\n", .want = "a tunnel is no request to an origin server" },
  { "half a request", "PUT /" HOST "Content-Length: 5\r\n\r\nab", .want = "it was not recorded as a whole" },
  { "… with other content", "PUT /" HOST "Content-Length: 5\r\n\r\nab", .content = "cd", .want = "PUT /" HOST "Content-Length: 2\r\n\r\ncd" },
  { "half a head", "GET /", .want = "no request was recorded" },
};
/* clang-format on */

static char *
dup_sent (const RtResend *resend)
{
  g_autoptr (GBytes) head = NULL;
  gsize length;
  const char *bytes;
  const RtField *coding;

  if (resend->why_not != NULL)
    return g_strdup (resend->why_not);
  if (resend->bytes != NULL)
    {
      bytes = g_bytes_get_data (resend->bytes, &length);
      return g_strdup_printf ("= %.*s", (int)length, bytes);
    }
  head = rt_http1_write_head (resend->message);
  bytes = g_bytes_get_data (head, &length);
  coding = rt_fields_first (resend->message->fields, "Transfer-Encoding");
  return g_strdup_printf (
      "%.*s%s%.*s", (int)length, bytes, coding != NULL ? "chunked " : "",
      resend->content != NULL ? (int)g_bytes_get_size (resend->content) : 0,
      resend->content != NULL ? (const char *)g_bytes_get_data (resend->content, NULL) : "");
}

/* `Name: value|Name: value` */
static void
read_fields (const char *text, RtFields *fields)
{
  g_auto (GStrv) lines = g_strsplit (text != NULL ? text : "", "|", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], ": ", 2);

      rt_fields_append (fields, parts[0], parts[1]);
    }
}

static void
test_row (void **state)
{
  const Row *row = *state;
  Builder b = build_log ();
  g_autoptr (RtFields) set = rt_fields_new ();
  g_autoptr (GBytes) content
      = row->content != NULL ? g_bytes_new (row->content, strlen (row->content)) : NULL;
  const char *remove[] = { row->remove, NULL };
  const RtResendEdit edit = { row->method,
                              row->target,
                              NULL,
                              content,
                              row->set != NULL ? set : NULL,
                              row->remove != NULL ? remove : NULL };
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autoptr (RtResend) resend = NULL;
  g_autofree char *sent = NULL;
  g_autofree char *dropped = NULL;

  read_fields (row->set, set);
  build_send (&b, RT_FORWARD, row->request);
  analysis = build_analysis (&b, G_MAXUINT64);
  resend = rt_resend_new (analysis, rt_analysis_get_exchange (analysis, 1), &edit,
                          row->with_credentials);
  sent = dup_sent (resend);
  assert_string_equal (sent, row->want);
  g_ptr_array_add (resend->dropped, NULL);
  dropped = g_strjoinv (" ", (char **)resend->dropped->pdata);
  assert_string_equal (dropped, row->dropped != NULL ? row->dropped : "");
  rt_log_free (b.log);
}

typedef struct
{
  const char *name, *bytes;
  const char *want; /* the words, `!` before them if it may change something; or why not */
} Written;

/* clang-format off */
static const Written written[] = {
  { "what is written goes as it is", "GET /y" HOST "\r\n", "GET /y" },
  { "… whatever it may change", "DELETE /y" HOST "\r\n", "!DELETE /y" },
  { "what breaks a rule may change something", "GET /y HTTP/1.1\r\n\r\n", "!GET /y" },
  { "what can be read in two ways, too", "GET /y" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "!GET /y" },
  { "nothing", "", "it is no whole request: a server would wait for more" },
  { "half a head", "GET /y" HOST, "it is no whole request: a server would wait for more" },
  { "too little content", "PUT /y" HOST "Content-Length: 5\r\n\r\nab", "it is no whole request: a server would wait for more" },
  { "two requests", "GET /y" HOST "\r\nDELETE /z" HOST "\r\n", "it is 2 requests, and one is sent" },
  { "content that is another request", "PUT /y" HOST "Content-Length: 1\r\n\r\naDELETE /z" HOST "\r\n", "it is 2 requests, and one is sent" },
  { "a tunnel that somebody wrote", "CONNECT a:443" HOST "\r\n", "a tunnel is no request to an origin server" },
};
/* clang-format on */

static void
test_written (void **state)
{
  const Written *row = *state;
  Builder b = build_log ();
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autoptr (RtResend) resend = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (row->bytes, strlen (row->bytes));
  g_autoptr (GBytes) sent = NULL;
  g_autofree char *words = NULL;

  build_send (&b, RT_FORWARD, "GET /" HOST "\r\n");
  analysis = build_analysis (&b, G_MAXUINT64);
  resend = rt_resend_new_from_bytes (rt_analysis_get_exchange (analysis, 1), bytes);
  sent = rt_resend_dup_bytes (resend);
  words = resend->why_not != NULL ? g_strdup (resend->why_not)
                                  : g_strconcat (resend->safe ? "" : "!", resend->words, NULL);
  assert_string_equal (words, row->want);
  assert_true ((sent != NULL) == (resend->why_not == NULL));
  assert_true (sent == NULL || g_bytes_equal (sent, bytes));
  rt_log_free (b.log);
}

/* A recorded request in which another one may hide is none of those that change nothing. */
static void
test_ambiguous (void **state)
{
  static const struct
  {
    const char *request;
    gboolean safe;
  } requests[] = {
    { "GET /" HOST "\r\n", TRUE },
    { "GET /" HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", FALSE },
    { "GET /" HOST "Content-Length : 0\r\n\r\n", FALSE },
    { "HEAD / HTTP/1.1\nHost: a\n\n", TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      Builder b = build_log ();
      g_autoptr (RtAnalysis) analysis = NULL;
      g_autoptr (RtResend) resend = NULL;

      build_send (&b, RT_FORWARD, requests[i].request);
      analysis = build_analysis (&b, G_MAXUINT64);
      resend = rt_resend_new (analysis, rt_analysis_get_exchange (analysis, 1), NULL, FALSE);
      assert_null (resend->why_not);
      assert_int_equal (resend->safe, requests[i].safe);
      rt_log_free (b.log);
    }
}

/* What is not sent as it was recorded can be looked at, too. */
static void
test_bytes (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autoptr (RtResend) resend = NULL;
  g_autoptr (GBytes) sent = NULL;
  static const char want[] = "PUT /" HOST "Transfer-Encoding: chunked\r\n\r\n"
                             "2\r\nab\r\n0\r\n\r\n";

  build_send (&b, RT_FORWARD,
              "PUT /" HOST "Cookie: a=b\r\nTransfer-Encoding: chunked\r\n\r\n"
              "1\r\na\r\n1\r\nb\r\n0\r\n\r\n");
  analysis = build_analysis (&b, G_MAXUINT64);
  resend = rt_resend_new (analysis, rt_analysis_get_exchange (analysis, 1), NULL, FALSE);
  sent = rt_resend_dup_bytes (resend);
  assert_int_equal (g_bytes_get_size (sent), strlen (want));
  assert_memory_equal (g_bytes_get_data (sent, NULL), want, strlen (want));
  rt_log_free (b.log);
}

static void
test_local (void **state)
{
  static const char *const local[]
      = { "127.0.0.1", "127.255.0.9", "::1", "[::1]", "localhost", "LocalHost" };
  static const char *const remote[]
      = { "10.0.0.1", "0.0.0.0", "::", "::ffff:127.0.0.1", "localhost.", "localhost.test",
          "127.1",    "a.test",  "" };

  for (gsize i = 0; i < G_N_ELEMENTS (local); i++)
    assert_true (rt_resend_is_local (local[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (remote); i++)
    assert_false (rt_resend_is_local (remote[i]));
}

static void
test_question (void **state)
{
  static const char *const requests[]
      = { "GET /" HOST "\r\n", "POST /" HOST "Content-Length: 0\r\n\r\n", "GET /" HOST "\r\n",
          "CONNECT a:1" HOST "\r\n" };
  g_autoptr (GPtrArray) resends = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_resend_free);
  g_autofree char *question = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      Builder b = build_log ();
      g_autoptr (RtAnalysis) analysis = NULL;

      build_send (&b, RT_FORWARD, requests[i]);
      analysis = build_analysis (&b, G_MAXUINT64);
      g_ptr_array_add (
          resends, rt_resend_new (analysis, rt_analysis_get_exchange (analysis, 1), NULL, FALSE));
      rt_log_free (b.log);
    }
  assert_int_equal (rt_resend_get_needed (resends, "::1"), RT_RESEND_UNSAFE);
  assert_int_equal (rt_resend_get_needed (resends, "a.test"), RT_RESEND_UNSAFE | RT_RESEND_REMOTE);
  question = rt_resend_dup_question (resends, "a.test", 80);
  assert_string_equal (question, "To a.test, port 80, which is another machine:\n"
                                 "  2 × GET\n  1 × POST, which may change something there\n");
}

/* ann asks box, which asks the server. */
static void
test_hops (void **state)
{
  Builder b = build_log ();
  RtPartyId client = b.client;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autoptr (GPtrArray) first = NULL;
  g_autoptr (GPtrArray) last = NULL;

  build_send (&b, RT_FORWARD, "GET /direct" HOST "\r\n");
  b.client = rt_log_add_party (b.log, b.now, "box", "proxy");
  build_connect (&b);
  build_send (&b, RT_FORWARD, "GET /passed-on" HOST "\r\n");
  b.server = b.client;
  b.client = client;
  build_connect (&b);
  build_send (&b, RT_FORWARD, "GET /to-box" HOST "\r\n");
  analysis = build_analysis (&b, G_MAXUINT64);
  first = rt_hop_list_exchanges (analysis, RT_HOP_FIRST);
  last = rt_hop_list_exchanges (analysis, RT_HOP_LAST);
  assert_int_equal (first->len, 2);
  assert_int_equal (((const RtExchange *)first->pdata[0])->id, 1);
  assert_int_equal (((const RtExchange *)first->pdata[1])->id, 3);
  assert_int_equal (last->len, 2);
  assert_int_equal (((const RtExchange *)last->pdata[0])->id, 1);
  assert_int_equal (((const RtExchange *)last->pdata[1])->id, 2);
  rt_log_free (b.log);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (written) + 5] = { 0 };
  guint n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
                                      .test_func = test_row,
                                      .initial_state = (gpointer)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (written); i++)
    tests[n++] = (struct CMUnitTest){ .name = written[i].name,
                                      .test_func = test_written,
                                      .initial_state = (gpointer)&written[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_bytes);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_ambiguous);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_local);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_question);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_hops);
  return _cmocka_run_group_tests ("resend", tests, n, NULL, NULL);
}
