/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The connection code of servers, by an origin server with one document: what is answered, in which
 * order, and when the connection ends. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dialogue.h"
#include "rt-origin.h"

#define GET "GET /doc/1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n"

/* @want: what was done, shortened: statuses, `close`, `cut`, `pause`, `resume`. */
typedef struct
{
  const char *name, *script, *want;
  guint slots;
  gboolean evict;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "one request, one answer, the connection stays", "accept 1\nbytes 1 " GET, "200" },
  { "a request in two pieces", "accept 1\nbytes 1 GET /doc/1 HT\nbytes 1 TP/1.1\\r\\nHost: a\\r\\n\\r\\n", "200" },
  { "pipelined requests are answered in order", "accept 1\nbytes 1 " GET "HEAD /none HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" GET, "200 404 200" },
  { "Connection: close ends it after the answer", "accept 1\nbytes 1 GET /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nConnection: close\\r\\n\\r\\n" GET, "200 close" },
  { "HTTP/1.0 closes unless asked not to", "accept 1\nbytes 1 GET /doc/1 HTTP/1.0\\r\\n\\r\\n", "200 close" },
  { "HTTP/1.0 with keep-alive goes on", "accept 1\nbytes 1 GET /doc/1 HTTP/1.0\\r\\nConnection: keep-alive\\r\\n\\r\\n" GET, "200 200" },
  { "the client's end between requests ends ours", "accept 1\nbytes 1 " GET "\neof 1", "200 close" },
  { "a half-closed client still gets its answer", "accept 1\nbytes 1 PUT /slow HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nx\neof 1\nwait 1s", "204 close" },
  { "the end inside a request is a 400", "accept 1\nbytes 1 GET /doc/1 HTTP/1.1\\r\\nHo\neof 1", "400 close" },
  { "the end inside the content is a 400", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 9\\r\\n\\r\\nx\neof 1", "400 close" },
  { "a reset ends everything quietly", "accept 1\nbytes 1 GET /doc/1 HTT\nreset 1", "" },
  { "an answer whose connection is gone is dropped", "accept 1\nbytes 1 PUT /slow HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nx\nreset 1\nwait 1s", "" },
  { "after close, what comes is thrown away", "accept 1\nbytes 1 GET /doc/1 HTTP/1.0\\r\\n\\r\\n\nbytes 1 " GET "\neof 1", "200 close" },
  { "a client that never closes is cut off", "accept 1\nbytes 1 GET /doc/1 HTTP/1.0\\r\\n\\r\\n\nwait 3s", "200 close cut" },

  { "no Host", "accept 1\nbytes 1 GET /doc/1 HTTP/1.1\\r\\n\\r\\n", "400 close" },
  { "two Hosts", "accept 1\nbytes 1 GET /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nHost: a\\r\\n\\r\\n", "400 close" },
  { "space before the colon", "accept 1\nbytes 1 GET /doc/1 HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n", "400 close" },
  { "both framings", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n\\r\\n", "400 close" },
  { "differing lengths", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\nContent-Length: 4\\r\\n\\r\\nabc", "400 close" },
  { "a bad chunk size", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nxyz\\r\\n", "400 close" },
  { "an unknown transfer coding", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: odd, chunked\\r\\n\\r\\n", "501 close" },
  { "HTTP/2's preface", "accept 1\nbytes 1 PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n", "505 close" },
  { "asterisk-form is for OPTIONS", "accept 1\nbytes 1 GET * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "400 close" },
  { "too much content announced", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 99999999999\\r\\n\\r\\n", "413 close" },
  { "nothing after an error is read", "accept 1\nbytes 1 GET /doc/1 HTTP/1.1\\r\\n\\r\\n" GET, "400 close" },
  { "the good request before the bad one is answered", "accept 1\nbytes 1 " GET "GET /doc/1 HTTP/1.1\\r\\n\\r\\n", "200 400 close" },

  { "absolute-form overrides Host", "accept 1\nbytes 1 GET http://b/doc/1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "200" },
  { "absolute-form for https without TLS is misdirected", "accept 1\nbytes 1 GET https://b/doc/1 HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n", "421 close" },
  { "absolute-form of another scheme is misdirected", "accept 1\nbytes 1 GET ftp://b/doc/1 HTTP/1.1\\r\\nHost: b\\r\\n\\r\\n", "421 close" },
  { "absolute-form without a path", "accept 1\nbytes 1 OPTIONS http://b HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "404" },
  { "a query is not part of the path", "accept 1\nbytes 1 GET /doc/1?x=1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "200" },
  { "OPTIONS *", "accept 1\nbytes 1 OPTIONS * HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "204" },
  { "a method nobody knows", "accept 1\nbytes 1 BREW /doc/1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "501" },
  { "CONNECT is for proxies", "accept 1\nbytes 1 CONNECT b:443 HTTP/1.1\\r\\nHost: b:443\\r\\n\\r\\n", "501" },

  { "100-continue is answered before the content", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nExpect: 100-continue\\r\\nContent-Length: 1\\r\\n\\r\\n\nbytes 1 x", "100 204" },
  { "another expectation is refused", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nExpect: miracles\\r\\nContent-Length: 1\\r\\n\\r\\nx", "417 close" },

  { "nothing at all until the header deadline", "accept 1\nwait 11s", "close" },
  { "a header section that never ends", "accept 1\nwait 5s\nbytes 1 GET / HTTP/1.1\\r\\n\nwait 6s", "408 close" },
  { "dribbling does not extend the header deadline", "accept 1\nbytes 1 G\nwait 6s\nbytes 1 E\nwait 5s", "408 close" },
  { "content that never comes", "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 9\\r\\n\\r\\n\nwait 31s", "408 close" },
  { "an idle connection is closed", "accept 1\nbytes 1 " GET "\nwait 16s", "200 close" },
  { "the second request has its own header deadline", "accept 1\nbytes 1 " GET "\nwait 9s\nbytes 1 GET\nwait 9s\nbytes 1  /doc/1 HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "200 200" },
  { "a client that does not read is cut off", "hold\naccept 1\nbytes 1 " GET "\nwait 31s", "200 close cut" },
  { "reading ahead has an end", "accept 1\nbytes 1 PUT /slow HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nx\nflood 1\nwait 1s", "pause 204 501 close resume" },

  { "a connection without a slot waits", "accept 1\naccept 2\nbytes 1 " GET "\nwait 16s\neof 1\nbytes 2 " GET, "pause 200 close resume 200", 1 },
  { "eviction takes the slowest", "accept 1\nwait 1s\naccept 2\nbytes 1 GET\nwait 1s\naccept 3\nbytes 3 " GET, "pause 408 close resume 200", 2, TRUE },
};
/* clang-format on */

/* Under limits that are set. */
typedef struct
{
  const char *name, *limits, *script, *want;
} Limited;

/* clang-format off */
static const Limited limited[] = {
  { "a request line that is too long", "{'max-request-line': <int64 40>}",
    "accept 1\nbytes 1 GET /doc/1?0123456789012345678901234567890123 HTTP/1.1\\r\\n", "414 close" },
  { "one that is just not", "{'max-request-line': <int64 40>}", "accept 1\nbytes 1 " GET, "200" },
  { "a header section that is too long", "{'max-header': <int64 60>}",
    "accept 1\nbytes 1 GET /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nX: 01234567890123456789012345\\r\\n", "431 close" },
  { "content that is too long", "{'max-content': <int64 2>}",
    "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\n\\r\\nabc", "413 close" },
  { "chunks that are too long", "{'max-content': <int64 2>}",
    "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n2\\r\\nab\\r\\n1\\r\\nc\\r\\n", "413 close" },
  { "a shorter header deadline", "{'header-time': <int64 1000000>}", "accept 1\nbytes 1 G\nwait 1s", "408 close" },
  { "a shorter body deadline", "{'body-time': <int64 1000000>}",
    "accept 1\nbytes 1 PUT /doc/1 HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 3\\r\\n\\r\\n\nwait 1s", "408 close" },
  { "a shorter idle deadline", "{'idle-time': <int64 1000000>}", "accept 1\nbytes 1 " GET "\nwait 1s", "200 close" },
  { "no idle deadline", "{'idle-time': <int64 0>}", "accept 1\nbytes 1 " GET "\nwait 1h", "200" },
  { "a shorter write deadline", "{'write-time': <int64 1000000>}", "hold\naccept 1\nbytes 1 " GET "\nwait 1s", "200 cut" },
};
/* clang-format on */

static void
shorten (GString *shortened, const char *line)
{
  const char *word = NULL;
  g_autofree char *status = NULL;
  const char *http = strstr (line, " HTTP/1.1 ");

  if (g_str_has_prefix (line, "send ") && http != NULL && http < line + 12)
    word = status = g_strndup (http + 10, 3);
  else if (g_str_has_prefix (line, "close "))
    word = "close";
  else if (g_str_has_prefix (line, "cut "))
    word = "cut";
  else if (g_str_has_prefix (line, "read "))
    word = g_str_has_suffix (line, "off") ? "pause" : "resume";
  if (word != NULL)
    g_string_append_printf (shortened, "%s%s", shortened->len > 0 ? " " : "", word);
}

static char *
expand_flood (const char *script)
{
  g_auto (GStrv) parts = g_strsplit (script, "flood 1", 2);
  g_autofree char *flood = g_strnfill (70000, 'A');

  return parts[1] != NULL ? g_strconcat (parts[0], "bytes 1 ", flood, parts[1], NULL)
                          : g_strdup (script);
}

static void
play (const RtServerLimits *limits, const char *script, const char *want)
{
  RtOrigin *origin = rt_origin_new (limits);
  Dialogue dialogue = { .klass = &rt_origin_class, .self = origin };
  g_autofree char *out = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GString) shortened = g_string_new (NULL);

  assert_true (rt_origin_add (origin, "/doc/1", "document",
                              g_variant_new_parsed ("{'content': <'one'>}"), NULL));
  assert_true (rt_origin_add (origin, "/slow", "document",
                              g_variant_new_parsed ("{'content': <'one'>, 'atomic': <false>}"),
                              NULL));
  out = dialogue_play (&dialogue, script);
  lines = g_strsplit (out, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    shorten (shortened, lines[i]);
  assert_string_equal (shortened->str, want);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  RtServerLimits limits = rt_server_limits_standard ();
  g_autofree char *script = expand_flood (row->script);

  limits.slots = row->slots;
  limits.evict = row->evict;
  play (&limits, script, row->want);
}

static void
test_limited (void **state)
{
  const Limited *row = *state;
  RtServerLimits limits;
  g_autoptr (GVariant) given
      = g_variant_parse (G_VARIANT_TYPE_VARDICT, row->limits, NULL, NULL, NULL);

  assert_true (rt_server_limits_from_settings (given, &limits, NULL));
  play (&limits, row->script, row->want);
}

int
main (void)
{
  const guint n = G_N_ELEMENTS (rows);
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (limited)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  for (guint i = 0; i < G_N_ELEMENTS (limited); i++)
    tests[n + i]
        = (struct CMUnitTest){ limited[i].name, test_limited, NULL, NULL, (void *)&limited[i] };
  return _cmocka_run_group_tests ("server", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
