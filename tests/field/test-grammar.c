/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grammars that most fields are made of: lists, parameters, quality values, entity tags,
 * directives, ranges. Each walker is shown as the list of what it yields. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-cache-control.h"
#include "rt-etag.h"
#include "rt-list.h"
#include "rt-qvalue.h"
#include "rt-range.h"
#include "show-rows.h"

static void
show_list (RtText value, GString *out)
{
  RtText element;

  while (rt_list_next (&value, &element))
    show_text (out, "", element);
}

static void
show_commented_list (RtText value, GString *out)
{
  RtText element;

  while (rt_list_next_full (&value, RT_LIST_COMMENTS | RT_LIST_ANGLES, &element))
    show_text (out, "", element);
}

static void
show_parameters (RtText value, GString *out)
{
  RtParameter p;

  while (rt_parameter_next (&value, &p))
    {
      g_autofree char *plain = rt_parameter_dup_value (&p);

      if (p.kind == RT_PARAMETER_MALFORMED)
        show_text (out, "bad", p.whole);
      else
        {
          show_text (out, "", p.name);
          if (p.kind != RT_PARAMETER_FLAG)
            show_text (out, p.kind == RT_PARAMETER_QUOTED ? "q" : "=", rt_text (plain));
          assert_true (rt_parameter_equal (&p, rt_text (plain), FALSE));
        }
    }
}

static void
show_qvalue (RtText value, GString *out)
{
  guint thousandths;

  if (rt_qvalue_parse (value, &thousandths))
    g_string_append_printf (out, "%u", thousandths);
  else
    g_string_append (out, "bad");
}

static void
show_etags (RtText value, GString *out)
{
  RtEtag etag;
  RtEtagNext what;

  while ((what = rt_etag_list_next (&value, &etag)) != RT_ETAG_END)
    {
      if (what == RT_ETAG_ITEM)
        show_text (out, etag.weak ? "W" : "", etag.opaque);
      else
        show_text (out, what == RT_ETAG_ANY ? "any" : "bad", etag.whole);
    }
}

static void
show_directives (RtText value, GString *out)
{
  RtDirective d;
  gint64 seconds;

  while (rt_directive_next (&value, &d))
    {
      show_text (out, d.malformed ? "bad" : "", d.malformed ? d.whole : d.name);
      if (rt_directive_get_seconds (&d, &seconds))
        g_string_append_printf (out, "%" G_GINT64_FORMAT "s", seconds);
      else if (d.has_value)
        show_text (out, d.quoted ? "q" : "=", d.value);
    }
}

static void
show_ranges (RtText value, GString *out)
{
  RtText unit, set;
  RtRangeSpec s;

  g_string_append (out, rt_range_is_valid (value) ? "valid " : "ignored ");
  if (!rt_range_split (value, &unit, &set))
    return;
  while (rt_range_next (&set, &s))
    {
      guint64 first, last;

      if (s.kind == RT_RANGE_MALFORMED || s.kind == RT_RANGE_INVERTED)
        show_text (out, s.kind == RT_RANGE_MALFORMED ? "bad" : "inverted", s.whole);
      else if (rt_range_resolve (&s, 1000, &first, &last))
        g_string_append_printf (out, "[%d-%d]", (int)first, (int)last);
      else
        g_string_append (out, "[none]");
    }
}

static void
show_content_range (RtText value, GString *out)
{
  RtContentRange r;
  g_autofree char *again = NULL;

  if (!rt_content_range_parse (value, &r))
    {
      g_string_append (out, "bad");
      return;
    }
  again = rt_content_range_format (&r);
  g_string_append (out, again);
}

static void
show_if_range (RtText value, GString *out)
{
  RtIfRange r;

  if (!rt_if_range_parse (value, 0, &r))
    g_string_append (out, "bad");
  else if (r.is_date)
    g_string_append_printf (out, "date %d", (int)(r.date / RT_TIME_SEC));
  else
    show_text (out, r.etag.weak ? "W" : "", r.etag.opaque);
}

/* clang-format off */
static const ShowRow rows[] = {
  { "list: empty elements and white space are skipped", show_list, ", a ,,\t b c ,", "[a][b c]" },
  { "list: a quoted comma separates nothing", show_list, "a=\"x,y\", b", "[a=\"x,y\"][b]" },
  { "list: an escaped quote does not close", show_list, "\"x\\\", y\", b", "[\"x\\\", y\"][b]" },
  { "list: an unclosed quote swallows the rest", show_list, "a, \"b, c", "[a][\"b, c" "]" },
  { "list: a backslash at the end is no over-read", show_list, "\"b\\", "[\"b\\]" },
  { "list: parentheses mean nothing by themselves", show_list, "a(,b)", "[a(][b)]" },
  { "list: comments enclose where a field has them", show_commented_list,
    "1.1 a (x, (y, z), \\) ), 1.0 b", "[1.1 a (x, (y, z), \\) )][1.0 b]" },
  { "list: angle brackets enclose where a field has them", show_commented_list,
    "<a,b>; r=\"c,d\", <e", "[<a,b>; r=\"c,d\"][<e]" },
  { "list: bytes beyond ASCII and NULs are bytes", show_list, "\xff, \x01", "[\\xff][\\x01]" },
  { "parameters: token, quoted, flag", show_parameters, " ; a=1;B=\"x;\\\"y\" ;c", "[a]=[1][B]q[x;\"y][c]" },
  { "parameters: empty ones are skipped", show_parameters, ";;a=1;", "[a]=[1]" },
  { "parameters: no white space around the equals sign", show_parameters, ";a =1; b= 2", "bad[a =1]bad[b= 2]" },
  { "parameters: nothing may follow a quoted value", show_parameters, ";a=\"x\"y", "bad[a=\"x\"y]" },
  { "parameters: a control character in a quoted value", show_parameters, ";a=\"\x01\"", "bad[a=\"\\x01\"]" },
  { "parameters: an empty token is no value", show_parameters, ";a=", "bad[a=]" },
  { "parameters: an empty quoted string is one", show_parameters, ";a=\"\"", "[a]q[]" },
  { "q: absent decimals", show_qvalue, "0.", "0" },
  { "q: half", show_qvalue, "0.5", "500" },
  { "q: three decimals", show_qvalue, "0.123", "123" },
  { "q: one", show_qvalue, "1.000", "1000" },
  { "q: more than one", show_qvalue, "1.001", "bad" },
  { "q: four decimals", show_qvalue, "0.1234", "bad" },
  { "q: no integer part", show_qvalue, ".5", "bad" },
  { "q: a sign", show_qvalue, "-0.5", "bad" },
  { "q: empty", show_qvalue, "", "bad" },
  { "q: an exponent", show_qvalue, "1e-3", "bad" },
  { "etag: strong and weak", show_etags, "\"a\", W/\"b\"", "[a]W[b]" },
  { "etag: the weak mark is case-sensitive", show_etags, "w/\"b\"", "bad[w/\"b\"]" },
  { "etag: commas and backslashes are part of it", show_etags, "\"a,\\\", \"b\"", "[a,\\][b]" },
  { "etag: empty ones and empty elements", show_etags, ",, \"\" ,", "[]" },
  { "etag: any", show_etags, "*", "any[*]" },
  { "etag: any in a list is still told apart", show_etags, "\"a\", *", "[a]any[*]" },
  { "etag: an unquoted one", show_etags, "abc, \"d\"", "bad[abc][d]" },
  { "etag: something after it", show_etags, "\"a\"b, \"c\"", "bad[\"a\"b][c]" },
  { "etag: a space in it", show_etags, "\"a b\"", "bad[\"a b\"]" },
  { "etag: unclosed", show_etags, "\"a", "bad[\"a]" },
  { "directives: both argument forms", show_directives, "max-age=\"5\", s-maxage=6, no-store", "[max-age]5s[s-maxage]6s[no-store]" },
  { "directives: field names in quotes", show_directives, "private=\"a, b\",public", "[private]q[a, b][public]" },
  { "directives: too many seconds saturate", show_directives, "max-age=99999999999999999999999", "[max-age]2147483648s" },
  { "directives: 2^31 itself", show_directives, "max-age=2147483648", "[max-age]2147483648s" },
  { "directives: a sign or a decimal is no number", show_directives, "max-age=-1, max-age=1.5", "[max-age]=[-1][max-age]=[1.5]" },
  { "directives: duplicates are all reported", show_directives, "max-age=1,max-age=2", "[max-age]1s[max-age]2s" },
  { "directives: white space in one", show_directives, "max-age = 1, no-cache", "bad[max-age = 1][no-cache]" },
  { "directives: an unclosed quote hides what follows", show_directives, "a=\"b, no-store", "bad[a=\"b, no-store]" },
  { "ranges: the three kinds", show_ranges, "bytes=0-9,500-,-10", "valid [0-9][500-999][990-999]" },
  { "ranges: the unit has no case", show_ranges, "BYTES=0-0", "valid [0-0]" },
  { "ranges: another unit", show_ranges, "lines=0-0", "ignored [0-0]" },
  { "ranges: last before first", show_ranges, "bytes=9-0", "ignored inverted[9-0]" },
  { "ranges: behind the end", show_ranges, "bytes=1000-", "valid [none]" },
  { "ranges: a suffix longer than the whole", show_ranges, "bytes=-2000", "valid [0-999]" },
  { "ranges: a suffix of nothing", show_ranges, "bytes=-0", "valid [none]" },
  { "ranges: numbers beyond 64 bits saturate", show_ranges, "bytes=5-99999999999999999999999", "valid [5-999]" },
  { "ranges: both beyond 64 bits", show_ranges, "bytes=99999999999999999999998-99999999999999999999999", "valid [none]" },
  { "ranges: a dash alone, a word, a sign", show_ranges, "bytes=-,x-1,+1-2", "ignored bad[-]bad[x-1]bad[+1-2]" },
  { "ranges: empty elements", show_ranges, "bytes=,0-1,,", "valid [0-1]" },
  { "ranges: none at all", show_ranges, "bytes=", "ignored " },
  { "ranges: white space within one", show_ranges, "bytes=0 - 1", "ignored bad[0 - 1]" },
  { "content-range: whole", show_content_range, "bytes 0-499/1234", "bytes 0-499/1234" },
  { "content-range: unknown length", show_content_range, "bytes 0-499/*", "bytes 0-499/*" },
  { "content-range: unsatisfied", show_content_range, "bytes */1234", "bytes */1234" },
  { "content-range: unsatisfied without length", show_content_range, "bytes */*", "bad" },
  { "content-range: inverted", show_content_range, "bytes 9-1/10", "bad" },
  { "content-range: last beyond the length", show_content_range, "bytes 0-10/10", "bad" },
  { "content-range: too large for 64 bits", show_content_range, "bytes 0-99999999999999999999/*", "bad" },
  { "content-range: with an equals sign", show_content_range, "bytes=0-1/2", "bad" },
  { "content-range: something behind it", show_content_range, "bytes 0-1/2 ", "bad" },
  { "if-range: entity tag", show_if_range, "\"a\"", "[a]" },
  { "if-range: weak entity tag", show_if_range, "W/\"a\"", "W[a]" },
  { "if-range: date", show_if_range, "Thu, 01 Jan 1970 00:00:05 GMT", "date 5" },
  { "if-range: a list is none", show_if_range, "\"a\", \"b\"", "bad" },
};
/* clang-format on */

static void
test_etag_comparison (void **state)
{
  RtEtag strong, weak, other;

  assert_true (rt_etag_parse (RT_TEXT ("\"1\""), &strong));
  assert_true (rt_etag_parse (RT_TEXT ("W/\"1\""), &weak));
  assert_true (rt_etag_parse (RT_TEXT ("\"2\""), &other));
  /* The table of RFC 9110 §8.8.3.2. */
  assert_false (rt_etag_equal_strong (&weak, &weak));
  assert_true (rt_etag_equal_weak (&weak, &weak));
  assert_false (rt_etag_equal_strong (&weak, &other));
  assert_false (rt_etag_equal_weak (&weak, &other));
  assert_false (rt_etag_equal_strong (&weak, &strong));
  assert_true (rt_etag_equal_weak (&weak, &strong));
  assert_true (rt_etag_equal_strong (&strong, &strong));
  assert_true (rt_etag_equal_weak (&strong, &strong));
  assert_true (rt_etag_list_is_any (RT_TEXT (" * ")));
  assert_false (rt_etag_list_is_any (RT_TEXT ("*, \"1\"")));
}

static void
test_slices_keep_their_place (void **state)
{
  RtText value = RT_TEXT ("no-store, private=\"x\"");
  RtText rest = value;
  RtDirective d;

  assert_true (rt_directive_next (&rest, &d));
  assert_true (rt_directive_next (&rest, &d));
  assert_int_equal (d.whole.at - value.at, 10);
  assert_int_equal (d.value.at - value.at, 19);
  assert_int_equal (d.value.length, 1);
}

/* RFC 9110 §5.6.2, byte for byte. */
static void
test_token_characters (void **state)
{
  for (int c = 0; c < 256; c++)
    {
      gboolean want = c != 0
                      && strchr ("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz",
                                 c)
                             != NULL;

      if (rt_is_token_char ((char)c) != want)
        fail_msg ("byte %d", c);
    }
  assert_false (rt_text_is_token (RT_TEXT ("")));
  assert_false (rt_text_is_token (RT_TEXT ("a b")));
}

int
main (void)
{
  const struct CMUnitTest more[] = {
    cmocka_unit_test (test_etag_comparison),
    cmocka_unit_test (test_token_characters),
    cmocka_unit_test (test_slices_keep_their_place),
  };

  return run_show_rows ("field grammar", rows, G_N_ELEMENTS (rows), more, G_N_ELEMENTS (more));
}
