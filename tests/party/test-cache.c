/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The shared cache in a gateway: what is stored, what answers, and what is asked of the server. */
#include "middle.h"

#define CACHE MIDDLE_CACHE
#define FRESH "Cache-Control: max-age=60" CRLF
#define TAG "ETag: \"v1\"" CRLF
#define SHORT "Cache-Control: max-age=1" CRLF
/* A first exchange on connections 11 and 1. */
#define STORE(fields) CLIENT GET ("11", "/") UP OK ("1", fields, "4", "body")
#define STORED "1@one:80 1>GET/ 11<200 11:body"

/* clang-format off */
static const MiddleRow rows[] = {
  { "a fresh response answers the second request", CACHE, STORE (FRESH) "wait 5s\n" GET ("11", "/"),
    STORED " 11<200 11:body", { "Age: 5", "Cache-Status: roundtrip; hit; ttl=55", "fwd=uri-miss; fwd-status=200", "decide cache.reuse fresh" } },
  { "it is a state in the log", CACHE, STORE (FRESH), NULL, { "state cache http://a/ ", "'size': <uint64 4>", "'lifetime': <int64 60000000>", "'complete': <true>" } },
  { "a stale one does not", CACHE, STORE (SHORT) "wait 2s\n" GET ("11", "/"), STORED " 1>GET/" },
  { "no-store is not stored", CACHE, STORE ("Cache-Control: no-store" CRLF) GET ("11", "/"), STORED " 1>GET/", { "decide cache.store do not store" }, { "state cache" } },
  { "private is not for a shared cache", CACHE, STORE ("Cache-Control: private, max-age=60" CRLF) GET ("11", "/"), STORED " 1>GET/" },
  { "an answer to Authorization is not stored", CACHE, CLIENT GET_WITH ("11", "/", "Authorization: Bearer x" CRLF) UP OK ("1", FRESH, "1", "a") GET ("11", "/"), "1@one:80 1>GET/ 11<200 11:a 1>GET/" },
  { "… unless it is public", CACHE, CLIENT GET_WITH ("11", "/", "Authorization: Bearer x" CRLF) UP OK ("1", "Cache-Control: public, max-age=60" CRLF, "1", "a") GET ("11", "/"), "1@one:80 1>GET/ 11<200 11:a 11<200 11:a" },
  { "CDN-Cache-Control speaks to it", CACHE, STORE ("Cache-Control: no-store" CRLF "CDN-Cache-Control: max-age=60" CRLF) GET ("11", "/"), STORED " 11<200 11:body" },
  { "HEAD is answered by what GET brought", CACHE, STORE (FRESH) ASK ("11", "HEAD /", ""), STORED " 11<200", { "Content-Length: 4" } },
  { "another query is another target", CACHE, STORE (FRESH) GET ("11", "/?x"), STORED " 1>GET/?x" },
  { "another host, too", CACHE, STORE (FRESH) ASK ("11", "GET http://b/", ""), STORED " 1>GET/" },
  { "a GET with content goes by the cache", CACHE, STORE (FRESH) ASK ("11", "GET /", "Content-Length: 1" CRLF) "bytes 11 x\n", STORED " 1>GET/ 1:x" },
  { "… but one with none of it does not", CACHE, STORE (FRESH) ASK ("11", "GET /", "Content-Length: 0" CRLF), STORED " 11<200 11:body" },
  { "what is stored keeps no connection fields", CACHE, STORE (FRESH "Connection: X-A" CRLF "X-A: 1" CRLF "X-B: 1" CRLF) GET ("11", "/"), NULL, { "X-B: 1" }, { "X-A" } },
  { "Date is added when it is stored", CACHE, STORE (FRESH) "wait 5s\n" GET ("11", "/"), NULL, { "Date: Thu, 01 Jan 2026 12:00:00 GMT" }, { "12:00:05" } },
  { "an interim response is not stored", CACHE, CLIENT GET ("11", "/") UP SAY ("1", "103", FRESH, "") OK ("1", FRESH, "1", "a") GET ("11", "/"), "1@one:80 1>GET/ 11<103 11<200 11:a 11<200 11:a" },

  { "validation: a 304 makes it fresh again", CACHE, STORE (SHORT TAG) "wait 2s\n" GET ("11", "/") SAY ("1", "304", FRESH TAG, "") GET ("11", "/"),
    STORED " 1>GET/ 11<200 11:body 11<200 11:body", { "If-None-Match: \"v1\"", "decide cache.update update", "fwd=stale; fwd-status=304; ttl=60" } },
  { "validation: a 200 takes its place", CACHE, STORE (SHORT TAG) "wait 2s\n" GET ("11", "/") OK ("1", FRESH, "3", "new") GET ("11", "/"), STORED " 1>GET/ 11<200 11:new 11<200 11:new" },
  { "a 304 about another version: asked again, without conditions", CACHE, STORE (SHORT TAG) "wait 2s\n" GET ("11", "/") SAY ("1", "304", "ETag: \"v9\"" CRLF, "") OK ("1", FRESH, "3", "new"), STORED " 1>GET/ 1>GET/ 11<200 11:new" },
  { "no-cache is stored, and asked about each time", CACHE, STORE ("Cache-Control: no-cache" CRLF TAG) GET ("11", "/") SAY ("1", "304", "", ""), STORED " 1>GET/ 11<200 11:body", { "If-None-Match" } },
  { "by date where there is no tag", CACHE, STORE (SHORT "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT" CRLF) "wait 2s\n" GET ("11", "/"), NULL, { "If-Modified-Since: Thu, 01 Jan 2026 00:00:00 GMT" } },
  { "a client's condition is answered from the cache", CACHE, STORE (FRESH TAG) GET_WITH ("11", "/", "If-None-Match: \"v1\"" CRLF), STORED " 11<304", { "decide precondition 304" } },
  { "a 304 has no metadata of the content", CACHE, STORE (FRESH TAG "Content-Type: a/b" CRLF "Content-Language: en" CRLF) GET_WITH ("11", "/", "If-None-Match: \"v1\"" CRLF), NULL, { "304 Not Modified" } },
  { "… whatever the server was asked", CACHE, STORE (SHORT TAG) "wait 2s\n" GET_WITH ("11", "/", "If-None-Match: \"v0\"" CRLF) SAY ("1", "304", TAG, ""), STORED " 1>GET/ 11<200 11:body", { "If-None-Match: \"v1\"" } },
  { "a client's condition passes where nothing is stored", CACHE, CLIENT GET_WITH ("11", "/", "If-None-Match: \"v1\"" CRLF) UP SAY ("1", "304", TAG, ""), "1@one:80 1>GET/ 11<304", { "If-None-Match: \"v1\"" } },
  { "If-Modified-Since is measured by Date where there is no Last-Modified", CACHE, STORE (FRESH) GET_WITH ("11", "/", "If-Modified-Since: Thu, 01 Jan 2026 12:00:00 GMT" CRLF), STORED " 11<304" },

  { "Vary: another value is another response", CACHE,
    CLIENT GET_WITH ("11", "/", "X: 1" CRLF) UP OK ("1", FRESH "Vary: X" CRLF, "1", "a") GET_WITH ("11", "/", "X: 2" CRLF) OK ("1", FRESH "Vary: X" CRLF, "1", "b") GET_WITH ("11", "/", "X: 1" CRLF) GET_WITH ("11", "/", "X: 2" CRLF),
    "1@one:80 1>GET/ 11<200 11:a 1>GET/ 11<200 11:b 11<200 11:a 11<200 11:b", { "fwd=vary-miss", "decide cache.reuse no" } },
  { "Vary: *", CACHE, STORE (FRESH "Vary: *" CRLF) GET ("11", "/"), STORED " 1>GET/" },

  { "a POST makes what is stored invalid", CACHE, STORE (FRESH) ASK ("11", "POST /", "Content-Length: 0" CRLF) OK ("1", "", "0", "") GET ("11", "/"), STORED " 1>POST/ 11<200 1>GET/", { "state cache http://a/ gone" } },
  { "… at its Location, too", CACHE, STORE (FRESH) ASK ("11", "POST /form", "Content-Length: 0" CRLF) SAY ("1", "303", "Location: /" CRLF "Content-Length: 0" CRLF, "") GET ("11", "/"), STORED " 1>POST/form 11<303 1>GET/" },
  { "one that failed does not", CACHE, STORE (FRESH) ASK ("11", "POST /", "Content-Length: 0" CRLF) SAY ("1", "500", "Content-Length: 0" CRLF, "") GET ("11", "/"), STORED " 1>POST/ 11<500 11<200 11:body" },
  { "HEAD freshens what is stored", CACHE, STORE (SHORT TAG) "wait 2s\n" ASK ("11", "HEAD /", "") SAY ("1", "200", FRESH TAG "Content-Length: 4" CRLF, "") GET ("11", "/"), STORED " 1>HEAD/ 11<200 11<200 11:body" },
  { "… or shows that it is something else", CACHE, STORE (SHORT TAG) "wait 2s\n" ASK ("11", "HEAD /", "") SAY ("1", "200", FRESH "ETag: \"v2\"" CRLF "Content-Length: 4" CRLF, "") GET ("11", "/"), STORED " 1>HEAD/ 11<200 1>GET/", { "state cache http://a/ gone" } },

  { "only-if-cached: nothing stored, no request", CACHE, CLIENT GET_WITH ("11", "/", "Cache-Control: only-if-cached" CRLF), NULL, { "504" }, { "connect" } },
  { "only-if-cached: a stale one will not do", CACHE, STORE (SHORT) "wait 2s\n" GET_WITH ("11", "/", "Cache-Control: only-if-cached" CRLF), NULL, { "504", "decide cache.reuse 504" } },
  { "max-stale takes it", CACHE, STORE (SHORT) "wait 2s\n" GET_WITH ("11", "/", "Cache-Control: max-stale" CRLF), STORED " 11<200 11:body", { "ttl=-1" } },
  { "the client's no-cache asks the server", CACHE, STORE (FRESH TAG) GET_WITH ("11", "/", "Cache-Control: no-cache" CRLF) SAY ("1", "304", "", ""), STORED " 1>GET/ 11<200 11:body" },

  { "stale-while-revalidate: answered at once, asked meanwhile", CACHE,
    STORE ("Cache-Control: max-age=1, stale-while-revalidate=60" CRLF TAG) "wait 2s\n" GET ("11", "/") SAY ("1", "304", FRESH, "") GET ("11", "/"),
    STORED " 1>GET/ 11<200 11:body 11<200 11:body", { "decide cache.reuse stale-while-revalidate", "ttl=60" } },
  { "… once at a time", CACHE, STORE ("Cache-Control: max-age=1, stale-while-revalidate=60" CRLF TAG) "wait 2s\n" GET ("11", "/") GET ("11", "/"), STORED " 1>GET/ 11<200 11:body 11<200 11:body" },
  { "stale-if-error", CACHE, STORE ("Cache-Control: max-age=1, stale-if-error=60" CRLF TAG) "wait 2s\n" GET ("11", "/") SAY ("1", "503", "Content-Length: 0" CRLF, ""), STORED " 1>GET/ 11<200 11:body", { "decide cache.error serve-stale" } },
  { "its content is not waited for", CACHE, STORE ("Cache-Control: max-age=1, stale-if-error=60" CRLF TAG) "wait 2s\n" GET ("11", "/") SAY ("1", "503", "Content-Length: 99" CRLF, ""), STORED " 1>GET/ 1cut 11<200 11:body" },
  { "without it the error is the answer", CACHE, STORE (SHORT TAG) "wait 2s\n" GET ("11", "/") SAY ("1", "503", "Content-Length: 0" CRLF, ""), STORED " 1>GET/ 11<503" },
  { "a server out of reach: stale is better than nothing", CACHE, STORE (SHORT TAG "Connection: close" CRLF) "wait 2s\n" GET ("11", "/") "failed 2 refused\n", "1@one:80 1>GET/ 1close 11<200 11:body 2@one:80 11<200 11:body" },
  { "… but not where must-revalidate says otherwise", CACHE, STORE ("Cache-Control: max-age=1, must-revalidate" CRLF "Connection: close" CRLF) "wait 2s\n" GET ("11", "/") "failed 2 refused\n", NULL, { "504" } },
  { "a server that is too slow", CACHE, STORE (SHORT TAG) "wait 2s\n" GET ("11", "/") "wait 61s\n", STORED " 1>GET/ 1cut 11<200 11:body" },

  { "Range is cut from the whole", CACHE, STORE (FRESH) GET_WITH ("11", "/", "Range: bytes=1-2" CRLF), STORED " 11<206 11:od", { "Content-Range: bytes 1-2/4" } },
  { "several ranges", CACHE, STORE (FRESH) GET_WITH ("11", "/", "Range: bytes=0-0,3-3" CRLF), NULL, { "multipart/byteranges; boundary=", "Content-Range: bytes 3-3/4" } },
  { "a range beyond it", CACHE, STORE (FRESH) GET_WITH ("11", "/", "Range: bytes=9-" CRLF), STORED " 11<416", { "Content-Range: bytes */4" } },
  { "If-Range that does not match: the whole", CACHE, STORE (FRESH TAG) GET_WITH ("11", "/", "Range: bytes=1-2" CRLF "If-Range: \"v0\"" CRLF), STORED " 11<200 11:body" },
  { "If-Range that matches", CACHE, STORE (FRESH TAG) GET_WITH ("11", "/", "Range: bytes=1-2" CRLF "If-Range: \"v1\"" CRLF), STORED " 11<206 11:od" },
  { "a part is stored, and a smaller one cut from it", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=2-5" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 2-5/10" CRLF "Content-Length: 4" CRLF, "cdef") GET_WITH ("11", "/", "Range: bytes=3-4" CRLF),
    "1@one:80 1>GET/ 11<206 11:cdef 11<206 11:de", { "Content-Range: bytes 3-4/10" } },
  { "… but not more than there is", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=2-5" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 2-5/10" CRLF "Content-Length: 4" CRLF, "cdef") GET_WITH ("11", "/", "Range: bytes=3-6" CRLF),
    "1@one:80 1>GET/ 11<206 11:cdef 1>GET/" },
  { "the beginning is completed", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-3" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 0-3/6" CRLF "Content-Length: 4" CRLF, "abcd") GET ("11", "/") SAY ("1", "206", FRESH TAG "Content-Range: bytes 4-5/6" CRLF "Content-Length: 2" CRLF, "ef") GET ("11", "/"),
    "1@one:80 1>GET/ 11<206 11:abcd 1>GET/ 11<200 11:abcdef 11<200 11:abcdef", { "Range: bytes=4-", "If-Range: \"v1\"", "fwd=partial" } },
  { "so is the end", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=-2" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 4-5/6" CRLF "Content-Length: 2" CRLF, "ef") GET ("11", "/") SAY ("1", "206", FRESH TAG "Content-Range: bytes 0-3/6" CRLF "Content-Length: 4" CRLF, "abcd"),
    "1@one:80 1>GET/ 11<206 11:ef 1>GET/ 11<200 11:abcdef", { "Range: bytes=0-3" } },
  { "what has changed meanwhile comes whole", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-3" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 0-3/6" CRLF "Content-Length: 4" CRLF, "abcd") GET ("11", "/") OK ("1", FRESH, "3", "new") GET ("11", "/"),
    "1@one:80 1>GET/ 11<206 11:abcd 1>GET/ 11<200 11:new 11<200 11:new" },
  { "a rest of something else is of no use", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-3" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 0-3/6" CRLF "Content-Length: 4" CRLF, "abcd") GET ("11", "/") SAY ("1", "206", FRESH "ETag: \"v2\"" CRLF "Content-Range: bytes 4-5/6" CRLF "Content-Length: 0" CRLF, ""),
    "1@one:80 1>GET/ 11<206 11:abcd 1>GET/ 1>GET/" },
  { "… and its content is not waited for", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-3" CRLF) UP SAY ("1", "206", FRESH "Content-Range: bytes 0-3/6" CRLF "Content-Length: 4" CRLF, "abcd") GET ("11", "/") SAY ("1", "206", FRESH "Content-Range: bytes 4-5/6" CRLF "Content-Length: 2" CRLF, "ef") "connected 2\n",
    "1@one:80 1>GET/ 11<206 11:abcd 1>GET/ 1cut 2@one:80 2>GET/" },
  { "a rest too large to keep is asked for in one with the whole", CACHE | MIDDLE_SMALL,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-3" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 0-3/300004" CRLF "Content-Length: 4" CRLF, "abcd") GET ("11", "/") SAY ("1", "206", FRESH TAG "Content-Range: bytes 4-300003/300004" CRLF "Content-Length: 300000" CRLF, "") "connected 2\n",
    "1@one:80 1>GET/ 11<206 11:abcd 1>GET/ 1cut 2@one:80 2>GET/" },
  { "a rest that is not what it claims is no answer", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-3" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 0-3/6" CRLF "Content-Length: 4" CRLF, "abcd") GET ("11", "/") SAY ("1", "206", FRESH TAG "Content-Range: bytes 4-5/6" CRLF "Content-Length: 9" CRLF, "efefefefe"),
    "1@one:80 1>GET/ 11<206 11:abcd 1>GET/ 1>GET/" },
  { "two parts of the same are put together", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-3" CRLF) UP SAY ("1", "206", FRESH TAG "Content-Range: bytes 0-3/6" CRLF "Content-Length: 4" CRLF, "abcd") GET_WITH ("11", "/", "Range: bytes=3-5" CRLF) SAY ("1", "206", FRESH TAG "Content-Range: bytes 3-5/6" CRLF "Content-Length: 3" CRLF, "def") GET ("11", "/"),
    "1@one:80 1>GET/ 11<206 11:abcd 1>GET/ 11<206 11:def 11<200 11:abcdef", { "decide cache.combine complete" } },
  { "a response that broke off is kept as a part", CACHE,
    CLIENT GET ("11", "/") UP OK ("1", FRESH TAG, "6", "abcd") "reset 1\naccept 12\n" GET ("12", "/") "connected 2\n",
    "1@one:80 1>GET/ 11<200 11:abcd 11cut 2@one:80 2>GET/", { "Range: bytes=4-", "If-Range: \"v1\"" } },
  { "… if it has a strong validator", CACHE,
    CLIENT GET ("11", "/") UP OK ("1", FRESH, "6", "abcd") "reset 1\naccept 12\n" GET ("12", "/") "connected 2\n", NULL, { "state cache http://a/ gone" }, { "Range: bytes" } },
  { "chunked content that broke off is forgotten", CACHE,
    CLIENT GET ("11", "/") UP SAY ("1", "200", FRESH TAG "Transfer-Encoding: chunked" CRLF, "2" CRLF "ab" CRLF) "reset 1\n", NULL, { "state cache http://a/ gone", "cut 11" } },
  { "a part shorter than it claims is what came", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=-5" CRLF) UP SAY ("1", "206", FRESH "Content-Range: bytes 4-9/10" CRLF "Content-Length: 5" CRLF, "01234") GET_WITH ("11", "/", "Range: bytes=6-" CRLF),
    "1@one:80 1>GET/ 11<206 11:01234 11<206 11:234" },
  { "one longer than it claims is not used", CACHE,
    CLIENT GET_WITH ("11", "/", "Range: bytes=0-1" CRLF) UP SAY ("1", "206", FRESH "Content-Range: bytes 0-1/10" CRLF "Content-Length: 5" CRLF, "01234") GET_WITH ("11", "/", "Range: bytes=0-1" CRLF),
    "1@one:80 1>GET/ 11<206 11:01234 1>GET/" },

  { "requests for the same wait for the first", CACHE,
    CLIENT "accept 12\n" GET ("11", "/") GET ("12", "/") UP OK ("1", FRESH, "4", "body"),
    "1@one:80 1>GET/ 11<200 11:body 12<200 12:body", { "hit; ttl=60; collapsed" } },
  { "one that comes later gets what is there, then the rest", CACHE,
    CLIENT "accept 12\n" GET ("11", "/") UP OK ("1", FRESH, "4", "bo") GET ("12", "/") "bytes 1 dy\n",
    "1@one:80 1>GET/ 11<200 11:bo 12<200 12:bo 12:dy 11:dy" },
  { "… even if the first one's answer is held back", CACHE | MIDDLE_BUFFERS,
    CLIENT "accept 12\n" GET ("11", "/") UP OK ("1", FRESH, "4", "bo") GET ("12", "/") "bytes 1 dy\n",
    "1@one:80 1>GET/ 12<200 12:bo 12:dy 11<200 11:body" },
  { "where it can't be shared each asks for itself", CACHE,
    CLIENT "accept 12\naccept 13\n" GET ("11", "/") GET ("12", "/") GET ("13", "/") UP OK ("1", "Cache-Control: no-store" CRLF, "1", "a"),
    "1@one:80 1>GET/ 2@one:80 3@one:80 11<200 11:a" },
  { "they do not wait in vain", CACHE, CLIENT "accept 12\n" GET ("11", "/") GET ("12", "/") "failed 1 refused\n", NULL, { "send 11 HTTP/1.1 502", "connect 2" } },
  { "a follower falls with the one it follows", CACHE,
    CLIENT "accept 12\n" GET ("11", "/") GET ("12", "/") UP OK ("1", FRESH, "4", "bo") "reset 1\n", NULL, { "cut 11", "cut 12" } },
  { "the first one's client may go", CACHE,
    CLIENT "accept 12\n" GET ("11", "/") GET ("12", "/") "reset 11\n" UP OK ("1", FRESH, "4", "body"), "1@one:80 1>GET/ 12<200 12:body" },
  { "a waiting client may go", CACHE,
    CLIENT "accept 12\n" GET ("11", "/") GET ("12", "/") "reset 12\n" UP OK ("1", FRESH, "4", "body"), "1@one:80 1>GET/ 11<200 11:body" },
  { "a following one, too", CACHE,
    CLIENT "accept 12\n" GET ("11", "/") GET ("12", "/") UP OK ("1", FRESH, "4", "bo") "reset 12\nbytes 1 dy\n", "1@one:80 1>GET/ 11<200 11:bo 12<200 12:bo 11:dy" },
  { "a slow follower stops the server once nothing is stored any more", CACHE | MIDDLE_SMALL,
    CLIENT "accept 12\n" GET ("11", "/") UP OK ("1", FRESH, "600001", "a") GET ("12", "/") "hold\nflood 1\nwait 25s\nrelease\nflood 1\n", NULL, { "read 1 off", "read 1 on" }, { "cut" } },
  { "what is being stored is finished without its client", CACHE,
    CLIENT GET ("11", "/") UP OK ("1", FRESH, "4", "bo") "reset 11\nbytes 1 dy\naccept 12\n" GET ("12", "/"), "1@one:80 1>GET/ 11<200 11:bo 12<200 12:body" },

  { "a cache that is full forgets what was used longest ago", CACHE | MIDDLE_SMALL,
    CLIENT UP GET ("11", "/1") UP OK ("1", FRESH, "4", "body") GET ("11", "/2") OK ("1", FRESH, "4", "body") GET ("11", "/3") OK ("1", FRESH, "4", "body") GET ("11", "/4") OK ("1", FRESH, "4", "body") GET ("11", "/5") OK ("1", FRESH, "4", "body")
    GET ("11", "/6") OK ("1", FRESH, "4", "body") GET ("11", "/7") OK ("1", FRESH, "4", "body") GET ("11", "/8") OK ("1", FRESH, "4", "body") GET ("11", "/9") OK ("1", FRESH, "4", "body") GET ("11", "/10") OK ("1", FRESH, "4", "body")
    GET ("11", "/11") OK ("1", FRESH, "4", "body") GET ("11", "/12") OK ("1", FRESH, "4", "body") GET ("11", "/13") OK ("1", FRESH, "4", "body") GET ("11", "/14") OK ("1", FRESH, "4", "body") GET ("11", "/15") OK ("1", FRESH, "4", "body"), NULL,
    { "state cache http://a/1 gone" }, { "state cache http://a/15 gone" } },
  { "what is too large for it is forwarded all the same", CACHE | MIDDLE_SMALL,
    CLIENT GET ("11", "/") UP OK ("1", FRESH, "300000", "") "flood 1\n" GET ("11", "/"), NULL, { "state cache http://a/ gone" } },
};
/* clang-format on */

int
main (void)
{
  return middle_run ("cache", rows, G_N_ELEMENTS (rows));
}
