/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Responses, good and bad, and what the reader makes of them. */
#include "http1-rows.h"

/* clang-format off */
static const Http1Row rows[] = {
  HTTP1_ROW ("a length, an interim response, an empty one and one up to the close",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 100 \r\n\r\n"
    "HTTP/1.1 204 X\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc",
    "HEAD 200 1.1 length 5 | CONTENT 5 | END 43 | HEAD 100 1.1 | END 17 | HEAD 204 1.1 | END 18 | "
    "HEAD 200 1.1 close | CONTENT 3 | END 22 | CLOSED"),
};
/* clang-format on */

int
main (void)
{
  return http1_run_rows ("responses", RT_MESSAGE_RESPONSE, rows, G_N_ELEMENTS (rows));
}
