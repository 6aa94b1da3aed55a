/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * URLs as browsers read them, URIs as RFC 3986 has them, origins and sites. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-site.h"
#include "rt-percent.h"
#include "rt-uri.h"
#include "rt-url.h"
#include "show-rows.h"

/* The URL, relative to http://h.test/a/b?q#f, serialized; parsed again it must be the same. */
static void
show_url (RtText value, GString *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtUrl) base = rt_url_parse (RT_TEXT ("http://h.test/a/b?q#f"), NULL, NULL);
  g_autoptr (RtUrl) url = rt_url_parse (value, base, &error);
  g_autoptr (RtUrl) again = NULL;
  g_autofree char *href = NULL;

  if (url == NULL)
    {
      g_string_append (out, error->message);
      return;
    }
  href = rt_url_serialize (url, TRUE);
  again = rt_url_parse (rt_text (href), NULL, NULL);
  assert_non_null (again);
  assert_true (rt_url_equal (url, again, TRUE));
  g_string_append (out, href);
}

static void
show_uri (RtText value, GString *out)
{
  RtUri uri = rt_uri_split (value);
  RtAuthority authority;

  if (!rt_uri_is_valid (&uri))
    g_string_append (out, "bad");
  show_text (out, "s", uri.scheme);
  if (uri.authority.at != NULL && rt_authority_parse (uri.authority, &authority))
    {
      show_text (out, "u", authority.userinfo);
      show_text (out, "h", authority.host);
      show_text (out, "p", authority.port);
    }
  show_text (out, "/", uri.path);
  if (uri.query.at != NULL)
    show_text (out, "?", uri.query);
  if (uri.fragment.at != NULL)
    show_text (out, "#", uri.fragment);
}

static void
show_authority (RtText value, GString *out)
{
  RtAuthority authority;
  guint port = 0;

  if (!rt_authority_parse (value, &authority))
    {
      g_string_append (out, "bad");
      return;
    }
  rt_authority_get_port (&authority, &port);
  show_text (out, "", authority.host);
  g_string_append_printf (out, "%u", port);
}

static void
show_normal (RtText value, GString *out)
{
  g_autofree char *normal = rt_uri_normalize (value);
  g_autofree char *again = normal != NULL ? rt_uri_normalize (rt_text (normal)) : NULL;

  assert_true (g_strcmp0 (normal, again) == 0);
  g_string_append (out, normal != NULL ? normal : "bad");
}

static void
show_origin (RtText value, GString *out)
{
  g_autoptr (RtUrl) url = rt_url_parse (value, NULL, NULL);
  g_autofree char *origin = NULL;
  g_autofree char *site = NULL;

  assert_non_null (url);
  origin = rt_url_dup_origin (url);
  site = rt_url_dup_site (url);
  g_string_append_printf (out, "%s | %s", origin, site);
}

/* clang-format off */
static const ShowRow rows[] = {
  { "url: scheme and host lose their case, the default port goes", show_url, "HTTP://ExAmple.COM:80/A", "http://example.com/A" },
  { "url: dot segments, escaped ones too", show_url, "/a/%2e/b/../%2E%2e/c/.", "http://h.test/c/" },
  { "url: a relative path", show_url, "../c?x#y", "http://h.test/c?x#y" },
  { "url: nothing keeps path and query, not the fragment", show_url, "", "http://h.test/a/b?q" },
  { "url: a query alone", show_url, "?z", "http://h.test/a/b?z" },
  { "url: a scheme without slashes is relative to its like", show_url, "http:c", "http://h.test/a/c" },
  { "url: backslashes are slashes", show_url, "\\\\x.test\\p", "http://x.test/p" },
  { "url: tabs and line breaks vanish", show_url, " ht\ntp://x.te\tst/\r\n", "http://x.test/" },
  { "url: a second at sign belongs to the user", show_url, "http://a@b@c.test/", "http://a%40b@c.test/" },
  { "url: the password", show_url, "http://u:p:q@c.test/", "http://u:p%3Aq@c.test/" },
  { "url: an empty port", show_url, "http://c.test:/", "http://c.test/" },
  { "url: port 65536", show_url, "http://c.test:65536/", "this is no URL; expected a port of at most 65535" },
  { "url: a port of letters", show_url, "http://c.test:8a/", "this is no URL; expected a port of digits" },
  { "url: no host", show_url, "http://?", "this is no URL; expected a host" },
  { "url: no host behind the user", show_url, "http://u@/x", "this is no URL; expected a host behind the user's name" },
  { "url: a space in the host", show_url, "http://a b/", "this is no host; expected none of the characters that no domain has" },
  { "url: a NUL in the host", show_url, "http://a%00b/", "this is no host; expected a domain without NUL" },
  { "url: IPv4 in any spelling", show_url, "http://0x7f.1/", "http://127.0.0.1/" },
  { "url: IPv4 in one number", show_url, "http://3232235521", "http://192.168.0.1/" },
  { "url: IPv4 too large", show_url, "http://256.1.1.1/", "this is no host; expected an IPv4 address, since it ends in a number" },
  { "url: a name that ends in a number", show_url, "http://a.1/", "this is no host; expected an IPv4 address, since it ends in a number" },
  { "url: IPv6 is shortened", show_url, "http://[1:0:0:0::2]:8/", "http://[1::2]:8/" },
  { "url: IPv6 unclosed", show_url, "http://[::1/", "this is no host; expected an IPv6 address in brackets" },
  { "url: an international host", show_url, "http://Bücher.example/", "http://xn--bcher-kva.example/" },
  { "url: sharp s stays", show_url, "http://faß.example/", "http://xn--fa-hia.example/" },
  { "url: an emoji", show_url, "http://☃.example/", "http://xn--n3h.example/" },
  { "url: an ideographic full stop", show_url, "http://a。b/", "http://a.b/" },
  { "url: bytes that are no UTF-8 in a host", show_url, "http://\xff/", "this is no host; expected a domain" },
  { "url: bytes that are no UTF-8 in a path", show_url, "/\xff", "http://h.test/%FF" },
  { "url: a NUL in the path", show_url, "/a\0b", "http://h.test/a%00b", 4 },
  { "url: underscores are part of names", show_url, "http://a_b.test/", "http://a_b.test/" },
  { "url: a quote is encoded in queries", show_url, "?a'b", "http://h.test/a/b?a%27b" },
  { "url: an opaque path", show_url, "mailto:a b@c ", "mailto:a b@c" },
  { "url: a space before a query in an opaque path", show_url, "data: x ?y", "data: x%20?y" },
  { "url: a path that looks like a host", show_url, "web+demo:/.//not-a-host/", "web+demo:/.//not-a-host/" },
  { "url: file with a drive", show_url, "file:///C|/a/../..", "file:///C:/" },
  { "url: file on localhost", show_url, "file://localhost/x", "file:///x" },
  { "url: an incomplete escape stays", show_url, "/%zz%1", "http://h.test/%zz%1" },
  { "uri: all parts", show_uri, "http://u:p@h.test:8080/a/b?c=d#e", "s[http]u[u:p]h[h.test]p[8080]/[/a/b]?[c=d]#[e]" },
  { "uri: no authority", show_uri, "urn:a:b", "s[urn]/[a:b]" },
  { "uri: empty parts are there", show_uri, "//h?#", "s[]u[]h[h]p[]/[]?[]#[]" },
  { "uri: a space", show_uri, "/a b", "bads[]/[/a b]" },
  { "uri: an incomplete escape", show_uri, "/%1", "bads[]/[/%1]" },
  { "uri: beyond ASCII", show_uri, "/\xc3\xa9", "bads[]/[/é]" },
  { "uri: a colon in the first segment", show_uri, "1a:b", "bads[]/[1a:b]" },
  { "uri: square brackets in a path", show_uri, "/[", "bads[]/[/[]" },
  { "authority: host and port", show_authority, "example.com:8080", "[example.com]8080" },
  { "authority: IPv6", show_authority, "[::1]:1", "[[::1]]1" },
  { "authority: of the future", show_authority, "[v1.a:b]", "[[v1.a:b]]0" },
  { "authority: empty", show_authority, "", "[]0" },
  { "authority: an empty port", show_authority, "a:", "[a]0" },
  { "authority: a port too large", show_authority, "a:65536", "[a]0" },
  { "authority: two ports", show_authority, "a:1:2", "bad" },
  { "authority: a slash", show_authority, "a/b", "bad" },
  { "authority: a space", show_authority, "a b", "bad" },
  { "authority: unclosed bracket", show_authority, "[::1", "bad" },
  { "authority: something behind the bracket", show_authority, "[::1]a", "bad" },
  { "authority: a comma makes no list", show_authority, "a,b", "[a,b]0" },
  { "normal: the examples of RFC 3986", show_normal, "eXAMPLE://a/./b/../b/%63/%7bfoo%7d", "example://a/b/c/%7Bfoo%7D" },
  { "normal: http's empty path and default port", show_normal, "HTTP://Example.COM:80", "http://example.com/" },
  { "normal: an empty port", show_normal, "https://a:?", "https://a/?" },
  { "normal: another port", show_normal, "https://a:080/..", "https://a:80/" },
  { "normal: too many dots", show_normal, "http://a/../../b/..", "http://a/" },
  { "normal: a reserved escape stays", show_normal, "http://a/b%2fc%2E", "http://a/b%2Fc." },
  { "normal: what comes of a path is no authority", show_normal, "x:/.//o/..", "x:/.//" },
  { "normal: a reference is not absolute", show_normal, "/a", "bad" },
  { "origin: default port", show_origin, "https://A.shop.test:443/x", "https://a.shop.test | https://shop.test" },
  { "origin: another port; sites have none", show_origin, "http://b.a.co.uk:8080/", "http://b.a.co.uk:8080 | http://a.co.uk" },
  { "origin: a public suffix is its own site", show_origin, "https://github.io/", "https://github.io | https://github.io" },
  { "origin: below a private suffix", show_origin, "https://x.alice.github.io/", "https://x.alice.github.io | https://alice.github.io" },
  { "origin: an address", show_origin, "http://127.0.0.1:81/", "http://127.0.0.1:81 | http://127.0.0.1" },
  { "origin: IPv6", show_origin, "http://[::1]/", "http://[::1] | http://[::1]" },
  { "origin: localhost", show_origin, "http://localhost:3000/", "http://localhost:3000 | http://localhost" },
  { "origin: a final dot", show_origin, "http://a.example.com./", "http://a.example.com. | http://example.com." },
  { "origin: opaque", show_origin, "data:,x", "null | null" },
  { "origin: file", show_origin, "file:///x", "null | null" },
  { "origin: blob", show_origin, "blob:https://a.test/uuid", "https://a.test | null" },
};
/* clang-format on */

static void
test_same_origin_and_site (void **state)
{
  static const struct
  {
    const char *a, *b;
    gboolean origin, site;
  } cases[] = {
    { "https://a.test/x", "https://a.test:443/y", TRUE, TRUE },
    { "https://a.test", "http://a.test", FALSE, FALSE },
    { "https://a.test", "https://a.test:8443", FALSE, TRUE },
    { "https://x.a.test", "https://y.a.test", FALSE, TRUE },
    { "https://a.github.io", "https://b.github.io", FALSE, FALSE },
    { "https://10.0.0.1", "https://9.0.0.1", FALSE, FALSE },
    { "data:,x", "data:,x", FALSE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RtUrl) a = rt_url_parse (rt_text (cases[i].a), NULL, NULL);
      g_autoptr (RtUrl) b = rt_url_parse (rt_text (cases[i].b), NULL, NULL);

      if (rt_url_same_origin (a, b) != cases[i].origin || rt_url_same_site (a, b) != cases[i].site)
        fail_msg ("%s and %s", cases[i].a, cases[i].b);
    }
}

static void
test_public_suffixes (void **state)
{
  g_autofree char *none = rt_host_dup_registrable_domain ("co.uk");

  assert_null (none);
  assert_true (rt_host_is_public_suffix ("co.uk"));
  assert_true (rt_host_is_public_suffix ("com."));
  assert_true (rt_host_is_public_suffix ("test"));
  assert_false (rt_host_is_public_suffix ("example.com"));
  assert_false (rt_host_is_public_suffix ("127.0.0.1"));
  assert_false (rt_host_is_public_suffix (""));
}

static void
test_parts_for_a_request (void **state)
{
  g_autoptr (RtUrl) url = rt_url_parse (RT_TEXT ("https://a.test:8443?x=1#f"), NULL, NULL);
  g_autoptr (RtUrl) copy = rt_url_copy (url);
  g_autofree char *target = rt_url_dup_target (url);
  g_autofree char *authority = rt_url_dup_authority (url);
  g_autofree char *href = rt_url_serialize (url, FALSE);

  assert_string_equal (target, "/?x=1");
  assert_string_equal (authority, "a.test:8443");
  assert_string_equal (href, "https://a.test:8443/?x=1");
  assert_int_equal (rt_url_get_port (url), 8443);
  rt_url_set_fragment (copy, "g");
  assert_true (rt_url_equal (url, copy, FALSE));
  assert_false (rt_url_equal (url, copy, TRUE));
  assert_true (rt_uri_equivalent (RT_TEXT ("http://A/%7e"), RT_TEXT ("http://a:80/~")));
  assert_false (rt_uri_equivalent (RT_TEXT ("/a"), RT_TEXT ("/a")));
}

static void
test_percent_coding (void **state)
{
  g_autoptr (GString) out = g_string_new (NULL);

  rt_percent_encode (out, RT_PERCENT_COMPONENT, RT_TEXT ("a b&ü/~"));
  assert_string_equal (out->str, "a%20b%26%C3%BC%2F~");
  g_string_truncate (out, 0);
  rt_percent_decode (out, RT_TEXT ("%41%4%zz%"));
  assert_string_equal (out->str, "A%4%zz%");
}

int
main (void)
{
  const struct CMUnitTest more[] = {
    cmocka_unit_test (test_same_origin_and_site),
    cmocka_unit_test (test_public_suffixes),
    cmocka_unit_test (test_parts_for_a_request),
    cmocka_unit_test (test_percent_coding),
  };

  return run_show_rows ("URLs", rows, G_N_ELEMENTS (rows), more, G_N_ELEMENTS (more));
}
