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
#include "planted-secrets.h"
#include "rt-content.h"
#include "rt-gzip.h"
#include "rt-random.h"
#include "rt-redaction.h"

#include <string.h>

static const guint8 key[RT_PSEUDONYM_KEY_SIZE] = "a key for tests, of 32 bytes ...";

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
  const Planted *row = *state;
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GByteArray) before = NULL, after = NULL;

  plant (&b, row);
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
  const Planted *row = *state;
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GByteArray) after = NULL;

  plant (&b, row);
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
    GET ("/?note=s3cr%2Ft%2Bs3cr", ""),  /* percent-encoded */
    GET ("/echo/s3cr/t+s3cr/plain", ""), /* as it is */
    GET ("/?b=czNjci90K3MzY3I", ""),     /* base64 */
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

/* What went over a WebSocket stands in details alone. */
static void
details_are_looked_through (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GByteArray) after = NULL;
  GPtrArray *list;

  build_send (&b, RT_FORWARD, GET ("/", ""));
  build_event (
      &b, RT_EVENT_STATE, b.server, RT_SPAN_NONE,
      g_variant_new ("(ssmv)", "websocket", "1",
                     g_variant_new_string ("{\"login\": \"ann\", \"password\": \"ws-9\"}")));
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  after = read_all (reader);
  assert_false (holds (after, "ws-9"));
  assert_true (holds (after, "{\"login\": \"ann\", \"password\": \""));
  list = rt_redaction_get_list (redaction);
  assert_int_equal (list->len, 1);
  assert_int_equal (((RtRedacted *)list->pdata[0])->exchange, 0);
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

  for (guint i = 0; i < G_N_ELEMENTS (planted_secrets); i++)
    if (planted_secrets[i].way == RT_BACKWARD
        && strstr (planted_secrets[i].message, "chunked") != NULL)
      plant (&b, &planted_secrets[i]);
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
check_compressed (const char *body)
{
  Builder b = build_log ();
  g_autoptr (GBytes) plain = g_bytes_new_static (body, strlen (body));
  g_autoptr (GBytes) coded = rt_gzip (plain);
  g_autofree char *head
      = g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
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

#define GZIPPED                                                                                    \
  "{\"user\": \"ann\", \"access_token\": \"gz-0123-4567-89ab\", \"n\": 1, "                        \
  "\"text\": \"to be or not to be, that is the question\"}"

static void
compressed_content_is_opened (void **state)
{
  check_compressed (GZIPPED);
}

/* What is long is not kept in memory meanwhile. */
static void
long_compressed_content_is_opened (void **state)
{
  g_autoptr (GString) body = g_string_new (NULL);
  RtRandom random;

  rt_random_init (&random, 1);
  for (guint i = 0; i < 2000; i++)
    g_string_append_printf (body, "word %u, ", (guint)rt_random_below (&random, 1000000));
  g_string_append (body, GZIPPED);
  check_compressed (body->str);
}

/* A secret that stands in two exchanges is listed with the one that began first, although the other
 * ended first; and its place in the list is that of the exchange. */
static void
list_is_in_the_order_of_exchanges (void **state)
{
  Builder b = build_log ();
  g_autoptr (RtRedaction) redaction = NULL;
  const RtRedacted *entry;

  build_send (&b, RT_FORWARD, GET ("/first", "X-Api-Key: k3y-77aa88bb\r\n"));
  build_connect (&b);
  build_send (&b, RT_FORWARD,
              GET ("/second", "X-Auth-Token: k3y-77aa88bb\r\nCookie: a=12345678\r\n"));
  build_send (&b, RT_BACKWARD, "HTTP/1.1 204 No Content\r\n\r\n");
  redaction = redact (&b);
  assert_int_equal (rt_redaction_get_list (redaction)->len, 2);
  entry = rt_redaction_get_list (redaction)->pdata[0];
  assert_string_equal (entry->name, "X-Api-Key");
  assert_int_equal (entry->exchange, 1);
  assert_int_equal (entry->times, 2);
  assert_true (entry->replaced);
  entry = rt_redaction_get_list (redaction)->pdata[1];
  assert_string_equal (entry->name, "a");
  assert_int_equal (entry->exchange, 2);
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

  span
      = build_send (&b, RT_FORWARD, GET ("/", "X-Api-Key: k3y-77aa88bb\r\nCookie: a=12345678\r\n"));
  redaction = redact (&b);
  reader = rt_redaction_dup_reader (redaction);
  whole = rt_reader_dup_bytes (reader, span, NULL);
  for (guint from = 0; from < span.length; from++)
    for (guint length = 1; from + length <= span.length; length += 7)
      {
        g_autoptr (GBytes) part
            = rt_reader_dup_bytes (reader, rt_span_sub (span, from, length), NULL);

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
    cmocka_unit_test (details_are_looked_through),
    cmocka_unit_test (equal_stays_equal),
    cmocka_unit_test (messages_stay_whole),
    cmocka_unit_test (compressed_content_is_opened),
    cmocka_unit_test (long_compressed_content_is_opened),
    cmocka_unit_test (list_is_in_the_order_of_exchanges),
    cmocka_unit_test (gzip_fits_any_size),
    cmocka_unit_test (suspects_are_listed_and_left),
    cmocka_unit_test (parts_are_read_redacted),
  };
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));

  g_array_append_vals (tests, plain, G_N_ELEMENTS (plain));
  for (guint i = 0; i < G_N_ELEMENTS (planted_secrets); i++)
    g_array_append_val (tests, ((struct CMUnitTest){ planted_secrets[i].name, secret_is_gone, NULL,
                                                     NULL, (gpointer)&planted_secrets[i] }));
  for (guint i = 0; i < G_N_ELEMENTS (open_texts); i++)
    g_array_append_val (tests, ((struct CMUnitTest){ open_texts[i].name, open_text_stays, NULL,
                                                     NULL, (gpointer)&open_texts[i] }));
  return _cmocka_run_group_tests ("redaction", (const struct CMUnitTest *)tests->data, tests->len,
                                  NULL, NULL);
}
