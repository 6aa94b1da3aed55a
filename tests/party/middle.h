/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables of dialogues with a party that stands between clients and servers. */
#pragma once

#include "rt-proxy.h"

G_BEGIN_DECLS

/* What the party is like. */
typedef enum
{
  MIDDLE_CACHE = 1 << 0,
  MIDDLE_PROXY = 1 << 1,
  MIDDLE_TWO = 1 << 2, /* upstreams */
  MIDDLE_FORWARDED = 1 << 3,
  MIDDLE_SMALL = 1 << 4, /* a cache of 16 KiB */
  MIDDLE_AUTHORIZE = 1 << 5,
  MIDDLE_OWN_HOST = 1 << 6,
  MIDDLE_ROUTES = 1 << 7, /* with MIDDLE_TWO: the second is for the host b alone */
  MIDDLE_STICKY = 1 << 8,
  MIDDLE_FORGET = 1 << 9,
  MIDDLE_NO_TRACE = 1 << 10,
  MIDDLE_BUFFERS = 1 << 11, /* 8 bytes */
} MiddleFlags;

/* A script (see dialogue.h; clients have numbers from 11 on) and what the party made of it, as
 * words:
 *
 *   1@a:80          connection 1 to a, port 80, was asked for
 *   1>GET/x         request sent on 1
 *   11<200          response sent on 11
 *   1:text          other bytes sent on 1
 *   1pause, 1resume, 1close, 1cut
 *
 * @has and @lacks are looked for in all that was sent, decided and stated. */
typedef struct
{
  const char *name;
  guint flags; /* MiddleFlags, ored */
  const char *script, *want;
  const char *has[4], *lacks[4];
} MiddleRow;

int middle_run (const char *group, const MiddleRow *rows, gsize n_rows);

/* For scripts. */
#define CRLF "\\r\\n"
#define END "\\r\\n\\r\\n"
#define CLIENT "accept 11\n"
#define UP "connected 1\n"
#define ASK(n, line, fields) "bytes " n " " line " HTTP/1.1" CRLF "Host: a" CRLF fields CRLF "\n"
#define GET(n, path) ASK (n, "GET " path, "")
#define GET_WITH(n, path, fields) ASK (n, "GET " path, fields)
#define SAY(n, status, fields, content)                                                            \
  "bytes " n " HTTP/1.1 " status " x" CRLF fields CRLF content "\n"
#define OK(n, fields, length, content)                                                             \
  SAY (n, "200", "Content-Length: " length CRLF fields, content)

G_END_DECLS
