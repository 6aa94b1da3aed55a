/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Three-way merge by lines, as diff3 does it: the base's lines that both sides kept are the fixed
 * points; between two of them each side has either changed the base's lines or not. Where one side
 * has, its lines are taken; where both have the same, once; where both have differently, that is a
 * conflict, and nobody's work is thrown away: their lines come first, then mine. A text that ends
 * with a line break ends with an empty line, so that line breaks at the end merge like the rest. */
#include "rt-merge.h"

/* Comparing takes lines × lines; a text with more is one line to us. */
#define MAX_LINES 2000

static GArray *
split (RtText text)
{
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (RtText));
  RtText rest = text;
  gssize at;

  while (lines->len < MAX_LINES && (at = rt_text_find (rest, RT_TEXT ("\n"))) >= 0)
    {
      RtText line = rt_text_sub (rest, 0, (gsize)at);

      g_array_append_val (lines, line);
      rest = rt_text_sub (rest, (gsize)at + 1, rest.length - (gsize)at - 1);
    }
  g_array_append_val (lines, rest);
  if (lines->len <= MAX_LINES)
    return lines;
  g_array_set_size (lines, 0);
  g_array_append_val (lines, text);
  return lines;
}

static RtText
line (GArray *lines, guint i)
{
  return g_array_index (lines, RtText, i);
}

/* Which lines of @base stand in @other, in the same order: a longest common subsequence, ties to
 * the earliest. */
static gint *
match_lines (GArray *base, GArray *other)
{
  gsize width = other->len + 1u;
  g_autofree guint16 *longest = g_new0 (guint16, (base->len + 1u) * width);
  gint *match = g_new (gint, base->len + 1u);
  guint i, j;

  for (i = base->len; i-- > 0;)
    for (j = other->len; j-- > 0;)
      longest[i * width + j] = rt_text_equal (line (base, i), line (other, j))
                                   ? (guint16)(longest[(i + 1) * width + j + 1] + 1)
                                   : MAX (longest[(i + 1) * width + j], longest[i * width + j + 1]);
  for (i = j = 0; i < base->len; i++)
    {
      guint to = j;

      match[i] = -1;
      while (to < other->len && !rt_text_equal (line (base, i), line (other, to)))
        to++;
      if (to < other->len && longest[(i + 1) * width + to + 1] + 1 >= longest[i * width + j])
        {
          match[i] = (gint)to;
          j = to + 1;
        }
    }
  return match;
}

static void
add_lines (GString *merged, gboolean *first, GArray *lines, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    {
      if (!*first)
        g_string_append_c (merged, '\n');
      *first = FALSE;
      g_string_append_len (merged, line (lines, i).at, (gssize)line (lines, i).length);
    }
}

static gboolean
are_equal (GArray *a, guint a_from, guint a_to, GArray *b, guint b_from, guint b_to)
{
  if (a_to - a_from != b_to - b_from)
    return FALSE;
  for (guint i = 0; i < a_to - a_from; i++)
    if (!rt_text_equal (line (a, a_from + i), line (b, b_from + i)))
      return FALSE;
  return TRUE;
}

/**
 * rt_merge:
 * @base: what both sides started from
 * @mine: what one made of it
 * @theirs: what the other made of it
 * @ret_conflicts: (out): in how many places both changed the same lines differently; there both
 *   sides' lines are kept
 *
 * Returns: (transfer full): the merged text
 */
GBytes *
rt_merge (RtText base, RtText mine, RtText theirs, guint *ret_conflicts)
{
  g_autoptr (GArray) b = split (base), m = split (mine), t = split (theirs);
  g_autofree gint *in_mine = match_lines (b, m), *in_theirs = match_lines (b, t);
  GString *merged = g_string_new (NULL);
  guint at = 0, mine_at = 0, theirs_at = 0;
  gboolean first = TRUE;

  *ret_conflicts = 0;
  for (;;)
    {
      guint next = at;
      guint mine_to, theirs_to;

      while (next < b->len && (in_mine[next] < 0 || in_theirs[next] < 0))
        next++;
      mine_to = next < b->len ? (guint)in_mine[next] : m->len;
      theirs_to = next < b->len ? (guint)in_theirs[next] : t->len;
      if (are_equal (b, at, next, m, mine_at, mine_to)
          || are_equal (m, mine_at, mine_to, t, theirs_at, theirs_to))
        add_lines (merged, &first, t, theirs_at, theirs_to);
      else if (are_equal (b, at, next, t, theirs_at, theirs_to))
        add_lines (merged, &first, m, mine_at, mine_to);
      else
        {
          add_lines (merged, &first, t, theirs_at, theirs_to);
          add_lines (merged, &first, m, mine_at, mine_to);
          (*ret_conflicts)++;
        }
      if (next == b->len)
        return g_string_free_to_bytes (merged);
      add_lines (merged, &first, b, next, next + 1);
      at = next + 1;
      mine_at = mine_to + 1;
      theirs_at = theirs_to + 1;
    }
}
