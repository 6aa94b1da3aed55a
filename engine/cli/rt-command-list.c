/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip list`: which lessons there are. */
#include "rt-commands.h"

#include "rt-lesson-library.h"

#include <stdio.h>

static int
run (int argc, char **argv)
{
  g_autoptr (GPtrArray) lessons = NULL;
  g_autoptr (GPtrArray) broken = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_list, NULL, &argc, &argv, &status))
    return status;
  if (argc > 1)
    return rt_cli_usage (&rt_command_list, "“%s” is one argument too many", argv[1]);
  lessons = rt_lesson_library_list (&broken);
  for (guint i = 0; i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];

      printf ("%3u  %-24s %s (%s, level %u, %u min)\n", lesson->number, lesson->name, lesson->title,
              lesson->topic, lesson->level, lesson->minutes);
    }
  for (guint i = 0; i < broken->len; i++)
    fprintf (stderr, "roundtrip: %s\n", (const char *)broken->pdata[i]);
  return broken->len > 0 ? RT_EXIT_FAILED : RT_EXIT_OK;
}

const RtCommand rt_command_list = { "list", "", "List the lessons", run };
