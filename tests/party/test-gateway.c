/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The gateway without a cache: what it forwards, what it takes out and puts in, what it does when
 * a side fails. */
#include "middle.h"

#define POST(fields) ASK ("11", "POST /p", fields)

/* clang-format off */
static const MiddleRow rows[] = {
  { "a request goes to the server and its response back", 0,
    CLIENT GET ("11", "/x?q=1") UP OK ("1", "", "5", "hello"),
    "1@one:80 1>GET/x?q=1 11<200 11:hello",
    { "Host: a\\r\\n", "Via: 1.1 roundtrip", "Content-Length: 5" } },
  { "connections to the server are used again", 0,
    CLIENT GET ("11", "/1") UP OK ("1", "", "1", "a") GET ("11", "/2") OK ("1", "", "1", "b"),
    "1@one:80 1>GET/1 11<200 11:a 1>GET/2 11<200 11:b" },
  { "servers are taken in turn", MIDDLE_TWO,
    CLIENT GET ("11", "/1") UP OK ("1", "", "0", "") GET ("11", "/2") "connected 2\n" OK ("2", "", "0", ""),
    "1@one:80 1>GET/1 11<200 2@two:8080 2>GET/2 11<200" },
  { "absolute-form is forwarded in origin-form, and its authority is the Host", 0,
    CLIENT ASK ("11", "GET http://B:80/x", "") UP OK ("1", "", "0", ""),
    "1@one:80 1>GET/x 11<200", { "Host: B:80\\r\\n" }, { "Host: a" } },
  { "the server's own name as Host, if so set", MIDDLE_OWN_HOST,
    CLIENT GET ("11", "/x") UP, "1@one:80 1>GET/x", { "Host: one\\r\\n" } },

  { "HTTP/1.0 without Host: the server's own name", MIDDLE_FORWARDED,
    CLIENT "bytes 11 GET / HTTP/1.0" END "\n" UP, "1@one:80 1>GET/", { "Host: one\\r\\n" }, { "host=", "X-Forwarded-Host" } },

  { "connection fields stay on their hop", 0,
    CLIENT GET_WITH ("11", "/", "Connection: X-One, close" CRLF "X-One: 1" CRLF "X-Two: 2" CRLF "Keep-Alive: 5" CRLF "TE: gzip" CRLF "Upgrade: websocket" CRLF "Proxy-Authorization: Basic x" CRLF) UP
    SAY ("1", "200", "Content-Length: 0" CRLF "Connection: Y-One" CRLF "Y-One: 1" CRLF "Y-Two: 2" CRLF "Keep-Alive: 5" CRLF, ""),
    "1@one:80 1>GET/ 11<200 11close", { "X-Two: 2", "Y-Two: 2" }, { "X-One", "Y-One", "Keep-Alive", "Upgrade" } },
  { "Transfer-Encoding with Content-Length goes no further", 0,
    CLIENT "bytes 11 POST / HTTP/1.1" CRLF "Host: a" CRLF "Content-Length: 4" CRLF "Transfer-Encoding: chunked" CRLF CRLF "0" END "GET /smuggled HTTP/1.1" END "\n",
    NULL, { "HTTP/1.1 400", "Connection: close", "close 11" }, { "connect" } },
  { "a response with both framings is framed anew", 0,
    CLIENT GET ("11", "/") UP SAY ("1", "200", "Content-Length: 3" CRLF "Transfer-Encoding: chunked" CRLF, "2" CRLF "hi" CRLF "0" END),
    "1@one:80 1>GET/ 1close 11<200 11:2\\r\\nhi\\r\\n 11:0\\r\\n\\r\\n", { NULL }, { "Content-Length: 3" } },
  { "Forwarded and X-Forwarded-* say whom the request is from", MIDDLE_FORWARDED,
    CLIENT GET_WITH ("11", "/", "Forwarded: for=x" CRLF "X-Forwarded-For: y" CRLF "X-Forwarded-Host: evil" CRLF) UP,
    "1@one:80 1>GET/", { "Forwarded: for=x, for=10.0.0.9;host=a;proto=http", "X-Forwarded-For: y, 10.0.0.9", "X-Forwarded-Host: a", "X-Forwarded-Proto: http" }, { "evil" } },
  { "Via grows in both directions", 0,
    CLIENT GET_WITH ("11", "/", "Via: 1.0 first" CRLF) UP OK ("1", "Via: 1.1 last" CRLF, "0", ""), NULL,
    { "Via: 1.0 first\\r\\nVia: 1.1 roundtrip", "Via: 1.1 last\\r\\n" } },
  { "a loop is found by Via", 0, CLIENT GET_WITH ("11", "/", "Via: 1.1 x, 1.1 Roundtrip" CRLF), NULL, { "502", "error=proxy_loop_detected" }, { "connect" } },
  { "Date is added where the server has none", 0, CLIENT GET ("11", "/") UP OK ("1", "", "0", ""), NULL, { "Date: " } },

  { "content goes on as it comes", 0,
    CLIENT POST ("Content-Length: 4" CRLF) UP "bytes 11 ab\nbytes 11 cd\n" OK ("1", "", "2", "ok"),
    "1@one:80 1>POST/p 1:ab 1:cd 11<200 11:ok" },
  { "content that comes before the connection is up waits for it", 0,
    CLIENT POST ("Content-Length: 2" CRLF) "bytes 11 ab\n" UP, "1@one:80 1>POST/p 1:ab" },
  { "chunks are cut anew, extensions dropped, trailers kept", 0,
    CLIENT POST ("Transfer-Encoding: chunked" CRLF) UP "bytes 11 2;x=y" CRLF "ab" CRLF "0" CRLF "X-Sum: 1" CRLF "Host: evil" END "\n",
    "1@one:80 1>POST/p 1:2\\r\\nab\\r\\n 1:0\\r\\nX-Sum: 1\\r\\n\\r\\n", { "Transfer-Encoding: chunked" }, { "evil", "x=y" } },
  { "a chunked response reaches a client of HTTP/1.1 chunked, with its trailers", 0,
    CLIENT GET ("11", "/") UP SAY ("1", "200", "Transfer-Encoding: chunked" CRLF, "2" CRLF "hi" CRLF "0" CRLF "X-Sum: 1" END),
    "1@one:80 1>GET/ 11<200 11:2\\r\\nhi\\r\\n 11:0\\r\\nX-Sum: 1\\r\\n\\r\\n" },
  { "… and one of HTTP/1.0 up to the end of the connection", 0,
    CLIENT "bytes 11 GET / HTTP/1.0" END "\n" UP SAY ("1", "200", "Transfer-Encoding: chunked" CRLF, "2" CRLF "hi" CRLF "0" END),
    "1@one:80 1>GET/ 11<200 11:hi 11close", { "Via: 1.0 roundtrip" } },
  { "a response that ends with its connection", 0,
    CLIENT GET ("11", "/") UP SAY ("1", "200", "", "hi") "eof 1\n",
    "1@one:80 1>GET/ 11<200 11:2\\r\\nhi\\r\\n 1close 11:0\\r\\n\\r\\n" },
  { "a client that does not read stops the server", 0,
    "hold\n" CLIENT GET ("11", "/") UP SAY ("1", "200", "Content-Length: 300001" CRLF, "") "flood 1\nrelease\n", NULL,
    { "read 1 off", "read 1 on" } },
  { "a server that does not read stops the client", 0,
    "hold\n" CLIENT POST ("Content-Length: 300001" CRLF) UP "flood 11\nrelease\n", NULL, { "read 11 off", "read 11 on" } },
  { "HEAD keeps the length of what is not sent", 0,
    CLIENT ASK ("11", "HEAD /", "") UP SAY ("1", "200", "Content-Length: 999" CRLF, ""), "1@one:80 1>HEAD/ 11<200", { "Content-Length: 999" } },
  { "an answer before the content is whole ends both connections", 0,
    CLIENT POST ("Content-Length: 9" CRLF) UP SAY ("1", "403", "Content-Length: 0" CRLF, ""), "1@one:80 1>POST/p 1cut 11<403 11close" },

  { "100-continue is the server's to answer", 0,
    CLIENT POST ("Content-Length: 2" CRLF "Expect: 100-continue" CRLF) UP SAY ("1", "100", "", "") "bytes 11 ab\n" OK ("1", "", "0", ""),
    "1@one:80 1>POST/p 11<100 1:ab 11<200", { "Expect: 100-continue" } },
  { "a final answer instead of 100", 0,
    CLIENT POST ("Content-Length: 2" CRLF "Expect: 100-continue" CRLF) UP SAY ("1", "417", "Content-Length: 0" CRLF, ""), "1@one:80 1>POST/p 1cut 11<417 11close" },
  { "a 100 that nobody asked for is dropped", 0,
    CLIENT GET ("11", "/") UP SAY ("1", "100", "", "") OK ("1", "", "0", ""), "1@one:80 1>GET/ 11<200" },
  { "other interim responses go on", 0,
    CLIENT GET ("11", "/") UP SAY ("1", "103", "Link: </s.css>" CRLF, "") OK ("1", "", "0", ""), "1@one:80 1>GET/ 11<103 11<200", { "Link: </s.css>" } },
  { "… but not to HTTP/1.0", 0,
    CLIENT "bytes 11 GET / HTTP/1.0" END "\n" UP SAY ("1", "103", "", "") OK ("1", "", "0", ""), "1@one:80 1>GET/ 11<200 11close" },
  { "a 101 that nobody asked for is an error", 0,
    CLIENT GET ("11", "/") UP SAY ("1", "101", "Upgrade: x" CRLF "Connection: upgrade" CRLF, ""), NULL, { "502", "error=http_protocol_error" } },
  { "CONNECT is for proxies", 0, CLIENT ASK ("11", "CONNECT a:443", ""), NULL, { "501" } },

  { "a server that can't be reached: 502", 0, CLIENT GET ("11", "/") "failed 1 refused\n", NULL, { "502", "error=connection_refused", "refused" } },
  { "the next server is tried", MIDDLE_TWO,
    CLIENT GET ("11", "/") "failed 1 refused\nconnected 2\n" OK ("2", "", "0", ""), "1@one:80 2@two:8080 2>GET/ 11<200" },
  { "even for POST, of which nothing has left, with its content", MIDDLE_TWO,
    CLIENT POST ("Content-Length: 2" CRLF) "bytes 11 ab\nfailed 1 refused\nconnected 2\n" OK ("2", "", "0", ""), "1@one:80 2@two:8080 2>POST/p 2:ab 11<200" },
  { "both servers down", MIDDLE_TWO, CLIENT GET ("11", "/") "failed 1 no\nfailed 2 no\n", NULL, { "502" } },
  { "a kept connection that is gone: once more over a new one", 0,
    CLIENT GET ("11", "/1") UP OK ("1", "", "0", "") GET ("11", "/2") "reset 1\nconnected 2\n" OK ("2", "", "0", ""),
    "1@one:80 1>GET/1 11<200 1>GET/2 2@one:80 2>GET/2 11<200" },
  { "… with the content of a PUT", 0,
    CLIENT GET ("11", "/1") UP OK ("1", "", "0", "") ASK ("11", "PUT /2", "Content-Length: 2" CRLF) "bytes 11 ab\nreset 1\nconnected 2\n" OK ("2", "", "0", ""),
    "1@one:80 1>GET/1 11<200 1>PUT/2 1:ab 2@one:80 2>PUT/2 2:ab 11<200" },
  { "… but never a POST", 0,
    CLIENT GET ("11", "/1") UP OK ("1", "", "0", "") POST ("Content-Length: 2" CRLF "Idempotency-Key: \"k\"" CRLF) "bytes 11 ab\nreset 1\n",
    NULL, { "502" }, { "connect 2" } },
  { "a new connection that breaks is not tried again with one server", 0, CLIENT GET ("11", "/") UP "reset 1\n", NULL, { "502", "http_response_incomplete" }, { "connect 2" } },
  { "a response cut short cuts the client's short", 0,
    CLIENT GET ("11", "/") UP OK ("1", "", "9", "ab") "reset 1\n", "1@one:80 1>GET/ 11<200 11:ab 11cut" },
  { "a response that can't be read: 502", 0, CLIENT GET ("11", "/") UP "bytes 1 SMTP hello" END "\n", NULL, { "502" } },
  { "a server that says nothing: 504", 0, CLIENT GET ("11", "/") UP "wait 61s\n", NULL, { "504", "error=http_response_timeout", "cut 1" } },
  { "a server that stops in the middle", 0, CLIENT GET ("11", "/") UP OK ("1", "", "9", "ab") "wait 50s\nbytes 1 c\nwait 59s\nbytes 1 d\nwait 61s\n", NULL, { "cut 1\n", "cut 11\n", "send 11 d" } },
  { "a client that goes away takes its exchange along", 0, CLIENT GET ("11", "/") UP "reset 11\n", "1@one:80 1>GET/ 1cut" },
  { "… also in the middle of its request", 0, CLIENT POST ("Content-Length: 9" CRLF) UP "bytes 11 ab\nreset 11\n", "1@one:80 1>POST/p 1:ab 1cut" },
  { "… or of the answer", 0, CLIENT GET ("11", "/") UP OK ("1", "", "9", "ab") "reset 11\n", "1@one:80 1>GET/ 11<200 11:ab 1cut" },

  { "TRACE that may go no further is answered here, without secrets", 0,
    CLIENT ASK ("11", "TRACE /t", "Max-Forwards: 0" CRLF "Cookie: secret" CRLF "X: 1" CRLF), NULL, { "message/http", "TRACE /t HTTP/1.1", "X: 1" }, { "secret", "connect" } },
  { "OPTIONS, too", 0, CLIENT ASK ("11", "OPTIONS *", "Max-Forwards: 0" CRLF), "11<204", { "Allow: " } },
  { "what may go further is counted down", 0, CLIENT ASK ("11", "OPTIONS *", "Max-Forwards: 10" CRLF) UP, "1@one:80 1>OPTIONS*", { "Max-Forwards: 9" } },
  { "Max-Forwards means nothing to a GET", 0, CLIENT GET_WITH ("11", "/", "Max-Forwards: 0" CRLF) UP, "1@one:80 1>GET/", { "Max-Forwards: 0" } },
  { "a malformed request reaches no server", 0, CLIENT "bytes 11 GET / HTTP/1.1" CRLF "Host : a" END "\n", NULL, { "400" }, { "connect" } },
};
/* clang-format on */

int
main (void)
{
  return middle_run ("gateway", rows, G_N_ELEMENTS (rows));
}
