/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Host and port as HTTP has them: the authority of RFC 3986 without userinfo, its port one that can
 * be connected to. */
#include "rt-http1-authority.h"

#include "rt-uri.h"

/**
 * rt_authority_split:
 * @authority: `uri-host [ ":" port ]`, RFC 9110 §7.2
 * @ret_host: (out): a name or an address, brackets included; may be empty
 * @ret_port: (out): digits; empty if there are none
 *
 * Returns: whether @authority follows the grammar; the out parameters are untouched if not
 */
gboolean
rt_authority_split (RtText authority, RtText *ret_host, RtText *ret_port)
{
  RtAuthority parts;
  guint port;

  if (!rt_authority_parse (authority, &parts) || parts.userinfo.at != NULL
      || (parts.port.length > 0 && !rt_authority_get_port (&parts, &port)))
    return FALSE;
  *ret_host = parts.host;
  *ret_port = parts.port;
  return TRUE;
}

/**
 * rt_authority_of_target:
 * @target: a request-target
 * @ret_authority: (out): what stands between `scheme://` and the path
 *
 * Returns: whether @target is in absolute-form (RFC 9112 §3.2.2)
 */
gboolean
rt_authority_of_target (RtText target, RtText *ret_authority)
{
  RtUri uri;

  if (target.length == 0 || target.at[0] == '/')
    return FALSE;
  uri = rt_uri_split (target);
  if (uri.scheme.at == NULL || uri.authority.at == NULL)
    return FALSE;
  *ret_authority = uri.authority;
  return TRUE;
}
