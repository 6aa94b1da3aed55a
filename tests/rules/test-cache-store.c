/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Storing: each row an exchange, and whether it may be kept. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-cache-store.h"

#define URI "http://a.test/a"

typedef enum
{
  BOTH,
  SHARED,
  PRIVATE,
  NO_RANGES,
} Kind;

typedef struct
{
  const char *name;
  const char *request, *response;
  gboolean store;
  const char *clause;
  Kind kind;
} Row;

#define GET "GET /a HTTP/1.1\nHost: a.test\n"

/* clang-format off */
static const Row rows[] = {
  { "a 200 with max-age", GET, "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit" },
  { "a 200 with Expires, whatever it says", GET, "HTTP/1.1 200 OK\nExpires: 0\n", TRUE, "cache.store.explicit" },
  { "a 200 that says nothing", GET, "HTTP/1.1 200 OK\nX: y\n", TRUE, "cache.store.heuristic" },
  { "a 403 that says nothing", GET, "HTTP/1.1 403 Forbidden\nX: y\n", FALSE, "cache.store.heuristic" },
  { "a 403 with max-age", GET, "HTTP/1.1 403 Forbidden\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit" },
  { "a 403 that is public", GET, "HTTP/1.1 403 Forbidden\nCache-Control: public\n", TRUE, "cache.store.explicit" },
  { "an unknown status with max-age", GET, "HTTP/1.1 599 Eh\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit" },
  { "an unknown status that says nothing", GET, "HTTP/1.1 599 Eh\nX: y\n", FALSE, "cache.store.heuristic" },
  { "a 404 that says nothing", GET, "HTTP/1.1 404 Not Found\nX: y\n", TRUE, "cache.store.heuristic" },
  { "a 302 that says nothing", GET, "HTTP/1.1 302 Found\nLocation: /b\n", FALSE, "cache.store.heuristic" },
  { "a 302 with Expires", GET, "HTTP/1.1 302 Found\nExpires: Thu, 18 Aug 2050 02:01:18 GMT\n", TRUE, "cache.store.explicit" },
  { "a 500 with max-age", GET, "HTTP/1.1 500 Oh\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit" },
  { "an interim response", GET, "HTTP/1.1 103 Early Hints\nCache-Control: max-age=60\n", FALSE, "cache.store.final" },
  { "a 304", GET, "HTTP/1.1 304 Not Modified\nCache-Control: max-age=60\n", FALSE, "cache.store.whole" },

  { "a PUT", "PUT /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", FALSE, "cache.store.method" },
  { "a method that nobody knows", "BREW /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", FALSE, "cache.store.method" },
  { "a HEAD", "HEAD /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", FALSE, "cache.store.method" },
  { "a POST", "POST /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", FALSE, "cache.store.post-location" },
  { "a POST that answers with what a GET would", "POST /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\nContent-Location: /a\n", TRUE, "cache.store.post-explicit" },
  { "so too by an absolute Content-Location", "POST /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nExpires: 0\nContent-Location: http://a.test/a\n", TRUE, "cache.store.post-explicit" },
  { "a POST with the Content-Location of something else", "POST /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\nContent-Location: /b\n", FALSE, "cache.store.post-location" },
  { "a POST that states no freshness", "POST /a HTTP/1.1\nHost: a.test\n", "HTTP/1.1 200 OK\nCache-Control: public\nContent-Location: /a\n", FALSE, "cache.store.post-explicit" },

  { "no-store in the response", GET, "HTTP/1.1 200 OK\nCache-Control: no-store\n", FALSE, "cache.store.no-store" },
  { "no-store in any case", GET, "HTTP/1.1 200 OK\nCache-Control: max-age=60, nO-StOrE\n", FALSE, "cache.store.no-store" },
  { "no-store beside max-age and Expires", GET, "HTTP/1.1 200 OK\nCache-Control: max-age=60\nExpires: 0\nCache-Control: no-store\n", FALSE, "cache.store.no-store" },
  { "no-store with an argument", GET, "HTTP/1.1 200 OK\nCache-Control: no-store=1, max-age=60\n", FALSE, "cache.store.no-store" },
  { "no-store that follows no grammar", GET, "HTTP/1.1 200 OK\nCache-Control: no-store=, max-age=60\n", FALSE, "cache.store.no-store" },
  { "no-store in a quoted string is none", GET, "HTTP/1.1 200 OK\nCache-Control: x=\"no-store, no-store\", max-age=60\n", TRUE, "cache.store.explicit" },
  { "no-store as the start of another name is none", GET, "HTTP/1.1 200 OK\nCache-Control: no-stores, max-age=60\n", TRUE, "cache.store.explicit" },
  { "no-store in the request", "GET /a HTTP/1.1\nCache-Control: no-store\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", FALSE, "cache.store.request-no-store" },
  { "must-understand sets no-store aside", GET, "HTTP/1.1 200 OK\nCache-Control: no-store, must-understand, max-age=60\n", TRUE, "cache.store.explicit" },
  { "must-understand of a status that is not understood", GET, "HTTP/1.1 599 Eh\nCache-Control: no-store, must-understand, max-age=60\n", FALSE, "cache.store.must-understand" },
  { "must-understand alone of a status that is not understood", GET, "HTTP/1.1 599 Eh\nCache-Control: must-understand, max-age=60\n", FALSE, "cache.store.must-understand" },
  { "no-cache may be stored", GET, "HTTP/1.1 200 OK\nCache-Control: no-cache\n", TRUE, "cache.store.heuristic" },

  { "private in a shared cache", GET, "HTTP/1.1 200 OK\nCache-Control: private, max-age=60\n", FALSE, "cache.store.private", SHARED },
  { "private in a private cache", GET, "HTTP/1.1 403 Forbidden\nCache-Control: private\n", TRUE, "cache.store.explicit", PRIVATE },
  { "private with field names in a shared cache", GET, "HTTP/1.1 200 OK\nCache-Control: private=\"X-User\", max-age=60\n", TRUE, "cache.store.explicit", SHARED },
  { "s-maxage makes a 403 storable in a shared cache", GET, "HTTP/1.1 403 Forbidden\nCache-Control: s-maxage=60\n", TRUE, "cache.store.explicit", SHARED },
  { "s-maxage says nothing to a private cache", GET, "HTTP/1.1 403 Forbidden\nCache-Control: s-maxage=60\n", FALSE, "cache.store.heuristic", PRIVATE },

  { "Authorization in a shared cache", "GET /a HTTP/1.1\nAuthorization: Basic YTpi\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", FALSE, "cache.store.authorization", SHARED },
  { "Authorization and public", "GET /a HTTP/1.1\nAuthorization: Basic YTpi\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60, public\n", TRUE, "cache.store.explicit", SHARED },
  { "Authorization and must-revalidate", "GET /a HTTP/1.1\nAuthorization: Basic YTpi\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60, must-revalidate\n", TRUE, "cache.store.explicit", SHARED },
  { "Authorization and s-maxage", "GET /a HTTP/1.1\nAuthorization: Basic YTpi\n", "HTTP/1.1 200 OK\nCache-Control: s-maxage=60\n", TRUE, "cache.store.explicit", SHARED },
  { "Authorization and a public that follows no grammar", "GET /a HTTP/1.1\nAuthorization: Basic YTpi\n", "HTTP/1.1 200 OK\nCache-Control: public=, max-age=60\n", FALSE, "cache.store.authorization", SHARED },
  { "Authorization in a private cache", "GET /a HTTP/1.1\nAuthorization: Basic YTpi\n", "HTTP/1.1 200 OK\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit", PRIVATE },
  { "Set-Cookie does not matter", GET, "HTTP/1.1 200 OK\nSet-Cookie: a=b\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit", SHARED },

  { "Vary: *", GET, "HTTP/1.1 200 OK\nVary: *\nCache-Control: max-age=60\n", FALSE, "cache.store.vary" },
  { "Vary: * among names", GET, "HTTP/1.1 200 OK\nVary: A\nVary: , B, *\nCache-Control: max-age=60\n", FALSE, "cache.store.vary" },
  { "Vary with names", GET, "HTTP/1.1 200 OK\nVary: Accept, B\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit" },

  { "a 206 in a cache that combines parts", GET, "HTTP/1.1 206 Part\nContent-Range: bytes 0-4/10\nCache-Control: max-age=60\n", TRUE, "cache.store.explicit" },
  { "a 206 in a cache that does not", GET, "HTTP/1.1 206 Part\nContent-Range: bytes 0-4/10\nCache-Control: max-age=60\n", FALSE, "cache.store.partial", NO_RANGES },
  { "a 206 without Content-Range", GET, "HTTP/1.1 206 Part\nContent-Type: multipart/byteranges\nCache-Control: max-age=60\n", FALSE, "cache.store.partial" },
  { "a 206 with a Content-Range that is impossible", GET, "HTTP/1.1 206 Part\nContent-Range: bytes 4-0/10\nCache-Control: max-age=60\n", FALSE, "cache.store.partial" },
  { "a 206 with two Content-Range lines", GET, "HTTP/1.1 206 Part\nContent-Range: bytes 0-4/10\nContent-Range: bytes 5-9/10\nCache-Control: max-age=60\n", FALSE, "cache.store.partial" },

  { "CDN-Cache-Control: no-store", GET, "HTTP/1.1 200 OK\nCache-Control: max-age=60\nCDN-Cache-Control: no-store\n", FALSE, "cache.store.no-store", SHARED },
  { "CDN-Cache-Control: private", GET, "HTTP/1.1 200 OK\nCache-Control: max-age=60\nCDN-Cache-Control: private\n", FALSE, "cache.store.private", SHARED },
  { "CDN-Cache-Control: max-age against no-store", GET, "HTTP/1.1 200 OK\nCache-Control: no-store\nCDN-Cache-Control: max-age=60\n", TRUE, "cache.store.explicit", SHARED },
  { "an invalid CDN-Cache-Control against no-store", GET, "HTTP/1.1 200 OK\nCache-Control: no-store\nCDN-Cache-Control: max-age=60, &\n", FALSE, "cache.store.no-store", SHARED },
  { "CDN-Cache-Control: no-store=?0", GET, "HTTP/1.1 200 OK\nCDN-Cache-Control: no-store=?0, max-age=60\n", TRUE, "cache.store.explicit", SHARED },
  { "CDN-Cache-Control is not for a private cache", GET, "HTTP/1.1 200 OK\nCache-Control: no-store\nCDN-Cache-Control: max-age=60\n", FALSE, "cache.store.no-store", PRIVATE },
};
/* clang-format on */

static const char *const alternatives[] = {
  "/a",  "/b",  "max-age=60", "PUT", "PATCH",    "bytes 0-4/10",
  "206", "403", "100",        "599", "no-store", NULL,
};

static RtCacheSettings
settings_of (Kind kind)
{
  RtCacheSettings settings = kind == PRIVATE ? rt_cache_settings_private : rt_cache_settings_shared;

  settings.partial = kind != NO_RANGES;
  return settings;
}

typedef struct
{
  const Row *row;
  Kind kind;
} Asked;

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Asked *asked = data;
  RtCacheSettings settings = settings_of (asked->kind);

  return g_strdup (rt_cache_store_decide (&settings, messages[0], URI, messages[1], why)
                       ? "store"
                       : "do not store");
}

static void
check (const Row *row, Kind kind)
{
  Asked asked = { row, kind };
  HonestyCase c = { row->name, { row->request, row->response }, run, &asked, alternatives };

  honesty_check_answer (&c, row->store ? "store" : "do not store", row->clause);
}

static void
test_row (void **state)
{
  const Row *row = *state;

  if (row->kind != BOTH)
    check (row, row->kind);
  else
    {
      check (row, SHARED);
      check (row, PRIVATE);
    }
}

#define FIELDS                                                                                     \
  "HTTP/1.1 200 OK\nConnection: X-Hop, close\nX-Hop: 1\nKeep-Alive: 5\nTransfer-Encoding: x\n"     \
  "Proxy-Authenticate: Basic\nTE: x\nUpgrade: y\nSet-Cookie: a=b\nX-User: u\nETag: \"v\"\n"        \
  "Cache-Control: private=\"x-user, Set-Cookie\", max-age=60\n"

static char *
stored_names (const RtCacheSettings *settings)
{
  g_autoptr (RtMessage) response = honesty_message_new (FIELDS, 1);
  g_autoptr (RtFields) stored = rt_cache_stored_fields (settings, response->fields);
  GString *names = g_string_new (NULL);

  for (guint i = 0; i < rt_fields_get_length (stored); i++)
    {
      const RtField *field = rt_fields_get (stored, i);

      g_string_append_printf (names, "%.*s ", (int)field->name.length, field->name.at);
    }
  return g_string_free (names, FALSE);
}

static void
test_fields_of_the_connection_are_not_stored (void **state)
{
  g_autofree char *names = stored_names (&rt_cache_settings_private);

  assert_string_equal (names, "Set-Cookie X-User ETag Cache-Control ");
}

static void
test_private_fields_are_not_stored_in_a_shared_cache (void **state)
{
  g_autofree char *names = stored_names (&rt_cache_settings_shared);

  assert_string_equal (names, "ETag Cache-Control ");
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 2] = {
    cmocka_unit_test (test_fields_of_the_connection_are_not_stored),
    cmocka_unit_test (test_private_fields_are_not_stored_in_a_shared_cache),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 2] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("cache-store", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
