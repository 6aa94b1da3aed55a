/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text styles; shortening and wrapping by measured widths alone. */
#include "rt-text-style.h"

#include <string.h>

#define SANS "Cantarell, Inter, DejaVu Sans, sans-serif"
#define MONO "JetBrains Mono, Source Code Pro, DejaVu Sans Mono, monospace"

static const RtTextFace faces[RT_N_TEXT_STYLES] = {
  [RT_TEXT_LANE] = { SANS, 14, 700 },     [RT_TEXT_ROLE] = { SANS, 11.5, 400 },
  [RT_TEXT_CODE] = { MONO, 12.5, 800 },   [RT_TEXT_TARGET] = { SANS, 13, 400 },
  [RT_TEXT_META] = { SANS, 11.5, 400 },   [RT_TEXT_CHIP] = { SANS, 10.5, 700 },
  [RT_TEXT_SEGMENT] = { MONO, 10, 400 },  [RT_TEXT_TICK] = { SANS, 11.5, 400 },
  [RT_TEXT_NOTICE] = { SANS, 11.5, 400 }, [RT_TEXT_NOW] = { SANS, 12, 700 },
  [RT_TEXT_MARK] = { MONO, 11, 800 },     [RT_TEXT_CARD_TITLE] = { SANS, 13.5, 700 },
  [RT_TEXT_CARD] = { SANS, 12.5, 400 },   [RT_TEXT_REFERENCE] = { SANS, 11.5, 700 },
};

const RtTextFace *
rt_text_style_face (RtTextStyle style)
{
  return &faces[style];
}

/**
 * rt_measure_dup_fitting:
 * @text: UTF-8
 * @width: in pixels at text scale 1
 *
 * Returns: (transfer full): as much of @text's start as fits, with an ellipsis where that is not
 *   all of it
 */
char *
rt_measure_dup_fitting (const RtMeasure *measure, RtTextStyle style, const char *text, double width)
{
  double left = width - measure->width (measure->data, style, "…", -1);
  const char *end = text;

  if (measure->width (measure->data, style, text, -1) <= width)
    return g_strdup (text);
  while (*end != '\0')
    {
      const char *next = g_utf8_next_char (end);

      left -= measure->width (measure->data, style, end, next - end);
      if (left < 0)
        break;
      end = next;
    }
  while (end > text && end[-1] == ' ')
    end--;
  return g_strdup_printf ("%.*s…", (int)(end - text), text);
}

/* The end of the longest run of words of @text that fits; of a word that is too long by itself, up
 * to where it can be parted, or at least one character. */
static const char *
line_end (const RtMeasure *measure, RtTextStyle style, const char *text, double width)
{
  const char *fits = text;
  const char *end = text;
  const char *parted = NULL;

  while (*end != '\0')
    {
      const char *next = end + 1 + strcspn (end + 1, " ");

      if (measure->width (measure->data, style, text, next - text) > width)
        break;
      fits = end = next;
    }
  if (fits > text)
    return fits;
  do
    {
      if (strchr ("-/,;:=&?", *fits) != NULL)
        parted = fits + 1;
      fits = g_utf8_next_char (fits);
    }
  while (*fits != '\0' && *fits != ' '
         && measure->width (measure->data, style, text, g_utf8_next_char (fits) - text) <= width);
  return parted != NULL && *fits != '\0' && *fits != ' ' ? parted : fits;
}

/**
 * rt_measure_wrap:
 * @text: UTF-8, words parted by spaces
 * @width: in pixels at text scale 1
 * @max_lines: the last one ends in an ellipsis where there is more
 *
 * Returns: (transfer full): the lines
 */
char **
rt_measure_wrap (
    const RtMeasure *measure, RtTextStyle style, const char *text, double width, guint max_lines)
{
  GStrvBuilder *lines = g_strv_builder_new ();
  char **wrapped;

  for (guint n = 1; *text != '\0'; n++)
    {
      const char *end = line_end (measure, style, text, width);
      g_autofree char *line = NULL;

      if (n == max_lines)
        {
          line = rt_measure_dup_fitting (measure, style, text, width);
          g_strv_builder_add (lines, line);
          break;
        }
      line = g_strndup (text, (gsize)(end - text));
      g_strv_builder_add (lines, line);
      text = end + strspn (end, " ");
    }
  wrapped = g_strv_builder_end (lines);
  g_strv_builder_unref (lines);
  return wrapped;
}
