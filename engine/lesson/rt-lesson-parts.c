/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of a lesson: how each begins and ends. */
#include "rt-lesson-private.h"

void
rt_step_free (RtStep *step)
{
  g_free (step->title);
  g_free (step->name);
  g_free (step->from);
  g_free (step->to);
  g_free (step->message);
  g_free (step->over);
  g_free (step->page);
  rt_expression_free (step->expression);
  g_free (step->capture);
  g_free (step);
}

RtStep *
rt_step_new (RtStepKind kind, guint line)
{
  RtStep *step = g_new0 (RtStep, 1);

  step->kind = kind;
  step->line = line;
  return step;
}

void
rt_variable_free (RtVariable *variable)
{
  g_free (variable->name);
  g_strfreev (variable->values);
  g_free (variable);
}

RtScenario *
rt_scenario_new (const char *name, guint line)
{
  RtScenario *scenario = g_new0 (RtScenario, 1);

  scenario->name = g_strdup (name);
  scenario->line = line;
  scenario->n_variations = 1;
  scenario->settings = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_party_settings_free);
  scenario->links = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_lesson_link_free);
  scenario->steps = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_step_free);
  scenario->variables = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_variable_free);
  return scenario;
}

void
rt_scenario_free (RtScenario *scenario)
{
  g_free (scenario->name);
  g_ptr_array_unref (scenario->settings);
  g_ptr_array_unref (scenario->links);
  g_ptr_array_unref (scenario->steps);
  g_ptr_array_unref (scenario->variables);
  g_free (scenario);
}

void
rt_option_free (RtOption *option)
{
  g_clear_pointer (&option->inlines, g_ptr_array_unref);
  g_free (option->misconception);
  g_free (option);
}

void
rt_prediction_free (RtPrediction *prediction)
{
  g_free (prediction->id);
  g_clear_pointer (&prediction->question, g_ptr_array_unref);
  g_clear_pointer (&prediction->options, g_ptr_array_unref);
  g_free (prediction);
}

void
rt_change_free (RtChange *change)
{
  g_free (change->party);
  g_free (change->path);
  g_free (change->name);
  g_free (change->value);
  g_free (change);
}

void
rt_misconception_free (RtMisconception *misconception)
{
  g_free (misconception->id);
  g_clear_pointer (&misconception->feedback, g_ptr_array_unref);
  g_clear_pointer (&misconception->changes, g_ptr_array_unref);
  g_clear_pointer (&misconception->checks, g_ptr_array_unref);
  g_free (misconception);
}

void
rt_author_note_free (RtAuthorNote *note)
{
  rt_expression_free (note->target);
  g_clear_pointer (&note->inlines, g_ptr_array_unref);
  g_free (note);
}

void
rt_challenge_free (RtChallenge *challenge)
{
  g_free (challenge->title);
  g_clear_pointer (&challenge->task, g_ptr_array_unref);
  g_free (challenge->starter);
  g_free (challenge->settings);
  g_clear_pointer (&challenge->requests, g_ptr_array_unref);
  g_strfreev (challenge->parties);
  g_clear_pointer (&challenge->probes, g_ptr_array_unref);
  g_clear_pointer (&challenge->hints, g_ptr_array_unref);
  g_free (challenge);
}

/**
 * rt_lesson_wrong:
 * @expected: what should stand there instead of @node
 *
 * Returns: %FALSE, with @error set
 */
gboolean
rt_lesson_wrong (const RtLesson *lesson, const RtYaml *node, const char *expected, GError **error)
{
  RtPlace place = rt_lesson_place (lesson, node->line);

  if (node->kind == RT_YAML_SCALAR)
    rt_set_error (error, RT_ERROR_SYNTAX, &place, expected, "“%s” stands here", node->text);
  else
    rt_set_error (error, RT_ERROR_SYNTAX, &place, expected, "%s stands here",
                  rt_yaml_kind_name (node));
  return FALSE;
}
