/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The origin server's resource kind `document`: each row is a dialogue over one connection, with
 * the answers and states it leads to. Date fields are left out; they are always there. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dialogue.h"
#include "rt-origin.h"

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define GET "bytes 1 GET /d" HOST
#define PUT "bytes 1 PUT /d" HOST "Content-Length: 3\\r\\n"
#define END "\\r\\n"
#define NEW END "new\n"
#define DAY "Last-Modified: Thu, 01 Jan 2026 12:00:00 GMT\\r\\n"
#define TEXT "Content-Type: text/plain; charset=utf-8\\r\\n"
#define V1 "state version /d {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'one'>}\n"
#define V2 "state version /d {'version': <int64 2>, 'etag': <'\"2\"'>, 'content': <'new'>}\n"
#define V3 "state version /d {'version': <int64 3>, 'etag': <'\"3\"'>, 'content': <'new'>}\n"
#define PRECONDITION(verdict) "decide precondition " verdict "\n"
#define SAVED "send 1 HTTP/1.1 204 No Content\\r\\nETag: \"2\"\\r\\n" DAY END "\n"
#define OPEN "accept 1\n"

typedef struct
{
  const char *name, *settings, *script, *want;
} Row;

#define ONE "{'content': <'one'>}"
#define STRICT "{'content': <'one'>, 'require': <'if-match'>}"
#define RACY "{'content': <'one'>, 'atomic': <false>, 'validators': <'etag'>}"
#define JSON                                                                                       \
  "{'content': <'{\"a\":1,\"b\":{\"c\":2,\"d\":3}}'>, 'content-type': <'application/json'>, "      \
  "'validators': <'etag'>}"

/* clang-format off */
static const Row rows[] = {
  { "GET gives the current version with its validators", ONE, OPEN GET END,
    V1 "send 1 HTTP/1.1 200 OK\\r\\n" TEXT "ETag: \"1\"\\r\\n" DAY "Content-Length: 3\\r\\n\\r\\n\nsend 1 one\n" },
  { "HEAD gives the same without content", ONE, OPEN "bytes 1 HEAD /d" HOST END,
    V1 "send 1 HTTP/1.1 200 OK\\r\\n" TEXT "ETag: \"1\"\\r\\n" DAY "Content-Length: 3\\r\\n\\r\\n\n" },
  { "PUT makes a new version", ONE, OPEN PUT NEW, V1 V2 SAVED },
  { "PUT where nothing was creates", "{'validators': <'etag'>}", OPEN PUT NEW,
    "state version /d {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'new'>}\n"
    "send 1 HTTP/1.1 201 Created\\r\\nETag: \"1\"\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "GET where nothing is", "{}", OPEN GET END,
    "send 1 HTTP/1.1 404 Not Found\\r\\n" TEXT "Content-Length: 23\\r\\n\\r\\n\nsend 1 There is nothing here.\\n\n" },
  { "a PUT of a part is refused", ONE, OPEN PUT "Content-Range: bytes 0-2/9\\r\\n" NEW,
    V1 "send 1 HTTP/1.1 400 Bad Request\\r\\n" TEXT "Content-Length: 71\\r\\n\\r\\n\nsend 1 A PUT replaces the whole; part of it can't be sent with Content-Range.\\n\n" },
  { "DELETE leaves nothing, and numbers go on", ONE, OPEN "bytes 1 DELETE /d" HOST END "\n" PUT NEW,
    V1 "state version /d gone\nsend 1 HTTP/1.1 204 No Content\\r\\n\\r\\n\n" V3
    "send 1 HTTP/1.1 201 Created\\r\\nETag: \"3\"\\r\\n" DAY "Content-Length: 0\\r\\n\\r\\n\n" },
  { "OPTIONS says what is allowed", ONE, OPEN "bytes 1 OPTIONS /d" HOST END,
    V1 "send 1 HTTP/1.1 204 No Content\\r\\nAllow: GET, HEAD, PUT, DELETE, OPTIONS\\r\\n\\r\\n\n" },
  { "POST is not allowed", ONE, OPEN "bytes 1 POST /d" HOST "Content-Length: 0\\r\\n" END,
    V1 "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: GET, HEAD, PUT, DELETE, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "a text can't be patched", ONE, OPEN "bytes 1 PATCH /d" HOST "Content-Length: 0\\r\\n" END,
    V1 "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: GET, HEAD, PUT, DELETE, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },

  { "If-Match with the current tag lets a PUT through", ONE, OPEN PUT "If-Match: \"1\"\\r\\n" NEW,
    V1 PRECONDITION ("proceed") V2 SAVED },
  { "If-Match with an old tag: 412", ONE, OPEN PUT "If-Match: \"0\"\\r\\n" NEW,
    V1 PRECONDITION ("412") "send 1 HTTP/1.1 412 Precondition Failed\\r\\n" TEXT "Content-Length: 107\\r\\n\\r\\n\n"
    "send 1 This does not hold: If-Match is * or has the current entity tag, by strong comparison (RFC 9110 §13.1.1).\\n\n" },
  { "the same change twice is not made twice", ONE, OPEN PUT "If-Match: \"1\"\\r\\n" NEW PUT "If-Match: \"1\"\\r\\n" NEW,
    V1 PRECONDITION ("proceed") V2 SAVED PRECONDITION ("already-applied") SAVED },
  { "If-None-Match: * creates only", ONE, OPEN PUT "If-None-Match: *\\r\\n" NEW,
    V1 PRECONDITION ("412") "send 1 HTTP/1.1 412 Precondition Failed\\r\\n" TEXT "Content-Length: 120\\r\\n\\r\\n\n"
    "send 1 This does not hold: If-None-Match of this method is not * and does not have the current entity tag (RFC 9110 §13.1.2).\\n\n" },
  { "If-None-Match of a GET: 304", ONE, OPEN GET "If-None-Match: \"1\"\\r\\n" END,
    V1 PRECONDITION ("304") "send 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1\"\\r\\n" DAY END "\n" },
  { "If-Modified-Since: 304", ONE, OPEN GET "If-Modified-Since: Thu, 01 Jan 2026 12:00:00 GMT\\r\\n" END,
    V1 PRECONDITION ("304") "send 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1\"\\r\\n" DAY END "\n" },
  { "If-Unmodified-Since a day before: 412", ONE, OPEN PUT "If-Unmodified-Since: Wed, 31 Dec 2025 12:00:00 GMT\\r\\n" NEW,
    V1 PRECONDITION ("412") "send 1 HTTP/1.1 412 Precondition Failed\\r\\n" TEXT "Content-Length: 101\\r\\n\\r\\n\n"
    "send 1 This does not hold: the representation was last modified at that date or before (RFC 9110 §13.1.4).\\n\n" },
  { "a weak tag never matches If-Match", "{'content': <'one'>, 'validators': <'weak-etag'>}", OPEN PUT "If-Match: W/\"1\"\\r\\n" NEW,
    "state version /d {'version': <int64 1>, 'etag': <'W/\"1\"'>, 'content': <'one'>}\n"
    PRECONDITION ("412") "send 1 HTTP/1.1 412 Precondition Failed\\r\\n" TEXT "Content-Length: 107\\r\\n\\r\\n\n"
    "send 1 This does not hold: If-Match is * or has the current entity tag, by strong comparison (RFC 9110 §13.1.1).\\n\n" },
  { "a condition is required: 428", STRICT, OPEN PUT NEW,
    V1 PRECONDITION ("428") "send 1 HTTP/1.1 428 Precondition Required\\r\\n" TEXT "Content-Length: 62\\r\\n\\r\\n\n"
    "send 1 Name the version that your change is based on: send If-Match.\\n\n" },
  { "preconditions do not count where the answer is an error anyway", "{}", OPEN GET "If-Match: \"1\"\\r\\n" END,
    PRECONDITION ("proceed") "send 1 HTTP/1.1 404 Not Found\\r\\n" TEXT "Content-Length: 23\\r\\n\\r\\n\nsend 1 There is nothing here.\\n\n" },

  { "check, then save: two racing changes both pass", RACY,
    OPEN "accept 2\n" PUT "If-Match: \"1\"\\r\\n" NEW
    "bytes 2 PUT /d" HOST "Content-Length: 3\\r\\nIf-Match: \"1\"\\r\\n\\r\\nold\nwait 1s",
    V1 PRECONDITION ("proceed") PRECONDITION ("proceed") V2 "send 1 HTTP/1.1 204 No Content\\r\\nETag: \"2\"\\r\\n\\r\\n\n"
    "state version /d {'version': <int64 3>, 'etag': <'\"3\"'>, 'content': <'old'>}\n"
    "send 2 HTTP/1.1 204 No Content\\r\\nETag: \"3\"\\r\\n\\r\\n\n" },
  { "what is saved though nobody hears of it", RACY, OPEN PUT NEW "reset 1\nwait 1s", V1 V2 },
  { "content that was stored otherwise gets no validator", "{'content': <'one'>, 'normalise': <true>}", OPEN PUT NEW,
    V1 "state version /d {'version': <int64 2>, 'etag': <'\"2\"'>, 'content': <'new\\n'>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\n\\r\\n\n" },
  { "content that was stored as sent does", "{'content': <'one'>, 'normalise': <true>, 'validators': <'etag'>}", OPEN "bytes 1 PUT /d" HOST "Content-Length: 4\\r\\n\\r\\nnew\\n",
    V1 "state version /d {'version': <int64 2>, 'etag': <'\"2\"'>, 'content': <'new\\n'>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nETag: \"2\"\\r\\n\\r\\n\n" },
  { "no validators", "{'content': <'one'>, 'validators': <'none'>}", OPEN GET END,
    "state version /d {'version': <int64 1>, 'content': <'one'>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\n" TEXT "Content-Length: 3\\r\\n\\r\\n\nsend 1 one\n" },
  { "fields go with each answer", "{'content': <'one'>, 'validators': <'none'>, 'fields': <[('Cache-Control', 'max-age=60')]>}", OPEN GET END,
    "state version /d {'version': <int64 1>, 'content': <'one'>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\n" TEXT "Cache-Control: max-age=60\\r\\nContent-Length: 3\\r\\n\\r\\n\nsend 1 one\n" },
  { "a delay comes before the check", "{'content': <'one'>, 'validators': <'etag'>, 'delay': <int64 1000000>}", OPEN GET END "\nwait 999ms\ntask -\nwait 1ms",
    V1 "send 1 HTTP/1.1 200 OK\\r\\n" TEXT "ETag: \"1\"\\r\\nContent-Length: 3\\r\\n\\r\\n\nsend 1 one\n" },

  { "a merge patch", JSON, OPEN "bytes 1 PATCH /d" HOST "Content-Type: application/merge-patch+json\\r\\nContent-Length: 26\\r\\n\\r\\n{\"a\":null,\"b\":{\"c\":[1,2]}}",
    "state version /d {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'{\"a\":1,\"b\":{\"c\":2,\"d\":3}}'>}\n"
    "state version /d {'version': <int64 2>, 'etag': <'\"2\"'>, 'content': <'{\"b\":{\"c\":[1,2],\"d\":3}}'>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nETag: \"2\"\\r\\n\\r\\n\n" },
  { "another kind of patch", JSON, OPEN "bytes 1 PATCH /d" HOST "Content-Type: application/json-patch+json\\r\\nContent-Length: 2\\r\\n\\r\\n[]",
    "state version /d {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'{\"a\":1,\"b\":{\"c\":2,\"d\":3}}'>}\n"
    "send 1 HTTP/1.1 415 Unsupported Media Type\\r\\nAccept-Patch: application/merge-patch+json\\r\\n" TEXT "Content-Length: 48\\r\\n\\r\\n\nsend 1 A patch has to be application/merge-patch+json.\\n\n" },
  { "a patch that is no JSON", JSON, OPEN "bytes 1 PATCH /d" HOST "Content-Type: application/merge-patch+json\\r\\nContent-Length: 1\\r\\n\\r\\n{",
    "state version /d {'version': <int64 1>, 'etag': <'\"1\"'>, 'content': <'{\"a\":1,\"b\":{\"c\":2,\"d\":3}}'>}\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\n" TEXT "Content-Length: 35\\r\\n\\r\\n\nsend 1 The patch is no JSON, or too deep.\\n\n" },
};
/* clang-format on */

static gconstpointer
no_task (gpointer data, const char *text)
{
  return NULL;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  RtOrigin *origin = rt_origin_new (NULL);
  Dialogue dialogue = { .klass = &rt_origin_class, .self = origin, .task = no_task };
  g_autoptr (GError) error = NULL;
  g_autofree char *out = NULL, *shown = NULL;
  GVariant *settings = g_variant_parse (G_VARIANT_TYPE_VARDICT, row->settings, NULL, NULL, &error);

  assert_null (error);
  rt_origin_add (origin, "/d", "document", settings, &error);
  g_variant_unref (settings);
  assert_null (error);
  out = dialogue_play (&dialogue, row->script);
  shown = dialogue_without_dates (out);
  assert_string_equal (shown, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("origin", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
