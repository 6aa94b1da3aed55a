/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The structured field tests of the HTTP working group. Each value is written from its typed form,
 * and, unless it is a test of serializers alone, read from its lines and written again. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-structured.h"
#include "../vectors.h"

/* What one test allocates. */
typedef struct
{
  GPtrArray *owned;
} Pool;

static RtText
own_text (Pool *pool, char *text)
{
  g_ptr_array_add (pool->owned, text);
  return rt_text (text);
}

static RtJson
element (const RtJson *array, guint i)
{
  RtText rest = array->text;
  RtJson value = { 0 };

  do
    assert_true (rt_json_element_next (&rest, &value));
  while (i-- > 0);
  return value;
}

/* RFC 4648 §6, which the vectors write bytes in. */
static RtText
decode_base32 (Pool *pool, RtText text)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  char *out = g_malloc0 (text.length + 1);
  gsize n = 0;
  guint bits = 0, n_bits = 0;

  for (gsize i = 0; i < text.length && text.at[i] != '='; i++)
    {
      bits = (bits << 5 | (guint)(strchr (alphabet, text.at[i]) - alphabet)) & 0xffff;
      n_bits += 5;
      if (n_bits >= 8)
        out[n++] = (char)(bits >> (n_bits -= 8));
    }
  g_ptr_array_add (pool->owned, out);
  return (RtText){ out, n };
}

static RtSfValue
number_value (RtText text)
{
  g_autofree char *digits = rt_text_dup (text);
  char *point = strchr (digits, '.');
  guint decimals = point != NULL ? (guint)strlen (point + 1) : 0;

  if (point != NULL)
    memmove (point, point + 1, decimals + 1);
  if (point == NULL)
    return (RtSfValue){ .type = RT_SF_INTEGER, .number = g_ascii_strtoll (digits, NULL, 10) };
  return (RtSfValue){ .type = RT_SF_DECIMAL,
                      .number = rt_sf_decimal (g_ascii_strtoll (digits, NULL, 10), decimals) };
}

static RtSfValue
typed_value (Pool *pool, const RtJson *object)
{
  RtJson type, value;
  RtSfValue out = { 0 };

  assert_true (rt_json_find (object, "__type", &type));
  assert_true (rt_json_find (object, "value", &value));
  if (rt_json_string_is (&type, "date"))
    {
      out = number_value (value.text);
      out.type = RT_SF_DATE;
      return out;
    }
  if (rt_json_string_is (&type, "binary"))
    return (RtSfValue){ .type = RT_SF_BINARY, .text = decode_base32 (pool, value.text) };
  out.type = rt_json_string_is (&type, "token") ? RT_SF_TOKEN : RT_SF_DISPLAY_STRING;
  out.text = own_text (pool, rt_json_string_dup (&value));
  return out;
}

static RtSfValue
bare_value (Pool *pool, const RtJson *json)
{
  if (json->type == RT_JSON_NUMBER)
    return number_value (json->text);
  if (json->type == RT_JSON_STRING)
    return (RtSfValue){ .type = RT_SF_STRING, .text = own_text (pool, rt_json_string_dup (json)) };
  if (json->type == RT_JSON_OBJECT)
    return typed_value (pool, json);
  return (RtSfValue){ .type = RT_SF_BOOLEAN, .number = json->type == RT_JSON_TRUE };
}

static RtSfValue full_value (Pool *pool, const RtJson *pair);

/* @keyed: [[key, value], …], else [value, …]; @full: values with parameters. */
static const RtSfMember *
members (Pool *pool, const RtJson *array, gboolean keyed, gboolean full, guint *ret_n)
{
  GArray *out = g_array_new (FALSE, FALSE, sizeof (RtSfMember));
  RtText rest = array->text;
  RtJson json;
  gpointer data;

  while (rt_json_element_next (&rest, &json))
    {
      RtSfMember member = { 0 };
      RtJson key = keyed ? element (&json, 0) : json;
      RtJson value = keyed ? element (&json, 1) : json;

      if (keyed)
        member.key = own_text (pool, rt_json_string_dup (&key));
      member.value = full ? full_value (pool, &value) : bare_value (pool, &value);
      g_array_append_val (out, member);
    }
  *ret_n = out->len;
  data = g_array_free (out, FALSE);
  g_ptr_array_add (pool->owned, data);
  return data;
}

/* [bare item, parameters] or [[items], parameters] */
static RtSfValue
full_value (Pool *pool, const RtJson *pair)
{
  RtJson first = element (pair, 0);
  RtJson parameters = element (pair, 1);
  RtSfValue value = { .type = RT_SF_INNER_LIST };

  if (first.type == RT_JSON_ARRAY)
    value.items = members (pool, &first, FALSE, TRUE, &value.n_items);
  else
    value = bare_value (pool, &first);
  value.parameters = members (pool, &parameters, TRUE, FALSE, &value.n_parameters);
  return value;
}

static char *
join (const RtJson *lines)
{
  GString *out = g_string_new (NULL);
  RtText rest = lines->text;
  RtJson line;

  while (rt_json_element_next (&rest, &line))
    {
      g_autofree char *text = rt_json_string_dup (&line);

      g_string_append_printf (out, "%s%s", out->len > 0 ? ", " : "", text);
    }
  return g_string_free (out, FALSE);
}

static RtSfKind
kind_of (const RtJson *test)
{
  RtJson type;

  assert_true (rt_json_find (test, "header_type", &type));
  if (rt_json_string_is (&type, "item"))
    return RT_SF_ITEM;
  return rt_json_string_is (&type, "list") ? RT_SF_LIST : RT_SF_DICTIONARY;
}

static char *
write_expected (const RtJson *test, const RtJson *expected)
{
  Pool pool = { g_ptr_array_new_with_free_func (g_free) };
  RtSf sf = { .kind = kind_of (test) };
  RtSfMember item = { 0 };
  char *text;

  if (sf.kind == RT_SF_ITEM)
    {
      item.value = full_value (&pool, expected);
      sf.members = &item;
      sf.n_members = 1;
    }
  else
    sf.members = members (&pool, expected, sf.kind == RT_SF_DICTIONARY, TRUE, &sf.n_members);
  text = rt_sf_serialize (&sf, NULL);
  g_ptr_array_unref (pool.owned);
  return text;
}

static char *
read_and_write (const RtJson *test, const RtJson *raw)
{
  g_autofree char *value = join (raw);
  g_autoptr (RtSf) sf = rt_sf_parse (rt_text (value), kind_of (test), NULL);

  return sf != NULL ? rt_sf_serialize (sf, NULL) : NULL;
}

static gboolean
check (const RtJson *test, const char *got, const char *want, const char *what)
{
  RtJson name;
  g_autofree char *title = NULL;

  if (g_strcmp0 (got, want) == 0 || (got == NULL && vectors_is_true (test, "can_fail")))
    return TRUE;
  assert_true (rt_json_find (test, "name", &name));
  title = rt_json_string_dup (&name);
  print_message ("# %s (%s): %s instead of %s\n", title, what, got, want);
  return FALSE;
}

/* Returns how many checks failed. */
static guint
run_vector (const RtJson *test)
{
  RtJson raw, expected, canonical;
  gboolean has_raw = rt_json_find (test, "raw", &raw);
  gboolean must_fail = vectors_is_true (test, "must_fail");
  g_autofree char *want = NULL;
  g_autofree char *got = NULL;
  g_autofree char *written = NULL;
  guint failed = 0;

  if (!must_fail)
    want = join (rt_json_find (test, "canonical", &canonical) ? &canonical : &raw);
  if (has_raw)
    {
      got = read_and_write (test, &raw);
      failed += !check (test, got, want, "read");
    }
  if (rt_json_find (test, "expected", &expected))
    {
      written = write_expected (test, &expected);
      failed += !check (test, written, want, "written");
    }
  return failed;
}

static void
test_file (void **state)
{
  g_autofree char *text = vectors_load (*state);
  RtText rest = vectors_elements (text);
  RtJson test;
  guint failed = 0, n = 0;

  for (; rt_json_element_next (&rest, &test); n++)
    failed += run_vector (&test);
  assert_int_not_equal (n, 0);
  assert_int_equal (failed, 0);
}

int
main (void)
{
  static const char *const files[] = {
    "sf/binary.json",
    "sf/boolean.json",
    "sf/date.json",
    "sf/dictionary.json",
    "sf/display-string.json",
    "sf/examples.json",
    "sf/item.json",
    "sf/key-generated.json",
    "sf/large-generated.json",
    "sf/list.json",
    "sf/listlist.json",
    "sf/number-generated.json",
    "sf/number.json",
    "sf/param-dict.json",
    "sf/param-list.json",
    "sf/param-listlist.json",
    "sf/string-generated.json",
    "sf/string.json",
    "sf/token-generated.json",
    "sf/token.json",
    "sf/serialisation-tests/key-generated.json",
    "sf/serialisation-tests/number.json",
    "sf/serialisation-tests/string-generated.json",
    "sf/serialisation-tests/token-generated.json",
  };
  struct CMUnitTest tests[G_N_ELEMENTS (files)];

  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    tests[i] = (struct CMUnitTest){ .name = files[i],
                                    .test_func = test_file,
                                    .initial_state = (void *)files[i] };
  return vectors_run_tests ("structured field vectors", tests, G_N_ELEMENTS (tests));
}
