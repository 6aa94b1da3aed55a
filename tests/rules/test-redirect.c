/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Redirection: each row a request to http://a.test/x/y#f, a response, and what becomes of them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-redirect.h"

typedef struct
{
  const char *name;
  const char *method, *response;
  RtRedirectContext context;
  const char *want; /* verdict, next method, next URL, `crosses` and `taints` */
  const char *clause;
} Row;

#define TO(status, where) "HTTP/1.1 " status " Go\nLocation: " where "\n"

/* clang-format off */
static const Row rows[] = {
  { "200 is an answer", "GET", TO ("200", "/n"), { 0 }, "deliver", "redirect.status" },
  { "201 with a Location is an answer", "POST", TO ("201", "/n"), { 0 }, "deliver", "redirect.status" },
  { "300 is an answer", "GET", TO ("300", "/n"), { 0 }, "deliver", "redirect.status" },
  { "304 is an answer", "GET", TO ("304", "/n"), { 0 }, "deliver", "redirect.status" },
  { "305 is an answer", "GET", TO ("305", "/n"), { 0 }, "deliver", "redirect.status" },
  { "399 is an answer", "GET", TO ("399", "/n"), { 0 }, "deliver", "redirect.status" },
  { "301 of GET", "GET", TO ("301", "/n"), { 0 }, "follow GET http://a.test/n#f", "redirect.origin" },
  { "301 of POST becomes GET", "POST", TO ("301", "/n"), { 0 }, "follow GET http://a.test/n#f", "redirect.origin" },
  { "301 of PUT stays PUT", "PUT", TO ("301", "/n"), { 0 }, "follow PUT http://a.test/n#f", "redirect.origin" },
  { "301 of HEAD stays HEAD", "HEAD", TO ("301", "/n"), { 0 }, "follow HEAD http://a.test/n#f", "redirect.origin" },
  { "302 of POST becomes GET", "POST", TO ("302", "/n"), { 0 }, "follow GET http://a.test/n#f", "redirect.origin" },
  { "302 of DELETE stays DELETE", "DELETE", TO ("302", "/n"), { 0 }, "follow DELETE http://a.test/n#f", "redirect.origin" },
  { "303 of POST becomes GET", "POST", TO ("303", "/n"), { 0 }, "follow GET http://a.test/n#f", "redirect.origin" },
  { "303 of PUT becomes GET", "PUT", TO ("303", "/n"), { 0 }, "follow GET http://a.test/n#f", "redirect.origin" },
  { "303 of HEAD stays HEAD", "HEAD", TO ("303", "/n"), { 0 }, "follow HEAD http://a.test/n#f", "redirect.origin" },
  { "307 of POST stays POST", "POST", TO ("307", "/n"), { 0 }, "follow POST http://a.test/n#f", "redirect.origin" },
  { "308 of POST stays POST", "POST", TO ("308", "/n"), { 0 }, "follow POST http://a.test/n#f", "redirect.origin" },
  { "308 of PATCH stays PATCH", "PATCH", TO ("308", "/n"), { 0 }, "follow PATCH http://a.test/n#f", "redirect.origin" },
  { "a method is POST in upper case only", "post", TO ("301", "/n"), { 0 }, "follow post http://a.test/n#f", "redirect.origin" },
  { "a relative Location", "GET", TO ("302", "z?q"), { 0 }, "follow GET http://a.test/x/z?q#f", "redirect.origin" },
  { "an empty Location is the same document", "GET", TO ("302", ""), { 0 }, "follow GET http://a.test/x/y#f", "redirect.origin" },
  { "a Location with a fragment of its own", "GET", TO ("302", "/n#g"), { 0 }, "follow GET http://a.test/n#g", "redirect.origin" },
  { "a Location with an empty fragment of its own", "GET", TO ("302", "/n#"), { 0 }, "follow GET http://a.test/n#", "redirect.origin" },
  { "another host", "GET", TO ("302", "//b.test/"), { 0 }, "follow GET http://b.test/#f crosses", "redirect.origin" },
  { "another port", "GET", TO ("302", "http://a.test:8080/"), { 0 }, "follow GET http://a.test:8080/#f crosses", "redirect.origin" },
  { "the default port is no other", "GET", TO ("302", "http://a.test:80/"), { 0 }, "follow GET http://a.test/#f", "redirect.origin" },
  { "another scheme", "GET", TO ("302", "https://a.test/"), { 0 }, "follow GET https://a.test/#f crosses", "redirect.origin" },
  { "out of the page's own origin", "GET", TO ("302", "//b.test/"), { .origin = "http://a.test", .cors = TRUE }, "follow GET http://b.test/#f crosses", "redirect.taint" },
  { "from one foreign origin to another", "GET", TO ("302", "//b.test/"), { .origin = "http://c.test", .cors = TRUE }, "follow GET http://b.test/#f crosses taints", "redirect.taint" },
  { "from a foreign origin back home", "GET", TO ("302", "//c.test/"), { .origin = "http://c.test", .cors = TRUE }, "follow GET http://c.test/#f crosses taints", "redirect.taint" },
  { "within a foreign origin", "GET", TO ("302", "/n"), { .origin = "http://c.test", .cors = TRUE }, "follow GET http://a.test/n#f", "redirect.origin" },
  { "no Location", "GET", "HTTP/1.1 302 Go\n", { 0 }, "deliver", "redirect.location" },
  { "two Locations", "GET", TO ("302", "/a") "Location: /b\n", { 0 }, "refuse", "redirect.location.single" },
  { "a Location that is no URL", "GET", TO ("302", "http://[/"), { 0 }, "refuse", "redirect.location.valid" },
  { "a Location to a file", "GET", TO ("302", "file:///etc/passwd"), { 0 }, "refuse", "redirect.scheme" },
  { "a Location to data", "GET", TO ("302", "data:,x"), { 0 }, "refuse", "redirect.scheme" },
  { "the twentieth", "GET", TO ("302", "/n"), { .count = 19 }, "follow GET http://a.test/n#f", "redirect.origin" },
  { "the twenty-first", "GET", TO ("302", "/n"), { .count = 20 }, "refuse", "redirect.limit" },
  { "a limit of one's own", "GET", TO ("302", "/n"), { .count = 3, .limit = 3 }, "refuse", "redirect.limit" },
  { "the caller wants an error", "GET", TO ("302", "/n"), { .mode = RT_REDIRECT_MODE_ERROR }, "refuse", "redirect.mode.manual" },
  { "the caller wants to follow itself", "GET", TO ("302", "/n"), { .mode = RT_REDIRECT_MODE_MANUAL }, "hand-over", "redirect.mode.manual" },
  { "a mode does not matter without a redirection", "GET", TO ("200", "/n"), { .mode = RT_REDIRECT_MODE_ERROR }, "deliver", "redirect.status" },
  { "name and password to the page's own origin", "GET", TO ("302", "http://u:p@a.test/"), { .origin = "http://a.test" }, "follow GET http://u:p@a.test/#f", "redirect.origin" },
  { "name and password to another origin", "GET", TO ("302", "http://u:p@b.test/"), { .origin = "http://a.test" }, "refuse", "redirect.userinfo" },
  { "name and password on a cross-origin request", "GET", TO ("302", "http://u@a.test/"), { .origin = "http://a.test", .cors = TRUE }, "refuse", "redirect.userinfo" },
  { "a streamed body cannot be sent again", "POST", TO ("307", "/n"), { .has_content = TRUE, .streamed = TRUE }, "refuse", "redirect.content" },
  { "a streamed body need not be sent again", "POST", TO ("303", "/n"), { .has_content = TRUE, .streamed = TRUE }, "follow GET http://a.test/n#f", "redirect.origin" },
};
/* clang-format on */

static char *
run (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const Row *row = data;
  RtRedirectContext context = row->context;
  g_autoptr (RtUrl) url = rt_url_parse (RT_TEXT ("http://a.test/x/y#f"), NULL, NULL);
  g_auto (RtRedirectNext) next = { 0 };
  g_autoptr (RtMessage) request = NULL;
  g_autofree char *to = NULL;
  g_autofree char *method = NULL;
  RtRedirect verdict;

  context.url = url;
  verdict = rt_redirect_decide (messages[0], messages[1], &context, &next, why);
  if (verdict != RT_REDIRECT_FOLLOW)
    return g_strdup (rt_redirect_name (verdict));
  request = rt_redirect_dup_request (messages[0], &next);
  to = rt_url_serialize (next.url, TRUE);
  method = rt_text_dup (request->method);
  return g_strdup_printf ("follow %s %s%s%s", method, to, next.crosses ? " crosses" : "",
                          next.taints ? " taints" : "");
}

static void
test_row (void **state)
{
  static const char *const alternatives[] = { "GET",      "POST",     "PUT", "301",
                                              "303",      "200",      "/n",  "//b.test/",
                                              "file:///", "http://[", NULL };
  const Row *row = *state;
  g_autofree char *request = g_strconcat (row->method, " /x/y HTTP/1.1\nHost: a.test\n", NULL);
  HonestyCase c = { row->name, { request, row->response }, run, row, alternatives };

  honesty_check_answer (&c, row->want, row->clause);
}

static RtMessage *
redirected (const char *location, guint status)
{
  g_autoptr (RtMessage) request
      = honesty_message_new ("POST /x/y HTTP/1.1\nHost: a.test\nContent-Type: a/b\n"
                             "Content-Length: 3\nAuthorization: Bearer x\nCookie: c=1\nX-A: 1\n",
                             1);
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %u Go\nLocation: %s\n", status, location);
  g_autoptr (RtMessage) response = honesty_message_new (text, 2);
  g_autoptr (RtUrl) url = rt_url_parse (RT_TEXT ("http://a.test/x/y"), NULL, NULL);
  RtRedirectContext context = { .url = url };
  g_auto (RtRedirectNext) next = { 0 };

  assert_int_equal (rt_redirect_decide (request, response, &context, &next, NULL),
                    RT_REDIRECT_FOLLOW);
  return rt_redirect_dup_request (request, &next);
}

static void
assert_fields (RtMessage *message, const char *want)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);

      g_string_append_printf (text, "%.*s: %.*s; ", (int)field->name.length, field->name.at,
                              (int)field->value.length, field->value.at);
    }
  assert_string_equal (text->str, want);
}

static void
test_content_is_dropped_with_its_fields (void **state)
{
  g_autoptr (RtMessage) next = redirected ("/n?q#f", 303);

  assert_true (rt_text_is (next->target, "/n?q"));
  assert_fields (next, "Host: a.test; Authorization: Bearer x; Cookie: c=1; X-A: 1; ");
}

static void
test_credentials_stay_back (void **state)
{
  g_autoptr (RtMessage) next = redirected ("http://b.test:8080/", 308);

  assert_true (rt_text_is (next->method, "POST"));
  assert_fields (next, "Host: b.test:8080; Content-Type: a/b; Content-Length: 3; X-A: 1; ");
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 2] = {
    cmocka_unit_test (test_content_is_dropped_with_its_fields),
    cmocka_unit_test (test_credentials_stay_back),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 2] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("redirect", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
