/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip rule`: its lines in and out, and the vectors of others through it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-rule.h"
#include "../vectors.h"

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
  { "broken JSON names its line", "dates", "{\"test\":", "{\"error\":\"line 7: column 8: Parse error: unexpected end of file, expected character `}'\"}" },
  { "JSON that is no object", "dates", "[]", "{\"error\":\"line 7: not a JSON object\"}" },
  { "bytes that are no UTF-8", "dates", "{\"test\":\"\xff\"}", "{\"error\":\"line 7: not a JSON object\"}" },
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
  assert_string_equal (out, "{\"id\":1,\"date\":null}\n"
                            "{\"error\":\"line 3: column 1: Parse error: unexpected character "
                            "`{', expected string constant\"}\n"
                            "{\"id\":2,\"date\":null}\n");
  free (out);
}

/* What a suite's answers are compared by. */
typedef struct
{
  const char *name, *rule, *file;
  const char *got, *want; /* members of answer and test */
  gboolean lines;         /* the file holds one test a line */
} Suite;

static const Suite suites[] = {
  { "vectors: URLs", "url", "url/urltestdata.json", "href", "href", FALSE },
  { "vectors: negotiation", "negotiator", "negotiation/negotiator.jsonl", "result", "result",
    TRUE },
  { "vectors: ranges", "range", "negotiation/range-parser.jsonl", "result", "result", TRUE },
  { "vectors: MIME types", "mime", "wpt/mime-types.json", "output", "output", FALSE },
  { "vectors: cookie dates of browsers", "dates", "dates/http-state-bsd-examples.json", "date",
    "expected", FALSE },
  { "vectors: cookie dates", "dates", "dates/http-state-examples.json", "date", "expected", FALSE },
};

/* Equal but for how it is written: JSON-GLib's spelling of both. */
static gboolean
same_json (const RtJson *a, const RtJson *b)
{
  g_autofree char *text_a = rt_json_string_dup (a);
  g_autofree char *text_b = rt_json_string_dup (b);
  g_autoptr (JsonNode) node_a = NULL;
  g_autoptr (JsonNode) node_b = NULL;

  if (a->type != b->type)
    return FALSE;
  if (a->type != RT_JSON_ARRAY && a->type != RT_JSON_OBJECT)
    return strcmp (text_a, text_b) == 0;
  node_a = json_from_string (text_a, NULL);
  node_b = json_from_string (text_b, NULL);
  return json_node_equal (node_a, node_b);
}

static gboolean
run_vector (const Suite *suite, const RtJson *test)
{
  g_autofree char *question = rt_text_dup (test->text);
  g_autofree char *answer = NULL;
  RtJson object, got, want, error;
  gboolean ok, failed;

  /* One line a question. */
  g_strdelimit (question, "\n", ' ');
  answer = rt_rule_answer (rt_rule_find (suite->rule), question, 1);
  assert_true (rt_json_parse (rt_text (answer), &object));
  failed = rt_json_find (&object, "error", &error);
  if (vectors_is_true (test, "failure"))
    ok = failed;
  else
    ok = !failed && rt_json_find (&object, suite->got, &got)
         && rt_json_find (test, suite->want, &want) && same_json (&got, &want);
  if (!ok)
    print_message ("# %s\n#   %s\n", question, answer);
  return ok;
}

static void
test_suite (void **state)
{
  const Suite *suite = *state;
  g_autofree char *text = vectors_load (suite->file);
  g_autoptr (GString) array = g_string_new (text);
  RtJson test;
  guint failed = 0, n = 0;

  if (suite->lines)
    {
      g_strchomp (array->str);
      g_string_set_size (array, strlen (array->str));
      g_string_replace (array, "}\n{", "},{", 0);
      g_string_prepend_c (array, '[');
      g_string_append_c (array, ']');
    }
  for (RtText rest = vectors_elements (array->str); rt_json_element_next (&rest, &test);)
    if (test.type == RT_JSON_OBJECT)
      {
        n++;
        failed += !run_vector (suite, &test);
      }
  print_message ("# %u tests\n", n);
  assert_true (n >= 10);
  assert_int_equal (failed, 0);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + G_N_ELEMENTS (suites) + 1];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ .name = rows[i].name,
                                      .test_func = test_row,
                                      .initial_state = (void *)&rows[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (suites); i++)
    tests[n++] = (struct CMUnitTest){ .name = suites[i].name,
                                      .test_func = test_suite,
                                      .initial_state = (void *)&suites[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_stream);
  return _cmocka_run_group_tests ("roundtrip rule", tests, n, NULL, NULL);
}
