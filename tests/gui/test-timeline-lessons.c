/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every run of every lesson on the timeline: labels never overlap and are all there, and nothing of
 * an answer is in the picture that stops before its question. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-lesson-library.h"
#include "rt-recorder.h"
#include "rt-scenario.h"
#include "rt-timeline-layout.h"
#include "rt-timeline-picture.h"

#include <glib/gstdio.h>
#include <string.h>

/* All runs of all lessons, each with its play. */
typedef struct
{
  const RtLesson *lesson;
  const RtScenario *run;
} Case;

static RtMeasure
measure (void)
{
  static RtFonts *fonts;

  if (fonts == NULL)
    fonts = rt_fonts_new_for_pictures ();
  return rt_fonts_get_measure (fonts);
}

static RtPlay *
play (const RtLesson *lesson, const RtScenario *run)
{
  RtPlayOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  RtPlay *played = rt_play_new (lesson, run, &options, &error);

  if (played == NULL)
    fail_msg ("%s: %s", run->name, error->message);
  return played;
}

static gboolean
boxes_overlap (const RtBox *a, const RtBox *b)
{
  return a->width > 0 && b->width > 0 && a->x < b->x + b->width && b->x < a->x + a->width
         && a->y < b->y + b->height && b->y < a->y + a->height;
}

static void
check_layout (const RtTimelineLayout *layout, const char *run)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (RtBox));

  for (guint i = 0; i < layout->messages->len; i++)
    {
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (layout, i);

      if (geometry->pill.width <= 0)
        fail_msg ("run %s, %.0f wide: message %u has no label", run, layout->params.width, i);
      g_array_append_val (boxes, geometry->pill);
      g_array_append_val (boxes, geometry->meta_box);
      g_array_append_val (boxes, geometry->reused);
    }
  g_array_append_vals (boxes, layout->numbers->data, layout->numbers->len);
  g_array_append_vals (boxes, layout->segments->data, layout->segments->len);
  for (guint i = 0; i < boxes->len; i++)
    for (guint j = 0; j < i; j++)
      if (boxes_overlap (&g_array_index (boxes, RtBox, i), &g_array_index (boxes, RtBox, j)))
        fail_msg ("run %s, %.0f wide: labels overlap at %.0f, %.0f", run, layout->params.width,
                  g_array_index (boxes, RtBox, i).x, g_array_index (boxes, RtBox, i).y);
}

static void
test_labels (void **state)
{
  static const double widths[] = { 560, 720, 1024, 1280, 1366, 1920 };
  const Case *at = *state;
  g_autoptr (RtPlay) played = play (at->lesson, at->run);
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (played), FALSE);

  assert_true (model->messages->len > 0);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (widths); i++)
    {
      RtTimelineParams params = {
        .width = widths[i / 2], .text_scale = i % 2 == 0 ? 1 : 1.5, .zoom = 1, .measure = measure ()
      };
      g_autoptr (RtTimelineLayout) layout = rt_timeline_layout_new (model, &params);

      check_layout (layout, at->run->name);
    }
}

static GString *
draw (const RtTimelineModel *model)
{
  RtPictureOptions options = { .now = RT_TIME_UNKNOWN };

  return rt_timeline_picture_svg (model, &options, measure ());
}

/* Whether a message of @model says @text, or what somebody keeps is called so. */
static gboolean
model_says (const RtTimelineModel *model, const char *text)
{
  for (guint i = 0; i < model->strips->len; i++)
    if (strcmp (g_array_index (model->strips, RtTimelineStrip, i).label, text) == 0)
      return TRUE;
  for (guint i = 0; i < model->changes->len; i++)
    if (g_strcmp0 (g_array_index (model->changes, RtTimelineChange, i).text, text) == 0)
      return TRUE;
  for (guint i = 0; i < model->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (model, i);

      if (strcmp (message->code, text) == 0 || strcmp (message->text, text) == 0
          || (message->meta != NULL && strstr (message->meta, text) != NULL))
        return TRUE;
    }
  return FALSE;
}

static gboolean
svg_says (const GString *svg, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  g_autofree char *element = g_strdup_printf (">%s</text>", escaped);

  return strstr (svg->str, element) != NULL;
}

static void
check_masked (const RtTimelineModel *whole, const RtTimelineModel *masked, const char *id)
{
  g_autoptr (GString) svg = draw (masked);

  assert_true (masked->messages->len < whole->messages->len);
  assert_true (svg_says (svg, "?"));
  for (guint i = masked->messages->len; i < whole->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (whole, i);
      const char *texts[] = { message->code, message->text, message->meta };

      for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
        if (texts[j] != NULL && *texts[j] != '\0' && !model_says (masked, texts[j])
            && svg_says (svg, texts[j]))
          fail_msg ("the picture before “%s” says “%s”", id, texts[j]);
    }
  for (guint i = masked->cards->len; i < whole->cards->len; i++)
    {
      const RtTimelineCard *card = &g_array_index (whole->cards, RtTimelineCard, i);

      assert_true (masked->cards->len == 0
                   || g_array_index (masked->cards, RtTimelineCard, masked->cards->len - 1).time
                          <= card->time);
    }
}

static void
test_mask (void **state)
{
  const RtLesson *lesson = *state;

  for (guint i = 0; i < lesson->predictions->len; i++)
    {
      const RtPrediction *prediction = lesson->predictions->pdata[i];
      g_autoptr (RtPlay) played = play (lesson, lesson->runs->pdata[prediction->run]);
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      g_autoptr (RtTimelineModel) whole
          = rt_timeline_model_new_from_analysis (rt_play_get_analysis (played), FALSE);
      g_autoptr (RtTimelineModel) masked = NULL;

      assert_true (rt_analysis_feed_reader (analysis, rt_play_get_reader (played),
                                            rt_play_get_cut (played, prediction), NULL));
      masked = rt_timeline_model_new_from_analysis (analysis, TRUE);
      check_masked (whole, masked, prediction->id);
    }
}

/* Records the first run while it is played; returns the file's own picture of it. */
static GString *
draw_recorded (const RtLesson *lesson, const char *path)
{
  const RtScenario *run = lesson->runs->pdata[0];
  RtRunInfo about = { .name = run->name, .source = RT_SOURCE_LESSON, .started = lesson->clock };
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder = rt_session_begin_run (session, &about, NULL, NULL, NULL);
  RtPlayOptions options = { .sink = rt_recorder_add_page, .data = recorder };
  g_autoptr (RtPlay) played = rt_play_new (lesson, run, &options, NULL);
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (RtTimelineModel) model = NULL;

  assert_non_null (played);
  assert_true (rt_recorder_finish (recorder, NULL));
  reader = rt_session_open_run (session, 1, NULL);
  assert_non_null (reader);
  assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
  model = rt_timeline_model_new_from_analysis (analysis, FALSE);
  return draw (model);
}

static void
test_a_session_gives_the_picture_of_the_run (void **state)
{
  const RtLesson *lesson = *state;
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.roundtrip", NULL);
  g_autoptr (RtPlay) played = play (lesson, lesson->runs->pdata[0]);
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (played), FALSE);
  g_autoptr (GString) fresh = draw (model);
  g_autoptr (GString) recorded = draw_recorded (lesson, path);

  assert_string_equal (fresh->str, recorded->str);
  g_remove (path);
  g_rmdir (folder);
}

int
main (void)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = NULL;
  g_autoptr (GArray) tests = g_array_new (FALSE, TRUE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);

  if (g_chdir (RT_SOURCE_DIR) != 0)
    return 1;
  lessons = rt_lesson_library_list (&broken);
  for (guint i = 0; i < lessons->len; i++)
    {
      RtLesson *lesson = lessons->pdata[i];
      char *mask = g_strdup_printf ("%s: masked", lesson->name);

      char *recorded = g_strdup_printf ("%s: recorded", lesson->name);

      g_ptr_array_add (kept, mask);
      g_ptr_array_add (kept, recorded);
      g_array_append_val (
          tests, ((struct CMUnitTest){ .name = recorded,
                                       .test_func = test_a_session_gives_the_picture_of_the_run,
                                       .initial_state = lesson }));
      g_array_append_val (
          tests,
          ((struct CMUnitTest){ .name = mask, .test_func = test_mask, .initial_state = lesson }));
      for (guint j = 0; j < lesson->runs->len; j++)
        {
          Case *at = g_new (Case, 1);
          char *name;

          *at = (Case){ lesson, lesson->runs->pdata[j] };
          name = g_strdup_printf ("%s: %s", lesson->name, at->run->name);
          g_ptr_array_add (kept, at);
          g_ptr_array_add (kept, name);
          g_array_append_val (
              tests,
              ((struct CMUnitTest){ .name = name, .test_func = test_labels, .initial_state = at }));
        }
    }
  return _cmocka_run_group_tests ("timeline-lessons", (const struct CMUnitTest *)tests->data,
                                  tests->len, NULL, NULL);
}
