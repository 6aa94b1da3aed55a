/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A question, and the box for all that follows it. Which of the verdicts is seen, the style sheet
 * finds out from the buttons that are pressed: so the options are numbered by class. */
#include "rt-handout-private.h"

static void
add_button (RtHandout *self, const char *type, const char *name, const char *style)
{
  rt_html_empty (&self->html, "input", "type", type, "name", name, "class", style, NULL);
}

static void
add_options (RtHandout *self, const RtPrediction *prediction, guint number)
{
  g_autofree char *name = g_strdup_printf ("question-%u", number);

  rt_html_open (&self->html, "div", "class", "options", NULL);
  for (guint i = 0; i < prediction->options->len; i++)
    {
      const RtOption *option = prediction->options->pdata[i];
      g_autofree char *style
          = g_strdup_printf ("option o%u %s", i + 1, option->right ? "is-right" : "is-wrong");

      rt_html_open (&self->html, "label", NULL);
      add_button (self, prediction->multiple ? "checkbox" : "radio", name, style);
      rt_html_open (&self->html, "span", NULL);
      rt_handout_add_inlines (self, option->inlines);
      rt_html_close (&self->html);
      rt_html_close (&self->html);
    }
  rt_html_close (&self->html);
}

/* Two buttons of one name: once one is pressed, the question is over. */
static void
add_buttons (RtHandout *self, guint number)
{
  static const struct
  {
    const char *style, *label;
  } buttons[] = { { "go check", "Check" }, { "go skip", "Skip" } };
  g_autofree char *name = g_strdup_printf ("answer-%u", number);

  rt_html_open (&self->html, "div", "class", "buttons", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      rt_html_open (&self->html, "label", "class", i == 0 ? "button suggested" : "button", NULL);
      add_button (self, "radio", name, buttons[i].style);
      rt_html_element (&self->html, "span", NULL, buttons[i].label);
      rt_html_close (&self->html);
    }
  rt_html_close (&self->html);
}

static void
add_right_options (RtHandout *self, const RtPrediction *prediction)
{
  rt_html_element (&self->html, "p", "eyebrow", "What happened");
  for (guint i = 0; i < prediction->options->len; i++)
    {
      const RtOption *option = prediction->options->pdata[i];

      if (!option->right)
        continue;
      rt_html_open (&self->html, "p", NULL);
      rt_handout_add_inlines (self, option->inlines);
      rt_html_close (&self->html);
    }
}

/* What is said to somebody who ticked a wrong option. */
static void
add_feedback (RtHandout *self, const RtOption *option, guint i)
{
  const RtMisconception *wrong
      = option->misconception != NULL
            ? rt_lesson_get_misconception (self->lesson, option->misconception)
            : NULL;
  g_autofree char *style = g_strdup_printf ("feedback f%u", i + 1);

  rt_html_open (&self->html, "div", "class", style, NULL);
  rt_html_element (&self->html, "p", "eyebrow", "You said");
  rt_html_open (&self->html, "p", NULL);
  rt_handout_add_inlines (self, option->inlines);
  rt_html_close (&self->html);
  if (wrong != NULL)
    {
      rt_html_open (&self->html, "p", "class", "why", NULL);
      rt_handout_add_inlines (self, wrong->feedback);
      rt_html_close (&self->html);
      rt_handout_add_proof (self, wrong);
    }
  rt_html_close (&self->html);
}

static void
add_verdict (RtHandout *self, const RtPrediction *prediction)
{
  rt_html_open (&self->html, "div", "class", "verdict", "role", "status", NULL);
  rt_html_element (&self->html, "p", "heading said-right", "✓ As you predicted");
  rt_html_element (&self->html, "p", "heading said-wrong", "✗ It went another way");
  rt_html_element (&self->html, "p", "heading said-nothing", "Not predicted");
  add_right_options (self, prediction);
  for (guint i = 0; i < prediction->options->len; i++)
    {
      const RtOption *option = prediction->options->pdata[i];

      if (!option->right)
        add_feedback (self, option, i);
    }
  rt_html_close (&self->html);
}

/**
 * rt_handout_add_question:
 * @number: of the question in the lesson, from 1
 *
 * Adds it, and opens the box that holds the rest of the lesson.
 */
void
rt_handout_add_question (RtHandout *self, const RtPrediction *prediction, guint number)
{
  rt_html_open (&self->html, "fieldset", "class", "question", NULL);
  rt_html_open (&self->html, "legend", NULL);
  rt_html_element (&self->html, "span", "eyebrow", "Predict");
  rt_html_open (&self->html, "span", "class", "asked", NULL);
  rt_handout_add_inlines (self, prediction->question);
  rt_html_close (&self->html);
  rt_html_close (&self->html);
  add_options (self, prediction, number);
  add_buttons (self, number);
  add_verdict (self, prediction);
  rt_html_close (&self->html);
  rt_html_open (&self->html, "div", "class", "after", NULL);
}
