/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signed tokens and the JSON in them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-base64.h"
#include "rt-jwt.h"
#include "show-rows.h"

static void
show_json (RtText value, GString *out)
{
  static const char *const names[]
      = { "null", "false", "true", "number", "string", "array", "object" };
  RtJson json;
  g_autofree char *text = NULL;
  gint64 integer;

  if (!rt_json_parse (value, &json))
    {
      g_string_append (out, "bad");
      return;
    }
  text = rt_json_string_dup (&json);
  g_string_append_printf (out, "%s[%s]", names[json.type], text);
  if (rt_json_get_integer (&json, &integer))
    g_string_append_printf (out, "%" G_GINT64_FORMAT, integer);
}

/* HS256 with the key "secret". */
static void
show_token (RtText value, GString *out)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtJwt) jwt = rt_jwt_parse (value, &error);
  g_auto (RtJwsKey) key = { RT_JWS_HS256, g_bytes_new_static ("secret", 6) };
  g_autofree char *claims = NULL;
  RtTime exp;

  if (jwt == NULL)
    {
      g_string_append (out, error->message);
      return;
    }
  claims = rt_json_string_dup (&jwt->claims);
  g_string_append_printf (out, "%s %s %s", jwt->algorithm_name,
                          rt_jwt_verify (jwt, &key) ? "right" : "wrong", claims);
  if (rt_jwt_get_time (jwt, "exp", &exp))
    g_string_append_printf (out, " until %d", (int)(exp / RT_TIME_SEC));
}

static void
show_key (RtText value, GString *out)
{
  g_auto (RtJwsKey) key = { 0 };

  if (rt_jws_key_parse (value, &key, NULL))
    g_string_append (out, key.algorithm == RT_JWS_HS256 ? "HS256" : "ES256");
  else
    g_string_append (out, "bad");
}

#define NOT_A_TOKEN "this is no signed token; expected "

/* clang-format off */
static const ShowRow rows[] = {
  { "json: a string with every escape", show_json, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"", "string[\"\\/\b\f\n\r\té😀]" },
  { "json: half a surrogate pair and NUL", show_json, "\"\\ud83d\\u0000\\ude00\"", "string[\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd]" },
  { "json: white space around it", show_json, " \t\r\n{ } ", "object[{ }]" },
  { "json: nothing", show_json, "", "bad" },
  { "json: two values", show_json, "1 2", "bad" },
  { "json: integers", show_json, "-42", "number[-42]-42" },
  { "json: a fraction is cut off", show_json, "1.9", "number[1.9]1" },
  { "json: an exponent is no integer", show_json, "1e3", "number[1e3]" },
  { "json: too large for an integer", show_json, "9223372036854775808", "number[9223372036854775808]" },
  { "json: a leading zero", show_json, "01", "bad" },
  { "json: a plus", show_json, "+1", "bad" },
  { "json: a comma at the end", show_json, "[1,]", "bad" },
  { "json: a key without quotes", show_json, "{a:1}", "bad" },
  { "json: the same key twice", show_json, "{\"a\":1,\"a\":2}", "bad" },
  { "json: the same key twice, once escaped", show_json, "{\"a\":1,\"\\u0061\":2}", "bad" },
  { "json: a control character in a string", show_json, "\"\n\"", "bad" },
  { "json: an unknown escape", show_json, "\"\\x\"", "bad" },
  { "json: unclosed", show_json, "[\"a", "bad" },
  { "json: no UTF-8", show_json, "\"\xff\"", "bad" },
  { "json: 63 levels", show_json, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "array[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" },
  { "json: nested too deep", show_json, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "bad" },
  { "token: right", show_token, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjYwLjV9.sig", "HS256 wrong {\"exp\":60.5} until 60" },
  { "token: none is refused, however it is written", show_token, "eyJhbGciOiJub25lIn0.e30.", "none wrong {}" },
  { "token: NONE", show_token, "eyJhbGciOiJOT05FIn0.e30.", "NONE wrong {}" },
  { "token: an algorithm that is not ours", show_token, "eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "RS256 wrong {}" },
  { "token: no algorithm", show_token, "e30.e30.AAAA", NOT_A_TOKEN "an algorithm in the header" },
  { "token: critical extensions", show_token, "eyJhbGciOiJIUzI1NiIsImNyaXQiOltdfQ.e30.AAAA", NOT_A_TOKEN "no critical extensions" },
  { "token: two algorithms", show_token, "eyJhbGciOiJub25lIiwiYWxnIjoiSFMyNTYifQ.e30.AAAA", NOT_A_TOKEN "a header that is a JSON object without duplicates" },
  { "token: two parts", show_token, "e30.e30", NOT_A_TOKEN "three parts with dots between" },
  { "token: four parts", show_token, "e30.e30.AA.AA", NOT_A_TOKEN "three parts with dots between" },
  { "token: padded base64", show_token, "e30=.e30.AAAA", NOT_A_TOKEN "base64url in each part" },
  { "token: stray bits", show_token, "e30.e31.AAAA", NOT_A_TOKEN "base64url in each part" },
  { "token: a payload that is no JSON has no claims", show_token, "eyJhbGciOiJIUzI1NiJ9.Zm9v.AAAA", "HS256 wrong " },
  { "key: a secret", show_key, "{\"kty\":\"oct\",\"k\":\"c2VjcmV0\"}", "HS256" },
  { "key: an empty secret", show_key, "{\"kty\":\"oct\",\"k\":\"\"}", "bad" },
  { "key: of another algorithm", show_key, "{\"kty\":\"oct\",\"alg\":\"HS512\",\"k\":\"c2VjcmV0\"}", "bad" },
  { "key: for encryption", show_key, "{\"kty\":\"oct\",\"use\":\"enc\",\"k\":\"c2VjcmV0\"}", "bad" },
  { "key: for signing alone", show_key, "{\"kty\":\"oct\",\"key_ops\":[\"sign\"],\"k\":\"c2VjcmV0\"}", "bad" },
  { "key: for verifying, too", show_key, "{\"kty\":\"oct\",\"key_ops\":[\"sign\",\"verify\"],\"k\":\"c2VjcmV0\"}", "HS256" },
  { "key: another curve", show_key, "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}", "bad" },
  { "key: coordinates too short", show_key, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}", "bad" },
};
/* clang-format on */

static void
test_signed_tokens_verify (void **state)
{
  g_auto (RtJwsKey) key = { RT_JWS_HS256, g_bytes_new_static ("secret", 6) };
  g_auto (RtJwsKey) other = { RT_JWS_HS256, g_bytes_new_static ("Secret", 6) };
  g_autofree char *token = rt_jwt_sign (RT_TEXT ("{\"sub\":\"ada\"}"), &key);
  g_autoptr (RtJwt) jwt = rt_jwt_parse (rt_text (token), NULL);
  RtJson sub;

  assert_non_null (jwt);
  assert_true (rt_jwt_verify (jwt, &key));
  assert_false (rt_jwt_verify (jwt, &other));
  assert_true (rt_json_find (&jwt->claims, "sub", &sub));
  assert_true (rt_json_string_is (&sub, "ada"));
  /* Every byte counts. */
  for (char *at = token; *at != '\0'; at++)
    {
      char c = *at;
      g_autoptr (RtJwt) forged = NULL;

      *at = c == 'A' ? 'B' : 'A';
      forged = rt_jwt_parse (rt_text (token), NULL);
      assert_true (forged == NULL || !rt_jwt_verify (forged, &key));
      *at = c;
    }
}

#define PAYLOAD                                                                                    \
  "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"

/* RFC 7515 appendix A.1 and A.3; the public key of one must not pass for the secret of the other.
 */
static void
test_the_examples_of_the_rfc (void **state)
{
  static const struct
  {
    const char *jwk, *token;
  } examples[] = {
    { "{\"kty\":\"oct\",\"k\":\"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0i"
      "PS4hcgUuTwjAzZr1Z9CAow\"}",
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9." PAYLOAD
      ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" },
    { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
      "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
      "eyJhbGciOiJFUzI1NiJ9." PAYLOAD
      ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8IS"
      "lSApmWQxfKTUJqPP3-Kg6NU1Q" },
  };

  for (guint i = 0; i < 2; i++)
    for (guint j = 0; j < 2; j++)
      {
        g_autoptr (RtJwt) jwt = rt_jwt_parse (rt_text (examples[i].token), NULL);
        g_auto (RtJwsKey) key = { 0 };
        RtTime exp = 0;

        assert_true (rt_jws_key_parse (rt_text (examples[j].jwk), &key, NULL));
        assert_int_equal (rt_jwt_verify (jwt, &key), i == j);
        assert_true (rt_jwt_get_time (jwt, "exp", &exp));
        assert_int_equal (exp, 1300819380 * RT_TIME_SEC);
      }
}

static void
test_long_tokens_are_refused (void **state)
{
  g_autofree char *token = g_strnfill (RT_JWT_LENGTH_MAX + 1, 'A');
  g_autoptr (GError) error = NULL;

  assert_null (rt_jwt_parse (rt_text (token), &error));
  assert_string_equal (error->message, "the token is too long; expected at most 16384 bytes");
}

int
main (void)
{
  const struct CMUnitTest more[] = {
    cmocka_unit_test (test_signed_tokens_verify),
    cmocka_unit_test (test_the_examples_of_the_rfc),
    cmocka_unit_test (test_long_tokens_are_refused),
  };

  return run_show_rows ("tokens", rows, G_N_ELEMENTS (rows), more, G_N_ELEMENTS (more));
}
