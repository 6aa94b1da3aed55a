/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table of requests, for the reader's own tests and for those that send it to servers. */
#pragma once

#include "http1-rows.h"

extern const Http1Row http1_request_rows[];
extern const gsize http1_n_request_rows;
