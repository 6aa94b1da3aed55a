/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip rule`: its lines in and out. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-rule.h"

typedef struct
{
  const char *name, *rule, *question, *answer;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "the id is echoed, whatever it is", "dates", "{\"id\":[1,{\"a\":null}],\"test\":\"x\"}", "{\"id\":[1,{\"a\":null}],\"date\":null}" },
  { "no id, no echo", "dates", "{\"test\":\"1 Jan 2020 0:0:0\"}", "{\"date\":\"Wed, 01 Jan 2020 00:00:00 GMT\"}" },
  { "a member lacks", "dates", "{\"id\":1}", "{\"id\":1,\"error\":true,\"detail\":\"no “test”; expected a string\"}" },
  { "a member of another type", "dates", "{\"test\":1}", "{\"error\":true,\"detail\":\"no “test”; expected a string\"}" },
  { "broken JSON names its line", "dates", "{\"test\":", "{\"error\":true,\"detail\":\"line 7: column 8: Parse error: unexpected end of file, expected character `}'\"}" },
  { "JSON that is no object", "dates", "[]", "{\"error\":true,\"detail\":\"line 7: not a JSON object\"}" },
  { "bytes that are no UTF-8", "dates", "{\"test\":\"\xff\"}", "{\"error\":true,\"detail\":\"line 7: not UTF-8 text\"}" },
  { "NUL, half pairs and U+001F come back as they went in", "mime", "{\"id\":\"\\u0000\\ud800\\u001f\\ud83d\\ude00\",\"input\":\"a/b\"}",
    "{\"id\":\"\\u0000\\ud800\\u001f😀\",\"output\":\"a/b\"}" },
  { "an escaped backslash starts no escape", "mime", "{\"id\":\"\\\\u0000\",\"input\":\"x\"}", "{\"id\":\"\\\\u0000\",\"output\":null}" },
  { "NUL reaches the rule", "url", "{\"input\":\"http://h/\\u0000x\"}", "{\"href\":\"http://h/%00x\"}" },
  { "half a pair is U+FFFD to the rule", "url", "{\"input\":\"http://h/\\udc00\"}", "{\"href\":\"http://h/%EF%BF%BD\"}" },
  { "url: a base that is none", "url", "{\"input\":\"x\",\"base\":\"y\"}", "{\"error\":true,\"detail\":\"this is no URL; expected an absolute URL, since there is no base\"}" },
  { "sf: the kind lacks", "sf", "{\"raw\":[\"1\"]}", "{\"error\":true,\"detail\":\"no usable “header_type”; expected item, list or dictionary\"}" },
  { "sf: the lines lack", "sf", "{\"header_type\":\"item\",\"raw\":\"1\"}", "{\"error\":true,\"detail\":\"no usable “raw”; expected an array of field lines\"}" },
  { "sf: lines are joined", "sf", "{\"header_type\":\"list\",\"raw\":[\"a\",\"b\"]}", "{\"canonical\":[\"a, b\"]}" },
  { "sf: an empty list is not sent", "sf", "{\"header_type\":\"list\",\"raw\":[\"\"]}", "{\"canonical\":[]}" },
  { "range: a negative size", "range", "{\"header\":\"bytes=0-\",\"size\":-1}", "{\"error\":true,\"detail\":\"no usable “size”; expected a length in bytes\"}" },
  { "range: three that touch become one", "range", "{\"header\":\"bytes=0-1,4-5,2-3\",\"size\":9,\"options\":{\"combine\":true}}",
    "{\"result\":{\"type\":\"bytes\",\"ranges\":[{\"start\":0,\"end\":5}]}}" },
  { "negotiator: an unknown method", "negotiator", "{\"method\":\"colour\"}", "{\"error\":true,\"detail\":\"no such method; expected mediaType, language, encoding or charset, or its plural\"}" },
  { "negotiator: candidates that are no text match nothing", "negotiator", "{\"method\":\"mediaTypes\",\"args\":[[1,null]]}", "{\"result\":[]}" },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  const RtRuleEvaluator *evaluator = rt_rule_find (row->rule);
  g_autofree char *answer = NULL;

  assert_non_null (evaluator);
  answer = rt_rule_answer (evaluator, row->question, 7);
  assert_string_equal (answer, row->answer);
}

/* As deep as it may be it is read; far deeper it is refused, and not with the stack's end. */
static void
test_depth (void **state)
{
  static const guint levels[] = { 60, 64, 200000 };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      g_autoptr (GString) line = g_string_new ("{\"test\":\"[[[[{{\",\"id\":");
      g_autofree char *answer = NULL;

      for (guint j = 0; j < levels[i]; j++)
        g_string_append_c (line, '[');
      for (guint j = 0; j < levels[i]; j++)
        g_string_append_c (line, ']');
      g_string_append_c (line, '}');
      answer = rt_rule_answer (rt_rule_find ("dates"), line->str, 1);
      if (levels[i] < 64)
        assert_non_null (strstr (answer, "\"date\":null"));
      else
        assert_string_equal (
            answer, "{\"error\":true,\"detail\":\"line 1: nested deeper than 64 levels\"}");
    }
}

static void
test_nul_in_a_line (void **state)
{
  char in[] = "{\"test\":\"\"}\0}\n";
  char *out = NULL;
  size_t size;
  FILE *from = fmemopen (in, sizeof in - 1, "r");
  FILE *to = open_memstream (&out, &size);

  rt_rule_run (rt_rule_find ("dates"), from, to);
  fclose (from);
  fclose (to);
  assert_non_null (strstr (out, "\"error\":true"));
  free (out);
}

static void
test_stream (void **state)
{
  char in[] = "{\"id\":1,\"test\":\"\"}\n\n{\n{\"id\":2,\"test\":\"\"}";
  char *out = NULL;
  size_t size;
  FILE *from = fmemopen (in, strlen (in), "r");
  FILE *to = open_memstream (&out, &size);

  rt_rule_run (rt_rule_find ("dates"), from, to);
  fclose (from);
  fclose (to);
  assert_string_equal (
      out, "{\"id\":1,\"date\":null}\n"
           "{\"error\":true,\"detail\":\"line 3: column 1: Parse error: unexpected character "
           "`{', expected string constant\"}\n"
           "{\"id\":2,\"date\":null}\n");
  free (out);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 3];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
                                      .test_func = test_row,
                                      .initial_state = (void *)&rows[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_depth);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_nul_in_a_line);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_stream);
  return _cmocka_run_group_tests ("roundtrip rule", tests, n, NULL, NULL);
}
