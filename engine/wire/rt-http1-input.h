/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was fed to a reader and not read yet, and the section (head, size line, trailers) that is
 * being read. */
#pragma once

#include "rt-span.h"
#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtHttp1Input:
 * @waiting: (element-type GBytes): fed, after @bytes
 * @bytes: (nullable): being read; @data and @length are its own
 * @at: next byte of @bytes
 * @position: of the next byte, counted from the first that was ever fed
 * @origin: where the first byte that was ever fed stands
 * @section: position at which the section begins
 * @section_at: the same within @bytes; means nothing while @holding
 * @line: where the next line begins, counted from the section's start
 * @held: the section so far, while @holding: it began in bytes that were fed before
 *
 * A section that lies within one fed run is read where it stands. Only one that goes on in the next
 * run is copied, and no further than to its end, so that content behind it is never copied.
 */
typedef struct
{
  GQueue waiting;
  GBytes *bytes;
  const char *data;
  gsize length, at;
  guint64 position;
  RtSpan origin;
  guint64 section;
  gsize section_at;
  gsize line;
  GByteArray *held;
  gboolean holding;
} RtHttp1Input;

/**
 * RtHttp1Take:
 * @RT_HTTP1_TAKE_LINE: a line was there and is taken
 * @RT_HTTP1_TAKE_MORE: what there is, is kept; more is needed
 * @RT_HTTP1_TAKE_LONG: the line is longer than it may be; it is not taken
 */
typedef enum
{
  RT_HTTP1_TAKE_LINE,
  RT_HTTP1_TAKE_MORE,
  RT_HTTP1_TAKE_LONG,
} RtHttp1Take;

/**
 * RtHttp1Taken:
 * @at: of the line, counted from the section's start
 * @length: without the line break
 * @bare: it ends in LF alone
 */
typedef struct
{
  gsize at, length;
  gboolean bare;
} RtHttp1Taken;

void rt_http1_input_init (RtHttp1Input *input);
void rt_http1_input_clear (RtHttp1Input *input);
void rt_http1_input_feed (RtHttp1Input *input, GBytes *bytes, RtSpan span);
gboolean rt_http1_input_advance (RtHttp1Input *input);

void rt_http1_input_begin (RtHttp1Input *input);
RtHttp1Take rt_http1_input_take_line (RtHttp1Input *input, gsize cap, RtHttp1Taken *ret_line);
RtText rt_http1_input_section (RtHttp1Input *input);
gsize rt_http1_input_peek (const RtHttp1Input *input, char *out, gsize n);
gboolean rt_http1_input_line_has (const RtHttp1Input *input, char c, gsize cap);
GBytes *rt_http1_input_dup_section (RtHttp1Input *input, gsize length);
void rt_http1_input_unread (RtHttp1Input *input, gsize at);

GBytes *rt_http1_input_take_run (RtHttp1Input *input, guint64 most);
RtSpan rt_http1_input_span (const RtHttp1Input *input, guint64 position, guint64 length);

static inline gsize
rt_http1_input_available (const RtHttp1Input *input)
{
  return input->length - input->at;
}

G_END_DECLS
