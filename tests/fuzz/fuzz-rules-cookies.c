/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cookie jar. Invariants, whatever is set:
 * - the jar does the same with and without explanations, which cite no byte outside the response;
 * - what it keeps is short, holds no control character, belongs to the host that set it, ends
 * within 400 days and keeps the promises of its name;
 * - what is sent over http is not Secure, what a script gets not HttpOnly, and longer paths come
 *   first.
 *
 * The first byte picks who sets and who asks; the rest is a response as honesty.h has it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "honesty.h"
#include "rt-cookie-jar.h"

#define NOW (G_GINT64_CONSTANT (784111777) * RT_TIME_SEC)

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  RtCookieJar *jar;
  RtUrl *url;
  RtCookieContext context;
} Visit;

static Visit
visit_new (guint8 how)
{
  static const char *const browsers[] = { "standard", "rfc6265", "chromium", "firefox" };
  RtUrl *url = rt_url_parse (how & 1 ? RT_TEXT ("https://www.a.co.uk/x/y")
                                     : RT_TEXT ("http://www.a.co.uk/x/y"),
                             NULL, NULL);

  return (Visit){
    rt_cookie_jar_new (rt_cookie_settings_find (browsers[how >> 1 & 3])),
    url,
    { url, how & 8 ? "https://b.test" : NULL, how & 16 ? RT_TEXT ("POST") : RT_TEXT ("GET"),
      (how & 32) != 0, (how & 64) != 0 },
  };
}

static void
visit_clear (Visit *visit)
{
  rt_cookie_jar_free (visit->jar);
  rt_url_free (visit->url);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Visit, visit_clear)

static gboolean
starts_with (const char *text, const char *prefix)
{
  return g_ascii_strncasecmp (text, prefix, strlen (prefix)) == 0;
}

static void
check_cookie (const Visit *visit, const RtCookie *cookie)
{
  const char *host = visit->url->host;

  g_assert_cmpuint (strlen (cookie->name) + strlen (cookie->value), <=, RT_COOKIE_PAIR_MAX);
  for (const char *at = cookie->name; *at != '\0'; at++)
    g_assert_true (!g_ascii_iscntrl (*at) || *at == '\t');
  for (const char *at = cookie->value; *at != '\0'; at++)
    g_assert_true ((!g_ascii_iscntrl (*at) || *at == '\t') && *at != ';');
  g_assert_true (g_str_has_suffix (host, cookie->domain));
  g_assert_cmpstr (cookie->domain, !=, "co.uk");
  g_assert_true (cookie->path[0] == '/');
  g_assert_true (cookie->expires > NOW);
  if (cookie->persistent)
    g_assert_true (cookie->expires <= NOW + RT_COOKIE_LIFETIME_MAX);
  if (starts_with (cookie->name, "__Secure-") || starts_with (cookie->name, "__Host-"))
    g_assert_true (cookie->secure);
  if (starts_with (cookie->name, "__Host-"))
    g_assert_true (cookie->host_only && strcmp (cookie->path, "/") == 0);
  if (cookie->same_site == RT_SAME_SITE_NONE)
    g_assert_true (cookie->secure);
}

static void
set_all (Visit *explained, Visit *silent, RtMessage *response, gsize length)
{
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (response->fields, "Set-Cookie", &at)) != NULL)
    {
      g_autoptr (RtDecision) why = rt_decision_new ();
      RtCookieFate fate
          = rt_cookie_set_decide (explained->jar, field, &explained->context, NOW, why);

      g_assert_true (fate
                     == rt_cookie_set_decide (silent->jar, field, &silent->context, NOW, NULL));
      g_assert_cmpstr (rt_decision_get_verdict (why), ==, rt_cookie_fate_name (fate));
      honesty_assert_cites_within (why, &length, 1);
    }
}

static void
check_sent (Visit *visit, RtTime now, gsize length)
{
  gboolean secure = strcmp (visit->url->scheme, "https") == 0;

  for (guint i = 0; i < rt_cookie_jar_get_length (visit->jar); i++)
    {
      const RtCookie *cookie = rt_cookie_jar_get (visit->jar, i);
      g_autoptr (RtDecision) why = rt_decision_new ();
      gboolean sent = rt_cookie_send_decide (visit->jar, cookie, &visit->context, now, why);

      g_assert_true (sent
                     == rt_cookie_send_decide (visit->jar, cookie, &visit->context, now, NULL));
      honesty_assert_cites_within (why, &length, 1);
      if (!sent)
        continue;
      g_assert_true (!cookie->secure || secure);
      g_assert_true (!cookie->http_only || !visit->context.script);
      g_assert_true (strncmp (visit->url->path, cookie->path, strlen (cookie->path)) == 0);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (RtMessage) response = NULL;
  g_auto (Visit) explained = { 0 };
  g_auto (Visit) silent = { 0 };
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  explained = visit_new (size > 0 ? data[0] : 0);
  silent = visit_new (size > 0 ? data[0] : 0);
  if (size == 0)
    return 0;
  response = honesty_message_read ((RtText){ (const char *)data + 1, size - 1 }, 1);
  set_all (&explained, &silent, response, size - 1);
  for (guint i = 0; i < rt_cookie_jar_get_length (explained.jar); i++)
    check_cookie (&explained, rt_cookie_jar_get (explained.jar, i));
  check_sent (&explained, NOW + RT_TIME_MINUTE, size - 1);
  first = rt_cookie_jar_dup_field (explained.jar, &explained.context, NOW, NULL);
  second = rt_cookie_jar_dup_field (silent.jar, &silent.context, NOW, NULL);
  g_assert_cmpstr (first, ==, second);
  return 0;
}
