/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cookie jar: what is stored, what is sent, in which order, and what goes when it is full. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-cookie-jar.h"
#include "rt-site.h"

/* 2026-01-01T00:00:00Z */
#define NOW (G_GINT64_CONSTANT (1767225600) * RT_TIME_SEC)

/* Which user agent, and who asks. */
typedef struct
{
  const char *browser, *page, *method;
  gboolean navigation, script;
} Who;

static RtCookieJar *
new_jar (const Who *who)
{
  return rt_cookie_jar_new (who->browser != NULL ? rt_cookie_settings_find (who->browser) : NULL);
}

static RtUrl *
parse_url (const char *text)
{
  return rt_url_parse (rt_text (text), NULL, NULL);
}

static char *
site_of (const Who *who)
{
  g_autoptr (RtUrl) page = who->page != NULL ? parse_url (who->page) : NULL;

  return page != NULL ? rt_url_dup_site (page) : NULL;
}

static RtCookieContext
context_of (const Who *who, const RtUrl *url, const char *site)
{
  return (RtCookieContext){ url, site, rt_text (who->method != NULL ? who->method : "GET"),
                            who->navigation, who->script };
}

/* @lines: Set-Cookie values, each ended by a line feed; set by the user's own visit of @address. */
static void
fill (RtCookieJar *jar, const char *address, const char *lines, RtTime now)
{
  g_autoptr (RtUrl) url = parse_url (address);
  g_auto (GStrv) values = g_strsplit (lines, "\n", -1);
  RtCookieContext context = { .url = url, .navigation = TRUE };

  for (char **value = values; *value != NULL && **value != '\0'; value++)
    {
      RtField field = { .name = RT_TEXT ("Set-Cookie"), .value = rt_text (*value) };

      rt_cookie_set_decide (jar, &field, &context, now, NULL);
    }
}

static void
show_cookie (GString *out, const RtCookie *cookie)
{
  g_string_append_printf (out, "%s%s=%s %s%s %s", out->len > 0 ? " | " : "", cookie->name,
                          cookie->value, cookie->host_only ? "" : ".", cookie->domain,
                          cookie->path);
  if (cookie->persistent)
    g_string_append_printf (out, " %" G_GINT64_FORMAT "s", (cookie->expires - NOW) / RT_TIME_SEC);
  g_string_append_printf (out, "%s%s", cookie->secure ? " Secure" : "",
                          cookie->http_only ? " HttpOnly" : "");
  if (cookie->same_site != RT_SAME_SITE_DEFAULT)
    g_string_append_printf (out, " %s", rt_same_site_name (cookie->same_site));
}

static char *
show_jar (RtCookieJar *jar)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < rt_cookie_jar_get_length (jar); i++)
    show_cookie (out, rt_cookie_jar_get (jar, i));
  return g_string_free (out, FALSE);
}

typedef struct
{
  const char *name;
  const char *url, *before, *value; /* before: already in the jar, from the https site */
  Who who;
  const char *fate, *jar, *clause;
} SetRow;

#define HTTP "http://www.a.test/x/y?q"
#define HTTPS "https://www.a.test/x/y"
#define CROSS .page = "https://b.test/"
#define LONG_64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define LONG_512 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64 LONG_64
#define LONG_4096 LONG_512 LONG_512 LONG_512 LONG_512 LONG_512 LONG_512 LONG_512 LONG_512
#define IS_NEW "cookie.set.new"

/* clang-format off */
static const SetRow set_rows[] = {
  { "a plain cookie is the host's, for its folder, until the session ends", HTTP, NULL, "a=b", { 0 }, "stored", "a=b www.a.test /x", IS_NEW },
  { "everything at once", HTTPS, NULL, "a=b; Domain=a.test; Path=/p; Secure; HttpOnly; SameSite=Strict; Max-Age=60", { 0 }, "stored", "a=b .a.test /p 60s Secure HttpOnly Strict", IS_NEW },
  { "attribute names and words have no case", HTTPS, NULL, "a=b; doMAIN=A.TEST; SECURE; samesite=NONE", { 0 }, "stored", "a=b .a.test /x Secure None", IS_NEW },
  { "a control character", HTTP, NULL, "a=b\001c", { 0 }, "ignored", "", "cookie.set.control" },
  { "a tab is no control character", HTTP, NULL, "a=b\tc", { 0 }, "stored", "a=b\tc www.a.test /x", IS_NEW },
  { "over 4096 bytes", HTTP, NULL, "a=" LONG_4096, { 0 }, "ignored", "", "cookie.set.length" },
  { "neither name nor value", HTTP, NULL, "=", { 0 }, "ignored", "", "cookie.set.empty" },
  { "a name alone is a value", HTTP, NULL, "a", { 0 }, "stored", "=a www.a.test /x", IS_NEW },
  { "a name alone, by RFC 6265", HTTP, NULL, "a", { .browser = "rfc6265" }, "ignored", "", "cookie.set.name" },
  { "a value that has = and quotes", HTTP, NULL, "a=\"b=c\"", { 0 }, "stored", "a=\"b=c\" www.a.test /x", IS_NEW },
  { "Domain is the host", HTTP, NULL, "a=b; Domain=www.a.test", { 0 }, "stored", "a=b .www.a.test /x", IS_NEW },
  { "Domain with a dot before it", HTTP, NULL, "a=b; Domain=.a.test", { 0 }, "stored", "a=b .a.test /x", IS_NEW },
  { "Domain below the host", HTTP, NULL, "a=b; Domain=x.www.a.test", { 0 }, "ignored", "", "cookie.set.domain" },
  { "Domain of somebody else", HTTP, NULL, "a=b; Domain=b.test", { 0 }, "ignored", "", "cookie.set.domain" },
  { "Domain that ends alike", HTTP, NULL, "a=b; Domain=w.a.test", { 0 }, "ignored", "", "cookie.set.domain" },
  { "Domain that is a public suffix", "http://a.co.uk/", NULL, "a=b; Domain=co.uk", { 0 }, "ignored", "", "cookie.set.domain.suffix" },
  { "Domain that is a public suffix and the host", "http://github.io/", NULL, "a=b; Domain=github.io", { 0 }, "stored", "a=b github.io /", IS_NEW },
  { "Domain that is an address", "http://192.0.2.1/", NULL, "a=b; Domain=192.0.2.1", { 0 }, "stored", "a=b .192.0.2.1 /", IS_NEW },
  { "Domain that is a part of an address", "http://192.0.2.1/", NULL, "a=b; Domain=0.2.1", { 0 }, "ignored", "", "cookie.set.domain" },
  { "Domain that is not ASCII", HTTP, NULL, "a=b; Domain=\303\244.test", { 0 }, "ignored", "", "cookie.set.domain.ascii" },
  { "the last Domain counts", HTTP, NULL, "a=b; Domain=b.test; Domain=a.test", { 0 }, "stored", "a=b .a.test /x", IS_NEW },
  { "an empty Domain is none", HTTP, NULL, "a=b; Domain=a.test; Domain=", { 0 }, "stored", "a=b www.a.test /x", IS_NEW },
  { "an empty Domain does not count, by RFC 6265", HTTP, NULL, "a=b; Domain=a.test; Domain=", { .browser = "rfc6265" }, "stored", "a=b .a.test /x", IS_NEW },
  { "Path that is no path", HTTP, NULL, "a=b; Path=p", { 0 }, "stored", "a=b www.a.test /x", IS_NEW },
  { "Path is not checked against the URL", HTTP, NULL, "a=b; Path=/elsewhere", { 0 }, "stored", "a=b www.a.test /elsewhere", IS_NEW },
  { "the default path of a file at the top", "http://a.test/y", NULL, "a=b", { 0 }, "stored", "a=b a.test /", IS_NEW },
  { "the default path of a folder", "http://a.test/x/y/", NULL, "a=b", { 0 }, "stored", "a=b a.test /x/y", IS_NEW },
  { "Secure over http", HTTP, NULL, "a=b; Secure", { 0 }, "ignored", "", "cookie.set.secure" },
  { "HttpOnly from a script", HTTP, NULL, "a=b; HttpOnly", { .page = HTTP, .script = TRUE }, "ignored", "", "cookie.set.http-only" },
  { "a Secure cookie is not replaced from http", HTTP, "a=1; Domain=a.test; Path=/; Secure\n", "a=2; Path=/x", { 0 }, "ignored", "a=1 .a.test / Secure", "cookie.set.overlay" },
  { "a Secure cookie of a narrower path is left alone", HTTP, "a=1; Path=/x/z; Secure\n", "a=2; Path=/x", { 0 }, "stored", "a=1 www.a.test /x/z Secure | a=2 www.a.test /x", IS_NEW },
  { "a Secure cookie is replaced from https", HTTPS, "a=1; Secure\n", "a=2", { 0 }, "replaced", "a=2 www.a.test /x", IS_NEW },
  { "another site's image sets none", HTTPS, NULL, "a=b", { CROSS }, "ignored", "", "cookie.set.site" },
  { "another site's image sets one that is None", HTTPS, NULL, "a=b; SameSite=None; Secure", { CROSS }, "stored", "a=b www.a.test /x Secure None", IS_NEW },
  { "another site's image sets one, in Firefox", HTTPS, NULL, "a=b", { .browser = "firefox", CROSS }, "stored", "a=b www.a.test /x", IS_NEW },
  { "a link from another site sets one", HTTPS, NULL, "a=b; SameSite=Strict", { CROSS, .navigation = TRUE }, "stored", "a=b www.a.test /x Strict", IS_NEW },
  { "the same name over http is another site", HTTPS, NULL, "a=b", { .page = "http://www.a.test/" }, "ignored", "", "cookie.set.site" },
  { "None without Secure", HTTPS, NULL, "a=b; SameSite=None", { 0 }, "ignored", "", "cookie.set.none" },
  { "SameSite that is no word of its own", HTTPS, NULL, "a=b; SameSite=Loose", { 0 }, "stored", "a=b www.a.test /x", IS_NEW },
  { "__Secure- without Secure", HTTPS, NULL, "__Secure-a=b", { 0 }, "ignored", "", "cookie.set.prefix.secure" },
  { "__secure- without Secure", HTTPS, NULL, "__secure-a=b", { 0 }, "ignored", "", "cookie.set.prefix.secure" },
  { "__Secure- with Secure", HTTPS, NULL, "__Secure-a=b; Secure", { 0 }, "stored", "__Secure-a=b www.a.test /x Secure", IS_NEW },
  { "__Host- with all it needs", HTTPS, NULL, "__Host-a=b; Secure; Path=/", { 0 }, "stored", "__Host-a=b www.a.test / Secure", IS_NEW },
  { "__Host- without Path", "https://a.test/", NULL, "__Host-a=b; Secure", { 0 }, "ignored", "", "cookie.set.prefix.host" },
  { "__Host- with another Path", HTTPS, NULL, "__Host-a=b; Secure; Path=/x", { 0 }, "ignored", "", "cookie.set.prefix.host" },
  { "__Host- with a Domain", HTTPS, NULL, "__Host-a=b; Secure; Path=/; Domain=a.test", { 0 }, "ignored", "", "cookie.set.prefix.host" },
  { "__HOST- without Secure", HTTPS, NULL, "__HOST-a=b; Path=/", { 0 }, "ignored", "", "cookie.set.prefix.host" },
  { "a nameless imitation of __Host-", HTTPS, NULL, "=__Host-a=b", { 0 }, "ignored", "", "cookie.set.prefix.nameless" },
  { "a nameless imitation of __Secure-", HTTPS, NULL, "__secure-a", { 0 }, "ignored", "", "cookie.set.prefix.nameless" },
  { "a script replaces an HttpOnly cookie", HTTPS, "a=1; HttpOnly\n", "a=2", { .page = HTTPS, .script = TRUE }, "ignored", "a=1 www.a.test /x HttpOnly", "cookie.set.replace" },
  { "a script replaces its own cookie", HTTPS, "a=1\n", "a=2", { .page = HTTPS, .script = TRUE }, "replaced", "a=2 www.a.test /x", IS_NEW },
  { "Max-Age 0 deletes", HTTPS, "a=1\n", "a=; Max-Age=0", { 0 }, "deleted", "", "cookie.set.expired" },
  { "Expires in the past deletes", HTTPS, "a=1\n", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", { 0 }, "deleted", "", "cookie.set.expired" },
  { "nothing is there to be deleted", HTTPS, NULL, "a=; Max-Age=-1", { 0 }, "ignored", "", "cookie.set.expired" },
  { "another path is not deleted", HTTPS, "a=1; Path=/\n", "a=; Max-Age=0", { 0 }, "ignored", "a=1 www.a.test /", "cookie.set.expired" },
  { "Max-Age counts before Expires", HTTPS, NULL, "a=b; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT", { 0 }, "stored", "a=b www.a.test /x 5s", IS_NEW },
  { "Max-Age that is no number does not count", HTTPS, NULL, "a=b; Max-Age=5s; Expires=Thu, 01 Jan 2026 00:01:00 GMT", { 0 }, "stored", "a=b www.a.test /x 60s", IS_NEW },
  { "Max-Age is cut down to 400 days", HTTPS, NULL, "a=b; Max-Age=99999999", { 0 }, "stored", "a=b www.a.test /x 34560000s", IS_NEW },
  { "Expires is cut down to 400 days", HTTPS, NULL, "a=b; Expires=Fri, 31 Dec 2049 23:59:59 GMT", { 0 }, "stored", "a=b www.a.test /x 34560000s", IS_NEW },
  { "the same name with another domain is another cookie", HTTPS, "a=1\n", "a=2; Domain=www.a.test", { 0 }, "stored", "a=1 www.a.test /x | a=2 .www.a.test /x", IS_NEW },
  { "names are compared with case", HTTPS, "a=1\n", "A=2", { 0 }, "stored", "a=1 www.a.test /x | A=2 www.a.test /x", IS_NEW },
};
/* clang-format on */

static char *
run_set (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const SetRow *row = data;
  g_autoptr (RtCookieJar) jar = new_jar (&row->who);
  g_autoptr (RtUrl) url = parse_url (row->url);
  g_autofree char *site = site_of (&row->who);
  g_autofree char *shown = NULL;
  RtCookieContext context = context_of (&row->who, url, site);
  const RtField *field = rt_fields_first (messages[0]->fields, "Set-Cookie");
  RtCookieFate fate = RT_COOKIE_IGNORED;

  fill (jar, HTTPS, row->before != NULL ? row->before : "", NOW - RT_TIME_SEC);
  if (field != NULL)
    fate = rt_cookie_set_decide (jar, field, &context, NOW, why);
  shown = show_jar (jar);
  return g_strdup_printf ("%s: %s", rt_cookie_fate_name (fate), shown);
}

static void
test_set (void **state)
{
  static const char *const alternatives[]
      = { "a=b", "a.test", "b.test", "/", "/p", "Secure", "None", "Strict", "5", "a", NULL };
  const SetRow *row = *state;
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 200 OK\nSet-Cookie: %s\n", row->value);
  g_autofree char *want = g_strdup_printf ("%s: %s", row->fate, row->jar);
  HonestyCase c = { row->name, { text }, run_set, row, alternatives };
  g_autoptr (RtDecision) why = rt_decision_new ();
  g_autofree char *answer = honesty_run (&c, why);

  assert_string_equal (answer, want);
  honesty_assert_decides (why, row->clause);
  /* Every byte of a long one is cited; trying each takes too long. */
  if (strlen (text) < 1000)
    honesty_check (&c);
}

typedef struct
{
  const char *name;
  const char *value, *url; /* value: set over https, a minute and a half ago */
  Who who;
  gboolean sent;
  const char *clause;
} SendRow;

/* clang-format off */
static const SendRow send_rows[] = {
  { "to where it came from", "a=b", HTTPS, { 0 }, TRUE, "cookie.send.site" },
  { "after it expired", "a=b; Max-Age=90", HTTPS, { 0 }, FALSE, "cookie.send.expired" },
  { "before it expires", "a=b; Max-Age=91", HTTPS, { 0 }, TRUE, "cookie.send.site" },
  { "to another host of the domain", "a=b; Domain=a.test", "https://x.a.test/x/", { 0 }, TRUE, "cookie.send.site" },
  { "to another host, without Domain", "a=b", "https://x.www.a.test/x/", { 0 }, FALSE, "cookie.send.domain" },
  { "to a name that only ends alike", "a=b; Domain=a.test", "https://ba.test/x/", { 0 }, FALSE, "cookie.send.domain" },
  { "to another port", "a=b", "https://www.a.test:8443/x/", { 0 }, TRUE, "cookie.send.site" },
  { "over http, if it is not Secure", "a=b", HTTP, { 0 }, TRUE, "cookie.send.site" },
  { "over http, if it is Secure", "a=b; Secure", HTTP, { 0 }, FALSE, "cookie.send.secure" },
  { "to its very path", "a=b; Path=/p", "https://www.a.test/p", { 0 }, TRUE, "cookie.send.site" },
  { "below its path", "a=b; Path=/p", "https://www.a.test/p/q", { 0 }, TRUE, "cookie.send.site" },
  { "below its path that ends with a slash", "a=b; Path=/p/", "https://www.a.test/p/q", { 0 }, TRUE, "cookie.send.site" },
  { "to a path that only starts alike", "a=b; Path=/p", "https://www.a.test/pq", { 0 }, FALSE, "cookie.send.path" },
  { "above its path", "a=b; Path=/p/q", "https://www.a.test/p", { 0 }, FALSE, "cookie.send.path" },
  { "paths have case", "a=b; Path=/p", "https://www.a.test/P", { 0 }, FALSE, "cookie.send.path" },
  { "to a script", "a=b", HTTPS, { .page = HTTPS, .script = TRUE }, TRUE, "cookie.send.site" },
  { "to a script, if it is HttpOnly", "a=b; HttpOnly", HTTPS, { .page = HTTPS, .script = TRUE }, FALSE, "cookie.send.http-only" },
  { "from a page of the same site", "a=b; SameSite=Strict", HTTPS, { .page = "https://shop.a.test/" }, TRUE, "cookie.send.site" },
  { "from the same name over http, which is another site", "a=b; SameSite=Strict", HTTPS, { .page = "http://www.a.test/" }, FALSE, "cookie.send.strict" },
  { "from a neighbour below a public suffix", "a=b; SameSite=Strict; Path=/", "https://www.a.test/", { .page = "https://github.io/" }, FALSE, "cookie.send.strict" },
  { "None from another site", "a=b; SameSite=None; Secure", HTTPS, { CROSS, .method = "POST" }, TRUE, "cookie.send.none" },
  { "Strict from another site's link", "a=b; SameSite=Strict", HTTPS, { CROSS, .navigation = TRUE }, FALSE, "cookie.send.strict" },
  { "Lax from another site's link", "a=b; SameSite=Lax", HTTPS, { CROSS, .navigation = TRUE }, TRUE, "cookie.send.method" },
  { "Lax from another site's image", "a=b; SameSite=Lax", HTTPS, { CROSS }, FALSE, "cookie.send.navigation" },
  { "Lax from another site's form", "a=b; SameSite=Lax", HTTPS, { CROSS, .navigation = TRUE, .method = "POST" }, FALSE, "cookie.send.young" },
  { "Lax from another site's form, in Chromium", "a=b; SameSite=Lax", HTTPS, { "chromium", CROSS, .navigation = TRUE, .method = "POST" }, FALSE, "cookie.send.young" },
  { "no SameSite from another site's link", "a=b", HTTPS, { CROSS, .navigation = TRUE }, TRUE, "cookie.send.method" },
  { "no SameSite from another site's image", "a=b", HTTPS, { CROSS }, FALSE, "cookie.send.navigation" },
  { "no SameSite from another site's form", "a=b", HTTPS, { CROSS, .navigation = TRUE, .method = "POST" }, FALSE, "cookie.send.young" },
  { "no SameSite from another site's form within two minutes, in Chromium", "a=b", HTTPS, { "chromium", CROSS, .navigation = TRUE, .method = "POST" }, TRUE, "cookie.send.young" },
  { "no SameSite from another site's image, in Firefox", "a=b", HTTPS, { "firefox", CROSS }, TRUE, "cookie.send.default" },
};
/* clang-format on */

/* The jar is filled from the message: what the decision cites stands there. */
static char *
run_send (RtMessage *const *messages, gconstpointer data, RtDecision *why)
{
  const SendRow *row = data;
  g_autoptr (RtCookieJar) jar = new_jar (&row->who);
  g_autoptr (RtUrl) source = parse_url (HTTPS);
  g_autoptr (RtUrl) url = parse_url (row->url);
  g_autofree char *site = site_of (&row->who);
  RtCookieContext setting = { .url = source, .navigation = TRUE };
  RtCookieContext context = context_of (&row->who, url, site);
  const RtField *field = rt_fields_first (messages[0]->fields, "Set-Cookie");
  g_autofree char *value = NULL;

  if (field != NULL)
    rt_cookie_set_decide (jar, field, &setting, NOW - 90 * RT_TIME_SEC, NULL);
  if (rt_cookie_jar_get_length (jar) == 0)
    return g_strdup ("no cookie");
  if (rt_cookie_send_decide (jar, rt_cookie_jar_get (jar, 0), &context, NOW, why))
    value = rt_cookie_jar_dup_field (jar, &context, NOW, NULL);
  return g_strdup (value != NULL ? "send" : "keep");
}

static void
test_send (void **state)
{
  static const char *const alternatives[]
      = { "a.test", "b.test", "/", "/p", "/x/y", "Secure", "None", "Strict", "5", "HttpOn", NULL };
  const SendRow *row = *state;
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 200 OK\nSet-Cookie: %s\n", row->value);
  HonestyCase c = { row->name, { text }, run_send, row, alternatives };

  honesty_check_answer (&c, row->sent ? "send" : "keep", row->clause);
}

static void
assert_sent (RtCookieJar *jar, const char *address, RtTime now, const char *want)
{
  g_autoptr (RtUrl) url = parse_url (address);
  RtCookieContext context = { .url = url, .method = RT_TEXT ("GET") };
  g_autofree char *value = rt_cookie_jar_dup_field (jar, &context, now, NULL);

  if (want == NULL)
    assert_null (value);
  else
    assert_string_equal (value, want);
}

static void
test_order (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (NULL);

  fill (jar, HTTPS, "a=1; Path=/\nb=2; Path=/x\nc=3; Path=/\nd=4; Path=/x/y\ne=5; Path=/x\n", NOW);
  assert_sent (jar, HTTPS, NOW, "d=4; b=2; e=5; a=1; c=3");
}

static void
test_creation_time_is_kept (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (NULL);

  fill (jar, HTTPS, "a=1\n", NOW);
  fill (jar, HTTPS, "b=2\n", NOW + 1);
  fill (jar, HTTPS, "a=3\n", NOW + 2);
  assert_sent (jar, HTTPS, NOW + 3, "a=3; b=2");
}

static void
test_deleted_cookie_is_new_again (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (NULL);

  fill (jar, HTTPS, "a=1\n", NOW);
  fill (jar, HTTPS, "b=2\n", NOW + 1);
  fill (jar, HTTPS, "a=; Max-Age=0\na=3\n", NOW + 2);
  assert_sent (jar, HTTPS, NOW + 3, "b=2; a=3");
}

static void
test_nameless_is_its_value (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (NULL);

  fill (jar, HTTPS, "a\nb=\n", NOW);
  assert_sent (jar, HTTPS, NOW, "a; b=");
}

static void
test_nothing_to_send (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (NULL);

  assert_sent (jar, HTTPS, NOW, NULL);
}

static void
test_decisions (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (NULL);
  g_autoptr (RtUrl) url = parse_url (HTTP);
  g_autoptr (GPtrArray) decisions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_decision_unref);
  RtCookieContext context = { .url = url };
  g_autofree char *value = NULL;

  fill (jar, HTTPS, "a=1; Secure\nb=2\n", NOW);
  value = rt_cookie_jar_dup_field (jar, &context, NOW, decisions);
  assert_string_equal (value, "b=2");
  assert_int_equal (decisions->len, 2);
  assert_string_equal (rt_decision_get_subject (decisions->pdata[0]), "a");
  assert_string_equal (rt_decision_get_verdict (decisions->pdata[0]), "keep");
  honesty_assert_decides (decisions->pdata[0], "cookie.send.secure");
  assert_string_equal (rt_decision_get_verdict (decisions->pdata[1]), "send");
}

static void
test_session_ends (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (NULL);

  fill (jar, HTTPS, "a=1\nb=2; Max-Age=60\n", NOW);
  assert_int_equal (rt_cookie_jar_end_session (jar), 1);
  assert_sent (jar, HTTPS, NOW, "b=2");
  assert_int_equal (rt_cookie_jar_expire (jar, NOW + RT_TIME_MINUTE - 1), 0);
  assert_int_equal (rt_cookie_jar_expire (jar, NOW + RT_TIME_MINUTE), 1);
}

/* A browser of two cookies a domain and three in all. */
static const RtCookieSettings tight = { "tight", FALSE, RT_SAME_SITE_LAX, 0, 2, 3 };

static void
assert_names (RtCookieJar *jar, const char *want)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < rt_cookie_jar_get_length (jar); i++)
    g_string_append (names, rt_cookie_jar_get (jar, i)->name);
  assert_string_equal (names->str, want);
}

static void
test_full_domain (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (&tight);

  fill (jar, "https://b.test/", "z=0\n", NOW - 1);
  fill (jar, HTTPS, "a=1; Path=/a\nb=2; Path=/b\n", NOW);
  assert_sent (jar, "https://www.a.test/a", NOW + 1, "a=1");
  fill (jar, HTTPS, "c=3\n", NOW + 2);
  assert_names (jar, "zac"); /* b was not used for longest in its domain */
}

static void
test_secure_stays_longer (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (&tight);

  fill (jar, HTTPS, "a=1; Secure\n", NOW);
  fill (jar, HTTPS, "b=2\n", NOW + 1);
  fill (jar, HTTPS, "c=3; Secure\n", NOW + 2);
  assert_names (jar, "ac");
}

static void
test_expired_goes_first (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (&tight);

  fill (jar, HTTPS, "a=1\n", NOW);
  fill (jar, HTTPS, "b=2; Max-Age=1\n", NOW + 1);
  fill (jar, HTTPS, "c=3\n", NOW + 2 * RT_TIME_SEC);
  assert_names (jar, "ac");
}

static void
test_full_jar (void **state)
{
  g_autoptr (RtCookieJar) jar = rt_cookie_jar_new (&tight);

  fill (jar, "https://a.test/", "a=1\nb=2\n", NOW);
  fill (jar, "https://b.test/", "c=3\nd=4\n", NOW + 1);
  assert_names (jar, "bcd");
}

#define N_OTHERS 11

int
main (void)
{
  enum
  {
    N_SET = G_N_ELEMENTS (set_rows),
    N_SEND = G_N_ELEMENTS (send_rows),
  };
  struct CMUnitTest tests[N_OTHERS + N_SET + N_SEND] = {
    cmocka_unit_test (test_order),
    cmocka_unit_test (test_creation_time_is_kept),
    cmocka_unit_test (test_deleted_cookie_is_new_again),
    cmocka_unit_test (test_nameless_is_its_value),
    cmocka_unit_test (test_nothing_to_send),
    cmocka_unit_test (test_decisions),
    cmocka_unit_test (test_session_ends),
    cmocka_unit_test (test_full_domain),
    cmocka_unit_test (test_secure_stays_longer),
    cmocka_unit_test (test_expired_goes_first),
    cmocka_unit_test (test_full_jar),
  };

  for (gsize i = 0; i < N_SET; i++)
    tests[N_OTHERS + i]
        = (struct CMUnitTest){ set_rows[i].name, test_set, NULL, NULL, (void *)&set_rows[i] };
  for (gsize i = 0; i < N_SEND; i++)
    tests[N_OTHERS + N_SET + i]
        = (struct CMUnitTest){ send_rows[i].name, test_send, NULL, NULL, (void *)&send_rows[i] };
  return _cmocka_run_group_tests ("cookie-jar", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
