/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every lesson as a page: well-formed, whole in itself, and silent about what was not predicted
 * yet. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-handout.h"
#include "rt-html.h"
#include "rt-lesson-library.h"
#include "rt-scenario.h"

#include <string.h>

#define QUESTION "<fieldset class=\"question\">"
#define QUESTION_END "</fieldset>\n"
#define AFTER "<div class=\"after\">"
#define EXCHANGE "<details class=\"exchange\""

/* What a browser can be made to load or to run. */
static void
start_element (GMarkupParseContext *context,
               const char *element,
               const char **names,
               const char **values,
               gpointer data,
               GError **error)
{
  static const char *const elements[]
      = { "script", "link", "iframe", "img", "object", "embed", "audio", "video", "image", NULL };

  assert_false (g_strv_contains (elements, element));
  for (guint i = 0; names[i] != NULL; i++)
    {
      assert_false (g_str_has_prefix (names[i], "on"));
      assert_string_not_equal (names[i], "src");
      assert_string_not_equal (names[i], "style");
      if (g_str_equal (names[i], "href"))
        assert_true (g_str_has_prefix (values[i], "https://") || values[i][0] == '#');
    }
}

static void
check_markup (const GString *page)
{
  static const GMarkupParser parser = { .start_element = start_element };
  GMarkupParseContext *context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  GError *error = NULL;

  if (!g_markup_parse_context_parse (context, page->str, (gssize)page->len, &error)
      || !g_markup_parse_context_end_parse (context, &error))
    fail_msg ("%s", error->message);
  g_markup_parse_context_free (context);
}

static void
check_style (const GString *page)
{
  const char *begin = strstr (page->str, "<style>");
  const char *end = strstr (begin, "</style>");
  g_autofree char *style = g_strndup (begin, (gsize)(end - begin));

  assert_null (strstr (style, "url("));
  assert_null (strstr (style, "@import"));
}

static guint
count (const char *from, const char *to, const char *word)
{
  guint n = 0;

  for (const char *at = from; (at = strstr (at, word)) != NULL && at < to; at += strlen (word))
    n++;
  return n;
}

/* How many exchanges those know who have come to this question. */
static guint
count_seen (const RtLesson *lesson, const RtPrediction *prediction)
{
  guint n = 0;

  for (guint run = 0; run <= prediction->run; run++)
    {
      g_autoptr (RtPlay) play
          = rt_play_new (lesson, lesson->runs->pdata[run], &(RtPlayOptions){ 0 }, NULL);
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      guint64 end = run == prediction->run ? rt_play_get_cut (play, prediction) : G_MAXUINT64;

      assert_true (rt_analysis_feed_reader (analysis, rt_play_get_reader (play), end, NULL));
      n += rt_analysis_get_exchanges (analysis)->len;
    }
  return n;
}

/* Up to each question, the page shows no more exchanges than its cut does; and all that follows
 * stands in a box that an answer opens. */
static void
check_mask (const RtLesson *lesson, const GString *page)
{
  const char *at = page->str;
  guint shown = 0;

  for (guint i = 0; i < lesson->predictions->len; i++)
    {
      const char *question = strstr (at, QUESTION);
      const char *end = question != NULL ? strstr (question, QUESTION_END) : NULL;

      assert_non_null (end);
      assert_true (g_str_has_prefix (end, QUESTION_END AFTER));
      shown += count (at, question, EXCHANGE);
      assert_true (shown <= count_seen (lesson, lesson->predictions->pdata[i]));
      at = end;
    }
  assert_null (strstr (at, QUESTION));
}

static void
each_lesson_is_a_page (void **state)
{
  const RtLesson *lesson = *state;
  g_autoptr (GError) error = NULL;
  GString *page = rt_handout_new (lesson, &error);

  if (page == NULL)
    fail_msg ("%s", error->message);
  check_markup (page);
  check_style (page);
  check_mask (lesson, page);
  g_string_free (page, TRUE);
}

static void
outside_text_is_text (void **state)
{
  RtHtml html;
  GString *page;

  rt_html_init (&html);
  rt_html_open (&html, "p", "title", "\"><script>", NULL);
  rt_html_text (&html, "<b>&\x01\xff\x7f");
  page = rt_html_end (&html);
  assert_string_equal (page->str, "<!DOCTYPE html>\n"
                                  "<p title=\"&quot;&gt;&lt;script&gt;\">"
                                  "&lt;b&gt;&amp;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</p>\n");
  check_markup (page);
  g_string_free (page, TRUE);
}

int
main (void)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (&broken);
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
  struct CMUnitTest text = cmocka_unit_test (outside_text_is_text);

  g_array_append_val (tests, text);
  for (guint i = 0; i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];
      struct CMUnitTest test
          = { lesson->name, each_lesson_is_a_page, NULL, NULL, (gpointer)lesson };

      g_array_append_val (tests, test);
    }
  return _cmocka_run_group_tests ("handout", (const struct CMUnitTest *)tests->data, tests->len,
                                  NULL, NULL);
}
