/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The reference tables: order, look-up and the facts that rules rely on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-reference.h"

/* RFC 9110 §9.2.1 to §9.2.3; PATCH: RFC 5789 §2. */
static const struct
{
  const char *name;
  gboolean safe, idempotent, cacheable;
  const char *content;
} methods[] = {
  { "CONNECT", FALSE, FALSE, FALSE, "none" }, { "DELETE", FALSE, TRUE, FALSE, "none" },
  { "GET", TRUE, TRUE, TRUE, "none" },        { "HEAD", TRUE, TRUE, TRUE, "none" },
  { "OPTIONS", TRUE, TRUE, FALSE, "yes" },    { "PATCH", FALSE, FALSE, TRUE, "yes" },
  { "POST", FALSE, FALSE, TRUE, "yes" },      { "PUT", FALSE, TRUE, FALSE, "yes" },
  { "QUERY", TRUE, TRUE, TRUE, "yes" },       { "TRACE", TRUE, TRUE, FALSE, "must-not" },
  { "PROPFIND", TRUE, TRUE, FALSE, "yes" },   { "LOCK", FALSE, FALSE, FALSE, "yes" },
  { "PRI", TRUE, TRUE, FALSE, "none" },
};

static void
test_methods (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      const RtMethodInfo *info = rt_method_info (rt_text (methods[i].name));

      assert_non_null (info);
      assert_string_equal (info->name, methods[i].name);
      assert_int_equal (info->safe, methods[i].safe);
      assert_int_equal (info->idempotent, methods[i].idempotent);
      assert_int_equal (info->cacheable, methods[i].cacheable);
      assert_string_equal (info->content, methods[i].content);
    }
}

static void
test_every_safe_method_is_idempotent (void **state)
{
  guint n;
  const RtMethodInfo *all = rt_method_infos (&n);

  for (guint i = 0; i < n; i++)
    assert_true (all[i].idempotent || !all[i].safe);
}

static void
test_method_names_are_case_sensitive (void **state)
{
  assert_null (rt_method_info (RT_TEXT ("get")));
  assert_null (rt_method_info (RT_TEXT ("Get")));
  assert_null (rt_method_info (RT_TEXT ("")));
  assert_null (rt_method_info (RT_TEXT ("GE")));
  assert_null (rt_method_info (RT_TEXT ("GETS")));
  assert_null (rt_method_info (RT_TEXT ("GET\0")));
}

static void
test_all_methods_are_found (void **state)
{
  guint n;
  const RtMethodInfo *all = rt_method_infos (&n);

  assert_true (n >= 40);
  for (guint i = 0; i < n; i++)
    assert_ptr_equal (rt_method_info (rt_text (all[i].name)), &all[i]);
}

static void
test_heuristic_statuses (void **state)
{
  /* RFC 9110 §15.1, and 451 by RFC 7725 §3. */
  static const guint heuristic[]
      = { 200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 451, 501 };
  guint n;
  guint found = 0;
  const RtStatusInfo *all = rt_status_infos (&n);

  for (guint i = 0; i < n; i++)
    found += all[i].heuristic ? 1 : 0;
  assert_int_equal (found, G_N_ELEMENTS (heuristic));
  for (gsize i = 0; i < G_N_ELEMENTS (heuristic); i++)
    assert_true (rt_status_info (heuristic[i])->heuristic);
}

static void
test_all_statuses_are_found (void **state)
{
  static const guint some[] = { 100, 103, 226, 308, 421, 422, 425, 428, 429, 431, 451, 511 };
  guint n;
  const RtStatusInfo *all = rt_status_infos (&n);

  for (guint i = 0; i < n; i++)
    assert_ptr_equal (rt_status_info (all[i].code), &all[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (some); i++)
    assert_non_null (rt_status_info (some[i]));
  assert_null (rt_status_info (0));
  assert_null (rt_status_info (299));
  assert_null (rt_status_info (599));
  assert_string_equal (rt_status_info (412)->reason, "Precondition Failed");
  assert_string_equal (rt_status_info (413)->reason, "Content Too Large");
}

static void
test_all_fields_are_found_in_any_case (void **state)
{
  guint n;
  const RtFieldInfo *all = rt_field_infos (&n);

  assert_true (n >= 150);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *upper = g_ascii_strup (all[i].name, -1);
      g_autofree char *lower = g_ascii_strdown (all[i].name, -1);

      assert_ptr_equal (rt_field_info (rt_text (all[i].name)), &all[i]);
      assert_ptr_equal (rt_field_info (rt_text (upper)), &all[i]);
      assert_ptr_equal (rt_field_info (rt_text (lower)), &all[i]);
    }
  assert_null (rt_field_info (RT_TEXT ("")));
  assert_null (rt_field_info (RT_TEXT ("Content")));
  assert_null (rt_field_info (RT_TEXT ("Content-Type-")));
  assert_null (rt_field_info (RT_TEXT ("Content-Type\0")));
}

static void
test_which_fields_may_be_repeated (void **state)
{
  static const char *const singletons[]
      = { "Content-Type", "Content-Length", "Host",      "Location",      "ETag",
          "Age",          "Date",           "Expires",   "Last-Modified", "Authorization",
          "Retry-After",  "Range",          "User-Agent" };
  static const char *const lists[] = { "Accept", "Cache-Control",    "Set-Cookie", "Via",
                                       "Vary",   "WWW-Authenticate", "If-Match",   "Connection" };

  for (gsize i = 0; i < G_N_ELEMENTS (singletons); i++)
    assert_true (rt_field_info (rt_text (singletons[i]))->singleton);
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    assert_false (rt_field_info (rt_text (lists[i]))->singleton);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_methods),
    cmocka_unit_test (test_every_safe_method_is_idempotent),
    cmocka_unit_test (test_method_names_are_case_sensitive),
    cmocka_unit_test (test_all_methods_are_found),
    cmocka_unit_test (test_heuristic_statuses),
    cmocka_unit_test (test_all_statuses_are_found),
    cmocka_unit_test (test_all_fields_are_found_in_any_case),
    cmocka_unit_test (test_which_fields_may_be_repeated),
  };

  return cmocka_run_group_tests_name ("the reference tables", tests, NULL, NULL);
}
