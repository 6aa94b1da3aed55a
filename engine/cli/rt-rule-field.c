/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The evaluators of `roundtrip rule` for field grammars. */
#include "rt-rule.h"

#include "rt-date.h"
#include "rt-error.h"
#include "rt-list.h"
#include "rt-media-type.h"
#include "rt-negotiation.h"
#include "rt-range.h"
#include "rt-structured.h"

static gboolean
refuse (GError **error, const char *name, const char *expected)
{
  rt_set_error (error, RT_ERROR_MISSING, NULL, expected, "no usable “%s”", name);
  return FALSE;
}

static RtText
text_of (const GString *string)
{
  return (RtText){ string->str, string->len };
}

static void
set_text_or_null (JsonObject *out, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (out, name, text);
  else
    json_object_set_null_member (out, name);
}

/* Members that may lack, or hold something else; NULL then. */
static JsonArray *
get_array (JsonObject *in, const char *name)
{
  JsonNode *node = json_object_get_member (in, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *
get_object (JsonObject *in, const char *name)
{
  JsonNode *node = json_object_get_member (in, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

gboolean
rt_rule_dates (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (GString) test = rt_rule_get_text (in, "test", error);
  g_autofree char *date = NULL;
  RtTime time;

  if (test == NULL)
    return FALSE;
  if (rt_cookie_date_parse (text_of (test), &time))
    date = rt_http_date_dup (time);
  set_text_or_null (out, "date", date);
  return TRUE;
}

/* Field values are bytes; the Fetch standard looks at each as one character. A character that is no
 * byte becomes one that no MIME type can hold. */
static GString *
isomorphic_encode (const GString *text)
{
  GString *bytes = g_string_new (NULL);

  for (const char *at = text->str; at < text->str + text->len; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      g_string_append_c (bytes, c <= 0xff ? (char)c : 0x7f);
    }
  return bytes;
}

static char *
isomorphic_decode (const char *bytes)
{
  GString *text = g_string_new (NULL);

  for (; *bytes != '\0'; bytes++)
    g_string_append_unichar (text, (guchar)*bytes);
  return g_string_free (text, FALSE);
}

gboolean
rt_rule_mime (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (GString) input = rt_rule_get_text (in, "input", error);
  g_autoptr (GString) bytes = NULL;
  g_autofree char *output = NULL;
  RtMediaType type;

  if (input == NULL)
    return FALSE;
  bytes = isomorphic_encode (input);
  if (rt_mime_type_parse (text_of (bytes), &type))
    {
      g_autofree char *serialized = rt_mime_type_serialize (&type);

      output = isomorphic_decode (serialized);
    }
  set_text_or_null (out, "output", output);
  return TRUE;
}

/* The lines of a field as one value, RFC 9110 §5.3. */
static GString *
join_lines (JsonArray *lines)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (lines); i++)
    {
      g_autoptr (GString) line = rt_rule_node_to_text (json_array_get_element (lines, i));

      if (i > 0)
        g_string_append (joined, ", ");
      if (line != NULL)
        g_string_append_len (joined, line->str, (gssize)line->len);
    }
  return joined;
}

static gboolean
sf_kind (JsonObject *in, RtSfKind *ret_kind)
{
  static const char *const names[] = { "item", "list", "dictionary" };
  g_autoptr (GString) name = rt_rule_get_text (in, "header_type", NULL);

  for (int i = 0; name != NULL && i < (int)G_N_ELEMENTS (names); i++)
    if (strcmp (name->str, names[i]) == 0)
      {
        *ret_kind = (RtSfKind)i;
        return TRUE;
      }
  return FALSE;
}

gboolean
rt_rule_sf (JsonObject *in, JsonObject *out, GError **error)
{
  JsonArray *raw = get_array (in, "raw");
  g_autoptr (GString) value = NULL;
  g_autoptr (RtSf) sf = NULL;
  g_autofree char *canonical = NULL;
  JsonArray *lines;
  RtSfKind kind;

  if (raw == NULL)
    return refuse (error, "raw", "an array of field lines");
  if (!sf_kind (in, &kind))
    return refuse (error, "header_type", "item, list or dictionary");
  value = join_lines (raw);
  sf = rt_sf_parse (text_of (value), kind, error);
  if (sf == NULL)
    return FALSE;
  canonical = rt_sf_serialize (sf, error);
  if (canonical == NULL)
    return FALSE;
  lines = json_array_new ();
  /* "If the field is empty, do not send it" (RFC 9651 §4.1) */
  if (*canonical != '\0')
    json_array_add_string_element (lines, canonical);
  json_object_set_array_member (out, "canonical", lines);
  return TRUE;
}

typedef struct
{
  guint64 first, last;
} Interval;

/* The satisfiable ones of a range set, in the order asked for; those that follow no grammar are
 * left out. */
static GArray *
collect_ranges (RtText set, guint64 size, guint *ret_n_valid)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (Interval));
  RtRangeSpec spec;

  *ret_n_valid = 0;
  while (rt_range_next (&set, &spec))
    {
      Interval range;

      *ret_n_valid += spec.kind != RT_RANGE_MALFORMED;
      if (rt_range_resolve (&spec, size, &range.first, &range.last))
        g_array_append_val (ranges, range);
    }
  return ranges;
}

/* Joins what overlaps or touches into the place of the first of them. */
static void
combine_ranges (GArray *ranges)
{
  for (guint i = 0; i < ranges->len; i++)
    for (guint j = i + 1; j < ranges->len;)
      {
        Interval *a = &g_array_index (ranges, Interval, i);
        const Interval *b = &g_array_index (ranges, Interval, j);

        if (b->first > a->last + 1 || a->first > b->last + 1)
          {
            j++;
            continue;
          }
        a->first = MIN (a->first, b->first);
        a->last = MAX (a->last, b->last);
        g_array_remove_index (ranges, j);
        /* Grown, it may touch one that was passed over. */
        j = i + 1;
      }
}

static JsonObject *
ranges_to_json (RtText unit, GArray *ranges)
{
  JsonObject *result = json_object_new ();
  JsonArray *array = json_array_new ();
  g_autofree char *type = rt_text_dup (unit);

  for (guint i = 0; i < ranges->len; i++)
    {
      const Interval *range = &g_array_index (ranges, Interval, i);
      JsonObject *object = json_object_new ();

      json_object_set_int_member (object, "start", (gint64)range->first);
      json_object_set_int_member (object, "end", (gint64)range->last);
      json_array_add_object_element (array, object);
    }
  json_object_set_string_member (result, "type", type);
  json_object_set_array_member (result, "ranges", array);
  return result;
}

/* -2: no range-set; -1: none of it can be satisfied. */
gboolean
rt_rule_range (JsonObject *in, JsonObject *out, GError **error)
{
  g_autoptr (GString) header = rt_rule_get_text (in, "header", error);
  g_autoptr (GArray) ranges = NULL;
  JsonObject *options = get_object (in, "options");
  RtText unit, set;
  gint64 size;
  guint n_valid = 0;

  if (header == NULL || !rt_rule_get_integer (in, "size", &size, error))
    return FALSE;
  if (size < 0)
    return refuse (error, "size", "a length in bytes");
  if (rt_range_split (text_of (header), &unit, &set))
    ranges = collect_ranges (set, (guint64)size, &n_valid);
  if (n_valid == 0)
    json_object_set_int_member (out, "result", -2);
  else if (ranges->len == 0)
    json_object_set_int_member (out, "result", -1);
  else
    {
      if (options != NULL
          && json_object_get_boolean_member_with_default (options, "combine", FALSE))
        combine_ranges (ranges);
      json_object_set_object_member (out, "result", ranges_to_json (unit, ranges));
    }
  return TRUE;
}
