/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A run on standard output: what `run` and `inspect` have in common. */
#include "rt-output.h"

#include "rt-transcript.h"

#include <stdio.h>

static void
underline (const char *title, char with)
{
  printf ("%s\n", title);
  for (glong i = g_utf8_strlen (title, -1); i > 0; i--)
    fputc (with, stdout);
  fputs ("\n\n", stdout);
}

/**
 * rt_output_wrapped:
 * @text: words between spaces and line breaks
 * @prefix: what each line begins with
 *
 * Prints @text on lines of at most 80 columns.
 */
void
rt_output_wrapped (const char *text, const char *prefix)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \n", -1);
  glong column = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      glong width = g_utf8_strlen (words[i], -1);

      if (column > 0 && column + 1 + width > 80)
        {
          fputc ('\n', stdout);
          column = 0;
        }
      fputs (column == 0 ? prefix : " ", stdout);
      column += column == 0 ? g_utf8_strlen (prefix, -1) : 1;
      fputs (words[i], stdout);
      column += width;
    }
  fputc ('\n', stdout);
}

/**
 * rt_output_lesson:
 * @lesson: a lesson
 *
 * Prints what it is about.
 */
void
rt_output_lesson (const RtLesson *lesson)
{
  underline (lesson->title, '=');
  rt_output_wrapped (lesson->summary, "");
  fputc ('\n', stdout);
}

/**
 * rt_output_run:
 * @name: of the run
 * @analysis: of its log
 *
 * Prints the sequence with its decisions.
 */
void
rt_output_run (const char *name, RtAnalysis *analysis)
{
  g_autofree char *text
      = rt_transcript_dup (analysis, RT_TRANSCRIPT_DECISIONS | RT_TRANSCRIPT_NOTES);

  underline (name, '-');
  fputs (text, stdout);
  fputc ('\n', stdout);
}

/**
 * rt_output_run_to_json:
 * @name: of the run
 * @analysis: of its log
 *
 * Returns: (transfer full): the run
 */
JsonObject *
rt_output_run_to_json (const char *name, RtAnalysis *analysis)
{
  JsonObject *out = rt_json_from_analysis (analysis);

  json_object_set_string_member (out, "name", name);
  return out;
}
