/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tokens, base64 and the JSON in them. Invariants, whatever the bytes are:
 * - strict base64 has one spelling: what is decoded and encoded again is the same text;
 * - a part of a JSON document is a JSON document;
 * - no token is right without its key.
 *
 * The first byte picks what is read. */
#include "rt-base64.h"
#include "rt-jwt.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_base64 (RtText text)
{
  static const RtBase64 strict[] = { RT_BASE64_STRICT, RT_BASE64_URL };

  for (gsize i = 0; i < G_N_ELEMENTS (strict); i++)
    {
      g_autoptr (GBytes) bytes = rt_base64_decode (text, strict[i]);
      g_autofree char *again = NULL;
      RtText plain;

      if (bytes == NULL)
        continue;
      plain.at = g_bytes_get_data (bytes, &plain.length);
      again = rt_base64_encode (plain, strict[i]);
      g_assert_true (rt_text_is (text, again));
    }
}

static void
check_json (RtText text)
{
  RtJson json, part;
  RtText rest, key;
  gint64 integer;

  if (!rt_json_parse (text, &json))
    return;
  g_free (rt_json_string_dup (&json));
  rt_json_get_integer (&json, &integer);
  rest = json.text;
  /* Strings come without their quotes: those are no documents. */
  if (json.type == RT_JSON_ARRAY)
    while (rt_json_element_next (&rest, &part))
      g_assert_true (part.type == RT_JSON_STRING || rt_json_parse (part.text, &json));
  else if (json.type == RT_JSON_OBJECT)
    while (rt_json_member_next (&rest, &key, &part))
      g_assert_true (part.type == RT_JSON_STRING || rt_json_parse (part.text, &json));
}

static void
check_token (RtText text)
{
  g_autoptr (RtJwt) jwt = rt_jwt_parse (text, NULL);
  g_auto (RtJwsKey) key = { RT_JWS_HS256, g_bytes_new_static ("never used to sign", 18) };
  RtTime time;

  if (jwt == NULL)
    return;
  g_assert_false (rt_jwt_verify (jwt, &key));
  rt_jwt_get_time (jwt, "exp", &time);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_auto (RtJwsKey) key = { 0 };
  RtText text;

  if (size == 0)
    return 0;
  text = (RtText){ (const char *)data + 1, size - 1 };
  switch (data[0] % 4)
    {
    case 0:
      check_base64 (text);
      break;
    case 1:
      check_json (text);
      break;
    case 2:
      check_token (text);
      break;
    default:
      rt_jws_key_parse (text, &key, NULL);
      break;
    }
  return 0;
}
