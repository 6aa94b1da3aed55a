/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grammars of single fields: media types, the Accept family, Forwarded and Via, challenges,
 * links, dispositions, base64. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-authenticate.h"
#include "rt-base64.h"
#include "rt-content-disposition.h"
#include "rt-forwarded.h"
#include "rt-web-link.h"
#include "rt-media-type.h"
#include "rt-negotiation.h"
#include "show-rows.h"

static void
show_parameter (GString *out, const RtParameter *p)
{
  if (p->kind == RT_PARAMETER_MALFORMED)
    show_text (out, "bad", p->whole);
  else
    {
      show_text (out, "", p->name);
      if (p->kind != RT_PARAMETER_FLAG)
        show_text (out, p->kind == RT_PARAMETER_QUOTED ? "q" : "=", p->value);
    }
}

static void
show_media_type (RtText value, GString *out)
{
  RtMediaType type;
  RtParameter p;

  if (!rt_media_type_parse (value, &type))
    {
      g_string_append (out, "bad");
      return;
    }
  show_text (out, "", type.type);
  show_text (out, "", type.subtype);
  while (rt_parameter_next (&type.parameters, &p))
    show_parameter (out, &p);
}

static void
show_mime_type (RtText value, GString *out)
{
  RtMediaType type;
  g_autofree char *serialized = NULL;

  if (!rt_mime_type_parse (value, &type))
    {
      g_string_append (out, "bad");
      return;
    }
  serialized = rt_mime_type_serialize (&type);
  g_string_append (out, serialized);
}

static void
show_preferences (RtText value, RtAccept accept, GString *out)
{
  RtPreference p;

  while (rt_accept_next (&value, accept, &p))
    {
      show_text (out, p.malformed ? "bad" : "", p.malformed ? p.whole : p.range);
      if (!p.malformed)
        g_string_append_printf (out, "%u", p.quality);
    }
}

static void
show_accept (RtText value, GString *out)
{
  show_preferences (value, RT_ACCEPT_MEDIA, out);
}

static void
show_accept_language (RtText value, GString *out)
{
  show_preferences (value, RT_ACCEPT_LANGUAGE, out);
}

/* What the Accept field says of five candidates; the table is that of RFC 9110 §12.5.1. */
static void
show_qualities (RtText value, GString *out)
{
  static const char *const candidates[] = { "text/plain;format=flowed", "text/plain", "text/html",
                                            "text/html;level=3", "image/jpeg" };

  for (gsize i = 0; i < G_N_ELEMENTS (candidates); i++)
    g_string_append_printf (
        out, "%u ", rt_accept_match (value, RT_ACCEPT_MEDIA, rt_text (candidates[i])).quality);
}

static void
show_identity (RtText value, GString *out)
{
  g_string_append_printf (
      out, "%u", rt_accept_match (value, RT_ACCEPT_ENCODING, RT_TEXT ("identity")).quality);
}

static void
show_language_rank (RtText value, GString *out)
{
  const RtText candidates[] = { RT_TEXT ("en"), RT_TEXT ("de-CH"), RT_TEXT ("en-GB") };
  RtAcceptMatch matches[3];
  guint order[3];
  guint n = rt_accept_rank (value, RT_ACCEPT_LANGUAGE, candidates, 3, matches, order);

  for (guint i = 0; i < n; i++)
    show_text (out, "", candidates[order[i]]);
}

static void
show_forwarded (RtText value, GString *out)
{
  RtForwarded f;

  while (rt_forwarded_next (&value, &f))
    {
      g_string_append (out, f.malformed ? "!" : "");
      show_text (out, "for", f.client);
      show_text (out, "by", f.by);
      show_text (out, "host", f.host);
      show_text (out, "proto", f.proto);
    }
}

static void
show_node (RtText value, GString *out)
{
  static const char *const names[] = { "bad", "v4", "v6", "unknown", "hidden" };
  RtNode node = rt_node_parse (value);

  g_string_append (out, names[node.kind]);
  if (node.kind != RT_NODE_MALFORMED)
    show_text (out, "", node.name);
  if (node.kind != RT_NODE_MALFORMED && node.port.at != NULL)
    show_text (out, "", node.port);
}

static void
show_ipv6 (RtText value, GString *out)
{
  RtIpv6 address;

  if (rt_ipv6_parse (value, &address))
    rt_ipv6_append (out, &address);
  else
    g_string_append (out, "bad");
}

static void
show_via (RtText value, GString *out)
{
  RtVia via;

  while (rt_via_next (&value, &via))
    if (via.malformed)
      show_text (out, "bad", via.whole);
    else
      {
        show_text (out, "", via.protocol);
        show_text (out, "", via.version);
        show_text (out, "", via.received_by);
        if (via.comment.at != NULL)
          show_text (out, "#", via.comment);
      }
}

static void
show_challenges (RtText value, GString *out)
{
  RtChallenge challenge;
  RtParameter p;

  while (rt_challenge_next (&value, &challenge))
    {
      g_string_append (out, challenge.malformed ? "!" : "");
      show_text (out, "", challenge.scheme);
      if (challenge.token68.at != NULL)
        show_text (out, "68", challenge.token68);
      g_string_append_c (out, '{');
      while (rt_auth_parameter_next (&challenge.parameters, &p))
        show_parameter (out, &p);
      g_string_append_c (out, '}');
    }
}

static void
show_basic (RtText value, GString *out)
{
  RtChallenge credentials;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;

  if (rt_credentials_parse (value, &credentials)
      && rt_basic_credentials_parse (&credentials, &user, &password))
    g_string_append_printf (out, "%s|%s", user, password);
  else
    g_string_append (out, "bad");
}

static void
show_links (RtText value, GString *out)
{
  RtWebLink link;
  RtParameter p;

  while (rt_web_link_next (&value, &link))
    {
      g_string_append (out, link.malformed ? "!" : "");
      show_text (out, "", link.target);
      g_string_append (out, rt_web_link_has_relation (&link, RT_TEXT ("next")) ? "next" : "");
      while (rt_web_link_parameter_next (&link.parameters, &p))
        show_parameter (out, &p);
    }
}

static void
show_filename (RtText value, GString *out)
{
  RtContentDisposition disposition;
  g_autofree char *name = NULL;

  if (!rt_content_disposition_parse (value, &disposition))
    {
      g_string_append (out, "bad");
      return;
    }
  show_text (out, "", disposition.type);
  name = rt_content_disposition_dup_filename (&disposition);
  g_string_append (out, name != NULL ? name : "none");
}

static void
show_base64 (RtText value, GString *out)
{
  for (RtBase64 form = RT_BASE64_STRICT; form <= RT_BASE64_URL; form++)
    {
      g_autoptr (GBytes) bytes = rt_base64_decode (value, form);
      RtText plain = RT_TEXT_NONE;

      if (bytes != NULL)
        plain.at = g_bytes_get_data (bytes, &plain.length);
      show_text (out, bytes != NULL ? "" : "bad", plain);
    }
}

#define RFC_ACCEPT                                                                                 \
  "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, text/plain;format=fixed;q=0.4, "      \
  "*/*;q=0.5"

/* clang-format off */
static const ShowRow rows[] = {
  { "media type: parameters", show_media_type, "text/html; Charset=\"utf-8\" ;a=b", "[text][html][Charset]q[utf-8][a]=[b]" },
  { "media type: a flag is no parameter", show_media_type, "text/html;x", "bad" },
  { "media type: space before the slash", show_media_type, "text /html", "bad" },
  { "media type: no subtype", show_media_type, "text/", "bad" },
  { "media type: something behind it", show_media_type, "text/html x", "bad" },
  { "media type: two of them", show_media_type, "text/html, text/plain", "bad" },
  { "MIME type: names become lower case, the first of two wins", show_mime_type, " TEXT/Html; A=B;a=C", "text/html;a=B" },
  { "MIME type: malformed parameters vanish", show_mime_type, "text/html;x;\";=;y=;z=\x01;c=d", "text/html;c=d" },
  { "MIME type: a value is quoted only where it must be", show_mime_type, "a/b;x=\"y\";z=\"p q\"", "a/b;x=y;z=\"p q\"" },
  { "MIME type: an unclosed quote", show_mime_type, "a/b;x=\"y;z=1", "a/b;x=\"y;z=1\"" },
  { "MIME type: a backslash at the end", show_mime_type, "a/b;x=\"\\", "a/b;x=\"\\\\\"" },
  { "MIME type: none", show_mime_type, "  ", "bad" },
  { "accept: weights and extensions", show_accept, "text/html;level=1;q=0.5;ext=1, */*", "[text/html]500[*/*]1000" },
  { "accept: a bad weight spoils its element alone", show_accept, "text/html;q=2, a/b", "bad[text/html;q=2][a/b]1000" },
  { "accept: a quoted weight is none", show_accept, "a/b;q=\"1\"", "bad[a/b;q=\"1\"]" },
  { "accept: only the subtype may be open", show_accept, "*/html, text, text/*", "bad[*/html]bad[text][text/*]1000" },
  { "accept: quoted commas", show_accept, "a/b;c=\"x,y;q=0\", d/e;Q=0", "[a/b]1000[d/e]0" },
  { "accept-language: any token", show_accept_language, "en-GB ; q=0.8,*;q=0", "[en-GB]800[*]0" },
  { "accept: the table of RFC 9110", show_qualities, RFC_ACCEPT, "1000 700 300 300 500 " },
  { "accept: the empty field accepts nothing", show_qualities, "", "0 0 0 0 0 " },
  { "accept-encoding: identity is acceptable unless excluded", show_identity, "gzip", "1000" },
  { "accept-encoding: identity is wanted least", show_identity, "gzip, br;q=0.2", "200" },
  { "accept-encoding: * excludes identity", show_identity, "gzip, *;q=0", "0" },
  { "accept-encoding: identity;q=0", show_identity, "identity;q=0, *", "0" },
  { "accept-encoding: identity outranks *", show_identity, "identity;q=0.5, *;q=0", "500" },
  { "accept-language: filtering", show_language_rank, "en, de;q=0.5", "[en][en-GB][de-CH]" },
  { "accept-language: lookup", show_language_rank, "en-US", "[en]" },
  { "accept-language: exclusion of the closer range", show_language_rank, "en, en-GB;q=0", "[en]" },
  { "accept-language: no half of a subtag", show_language_rank, "d, de-C", "" },
  { "forwarded: two elements", show_forwarded, "for=192.0.2.1;PROTO=https , For=\"[2001:db8::1]:80\";by=_a;host=a.test",
    "for[192.0.2.1]by[]host[]proto[https]for[[2001:db8::1]:80]by[_a]host[a.test]proto[]" },
  { "forwarded: the same parameter twice", show_forwarded, "for=a;for=b", "!for[a]by[]host[]proto[]" },
  { "forwarded: unknown parameters are skipped", show_forwarded, "secret=x;for=a", "for[a]by[]host[]proto[]" },
  { "forwarded: a colon must be quoted", show_forwarded, "for=1.2.3.4:5", "!for[]by[]host[]proto[]" },
  { "node: IPv4", show_node, "192.0.2.43", "v4[192.0.2.43]" },
  { "node: IPv4 with port", show_node, "192.0.2.43:47011", "v4[192.0.2.43][47011]" },
  { "node: IPv6 with hidden port", show_node, "[2001:db8::1]:_p", "v6[2001:db8::1][_p]" },
  { "node: unknown", show_node, "Unknown", "unknown[Unknown]" },
  { "node: obfuscated", show_node, "_SEVKISEK", "hidden[_SEVKISEK]" },
  { "node: a host name is none", show_node, "example.com", "bad" },
  { "node: octet too large", show_node, "1.2.3.256", "bad" },
  { "node: leading zero", show_node, "1.2.3.04", "bad" },
  { "node: empty port", show_node, "1.2.3.4:", "bad" },
  { "node: long port", show_node, "1.2.3.4:123456", "bad" },
  { "node: unclosed bracket", show_node, "[::1", "bad" },
  { "IPv6: the longest run of zeros is shortened", show_ipv6, "1:0:0:2:0:0:0:3", "1:0:0:2::3" },
  { "IPv6: the first of equal runs", show_ipv6, "1:0:0:2:3:0:0:4", "1::2:3:0:0:4" },
  { "IPv6: a single zero is not", show_ipv6, "1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7" },
  { "IPv6: all zeros", show_ipv6, "::", "::" },
  { "IPv6: loopback", show_ipv6, "0:0::1", "::1" },
  { "IPv6: zeros at the end", show_ipv6, "1::", "1::" },
  { "IPv6: IPv4 at the end", show_ipv6, "::FFFF:1.2.3.4", "::ffff:102:304" },
  { "IPv6: IPv4 elsewhere", show_ipv6, "1.2.3.4::", "bad" },
  { "IPv6: two runs", show_ipv6, "1::2::3", "bad" },
  { "IPv6: too many pieces", show_ipv6, "1:2:3:4:5:6:7:8:9", "bad" },
  { "IPv6: too few", show_ipv6, "1:2", "bad" },
  { "IPv6: a run of nothing", show_ipv6, "1:2:3:4::5:6:7:8", "bad" },
  { "IPv6: five digits", show_ipv6, "::12345", "bad" },
  { "IPv6: colon at the end", show_ipv6, "1:2:3:4:5:6:7:", "bad" },
  { "IPv6: three colons", show_ipv6, ":::", "bad" },
  { "via: protocol, host, comment", show_via, "1.0 fred, HTTP/1.1 p.example.net:8080 (x, y)", "[][1.0][fred][HTTP][1.1][p.example.net:8080]#[x, y]" },
  { "via: nobody received it", show_via, "1.1", "bad[1.1]" },
  { "via: something behind the comment", show_via, "1.1 a (b) c", "bad[1.1 a (b) c]" },
  { "challenge: several, with parameters", show_challenges, "Newauth realm=\"apps\", type=1, title=\"Login \\\"a\\\"\", Basic realm=\"simple\"",
    "[Newauth]{[realm]q[apps][type]=[1][title]q[Login \\\"a\\\"]}[Basic]{[realm]q[simple]}" },
  { "challenge: schemes alone", show_challenges, "Negotiate, NTLM", "[Negotiate]{}[NTLM]{}" },
  { "challenge: token68", show_challenges, "NTLM TlRMTVNTUAAB==, Basic realm=x", "[NTLM]68[TlRMTVNTUAAB==]{}[Basic]{[realm]=[x]}" },
  { "challenge: bad white space around the sign", show_challenges, "Basic realm = \"x\" , charset= \"UTF-8\"", "[Basic]{[realm]q[x][charset]q[UTF-8]}" },
  { "challenge: empty elements", show_challenges, ",Basic ,, realm=x,", "[Basic]{[realm]=[x]}" },
  { "challenge: a parameter before any scheme", show_challenges, "realm=\"x\"", "![realm]{}" },
  { "challenge: token68 and parameters", show_challenges, "A abc, realm=x", "![A]68[abc]{[realm]=[x]}" },
  { "basic: user and password", show_basic, "basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin|open sesame" },
  { "basic: colons in the password", show_basic, "Basic YTpiOmM=", "a|b:c" },
  { "basic: unpadded", show_basic, "Basic YTpiOmM", "a|b:c" },
  { "basic: no colon", show_basic, "Basic YWJj", "bad" },
  { "basic: no base64", show_basic, "Basic !!!", "bad" },
  { "basic: another scheme", show_basic, "Bearer YTpi", "bad" },
  { "basic: a control character", show_basic, "Basic YTpiCg==", "bad" },
  { "link: parameters", show_links, "<b?a=1,2>; rel=\"prev NEXT\"; title = x, <>; rel=next", "[b?a=1,2]next[rel]q[prev NEXT][title]=[x][]next[rel]=[next]" },
  { "link: the first rel counts", show_links, "<a>; rel=x; rel=next", "[a][rel]=[x][rel]=[next]" },
  { "link: unclosed", show_links, "<a; rel=next", "![a; rel=next]" },
  { "link: no brackets", show_links, "a; rel=next", "![]" },
  { "disposition: the extended name wins", show_filename, "attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates", "[attachment]€ rates" },
  { "disposition: ISO-8859-1", show_filename, "inline; filename*=iso-8859-1'en'%A3", "[inline]£" },
  { "disposition: a broken extended name falls back", show_filename, "inline; filename*=UTF-8''%ff; filename=a", "[inline]a" },
  { "disposition: no folder is chosen by the peer", show_filename, "attachment; filename=\"../../etc\\\\passwd\"", "[attachment]passwd" },
  { "disposition: dots alone name nothing", show_filename, "attachment; filename=\"a/..\"", "[attachment]none" },
  { "disposition: the same name twice", show_filename, "attachment; filename=a; filename=b", "bad" },
  { "disposition: a NUL in the name", show_filename, "attachment; filename*=UTF-8''a%00b", "[attachment]none" },
  { "disposition: bytes beyond ASCII are Latin-1", show_filename, "attachment; filename=\"\xe4\"", "[attachment]ä" },
  { "disposition: no type", show_filename, "filename=a", "bad" },
  { "base64: padded", show_base64, "YQ==", "[a][a]bad[]" },
  { "base64: unpadded", show_base64, "YWI", "bad[][ab][ab]" },
  { "base64: stray bits", show_base64, "YR==", "bad[][a]bad[]" },
  { "base64: the alphabets", show_base64, "-_-_", "bad[]bad[][\\xfb\\xff\\xbf]" },
  { "base64: a single digit", show_base64, "Y", "bad[]bad[]bad[]" },
  { "base64: three padding signs", show_base64, "Y===", "bad[]bad[]bad[]" },
  { "base64: padding inside", show_base64, "YQ==YQ==", "bad[]bad[]bad[]" },
  { "base64: white space", show_base64, "YW Jj", "bad[]bad[]bad[]" },
  { "base64: empty", show_base64, "", "[][][]" },
};
/* clang-format on */

static void
test_forwarded_is_written (void **state)
{
  g_autoptr (GString) out = g_string_new (NULL);

  rt_forwarded_append (
      out, &(RtForwarded){ .client = RT_TEXT ("192.0.2.1"), .proto = RT_TEXT ("http") });
  rt_forwarded_append (
      out, &(RtForwarded){ .client = RT_TEXT ("[2001:db8::1]:9"), .host = RT_TEXT ("a.test:80") });
  assert_string_equal (out->str,
                       "for=192.0.2.1;proto=http, for=\"[2001:db8::1]:9\";host=\"a.test:80\"");
}

static void
test_encoders_are_undone (void **state)
{
  static const char *const texts[] = { "", "a", "ab", "abc", "\xff\xfe\xfd", "£ and € rates" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *ext = rt_ext_value_format (texts[i]);
      g_autofree char *text = rt_ext_value_dup (rt_text (ext));

      for (RtBase64 form = RT_BASE64_STRICT; form <= RT_BASE64_URL; form++)
        {
          g_autofree char *encoded = rt_base64_encode (rt_text (texts[i]), form);
          g_autoptr (GBytes) bytes = rt_base64_decode (rt_text (encoded), form);

          assert_non_null (bytes);
          assert_int_equal (g_bytes_get_size (bytes), strlen (texts[i]));
          assert_memory_equal (g_bytes_get_data (bytes, NULL), texts[i], strlen (texts[i]));
        }
      if (g_utf8_validate (texts[i], -1, NULL))
        assert_string_equal (text, texts[i]);
    }
}

static void
test_basic_is_written (void **state)
{
  g_autofree char *basic = rt_basic_credentials_format ("Aladdin", "open sesame");

  assert_string_equal (basic, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

static void
test_parameters_are_capped (void **state)
{
  g_autoptr (GString) value = g_string_new ("a/b");
  RtContentDisposition disposition;
  RtPreference preference;
  RtText rest;

  for (int i = 0; i < RT_PARAMETERS_MAX; i++)
    g_string_append_printf (value, ";p%d=1", i);
  rest = (RtText){ value->str, value->len };
  assert_true (rt_accept_next (&rest, RT_ACCEPT_MEDIA, &preference));
  assert_false (preference.malformed);
  assert_true (
      rt_content_disposition_parse ((RtText){ value->str + 2, value->len - 2 }, &disposition));
  g_string_append (value, ";q=1");
  rest = (RtText){ value->str, value->len };
  assert_true (rt_accept_next (&rest, RT_ACCEPT_MEDIA, &preference));
  assert_true (preference.malformed);
  assert_false (
      rt_content_disposition_parse ((RtText){ value->str + 2, value->len - 2 }, &disposition));
}

int
main (void)
{
  const struct CMUnitTest more[] = {
    cmocka_unit_test (test_forwarded_is_written),
    cmocka_unit_test (test_encoders_are_undone),
    cmocka_unit_test (test_basic_is_written),
    cmocka_unit_test (test_parameters_are_capped),
  };

  return run_show_rows ("field values", rows, G_N_ELEMENTS (rows), more, G_N_ELEMENTS (more));
}
