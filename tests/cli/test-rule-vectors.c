/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The vectors of others through `roundtrip rule`. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-rule.h"
#include "../vectors.h"

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
  struct CMUnitTest tests[G_N_ELEMENTS (suites)];

  for (gsize i = 0; i < G_N_ELEMENTS (suites); i++)
    tests[i] = (struct CMUnitTest){ .name = suites[i].name,
                                    .test_func = test_suite,
                                    .initial_state = (void *)&suites[i] };
  return vectors_run_tests ("roundtrip rule vectors", tests, G_N_ELEMENTS (tests));
}
