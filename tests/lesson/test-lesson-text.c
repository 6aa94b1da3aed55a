/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A lesson's text: pages, blocks, runs of text, and what the links in it lead to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-lesson.h"
#include "rt-yaml.h"

#include <string.h>

#define FRONT                                                                                      \
  "---\ntitle: The title\ntopic: t\nsummary: s\nlevel: 1\nminutes: 6\n"                            \
  "clock: 2026-01-01T12:00:00Z\nparties: {ann: client, s.test: origin}\n---\n"
#define GET "GET / HTTP/1.1\nHost: s.test\n"

static RtLesson *
read_lesson (const char *text)
{
  g_autoptr (GError) error = NULL;
  RtLesson *lesson = rt_lesson_new_from_text ("01-x.md", text, strlen (text), &error);

  if (error != NULL)
    assert_string_equal (error->message, "");
  return lesson;
}

static const RtBlock *
block_at (const RtLesson *lesson, guint page, guint index)
{
  const RtLessonPage *at = lesson->pages->pdata[page];

  assert_true (index < at->blocks->len);
  return at->blocks->pdata[index];
}

static void
pages_are_split_at_second_headings (void **state)
{
  g_autoptr (RtLesson) lesson = read_lesson (
      FRONT "One.\n\n### Small\n\n## Second *page*\n\n- a\n- b\n  1. c\n\n> quoted\n\n---\n\n"
            "```http ann -> s.test\n" GET "```\n\n```python\nx = 1\n```\n");
  const RtBlock *list;

  assert_int_equal (lesson->pages->len, 2);
  assert_string_equal (((RtLessonPage *)lesson->pages->pdata[0])->title, "The title");
  assert_string_equal (((RtLessonPage *)lesson->pages->pdata[1])->title, "Second page");
  assert_int_equal (block_at (lesson, 0, 0)->kind, RT_BLOCK_PARAGRAPH);
  assert_int_equal (block_at (lesson, 0, 0)->line, 10);
  assert_int_equal (block_at (lesson, 0, 1)->level, 3);
  list = block_at (lesson, 1, 0);
  assert_int_equal (list->kind, RT_BLOCK_LIST);
  assert_int_equal (list->level, 0);
  assert_int_equal (list->children->len, 2);
  assert_int_equal (block_at (lesson, 1, 1)->kind, RT_BLOCK_QUOTE);
  assert_int_equal (block_at (lesson, 1, 2)->kind, RT_BLOCK_RULE);
  assert_int_equal (block_at (lesson, 1, 3)->kind, RT_BLOCK_STEP);
  assert_string_equal (block_at (lesson, 1, 3)->step->title, "ann → s.test: GET /");
  assert_int_equal (block_at (lesson, 1, 4)->kind, RT_BLOCK_CODE);
  assert_string_equal (block_at (lesson, 1, 4)->language, "python");
}

static void
runs_of_text_keep_their_style_and_links (void **state)
{
  g_autoptr (RtLesson) lesson = read_lesson (
      FRONT "Plain *soft `code`* **bold** [a](rfc:9110#13.1.1) [b](term:entity-tag)\n"
            "[c](lesson:lost-update) [d](https://example.org/) [e](rfc:fetch#cors-check)<"
            "[rfc](rfc:9110#15.5.13)\n"
            "\n```http ann -> s.test\n" GET "```\n");
  static const struct
  {
    const char *text;
    guint flags;
    RtLinkKind link;
    const char *target, *title;
  } want[] = {
    { "Plain ", 0, RT_LINK_NONE, NULL, NULL },
    { "soft ", RT_INLINE_EMPHASIS, RT_LINK_NONE, NULL, NULL },
    { "code", RT_INLINE_EMPHASIS | RT_INLINE_CODE, RT_LINK_NONE, NULL, NULL },
    { " ", 0, RT_LINK_NONE, NULL, NULL },
    { "bold", RT_INLINE_STRONG, RT_LINK_NONE, NULL, NULL },
    { " ", 0, RT_LINK_NONE, NULL, NULL },
    { "a", 0, RT_LINK_RFC, "9110#13.1.1", "RFC 9110 §13.1.1" },
    { " ", 0, RT_LINK_NONE, NULL, NULL },
    { "b", 0, RT_LINK_TERM, "entity-tag", "" },
    { " ", 0, RT_LINK_NONE, NULL, NULL },
    { "c", 0, RT_LINK_LESSON, "lost-update", NULL },
    { " ", 0, RT_LINK_NONE, NULL, NULL },
    { "d", 0, RT_LINK_WEB, "https://example.org/", NULL },
    { " ", 0, RT_LINK_NONE, NULL, NULL },
    { "e", 0, RT_LINK_RFC, "fetch#cors-check", "fetch#cors-check" },
    { "<", 0, RT_LINK_NONE, NULL, NULL },
    { "RFC 9110 §15.5.13", 0, RT_LINK_RFC, "9110#15.5.13", "RFC 9110 §15.5.13" },
  };
  GPtrArray *inlines = block_at (lesson, 0, 0)->inlines;

  assert_int_equal (inlines->len, G_N_ELEMENTS (want));
  for (guint i = 0; i < inlines->len; i++)
    {
      const RtInline *run = inlines->pdata[i];

      assert_string_equal (run->text, want[i].text);
      assert_int_equal (run->flags, want[i].flags);
      assert_int_equal (run->link, want[i].link);
      assert_int_equal (g_strcmp0 (run->target, want[i].target), 0);
      if (want[i].link == RT_LINK_TERM)
        assert_true (strlen (run->title) > 20);
      else
        assert_int_equal (g_strcmp0 (run->title, want[i].title), 0);
    }
}

static void
references_lead_to_their_documents (void **state)
{
  static const struct
  {
    const char *reference, *label, *address;
  } cases[] = {
    { "9110#13.1.1", "RFC 9110 §13.1.1", "https://www.rfc-editor.org/rfc/rfc9110#section-13.1.1" },
    { "9112#A", "RFC 9112 appendix A", "https://www.rfc-editor.org/rfc/rfc9112#appendix-A" },
    { "6585", "RFC 6585", "https://www.rfc-editor.org/rfc/rfc6585" },
    { "fetch#cors-check", "fetch#cors-check", "https://fetch.spec.whatwg.org/#cors-check" },
    { "9110#", NULL, NULL },
    { "rfc9110", NULL, NULL },
    { "#13", NULL, NULL },
    { "9110#1/../2", NULL, NULL },
    { "fetch#\"x", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *label = rt_reference_label (cases[i].reference);
      g_autofree char *address = rt_reference_address (cases[i].reference);

      assert_int_equal (g_strcmp0 (label, cases[i].label), 0);
      assert_int_equal (g_strcmp0 (address, cases[i].address), 0);
    }
}

static void
a_prediction_is_answered_by_the_next_step (void **state)
{
  g_autoptr (RtLesson) lesson = read_lesson (
      FRONT "```http ann -> s.test\n" GET "```\n"
            "```predict p\nWhat?\n- [x] A\n- [ ] B {m}\n- [x] C\n```\n"
            "```run other\nA subtitle\n```\n```http ann -> s.test\n" GET "```\n"
            "```http ann -> s.test at +0.2s\n" GET "```\n```clock +1h\n```\n"
            "```misconception m\nfeedback: No.\nshow: run main\ncheck: [body is present]\n```\n");
  const RtPrediction *prediction = rt_lesson_get_prediction (lesson, "p");
  const RtScenario *other = rt_lesson_get_run (lesson, "other");
  const RtStep *beside = other->steps->pdata[1];

  assert_int_equal (prediction->run, 1);
  assert_int_equal (prediction->step, 1);
  assert_true (prediction->multiple);
  assert_int_equal (other->n_steps, 3);
  assert_false (beside->waits);
  assert_int_equal (beside->delay, 200 * RT_TIME_MSEC);
  assert_int_equal (((RtStep *)other->steps->pdata[2])->delay, RT_TIME_HOUR);
  /* What a page shows beside itself is the run that it is in. */
  assert_int_equal (block_at (lesson, 0, 1)->run, 0);
  assert_int_equal (block_at (lesson, 0, 2)->run, 1);
}

static void
yaml_that_grows_is_refused (void **state)
{
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autoptr (GString) wide = g_string_new ("[");
  const RtPlace place = { "y", 1, 0 };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < RT_YAML_MAX_DEPTH + 2; i++)
    g_string_append_c (deep, '[');
  assert_null (rt_yaml_parse (deep->str, deep->len, &place, &error));
  assert_string_equal (error->message, "y:1: this YAML is too deep or too long");
  g_clear_error (&error);
  for (guint i = 0; i < RT_YAML_MAX_NODES; i++)
    g_string_append (wide, "a,");
  assert_null (rt_yaml_parse (wide->str, wide->len, &place, &error));
  assert_string_equal (error->message, "y:1: this YAML is too deep or too long");
  g_clear_error (&error);
  assert_null (rt_yaml_parse ("a: 1\n---\nb: 2\n", 14, &place, &error));
  assert_string_equal (error->message, "y:2: a second one begins; expected one document");
  g_clear_error (&error);
  assert_null (rt_yaml_parse ("a: \"\\0\"\n", 8, &place, &error));
  assert_string_equal (error->message, "y:1: a value holds a NUL byte; expected text");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (pages_are_split_at_second_headings),
    cmocka_unit_test (runs_of_text_keep_their_style_and_links),
    cmocka_unit_test (references_lead_to_their_documents),
    cmocka_unit_test (a_prediction_is_answered_by_the_next_step),
    cmocka_unit_test (yaml_that_grows_is_refused),
  };

  return cmocka_run_group_tests_name ("lesson text", tests, NULL, NULL);
}
