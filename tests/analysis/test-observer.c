/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the observer says of traffic, and what it must not say. A row is traffic and the findings
 * in it, in order. Whatever it says cites bytes that were fed, and says the same however it was
 * fed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "log-builder.h"
#include "rt-observer.h"
#include "rt-transcript.h"

#define TRAFFIC_MAX 20

/* @traffic: requests and responses as they follow each other; `+N` lets N seconds pass, `!` cuts
 * the connection and opens another, `@` opens another one beside it. */
typedef struct
{
  const char *name;
  const char *traffic[TRAFFIC_MAX];
  const char *want; /* `1 cache.missed-304, 2 …` */
} Row;

#define HOST "Host: shop.test\r\n"
#define TLS "X-Forwarded-Proto: https\r\n"
#define ASK(line, fields) line " HTTP/1.1\r\n" HOST fields "\r\n"
#define GET(path, fields) ASK ("GET " path, fields)
#define BODY(method, path, fields)                                                                 \
  ASK (method " " path, fields "Content-Type: application/json\r\nContent-Length: 2\r\n") "{}"
#define SAY(status, fields) "HTTP/1.1 " status "\r\n" fields "Content-Length: 0\r\n\r\n"
#define PAGE(fields, text)                                                                         \
  "HTTP/1.1 200 OK\r\n" fields "Content-Type: text/plain\r\nContent-Length: 5\r\n\r\n" text
#define DATE "Date: Thu, 01 Jan 2026 12:00:00 GMT\r\n"
#define LONG_AGO "Last-Modified: Thu, 01 Jan 2015 12:00:00 GMT\r\n"
#define ORIGIN "Origin: https://page.test\r\n"
#define EVERY_10 "0123456789"
#define EVERY_100                                                                                  \
  EVERY_10 EVERY_10 EVERY_10 EVERY_10 EVERY_10 EVERY_10 EVERY_10 EVERY_10 EVERY_10 EVERY_10
#define EVERY_1000                                                                                 \
  EVERY_100 EVERY_100 EVERY_100 EVERY_100 EVERY_100 EVERY_100 EVERY_100 EVERY_100 EVERY_100        \
      EVERY_100
#define LARGE(fields)                                                                              \
  "HTTP/1.1 200 OK\r\n" fields                                                                     \
  "Content-Type: text/html\r\nContent-Length: 5000\r\n\r\n" EVERY_1000 EVERY_1000 EVERY_1000       \
      EVERY_1000 EVERY_1000

/* clang-format off */
static const Row rows[] = {
  { "nothing is said of what is in order", { GET ("/", ""), PAGE (DATE "ETag: \"1\"\r\nCache-Control: no-cache\r\n", "hello"), "+1", GET ("/", "If-None-Match: \"1\"\r\n"), SAY ("304 Not Modified", "ETag: \"1\"\r\nCache-Control: no-cache\r\n") }, "" },

  { "a fresh response fetched again", { GET ("/", ""), PAGE ("Cache-Control: max-age=60\r\n", "hello"), "+30", GET ("/", ""), PAGE ("Cache-Control: max-age=60\r\n", "hello") }, "2 cache.missed" },
  { "… once it is stale, and other, all is well", { GET ("/", ""), PAGE ("Cache-Control: max-age=60\r\n", "hello"), "+61", GET ("/", ""), PAGE ("Cache-Control: max-age=60\r\n", "world") }, "" },
  { "… by a reload, which insists", { GET ("/", ""), PAGE ("Cache-Control: max-age=60\r\n", "hello"), "+1", GET ("/", "Cache-Control: no-cache\r\n"), PAGE ("Cache-Control: max-age=60\r\n", "hello") }, "" },
  { "… that a cache must not keep", { GET ("/", ""), PAGE ("Cache-Control: max-age=60, no-store\r\n", "hello"), "+1", GET ("/", ""), PAGE ("Cache-Control: max-age=60, no-store\r\n", "world") }, "" },
  { "… after a change to it", { GET ("/", ""), PAGE ("Cache-Control: max-age=60\r\n", "hello"), BODY ("POST", "/", ""), SAY ("204 No Content", ""), GET ("/", ""), PAGE ("Cache-Control: max-age=60\r\n", "world") }, "2 http1.length-forbidden" },
  { "… for another variant", { GET ("/", "Accept-Language: de\r\n"), PAGE ("Cache-Control: max-age=60\r\nVary: Accept-Language\r\n", "hallo"), GET ("/", "Accept-Language: en\r\n"), PAGE ("Cache-Control: max-age=60\r\nVary: Accept-Language\r\n", "hello") }, "" },
  { "guessed to be fresh, and the answer proves it", { GET ("/", ""), PAGE (DATE LONG_AGO, "hello"), "+60", GET ("/", ""), PAGE (DATE LONG_AGO, "hello") }, "2 cache.missed" },
  { "guessed to be fresh, and it was not", { GET ("/", ""), PAGE (DATE LONG_AGO, "hello"), "+60", GET ("/", ""), PAGE (DATE "Last-Modified: Thu, 01 Jan 2026 11:59:00 GMT\r\n", "world") }, "" },
  { "stale, the same, and not asked with its tag", { GET ("/", ""), PAGE ("ETag: \"1\"\r\nCache-Control: no-cache\r\n", "hello"), "+1", GET ("/", ""), PAGE ("ETag: \"1\"\r\nCache-Control: no-cache\r\n", "hello") }, "2 cache.refetched" },
  { "stale, the same, and without a validator", { GET ("/", ""), PAGE ("Cache-Control: no-cache\r\n", "hello"), "+1", GET ("/", ""), PAGE ("Cache-Control: no-cache\r\n", "hello") }, "2 cache.no-validator" },
  { "stale, without a validator, and other", { GET ("/", ""), PAGE ("Cache-Control: no-cache\r\n", "hello"), "+1", GET ("/", ""), PAGE ("Cache-Control: no-cache\r\n", "world") }, "" },
  { "a 200 with the very tag that was asked about", { GET ("/", "If-None-Match: \"1\"\r\n"), PAGE ("ETag: \"1\"\r\n", "hello") }, "1 cache.missed-304" },
  { "a 200 with another tag", { GET ("/", "If-None-Match: \"1\"\r\n"), PAGE ("ETag: \"2\"\r\n", "hello") }, "" },
  { "a 200 not modified since", { GET ("/", "If-Modified-Since: Thu, 01 Jan 2015 12:00:00 GMT\r\n"), PAGE (LONG_AGO, "hello") }, "1 cache.missed-304" },
  { "a 304 that nobody asked for", { GET ("/", ""), SAY ("304 Not Modified", "ETag: \"1\"\r\n") }, "1 cache.unasked-304" },
  { "a 304 that forgets Vary", { GET ("/", ""), PAGE ("ETag: \"1\"\r\nVary: Accept\r\nCache-Control: no-cache\r\n", "hello"), GET ("/", "If-None-Match: \"1\"\r\n"), SAY ("304 Not Modified", "ETag: \"1\"\r\nCache-Control: no-cache\r\n") }, "2 cache.poor-304" },
  { "a language chosen without Vary", { GET ("/", "Accept-Language: de\r\n"), PAGE ("Content-Language: de\r\nCache-Control: no-cache\r\n", "hallo"), GET ("/", "Accept-Language: en\r\n"), PAGE ("Content-Language: en\r\nCache-Control: no-cache\r\n", "hello") }, "2 cache.vary-missing" },

  { "CORS: an answer that says nothing", { GET ("/", ORIGIN), PAGE ("", "hello") }, "1 cors.hidden" },
  { "CORS: an answer for all", { GET ("/", ORIGIN), PAGE ("Access-Control-Allow-Origin: *\r\n", "hello") }, "" },
  { "CORS: for all, but with cookies", { GET ("/", ORIGIN "Cookie: a=b\r\n"), PAGE ("Access-Control-Allow-Origin: *\r\n", "hello") }, "1 cors.hidden" },
  { "CORS: the page's own origin", { GET ("/", "Origin: http://shop.test\r\n"), PAGE ("", "hello") }, "" },
  { "CORS: a form asks nobody", { ASK ("POST /", ORIGIN "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 2\r\n") "{}", PAGE ("", "hello") }, "" },
  { "CORS: a POST of JSON is a script's", { BODY ("POST", "/", ORIGIN), PAGE ("", "hello") }, "1 cors.hidden" },
  { "CORS: a navigation shows what it gets", { GET ("/", ORIGIN "Sec-Fetch-Mode: navigate\r\n"), PAGE ("", "hello") }, "" },
  { "CORS: an answer that a cache would give to others", { GET ("/", ORIGIN), PAGE ("Access-Control-Allow-Origin: https://page.test\r\nCache-Control: max-age=60\r\n", "hello") }, "1 cors.vary" },
  { "CORS: … with Vary", { GET ("/", ORIGIN), PAGE ("Access-Control-Allow-Origin: https://page.test\r\nVary: Origin\r\nCache-Control: max-age=60\r\n", "hello") }, "" },
  { "CORS: a preflight that forgets the method", { ASK ("OPTIONS /", ORIGIN "Access-Control-Request-Method: PUT\r\n"), SAY ("200 OK", "Access-Control-Allow-Origin: *\r\n") }, "1 cors.preflight" },
  { "CORS: a preflight that forgets a field", { ASK ("OPTIONS /", ORIGIN "Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: x-a,x-b\r\n"), SAY ("200 OK", "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: X-A\r\n") }, "1 cors.preflight" },
  { "CORS: a preflight that allows it all", { ASK ("OPTIONS /", ORIGIN "Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-a,content-type\r\n"), SAY ("200 OK", "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Headers: X-A, Content-Type\r\nAccess-Control-Allow-Methods: PUT\r\n") }, "" },
  { "CORS: OPTIONS that is no preflight", { ASK ("OPTIONS /", ""), SAY ("200 OK", "Allow: GET\r\n") }, "" },

  { "a cookie for another host", { GET ("/", ""), SAY ("200 OK", "Set-Cookie: a=b; Domain=other.test\r\n") }, "1 cookie.ignored" },
  { "a Secure cookie set over http", { GET ("/", ""), SAY ("200 OK", "Set-Cookie: a=b; Secure\r\n") }, "1 cookie.ignored" },
  { "… behind an edge that speaks TLS", { GET ("/", TLS), SAY ("200 OK", "Set-Cookie: a=b; Secure\r\n") }, "" },
  { "a session that scripts may read", { GET ("/", TLS), SAY ("200 OK", "Set-Cookie: sessionid=abcdef012345; Secure\r\n") }, "1 cookie.soft" },
  { "a session that goes over http, too", { GET ("/", TLS), SAY ("200 OK", "Set-Cookie: sessionid=abcdef012345; HttpOnly\r\n") }, "1 cookie.soft" },
  { "a session that is protected", { GET ("/", TLS), SAY ("200 OK", "Set-Cookie: sessionid=abcdef012345; HttpOnly; Secure\r\n") }, "" },
  { "a token that scripts have to read", { GET ("/", TLS), SAY ("200 OK", "Set-Cookie: csrf_token=abcdef012345; Secure\r\n") }, "" },
  { "a cookie for everybody's cache", { GET ("/", ""), SAY ("200 OK", "Cache-Control: public, max-age=60\r\nSet-Cookie: a=b\r\n") }, "1 exposure.shared" },
  { "a Strict cookie from another site", { GET ("/", TLS), SAY ("200 OK", "Set-Cookie: a=b; SameSite=Strict\r\n"), GET ("/", TLS ORIGIN "Cookie: a=b\r\nSec-Fetch-Mode: no-cors\r\n"), SAY ("200 OK", "") }, "2 cookie.same-site" },
  { "a Strict cookie from its own site", { GET ("/", TLS), SAY ("200 OK", "Set-Cookie: a=b; SameSite=Strict\r\n"), GET ("/", TLS "Origin: https://shop.test\r\nCookie: a=b\r\n"), SAY ("200 OK", "") }, "" },

  { "a stale answer out of a cache", { GET ("/", ""), PAGE (DATE "Age: 90\r\nCache-Control: max-age=60\r\n", "hello") }, "1 cache.stale" },
  { "… that is fresh", { GET ("/", ""), PAGE (DATE "Age: 50\r\nCache-Control: max-age=60\r\n", "hello") }, "" },
  { "… that may be stale", { GET ("/", ""), PAGE (DATE "Age: 90\r\nCache-Control: max-age=60, stale-while-revalidate=60\r\n", "hello") }, "" },
  { "422 for JSON that is none", { ASK ("POST /", "Content-Type: application/json\r\nContent-Length: 2\r\n") "{]", SAY ("422 Unprocessable Content", "") }, "1 status.unparsed" },
  { "422 for JSON that is some", { BODY ("POST", "/", ""), SAY ("422 Unprocessable Content", "") }, "" },
  { "Set-Cookie behind the content", { GET ("/", ""), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nSet-Cookie: a=b\r\n\r\n" }, "1 http1.trailer-forbidden" },
  { "a digest behind the content", { GET ("/", ""), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nRepr-Digest: sha-256=:AA==:\r\n\r\n" }, "" },
  { "a head that dribbles", { "GET / HTTP/1.1\r\n", "+6", HOST "\r\n", SAY ("200 OK", "") }, "1 time.slow, 1 connection.held" },
  { "passed on for nobody", { GET ("/", "Via: 1.1 edge\r\n"), SAY ("200 OK", "") }, "1 client.unknown" },
  { "passed on for somebody", { GET ("/", "Via: 1.1 edge\r\nForwarded: for=192.0.2.1\r\n"), SAY ("200 OK", "") }, "" },

  { "HSTS over http", { GET ("/", ""), SAY ("200 OK", "Strict-Transport-Security: max-age=60\r\n") }, "1 hsts.ignored" },
  { "HSTS, and then http", { GET ("/", TLS), SAY ("200 OK", "Strict-Transport-Security: max-age=60\r\n"), GET ("/a", ""), SAY ("200 OK", "") }, "2 hsts.http" },
  { "HSTS that ended before", { GET ("/", TLS), SAY ("200 OK", "Strict-Transport-Security: max-age=60\r\n"), "+61", GET ("/a", ""), SAY ("200 OK", "") }, "" },

  { "a POST turned into a GET", { BODY ("POST", "/a", ""), SAY ("302 Found", "Location: /b\r\n") }, "1 redirect.method" },
  { "a POST sent on to its result", { BODY ("POST", "/a", ""), SAY ("303 See Other", "Location: /b\r\n") }, "" },
  { "a POST sent on as it is", { BODY ("POST", "/a", ""), SAY ("307 Temporary Redirect", "Location: /b\r\n") }, "" },
  { "from https to http", { GET ("/a", TLS), SAY ("301 Moved", "Location: http://shop.test/b\r\n") }, "1 redirect.plain" },
  { "from http to https", { GET ("/a", ""), SAY ("301 Moved", "Location: https://shop.test/b\r\n") }, "" },
  { "to what is no place", { GET ("/a", ""), SAY ("302 Found", "Location: ftp://shop.test/\r\n") }, "1 redirect.refused" },
  { "in a circle", { GET ("/a", ""), SAY ("302 Found", "Location: /b\r\n"), GET ("/b", ""), SAY ("302 Found", "Location: /a\r\n"), GET ("/a", ""), SAY ("302 Found", "Location: /b\r\n"), GET ("/b", ""), SAY ("302 Found", "Location: /a\r\n") }, "3 redirect.loop" },
  { "to a login and back", { GET ("/a", ""), SAY ("302 Found", "Location: /b\r\n"), GET ("/b", ""), SAY ("302 Found", "Location: /a\r\nSet-Cookie: a=b\r\n"), GET ("/a", "Cookie: a=b\r\n"), SAY ("200 OK", "") }, "" },
  { "three in a row", { GET ("/a", ""), SAY ("302 Found", "Location: /b\r\n"), GET ("/b", ""), SAY ("302 Found", "Location: /c\r\n"), GET ("/c", ""), SAY ("302 Found", "Location: /d\r\n"), GET ("/d", ""), SAY ("200 OK", "") }, "3 redirect.chain" },
  { "a redirection to nowhere", { GET ("/a", ""), SAY ("302 Found", "") }, "1 response.location" },

  { "a change that names no version", { GET ("/a", ""), PAGE ("ETag: \"1\"\r\nCache-Control: no-cache\r\n", "hello"), BODY ("PUT", "/a", ""), SAY ("200 OK", "") }, "2 update.lost" },
  { "a change that names one", { GET ("/a", ""), PAGE ("ETag: \"1\"\r\nCache-Control: no-cache\r\n", "hello"), BODY ("PUT", "/a", "If-Match: \"1\"\r\n"), SAY ("200 OK", "") }, "" },
  { "a change of what has no version", { GET ("/a", ""), PAGE ("Cache-Control: no-cache\r\n", "hello"), BODY ("PUT", "/a", ""), SAY ("200 OK", "") }, "" },
  { "a change that was refused", { GET ("/a", ""), PAGE ("ETag: \"1\"\r\nCache-Control: no-cache\r\n", "hello"), BODY ("PUT", "/a", ""), SAY ("403 Forbidden", "") }, "" },

  { "a POST again after no answer", { BODY ("POST", "/a", ""), "!", BODY ("POST", "/a", ""), SAY ("201 Created", "") }, "1 message, 2 retry.unsafe" },
  { "a POST again with a key", { BODY ("POST", "/a", "Idempotency-Key: \"1\"\r\n"), "!", BODY ("POST", "/a", "Idempotency-Key: \"1\"\r\n"), SAY ("201 Created", "") }, "1 message" },
  { "a PUT again", { BODY ("PUT", "/a", ""), "!", BODY ("PUT", "/a", ""), SAY ("201 Created", "") }, "1 message" },
  { "a POST twice, both answered", { BODY ("POST", "/a", ""), SAY ("201 Created", ""), BODY ("POST", "/a", ""), SAY ("201 Created", "") }, "" },
  { "a POST again after 504", { BODY ("POST", "/a", ""), SAY ("504 Gateway Timeout", ""), BODY ("POST", "/a", ""), SAY ("201 Created", "") }, "1 status.gateway, 2 retry.unsafe" },
  { "a POST again after 503", { BODY ("POST", "/a", ""), SAY ("503 Service Unavailable", "Retry-After: 0\r\n"), BODY ("POST", "/a", ""), SAY ("201 Created", "") }, "" },

  { "a 401 without a challenge", { GET ("/", ""), SAY ("401 Unauthorized", "") }, "1 response.401" },
  { "a 405 without Allow", { GET ("/", ""), SAY ("405 Method Not Allowed", "") }, "1 response.405" },
  { "a 206 that nobody asked for, and no part", { GET ("/", ""), "HTTP/1.1 206 Partial Content\r\nContent-Type: a/b\r\nContent-Length: 5\r\n\r\nhello" }, "1 response.206.asked, 1 response.206.content-range" },
  { "an ETag without quotes", { GET ("/", ""), PAGE ("ETag: 1\r\n", "hello") }, "1 response.etag" },
  { "two Dates", { GET ("/", ""), PAGE (DATE DATE, "hello") }, "1 response.single" },
  { "content of no type", { GET ("/", ""), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello" }, "1 response.content-type" },
  { "HEAD has no content to have a type", { ASK ("HEAD /", ""), "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" }, "" },

  { "a password over http", { GET ("/", "Authorization: Basic YTpi\r\n"), PAGE ("", "hello") }, "1 exposure.wire" },
  { "a password over TLS", { GET ("/", TLS "Authorization: Basic YTpi\r\n"), PAGE ("", "hello") }, "" },
  { "a key in the URL", { GET ("/?q=1&api_key=0123456789abcdef", TLS), PAGE ("", "hello") }, "1 exposure.target" },
  { "a code in the URL that is none", { GET ("/?code=404", TLS), PAGE ("", "hello") }, "" },

  { "a large text as it is", { GET ("/", "Accept-Encoding: gzip\r\n"), LARGE ("") }, "1 compression.missed" },
  { "a large text for who cannot", { GET ("/", ""), LARGE ("") }, "" },

  { "three connections that were not needed", { GET ("/a", ""), SAY ("200 OK", ""), "@", GET ("/b", ""), SAY ("200 OK", ""), "@", GET ("/c", ""), SAY ("200 OK", ""), "@", GET ("/d", ""), SAY ("200 OK", "") }, "4 connection.unused" },
  { "one connection opened ahead", { GET ("/a", ""), SAY ("200 OK", ""), "@", GET ("/b", ""), SAY ("200 OK", "") }, "" },
  { "connections that the server closes", { GET ("/a", ""), SAY ("200 OK", "Connection: close\r\n"), "@", GET ("/b", ""), SAY ("200 OK", "Connection: close\r\n"), "@", GET ("/c", ""), SAY ("200 OK", "Connection: close\r\n"), "@", GET ("/d", ""), SAY ("200 OK", "Connection: close\r\n") }, "" },

  { "a slow server", { GET ("/", ""), "+2", PAGE ("", "hello") }, "1 time.slow" },
  { "a slow stream", { GET ("/", ""), "+2", "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 5\r\n\r\nhello" }, "" },
  { "a gateway that got nothing", { GET ("/", ""), SAY ("502 Bad Gateway", "") }, "1 status.gateway" },

  { "a tunnel", { "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n" }, "" },
  { "no answer at all", { GET ("/", ""), "!" }, "1 message" },
  { "a target that is no URL", { "GET http://[ HTTP/1.1\r\n" HOST "\r\n", SAY ("200 OK", "") }, "1 http1.target-authority, 1 http1.host-differs" },
};
/* clang-format on */

static void
build (Builder *b, const char *what)
{
  if (*what == '+')
    b->now += strtol (what + 1, NULL, 10) * RT_TIME_SEC;
  else if (*what == '!')
    {
      build_event (b, RT_EVENT_RESET, b->client, RT_SPAN_NONE, g_variant_new_string ("cut"));
      build_connect (b);
    }
  else if (*what == '@')
    build_connect (b);
  else
    build_send (b, g_str_has_prefix (what, "HTTP/") ? RT_BACKWARD : RT_FORWARD, what);
}

static Builder
build_row (const Row *row)
{
  Builder b = build_log ();

  for (guint i = 0; i < TRAFFIC_MAX && row->traffic[i] != NULL; i++)
    build (&b, row->traffic[i]);
  rt_log_flush (b.log);
  return b;
}

static RtAnalysis *
observed (void)
{
  RtAnalysis *analysis = rt_analysis_new ();

  rt_analysis_set_observed (analysis, TRUE);
  return analysis;
}

static char *
findings (RtAnalysis *analysis)
{
  GPtrArray *notes = rt_analysis_get_notes (analysis);
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];

      if (rt_note_is_finding (note))
        g_string_append_printf (found, "%s%u %s", found->len > 0 ? ", " : "", note->exchange,
                                note->finding != NULL ? note->finding : "message");
    }
  return g_string_free (found, FALSE);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  Builder b = build_row (row);
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = observed ();
  g_autofree char *found = NULL;

  assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (log), G_MAXUINT64, NULL));
  found = findings (analysis);
  assert_string_equal (found, row->want);
}

/* Order of events, bytes that are there, words. */
static void
check_notes (RtAnalysis *analysis)
{
  GPtrArray *notes = rt_analysis_get_notes (analysis);
  guint64 before = 0;

  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];
      g_autoptr (GBytes) bytes = rt_analysis_dup_bytes (analysis, note->span, NULL);

      assert_true (note->event >= before && note->event < rt_analysis_get_length (analysis));
      before = note->event;
      assert_non_null (bytes);
      assert_true (g_bytes_get_size (bytes) > 0);
      assert_true (*note->title != '\0');
      if (note->decision != NULL)
        assert_string_not_equal (rt_decision_get_verdict (note->decision), "");
    }
}

/* Each finding is told, and what it was judged by. */
static void
check_transcript (RtAnalysis *analysis, const char *transcript)
{
  GPtrArray *notes = rt_analysis_get_notes (analysis);
  g_auto (GStrv) words = g_strsplit_set (transcript, " \n", -1);
  g_autoptr (GString) flat = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (flat, "%s ", words[i]);
  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];

      if (!rt_note_is_finding (note))
        continue;
      assert_non_null (strstr (flat->str, note->title));
      if (note->decision != NULL)
        assert_non_null (strstr (flat->str, rt_decision_get_rule (note->decision)));
    }
}

static void
test_event_by_event (void **state)
{
  const Row *row = *state;
  Builder b = build_row (row);
  g_autoptr (RtLog) log = b.log;
  g_autoptr (RtAnalysis) analysis = observed ();
  g_autoptr (RtAnalysis) whole = observed ();
  g_autofree char *want = NULL;
  g_autofree char *is = NULL;

  for (guint64 cut = 1; cut <= rt_log_get_length (log); cut++)
    {
      assert_true (rt_analysis_feed_reader (analysis, rt_log_get_reader (log), cut, NULL));
      check_notes (analysis);
    }
  assert_true (rt_analysis_feed_reader (whole, rt_log_get_reader (log), G_MAXUINT64, NULL));
  want = rt_transcript_dup (whole, RT_TRANSCRIPT_ALL);
  is = rt_transcript_dup (analysis, RT_TRANSCRIPT_ALL);
  assert_string_equal (is, want);
  check_transcript (whole, want);
}

static void
test_nothing_is_said_unasked (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Builder b = build_row (&rows[i]);
      g_autoptr (RtLog) log = b.log;
      g_autoptr (RtAnalysis) analysis = build_analysis (&b, G_MAXUINT64);
      GPtrArray *notes = rt_analysis_get_notes (analysis);

      for (guint j = 0; j < notes->len; j++)
        {
          const RtNote *note = notes->pdata[j];

          assert_true (note->finding == NULL || g_str_has_prefix (note->finding, "http1."));
        }
    }
}

int
main (void)
{
  enum
  {
    N_ROWS = G_N_ELEMENTS (rows),
  };
  struct CMUnitTest tests[1 + 2 * N_ROWS] = {
    cmocka_unit_test (test_nothing_is_said_unasked),
  };
  gsize n = 1;

  for (gsize i = 0; i < N_ROWS; i++)
    {
      gpointer row = (gpointer)&rows[i];

      tests[n++] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, row };
      tests[n++]
          = (struct CMUnitTest){ "… and so event by event", test_event_by_event, NULL, NULL, row };
    }
  return _cmocka_run_group_tests ("observer", tests, n, NULL, NULL);
}
