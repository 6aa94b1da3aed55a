/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: whatever the bytes are, they are a lesson or an error that names its file, never both;
 * a lesson's text is whole, each of its predictions has a step that answers it, and it can be
 * played without a crash. */
#include "rt-scenario.h"

#include <stdint.h>
#include <string.h>

/* More steps than that are no better test and make each input slow. */
#define MAX_STEPS 4

static void
play_some (const RtLesson *lesson)
{
  for (guint i = 0; i < lesson->runs->len; i++)
    {
      const RtScenario *run = lesson->runs->pdata[i];
      g_autoptr (GError) error = NULL;
      RtPlay *play;

      if (run->n_steps > MAX_STEPS)
        continue;
      play = rt_play_new (lesson, run, NULL, &error);
      g_assert ((play == NULL) == (error != NULL));
      g_clear_pointer (&play, rt_play_unref);
    }
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLesson) lesson
      = rt_lesson_new_from_text ("l.md", size > 0 ? (const char *)data : "", size, &error);

  g_assert ((lesson == NULL) == (error != NULL));
  if (lesson == NULL)
    {
      g_assert (g_str_has_prefix (error->message, "l.md:"));
      return 0;
    }
  g_assert (g_utf8_validate (lesson->text, -1, NULL));
  g_assert (lesson->runs->len > 0 && lesson->pages->len > 0);
  for (guint i = 0; i < lesson->predictions->len; i++)
    {
      const RtPrediction *prediction = lesson->predictions->pdata[i];
      const RtScenario *run = lesson->runs->pdata[prediction->run];

      g_assert (prediction->step > 0 && prediction->step <= run->n_steps);
    }
  play_some (lesson);
  return 0;
}
