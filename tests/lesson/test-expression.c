/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The language of checks: what holds and what does not on one small run, and in which words a check
 * that fails says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-play-private.h"

#include <string.h>

static const char lesson_text[] = "---\n"
                                  "title: t\ntopic: t\nsummary: t\nlevel: 1\nminutes: 6\n"
                                  "clock: 2026-01-01T12:00:00Z\n"
                                  "parties: {ann: client, bob: client, shop.test: origin}\n"
                                  "---\n"
                                  "```origin shop.test\n"
                                  "/doc: {kind: document, content: \"one\\ntwo\"}\n"
                                  "/new: {kind: document}\n"
                                  "```\n"
                                  "```http ann -> shop.test as look\n"
                                  "GET /doc HTTP/1.1\nHost: shop.test\nAccept: a\nAccept: b\n"
                                  "```\n"
                                  "```http bob -> shop.test\n"
                                  "PUT /doc HTTP/1.1\nHost: shop.test\nIf-Match: \"9\"\n\nx\n"
                                  "```\n"
                                  "```http bob -> shop.test\n"
                                  "DELETE /doc HTTP/1.1\nHost: shop.test\nIf-Match: \"1\"\n"
                                  "```\n";

typedef struct
{
  const char *check;
  const char *message; /* NULL: it holds */
} Row;

static RtLesson *lesson;
static RtPlay *play;

/* clang-format off */
static const Row rows[] = {
  { "response 1 status == 200", NULL },
  { "response look status == 200", NULL },
  { "response 1 reason == OK", NULL },
  { "response 1 version == HTTP/1.1", NULL },
  { "request 1 method == GET", NULL },
  { "request 1 target == /doc", NULL },
  { "request 1 field accept == a, b", NULL },
  { "response 1 field ETag == \"1\"", NULL },
  { "response 1 field Vary is absent", NULL },
  { "response 1 field ETag is present", NULL },
  { "response 1 field ETag != \"2\"", NULL },
  { "response 1 body contains two", NULL },
  { "response 1 body lacks three", NULL },
  { "response 1 field Content-Length < 8", NULL },
  { "response 1 field Content-Length >= 7", NULL },
  { "body contains holds", "body contains holds; it was empty" },
  { "response 1 member text is absent", NULL },
  { "last response status == 204", NULL },
  { "last exchange == answered", NULL },
  { "exchange look == answered", NULL },
  { "request 2 body == x", NULL },
  { "state shop.test /doc is absent", NULL },
  { "state shop.test /new is absent", NULL },
  { "count requests == 3", NULL },
  { "count requests PUT == 1", NULL },
  { "count requests from bob == 2", NULL },
  { "count requests from bob in step 2 == 1", NULL },
  { "count requests from ann in last step == 0", NULL },
  { "count requests in step look == 1", NULL },
  { "count connections from bob in step 3 == 0", NULL },
  { "count bytes from bob to ann == 0", NULL },
  { "count bytes from bob to shop.test > 80", NULL },
  { "count states version of shop.test == 0", NULL },
  { "most states version of shop.test == 1", NULL },
  { "request 2 from bob method == DELETE", NULL },
  { "response 1 to bob status == 412", NULL },
  { "last response to ann status == 200", NULL },
  { "last request method == DELETE", NULL },
  { "request 2 content-size == 1", NULL },
  { "response 1 size > 100", NULL },
  { "exchange 1 duration < 1s", NULL },
  { "exchange 1 duration >= 40ms", NULL },
  { "step look duration > 80ms", NULL },
  { "run duration > 240ms", NULL },
  { "decision precondition.if-match fails in run", NULL },
  { "decision cache.fresh holds in run", "decision cache.fresh holds in run; no decision of the run asks “cache.fresh”" },
  { "last step duration < 81ms", NULL },
  { "count requests GET from bob == 0", NULL },
  { "count responses 412 to bob == 1", NULL },
  { "count exchanges > 2", NULL },
  { "count connections to shop.test == 2", NULL },
  { "decision precondition.if-match holds", NULL },
  { "decision precondition.if-match fails in exchange 2", NULL },
  { "decision precondition.if-match decides in exchange 2", NULL },
  { "decision precondition.if-match holds in last exchange", NULL },

  { "request 3 from bob method == GET", "request 3 from bob method == GET; there is no exchange 3, there are 2" },
  { "last request from eve method == GET", "last request from eve method == GET; there is no party “eve”" },
  { "exchange 1 duration < 5", "exchange 1 duration < 5; it cannot be compared: it is no duration: 40.288ms" },
  { "count requests in step 9 == 0", "count requests in step 9 == 0; no such step was taken" },
  { "decision precondition.if-match holds in step look", "decision precondition.if-match holds in step look; no decision of the step asks “precondition.if-match”" },
  { "last response status == 412", "last response status == 412; it was 204" },
  { "response 1 field Vary == x", "response 1 field Vary == x; it was absent" },
  { "response 1 field ETag is absent", "response 1 field ETag is absent; it was \"1\"" },
  { "response 1 body == one", "response 1 body == one; it was one\\ntwo" },
  { "response 4 status == 200", "response 4 status == 200; there is no exchange 4, there are 3" },
  { "response 1 field ETag < 2", "response 1 field ETag < 2; it cannot be compared: it is no whole number: \"1\"" },
  { "state shop.test /nothing version == 1", "state shop.test /nothing version == 1; shop.test keeps nothing under “/nothing”" },
  { "state shop.test /doc is present", "state shop.test /doc is present; it was absent" },
  { "state nobody /doc version == 1", "state nobody /doc version == 1; there is no party “nobody”" },
  { "count requests from eve == 0", "count requests from eve == 0; there is no party “eve”" },
  { "count requests == 4", "count requests == 4; it was 3" },
  { "decision precondition.if-match fails", "decision precondition.if-match fails; it was holds" },
  { "decision cache.fresh holds", "decision cache.fresh holds; no decision of exchange 3 asks “cache.fresh”" },
  { "response look status == 412", "response look status == 412; it was 200" },
  { "response later status == 412", "response later status == 412; no exchange was started by a step “later”" },
};
/* clang-format on */

static void
is_evaluated (void **state)
{
  const Row *row = *state;
  const RtPlace place = { "l.md", 1, 0 };
  g_autoptr (GError) error = NULL;
  RtExpression *expression = rt_expression_parse (row->check, TRUE, &place, &error);
  RtExpressionScope scope = rt_play_get_scope (play);
  g_auto (RtFound) found = { NULL, 0, RT_SPAN_NONE };
  gboolean holds;

  assert_non_null (expression);
  holds = rt_expression_holds (expression, &scope, &found, &error);
  rt_expression_free (expression);
  if (row->message == NULL && error != NULL)
    assert_string_equal (error->message, "");
  assert_int_equal (holds, row->message == NULL);
  if (row->message != NULL)
    assert_string_equal (error->message, row->message);
}

/* A value is proved by the bytes that it was read from. */
static void
what_is_found_is_where_its_span_says (void **state)
{
  const RtPlace place = { "l.md", 1, 0 };
  static const struct
  {
    const char *subject, *bytes;
  } found_rows[] = {
    { "response 2 status", "412" },
    { "response 1 field ETag", "ETag: \"1\"" },
    { "request 2 method", "PUT" },
    { "request 2 body", "x" },
    { "decision precondition.if-match in exchange 2", "\"9\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (found_rows); i++)
    {
      RtExpression *expression = rt_expression_parse (found_rows[i].subject, FALSE, &place, NULL);
      g_auto (RtFound) found = { NULL, 0, RT_SPAN_NONE };
      g_autoptr (GBytes) bytes = NULL;

      assert_non_null (expression);
      assert_true (rt_play_find (play, expression, &found, NULL));
      rt_expression_free (expression);
      bytes = rt_reader_dup_bytes (rt_play_get_reader (play), found.span, NULL);
      assert_non_null (bytes);
      assert_int_equal (g_bytes_get_size (bytes), strlen (found_rows[i].bytes));
      assert_memory_equal (g_bytes_get_data (bytes, NULL), found_rows[i].bytes,
                           strlen (found_rows[i].bytes));
    }
}

static void
holds_in_a_lesson (const char *text, guint n_checks)
{
  g_autoptr (GError) error = NULL;
  RtLesson *own = rt_lesson_new_from_text ("l.md", text, strlen (text), &error);
  RtPlay *played;

  assert_null (error);
  played = rt_play_new (own, own->runs->pdata[0], NULL, NULL);
  assert_int_equal (rt_play_get_results (played)->len, n_checks);
  for (guint i = 0; i < n_checks; i++)
    assert_null (((RtCheckResult *)rt_play_get_results (played)->pdata[i])->message);
  rt_play_unref (played);
  rt_lesson_unref (own);
}

static void
a_member_of_json_is_found (void **state)
{
  static const char text[]
      = "---\n"
        "title: t\ntopic: t\nsummary: t\nlevel: 1\nminutes: 6\n"
        "clock: 2026-01-01T12:00:00Z\n"
        "parties: {ann: client, shop.test: origin}\n"
        "---\n"
        "```origin shop.test\n"
        "/j: {kind: document, content: '{\"text\": \"a\\\"b\", \"n\": 5, \"o\": {\"n\": 6}}'}\n"
        "```\n"
        "```http ann -> shop.test\n"
        "GET /j HTTP/1.1\nHost: shop.test\n"
        "```\n"
        "```check\n"
        "last response member text == a\"b\n"
        "last response member n == 5\n"
        "last response member o == {\"n\": 6}\n"
        "last response member none is absent\n"
        "last request member text is absent\n"
        "```\n";

  holds_in_a_lesson (text, 5);
}

static void
a_trailer_field_is_no_field_of_the_header_section (void **state)
{
  static const char text[] = "---\n"
                             "title: t\ntopic: t\nsummary: t\nlevel: 1\nminutes: 6\n"
                             "clock: 2026-01-01T12:00:00Z\n"
                             "parties: {ann: client, shop.test: origin}\n"
                             "---\n"
                             "```origin shop.test\n"
                             "/h: {kind: handler, on-error: trailer, steps: [write a, fail]}\n"
                             "```\n"
                             "```http ann -> shop.test\n"
                             "GET /h HTTP/1.1\nHost: shop.test\nTE: trailers\nConnection: TE\n"
                             "```\n"
                             "```check\n"
                             "last response trailer final-status == 500\n"
                             "last response field Final-Status is absent\n"
                             "last response field Trailer == Final-Status\n"
                             "last response trailer Trailer is absent\n"
                             "last request trailer Final-Status is absent\n"
                             "```\n";

  holds_in_a_lesson (text, 5);
}

static int
set_up (void **state)
{
  lesson = rt_lesson_new_from_text ("l.md", lesson_text, strlen (lesson_text), NULL);
  play = lesson != NULL ? rt_play_new (lesson, lesson->runs->pdata[0], NULL, NULL) : NULL;
  return play != NULL ? 0 : -1;
}

static int
tear_down (void **state)
{
  rt_play_unref (play);
  rt_lesson_unref (lesson);
  return 0;
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 3] = {
    cmocka_unit_test (what_is_found_is_where_its_span_says),
    cmocka_unit_test (a_member_of_json_is_found),
    cmocka_unit_test (a_trailer_field_is_no_field_of_the_header_section),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i + 3] = (struct CMUnitTest){ rows[i].check, is_evaluated, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("expressions", tests, G_N_ELEMENTS (tests), set_up, tear_down);
}
