/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Invariant: whatever a learner writes as an answer to a challenge, it is settings that the parties
 * take or an error that names its file, never both. */
#include "rt-lesson-library.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static RtLesson *lesson;
  g_autoptr (GError) error = NULL;
  GPtrArray *answer;

  if (lesson == NULL)
    lesson = rt_lesson_open ("lost-update", NULL);
  g_assert (lesson != NULL);
  answer
      = rt_lesson_read_answer (lesson, "a.yaml", size > 0 ? (const char *)data : "", size, &error);
  g_assert ((answer == NULL) == (error != NULL));
  g_assert (answer != NULL || g_str_has_prefix (error->message, "a.yaml:"));
  g_clear_pointer (&answer, g_ptr_array_unref);
  return 0;
}
