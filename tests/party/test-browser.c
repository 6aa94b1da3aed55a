/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The browser: what it asks for, with what, what it does not ask for and why, and what a script
 * gets to see. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dialogue.h"
#include "rt-browser.h"
#include "rt-error.h"
#include "rt-tls-settings.h"

/* @want: effects, see without_repetition(); @answers: what those who asked got. */
typedef struct
{
  const char *name, *script, *want, *answers;
} Row;

/* A task: nav or script, a URL, then page=, method=, mode=, credentials=, cache=, redirect=,
 * timeout=, body= and -NAME:VALUE for a field. Or close, restart, clear. A browser without TLS
 * where a line has `plain`. */

/* clang-format off */
static const Row rows[] = {
  { "a document",
    "task nav http://a.test/d#part\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 GET /d HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cache.store store\nstate page document 'http://a.test/d'\nfinish 1\n",
    "1 basic 200 | hi\n" },
  { "a document over a link of another site, without cookies that stay at home",
    "task nav http://b.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: lax=1; SameSite=Lax\\r\\nSet-Cookie: strict=1; SameSite=Strict\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask nav http://b.test/x page=http://a.test/p",
    "connect 1 b.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: b.test\\r\\n\\r\\n\ndecide cookie.set stored\ndecide cookie.set stored\nstate cookie lax b.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <false>, 'same-site': <'Lax'>}\nstate cookie strict b.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <false>, 'same-site': <'Strict'>}\ndecide cache.store store\nstate page document 'http://b.test/'\nfinish 1\ndecide cookie.send send\ndecide cookie.send keep\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nReferer: http://a.test/\\r\\nCookie: lax=1\\r\\n\\r\\n\n",
    "1 basic 200; Set-Cookie: lax=1; SameSite=Lax; Set-Cookie: strict=1; SameSite=Strict | hi\n" },
  { "a script of the document that was opened last",
    "task nav http://a.test/d\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script x?y",
    "connect 1 a.test:80\nsend 1 GET /d HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cache.store store\nstate page document 'http://a.test/d'\nfinish 1\nsend 1 GET /x?y HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/d\\r\\n\\r\\n\n",
    "1 basic 200 | hi\n" },
  { "a script without a page",
    "task script http://a.test/",
    "finish 1: there is no page whose script could fetch http://a.test/; expected a page that was opened before\n",
    "1 error 0 | there is no page whose script could fetch http://a.test/; expected a page that was opened before\n" },
  { "a URL that is none",
    "task script http:// page=http://a.test/p",
    "finish 1: this is no URL; expected a host\n",
    "1 error 0 | this is no URL; expected a host\n" },
  { "a scheme that nothing is known of",
    "task nav ftp://a.test/",
    "decide browser.mode refused\nfinish 1: the browser does not ask for ftp://a.test/: its scheme is neither http nor https\n",
    "1 error 0 | the browser does not ask for ftp://a.test/: its scheme is neither http nor https\n" },
  { "a host that URL takes and HTTP does not",
    "task nav http://a`b.test/",
    "finish 1: the host a`b.test cannot stand in a Host field\n",
    "1 error 0 | the host a`b.test cannot stand in a Host field\n" },
  { "https without TLS",
    "task nav https://a.test/ plain",
    "finish 1: a.test: https can't be spoken here: there is no TLS\n",
    "1 error 0 | a.test: https can't be spoken here: there is no TLS\n" },
  { "localhost is told how the request came about",
    "task nav http://localhost/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script /x",
    "connect 1 localhost:80\nsend 1 GET / HTTP/1.1\\r\\nHost: localhost\\r\\nSec-Fetch-Dest: document\\r\\nSec-Fetch-Mode: navigate\\r\\nSec-Fetch-Site: none\\r\\nSec-Fetch-User: ?1\\r\\n\\r\\n\ndecide cache.store store\nstate page document 'http://localhost/'\nfinish 1\nsend 1 GET /x HTTP/1.1\\r\\nHost: localhost\\r\\nReferer: http://localhost/\\r\\nSec-Fetch-Dest: empty\\r\\nSec-Fetch-Mode: cors\\r\\nSec-Fetch-Site: same-origin\\r\\n\\r\\n\n",
    "1 basic 200 | hi\n" },
  { "the page's own origin: a POST says where it comes from",
    "task script http://a.test/x page=http://a.test/p method=post body=hello -Content-Type:text/plain\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 POST /x HTTP/1.1\\r\\nHost: a.test\\r\\nContent-Type: text/plain\\r\\nContent-Length: 5\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\nhello\ndecide cache.invalidate target\ndecide cache.store do not store\nfinish 1\n",
    "1 basic 200 | hi\n" },
  { "a POST without content",
    "task script http://a.test/x page=http://a.test/p method=POST\nconnected 1",
    "connect 1 a.test:80\nsend 1 POST /x HTTP/1.1\\r\\nHost: a.test\\r\\nContent-Length: 0\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\n",
    "" },
  { "TRACE is not for scripts",
    "task script http://a.test/x page=http://a.test/p method=TRACE",
    "decide browser.script refused\nfinish 1: the browser sends nothing: it does not hold that the method is not CONNECT, TRACE or TRACK\n",
    "1 error 0 | the browser sends nothing: it does not hold that the method is not CONNECT, TRACE or TRACK\n" },
  { "a GET has no content",
    "task script http://a.test/x page=http://a.test/p body=hello",
    "decide browser.script refused\nfinish 1: the browser sends nothing: it does not hold that GET and HEAD have no content\n",
    "1 error 0 | the browser sends nothing: it does not hold that GET and HEAD have no content\n" },
  { "a name and password in a script's URL",
    "task script http://u:p@a.test/x page=http://a.test/p",
    "decide browser.script refused\nfinish 1: the browser sends nothing: it does not hold that the URL carries no name and password\n",
    "1 error 0 | the browser sends nothing: it does not hold that the URL carries no name and password\n" },
  { "fields that scripts may not set are dropped",
    "task script http://a.test/x page=http://a.test/p -Host:b -Cookie:a -X-Own:1 -Sec-Fetch-Site:none\nconnected 1",
    "decide browser.field dropped\ndecide browser.field dropped\ndecide browser.field dropped\nconnect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nX-Own: 1\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\n",
    "" },
  { "a line break in a field",
    "task script http://a.test/x page=http://a.test/p -X:a\\rb",
    "finish 1: the field “X” can't be sent: a name is letters and digits, a value one line\n",
    "1 error 0 | the field “X” can't be sent: a name is letters and digits, a value one line\n" },
  { "a method that is none",
    "task script http://a.test/x page=http://a.test/p method=G@T",
    "finish 1: “G@T” is no method; expected letters such as GET\n",
    "1 error 0 | “G@T” is no method; expected letters such as GET\n" },
  { "302 after POST becomes GET",
    "task script http://a.test/x page=http://a.test/p method=POST body=hello -Content-Type:text/plain\nconnected 1\nbytes 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Length: 0\\r\\n\\r\\n\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 POST /x HTTP/1.1\\r\\nHost: a.test\\r\\nContent-Type: text/plain\\r\\nContent-Length: 5\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\nhello\ndecide cache.invalidate target and others\ndecide cache.store do not store\ndecide redirect follow\nsend 1 GET /y HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\n",
    "1 basic 200 redirected | hi\n" },
  { "307 keeps method and content",
    "task script http://a.test/x page=http://a.test/p method=PUT body=hello\nconnected 1\nbytes 1 HTTP/1.1 307 Temporary Redirect\\r\\nLocation: /y\\r\\nContent-Length: 0\\r\\n\\r\\n\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 PUT /x HTTP/1.1\\r\\nHost: a.test\\r\\nContent-Length: 5\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\nhello\ndecide cache.invalidate target and others\ndecide redirect follow\nsend 1 PUT /y HTTP/1.1\\r\\nHost: a.test\\r\\nContent-Length: 5\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\nhello\ndecide cache.invalidate target\nfinish 1\n",
    "1 basic 200 redirected | hi\n" },
  { "redirect mode error",
    "task script http://a.test/x page=http://a.test/p redirect=error\nconnected 1\nbytes 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Length: 0\\r\\n\\r\\n",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store do not store\ndecide redirect refuse\nfinish 1: the redirection (302) is not followed\n",
    "1 error 0 | the redirection (302) is not followed\n" },
  { "redirect mode manual shows nothing of it",
    "task script http://a.test/x page=http://a.test/p redirect=manual\nconnected 1\nbytes 1 HTTP/1.1 302 Found\\r\\nLocation: /y\\r\\nContent-Length: 0\\r\\n\\r\\n",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store do not store\ndecide redirect hand-over\nfinish 1\n",
    "1 opaqueredirect 0\n" },
  { "a redirection to another origin needs its leave",
    "task script http://a.test/x page=http://a.test/p -Authorization:Basic\nconnected 1\nbytes 1 HTTP/1.1 302 Found\\r\\nLocation: http://b.test/y\\r\\nContent-Length: 0\\r\\n\\r\\n\nconnected 2\nbytes 2 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nAuthorization: Basic\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store do not store\ndecide redirect follow\ndecide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 2 b.test:80\nsend 2 GET /y HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\ndecide cors.check hidden\nfinish 1: an answer came (200), but b.test does not let http://a.test read it\n",
    "1 error 0 | an answer came (200), but b.test does not let http://a.test read it\n" },
  { "a detour over a third origin hides who asks",
    "task script http://b.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 302 Found\\r\\nAccess-Control-Allow-Origin: *\\r\\nLocation: http://c.test/y\\r\\nContent-Length: 0\\r\\n\\r\\n\nconnected 2\nbytes 2 HTTP/1.1 200 OK\\r\\nAccess-Control-Allow-Origin: null\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "decide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 1 b.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store do not store\ndecide cors.check shown\ndecide redirect follow\ndecide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 2 c.test:80\nsend 2 GET /y HTTP/1.1\\r\\nHost: c.test\\r\\nOrigin: null\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\ndecide cors.check shown\nfinish 1\n",
    "1 cors 200 redirected | hi\n" },
  { "… also on the way back",
    "task script http://b.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 302 Found\\r\\nAccess-Control-Allow-Origin: *\\r\\nLocation: http://a.test/y\\r\\nContent-Length: 0\\r\\n\\r\\n\nconnected 2\nbytes 2 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "decide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 1 b.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store do not store\ndecide cors.check shown\ndecide redirect follow\ndecide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 2 a.test:80\nsend 2 GET /y HTTP/1.1\\r\\nHost: a.test\\r\\nOrigin: null\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\ndecide cors.check hidden\nfinish 1: an answer came (200), but a.test does not let http://a.test read it\n",
    "1 error 0 | an answer came (200), but a.test does not let http://a.test read it\n" },
  { "another origin that allows to be read",
    "task script http://b.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nX-Secret: 1\\r\\nCache-Control: no-store\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "decide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 1 b.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store do not store\ndecide cors.check shown\ndecide cors.expose unreadable\nfinish 1\n",
    "1 cors 200; Cache-Control: no-store | hi\n" },
  { "… or does not",
    "task script http://b.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "decide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 1 b.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\ndecide cors.check hidden\nfinish 1: an answer came (200), but b.test does not let http://a.test read it\n",
    "1 error 0 | an answer came (200), but b.test does not let http://a.test read it\n" },
  { "exposed fields",
    "task script http://b.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nAccess-Control-Allow-Origin: *\\r\\nAccess-Control-Expose-Headers: X-Open\\r\\nX-Open: 1\\r\\nX-Shut: 1\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "decide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 1 b.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\ndecide cors.check shown\ndecide cors.expose unreadable\nfinish 1\n",
    "1 cors 200; X-Open: 1 | hi\n" },
  { "no-cors: used, not read",
    "task script http://b.test/x page=http://a.test/p mode=no-cors -X-Own:1\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "decide browser.field dropped\ndecide browser.mode opaque\nconnect 1 b.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\n",
    "1 opaque 0\n" },
  { "no-cors has no methods but those of forms",
    "task script http://b.test/x page=http://a.test/p mode=no-cors method=PUT",
    "decide browser.script refused\nfinish 1: the browser sends nothing: it does not hold that without CORS the method is one that a form could send: GET, HEAD or POST\n",
    "1 error 0 | the browser sends nothing: it does not hold that without CORS the method is one that a form could send: GET, HEAD or POST\n" },
  { "same-origin: another origin is not even asked",
    "task script http://b.test/x page=http://a.test/p mode=same-origin",
    "decide browser.mode refused\nfinish 1: the browser does not ask for http://b.test/x: it is of another origin\n",
    "1 error 0 | the browser does not ask for http://b.test/x: it is of another origin\n" },
  { "a preflight, then the request; the next needs none; after a minute it does",
    "task script http://b.test/x page=http://a.test/p method=PUT body=1 -X-Own:1\nconnected 1\nbytes 1 HTTP/1.1 204 No Content\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nAccess-Control-Allow-Methods: PUT\\r\\nAccess-Control-Allow-Headers: x-own\\r\\nAccess-Control-Max-Age: 60\\r\\n\\r\\n\nbytes 1 HTTP/1.1 200 OK\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://b.test/x page=http://a.test/p method=PUT body=2 -X-Own:1\nbytes 1 HTTP/1.1 200 OK\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nContent-Length: 2\\r\\n\\r\\nhi\nwait 61s\ntask script http://b.test/x page=http://a.test/p method=PUT body=3 -X-Own:1",
    "decide browser.mode cors\ndecide cors.preflight-needed needed\ndecide cors.preflight-cache ask\nconnect 1 b.test:80\nsend 1 OPTIONS /x HTTP/1.1\\r\\nHost: b.test\\r\\nAccess-Control-Request-Method: PUT\\r\\nAccess-Control-Request-Headers: x-own\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cors.preflight allowed\nstate preflight http://a.test http://b.test/x {'methods': <'PUT'>, 'fields': <'x-own'>, 'credentials': <false>, 'expires': <int64 1767268860000000>}\nsend 1 PUT /x HTTP/1.1\\r\\nHost: b.test\\r\\nX-Own: 1\\r\\nContent-Length: 1\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n1\ndecide cache.invalidate target\ndecide cors.check shown\nfinish 1\ndecide browser.mode cors\ndecide cors.preflight-needed needed\ndecide cors.preflight-cache approved\nsend 1 PUT /x HTTP/1.1\\r\\nHost: b.test\\r\\nX-Own: 1\\r\\nContent-Length: 1\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n2\ndecide cache.invalidate target\ndecide cors.check shown\nfinish 2\ndecide browser.mode cors\ndecide cors.preflight-needed needed\ndecide cors.preflight-cache ask\nsend 1 OPTIONS /x HTTP/1.1\\r\\nHost: b.test\\r\\nAccess-Control-Request-Method: PUT\\r\\nAccess-Control-Request-Headers: x-own\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\n",
    "1 cors 200 | hi\n2 cors 200 | hi\n" },
  { "a preflight that is refused: nothing is sent",
    "task script http://b.test/x page=http://a.test/p method=DELETE\nconnected 1\nbytes 1 HTTP/1.1 204 No Content\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nAccess-Control-Allow-Methods: PUT\\r\\nAccess-Control-Allow-Headers: x-own\\r\\nAccess-Control-Max-Age: 60\\r\\n\\r\\n",
    "decide browser.mode cors\ndecide cors.preflight-needed needed\ndecide cors.preflight-cache ask\nconnect 1 b.test:80\nsend 1 OPTIONS /x HTTP/1.1\\r\\nHost: b.test\\r\\nAccess-Control-Request-Method: DELETE\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cors.preflight refused\nfinish 1: b.test was asked (OPTIONS) and does not allow this request: it is not sent\n",
    "1 error 0 | b.test was asked (OPTIONS) and does not allow this request: it is not sent\n" },
  { "a preflight that fails",
    "task script http://b.test/x page=http://a.test/p method=DELETE\nconnected 1\nbytes 1 HTTP/1.1 500 No\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nContent-Length: 0\\r\\n\\r\\n",
    "decide browser.mode cors\ndecide cors.preflight-needed needed\ndecide cors.preflight-cache ask\nconnect 1 b.test:80\nsend 1 OPTIONS /x HTTP/1.1\\r\\nHost: b.test\\r\\nAccess-Control-Request-Method: DELETE\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cors.preflight refused\nfinish 1: b.test was asked (OPTIONS) and does not allow this request: it is not sent\n",
    "1 error 0 | b.test was asked (OPTIONS) and does not allow this request: it is not sent\n" },
  { "an approved request that breaks off is approved anew",
    "task script http://b.test/x page=http://a.test/p method=PUT body=1\nconnected 1\nbytes 1 HTTP/1.1 204 No Content\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nAccess-Control-Allow-Methods: PUT\\r\\nAccess-Control-Allow-Headers: x-own\\r\\nAccess-Control-Max-Age: 60\\r\\n\\r\\n\nreset 1\nfailed 2 b.test:80: connection refused\ntask script http://b.test/x page=http://a.test/p method=PUT body=1",
    "decide browser.mode cors\ndecide cors.preflight-needed needed\ndecide cors.preflight-cache ask\nconnect 1 b.test:80\nsend 1 OPTIONS /x HTTP/1.1\\r\\nHost: b.test\\r\\nAccess-Control-Request-Method: PUT\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cors.preflight allowed\nstate preflight http://a.test http://b.test/x {'methods': <'PUT'>, 'fields': <'x-own'>, 'credentials': <false>, 'expires': <int64 1767268860000000>}\nsend 1 PUT /x HTTP/1.1\\r\\nHost: b.test\\r\\nContent-Length: 1\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n1\ndecide retry retry\nconnect 2 b.test:80\nstate preflight http://a.test http://b.test/x gone\nfinish 1: b.test:80: connection refused\ndecide browser.mode cors\ndecide cors.preflight-needed needed\ndecide cors.preflight-cache ask\nconnect 3 b.test:80\n",
    "1 error 0 | b.test:80: connection refused\n" },
  { "cookies are kept, sent, and not shown to scripts",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: a=1; HttpOnly; Max-Age=100\\r\\nSet-Cookie: b=2; Secure\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/y page=http://a.test/p",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cookie.set stored\ndecide cookie.set ignored\nstate cookie a a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <true>, 'same-site': <''>, 'expires': <int64 1767268900000000>}\ndecide cache.store store\nfinish 1\ndecide cookie.send send\nsend 1 GET /y HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\nCookie: a=1\\r\\n\\r\\n\n",
    "1 basic 200 | hi\n" },
  { "credentials: omit neither sends nor takes them",
    "task nav http://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: a=1; HttpOnly; Max-Age=100\\r\\nSet-Cookie: b=2; Secure\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script /y credentials=omit\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: c=1\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cookie.set stored\ndecide cookie.set ignored\nstate cookie a a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <true>, 'same-site': <''>, 'expires': <int64 1767268900000000>}\ndecide cache.store store\nstate page document 'http://a.test/'\nfinish 1\nsend 1 GET /y HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\nfinish 2\n",
    "1 basic 200; Set-Cookie: a=1; HttpOnly; Max-Age=100; Set-Cookie: b=2; Secure | hi\n2 basic 200 | hi\n" },
  { "to another origin only if included, and SameSite still counts",
    "task nav http://b.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: a=1; HttpOnly; Max-Age=100\\r\\nSet-Cookie: b=2; Secure\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://b.test/x page=http://a.test/p\nbytes 1 HTTP/1.1 200 OK\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://b.test/x page=http://a.test/p credentials=include\nbytes 1 HTTP/1.1 200 OK\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 b.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: b.test\\r\\n\\r\\n\ndecide cookie.set stored\ndecide cookie.set ignored\nstate cookie a b.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <true>, 'same-site': <''>, 'expires': <int64 1767268900000000>}\ndecide cache.store store\nstate page document 'http://b.test/'\nfinish 1\ndecide browser.mode cors\ndecide cors.preflight-needed not-needed\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\ndecide cors.check shown\nfinish 2\ndecide browser.mode cors\ndecide cors.preflight-needed not-needed\ndecide cookie.send keep\ndecide cache.reuse validate\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\n\\r\\n\ndecide cache.store store\nstate cache http://b.test/x gone\ndecide cors.check hidden\nfinish 3: an answer came (200), but b.test does not let http://a.test read it\n",
    "1 basic 200; Set-Cookie: a=1; HttpOnly; Max-Age=100; Set-Cookie: b=2; Secure | hi\n2 cors 200 | hi\n3 error 0 | an answer came (200), but b.test does not let http://a.test read it\n" },
  { "a sibling is another origin but the same site",
    "task nav http://b.a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: s=1; SameSite=Strict\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://b.a.test/x page=http://a.test/p credentials=include\nbytes 1 HTTP/1.1 204 No Content\\r\\nAccess-Control-Allow-Origin: http://a.test\\r\\nAccess-Control-Allow-Credentials: true\\r\\n\\r\\n",
    "connect 1 b.a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: b.a.test\\r\\n\\r\\n\ndecide cookie.set stored\nstate cookie s b.a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <false>, 'same-site': <'Strict'>}\ndecide cache.store store\nstate page document 'http://b.a.test/'\nfinish 1\ndecide browser.mode cors\ndecide cors.preflight-needed not-needed\ndecide cookie.send send\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.a.test\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/\\r\\nCookie: s=1\\r\\n\\r\\n\ndecide cache.store store\ndecide cors.check shown\nfinish 2\n",
    "1 basic 200; Set-Cookie: s=1; SameSite=Strict | hi\n2 cors 204 | \n" },
  { "restart: session cookies go, others stay",
    "task nav http://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: a=1\\r\\nSet-Cookie: b=1; Max-Age=100\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask restart",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cookie.set stored\ndecide cookie.set stored\nstate cookie a a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <false>, 'same-site': <''>}\nstate cookie b a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <false>, 'same-site': <''>, 'expires': <int64 1767268900000000>}\ndecide cache.store store\nstate page document 'http://a.test/'\nfinish 1\nclose 1\nstate cookie a a.test gone\nfinish 2\n",
    "1 basic 200; Set-Cookie: a=1; Set-Cookie: b=1; Max-Age=100 | hi\n" },
  { "clear: everything goes",
    "task nav http://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: a=1\\r\\nCache-Control: max-age=60\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask clear\ntask nav http://a.test/\nconnected 2",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cookie.set stored\nstate cookie a a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <false>, 'http-only': <false>, 'same-site': <''>}\ndecide cache.store store\nstate page document 'http://a.test/'\nfinish 1\nclose 1\nstate cache http://a.test/ gone\nstate cookie a a.test gone\nfinish 2\nconnect 2 a.test:80\nsend 2 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\n",
    "1 basic 200; Set-Cookie: a=1; Cache-Control: max-age=60 | hi\n" },
  { "fresh: nothing is sent",
    "task nav http://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\nwait 10s\ntask nav http://a.test/",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cache.store store\nstate page document 'http://a.test/'\nfinish 1\ndecide cache.reuse fresh\nstate page document 'http://a.test/'\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200 stored; Cache-Control: max-age=60; ETag: \"1\"; Age: 10 | hi\n" },
  { "stale: validated by a 304",
    "task nav http://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\nwait 61s\ntask nav http://a.test/\nbytes 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1\"\\r\\n\\r\\n",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cache.store store\nstate page document 'http://a.test/'\nfinish 1\ndecide cache.reuse validate\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\nIf-None-Match: \"1\"\\r\\n\\r\\n\ndecide cache.update update\nstate page document 'http://a.test/'\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200 stored; Cache-Control: max-age=60; ETag: \"1\"; Age: 0 | hi\n" },
  { "no-cache validates what is fresh",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/x page=http://a.test/p cache=no-cache\nbytes 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1\"\\r\\n\\r\\n",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\ndecide cache.reuse validate\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\nCache-Control: max-age=0\\r\\nIf-None-Match: \"1\"\\r\\n\\r\\n\ndecide cache.update update\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200 stored; Cache-Control: max-age=60; ETag: \"1\"; Age: 0 | hi\n" },
  { "reload asks for all of it and stores that",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/x page=http://a.test/p cache=reload\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nContent-Length: 2\\r\\n\\r\\nho\ntask script http://a.test/x page=http://a.test/p",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\ndecide cache.reuse validate\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\nPragma: no-cache\\r\\nCache-Control: no-cache\\r\\n\\r\\n\ndecide cache.store store\nstate cache http://a.test/x gone\nfinish 2\ndecide cache.reuse fresh\nfinish 3\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200; Cache-Control: max-age=60 | ho\n3 basic 200 stored; Cache-Control: max-age=60; Age: 0 | ho\n" },
  { "no-store goes past the cache both ways",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/x page=http://a.test/p cache=no-store\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nContent-Length: 2\\r\\n\\r\\nho\ntask script http://a.test/x page=http://a.test/p",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\nPragma: no-cache\\r\\nCache-Control: no-cache\\r\\n\\r\\n\nfinish 2\ndecide cache.reuse fresh\nfinish 3\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200; Cache-Control: max-age=60 | ho\n3 basic 200 stored; Cache-Control: max-age=60; ETag: \"1\"; Age: 0 | hi\n" },
  { "force-cache takes what is stale",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\nwait 2m\ntask script http://a.test/x page=http://a.test/p cache=force-cache",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\ndecide browser.cache-mode stored\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200 stored; Cache-Control: max-age=60; ETag: \"1\"; Age: 120 | hi\n" },
  { "only-if-cached takes nothing else",
    "task script http://a.test/x page=http://a.test/p mode=same-origin cache=only-if-cached",
    "decide browser.cache-mode nothing\nfinish 1: nothing is stored for http://a.test/x, and the server may not be asked\n",
    "1 error 0 | nothing is stored for http://a.test/x, and the server may not be asked\n" },
  { "only-if-cached is for the page's own origin",
    "task script http://a.test/x page=http://a.test/p cache=only-if-cached",
    "decide browser.script refused\nfinish 1: the browser sends nothing: it does not hold that only-if-cached asks for what is of the page's own origin\n",
    "1 error 0 | the browser sends nothing: it does not hold that only-if-cached asks for what is of the page's own origin\n" },
  { "conditions of the script's own go past the cache",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/x page=http://a.test/p -If-None-Match:\"1\"\nbytes 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1\"\\r\\n\\r\\n",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nIf-None-Match: \"1\"\\r\\nReferer: http://a.test/p\\r\\nPragma: no-cache\\r\\nCache-Control: no-cache\\r\\n\\r\\n\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 304; ETag: \"1\" | \n" },
  { "stale while revalidate: an answer at once, a question behind it",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=1, stale-while-revalidate=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\nwait 2s\ntask script http://a.test/x page=http://a.test/p\nbytes 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1\"\\r\\n\\r\\n\ntask script http://a.test/x page=http://a.test/p",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\ndecide cache.reuse stale-while-revalidate\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\nIf-None-Match: \"1\"\\r\\n\\r\\n\nfinish 2\ndecide cache.update update\ndecide cache.reuse fresh\nfinish 3\n",
    "1 basic 200; Cache-Control: max-age=1, stale-while-revalidate=60; ETag: \"1\" | hi\n2 basic 200 stored; Cache-Control: max-age=1, stale-while-revalidate=60; ETag: \"1\"; Age: 2 | hi\n3 basic 200 stored; Cache-Control: max-age=1, stale-while-revalidate=60; ETag: \"1\"; Age: 0 | hi\n" },
  { "a POST makes stored responses unusable, also past the cache",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/x page=http://a.test/p method=POST cache=no-store\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/x page=http://a.test/p",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\nsend 1 POST /x HTTP/1.1\\r\\nHost: a.test\\r\\nContent-Length: 0\\r\\nOrigin: http://a.test\\r\\nReferer: http://a.test/p\\r\\nPragma: no-cache\\r\\nCache-Control: no-cache\\r\\n\\r\\n\ndecide cache.invalidate target\nstate cache http://a.test/x gone\ndecide cache.store do not store\nfinish 2\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200 | hi\n" },
  { "a second request waits for content that is on its way",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nContent-Length: 4\\r\\n\\r\\nab\ntask script http://a.test/x page=http://a.test/p\nbytes 1 cd",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\ndecide cache.reuse fresh\nfinish 1\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=60 | abcd\n2 basic 200 stored; Cache-Control: max-age=60; Age: 0 | abcd\n" },
  { "… and asks for itself if it never comes",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nContent-Length: 4\\r\\n\\r\\nab\ntask script http://a.test/x page=http://a.test/p\nreset 1\nconnected 2\nbytes 2 HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nabcd",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\ndecide cache.reuse fresh\nstate cache http://a.test/x gone\nfinish 1: the connection was cut off\nconnect 2 a.test:80\nsend 2 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\nfinish 2\n",
    "1 error 0 | the connection was cut off\n2 basic 200 | abcd\n" },
  { "six at a time to one host",
    "task script http://a.test/1 page=http://a.test/p\ntask script http://a.test/2 page=http://a.test/p\ntask script http://a.test/3 page=http://a.test/p\ntask script http://a.test/4 page=http://a.test/p\ntask script http://a.test/5 page=http://a.test/p\ntask script http://a.test/6 page=http://a.test/p\ntask script http://a.test/7 page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nconnect 2 a.test:80\nconnect 3 a.test:80\nconnect 4 a.test:80\nconnect 5 a.test:80\nconnect 6 a.test:80\ndecide browser.connections wait\nsend 1 GET /1 HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nsend 1 GET /7 HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\nfinish 1\n",
    "1 basic 200 | hi\n" },
  { "no connection",
    "task nav http://a.test/\nfailed 1 a.test:80: connection refused",
    "connect 1 a.test:80\nfinish 1: a.test:80: connection refused\n",
    "1 error 0 | a.test:80: connection refused\n" },
  { "no answer in time",
    "task nav http://a.test/ timeout=5s\nconnected 1\nwait 6s",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ncut 1\nfinish 1: no response came in time\n",
    "1 error 0 | no response came in time\n" },
  { "HSTS over http says nothing",
    "task nav http://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nStrict-Transport-Security: max-age=100\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide hsts.note ignored\ndecide cache.store store\nstate page document 'http://a.test/'\nfinish 1\n",
    "1 basic 200; Strict-Transport-Security: max-age=100 | hi\n" },
  { "stale if error: what is stored stands in",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=1, stale-if-error=60\\r\\nContent-Length: 2\\r\\n\\r\\nhi\nwait 2s\ntask script http://a.test/x page=http://a.test/p\nbytes 1 HTTP/1.1 503 Service Unavailable\\r\\nContent-Length: 0\\r\\n\\r\\n",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\ndecide cache.reuse validate\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.error serve-stale\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=1, stale-if-error=60 | hi\n2 basic 200 stored; Cache-Control: max-age=1, stale-if-error=60; Age: 2 | hi\n" },
  { "a response that breaks off",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 4\\r\\n\\r\\nab\neof 1",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nclose 1\nstate cache http://a.test/x gone\nfinish 1: the connection ended in the middle of the response\n",
    "1 error 0 | the connection ended in the middle of the response\n" },
  { "interim responses are not for scripts",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 103 Early Hints\\r\\nLink: </a>\\r\\n\\r\\n\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\n",
    "1 basic 200 | hi\n" },
  { "no request is sent for a page that only-if-cached has",
    "task script http://a.test/x page=http://a.test/p\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nCache-Control: max-age=60\\r\\nETag: \"1\"\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask script http://a.test/x page=http://a.test/p mode=same-origin cache=only-if-cached",
    "connect 1 a.test:80\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nReferer: http://a.test/p\\r\\n\\r\\n\ndecide cache.store store\nfinish 1\ndecide browser.cache-mode stored\nfinish 2\n",
    "1 basic 200; Cache-Control: max-age=60; ETag: \"1\" | hi\n2 basic 200 stored; Cache-Control: max-age=60; ETag: \"1\"; Age: 0 | hi\n" },
  { "two redirections of one document",
    "task nav http://a.test/\nconnected 1\nbytes 1 HTTP/1.1 302 Found\\r\\nLocation: /\\r\\nCache-Control: no-store\\r\\nContent-Length: 0\\r\\n\\r\\n\nbytes 1 HTTP/1.1 302 Found\\r\\nLocation: /\\r\\nCache-Control: no-store\\r\\nContent-Length: 0\\r\\n\\r\\n",
    "connect 1 a.test:80\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cache.store do not store\ndecide redirect follow\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\ndecide cache.store do not store\ndecide redirect follow\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\n\\r\\n\n",
    "" },
  { "HSTS: what is known is spoken to over TLS alone, and so are the names below it",
    "task nav https://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nStrict-Transport-Security: max-age=100; includeSubDomains\\r\\nSet-Cookie: s=1; Secure; SameSite=None\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask nav http://a.test/x\nbytes 1 HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask nav http://b.a.test/\nfailed 2 no\nwait 101s\ntask nav http://a.test/y",
    "connect 1 a.test:443\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\nSec-Fetch-Dest: document\\r\\nSec-Fetch-Mode: navigate\\r\\nSec-Fetch-Site: none\\r\\nSec-Fetch-User: ?1\\r\\n\\r\\n\ndecide hsts.note noted\nstate hsts a.test {'expires': <int64 1767268900000000>, 'subdomains': <true>}\ndecide cookie.set stored\nstate cookie s a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <true>, 'http-only': <false>, 'same-site': <'None'>}\ndecide cache.store store\nstate page document 'https://a.test/'\nfinish 1\ndecide hsts.upgrade upgrade\ndecide cookie.send send\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nSec-Fetch-Dest: document\\r\\nSec-Fetch-Mode: navigate\\r\\nSec-Fetch-Site: none\\r\\nSec-Fetch-User: ?1\\r\\nCookie: s=1\\r\\n\\r\\n\ndecide cache.store store\nstate page document 'https://a.test/x'\nfinish 2\ndecide hsts.upgrade upgrade\nconnect 2 b.a.test:443\nfinish 3: no\ndecide cookie.send keep\nconnect 3 a.test:80\n",
    "1 basic 200; Strict-Transport-Security: max-age=100; includeSubDomains; Set-Cookie: s=1; Secure; SameSite=None | hi\n2 basic 200 | hi\n3 error 0 | no\n" },
  { "… until the host wants to be forgotten",
    "task nav https://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nStrict-Transport-Security: max-age=100; includeSubDomains\\r\\nSet-Cookie: s=1; Secure; SameSite=None\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask nav https://a.test/x\nbytes 1 HTTP/1.1 200 OK\\r\\nStrict-Transport-Security: max-age=0\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask nav http://a.test/y",
    "connect 1 a.test:443\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\nSec-Fetch-Dest: document\\r\\nSec-Fetch-Mode: navigate\\r\\nSec-Fetch-Site: none\\r\\nSec-Fetch-User: ?1\\r\\n\\r\\n\ndecide hsts.note noted\nstate hsts a.test {'expires': <int64 1767268900000000>, 'subdomains': <true>}\ndecide cookie.set stored\nstate cookie s a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <true>, 'http-only': <false>, 'same-site': <'None'>}\ndecide cache.store store\nstate page document 'https://a.test/'\nfinish 1\ndecide cookie.send send\nsend 1 GET /x HTTP/1.1\\r\\nHost: a.test\\r\\nSec-Fetch-Dest: document\\r\\nSec-Fetch-Mode: navigate\\r\\nSec-Fetch-Site: none\\r\\nSec-Fetch-User: ?1\\r\\nCookie: s=1\\r\\n\\r\\n\ndecide hsts.note forgotten\nstate hsts a.test gone\ndecide cache.store store\nstate page document 'https://a.test/x'\nfinish 2\ndecide cookie.send keep\nconnect 2 a.test:80\n",
    "1 basic 200; Strict-Transport-Security: max-age=100; includeSubDomains; Set-Cookie: s=1; Secure; SameSite=None | hi\n2 basic 200; Strict-Transport-Security: max-age=0 | hi\n" },
  { "Secure cookies go over TLS alone",
    "task nav https://a.test/\nconnected 1\nbytes 1 HTTP/1.1 200 OK\\r\\nSet-Cookie: s=1; Secure\\r\\nContent-Length: 2\\r\\n\\r\\nhi\ntask nav http://a.test/x",
    "connect 1 a.test:443\nsend 1 GET / HTTP/1.1\\r\\nHost: a.test\\r\\nSec-Fetch-Dest: document\\r\\nSec-Fetch-Mode: navigate\\r\\nSec-Fetch-Site: none\\r\\nSec-Fetch-User: ?1\\r\\n\\r\\n\ndecide cookie.set stored\nstate cookie s a.test {'value': <'1'>, 'path': <'/'>, 'host-only': <true>, 'secure': <true>, 'http-only': <false>, 'same-site': <''>}\ndecide cache.store store\nstate page document 'https://a.test/'\nfinish 1\ndecide cookie.send keep\nconnect 2 a.test:80\n",
    "1 basic 200; Set-Cookie: s=1; Secure | hi\n" },
  { "a page that came over TLS says nothing of itself to one that did not",
    "task script http://a.test/x page=https://a.test/p method=POST mode=no-cors\nconnected 1",
    "decide browser.mode opaque\nconnect 1 a.test:80\nsend 1 POST /x HTTP/1.1\\r\\nHost: a.test\\r\\nContent-Length: 0\\r\\nOrigin: null\\r\\n\\r\\n\n",
    "" },
  { "the way to a site over TLS is told",
    "task script https://b.a.test/x page=https://a.test/p\nconnected 1",
    "decide browser.mode cors\ndecide cors.preflight-needed not-needed\nconnect 1 b.a.test:443\nsend 1 GET /x HTTP/1.1\\r\\nHost: b.a.test\\r\\nOrigin: https://a.test\\r\\nReferer: https://a.test/\\r\\nSec-Fetch-Dest: empty\\r\\nSec-Fetch-Mode: cors\\r\\nSec-Fetch-Site: same-site\\r\\n\\r\\n\n",
    "" },
};
/* clang-format on */

typedef struct
{
  GPtrArray *tasks; /* Asked */
  GString *answers;
} Asking;

typedef struct
{
  RtBrowserTask task;
  Asking *asking;
  guint number;
} Asked;

static void
asked_free (gpointer data)
{
  Asked *asked = data;

  g_free ((gpointer)asked->task.page);
  g_free ((gpointer)asked->task.url);
  g_free ((gpointer)asked->task.method);
  g_clear_pointer (&asked->task.fields, rt_fields_unref);
  g_clear_pointer (&asked->task.content, g_bytes_unref);
  g_free (asked);
}

static void
answered (gpointer data, const RtBrowserResponse *response)
{
  Asked *asked = data;
  GString *out = asked->asking->answers;

  g_string_append_printf (
      out, "%u %s %u%s%s", asked->number, rt_response_type_name (response->type), response->status,
      response->redirected ? " redirected" : "", response->from_cache ? " stored" : "");
  for (guint i = 0; response->fields != NULL && i < rt_fields_get_length (response->fields); i++)
    {
      const RtField *field = rt_fields_get (response->fields, i);

      if (!rt_text_is (field->name, "Date") && !rt_text_is (field->name, "Content-Length"))
        g_string_append_printf (out, "; %.*s: %.*s", (int)field->name.length, field->name.at,
                                (int)field->value.length, field->value.at);
    }
  if (response->content != NULL)
    {
      g_string_append (out, " | ");
      g_string_append_len (out, g_bytes_get_data (response->content, NULL),
                           (gssize)g_bytes_get_size (response->content));
    }
  if (response->error != NULL)
    g_string_append_printf (out, " | %s", response->error->message);
  g_string_append_c (out, '\n');
}

static void
read_field (RtBrowserTask *task, const char *word)
{
  g_auto (GStrv) parts = g_strsplit (word, ":", 2);
  g_autoptr (GBytes) value = dialogue_bytes (parts[1]);
  g_autofree char *text = g_strndup (g_bytes_get_data (value, NULL), g_bytes_get_size (value));

  if (task->fields == NULL)
    task->fields = rt_fields_new ();
  rt_fields_append (task->fields, parts[0], text);
}

static void
read_word (RtBrowserTask *task, const char *word)
{
  const char *value = strchr (word, '=') + 1;

  if (strcmp (word, "plain") == 0)
    return;
  if (*word == '-')
    read_field (task, word + 1);
  else if (g_str_has_prefix (word, "page="))
    task->page = g_strdup (value);
  else if (g_str_has_prefix (word, "method="))
    task->method = g_strdup (value);
  else if (g_str_has_prefix (word, "mode="))
    task->mode = rt_fetch_mode_find (value, NULL);
  else if (g_str_has_prefix (word, "credentials="))
    task->credentials = rt_fetch_credentials_find (value, NULL);
  else if (g_str_has_prefix (word, "cache="))
    task->cache = rt_fetch_cache_find (value, NULL);
  else if (g_str_has_prefix (word, "redirect="))
    task->redirect = rt_fetch_redirect_find (value, NULL);
  else if (g_str_has_prefix (word, "timeout="))
    rt_duration_parse (value, &task->timeout, NULL);
  else if (g_str_has_prefix (word, "body="))
    task->content = g_bytes_new (value, strlen (value));
  else
    fail_msg ("no word: %s", word);
}

static gconstpointer
make_task (gpointer data, const char *text)
{
  Asking *asking = data;
  Asked *asked = g_new0 (Asked, 1);
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  g_ptr_array_add (asking->tasks, asked);
  asked->asking = asking;
  asked->number = asking->tasks->len;
  asked->task.answer = answered;
  asked->task.data = asked;
  asked->task.kind = strcmp (words[0], "nav") == 0       ? RT_BROWSER_NAVIGATE
                     : strcmp (words[0], "script") == 0  ? RT_BROWSER_SCRIPT
                     : strcmp (words[0], "restart") == 0 ? RT_BROWSER_RESTART
                     : strcmp (words[0], "clear") == 0   ? RT_BROWSER_CLEAR
                                                         : RT_BROWSER_CLOSE;
  asked->task.url = g_strdup (words[1]);
  for (guint i = 2; words[1] != NULL && words[i] != NULL; i++)
    read_word (&asked->task, words[i]);
  return &asked->task;
}

/* Accept is in every request, and what the cache has to say of its entries is tested there. */
static char *
without_repetition (const char *text)
{
  g_autoptr (GRegex) regex
      = g_regex_new ("Accept: [^\\\\]*\\\\r\\\\n|state cache [^ ]* \\{[^\\n]*\\n", 0, 0, NULL);

  return g_regex_replace_literal (regex, text, -1, 0, "", 0, NULL);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  const RtBrowserSettings settings
      = { .preflight_cap = RT_TIME_HOUR,
          .tls = strstr (row->script, " plain") == NULL ? &rt_tls_standard : NULL,
          .explain = TRUE };
  Asking asking = { g_ptr_array_new_with_free_func (asked_free), g_string_new (NULL) };
  Dialogue dialogue = { .klass = &rt_browser_class,
                        .self = rt_browser_new (&settings),
                        .task = make_task,
                        .data = &asking };
  g_autofree char *out = dialogue_play (&dialogue, row->script);
  g_autofree char *plain = without_repetition (out);

  assert_string_equal (plain, row->want);
  assert_string_equal (asking.answers->str, row->answers);
  g_ptr_array_unref (asking.tasks);
  g_string_free (asking.answers, TRUE);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("browser", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
