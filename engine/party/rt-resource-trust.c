/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a resource knows of a request. Its own connection tells it who is at the other end of that,
 * and no more; for the rest it has the word of others, and believes it or not. */
#include "rt-resource-trust.h"

#include "rt-address.h"

const char *const rt_resource_trust_fields[] = { "none", "forwarded", "x-forwarded", NULL };

static gboolean
is_network (const char *text)
{
  const char *slash = strchr (text, '/');
  RtText address = slash != NULL ? (RtText){ text, (gsize)(slash - text) } : rt_text (text);
  guint64 bits = 0, most = 0;
  guint32 v4;
  RtIpv6 v6;

  if (rt_ipv4_parse (address, &v4))
    most = 32;
  else if (rt_ipv6_parse (address, &v6))
    most = 128;
  return most > 0
         && (slash == NULL || (rt_text_to_uint64 (rt_text (slash + 1), &bits) && bits <= most));
}

/**
 * rt_resource_trust_check_networks:
 * @setting: a list
 * @value: its value
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether it names addresses and networks alone
 */
gboolean
rt_resource_trust_check_networks (const RtSetting *setting, GVariant *value, GError **error)
{
  g_autofree const char **networks = g_variant_get_strv (value, NULL);

  for (guint i = 0; networks[i] != NULL; i++)
    if (!is_network (networks[i]))
      {
        rt_set_error (error, RT_ERROR_SYNTAX, NULL, "an address or a network such as 10.0.0.0/8",
                      "%s: “%s” is none", setting->name, networks[i]);
        return FALSE;
      }
  return TRUE;
}

void
rt_resource_trust_init (RtResourceTrust *trust, const RtGiven *given)
{
  trust->fields = (RtForwardedFields)rt_given_get_choice (given, "forwarded");
  trust->networks = rt_given_dup_list (given, "trusts");
  trust->https_only = rt_given_get_boolean (given, "https-only");
}

void
rt_resource_trust_clear (RtResourceTrust *trust)
{
  g_strfreev (trust->networks);
}

static gboolean
is_scheme (RtText proto, const char *scheme)
{
  return proto.at != NULL && rt_text_is_nocase (proto, scheme);
}

/* Each call of a request sees the same; the first one says why. */
static void
take_word (const RtResourceTrust *trust, const RtCall *call, RtSeen *seen, RtEffects *out)
{
  const RtForwardedTrust whose = { .fields = trust->fields,
                                   .networks = (const char *const *)trust->networks,
                                   .n_networks = g_strv_length (trust->networks) };
  RtDecision *why = call->again ? NULL : rt_decision_new ();
  RtForwardedClient client = rt_forwarded_decide (call->request, call->client, &whose, why);

  if (why != NULL)
    rt_effects_decide (out, why, TRUE);
  seen->client = rt_text_dup (client.name);
  if (is_scheme (client.proto, "https") || is_scheme (client.proto, "http"))
    seen->scheme = g_ascii_strdown (client.proto.at, (gssize)client.proto.length);
  if (client.host.at != NULL)
    seen->authority = rt_text_dup (client.host);
}

/**
 * rt_resource_trust_see:
 * @trust: whose word is taken
 * @call: as the connection tells it; then as the resource sees it
 * @ret_seen: (out): what @call then points to
 * @out: where the decision goes, if there is one
 */
void
rt_resource_trust_see (const RtResourceTrust *trust, RtCall *call, RtSeen *ret_seen, RtEffects *out)
{
  *ret_seen = (RtSeen){ NULL };
  if (trust->fields == RT_FORWARDED_NONE)
    return;
  take_word (trust, call, ret_seen, out);
  call->client = ret_seen->client;
  if (ret_seen->scheme != NULL)
    call->scheme = ret_seen->scheme;
  if (ret_seen->authority != NULL)
    call->authority = ret_seen->authority;
}

void
rt_seen_clear (RtSeen *seen)
{
  g_free (seen->client);
  g_free (seen->scheme);
  g_free (seen->authority);
}

/**
 * rt_resource_trust_redirects:
 * @trust: whether http is served
 * @call: as the resource sees it
 * @reply: empty; where to go instead
 *
 * Returns: whether the request is sent to https
 */
gboolean
rt_resource_trust_redirects (const RtResourceTrust *trust, const RtCall *call, RtReply *reply)
{
  g_autofree char *location = NULL;

  if (!trust->https_only || strcmp (call->scheme, "https") == 0)
    return FALSE;
  location
      = g_strdup_printf ("https://%s%s%s%s", call->authority, call->path,
                         call->query != NULL ? "?" : "", call->query != NULL ? call->query : "");
  rt_reply_with_status (reply, 308, NULL);
  rt_fields_append (reply->response->fields, "Location", location);
  return TRUE;
}

/**
 * rt_call_expand:
 * @call: as the resource sees it
 * @text: a text of the resource's author
 *
 * Returns: (transfer full): @text with `{client}`, `{scheme}`, `{host}` and `{path}` replaced
 */
char *
rt_call_expand (const RtCall *call, const char *text)
{
  const struct
  {
    const char *name, *value;
  } words[] = {
    { "{client}", call->client },
    { "{scheme}", call->scheme },
    { "{host}", call->authority },
    { "{path}", call->path },
  };
  GString *out = g_string_new (NULL);

  while (*text != '\0')
    {
      gsize i = 0;

      while (i < G_N_ELEMENTS (words) && !g_str_has_prefix (text, words[i].name))
        i++;
      g_string_append (out, i < G_N_ELEMENTS (words) ? words[i].value : (char[]){ *text, '\0' });
      text += i < G_N_ELEMENTS (words) ? strlen (words[i].name) : 1;
    }
  return g_string_free (out, FALSE);
}
