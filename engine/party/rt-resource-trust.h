/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a resource knows of a request that servers before it have passed on: whom it is from, and
 * what that client spoke and asked for. */
#pragma once

#include "rt-forwarded-trust.h"
#include "rt-resource.h"

G_BEGIN_DECLS

/**
 * RtResourceTrust:
 * @fields: what the servers before it write
 * @networks: (nullable): whose word is taken
 * @https_only: requests over http are sent to https
 */
typedef struct
{
  RtForwardedFields fields;
  char **networks;
  gboolean https_only;
} RtResourceTrust;

/**
 * RtSeen:
 * @client, @scheme, @authority: owned, for #RtCall
 *
 * A request as its resource sees it.
 */
typedef struct
{
  char *client, *scheme, *authority;
} RtSeen;

/* Of rt_resource_common_settings(): the words for #RtForwardedFields. */
extern const char *const rt_resource_trust_fields[];
gboolean
rt_resource_trust_check_networks (const RtSetting *setting, GVariant *value, GError **error);

void rt_resource_trust_init (RtResourceTrust *trust, const RtGiven *given);
void rt_resource_trust_clear (RtResourceTrust *trust);
void rt_resource_trust_see (const RtResourceTrust *trust,
                            RtCall *call,
                            RtSeen *ret_seen,
                            RtEffects *out);
gboolean
rt_resource_trust_redirects (const RtResourceTrust *trust, const RtCall *call, RtReply *reply);
void rt_seen_clear (RtSeen *seen);

char *rt_call_expand (const RtCall *call, const char *text);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtSeen, rt_seen_clear)

G_END_DECLS
