/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What all resources have in common, and the kinds that redirect, delay, fail, echo and crash. */
#include "resources.h"

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define END "\\r\\n"
#define GET(path) "bytes 1 GET " path HOST END "\n"
#define POST(path, length) "bytes 1 POST " path HOST "Content-Length: " length "\\r\\n"
#define OPEN "accept 1\n"

/* clang-format off */
static const ResourceRow rows[] = {
  { "a redirection", "{'/a': ('redirect', {'location': <'/b'>})}", OPEN GET ("/a"),
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /b\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /b\\n\n" },
  { "a POST redirected otherwise", "{'/a': ('redirect', {'location': <'/b'>, 'status': <'301'>, 'unsafe-status': <'308'>})}", OPEN GET ("/a") POST ("/a", "2") END "hi",
    "send 1 HTTP/1.1 301 Moved Permanently\\r\\nLocation: /b\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /b\\n\n"
    "send 1 HTTP/1.1 308 Permanent Redirect\\r\\nLocation: /b\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /b\\n\n" },
  { "a query goes along", "{'/a': ('redirect', {'location': <'/b#there'>})}", OPEN GET ("/a?x=1"),
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /b?x=1#there\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 19\\r\\n\\r\\n\n"
    "send 1 Go to /b?x=1#there\\n\n" },
  { "a query that stays behind", "{'/a': ('redirect', {'location': <'/b'>, 'keep-query': <false>})}", OPEN GET ("/a?x=1"),
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /b\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /b\\n\n" },
  { "a location with a query of its own", "{'/a': ('redirect', {'location': <'/b?y=2'>})}", OPEN GET ("/a?x=1"),
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /b?y=2\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 13\\r\\n\\r\\n\n"
    "send 1 Go to /b?y=2\\n\n" },
  { "a whole tree redirected", "{'/old': ('redirect', {'location': <'http://b/new/'>, 'below': <true>, 'status': <'301'>})}", OPEN GET ("/old/1/2?x"),
    "send 1 HTTP/1.1 301 Moved Permanently\\r\\nLocation: http://b/new/1/2?x\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 25\\r\\n\\r\\n\n"
    "send 1 Go to http://b/new/1/2?x\\n\n" },
  { "what is below is not served unless it is said", "{'/old': ('redirect', {'location': <'/new'>})}", OPEN GET ("/old/1"),
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 116\\r\\n\\r\\n\n"
    "send 1 There is no current representation, or the server will not say that there is one; it may be so for now or for ever.\\n\n" },
  { "a longer name is not below", "{'/old': ('redirect', {'location': <'/new'>, 'below': <true>})}", OPEN GET ("/older"),
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 116\\r\\n\\r\\n\n"
    "send 1 There is no current representation, or the server will not say that there is one; it may be so for now or for ever.\\n\n" },
  { "the nearest resource above serves", "{'/': ('redirect', {'location': <'/root'>, 'below': <true>}), '/a': ('redirect', {'location': <'/nearer'>, 'below': <true>})}", OPEN GET ("/a/b"),
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /nearer/b\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 16\\r\\n\\r\\n\n"
    "send 1 Go to /nearer/b\\n\n" },
  { "a method that is not redirected", "{'/a': ('redirect', {'location': <'/b'>, 'methods': <['GET', 'HEAD']>})}", OPEN POST ("/a", "0") END,
    "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: GET, HEAD\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "a redirection that is taken away", "{'/a': ('redirect', {'location': <'/b'>, 'for': <int64 1000000>})}", OPEN GET ("/a") "wait 1s\n" GET ("/a"),
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: /b\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 9\\r\\n\\r\\n\n"
    "send 1 Go to /b\\n\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 32\\r\\n\\r\\n\n"
    "send 1 There is nothing here any more.\\n\n" },

  { "slow to begin", "{'/a': ('slow', {})}", OPEN GET ("/a") "wait 999ms\nwait 1ms",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 8\\r\\n\\r\\n\n"
    "send 1 At last.\n" },
  { "slow in pieces", "{'/a': ('slow', {'before-head': <int64 0>, 'piece': <int64 3>})}", OPEN GET ("/a") "wait 1s\nwait 1s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 8\\r\\n\\r\\n\n"
    "send 1 At \n"
    "send 1 las\n"
    "send 1 t.\n" },
  { "slow without a length", "{'/a': ('slow', {'before-head': <int64 0>, 'before-content': <int64 1000>, 'known-length': <false>})}", OPEN GET ("/a") "wait 1s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 8\\r\\nAt last.\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "slow, to nobody", "{'/a': ('slow', {'piece': <int64 1>})}", OPEN GET ("/a") "wait 3s\nreset 1\nwait 1h",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 8\\r\\n\\r\\n\n"
    "send 1 A\n"
    "send 1 t\n"
    "send 1  \n" },
  { "slow, and a HEAD", "{'/a': ('slow', {'piece': <int64 1>})}", OPEN "bytes 1 HEAD /a" HOST END "\nwait 10s\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 8\\r\\n\\r\\n\n" },
  { "slow, with nothing to say", "{'/a': ('slow', {'content': <''>})}", OPEN GET ("/a") "wait 3s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },

  { "answers that fail in order", "{'/a': ('failing', {'answers': <['503', '404', '200']>, 'retry-after': <int64 2000000>})}", OPEN GET ("/a") GET ("/a") GET ("/a") GET ("/a"),
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 503 Service Unavailable\\r\\nRetry-After: 2\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 20\\r\\n\\r\\n\n"
    "send 1 Service Unavailable\\n\n"
    "state failing /a {'answers': <int64 2>}\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nRetry-After: 2\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 10\\r\\n\\r\\n\n"
    "send 1 Not Found\\n\n"
    "state failing /a {'answers': <int64 3>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 OK\\n\n"
    "state failing /a {'answers': <int64 4>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 OK\\n\n" },
  { "answers that begin again", "{'/a': ('failing', {'answers': <['500', '204']>, 'afterwards': <'again'>})}", OPEN GET ("/a") GET ("/a") GET ("/a"),
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 22\\r\\n\\r\\n\n"
    "send 1 Internal Server Error\\n\n"
    "state failing /a {'answers': <int64 2>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\n\\r\\n\n"
    "state failing /a {'answers': <int64 3>}\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 22\\r\\n\\r\\n\n"
    "send 1 Internal Server Error\\n\n" },
  { "garbage", "{'/a': ('failing', {'answers': <['garbled']>})}", OPEN GET ("/a"),
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 SSH-2.0-OpenSSH_9.2p1 Debian-2\\r\\n\n"
    "close 1\n" },
  { "no answer and the end", "{'/a': ('failing', {'answers': <['close']>})}", OPEN GET ("/a") "eof 1",
    "state failing /a {'answers': <int64 1>}\n"
    "close 1\n" },
  { "no answer and a reset", "{'/a': ('failing', {'answers': <['reset']>})}", OPEN GET ("/a"),
    "state failing /a {'answers': <int64 1>}\n"
    "cut 1\n" },
  { "half an answer", "{'/a': ('failing', {'answers': <['half']>})}", OPEN GET ("/a"),
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 36\\r\\n\\r\\n\n"
    "send 1 This is all that c\n"
    "close 1\n" },
  { "half an answer and a reset", "{'/a': ('failing', {'answers': <['half-reset']>})}", OPEN GET ("/a") "wait 1s",
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 36\\r\\n\\r\\n\n"
    "send 1 This is all that c\n"
    "cut 1\n" },
  { "no answer for a minute", "{'/a': ('failing', {'answers': <['hang']>})}", OPEN GET ("/a") "wait 59s\ntask -\nwait 1s",
    "state failing /a {'answers': <int64 1>}\n"
    "close 1\n" },

  { "an echo", "{'/a': ('echo', {})}", OPEN "bytes 1 TRACE /a" HOST "X: y\\r\\nCookie: secret\\r\\n" END "\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: message/http\\r\\nContent-Length: 36\\r\\n\\r\\n\n"
    "send 1 TRACE /a HTTP/1.1\\r\\nHost: a\\r\\nX: y\\r\\n\\r\\n\n" },
  { "an echo of what is secret", "{'/a': ('echo', {'secrets': <true>})}", OPEN "bytes 1 GET /a" HOST "Cookie: secret\\r\\n" END "\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: message/http\\r\\nContent-Length: 44\\r\\n\\r\\n\n"
    "send 1 GET /a HTTP/1.1\\r\\nHost: a\\r\\nCookie: secret\\r\\n\\r\\n\n" },
  { "an echo comes back as it goes in", "{'/a': ('echo', {})}", OPEN POST ("/a", "6") END "abc\nbytes 1 def\n" GET ("/a"),
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: message/http\\r\\nTransfer-Encoding: chunked\\r\\nConnection: close\\r\\n\\r\\n\n"
    "send 1 30\\r\\nPOST /a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 6\\r\\n\\r\\n\\r\\n\n"
    "read 1 off\n"
    "send 1 3\\r\\nabc\\r\\n\n"
    "read 1 on\n"
    "read 1 off\n"
    "send 1 3\\r\\ndef\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n"
    "close 1\n"
    "read 1 on\n" },
  { "an echo of the content alone", "{'/a': ('echo', {'head': <false>})}", OPEN "hold\n" POST ("/a", "6") "Content-Type: text/css\\r\\n" END "abc\nbytes 1 de\nrelease\nbytes 1 f\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/css\\r\\nTransfer-Encoding: chunked\\r\\nConnection: close\\r\\n\\r\\n\n"
    "read 1 off\n"
    "send 1 3\\r\\nabc\\r\\n\n"
    "send 1 2\\r\\nde\\r\\n\n"
    "read 1 on\n"
    "read 1 off\n"
    "send 1 1\\r\\nf\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n"
    "close 1\n"
    "read 1 on\n" },
  { "an echo that is left in the middle", "{'/a': ('echo', {})}", OPEN POST ("/a", "6") END "abc\nreset 1\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: message/http\\r\\nTransfer-Encoding: chunked\\r\\nConnection: close\\r\\n\\r\\n\n"
    "send 1 30\\r\\nPOST /a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 6\\r\\n\\r\\n\\r\\n\n"
    "read 1 off\n"
    "send 1 3\\r\\nabc\\r\\n\n"
    "read 1 on\n" },
  { "a TRACE has no content", "{'/a': ('echo', {})}", OPEN "bytes 1 TRACE /a" HOST "Content-Length: 1\\r\\n" END "x",
    "send 1 HTTP/1.1 400 Bad Request\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 24\\r\\nConnection: close\\r\\n\\r\\n\n"
    "send 1 A TRACE has no content.\\n\n"
    "close 1\n" },

  { "a page says what the connection tells", "{'/a': ('page', {})}", OPEN GET ("/a?q") "bytes 1 GET /a" HOST "X-Forwarded-For: 6.6.6.6\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END,
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 38\\r\\n\\r\\n\n"
    "send 1 You are 10.0.0.9.\\nThis is http://a/a.\\n\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 38\\r\\n\\r\\n\n"
    "send 1 You are 10.0.0.9.\\nThis is http://a/a.\\n\n" },
  { "… and what a trusted server tells", "{'/a': ('page', {'forwarded': <'x-forwarded'>, 'trusts': <['10.0.0.0/8']>})}", OPEN "bytes 1 GET /a" HOST "X-Forwarded-For: 6.6.6.6, 203.0.113.7\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END,
    "decide forwarded forwarded\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 45\\r\\n\\r\\n\n"
    "send 1 You are 203.0.113.7.\\nThis is https://shop/a.\\n\n" },
  { "… but not what anybody does", "{'/a': ('page', {'forwarded': <'x-forwarded'>, 'trusts': <['192.0.2.0/24']>})}", OPEN "bytes 1 GET /a" HOST "X-Forwarded-For: 6.6.6.6, 203.0.113.7\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END,
    "decide forwarded peer\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 38\\r\\n\\r\\n\n"
    "send 1 You are 10.0.0.9.\\nThis is http://a/a.\\n\n" },
  { "… unless everybody is believed", "{'/a': ('page', {'forwarded': <'x-forwarded'>, 'trusts': <['0.0.0.0/0']>})}", OPEN "bytes 1 GET /a" HOST "X-Forwarded-For: 6.6.6.6, 203.0.113.7\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END,
    "decide forwarded forwarded\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 41\\r\\n\\r\\n\n"
    "send 1 You are 6.6.6.6.\\nThis is https://shop/a.\\n\n" },
  { "… in Forwarded, too", "{'/a': ('page', {'forwarded': <'forwarded'>, 'trusts': <['10.0.0.0/8']>})}", OPEN "bytes 1 GET /a" HOST "Forwarded: for=203.0.113.7;proto=https;host=shop\\r\\nX-Forwarded-For: 6.6.6.6\\r\\n" END,
    "decide forwarded forwarded\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 45\\r\\n\\r\\n\n"
    "send 1 You are 203.0.113.7.\\nThis is https://shop/a.\\n\n" },
  { "a scheme that is none is not believed", "{'/a': ('page', {'forwarded': <'forwarded'>, 'trusts': <['10.0.0.0/8']>})}", OPEN "bytes 1 GET /a" HOST "Forwarded: for=203.0.113.7;proto=javascript\\r\\n" END,
    "decide forwarded forwarded\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 41\\r\\n\\r\\n\n"
    "send 1 You are 203.0.113.7.\\nThis is http://a/a.\\n\n" },
  { "a page for some clients alone", "{'/a': ('page', {'forwarded': <'x-forwarded'>, 'trusts': <['10.0.0.0/8']>, 'only': <['203.0.113.0/24']>})}", OPEN "bytes 1 GET /a" HOST "X-Forwarded-For: 203.0.113.7\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END "\nbytes 1 GET /a" HOST "X-Forwarded-For: 198.51.100.1\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END,
    "decide forwarded forwarded\n"
    "decide server.client yes\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 45\\r\\n\\r\\n\n"
    "send 1 You are 203.0.113.7.\\nThis is https://shop/a.\\n\n"
    "decide forwarded forwarded\n"
    "decide server.client 403\n"
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 24\\r\\n\\r\\n\n"
    "send 1 Not from where you are.\\n\n" },
  { "a page so often for each client", "{'/a': ('page', {'limit': <int64 1>, 'window': <int64 1500000>})}", OPEN GET ("/a") GET ("/a") "wait 2s\n" GET ("/a"),
    "state client /a:10.0.0.9 {'requests': <int64 1>}\n"
    "decide server.client yes\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 38\\r\\n\\r\\n\n"
    "send 1 You are 10.0.0.9.\\nThis is http://a/a.\\n\n"
    "state client /a:10.0.0.9 {'requests': <int64 2>}\n"
    "decide server.client 429\n"
    "send 1 HTTP/1.1 429 Too Many Requests\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nRetry-After: 2\\r\\nContent-Length: 20\\r\\n\\r\\n\n"
    "send 1 That was too often.\\n\n"
    "state client /a:10.0.0.9 {'requests': <int64 1>}\n"
    "decide server.client yes\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 38\\r\\n\\r\\n\n"
    "send 1 You are 10.0.0.9.\\nThis is http://a/a.\\n\n" },
  { "a page is read, not changed", "{'/a': ('page', {})}", OPEN POST ("/a", "0") END,
    "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: GET, HEAD, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "http sent to https", "{'/a': ('page', {'https-only': <true>})}", OPEN GET ("/a?x=1"),
    "send 1 HTTP/1.1 308 Permanent Redirect\\r\\nLocation: https://a/a?x=1\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "… unless it was https before the server that passed it on", "{'/a': ('page', {'https-only': <true>, 'forwarded': <'x-forwarded'>, 'trusts': <['10.0.0.0/8']>, 'content': <'{scheme} {nothing}'>})}", OPEN "bytes 1 GET /a" HOST "X-Forwarded-For: 203.0.113.7\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END,
    "decide forwarded forwarded\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 15\\r\\n\\r\\n\n"
    "send 1 https {nothing}\n" },
  { "a delayed page decides once", "{'/a': ('page', {'delay': <int64 1000000>, 'forwarded': <'x-forwarded'>, 'trusts': <['10.0.0.0/8']>})}", OPEN "bytes 1 GET /a" HOST "X-Forwarded-For: 203.0.113.7\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END "\nwait 1s\n",
    "decide forwarded forwarded\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 45\\r\\n\\r\\n\n"
    "send 1 You are 203.0.113.7.\\nThis is https://shop/a.\\n\n" },
  { "a location with what the server knows", "{'/a': ('redirect', {'location': <'{scheme}://{host}/b/'>, 'below': <true>, 'forwarded': <'x-forwarded'>, 'trusts': <['10.0.0.0/8']>})}", OPEN "bytes 1 GET /a/c?x" HOST "X-Forwarded-For: 203.0.113.7\\r\\nX-Forwarded-Proto: https\\r\\nX-Forwarded-Host: shop\\r\\n" END,
    "decide forwarded forwarded\n"
    "send 1 HTTP/1.1 302 Found\\r\\nLocation: https://shop/b/c?x\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 25\\r\\n\\r\\n\n"
    "send 1 Go to https://shop/b/c?x\\n\n" },

  { "bytes as they are set, and the connection stays", "{'/a': ('raw', {'answer': <'HTTP/1.1 200 Fine\nContent-Length: 1\n\nab'>})}", OPEN GET ("/a") GET ("/a"),
    "send 1 HTTP/1.1 200 Fine\\r\\nContent-Length: 1\\r\\n\\r\\nab\n"
    "send 1 HTTP/1.1 200 Fine\\r\\nContent-Length: 1\\r\\n\\r\\nab\n" },
  { "bytes, and the end", "{'/a': ('raw', {'answer': <'x'>, 'then': <'close'>})}", OPEN GET ("/a"),
    "send 1 x\n"
    "close 1\n" },
  { "bytes, and a reset", "{'/a': ('raw', {'answer': <'x'>, 'then': <'reset'>})}", OPEN GET ("/a") "wait 50ms",
    "send 1 x\n"
    "cut 1\n" },
  { "no bytes at all are the end, too", "{'/a': ('raw', {'answer': <''>, 'then': <'close'>})}", OPEN GET ("/a"),
    "close 1\n" },
  { "bytes after a while", "{'/a': ('raw', {'answer': <'x'>, 'delay': <int64 1000000>})}", OPEN GET ("/a") "wait 999ms\ntask -\nwait 1ms",
    "send 1 x\n" },

  { "a crash", "{'/a': ('crash', {}), '/b': ('slow', {})}", OPEN "accept 2\nbytes 2 GET /b" HOST END "\n" GET ("/a") "wait 1s\naccept 3\nwait 5s\n" "accept 4\nbytes 4 GET /b" HOST END "\nwait 1s",
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n"
    "cut 2\n"
    "cut 3\n"
    "listen on\n"
    "state server server 'up'\n"
    "send 4 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 8\\r\\n\\r\\n\n"
    "send 4 At last.\n" },
  { "a crash in the middle", "{'/a': ('crash', {'when': <'half'>})}", OPEN GET ("/a") "wait 1s\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 46\\r\\n\\r\\n\n"
    "send 1 So far everything is fi\n"
    "listen off\n"
    "state server server 'down'\n"
    "cut 1\n" },

  { "fields, cache-control and vary", "{'/a': ('failing', {'answers': <['200']>, 'fields': <[('X', '1'), ('X', '2')]>, 'cache-control': <'max-age=60'>, 'vary': <'Accept'>})}", OPEN GET ("/a") POST ("/a", "0") END,
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nX: 1\\r\\nX: 2\\r\\nCache-Control: max-age=60\\r\\nVary: Accept\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 OK\\n\n"
    "state failing /a {'answers': <int64 2>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nX: 1\\r\\nX: 2\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 OK\\n\n" },
  { "errors have a Cache-Control of their own", "{'/a': ('failing', {'answers': <['404', '200']>, 'cache-control': <'max-age=60'>, 'error-cache-control': <'max-age=5'>})}", OPEN GET ("/a") GET ("/a"),
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nCache-Control: max-age=5\\r\\nContent-Length: 10\\r\\n\\r\\n\n"
    "send 1 Not Found\\n\n"
    "state failing /a {'answers': <int64 2>}\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nCache-Control: max-age=60\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 OK\\n\n" },
  { "a delay before an echo", "{'/a': ('echo', {'delay': <int64 1000000>})}", OPEN GET ("/a") "wait 999ms\ntask -\nwait 1ms",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: message/http\\r\\nContent-Length: 28\\r\\n\\r\\n\n"
    "send 1 GET /a HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n" },
  { "nobody asked for CORS", "{'/a': ('failing', {'answers': <['204']>, 'cors-origins': <['http://p']>})}", OPEN GET ("/a"),
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nVary: Origin\\r\\n\\r\\n\n" },
  { "CORS for an origin on the list", "{'/a': ('failing', {'answers': <['204']>, 'cors-origins': <['http://p']>, 'cors-credentials': <true>, 'cors-expose': <['ETag', 'X']>})}", OPEN "bytes 1 GET /a" HOST "Origin: http://p\\r\\n" END,
    "state failing /a {'answers': <int64 1>}\n"
    "decide server.cors yes\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nVary: Origin\\r\\nAccess-Control-Allow-Origin: http://p\\r\\nAccess-Control-Allow-Credentials: true\\r\\nAccess-Control-Expose-Headers: ETag, X\\r\\n\\r\\n\n" },
  { "CORS for another origin", "{'/a': ('failing', {'answers': <['204']>, 'cors-origins': <['http://p']>})}", OPEN "bytes 1 GET /a" HOST "Origin: http://q\\r\\n" END,
    "state failing /a {'answers': <int64 1>}\n"
    "decide server.cors no\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nVary: Origin\\r\\n\\r\\n\n" },
  { "CORS for all", "{'/a': ('failing', {'answers': <['204']>, 'cors-origins': <['*']>})}", OPEN "bytes 1 GET /a" HOST "Origin: http://q\\r\\n" END,
    "state failing /a {'answers': <int64 1>}\n"
    "decide server.cors yes\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nAccess-Control-Allow-Origin: *\\r\\n\\r\\n\n" },
  { "CORS that names whoever asks, without Vary", "{'/a': ('failing', {'answers': <['204']>, 'cors-origins': <['any']>, 'cors-vary': <false>})}", OPEN "bytes 1 GET /a" HOST "Origin: http://q\\r\\n" END,
    "state failing /a {'answers': <int64 1>}\n"
    "decide server.cors yes\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nAccess-Control-Allow-Origin: http://q\\r\\n\\r\\n\n" },
  { "an error without CORS", "{'/a': ('failing', {'answers': <['500']>, 'content': <'x'>, 'cors-origins': <['*']>, 'cors-errors': <false>})}", OPEN "bytes 1 GET /a" HOST "Origin: http://q\\r\\n" END,
    "state failing /a {'answers': <int64 1>}\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 1\\r\\n\\r\\n\n"
    "send 1 x\n" },
  { "a preflight", "{'/a': ('failing', {'cors-origins': <['http://p']>, 'cors-methods': <['PUT', 'DELETE']>, 'cors-headers': <['X-A']>, 'cors-max-age': <int64 600000000>})}", OPEN "bytes 1 OPTIONS /a" HOST "Origin: http://p\\r\\nAccess-Control-Request-Method: PUT\\r\\n" END,
    "decide server.cors yes\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nAccess-Control-Allow-Methods: PUT, DELETE\\r\\nAccess-Control-Allow-Headers: X-A\\r\\nAccess-Control-Max-Age: 600\\r\\nVary: Origin\\r\\nAccess-Control-Allow-Origin: http://p\\r\\n\\r\\n\n" },
  { "a preflight that nobody understands", "{'/a': ('slow', {})}", OPEN "bytes 1 OPTIONS /a" HOST "Origin: http://p\\r\\nAccess-Control-Request-Method: PUT\\r\\n" END,
    "send 1 HTTP/1.1 204 No Content\\r\\nAllow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\\r\\n\\r\\n\n" },
};
/* clang-format on */

int
main (void)
{
  return resources_run ("resources", rows, G_N_ELEMENTS (rows));
}
