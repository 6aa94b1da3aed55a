/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a request was sent to, from its head and its connection. */
#include "rt-target-uri.h"

#include "rt-uri.h"

#include <string.h>

/* Where nothing in the message says it, what was connected to does. */
static char *
connected_to (const RtConnectionInfo *connection)
{
  guint16 usual = connection->secure ? 443 : 80;

  if (connection->host == NULL)
    return g_strdup ("");
  if (connection->port == usual || connection->port == 0)
    return g_strdup (connection->host);
  return g_strdup_printf (strchr (connection->host, ':') != NULL ? "[%s]:%u" : "%s:%u",
                          connection->host, connection->port);
}

/**
 * rt_target_uri_read:
 * @request: its head
 * @connection: that it crossed
 * @ret_scheme: (out): in lower case
 * @ret_authority: (out): as it was written, fit to be shown; empty where nothing says it
 *
 * RFC 9112 §3.3: how scheme and authority of the target URI are found. An absolute-form target
 * overrides Host (§3.2.2).
 */
void
rt_target_uri_read (const RtMessage *request,
                    const RtConnectionInfo *connection,
                    char **ret_scheme,
                    char **ret_authority)
{
  RtUri uri = rt_uri_split (request->target);
  const RtField *host = rt_fields_first (request->fields, "Host");

  if (uri.scheme.at != NULL && uri.authority.at != NULL)
    {
      *ret_scheme = g_ascii_strdown (uri.scheme.at, (gssize)uri.scheme.length);
      *ret_authority = rt_text_escape (uri.authority);
      return;
    }
  *ret_scheme = g_strdup (connection->secure ? "https" : "http");
  if (rt_text_is (request->method, "CONNECT"))
    *ret_authority = rt_text_escape (request->target);
  else if (host != NULL && host->value.length > 0)
    *ret_authority = rt_text_escape (host->value);
  else
    *ret_authority = connected_to (connection);
}
