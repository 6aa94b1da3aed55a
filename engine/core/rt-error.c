/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors that name the place and what was expected there, in the one form
 * `file:line:column: what was found; expected what`. */
#include "rt-error.h"

#include <string.h>

G_DEFINE_QUARK (rt - error - quark, rt_error)

/**
 * rt_place_format:
 * @place: (nullable): a place
 *
 * Returns: (transfer full): `file:line:column`, parts that are not known left out
 */
char *
rt_place_format (const RtPlace *place)
{
  GString *text = g_string_new (NULL);

  if (place == NULL)
    return g_string_free (text, FALSE);
  if (place->file != NULL)
    g_string_append (text, place->file);
  if (place->line > 0)
    g_string_append_printf (text, "%s%u", place->file != NULL ? ":" : "line ", place->line);
  if (place->line > 0 && place->column > 0)
    g_string_append_printf (text, ":%u", place->column);
  return g_string_free (text, FALSE);
}

/**
 * rt_set_error:
 * @error: (out) (optional): set
 * @code: why
 * @place: (nullable): where; copied
 * @expected: (nullable): what would have been right, a noun phrase
 * @format: what was found. Bytes of a peer do not belong here: they may be no text.
 */
void
rt_set_error (GError **error,
              RtError code,
              const RtPlace *place,
              const char *expected,
              const char *format,
              ...)
{
  g_autofree char *found = NULL;
  g_autofree char *message = NULL;
  va_list arguments;

  if (error == NULL)
    return;
  va_start (arguments, format);
  found = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  message
      = expected != NULL ? g_strdup_printf ("%s; expected %s", found, expected) : g_strdup (found);
  g_set_error_literal (error, RT_ERROR, (gint)code, message);
  rt_prefix_place (error, place);
}

/**
 * rt_prefix_place:
 * @error: (inout) (optional): an error from below that did not know its place
 * @place: (nullable): its place
 */
void
rt_prefix_place (GError **error, const RtPlace *place)
{
  g_autofree char *where = NULL;

  if (error == NULL || place == NULL)
    return;
  where = rt_place_format (place);
  if (*where != '\0')
    g_prefix_error (error, "%s: ", where);
}

/* Levenshtein distance of two short ASCII names, case ignored. */
static guint
edit_distance (const char *a, const char *b)
{
  guint row[65];
  gsize n = strlen (b);

  if (n > 64 || strlen (a) > 64)
    return G_MAXUINT;
  for (gsize j = 0; j <= n; j++)
    row[j] = (guint)j;
  for (gsize i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];

      row[0] = (guint)i;
      for (gsize j = 1; j <= n; j++)
        {
          guint above = row[j];
          guint swap
              = diagonal + (g_ascii_tolower (a[i - 1]) != g_ascii_tolower (b[j - 1]) ? 1 : 0);

          row[j] = MIN (MIN (row[j - 1], above) + 1, swap);
          diagonal = above;
        }
    }
  return row[n];
}

/**
 * rt_nearest:
 * @given: a name that is not among @names
 * @names: (array length=n_names): the names that would be right
 *
 * Returns: (nullable): the nearest of @names, if it is near enough to be a slip of the pen
 */
const char *
rt_nearest (const char *given, const char *const *names, gsize n_names)
{
  const char *best = NULL;
  guint best_distance = (guint)strlen (given) / 2 + 1;

  for (gsize i = 0; i < n_names; i++)
    {
      guint distance = edit_distance (given, names[i]);

      if (distance < best_distance)
        {
          best = names[i];
          best_distance = distance;
        }
    }
  return best;
}

/**
 * rt_set_unknown:
 * @error: (out) (optional): set to %RT_ERROR_UNKNOWN
 * @place: (nullable): where; copied
 * @what: what should have been named: `setting`
 * @given: the name that nothing is known by
 * @names: (array length=n_names): the names that would be right
 *
 * Says that there is no such thing, and what there is: the nearest name where @given looks like a
 * slip of the pen, else all of them.
 */
void
rt_set_unknown (GError **error,
                const RtPlace *place,
                const char *what,
                const char *given,
                const char *const *names,
                gsize n_names)
{
  const char *nearest = rt_nearest (given, names, n_names);
  g_autoptr (GString) expected = g_string_new (nearest == NULL && n_names > 1 ? "one of " : NULL);

  if (nearest != NULL)
    g_string_append_printf (expected, "“%s”", nearest);
  for (gsize i = 0; nearest == NULL && i < n_names; i++)
    g_string_append_printf (expected, "%s%s", i > 0 ? ", " : "", names[i]);
  rt_set_error (error, RT_ERROR_UNKNOWN, place, n_names > 0 ? expected->str : "none",
                "there is no %s “%s”", what, given);
}
