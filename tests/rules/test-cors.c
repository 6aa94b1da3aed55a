/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cross-origin resource sharing: each row a request as the script made it (message 0), what was
 * sent with its Origin (message 1) and the answer (message 2). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-cors.h"

typedef struct
{
  const char *name;
  const char *request, *sent, *response;
  gboolean credentials;
  const char *want;
  const char *clause;
} Row;

#define SENT "GET /a HTTP/1.1\nOrigin: https://shop.test\n"
#define ASKED "OPTIONS /a HTTP/1.1\nOrigin: https://shop.test\n"
#define OK "HTTP/1.1 200 OK\n"
#define ALLOW "Access-Control-Allow-Origin: https://shop.test\n"

/* clang-format off */
static const Row check_rows[] = {
  { "an answer that allows nobody", "", SENT, OK, FALSE, "hidden", "cors.check.present" },
  { "an answer that allows everybody", "", SENT, OK "Access-Control-Allow-Origin: *\n", FALSE, "shown", "cors.check.star" },
  { "an answer that allows this origin", "", SENT, OK ALLOW, FALSE, "shown", "cors.check.no-credentials" },
  { "an answer that allows another origin", "", SENT, OK "Access-Control-Allow-Origin: https://evil.test\n", FALSE, "hidden", "cors.check.origin" },
  { "an origin is compared byte for byte", "", SENT, OK "Access-Control-Allow-Origin: https://Shop.test\n", FALSE, "hidden", "cors.check.origin" },
  { "a slash behind the origin is too much", "", SENT, OK "Access-Control-Allow-Origin: https://shop.test/\n", FALSE, "hidden", "cors.check.origin" },
  { "two origins in one line", "", SENT, OK "Access-Control-Allow-Origin: https://shop.test, https://b.test\n", FALSE, "hidden", "cors.check.origin" },
  { "two lines that each allow", "", SENT, OK ALLOW ALLOW, FALSE, "hidden", "cors.check.single" },
  { "everybody, with credentials", "", SENT, OK "Access-Control-Allow-Origin: *\nAccess-Control-Allow-Credentials: true\n", TRUE, "hidden", "cors.check.origin" },
  { "this origin, with credentials that are allowed", "", SENT, OK ALLOW "Access-Control-Allow-Credentials: true\n", TRUE, "shown", "cors.check.credentials" },
  { "this origin, with credentials that are not allowed", "", SENT, OK ALLOW, TRUE, "hidden", "cors.check.credentials" },
  { "True is not true", "", SENT, OK ALLOW "Access-Control-Allow-Credentials: True\n", TRUE, "hidden", "cors.check.credentials" },
  { "an opaque origin that is allowed by name", "", "GET /a HTTP/1.1\nOrigin: null\n", OK "Access-Control-Allow-Origin: null\n", FALSE, "shown", "cors.check.no-credentials" },
  { "an error answer can be shown, too", "", SENT, "HTTP/1.1 500 Oops\n" ALLOW, FALSE, "shown", "cors.check.no-credentials" },
};

static const Row needed_rows[] = {
  { "a plain GET", "GET /a HTTP/1.1\n", "", "", FALSE, "not-needed", "cors.preflight-needed.upload" },
  { "a POST as forms send it", "POST /a HTTP/1.1\nContent-Type: text/plain;charset=utf-8\n", "", "", FALSE, "not-needed", "cors.preflight-needed.upload" },
  { "a POST of JSON", "POST /a HTTP/1.1\nContent-Type: application/json\n", "", "", FALSE, "needed", "cors.preflight-needed.fields" },
  { "a PUT", "PUT /a HTTP/1.1\n", "", "", FALSE, "needed", "cors.preflight-needed.method" },
  { "a method in lower case that is not PUT", "patch /a HTTP/1.1\n", "", "", FALSE, "needed", "cors.preflight-needed.method" },
  { "a token in Authorization", "GET /a HTTP/1.1\nAuthorization: Bearer x\n", "", "", FALSE, "needed", "cors.preflight-needed.fields" },
  { "a field of one's own", "GET /a HTTP/1.1\nX-A: 1\n", "", "", FALSE, "needed", "cors.preflight-needed.fields" },
  { "an Accept with a colon", "GET /a HTTP/1.1\nAccept: a:b\n", "", "", FALSE, "needed", "cors.preflight-needed.fields" },
  { "a range with a start", "GET /a HTTP/1.1\nRange: bytes=5-\n", "", "", FALSE, "not-needed", "cors.preflight-needed.upload" },
  { "a range of the last bytes", "GET /a HTTP/1.1\nRange: bytes=-5\n", "", "", FALSE, "needed", "cors.preflight-needed.fields" },
  { "a Content-Type that only begins like a form's", "POST /a HTTP/1.1\nContent-Type: text/plainest\n", "", "", FALSE, "needed", "cors.preflight-needed.fields" },
};

static const Row preflight_rows[] = {
  { "a PUT that is listed", "PUT /a HTTP/1.1\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: PUT, DELETE\n", FALSE, "allowed", "cors.preflight.fields" },
  { "a PUT that is not listed", "PUT /a HTTP/1.1\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: DELETE\n", FALSE, "refused", "cors.preflight.method" },
  { "a method is listed with its case", "PUT /a HTTP/1.1\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: put\n", FALSE, "refused", "cors.preflight.method" },
  { "a POST needs no listing", "POST /a HTTP/1.1\nX-A: 1\n", ASKED, OK ALLOW "Access-Control-Allow-Headers: x-a\n", FALSE, "allowed", "cors.preflight.fields" },
  { "a field that is not listed", "POST /a HTTP/1.1\nX-A: 1\n", ASKED, OK ALLOW "Access-Control-Allow-Headers: x-b\n", FALSE, "refused", "cors.preflight.fields" },
  { "one of two fields is not listed", "POST /a HTTP/1.1\nX-A: 1\nX-B: 2\n", ASKED, OK ALLOW "Access-Control-Allow-Headers: x-a\n", FALSE, "refused", "cors.preflight.fields" },
  { "a star covers methods and fields", "PUT /a HTTP/1.1\nX-A: 1\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: *\nAccess-Control-Allow-Headers: *\n", FALSE, "allowed", "cors.preflight.fields" },
  { "a star covers nothing with credentials", "PUT /a HTTP/1.1\n", ASKED, OK ALLOW "Access-Control-Allow-Credentials: true\nAccess-Control-Allow-Methods: *\n", TRUE, "refused", "cors.preflight.method" },
  { "a star never covers Authorization", "PUT /a HTTP/1.1\nAuthorization: x\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: *\nAccess-Control-Allow-Headers: *\n", FALSE, "refused", "cors.preflight.authorization" },
  { "Authorization listed by name", "PUT /a HTTP/1.1\nAuthorization: x\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: *\nAccess-Control-Allow-Headers: *, authorization\n", FALSE, "allowed", "cors.preflight.fields" },
  { "a redirect answers no preflight", "PUT /a HTTP/1.1\n", ASKED, "HTTP/1.1 301 Moved\n" ALLOW "Access-Control-Allow-Methods: PUT\n", FALSE, "refused", "cors.preflight.status" },
  { "a 401 answers no preflight", "PUT /a HTTP/1.1\n", ASKED, "HTTP/1.1 401 No\n" ALLOW "Access-Control-Allow-Methods: PUT\n", FALSE, "refused", "cors.preflight.status" },
  { "a 204 answers a preflight", "PUT /a HTTP/1.1\n", ASKED, "HTTP/1.1 204 No Content\n" ALLOW "Access-Control-Allow-Methods: PUT\n", FALSE, "allowed", "cors.preflight.fields" },
  { "a list of methods that is none", "PUT /a HTTP/1.1\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: PUT DELETE\n", FALSE, "refused", "cors.preflight.methods-valid" },
  { "a list of fields that is none", "PUT /a HTTP/1.1\n", ASKED, OK ALLOW "Access-Control-Allow-Methods: PUT\nAccess-Control-Allow-Headers: a b\n", FALSE, "refused", "cors.preflight.fields-valid" },
  { "a preflight that allows another origin", "PUT /a HTTP/1.1\n", ASKED, OK "Access-Control-Allow-Origin: https://b.test\nAccess-Control-Allow-Methods: PUT\n", FALSE, "refused", "cors.check.origin" },
};

/* The field asked about is the response's first. */
static const Row expose_rows[] = {
  { "Content-Type may always be read", "", "", OK "Content-Type: a/b\n", FALSE, "readable", "cors.expose.safelisted" },
  { "ETag may not unless exposed", "", "", OK "ETag: \"1\"\n", FALSE, "unreadable", "cors.expose.listed" },
  { "ETag that is exposed", "", "", OK "etag: \"1\"\n" "Access-Control-Expose-Headers: X-A, ETag\n", FALSE, "readable", "cors.expose.listed" },
  { "a star exposes", "", "", OK "ETag: \"1\"\n" "Access-Control-Expose-Headers: *\n", FALSE, "readable", "cors.expose.listed" },
  { "a star exposes nothing with credentials", "", "", OK "ETag: \"1\"\n" "Access-Control-Expose-Headers: *\n", TRUE, "unreadable", "cors.expose.listed" },
  { "Set-Cookie is never shown", "", "", OK "Set-Cookie: a=b\n" "Access-Control-Expose-Headers: Set-Cookie\n", FALSE, "unreadable", "cors.expose.set-cookie" },
};

static const Row vary_rows[] = {
  { "vary: an answer that allows nobody", "", "", OK "A: b\n", FALSE, "fine", "cors.vary.present" },
  { "vary: an answer that allows everybody", "", "", OK "Access-Control-Allow-Origin: *\n", FALSE, "fine", "cors.vary.star" },
  { "vary: an origin that is echoed", "", "", OK ALLOW, FALSE, "advised", "cors.vary.listed" },
  { "vary: an origin that is echoed, and said so", "", "", OK ALLOW "Vary: Accept, origin\n", FALSE, "fine", "cors.vary.listed" },
  { "vary: on something else", "", "", OK ALLOW "Vary: Accept\n", FALSE, "advised", "cors.vary.listed" },
  { "vary: on everything", "", "", OK ALLOW "Vary: *\n", FALSE, "fine", "cors.vary.listed" },
};
/* clang-format on */

static const char *const alternatives[] = {
  "https://shop.test", "https://b.test", "Origin", "true", "PUT", "text/plain", "X-Z", "POST", NULL
};

static char *
run_check (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  gboolean shown = rt_cors_check_decide (messages[1], messages[2], row->credentials, why);

  return g_strdup (shown ? "shown" : "hidden");
}

static char *
run_needed (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  gboolean needed = rt_cors_preflight_needed_decide (messages[0], &(RtPreflightNeed){ 0 }, why);

  return g_strdup (needed ? "needed" : "not-needed");
}

static char *
run_preflight (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  gboolean allowed
      = rt_cors_preflight_decide (messages[0], messages[1], messages[2], row->credentials, why);

  return g_strdup (allowed ? "allowed" : "refused");
}

static char *
run_expose (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  const RtField *field = rt_fields_get_length (messages[2]->fields) > 0
                             ? rt_fields_get (messages[2]->fields, 0)
                             : NULL;
  gboolean readable
      = field != NULL && rt_cors_expose_decide (field, messages[2], row->credentials, why);

  return g_strdup (readable ? "readable" : "unreadable");
}

static char *
run_vary (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  return g_strdup (rt_cors_vary_decide (messages[2], why) ? "advised" : "fine");
}

static void
check_row (const Row *row, HonestyRun run)
{
  HonestyCase c = { row->name, { row->request, row->sent, row->response }, run, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

static void
test_check (void **state)
{
  check_row (*state, run_check);
}

static void
test_needed (void **state)
{
  check_row (*state, run_needed);
}

static void
test_preflight (void **state)
{
  check_row (*state, run_preflight);
}

static void
test_expose (void **state)
{
  check_row (*state, run_expose);
}

static void
test_vary (void **state)
{
  check_row (*state, run_vary);
}

static void
test_need_beyond_bytes (void **state)
{
  g_autoptr (RtMessage) get = honesty_message_new ("PUT /a HTTP/1.1\nX-A: 1\n", 1);
  g_autoptr (RtMessage) post = honesty_message_new ("POST /a HTTP/1.1\n", 1);

  assert_false (
      rt_cors_preflight_needed_decide (get, &(RtPreflightNeed){ .same_origin = TRUE }, NULL));
  assert_true (
      rt_cors_preflight_needed_decide (post, &(RtPreflightNeed){ .upload_observed = TRUE }, NULL));
  assert_true (
      rt_cors_preflight_needed_decide (post, &(RtPreflightNeed){ .streamed = TRUE }, NULL));
}

/* Nine values of 128 bytes are safe one by one and too long together. */
static void
test_too_long_together (void **state)
{
  g_autoptr (GString) text = g_string_new ("GET /a HTTP/1.1\n");
  g_autoptr (RtMessage) message = NULL;
  g_autoptr (GPtrArray) names = NULL;

  for (int i = 0; i < 9; i++)
    {
      g_string_append (text, "Accept: ");
      for (int j = 0; j < 128; j++)
        g_string_append_c (text, 'a');
      g_string_append_c (text, '\n');
    }
  message = honesty_message_new (text->str, 1);
  assert_true (rt_cors_preflight_needed_decide (message, &(RtPreflightNeed){ 0 }, NULL));
  names = rt_cors_dup_unsafe_names (message->fields);
  assert_int_equal (names->len, 1);
  assert_string_equal (names->pdata[0], "accept");
}

static void
test_unsafe_names_are_sorted (void **state)
{
  g_autoptr (RtMessage) message
      = honesty_message_new ("PUT /a HTTP/1.1\nX-B: 1\nAccept: */*\nAuthorization: x\nx-b: 2\n", 1);
  g_autoptr (GPtrArray) names = rt_cors_dup_unsafe_names (message->fields);

  assert_int_equal (names->len, 2);
  assert_string_equal (names->pdata[0], "authorization");
  assert_string_equal (names->pdata[1], "x-b");
}

typedef struct
{
  const char *name;
  const char *request;
  RtTime later;
  RtPreflightKey key;
  const char *want, *clause;
} CacheRow;

#define PAGE "https://shop.test"
#define THERE "https://api.test/a"
#define SAME_KEY                                                                                   \
  {                                                                                                \
    PAGE, THERE, FALSE                                                                             \
  }

/* clang-format off */
/* Allowed by PAGE to THERE for two hours, as Chromium has it: PUT, and all fields. */
static const CacheRow cache_rows[] = {
  { "what was allowed is allowed again", "PUT /a HTTP/1.1\nX-A: 1\n", 0, SAME_KEY, "approved", "cors.preflight-cache.fields-fresh" },
  { "… until just before the two hours are over", "PUT /a HTTP/1.1\nX-A: 1\n", 2 * RT_TIME_HOUR - 1, SAME_KEY, "approved", "cors.preflight-cache.fields-fresh" },
  { "… and no longer", "PUT /a HTTP/1.1\n", 2 * RT_TIME_HOUR, SAME_KEY, "ask", "cors.preflight-cache.method-fresh" },
  { "a field's approval expires as well", "POST /a HTTP/1.1\nX-A: 1\n", 2 * RT_TIME_HOUR, SAME_KEY, "ask", "cors.preflight-cache.fields-fresh" },
  { "a method alone", "PUT /a HTTP/1.1\n", 0, SAME_KEY, "approved", "cors.preflight-cache.fields" },
  { "another method", "DELETE /a HTTP/1.1\n", 0, SAME_KEY, "ask", "cors.preflight-cache.method" },
  { "a method that needs no permission", "POST /a HTTP/1.1\n", 0, SAME_KEY, "approved", "cors.preflight-cache.fields" },
  { "a star keeps nothing for Authorization", "PUT /a HTTP/1.1\nAuthorization: 1\n", 0, SAME_KEY, "ask", "cors.preflight-cache.fields" },
  { "with credentials", "PUT /a HTTP/1.1\n", 0, { PAGE, THERE, TRUE }, "ask", "cors.preflight-cache.method" },
  { "from another page", "PUT /a HTTP/1.1\n", 0, { "https://b.test", THERE, FALSE }, "ask", "cors.preflight-cache.method" },
  { "to another URL", "PUT /a HTTP/1.1\n", 0, { PAGE, "https://api.test/b", FALSE }, "ask", "cors.preflight-cache.method" },
};
/* clang-format on */

static RtPreflightCache *
new_cache (void)
{
  RtPreflightCache *cache = rt_preflight_cache_new (RT_PREFLIGHT_AGE_CHROMIUM);
  g_autoptr (RtMessage) request = honesty_message_new ("PUT /a HTTP/1.1\nX-A: 1\n", 1);
  g_autoptr (RtMessage) response
      = honesty_message_new (OK ALLOW "Access-Control-Allow-Methods: PUT\n"
                                      "Access-Control-Allow-Headers: *\n"
                                      "Access-Control-Max-Age: 86400\n",
                             2);
  RtPreflightKey key = SAME_KEY;

  assert_true (rt_preflight_cache_add (cache, &key, request, response, RT_TIME_DAY)
               == RT_PREFLIGHT_AGE_CHROMIUM);
  return cache;
}

static char *
run_cache (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const CacheRow *row = data;
  g_autoptr (RtPreflightCache) cache = new_cache ();

  return g_strdup (
      rt_preflight_cache_decide (cache, &row->key, messages[0], RT_TIME_DAY + row->later, why)
          ? "approved"
          : "ask");
}

static void
test_cache (void **state)
{
  const CacheRow *row = *state;
  HonestyCase c = { row->name, { row->request }, run_cache, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

static void
test_cache_forgets (void **state)
{
  g_autoptr (RtPreflightCache) cache = new_cache ();
  g_autoptr (RtMessage) request = honesty_message_new ("PUT /a HTTP/1.1\n", 1);
  RtPreflightKey key = SAME_KEY;

  assert_true (rt_preflight_cache_decide (cache, &key, request, RT_TIME_DAY, NULL));
  rt_preflight_cache_forget (cache, &key);
  assert_false (rt_preflight_cache_decide (cache, &key, request, RT_TIME_DAY, NULL));
}

static void
test_cache_age (void **state)
{
  static const struct
  {
    const char *field;
    RtTime want;
  } rows[] = {
    { "X: y\n", RT_PREFLIGHT_AGE_DEFAULT },
    { "Access-Control-Max-Age: 60\n", RT_TIME_MINUTE },
    { "Access-Control-Max-Age: 0\n", 0 },
    { "Access-Control-Max-Age: -1\n", RT_PREFLIGHT_AGE_DEFAULT },
    { "Access-Control-Max-Age: 1.5\n", RT_PREFLIGHT_AGE_DEFAULT },
    { "Access-Control-Max-Age: 60\nAccess-Control-Max-Age: 60\n", RT_PREFLIGHT_AGE_DEFAULT },
    { "Access-Control-Max-Age: 99999999999999999999\n", RT_PREFLIGHT_AGE_DEFAULT },
    { "Access-Control-Max-Age: 9999999999\n", RT_PREFLIGHT_AGE_FIREFOX },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (RtPreflightCache) cache = rt_preflight_cache_new (RT_PREFLIGHT_AGE_FIREFOX);
      g_autofree char *text = g_strconcat (OK, rows[i].field, NULL);
      g_autoptr (RtMessage) response = honesty_message_new (text, 2);
      g_autoptr (RtMessage) request = honesty_message_new ("PUT /a HTTP/1.1\n", 1);
      RtPreflightKey key = { "https://shop.test", "https://api.test/a", FALSE };

      assert_true (rt_preflight_cache_add (cache, &key, request, response, 0) == rows[i].want);
    }
}

static gsize
add_rows (struct CMUnitTest *tests, const Row *rows, gsize n, CMUnitTestFunction test)
{
  for (gsize i = 0; i < n; i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test, NULL, NULL, (void *)&rows[i] };
  return n;
}

int
main (void)
{
  enum
  {
    N_OTHERS = 5,
    N_CACHE = G_N_ELEMENTS (cache_rows),
  };
  struct CMUnitTest
      tests[N_OTHERS + N_CACHE + G_N_ELEMENTS (check_rows) + G_N_ELEMENTS (needed_rows)
            + G_N_ELEMENTS (preflight_rows) + G_N_ELEMENTS (expose_rows) + G_N_ELEMENTS (vary_rows)]
      = {
          cmocka_unit_test (test_need_beyond_bytes),
          cmocka_unit_test (test_too_long_together),
          cmocka_unit_test (test_unsafe_names_are_sorted),
          cmocka_unit_test (test_cache_forgets),
          cmocka_unit_test (test_cache_age),
        };
  gsize n = N_OTHERS;

  n += add_rows (tests + n, check_rows, G_N_ELEMENTS (check_rows), test_check);
  n += add_rows (tests + n, needed_rows, G_N_ELEMENTS (needed_rows), test_needed);
  n += add_rows (tests + n, preflight_rows, G_N_ELEMENTS (preflight_rows), test_preflight);
  n += add_rows (tests + n, expose_rows, G_N_ELEMENTS (expose_rows), test_expose);
  n += add_rows (tests + n, vary_rows, G_N_ELEMENTS (vary_rows), test_vary);
  for (gsize i = 0; i < N_CACHE; i++)
    tests[n++]
        = (struct CMUnitTest){ cache_rows[i].name, test_cache, NULL, NULL, (void *)&cache_rows[i] };
  return _cmocka_run_group_tests ("cors", tests, n, NULL, NULL);
}
