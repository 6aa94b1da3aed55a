/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request of the plain client, from what stands on the command line. */
#include "rt-fetch.h"

#include "rt-error.h"
#include "rt-scan.h"

#include <string.h>

/**
 * rt_fetch_read_field:
 * @text: `NAME: VALUE`
 * @fields: gets it
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether it is a field
 */
gboolean
rt_fetch_read_field (const char *text, RtFields *fields, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 2);

  if (parts[0] == NULL || parts[1] == NULL || !rt_text_is_token (rt_text (parts[0]))
      || strpbrk (parts[1], "\r\n") != NULL)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "NAME: VALUE", "“%s” is no field", text);
      return FALSE;
    }
  rt_fields_append (fields, parts[0], g_strstrip (parts[1]));
  return TRUE;
}

/**
 * rt_fetch_read_curl:
 * @command: a command line of curl; `-`: it is on standard input
 *
 * Errors: those of rt_curl_parse(); of standard input.
 *
 * Returns: (transfer full) (nullable): what it tells curl to send
 */
RtCurlRequest *
rt_fetch_read_curl (const char *command, GError **error)
{
  g_autofree char *text = NULL;
  gsize length;

  if (!g_str_equal (command, "-"))
    return rt_curl_parse (command, error);
  if (!g_file_get_contents ("/dev/stdin", &text, &length, error))
    return NULL;
  if (memchr (text, '\0', length) == NULL)
    return rt_curl_parse (text, error);
  rt_set_error (error, RT_ERROR_SYNTAX, &(RtPlace){ "standard input", 0, 0 },
                "a command line of curl", "there is a NUL in it");
  return NULL;
}

/**
 * rt_fetch_read_url:
 * @text: what the user typed
 *
 * Errors: %RT_ERROR_SYNTAX; %RT_ERROR_UNSUPPORTED: neither http nor https.
 *
 * Returns: (nullable) (transfer full): the URL
 */
RtUrl *
rt_fetch_read_url (const char *text, GError **error)
{
  g_autoptr (RtUrl) url = rt_url_parse (rt_text (text), NULL, error);

  if (url == NULL)
    return NULL;
  if (!g_str_equal (url->scheme, "http") && !g_str_equal (url->scheme, "https"))
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "http or https", "%s can't be spoken here",
                    url->scheme);
      return NULL;
    }
  return g_steal_pointer (&url);
}

/**
 * rt_fetch_make_request:
 * @method: of any name that can be one
 * @url: where it goes
 * @fields: (nullable): fields of the user's, which count more than ours
 *
 * Errors: %RT_ERROR_SYNTAX: that is no method.
 *
 * Returns: (nullable) (transfer full): what the plain client sends
 */
RtMessage *
rt_fetch_make_request (const char *method, const RtUrl *url, RtFields *fields, GError **error)
{
  g_autofree char *target = rt_url_dup_target (url);
  g_autofree char *authority = rt_url_dup_authority (url);
  const char *const own[][2]
      = { { "Host", authority }, { "User-Agent", "Roundtrip" }, { "Accept", "*/*" } };
  RtMessage *request;

  if (!rt_text_is_token (rt_text (method)))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "letters such as GET", "“%s” is no method",
                    method);
      return NULL;
    }
  request = rt_message_new_request (method, target);
  for (gsize i = 0; i < G_N_ELEMENTS (own); i++)
    if (fields == NULL || rt_fields_first (fields, own[i][0]) == NULL)
      rt_fields_append (request->fields, own[i][0], own[i][1]);
  for (guint i = 0; fields != NULL && i < rt_fields_get_length (fields); i++)
    rt_fields_append_field (request->fields, rt_fields_get (fields, i));
  return request;
}
