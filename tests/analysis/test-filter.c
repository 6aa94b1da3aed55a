/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Filters: what each term matches, what is said of a filter that cannot be understood, and what
 * could stand where the cursor is. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "filter-rows.h"
#include "rt-filter-private.h"
#include "rt-needle.h"
#include "rt-random.h"

static Builder log_of_tests;
static RtAnalysis *analysis;

static int
set_up (void **state)
{
  log_of_tests = build_log ();
  build_filtered (&log_of_tests);
  analysis = build_analysis (&log_of_tests, G_MAXUINT64);
  return 0;
}

static int
tear_down (void **state)
{
  rt_analysis_free (analysis);
  rt_log_free (log_of_tests.log);
  return 0;
}

static RtFilterMarks
marks_of (guint exchange)
{
  if (exchange == 4)
    return RT_FILTER_MARKED | RT_FILTER_NOTED;
  return exchange == 2 ? RT_FILTER_MARKED : RT_FILTER_UNMARKED;
}

static void
test_row (void **state)
{
  const FilterRow *row = *state;
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtFilter) filter = rt_filter_new (row->filter, &error);
  g_autoptr (GString) matches = g_string_new (NULL);

  assert_null (error);
  for (guint i = 0; i < exchanges->len; i++)
    if (rt_filter_matches (filter, analysis, exchanges->pdata[i], marks_of (i + 1)))
      g_string_append_printf (matches, "%s%u", matches->len > 0 ? " " : "", i + 1);
  assert_string_equal (matches->str, row->matches);
}

typedef struct
{
  const char *filter, *message;
} Bad;

/* clang-format off */
static const Bad bad[] = {
  { "set-cookie-domain:shop.test",
    "filter:1:1: there is no filter “set-cookie-domain”; expected /set-cookie:.*domain=shop.test/" },
  { "method:GET Mixed-Content:all",
    "filter:1:12: there is no filter “Mixed-Content”; expected scheme:http /referer: https/" },
  { "metod:GET", "filter:1:1: there is no filter “metod”; expected “method”" },
  { "cheese  status-code:abc", "filter:1:9: “status-code:” cannot be “abc”; "
                               "expected the status: 404, 4xx, >=400, 200-299" },
  { "status-code:", "filter:1:1: “status-code:” has no value; "
                    "expected the status: 404, 4xx, >=400, 200-299" },
  { "is:runing", "filter:1:1: there is no is “runing”; expected “running”" },
  { "larger-than:4x", "filter:1:1: “larger-than:” cannot be “4x”; "
                      "expected size of the response: 100, 4k, 1M" },
  { "larger-than:99999999999999999999", "filter:1:1: “larger-than:” cannot be "
    "“99999999999999999999”; expected size of the response: 100, 4k, 1M" },
  { "bytes:ABC", "filter:1:1: “bytes:” cannot be “ABC”; expected bytes in either message, in "
                 "hexadecimal: DEADBEEF" },
  { "ü \"open", "filter:1:3: the text that begins with a quote does not end; "
                "expected a second quote" },
  { "\"\"", "filter:1:1: there is no text; expected text between the quotes" },
  { "a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a a",
    "the filter is too long; expected at most 32 terms" },
};
/* clang-format on */

static void
test_bad (void **state)
{
  const Bad *row = *state;
  g_autoptr (GError) error = NULL;

  assert_null (rt_filter_new (row->filter, &error));
  assert_string_equal (error->message, row->message);
}

static void
test_bad_regex (void **state)
{
  g_autoptr (GError) error = NULL;

  assert_null (rt_filter_new ("-/a(b/", &error));
  assert_true (g_str_has_prefix (error->message, "filter:1:1: "));
  assert_true (
      g_str_has_suffix (error->message, "; expected a regular expression as Perl has them"));
}

typedef struct
{
  const char *pattern, *literal;
} Literal;

/* clang-format off */
static const Literal literals[] = {
  { "cheese", "cheese" },
  { "Stil?ton", "Sti" },
  { "a.cheese", "cheese" },
  { "^GET /item", "GET /item" },
  { "tokens+x", "tokens" },
  { "tokens*x", "token" },
  { "tokens{0,2}long", "token" },
  { "tokens{,2}3", "token" },
  { "\\{\"id\": \\d+, \"name\"", ", \"name\"" },
  { "\\.example\\.test", ".example.test" },
  { "(first|second)thirdly", "thirdly" },
  { "(longest of all)?thirdly", "thirdly" },
  { "[a-z]+ing the[^]x]re", "ing the" },
  { "id=\\d\\dabc", "id=" },
  { "first|second", NULL },
  { "ab", NULL },
  { "(?i)cheese", NULL },
  { "(?x) c h e e s e", NULL },
  { "(*ANYCRLF)cheese", NULL },
  { "\\Qa|b\\E", NULL },
  { "\\x41bcd", NULL },
  { "(cheese)\\1", NULL },
  { "cheese[[:alpha:]]", NULL },
  { "cheese\\K", NULL },
};
/* clang-format on */

static void
test_literal (void **state)
{
  const Literal *row = *state;
  g_autofree char *text = g_strdup_printf ("/%s/", row->pattern);
  g_autoptr (RtFilter) filter = rt_filter_new (text, NULL);
  const RtFilterTerm *term = filter != NULL ? rt_filter_get_term (filter, 0) : NULL;

  assert_non_null (term);
  assert_non_null (term->regex);
  if (row->literal == NULL)
    assert_null (term->bytes);
  else
    {
      g_autoptr (GBytes) literal = g_bytes_new_static (row->literal, strlen (row->literal));

      assert_non_null (term->bytes);
      assert_true (g_bytes_equal (term->bytes, literal));
    }
}

/* Patterns put together at random: what matches has the literal in it. */
static void
test_literals_hold (void **state)
{
  static const char *const parts[] = { "abc",  "bca", "a",   "b?",    "c*", "(ab|c)",  "[ab]",
                                       "a{2}", "b+",  "\\w", "(bc)?", ".",  "ca{0,1}", "\\bab" };
  RtRandom random;
  guint n_matches = 0;

  rt_random_init (&random, 7);
  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) pattern = g_string_new (NULL);
      g_autofree char *literal = NULL;
      g_autoptr (GRegex) regex = NULL;
      char subject[] = "........................";

      for (guint n = 2 + (guint)rt_random_below (&random, 4); n > 0; n--)
        g_string_append (pattern, parts[rt_random_below (&random, G_N_ELEMENTS (parts))]);
      literal = rt_filter_find_literal (pattern->str);
      if (literal == NULL)
        continue;
      regex = g_regex_new (pattern->str, G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
      for (guint at = 0; at < sizeof subject - 1; at++)
        subject[at] = "abcABC "[rt_random_below (&random, 7)];
      if (!g_regex_match (regex, subject, 0, NULL))
        continue;
      n_matches++;
      assert_true (rt_needle_find (&(RtNeedle){ rt_text (literal), TRUE }, rt_text (subject), 0)
                   >= 0);
    }
  assert_in_range (n_matches, 100, 20000);
}

typedef struct
{
  const char *text; /* | is the cursor */
  const char *completions;
} Completing;

/* clang-format off */
static const Completing completing[] = {
  { "me|", "0-2 method:" },
  { "-me|", "1-3 method:" },
  { "cheese status|", "7-13 status-code:" },
  { "me| cheese", "0-2 method:" },
  { "is:re|", "3-5 redirect, 3-5 retried, 3-5 reconstructed" },
  { "is:RU|", "3-5 running" },
  { "scheme:|", "7-7 http, 7-7 https" },
  { "method:|", "7-7 GET, 7-7 OPTIONS, 7-7 PUT" },
  { "method:p|ut", "7-10 PUT" },
  { "status-code:4|", "12-13 412" },
  { "domain:api.shop.test:|", "7-21 api.shop.test:80" },
  { "cookie-name:|", "12-12 sid, 12-12 theme" },
  { "has-response-header:e|", "20-21 etag" },
  { "mime-type:|", "10-10 application/json, 10-10 text/html" },
  { "nothing:|", "" },
  { "\"a b\" has|", "6-9 has-request-header:, 6-9 has-response-header:, 6-9 has:" },
};
/* clang-format on */

static void
test_completion (void **state)
{
  const Completing *row = *state;
  gsize cursor = (gsize)(strchr (row->text, '|') - row->text);
  g_autofree char *text
      = g_strdup_printf ("%.*s%s", (int)cursor, row->text, row->text + cursor + 1);
  g_autoptr (GPtrArray) found = rt_filter_complete (text, cursor, rt_filter_dup_values, analysis);
  g_autoptr (GString) told = g_string_new (NULL);

  for (guint i = 0; i < found->len; i++)
    {
      const RtFilterCompletion *completion = found->pdata[i];

      g_string_append_printf (told, "%s%u-%u %s", i > 0 ? ", " : "", (guint)completion->start,
                              (guint)completion->end, completion->text);
    }
  assert_string_equal (told->str, row->completions);
}

static void
test_nothing_typed (void **state)
{
  guint n;
  g_autoptr (GPtrArray) found = NULL;

  rt_filter_get_keywords (&n);
  found = rt_filter_complete ("method:GET ", 11, NULL, NULL);
  assert_int_equal (found->len, n);
  for (guint i = 0; i < n; i++)
    assert_non_null (((RtFilterCompletion *)found->pdata[i])->help);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (filter_rows) + G_N_ELEMENTS (bad)
                          + G_N_ELEMENTS (completing) + G_N_ELEMENTS (literals) + 3]
      = {
          { "a bad regular expression names its place", test_bad_regex, NULL, NULL, NULL },
          { "every name is offered where nothing was typed", test_nothing_typed, NULL, NULL, NULL },
          { "a match has its literal in it", test_literals_hold, NULL, NULL, NULL },
        };
  gsize n = 3;

  for (gsize i = 0; i < G_N_ELEMENTS (filter_rows); i++)
    tests[n++] = (struct CMUnitTest){ filter_rows[i].filter, test_row, NULL, NULL,
                                      (void *)&filter_rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    tests[n++] = (struct CMUnitTest){ bad[i].filter, test_bad, NULL, NULL, (void *)&bad[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (literals); i++)
    tests[n++] = (struct CMUnitTest){ literals[i].pattern, test_literal, NULL, NULL,
                                      (void *)&literals[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (completing); i++)
    tests[n++] = (struct CMUnitTest){ completing[i].text, test_completion, NULL, NULL,
                                      (void *)&completing[i] };
  return _cmocka_run_group_tests ("filters", tests, n, set_up, tear_down);
}
