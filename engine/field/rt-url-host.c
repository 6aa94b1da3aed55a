/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hosts of URLs, url#host-parsing: domains by libidn2, the many spellings of an IPv4 address, IPv6,
 * and the opaque hosts of schemes that the standard does not know. */
#include "rt-url.h"

#include "rt-address.h"
#include "rt-error.h"
#include "rt-percent.h"
#include "rt-scan.h"

/* Its header has a macro of the same name as one of GLib's. */
#pragma push_macro("G_GNUC_DEPRECATED")
#undef G_GNUC_DEPRECATED
#include <idn2.h>
#undef G_GNUC_DEPRECATED
#pragma pop_macro("G_GNUC_DEPRECATED")

static char *
fail (GError **error, const char *expected)
{
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, expected, "this is no host");
  return NULL;
}

/* url#forbidden-host-code-point; NUL is refused apart. */
static gboolean
is_forbidden_host_char (char c)
{
  return c == '\0' || strchr ("\t\n\r #/:<>?@[\\]^|", c) != NULL;
}

/* url#forbidden-domain-code-point */
static gboolean
is_forbidden_domain_char (char c)
{
  return is_forbidden_host_char (c) || (guchar)c < 0x20 || c == '%' || c == 0x7f;
}

/* One part of a browser's IPv4 address: decimal, octal with a leading zero, hex with 0x. Too large
 * ones saturate: they are refused by whoever compares. */
static gboolean
parse_ipv4_number (RtText text, guint64 *ret_value)
{
  guint radix = 10;
  guint64 value = 0;

  if (text.length == 0)
    return FALSE;
  if (text.length >= 2 && text.at[0] == '0')
    {
      gboolean hex = (text.at[1] | 0x20) == 'x';

      radix = hex ? 16 : 8;
      rt_skip (&text, hex ? 2 : 1);
    }
  for (gsize i = 0; i < text.length; i++)
    {
      int digit = g_ascii_xdigit_value (text.at[i]);

      if (digit < 0 || digit >= (int)radix)
        return FALSE;
      value = MIN (value * radix + (guint)digit, G_MAXUINT32 + G_GUINT64_CONSTANT (1));
    }
  *ret_value = value;
  return TRUE;
}

/* url#ends-in-a-number-checker: then the host is an IPv4 address or nothing. */
static gboolean
ends_in_number (RtText host)
{
  gsize start;
  RtText last, digits;
  guint64 value;

  if (host.length > 0 && host.at[host.length - 1] == '.')
    host.length--;
  for (start = host.length; start > 0 && host.at[start - 1] != '.'; start--)
    ;
  last = digits = rt_text_sub (host, start, host.length - start);
  if (last.length > 0 && rt_take_digits (&digits).length == last.length)
    return TRUE;
  return parse_ipv4_number (last, &value);
}

/* url#concept-ipv4-parser */
static gboolean
parse_ipv4 (RtText host, guint32 *ret_address)
{
  guint64 numbers[4];
  guint64 address = 0;
  guint n = 0;

  if (host.length > 0 && host.at[host.length - 1] == '.')
    host.length--;
  do
    if (n == 4 || !parse_ipv4_number (rt_take_until (&host, "."), &numbers[n++]))
      return FALSE;
  while (rt_take_char (&host, '.'));
  for (guint i = 0; i + 1 < n; i++)
    {
      if (numbers[i] > 255)
        return FALSE;
      address |= numbers[i] << (8 * (3 - i));
    }
  /* The last number fills all the bytes that are left. */
  if (numbers[n - 1] >> (8 * (5 - n)) != 0)
    return FALSE;
  *ret_address = (guint32)(address | numbers[n - 1]);
  return TRUE;
}

static char *
parse_bracketed (RtText input, GError **error)
{
  GString *out;
  RtIpv6 address;

  if (input.length < 2 || input.at[input.length - 1] != ']'
      || !rt_ipv6_parse (rt_text_sub (input, 1, input.length - 2), &address))
    return fail (error, "an IPv6 address in brackets");
  out = g_string_new ("[");
  rt_ipv6_append (out, &address);
  g_string_append_c (out, ']');
  return g_string_free (out, FALSE);
}

static char *
parse_opaque (RtText input, GError **error)
{
  GString *out;

  for (gsize i = 0; i < input.length; i++)
    if (is_forbidden_host_char (input.at[i]))
      return fail (error, "none of the characters that delimit hosts");
  out = g_string_new (NULL);
  rt_percent_encode (out, RT_PERCENT_C0_CONTROL, input);
  return g_string_free (out, FALSE);
}

static gboolean
is_ascii (const GString *text)
{
  for (gsize i = 0; i < text->len; i++)
    if ((guchar)text->str[i] > 0x7f)
      return FALSE;
  return TRUE;
}

/* url#concept-domain-to-ascii, not strict. ASCII is only lowercased, as browsers do it, even where
 * an "xn--" label is broken. libidn2 refuses symbols and some hyphens, which IDNA2008 forbids and
 * the UTS #46 processing of browsers allows: for those GLib's conversion has the last word. */
static char *
domain_to_ascii (const GString *domain)
{
  char *ascii = NULL;
  g_autofree char *owned = NULL;
  int status;

  if (is_ascii (domain))
    return g_ascii_strdown (domain->str, (gssize)domain->len);
  if (!g_utf8_validate (domain->str, (gssize)domain->len, NULL))
    return NULL;
  status = idn2_to_ascii_8z (domain->str, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  if (status == IDN2_OK)
    {
      owned = g_ascii_strdown (ascii, -1);
      idn2_free (ascii);
    }
  else if (status == IDN2_DISALLOWED || status == IDN2_2HYPHEN || status == IDN2_HYPHEN_STARTEND)
    owned = g_hostname_to_ascii (domain->str);
  return g_steal_pointer (&owned);
}

static char *
parse_domain (RtText input, RtUrlHostKind *ret_kind, GError **error)
{
  g_autoptr (GString) decoded = g_string_sized_new (input.length);
  g_autofree char *ascii = NULL;
  GString *out;
  guint32 ipv4;

  rt_percent_decode (decoded, input);
  if (memchr (decoded->str, '\0', decoded->len) != NULL)
    return fail (error, "a domain without NUL");
  ascii = domain_to_ascii (decoded);
  if (ascii == NULL || *ascii == '\0')
    return fail (error, "a domain");
  for (const char *at = ascii; *at != '\0'; at++)
    if (is_forbidden_domain_char (*at))
      return fail (error, "none of the characters that no domain has");
  if (!ends_in_number (rt_text (ascii)))
    {
      *ret_kind = RT_URL_HOST_DOMAIN;
      return g_steal_pointer (&ascii);
    }
  if (!parse_ipv4 (rt_text (ascii), &ipv4))
    return fail (error, "an IPv4 address, since it ends in a number");
  *ret_kind = RT_URL_HOST_IPV4;
  out = g_string_new (NULL);
  rt_ipv4_append (out, ipv4);
  return g_string_free (out, FALSE);
}

/**
 * rt_url_host_parse:
 * @input: a host as it stands in a URL
 * @special: whether the URL's scheme is special
 * @ret_kind: (out): what it is
 *
 * Errors: %RT_ERROR_SYNTAX. Source: url#concept-host-parser.
 *
 * Returns: (transfer full) (nullable): the host as it is serialized
 */
char *
rt_url_host_parse (RtText input, gboolean special, RtUrlHostKind *ret_kind, GError **error)
{
  if (rt_peek (input) == '[')
    {
      *ret_kind = RT_URL_HOST_IPV6;
      return parse_bracketed (input, error);
    }
  if (special)
    return parse_domain (input, ret_kind, error);
  *ret_kind = input.length > 0 ? RT_URL_HOST_OPAQUE : RT_URL_HOST_EMPTY;
  return parse_opaque (input, error);
}
