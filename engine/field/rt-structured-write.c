/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The serializer of structured fields: one function for each algorithm of RFC 9651 §4.1. What
 * cannot be written is refused, never repaired. */
#include "rt-base64.h"
#include "rt-error.h"
#include "rt-structured-private.h"
#include "rt-structured.h"

/* Twelve digits, a point and three more. */
#define DECIMAL_MAX G_GINT64_CONSTANT (999999999999999)

static gboolean
refuse (GError **error, const char *expected)
{
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, expected, "this value has no structured form");
  return FALSE;
}

static void
append_text (GString *out, RtText text)
{
  g_string_append_len (out, text.at, (gssize)text.length);
}

/* §4.1.1.3 */
static gboolean
write_key (GString *out, RtText key, GError **error)
{
  RtText rest = key;

  if (!rt_sf_is_key_start (rt_peek (key))
      || rt_take_while (&rest, rt_sf_is_key_char).length < key.length)
    return refuse (error, "a key of lower-case letters, digits and “_-.*”");
  append_text (out, key);
  return TRUE;
}

/* §4.1.4 */
static gboolean
write_integer (GString *out, gint64 number, GError **error)
{
  if (number > RT_SF_INTEGER_MAX || number < -RT_SF_INTEGER_MAX)
    return refuse (error, "an integer of at most 15 digits");
  g_string_append_printf (out, "%" G_GINT64_FORMAT, number);
  return TRUE;
}

/* §4.1.5 */
static gboolean
write_decimal (GString *out, gint64 thousandths, GError **error)
{
  gint64 absolute = thousandths < 0 ? -thousandths : thousandths;

  if (thousandths > DECIMAL_MAX || thousandths < -DECIMAL_MAX)
    return refuse (error, "a decimal number of at most 12 digits before its point");
  g_string_append_printf (out, "%s%" G_GINT64_FORMAT ".%03d", thousandths < 0 ? "-" : "",
                          absolute / 1000, (int)(absolute % 1000));
  while (out->str[out->len - 1] == '0' && out->str[out->len - 2] != '.')
    g_string_truncate (out, out->len - 1);
  return TRUE;
}

/* §4.1.6 */
static gboolean
write_string (GString *out, RtText text, GError **error)
{
  for (gsize i = 0; i < text.length; i++)
    if (!g_ascii_isprint (text.at[i]))
      return refuse (error, "a string of printable ASCII");
  rt_quoted_append (out, text);
  return TRUE;
}

/* §4.1.7 */
static gboolean
write_token (GString *out, RtText text, GError **error)
{
  RtText rest = text;

  if (!rt_sf_is_token_start (rt_peek (text))
      || rt_take_while (&rest, rt_sf_is_token_char).length < text.length)
    return refuse (error, "a token, which starts with a letter or “*”");
  append_text (out, text);
  return TRUE;
}

/* §4.1.8 */
static gboolean
write_binary (GString *out, RtText bytes)
{
  g_autofree char *encoded = rt_base64_encode (bytes, RT_BASE64_STRICT);

  g_string_append_printf (out, ":%s:", encoded);
  return TRUE;
}

/* §4.1.11 */
static gboolean
write_display_string (GString *out, RtText text, GError **error)
{
  if (!rt_sf_is_utf8 (text))
    return refuse (error, "a display string in UTF-8");
  g_string_append (out, "%\"");
  for (gsize i = 0; i < text.length; i++)
    if (!g_ascii_isprint (text.at[i]) || text.at[i] == '%' || text.at[i] == '"')
      g_string_append_printf (out, "%%%02x", (guchar)text.at[i]);
    else
      g_string_append_c (out, text.at[i]);
  g_string_append_c (out, '"');
  return TRUE;
}

/* §4.1.3.1 */
static gboolean
write_bare_item (GString *out, const RtSfValue *value, GError **error)
{
  switch (value->type)
    {
    case RT_SF_INTEGER:
      return write_integer (out, value->number, error);
    case RT_SF_DECIMAL:
      return write_decimal (out, value->number, error);
    case RT_SF_STRING:
      return write_string (out, value->text, error);
    case RT_SF_TOKEN:
      return write_token (out, value->text, error);
    case RT_SF_BINARY:
      return write_binary (out, value->text);
    case RT_SF_BOOLEAN:
      g_string_append (out, value->number ? "?1" : "?0");
      return TRUE;
    case RT_SF_DATE:
      g_string_append_c (out, '@');
      return write_integer (out, value->number, error);
    case RT_SF_DISPLAY_STRING:
      return write_display_string (out, value->text, error);
    case RT_SF_INNER_LIST:
    default:
      return refuse (error, "an item where no inner list can be");
    }
}

static gboolean
is_true (const RtSfValue *value)
{
  return value->type == RT_SF_BOOLEAN && value->number;
}

/* §4.1.1.2 */
static gboolean
write_parameters (GString *out, const RtSfValue *value, GError **error)
{
  for (guint i = 0; i < value->n_parameters; i++)
    {
      const RtSfMember *parameter = &value->parameters[i];

      g_string_append_c (out, ';');
      if (!write_key (out, parameter->key, error))
        return FALSE;
      if (is_true (&parameter->value))
        continue;
      g_string_append_c (out, '=');
      if (!write_bare_item (out, &parameter->value, error))
        return FALSE;
    }
  return TRUE;
}

/* §4.1.1.1 and §4.1.3 */
static gboolean
write_value (GString *out, const RtSfValue *value, GError **error)
{
  if (value->type != RT_SF_INNER_LIST)
    return write_bare_item (out, value, error) && write_parameters (out, value, error);
  g_string_append_c (out, '(');
  for (guint i = 0; i < value->n_items; i++)
    {
      if (i > 0)
        g_string_append_c (out, ' ');
      if (!write_bare_item (out, &value->items[i].value, error)
          || !write_parameters (out, &value->items[i].value, error))
        return FALSE;
    }
  g_string_append_c (out, ')');
  return write_parameters (out, value, error);
}

/* §4.1.2: a member that is true is its key and parameters. */
static gboolean
write_dictionary_member (GString *out, const RtSfMember *member, GError **error)
{
  if (!write_key (out, member->key, error))
    return FALSE;
  if (is_true (&member->value))
    return write_parameters (out, &member->value, error);
  g_string_append_c (out, '=');
  return write_value (out, &member->value, error);
}

/**
 * rt_sf_decimal:
 * @mantissa: a number
 * @decimals: how many of its digits stand behind the point
 *
 * Rounds to three decimals; halves to the even neighbour, RFC 9651 §4.1.5.
 *
 * Returns: the number in thousandths, for #RtSfValue.number; it saturates
 */
gint64
rt_sf_decimal (gint64 mantissa, guint decimals)
{
  gint64 unit = 1;
  gint64 value, rest;

  for (; decimals < 3; decimals++)
    if (mantissa > DECIMAL_MAX || mantissa < -DECIMAL_MAX)
      return mantissa;
    else
      mantissa *= 10;
  for (; decimals > 3; decimals--)
    if (unit > G_MAXINT64 / 20)
      return 0;
    else
      unit *= 10;
  value = mantissa / unit;
  rest = ABS (mantissa % unit);
  if (2 * rest > unit || (2 * rest == unit && value % 2 != 0))
    value += mantissa < 0 ? -1 : 1;
  return value;
}

/**
 * rt_sf_serialize:
 * @sf: a structured field
 *
 * Errors: %RT_ERROR_SYNTAX where a value cannot be written. Source: RFC 9651 §4.1.
 *
 * Returns: (transfer full): its canonical form; empty for an empty list or dictionary, which is not
 *   to be sent at all
 */
char *
rt_sf_serialize (const RtSf *sf, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; i < sf->n_members; i++)
    {
      const RtSfMember *member = &sf->members[i];

      if (i > 0)
        g_string_append (out, ", ");
      if (sf->kind == RT_SF_DICTIONARY ? !write_dictionary_member (out, member, error)
                                       : !write_value (out, &member->value, error))
        return NULL;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
