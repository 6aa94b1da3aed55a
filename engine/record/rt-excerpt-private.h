/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files of an excerpt. */
#pragma once

#include "rt-excerpt.h"

G_BEGIN_DECLS

/* A connection that the part mentions. @start: its events from there on go before the part;
 * @head, @head_end: those of a tunnel that was opened long ago; @buffers, @ends: bytes that are
 * left out. */
typedef struct
{
  RtConnection id;
  guint64 start, head, head_end;
  RtBufferId buffers[2];
  guint64 ends[2];
} RtExcerptLine;

int rt_excerpt_compare_lines (gconstpointer a, gconstpointer b);
int rt_excerpt_compare_numbers (gconstpointer a, gconstpointer b); /* guint64 at their beginning */
RtExcerptLine *rt_excerpt_find_line (const GArray *lines, RtConnection id);

G_END_DECLS
