/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A strict reader of RFC 8259. The whole document is checked once; after that its parts are walked
 * by cursors. Two members of one name are refused: two readers could disagree on which counts. */
#include "rt-json-value.h"

#include "rt-scan.h"

/* More members than this in one object are refused: they are compared pairwise. */
#define MEMBERS_MAX 1024

static gboolean take_value (RtText *rest, guint depth, RtJson *ret_value);

static gboolean
is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
skip_space (RtText *rest)
{
  rt_take_while (rest, is_space);
}

/* Behind the backslash. */
static gboolean
take_escape (RtText *rest)
{
  if (!rt_take_char (rest, 'u'))
    {
      if (rest->length == 0 || rest->at[0] == '\0' || strchr ("\"\\/bfnrt", rest->at[0]) == NULL)
        return FALSE;
      rt_skip (rest, 1);
      return TRUE;
    }
  if (rest->length < 4)
    return FALSE;
  for (int i = 0; i < 4; i++)
    if (!g_ascii_isxdigit (rest->at[i]))
      return FALSE;
  rt_skip (rest, 4);
  return TRUE;
}

/* The inside of a string; both quotes are taken. */
static gboolean
take_string (RtText *rest, RtText *ret_raw)
{
  RtText start;

  if (!rt_take_char (rest, '"'))
    return FALSE;
  start = *rest;
  while (rest->length > 0 && (guchar)rest->at[0] >= 0x20)
    {
      if (rest->at[0] == '"')
        {
          *ret_raw = rt_taken (start, *rest);
          rt_skip (rest, 1);
          return TRUE;
        }
      if (!rt_take_char (rest, '\\'))
        rt_skip (rest, 1);
      else if (!take_escape (rest))
        return FALSE;
    }
  return FALSE;
}

static gboolean
take_number (RtText *rest)
{
  RtText digits;

  rt_take_char (rest, '-');
  digits = rt_take_digits (rest);
  if (digits.length == 0 || (digits.length > 1 && digits.at[0] == '0'))
    return FALSE;
  if (rt_take_char (rest, '.') && rt_take_digits (rest).length == 0)
    return FALSE;
  if (rt_take_char (rest, 'e') || rt_take_char (rest, 'E'))
    {
      if (!rt_take_char (rest, '+'))
        rt_take_char (rest, '-');
      return rt_take_digits (rest).length > 0;
    }
  return TRUE;
}

static gboolean
take_word (RtText *rest, RtJson *value)
{
  static const struct
  {
    const char *word;
    RtJsonType type;
  } words[] = { { "null", RT_JSON_NULL }, { "false", RT_JSON_FALSE }, { "true", RT_JSON_TRUE } };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (rt_text_starts_with (*rest, rt_text (words[i].word)))
      {
        rt_skip (rest, strlen (words[i].word));
        value->type = words[i].type;
        return TRUE;
      }
  return FALSE;
}

/* Whether two keys mean the same name, however they are escaped. */
static gboolean
same_key (RtText a, RtText b)
{
  g_autofree char *plain_a = NULL;
  g_autofree char *plain_b = NULL;

  if (rt_text_equal (a, b))
    return TRUE;
  if ((a.length == 0 || memchr (a.at, '\\', a.length) == NULL)
      && (b.length == 0 || memchr (b.at, '\\', b.length) == NULL))
    return FALSE;
  plain_a = rt_json_string_dup (&(RtJson){ RT_JSON_STRING, a });
  plain_b = rt_json_string_dup (&(RtJson){ RT_JSON_STRING, b });
  return strcmp (plain_a, plain_b) == 0;
}

static gboolean
take_member (RtText *rest, guint depth, RtText *ret_key, RtJson *ret_value)
{
  skip_space (rest);
  if (!take_string (rest, ret_key))
    return FALSE;
  skip_space (rest);
  if (!rt_take_char (rest, ':'))
    return FALSE;
  skip_space (rest);
  return take_value (rest, depth, ret_value);
}

static gboolean
take_object (RtText *rest, guint depth)
{
  g_autoptr (GArray) keys = g_array_new (FALSE, FALSE, sizeof (RtText));
  RtText key;
  RtJson value;

  rt_skip (rest, 1);
  skip_space (rest);
  if (rt_take_char (rest, '}'))
    return TRUE;
  do
    {
      if (!take_member (rest, depth, &key, &value) || keys->len == MEMBERS_MAX)
        return FALSE;
      for (guint i = 0; i < keys->len; i++)
        if (same_key (g_array_index (keys, RtText, i), key))
          return FALSE;
      g_array_append_val (keys, key);
      skip_space (rest);
    }
  while (rt_take_char (rest, ','));
  return rt_take_char (rest, '}');
}

static gboolean
take_array (RtText *rest, guint depth)
{
  RtJson value;

  rt_skip (rest, 1);
  skip_space (rest);
  if (rt_take_char (rest, ']'))
    return TRUE;
  do
    {
      skip_space (rest);
      if (!take_value (rest, depth, &value))
        return FALSE;
      skip_space (rest);
    }
  while (rt_take_char (rest, ','));
  return rt_take_char (rest, ']');
}

static gboolean
take_value (RtText *rest, guint depth, RtJson *ret_value)
{
  RtText start = *rest;
  char c = rt_peek (*rest);
  gboolean ok;

  if (depth == RT_JSON_DEPTH_MAX)
    return FALSE;
  if (c == '"')
    {
      ret_value->type = RT_JSON_STRING;
      return take_string (rest, &ret_value->text);
    }
  if (c == '{' || c == '[')
    {
      ret_value->type = c == '{' ? RT_JSON_OBJECT : RT_JSON_ARRAY;
      ok = c == '{' ? take_object (rest, depth + 1) : take_array (rest, depth + 1);
    }
  else if (c == '-' || g_ascii_isdigit (c))
    {
      ret_value->type = RT_JSON_NUMBER;
      ok = take_number (rest);
    }
  else
    ok = take_word (rest, ret_value);
  ret_value->text = rt_taken (start, *rest);
  return ok;
}

/**
 * rt_json_parse:
 * @document: a JSON text
 * @ret_value: (out): its value; borrows from @document; untouched on failure
 *
 * Source: RFC 8259, in UTF-8 as §8.1 has it.
 *
 * Returns: whether all of it is JSON
 */
gboolean
rt_json_parse (RtText document, RtJson *ret_value)
{
  gsize reached;

  return rt_json_parse_until (document, ret_value, &reached);
}

/**
 * rt_json_parse_until:
 * @document: a JSON text
 * @ret_value: (out): its value; borrows from @document; untouched on failure
 * @ret_reached: (out): how many bytes were read: all, or those before what cannot stand there
 *
 * As rt_json_parse(), for those who have to say where it ends to be JSON.
 *
 * Returns: whether all of it is JSON
 */
gboolean
rt_json_parse_until (RtText document, RtJson *ret_value, gsize *ret_reached)
{
  RtText rest = document;
  RtJson value = { 0 };
  const char *end = document.at;
  gboolean ok;

  if (document.length > 0 && !g_utf8_validate_len (document.at, document.length, &end))
    {
      *ret_reached = (gsize)(end - document.at);
      return FALSE;
    }
  skip_space (&rest);
  ok = take_value (&rest, 0, &value);
  if (ok)
    skip_space (&rest);
  *ret_reached = document.length - rest.length;
  if (!ok || rest.length > 0)
    return FALSE;
  *ret_value = value;
  return TRUE;
}

/* Steps over what opens the collection, or separates its elements; FALSE at its end. */
static gboolean
enter (RtText *rest)
{
  skip_space (rest);
  if (rest->length == 0)
    return FALSE;
  rt_skip (rest, 1);
  skip_space (rest);
  return rest->length > 0 && rest->at[0] != '}' && rest->at[0] != ']';
}

/**
 * rt_json_member_next:
 * @rest: (inout): cursor; starts as the text of an object from rt_json_parse()
 * @ret_key: (out): the name of the next member, raw
 * @ret_value: (out): its value
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_json_member_next (RtText *rest, RtText *ret_key, RtJson *ret_value)
{
  return enter (rest) && take_member (rest, 0, ret_key, ret_value);
}

/**
 * rt_json_element_next:
 * @rest: (inout): cursor; starts as the text of an array from rt_json_parse()
 * @ret_value: (out): the next element
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_json_element_next (RtText *rest, RtJson *ret_value)
{
  return enter (rest) && take_value (rest, 0, ret_value);
}

/**
 * rt_json_find:
 * @object: a value
 * @key: a name
 * @ret_value: (out): that member's value; untouched on failure
 *
 * Returns: whether @object is an object that has it
 */
gboolean
rt_json_find (const RtJson *object, const char *key, RtJson *ret_value)
{
  RtText rest = object->text;
  RtText name;
  RtJson value = { 0 };

  if (object->type != RT_JSON_OBJECT)
    return FALSE;
  while (rt_json_member_next (&rest, &name, &value))
    if (rt_json_string_is (&(RtJson){ RT_JSON_STRING, name }, key))
      {
        *ret_value = value;
        return TRUE;
      }
  return FALSE;
}

static gunichar
hex4 (const char *at)
{
  gunichar unit = 0;

  for (int i = 0; i < 4; i++)
    unit = unit << 4 | (gunichar)g_ascii_xdigit_value (at[i]);
  return unit;
}

/* The character of a \u escape, the second half of a pair included; half a pair is U+FFFD, and so
 * is U+0000, which our strings cannot hold. */
static gunichar
take_unicode (RtText *rest)
{
  gunichar unit = hex4 (rest->at);
  gunichar low;

  rt_skip (rest, 4);
  if (unit >= 0xd800 && unit <= 0xdbff && rest->length >= 6 && rest->at[0] == '\\'
      && rest->at[1] == 'u')
    {
      low = hex4 (rest->at + 2);
      if (low >= 0xdc00 && low <= 0xdfff)
        {
          rt_skip (rest, 6);
          return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
    }
  return unit == 0 || (unit >= 0xd800 && unit <= 0xdfff) ? 0xfffd : unit;
}

/**
 * rt_json_string_dup:
 * @value: a string
 *
 * Returns: (transfer full): its text; U+0000 and halves of surrogate pairs become U+FFFD. The text
 *   of the value for other types.
 */
char *
rt_json_string_dup (const RtJson *value)
{
  static const char escapes[] = "\"\\/bfnrt";
  static const char meanings[] = "\"\\/\b\f\n\r\t";
  RtText rest = value->text;
  GString *out = g_string_sized_new (rest.length);

  while (rest.length > 0)
    {
      char c = rest.at[0];

      rt_skip (&rest, 1);
      if (value->type != RT_JSON_STRING || c != '\\' || rest.length == 0)
        g_string_append_c (out, c);
      else if (rt_take_char (&rest, 'u'))
        g_string_append_unichar (out, take_unicode (&rest));
      else
        {
          g_string_append_c (out, meanings[strchr (escapes, rest.at[0]) - escapes]);
          rt_skip (&rest, 1);
        }
    }
  return g_string_free (out, FALSE);
}

/**
 * rt_json_append_string:
 * @out: where to
 * @text: any bytes; what is no UTF-8 becomes U+FFFD
 *
 * Writes a JSON string, quotes included, on one line (RFC 8259 §7).
 */
void
rt_json_append_string (GString *out, RtText text)
{
  g_autofree char *valid = NULL;

  if (text.length > 0 && !g_utf8_validate_len (text.at, text.length, NULL))
    {
      valid = g_utf8_make_valid (text.at, (gssize)text.length);
      text = rt_text (valid);
    }
  g_string_append_c (out, '"');
  for (gsize i = 0; i < text.length; i++)
    {
      char c = text.at[i];

      if (c == '"' || c == '\\')
        g_string_append_printf (out, "\\%c", c);
      else if (c == '\n')
        g_string_append (out, "\\n");
      else if ((guchar)c < 0x20 || c == 0x7f)
        g_string_append_printf (out, "\\u%04x", (guint)(guchar)c);
      else
        g_string_append_c (out, c);
    }
  g_string_append_c (out, '"');
}

/**
 * rt_json_string_is:
 * @value: a value
 * @string: a text
 *
 * Returns: whether @value is a string that means @string
 */
gboolean
rt_json_string_is (const RtJson *value, const char *string)
{
  g_autofree char *plain = NULL;

  if (value->type != RT_JSON_STRING)
    return FALSE;
  if (value->text.length == 0 || memchr (value->text.at, '\\', value->text.length) == NULL)
    return rt_text_is (value->text, string);
  plain = rt_json_string_dup (value);
  return strcmp (plain, string) == 0;
}

/**
 * rt_json_get_integer:
 * @value: a value
 * @ret_integer: (out): its number, a fraction cut off; untouched on failure
 *
 * Returns: whether it is a number without exponent that fits
 */
gboolean
rt_json_get_integer (const RtJson *value, gint64 *ret_integer)
{
  RtText rest = value->text;
  gboolean negative;
  guint64 number;

  if (value->type != RT_JSON_NUMBER || memchr (rest.at, 'e', rest.length) != NULL
      || memchr (rest.at, 'E', rest.length) != NULL)
    return FALSE;
  negative = rt_take_char (&rest, '-');
  if (!rt_text_to_uint64 (rt_take_digits (&rest), &number) || number > G_MAXINT64)
    return FALSE;
  *ret_integer = negative ? -(gint64)number : (gint64)number;
  return TRUE;
}
