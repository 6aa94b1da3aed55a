/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scene as SVG text: goldens of hand-made timelines, compared exactly, and what must never be
 * in a picture. Widths are made up, so no font can change a golden. RT_UPDATE_GOLDEN=1 writes them
 * anew: look at them before committing. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-timeline-picture.h"
#include "timeline-models.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static double
made_up_width (gpointer data, RtTextStyle style, const char *text, gssize length)
{
  const RtTextFace *face = rt_text_style_face (style);

  return g_utf8_strlen (text, length) * face->size * (face->weight > 400 ? 0.59 : 0.53);
}

static const RtMeasure made_up = { made_up_width, NULL };

typedef struct
{
  const char *name, *sample;
  guint width, height;
  RtScheme scheme;
  double text_scale, now_msec; /* now_msec < 0: all is shown */
  gboolean true_scale;
} Golden;

/* clang-format off */
static const Golden goldens[] = {
  { "lost-update-1280-light", "lost-update", 1280, 0, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "lost-update-720-dark", "lost-update", 720, 0, RT_SCHEME_DARK, 1, -1, FALSE },
  { "lost-update-slide", "lost-update", 1280, 720, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "cast-1280-high-contrast", "cast", 1280, 0, RT_SCHEME_HIGH_CONTRAST, 1, -1, FALSE },
  { "cast-1280-dark-now", "cast", 1280, 0, RT_SCHEME_DARK, 1, 92, FALSE },
  { "cast-1024-true-scale", "cast", 1024, 0, RT_SCHEME_LIGHT, 1, -1, TRUE },
  { "cast-720-large-text", "cast", 720, 0, RT_SCHEME_HIGH_CONTRAST_DARK, 1.5, -1, FALSE },
  { "masked-900-light", "masked", 900, 0, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "empty-720-light", "empty", 720, 0, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "hostile-720-light", "hostile", 720, 0, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "hosts-overview", "hosts", 1280, 800, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "overview-1024-light", "overview", 1024, 0, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "overview-720-high-contrast", "overview", 720, 0, RT_SCHEME_HIGH_CONTRAST, 1, -1, FALSE },
  { "part-560-light", "part", 560, 0, RT_SCHEME_LIGHT, 1, -1, FALSE },
  { "part-1280-dark-now", "part", 1280, 0, RT_SCHEME_DARK, 1, 66, FALSE },
};
/* clang-format on */

static RtTimelineModel *
create_sample (const char *name)
{
  for (guint i = 0; i < rt_n_samples; i++)
    if (strcmp (rt_samples[i].name, name) == 0)
      return rt_samples[i].create ();
  return NULL;
}

static GString *
draw (const RtTimelineModel *model, const Golden *golden)
{
  RtPictureOptions options = {
    .width = golden->width,
    .height = golden->height,
    .text_scale = golden->text_scale,
    .scheme = golden->scheme,
    .now = golden->now_msec < 0 ? RT_TIME_UNKNOWN
                                : model->start + (RtTime)(golden->now_msec * RT_TIME_MSEC),
    .true_scale = golden->true_scale,
  };

  return rt_timeline_picture_svg (model, &options, made_up);
}

static void
test_golden (void **state)
{
  const Golden *golden = *state;
  g_autoptr (RtTimelineModel) model = create_sample (golden->sample);
  g_autoptr (GString) svg = draw (model, golden);
  g_autofree char *name = g_strconcat (golden->name, ".svg", NULL);
  g_autofree char *path = g_build_filename (RT_GOLDEN_DIR, name, NULL);
  g_autofree char *wanted = NULL;

  if (g_getenv ("RT_UPDATE_GOLDEN") != NULL)
    g_file_set_contents (path, svg->str, (gssize)svg->len, NULL);
  assert_true (g_file_get_contents (path, &wanted, NULL, NULL));
  assert_string_equal (svg->str, wanted);
}

/* What Bob's PUT leads to must not be in the picture that stops before it. */
static void
test_masked_holds_nothing_of_the_answer (void **state)
{
  static const char *const answers[] = { "412", "Precondition", "somebody was faster", "§15.5.13" };
  g_autoptr (RtTimelineModel) whole = create_sample ("lost-update");
  g_autoptr (RtTimelineModel) masked = create_sample ("masked");
  const Golden plain = { .width = 1280, .text_scale = 1, .now_msec = -1 };
  g_autoptr (GString) all = draw (whole, &plain);
  g_autoptr (GString) some = draw (masked, &plain);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      assert_non_null (strstr (all->str, answers[i]));
      assert_null (strstr (some->str, answers[i]));
    }
  assert_non_null (strstr (some->str, ">?</text>"));
  assert_null (strstr (all->str, ">?</text>"));
}

static void
test_text_from_outside_is_no_markup (void **state)
{
  g_autoptr (RtTimelineModel) model = create_sample ("hostile");
  g_autoptr (GString) svg
      = draw (model, &(Golden){ .width = 1280, .text_scale = 1, .now_msec = -1 });

  assert_null (strstr (svg->str, "<script>"));
  assert_null (strstr (svg->str, "<b>"));
  assert_non_null (strstr (svg->str, "&lt;script&gt;"));
  assert_true (g_utf8_validate (svg->str, (gssize)svg->len, NULL));
}

static void
test_a_picture_has_the_size_asked_for (void **state)
{
  g_autoptr (RtTimelineModel) model = create_sample ("lost-update");
  g_autoptr (GString) svg
      = draw (model, &(Golden){ .width = 1280, .height = 720, .text_scale = 1, .now_msec = -1 });

  assert_non_null (strstr (svg->str, "width=\"1280\" height=\"720\""));
  assert_non_null (strstr (svg->str, "Precondition Failed"));
}

static void
test_ten_thousand_fit_on_a_page (void **state)
{
  g_autoptr (RtTimelineModel) model = rt_sample_many (10000);
  g_autoptr (GString) svg
      = draw (model, &(Golden){ .width = 1280, .height = 800, .text_scale = 1, .now_msec = -1 });

  assert_non_null (strstr (svg->str, "full width: "));
}

static void
test_unknown_endings_are_refused (void **state)
{
  g_autoptr (RtTimelineModel) model = create_sample ("empty");
  g_autoptr (GError) error = NULL;
  RtPictureOptions options = { .now = RT_TIME_UNKNOWN };

  assert_false (rt_timeline_picture_write (model, &options, "/nonexistent/picture.bmp", &error));
  assert_non_null (strstr (error->message, ".svg, .png or .pdf"));
}

static double
luminance (const RtColor *color)
{
  double parts[] = { color->red, color->green, color->blue };

  for (guint i = 0; i < 3; i++)
    parts[i] = parts[i] <= 0.04045 ? parts[i] / 12.92 : pow ((parts[i] + 0.055) / 1.055, 2.4);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

/* WCAG 2.1 */
static double
contrast (const RtColor *a, const RtColor *b)
{
  double x = luminance (a);
  double y = luminance (b);

  return (MAX (x, y) + 0.05) / (MIN (x, y) + 0.05);
}

static void
test_inks_can_be_read (void **state)
{
  for (guint scheme = 0; scheme < RT_N_SCHEMES; scheme++)
    {
      const RtTheme *theme = rt_theme_get (scheme);
      double least = scheme >= RT_SCHEME_HIGH_CONTRAST ? 7 : 4.6;
      const RtColor *inks[]
          = { &theme->ink[0], &theme->ink[1], &theme->ink[2], &theme->ink[3], &theme->ink[4],
              &theme->text,   &theme->dim,    &theme->rail,   &theme->good,   &theme->warning };

      for (guint i = 0; i < G_N_ELEMENTS (inks); i++)
        if (contrast (inks[i], &theme->background) < least
            || contrast (inks[i], &theme->surface) < least)
          fail_msg ("scheme %u, ink %u: %.2f and %.2f", scheme, i,
                    contrast (inks[i], &theme->background), contrast (inks[i], &theme->surface));
      assert_true (contrast (&theme->now, &theme->on_ink) >= 4.6);
    }
}

/* The same bytes twice, and no time of making in them. */
static void
test_files_are_deterministic (void **state)
{
  static const char *const names[] = { "a.svg", "a.png", "a.pdf" };
  g_autoptr (RtTimelineModel) model = create_sample ("cast");
  g_autofree char *folder = g_dir_make_tmp ("roundtrip-XXXXXX", NULL);
  RtPictureOptions options = { .width = 640, .now = RT_TIME_UNKNOWN };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);
      g_autofree char *first = NULL;
      g_autofree char *second = NULL;
      gsize first_length, second_length;

      assert_true (rt_timeline_picture_write (model, &options, path, NULL));
      assert_true (g_file_get_contents (path, &first, &first_length, NULL));
      assert_true (rt_timeline_picture_write (model, &options, path, NULL));
      assert_true (g_file_get_contents (path, &second, &second_length, NULL));
      assert_int_equal (first_length, second_length);
      assert_memory_equal (first, second, first_length);
      g_remove (path);
    }
  g_rmdir (folder);
}

int
main (void)
{
  const struct CMUnitTest rules[] = {
    cmocka_unit_test (test_masked_holds_nothing_of_the_answer),
    cmocka_unit_test (test_text_from_outside_is_no_markup),
    cmocka_unit_test (test_a_picture_has_the_size_asked_for),
    cmocka_unit_test (test_ten_thousand_fit_on_a_page),
    cmocka_unit_test (test_unknown_endings_are_refused),
    cmocka_unit_test (test_inks_can_be_read),
    cmocka_unit_test (test_files_are_deterministic),
  };
  struct CMUnitTest tests[G_N_ELEMENTS (goldens) + G_N_ELEMENTS (rules)];

  for (guint i = 0; i < G_N_ELEMENTS (goldens); i++)
    tests[i] = (struct CMUnitTest){ .name = goldens[i].name,
                                    .test_func = test_golden,
                                    .initial_state = (gpointer)&goldens[i] };
  memcpy (tests + G_N_ELEMENTS (goldens), rules, sizeof rules);
  return cmocka_run_group_tests_name ("timeline-scene", tests, NULL, NULL);
}
