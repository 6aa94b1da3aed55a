/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inside of the HTTP/1.x reader: what its state functions share. */
#pragma once

#include "rt-http1-input.h"
#include "rt-http1-private.h"
#include "rt-http1-section.h"

G_BEGIN_DECLS

typedef enum
{
  RT_HTTP1_STATE_START,
  RT_HTTP1_STATE_FIELDS,
  RT_HTTP1_STATE_LENGTH,
  RT_HTTP1_STATE_CLOSE,
  RT_HTTP1_STATE_CHUNK_SIZE,
  RT_HTTP1_STATE_CHUNK_DATA,
  RT_HTTP1_STATE_CHUNK_END,
  RT_HTTP1_STATE_TRAILERS,
  RT_HTTP1_STATE_TUNNEL,
  RT_HTTP1_STATE_LOST,
  RT_HTTP1_STATE_DONE,
  RT_HTTP1_N_STATES,
} RtHttp1State;

/* A place in the section: its bytes may move while it is read. */
typedef struct
{
  gsize at, length;
} RtHttp1Place;

/* The elements of the start line; @read: there was one. */
typedef struct
{
  gboolean read;
  RtHttp1Place method, target, version, status, reason, line;
  RtVersion number;
  guint code;
} RtHttp1Start;

/* What a response's framing depends on of its request. */
typedef enum
{
  RT_HTTP1_ASKED_OTHER,
  RT_HTTP1_ASKED_HEAD,
  RT_HTTP1_ASKED_CONNECT,
} RtHttp1Asked;

struct _RtHttp1Reader
{
  RtMessageKind kind;
  RtHttp1Limits limits;
  RtHttp1Judge judge;
  RtHttp1Input input;
  RtHttp1Section section;
  RtHttp1State state;
  gboolean ended;

  RtHttp1Start start;
  RtSpan empty_lines; /* before the start line */
  guint n_empty_lines;
  RtMessage *message;
  guint64 message_at; /* position of its first byte */
  guint64 remaining;  /* of content or chunk */
  guint64 content;    /* bytes of content so far */
  guint64 extensions; /* bytes of chunk extensions so far */

  GByteArray *asked;
  GArray *events; /* RtHttp1Event, bytes owned */
  guint next_event;
  GBytes *current; /* bytes of the event given last */
};

RtHttp1Event *rt_http1_push (RtHttp1Reader *reader, RtHttp1EventKind kind, RtSpan span);
gboolean rt_http1_push_findings (RtHttp1Reader *reader);
gboolean rt_http1_push_run (RtHttp1Reader *reader, RtHttp1EventKind kind, guint64 most);
void rt_http1_finish_message (RtHttp1Reader *reader, RtHttp1State next);
RtSpan rt_http1_span_since (RtHttp1Reader *reader, guint64 position);
RtHttp1Line rt_http1_line_of (RtHttp1Reader *reader, const RtHttp1Taken *taken);
void rt_http1_cut_short (RtHttp1Reader *reader);

/* Each reads what it can of what is there; FALSE: it needs more. */
gboolean rt_http1_read_start (RtHttp1Reader *reader);
gboolean rt_http1_read_fields (RtHttp1Reader *reader);
gboolean rt_http1_read_length (RtHttp1Reader *reader);
gboolean rt_http1_read_close (RtHttp1Reader *reader);
gboolean rt_http1_read_chunk_size (RtHttp1Reader *reader);
gboolean rt_http1_read_chunk_data (RtHttp1Reader *reader);
gboolean rt_http1_read_chunk_end (RtHttp1Reader *reader);
gboolean rt_http1_read_trailers (RtHttp1Reader *reader);
gboolean rt_http1_read_tunnel (RtHttp1Reader *reader);
gboolean rt_http1_read_lost (RtHttp1Reader *reader);

/* Each says what it means that the bytes end in its state. */
void rt_http1_end_start (RtHttp1Reader *reader);
void rt_http1_end_fields (RtHttp1Reader *reader);
void rt_http1_end_close (RtHttp1Reader *reader);
void rt_http1_end_tunnel (RtHttp1Reader *reader);

G_END_DECLS
