/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Challenges and credentials of the authentication framework. */
#pragma once

#include "rt-list.h"

G_BEGIN_DECLS

/**
 * RtChallenge:
 * @scheme: compare without case
 * @token68: `QWxhZGRpbg==`; %RT_TEXT_NONE where there is none
 * @parameters: for rt_auth_parameter_next(); %RT_TEXT_NONE where there are none
 * @whole: all of it
 *
 * A challenge or credentials, RFC 9110 §11: a scheme with either a token68 or parameters.
 */
typedef struct
{
  RtText scheme, token68, parameters, whole;
  gboolean malformed;
} RtChallenge;

gboolean rt_challenge_next (RtText *rest, RtChallenge *ret_challenge);
gboolean rt_credentials_parse (RtText value, RtChallenge *ret_credentials);
gboolean rt_auth_parameter_next (RtText *rest, RtParameter *ret_parameter);
gboolean
rt_challenge_find (const RtChallenge *challenge, const char *name, RtParameter *ret_parameter);

gboolean
rt_basic_credentials_parse (const RtChallenge *credentials, char **ret_user, char **ret_password);
char *rt_basic_credentials_format (const char *user, const char *password);

G_END_DECLS
