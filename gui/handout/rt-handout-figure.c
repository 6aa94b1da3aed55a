/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline of a run after each of its steps, with buttons to choose the step, and the messages
 * that each step brought. Every picture is the timeline's own scene. */
#include "rt-handout-private.h"

#include "rt-theme.h"
#include "rt-timeline-picture.h"

#define WIDTH 1100

static RtAnalysis *
analyse (RtPlay *play, guint64 end)
{
  RtAnalysis *analysis = rt_analysis_new ();
  gboolean fed = rt_analysis_feed_reader (analysis, rt_play_get_reader (play), end, NULL);

  /* A run that was played stands in memory whole. */
  g_assert (fed);
  return analysis;
}

static void
add_picture (RtHandout *self, RtAnalysis *analysis, const char *label)
{
  const RtPictureOptions options = { .width = WIDTH, .now = RT_TIME_UNKNOWN };
  RtTimelineModel *model = rt_timeline_model_new_from_analysis (analysis, FALSE);
  g_autoptr (GString) svg
      = rt_timeline_picture_svg (model, &options, rt_fonts_get_measure (self->fonts));

  rt_timeline_model_unref (model);
  rt_html_open (&self->html, "div", "class", "picture", "role", "img", "aria-label", label, NULL);
  rt_html_markup (&self->html, svg->str);
  rt_html_close (&self->html);
}

/* The exchanges that began in step @step. */
static void
add_exchanges (RtHandout *self, RtAnalysis *analysis, guint step)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (step == 0 || exchange->step == step)
        rt_handout_add_exchange (self, analysis, exchange);
    }
}

static const char *
step_title (RtPlay *play, guint number)
{
  GPtrArray *steps = rt_analysis_get_steps (rt_play_get_analysis (play));

  for (guint i = 0; i < steps->len; i++)
    {
      const RtStepInfo *step = steps->pdata[i];

      if (step->number == number)
        return step->title;
    }
  return "";
}

static void
add_step_buttons (RtHandout *self, RtPlay *play, GArray *steps)
{
  g_autofree char *name = g_strdup_printf ("figure-%u", self->n_figures);

  rt_html_open (&self->html, "div", "class", "steps", "role", "radiogroup", "aria-label",
                "Steps of the run", NULL);
  for (guint i = 0; i < steps->len; i++)
    {
      guint number = g_array_index (steps, guint, i);
      g_autofree char *style = g_strdup_printf ("step s%u", i + 1);
      g_autofree char *title = g_strdup_printf ("%u. %s", number, step_title (play, number));

      rt_html_open (&self->html, "label", "class", "button", NULL);
      rt_html_empty (&self->html, "input", "type", "radio", "name", name, "class", style, "checked",
                     i == 0 ? "checked" : NULL, NULL);
      rt_html_element (&self->html, "span", NULL, title);
      rt_html_close (&self->html);
    }
  rt_html_close (&self->html);
}

static void
add_frame (RtHandout *self, RtPlay *play, guint step, guint i, guint64 cut)
{
  RtAnalysis *analysis = analyse (play, MIN (rt_play_get_step_end (play, step), cut));
  g_autofree char *style = g_strdup_printf ("frame n%u", i + 1);
  g_autofree char *label
      = g_strdup_printf ("Timeline after step %u: %s", step, step_title (play, step));

  rt_html_open (&self->html, "div", "class", style, NULL);
  add_picture (self, analysis, label);
  add_exchanges (self, analysis, step);
  rt_html_close (&self->html);
  rt_analysis_free (analysis);
}

/**
 * rt_handout_add_figure:
 * @caption: (nullable): the name of the run
 * @steps: (element-type guint): numbers of the steps that the text around it took; not empty
 * @cut: nothing from this event on may be seen
 */
void
rt_handout_add_figure (
    RtHandout *self, RtPlay *play, const char *caption, GArray *steps, guint64 cut)
{
  self->n_figures++;
  rt_html_open (&self->html, "figure", NULL);
  if (caption != NULL)
    rt_html_element (&self->html, "figcaption", NULL, caption);
  add_step_buttons (self, play, steps);
  for (guint i = 0; i < steps->len; i++)
    add_frame (self, play, g_array_index (steps, guint, i), i, cut);
  rt_html_close (&self->html);
}

/**
 * rt_handout_add_proof:
 *
 * Adds the run that shows why @misconception is one. It is shown to those who hold it.
 */
void
rt_handout_add_proof (RtHandout *self, const RtMisconception *misconception)
{
  g_autoptr (RtPlay) play = rt_play_new_counterexample (self->lesson, misconception, NULL);
  RtAnalysis *analysis;

  if (play == NULL)
    return;
  analysis = rt_play_get_analysis (play);
  rt_html_open (&self->html, "details", "class", "proof", NULL);
  rt_html_element (&self->html, "summary", NULL, "Show me the run that proves it");
  add_picture (self, analysis, "Timeline of the run that proves it");
  if (misconception->point != 0
      && rt_analysis_get_exchange (analysis, misconception->point) != NULL)
    rt_handout_add_exchange (self, analysis,
                             rt_analysis_get_exchange (analysis, misconception->point));
  else
    add_exchanges (self, analysis, 0);
  rt_html_close (&self->html);
}

/* Dark colours: what the sink wrote for the light scheme is painted over by the style sheet, since
 * attributes of a picture yield to it. */

static char *
dup_hex (const RtColor *color)
{
  return g_strdup_printf ("#%02x%02x%02x", (int)(color->red * 255 + .5f),
                          (int)(color->green * 255 + .5f), (int)(color->blue * 255 + .5f));
}

static void
add_dark_color (GString *out, const char *element, const RtColor *light, const RtColor *dark)
{
  static const char *const properties[] = { "fill", "stroke" };
  g_autofree char *from = dup_hex (light);
  g_autofree char *to = dup_hex (dark);

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    g_string_append_printf (out, ".picture %s[%s='%s']{%s:%s}\n", element, properties[i], from,
                            properties[i], to);
}

/** rt_handout_add_dark_colors: rules for screens that are set to dark. */
void
rt_handout_add_dark_colors (GString *out)
{
  const RtTheme *light = rt_theme_get (RT_SCHEME_LIGHT);
  const RtTheme *dark = rt_theme_get (RT_SCHEME_DARK);
  const RtColor *pairs[][2] = {
    { &light->background, &dark->background },
    { &light->surface, &dark->surface },
    { &light->stripe, &dark->stripe },
    { &light->text, &dark->text },
    { &light->dim, &dark->dim },
    { &light->rail, &dark->rail },
    { &light->now, &dark->now },
  };

  g_string_append (out, "@media screen and (prefers-color-scheme: dark) {\n");
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    add_dark_color (out, "*", pairs[i][0], pairs[i][1]);
  for (guint i = 0; i < RT_N_TIMELINE_KINDS; i++)
    {
      add_dark_color (out, "*", &light->ink[i], &dark->ink[i]);
      add_dark_color (out, "*", &light->fill[i], &dark->fill[i]);
    }
  add_dark_color (out, "text", &light->on_ink, &dark->on_ink);
  g_string_append (out, "}\n");
}
