/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grammar of Set-Cookie and Cookie. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-cookie.h"
#include "show-rows.h"

static void
show_attribute (GString *out, const RtCookieAttribute *a)
{
  static const char *const same_site[] = { "default", "none", "lax", "strict" };

  g_string_append (out, a->ignored ? " !" : " ");
  if (a->kind == RT_COOKIE_MAX_AGE && !a->ignored)
    g_string_append_printf (out, "age=%" G_GINT64_FORMAT, a->seconds);
  else if (a->kind == RT_COOKIE_EXPIRES && !a->ignored)
    g_string_append_printf (out, "expires=%" G_GINT64_FORMAT, a->time / RT_TIME_SEC);
  else if (a->kind == RT_COOKIE_SAME_SITE)
    g_string_append_printf (out, "site=%s", same_site[a->same_site]);
  else if (a->kind == RT_COOKIE_SECURE || a->kind == RT_COOKIE_HTTP_ONLY)
    g_string_append (out, a->kind == RT_COOKIE_SECURE ? "secure" : "httponly");
  else if (a->kind == RT_COOKIE_OTHER)
    show_text (out, "?", a->name);
  else
    show_text (out,
               a->kind == RT_COOKIE_DOMAIN ? "domain"
               : a->kind == RT_COOKIE_PATH ? "path"
                                           : "",
               a->value);
}

static void
show_set_cookie (RtText value, GString *out)
{
  static const char *const verdicts[] = { "", "control ", "long ", "empty " };
  RtSetCookie cookie;
  RtCookieAttribute a;

  g_string_append (out, verdicts[rt_set_cookie_parse (value, &cookie)]);
  show_text (out, "", cookie.name);
  show_text (out, "", cookie.value);
  for (RtText rest = cookie.attributes; rt_cookie_attribute_next (&rest, &a);)
    show_attribute (out, &a);
}

static void
show_cookie (RtText value, GString *out)
{
  RtText name, content;

  while (rt_cookie_pair_next (&value, &name, &content))
    {
      show_text (out, "", name);
      show_text (out, "=", content);
    }
}

/* clang-format off */
static const ShowRow rows[] = {
  { "a pair", show_set_cookie, "a=b", "[a][b]" },
  { "white space around, not within", show_set_cookie, " \ta b\t =  c d ; ", "[a b][c d] ?[]" },
  { "quotes are part of the value", show_set_cookie, "a=\"b;c\"", "[a][\"b] ?[c\"]" },
  { "the first equals sign separates", show_set_cookie, "a=b=c", "[a][b=c]" },
  { "no equals sign: a nameless cookie", show_set_cookie, "a; Secure", "[][a] secure" },
  { "an empty name", show_set_cookie, "=a", "[][a]" },
  { "an empty value", show_set_cookie, "a=", "[a][]" },
  { "neither name nor value", show_set_cookie, "=; Path=/", "empty [][] path[/]" },
  { "nothing at all", show_set_cookie, "", "empty [][]" },
  { "a control character anywhere", show_set_cookie, "a=b; Path=/\x01", "control [a][b] path[/\\x01]" },
  { "a NUL", show_set_cookie, "a=b\0c", "control [a][b\\x00c]", 5 },
  { "DEL", show_set_cookie, "a\x7f=b", "control [a\\x7f][b]" },
  { "a tab is allowed", show_set_cookie, "a=b\tc", "[a][b\\tc]" },
  { "bytes beyond ASCII", show_set_cookie, "a=\xff", "[a][\\xff]" },
  { "attributes in any case", show_set_cookie, "a=b; SECURE; httponly=x; sAmEsItE=STRICT", "[a][b] secure httponly site=strict" },
  { "SameSite", show_set_cookie, "a=b; SameSite=None; SameSite=lax; SameSite=foo; SameSite", "[a][b] site=none site=lax site=default site=default" },
  { "Max-Age", show_set_cookie, "a=b; Max-Age=60; max-age=-1; max-age=0", "[a][b] age=60 age=-1 age=0" },
  { "Max-Age that is no number", show_set_cookie, "a=b; Max-Age=; Max-Age=1x; Max-Age=+1; Max-Age=1.5; Max-Age=-", "[a][b] ![] ![1x] ![+1] ![1.5] ![-]" },
  { "Max-Age beyond all bounds", show_set_cookie, "a=b; Max-Age=99999999999999999999", "[a][b] age=2147483648" },
  { "Expires", show_set_cookie, "a=b; Expires=Thu, 01 Jan 1970 00:00:05 GMT", "[a][b] expires=5" },
  { "Expires that is no date", show_set_cookie, "a=b; Expires=tomorrow", "[a][b] ![tomorrow]" },
  { "Domain loses one leading dot", show_set_cookie, "a=b; Domain=..X.test", "[a][b] domain[.X.test]" },
  { "an unknown attribute", show_set_cookie, "a=b; Priority=High", "[a][b] ?[Priority]" },
  { "empty attributes", show_set_cookie, "a=b;;; =x", "[a][b] ?[] ?[] ?[]" },
  { "a name of white space", show_set_cookie, " \t = x ;  = y", "[][x] ?[]" },
  { "Cookie: pairs", show_cookie, "a=b; c=d=e;f", "[a]=[b][c]=[d=e][]=[f]" },
  { "Cookie: empty pairs are skipped", show_cookie, ";; a= ;", "[a]=[]" },
  { "Cookie: nothing", show_cookie, " ", "" },
};
/* clang-format on */

static void
test_limits (void **state)
{
  g_autofree char *x = g_strnfill (RT_COOKIE_PAIR_MAX, 'x');
  g_autofree char *fits = g_strdup_printf ("a=%s", x + 1);
  g_autofree char *long_pair = g_strdup_printf ("a=%s", x);
  g_autofree char *path = g_strdup_printf ("a=b; Path=/%s; Path=/%s", x + RT_COOKIE_PAIR_MAX - 1023,
                                           x + RT_COOKIE_PAIR_MAX - 1024);
  RtSetCookie cookie;
  RtCookieAttribute a;

  assert_int_equal (rt_set_cookie_parse (rt_text (fits), &cookie), RT_SET_COOKIE_TAKEN);
  assert_int_equal (rt_set_cookie_parse (rt_text (long_pair), &cookie), RT_SET_COOKIE_TOO_LONG);
  assert_int_equal (rt_set_cookie_parse (rt_text (path), &cookie), RT_SET_COOKIE_TAKEN);
  assert_true (rt_set_cookie_find (&cookie, RT_COOKIE_PATH, &a));
  assert_int_equal (a.value.length, RT_COOKIE_ATTRIBUTE_MAX);
}

static void
test_the_last_attribute_counts (void **state)
{
  RtText value = RT_TEXT ("a=b; Path=/1; Path=/2; Max-Age=5; Max-Age=x");
  RtSetCookie cookie;
  RtCookieAttribute a;

  assert_int_equal (rt_set_cookie_parse (value, &cookie), RT_SET_COOKIE_TAKEN);
  assert_true (rt_set_cookie_find (&cookie, RT_COOKIE_PATH, &a));
  assert_true (rt_text_is (a.value, "/2"));
  assert_int_equal (a.whole.at - value.at, 14);
  assert_true (rt_set_cookie_find (&cookie, RT_COOKIE_MAX_AGE, &a));
  assert_int_equal (a.seconds, 5);
  assert_false (rt_set_cookie_find (&cookie, RT_COOKIE_SECURE, &a));
}

int
main (void)
{
  const struct CMUnitTest more[] = {
    cmocka_unit_test (test_limits),
    cmocka_unit_test (test_the_last_attribute_counts),
  };

  return run_show_rows ("cookies", rows, G_N_ELEMENTS (rows), more, G_N_ELEMENTS (more));
}
