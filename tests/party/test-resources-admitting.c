/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources that admit to others: login, token, password. */
#include "resources.h"

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define END "\\r\\n"
#define GET(path, fields) "bytes 1 GET " path HOST fields END "\n"
#define FORM(path, fields, length, content)                                                        \
  "bytes 1 POST " path HOST "Content-Length: " length "\\r\\n" fields END content "\n"
#define ANN "username=ann&password=a+b%26"
#define LOGIN FORM ("/in", "", "28", ANN)
#define GRANT FORM ("/t", "", "48", "grant_type=password&" ANN)
#define SESSION "b1e802eacf24f4100cfc432db935ba30"
#define SECRET "3b18d3a551f009167ac0066fec1c94ef"
#define JWT_ANN                                                                                    \
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."                                                          \
  "eyJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0Iiwic3ViIjoiYW5uIiwic2NvcGUiOiJyZWFkIHdyaXRlIiwiaWF0IjoxNz" \
  "Y3MjY4ODAwLCJleHAiOjE3NjcyNjkxMDB9.ds4nRIB9il8v6bKuALkhciGS3efG9xX0aXGc0Tc5uFk"
#define JWT_BOB                                                                                    \
  "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."                                                          \
  "eyJpc3MiOiJodHRwczovL2lzc3Vlci50ZXN0Iiwic3ViIjoiYm9iIiwic2NvcGUiOiJyZWFkIiwiaWF0IjoxNzY3MjY4OD" \
  "AwLCJleHAiOjE3NjcyNjkxMDB9.3mCzDXEpB96_Mwpa-X-DyEZ-LtOopCfdYufsAPMtgp0"
#define OPEN "accept 1\n"
#define HIDDEN                                                                                     \
  "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\n"               \
  "Content-Length: 116\\r\\n\\r\\n\n"                                                              \
  "send 1 There is no current representation, or the server will not say that there is one; it "   \
  "may be so for now or for ever.\\n\n"
#define USERS "'users': <[('ann', 'a b&'), ('bob', 'x')]>"
#define PAGE "'/x': ('redirect', {'location': <'/y'>, 'auth': <'/in'>})"
#define ROLE_PAGE "'/x': ('redirect', {'location': <'/y'>, 'auth': <'/in'>, 'role': <'admin'>})"
#define SITE(settings) "{" PAGE ", '/in': ('login', {" USERS settings "})}"
#define API(settings)                                                                              \
  "{'/x': ('redirect', {'location': <'/y'>, 'auth': <'/t'>, 'role': <'write'>}), '/t': ('token', " \
  "{" USERS ", 'scopes': <[('ann', 'read write'), ('bob', 'read')]>" settings "})}"

/* clang-format off */
static const ResourceRow rows[] = {
  { "nobody is logged in", SITE (""), OPEN GET ("/x", ""),
    "decide server.session no\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Cookie form-action=\"/in\", cookie-name=session\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 You are not logged in.\\n\n" },
  { "nobody is logged in: the form", SITE (""), OPEN GET ("/in", ""),
    "decide server.session no\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=utf-8\\r\\nContent-Length: 154\\r\\n\\r\\n\n"
    "send 1 <!DOCTYPE html>\\n<title>Login</title>\\n<form method=\"post\">\\n<input name=\"username\"> <input name=\"password\" type=\"password\"> <button>Log in</button>\\n</form>\\n\n" },
  { "nobody is logged in: to the form", SITE (", 'refusal': <'redirect'>"), OPEN GET ("/x", ""),
    "decide server.session no\n"
    "send 1 HTTP/1.1 303 See Other\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nLocation: /in\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 You are not logged in.\\n\n" },
  { "nobody is logged in: 403", SITE (", 'refusal': <'403'>"), OPEN GET ("/x", ""),
    "decide server.session no\n"
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 You are not logged in.\\n\n" },
  { "a wrong password", SITE (""), OPEN FORM ("/in", "", "23", "username=ann&password=b"),
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 27\\r\\n\\r\\n\n"
    "send 1 Name or password is wrong.\\n\n" },
  { "half a form", SITE (""), OPEN FORM ("/in", "", "12", "username=ann"),
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 27\\r\\n\\r\\n\n"
    "send 1 Name or password is wrong.\\n\n" },
  { "a session", SITE (""), OPEN LOGIN GET ("/x", "Cookie: a=b; session=" SESSION "\\r\\n") GET ("/in", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "decide server.session yes\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n"
    "decide server.session yes\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 13\\r\\n\\r\\n\n"
    "send 1 You are ann.\\n\n" },
  { "a login that leads somewhere, and all attributes", SITE (", 'after': <'/x'>, 'secure': <'true'>, 'cookie': <'__Host-s'>, 'cookie-max-age': <int64 60000000>, 'cookie-domain': <'a.test'>, 'same-site': <'strict'>"), OPEN LOGIN,
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 303 See Other\\r\\nSet-Cookie: __Host-s=b1e802eacf24f4100cfc432db935ba30; Domain=a.test; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60\\r\\nLocation: /x\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "no attributes", SITE (", 'cookie-path': <''>, 'http-only': <false>, 'same-site': <'unset'>"), OPEN LOGIN,
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30\\r\\n\\r\\n\n" },
  { "a session that has expired", SITE (", 'lifetime': <int64 1000000>"), OPEN LOGIN "wait 1s\n" GET ("/x", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767268801000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "decide server.session no\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Cookie form-action=\"/in\", cookie-name=session\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 You are not logged in.\\n\n" },
  { "a session that is used does not expire", SITE (", 'lifetime': <int64 2000000>, 'sliding': <true>"), OPEN LOGIN "wait 1s\n" GET ("/x", "Cookie: session=" SESSION "\\r\\n") "wait 1s\n" GET ("/x", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767268802000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "decide server.session yes\n"
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767268803000000>}\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n"
    "decide server.session yes\n"
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767268804000000>}\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n" },
  { "a logout", SITE (""), OPEN LOGIN "bytes 1 DELETE /in" HOST "Cookie: session=" SESSION "\\r\\n" END "\n" GET ("/x", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "state session /in:1 gone\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0\\r\\n\\r\\n\n"
    "decide server.session no\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Cookie form-action=\"/in\", cookie-name=session\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 You are not logged in.\\n\n" },
  { "a logout that ends the cookie alone", SITE (", 'logout': <'cookie'>"), OPEN LOGIN FORM ("/in/logout", "Cookie: session=" SESSION "\\r\\n", "0", "") GET ("/x", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0\\r\\n\\r\\n\n"
    "decide server.session yes\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n" },
  { "a session id that somebody else chose", SITE (", 'rotate': <false>"), OPEN FORM ("/in", "Cookie: session=evil\\r\\n", "28", ANN) GET ("/x", "Cookie: session=evil\\r\\n"),
    "state session /in:1 {'id': <'evil'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=evil; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "decide server.session yes\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n" },
  { "a session that another node has", SITE (", 'nodes': <int64 2>, 'shared-sessions': <false>"), OPEN LOGIN GET ("/x", "Cookie: session=" SESSION "\\r\\n") GET ("/x", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>, 'node': <int64 1>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "decide server.session no\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Cookie form-action=\"/in\", cookie-name=session\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 You are not logged in.\\n\n"
    "decide server.session yes\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n" },
  { "a crash ends the sessions in memory", "{" PAGE ", '/c': ('crash', {}), '/in': ('login', {" USERS "})}", OPEN LOGIN GET ("/c", "") "wait 10s\n",
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n"
    "state session /in:1 gone\n"
    "listen on\n"
    "state server server 'up'\n" },
  { "a crash does not end the others", "{" PAGE ", '/c': ('crash', {}), '/in': ('login', {'store': <'durable'>, " USERS "})}", OPEN LOGIN GET ("/c", "") "wait 10s\naccept 2\nbytes 2 GET /x" HOST "Cookie: session=" SESSION "\\r\\n" END "\n",
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n"
    "listen on\n"
    "state server server 'up'\n"
    "decide server.session yes\n"
    "send 2 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 2 Go to /y\\n\n" },
  { "a role that the user has", "{" ROLE_PAGE ", '/in': ('login', {'roles': <[('ann', 'user admin')]>, " USERS "})}", OPEN LOGIN GET ("/x", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "decide server.session yes\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n" },
  { "a role that the user has not", "{" ROLE_PAGE ", '/in': ('login', {" USERS "})}", OPEN LOGIN GET ("/x", "Cookie: session=" SESSION "\\r\\n"),
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n"
    "decide server.session forbidden\n"
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 44\\r\\n\\r\\n\n"
    "send 1 You are logged in, but this is not for you.\\n\n" },
  { "refused before the content is sent", SITE (""), OPEN "bytes 1 POST /x" HOST "Content-Length: 5\\r\\nExpect: 100-continue\\r\\n" END "\n",
    "decide server.session no\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Cookie form-action=\"/in\", cookie-name=session\\r\\nContent-Length: 23\\r\\nConnection: close\\r\\n\\r\\n\n"
    "send 1 You are not logged in.\\n\n"
    "close 1\n" },
  { "a preflight needs no session", "{'/x': ('redirect', {'location': <'/y'>, 'auth': <'/in'>, 'cors-origins': <['http://p']>}), '/in': ('login', {" USERS "})}", OPEN "bytes 1 OPTIONS /x" HOST "Origin: http://p\\r\\nAccess-Control-Request-Method: GET\\r\\n" END "\n",
    "decide server.cors yes\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nVary: Origin\\r\\nAccess-Control-Allow-Origin: http://p\\r\\n\\r\\n\n" },
  { "what nobody is to know of is answered like what is not there", "{'/x': ('redirect', {'location': <'/y'>, 'auth': <'/in'>, 'auth-hides': <true>, 'vary': <'Cookie'>, 'cors-origins': <['*']>, 'fields': <[('X-Secret', 'yes')]>}), '/in': ('login', {" USERS "})}", OPEN GET ("/x", "Origin: http://p\\r\\n") GET ("/nothing", "Origin: http://p\\r\\n"),
    "decide server.session no\n"
    HIDDEN
    HIDDEN },
  { "a cookie for https alone, where the login came over it", SITE (", 'secure': <'auto'>, 'forwarded': <'forwarded'>, 'trusts': <['10.0.0.0/8']>"), OPEN FORM ("/in", "Forwarded: for=203.0.113.7;proto=https\\r\\n", "28", ANN) LOGIN,
    "decide forwarded forwarded\n"
    "state session /in:1 {'id': <'b1e802eacf24f4100cfc432db935ba30'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=b1e802eacf24f4100cfc432db935ba30; Path=/; HttpOnly; SameSite=Lax; Secure\\r\\n\\r\\n\n"
    "decide forwarded peer\n"
    "state session /in:2 {'id': <'f113e7b8981481c5738ba8e9e9286440'>, 'user': <'ann'>, 'expires': <int64 1767272400000000>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nSet-Cookie: session=f113e7b8981481c5738ba8e9e9286440; Path=/; HttpOnly; SameSite=Lax\\r\\n\\r\\n\n" },
  { "nothing below a login", SITE (""), OPEN GET ("/in/x", ""),
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 There is nothing here.\\n\n" },
  { "what a login does not do", SITE (""), OPEN "bytes 1 OPTIONS /in" HOST END "\nbytes 1 GET /in/logout" HOST END "\n",
    "send 1 HTTP/1.1 204 No Content\\r\\nAllow: GET, HEAD, POST, DELETE, OPTIONS\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: POST, DELETE, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },

  { "no token", API (""), OPEN GET ("/x", ""),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "decide authentication missing\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 A token is needed here.\\n\n" },
  { "a token that is none", API (""), OPEN GET ("/x", "Authorization: Bearer x\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "decide authentication refused\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\", error=\"invalid_token\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 A token is needed here.\\n\n" },
  { "another scheme", API (""), OPEN GET ("/x", "Authorization: Basic YTpi\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "decide authentication missing\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 A token is needed here.\\n\n" },
  { "two tokens", API (""), OPEN GET ("/x", "Authorization: Bearer x\\r\\nAuthorization: Bearer y\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "decide authentication malformed\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\", error=\"invalid_request\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 A token is needed here.\\n\n" },
  { "a token that proves itself", API (""), OPEN GRANT GET ("/x", "Authorization: Bearer " JWT_ANN "\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 289\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_ANN "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read write\"}\\n\n"
    "decide authentication granted\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n" },
  { "… until it expires", API (""), OPEN GRANT "wait 5m\naccept 2\nbytes 2 GET /x" HOST "Authorization: Bearer " JWT_ANN "\\r\\n" END "\n",
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 289\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_ANN "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read write\"}\\n\n"
    "close 1\n"
    "cut 1\n"
    "decide authentication refused\n"
    "send 2 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\", error=\"invalid_token\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 2 A token is needed here.\\n\n" },
  { "… and cannot be taken back", API (""), OPEN GRANT FORM ("/t/revoke", "", "7", "token=a") GET ("/x", "Authorization: Bearer " JWT_ANN "\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 289\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_ANN "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read write\"}\\n\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "decide authentication granted\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n" },
  { "a token that was changed", API (""), OPEN GET ("/x", "Authorization: Bearer " JWT_ANN "x\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "decide authentication refused\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\", error=\"invalid_token\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 A token is needed here.\\n\n" },
  { "a token for somebody else", API (", 'expects-audience': <'us'>"), OPEN GET ("/x", "Authorization: Bearer " JWT_ANN "\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "decide authentication refused\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\", error=\"invalid_token\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 A token is needed here.\\n\n" },
  { "a token that is not good for it", API (""), OPEN FORM ("/t", "", "43", "grant_type=password&username=bob&password=x") GET ("/x", "Authorization: Bearer " JWT_BOB "\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 275\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_BOB "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read\"}\\n\n"
    "decide authentication insufficient\n"
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\", error=\"insufficient_scope\"\\r\\nContent-Length: 37\\r\\n\\r\\n\n"
    "send 1 The token is good, but not for this.\\n\n" },
  { "a token that is looked up", API (", 'format': <'opaque'>"), OPEN GRANT GET ("/x", "Authorization: bearer " SECRET "\\r\\n") FORM ("/t/revoke", "", "38", "token=" SECRET "") GET ("/x", "Authorization: bearer " SECRET "\\r\\n"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 1>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 112\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"3b18d3a551f009167ac0066fec1c94ef\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read write\"}\\n\n"
    "decide authentication granted\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "decide authentication refused\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Bearer realm=\"api\", scope=\"write\", error=\"invalid_token\"\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 A token is needed here.\\n\n" },
  { "a refresh token, once", API (", 'refresh-lifetime': <int64 60000000>"), OPEN GRANT FORM ("/t", "", "71", "grant_type=refresh_token&refresh_token=" SECRET "") FORM ("/t", "", "71", "grant_type=refresh_token&refresh_token=" SECRET ""),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 1>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 340\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_ANN "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"refresh_token\":\"3b18d3a551f009167ac0066fec1c94ef\",\"scope\":\"read write\"}\\n\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 1>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 340\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_ANN "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"refresh_token\":\"6aa7f7e54f5ea615aa72f390951f8b5b\",\"scope\":\"read write\"}\\n\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 26\\r\\n\\r\\n\n"
    "send 1 {\"error\":\"invalid_grant\"}\\n\n" },
  { "a refresh token, again and again", API (", 'refresh-lifetime': <int64 60000000>, 'rotate-refresh': <false>"), OPEN GRANT FORM ("/t", "", "71", "grant_type=refresh_token&refresh_token=" SECRET "") "wait 1m\naccept 2\nbytes 2 POST /t" HOST "Content-Length: 71\\r\\n" END "grant_type=refresh_token&refresh_token=" SECRET "\n",
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 1>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 340\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_ANN "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"refresh_token\":\"3b18d3a551f009167ac0066fec1c94ef\",\"scope\":\"read write\"}\\n\n"
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 1>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 289\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"" JWT_ANN "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read write\"}\\n\n"
    "close 1\n"
    "cut 1\n"
    "send 2 HTTP/1.1 400 Bad Request\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 26\\r\\n\\r\\n\n"
    "send 2 {\"error\":\"invalid_grant\"}\\n\n" },
  { "an access token is no refresh token", API (", 'format': <'opaque'>"), OPEN GRANT FORM ("/t", "", "71", "grant_type=refresh_token&refresh_token=" SECRET ""),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "state tokens /t {'tokens': <int64 1>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 112\\r\\n\\r\\n\n"
    "send 1 {\"access_token\":\"3b18d3a551f009167ac0066fec1c94ef\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"read write\"}\\n\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 26\\r\\n\\r\\n\n"
    "send 1 {\"error\":\"invalid_grant\"}\\n\n" },
  { "no grant", API (""), OPEN FORM ("/t", "", "0", "") FORM ("/t", "", "14", "grant_type=ask") FORM ("/t", "", "19", "grant_type=password"),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 28\\r\\n\\r\\n\n"
    "send 1 {\"error\":\"invalid_request\"}\\n\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 35\\r\\n\\r\\n\n"
    "send 1 {\"error\":\"unsupported_grant_type\"}\\n\n"
    "send 1 HTTP/1.1 400 Bad Request\\r\\nCache-Control: no-store\\r\\nContent-Type: application/json\\r\\nContent-Length: 26\\r\\n\\r\\n\n"
    "send 1 {\"error\":\"invalid_grant\"}\\n\n" },
  { "tokens are not read", API (""), OPEN GET ("/t", "") GET ("/t/x", ""),
    "state tokens /t {'tokens': <int64 0>, 'refresh-tokens': <int64 0>}\n"
    "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: POST, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 There is nothing here.\\n\n" },

  { "name and password", "{'/x': ('redirect', {'location': <'/y'>, 'auth': <'/b'>}), '/b': ('password', {" USERS "})}", OPEN GET ("/x", "") GET ("/x", "Authorization: Basic Ym9iOng=\\r\\n") GET ("/x", "Authorization: Basic Ym9iOnk=\\r\\n") GET ("/b", "Authorization: basic Ym9iOng=\\r\\n"),
    "decide authentication missing\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Basic realm=\"here\", charset=\"UTF-8\"\\r\\nContent-Length: 35\\r\\n\\r\\n\n"
    "send 1 Name and password are needed here.\\n\n"
    "decide authentication granted\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /y\\n\n"
    "decide authentication refused\n"
    "send 1 HTTP/1.1 401 Unauthorized\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nWWW-Authenticate: Basic realm=\"here\", charset=\"UTF-8\"\\r\\nContent-Length: 35\\r\\n\\r\\n\n"
    "send 1 Name and password are needed here.\\n\n"
    "decide authentication granted\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 23\\r\\n\\r\\n\n"
    "send 1 The password is right.\\n\n" },
  { "a role that a password does not give", "{'/x': ('redirect', {'location': <'/y'>, 'auth': <'/b'>, 'role': <'admin'>}), '/b': ('password', {'roles': <[('ann', 'admin')]>, " USERS "})}", OPEN GET ("/x", "Authorization: Basic Ym9iOng=\\r\\n"),
    "decide authentication granted\n"
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 48\\r\\n\\r\\n\n"
    "send 1 The password is right, but this is not for you.\\n\n" },
};
/* clang-format on */

int
main (void)
{
  return resources_run ("resources-admitting", rows, G_N_ELEMENTS (rows));
}
