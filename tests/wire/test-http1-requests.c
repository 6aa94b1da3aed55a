/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests, good and bad, and what the reader makes of them. */
#include "http1-request-rows.h"

int
main (void)
{
  return http1_run_rows ("requests", RT_MESSAGE_REQUEST, http1_request_rows, http1_n_request_rows);
}
