/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grammars of single fields. Invariants, whatever the bytes are:
 * - each walker ends, and all it gives out stands within the field value;
 * - what can be written again (dates, ranges, media types, Forwarded) reads as the same.
 *
 * The first byte picks the grammar. */
#include "rt-authenticate.h"
#include "rt-cache-control.h"
#include "rt-content-disposition.h"
#include "rt-cookie.h"
#include "rt-forwarded.h"
#include "rt-media-type.h"
#include "rt-negotiation.h"
#include "rt-range.h"
#include "rt-web-link.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_within (RtText value, RtText part)
{
  if (part.at != NULL)
    g_assert_true (part.at >= value.at && part.at + part.length <= value.at + value.length);
}

static void
check_parameter (RtText value, const RtParameter *p)
{
  g_autofree char *plain = rt_parameter_dup_value (p);

  check_within (value, p->whole);
  check_within (p->whole, p->name);
  check_within (p->whole, p->value);
  if (memchr (p->value.at != NULL ? p->value.at : "", '\0', p->value.length) == NULL)
    g_assert_true (rt_parameter_equal (p, rt_text (plain), FALSE));
}

static void
fuzz_list (RtText value)
{
  for (RtListFlags flags = RT_LIST_PLAIN; flags <= (RT_LIST_COMMENTS | RT_LIST_ANGLES); flags++)
    {
      RtText rest = value;
      RtText element, parameters;
      RtParameter p;

      while (rt_list_next_full (&rest, flags, &element))
        {
          check_within (value, element);
          g_assert_cmpuint (element.length, >, 0);
          for (parameters = element; rt_parameter_next (&parameters, &p);)
            check_parameter (element, &p);
        }
    }
}

static void
fuzz_etags (RtText value)
{
  RtText rest = value;
  RtEtag etag, again;
  RtEtagNext what;

  while ((what = rt_etag_list_next (&rest, &etag)) != RT_ETAG_END)
    {
      check_within (value, etag.whole);
      g_assert_cmpuint (etag.whole.length, >, 0);
      if (what == RT_ETAG_ITEM)
        g_assert_true (rt_etag_parse (etag.whole, &again) && rt_etag_equal_weak (&etag, &again));
    }
}

static void
fuzz_directives (RtText value)
{
  RtText rest = value;
  RtDirective d;
  gint64 seconds;

  while (rt_directive_next (&rest, &d))
    {
      check_within (value, d.whole);
      check_within (d.whole, d.name);
      check_within (d.whole, d.value);
      if (rt_directive_get_seconds (&d, &seconds))
        g_assert_true (seconds >= 0 && seconds <= RT_DELTA_SECONDS_MAX);
    }
}

static void
fuzz_ranges (RtText value)
{
  RtText unit, set;
  RtRangeSpec spec;
  RtContentRange range, again;
  guint64 first, last;

  if (rt_range_split (value, &unit, &set))
    while (rt_range_next (&set, &spec))
      {
        check_within (value, spec.whole);
        if (rt_range_resolve (&spec, 1000, &first, &last))
          g_assert_true (first <= last && last < 1000);
      }
  if (rt_content_range_parse (value, &range))
    {
      g_autofree char *text = rt_content_range_format (&range);

      g_assert_true (rt_content_range_parse (rt_text (text), &again));
      g_assert_true (again.first == range.first && again.last == range.last
                     && again.complete == range.complete);
    }
}

static void
fuzz_dates (RtText value)
{
  RtTime strict, tolerant, cookie, again;

  if (rt_http_date_parse (value, 0, RT_DATE_STRICT, &strict))
    {
      char text[RT_DATE_LENGTH + 1];

      g_assert_true (rt_http_date_parse (value, 0, RT_DATE_TOLERANT, &tolerant));
      g_assert_cmpint (strict, ==, tolerant);
      rt_http_date_format (strict, text);
      g_assert_true (rt_http_date_parse (rt_text (text), 0, RT_DATE_STRICT, &again));
      g_assert_cmpint (strict, ==, again);
    }
  rt_cookie_date_parse (value, &cookie);
}

static void
fuzz_accept (RtText value)
{
  static const char *const candidates[] = { "text/html;level=1", "en-GB", "gzip", "utf-8" };

  for (RtAccept accept = RT_ACCEPT_MEDIA; accept <= RT_ACCEPT_CHARSET; accept++)
    {
      RtText rest = value;
      RtPreference p;
      RtAcceptMatch match;

      while (rt_accept_next (&rest, accept, &p))
        {
          check_within (value, p.whole);
          check_within (p.whole, p.range);
          check_within (p.whole, p.parameters);
          check_within (p.whole, p.weight);
          g_assert_cmpuint (p.quality, <=, RT_QVALUE_MAX);
        }
      match = rt_accept_match (value, accept, rt_text (candidates[accept]));
      check_within (value, match.by.whole);
    }
}

static void
fuzz_media_type (RtText value)
{
  RtMediaType type, again;
  g_autofree char *text = NULL;
  g_autofree char *rewritten = NULL;

  if (rt_media_type_parse (value, &type))
    {
      check_within (value, type.essence);
      g_assert_true (rt_mime_type_parse (value, &again));
      g_assert_true (rt_text_equal (type.essence, again.essence));
    }
  if (!rt_mime_type_parse (value, &type))
    return;
  text = rt_mime_type_serialize (&type);
  g_assert_true (rt_mime_type_parse (rt_text (text), &again));
  rewritten = rt_mime_type_serialize (&again);
  g_assert_cmpstr (text, ==, rewritten);
}

static void
fuzz_forwarded (RtText value)
{
  RtText rest = value;
  RtForwarded f, again;
  RtVia via;

  while (rt_forwarded_next (&rest, &f))
    {
      g_autoptr (GString) out = g_string_new (NULL);
      RtText written;

      check_within (value, f.whole);
      rt_node_parse (f.client);
      rt_node_parse_bare (f.by);
      if (f.client.at == NULL || memchr (f.client.at, '\\', f.client.length) != NULL)
        continue;
      rt_forwarded_append (out, &(RtForwarded){ .client = f.client });
      written = (RtText){ out->str, out->len };
      g_assert_true (rt_forwarded_next (&written, &again));
      g_assert_true (rt_text_equal (again.client, f.client));
    }
  for (rest = value; rt_via_next (&rest, &via);)
    {
      check_within (value, via.whole);
      check_within (via.whole, via.received_by);
    }
}

static void
fuzz_challenges (RtText value)
{
  RtText rest = value;
  RtChallenge challenge;
  RtParameter p;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;

  while (rt_challenge_next (&rest, &challenge))
    {
      check_within (value, challenge.whole);
      check_within (challenge.whole, challenge.token68);
      check_within (challenge.whole, challenge.parameters);
      while (rt_auth_parameter_next (&challenge.parameters, &p))
        check_parameter (challenge.whole, &p);
    }
  if (rt_credentials_parse (value, &challenge))
    rt_basic_credentials_parse (&challenge, &user, &password);
}

static void
fuzz_links (RtText value)
{
  RtText rest = value;
  RtWebLink link;
  RtParameter p;

  while (rt_web_link_next (&rest, &link))
    {
      check_within (value, link.whole);
      check_within (link.whole, link.target);
      rt_web_link_has_relation (&link, RT_TEXT ("next"));
      while (rt_web_link_parameter_next (&link.parameters, &p))
        check_parameter (link.whole, &p);
    }
}

static void
fuzz_disposition (RtText value)
{
  RtContentDisposition disposition;
  g_autofree char *name = NULL;
  g_autofree char *text = rt_ext_value_dup (value);

  if (rt_content_disposition_parse (value, &disposition))
    name = rt_content_disposition_dup_filename (&disposition);
  /* Nothing in it chooses a folder. */
  g_assert_true (name == NULL
                 || (*name != '\0' && strpbrk (name, "/\\") == NULL && strcmp (name, "..") != 0
                     && g_utf8_validate (name, -1, NULL)));
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

static void
fuzz_cookies (RtText value)
{
  RtSetCookie cookie;
  RtCookieAttribute a;
  RtText name, content;
  RtSetCookieVerdict verdict = rt_set_cookie_parse (value, &cookie);

  check_within (value, cookie.name);
  check_within (value, cookie.value);
  g_assert_true (verdict != RT_SET_COOKIE_TAKEN
                 || cookie.name.length + cookie.value.length <= RT_COOKIE_PAIR_MAX);
  while (rt_cookie_attribute_next (&cookie.attributes, &a))
    {
      check_within (value, a.whole);
      check_within (a.whole, a.name);
      check_within (a.whole, a.value);
    }
  for (RtText rest = value; rt_cookie_pair_next (&rest, &name, &content);)
    {
      check_within (value, name);
      check_within (value, content);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static void (*const grammars[]) (RtText value) = {
    fuzz_list,       fuzz_etags,     fuzz_directives, fuzz_ranges, fuzz_dates,       fuzz_accept,
    fuzz_media_type, fuzz_forwarded, fuzz_challenges, fuzz_links,  fuzz_disposition, fuzz_cookies,
  };

  if (size > 0)
    grammars[(data[0] - 'a' + 256) % G_N_ELEMENTS (grammars)](
        (RtText){ (const char *)data + 1, size - 1 });
  return 0;
}
