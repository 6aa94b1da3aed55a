/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline's scale and layout, with made-up character widths: each rule over every sample, size
 * and text scale. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-timeline-layout.h"
#include "timeline-models.h"

#include <math.h>
#include <string.h>

#define MS(n) ((RtTime)((n)*RT_TIME_MSEC))

/* A little wider than the fonts in use run. */
static double
made_up_width (gpointer data, RtTextStyle style, const char *text, gssize length)
{
  const RtTextFace *face = rt_text_style_face (style);

  return g_utf8_strlen (text, length) * face->size * (face->weight > 400 ? 0.6 : 0.54);
}

static const RtMeasure made_up = { made_up_width, NULL };

/* Scale */

static RtTimelineScale *
scale_of (const double *msec, guint n, gboolean true_scale)
{
  g_autofree RtTimelinePoint *points = g_new0 (RtTimelinePoint, n);

  for (guint i = 0; i < n; i++)
    points[i] = (RtTimelinePoint){ MS (msec[i]), 0, 0, G_MAXUINT, 0, 0 };
  return rt_timeline_scale_new (points, n, true_scale, 1, 1);
}

static void
test_gaps_are_legible (void **state)
{
  static const double msec[] = { 0, 0.001, 0.5, 3, 40, 41, 300 };
  g_autoptr (RtTimelineScale) scale = scale_of (msec, G_N_ELEMENTS (msec), FALSE);

  for (guint i = 1; i < G_N_ELEMENTS (msec); i++)
    {
      double gap = rt_timeline_scale_y (scale, MS (msec[i]))
                   - rt_timeline_scale_y (scale, MS (msec[i - 1]));

      assert_true (gap >= RT_TIMELINE_GAP_MIN - 1e-9);
      assert_true (gap <= RT_TIMELINE_GAP_MAX + 1e-9);
    }
}

static void
test_true_scale_keeps_ratios (void **state)
{
  static const double msec[] = { 0, 1, 10, 100 };
  g_autoptr (RtTimelineScale) scale = scale_of (msec, G_N_ELEMENTS (msec), TRUE);
  double one = rt_timeline_scale_y (scale, MS (1)) - rt_timeline_scale_y (scale, 0);
  double hundred = rt_timeline_scale_y (scale, MS (100)) - rt_timeline_scale_y (scale, 0);

  assert_true (fabs (hundred - 100 * one) < 1e-6);
}

static void
test_idle_folds (void **state)
{
  static const double msec[] = { 0, 10, 59010, 59020 };
  g_autoptr (RtTimelineScale) scale = scale_of (msec, G_N_ELEMENTS (msec), FALSE);
  const GArray *idle = rt_timeline_scale_get_idle (scale);

  assert_int_equal (idle->len, 1);
  assert_int_equal (g_array_index (idle, RtTimelineIdle, 0).to
                        - g_array_index (idle, RtTimelineIdle, 0).from,
                    59 * RT_TIME_SEC);
  assert_int_equal (rt_timeline_scale_get_base (scale, MS (59015)), MS (59010));
  assert_int_equal (rt_timeline_scale_get_base (scale, MS (5)), 0);
}

static void
test_what_is_under_way_does_not_fold (void **state)
{
  RtTimelinePoint points[] = { { 0, 1, 0, G_MAXUINT }, { 60 * RT_TIME_SEC, -1, 0, G_MAXUINT } };
  g_autoptr (RtTimelineScale) scale
      = rt_timeline_scale_new (points, G_N_ELEMENTS (points), FALSE, 1, 1);

  assert_int_equal (rt_timeline_scale_get_idle (scale)->len, 0);
}

static void
test_time_and_y_are_inverse (void **state)
{
  static const double msec[] = { 0, 0.4, 7, 9000, 9001 };
  g_autoptr (RtTimelineScale) scale = scale_of (msec, G_N_ELEMENTS (msec), FALSE);

  for (double t = 0; t <= 9001; t += 0.25)
    {
      RtTime back = rt_timeline_scale_time (scale, rt_timeline_scale_y (scale, MS (t)));

      assert_true (ABS (back - MS (t)) <= 1);
    }
}

static void
test_ticks_rise_and_keep_apart (void **state)
{
  static const double msec[] = { 0, 0.003, 0.2, 1, 33, 80, 2000, 2001, 3700000, 3700010 };
  g_autoptr (RtTimelineScale) scale = scale_of (msec, G_N_ELEMENTS (msec), FALSE);
  const GArray *ticks = rt_timeline_scale_get_ticks (scale);

  assert_true (ticks->len > 4);
  for (guint i = 1; i < ticks->len; i++)
    assert_true (g_array_index (ticks, RtTimelineTick, i).y
                 >= g_array_index (ticks, RtTimelineTick, i - 1).y + 20);
}

static void
test_moments_in_words (void **state)
{
  static const struct
  {
    RtTime time, base;
    const char *words;
  } rows[] = {
    { 0, 0, "0 ms" },
    { 5 * RT_TIME_MSEC, 0, "5 ms" },
    { 1500, 0, "1.5 ms" },
    { 1250 * RT_TIME_MSEC, 0, "1.25 s" },
    { 20 * RT_TIME_MSEC, 5, "+20 ms" },
    { 125 * RT_TIME_SEC, 0, "2:05 min" },
    { 65 * RT_TIME_MINUTE, 0, "1:05 h" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *words = rt_timeline_format_moment (rows[i].time, rows[i].base, 0);

      assert_string_equal (words, rows[i].words);
    }
}

/* Layouts of every sample, size and text scale */

typedef struct
{
  const RtTimelineModel *model;
  const RtTimelineLayout *layout;
  const char *sample;
} Case;

static void
for_all (void (*check) (const Case *at))
{
  static const double widths[] = { 480, 720, 1024, 1280, 1366, 1920 };
  static const double text_scales[] = { 1, 1.5, 1.75 };

  for (guint s = 0; s < rt_n_samples; s++)
    {
      g_autoptr (RtTimelineModel) model = rt_samples[s].create ();

      for (guint i = 0; i < G_N_ELEMENTS (widths) * G_N_ELEMENTS (text_scales) * 2; i++)
        {
          RtTimelineParams params = {
            .width = widths[i / 2 % G_N_ELEMENTS (widths)],
            .text_scale = text_scales[i / 2 / G_N_ELEMENTS (widths)],
            .zoom = 1,
            .true_scale = i % 2 == 1,
            .measure = made_up,
          };
          g_autoptr (RtTimelineLayout) layout = rt_timeline_layout_new (model, &params);

          check (&(Case){ model, layout, rt_samples[s].name });
        }
    }
}

static void
add_box (GArray *boxes, const RtBox *box)
{
  if (box->width > 0)
    g_array_append_val (boxes, *box);
}

static GArray *
collect_boxes (const RtTimelineLayout *layout)
{
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (RtBox));

  for (guint i = 0; i < layout->messages->len; i++)
    {
      const RtMessageGeometry *message = rt_timeline_layout_get_message (layout, i);

      add_box (boxes, &message->pill);
      add_box (boxes, &message->meta_box);
      add_box (boxes, &message->reused);
    }
  for (guint i = 0; i < layout->numbers->len; i++)
    add_box (boxes, &g_array_index (layout->numbers, RtBox, i));
  for (guint i = 0; i < layout->rails->len; i++)
    add_box (boxes, &g_array_index (layout->rails, RtRailGeometry, i).chip);
  for (guint i = 0; i < layout->segments->len; i++)
    add_box (boxes, &g_array_index (layout->segments, RtBox, i));
  for (guint i = 0; i < layout->decisions->len; i++)
    add_box (boxes, &g_array_index (layout->decisions, RtDecisionGeometry, i).box);
  for (guint i = 0; i < layout->cards->len; i++)
    add_box (boxes, &g_array_index (layout->cards, RtCardGeometry, i).box);
  add_box (boxes, &layout->awaited);
  return boxes;
}

static void
check_overlaps (const Case *at)
{
  g_autoptr (GArray) boxes = collect_boxes (at->layout);

  for (guint i = 0; i < boxes->len; i++)
    for (guint j = 0; j < i; j++)
      {
        const RtBox *a = &g_array_index (boxes, RtBox, i);
        const RtBox *b = &g_array_index (boxes, RtBox, j);

        if (a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height
            && b->y < a->y + a->height)
          fail_msg ("%s, %.0f wide, text ×%.2f: labels at %.0f,%.0f and %.0f,%.0f overlap",
                    at->sample, at->layout->params.width, at->layout->params.text_scale, a->x, a->y,
                    b->x, b->y);
      }
}

/* All ticks of one scale say something else. */
static void
check_ticks (const Case *at)
{
  g_autoptr (GHashTable) said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const GArray *ticks = rt_timeline_scale_get_ticks (at->layout->scale);
  RtTime base = at->model->start;

  for (guint i = 0; i < ticks->len; i++)
    {
      const RtTimelineTick *tick = &g_array_index (ticks, RtTimelineTick, i);
      char *words = rt_timeline_format_moment (tick->time, tick->base, at->model->start);

      /* Each idle stretch begins to count anew. */
      if (tick->base != base)
        g_hash_table_remove_all (said);
      base = tick->base;
      if (!g_hash_table_add (said, words))
        fail_msg ("%s, %.0f wide: “%s” stands on the axis twice", at->sample,
                  at->layout->params.width, words);
    }
}

static void
test_no_two_ticks_say_the_same (void **state)
{
  for_all (check_ticks);
}

/* A request whose target has so much room, from the left lane to the right one. */
static const RtMessageGeometry *
lay_target (const char *target, double width, RtTimelineLayout **ret_layout)
{
  static RtTimelineModel *model;
  RtTimelineParams params
      = { .width = width, .text_scale = 1, .zoom = 1, .measure = { made_up_width, NULL } };
  RtTimelineMessage message = { .from = 0,
                                .to = 1,
                                .rail = RT_TIMELINE_NONE,
                                .exchange = 1,
                                .code = "GET",
                                .text = target,
                                .request = TRUE,
                                .complete = TRUE,
                                .sent_last = 1000,
                                .received_first = 20000,
                                .received_last = 21000 };

  g_clear_pointer (&model, rt_timeline_model_unref);
  model = rt_timeline_model_new ();
  for (guint i = 0; i < 5; i++)
    rt_timeline_model_add_party (model, (RtPartyId)(i + 1), "a.test", "origin");
  g_array_append_val (model->messages, message);
  rt_timeline_model_seal (model);
  *ret_layout = rt_timeline_layout_new (model, &params);
  return rt_timeline_layout_get_message (*ret_layout, 0);
}

static void
test_a_target_keeps_the_end_of_its_path (void **state)
{
  static const struct
  {
    const char *target;
    double width;
    const char *in, *below;
  } rows[] = {
    { "/login", 900, "/login", NULL },
    { "/login?next=/account/orders/2026", 900, "/login?next=/…", NULL },
    { "http://www.shop.test/login", 900, "…/login", NULL },
    { "/a/long/way/down/to/the/login", 900, "…/to/the/login", NULL },
    { "/a/long/way/down/to/the/login", 700, "…/login", NULL },
    { "/login", 420, NULL, "/login" },
    { "/account/login?next=1", 420, NULL, "…/login" },
    { "/this/account/settings/", 900, "…/settings/", NULL },
    { "/", 420, NULL, "/" },
    { "/", 900, "/", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      RtTimelineLayout *layout;
      const RtMessageGeometry *geometry = lay_target (rows[i].target, rows[i].width, &layout);

      if (g_strcmp0 (geometry->text, rows[i].in) != 0
          || g_strcmp0 (geometry->meta[0], rows[i].below) != 0)
        fail_msg ("%s, %.0f wide: “%s” in the pill, “%s” below", rows[i].target, rows[i].width,
                  geometry->text, geometry->meta[0]);
      rt_timeline_layout_free (layout);
    }
}

static void
test_long_words_are_parted_where_they_can_be (void **state)
{
  const RtMeasure measure = { made_up_width, NULL };
  double each = made_up_width (NULL, RT_TEXT_META, "x", 1);
  g_auto (GStrv) lines = rt_measure_wrap (&measure, RT_TEXT_META,
                                          "Access-Control-Request-Method: PUT", each * 17, 3);
  g_auto (GStrv) whole = rt_measure_wrap (&measure, RT_TEXT_META, "abcdefghij", each * 4 + 0.1, 3);

  assert_string_equal (lines[0], "Access-Control-");
  assert_string_equal (lines[1], "Request-Method:");
  assert_string_equal (lines[2], "PUT");
  assert_string_equal (whole[0], "abcd");
}

static void
test_no_two_labels_overlap (void **state)
{
  for_all (check_overlaps);
}

static void
check_inside (const Case *at)
{
  g_autoptr (GArray) boxes = collect_boxes (at->layout);

  for (guint i = 0; i < boxes->len; i++)
    {
      const RtBox *box = &g_array_index (boxes, RtBox, i);

      assert_true (box->y >= 0);
      assert_true (box->y + box->height <= at->layout->height - at->layout->header);
    }
}

static void
test_all_labels_lie_within_the_height (void **state)
{
  for_all (check_inside);
}

/* A pill holds at least its code, whole. A long method in a narrow lane may need more room than
 * there is: then it still is not shortened. */
static void
check_codes (const Case *at)
{
  if (at->layout->params.true_scale)
    return;
  for (guint i = 0; i < at->layout->messages->len; i++)
    {
      const RtTimelineMessage *message = rt_timeline_model_get_message (at->model, i);
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (at->layout, i);
      double code
          = made_up_width (NULL, RT_TEXT_CODE, message->code, -1) * at->layout->params.text_scale;

      if (geometry->pill.width <= 0)
        fail_msg ("%s, %.0f wide, text ×%.2f: message %u has no label", at->sample,
                  at->layout->params.width, at->layout->params.text_scale, i);
      assert_true (geometry->pill.width > code);
      if (!message->request && geometry->text != NULL)
        assert_string_equal (geometry->text, message->text);
    }
}

static void
test_no_method_or_status_is_cut (void **state)
{
  for_all (check_codes);
}

static void
check_monotone (const Case *at)
{
  double before = -G_MAXDOUBLE;

  for (guint i = 0; i < at->layout->messages->len; i++)
    {
      const RtMessageGeometry *geometry = rt_timeline_layout_get_message (at->layout, i);

      assert_true (geometry->sent0 >= before);
      assert_true (geometry->sent1 > geometry->sent0);
      assert_true (geometry->received1 > geometry->received0);
      assert_true (geometry->received0 >= geometry->sent0);
      before = geometry->sent0;
    }
}

static void
test_time_runs_down (void **state)
{
  for_all (check_monotone);
}

/* What is found by searching is what is found by looking at all. */
static void
check_visible (const Case *at)
{
  for (double top = -50; top < at->layout->height; top += 97)
    {
      double bottom = top + 300;
      guint first, end;

      rt_timeline_layout_visible (at->layout, top, bottom, &first, &end);
      for (guint i = 0; i < at->layout->messages->len; i++)
        {
          const RtMessageGeometry *geometry = rt_timeline_layout_get_message (at->layout, i);

          if (geometry->bottom >= top && geometry->top <= bottom)
            assert_true (i >= first && i < end);
        }
    }
}

static void
test_the_visible_part_is_found (void **state)
{
  for_all (check_visible);
}

static void
check_hits (const Case *at)
{
  for (guint i = 0; i < at->layout->messages->len; i++)
    {
      const RtBox *pill = &rt_timeline_layout_get_message (at->layout, i)->pill;

      if (pill->width > 0)
        assert_int_equal (rt_timeline_layout_hit (at->layout, pill->x + pill->width / 2,
                                                  pill->y + pill->height / 2),
                          i);
    }
}

static void
test_a_pill_is_hit_in_its_middle (void **state)
{
  for_all (check_hits);
}

/* Single rules */

static RtTimelineLayout *
lay_out (const RtTimelineModel *model, double width, double zoom)
{
  RtTimelineParams params = { .width = width, .text_scale = 1, .zoom = zoom, .measure = made_up };

  return rt_timeline_layout_new (model, &params);
}

static void
test_many_parties_fold (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_sample_hosts (60);
  g_autoptr (RtTimelineLayout) layout = lay_out (model, 1280, 1);
  const RtLaneGeometry *last
      = &g_array_index (layout->lanes, RtLaneGeometry, layout->lanes->len - 1);
  guint n = 0;

  assert_int_equal (layout->lanes->len, RT_TIMELINE_MAX_LANES);
  assert_non_null (strstr (last->name, "hosts"));
  for (guint i = 0; i < layout->lanes->len; i++)
    n += g_array_index (layout->lanes, RtLaneGeometry, i).n_parties;
  assert_int_equal (n, model->parties->len);
  assert_int_equal (layout->lane_of[0], 0);
}

static void
test_a_selected_party_keeps_its_lane (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_sample_hosts (60);
  RtTimelineParams params
      = { .width = 1280, .text_scale = 1, .zoom = 1, .selected = 61, .measure = made_up };
  g_autoptr (RtTimelineLayout) layout = rt_timeline_layout_new (model, &params);
  const RtLaneGeometry *lane = &g_array_index (layout->lanes, RtLaneGeometry, layout->lane_of[60]);

  assert_int_equal (lane->n_parties, 1);
  assert_string_equal (lane->name, "h59.site19.test");
}

static void
test_unfolded_lanes_stand_apart (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_sample_hosts (60);
  RtTimelineParams params
      = { .width = 1280, .text_scale = 1, .zoom = 1, .unfolded = TRUE, .measure = made_up };
  g_autoptr (RtTimelineLayout) layout = rt_timeline_layout_new (model, &params);

  assert_int_equal (layout->lanes->len, 61);
  assert_true (layout->gap > 80);
  assert_true (g_array_index (layout->lanes, RtLaneGeometry, 60).x < layout->params.width);
}

static void
test_cards_need_room (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_samples[0].create ();
  g_autoptr (RtTimelineLayout) wide = lay_out (model, 1040, 1);
  g_autoptr (RtTimelineLayout) narrow = lay_out (model, 700, 1);

  assert_int_equal (wide->cards->len, model->cards->len);
  assert_int_equal (narrow->cards->len, 0);
}

static void
test_zooming_out_gives_arrows_then_counts (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_sample_many (2000);
  g_autoptr (RtTimelineLayout) full = lay_out (model, 1280, 1);
  g_autoptr (RtTimelineLayout) arrows = lay_out (model, 1280, 0.12);
  g_autoptr (RtTimelineLayout) heat = lay_out (model, 1280, 0.01);

  assert_int_equal (full->level, RT_TIMELINE_FULL);
  assert_int_equal (arrows->level, RT_TIMELINE_ARROWS);
  assert_int_equal (heat->level, RT_TIMELINE_HEAT);
}

static void
test_the_masked_pill_has_one_width (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_samples[1].create ();
  g_autoptr (RtTimelineLayout) a = lay_out (model, 700, 1);
  g_autoptr (RtTimelineLayout) b = lay_out (model, 1920, 1);

  assert_true (a->awaited.width > 0);
  assert_true (a->awaited.width == b->awaited.width);
}

/* Two timelines side by side */

static RtTimelineModel *
create (const char *name)
{
  for (guint i = 0; i < rt_n_samples; i++)
    if (strcmp (rt_samples[i].name, name) == 0)
      return rt_samples[i].create ();
  return NULL;
}

static RtTimelineLayout *
lay_beside (const RtTimelineModel *model, const RtTimelineModel *beside)
{
  RtTimelineParams params = {
    .width = 640,
    .text_scale = 1,
    .zoom = 1,
    .no_cards = TRUE,
    .stacked = TRUE,
    .beside = beside,
    .measure = made_up,
  };

  return rt_timeline_layout_new (model, &params);
}

static void
test_a_moment_has_one_height_in_both (void **state)
{
  g_autoptr (RtTimelineModel) a = create ("lost-update");
  g_autoptr (RtTimelineModel) b = create ("cast");
  g_autoptr (RtTimelineLayout) left = lay_beside (a, b);
  g_autoptr (RtTimelineLayout) right = lay_beside (b, a);

  assert_true (left->header == right->header);
  for (RtTime at = 0; at < 2 * RT_TIME_SEC; at += 7 * RT_TIME_MSEC)
    assert_true (fabs (rt_timeline_layout_y (left, a->start + at)
                       - rt_timeline_layout_y (right, b->start + at))
                 < 1e-6);
}

/* Lanes */

static RtTimelineLayout *
lay_lanes (const RtTimelineModel *model, const RtTimelineParams *lanes)
{
  RtTimelineParams params = *lanes;

  params.width = 1280;
  params.text_scale = params.zoom = 1;
  params.measure = made_up;
  return rt_timeline_layout_new (model, &params);
}

static guint
lane_of_party (const RtTimelineModel *model, const RtTimelineLayout *layout, RtPartyId id)
{
  for (guint i = 0; i < model->parties->len; i++)
    if (rt_timeline_model_get_party (model, i)->id == id)
      return layout->lane_of[i];
  return RT_TIMELINE_NONE;
}

static void
test_pinned_parties_keep_their_lanes (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_sample_hosts (60);
  const RtPartyId pinned[] = { 40, 41, 42 };
  g_autoptr (RtTimelineLayout) plain = lay_lanes (model, &(RtTimelineParams){ 0 });
  g_autoptr (RtTimelineLayout) layout
      = lay_lanes (model, &(RtTimelineParams){ .pinned = pinned, .n_pinned = 3 });

  assert_true (plain->n_lanes <= RT_TIMELINE_MAX_LANES);
  assert_true (layout->n_lanes <= RT_TIMELINE_MAX_LANES);
  for (guint i = 0; i < G_N_ELEMENTS (pinned); i++)
    {
      const RtLaneGeometry *lane = &g_array_index (layout->lanes, RtLaneGeometry,
                                                   lane_of_party (model, layout, pinned[i]));

      assert_int_equal (lane->n_parties, 1);
      assert_true (lane->pinned);
    }
}

static void
test_lanes_come_in_the_order_asked_for (void **state)
{
  g_autoptr (RtTimelineModel) model = create ("cast");
  RtPartyId order[]
      = { rt_timeline_model_get_party (model, 2)->id, rt_timeline_model_get_party (model, 0)->id };
  g_autoptr (RtTimelineLayout) layout
      = lay_lanes (model, &(RtTimelineParams){ .order = order, .n_order = 2 });

  assert_int_equal (layout->lane_of[2], 0);
  assert_int_equal (layout->lane_of[0], 1);
  assert_int_equal (layout->lane_of[1], 2);
  assert_int_equal (layout->lane_of[3], 3);
  assert_true (rt_timeline_layout_lane_x (layout, 2) < rt_timeline_layout_lane_x (layout, 0));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_gaps_are_legible),
    cmocka_unit_test (test_true_scale_keeps_ratios),
    cmocka_unit_test (test_idle_folds),
    cmocka_unit_test (test_what_is_under_way_does_not_fold),
    cmocka_unit_test (test_time_and_y_are_inverse),
    cmocka_unit_test (test_ticks_rise_and_keep_apart),
    cmocka_unit_test (test_moments_in_words),
    cmocka_unit_test (test_no_two_ticks_say_the_same),
    cmocka_unit_test (test_a_target_keeps_the_end_of_its_path),
    cmocka_unit_test (test_long_words_are_parted_where_they_can_be),
    cmocka_unit_test (test_no_two_labels_overlap),
    cmocka_unit_test (test_all_labels_lie_within_the_height),
    cmocka_unit_test (test_no_method_or_status_is_cut),
    cmocka_unit_test (test_time_runs_down),
    cmocka_unit_test (test_the_visible_part_is_found),
    cmocka_unit_test (test_a_pill_is_hit_in_its_middle),
    cmocka_unit_test (test_many_parties_fold),
    cmocka_unit_test (test_a_selected_party_keeps_its_lane),
    cmocka_unit_test (test_unfolded_lanes_stand_apart),
    cmocka_unit_test (test_cards_need_room),
    cmocka_unit_test (test_zooming_out_gives_arrows_then_counts),
    cmocka_unit_test (test_the_masked_pill_has_one_width),
    cmocka_unit_test (test_a_moment_has_one_height_in_both),
    cmocka_unit_test (test_pinned_parties_keep_their_lanes),
    cmocka_unit_test (test_lanes_come_in_the_order_asked_for),
  };

  return cmocka_run_group_tests_name ("timeline-layout", tests, NULL, NULL);
}
