/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the timeline's model takes from a run: retries, what was buffered, what parties keep, and
 * the three layers of notes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-lesson-library.h"
#include "rt-scenario.h"
#include "rt-timeline-model.h"

#include <glib/gstdio.h>
#include <string.h>

static const char front[] = "---\n"
                            "title: A test\n"
                            "topic: caching\n"
                            "summary: A test.\n"
                            "level: 1\n"
                            "minutes: 1\n"
                            "clock: 2026-01-01T12:00:00Z\n"
                            "parties:\n"
                            "  ann: client\n"
                            "  shop.test: gateway\n"
                            "  origin.test: origin\n"
                            "---\n"
                            "\n"
                            "```gateway shop.test\n"
                            "upstream: origin.test\n"
                            "```\n"
                            "\n";

static RtPlay *
play_text (const char *body)
{
  RtPlayOptions options = { 0 };
  g_autofree char *text = g_strconcat (front, body, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson = rt_lesson_new_from_text ("test.md", text, strlen (text), &error);
  RtPlay *play;

  if (lesson == NULL)
    fail_msg ("%s", error->message);
  play = rt_play_new (lesson, lesson->runs->pdata[0], &options, &error);
  if (play == NULL)
    fail_msg ("%s", error->message);
  return play;
}

static RtPlay *
play_lesson (const char *name, guint run)
{
  RtPlayOptions options = { 0 };
  g_autoptr (RtLesson) lesson = rt_lesson_open (name, NULL);
  RtPlay *play;

  assert_non_null (lesson);
  play = rt_play_new (lesson, lesson->runs->pdata[run], &options, NULL);
  assert_non_null (play);
  return play;
}

static guint
count_messages (const RtTimelineModel *model, gboolean (*is) (const RtTimelineMessage *))
{
  guint n = 0;

  for (guint i = 0; i < model->messages->len; i++)
    n += is (rt_timeline_model_get_message (model, i)) ? 1 : 0;
  return n;
}

static gboolean
is_retry (const RtTimelineMessage *message)
{
  return message->retry;
}

static gboolean
is_buffered (const RtTimelineMessage *message)
{
  return message->buffered;
}

static void
test_a_request_that_is_sent_again_is_a_retry (void **state)
{
  g_autoptr (RtPlay) play = play_text ("```origin origin.test\n"
                                       "/:\n"
                                       "  kind: failing\n"
                                       "  answers: [200, close, 200]\n"
                                       "```\n"
                                       "```http ann -> origin.test\n"
                                       "GET / HTTP/1.1\n"
                                       "Host: origin.test\n"
                                       "\n"
                                       "```\n"
                                       "```http ann -> origin.test\n"
                                       "GET / HTTP/1.1\n"
                                       "Host: origin.test\n"
                                       "\n"
                                       "```\n");
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (play), FALSE);

  assert_int_equal (count_messages (model, is_retry), 1);
}

static void
test_what_is_asked_twice_without_a_failure_is_no_retry (void **state)
{
  g_autoptr (RtPlay) play = play_lesson ("lost-update", 0);
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (play), FALSE);

  assert_true (model->messages->len > 4);
  assert_int_equal (count_messages (model, is_retry), 0);
}

static void
test_content_that_flows_through_is_not_buffered (void **state)
{
  g_autoptr (RtPlay) play = play_text ("```origin origin.test\n"
                                       "/:\n"
                                       "  kind: file\n"
                                       "  size: 90000\n"
                                       "```\n"
                                       "```http ann -> shop.test\n"
                                       "GET / HTTP/1.1\n"
                                       "Host: shop.test\n"
                                       "\n"
                                       "```\n");
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (play), FALSE);

  assert_int_equal (model->messages->len, 4);
  assert_int_equal (count_messages (model, is_buffered), 0);
}

static const RtTimelineStrip *
find_strip (const RtTimelineModel *model, const char *label)
{
  for (guint i = 0; i < model->strips->len; i++)
    {
      const RtTimelineStrip *strip = &g_array_index (model->strips, RtTimelineStrip, i);

      if (strcmp (strip->label, label) == 0)
        return strip;
    }
  return NULL;
}

static gboolean
strip_says (const RtTimelineModel *model, const RtTimelineStrip *strip, const char *text)
{
  g_assert_nonnull (strip);
  for (guint i = 0; i < strip->n; i++)
    if (g_strcmp0 (g_array_index (model->changes, RtTimelineChange, strip->first + i).text, text)
        == 0)
      return TRUE;
  return FALSE;
}

static void
test_slots_are_counted_of_how_many_there_are (void **state)
{
  g_autoptr (RtPlay) play = play_lesson ("slowloris", 0);
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (play), FALSE);
  const RtTimelineStrip *slots = find_strip (model, "slots");

  assert_non_null (slots);
  assert_true (strip_says (model, slots, "8/8"));
}

static void
test_versions_of_a_row_follow_one_another (void **state)
{
  g_autoptr (RtPlay) play = play_lesson ("lost-update", 0);
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (play), FALSE);
  const RtTimelineStrip *row = find_strip (model, "/doc/1");

  assert_non_null (row);
  assert_true (strip_says (model, row, "v1") && strip_says (model, row, "v2")
               && strip_says (model, row, "v3"));
}

static void
test_what_a_cache_keeps_drains (void **state)
{
  g_autoptr (RtPlay) play = play_lesson ("freshness", 0);
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (play), FALSE);
  gboolean drains = FALSE;

  for (guint i = 0; i < model->changes->len; i++)
    drains |= g_array_index (model->changes, RtTimelineChange, i).drains != RT_TIME_UNKNOWN;
  assert_true (drains);
}

/* Notes */

static GPtrArray *
notes_on (RtSpan span)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_timeline_note_free);

  g_ptr_array_add (notes, rt_timeline_note_new (RT_TIMELINE_LAYER_AUTHOR, 2, 0, span, NULL,
                                                "what the author says"));
  g_ptr_array_add (
      notes, rt_timeline_note_new (RT_TIMELINE_LAYER_OWN, 1, 1, RT_SPAN_NONE, NULL, "what I say"));
  return notes;
}

static const RtTimelineCard *
find_card (const RtTimelineModel *model, const char *mark)
{
  for (guint i = 0; i < model->cards->len; i++)
    {
      const RtTimelineCard *card = &g_array_index (model->cards, RtTimelineCard, i);

      if (strcmp (card->mark, mark) == 0)
        return card;
    }
  return NULL;
}

static void
test_notes_hang_on_their_bytes (void **state)
{
  g_autoptr (RtPlay) play = play_lesson ("lost-update", 0);
  RtAnalysis *analysis = rt_play_get_analysis (play);
  const RtExchange *third = rt_analysis_get_exchange (analysis, 3);
  g_autoptr (GPtrArray) notes = notes_on (third->response->message->start_line);
  RtTimelineExtras extras = { .notes = notes };
  g_autoptr (RtTimelineModel) model = rt_timeline_model_new_with_extras (analysis, &extras, FALSE);
  const RtTimelineCard *author = find_card (model, "A2");
  const RtTimelineCard *own = find_card (model, "N1");

  g_assert_nonnull (author);
  g_assert_nonnull (own);
  assert_int_equal (author->exchange, 3);
  assert_false (rt_timeline_model_get_message (model, author->message)->request);
  assert_string_equal (author->text, "what the author says");
  assert_int_equal (own->exchange, 1);
}

static void
test_a_layer_can_be_hidden (void **state)
{
  g_autoptr (RtPlay) play = play_lesson ("lost-update", 0);
  RtAnalysis *analysis = rt_play_get_analysis (play);
  g_autoptr (GPtrArray) notes
      = notes_on (rt_analysis_get_exchange (analysis, 3)->response->message->start_line);
  RtTimelineExtras extras = { .notes = notes, .hidden_layers = 1u << RT_TIMELINE_LAYER_AUTHOR };
  g_autoptr (RtTimelineModel) model = rt_timeline_model_new_with_extras (analysis, &extras, FALSE);

  assert_null (find_card (model, "A2"));
  assert_non_null (find_card (model, "N1"));
}

static void
test_a_note_on_bytes_that_were_not_seen_is_not_there (void **state)
{
  g_autoptr (RtPlay) play = play_lesson ("lost-update", 0);
  RtAnalysis *all = rt_play_get_analysis (play);
  const RtExchange *third = rt_analysis_get_exchange (all, 3);
  g_autoptr (GPtrArray) notes = notes_on (third->response->message->start_line);
  RtTimelineExtras extras = { .notes = notes };
  g_autoptr (RtAnalysis) some = rt_analysis_new ();
  g_autoptr (RtTimelineModel) model = NULL;

  assert_true (rt_analysis_feed_reader (some, rt_play_get_reader (play),
                                        third->response->first_event, NULL));
  model = rt_timeline_model_new_with_extras (some, &extras, TRUE);
  assert_null (find_card (model, "A2"));
  assert_non_null (find_card (model, "N1"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_a_request_that_is_sent_again_is_a_retry),
    cmocka_unit_test (test_what_is_asked_twice_without_a_failure_is_no_retry),
    cmocka_unit_test (test_content_that_flows_through_is_not_buffered),
    cmocka_unit_test (test_slots_are_counted_of_how_many_there_are),
    cmocka_unit_test (test_versions_of_a_row_follow_one_another),
    cmocka_unit_test (test_what_a_cache_keeps_drains),
    cmocka_unit_test (test_notes_hang_on_their_bytes),
    cmocka_unit_test (test_a_layer_can_be_hidden),
    cmocka_unit_test (test_a_note_on_bytes_that_were_not_seen_is_not_there),
  };

  if (g_chdir (RT_SOURCE_DIR) != 0)
    return 1;
  return cmocka_run_group_tests_name ("timeline-derive", tests, NULL, NULL);
}
