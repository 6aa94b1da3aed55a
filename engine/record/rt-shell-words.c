/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words of a shell, as POSIX.1-2017 has them (Shell Command Language §2.2, §2.3), and the quotes
 * with escapes, $'…', which browsers write (POSIX.1-2024 §2.2.4). */
#include "rt-shell-words.h"

#include "rt-error.h"

#include <string.h>

typedef struct
{
  const char *text, *at;
  GPtrArray *words;
  GString *word; /* (nullable): the one that has begun; quotes begin one even if they are empty */
} Lexer;

static gboolean
fail (const Lexer *lexer, const char *at, const char *expected, const char *what, GError **error)
{
  RtPlace place = { "command", 1, 1 };

  for (const char *p = lexer->text; p < at; p++)
    if (*p == '\n')
      {
        place.line++;
        place.column = 1;
      }
    else if (((guchar)*p & 0xc0) != 0x80) /* not within a character of UTF-8 */
      place.column++;
  rt_set_error (error, RT_ERROR_SYNTAX, &place, expected, "%s", what);
  return FALSE;
}

static GString *
get_word (Lexer *lexer)
{
  if (lexer->word == NULL)
    lexer->word = g_string_new (NULL);
  return lexer->word;
}

static void
end_word (Lexer *lexer)
{
  if (lexer->word != NULL)
    g_ptr_array_add (lexer->words, g_string_free (g_steal_pointer (&lexer->word), FALSE));
}

/* Length of a line break at @at. */
static gsize
line_break (const char *at)
{
  return *at == '\n' ? 1 : at[0] == '\r' && at[1] == '\n' ? 2 : 0;
}

/* §2.6: `$name`, `${…}`, `$(…)`; any other $ is itself. */
static gboolean
is_expansion (const char *at)
{
  return at[0] == '`'
         || (at[0] == '$'
             && (g_ascii_isalnum (at[1]) || (at[1] != '\0' && strchr ("_{(@*#?-$!", at[1]))));
}

/* §2.2.2 */
static gboolean
read_single (Lexer *lexer, GError **error)
{
  const char *end = strchr (lexer->at + 1, '\'');

  if (end == NULL)
    return fail (lexer, lexer->at, "a second one", "a quote (') is not closed", error);
  g_string_append_len (get_word (lexer), lexer->at + 1, end - lexer->at - 1);
  lexer->at = end + 1;
  return TRUE;
}

/* §2.2.3 */
static gboolean
read_double (Lexer *lexer, GError **error)
{
  const char *begin = lexer->at;
  GString *word = get_word (lexer);

  for (lexer->at++; *lexer->at != '"'; lexer->at++)
    {
      if (*lexer->at == '\0')
        return fail (lexer, begin, "a second one", "a quote (\") is not closed", error);
      if (is_expansion (lexer->at))
        return fail (lexer, lexer->at, "single quotes around it, or \\ before it",
                     "a shell would put something else in here", error);
      if (*lexer->at == '\\' && line_break (lexer->at + 1) > 0)
        {
          lexer->at += line_break (lexer->at + 1);
          continue;
        }
      if (*lexer->at == '\\' && lexer->at[1] != '\0' && strchr ("$`\"\\", lexer->at[1]) != NULL)
        lexer->at++;
      g_string_append_c (word, *lexer->at);
    }
  lexer->at++;
  return TRUE;
}

/* As many digits of @base as there are, up to @most. */
static guint32
read_number (Lexer *lexer, guint base, guint most, guint *ret_n)
{
  guint32 value = 0;
  guint n = 0;

  for (; n < most && g_ascii_xdigit_value (*lexer->at) >= 0
         && (guint)g_ascii_xdigit_value (*lexer->at) < base;
       n++)
    value = value * base + (guint)g_ascii_xdigit_value (*lexer->at++);
  *ret_n = n;
  return value;
}

/* `\x41`, `\101`: a byte; `\u0041`, `\U00000041`: a character. @begin: the backslash */
static gboolean
read_code (Lexer *lexer, const char *begin, char kind, GError **error)
{
  gboolean byte = kind == 'x' || kind == 'o';
  guint n;
  guint32 value = kind == 'o' ? read_number (lexer, 8, 3, &n)
                              : read_number (lexer, 16,
                                             kind == 'x'   ? 2
                                             : kind == 'u' ? 4
                                                           : 8,
                                             &n);

  if (n == 0)
    return fail (lexer, begin, "digits behind it", "this escape has no number", error);
  if (byte)
    value &= 0xff;
  if (value == 0)
    return fail (lexer, begin, NULL, "a NUL cannot stand in a word", error);
  if (byte)
    g_string_append_c (lexer->word, (char)value);
  else if (g_unichar_validate (value))
    g_string_append_unichar (lexer->word, value);
  else
    return fail (lexer, begin, "a character of Unicode", "there is no such character", error);
  return TRUE;
}

/* Behind a backslash within $'…'. */
static gboolean
read_escape (Lexer *lexer, GError **error)
{
  static const char names[] = "abefnrtv\\'\"?";
  static const char meant[] = "\a\b\033\f\n\r\t\v\\'\"?";
  const char *begin = lexer->at - 1;
  const char *name = *lexer->at != '\0' ? strchr (names, *lexer->at) : NULL;

  if (name != NULL)
    {
      g_string_append_c (lexer->word, meant[name - names]);
      lexer->at++;
      return TRUE;
    }
  if (*lexer->at != '\0' && strchr ("xuU", *lexer->at) != NULL)
    return read_code (lexer, begin, *lexer->at++, error);
  if (*lexer->at >= '0' && *lexer->at <= '7')
    return read_code (lexer, begin, 'o', error);
  if (*lexer->at == 'c' && g_ascii_isalpha (lexer->at[1]))
    {
      g_string_append_c (lexer->word, (char)(lexer->at[1] & 0x1f));
      lexer->at += 2;
      return TRUE;
    }
  /* What is not known stays as it is, as shells have it. */
  g_string_append_c (lexer->word, '\\');
  return TRUE;
}

static gboolean
read_escaped (Lexer *lexer, GError **error)
{
  const char *begin = lexer->at;

  get_word (lexer);
  for (lexer->at += 2; *lexer->at != '\'';)
    {
      if (*lexer->at == '\0')
        return fail (lexer, begin, "a second one", "a quote (') is not closed", error);
      if (*lexer->at++ != '\\')
        g_string_append_c (lexer->word, lexer->at[-1]);
      else if (!read_escape (lexer, error))
        return FALSE;
    }
  lexer->at++;
  return TRUE;
}

/* §2.2.1 */
static gboolean
read_backslash (Lexer *lexer, GError **error)
{
  gsize skip = line_break (lexer->at + 1);

  if (skip == 0 && lexer->at[1] == '\0')
    return fail (lexer, lexer->at, "the next line", "the command goes on, and ends here", error);
  if (skip == 0)
    g_string_append_c (get_word (lexer), lexer->at[1]);
  lexer->at += skip > 0 ? 1 + skip : 2;
  return TRUE;
}

/* A line break ends the command; only white space and comments may follow. */
static gboolean
read_line_end (Lexer *lexer, GError **error)
{
  end_word (lexer);
  while (g_ascii_isspace (*lexer->at) || *lexer->at == '#')
    lexer->at += *lexer->at == '#' ? strcspn (lexer->at, "\n") : 1;
  return *lexer->at == '\0' || lexer->words->len == 0
         || fail (lexer, lexer->at, "a backslash at the end of the line before, if it goes on",
                  "a second command begins here", error);
}

static gboolean
read_plain (Lexer *lexer, GError **error)
{
  if (is_expansion (lexer->at))
    return fail (lexer, lexer->at, "quotes around it", "a shell would put something else in here",
                 error);
  if (strchr ("|&;<>()", *lexer->at) != NULL)
    return fail (lexer, lexer->at, "quotes around it, if it is part of the word",
                 "the command ends here", error);
  g_string_append_c (get_word (lexer), *lexer->at++);
  return TRUE;
}

static gboolean
read_on (Lexer *lexer, GError **error)
{
  const char *at = lexer->at;

  if (line_break (at) > 0 || (*at == '#' && lexer->word == NULL))
    return read_line_end (lexer, error);
  if (*at == ' ' || *at == '\t')
    {
      end_word (lexer);
      lexer->at++;
      return TRUE;
    }
  if (*at == '^' && (at[1] == '"' || line_break (at + 1) > 0))
    return fail (lexer, at, "one for a POSIX shell, “Copy as cURL (bash)”",
                 "this command is for the prompt of Windows", error);
  if (*at == '\'')
    return read_single (lexer, error);
  if (at[0] == '$' && at[1] == '\'')
    return read_escaped (lexer, error);
  if (at[0] == '$' && at[1] == '"')
    lexer->at++; /* a text to be translated, which nobody does */
  if (*lexer->at == '"')
    return read_double (lexer, error);
  return *at == '\\' ? read_backslash (lexer, error) : read_plain (lexer, error);
}

/**
 * rt_shell_split:
 * @text: one command, perhaps on several lines
 *
 * Errors: %RT_ERROR_SYNTAX where a quote is not closed, or where a shell would do more than put
 * words together: expansions, pipes, a second command; %RT_ERROR_LIMIT.
 *
 * Returns: (transfer full) (nullable) (array zero-terminated=1): its words, of any bytes but NUL
 */
char **
rt_shell_split (const char *text, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);
  Lexer lexer = { text, text, words, NULL };
  gboolean ok = TRUE;

  if (strlen (text) > RT_SHELL_LENGTH_MAX)
    {
      rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "the command is longer than %d bytes",
                    RT_SHELL_LENGTH_MAX);
      return NULL;
    }
  while (ok && *lexer.at != '\0')
    ok = read_on (&lexer, error);
  end_word (&lexer);
  if (!ok)
    return NULL;
  g_ptr_array_add (words, NULL);
  return (char **)g_ptr_array_free (g_steal_pointer (&words), FALSE);
}
