/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The longest text that every match of a regular expression has in it. To look for that first is
 * many times faster than to run the expression everywhere.
 *
 * Only what stands outside of groups and classes is considered, up to and behind what may be
 * absent or repeated. What could change the meaning of plain characters (options, verbs, escapes
 * with arguments, alternatives) makes it give up: none is always a right answer, a text that some
 * match lacks never is. */
#include "rt-filter-private.h"

#include <string.h>

/* A shorter text is nearly everywhere. */
#define LITERAL_MIN 3

typedef struct
{
  const char *at;
  guint depth;   /* of groups */
  GString *run;  /* of characters that follow one another in every match */
  GString *best; /* the longest run so far */
} Scan;

static void
end_run (Scan *scan)
{
  if (scan->run->len > scan->best->len)
    g_string_assign (scan->best, scan->run->str);
  g_string_truncate (scan->run, 0);
}

/* What is before a quantifier may be absent; of `+` it is there, and what follows may be it again.
 */
static void
take_quantifier (Scan *scan)
{
  if (*scan->at != '+' && scan->run->len > 0)
    g_string_truncate (scan->run, scan->run->len - 1);
  end_run (scan);
  /* `{2,3}`, perhaps with spaces, perhaps without the first number; else a brace is a brace. */
  if (*scan->at == '{' && scan->at[1] != '\0' && strchr ("0123456789, \t", scan->at[1]) != NULL)
    scan->at += strcspn (scan->at, "}");
  scan->at += *scan->at != '\0' ? 1 : 0;
}

static void
take_literal (Scan *scan, char c)
{
  if (scan->depth == 0)
    g_string_append_c (scan->run, c);
  scan->at++;
}

/* Behind a backslash. FALSE: what follows it may be an argument. */
static gboolean
take_escape (Scan *scan)
{
  char c = *++scan->at;

  if (c == '\0')
    return FALSE;
  if (!g_ascii_isalnum (c))
    {
      take_literal (scan, c);
      return TRUE;
    }
  end_run (scan);
  scan->at++;
  return strchr ("dDwWsSbBAZzGhHvVRnrtfea", c) != NULL;
}

/* A class, of which a bracket in front is a member. FALSE: it does not end. */
static gboolean
take_class (Scan *scan)
{
  end_run (scan);
  scan->at++;
  scan->at += *scan->at == '^' ? 1 : 0;
  scan->at += *scan->at == ']' ? 1 : 0;
  for (; *scan->at != '\0' && *scan->at != ']'; scan->at++)
    {
      /* `[:alpha:]`, and what only looks like it. */
      if (*scan->at == '[')
        return FALSE;
      if (*scan->at == '\\' && (*++scan->at == '\0' || strchr ("QE", *scan->at) != NULL))
        return FALSE;
    }
  if (*scan->at == '\0')
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
take_group (Scan *scan)
{
  gboolean opens = *scan->at++ == '(';

  end_run (scan);
  if (!opens)
    {
      scan->depth--;
      return TRUE;
    }
  scan->depth++;
  return *scan->at != '?' && *scan->at != '*';
}

static gboolean
take_one (Scan *scan)
{
  switch (*scan->at)
    {
    case '\\':
      return take_escape (scan);
    case '[':
      return take_class (scan);
    case '(':
    case ')':
      return take_group (scan);
    case '*':
    case '?':
    case '+':
    case '{':
      take_quantifier (scan);
      return TRUE;
    case '.':
    case '^':
    case '$':
      end_run (scan);
      scan->at++;
      return TRUE;
    case '|':
      /* Within a group it is the group's, of which nothing is taken. */
      scan->at++;
      return scan->depth > 0;
    default:
      take_literal (scan, *scan->at);
      return TRUE;
    }
}

/**
 * rt_filter_find_literal:
 * @pattern: a regular expression that was compiled, with case ignored and on bytes
 *
 * Returns: (transfer full) (nullable): what every match has in it, but for the case of ASCII
 *   letters; %NULL: nothing is known to be
 */
char *
rt_filter_find_literal (const char *pattern)
{
  g_autoptr (GString) run = g_string_new (NULL);
  g_autoptr (GString) best = g_string_new (NULL);
  Scan scan = { .at = pattern, .run = run, .best = best };

  while (*scan.at != '\0')
    if (!take_one (&scan))
      return NULL;
  end_run (&scan);
  return best->len >= LITERAL_MIN ? g_string_free (g_steal_pointer (&best), FALSE) : NULL;
}
