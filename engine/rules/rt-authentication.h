/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Authentication: who may have the resource, and what a client answers to a challenge. */
#pragma once

#include "rt-authenticate.h"
#include "rt-message.h"
#include "rt-token.h"

G_BEGIN_DECLS

/** RtAuthScheme: how a resource is protected. */
typedef enum
{
  RT_AUTH_BASIC,
  RT_AUTH_BEARER,
} RtAuthScheme;

/**
 * RtAccount:
 * @user: Basic: the name; Bearer: whom the token stands for
 * @secret: the password, or the token
 * @scope: (nullable): what a token is good for, words with spaces between
 * @expires: when a token ends; %RT_TIME_NEVER: never
 *
 * Whom a server knows.
 */
typedef struct
{
  const char *user, *secret, *scope;
  RtTime expires;
} RtAccount;

/**
 * RtProtection:
 * @realm: its name
 * @scope: (nullable): one word that a token must be good for
 * @proxy: it is a proxy that asks: Proxy-Authorization, 407
 * @accounts: (array length=n_accounts): who is known
 * @tokens: (nullable): Bearer: instead of @accounts, tokens that prove themselves
 *
 * What stands before a resource. Borrowed.
 */
typedef struct
{
  RtAuthScheme scheme;
  const char *realm, *scope;
  gboolean proxy;
  const RtAccount *accounts;
  guint n_accounts;
  const RtTokenPolicy *tokens;
} RtProtection;

/**
 * RtAuthentication:
 * @RT_AUTHENTICATION_MISSING: there are no credentials of the scheme: ask for them
 * @RT_AUTHENTICATION_MALFORMED: there are, but nobody can read them
 * @RT_AUTHENTICATION_REFUSED: they prove nothing, or nothing any more
 * @RT_AUTHENTICATION_INSUFFICIENT: they are good, but not for this
 */
typedef enum
{
  RT_AUTHENTICATION_GRANTED,
  RT_AUTHENTICATION_MISSING,
  RT_AUTHENTICATION_MALFORMED,
  RT_AUTHENTICATION_REFUSED,
  RT_AUTHENTICATION_INSUFFICIENT,
} RtAuthentication;

extern const RtRule rt_rule_authentication;
extern const RtRule rt_rule_challenge;

RtAuthentication rt_authentication_decide (RtMessage *request,
                                           const RtProtection *protection,
                                           RtTime now,
                                           const RtAccount **ret_account,
                                           RtDecision *why);
guint rt_authentication_status (RtAuthentication verdict, const RtProtection *protection);
char *rt_authentication_dup_challenge (RtAuthentication verdict, const RtProtection *protection);
const char *rt_authentication_name (RtAuthentication verdict);

/**
 * RtChallengeContext:
 * @schemes: (array zero-terminated=1): those that the client has credentials for, the one it likes
 *   best first
 * @secure: what it sends goes over TLS
 * @cleartext: it sends secrets without TLS as well
 *
 * What a client can answer.
 */
typedef struct
{
  const char *const *schemes;
  gboolean secure, cleartext;
} RtChallengeContext;

gboolean rt_challenge_decide (RtMessage *request,
                              RtMessage *response,
                              const RtChallengeContext *context,
                              RtChallenge *ret_challenge,
                              RtDecision *why);

G_END_DECLS
