/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HARs: what programs write, well and badly, and what becomes of it. */
#include "rt-test-record.h"

#include "rt-analysis.h"
#include "rt-har.h"

#include <zlib.h>

#define REQUEST "\"request\":{\"method\":\"GET\",\"url\":\"http://a.test/x?y=1\",\"headers\":[]}"
#define STARTED "\"startedDateTime\":\"2026-01-01T12:00:00.500Z\""
#define LOG(entries) "{\"log\":{\"version\":\"1.2\",\"entries\":[" entries "]}}"
#define ENTRY(more) LOG ("{" STARTED "," REQUEST more "}")
#define OK ",\"response\":{\"status\":200,\"statusText\":\"OK\",\"headers\":["

/* What an archive becomes. */
typedef struct
{
  RtImportReport *report;
  RtAnalysis *analysis;
  GError *error;
} Result;

/* All imports become runs of one session: to make a new one waits for the disk. */
static void *folder;
static RtSession *session;

static Result
import_bytes (const void *data, gsize size)
{
  g_autofree char *har = rt_test_path (&folder, "in.har");
  Result result = { 0 };

  rt_test_write_file (har, data, size);
  result.report = rt_har_import (session, har, NULL, &result.error);
  if (result.report != NULL)
    {
      g_autoptr (RtReader) reader = rt_session_open_run (session, result.report->run, NULL);

      result.analysis = rt_analysis_new ();
      assert_true (rt_analysis_feed_reader (result.analysis, reader, G_MAXUINT64, NULL));
    }
  return result;
}

static void
clear (Result *result)
{
  g_clear_pointer (&result->analysis, rt_analysis_free);
  g_clear_pointer (&result->report, rt_import_report_free);
  g_clear_error (&result->error);
}

static const RtExchange *
exchange (const Result *result, guint id)
{
  const RtExchange *found = rt_analysis_get_exchange (result->analysis, id);

  assert_non_null (found);
  assert_true (found->reconstructed);
  return found;
}

/* A line a thing of the first exchange, so that a table can say what is expected. */
static char *
describe (const Result *result)
{
  GString *out = g_string_new (NULL);
  const RtExchange *first;
  g_autoptr (GBytes) content = NULL;

  if (result->report == NULL)
    return g_string_free (out, FALSE);
  g_string_append_printf (out, "%u", rt_analysis_get_exchanges (result->analysis)->len);
  if (rt_analysis_get_exchanges (result->analysis)->len == 0)
    return g_string_free (out, FALSE);
  first = exchange (result, 1);
  g_string_append_printf (out, " %s://%s %.*s", first->scheme, first->authority,
                          (int)first->request->message->target.length,
                          first->request->message->target.at);
  if (first->request->content_length > 0)
    {
      g_autoptr (GBytes) sent = rt_analysis_dup_content (result->analysis, first->request);

      g_string_append_printf (out, " [%.*s]", (int)g_bytes_get_size (sent),
                              (const char *)g_bytes_get_data (sent, NULL));
    }
  if (first->request->missing != NULL)
    g_string_append_printf (out, " -%" G_GUINT64_FORMAT, first->request->missing_length);
  if (first->failed != NULL)
    g_string_append (out, " failed");
  if (first->response == NULL)
    return g_string_free (out, FALSE);
  g_string_append_printf (out, " %u", first->response->message->status);
  for (guint i = 0; i < rt_fields_get_length (first->response->message->fields); i++)
    {
      const RtField *field = rt_fields_get (first->response->message->fields, i);

      g_string_append_printf (out, " %.*s=%.*s", (int)field->name.length, field->name.at,
                              (int)field->value.length, field->value.at);
    }
  content = rt_analysis_dup_content (result->analysis, first->response);
  if (g_bytes_get_size (content) > 0)
    g_string_append_printf (out, " [%.*s]", (int)g_bytes_get_size (content),
                            (const char *)g_bytes_get_data (content, NULL));
  if (first->response->missing != NULL)
    g_string_append_printf (out, " -%" G_GUINT64_FORMAT, first->response->missing_length);
  return g_string_free (out, FALSE);
}

/* @want: as describe() has it; NULL: refused. @says: part of the first warning, or of the error;
 * NULL: there is none. */
typedef struct
{
  const char *name, *in, *want, *says;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "a plain entry is an exchange",
    ENTRY (OK "{\"name\":\"A\",\"value\":\"b\"}],\"content\":{\"size\":2,\"text\":\"hi\"}}"),
    "1 http://a.test /x?y=1 200 A=b [hi]", NULL },
  { "without “log” around it, too",
    "{\"entries\":[{" STARTED "," REQUEST OK "]}}]}", "1 http://a.test /x?y=1 200", NULL },
  { "base64 is undone, also when “encoding” comes last",
    ENTRY (OK "],\"content\":{\"size\":2,\"text\":\"aGk=\",\"encoding\":\"base64\"}}"),
    "1 http://a.test /x?y=1 200 [hi]", NULL },
  { "base64 with line breaks is undone",
    ENTRY (OK "],\"content\":{\"encoding\":\"base64\",\"text\":\"a\\nGk=\\n\"}}"),
    "1 http://a.test /x?y=1 200 [hi]", NULL },
  { "base64 that is none is told of",
    ENTRY (OK "],\"content\":{\"encoding\":\"base64\",\"text\":\"aG*k=\"}}"),
    "1 http://a.test /x?y=1 200 [hi]", "no clean base64" },
  { "escapes are undone",
    ENTRY (OK "],\"content\":{\"text\":\"\\u00e9\\ud83d\\ude00\\n\\/\"}}"),
    "1 http://a.test /x?y=1 200 [é😀\n/]", NULL },
  { "a size of more than there is means missing, not empty",
    ENTRY (OK "],\"content\":{\"size\":1234}}"), "1 http://a.test /x?y=1 200 -1234", NULL },
  { "content that is cut is kept, the rest is missing",
    ENTRY (OK "],\"content\":{\"size\":10,\"text\":\"hi\"}}"),
    "1 http://a.test /x?y=1 200 [hi] -8", NULL },
  { "a size of -1 says nothing",
    ENTRY (OK "],\"content\":{\"size\":-1}}"), "1 http://a.test /x?y=1 200", NULL },
  { "304 and its size miss nothing",
    ENTRY (",\"response\":{\"status\":304,\"content\":{\"size\":99}}"),
    "1 http://a.test /x?y=1 304", NULL },
  { "status 0 is an exchange that failed",
    ENTRY (",\"response\":{\"status\":0,\"_error\":\"net::ERR_BLOCKED_BY_CLIENT\"}"),
    "1 http://a.test /x?y=1 failed", NULL },
  { "no response is an exchange that failed",
    ENTRY (""), "1 http://a.test /x?y=1 failed", NULL },
  { "fields of one name joined by line breaks come apart",
    ENTRY (OK "{\"name\":\"Set-Cookie\",\"value\":\"a=1\\nb=2\"}]}"),
    "1 http://a.test /x?y=1 200 Set-Cookie=a=1 Set-Cookie=b=2", NULL },
  { "a line break in a value makes no field of its own",
    ENTRY (OK "{\"name\":\"X\",\"value\":\"a\\r\\u0000b\"}]}"),
    "1 http://a.test /x?y=1 200 X=a  b", NULL },
  { "pseudo-header fields are not fields",
    ENTRY (OK "{\"name\":\":status\",\"value\":\"200\"},{\"name\":\"a\",\"value\":\"b\"}]}"),
    "1 http://a.test /x?y=1 200 a=b", NULL },
  { "a field without a usable name is left out",
    ENTRY (OK "{\"name\":\"a b\",\"value\":\"1\"},{\"name\":\"c\",\"value\":\"2\"}]}"),
    "1 http://a.test /x?y=1 200 c=2", "field 1 has a name that no field can have" },
  { "fields of framing bind nobody",
    ENTRY (OK "{\"name\":\"Content-Length\",\"value\":\"5000\"},"
              "{\"name\":\"Transfer-Encoding\",\"value\":\"chunked\"}],"
              "\"content\":{\"text\":\"hi\"}}"),
    "1 http://a.test /x?y=1 200 Content-Length=5000 Transfer-Encoding=chunked [hi]", NULL },
  { "a byte order mark is skipped",
    "\xef\xbb\xbf" ENTRY (OK "]}"), "1 http://a.test /x?y=1 200", NULL },
  { "a comma before a bracket is told of",
    LOG ("{" STARTED "," REQUEST OK "],}},"), "1 http://a.test /x?y=1 200",
    "entry 1, response: there is a comma before the closing bracket" },
  { "NaN is told of",
    ENTRY (OK "]},\"time\":NaN"), "1 http://a.test /x?y=1 200", "entry 1, time: this is no value" },
  { "null is as good as absent",
    ENTRY (OK "],\"content\":null,\"_error\":null},\"timings\":null,\"time\":null"),
    "1 http://a.test /x?y=1 200", NULL },
  { "a member of the wrong type is left out, with its place",
    ENTRY (OK "],\"content\":[1,[2]]}"), "1 http://a.test /x?y=1 200",
    "in.har:1:216: entry 1, response.content: this is no object" },
  { "of two members of one name the last counts",
    ENTRY (",\"response\":{\"status\":500,\"status\":200}"), "1 http://a.test /x?y=1 200",
    "“status” stands here twice" },
  { "a number in quotes is a number",
    ENTRY (",\"response\":{\"status\":\"200\"}"), "1 http://a.test /x?y=1 200", NULL },
  { "an entry without URL is left out",
    LOG ("{" STARTED ",\"request\":{\"method\":\"GET\"}},{" STARTED "," REQUEST OK "]}}"),
    "1 http://a.test /x?y=1 200", "entry 1: there is no request.url" },
  { "a data: URL is left out",
    LOG ("{" STARTED ",\"request\":{\"method\":\"GET\",\"url\":\"data:,hi\"}},{" STARTED ","
         REQUEST OK "]}}"),
    "1 http://a.test /x?y=1 200", "entry 1: request.url has no host" },
  { "an entry that is no object is left out",
    LOG ("7,[],{" STARTED "," REQUEST OK "]}}"), "1 http://a.test /x?y=1 200",
    "entry 1: this is no object" },
  { "a time that is none is told of",
    LOG ("{\"startedDateTime\":\"yesterday\"," REQUEST OK "]}}"), "1 http://a.test /x?y=1 200",
    "“startedDateTime” is no time" },
  { "spaces in a URL are escaped",
    LOG ("{" STARTED ",\"request\":{\"method\":\"GET\",\"url\":\"https://b.test:444/a b\"}" OK "]}}"),
    "1 https://b.test:444 /a%20b 200", NULL },
  { "no method is read as GET",
    LOG ("{" STARTED ",\"request\":{\"url\":\"http://b.test\"}" OK "]}}"),
    "1 http://b.test / 200", "request.method is missing" },
  { "posted text is the request's content",
    LOG ("{" STARTED ",\"request\":{\"method\":\"POST\",\"url\":\"http://b.test\","
         "\"postData\":{\"text\":\"a=1\"}}" OK "]}}"),
    "1 http://b.test / [a=1] 200", NULL },
  { "posted parameters become a form",
    LOG ("{" STARTED ",\"request\":{\"method\":\"POST\",\"url\":\"http://b.test\","
         "\"postData\":{\"params\":[{\"name\":\"a b\",\"value\":\"1&2\"},"
         "{\"name\":\"c%20d\",\"value\":\"\"}]}}" OK "]}}"),
    "1 http://b.test / [a%20b=1%262&c%20d=] 200", NULL },
  { "a posted body that is not there is missing",
    LOG ("{" STARTED ",\"request\":{\"method\":\"POST\",\"url\":\"http://b.test\","
         "\"bodySize\":77}" OK "]}}"),
    "1 http://b.test / -77 200", NULL },
  { "a file cut off in an entry keeps what it had of it",
    "{\"log\":{\"entries\":[{" STARTED "," REQUEST OK "{\"name\":\"A\",\"val",
    "1 http://a.test /x?y=1 200", "the document ends inside a string" },
  { "a file cut off between entries keeps those before",
    "{\"log\":{\"entries\":[{" STARTED "," REQUEST OK "]}},", "1 http://a.test /x?y=1 200",
    "the document ends inside an object or array" },
  { "no entries at all are none", LOG (""), "0", NULL },
  { "an empty file is refused", "", NULL, "in.har:1:1: the document ends before it began" },
  { "what is no JSON is refused", "hello", NULL, "in.har:1:1: “h” stands here; expected a value" },
  { "another document is refused", "[1,2]", NULL, "this is no HAR" },
  { "a document without entries is refused", "{\"log\":{}}", NULL, "there is no “entries” in it" },
  { "entries that are no array are refused", "{\"log\":{\"entries\":{}}}", NULL,
    "“entries” is no array" },
  { "a log that is no object is refused", "{\"log\":\n [\n2]}", NULL,
    "in.har:2:2: “log” is no object" },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  Result result;
  g_autofree char *is = NULL;
  const char *said = NULL;

  result = import_bytes (row->in, strlen (row->in));
  is = describe (&result);
  if (result.error != NULL)
    said = result.error->message;
  else if (result.report->warnings->len > 0)
    said = result.report->warnings->pdata[0];
  if (row->want == NULL)
    assert_null (result.report);
  else
    assert_string_equal (is, row->want);
  if (row->says == NULL)
    assert_null (said);
  else if (said == NULL || strstr (said, row->says) == NULL)
    fail_msg ("“%s” does not say “%s”", said != NULL ? said : "", row->says);
  clear (&result);
}

static void
test_times (void **state)
{
  static const char in[]
      = ENTRY (OK "]},\"time\":100,\"timings\":{\"blocked\":1.5,\"dns\":2,\"connect\":30.25,"
                  "\"ssl\":20,\"send\":0.125,\"wait\":6e1,\"receive\":5,\"x\":-1}");
  Result result = import_bytes (in, sizeof in - 1);
  const RtExchange *first = exchange (&result, 1);
  const RtTime start = G_GINT64_CONSTANT (1767268800500000);
  const RtConnectionInfo *connection;

  assert_int_equal (first->request->sent_first, start + 1500 + 2000 + 30250);
  assert_int_equal (first->request->sent_last, first->request->sent_first + 125);
  assert_int_equal (first->response->received_first, first->request->sent_last + 60000);
  assert_int_equal (first->response->received_last, first->response->received_first + 5000);
  connection = rt_analysis_get_connection (result.analysis, first->connection);
  assert_int_equal (connection->opened, start + 3500);
  assert_int_equal (connection->established, start + 3500 + 30250);
  clear (&result);
}

static void
test_facts (void **state)
{
  static const char in[]
      = LOG ("{" STARTED ",\"request\":{\"method\":\"GET\",\"url\":\"https://a.test/\","
             "\"httpVersion\":\"http/2.0\",\"headers\":[{\"name\":\":authority\",\"value\":"
             "\"a.test\"}]},\"response\":{\"status\":200,\"httpVersion\":\"h3\",\"headers\":[],"
             "\"_transferSize\":0,\"content\":{}},\"_fromCache\":\"disk\",\"serverIPAddress\":"
             "\"192.0.2.1\",\"timings\":{\"blocked\":-1,\"send\":1}}");
  Result result = import_bytes (in, sizeof in - 1);
  const RtExchange *first = exchange (&result, 1);
  const char *text;
  gint64 number;
  g_autoptr (GVariant) timings = NULL;
  const gint64 *values;
  gsize n;

  assert_true (g_variant_lookup (first->request->facts, "version", "&s", &text));
  assert_string_equal (text, "http/2.0");
  assert_true (g_variant_lookup (first->request->facts, "from-cache", "&s", &text));
  assert_string_equal (text, "disk");
  assert_true (g_variant_lookup (first->request->facts, "server-address", "&s", &text));
  assert_string_equal (text, "192.0.2.1");
  assert_true (g_variant_lookup (first->response->facts, "version", "&s", &text));
  assert_string_equal (text, "h3");
  assert_true (g_variant_lookup (first->response->facts, "transfer-size", "x", &number));
  assert_int_equal (number, 0);
  timings = g_variant_lookup_value (first->request->facts, "timings", G_VARIANT_TYPE ("ax"));
  values = g_variant_get_fixed_array (timings, &n, sizeof *values);
  assert_int_equal (n, 7);
  assert_int_equal (values[0], -1);
  assert_int_equal (values[4], 1000);
  assert_string_equal (rt_analysis_get_connection (result.analysis, first->connection)->protocol,
                       "h3");
  clear (&result);
}

static void
test_frames (void **state)
{
  static const char in[]
      = ENTRY (",\"response\":{\"status\":101},\"_webSocketMessages\":[{\"type\":\"send\",\"time\":"
               "1767268801.25,\"opcode\":1,\"data\":\"hi\"},{\"type\":\"receive\",\"time\":"
               "1767268802,\"opcode\":1,\"data\":\"you\"}]");
  Result result = import_bytes (in, sizeof in - 1);
  const RtExchange *first = exchange (&result, 1);
  const RtStateInfo *info;
  const char *data;
  gint64 opcode;

  assert_int_equal (first->states->len, 2);
  info = first->states->pdata[0];
  assert_string_equal (info->key, "sent");
  assert_int_equal (info->time, G_GINT64_CONSTANT (1767268801250000));
  info = first->states->pdata[1];
  assert_string_equal (info->key, "received");
  g_variant_get (info->value, "(x&s)", &opcode, &data);
  assert_int_equal (opcode, 1);
  assert_string_equal (data, "you");
  clear (&result);
}

static void
append_entry (GString *out, guint id, guint second, guint wait_msec)
{
  g_string_append_printf (
      out,
      "%s{\"startedDateTime\":\"2026-01-01T12:00:%02u.000Z\",\"request\":{\"method\":\"GET\","
      "\"url\":\"http://a.test/%u\"},\"response\":{\"status\":200},\"timings\":{\"send\":0,"
      "\"wait\":%u,\"receive\":0}}",
      out->len > 0 ? "," : "{\"log\":{\"entries\":[", second, id, wait_msec);
}

/* Entries in an order of their own, some of which overlap. */
static void
test_unsorted (void **state)
{
  g_autoptr (GString) in = g_string_new (NULL);
  Result result;

  append_entry (in, 3, 30, 10);
  append_entry (in, 1, 10, 60000);
  append_entry (in, 2, 20, 500);
  append_entry (in, 4, 59, 10);
  g_string_append (in, "]}}");
  result = import_bytes (in->str, in->len);
  assert_int_equal (result.report->n_warnings, 0);
  assert_int_equal (rt_analysis_get_exchanges (result.analysis)->len, 4);
  for (guint id = 1; id <= 4; id++)
    {
      const RtExchange *one = exchange (&result, id);
      g_autofree char *target = g_strdup_printf ("/%u", id);

      assert_true (rt_text_is (one->request->message->target, target));
      assert_int_equal (one->ended - one->started, id == 1   ? 60 * RT_TIME_SEC
                                                   : id == 2 ? 500 * RT_TIME_MSEC
                                                             : 10 * RT_TIME_MSEC);
    }
  /* The three that wait for nobody share a connection. */
  assert_int_equal (rt_analysis_get_connections (result.analysis)->len, 2);
  clear (&result);
}

static void
test_cut_anywhere (void **state)
{
  static const char in[]
      = LOG ("{" STARTED "," REQUEST OK "{\"name\":\"A\",\"value\":\"b\"}],\"content\":{\"size\":2,"
             "\"text\":\"hi\"}}},{" STARTED "," REQUEST OK "]}}");

  for (gsize size = 0; size < sizeof in - 1; size += 7)
    {
      Result result = import_bytes (in, size);

      assert_true ((result.report == NULL) == (result.error != NULL));
      assert_true (result.report == NULL || !result.report->whole);
      if (result.error != NULL && strstr (result.error->message, "in.har:1:") == NULL)
        fail_msg ("“%s” names no place", result.error->message);
      clear (&result);
    }
}

static void
test_compressed (void **state)
{
  static const char in[] = ENTRY (OK "],\"content\":{\"text\":\"hi\"}}");
  guint8 packed[1024];
  uLongf size = sizeof packed;
  Result result;
  g_autofree char *is = NULL;

  assert_int_equal (compress (packed, &size, (const Bytef *)in, sizeof in - 1), Z_OK);
  assert_true (rt_har_sniff ((RtText){ (const char *)packed, size }));
  result = import_bytes (packed, size);
  is = describe (&result);
  assert_string_equal (is, "1 http://a.test /x?y=1 200 [hi]");
  clear (&result);
  /* Cut off, it gives what there is. */
  result = import_bytes (packed, size / 2);
  assert_true (result.error != NULL || !result.report->whole);
  clear (&result);
}

/* As well as it can be compressed: so that it swells by more than RT_HAR_RATIO_MAX. */
static void
test_bomb (void **state)
{
  const gsize size = 80 * 1024 * 1024;
  g_autofree guint8 *spaces = g_malloc (size);
  uLongf packed_size = compressBound (size);
  g_autofree guint8 *packed = g_malloc (packed_size);
  Result result;

  memset (spaces, ' ', size);
  assert_int_equal (compress2 (packed, &packed_size, spaces, size, 9), Z_OK);
  result = import_bytes (packed, packed_size);
  assert_non_null (result.error);
  assert_true (g_error_matches (result.error, RT_ERROR, RT_ERROR_LIMIT));
  clear (&result);
}

static void
test_deep (void **state)
{
  g_autoptr (GString) in = g_string_new ("{\"log\":{\"x\":");
  Result result;

  for (guint i = 0; i < 100000; i++)
    g_string_append (in, "[");
  result = import_bytes (in->str, in->len);
  assert_non_null (result.error);
  assert_non_null (strstr (result.error->message, "nested more than 256 deep"));
  clear (&result);
}

static int
setup (void **state)
{
  g_autofree char *path = NULL;

  if (rt_test_setup (&folder) != 0)
    return -1;
  path = rt_test_path (&folder, "a.roundtrip");
  session = rt_session_create (path, NULL);
  return session != NULL ? 0 : -1;
}

static int
teardown (void **state)
{
  rt_session_unref (session);
  return rt_test_teardown (&folder);
}

int
main (void)
{
  const struct CMUnitTest others[] = {
    { "timings become times", test_times, NULL, NULL, NULL },
    { "what is no message is kept as facts", test_facts, NULL, NULL, NULL },
    { "WebSocket messages are kept", test_frames, NULL, NULL, NULL },
    { "entries out of order get into the order of time", test_unsorted, NULL, NULL, NULL },
    { "a file cut off anywhere names the place", test_cut_anywhere, NULL, NULL, NULL },
    { "a compressed file is read", test_compressed, NULL, NULL, NULL },
    { "a compressed file that swells is refused", test_bomb, NULL, NULL, NULL },
    { "nesting has its limit", test_deep, NULL, NULL, NULL },
  };
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (others)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ .name = rows[i].name,
                                    .test_func = test_row,
                                    .initial_state = (void *)&rows[i] };
  memcpy (tests + G_N_ELEMENTS (rows), others, sizeof others);
  return _cmocka_run_group_tests ("HAR", tests, G_N_ELEMENTS (tests), setup, teardown);
}
