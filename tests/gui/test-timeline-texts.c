/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every step of every run of every lesson, in every size and text scale: the texts of the scene as
 * it is drawn, measured with the fonts of the window. No two overlap, nothing is drawn over one,
 * and each message says its method or status in full. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-format.h"
#include "rt-lesson-library.h"
#include "rt-observer.h"
#include "rt-scenario.h"
#include "rt-sink.h"
#include "rt-timeline-layout.h"
#include "rt-timeline-scene.h"
#include "timeline-models.h"

#include <glib/gstdio.h>
#include <string.h>

/* Above and below the base line, in sizes: of the letters, not of the line. */
#define ASCENT 0.74
#define DESCENT 0.20
/* Touching is not overlapping. */
#define SLACK 1.0

/* @order: of what was drawn, from 0 */
typedef struct
{
  RtBox box;
  char *text;
  RtTextStyle style;
  guint order;
} Text;

typedef struct
{
  RtSink sink;
  RtMeasure measure;
  GArray *texts;  /* Text */
  GArray *covers; /* Text without a text: what hides all that lies under it */
  guint n;
} Recorder;

static void
record_rounded (RtSink *sink,
                double x,
                double y,
                double width,
                double height,
                double radius,
                const RtColor *fill,
                const RtColor *stroke,
                double stroke_width)
{
  Recorder *self = (Recorder *)sink;
  Text cover = { .box = { x, y, width, height }, .order = self->n++ };

  if (fill != NULL && fill->alpha > 0.9)
    g_array_append_val (self->covers, cover);
}

static void
record_line (RtSink *sink,
             double x0,
             double y0,
             double x1,
             double y1,
             double width,
             const RtColor *color,
             double dash)
{
}

static void
record_polygon (RtSink *sink, const double *points, guint n, const RtColor *color)
{
}

static void
record_text (RtSink *sink,
             double x,
             double y,
             const char *text,
             RtTextStyle style,
             double scale,
             const RtColor *color)
{
  Recorder *self = (Recorder *)sink;
  double size = rt_text_style_face (style)->size * scale;
  double width = self->measure.width (self->measure.data, style, text, -1) * scale;
  Text drawn = {
    .box = { x, y - ASCENT * size, width, (ASCENT + DESCENT) * size },
    .text = g_strdup (text),
    .style = style,
    .order = self->n++,
  };

  g_array_append_val (self->texts, drawn);
}

static void
record_begin (RtSink *sink, double x, double y, double width, double height)
{
}

static void
record_end (RtSink *sink)
{
}

static const RtSinkClass recorder_class = {
  record_rounded, record_line, record_polygon, record_text, record_begin, record_end,
};

static void
clear_text (gpointer text)
{
  g_free (((Text *)text)->text);
}

static RtMeasure
measure (void)
{
  static RtFonts *fonts;

  if (fonts == NULL)
    fonts = rt_fonts_new_for_pictures ();
  return rt_fonts_get_measure (fonts);
}

/* What is checked, for the message of a failure. */
typedef struct
{
  const char *run;
  guint step;
  double width, text_scale;
} Where;

static gboolean
overlap (const RtBox *a, const RtBox *b)
{
  return a->x + SLACK < b->x + b->width && b->x + SLACK < a->x + a->width
         && a->y + SLACK < b->y + b->height && b->y + SLACK < a->y + a->height;
}

static int
compare_tops (gconstpointer a, gconstpointer b)
{
  const Text *p = a, *q = b;

  return (p->box.y > q->box.y) - (p->box.y < q->box.y);
}

static void
check_overlaps (const Recorder *recorder, const Where *where)
{
  g_array_sort (recorder->texts, compare_tops);
  for (guint i = 0; i < recorder->texts->len; i++)
    {
      const Text *a = &g_array_index (recorder->texts, Text, i);

      for (guint j = i + 1; j < recorder->texts->len; j++)
        {
          const Text *b = &g_array_index (recorder->texts, Text, j);

          if (b->box.y > a->box.y + a->box.height)
            break;
          if (overlap (&a->box, &b->box))
            fail_msg (
                "%s up to step %u, %.0f wide, text ×%.1f: “%s” and “%s” overlap at %.0f, %.0f",
                where->run, where->step, where->width, where->text_scale, a->text, b->text,
                b->box.x, b->box.y);
        }
    }
}

static void
check_covers (const Recorder *recorder, const Where *where)
{
  g_array_sort (recorder->covers, compare_tops);
  for (guint i = 0; i < recorder->covers->len; i++)
    {
      const Text *cover = &g_array_index (recorder->covers, Text, i);

      for (guint j = 0; j < recorder->texts->len; j++)
        {
          const Text *text = &g_array_index (recorder->texts, Text, j);

          if (text->box.y > cover->box.y + cover->box.height)
            break;
          if (cover->order > text->order && overlap (&cover->box, &text->box))
            fail_msg ("%s up to step %u, %.0f wide, text ×%.1f: “%s” is drawn over at %.0f, %.0f",
                      where->run, where->step, where->width, where->text_scale, text->text,
                      text->box.x, text->box.y);
        }
    }
}

/* Nothing stands outside the picture, nor over the time axis but what belongs to it. */
static void
check_edges (const Recorder *recorder, const RtTimelineLayout *layout, const Where *where)
{
  for (guint i = 0; i < recorder->texts->len; i++)
    {
      const Text *text = &g_array_index (recorder->texts, Text, i);
      gboolean axis = text->style == RT_TEXT_TICK || text->style == RT_TEXT_ROLE;
      double left = axis || text->box.y < layout->header ? 0 : layout->gutter - SLACK;

      if (text->box.x < left - SLACK || text->box.x + text->box.width > layout->params.width + SLACK
          || text->box.y < -SLACK || text->box.y + text->box.height > layout->height + SLACK)
        fail_msg ("%s up to step %u, %.0f wide, text ×%.1f: “%s” leaves the picture at %.0f, %.0f",
                  where->run, where->step, where->width, where->text_scale, text->text, text->box.x,
                  text->box.y);
    }
}

/* What stands below a pill is between the lanes that the pill is between, or as narrow as it. */
static void
check_below (const RtTimelineLayout *layout, const Where *where)
{
  for (guint i = 0; i < layout->messages->len; i++)
    {
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (layout, i);
      const RtTimelineMessage *message = rt_timeline_model_get_message (layout->model, i);
      const RtBox *box = &geometry->meta_box;
      guint from = layout->lane_of[message->from], to = layout->lane_of[message->to];

      /* A band across lanes may have its label across one. */
      if (MAX (from, to) - MIN (from, to) > 1)
        continue;

      /* A target's end is worth lying across one. */
      if (geometry->text == NULL && box->width <= 80 * where->text_scale)
        continue;
      if (box->width <= MAX (geometry->pill.width, 48 * where->text_scale) + SLACK)
        continue;
      for (guint lane = 0; lane < layout->n_lanes; lane++)
        {
          double x = g_array_index (layout->lanes, RtLaneGeometry, lane).x;

          if (box->x + SLACK < x && x < box->x + box->width - SLACK)
            fail_msg ("%s up to step %u, %.0f wide, text ×%.1f: “%s” lies across a lane",
                      where->run, where->step, where->width, where->text_scale, geometry->meta[0]);
        }
    }
}

static void
check_head (const RtTimelineLayout *layout, double x, double y, const Where *where)
{
  for (guint i = 0; i < layout->rails->len; i++)
    {
      const RtRailGeometry *rail = &g_array_index (layout->rails, RtRailGeometry, i);
      const RtBox head = { x - 4 * where->text_scale, y - 4 * where->text_scale,
                           8 * where->text_scale, 8 * where->text_scale };

      if (rail->chip.width > 0 && overlap (&rail->chip, &head))
        fail_msg ("%s up to step %u, %.0f wide, text ×%.1f: “%s” covers an arrow's head",
                  where->run, where->step, where->width, where->text_scale, rail->name);
    }
}

/* What arrives can be seen to. */
static void
check_chips (const RtTimelineLayout *layout, const Where *where)
{
  for (guint i = 0; i < layout->messages->len; i++)
    {
      const RtMessageGeometry *message = rt_timeline_layout_get_message (layout, i);

      check_head (layout, message->x1, message->received0, where);
    }
  for (guint i = 0; i < layout->model->segments->len; i++)
    {
      const RtTimelineSegment *segment
          = &g_array_index (layout->model->segments, RtTimelineSegment, i);
      const RtTimelineRail *rail
          = &g_array_index (layout->model->rails, RtTimelineRail, segment->rail);
      const RtRailGeometry *geometry
          = &g_array_index (layout->rails, RtRailGeometry, segment->rail);

      if (segment->received != RT_TIME_UNKNOWN)
        check_head (layout, segment->from == rail->from ? geometry->x_to : geometry->x_from,
                    rt_timeline_layout_y (layout, segment->received), where);
    }
}

/* The end of a path is what tells requests apart. */
static void
check_targets (const RtTimelineLayout *layout, const Where *where)
{
  for (guint i = 0; i < layout->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (layout->model, i);
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (layout, i);
      g_autofree char *path = g_strndup (message->text, strcspn (message->text, "?#"));
      const char *last = strrchr (path, '/');
      const char *said = geometry->text != NULL ? geometry->text : geometry->meta[0];

      if (message->request && *message->text != '\0' && last != NULL && strlen (last) < 9
          && (said == NULL || strstr (said, last) == NULL))
        fail_msg ("%s up to step %u, %.0f wide, text ×%.1f: request %u does not say “%s”, but “%s”",
                  where->run, where->step, where->width, where->text_scale, i, last, said);
    }
}

/* As many texts in the face of codes as there are messages, and each as it is in the model. */
static void
check_codes (const Recorder *recorder, const RtTimelineModel *model, const Where *where)
{
  g_autoptr (GHashTable) left = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < recorder->texts->len; i++)
    {
      const Text *text = &g_array_index (recorder->texts, Text, i);

      if (text->style == RT_TEXT_CODE)
        g_hash_table_insert (
            left, text->text,
            GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (left, text->text)) + 1));
    }
  for (guint i = 0; i < model->messages->len; i++)
    {
      const char *code = rt_timeline_model_get_message (model, i)->code;
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (left, code));

      if (n == 0)
        fail_msg ("%s up to step %u, %.0f wide, text ×%.1f: message %u, “%s”, is not named",
                  where->run, where->step, where->width, where->text_scale, i, code);
      g_hash_table_insert (left, (gpointer)code, GUINT_TO_POINTER (n - 1));
    }
}

static void
check_scene (const RtTimelineModel *model, const Where *where)
{
  RtTimelineParams params = {
    .width = where->width, .text_scale = where->text_scale, .zoom = 1, .measure = measure ()
  };
  g_autoptr (RtTimelineLayout) layout = rt_timeline_layout_new (model, &params);
  Recorder recorder = {
    .sink = { &recorder_class },
    .measure = measure (),
    .texts = g_array_new (FALSE, FALSE, sizeof (Text)),
    .covers = g_array_new (FALSE, FALSE, sizeof (Text)),
  };
  RtTimelineView view = {
    .width = layout->params.width,
    .height = layout->height,
    .hover = RT_TIMELINE_NONE,
    .selected = RT_TIMELINE_NONE,
    .different = RT_TIMELINE_NONE,
    .now = RT_TIME_UNKNOWN,
  };

  g_array_set_clear_func (recorder.texts, clear_text);
  rt_timeline_scene_draw (layout, &view, &recorder.sink);
  check_overlaps (&recorder, where);
  check_covers (&recorder, where);
  check_edges (&recorder, layout, where);
  if (layout->level == RT_TIMELINE_FULL)
    {
      check_codes (&recorder, model, where);
      check_below (layout, where);
      check_targets (layout, where);
      check_chips (layout, where);
    }
  g_array_unref (recorder.texts);
  g_array_unref (recorder.covers);
}

static const double widths[] = { 720, 1024, 1280, 1366, 1920 };

static void
check_all_sizes (const RtTimelineModel *model, const char *name, guint step)
{
  for (guint i = 0; i < 2 * G_N_ELEMENTS (widths); i++)
    check_scene (model, &(Where){ name, step, widths[i / 2], i % 2 == 0 ? 1 : 1.5 });
}

/* As it comes from elsewhere, with what the rules find in it. */
static void
test_a_sample (void **state)
{
  const char *name = *state;
  g_autofree char *from = g_build_filename ("samples", name, NULL);
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "a.roundtrip", NULL);
  const RtFormat *format = rt_format_of_file (from, NULL);
  g_autoptr (RtImportReport) report = NULL;
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  assert_non_null (format);
  if (!format->native)
    report = rt_format_import_to_file (format, from, path, FALSE, &(RtImportOptions){ 0 }, NULL);
  session = rt_session_open (format->native ? from : path, NULL);
  assert_non_null (session);
  runs = rt_session_list_runs (session, NULL);
  for (guint i = 0; i < runs->len; i++)
    {
      const RtRunInfo *run = runs->pdata[i];
      g_autoptr (RtReader) reader = rt_session_open_run (session, run->id, NULL);
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      g_autoptr (RtTimelineModel) model = NULL;

      rt_analysis_set_observed (analysis, run->source != RT_SOURCE_LESSON);
      assert_true (rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, NULL));
      model = rt_timeline_model_new_from_analysis (analysis, FALSE);
      check_all_sizes (model, name, i);
    }
  g_clear_pointer (&session, rt_session_unref);
  g_remove (path);
  g_rmdir (folder);
}

static void
test_sixty_hosts (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_sample_hosts (60);

  check_all_sizes (model, "60 hosts", 0);
}

typedef struct
{
  const RtLesson *lesson;
  const RtScenario *run;
} Case;

static RtPlay *
play (const Case *at)
{
  RtPlayOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  RtPlay *played = rt_play_new (at->lesson, at->run, &options, &error);

  if (played == NULL)
    fail_msg ("%s: %s", at->run->name, error->message);
  return played;
}

static void
test_the_whole_run (void **state)
{
  const Case *at = *state;
  g_autoptr (RtPlay) played = play (at);
  g_autoptr (RtTimelineModel) model
      = rt_timeline_model_new_from_analysis (rt_play_get_analysis (played), FALSE);

  check_all_sizes (model, at->run->name, at->run->n_steps);
}

/* As it stands before each step, with its question open. */
static void
test_every_step (void **state)
{
  const Case *at = *state;
  g_autoptr (RtPlay) played = play (at);

  for (guint step = 1; step <= at->run->n_steps; step++)
    {
      g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
      g_autoptr (RtTimelineModel) model = NULL;

      assert_true (rt_analysis_feed_reader (analysis, rt_play_get_reader (played),
                                            rt_play_get_step_start (played, step), NULL));
      model = rt_timeline_model_new_from_analysis (analysis, TRUE);
      check_scene (model, &(Where){ at->run->name, step - 1, 720, 1.5 });
      check_scene (model, &(Where){ at->run->name, step - 1, 1280, 1 });
    }
}

static void
add_test (GArray *tests, GPtrArray *kept, const Case *at, const char *what, CMUnitTestFunction test)
{
  char *name = g_strdup_printf ("%s: %s: %s", at->lesson->name, at->run->name, what);

  g_ptr_array_add (kept, name);
  g_array_append_val (tests, ((struct CMUnitTest){
                                 .name = name, .test_func = test, .initial_state = (gpointer)at }));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *)a, *(char *const *)b);
}

static void
add_samples (GArray *tests, GPtrArray *kept)
{
  g_autoptr (GDir) folder = g_dir_open ("samples", 0, NULL);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ".har") || g_str_has_suffix (name, ".pcap")
        || g_str_has_suffix (name, ".roundtrip"))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      struct CMUnitTest test = { .name = names->pdata[i],
                                 .test_func = test_a_sample,
                                 .initial_state = names->pdata[i] };

      g_ptr_array_add (kept, names->pdata[i]);
      g_array_append_val (tests, test);
    }
}

int
main (void)
{
  const struct CMUnitTest hosts = cmocka_unit_test (test_sixty_hosts);
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = NULL;
  g_autoptr (GArray) tests = g_array_new (FALSE, TRUE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_free);

  if (g_chdir (RT_SOURCE_DIR) != 0)
    return 1;
  g_array_append_val (tests, hosts);
  add_samples (tests, kept);
  lessons = rt_lesson_library_list (&broken);
  for (guint i = 0; i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];

      for (guint j = 0; j < lesson->runs->len; j++)
        {
          Case *at = g_new (Case, 1);

          *at = (Case){ lesson, lesson->runs->pdata[j] };
          g_ptr_array_add (kept, at);
          add_test (tests, kept, at, "the whole run", test_the_whole_run);
          add_test (tests, kept, at, "every step", test_every_step);
        }
    }
  return _cmocka_run_group_tests ("timeline-texts", (const struct CMUnitTest *)tests->data,
                                  tests->len, NULL, NULL);
}
