/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP/1.x: bytes to messages and back, without I/O. RFC 9112; 1.0 and 0.9 are recognised. */
#pragma once

#include "rt-http1-findings.h"
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

/* Defaults of #RtHttp1Limits for strict readers; a tolerant one, which has to show what others let
 * through, allows eight times as much. */
#define RT_HTTP1_START_LINE_MAX 16384
#define RT_HTTP1_FIELD_LINE_MAX 16384
#define RT_HTTP1_HEADER_SECTION_MAX 65536
#define RT_HTTP1_FIELDS_MAX 256
#define RT_HTTP1_CHUNK_LINE_MAX 4096
#define RT_HTTP1_TRAILER_SECTION_MAX 16384

/**
 * RtHttp1Limits:
 * @start_line: the longest request or status line; then 414 (or 501 for a method without end)
 * @field_line: the longest field line; then 431
 * @header_section: start line and fields; then 431
 * @fields: field lines of a section; then 431
 * @chunk_line: the longest size line with its extensions; all extensions of a message together may
 *   have four times as much; then 400
 * @trailer_section: the trailers; then 431
 * @content: content without its transfer coding; then 413. Strict mode; without limit by default,
 *   because the reader itself keeps no content
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
 * @RT_HTTP1_NEED_MORE: all that was fed is read; feed more or rt_http1_reader_end(). After an end
 *   (ERROR, INCOMPLETE, CLOSED) it is all that comes
 * @RT_HTTP1_HEAD: a message begins: @message, its header section whole
 * @RT_HTTP1_CONTENT: a run of its content: @bytes, @span, @number bytes into the content; transfer
 *   coding removed
 * @RT_HTTP1_CHUNK: a chunk begins: @span is its size line without the line break, @number its size
 *   (0: the last), @extension what follows the size
 * @RT_HTTP1_TRAILERS: the trailer section of a chunked message is whole, if only its empty line
 *   (also in @message->trailers); @span is all of it
 * @RT_HTTP1_END: the message is complete; @span is all of it
 * @RT_HTTP1_FINDING: @finding, about @message. What is about a head comes behind its HEAD, what is
 *   about a chunk or the trailers behind that event, all before END
 * @RT_HTTP1_TUNNEL: what follows is no HTTP; @bytes, @span
 * @RT_HTTP1_INCOMPLETE: the bytes ended inside a message (RFC 9112 §8); @finding, @span of what
 *   there was of it
 * @RT_HTTP1_ERROR: strict mode: @finding says why; nothing more is read. @message: what was
 *   understood of the message, if its start line was read
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
  RtSpan span, extension;
  guint64 number;
  RtFinding finding;
} RtHttp1Event;

typedef struct _RtHttp1Reader RtHttp1Reader;

RtHttp1Reader *
rt_http1_reader_new (RtMessageKind kind, RtHttp1Mode mode, const RtHttp1Limits *limits);
void rt_http1_reader_free (RtHttp1Reader *reader);

void rt_http1_reader_expect (RtHttp1Reader *reader, RtText request_method);
void rt_http1_reader_feed (RtHttp1Reader *reader, GBytes *bytes, RtSpan span);
void rt_http1_reader_end (RtHttp1Reader *reader);
void rt_http1_reader_tunnel (RtHttp1Reader *reader);
RtHttp1Event rt_http1_reader_next (RtHttp1Reader *reader);

GBytes *rt_http1_write_head (RtMessage *message);
GBytes *rt_http1_write_chunk (GBytes *content);
GBytes *rt_http1_write_last_chunk (RtFields *trailers);
GBytes *rt_http1_write_message (RtMessage *message, GBytes *content);

gboolean rt_http1_keeps_open (const RtMessage *message);
RtMessage *rt_http1_read_plain (RtMessageKind kind, GBytes *head, RtSpan span);
gboolean rt_http1_parse_message (
    RtMessageKind kind, RtText text, RtMessage **ret_message, GBytes **ret_content, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtHttp1Reader, rt_http1_reader_free)

G_END_DECLS
