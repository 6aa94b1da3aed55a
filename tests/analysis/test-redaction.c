/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets are planted where they are found in practice; what a redacted log gives is searched for
 * them in every form. And what is no secret stays. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "log-builder.h"
#include "rt-content.h"
#include "rt-gzip.h"
#include "rt-redaction.h"

#include <string.h>

static const guint8 key[RT_PSEUDONYM_KEY_SIZE] = "a key for tests, of 32 bytes ...";

/* A request or an answer to `GET /`, and what must not be in it afterwards. */
typedef struct
{
  const char *name;
  RtDirection way;
  const char *message;
  const char *secret;
} Row;

#define POST(type, length, body)                                                                   \
  "POST /in HTTP/1.1\r\nHost: a.test\r\nContent-Type: " type "\r\nContent-Length: " length         \
  "\r\n\r\n" body
#define OK(type, length, body)                                                                     \
  "HTTP/1.1 200 OK\r\nContent-Type: " type "\r\nContent-Length: " length "\r\n\r\n" body
#define GET(target, fields) "GET " target " HTTP/1.1\r\nHost: a.test\r\n" fields "\r\n"
#define ANSWER(fields) "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" fields "\r\n"

/* {"alg":"HS256"}, {"sub":"ann","email":"ann@shop.test"} and {"sub":"7"} */
#define JWT_HEAD "eyJhbGciOiJIUzI1NiJ9"
#define JWT_EMAIL "eyJzdWIiOiJhbm4iLCJlbWFpbCI6ImFubkBzaG9wLnRlc3QifQ"
#define JWT_PLAIN "eyJzdWIiOiI3In0"

/* clang-format off */
static const Row rows[] = {
  { "bearer token", RT_FORWARD, GET ("/", "Authorization: Bearer 9f8a7b6c5d4e3f2a\r\n"), "9f8a7b6c5d4e3f2a" },
  { "basic credentials", RT_FORWARD, GET ("/", "Authorization: Basic YW5uOmh1bnRlcjIy\r\n"), "YW5uOmh1bnRlcjIy" },
  { "token68 with padding", RT_FORWARD, GET ("/", "Authorization: Basic YW5uOmh1bnRlcjI=\r\n"), "YW5uOmh1bnRlcjI" },
  { "digest response", RT_FORWARD, GET ("/", "Authorization: Digest username=\"ann\", realm=\"r\", response=\"0a1b2c3d4e5f\"\r\n"), "0a1b2c3d4e5f" },
  { "credentials without a scheme", RT_FORWARD, GET ("/", "Authorization: 0123456789abcdef\r\n"), "0123456789abcdef" },
  { "proxy credentials", RT_FORWARD, GET ("/", "Proxy-Authorization: Basic cHJveHk6c2VjcmV0\r\n"), "cHJveHk6c2VjcmV0" },
  { "cookie", RT_FORWARD, GET ("/", "Cookie: theme=dark; sid=31d4d96e407aad42\r\n"), "31d4d96e407aad42" },
  { "short cookie", RT_FORWARD, GET ("/", "Cookie: p=q7z\r\n"), "q7z" },
  { "cookie that is set", RT_BACKWARD, ANSWER ("Set-Cookie: sid=8e6ad9c00f; HttpOnly; Path=/\r\n"), "8e6ad9c00f" },
  { "field of a key", RT_FORWARD, GET ("/", "X-Api-Key: k3y-77aa88bb\r\n"), "k3y-77aa88bb" },
  { "field of a token", RT_FORWARD, GET ("/", "X-CSRF-Token: ct-55-66-77\r\n"), "ct-55-66-77" },
  { "field of a security token", RT_FORWARD, GET ("/", "X-Amz-Security-Token: IQoJb3JpZ2luX2VjE\r\n"), "IQoJb3JpZ2luX2VjE" },
  { "query key", RT_FORWARD, GET ("/?q=tea&api_key=abcd1234efgh", ""), "abcd1234efgh" },
  { "query token, last", RT_FORWARD, GET ("/?access_token=tok.99.88.77", ""), "tok.99.88.77" },
  { "signature in a query", RT_FORWARD, GET ("/f?X-Amz-Signature=fe5f80f77d5fa3be", ""), "fe5f80f77d5fa3be" },
  { "authorization code", RT_FORWARD, GET ("/cb?code=4/P7q7W91a-oMsCe", ""), "4/P7q7W91a-oMsCe" },
  { "token in Location", RT_BACKWARD, ANSWER ("Location: https://b.test/#id_token=zz11yy22xx33\r\n"), "zz11yy22xx33" },
  { "token in Referer", RT_FORWARD, GET ("/", "Referer: https://a.test/?session_id=s-0918-2736\r\n"), "s-0918-2736" },
  { "password in a URL", RT_FORWARD, GET ("/", "Referer: https://ann:Pa55word@a.test/\r\n"), "Pa55word" },
  { "signature of a JWT", RT_BACKWARD, ANSWER ("X-Id: " JWT_HEAD "." JWT_PLAIN ".c2lnbmF0dXJlLXNpZw\r\n"), "c2lnbmF0dXJlLXNpZw" },
  { "address in a JWT", RT_BACKWARD, ANSWER ("X-Id: " JWT_HEAD "." JWT_EMAIL ".c2lnMg\r\n"), JWT_EMAIL },
  { "password in a form", RT_FORWARD, POST ("application/x-www-form-urlencoded", "27", "user=ann&password=Tr0ub4dor"), "Tr0ub4dor" },
  { "encoded password in a form", RT_FORWARD, POST ("application/x-www-form-urlencoded", "21", "password=a%26b%3Dc%21d"), "a%26b%3Dc%21d" },
  { "password in JSON", RT_FORWARD, POST ("application/json", "23", "{\"password\": \"hunter2\"}"), "hunter2" },
  { "number in JSON", RT_FORWARD, POST ("application/json", "13", "{\"pin\": 94873}"), "94873" },
  { "quote in JSON", RT_FORWARD, POST ("application/json", "25", "{\"secret\": \"a\\\"b\\\"c-1-2-3\"}"), "b\\\"c-1-2-3" },
  { "JSON within a string", RT_FORWARD, POST ("application/json", "40", "{\"log\": \"{\\\"token\\\": \\\"in-ner-1-2-3\\\"}\"}"), "in-ner-1-2-3" },
  { "JSON that is cut off", RT_BACKWARD, OK ("application/json", "31", "{\"a\": [{\"refresh_token\": \"rt-77"), "rt-77" },
  { "password in a part", RT_FORWARD, POST ("multipart/form-data; boundary=X", "80", "--X\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nmulti part pass\r\n--X--\r\n"), "multi part pass" },
  { "password in XML", RT_FORWARD, POST ("application/xml", "39", "<login><password>xml-pw</password></login"), "xml-pw" },
  { "address in text", RT_BACKWARD, OK ("text/plain", "28", "write to ann.bell@shop.test.\n"), "ann.bell@shop.test" },
  { "encoded address", RT_FORWARD, GET ("/?to=ann.bell%40shop.test", ""), "ann.bell%40shop.test" },
  { "address in From", RT_FORWARD, GET ("/", "From: robot@crawler.test\r\n"), "robot@crawler.test" },
  { "key of a cloud", RT_BACKWARD, OK ("text/plain", "20", "AKIAIOSFODNN7EXAMPLE"), "AKIAIOSFODNN7EXAMPLE" },
  { "key of a forge", RT_BACKWARD, OK ("text/html", "40", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"), "ghp_16C7e42F292c6912E7710c838347Ae178B4a" },
  { "private key", RT_BACKWARD, OK ("text/plain", "69", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n"), "MIIEvQIBADAN" },
  { "bearer in a log", RT_BACKWARD, OK ("text/plain", "35", "curl -H 'X: Bearer lg-31-41-59-26'\n"), "lg-31-41-59-26" },
  { "secret in a chunk", RT_BACKWARD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"token\":\"ch-1-2-3\"\r\n0\r\n\r\n", "ch-1-2-3" },
  { "secret across chunks", RT_BACKWARD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{\"token\":\"ac-\r\n9\r\nross-99\"}\r\n0\r\n\r\n", "ross-99" },
  { "secret in a trailer", RT_BACKWARD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Auth-Token: tr-99-88-77\r\n\r\n", "tr-99-88-77" },
};

/* What is left alone. */
static const Row open_rows[] = {
  { "entity tag", RT_BACKWARD, ANSWER ("ETag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\"\r\n"), "33a64df551425fcc55e4d42a148795d9f25f89d4" },
  { "idempotency key", RT_FORWARD, GET ("/", "Idempotency-Key: \"8e03978e-40d5-43dd-bc93\"\r\n"), "8e03978e-40d5-43dd-bc93" },
  { "websocket key", RT_FORWARD, GET ("/", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "dGhlIHNhbXBsZSBub25jZQ==" },
  { "challenge", RT_BACKWARD, ANSWER ("WWW-Authenticate: Bearer realm=\"shop\", error=\"invalid_token\"\r\n"), "Bearer realm=\"shop\", error=\"invalid_token\"" },
  { "realm of credentials", RT_FORWARD, GET ("/", "Authorization: Digest realm=\"the-shop\", response=\"00aa11bb\"\r\n"), "realm=\"the-shop\"" },
  { "name of a cookie", RT_FORWARD, GET ("/", "Cookie: my_session_cookie=1\r\n"), "my_session_cookie=" },
  { "attributes of a cookie", RT_BACKWARD, ANSWER ("Set-Cookie: a=b; Max-Age=3600; SameSite=Lax\r\n"), "; Max-Age=3600; SameSite=Lax" },
  { "scheme", RT_FORWARD, GET ("/", "Authorization: Bearer 9f8a7b6c5d4e3f2a\r\n"), "Bearer " },
  { "error code", RT_BACKWARD, OK ("application/json", "13", "{\"code\": 404}"), "\"code\": 404" },
  { "type of token", RT_BACKWARD, OK ("application/json", "23", "{\"token_type\":\"bearer\"}"), "\"token_type\":\"bearer\"" },
  { "prose", RT_BACKWARD, OK ("text/plain", "25", "The token: a small thing."), "The token: a small thing." },
  { "claims that name nobody", RT_BACKWARD, ANSWER ("X-Id: " JWT_HEAD "." JWT_PLAIN ".c2lnbmF0dXJl\r\n"), JWT_HEAD "." JWT_PLAIN "." },
  { "plain query", RT_FORWARD, GET ("/?page=2&sort=price&lang=en", ""), "/?page=2&sort=price&lang=en" },
  { "package with a version", RT_BACKWARD, OK ("text/plain", "16", "lodash@4.17.21 x"), "lodash@4.17.21" },
};
/* clang-format on */

static void
send_exchange (Builder *b, const Row *row)
{
  if (row->way == RT_BACKWARD)
    build_send (b, RT_FORWARD, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  build_send (b, row->way, row->message);
}

static RtRedaction *
redact (Builder *b)
{
  RtRedaction *redaction;

  rt_log_flush (b->log);
  redaction = rt_redaction_new (rt_log_get_reader (b->log), key, NULL, NULL);
  assert_non_null (redaction);
  return redaction;
}

/* All bytes and details that can be read. */
static GByteArray *
read_all (RtReader *reader)
{
  GByteArray *out = g_byte_array_new ();
  guint64 length = rt_reader_get_length (reader);

  for (guint64 event = 0; event < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, event, NULL);

      assert_non_null (page);
      g_byte_array_append (out, g_bytes_get_data (page->arena, NULL),
                           (guint)g_bytes_get_size (page->arena));
      for (guint i = 0; i < page->n_chunks; i++)
        g_byte_array_append (out, g_bytes_get_data (page->chunks[i].bytes, NULL),
                             page->chunks[i].span.length);
      event = page->first + page->n;
    }
  return out;
}

static gboolean
holds (const GByteArray *all, const char *text)
{
  return memmem (all->data, all->len, text, strlen (text)) != NULL;
}

static void
secret_is_gone (void **state)
{
  const Row *row = *state;
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GByteArray) before = NULL, after = NULL;

  send_exchange (&b, row);
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  before = read_all (rt_log_get_reader (b.log));
  after = read_all (reader);
  assert_true (holds (before, row->secret));
  assert_false (holds (after, row->secret));
  assert_int_equal (before->len, after->len);
  assert_true (rt_redaction_get_list (redaction)->len > 0);
  rt_log_free (b.log);
}

static void
open_text_stays (void **state)
{
  const Row *row = *state;
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GByteArray) after = NULL;

  send_exchange (&b, row);
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  after = read_all (reader);
  assert_true (holds (after, row->secret));
  rt_log_free (b.log);
}

/* Found by its name once, a secret is known everywhere. */
static void
other_forms_go_too (void **state)
{
  static const char *const messages[] = {
    GET ("/?note=s3cr%2Ft%2Bs3cr", ""),         /* percent-encoded */
    GET ("/echo/s3cr/t+s3cr/plain", ""),        /* as it is */
    GET ("/?b=czNjci90K3MzY3I", ""),            /* base64 */
    GET ("/", "X-Trace: user=s3cr/t+s3cr ok\r\n"),
  };
  static const char *const secrets[]
      = { "s3cr/t+s3cr", "s3cr%2Ft%2Bs3cr", "czNjci90K3Mz", "hunter22" };
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GByteArray) before = NULL, after = NULL;

  build_send (&b, RT_FORWARD, GET ("/", "X-Api-Key: s3cr/t+s3cr\r\n"));
  build_send (&b, RT_FORWARD, GET ("/", "Authorization: Basic YW5uOmh1bnRlcjIy\r\n"));
  build_send (&b, RT_FORWARD, GET ("/log/hunter22", ""));
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    build_send (&b, RT_FORWARD, messages[i]);
  build_event (&b, RT_EVENT_STATE, b.server, RT_SPAN_NONE,
               g_variant_new ("(ssmv)", "session", "s3cr/t+s3cr", NULL));
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  before = read_all (rt_log_get_reader (b.log));
  after = read_all (reader);
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    {
      assert_true (holds (before, secrets[i]));
      assert_false (holds (after, secrets[i]));
    }
  rt_log_free (b.log);
}

static void
equal_stays_equal (void **state)
{
  g_autofree char *a = rt_pseudonym_dup (key, rt_text ("31d4d96e407aad42"));
  g_autofree char *b = rt_pseudonym_dup (key, rt_text ("31d4d96e407aad42"));
  g_autofree char *c = rt_pseudonym_dup (key, rt_text ("31d4d96e407aad43"));
  g_autofree char *shape = rt_pseudonym_dup (key, rt_text ("Ab-1 \xc3\xa4"));

  assert_string_equal (a, b);
  assert_string_not_equal (a, c);
  assert_string_not_equal (a, "31d4d96e407aad42");
  assert_true (g_ascii_isupper (shape[0]) && g_ascii_islower (shape[1]) && shape[2] == '-');
  assert_true (g_utf8_validate (shape, -1, NULL));
}

/* The same exchanges come out, with their framing. */
static void
messages_stay_whole (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (RtAnalysis) after = rt_analysis_new ();

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].way == RT_BACKWARD && strstr (rows[i].message, "chunked") != NULL)
      send_exchange (&b, &rows[i]);
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  assert_true (rt_analysis_feed_reader (after, reader, G_MAXUINT64, NULL));
  assert_int_equal (rt_analysis_get_exchanges (after)->len, 3);
  for (guint i = 0; i < 3; i++)
    {
      const RtExchange *exchange = rt_analysis_get_exchanges (after)->pdata[i];

      assert_true (exchange->response->complete);
      assert_int_equal (exchange->response->findings->len, 0);
    }
  rt_log_free (b.log);
}

/* A gzip body is redacted and stays as long as it was. */
static void
compressed_content_is_opened (void **state)
{
  static const char body[] = "{\"user\": \"ann\", \"access_token\": \"gz-0123-4567-89ab\", \"n\": 1, "
                             "\"text\": \"to be or not to be, that is the question\"}";
  Builder b = build_log ();
  g_autoptr (GBytes) plain = g_bytes_new_static (body, strlen (body));
  g_autoptr (GBytes) coded = rt_gzip (plain);
  g_autofree char *head = g_strdup_printf (
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
      g_bytes_get_size (coded));
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (RtAnalysis) after = rt_analysis_new ();
  g_autoptr (RtContent) content = NULL;
  const RtExchange *exchange;
  RtSpan span;
  RtText text;

  build_send (&b, RT_FORWARD, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  build_send (&b, RT_BACKWARD, head);
  span = rt_log_write (b.log, b.buffers[RT_BACKWARD], coded);
  build_event (&b, RT_EVENT_SENT, b.server, span, NULL);
  build_event (&b, RT_EVENT_RECEIVED, b.client, span, NULL);
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  assert_true (rt_analysis_feed_reader (after, reader, G_MAXUINT64, NULL));
  exchange = rt_analysis_get_exchange (after, 1);
  assert_true (exchange->response->complete);
  content = rt_content_new (after, exchange->response);
  assert_int_equal (content->state, RT_CONTENT_WHOLE);
  text.at = g_bytes_get_data (content->bytes, &text.length);
  assert_int_equal (text.length, strlen (body));
  assert_true (rt_text_find (text, rt_text ("gz-0123-4567-89ab")) < 0);
  assert_true (rt_text_find (text, rt_text ("that is the question")) > 0);
  rt_log_free (b.log);
}

static void
gzip_fits_any_size (void **state)
{
  g_autoptr (GBytes) plain = g_bytes_new_static ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 30);
  g_autoptr (GBytes) least = NULL;
  gsize size = 0;

  while (least == NULL)
    least = rt_gzip_fit (plain, ++size);
  for (gsize more = 0; more < 40; more++)
    {
      g_autoptr (GBytes) coded = rt_gzip_fit (plain, size + more);
      g_autoptr (RtContent) content = NULL;
      RtFields *fields = rt_fields_new ();

      assert_int_equal (g_bytes_get_size (coded), size + more);
      rt_fields_append (fields, "Content-Encoding", "gzip");
      content = rt_content_decode (fields, coded, RT_SPAN_NONE);
      assert_int_equal (content->state, RT_CONTENT_WHOLE);
      assert_true (g_bytes_equal (content->bytes, plain));
      rt_fields_unref (fields);
    }
}

static void
suspects_are_listed_and_left (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GByteArray) after = NULL;
  const RtRedacted *entry;

  build_send (&b, RT_FORWARD, GET ("/", "X-Trace: Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4f\r\n"));
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  after = read_all (reader);
  assert_true (holds (after, "Ab3dEf6hIj9lMn2pQr5tUv8xYz1bCd4f"));
  assert_int_equal (rt_redaction_get_list (redaction)->len, 1);
  entry = rt_redaction_get_list (redaction)->pdata[0];
  assert_int_equal (entry->kind, RT_SECRET_SUSPECTED);
  assert_false (entry->replaced);
  assert_string_equal (entry->shown, "Ab3dEf");
  rt_log_free (b.log);
}

/* A span may begin and end anywhere. */
static void
parts_are_read_redacted (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GBytes) whole = NULL;
  RtSpan span;

  span = build_send (&b, RT_FORWARD, GET ("/", "X-Api-Key: k3y-77aa88bb\r\nCookie: a=12345678\r\n"));
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  whole = rt_reader_dup_bytes (reader, span, NULL);
  for (guint from = 0; from < span.length; from++)
    for (guint length = 1; from + length <= span.length; length += 7)
      {
        g_autoptr (GBytes) part = rt_reader_dup_bytes (reader, rt_span_sub (span, from, length), NULL);

        assert_memory_equal (g_bytes_get_data (part, NULL),
                             (const char *)g_bytes_get_data (whole, NULL) + from, length);
      }
  rt_log_free (b.log);
}

int
main (void)
{
  static const struct CMUnitTest plain[] = {
    cmocka_unit_test (other_forms_go_too),
    cmocka_unit_test (equal_stays_equal),
    cmocka_unit_test (messages_stay_whole),
    cmocka_unit_test (compressed_content_is_opened),
    cmocka_unit_test (gzip_fits_any_size),
    cmocka_unit_test (suspects_are_listed_and_left),
    cmocka_unit_test (parts_are_read_redacted),
  };
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));

  g_array_append_vals (tests, plain, G_N_ELEMENTS (plain));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_array_append_val (tests, ((struct CMUnitTest){ rows[i].name, secret_is_gone, NULL, NULL,
                                                     (gpointer)&rows[i] }));
  for (guint i = 0; i < G_N_ELEMENTS (open_rows); i++)
    g_array_append_val (tests, ((struct CMUnitTest){ open_rows[i].name, open_text_stays, NULL, NULL,
                                                     (gpointer)&open_rows[i] }));
  return _cmocka_run_group_tests ("redaction", (const struct CMUnitTest *)tests->data, tests->len,
                                  NULL, NULL);
}
