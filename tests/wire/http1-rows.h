/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Tables of HTTP/1.x inputs and the scripts they must give. */
#pragma once

#include "http1-script.h"

G_BEGIN_DECLS

/**
 * Http1Row:
 * @name: what is wrong if the row fails
 * @asked: (nullable): methods of the requests before, for responses
 * @input: all bytes up to the end of the connection
 * @strict, @tolerant: the scripts; @tolerant %NULL: the same
 */
typedef struct
{
  const char *name;
  const char *asked;
  RtText input;
  const char *strict, *tolerant;
} Http1Row;

#define HTTP1_ROW(name, input, ...)                                                                \
  {                                                                                                \
    name, NULL, { "" input, sizeof (input) - 1 }, __VA_ARGS__                                      \
  }
#define HTTP1_ASKED(name, asked, input, ...)                                                       \
  {                                                                                                \
    name, asked, { "" input, sizeof (input) - 1 }, __VA_ARGS__                                     \
  }

int http1_run_rows (const char *group, RtMessageKind kind, const Http1Row *rows, gsize n_rows);

G_END_DECLS
