/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One exchange as a command line of curl, as raw bytes and as a HAR. That curl then sends the same
 * is tested with curl itself, in test-curl-live.c. */
#include "rt-test-record.h"

#include "rt-curl.h"
#include "rt-exchange-export.h"
#include "rt-import.h"
#include "rt-json-value.h"

typedef struct
{
  const char *name, *host;
  guint16 port;
  const char *request;
  gsize length;
  const char *want;
} Row;

#define REQUEST(literal) literal, sizeof literal - 1

/* clang-format off */
static const Row rows[] = {
  { "a plain request", "a.test", 80,
    REQUEST ("GET /x?y=1&z HTTP/1.1\r\nHost: a.test\r\nUser-Agent: me\r\nAccept: */*\r\n\r\n"),
    "curl --http1.1 'http://a.test/x?y=1&z' \\\n  -H 'User-Agent: me' \\\n  -H 'Accept: */*'" },
  { "what curl would add is taken away", "a.test", 80,
    REQUEST ("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
    "curl --http1.1 'http://a.test/' \\\n  -H 'User-Agent:' \\\n  -H 'Accept:'" },
  { "quotes cannot break out", "a.test", 80,
    REQUEST ("GET /'$(id)' HTTP/1.1\r\nHost: a.test\r\nUser-Agent: '; id #`id`\r\nAccept: !\\\r\n\r\n"),
    "curl --http1.1 'http://a.test/'\\''$(id)'\\''' \\\n  -H 'User-Agent: '\\''; id #`id`' \\\n"
    "  -H 'Accept: !\\'" },
  { "a name that curl would take for a file is left out", "a.test", 80,
    REQUEST ("GET / HTTP/1.1\r\nHost: a.test\r\n@/etc/passwd: x\r\nUser-Agent: a\r\nAccept: a\r\n\r\n"),
    "curl --http1.1 'http://a.test/' \\\n  -H 'User-Agent: a' \\\n  -H 'Accept: a'" },
  { "an empty value is not a field taken away", "a.test", 80,
    REQUEST ("GET / HTTP/1.1\r\nHost: a.test\r\nAccept:\r\nUser-Agent: a\r\n\r\n"),
    "curl --http1.1 'http://a.test/' \\\n  -H 'Accept;' \\\n  -H 'User-Agent: a'" },
  { "content stands on the line", "a.test", 80,
    REQUEST ("PUT / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: a\r\nAccept: a\r\nContent-Length: 5\r\n\r\na'b\nc"),
    "curl --http1.1 'http://a.test/' \\\n  --request 'PUT' \\\n  -H 'User-Agent: a' \\\n"
    "  -H 'Accept: a' \\\n  -H 'Content-Length: 5' \\\n  -H 'Content-Type:' \\\n"
    "  --data-binary 'a'\\''b\nc'" },
  { "content that begins like a file's name is none", "a.test", 80,
    REQUEST ("POST / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: a\r\nAccept: a\r\nContent-Type: b\r\nContent-Length: 2\r\n\r\n@x"),
    "curl --http1.1 'http://a.test/' \\\n  -H 'User-Agent: a' \\\n  -H 'Accept: a' \\\n"
    "  -H 'Content-Type: b' \\\n  -H 'Content-Length: 2' \\\n  --data-raw '@x'" },
  { "binary content stands in a file", "a.test", 80,
    REQUEST ("POST / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: a\r\nAccept: a\r\nContent-Type: b\r\nContent-Length: 2\r\n\r\n\0x"),
    "curl --http1.1 'http://a.test/' \\\n  -H 'User-Agent: a' \\\n  -H 'Accept: a' \\\n"
    "  -H 'Content-Type: b' \\\n  -H 'Content-Length: 2' \\\n  --data-binary '@body.bin'" },
  { "an address becomes --resolve", "192.0.2.1", 80,
    REQUEST ("GET / HTTP/1.0\r\nHost: a.test\r\nUser-Agent: a\r\nAccept: a\r\n\r\n"),
    "curl --http1.0 'http://a.test/' \\\n  --resolve 'a.test:80:192.0.2.1' \\\n"
    "  -H 'User-Agent: a' \\\n  -H 'Accept: a'" },
  { "another port becomes --connect-to", "::1", 8080,
    REQUEST ("HEAD / HTTP/1.1\r\nHost: a.test\r\nUser-Agent: a\r\nAccept: a\r\n\r\n"),
    "curl --http1.1 'http://a.test/' \\\n  --head \\\n  --connect-to 'a.test:80:[::1]:8080' \\\n"
    "  -H 'User-Agent: a' \\\n  -H 'Accept: a'" },
  { "other forms of the target", "a.test", 80,
    REQUEST ("OPTIONS * HTTP/1.1\r\nHost: a.test\r\nUser-Agent: a\r\nAccept: a\r\n\r\n"),
    "curl --http1.1 'http://a.test/' \\\n  --request-target '*' \\\n  --request 'OPTIONS' \\\n"
    "  -H 'User-Agent: a' \\\n  -H 'Accept: a'" },
  { "dots and brackets are not changed", "a.test", 80,
    REQUEST ("GET /a/../[1-2]{b} HTTP/1.1\r\nHost: a.test\r\nUser-Agent: a\r\nAccept: a\r\n\r\n"),
    "curl --http1.1 'http://a.test/a/../[1-2]{b}' \\\n  --path-as-is \\\n  --globoff \\\n"
    "  -H 'User-Agent: a' \\\n  -H 'Accept: a'" },
};
/* clang-format on */

static const char response[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

/* An exchange of these bytes. */
static RtAnalysis *
analyse (const Row *row)
{
  RtImport *import = rt_import_new (NULL, "x", "test", NULL);
  g_autoptr (GBytes) there = g_bytes_new (row->request, row->length);
  g_autoptr (GBytes) back = g_bytes_new (response, sizeof response - 1);
  g_autoptr (RtImportReport) report = NULL;
  RtAnalysis *analysis = rt_analysis_new ();
  RtConnection connection;

  rt_import_advance (import, 1000, NULL);
  connection = rt_import_connect (import, 1000, rt_import_party (import, "a", "client"),
                                  rt_import_party (import, "b", "origin"), row->host, row->port,
                                  RT_BYTES_CROSSED);
  rt_import_bytes (import, connection, RT_FORWARD, 1000, there);
  rt_import_bytes (import, connection, RT_BACKWARD, 1000, back);
  report = rt_import_finish (import, NULL);
  assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (rt_import_get_log (import)),
                                        G_MAXUINT64, NULL));
  rt_import_free (import);
  return analysis;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autoptr (RtAnalysis) analysis = analyse (row);
  g_autoptr (GBytes) body = NULL;
  g_autofree char *is
      = rt_curl_dup_command (analysis, rt_analysis_get_exchange (analysis, 1), &body);

  assert_string_equal (is, row->want);
  assert_true ((body != NULL) == (strstr (row->want, "body.bin") != NULL));
}

static GBytes *
export_as (RtAnalysis *analysis, const char *name)
{
  g_autoptr (GBytes) body = NULL;
  RtExchangeForm form;
  GBytes *bytes;

  assert_true (rt_exchange_form_from_name (name, &form, NULL));
  bytes = rt_exchange_export (analysis, rt_analysis_get_exchange (analysis, 1), form, &body, NULL);
  assert_non_null (bytes);
  return bytes;
}

static void
test_raw (void **state)
{
  g_autoptr (RtAnalysis) analysis = analyse (&rows[5]);
  g_autoptr (GBytes) request = export_as (analysis, "raw-request");
  g_autoptr (GBytes) back = export_as (analysis, "raw-response");
  g_autoptr (GBytes) both = export_as (analysis, "raw");

  assert_int_equal (g_bytes_get_size (request), rows[5].length);
  assert_memory_equal (g_bytes_get_data (request, NULL), rows[5].request, rows[5].length);
  assert_int_equal (g_bytes_get_size (back), sizeof response - 1);
  assert_memory_equal (g_bytes_get_data (back, NULL), response, sizeof response - 1);
  assert_int_equal (g_bytes_get_size (both), rows[5].length + sizeof response - 1);
}

static void
test_har (void **state)
{
  g_autoptr (RtAnalysis) analysis = analyse (&rows[0]);
  g_autoptr (GBytes) har = export_as (analysis, "har");
  RtText text;
  RtJson document, log, entries, one;

  text.at = g_bytes_get_data (har, &text.length);
  assert_true (rt_json_parse (text, &document));
  assert_true (rt_json_find (&document, "log", &log));
  assert_true (rt_json_find (&log, "entries", &entries));
  assert_true (rt_json_element_next (&entries.text, &one));
  assert_false (rt_json_element_next (&entries.text, &one));
}

static void
test_unknown (void **state)
{
  g_autoptr (GError) error = NULL;
  RtExchangeForm form;

  assert_false (rt_exchange_form_from_name ("crul", &form, &error));
  assert_non_null (strstr (error->message, "curl"));
}

int
main (void)
{
  const struct CMUnitTest others[] = {
    { .name = "raw bytes are those that crossed", .test_func = test_raw },
    { .name = "a HAR of one has one entry", .test_func = test_har },
    { .name = "a form that there is not is told of", .test_func = test_unknown },
  };
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (others)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ .name = rows[i].name,
                                    .test_func = test_row,
                                    .initial_state = (void *)&rows[i] };
  memcpy (tests + G_N_ELEMENTS (rows), others, sizeof others);
  return _cmocka_run_group_tests ("one exchange", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
