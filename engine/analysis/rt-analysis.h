/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the log to what people look at: messages, exchanges, connections, decisions and notes.
 * Incremental: feed pages as they come. What was not fed is not known, so a reader that must not
 * see past a point feeds no further than it. */
#pragma once

#include "rt-event.h"
#include "rt-message.h"
#include "rt-reader.h"

G_BEGIN_DECLS

/** RT_ANALYSIS_VERSION: raise it whenever the same log gives something else. */
#define RT_ANALYSIS_VERSION 4

/**
 * RT_BUFFER_DERIVED:
 *
 * Buffers from this number on are not of the log but made here (content without its transfer
 * coding). rt_analysis_trace_span() leads from their bytes to those on the wire.
 */
#define RT_BUFFER_DERIVED 0x80000000u

/** RT_TIME_UNKNOWN: a moment that was not (yet) seen. */
#define RT_TIME_UNKNOWN G_MININT64

/** RtPartyInfo: a participant. @kind: `client`, `origin`, … */
typedef struct
{
  RtPartyId id;
  const char *name, *kind;
  RtTime joined;
} RtPartyInfo;

/** RtConnectionEnd: how a connection ended. */
typedef enum
{
  RT_CONNECTION_OPEN,
  RT_CONNECTION_CLOSED,
  RT_CONNECTION_CUT,    /* reset */
  RT_CONNECTION_FAILED, /* was never established */
} RtConnectionEnd;

/**
 * RtConnectionInfo:
 * @from: opened it; @to: accepted it (0: not known)
 * @host: (nullable): what was connected to, and @port; not known where recording began later
 * @from_host: (nullable): address that it was opened from, and @from_port, where that was no party
 *   of ours
 * @datagrams: UDP
 * @protocol: (nullable): what ALPN settled on
 * @opened: the first segment left; @established: usable for @from; @accepted: usable for @to
 * @closed: both ends had sent all they would, or it was cut
 * @why: (nullable): why it was cut or failed
 * @first_event: the first event about it; @last_event: the one that closed it
 */
typedef struct
{
  RtConnection id;
  RtPartyId from, to;
  const char *host, *from_host;
  guint16 port, from_port;
  gboolean datagrams, secure;
  const char *protocol;
  RtTime opened, established, accepted, closed;
  RtConnectionEnd end;
  const char *why;
  guint64 first_event, last_event;
  guint n_exchanges;
} RtConnectionInfo;

/**
 * RtSegment:
 * @name: (nullable): `SYN`, `FIN`, … for a segment without bytes; `TLS` for one of its handshake;
 *   its size, `69 B`, for one of a tunnel, whose bytes are no message
 * @event: number of the event that it was first heard of with
 * @lost: did not arrive; @retransmission: was sent before
 * @tunnelled: its bytes are a tunnel's
 *
 * One trip of bytes, or of a named empty segment, over a connection. Plaintext and other derived
 * bytes make no trips of their own.
 */
typedef struct
{
  RtConnection connection;
  RtDirection direction;
  RtTime sent, received; /* received: RT_TIME_UNKNOWN while under way or lost */
  RtSpan span;
  const char *name;
  guint64 event;
  gboolean lost, retransmission, tunnelled;
} RtSegment;

/**
 * RtTransfer:
 * @message: its head; without method and target as long as @has_head is %FALSE
 * @has_head: the head was seen whole. Only a request can be here before that: it is there from its
 *   first byte on
 * @exchange: id of the exchange it belongs to
 * @whole: all its bytes so far; @content: the content's bytes as they stand on the wire (chunked:
 *   with size lines); @trailer: the trailer section's
 * @decoded: the derived buffer with the content, transfer coding removed; 0: the content stands in
 *   @content as it is
 * @content_length: bytes of content so far, transfer coding removed
 * @sent_first: when its first byte left; …
 * @first_event, @last_event: numbers of the events that carried its first and last byte
 * @findings: (element-type RtFinding): by the tolerant reader
 * @complete: all of it was seen
 * @broken: (nullable): why it will never be complete
 * @missing: (nullable): why content that there was is not here, though the message is complete: the
 *   source did not keep it (reconstructed messages); @missing_length: how much, 0: not known
 * @facts: (nullable): `a{sv}`: what the source says beyond the message (reconstructed messages)
 *
 * A message as it crossed a connection.
 */
typedef struct
{
  RtMessage *message;
  gboolean has_head;
  guint exchange;
  RtConnection connection;
  RtDirection direction;
  RtPartyId from, to;
  RtSpan whole, content, trailer;
  RtBufferId decoded;
  guint64 content_length;
  RtTime sent_first, sent_head, sent_last, received_first, received_head, received_last;
  guint64 first_event, last_event;
  GArray *findings;
  gboolean complete;
  const char *broken;
  const char *missing;
  guint64 missing_length;
  GVariant *facts;
} RtTransfer;

/**
 * RtExchange:
 * @id: from 1, in the order the requests' first bytes were sent; in a part of a log what it is in
 *   the whole
 * @request: (nullable): a response nobody asked for has none
 * @response: (nullable): the final one, while there is one
 * @interim: (element-type RtTransfer): 1xx responses
 * @decisions: (element-type RtDecisionInfo): caused by it, in order
 * @states: (element-type RtStateInfo): changes caused by it, in order
 * @notes: (element-type RtNote): about it, in order
 * @started: when the request's first byte left, or else the response's
 * @ended: when the response's last byte arrived, or it failed
 * @scheme, @authority: of the target URI, RFC 9110 §7.1; @authority is empty where nothing says it
 * @step: number of the scenario's step it belongs to, 0 = none
 * @failed: (nullable): why there will be no response, or none that is whole
 * @failed_event: the event that made it fail
 * @reconstructed: put together from a source that kept no bytes: framing, order and case of fields
 *   and numbers of bytes prove nothing
 */
typedef struct
{
  guint id;
  RtConnection connection;
  RtPartyId client, server;
  RtTransfer *request, *response;
  GPtrArray *interim;
  GPtrArray *decisions;
  GPtrArray *states;
  GPtrArray *notes;
  RtTime started, ended;
  guint step;
  const char *scheme, *authority;
  const char *failed;
  guint64 failed_event;
  gboolean reconstructed;
} RtExchange;

/**
 * RtDecisionInfo:
 * @connection: that it is about, 0 = none
 * @exchange: id of the exchange it belongs to, 0 = none
 */
typedef struct
{
  RtDecision *decision;
  RtPartyId party;
  RtConnection connection;
  RtTime time;
  guint64 event;
  guint exchange;
} RtDecisionInfo;

/** RtStateInfo: a change of something that a party keeps. @value: (nullable): gone */
typedef struct
{
  const char *kind, *key;
  GVariant *value;
  RtPartyId party;
  RtTime time;
  guint64 event;
  guint exchange;
} RtStateInfo;

/** RtStepInfo: a step of the scenario. @last_event: G_MAXUINT64 while it goes on */
typedef struct
{
  guint number;
  const char *title;
  RtTime started, ended;
  guint64 first_event, last_event;
} RtStepInfo;

/**
 * RtNote:
 * @severity: Good, Info, Warning, Problem
 * @title, @text: claim and why
 * @reference: (nullable): `RFC 9110 §13.1.1`
 * @span: (nullable): the bytes it is about
 * @decision: (nullable): the trace behind it
 * @finding: (nullable): which finding of the observer it is (rt-observer.h): `cache.missed`
 * @symptom: (nullable): what people say who have it, by its name: `lost-update`
 *
 * What the engine has to say of an exchange.
 */
typedef struct
{
  RtSeverity severity;
  const char *title, *text, *reference;
  RtLevel level;
  RtSpan span;
  guint exchange;
  guint64 event;
  RtDecision *decision;
  const char *finding, *symptom;
} RtNote;

/**
 * RtAnalysisNumber:
 * @event: the event with an exchange's first byte
 * @number: what the exchange's id is to be
 * @connection: that it goes over
 *
 * For an analysis of a part of a log.
 */
typedef struct
{
  guint64 event;
  guint number;
  RtConnection connection;
} RtAnalysisNumber;

typedef struct _RtAnalysis RtAnalysis;

RtAnalysis *rt_analysis_new (void);
void rt_analysis_free (RtAnalysis *analysis);
void rt_analysis_begin_at (
    RtAnalysis *analysis, guint64 event, guint64 first, const RtAnalysisNumber *numbers, guint n);
void rt_analysis_feed (RtAnalysis *analysis, RtPage *page, guint64 end);
gboolean
rt_analysis_feed_reader (RtAnalysis *analysis, RtReader *reader, guint64 end, GError **error);

guint64 rt_analysis_get_length (RtAnalysis *analysis);
RtTime rt_analysis_get_start (RtAnalysis *analysis);
RtTime rt_analysis_get_end (RtAnalysis *analysis);

/* Each array grows as pages are fed and never changes order; elements stay where they are. */
GPtrArray *rt_analysis_get_parties (RtAnalysis *analysis);     /* RtPartyInfo */
GPtrArray *rt_analysis_get_connections (RtAnalysis *analysis); /* RtConnectionInfo */
GPtrArray *rt_analysis_get_segments (RtAnalysis *analysis);    /* RtSegment */
GPtrArray *rt_analysis_get_exchanges (RtAnalysis *analysis);   /* RtExchange */
GPtrArray *rt_analysis_get_decisions (RtAnalysis *analysis);   /* RtDecisionInfo */
GPtrArray *rt_analysis_get_states (RtAnalysis *analysis);      /* RtStateInfo */
GPtrArray *rt_analysis_get_steps (RtAnalysis *analysis);       /* RtStepInfo */
GPtrArray *rt_analysis_get_notes (RtAnalysis *analysis);       /* RtNote */

const RtPartyInfo *rt_analysis_get_party (RtAnalysis *analysis, RtPartyId id);
const RtConnectionInfo *rt_analysis_get_connection (RtAnalysis *analysis, RtConnection id);
const RtExchange *rt_analysis_get_exchange (RtAnalysis *analysis, guint id);
const RtTransfer *rt_analysis_find_transfer (RtAnalysis *analysis, RtSpan span);
guint rt_analysis_get_event_exchange (RtAnalysis *analysis, guint64 event);
RtSpan rt_analysis_get_content_span (RtAnalysis *analysis, const RtTransfer *transfer);
void rt_analysis_trace_span (RtAnalysis *analysis, RtSpan span, GArray *ret_sources);
GBytes *rt_analysis_dup_content (RtAnalysis *analysis, const RtTransfer *transfer);
GBytes *rt_analysis_dup_bytes (RtAnalysis *analysis, RtSpan span, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtAnalysis, rt_analysis_free)

G_END_DECLS
