/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request as a command line of curl. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/** RT_CURL_BODY_MAX: bytes of content that are put on the command line. */
#define RT_CURL_BODY_MAX (32 * 1024)
/** RT_CURL_BODY_FILE: where the command reads content from that cannot stand on it. */
#define RT_CURL_BODY_FILE "body.bin"

char *rt_curl_dup_command (RtAnalysis *analysis, const RtExchange *exchange, GBytes **ret_body);

G_END_DECLS
