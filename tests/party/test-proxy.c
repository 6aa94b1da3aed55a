/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The proxy: where it goes, where it does not, and its tunnels. */
#include "middle.h"

#define PROXY MIDDLE_PROXY
#define CONNECT(target) ASK ("11", "CONNECT " target, "")

/* clang-format off */
static const MiddleRow rows[] = {
  { "absolute-form goes where it says", PROXY,
    CLIENT ASK ("11", "GET http://shop.test/x?y", "") UP OK ("1", "", "2", "hi"),
    "1@shop.test:80 1>GET/x?y 11<200 11:hi", { "Host: shop.test\\r\\n", "Via: 1.1 roundtrip" }, { "Host: a" } },
  { "with its port", PROXY, CLIENT ASK ("11", "GET http://127.0.0.1:8080/", "") UP, "1@127.0.0.1:8080 1>GET/", { "Host: 127.0.0.1:8080" } },
  { "IPv6", PROXY, CLIENT ASK ("11", "GET http://[::1]:8080/", "") UP, "1@::1:8080 1>GET/", { "Host: [::1]:8080" } },
  { "each server has its own connections", PROXY,
    CLIENT ASK ("11", "GET http://a.test/", "") UP OK ("1", "", "0", "") ASK ("11", "GET http://b.test/", "") "connected 2\n" OK ("2", "", "0", "") ASK ("11", "GET http://a.test/", ""),
    "1@a.test:80 1>GET/ 11<200 2@b.test:80 2>GET/ 11<200 1>GET/" },
  { "origin-form is for servers", PROXY, CLIENT GET ("11", "/x"), NULL, { "400" }, { "connect" } },
  { "https is reached through CONNECT", PROXY, CLIENT ASK ("11", "GET https://a.test/", ""), NULL, { "501" }, { "connect" } },
  { "OPTIONS for a whole server becomes an asterisk", PROXY, CLIENT ASK ("11", "OPTIONS http://a.test:8001", "") UP, "1@a.test:8001 1>OPTIONS*" },
  { "… but not with a path", PROXY, CLIENT ASK ("11", "OPTIONS http://a.test:8001/", "") UP, "1@a.test:8001 1>OPTIONS/" },
  { "addresses outside the sandbox are not reached", PROXY, CLIENT ASK ("11", "GET http://192.0.2.1/", ""), NULL, { "403", "http_request_denied" }, { "connect" } },
  { "nor names outside it", PROXY, CLIENT ASK ("11", "GET http://test.evil.com/", ""), NULL, { "403" }, { "connect" } },
  { "nor those that only end like it", PROXY, CLIENT ASK ("11", "GET http://eviltest/", ""), NULL, { "403" }, { "connect" } },
  { "Proxy-Authorization ends here", PROXY, CLIENT ASK ("11", "GET http://a.test/", "Proxy-Authorization: Basic x" CRLF "Proxy-Connection: keep-alive" CRLF) UP, "1@a.test:80 1>GET/", { NULL }, { "Proxy-" } },
  { "no credentials, no service", PROXY | MIDDLE_AUTHORIZE, CLIENT ASK ("11", "GET http://a.test/", ""), "11<407", { "Proxy-Authenticate: Basic realm=" } },
  { "the right ones", PROXY | MIDDLE_AUTHORIZE, CLIENT ASK ("11", "GET http://a.test/", "Proxy-Authorization: Basic dTpw" CRLF) UP, "1@a.test:80 1>GET/" },
  { "no tunnel without them, either", PROXY | MIDDLE_AUTHORIZE, CLIENT CONNECT ("a.test:443"), "11<407" },

  { "a tunnel carries bytes both ways", PROXY,
    CLIENT CONNECT ("a.test:443") UP "bytes 11 \\nhello\nbytes 1 world\n", "1@a.test:443 11<200 1:\\nhello 11:world", { NULL }, { "Content-Length", "Transfer-Encoding" } },
  { "bytes sent before it is open wait", PROXY,
    CLIENT "bytes 11 CONNECT a.test:443 HTTP/1.1" CRLF "Host: a.test" END "early\n" UP, "1@a.test:443 11<200 1:early" },
  { "the server's end closes both", PROXY, CLIENT CONNECT ("a.test:443") UP "bytes 1 last\neof 1\n", "1@a.test:443 11<200 11:last 1close 11close" },
  { "the client's end, too", PROXY, CLIENT CONNECT ("a.test:443") UP "bytes 11 last\neof 11\n", "1@a.test:443 11<200 1:last 1close 11close" },
  { "a reset goes through", PROXY, CLIENT CONNECT ("a.test:443") UP "reset 1\n", "1@a.test:443 11<200 11cut" },
  { "in both directions", PROXY, CLIENT CONNECT ("a.test:443") UP "reset 11\n", "1@a.test:443 11<200 1cut" },
  { "a client that leaves before it is open", PROXY, CLIENT CONNECT ("a.test:443") "reset 11\nconnected 1\n", "1@a.test:443 1cut" },
  { "nobody at the other end", PROXY, CLIENT CONNECT ("a.test:443") "failed 1 refused\n", NULL, { "502", "connection_refused" } },
  { "another port is refused", PROXY, CLIENT CONNECT ("a.test:25"), NULL, { "403" }, { "connect" } },
  { "another host, too", PROXY, CLIENT CONNECT ("10.0.0.1:443"), NULL, { "403" }, { "connect" } },
  { "a target without a port", PROXY, CLIENT CONNECT ("a.test"), NULL, { "400" }, { "connect" } },
  { "a slow client stops the server", PROXY, "hold\n" CLIENT CONNECT ("a.test:443") UP "flood 1\nrelease\n", NULL, { "read 1 off", "read 1 on" } },
  { "a slow server stops the client", PROXY, "hold\n" CLIENT CONNECT ("a.test:443") UP "release\nhold\nflood 11\nrelease\n", NULL, { "read 11 off", "read 11 on" } },

  { "what two servers say is stored apart", PROXY | MIDDLE_CACHE,
    CLIENT ASK ("11", "GET http://a.test/", "") UP OK ("1", "Cache-Control: max-age=60" CRLF, "1", "a") ASK ("11", "GET http://b.test/", "") "connected 2\n" OK ("2", "Cache-Control: max-age=60" CRLF, "1", "b")
    ASK ("11", "GET http://A.TEST:80/", "") ASK ("11", "GET http://b.test", ""),
    "1@a.test:80 1>GET/ 11<200 11:a 2@b.test:80 2>GET/ 11<200 11:b 11<200 11:a 11<200 11:b" },
};
/* clang-format on */

int
main (void)
{
  return middle_run ("proxy", rows, G_N_ELEMENTS (rows));
}
