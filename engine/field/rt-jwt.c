/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JWS in compact form (RFC 7515) with HS256 and ES256 (RFC 7518) through GnuTLS. */
#include "rt-jwt.h"

#include "rt-base64.h"
#include "rt-error.h"
#include "rt-scan.h"

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>

#define MAC_SIZE 32
#define COORDINATE_SIZE 32

static RtText
text_of (GBytes *bytes)
{
  gsize length;
  const char *at = g_bytes_get_data (bytes, &length);

  return (RtText){ at, length };
}

static gboolean
refuse (GError **error, const char *expected)
{
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, expected, "this is no signed token");
  return FALSE;
}

static RtJwsAlgorithm
algorithm_named (const char *name)
{
  /* Case-sensitive, RFC 7515 §4.1.1. */
  if (strcmp (name, "HS256") == 0)
    return RT_JWS_HS256;
  return strcmp (name, "ES256") == 0 ? RT_JWS_ES256 : RT_JWS_REFUSED;
}

static gboolean
read_header (RtJwt *jwt, GError **error)
{
  RtJson header, value;

  if (!rt_json_parse (text_of (jwt->header_json), &header) || header.type != RT_JSON_OBJECT)
    return refuse (error, "a header that is a JSON object without duplicates");
  if (!rt_json_find (&header, "alg", &value) || value.type != RT_JSON_STRING)
    return refuse (error, "an algorithm in the header");
  jwt->algorithm_name = rt_json_string_dup (&value);
  jwt->algorithm = algorithm_named (jwt->algorithm_name);
  /* No extension is understood here, so none that is critical can be (RFC 7515 §4.1.11). */
  if (rt_json_find (&header, "crit", &value))
    return refuse (error, "no critical extensions");
  return TRUE;
}

static gboolean
read_parts (RtJwt *jwt, GError **error)
{
  RtText rest = jwt->token;

  jwt->header = rt_take_until (&rest, ".");
  if (!rt_take_char (&rest, '.'))
    return refuse (error, "three parts with dots between");
  jwt->payload = rt_take_until (&rest, ".");
  if (!rt_take_char (&rest, '.') || memchr (rest.at, '.', rest.length) != NULL)
    return refuse (error, "three parts with dots between");
  jwt->signature = rest;
  jwt->header_json = rt_base64_decode (jwt->header, RT_BASE64_URL);
  jwt->payload_bytes = rt_base64_decode (jwt->payload, RT_BASE64_URL);
  jwt->signature_bytes = rt_base64_decode (jwt->signature, RT_BASE64_URL);
  if (jwt->header_json == NULL || jwt->payload_bytes == NULL || jwt->signature_bytes == NULL)
    return refuse (error, "base64url in each part");
  return TRUE;
}

/**
 * rt_jwt_parse:
 * @token: `header.payload.signature`
 *
 * Nothing is verified yet: see rt_jwt_verify().
 *
 * Errors: %RT_ERROR_SYNTAX, %RT_ERROR_LIMIT. Source: RFC 7515 §5.2, strict base64url.
 *
 * Returns: (transfer full) (nullable): its parts; they borrow from @token
 */
RtJwt *
rt_jwt_parse (RtText token, GError **error)
{
  g_autoptr (RtJwt) jwt = g_new0 (RtJwt, 1);

  if (token.length > RT_JWT_LENGTH_MAX)
    {
      rt_set_error (error, RT_ERROR_LIMIT, NULL,
                    "at most " G_STRINGIFY (RT_JWT_LENGTH_MAX) " bytes", "the token is too long");
      return NULL;
    }
  jwt->token = token;
  if (!read_parts (jwt, error) || !read_header (jwt, error))
    return NULL;
  if (!rt_json_parse (text_of (jwt->payload_bytes), &jwt->claims)
      || jwt->claims.type != RT_JSON_OBJECT)
    jwt->claims = (RtJson){ RT_JSON_NULL, RT_TEXT_NONE };
  return g_steal_pointer (&jwt);
}

void
rt_jwt_free (RtJwt *jwt)
{
  g_clear_pointer (&jwt->header_json, g_bytes_unref);
  g_clear_pointer (&jwt->payload_bytes, g_bytes_unref);
  g_clear_pointer (&jwt->signature_bytes, g_bytes_unref);
  g_free (jwt->algorithm_name);
  g_free (jwt);
}

static gboolean
compute_mac (RtText input, const RtJwsKey *key, guint8 mac[static MAC_SIZE])
{
  RtText secret = text_of (key->secret);

  return gnutls_hmac_fast (GNUTLS_MAC_SHA256, secret.at, secret.length, input.at, input.length, mac)
         == 0;
}

static gboolean
verify_hs256 (RtText input, RtText signature, const RtJwsKey *key)
{
  guint8 mac[MAC_SIZE];

  return signature.length == MAC_SIZE && compute_mac (input, key, mac)
         && gnutls_memcmp (mac, signature.at, MAC_SIZE) == 0;
}

static gnutls_datum_t
datum (RtText text)
{
  return (gnutls_datum_t){ (unsigned char *)text.at, (unsigned int)text.length };
}

static gboolean
verify_es256 (RtText input, RtText signature, const RtJwsKey *key)
{
  gnutls_datum_t x = datum (text_of (key->x));
  gnutls_datum_t y = datum (text_of (key->y));
  gnutls_datum_t data = datum (input);
  gnutls_datum_t der = { NULL, 0 };
  gnutls_datum_t r, s;
  gnutls_pubkey_t public_key = NULL;
  gboolean valid = FALSE;

  /* R and S, each as long as the curve (RFC 7518 §3.4): no other length is one. */
  if (signature.length != 2 * COORDINATE_SIZE || gnutls_pubkey_init (&public_key) < 0)
    return FALSE;
  r = datum (rt_text_sub (signature, 0, COORDINATE_SIZE));
  s = datum (rt_text_sub (signature, COORDINATE_SIZE, COORDINATE_SIZE));
  if (gnutls_pubkey_import_ecc_raw (public_key, GNUTLS_ECC_CURVE_SECP256R1, &x, &y) == 0
      && gnutls_encode_rs_value (&der, &r, &s) == 0)
    valid = gnutls_pubkey_verify_data2 (public_key, GNUTLS_SIGN_ECDSA_SHA256, 0, &data, &der) >= 0;
  gnutls_free (der.data);
  gnutls_pubkey_deinit (public_key);
  return valid;
}

/**
 * rt_jwt_verify:
 * @jwt: a token
 * @key: the key that its issuer is known to sign with
 *
 * Returns: whether the token asks for the algorithm of @key and its signature is right. A token of
 *   `alg: none` is never right (RFC 8725 §3.1).
 */
gboolean
rt_jwt_verify (const RtJwt *jwt, const RtJwsKey *key)
{
  RtText input = rt_text_sub (jwt->token, 0, jwt->header.length + 1 + jwt->payload.length);
  RtText signature = text_of (jwt->signature_bytes);

  if (jwt->algorithm == RT_JWS_REFUSED || jwt->algorithm != key->algorithm)
    return FALSE;
  return jwt->algorithm == RT_JWS_HS256 ? verify_hs256 (input, signature, key)
                                        : verify_es256 (input, signature, key);
}

/**
 * rt_jwt_get_time:
 * @jwt: a token
 * @claim: `exp`, `nbf`, `iat`
 * @ret_time: (out): untouched on failure
 *
 * Source: NumericDate of RFC 7519 §2.
 *
 * Returns: whether there is such a claim and it is a time that can be
 */
gboolean
rt_jwt_get_time (const RtJwt *jwt, const char *claim, RtTime *ret_time)
{
  RtJson value;
  gint64 seconds;

  if (!rt_json_find (&jwt->claims, claim, &value) || !rt_json_get_integer (&value, &seconds)
      || seconds > G_MAXINT64 / RT_TIME_SEC || seconds < -(G_MAXINT64 / RT_TIME_SEC))
    return FALSE;
  *ret_time = seconds * RT_TIME_SEC;
  return TRUE;
}

/**
 * rt_jwt_sign:
 * @payload: usually a JSON object of claims
 * @key: of %RT_JWS_HS256: signatures of ES256 hold random numbers, and two runs would differ
 *
 * Returns: (transfer full) (nullable): the token; %NULL for another key
 */
char *
rt_jwt_sign (RtText payload, const RtJwsKey *key)
{
  g_autofree char *encoded = NULL;
  g_autofree char *input = NULL;
  g_autofree char *signature = NULL;
  g_autofree char *header
      = rt_base64_encode (RT_TEXT ("{\"alg\":\"HS256\",\"typ\":\"JWT\"}"), RT_BASE64_URL);
  guint8 mac[MAC_SIZE];

  if (key->algorithm != RT_JWS_HS256)
    return NULL;
  encoded = rt_base64_encode (payload, RT_BASE64_URL);
  input = g_strconcat (header, ".", encoded, NULL);
  if (!compute_mac (rt_text (input), key, mac))
    return NULL;
  signature = rt_base64_encode ((RtText){ (const char *)mac, MAC_SIZE }, RT_BASE64_URL);
  return g_strconcat (input, ".", signature, NULL);
}

static GBytes *
decode_member (const RtJson *object, const char *name)
{
  RtJson value;

  if (!rt_json_find (object, name, &value) || value.type != RT_JSON_STRING)
    return NULL;
  return rt_base64_decode (value.text, RT_BASE64_URL);
}

/* "use" and "key_ops" say what a key may do, RFC 7517 §4.2 and §4.3. */
static gboolean
may_verify (const RtJson *jwk)
{
  RtJson value, operation;
  RtText rest;

  if (rt_json_find (jwk, "use", &value) && !rt_json_string_is (&value, "sig"))
    return FALSE;
  if (!rt_json_find (jwk, "key_ops", &value))
    return TRUE;
  if (value.type != RT_JSON_ARRAY)
    return FALSE;
  for (rest = value.text; rt_json_element_next (&rest, &operation);)
    if (rt_json_string_is (&operation, "verify"))
      return TRUE;
  return FALSE;
}

static gboolean
has_algorithm (const RtJson *jwk, const char *name)
{
  RtJson value;

  return !rt_json_find (jwk, "alg", &value) || rt_json_string_is (&value, name);
}

static gboolean
read_key (const RtJson *jwk, RtJwsKey *key)
{
  RtJson type, curve;

  if (!rt_json_find (jwk, "kty", &type) || !may_verify (jwk))
    return FALSE;
  if (rt_json_string_is (&type, "oct") && has_algorithm (jwk, "HS256"))
    {
      key->algorithm = RT_JWS_HS256;
      key->secret = decode_member (jwk, "k");
      return key->secret != NULL && g_bytes_get_size (key->secret) > 0;
    }
  if (!rt_json_string_is (&type, "EC") || !has_algorithm (jwk, "ES256")
      || !rt_json_find (jwk, "crv", &curve) || !rt_json_string_is (&curve, "P-256"))
    return FALSE;
  key->algorithm = RT_JWS_ES256;
  key->x = decode_member (jwk, "x");
  key->y = decode_member (jwk, "y");
  return key->x != NULL && key->y != NULL && g_bytes_get_size (key->x) == COORDINATE_SIZE
         && g_bytes_get_size (key->y) == COORDINATE_SIZE;
}

/**
 * rt_jws_key_parse:
 * @jwk: a JSON Web Key: a shared secret (`oct`) or a public key on P-256 (`EC`)
 * @ret_key: (out) (transfer full): untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX. Source: RFC 7517, RFC 7518 §6.
 *
 * Returns: whether it is a key that signatures can be verified with here
 */
gboolean
rt_jws_key_parse (RtText jwk, RtJwsKey *ret_key, GError **error)
{
  g_auto (RtJwsKey) key = { 0 };
  RtJson object;

  if (!rt_json_parse (jwk, &object) || !read_key (&object, &key))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL,
                    "a JSON Web Key for signatures: oct for HS256, EC on P-256 for ES256",
                    "this is no key");
      return FALSE;
    }
  *ret_key = key;
  key = (RtJwsKey){ 0 };
  return TRUE;
}

/**
 * rt_jws_key_clear:
 * @key: (inout): a key; what it holds is released
 */
void
rt_jws_key_clear (RtJwsKey *key)
{
  g_clear_pointer (&key->secret, g_bytes_unref);
  g_clear_pointer (&key->x, g_bytes_unref);
  g_clear_pointer (&key->y, g_bytes_unref);
}
