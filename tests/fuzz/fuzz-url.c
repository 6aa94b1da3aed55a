/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * URLs and URIs. Invariants, whatever the bytes are:
 * - a URL is ASCII when it is serialized, and parsed again it is the same URL;
 * - a URI's normal form is normal, and is equivalent to what it came from;
 * - the parts of a URI put together are the URI.
 *
 * Of two lines, the second is the base. */
#include "rt-site.h"
#include "rt-uri.h"
#include "rt-url.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_url (RtText input, const RtUrl *base)
{
  g_autoptr (RtUrl) url = rt_url_parse (input, base, NULL);
  g_autoptr (RtUrl) again = NULL;
  g_autofree char *href = NULL;
  g_autofree char *origin = NULL;

  if (url == NULL)
    return;
  href = rt_url_serialize (url, TRUE);
  g_assert_true (g_str_is_ascii (href));
  again = rt_url_parse (rt_text (href), NULL, NULL);
  g_assert_nonnull (again);
  g_assert_true (rt_url_equal (url, again, TRUE));
  g_assert_cmpint (url->host_kind, ==, again->host_kind);
  origin = rt_url_dup_origin (url);
  g_assert_true (rt_url_same_origin (url, again) || strcmp (origin, "null") == 0
                 || strcmp (url->scheme, "blob") == 0);
  g_assert_true (rt_url_same_site (url, again) == rt_url_same_origin (url, again));
}

static gsize
part_length (RtText part, gsize marks)
{
  return part.at != NULL ? part.length + marks : 0;
}

static void
check_uri (RtText input)
{
  RtUri uri = rt_uri_split (input);
  g_autofree char *normal = rt_uri_normalize (input);
  g_autofree char *again = NULL;

  g_assert_cmpuint (part_length (uri.scheme, 1) + part_length (uri.authority, 2) + uri.path.length
                        + part_length (uri.query, 1) + part_length (uri.fragment, 1),
                    ==, input.length);
  if (normal == NULL)
    return;
  again = rt_uri_normalize (rt_text (normal));
  g_assert_cmpstr (normal, ==, again);
  g_assert_true (rt_uri_equivalent (input, rt_text (normal)));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *line_end = size > 0 ? memchr (data, '\n', size) : NULL;
  gsize length = line_end != NULL ? (gsize)(line_end - data) : size;
  RtText input = { (const char *)data, length };
  RtText rest = rt_text_sub (input, MIN (length + 1, size), size - MIN (length + 1, size));
  g_autoptr (RtUrl) base = rt_url_parse (rest, NULL, NULL);

  check_url (input, NULL);
  if (base != NULL)
    check_url (input, base);
  check_uri (input);
  return 0;
}
