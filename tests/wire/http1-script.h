/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reads bytes with an HTTP/1.x reader and writes the events down as a script, which the tests
 * compare and the fuzz target holds against itself. */
#pragma once

#include "rt-http1.h"

G_BEGIN_DECLS

/**
 * Http1Feeding:
 * @HTTP1_WHOLE: all bytes at once, ending at a page that must not be read
 * @HTTP1_BYTEWISE: byte by byte, each in memory of its own
 * @HTTP1_HALVES: in two runs, cut at a place given
 */
typedef enum
{
  HTTP1_WHOLE,
  HTTP1_BYTEWISE,
  HTTP1_HALVES,
} Http1Feeding;

/**
 * Http1Read:
 * @asked: (nullable): methods of the requests that responses answer, separated by commas
 * @cut: with %HTTP1_HALVES
 *
 * How to read.
 */
typedef struct
{
  RtMessageKind kind;
  RtHttp1Mode mode;
  const char *asked;
  const RtHttp1Limits *limits;
  Http1Feeding feeding;
  gsize cut;
} Http1Read;

char *http1_script (const Http1Read *read, RtText input);

G_END_DECLS
