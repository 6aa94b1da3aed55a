/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kind `handler`: what is set in time and what too late, and the ways to report an error. */
#include "resources.h"

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define TE "TE: trailers\\r\\nConnection: TE\\r\\n"
#define END "\\r\\n"
#define GET(path) "bytes 1 GET " path HOST END "\n"
#define OPEN "accept 1\n"

/* clang-format off */
static const ResourceRow rows[] = {
  { "what is set before the first write is sent", "{'/a': ('handler', {'steps': <['status 404', 'field B: c', 'write x']>})}", OPEN GET ("/a") "wait 0s",
    "decide handler.head set\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 404 Not Found\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nB: c\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "what is set behind it is not", "{'/a': ('handler', {'steps': <['write x', 'field B: c', 'status 500', 'write y']>})}", OPEN GET ("/a") "wait 0s\nwait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "decide handler.head too late\n"
    "state handler /a {'log': <'too late: B'>, 'late': <int64 1>, 'errors': <int64 0>}\n"
    "decide handler.head too late\n"
    "state handler /a {'log': <'too late: status 500'>, 'late': <int64 2>, 'errors': <int64 0>}\n"
    "send 1 1\\r\\ny\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "what is set while it is held back is sent", "{'/a': ('handler', {'steps': <['write x', 'field B: c', 'status 201', 'write y']>, 'buffer': <int64 2>})}", OPEN GET ("/a"),
    "decide handler.head set\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 201 Created\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nB: c\\r\\nContent-Length: 2\\r\\n\\r\\n\n"
    "send 1 xy\n" },
  { "one byte more than can be held back", "{'/a': ('handler', {'steps': <['write x', 'write y', 'field B: c']>, 'buffer': <int64 1>})}", OPEN GET ("/a") "wait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 2\\r\\nxy\\r\\n\n"
    "decide handler.head too late\n"
    "state handler /a {'log': <'too late: B'>, 'late': <int64 1>, 'errors': <int64 0>}\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "a flush sends what is held back", "{'/a': ('handler', {'steps': <['write x', 'flush', 'field B: c']>, 'buffer': <int64 9>})}", OPEN GET ("/a") "wait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "decide handler.head too late\n"
    "state handler /a {'log': <'too late: B'>, 'late': <int64 1>, 'errors': <int64 0>}\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "a flush before the first write sends the header section", "{'/a': ('handler', {'steps': <['flush', 'wait 5ms', 'write x']>})}", OPEN GET ("/a") "wait 0s\nwait 5ms\nwait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "a field that is set twice is there once, a cookie twice", "{'/a': ('handler', {'steps': <['field B: c', 'field b: d', 'field Set-Cookie: e=f', 'field set-cookie: g=h']>})}", OPEN GET ("/a"),
    "decide handler.head set\n"
    "decide handler.head set\n"
    "decide handler.head set\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nB: d\\r\\nSet-Cookie: e=f\\r\\nset-cookie: g=h\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "another media type", "{'/a': ('handler', {'steps': <['field Content-Type: text/css']>})}", OPEN GET ("/a"),
    "decide handler.head set\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/css\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "it waits between two writes", "{'/a': ('handler', {'steps': <['write x', 'wait 10ms', 'write y']>})}", OPEN GET ("/a") "wait 0s\nwait 9ms\nwait 1ms\nwait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "send 1 1\\r\\ny\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "a status without content", "{'/a': ('handler', {'steps': <['status 204']>})}", OPEN GET ("/a"),
    "decide handler.head set\n"
    "send 1 HTTP/1.1 204 No Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\n\\r\\n\n" },
  { "a HEAD", "{'/a': ('handler', {'steps': <['write x', 'write y']>})}", OPEN "bytes 1 HEAD /a" HOST END "\nwait 0s\nwait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n" },
  { "an error before the first write", "{'/a': ('handler', {'steps': <['fail', 'write x']>})}", OPEN GET ("/a"),
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 21\\r\\n\\r\\n\n"
    "send 1 Something went wrong.\n" },
  { "an error that is told too late", "{'/a': ('handler', {'steps': <['write x', 'fail', 'write y']>})}", OPEN GET ("/a") "wait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "decide handler.head too late\n"
    "state handler /a {'log': <'too late: status 500'>, 'late': <int64 1>, 'errors': <int64 1>}\n"
    "send 1 15\\r\\nSomething went wrong.\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "an error while all is held back", "{'/a': ('handler', {'steps': <['field Content-Length: 2', 'write x', 'fail']>, 'buffer': <int64 9>, 'error-text': <'no'>})}", OPEN GET ("/a"),
    "decide handler.head set\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 2\\r\\n\\r\\n\n"
    "send 1 no\n" },
  { "an error that is ignored", "{'/a': ('handler', {'steps': <['write x', 'fail', 'write y']>, 'on-error': <'ignore'>})}", OPEN GET ("/a") "wait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "an error that breaks off", "{'/a': ('handler', {'steps': <['write x', 'fail', 'write y']>, 'on-error': <'abort'>})}", OPEN GET ("/a") "wait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "close 1\n" },
  { "an error that breaks off before anything has left", "{'/a': ('handler', {'steps': <['write x', 'fail', 'write y']>, 'on-error': <'abort'>, 'buffer': <int64 9>})}", OPEN GET ("/a"),
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 21\\r\\n\\r\\n\n"
    "send 1 Something went wrong.\n" },
  { "HTTP/1.0: it is cut off, for the end would be a good one", "{'/a': ('handler', {'steps': <['write x', 'fail']>, 'on-error': <'abort'>})}", OPEN "bytes 1 GET /a HTTP/1.0\\r\\n\\r\\n\nwait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nConnection: close\\r\\n\\r\\n\n"
    "send 1 x\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "cut 1\n" },
  { "an error in a trailer field", "{'/a': ('handler', {'steps': <['write x', 'fail']>, 'on-error': <'trailer'>})}", OPEN "bytes 1 GET /a" HOST TE END "\nwait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTrailer: Final-Status\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "send 1 0\\r\\nFinal-Status: 500\\r\\n\\r\\n\n" },
  { "a good end in a trailer field", "{'/a': ('handler', {'steps': <['write x']>, 'on-error': <'trailer'>})}", OPEN "bytes 1 GET /a" HOST TE END "\nwait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTrailer: Final-Status\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "send 1 0\\r\\nFinal-Status: 200\\r\\n\\r\\n\n" },
  { "no trailer field behind what is sent in one go", "{'/a': ('handler', {'steps': <['write x']>, 'on-error': <'trailer'>, 'buffer': <int64 9>})}", OPEN "bytes 1 GET /a" HOST TE END "\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 1\\r\\n\\r\\n\n"
    "send 1 x\n" },
  { "no trailer field for those who look at none", "{'/a': ('handler', {'steps': <['write x', 'fail']>, 'on-error': <'trailer'>})}", OPEN GET ("/a") "wait 0s",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "close 1\n" },
  { "an error for one query alone", "{'/a': ('handler', {'steps': <['fail b=1', 'write x']>, 'buffer': <int64 9>})}", OPEN GET ("/a?b=1") GET ("/a?b=2") GET ("/a"),
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 21\\r\\n\\r\\n\n"
    "send 1 Something went wrong.\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 1\\r\\n\\r\\n\n"
    "send 1 x\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 1\\r\\n\\r\\n\n"
    "send 1 x\n" },
  { "errors add up", "{'/a': ('handler', {'steps': <['fail']>, 'error-text': <''>})}", OPEN GET ("/a") GET ("/a"),
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 1>}\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "state handler /a {'log': <'it has failed'>, 'late': <int64 0>, 'errors': <int64 2>}\n"
    "decide handler.head set\n"
    "send 1 HTTP/1.1 500 Internal Server Error\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "the client is gone", "{'/a': ('handler', {'steps': <['write x', 'wait 1s', 'write y']>})}", OPEN GET ("/a") "wait 0s\nreset 1\nwait 1h",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 1\\r\\nx\\r\\n\n" },
  { "it has nothing to do", "{'/a': ('handler', {'steps': <@as []>})}", OPEN GET ("/a"),
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
};
/* clang-format on */

int
main (void)
{
  return resources_run ("resources-handler", rows, G_N_ELEMENTS (rows));
}
