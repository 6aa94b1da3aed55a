/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each word of the query must be found: as the beginning of a word, within one, or at least its
 * letters in their order. Which of these it was, and how early, is the score. */
#include "rt-fuzzy.h"

#include <string.h>

#define AT_START 400
#define AT_WORD 300
#define WITHIN 200
#define SCATTERED 60
/* Letters further apart than this were not meant. */
#define MAX_GAP 12

static gboolean
begins_word (const char *text, const char *at)
{
  return at == text || !g_unichar_isalnum (g_utf8_get_char (g_utf8_prev_char (at)));
}

/* The letters of @word in their order, near one another; 0 = they are not there. */
static int
score_scattered (const char *word, const char *text)
{
  int gaps = 0;
  const char *at = text;

  for (const char *letter = word; *letter != '\0'; letter = g_utf8_next_char (letter))
    {
      const char *found = g_utf8_strchr (at, -1, g_utf8_get_char (letter));

      if (found == NULL)
        return 0;
      if (letter != word && found - at > MAX_GAP)
        return 0;
      gaps += letter != word ? (int)(found - at) : 0;
      at = g_utf8_next_char (found);
    }
  return MAX (1, SCATTERED - gaps);
}

static int
score_word (const char *word, const char *text)
{
  const char *first = strstr (text, word);

  if (first == NULL)
    return score_scattered (word, text);
  for (const char *at = first; at != NULL; at = strstr (at + 1, word))
    if (begins_word (text, at))
      return at == text ? AT_START : AT_WORD - (int)MIN (at - text, 90);
  return WITHIN - (int)MIN (first - text, 90);
}

/**
 * rt_fuzzy_score:
 * @query: words; case does not matter
 * @text: UTF-8
 *
 * Returns: the better it fits, the larger; 0: it does not fit; an empty query fits everything
 */
int
rt_fuzzy_score (const char *query, const char *text)
{
  g_autofree char *small_query = g_utf8_casefold (query, -1);
  g_autofree char *small_text = g_utf8_casefold (text, -1);
  g_auto (GStrv) words = g_strsplit_set (small_query, " \t", -1);
  int total = 0;
  guint n = 0;

  for (guint i = 0; words[i] != NULL; i++)
    {
      int score = *words[i] != '\0' ? score_word (words[i], small_text) : 0;

      if (*words[i] == '\0')
        continue;
      if (score == 0)
        return 0;
      total += score;
      n++;
    }
  return n > 0 ? MAX (1, total / (int)n) : 1;
}
