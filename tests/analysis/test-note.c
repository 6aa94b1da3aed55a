/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words: what a field says, what tells most of a message, and the notes on what is wrong. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log-builder.h"
#include "rt-note.h"

/* Values in words: the second line of a field's note. The message is of 2026-01-01T12:00:00Z. */
typedef struct
{
  const char *name, *value, *want;
} FieldRow;

/* clang-format off */
static const FieldRow fields[] = {
  { "Content-Length", "1", "1 byte." },
  { "content-length", "212", "212 bytes." },
  { "Content-Length", "many", "a value that does not follow the field's grammar." },
  { "Age", "90", "90 s." },
  { "Age", "0", "0 s." },
  { "Retry-After", "120", "2 min." },
  { "Retry-After", "Thu, 01 Jan 2026 12:02:00 GMT", "2 min after this message." },
  { "Date", "Thu, 01 Jan 2026 12:00:00 GMT", "The second of this message." },
  { "Last-Modified", "Thu, 01 Jan 2026 11:00:00 GMT", "1 h before this message." },
  { "Expires", "0", "a value that does not follow the field's grammar." },
  { "ETag", "\"1\"", "A strong entity tag: the same tag means the same bytes." },
  { "ETag", "W/\"1\"", "A weak entity tag: good enough for reading, no proof that every byte is the same." },
  { "If-None-Match", "*", "Any state at all." },
  { "If-Match", "\"1\", W/\"2\"", "Any of 2 entity tags, some of them weak." },
  { "If-Match", "1", "a value that does not follow the field's grammar." },
  { "Cache-Control", "max-age=60, no-cache, odd", "fresh for 60 s; ask before every reuse; odd (not known: ignored)." },
  { "Content-Type", "text/html; charset=utf-8", "text/html, charset utf-8." },
  { "Accept", "text/html, */*;q=0.5, image/png;q=0", "text/html gladly; */* at 0.500; image/png not at all." },
  { "Accept-Encoding", "", "No coding at all." },
  { "Range", "bytes=0-99, 200-, -5", "bytes 0 to 99, from byte 200 on, the last 5 bytes." },
  { "Range", "lines=1-2", "a value that does not follow the field's grammar." },
  { "Content-Range", "bytes 0-99/200", "Bytes 0 to 99 of 200." },
  { "Content-Range", "bytes 0-99/*", "Bytes 0 to 99 of a length not known yet." },
  { "Content-Range", "bytes */200", "The whole has 200 bytes." },
  { "Authorization", "Bearer abc", "Bearer: whoever holds this token may use it." },
  { "Authorization", "Basic YW5uOnNlY3JldA==", "Basic: user ann and a password, both readable by anybody who sees this (base64)." },
  { "Vary", "Accept, Cookie", "Depends on Accept, Cookie." },
  { "Vary", "*", "Depends on more than the request: never reused without asking." },
  { "Server", "anything", NULL },
};
/* clang-format on */

static void
test_field (void **state)
{
  const FieldRow *row = *state;
  RtField field = { .name = rt_text (row->name), .value = rt_text (row->value) };
  g_autofree char *note = NULL;
  const char *here;
  RtTime now;

  rt_time_parse ("2026-01-01T12:00:00Z", &now, NULL);
  note = rt_field_note (&field, NULL, now);
  here = strstr (note, "\nHere: ");
  assert_int_equal (here != NULL, row->want != NULL);
  if (here != NULL)
    assert_string_equal (here + strlen ("\nHere: "), row->want);
}

static void
test_any_bytes_of_any_field_are_no_harm (void **state)
{
  static const char *const values[]
      = { "",        ",",  ";",     "\"",      "=",      "\xff\xfe", "9999999999999999999999",
          "bytes=-", "W/", "a/b;c", "Basic !", ",,,;=\"" };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (values); j++)
      {
        RtField field = { .name = rt_text (fields[i].name), .value = rt_text (values[j]) };
        g_autofree char *note = rt_field_note (&field, NULL, RT_TIME_UNKNOWN);

        assert_true (g_utf8_validate (note, -1, NULL));
      }
}

static void
test_a_field_in_the_wrong_message_is_told (void **state)
{
  g_autoptr (RtMessage) response = rt_message_new_response (200, "OK");
  RtField wrong = { .name = RT_TEXT ("If-Match"), .value = RT_TEXT ("*") };
  RtField unknown = { .name = RT_TEXT ("X-Odd"), .value = RT_TEXT ("1") };
  g_autofree char *note = rt_field_note (&wrong, response, RT_TIME_UNKNOWN);
  g_autofree char *other = rt_field_note (&unknown, response, RT_TIME_UNKNOWN);

  assert_non_null (strstr (note, "It means nothing in a response."));
  assert_non_null (strstr (other, "ignores it"));
}

/* What tells most, of a request and its response. */
typedef struct
{
  const char *request, *response, *want_request, *want_response;
} TellingRow;

#define REQUEST(line, fields) line " HTTP/1.1\r\nHost: a.test\r\n" fields "\r\n"
#define RESPONSE(line, fields) "HTTP/1.1 " line "\r\n" fields "Content-Length: 0\r\n\r\n"

/* clang-format off */
static const TellingRow tellings[] = {
  { REQUEST ("GET /", ""), RESPONSE ("200 OK", ""), "Host: a.test", "no content" },
  { REQUEST ("PUT /", "If-Match: \"1\"\r\nCookie: a=b\r\n"), RESPONSE ("412 Precondition Failed", "Retry-After: 1\r\nETag: \"2\"\r\n"), "If-Match: \"1\"", "ETag: \"2\"" },
  { REQUEST ("GET /", "Authorization: Bearer secret\r\n"), RESPONSE ("401 Unauthorized", "WWW-Authenticate: Basic\r\n"), "Authorization: Bearer", "WWW-Authenticate: Basic" },
  { REQUEST ("GET /", "Cookie: a=b\r\n"), RESPONSE ("302 Found", "ETag: \"1\"\r\nLocation: /b\r\n"), "Cookie: a=b", "Location: /b" },
  { REQUEST ("POST /", "Content-Type: application/json\r\nContent-Length: 2\r\n") "{}", "HTTP/1.1 200 OK\r\nContent-Type: application/problem+json\r\nContent-Length: 5\r\n\r\nhello", "2 B JSON", "5 B JSON" },
  { REQUEST ("GET /", "Range: bytes=0-1\r\n"), RESPONSE ("206 Partial Content", "ETag: \"1\"\r\nContent-Range: bytes 0-1/2\r\n"), "Range: bytes=0-1", "Content-Range: bytes 0-1/2" },
  { REQUEST ("GET /", "If-None-Match: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\r\n"), RESPONSE ("503 Service Unavailable", "Retry-After: 9\r\n"), "If-None-Match: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…", "Retry-After: 9" },
  { REQUEST ("GET /", ""), "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhel", "Host: a.test", "cut off: 3 of 50 B" },
  { REQUEST ("GET /", "X-Forwarded-Proto: http\r\nX-Forwarded-For: 10.0.0.1\r\n"), RESPONSE ("502 Bad Gateway", "Proxy-Status: a; error=dns_error\r\n"), "X-Forwarded-For: 10.0.0.1", "Proxy-Status: a; error=dns_error" },
  { REQUEST ("GET /", ""), "SSH-2.0-x\r\n\r\n", "Host: a.test", "13 B" },
  { "GET / HTTP/1.1\r\n\r\n", RESPONSE ("400 Bad Request", ""), "no Host", "no content" },
  { "GET http://b.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", RESPONSE ("200 OK", ""), "Host: a.test", "no content" },
};
/* clang-format on */

static void
test_telling (void **state)
{
  const TellingRow *row = *state;
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;
  g_autofree char *request = NULL;
  g_autofree char *response = NULL;
  const RtExchange *exchange;

  build_send (&b, RT_FORWARD, row->request);
  build_send (&b, RT_BACKWARD, row->response);
  build_fin (&b, RT_BACKWARD);
  analysis = build_analysis (&b, G_MAXUINT64);
  exchange = rt_analysis_get_exchange (analysis, 1);
  request = rt_exchange_telling_field (analysis, exchange, exchange->request);
  response = rt_exchange_telling_field (analysis, exchange, exchange->response);
  assert_string_equal (request, row->want_request);
  assert_string_equal (response, row->want_response);
}

static void
test_each_finding_has_a_note (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = NULL;
  const RtExchange *exchange;
  const RtNote *note;

  build_send (&b, RT_FORWARD,
              "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"
              "\r\n0\r\n\r\n");
  analysis = build_analysis (&b, G_MAXUINT64);
  exchange = rt_analysis_get_exchange (analysis, 1);
  assert_true (exchange->request->findings->len >= 2);
  assert_int_equal (exchange->notes->len, exchange->request->findings->len);
  for (guint i = 0; i < exchange->notes->len; i++)
    {
      const RtFinding *finding = &g_array_index (exchange->request->findings, RtFinding, i);

      note = exchange->notes->pdata[i];
      assert_non_null (strstr (note->title, finding->kind->clause.title));
      assert_int_equal (note->severity, finding->kind->severity);
      assert_string_equal (note->reference, finding->kind->clause.reference);
      assert_memory_equal (&note->span, &finding->span, sizeof (RtSpan));
      assert_null (note->decision);
    }
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (fields) + G_N_ELEMENTS (tellings) + 3];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    tests[n++]
        = (struct CMUnitTest){ fields[i].name, test_field, NULL, NULL, (gpointer)&fields[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (tellings); i++)
    tests[n++] = (struct CMUnitTest){ tellings[i].want_response, test_telling, NULL, NULL,
                                      (gpointer)&tellings[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_any_bytes_of_any_field_are_no_harm);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_a_field_in_the_wrong_message_is_told);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_each_finding_has_a_note);
  return _cmocka_run_group_tests ("notes and words", tests, n, NULL, NULL);
}
