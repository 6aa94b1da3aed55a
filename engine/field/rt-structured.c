/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parser of structured fields: one function for each algorithm of RFC 9651 §4.2. A field that
 * fails anywhere fails as a whole, as §4.2 wants it. */
#include "rt-structured.h"

#include "rt-base64.h"
#include "rt-error.h"
#include "rt-structured-private.h"

/* What rt_sf_parse() gives out, and what it owns. */
typedef struct
{
  RtSf sf;
  GPtrArray *owned;
} ParsedSf;

typedef struct
{
  RtText start, rest;
  GPtrArray *owned;
  GError **error;
} SfParser;

static gboolean parse_item_or_inner_list (SfParser *p, RtSfValue *value);

static gboolean
fail (SfParser *p, const char *expected)
{
  gsize at = p->start.length - p->rest.length;

  rt_set_error (p->error, RT_ERROR_SYNTAX, &(RtPlace){ .line = 1, .column = (guint)at + 1 },
                expected,
                p->rest.length > 0 ? "this is no structured field" : "the field ends here");
  return FALSE;
}

/* Fails at a byte that was passed already. */
static gboolean
fail_at (SfParser *p, const char *at, const char *expected)
{
  p->rest = (RtText){ at, (gsize)(p->start.at + p->start.length - at) };
  return fail (p, expected);
}

static void
skip_spaces (SfParser *p)
{
  while (rt_take_char (&p->rest, ' '))
    ;
}

/* Gives the members of @array to the parser and what they are to the caller. */
static const RtSfMember *
keep_members (SfParser *p, GArray *array, guint *ret_n)
{
  gpointer members;

  *ret_n = array->len;
  members = g_array_free (array, FALSE);
  g_ptr_array_add (p->owned, members);
  return members;
}

/* Gives @text to the parser. */
static RtText
keep_text (SfParser *p, char *text, gsize length)
{
  g_ptr_array_add (p->owned, text);
  return (RtText){ text, length };
}

/* "If the key is there already, overwrite its value": the place stays. */
static gboolean
put_member (SfParser *p, GArray *members, const RtSfMember *member)
{
  for (guint i = 0; member->key.length > 0 && i < members->len; i++)
    {
      RtSfMember *have = &g_array_index (members, RtSfMember, i);

      if (rt_text_equal (have->key, member->key))
        {
          *have = *member;
          return TRUE;
        }
    }
  if (members->len == RT_SF_MEMBERS_MAX)
    return fail (p, "no more than " G_STRINGIFY (RT_SF_MEMBERS_MAX) " members");
  g_array_append_vals (members, member, 1);
  return TRUE;
}

/* §4.2.3.3 */
static gboolean
parse_key (SfParser *p, RtText *ret_key)
{
  if (!rt_sf_is_key_start (rt_peek (p->rest)))
    return fail (p, "a key, which starts with a lower-case letter or “*”");
  *ret_key = rt_take_while (&p->rest, rt_sf_is_key_char);
  return TRUE;
}

/* Up to three decimals, as thousandths. */
static gboolean
parse_fraction (SfParser *p, gint64 *value)
{
  RtText digits = rt_take_digits (&p->rest);
  gint64 unit = 100;

  if (digits.length < 1 || digits.length > 3)
    return fail (p, "one to three decimals");
  for (gsize i = 0; i < digits.length; i++, unit /= 10)
    *value += (digits.at[i] - '0') * unit;
  return TRUE;
}

/* §4.2.4 */
static gboolean
parse_number (SfParser *p, RtSfValue *value)
{
  RtText start = p->rest;
  gboolean negative = rt_take_char (&p->rest, '-');
  RtText digits = rt_take_digits (&p->rest);
  guint64 whole;

  if (digits.length == 0 || digits.length > 15 || !rt_text_to_uint64 (digits, &whole))
    return fail_at (p, start.at, "a number of at most 15 digits");
  value->type = RT_SF_INTEGER;
  value->number = (gint64)whole;
  if (rt_take_char (&p->rest, '.'))
    {
      if (digits.length > 12)
        return fail_at (p, start.at, "a decimal number of at most 12 digits before its point");
      value->type = RT_SF_DECIMAL;
      value->number *= 1000;
      if (!parse_fraction (p, &value->number))
        return FALSE;
    }
  if (negative)
    value->number = -value->number;
  return TRUE;
}

/* §4.2.5 */
static gboolean
parse_string (SfParser *p, RtSfValue *value)
{
  RtText raw;
  gboolean escaped = FALSE;

  if (!rt_take_quoted (&p->rest, &raw))
    return fail (p, "a string that is closed");
  for (gsize i = 0; i < raw.length; i++)
    {
      if (raw.at[i] == '\\')
        {
          escaped = TRUE;
          i++;
          if (raw.at[i] != '"' && raw.at[i] != '\\')
            return fail_at (p, &raw.at[i], "a string that escapes only its quotes and backslashes");
        }
      if (!g_ascii_isprint (raw.at[i]))
        return fail_at (p, &raw.at[i], "a string of printable ASCII");
    }
  value->type = RT_SF_STRING;
  value->text = raw;
  if (escaped)
    {
      char *unescaped = rt_quoted_dup (raw);

      value->text = keep_text (p, unescaped, strlen (unescaped));
    }
  return TRUE;
}

/* §4.2.6 */
static gboolean
parse_token (SfParser *p, RtSfValue *value)
{
  value->type = RT_SF_TOKEN;
  value->text = rt_take_while (&p->rest, rt_sf_is_token_char);
  return TRUE;
}

/* §4.2.7: missing padding and stray bits are accepted, as it recommends. */
static gboolean
parse_binary (SfParser *p, RtSfValue *value)
{
  g_autoptr (GBytes) bytes = NULL;
  RtText start = p->rest;
  RtText encoded;
  gsize length;
  gconstpointer data;

  rt_skip (&p->rest, 1);
  encoded = rt_take_until (&p->rest, ":");
  if (!rt_take_char (&p->rest, ':'))
    return fail (p, "a byte sequence that ends with “:”");
  bytes = rt_base64_decode (encoded, RT_BASE64_LOOSE);
  if (bytes == NULL)
    return fail_at (p, start.at, "base64 between the colons");
  data = g_bytes_get_data (bytes, &length);
  value->type = RT_SF_BINARY;
  value->text = keep_text (p, g_memdup2 (data, length), length);
  return TRUE;
}

/* §4.2.8 */
static gboolean
parse_boolean (SfParser *p, RtSfValue *value)
{
  rt_skip (&p->rest, 1);
  value->type = RT_SF_BOOLEAN;
  value->number = rt_take_char (&p->rest, '1');
  return value->number || rt_take_char (&p->rest, '0') || fail (p, "“?1” or “?0”");
}

/* §4.2.9 */
static gboolean
parse_date (SfParser *p, RtSfValue *value)
{
  rt_skip (&p->rest, 1);
  if (!parse_number (p, value))
    return FALSE;
  if (value->type != RT_SF_INTEGER)
    return fail (p, "a date in whole seconds");
  value->type = RT_SF_DATE;
  return TRUE;
}

static int
lower_hex_value (char c)
{
  return g_ascii_isupper (c) ? -1 : g_ascii_xdigit_value (c);
}

static gboolean
parse_display_byte (SfParser *p, GString *text)
{
  char c = rt_peek (p->rest);
  int high, low;

  if (!g_ascii_isprint (c))
    return fail (p, "a display string of printable ASCII that is closed");
  rt_skip (&p->rest, 1);
  if (c != '%')
    {
      g_string_append_c (text, c);
      return TRUE;
    }
  if (p->rest.length < 2)
    return fail (p, "two hex digits");
  high = lower_hex_value (p->rest.at[0]);
  low = lower_hex_value (p->rest.at[1]);
  if (high < 0 || low < 0)
    return fail (p, "two lower-case hex digits");
  rt_skip (&p->rest, 2);
  g_string_append_c (text, (char)(high << 4 | low));
  return TRUE;
}

/* §4.2.10 */
static gboolean
parse_display_string (SfParser *p, RtSfValue *value)
{
  g_autoptr (GString) text = g_string_new (NULL);

  rt_skip (&p->rest, 1);
  if (!rt_take_char (&p->rest, '"'))
    return fail (p, "“\"” behind “%”");
  while (!rt_take_char (&p->rest, '"'))
    if (!parse_display_byte (p, text))
      return FALSE;
  if (!rt_sf_is_utf8 ((RtText){ text->str, text->len }))
    return fail (p, "a display string that is UTF-8");
  value->type = RT_SF_DISPLAY_STRING;
  value->text.length = text->len;
  value->text = keep_text (p, g_string_free (g_steal_pointer (&text), FALSE), value->text.length);
  return TRUE;
}

/* §4.2.3.1 */
static gboolean
parse_bare_item (SfParser *p, RtSfValue *value)
{
  RtText start = p->rest;
  char c = rt_peek (p->rest);
  gboolean ok;

  if (c == '-' || g_ascii_isdigit (c))
    ok = parse_number (p, value);
  else if (c == '"')
    ok = parse_string (p, value);
  else if (rt_sf_is_token_start (c))
    ok = parse_token (p, value);
  else if (c == ':')
    ok = parse_binary (p, value);
  else if (c == '?')
    ok = parse_boolean (p, value);
  else if (c == '@')
    ok = parse_date (p, value);
  else if (c == '%')
    ok = parse_display_string (p, value);
  else
    ok = fail (p, "an item");
  value->raw = rt_taken (start, p->rest);
  return ok;
}

/* §4.2.3.2 */
static gboolean
parse_parameters (SfParser *p, RtSfValue *value)
{
  g_autoptr (GArray) parameters = NULL;

  while (rt_take_char (&p->rest, ';'))
    {
      RtSfMember member = { .value = { .type = RT_SF_BOOLEAN, .number = TRUE } };

      skip_spaces (p);
      if (!parse_key (p, &member.key))
        return FALSE;
      if (rt_take_char (&p->rest, '=') && !parse_bare_item (p, &member.value))
        return FALSE;
      if (parameters == NULL)
        parameters = g_array_new (FALSE, FALSE, sizeof member);
      if (!put_member (p, parameters, &member))
        return FALSE;
    }
  if (parameters != NULL)
    value->parameters = keep_members (p, g_steal_pointer (&parameters), &value->n_parameters);
  return TRUE;
}

/* §4.2.3 */
static gboolean
parse_item (SfParser *p, RtSfValue *value)
{
  return parse_bare_item (p, value) && parse_parameters (p, value);
}

/* §4.2.1.2 */
static gboolean
parse_inner_list (SfParser *p, RtSfValue *value)
{
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (RtSfMember));
  RtText start = p->rest;

  rt_skip (&p->rest, 1);
  for (;;)
    {
      RtSfMember member = { 0 };

      skip_spaces (p);
      if (rt_take_char (&p->rest, ')'))
        break;
      if (!parse_item (p, &member.value) || !put_member (p, items, &member))
        return FALSE;
      if (rt_peek (p->rest) != ' ' && rt_peek (p->rest) != ')')
        return fail (p, "a space or “)” in an inner list");
    }
  value->type = RT_SF_INNER_LIST;
  value->raw = rt_taken (start, p->rest);
  value->items = keep_members (p, g_steal_pointer (&items), &value->n_items);
  return parse_parameters (p, value);
}

/* §4.2.1.1 */
static gboolean
parse_item_or_inner_list (SfParser *p, RtSfValue *value)
{
  return rt_peek (p->rest) == '(' ? parse_inner_list (p, value) : parse_item (p, value);
}

/* The member of a dictionary, §4.2.2 */
static gboolean
parse_dictionary_member (SfParser *p, RtSfMember *member)
{
  if (!parse_key (p, &member->key))
    return FALSE;
  if (rt_take_char (&p->rest, '='))
    return parse_item_or_inner_list (p, &member->value);
  member->value = (RtSfValue){ .type = RT_SF_BOOLEAN, .number = TRUE };
  return parse_parameters (p, &member->value);
}

/* §4.2.1 and §4.2.2, which differ in their members alone. */
static gboolean
parse_members (SfParser *p, RtSfKind kind, GArray *members)
{
  while (p->rest.length > 0)
    {
      RtSfMember member = { 0 };

      if (!(kind == RT_SF_DICTIONARY ? parse_dictionary_member (p, &member)
                                     : parse_item_or_inner_list (p, &member.value))
          || !put_member (p, members, &member))
        return FALSE;
      rt_take_ows (&p->rest);
      if (p->rest.length == 0)
        return TRUE;
      if (!rt_take_char (&p->rest, ','))
        return fail (p, "a comma between members");
      rt_take_ows (&p->rest);
      if (p->rest.length == 0)
        return fail (p, "a member behind the comma");
    }
  return TRUE;
}

static gboolean
parse_field (SfParser *p, RtSfKind kind, GArray *members)
{
  RtSfMember member = { 0 };

  /* Only spaces are discarded at both ends, tabs are not (§4.2). */
  skip_spaces (p);
  while (p->rest.length > 0 && p->rest.at[p->rest.length - 1] == ' ')
    {
      p->start.length--;
      p->rest.length--;
    }
  if (kind != RT_SF_ITEM)
    return parse_members (p, kind, members);
  if (!parse_item (p, &member.value) || !put_member (p, members, &member))
    return FALSE;
  return p->rest.length == 0 || fail (p, "nothing behind the item");
}

/**
 * rt_sf_parse:
 * @value: the field value; of several lines, the values with ", " between
 * @kind: what the field is defined to be
 *
 * Errors: %RT_ERROR_SYNTAX, with the column at which it fails. Source: RFC 9651 §4.2.
 *
 * Returns: (transfer full): the field; it borrows from @value
 */
RtSf *
rt_sf_parse (RtText value, RtSfKind kind, GError **error)
{
  g_autoptr (GArray) members = g_array_new (FALSE, FALSE, sizeof (RtSfMember));
  SfParser p = { value, value, g_ptr_array_new_with_free_func (g_free), error };
  ParsedSf *parsed;

  if (!parse_field (&p, kind, members))
    {
      g_ptr_array_unref (p.owned);
      return NULL;
    }
  parsed = g_new (ParsedSf, 1);
  parsed->sf.kind = kind;
  parsed->sf.members = keep_members (&p, g_steal_pointer (&members), &parsed->sf.n_members);
  parsed->owned = p.owned;
  return &parsed->sf;
}

/**
 * rt_sf_free:
 * @sf: (transfer full): from rt_sf_parse()
 */
void
rt_sf_free (RtSf *sf)
{
  ParsedSf *parsed = (ParsedSf *)sf;

  g_ptr_array_unref (parsed->owned);
  g_free (parsed);
}

static const RtSfValue *
find_member (const RtSfMember *members, guint n, const char *key)
{
  for (guint i = 0; i < n; i++)
    if (rt_text_is (members[i].key, key))
      return &members[i].value;
  return NULL;
}

/**
 * rt_sf_find:
 * @dictionary: a dictionary
 * @key: of a member
 *
 * Returns: (transfer none) (nullable): its value
 */
const RtSfValue *
rt_sf_find (const RtSf *dictionary, const char *key)
{
  return find_member (dictionary->members, dictionary->n_members, key);
}

/**
 * rt_sf_find_parameter:
 * @value: an item or an inner list
 * @key: of a parameter
 *
 * Returns: (transfer none) (nullable): its value
 */
const RtSfValue *
rt_sf_find_parameter (const RtSfValue *value, const char *key)
{
  return find_member (value->parameters, value->n_parameters, key);
}
