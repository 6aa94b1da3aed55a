/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server as people write down where it is. */
#include "rt-host-port.h"

#include "rt-error.h"
#include "rt-uri.h"
#include "rt-url.h"

#include <string.h>

static gboolean
parse_port (const RtAuthority *authority, gboolean any, guint *ret_port)
{
  guint64 port;

  if (!any || !rt_text_to_uint64 (authority->port, &port) || port > 0)
    return rt_authority_get_port (authority, ret_port);
  *ret_port = 0;
  return TRUE;
}

/* @any: the port may be 0. */
static gboolean
parse (const char *text, gboolean any, RtHostPort *ret_place, GError **error)
{
  RtAuthority authority;
  RtText host;
  guint port;

  if (!rt_authority_parse (rt_text (text), &authority) || authority.userinfo.at != NULL
      || authority.host.length == 0 || authority.port.length == 0
      || !parse_port (&authority, any, &port))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "HOST:PORT, such as 127.0.0.1:8080",
                    "“%s” is no address", text);
      return FALSE;
    }
  host = authority.host;
  if (host.at[0] == '[')
    host = rt_text_sub (host, 1, host.length - 2);
  *ret_place = (RtHostPort){ .host = rt_text_dup (host), .port = (guint16)port };
  return TRUE;
}

/**
 * rt_host_port_parse:
 * @text: `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`
 * @ret_place: (out): untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether it names a host and a port
 */
gboolean
rt_host_port_parse (const char *text, RtHostPort *ret_place, GError **error)
{
  return parse (text, FALSE, ret_place, error);
}

/**
 * rt_host_port_parse_own:
 * @text: as for rt_host_port_parse(), for a place to listen at: its port may be 0, which stands for
 *   any that is free
 * @ret_place: (out): untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether it names a host and a port
 */
gboolean
rt_host_port_parse_own (const char *text, RtHostPort *ret_place, GError **error)
{
  return parse (text, TRUE, ret_place, error);
}

/**
 * rt_host_port_parse_url:
 * @text: `http://127.0.0.1:8080`, `https://www.example.com`; or as rt_host_port_parse() has it
 * @ret_place: (out): untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether it names a server, and nothing below it
 */
gboolean
rt_host_port_parse_url (const char *text, RtHostPort *ret_place, GError **error)
{
  g_autoptr (RtUrl) url = NULL;
  gboolean secure;
  RtText host;

  if (strstr (text, "://") == NULL)
    return rt_host_port_parse (text, ret_place, error);
  url = rt_url_parse (rt_text (text), NULL, error);
  if (url == NULL)
    return FALSE;
  secure = g_str_equal (url->scheme, "https");
  if ((!secure && !g_str_equal (url->scheme, "http")) || !g_str_equal (url->path, "/")
      || url->query != NULL || url->fragment != NULL || *url->username != '\0')
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "https://HOST, http://HOST:PORT",
                    "“%s” is more than a server, or something else", text);
      return FALSE;
    }
  host = rt_text (url->host);
  if (url->host_kind == RT_URL_HOST_IPV6)
    host = rt_text_sub (host, 1, host.length - 2);
  *ret_place = (RtHostPort){ .host = rt_text_dup (host),
                             .port = (guint16)rt_url_get_port (url),
                             .secure = secure,
                             .named = TRUE };
  return TRUE;
}

/** rt_host_port_clear: @place: what was read into it is freed */
void
rt_host_port_clear (RtHostPort *place)
{
  g_clear_pointer (&place->host, g_free);
}
