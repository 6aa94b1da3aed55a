/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages with secrets in them, one each, and messages with what only looks like one. */
#pragma once

#include "log-builder.h"

/* A request or an answer to `GET /`, and what must not be in it afterwards. */
typedef struct
{
  const char *name;
  RtDirection way;
  const char *message;
  const char *secret;
} Planted;

#define POST(type, length, body)                                                                   \
  "POST /in HTTP/1.1\r\nHost: a.test\r\nContent-Type: " type "\r\nContent-Length: " length         \
  "\r\n\r\n" body
#define OK(type, length, body)                                                                     \
  "HTTP/1.1 200 OK\r\nContent-Type: " type "\r\nContent-Length: " length "\r\n\r\n" body
#define GET(target, fields) "GET " target " HTTP/1.1\r\nHost: a.test\r\n" fields "\r\n"
#define ANSWER(fields) "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" fields "\r\n"

/* {"alg":"HS256"}, {"sub":"ann","email":"ann@shop.test"} and {"sub":"7"} */
#define JWT_HEAD "eyJhbGciOiJIUzI1NiJ9"
#define JWT_EMAIL "eyJzdWIiOiJhbm4iLCJlbWFpbCI6ImFubkBzaG9wLnRlc3QifQ"
#define JWT_PLAIN "eyJzdWIiOiI3In0"

/* clang-format off */
static const Planted planted_secrets[] = {
  { "bearer token", RT_FORWARD, GET ("/", "Authorization: Bearer 9f8a7b6c5d4e3f2a\r\n"), "9f8a7b6c5d4e3f2a" },
  { "basic credentials", RT_FORWARD, GET ("/", "Authorization: Basic YW5uOmh1bnRlcjIy\r\n"), "YW5uOmh1bnRlcjIy" },
  { "token68 with padding", RT_FORWARD, GET ("/", "Authorization: Basic YW5uOmh1bnRlcjI=\r\n"), "YW5uOmh1bnRlcjI" },
  { "digest response", RT_FORWARD, GET ("/", "Authorization: Digest username=\"ann\", realm=\"r\", response=\"0a1b2c3d4e5f\"\r\n"), "0a1b2c3d4e5f" },
  { "credentials without a scheme", RT_FORWARD, GET ("/", "Authorization: 0123456789abcdef\r\n"), "0123456789abcdef" },
  { "proxy credentials", RT_FORWARD, GET ("/", "Proxy-Authorization: Basic cHJveHk6c2VjcmV0\r\n"), "cHJveHk6c2VjcmV0" },
  { "cookie", RT_FORWARD, GET ("/", "Cookie: theme=dark; sid=31d4d96e407aad42\r\n"), "31d4d96e407aad42" },
  { "short cookie", RT_FORWARD, GET ("/", "Cookie: p=q7z\r\n"), "q7z" },
  { "cookie that is set", RT_BACKWARD, ANSWER ("Set-Cookie: sid=8e6ad9c00f; HttpOnly; Path=/\r\n"), "8e6ad9c00f" },
  { "field of a key", RT_FORWARD, GET ("/", "X-Api-Key: k3y-77aa88bb\r\n"), "k3y-77aa88bb" },
  { "field of a token", RT_FORWARD, GET ("/", "X-CSRF-Token: ct-55-66-77\r\n"), "ct-55-66-77" },
  { "field of a security token", RT_FORWARD, GET ("/", "X-Amz-Security-Token: IQoJb3JpZ2luX2VjE\r\n"), "IQoJb3JpZ2luX2VjE" },
  { "query key", RT_FORWARD, GET ("/?q=tea&api_key=abcd1234efgh", ""), "abcd1234efgh" },
  { "query token, last", RT_FORWARD, GET ("/?access_token=tok.99.88.77", ""), "tok.99.88.77" },
  { "signature in a query", RT_FORWARD, GET ("/f?X-Amz-Signature=fe5f80f77d5fa3be", ""), "fe5f80f77d5fa3be" },
  { "authorization code", RT_FORWARD, GET ("/cb?code=4/P7q7W91a-oMsCe", ""), "4/P7q7W91a-oMsCe" },
  { "token in Location", RT_BACKWARD, ANSWER ("Location: https://b.test/#id_token=zz11yy22xx33\r\n"), "zz11yy22xx33" },
  { "token in Referer", RT_FORWARD, GET ("/", "Referer: https://a.test/?session_id=s-0918-2736\r\n"), "s-0918-2736" },
  { "password in a URL", RT_FORWARD, GET ("/", "Referer: https://ann:Pa55word@a.test/\r\n"), "Pa55word" },
  { "signature of a JWT", RT_BACKWARD, ANSWER ("X-Id: " JWT_HEAD "." JWT_PLAIN ".c2lnbmF0dXJlLXNpZw\r\n"), "c2lnbmF0dXJlLXNpZw" },
  { "address in a JWT", RT_BACKWARD, ANSWER ("X-Id: " JWT_HEAD "." JWT_EMAIL ".c2lnMg\r\n"), JWT_EMAIL },
  { "password in a form", RT_FORWARD, POST ("application/x-www-form-urlencoded", "27", "user=ann&password=Tr0ub4dor"), "Tr0ub4dor" },
  { "encoded password in a form", RT_FORWARD, POST ("application/x-www-form-urlencoded", "21", "password=a%26b%3Dc%21d"), "a%26b%3Dc%21d" },
  { "password in JSON", RT_FORWARD, POST ("application/json", "23", "{\"password\": \"hunter2\"}"), "hunter2" },
  { "number in JSON", RT_FORWARD, POST ("application/json", "13", "{\"pin\": 94873}"), "94873" },
  { "quote in JSON", RT_FORWARD, POST ("application/json", "25", "{\"secret\": \"a\\\"b\\\"c-1-2-3\"}"), "b\\\"c-1-2-3" },
  { "JSON within a string", RT_FORWARD, POST ("application/json", "40", "{\"log\": \"{\\\"token\\\": \\\"in-ner-1-2-3\\\"}\"}"), "in-ner-1-2-3" },
  { "JSON that is cut off", RT_BACKWARD, OK ("application/json", "31", "{\"a\": [{\"refresh_token\": \"rt-77"), "rt-77" },
  { "password in a part", RT_FORWARD, POST ("multipart/form-data; boundary=X", "80", "--X\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\nmulti part pass\r\n--X--\r\n"), "multi part pass" },
  { "password in XML", RT_FORWARD, POST ("application/xml", "39", "<login><password>xml-pw</password></login"), "xml-pw" },
  { "address in text", RT_BACKWARD, OK ("text/plain", "28", "write to ann.bell@shop.test.\n"), "ann.bell@shop.test" },
  { "short address between letters of two bytes", RT_BACKWARD, OK ("text/plain", "12", "\303\251\303\251a@b.de\303\251"), "a@b.de" },
  { "address in bytes that are no text", RT_BACKWARD, OK ("image/jpeg", "22", "\377\341\001ann.bell@shop.test\376"), "ann.bell@shop.test" },
  { "encoded address", RT_FORWARD, GET ("/?to=ann.bell%40shop.test", ""), "ann.bell%40shop.test" },
  { "address in From", RT_FORWARD, GET ("/", "From: robot@crawler.test\r\n"), "robot@crawler.test" },
  { "key of a cloud", RT_BACKWARD, OK ("text/plain", "20", "AKIAIOSFODNN7EXAMPLE"), "AKIAIOSFODNN7EXAMPLE" },
  { "key of a forge", RT_BACKWARD, OK ("text/html", "40", "ghp_16C7e42F292c6912E7710c838347Ae178B4a"), "ghp_16C7e42F292c6912E7710c838347Ae178B4a" },
  { "private key", RT_BACKWARD, OK ("text/plain", "69", "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN\n-----END PRIVATE KEY-----\n"), "MIIEvQIBADAN" },
  { "bearer in a log", RT_BACKWARD, OK ("text/plain", "35", "curl -H 'X: Bearer lg-31-41-59-26'\n"), "lg-31-41-59-26" },
  { "secret in a chunk", RT_BACKWARD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n13\r\n{\"token\":\"ch-1-2-3\"\r\n0\r\n\r\n", "ch-1-2-3" },
  { "secret across chunks", RT_BACKWARD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n{\"token\":\"ac-\r\n9\r\nross-99\"}\r\n0\r\n\r\n", "ross-99" },
  { "secret in a trailer", RT_BACKWARD, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Auth-Token: tr-99-88-77\r\n\r\n", "tr-99-88-77" },
};

/* What is left alone. */
static const Planted open_texts[] = {
  { "entity tag", RT_BACKWARD, ANSWER ("ETag: \"33a64df551425fcc55e4d42a148795d9f25f89d4\"\r\n"), "33a64df551425fcc55e4d42a148795d9f25f89d4" },
  { "idempotency key", RT_FORWARD, GET ("/", "Idempotency-Key: \"8e03978e-40d5-43dd-bc93\"\r\n"), "8e03978e-40d5-43dd-bc93" },
  { "websocket key", RT_FORWARD, GET ("/", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"), "dGhlIHNhbXBsZSBub25jZQ==" },
  { "challenge", RT_BACKWARD, ANSWER ("WWW-Authenticate: Bearer realm=\"shop\", error=\"invalid_token\"\r\n"), "Bearer realm=\"shop\", error=\"invalid_token\"" },
  { "realm of credentials", RT_FORWARD, GET ("/", "Authorization: Digest realm=\"the-shop\", response=\"00aa11bb\"\r\n"), "realm=\"the-shop\"" },
  { "name of a cookie", RT_FORWARD, GET ("/", "Cookie: my_session_cookie=1\r\n"), "my_session_cookie=" },
  { "attributes of a cookie", RT_BACKWARD, ANSWER ("Set-Cookie: a=b; Max-Age=3600; SameSite=Lax\r\n"), "; Max-Age=3600; SameSite=Lax" },
  { "scheme", RT_FORWARD, GET ("/", "Authorization: Bearer 9f8a7b6c5d4e3f2a\r\n"), "Bearer " },
  { "error code", RT_BACKWARD, OK ("application/json", "13", "{\"code\": 404}"), "\"code\": 404" },
  { "type of token", RT_BACKWARD, OK ("application/json", "23", "{\"token_type\":\"bearer\"}"), "\"token_type\":\"bearer\"" },
  { "prose", RT_BACKWARD, OK ("text/plain", "25", "The token: a small thing."), "The token: a small thing." },
  { "claims that name nobody", RT_BACKWARD, ANSWER ("X-Id: " JWT_HEAD "." JWT_PLAIN ".c2lnbmF0dXJl\r\n"), JWT_HEAD "." JWT_PLAIN "." },
  { "plain query", RT_FORWARD, GET ("/?page=2&sort=price&lang=en", ""), "/?page=2&sort=price&lang=en" },
  { "bytes that look like a short address", RT_BACKWARD, OK ("image/jpeg", "16", "\260C<N@P.YQ\247\220\304N\354\002$"), "N@P.YQ" },
  { "package with a version", RT_BACKWARD, OK ("text/plain", "16", "lodash@4.17.21 x"), "lodash@4.17.21" },
};
/* clang-format on */

static inline void
plant (Builder *b, const Planted *row)
{
  if (row->way == RT_BACKWARD)
    build_send (b, RT_FORWARD, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n");
  build_send (b, row->way, row->message);
}
