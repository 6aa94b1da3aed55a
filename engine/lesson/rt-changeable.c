/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists what can be changed: the fields of a request that a step sends, then the settings of the
 * parties, those first that the lesson gives. */
#include "rt-changeable.h"

#include "rt-cast.h"

#include <string.h>

static void
changeable_free (gpointer data)
{
  RtChangeable *changeable = data;

  g_free (changeable->title);
  g_free (changeable->words);
  g_free (changeable->value);
  g_free (changeable->remove);
  g_free (changeable);
}

/* The step that sends @exchange's request, literally; NULL: nothing of it stands in the lesson. */
static const RtStep *
find_step (RtPlay *play, guint exchange)
{
  const RtScenario *scenario = rt_play_get_scenario (play);

  for (guint i = 0; i < scenario->steps->len; i++)
    {
      const RtStep *step = scenario->steps->pdata[i];

      if (step->kind == RT_STEP_SEND && step->number != 0
          && rt_play_get_step_exchange (play, step->number) == exchange)
        return step;
    }
  return NULL;
}

static void
add_fields (GPtrArray *list, const RtExchange *exchange, guint step)
{
  RtFields *fields = exchange->request->message->fields;

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);
      g_autofree char *name = rt_text_dup (field->name);
      RtChangeable *changeable = g_new0 (RtChangeable, 1);

      *changeable = (RtChangeable){
        .title = g_strdup_printf ("%s of step %u", name, step),
        .words = g_strdup_printf ("step %u set %s", step, name),
        .value = rt_text_escape (field->value),
        .remove = g_strdup_printf ("step %u remove %s", step, name),
        .given = TRUE,
      };
      g_ptr_array_add (list, changeable);
    }
}

/* As people write it; NULL: it is more than a line. */
static char *
value_words (const RtSetting *setting, GVariant *value)
{
  g_autoptr (GString) out = NULL;

  switch (setting->type)
    {
    case RT_SETTING_TEXT:
    case RT_SETTING_CHOICE:
      return strchr (g_variant_get_string (value, NULL), '\n') == NULL
                 ? g_variant_dup_string (value, NULL)
                 : NULL;
    case RT_SETTING_NUMBER:
      return g_strdup_printf ("%" G_GINT64_FORMAT, g_variant_get_int64 (value));
    case RT_SETTING_BOOLEAN:
      return g_strdup (g_variant_get_boolean (value) ? "true" : "false");
    case RT_SETTING_DURATION:
      return g_variant_get_int64 (value) % RT_TIME_SEC == 0
                 ? g_strdup_printf ("%" G_GINT64_FORMAT "s",
                                    g_variant_get_int64 (value) / RT_TIME_SEC)
                 : g_strdup_printf ("%" G_GINT64_FORMAT "ms",
                                    g_variant_get_int64 (value) / RT_TIME_MSEC);
    case RT_SETTING_LIST:
      {
        g_autofree const char **items = g_variant_get_strv (value, NULL);

        return g_strjoinv (", ", (char **)items);
      }
    case RT_SETTING_FIELDS:
    case RT_SETTING_ROWS:
    default:
      return NULL;
    }
}

static void
add_setting (gpointer data, const char *words, const RtSetting *setting, GVariant *value)
{
  GPtrArray *list = data;
  g_autofree char *text = value != NULL
                              ? value_words (setting, value)
                              : g_strdup (setting->standard != NULL ? setting->standard : "");
  const char *of = strchr (words, ' ');
  RtChangeable *changeable;

  if (text == NULL || setting->type == RT_SETTING_FIELDS || setting->type == RT_SETTING_ROWS)
    return;
  changeable = g_new0 (RtChangeable, 1);
  *changeable = (RtChangeable){
    .title = g_strdup_printf ("%s of %s", setting->name, of != NULL ? of + 1 : words),
    .words = g_strdup_printf ("%s %s", words, setting->name),
    .value = g_steal_pointer (&text),
    .choices = setting->type == RT_SETTING_CHOICE ? setting->choices : NULL,
    .summary = setting->summary,
    .given = value != NULL,
  };
  g_ptr_array_add (list, changeable);
}

/* What the lesson gives comes before what has its standard. */
static GPtrArray *
given_first (GPtrArray *settings, GPtrArray *list)
{
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < settings->len; i++)
      {
        RtChangeable *changeable = settings->pdata[i];

        if (changeable->given == (pass == 0))
          g_ptr_array_add (list, changeable);
      }
  return list;
}

/**
 * rt_play_list_changeable:
 * @exchange: id of the exchange whose request may be changed; 0: none
 *
 * Returns: (transfer full) (element-type RtChangeable): what can be changed with one line
 */
GPtrArray *
rt_play_list_changeable (RtPlay *play, guint exchange)
{
  const RtLesson *lesson = rt_play_get_lesson (play);
  RtCastSources sources = { .lesson = lesson, .scenario = rt_play_get_scenario (play) };
  GPtrArray *list = g_ptr_array_new_with_free_func (changeable_free);
  g_autoptr (GPtrArray) settings = g_ptr_array_new ();
  const RtExchange *of
      = exchange != 0 ? rt_analysis_get_exchange (rt_play_get_analysis (play), exchange) : NULL;
  const RtStep *step = of != NULL && of->request != NULL ? find_step (play, exchange) : NULL;

  if (step != NULL)
    add_fields (list, of, step->number);
  for (guint i = 0; i < lesson->cast->len; i++)
    rt_cast_each_setting (lesson->cast->pdata[i], &sources, add_setting, settings);
  return given_first (settings, list);
}
