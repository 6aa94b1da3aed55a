/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cookie and Set-Cookie: the grammar that user agents follow. What a jar then does with a cookie is
 * for the rules. */
#pragma once

#include "rt-text.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_COOKIE_PAIR_MAX: name and value together, RFC 6265bis §5.6. */
#define RT_COOKIE_PAIR_MAX 4096
/** RT_COOKIE_ATTRIBUTE_MAX: a longer attribute value is ignored. */
#define RT_COOKIE_ATTRIBUTE_MAX 1024

/**
 * RtSetCookieVerdict:
 * @RT_SET_COOKIE_CONTROL: there is a control character in it
 * @RT_SET_COOKIE_TOO_LONG: over %RT_COOKIE_PAIR_MAX
 * @RT_SET_COOKIE_EMPTY: neither name nor value
 *
 * Whether a Set-Cookie field is taken or ignored entirely.
 */
typedef enum
{
  RT_SET_COOKIE_TAKEN,
  RT_SET_COOKIE_CONTROL,
  RT_SET_COOKIE_TOO_LONG,
  RT_SET_COOKIE_EMPTY,
} RtSetCookieVerdict;

typedef enum
{
  RT_SAME_SITE_DEFAULT,
  RT_SAME_SITE_NONE,
  RT_SAME_SITE_LAX,
  RT_SAME_SITE_STRICT,
} RtSameSite;

typedef enum
{
  RT_COOKIE_OTHER,
  RT_COOKIE_EXPIRES,
  RT_COOKIE_MAX_AGE,
  RT_COOKIE_DOMAIN,
  RT_COOKIE_PATH,
  RT_COOKIE_SECURE,
  RT_COOKIE_HTTP_ONLY,
  RT_COOKIE_SAME_SITE,
  RT_COOKIE_N_ATTRIBUTES,
} RtCookieAttributeKind;

/**
 * RtCookieAttribute:
 * @name, @value: without white space around them
 * @whole: both, as written
 * @ignored: it is too long or holds nothing that can be used
 * @time: %RT_COOKIE_EXPIRES
 * @seconds: %RT_COOKIE_MAX_AGE; saturates at ±2^31
 * @same_site: %RT_COOKIE_SAME_SITE
 */
typedef struct
{
  RtCookieAttributeKind kind;
  RtText name, value, whole;
  gboolean ignored;
  RtTime time;
  gint64 seconds;
  RtSameSite same_site;
} RtCookieAttribute;

/**
 * RtSetCookie:
 * @name: may be empty: a nameless cookie
 * @value: quotes are part of it
 * @pair: name and value, as written
 * @attributes: for rt_cookie_attribute_next()
 *
 * One Set-Cookie field. Borrowed.
 */
typedef struct
{
  RtText name, value, pair, attributes;
} RtSetCookie;

RtSetCookieVerdict rt_set_cookie_parse (RtText field_value, RtSetCookie *ret_cookie);
gboolean rt_cookie_attribute_next (RtText *rest, RtCookieAttribute *ret_attribute);
gboolean rt_set_cookie_find (const RtSetCookie *cookie,
                             RtCookieAttributeKind kind,
                             RtCookieAttribute *ret_attribute);

gboolean rt_cookie_pair_next (RtText *rest, RtText *ret_name, RtText *ret_value);

G_END_DECLS
