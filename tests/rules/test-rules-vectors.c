/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rules against the vectors of others: cookies of the http-state group, and fields that are not
 * CORS-safelisted from the web platform tests. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-cookie-jar.h"
#include "rt-cors.h"

#include "../vectors.h"

#define BASE "http://home.example.org:8888/"
/* 2012-01-01T00:00:00Z: the vectors take 2007 for the past and 2019 for the future. */
#define NOW (G_GINT64_CONSTANT (1325376000) * RT_TIME_SEC)

static char *
member_dup (const RtJson *object, const char *name)
{
  RtJson value;

  return rt_json_find (object, name, &value) ? rt_json_string_dup (&value) : NULL;
}

static void
receive (RtCookieJar *jar, const RtJson *test)
{
  g_autoptr (RtUrl) url = rt_url_parse (RT_TEXT (BASE "cookie-parser"), NULL, NULL);
  RtCookieContext context = { .url = url, .navigation = TRUE };
  RtJson list, element;

  assert_true (rt_json_find (test, "received", &list));
  for (RtText rest = list.text; rt_json_element_next (&rest, &element);)
    {
      g_autofree char *value = rt_json_string_dup (&element);
      RtField field = { .name = RT_TEXT ("Set-Cookie"), .value = rt_text_trim (rt_text (value)) };

      rt_cookie_set_decide (jar, &field, &context, NOW, NULL);
    }
}

static char *
send_to (RtCookieJar *jar, const RtJson *test)
{
  g_autoptr (RtUrl) base = rt_url_parse (RT_TEXT (BASE), NULL, NULL);
  g_autofree char *target = member_dup (test, "sent-to");
  g_autoptr (RtUrl) url
      = rt_url_parse (rt_text (target != NULL ? target : "/cookie-parser-result"), base, NULL);
  RtCookieContext context = { .url = url, .method = RT_TEXT ("GET"), .navigation = TRUE };
  char *value;

  assert_non_null (url);
  value = rt_cookie_jar_dup_field (jar, &context, NOW, NULL);
  return value != NULL ? value : g_strdup ("");
}

static char *
expected (const RtJson *test)
{
  GString *out = g_string_new (NULL);
  RtJson list, element;

  assert_true (rt_json_find (test, "sent", &list));
  for (RtText rest = list.text; rt_json_element_next (&rest, &element);)
    {
      g_autofree char *name = member_dup (&element, "name");
      g_autofree char *value = member_dup (&element, "value");

      g_string_append_printf (out, "%s%s=%s", out->len > 0 ? "; " : "", name, value);
    }
  return g_string_free (out, FALSE);
}

static gboolean
passes (const RtJson *test)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (rt_cookie_settings_find ("rfc6265"));
  g_autofree char *name = member_dup (test, "test");
  g_autofree char *want = expected (test);
  g_autofree char *got = NULL;

  receive (jar, test);
  got = send_to (jar, test);
  if (strcmp (got, want) == 0)
    return TRUE;
  print_message ("# %s: “%s”, and not “%s”\n", name, got, want);
  return FALSE;
}

/* Those that the group itself has disabled are left out. */
static gboolean
is_disabled (const RtJson *test)
{
  g_autofree char *name = member_dup (test, "test");

  return g_str_has_prefix (name, "DISABLED");
}

static void
test_cookies (void **state)
{
  g_autofree char *text = vectors_load ("cookies/http-state-parser.json");
  guint n = 0, failed = 0;
  RtJson test;

  for (RtText rest = vectors_elements (text); rt_json_element_next (&rest, &test);)
    if (!is_disabled (&test))
      {
        n++;
        failed += !passes (&test);
      }
  assert_int_equal (n, 218);
  assert_int_equal (failed, 0);
}

static void
test_not_safelisted (void **state)
{
  g_autofree char *text = vectors_load ("wpt/not-cors-safelisted.json");
  guint n = 0;
  RtJson pair;

  for (RtText rest = vectors_elements (text); rt_json_element_next (&rest, &pair);)
    {
      RtText members = pair.text;
      RtJson name_json, value_json;
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;
      RtField field = { 0 };

      assert_true (rt_json_element_next (&members, &name_json));
      assert_true (rt_json_element_next (&members, &value_json));
      name = rt_json_string_dup (&name_json);
      value = rt_json_string_dup (&value_json);
      field.name = rt_text (name);
      field.value = rt_text (value);
      n++;
      if (rt_cors_field_is_safelisted (&field))
        fail_msg ("%s: %s needs a preflight", name, value);
    }
  assert_true (n > 10);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_cookies),
    cmocka_unit_test (test_not_safelisted),
  };

  return vectors_run_tests ("vectors: rules", tests, G_N_ELEMENTS (tests));
}
