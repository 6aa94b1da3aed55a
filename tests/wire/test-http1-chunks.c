/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chunked coding and early ends, and what the reader makes of them. */
#include "http1-rows.h"

/* clang-format off */
static const Http1Row rows[] = {
  HTTP1_ROW ("sizes are hexadecimal, in either case, with leading zeros",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0a\r\n0123456789\r\nB\r\n"
    "0123456789x\r\n000\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 10 | CONTENT 10 | CHUNK 11 | CONTENT 11 | CHUNK 0 | "
    "TRAILERS | END 94 | CLOSED"),
  HTTP1_ROW ("content with line breaks is content",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n\r\n\r\n\r\n0\r\n"
    "\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 4 | CONTENT 4 | CHUNK 0 | TRAILERS | END 69 | CLOSED"),
  HTTP1_ROW ("trailers are fields",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\nb: 2\r\n"
    "A: 3\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | TRAILERS A b A | END 78 | CLOSED"),
  HTTP1_ROW ("trailers that come too late for what they say are noted",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    "Content-Length: 5\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | TRAILERS Content-Length | "
    "!trailer-forbidden[Content-Length: 5] | END 79 | CLOSED"),
  HTTP1_ROW ("a bare CR in a trailer is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r2\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | ERROR bare-cr[\\r]",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | TRAILERS A | !bare-cr[\\r] | END 68 | CLOSED"),
  HTTP1_ROW ("a trailer without a colon is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | ERROR field-line[A]",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | TRAILERS A | !field-line[A] | END 63 | CLOSED"),
  HTTP1_ROW ("a folded trailer is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\r\n 2\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | ERROR obs-fold[ 2]",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | TRAILERS A | !obs-fold[ 2] | END 70 | CLOSED"),
  HTTP1_ROW ("bare LF ends a trailer, but is noted",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: 1\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | TRAILERS A | !bare-lf[\\n] | END 65 | CLOSED"),
  HTTP1_ROW ("an extension may be a name alone",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a\r\nx\r\n0;b\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 1;a | CONTENT 1 | CHUNK 0;b | TRAILERS | END 70 | CLOSED"),
  HTTP1_ROW ("an extension may be quoted",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"b;c\\\"d\";e=f\r\n"
    "x\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 1;a=\"b;c\\\"d\";e=f | CONTENT 1 | CHUNK 0 | TRAILERS | "
    "END 81 | CLOSED"),
  HTTP1_ROW ("white space in extensions is noted",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 ; a = b\r\nx\r\n0\r\n"
    "\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 1 ; a = b | !chunk-extension-space[ ; a = b] | "
    "CONTENT 1 | CHUNK 0 | TRAILERS | END 74 | CLOSED"),
  HTTP1_ROW ("an extension needs a name",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-extension[;]",
    "HEAD PUT / 1.1 chunked | CHUNK 1; | !chunk-extension[;] | CONTENT 1 | CHUNK 0 | "
    "TRAILERS | END 67 | CLOSED"),
  HTTP1_ROW ("an extension needs a value behind its equals sign",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-extension[;a=]",
    "HEAD PUT / 1.1 chunked | CHUNK 1;a= | !chunk-extension[;a=] | CONTENT 1 | CHUNK 0 | "
    "TRAILERS | END 69 | CLOSED"),
  HTTP1_ROW ("a quoted extension is closed",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a=\"b\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-extension[;a=\"b]",
    "HEAD PUT / 1.1 chunked | CHUNK 1;a=\"b | !chunk-extension[;a=\"b] | CONTENT 1 | "
    "CHUNK 0 | TRAILERS | END 71 | CLOSED"),
  HTTP1_ROW ("white space behind the size is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1 \r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-extension[ ]",
    "HEAD PUT / 1.1 chunked | CHUNK 1  | !chunk-extension[ ] | CONTENT 1 | CHUNK 0 | "
    "TRAILERS | END 67 | CLOSED"),
  HTTP1_ROW ("a size has digits",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size[]",
    "HEAD PUT / 1.1 chunked | !chunk-size[] | CONTENT 10 | INCOMPLETE"),
  HTTP1_ROW ("a size has no sign",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n+1\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size[+1]",
    "HEAD PUT / 1.1 chunked | !chunk-size[+1] | CONTENT 12 | INCOMPLETE"),
  HTTP1_ROW ("a size is not negative",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size[-1]",
    "HEAD PUT / 1.1 chunked | !chunk-size[-1] | CONTENT 12 | INCOMPLETE"),
  HTTP1_ROW ("a size has no prefix",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size[0x1]",
    "HEAD PUT / 1.1 chunked | !chunk-size[0x1] | CONTENT 13 | INCOMPLETE"),
  HTTP1_ROW ("a size is a number",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1g\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size[1g]",
    "HEAD PUT / 1.1 chunked | !chunk-size[1g] | CONTENT 12 | INCOMPLETE"),
  HTTP1_ROW ("no white space stands before a size",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n 1\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size[ 1]",
    "HEAD PUT / 1.1 chunked | !chunk-size[ 1] | CONTENT 12 | INCOMPLETE"),
  HTTP1_ROW ("a size above 2^64 is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000001\r\n"
    "x\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size-large[10000000000000001]",
    "HEAD PUT / 1.1 chunked | !chunk-size-large[10000000000000001] | CONTENT 27 | INCOMPLETE"),
  HTTP1_ROW ("a size above 2^63 is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\nx\r\n"
    "0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-size-large[8000000000000000]",
    "HEAD PUT / 1.1 chunked | !chunk-size-large[8000000000000000] | CONTENT 26 | INCOMPLETE"),
  HTTP1_ROW ("a size line ends in CRLF",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR chunk-line-end[1]",
    "HEAD PUT / 1.1 chunked | CHUNK 1 | !chunk-line-end[1] | CONTENT 1 | CHUNK 0 | "
    "TRAILERS | END 65 | CLOSED"),
  HTTP1_ROW ("a size line has no bare CR",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | ERROR bare-cr[\\r]",
    "HEAD PUT / 1.1 chunked | CHUNK 1\\r | !bare-cr[\\r] | !chunk-extension[\\r] | "
    "CONTENT 1 | CHUNK 0 | TRAILERS | END 67 | CLOSED"),
  HTTP1_ROW ("a chunk longer than its size is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 1 | CONTENT 1 | ERROR chunk-end[y]",
    "HEAD PUT / 1.1 chunked | CHUNK 1 | CONTENT 1 | !chunk-end[y] | CONTENT 8 | INCOMPLETE"),
  HTTP1_ROW ("a chunk shorter than its size is refused",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nx\r\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 3 | CONTENT 3 | ERROR chunk-end[0]",
    "HEAD PUT / 1.1 chunked | CHUNK 3 | CONTENT 3 | !chunk-end[0] | CONTENT 5 | INCOMPLETE"),
  HTTP1_ROW ("a chunk ends in CRLF, not in LF",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\n0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 1 | CONTENT 1 | ERROR chunk-end[\\n]",
    "HEAD PUT / 1.1 chunked | CHUNK 1 | CONTENT 1 | !chunk-end[\\n] | CHUNK 0 | TRAILERS | "
    "END 65 | CLOSED"),
  HTTP1_ROW ("a chunk ends in CRLF, not in CR",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r0\r\n\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 1 | CONTENT 1 | ERROR chunk-end[\\r]",
    "HEAD PUT / 1.1 chunked | CHUNK 1 | CONTENT 1 | !chunk-end[\\r] | CONTENT 6 | INCOMPLETE"),
  HTTP1_ROW ("the end in a size line is incomplete",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a",
    "HEAD PUT / 1.1 chunked | INCOMPLETE"),
  HTTP1_ROW ("the end in a chunk is incomplete",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
    "HEAD PUT / 1.1 chunked | CHUNK 5 | CONTENT 3 | INCOMPLETE"),
  HTTP1_ROW ("the end behind a chunk is incomplete",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r",
    "HEAD PUT / 1.1 chunked | CHUNK 5 | CONTENT 5 | INCOMPLETE"),
  HTTP1_ROW ("the end without a last chunk is incomplete",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 5 | CONTENT 5 | INCOMPLETE"),
  HTTP1_ROW ("the end in the trailers is incomplete",
    "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n",
    "HEAD PUT / 1.1 chunked | CHUNK 0 | INCOMPLETE"),
  HTTP1_ROW ("the end in a start line is incomplete",
    "GET /ab",
    "INCOMPLETE"),
  HTTP1_ROW ("the end in the fields is incomplete",
    "GET / HTTP/1.1\r\nHost: a\r\nX: b",
    "INCOMPLETE",
    "HEAD GET / 1.1 invalid | INCOMPLETE"),
  HTTP1_ROW ("the end before the empty line is incomplete",
    "GET / HTTP/1.1\r\nHost: a\r\n",
    "INCOMPLETE",
    "HEAD GET / 1.1 invalid | INCOMPLETE"),
};
/* clang-format on */

int
main (void)
{
  return http1_run_rows ("chunks", RT_MESSAGE_REQUEST, rows, G_N_ELEMENTS (rows));
}
