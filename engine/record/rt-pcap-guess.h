/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a connection speaks, told by its bytes: ports say nothing. For this folder. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_GUESS_BYTES: of a direction that are looked at. */
#define RT_GUESS_BYTES 4096

/**
 * RtGuess:
 * @RT_GUESS_OPEN: there are too few bytes to tell
 * @RT_GUESS_REQUEST, @RT_GUESS_RESPONSE: HTTP/1.x, and what of it
 * @RT_GUESS_HTTP2: HTTP/2 in the clear
 * @RT_GUESS_TLS: a handshake of TLS
 * @RT_GUESS_OTHER: none of these
 */
typedef enum
{
  RT_GUESS_OPEN,
  RT_GUESS_REQUEST,
  RT_GUESS_RESPONSE,
  RT_GUESS_HTTP2,
  RT_GUESS_TLS,
  RT_GUESS_OTHER,
} RtGuess;

RtGuess rt_guess (RtText head, gboolean whole);
char *rt_guess_dup_host (RtText head, gboolean *ret_proxy);
char *rt_guess_dup_server_name (RtText head);

G_END_DECLS
