/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a learner writes, settings and requests, comes back from the one text that it becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-challenge-text.h"

#include <string.h>

static const char lesson_text[] = "---\n"
                                  "title: A lesson\n"
                                  "topic: tests\n"
                                  "summary: Requests to be changed.\n"
                                  "level: 1\n"
                                  "minutes: 6\n"
                                  "clock: 2026-01-01T12:00:00Z\n"
                                  "parties:\n"
                                  "  ann: byte-client\n"
                                  "  bob: byte-client\n"
                                  "  tea.test: origin\n"
                                  "---\n"
                                  "Words.\n"
                                  "\n"
                                  "```bytes ann -> tea.test answers 1\n"
                                  "GET / HTTP/1.1\n"
                                  "\n"
                                  "```\n"
                                  "\n"
                                  "```challenge Put it right\n"
                                  "Now.\n"
                                  "```\n"
                                  "\n"
                                  "%s"
                                  "\n"
                                  "```probe symptom it is read\n"
                                  "```\n"
                                  "\n"
                                  "```bytes ann -> tea.test answers 1\n"
                                  "```\n"
                                  "\n"
                                  "```check\n"
                                  "last response status == 404\n"
                                  "```\n"
                                  "\n"
                                  "```probe good something comes\n"
                                  "```\n"
                                  "\n"
                                  "```bytes ann -> tea.test answers 1\n"
                                  "```\n"
                                  "\n"
                                  "```check\n"
                                  "count responses == 1\n"
                                  "```\n";

#define REQUEST "```starter bytes ann\nGET / HTTP/1.1\n\n```\n\n"
#define SECOND "```starter bytes bob\nPUT / HTTP/1.1\n\n```\n\n"
#define SETTINGS "```starter\ntea.test:\n  limits: {}\n```\n\n"

static RtLesson *
new_lesson (const char *starters, GError **error)
{
  g_autofree char *text = g_strdup_printf (lesson_text, starters);

  return rt_lesson_new_from_text ("l.md", text, strlen (text), error);
}

static void
expect_bytes (GPtrArray *answer, const char *party, const char *want)
{
  for (guint i = 0; i < answer->len; i++)
    {
      const RtPartySettings *settings = answer->pdata[i];
      g_autoptr (GVariant) bytes = NULL;

      if (!g_str_equal (settings->party, party))
        continue;
      bytes = g_variant_lookup_value (settings->named, "bytes", G_VARIANT_TYPE_STRING);
      assert_non_null (bytes);
      assert_string_equal (g_variant_get_string (bytes, NULL), want);
      return;
    }
  fail ();
}

/* Each is sent as it was written. */
/* clang-format off */
static const struct { const char *name, *text; } texts[] = {
  { "an empty line at the end is kept", "GET / HTTP/1.1\nHost:tea.test\n\n" },
  { "no empty line at the end is kept", "GET / HTTP/1.1\nHost:tea.test\n" },
  { "no line at all", "" },
  { "nothing but empty lines", "\n\n\n" },
  { "spaces at the beginning and the end", "  GET / \n a\n \n" },
  { "what looks like YAML", "# a: [b\n- \"c\n'\n...\n---\n" },
  { "backslashes", "a\\r\\n\\\\\\\n" },
  { "tabs", "a\tb\n\tc\n" },
  { "controls and lines of other kinds", "a\x01 \xc2\x85 \xe2\x80\xa8 \xef\xbb\xbf\n\"\\\n" },
  { "characters beyond the first plane", "\xf0\x9f\x8d\xb5\n" },
  { "a CR that somebody typed", "a\rb\n" },
};
/* clang-format on */

static void
comes_back (void **state)
{
  const char *text = *state;
  const char *const requests[] = { text, NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = new_lesson (REQUEST SETTINGS, &error);
  g_autofree char *yaml = NULL;
  g_autoptr (GPtrArray) answer = NULL;

  assert_null (error);
  yaml = rt_challenge_write (lesson->challenge, NULL, requests);
  answer = rt_lesson_read_answer (lesson, "answer", yaml, strlen (yaml), &error);
  if (error != NULL)
    print_message ("# %s\n%s\n", error->message, yaml);
  assert_non_null (answer);
  assert_int_equal (answer->len, 2);
  expect_bytes (answer, "ann", text);
}

static void
the_starter_is_all_of_it (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = new_lesson (REQUEST SETTINGS SECOND, &error);
  g_autoptr (GPtrArray) starter = NULL;

  assert_non_null (lesson);
  assert_string_equal (lesson->challenge->starter, "tea.test:\n"
                                                   "  limits: {}\n"
                                                   "ann:\n"
                                                   "  bytes: |2+\n"
                                                   "    GET / HTTP/1.1\n"
                                                   "\n"
                                                   "bob:\n"
                                                   "  bytes: |2+\n"
                                                   "    PUT / HTTP/1.1\n"
                                                   "\n");
  starter = rt_lesson_read_starter (lesson, &error);
  assert_non_null (starter);
  expect_bytes (starter, "ann", "GET / HTTP/1.1\n\n");
  expect_bytes (starter, "bob", "PUT / HTTP/1.1\n\n");
  assert_int_equal (lesson->challenge->requests->len, 2);
  assert_non_null (rt_challenge_find_request (lesson->challenge, "bob"));
  assert_null (rt_challenge_find_request (lesson->challenge, "tea.test"));
}

static void
errors_in_the_settings_name_their_line (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = new_lesson (REQUEST SETTINGS, &error);
  g_autofree char *yaml
      = rt_challenge_write (lesson->challenge, "tea.test:\n  limits: {}\n  what: 1", NULL);

  assert_null (rt_lesson_read_answer (lesson, "answer", yaml, strlen (yaml), &error));
  assert_true (g_str_has_prefix (error->message, "answer:3: "));
}

static void
a_request_alone_is_an_answer (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = new_lesson (REQUEST, &error);
  g_autofree char *yaml
      = rt_challenge_write_request (lesson->challenge, "a.http", "GET /\r\n\r\nb\n", 11, &error);
  g_autoptr (GPtrArray) answer
      = rt_lesson_read_answer (lesson, "answer", yaml, strlen (yaml), &error);

  assert_non_null (answer);
  expect_bytes (answer, "ann", "GET /\n\nb\n");
}

static void
several_requests_are_no_single_one (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = new_lesson (REQUEST SECOND, &error);

  assert_null (rt_challenge_write_request (lesson->challenge, "a.http", "GET /\n", 6, &error));
  assert_string_equal (error->message,
                       "a.http: this challenge asks for several requests; expected settings, "
                       "as YAML");
}

static void
a_request_that_is_no_text_is_refused (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = new_lesson (REQUEST, &error);

  assert_null (rt_challenge_write_request (lesson->challenge, "a.http", "GET /\xff\n", 7, &error));
  assert_string_equal (error->message,
                       "a.http: this is no text; expected UTF-8 text, other bytes as \\xHH");
}

static const struct
{
  const char *name, *starters, *want;
} wrong[] = {
  { "a request of nobody", "```starter bytes bib\nGET /\n```\n\n",
    "l.md:24: there is no byte-client “bib”; expected “bob”" },
  { "a request of who sends no bytes", "```starter bytes tea.test\nGET /\n```\n\n",
    "l.md:24: there is no byte-client “tea.test”; expected one of ann, bob" },
  { "a request twice", REQUEST REQUEST,
    "l.md:29: it has a starter already; expected another byte client" },
  { "settings of who has a request", REQUEST "```starter\nann:\n  bytes: x\n```\n\n",
    "l.md:30: somebody's settings stand here twice; expected a party without a request above" },
  { "settings twice", SETTINGS SETTINGS,
    "l.md:29: it is the second; expected one starter with settings" },
  { "a form that there is not", "```starter http ann\nGET /\n```\n\n",
    "l.md:24: the block begins with “starter http ann”; expected “starter” or “starter bytes "
    "BYTE-CLIENT”" },
  { "bytes that cannot be read", "```starter bytes ann\nGET /\n\\q\n```\n\n",
    "l.md:26: a backslash escapes nothing; expected \\r, \\n, \\t, \\0, \\xHH, \\\\, or \\ at the "
    "line's end" },
};

static void
is_refused (void **state)
{
  const char *const *row = *state; /* starters, then the message */
  g_autoptr (GError) error = NULL;

  assert_null (new_lesson (row[0], &error));
  assert_string_equal (error->message, row[1]);
}

int
main (void)
{
  const struct CMUnitTest others[] = {
    cmocka_unit_test (the_starter_is_all_of_it),
    cmocka_unit_test (errors_in_the_settings_name_their_line),
    cmocka_unit_test (a_request_alone_is_an_answer),
    cmocka_unit_test (several_requests_are_no_single_one),
    cmocka_unit_test (a_request_that_is_no_text_is_refused),
  };
  struct CMUnitTest tests[G_N_ELEMENTS (texts) + G_N_ELEMENTS (wrong) + G_N_ELEMENTS (others)];
  struct CMUnitTest *next = tests;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    *next++ = (struct CMUnitTest){ texts[i].name, comes_back, NULL, NULL, (void *)texts[i].text };
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    *next++
        = (struct CMUnitTest){ wrong[i].name, is_refused, NULL, NULL, (void *)&wrong[i].starters };
  memcpy (next, others, sizeof others);
  return _cmocka_run_group_tests ("challenge text", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
