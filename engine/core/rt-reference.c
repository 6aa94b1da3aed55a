/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reference tables, searched by halving: the script that makes them sorts them, methods by
 * bytes, fields by lower-case bytes. */
#include "rt-reference.h"

/* clang-format off */
#include "rt-reference-tables.inc"
/* clang-format on */

/* Orders a borrowed text against a name of a table, as strcmp() would; @fold: ASCII case aside. */
static int
compare (RtText text, const char *name, gboolean fold)
{
  for (gsize i = 0; i < text.length; i++)
    {
      guchar a = (guchar)text.at[i];
      guchar b = (guchar)name[i];

      if (fold)
        {
          a = (guchar)g_ascii_tolower ((gchar)a);
          b = (guchar)g_ascii_tolower ((gchar)b);
        }
      if (a != b || b == '\0')
        return b == '\0' ? 1 : a - b;
    }
  return name[text.length] == '\0' ? 0 : -1;
}

/**
 * rt_method_info:
 * @name: a method; its case counts, RFC 9110 §9.1: `get` is not GET
 *
 * Returns: (transfer none) (nullable): what is known of it
 */
const RtMethodInfo *
rt_method_info (RtText name)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (methods);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      int order = compare (name, methods[middle].name, FALSE);

      if (order == 0)
        return &methods[middle];
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

/**
 * rt_status_info:
 * @code: a status code
 *
 * Returns: (transfer none) (nullable): what is known of it; a code that is not registered counts
 *   as the x00 of its class (RFC 9110 §15), which is the caller's to look up
 */
const RtStatusInfo *
rt_status_info (guint code)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (statuses);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;

      if (statuses[middle].code == code)
        return &statuses[middle];
      if (code < statuses[middle].code)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

/**
 * rt_field_info:
 * @name: a field name, in any case, RFC 9110 §5.1
 *
 * Returns: (transfer none) (nullable): what is known of it
 */
const RtFieldInfo *
rt_field_info (RtText name)
{
  gsize low = 0;
  gsize high = G_N_ELEMENTS (fields);

  while (low < high)
    {
      gsize middle = low + (high - low) / 2;
      int order = compare (name, fields[middle].name, TRUE);

      if (order == 0)
        return &fields[middle];
      if (order < 0)
        high = middle;
      else
        low = middle + 1;
    }
  return NULL;
}

/**
 * rt_method_infos:
 * @ret_n: (out): how many
 *
 * Returns: (transfer none) (array length=ret_n): all methods, in order of their names
 */
const RtMethodInfo *
rt_method_infos (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (methods);
  return methods;
}

/**
 * rt_status_infos:
 * @ret_n: (out): how many
 *
 * Returns: (transfer none) (array length=ret_n): all status codes, in order
 */
const RtStatusInfo *
rt_status_infos (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (statuses);
  return statuses;
}

/**
 * rt_field_infos:
 * @ret_n: (out): how many
 *
 * Returns: (transfer none) (array length=ret_n): all fields, in order of their names
 */
const RtFieldInfo *
rt_field_infos (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (fields);
  return fields;
}
