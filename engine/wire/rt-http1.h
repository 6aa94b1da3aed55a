/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP/1.x: bytes to messages and back, without I/O. RFC 9112; 1.0 and 0.9 are recognised. */
#pragma once

#include "rt-message.h"

G_BEGIN_DECLS

/**
 * RtHttp1Mode:
 * @RT_HTTP1_STRICT: what a party does: the first violation of a MUST that a recipient has to act
 *   on ends the reading (an %RT_HTTP1_ERROR); the rest are findings
 * @RT_HTTP1_TOLERANT: what the inspector does: everything is shown and reading goes on for as long
 *   as any framing can be found
 */
typedef enum
{
  RT_HTTP1_STRICT,
  RT_HTTP1_TOLERANT,
} RtHttp1Mode;

/**
 * RtHttp1Limits:
 *
 * Caps on what a peer can make us keep, in bytes (@fields: in lines). 0 = the default.
 */
typedef struct
{
  guint32 start_line, field_line, header_section, fields, chunk_line, trailer_section;
  guint64 content;
} RtHttp1Limits;

/**
 * RtHttp1EventKind:
 * @RT_HTTP1_NEED_MORE: all that was fed is read; feed more or rt_http1_reader_end()
 * @RT_HTTP1_HEAD: a message begins: @message, its header section whole
 * @RT_HTTP1_CONTENT: a run of its content: @bytes, @span; transfer coding removed
 * @RT_HTTP1_CHUNK: a chunk begins: @span is its size line, @number its size (0: the last)
 * @RT_HTTP1_TRAILERS: the trailer section is whole (also in @message->trailers)
 * @RT_HTTP1_END: the message is complete; @span is all of it
 * @RT_HTTP1_FINDING: @finding; comes before the event it is about is over
 * @RT_HTTP1_TUNNEL: what follows is no HTTP; @bytes, @span
 * @RT_HTTP1_INCOMPLETE: the bytes ended inside a message (RFC 9112 §8)
 * @RT_HTTP1_ERROR: strict mode: @finding says why; nothing more is read
 * @RT_HTTP1_CLOSED: the bytes ended between two messages
 */
typedef enum
{
  RT_HTTP1_NEED_MORE,
  RT_HTTP1_HEAD,
  RT_HTTP1_CONTENT,
  RT_HTTP1_CHUNK,
  RT_HTTP1_TRAILERS,
  RT_HTTP1_END,
  RT_HTTP1_FINDING,
  RT_HTTP1_TUNNEL,
  RT_HTTP1_INCOMPLETE,
  RT_HTTP1_ERROR,
  RT_HTTP1_CLOSED,
} RtHttp1EventKind;

/**
 * RtHttp1Event:
 *
 * What was read. All borrowed until the next call on the reader; ref @message and @bytes to keep.
 */
typedef struct
{
  RtHttp1EventKind kind;
  RtMessage *message;
  GBytes *bytes;
  RtSpan span;
  guint64 number;
  RtFinding finding;
} RtHttp1Event;

typedef struct _RtHttp1Reader RtHttp1Reader;

RtHttp1Reader *rt_http1_reader_new (RtMessageKind kind,
                                    RtHttp1Mode mode,
                                    const RtHttp1Limits *limits);
void rt_http1_reader_free (RtHttp1Reader *reader);

void rt_http1_reader_expect (RtHttp1Reader *reader, RtText request_method);
void rt_http1_reader_feed (RtHttp1Reader *reader, GBytes *bytes, RtSpan span);
void rt_http1_reader_end (RtHttp1Reader *reader);
RtHttp1Event rt_http1_reader_next (RtHttp1Reader *reader);

GBytes *rt_http1_write_head (RtMessage *message);
GBytes *rt_http1_write_chunk (GBytes *content);
GBytes *rt_http1_write_last_chunk (RtFields *trailers);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtHttp1Reader, rt_http1_reader_free)

G_END_DECLS
