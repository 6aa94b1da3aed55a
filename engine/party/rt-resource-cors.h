/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a resource grants to scripts of other origins, as CORS fields. Whether it helps them the
 * browser decides. */
#pragma once

#include "rt-resource.h"

G_BEGIN_DECLS

/**
 * RtCorsGrant:
 * @origins: (nullable): who may read; %NULL or empty: the resource has not heard of CORS
 * @methods, @headers, @expose: lists as they go over the wire; empty: none
 * @max_age: 0: it does not say
 * @vary: Vary: Origin goes with an answer that names an origin
 * @errors: … and errors carry the fields, too
 */
typedef struct
{
  char **origins;
  char *methods, *headers, *expose;
  RtTime max_age;
  gboolean credentials, vary, errors;
} RtCorsGrant;

void rt_cors_grant_init (RtCorsGrant *grant, const RtGiven *given);
void rt_cors_grant_clear (RtCorsGrant *grant);
gboolean rt_cors_check_origins (const RtSetting *setting, GVariant *value, GError **error);
gboolean rt_cors_grant_preflight (const RtCorsGrant *grant,
                                  const RtCall *call,
                                  RtReply *reply,
                                  RtEffects *out);
void rt_cors_grant_apply (const RtCorsGrant *grant,
                          const RtCall *call,
                          RtMessage *response,
                          RtEffects *out);

G_END_DECLS
