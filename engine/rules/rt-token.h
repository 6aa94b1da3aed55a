/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON Web Tokens: does this one prove what it claims, here and now? */
#pragma once

#include "rt-decision.h"
#include "rt-jwt.h"

G_BEGIN_DECLS

/**
 * RtTokenPolicy:
 * @key: what signatures are checked with
 * @issuer: (nullable): the only one that counts; %NULL: any
 * @audience: (nullable): who asks; %NULL: tokens for others are taken too
 * @leeway: how far clocks may differ
 * @forever: a token without `exp` is taken
 *
 * What a recipient of tokens demands. Borrowed.
 */
typedef struct
{
  const RtJwsKey *key;
  const char *issuer, *audience;
  RtTime leeway;
  gboolean forever;
} RtTokenPolicy;

/**
 * RtTokenSource:
 * @text: the token in compact form
 * @span: where it stands; none for one that came in no message
 */
typedef struct
{
  RtText text;
  RtSpan span;
} RtTokenSource;

extern const RtRule rt_rule_token;

gboolean rt_token_decide (const RtTokenSource *token,
                          const RtTokenPolicy *policy,
                          RtTime now,
                          RtDecision *why);

G_END_DECLS
