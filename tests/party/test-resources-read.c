/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Resources that are read: file, negotiated, stream. */
#include "resources.h"

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define END "\\r\\n"
#define GET(path, fields) "bytes 1 GET " path HOST fields END "\n"
#define OPEN "accept 1\n"
#define FILE_OF(settings) "{'/f': ('file', {'content': <'0123456789'>" settings "})}"
#define VARIANTS                                                                                   \
  "'variants': <[{'content': 'Hello', 'type': 'text/plain', 'language': 'en', 'location': "        \
  "'/n.en'}, {'content': 'Hallo', 'type': 'text/plain', 'language': 'de'}, {'content': '{}', "     \
  "'type': 'application/json'}]>"

/* clang-format off */
static const ResourceRow rows[] = {
  { "a whole file", FILE_OF (""), OPEN GET ("/f", ""),
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 10\\r\\n\\r\\n\n"
    "send 1 0123456789\n" },
  { "a file's HEAD", FILE_OF (""), OPEN "bytes 1 HEAD /f" HOST END "\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 10\\r\\n\\r\\n\n" },
  { "a part of a file", FILE_OF (""), OPEN GET ("/f", "Range: bytes=2-4\\r\\n"),
    "decide range.select 206\n"
    "send 1 HTTP/1.1 206 Partial Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Range: bytes 2-4/10\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 234\n" },
  { "the end of a file", FILE_OF (""), OPEN GET ("/f", "Range: bytes=-3\\r\\n"),
    "decide range.select 206\n"
    "send 1 HTTP/1.1 206 Partial Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Range: bytes 7-9/10\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 789\n" },
  { "two parts of a file", FILE_OF (""), OPEN GET ("/f", "Range: bytes=0-1,8-\\r\\n"),
    "decide range.select 206\n"
    "send 1 HTTP/1.1 206 Partial Content\\r\\nContent-Type: multipart/byteranges; boundary=part\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 178\\r\\n\\r\\n\n"
    "send 1 --part\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Range: bytes 0-1/10\\r\\n\\r\\n01\\r\\n--part\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Range: bytes 8-9/10\\r\\n\\r\\n89\\r\\n--part--\\r\\n\n" },
  { "parts of a file that has the boundary in it", "{'/f': ('file', {'content': <'part part-1'>})}", OPEN GET ("/f", "Range: bytes=0-1,8-\\r\\n"),
    "decide range.select 206\n"
    "send 1 HTTP/1.1 206 Partial Content\\r\\nContent-Type: multipart/byteranges; boundary=part-2\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 186\\r\\n\\r\\n\n"
    "send 1 --part-2\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Range: bytes 0-1/11\\r\\n\\r\\npa\\r\\n--part-2\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Range: bytes 8-10/11\\r\\n\\r\\nt-1\\r\\n--part-2--\\r\\n\n" },
  { "no such part", FILE_OF (""), OPEN GET ("/f", "Range: bytes=10-\\r\\n"),
    "decide range.select 416\n"
    "send 1 HTTP/1.1 416 Range Not Satisfiable\\r\\nContent-Range: bytes */10\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 25\\r\\n\\r\\n\n"
    "send 1 There are no such bytes.\\n\n" },
  { "a Range that cannot be read is ignored", FILE_OF (""), OPEN GET ("/f", "Range: bytes=4-2\\r\\n"),
    "decide range.select 200\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 10\\r\\n\\r\\n\n"
    "send 1 0123456789\n" },
  { "a file without ranges", FILE_OF (", \'ranges': <false>"), OPEN GET ("/f", "Range: bytes=2-4\\r\\n"),
    "decide range.select 200\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nContent-Length: 10\\r\\n\\r\\n\n"
    "send 1 0123456789\n" },
  { "If-Range that holds", FILE_OF (""), OPEN GET ("/f", "Range: bytes=2-4\\r\\nIf-Range: \"1\"\\r\\n"),
    "decide precondition proceed\n"
    "decide range.select 206\n"
    "send 1 HTTP/1.1 206 Partial Content\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Range: bytes 2-4/10\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 234\n" },
  { "If-Range after the file changed", FILE_OF (", \'new-content': <'abc'>, 'changes-after': <int64 1000000>"), OPEN "wait 1s\n" GET ("/f", "Range: bytes=2-4\\r\\nIf-Range: \"1\"\\r\\n"),
    "decide precondition ignore-range\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: \"2\"\\r\\nLast-Modified: Thu, 01 Jan 2026 12:00:01 GMT\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 3\\r\\n\\r\\n\n"
    "send 1 abc\n" },
  { "If-Range with a weak tag", FILE_OF (", \'validators': <'weak-etag'>"), OPEN GET ("/f", "Range: bytes=2-4\\r\\nIf-Range: W/\"1\"\\r\\n"),
    "decide precondition ignore-range\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nETag: W/\"1\"\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 10\\r\\n\\r\\n\n"
    "send 1 0123456789\n" },
  { "a file that the client has", FILE_OF (""), OPEN GET ("/f", "If-None-Match: \"1\"\\r\\n"),
    "decide precondition 304\n"
    "send 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1\"\\r\\nLast-Modified: Wed, 31 Dec 2025 12:00:00 GMT\\r\\n\\r\\n\n" },
  { "a file that the client wants to be the old one", FILE_OF (""), OPEN GET ("/f", "If-Match: \"0\"\\r\\n"),
    "decide precondition 412\n"
    "send 1 HTTP/1.1 412 Precondition Failed\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 107\\r\\n\\r\\n\n"
    "send 1 This does not hold: If-Match is * or has the current entity tag, by strong comparison (RFC 9110 §13.1.1).\\n\n" },
  { "a file is not written", FILE_OF (""), OPEN "bytes 1 DELETE /f" HOST END "\n",
    "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: GET, HEAD, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },
  { "generated content says where it stands", "{'/f': ('file', {'size': <int64 20>, 'validators': <'none'>})}", OPEN GET ("/f", ""),
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nAccept-Ranges: bytes\\r\\nContent-Length: 20\\r\\n\\r\\n\n"
    "send 1 000000000000000\\n0000\n" },
  { "an empty file", "{'/f': ('file', {'validators': <'none'>})}", OPEN GET ("/f", "Range: bytes=0-\\r\\n"),
    "decide range.select 416\n"
    "send 1 HTTP/1.1 416 Range Not Satisfiable\\r\\nContent-Range: bytes */0\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 25\\r\\n\\r\\n\n"
    "send 1 There are no such bytes.\\n\n" },

  { "no preference: the first", "{'/n': ('negotiated', {" VARIANTS "})}", OPEN GET ("/n", ""),
    "decide negotiate chosen\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Language: en\\r\\nETag: \"1-1\"\\r\\nContent-Location: /n.en\\r\\nVary: Accept, Accept-Language\\r\\nContent-Length: 5\\r\\n\\r\\n\n"
    "send 1 Hello\n" },
  { "another language", "{'/n': ('negotiated', {" VARIANTS "})}", OPEN GET ("/n", "Accept-Language: de\\r\\n"),
    "decide negotiate chosen\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Language: de\\r\\nETag: \"1-2\"\\r\\nVary: Accept, Accept-Language\\r\\nContent-Length: 5\\r\\n\\r\\n\n"
    "send 1 Hallo\n" },
  { "another type", "{'/n': ('negotiated', {" VARIANTS "})}", OPEN GET ("/n", "Accept: application/json\\r\\n"),
    "decide negotiate chosen\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nETag: \"1-3\"\\r\\nVary: Accept, Accept-Language\\r\\nContent-Length: 2\\r\\n\\r\\n\n"
    "send 1 {}\n" },
  { "nothing that is acceptable", "{'/n': ('negotiated', {" VARIANTS "})}", OPEN GET ("/n", "Accept: image/png\\r\\n"),
    "decide negotiate default\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Language: en\\r\\nETag: \"1-1\"\\r\\nContent-Location: /n.en\\r\\nVary: Accept, Accept-Language\\r\\nContent-Length: 5\\r\\n\\r\\n\n"
    "send 1 Hello\n" },
  { "406 with a list", "{'/n': ('negotiated', {'otherwise': <'406'>, " VARIANTS "})}", OPEN GET ("/n", "Accept: image/png\\r\\n"),
    "decide negotiate 406\n"
    "send 1 HTTP/1.1 406 Not Acceptable\\r\\nVary: Accept, Accept-Language\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nContent-Length: 99\\r\\n\\r\\n\n"
    "send 1 There is only:\\ntext/plain en identity /n.en\\ntext/plain de identity -\\napplication/json - identity -\\n\n" },
  { "no Vary, one tag for all", "{'/n': ('negotiated', {'send-vary': <false>, 'etag-per-variant': <false>, " VARIANTS "})}", OPEN GET ("/n", "Accept-Language: de\\r\\n"),
    "decide negotiate chosen\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Language: de\\r\\nETag: \"1\"\\r\\nContent-Length: 5\\r\\n\\r\\n\n"
    "send 1 Hallo\n" },
  { "a representation that the client has", "{'/n': ('negotiated', {" VARIANTS "})}", OPEN GET ("/n", "If-None-Match: \"1-1\"\\r\\n"),
    "decide negotiate chosen\n"
    "decide precondition 304\n"
    "send 1 HTTP/1.1 304 Not Modified\\r\\nETag: \"1-1\"\\r\\nContent-Location: /n.en\\r\\nVary: Accept, Accept-Language\\r\\n\\r\\n\n" },
  { "another one than the client has", "{'/n': ('negotiated', {" VARIANTS "})}", OPEN GET ("/n", "Accept-Language: de\\r\\nIf-None-Match: \"1-1\"\\r\\n"),
    "decide negotiate chosen\n"
    "decide precondition proceed\n"
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain\\r\\nContent-Language: de\\r\\nETag: \"1-2\"\\r\\nVary: Accept, Accept-Language\\r\\nContent-Length: 5\\r\\n\\r\\n\n"
    "send 1 Hallo\n" },
  { "a POST to what is negotiated", "{'/n': ('negotiated', {" VARIANTS "})}", OPEN "bytes 1 POST /n" HOST "Content-Length: 0\\r\\n" END "\n",
    "send 1 HTTP/1.1 405 Method Not Allowed\\r\\nAllow: GET, HEAD, OPTIONS\\r\\nContent-Length: 0\\r\\n\\r\\n\n" },

  { "a stream in chunks", "{'/s': ('stream', {'pieces': <['a', 'b']>})}", OPEN GET ("/s", "") "wait 0s\nwait 1s\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 2\\r\\na\\n\\r\\n\n"
    "send 1 2\\r\\nb\\n\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "a stream of events", "{'/s': ('stream', {'pieces': <['a', 'b\nc']>, 'format': <'events'>, 'event': <'tick'>, 'retry': <int64 3000000>})}", OPEN GET ("/s", "") "wait 1s\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nCache-Control: no-store\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 27\\r\\nretry: 3000\\nevent: tick\\nid: 1\\ndata: a\\n\\n\\r\\n\n"
    "send 1 23\\r\\nevent: tick\\nid: 2\\ndata: b\\ndata: c\\n\\n\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n" },
  { "events from where the client was", "{'/s': ('stream', {'pieces': <['a', 'b']>, 'format': <'events'>, 'rounds': <int64 2>})}", OPEN GET ("/s", "Last-Event-ID: 3\\r\\n") "wait 1s\n" GET ("/s", "Last-Event-ID: 4\\r\\n") GET ("/s", "Last-Event-ID: 99999999999\\r\\n"),
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nCache-Control: no-store\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 f\\r\\nid: 4\\ndata: b\\n\\n\\r\\n\n"
    "send 1 0\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 204 No Content\\r\\n\\r\\n\n"
    "send 1 HTTP/1.1 204 No Content\\r\\n\\r\\n\n" },
  { "a stream that breaks", "{'/s': ('stream', {'pieces': <['a']>, 'rounds': <int64 9>, 'break-after': <int64 2>})}", OPEN GET ("/s", "") "wait 3s\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 2\\r\\na\\n\\r\\n\n"
    "send 1 2\\r\\na\\n\\r\\n\n"
    "cut 1\n" },
  { "a stream that is closed", "{'/s': ('stream', {'pieces': <['a']>, 'rounds': <int64 9>, 'break-after': <int64 1>, 'break': <'close'>})}", OPEN GET ("/s", "") "wait 3s\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 2\\r\\na\\n\\r\\n\n"
    "close 1\n"
    "cut 1\n" },
  { "a stream to a client of HTTP/1.0", "{'/s': ('stream', {'pieces': <['a']>})}", OPEN "bytes 1 GET /s HTTP/1.0\\r\\n\\r\\n\nwait 3s\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nConnection: close\\r\\n\\r\\n\n"
    "send 1 a\\n\n"
    "close 1\n"
    "cut 1\n" },
  { "a stream whose client leaves", "{'/s': ('stream', {'rounds': <int64 100>})}", OPEN GET ("/s", "") "wait 1s\nreset 1\nwait 1h\n",
    "send 1 HTTP/1.1 200 OK\\r\\nContent-Type: text/plain; charset=utf-8\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"
    "send 1 5\\r\\ntick\\n\\r\\n\n"
    "send 1 5\\r\\ntick\\n\\r\\n\n" },
  { "nothing to stream", "{'/s': ('stream', {'pieces': <@as []>})}", OPEN GET ("/s", ""),
    "send 1 HTTP/1.1 204 No Content\\r\\n\\r\\n\n" },
};
/* clang-format on */

int
main (void)
{
  return resources_run ("resources-read", rows, G_N_ELEMENTS (rows));
}
