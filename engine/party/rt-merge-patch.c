/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON merge patch: members of the patch replace the document's, a null removes them, objects are
 * merged member by member, and all else, arrays too, is replaced whole.
 *
 * Values are kept as the text they were written in: a number that goes through a parser and back
 * comes out in other digits. So both texts are checked against the grammar first (RFC 8259), and
 * then cut into members, level by level. Both recurse on nesting, which is capped. */
#include "rt-merge-patch.h"

#include <string.h>

#include "rt-error.h"
#include "rt-text.h"

typedef struct
{
  const char *at, *end;
  guint levels; /* that may still be opened */
} Scan;

typedef struct
{
  RtText name; /* as written, quotes included */
  RtText value;
} Member;

static gboolean scan_value (Scan *scan);

static void
scan_space (Scan *scan)
{
  while (scan->at < scan->end && strchr (" \t\r\n", *scan->at) != NULL && *scan->at != '\0')
    scan->at++;
}

static gboolean
scan_char (Scan *scan, char c)
{
  scan_space (scan);
  if (scan->at == scan->end || *scan->at != c)
    return FALSE;
  scan->at++;
  return TRUE;
}

static gboolean
scan_escape (Scan *scan)
{
  if (scan->at == scan->end)
    return FALSE;
  if (*scan->at != 'u')
    return *scan->at != '\0' && strchr ("\"\\/bfnrt", *scan->at++) != NULL;
  scan->at++;
  for (guint i = 0; i < 4; i++)
    if (scan->at == scan->end || !g_ascii_isxdigit (*scan->at++))
      return FALSE;
  return TRUE;
}

static gboolean
scan_string (Scan *scan)
{
  if (!scan_char (scan, '"'))
    return FALSE;
  while (scan->at < scan->end)
    {
      guchar c = (guchar)*scan->at++;

      if (c == '"')
        return TRUE;
      if (c < 0x20 || (c == '\\' && !scan_escape (scan)))
        return FALSE;
    }
  return FALSE;
}

static gboolean
scan_digits (Scan *scan)
{
  const char *start = scan->at;

  while (scan->at < scan->end && g_ascii_isdigit (*scan->at))
    scan->at++;
  return scan->at > start;
}

static gboolean
scan_number (Scan *scan)
{
  if (scan->at < scan->end && *scan->at == '-')
    scan->at++;
  if (scan->at < scan->end && *scan->at == '0')
    scan->at++;
  else if (!scan_digits (scan))
    return FALSE;
  if (scan->at < scan->end && *scan->at == '.')
    {
      scan->at++;
      if (!scan_digits (scan))
        return FALSE;
    }
  if (scan->at < scan->end && (*scan->at == 'e' || *scan->at == 'E'))
    {
      scan->at++;
      if (scan->at < scan->end && (*scan->at == '+' || *scan->at == '-'))
        scan->at++;
      return scan_digits (scan);
    }
  return TRUE;
}

static gboolean
scan_word (Scan *scan)
{
  static const char *const words[] = { "true", "false", "null" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      gsize length = strlen (words[i]);

      if ((gsize)(scan->end - scan->at) >= length && memcmp (scan->at, words[i], length) == 0)
        {
          scan->at += length;
          return TRUE;
        }
    }
  return scan_number (scan);
}

/* Behind its `{` or `[`. */
static gboolean
scan_elements (Scan *scan, gboolean is_object)
{
  char close = is_object ? '}' : ']';

  if (scan->levels == 0)
    return FALSE;
  scan->levels--;
  if (!scan_char (scan, close))
    {
      do
        if ((is_object && (!scan_string (scan) || !scan_char (scan, ':'))) || !scan_value (scan))
          return FALSE;
      while (scan_char (scan, ','));
      if (!scan_char (scan, close))
        return FALSE;
    }
  scan->levels++;
  return TRUE;
}

static gboolean
scan_value (Scan *scan)
{
  scan_space (scan);
  if (scan->at == scan->end)
    return FALSE;
  if (*scan->at == '"')
    return scan_string (scan);
  if (*scan->at != '{' && *scan->at != '[')
    return scan_word (scan);
  scan->at++;
  return scan_elements (scan, scan->at[-1] == '{');
}

/* The one value in @json, without the space around it. */
static gboolean
check (GBytes *json, const char *what, guint max_nesting, RtText *ret_value, GError **error)
{
  gsize length;
  const char *text = g_bytes_get_data (json, &length);
  Scan scan;

  /* Nothing has no address to count from. */
  if (length == 0)
    text = "";
  scan = (Scan){ text, text + length, max_nesting };
  scan_space (&scan);
  *ret_value = (RtText){ scan.at, 0 };
  if (length > 0 && g_utf8_validate (text, (gssize)length, NULL) && scan_value (&scan))
    {
      ret_value->length = (gsize)(scan.at - ret_value->at);
      scan_space (&scan);
      if (scan.at == scan.end)
        return TRUE;
    }
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, NULL, "%s is no JSON or nested more than %u deep",
                what, max_nesting);
  return FALSE;
}

static guint
code_unit (const char *digits)
{
  guint unit = 0;

  for (guint i = 0; i < 4; i++)
    unit = unit * 16 + (guint)g_ascii_xdigit_value (digits[i]);
  return unit;
}

/* The character that the escape at @at stands for. What no text can have, NUL and half a surrogate
 * pair, is marked by a byte that UTF-8 has not. Returns the escape's length behind its `u`. */
static gsize
append_unicode (GString *name, const char *at, const char *end)
{
  guint unit = code_unit (at), low;

  if (unit >= 0xd800 && unit < 0xdc00 && end - at >= 10 && at[4] == '\\' && at[5] == 'u'
      && (low = code_unit (at + 6)) >= 0xdc00 && low < 0xe000)
    {
      g_string_append_unichar (name, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
      return 10;
    }
  if (unit == 0 || (unit >= 0xd800 && unit < 0xe000))
    g_string_append_printf (name, "\xff%04x", unit);
  else
    g_string_append_unichar (name, unit);
  return 4;
}

/* A member's name without quotes and escapes: two ways to write it are one name. */
static char *
dup_name (RtText written)
{
  static const char letters[] = "bfnrt", meant[] = "\b\f\n\r\t";
  const char *end = written.at + written.length - 1;
  GString *name = g_string_new (NULL);

  for (const char *at = written.at + 1; at < end; at++)
    {
      const char *found;

      if (*at != '\\')
        g_string_append_c (name, *at);
      else if (*++at == 'u')
        at += append_unicode (name, at + 1, end);
      else if ((found = strchr (letters, *at)) != NULL)
        g_string_append_c (name, meant[found - letters]);
      else
        g_string_append_c (name, *at);
    }
  return g_string_free (name, FALSE);
}

static RtText
scanned_value (Scan *scan)
{
  RtText value;

  scan_space (scan);
  value.at = scan->at;
  scan_value (scan);
  value.length = (gsize)(scan->at - value.at);
  return value;
}

/* Adds the members of @object, which was checked; one that is there takes the new value where it
 * stands. @where: name → index + 1. */
static void
read_members (RtText object, GArray *members, GHashTable *where)
{
  Scan scan = { object.at + 1, object.at + object.length, G_MAXUINT };

  while (!scan_char (&scan, '}'))
    {
      Member member;
      char *name;
      gpointer index;

      scan_char (&scan, ',');
      member.name = scanned_value (&scan);
      scan_char (&scan, ':');
      member.value = scanned_value (&scan);
      name = dup_name (member.name);
      index = g_hash_table_lookup (where, name);
      if (index != NULL)
        {
          g_array_index (members, Member, GPOINTER_TO_UINT (index) - 1).value = member.value;
          g_free (name);
          continue;
        }
      g_array_append_val (members, member);
      g_hash_table_insert (where, name, GUINT_TO_POINTER (members->len));
    }
}

static void
append (GString *out, RtText text)
{
  g_string_append_len (out, text.at, (gssize)text.length);
}

static gboolean
is_object (RtText value)
{
  return value.length > 0 && value.at[0] == '{';
}

static void merge (RtText target, RtText patch, GString *out);

static void
append_member (GString *out, const Member *member, const Member *change)
{
  if (change != NULL && rt_text_is (change->value, "null"))
    return;
  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  append (out, member->name);
  g_string_append_c (out, ':');
  if (change != NULL)
    merge (member != change ? member->value : RT_TEXT_NONE, change->value, out);
  else
    append (out, member->value);
}

static void
merge_objects (RtText target, RtText patch, GString *out)
{
  g_autoptr (GArray) old = g_array_new (FALSE, FALSE, sizeof (Member));
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Member));
  g_autoptr (GHashTable) old_where = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GHashTable) where = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (is_object (target))
    read_members (target, old, old_where);
  read_members (patch, changes, where);
  g_string_append_c (out, '{');
  for (guint i = 0; i < old->len; i++)
    {
      const Member *member = &g_array_index (old, Member, i);
      g_autofree char *name = dup_name (member->name);
      guint index = GPOINTER_TO_UINT (g_hash_table_lookup (where, name));

      append_member (out, member, index > 0 ? &g_array_index (changes, Member, index - 1) : NULL);
    }
  for (guint i = 0; i < changes->len; i++)
    {
      const Member *member = &g_array_index (changes, Member, i);
      g_autofree char *name = dup_name (member->name);

      if (!g_hash_table_contains (old_where, name))
        append_member (out, member, member);
    }
  g_string_append_c (out, '}');
}

static void
merge (RtText target, RtText patch, GString *out)
{
  if (is_object (patch))
    merge_objects (target, patch, out);
  else
    append (out, patch);
}

/**
 * rt_merge_patch:
 * @document: JSON
 * @patch: a merge patch
 * @max_nesting: of either
 *
 * Errors: %RT_ERROR_SYNTAX. Source: RFC 7396 §2.
 *
 * Returns: (transfer full) (nullable): the document with the patch applied
 */
GBytes *
rt_merge_patch (GBytes *document, GBytes *patch, guint max_nesting, GError **error)
{
  RtText target, change;
  GString *result;

  if (!check (document, "the document", max_nesting, &target, error)
      || !check (patch, "the patch", max_nesting, &change, error))
    return NULL;
  result = g_string_new (NULL);
  merge (target, change, result);
  return g_string_free_to_bytes (result);
}
