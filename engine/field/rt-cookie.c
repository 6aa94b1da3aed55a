/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The algorithms of RFC 6265bis §5.6: they take nearly everything, so the little that they refuse
 * matters. */
#include "rt-cookie.h"

#include "rt-cache-control.h"
#include "rt-date.h"
#include "rt-scan.h"

/* "If the set-cookie-string contains a %x00-08 / %x0A-1F / %x7F character … ignore [it] entirely"
 */
static gboolean
has_control (RtText text)
{
  for (gsize i = 0; i < text.length; i++)
    if (g_ascii_iscntrl (text.at[i]) && text.at[i] != '\t')
      return TRUE;
  return FALSE;
}

/**
 * rt_set_cookie_parse:
 * @field_value: the value of one Set-Cookie line; lines are never combined
 * @ret_cookie: (out): what was read, also where it is not taken
 *
 * Source: RFC 6265bis §5.6, and for the empty cookie §5.7.
 *
 * Returns: whether it is taken
 */
RtSetCookieVerdict
rt_set_cookie_parse (RtText field_value, RtSetCookie *ret_cookie)
{
  RtText rest = field_value;
  RtText pair = rt_text_trim (rt_take_until (&rest, ";"));
  RtSetCookie cookie = { .pair = pair, .attributes = rest };
  RtText name = rt_take_until (&pair, "=");

  if (rt_take_char (&pair, '='))
    {
      cookie.name = rt_text_trim (name);
      cookie.value = rt_text_trim (pair);
    }
  else
    {
      cookie.name = rt_text_sub (name, 0, 0);
      cookie.value = rt_text_trim (name);
    }
  *ret_cookie = cookie;
  if (has_control (field_value))
    return RT_SET_COOKIE_CONTROL;
  if (cookie.name.length + cookie.value.length > RT_COOKIE_PAIR_MAX)
    return RT_SET_COOKIE_TOO_LONG;
  if (cookie.name.length + cookie.value.length == 0)
    return RT_SET_COOKIE_EMPTY;
  return RT_SET_COOKIE_TAKEN;
}

/* §5.6.2: a "-" or a digit, then digits alone. */
static gboolean
parse_max_age (RtText text, gint64 *ret_seconds)
{
  gboolean negative = rt_take_char (&text, '-');
  gint64 seconds;

  if (!rt_delta_seconds_parse (text, &seconds))
    return FALSE;
  *ret_seconds = negative ? -seconds : seconds;
  return TRUE;
}

static RtSameSite
same_site_of (RtText value)
{
  if (rt_text_is_nocase (value, "None"))
    return RT_SAME_SITE_NONE;
  if (rt_text_is_nocase (value, "Strict"))
    return RT_SAME_SITE_STRICT;
  return rt_text_is_nocase (value, "Lax") ? RT_SAME_SITE_LAX : RT_SAME_SITE_DEFAULT;
}

static RtCookieAttributeKind
kind_of (RtText name)
{
  static const char *const names[] = {
    [RT_COOKIE_EXPIRES] = "Expires",    [RT_COOKIE_MAX_AGE] = "Max-Age",
    [RT_COOKIE_DOMAIN] = "Domain",      [RT_COOKIE_PATH] = "Path",
    [RT_COOKIE_SECURE] = "Secure",      [RT_COOKIE_HTTP_ONLY] = "HttpOnly",
    [RT_COOKIE_SAME_SITE] = "SameSite",
  };

  for (guint i = RT_COOKIE_EXPIRES; i < G_N_ELEMENTS (names); i++)
    if (rt_text_is_nocase (name, names[i]))
      return (RtCookieAttributeKind)i;
  return RT_COOKIE_OTHER;
}

static void
read_attribute (RtCookieAttribute *a)
{
  a->kind = kind_of (a->name);
  if (a->value.length > RT_COOKIE_ATTRIBUTE_MAX)
    a->ignored = TRUE;
  else if (a->kind == RT_COOKIE_EXPIRES)
    a->ignored = !rt_cookie_date_parse (a->value, &a->time);
  else if (a->kind == RT_COOKIE_MAX_AGE)
    a->ignored = !parse_max_age (a->value, &a->seconds);
  else if (a->kind == RT_COOKIE_DOMAIN)
    /* "If the first character is ".", [it is] the cookie-domain without [it]" */
    rt_take_char (&a->value, '.');
  else if (a->kind == RT_COOKIE_SAME_SITE)
    a->same_site = same_site_of (a->value);
}

/**
 * rt_cookie_attribute_next:
 * @rest: (inout): cursor; starts as #RtSetCookie.attributes
 * @ret_attribute: (out): the next attribute, perhaps one to be ignored. A Path that does not start
 *   with "/" is not ignored: it means the default path.
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_cookie_attribute_next (RtText *rest, RtCookieAttribute *ret_attribute)
{
  RtCookieAttribute a = { 0 };
  RtText text, name;

  if (!rt_take_char (rest, ';'))
    return FALSE;
  text = rt_take_until (rest, ";");
  a.whole = text = rt_text_trim (text);
  name = rt_take_until (&text, "=");
  rt_take_char (&text, '=');
  a.name = rt_text_trim (name);
  a.value = rt_text_trim (text);
  read_attribute (&a);
  *ret_attribute = a;
  return TRUE;
}

/**
 * rt_set_cookie_find:
 * @cookie: a cookie
 * @kind: of an attribute
 * @ret_attribute: (out): the last one of that kind that is not ignored: it counts
 *
 * Returns: whether there is one
 */
gboolean
rt_set_cookie_find (const RtSetCookie *cookie,
                    RtCookieAttributeKind kind,
                    RtCookieAttribute *ret_attribute)
{
  RtText rest = cookie->attributes;
  RtCookieAttribute a;
  gboolean found = FALSE;

  while (rt_cookie_attribute_next (&rest, &a))
    if (a.kind == kind && !a.ignored)
      {
        *ret_attribute = a;
        found = TRUE;
      }
  return found;
}

/**
 * rt_cookie_pair_next:
 * @rest: (inout): cursor; starts as the value of Cookie
 * @ret_name, @ret_value: (out): the next pair; a nameless cookie has an empty name
 *
 * How a server reads what it set: pairs with ";" between. An empty pair is skipped.
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_cookie_pair_next (RtText *rest, RtText *ret_name, RtText *ret_value)
{
  while (rest->length > 0)
    {
      RtText pair = rt_text_trim (rt_take_until (rest, ";"));
      RtText name = rt_take_until (&pair, "=");

      rt_take_char (rest, ';');
      if (rt_take_char (&pair, '='))
        {
          *ret_name = rt_text_trim (name);
          *ret_value = rt_text_trim (pair);
          return TRUE;
        }
      if (name.length > 0)
        {
          *ret_name = rt_text_sub (name, 0, 0);
          *ret_value = name;
          return TRUE;
        }
    }
  return FALSE;
}
