/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests, good and bad, and what the reader makes of them. */
#include "http1-rows.h"

/* clang-format off */
static const Http1Row rows[] = {
  HTTP1_ROW ("requests in a row are told apart",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
    "HEAD GET / 1.1 | END 27 | HEAD GET /2 1.1 | END 28 | CLOSED"),
  HTTP1_ROW ("chunks are taken apart, extensions and trailers seen",
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
    "HEAD POST /x 1.1 chunked | CHUNK 5;a=b | CONTENT 5 | CHUNK 0 | TRAILERS X | END 82 | CLOSED"),
};
/* clang-format on */

int
main (void)
{
  return http1_run_rows ("requests", RT_MESSAGE_REQUEST, rows, G_N_ELEMENTS (rows));
}
