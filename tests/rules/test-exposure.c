/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets that get out, cookies that are not protected, bytes that could have been fewer. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-exposure.h"

typedef struct
{
  const char *name;
  const char *target, *request, *response;
  gboolean secure, loopback;
  const char *secret; /* in the target */
  gint64 lifetime;
  const char *clause; /* that is not met; NULL: all are */
} Row;

/* clang-format off */
static const Row rows[] = {
  { "nothing to hide", "/", "", "", .clause = NULL },
  { "a password on the wire", "/", "Authorization: Basic YTpi\n", "", .clause = "exposure.wire" },
  { "a password within TLS", "/", "Authorization: Basic YTpi\n", "", .secure = TRUE, .clause = NULL },
  { "a password that does not leave the machine", "/", "Authorization: Basic YTpi\n", "", .loopback = TRUE, .clause = NULL },
  { "a key in the URL", "/a?api_key=12345678", "", "", .secure = TRUE, .secret = "12345678", .clause = "exposure.target" },
  { "a cookie for everybody", "/", "", "Set-Cookie: a=b\n", .lifetime = 60, .clause = "exposure.shared" },
  { "a cookie that no cache keeps", "/", "", "Set-Cookie: a=b\n", .clause = NULL },
};
/* clang-format on */

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  RtText target = messages[0]->target;
  gssize at = row->secret != NULL ? rt_text_find (target, rt_text (row->secret)) : -1;
  const RtExposureContext context
      = { row->secure, row->loopback,
          at >= 0 ? rt_text_sub (target, (gsize)at, strlen (row->secret)) : RT_TEXT_NONE,
          row->lifetime };

  return g_strdup_printf ("%u", rt_exposure_decide (messages[0], messages[1], &context, 0, why));
}

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *request = g_strconcat ("GET ", row->target, " HTTP/1.1\n", row->request, NULL);
  g_autofree char *response = g_strconcat ("HTTP/1.1 200 OK\n", row->response, NULL);
  HonestyCase c = { row->name, { request, response }, run, row, NULL };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (&c, why);

  assert_string_equal (rt_decision_get_verdict (why), row->clause != NULL ? "exposed" : "kept");
  honesty_assert_decides (why, row->clause != NULL ? row->clause : "exposure.shared");
  honesty_check (&c);
}

typedef struct
{
  const char *name, *cookie;
  gboolean secure;
  const char *want, *clause;
} CookieRow;

/* clang-format off */
static const CookieRow cookies[] = {
  { "cookie: protected", "sid=1; HttpOnly; Secure", TRUE, "hardened", "cookie.hardened.secure" },
  { "cookie: scripts may read it", "sid=1; Secure", TRUE, "soft", "cookie.hardened.http-only" },
  { "cookie: it goes over http, too", "sid=1; HttpOnly", TRUE, "soft", "cookie.hardened.secure" },
  { "cookie: without TLS Secure is no use", "sid=1; HttpOnly", FALSE, "hardened", "cookie.hardened.secure" },
};
/* clang-format on */

static char *
run_cookie (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const CookieRow *row = data;
  const RtField *field = rt_fields_first (messages[0]->fields, "Set-Cookie");

  return g_strdup (field == NULL                                         ? "gone"
                   : rt_cookie_hardened_decide (field, row->secure, why) ? "hardened"
                                                                         : "soft");
}

static void
test_cookie (void **state)
{
  const CookieRow *row = *state;
  g_autofree char *response
      = g_strconcat ("HTTP/1.1 200 OK\nSet-Cookie: ", row->cookie, "\n", NULL);
  HonestyCase c = { row->name, { response }, run_cookie, row, NULL };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (&c, why);

  assert_string_equal (answer, row->want);
  honesty_assert_decides (why, row->clause);
  honesty_check (&c);
}

typedef struct
{
  const char *name, *accept, *response;
  guint64 length;
  const char *want, *clause;
} CompressionRow;

#define GZIP "Accept-Encoding: gzip, br\n"
#define HTML "200 OK\nContent-Type: text/html; charset=utf-8\n"

/* clang-format off */
static const CompressionRow compressions[] = {
  { "compression: a large page", GZIP, HTML, 100000, "missed", "compression.accepted" },
  { "compression: JSON", GZIP, "200 OK\nContent-Type: application/json\n", 100000, "missed", "compression.accepted" },
  { "compression: a small page", GZIP, HTML, 4095, "fine", "compression.large" },
  { "compression: a picture", GZIP, "200 OK\nContent-Type: image/png\n", 100000, "fine", "compression.text" },
  { "compression: a stream of events", GZIP, "200 OK\nContent-Type: text/event-stream\n", 100000, "fine", "compression.text" },
  { "compression: it is coded", GZIP, HTML "Content-Encoding: gzip\n", 100000, "fine", "compression.plain" },
  { "compression: the client cannot", "", HTML, 100000, "fine", "compression.accepted" },
  { "compression: the client will not", "Accept-Encoding: gzip;q=0\n", HTML, 100000, "fine", "compression.accepted" },
  { "compression: a part", GZIP, "206 Partial Content\nContent-Type: text/html\n", 100000, "fine", "compression.whole" },
};
/* clang-format on */

static char *
run_compression (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const CompressionRow *row = data;

  return g_strdup (rt_compression_decide (messages[0], messages[1], row->length, why) ? "missed"
                                                                                      : "fine");
}

static void
test_compression (void **state)
{
  static const char *const alternatives[] = { "200", "text/html", "gzip", NULL };
  const CompressionRow *row = *state;
  g_autofree char *request = g_strconcat ("GET / HTTP/1.1\n", row->accept, NULL);
  g_autofree char *response = g_strconcat ("HTTP/1.1 ", row->response, NULL);
  HonestyCase c = { row->name, { request, response }, run_compression, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

int
main (void)
{
  enum
  {
    N_ROWS = G_N_ELEMENTS (rows),
    N_COOKIES = G_N_ELEMENTS (cookies),
    N_COMPRESSIONS = G_N_ELEMENTS (compressions),
  };
  struct CMUnitTest tests[N_ROWS + N_COOKIES + N_COMPRESSIONS];
  gsize n = 0;

  for (gsize i = 0; i < N_ROWS; i++)
    tests[n++] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  for (gsize i = 0; i < N_COOKIES; i++)
    tests[n++]
        = (struct CMUnitTest){ cookies[i].name, test_cookie, NULL, NULL, (void *)&cookies[i] };
  for (gsize i = 0; i < N_COMPRESSIONS; i++)
    tests[n++] = (struct CMUnitTest){ compressions[i].name, test_compression, NULL, NULL,
                                      (void *)&compressions[i] };
  return _cmocka_run_group_tests ("exposure", tests, n, NULL, NULL);
}
