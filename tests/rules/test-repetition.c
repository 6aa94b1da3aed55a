/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Repeated requests, from both ends: when a client may repeat, and how a server tells that it did.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-idempotency.h"
#include "rt-retry.h"

#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC) /* 1994-11-06T08:49:37Z */

typedef struct
{
  const char *name;
  const char *request;
  gboolean required, known;
  RtIdempotencyRecord record;
  RtIdempotency want;
  const char *clause;
} KeyRow;

#define PAY "POST /pay HTTP/1.1\n"
#define KEY "Idempotency-Key: \"a1\"\n"
#define KEPT                                                                                       \
  .known = TRUE, .record.reserved = NOW - RT_TIME_SEC, .record.expires = NOW + RT_TIME_SEC

/* clang-format off */
static const KeyRow key_rows[] = {
  { "a PUT can be repeated without a key", "PUT /a HTTP/1.1\n" KEY, .want = RT_IDEMPOTENCY_UNKEYED, .clause = "idempotency.method" },
  { "a POST without a key, where none is required", PAY, .want = RT_IDEMPOTENCY_UNKEYED, .clause = "idempotency.required" },
  { "a POST without the required key", PAY, .required = TRUE, .want = RT_IDEMPOTENCY_MISSING, .clause = "idempotency.required" },
  { "a key that is new", PAY KEY, .want = RT_IDEMPOTENCY_BEGIN, .clause = "idempotency.unused" },
  { "a key without quotes is none", PAY "Idempotency-Key: a1\n", .want = RT_IDEMPOTENCY_MALFORMED, .clause = "idempotency.valid" },
  { "an empty key is none", PAY "Idempotency-Key: \"\"\n", .want = RT_IDEMPOTENCY_MALFORMED, .clause = "idempotency.valid" },
  { "two keys are none", PAY KEY KEY, .want = RT_IDEMPOTENCY_MALFORMED, .clause = "idempotency.valid" },
  { "a key whose work is under way", PAY KEY, KEPT, .record.same_payload = TRUE, .want = RT_IDEMPOTENCY_IN_FLIGHT, .clause = "idempotency.done" },
  { "a key whose work is done", PAY KEY, KEPT, .record.same_payload = TRUE, .record.done = TRUE, .want = RT_IDEMPOTENCY_REPLAY, .clause = "idempotency.done" },
  { "a key that was used for something else", PAY KEY, KEPT, .record.done = TRUE, .want = RT_IDEMPOTENCY_MISMATCH, .clause = "idempotency.payload" },
  { "a key that has expired", PAY KEY, .known = TRUE, .record.expires = NOW, .record.done = TRUE, .want = RT_IDEMPOTENCY_BEGIN, .clause = "idempotency.expired" },
};
/* clang-format on */

static char *
run_key (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const KeyRow *row = data;

  return g_strdup (rt_idempotency_name (rt_idempotency_decide (
      messages[0], row->required, row->known ? &row->record : NULL, NOW, why)));
}

static void
test_key (void **state)
{
  static const char *const alternatives[] = { "\"a1\"", "a1", "PUT", "POST", NULL };
  const KeyRow *row = *state;
  HonestyCase c = { row->name, { row->request }, run_key, row, alternatives };

  honesty_check_answer (&c, rt_idempotency_name (row->want), row->clause);
}

static void
test_key_status (void **state)
{
  assert_int_equal (rt_idempotency_status (RT_IDEMPOTENCY_MISSING), 400);
  assert_int_equal (rt_idempotency_status (RT_IDEMPOTENCY_MALFORMED), 400);
  assert_int_equal (rt_idempotency_status (RT_IDEMPOTENCY_IN_FLIGHT), 409);
  assert_int_equal (rt_idempotency_status (RT_IDEMPOTENCY_MISMATCH), 422);
  assert_int_equal (rt_idempotency_status (RT_IDEMPOTENCY_REPLAY), 0);
}

static void
test_key_parameters_do_not_count (void **state)
{
  g_autoptr (RtMessage) request = honesty_message_new (PAY "Idempotency-Key: \"a\\\"1\";v=2\n", 1);
  g_autofree char *key = NULL;

  assert_true (rt_idempotency_key_parse (request, &key));
  assert_string_equal (key, "a\"1");
}

typedef struct
{
  const char *name;
  const char *request, *response;
  RtRetryContext context;
  const char *want; /* verdict and seconds to wait */
  const char *clause;
} RetryRow;

#define FIRST .attempts = 1, .max_attempts = 3, .replayable = TRUE

/* clang-format off */
static const RetryRow retry_rows[] = {
  { "a GET that got no answer", "GET /a HTTP/1.1\n", NULL, { FIRST, .sent = 40 }, "retry 0", "retry.idempotent" },
  { "a DELETE that got no answer", "DELETE /a HTTP/1.1\n", NULL, { FIRST, .sent = 40 }, "retry 0", "retry.idempotent" },
  { "a POST that got no answer", "POST /a HTTP/1.1\n", NULL, { FIRST, .sent = 40 }, "give-up 0", "retry.key" },
  { "a POST of which nothing was sent", "POST /a HTTP/1.1\n", NULL, { FIRST }, "retry 0", "retry.never-sent" },
  { "a POST with an idempotency key", "POST /a HTTP/1.1\n" KEY, NULL, { FIRST, .sent = 40 }, "retry 0", "retry.key" },
  { "a PATCH that got no answer", "PATCH /a HTTP/1.1\n", NULL, { FIRST, .sent = 40 }, "give-up 0", "retry.key" },
  { "a proxy never repeats a POST", "POST /a HTTP/1.1\n" KEY, NULL, { FIRST, .sent = 40, .proxy = TRUE }, "give-up 0", "retry.proxy" },
  { "a proxy repeats a PUT", "PUT /a HTTP/1.1\n", NULL, { FIRST, .sent = 40, .proxy = TRUE }, "retry 0", "retry.idempotent" },
  { "enough is enough", "GET /a HTTP/1.1\n", NULL, { .attempts = 3, .max_attempts = 3, .replayable = TRUE }, "give-up 0", "retry.attempts" },
  { "content that is gone cannot be repeated", "PUT /a HTTP/1.1\n", NULL, { .attempts = 1, .max_attempts = 3 }, "give-up 0", "retry.content" },
  { "a 503 that names its patience", "POST /a HTTP/1.1\n", "HTTP/1.1 503 Busy\nRetry-After: 120\n", { FIRST, .sent = 40 }, "retry 120", "retry.after" },
  { "a 429 with a date", "POST /a HTTP/1.1\n", "HTTP/1.1 429 Slow\nRetry-After: Sun, 06 Nov 1994 08:50:37 GMT\n", { FIRST, .sent = 40 }, "retry 60", "retry.after" },
  { "a date that is past", "POST /a HTTP/1.1\n", "HTTP/1.1 503 Busy\nRetry-After: Sun, 06 Nov 1994 08:00:00 GMT\n", { FIRST, .sent = 40 }, "retry 0", "retry.after" },
  { "a 503 without a hint", "GET /a HTTP/1.1\n", "HTTP/1.1 503 Busy\n", { FIRST, .sent = 40 }, "retry 0", "retry.after" },
  { "a 503 that asks for two days", "GET /a HTTP/1.1\n", "HTTP/1.1 503 Busy\nRetry-After: 172800\n", { FIRST, .sent = 40 }, "give-up 0", "retry.after" },
  { "a 408 is sent again", "POST /a HTTP/1.1\n", "HTTP/1.1 408 Slow\n", { FIRST, .sent = 40 }, "retry 0", "retry.after" },
  { "a 425 is sent again", "POST /a HTTP/1.1\n", "HTTP/1.1 425 Early\n", { FIRST, .sent = 40 }, "retry 0", "retry.after" },
  { "a 500 is an answer", "GET /a HTTP/1.1\n", "HTTP/1.1 500 Oops\nRetry-After: 1\n", { FIRST, .sent = 40 }, "give-up 0", "retry.status" },
  { "a GET that a gateway got no answer to", "GET /a HTTP/1.1\n", "HTTP/1.1 504 Late\n", { FIRST, .sent = 40 }, "retry 0", "retry.idempotent" },
  { "a POST that a gateway got no answer to may have been carried out", "POST /a HTTP/1.1\n", "HTTP/1.1 502 Bad\n", { FIRST, .sent = 40 }, "give-up 0", "retry.key" },
  { "… unless it has an idempotency key", "POST /a HTTP/1.1\n" KEY, "HTTP/1.1 504 Late\n", { FIRST, .sent = 40 }, "retry 0", "retry.key" },
  { "a 404 is an answer", "GET /a HTTP/1.1\n", "HTTP/1.1 404 No\n", { FIRST, .sent = 40 }, "give-up 0", "retry.status" },
};
/* clang-format on */

static char *
run_retry (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const RetryRow *row = data;
  RtRetryContext context = row->context;
  RtTime delay;
  gboolean retry;

  context.response = row->response != NULL ? messages[1] : NULL;
  retry = rt_retry_decide (messages[0], &context, NOW, &delay, why);
  return g_strdup_printf ("%s %d", retry ? "retry" : "give-up", (int)(delay / RT_TIME_SEC));
}

static void
test_retry (void **state)
{
  static const char *const alternatives[] = { "GET", "POST", "503", "200", "120", "172800", NULL };
  const RetryRow *row = *state;
  HonestyCase c = { row->name, { row->request, row->response }, run_retry, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (key_rows) + G_N_ELEMENTS (retry_rows) + 2] = {
    cmocka_unit_test (test_key_status),
    cmocka_unit_test (test_key_parameters_do_not_count),
  };
  gsize n = 2;

  for (gsize i = 0; i < G_N_ELEMENTS (key_rows); i++)
    tests[n++]
        = (struct CMUnitTest){ key_rows[i].name, test_key, NULL, NULL, (void *)&key_rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (retry_rows); i++)
    tests[n++]
        = (struct CMUnitTest){ retry_rows[i].name, test_retry, NULL, NULL, (void *)&retry_rows[i] };
  return _cmocka_run_group_tests ("repetition", tests, n, NULL, NULL);
}
