/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON Web Tokens: signed ones in compact form. */
#pragma once

#include "rt-json-value.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_JWT_LENGTH_MAX: of a token in compact form; a longer one is refused. */
#define RT_JWT_LENGTH_MAX 16384

/** RtJwsAlgorithm: those that are verified here; any other, `none` above all, is refused. */
typedef enum
{
  RT_JWS_REFUSED,
  RT_JWS_HS256,
  RT_JWS_ES256,
} RtJwsAlgorithm;

/**
 * RtJwsKey:
 * @algorithm: what the key is for. The key decides, never the token: or a public key could be
 *   passed off as a shared secret.
 * @secret: %RT_JWS_HS256
 * @x, @y: %RT_JWS_ES256: the coordinates of a point on P-256, 32 bytes each
 */
typedef struct
{
  RtJwsAlgorithm algorithm;
  GBytes *secret, *x, *y;
} RtJwsKey;

gboolean rt_jws_key_parse (RtText jwk, RtJwsKey *ret_key, GError **error);
void rt_jws_key_clear (RtJwsKey *key);

/**
 * RtJwt:
 * @token: all of it; borrowed
 * @header, @payload, @signature: their parts of @token, still encoded
 * @header_json, @payload_bytes, @signature_bytes: decoded
 * @claims: of the payload; its text is empty where that is no JSON object
 * @algorithm: what the header asks for
 * @algorithm_name: in the header's words
 */
typedef struct
{
  RtText token, header, payload, signature;
  GBytes *header_json, *payload_bytes, *signature_bytes;
  RtJson claims;
  RtJwsAlgorithm algorithm;
  char *algorithm_name;
} RtJwt;

RtJwt *rt_jwt_parse (RtText token, GError **error);
void rt_jwt_free (RtJwt *jwt);
gboolean rt_jwt_verify (const RtJwt *jwt, const RtJwsKey *key);
gboolean rt_jwt_get_time (const RtJwt *jwt, const char *claim, RtTime *ret_time);
char *rt_jwt_sign (RtText payload, const RtJwsKey *key);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtJwt, rt_jwt_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtJwsKey, rt_jws_key_clear)

G_END_DECLS
