/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the analysis share.
 *
 * Events go to the file that keeps what they are about: connections and their segments
 * (rt-analysis-conduit.c), the bytes of one buffer and the messages in them (rt-analysis-stream.c),
 * exchanges (rt-analysis-exchange.c), decisions and states (rt-analysis-cause.c), notes
 * (rt-analysis-note.c). All of it is a fold: an event, once fed, is never looked at again, and
 * nothing looks ahead. */
#pragma once

#include "rt-analysis.h"
#include "rt-http1.h"
#include "rt-observer.h"

G_BEGIN_DECLS

typedef struct _RtConduit RtConduit;
typedef struct _RtPart RtPart;
typedef struct _RtStream RtStream;

/* One event as it is folded; @detail is %NULL where it has none. */
typedef struct
{
  const RtEvent *event;
  guint64 number;
  GVariant *detail;
} RtFold;

/* Bytes up to @end had got so far at @time, by event @event. */
typedef struct
{
  guint64 end;
  RtTime time;
  guint64 event;
} RtMark;

/* How far the bytes of a buffer got at one end of a connection, in order: what comes early waits
 * in @ahead until what is before it is there. */
typedef struct
{
  guint64 frontier;
  GArray *marks; /* RtMark, ends ascending */
  GArray *ahead; /* RtSpan, in order of arrival */
} RtProgress;

typedef enum
{
  RT_STREAM_UNDECIDED, /* too few bytes to tell what it is */
  RT_STREAM_HTTP1,
  RT_STREAM_SEEKING, /* behind a gap, looking for a start line */
  RT_STREAM_REBUILT, /* the log says where each message begins and ends */
  RT_STREAM_OPAQUE,  /* ciphertext, a tunnel, another protocol */
} RtStreamMode;

/* The bytes of one buffer of the log. */
struct _RtStream
{
  RtBufferId buffer;
  RtConduit *conduit;
  RtDirection direction;
  RtProvenance provenance;
  guint64 known; /* bytes up to here were in events that were fed */

  RtProgress sent, received;
  RtStreamMode mode;
  RtHttp1Reader *reader;
  guint64 read;     /* bytes up to here were given to the reader */
  GByteArray *held; /* UNDECIDED, SEEKING: bytes not given to it yet, the last of them at @read */
  guint64 next;     /* where the next message would begin */
  GPtrArray *transfers;
  RtTransfer *current;
  GArray *findings; /* RtFinding of a message whose head is not there yet */
  GArray *rebuilt;  /* (nullable): REBUILT: the messages that were announced */
  guint rebuilt_next;
  guint untimed; /* index of the first transfer whose times can still change */
  guint unsent;  /* … whose last byte has not left */
  gboolean ended;
};

/* A connection and what goes on in it. */
struct _RtConduit
{
  RtConnectionInfo info;   /* first */
  GPtrArray *streams;      /* RtStream, in the order their buffers were opened */
  GPtrArray *under_way[2]; /* RtSegment, sent and not yet arrived, by direction */
  guint64 sent_end[2];
  gboolean ended[2];
  gboolean tunnel;     /* what crosses it from now on is another protocol's */
  gboolean secured[2]; /* the end that writes this way has done its handshake */
  GPtrArray *exchanges;
  guint answered; /* index of the first exchange that waits for its final response */
  gboolean gap;   /* a response may be missing */
};

/* Where the bytes of an event belong: the messages that they are in. */
typedef struct
{
  RtStream *stream;
  guint first, last; /* indexes of transfers; @last < @first: none */
  guint exchange;
} RtRoot;

/* Bytes made here: the runs of a log's buffer that they consist of. */
typedef struct
{
  GArray *runs;   /* RtSpan */
  GArray *starts; /* guint64: offset of each run */
  guint64 length;
} RtDerived;

struct _RtAnalysis
{
  guint64 base, length;
  guint64 first; /* events before it stand for others */
  RtTime start, end;
  GPtrArray *parties, *connections, *segments, *exchanges, *decisions, *states, *steps, *notes;
  GPtrArray *transfers, *derived;
  GHashTable *party_by_id, *conduit_by_id, *stream_by_id; /* looked up, never walked */
  GArray *event_roots; /* guint32 by event: index into roots, 0: none */
  GArray *event_tasks; /* guint32 by event: number of the task behind it, from 1; 0: none */
  GArray *roots;
  guint32 n_tasks;
  GHashTable *unowned; /* task → GPtrArray of RtDecisionInfo that no exchange has yet */
  GStringChunk *text;
  guint step;
  RtPages *pages; /* fed by hand */
  RtReader *own, *reader;
  RtObserver *observer; /* (nullable) */
  RtPart *part;         /* NULL: it is of the whole log */
};

/* rt-analysis.c */
const char *rt_analysis_keep (RtAnalysis *analysis, const char *text);
GBytes *rt_analysis_read (RtAnalysis *analysis, RtSpan span, GError **error);

/* rt-analysis-part.c */
void rt_part_free (RtPart *part);
guint rt_part_number_exchange (RtAnalysis *analysis, RtExchange *exchange, guint64 event);
RtExchange *rt_part_get_exchange (RtAnalysis *analysis, guint number);

/* rt-analysis-conduit.c */
RtConduit *rt_conduit_get (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_free (gpointer conduit);
void rt_conduit_fold_buffer (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_connect (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_established (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_secured (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_sent (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_received (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_lost (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_eof (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_reset (RtAnalysis *analysis, const RtFold *fold);
void rt_conduit_fold_gap (RtAnalysis *analysis, const RtFold *fold);

/* rt-analysis-segment.c */
void
rt_segment_sent (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold);
void
rt_segment_received (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold);
void
rt_segment_lost (RtAnalysis *analysis, RtConduit *conduit, RtDirection way, const RtFold *fold);

/* rt-analysis-progress.c */
void rt_progress_init (RtProgress *progress);
void rt_progress_clear (RtProgress *progress);
void rt_progress_add (RtProgress *progress, RtSpan span, RtTime time, guint64 event);
void rt_progress_jump (RtProgress *progress, guint64 to);
const RtMark *rt_progress_find (const RtProgress *progress, guint64 offset);

/* rt-analysis-stream.c */
RtStream *rt_stream_new (RtConduit *conduit, RtBufferId buffer);
void rt_stream_free (gpointer stream);
void rt_stream_sent (RtAnalysis *analysis, RtStream *stream, const RtFold *fold);
void rt_stream_received (RtAnalysis *analysis, RtStream *stream, const RtFold *fold);
void rt_stream_end (
    RtAnalysis *analysis, RtStream *stream, gboolean cut, const RtFold *fold, const char *why);
void rt_stream_gap (RtAnalysis *analysis, RtStream *stream, const RtFold *fold, const char *why);
void rt_stream_make_opaque (RtStream *stream);
void rt_stream_update_times (RtAnalysis *analysis, RtStream *stream);
gboolean rt_stream_find (RtStream *stream, RtSpan span, guint *ret_first, guint *ret_last);

gboolean rt_stream_read_event (RtAnalysis *analysis,
                               RtStream *stream,
                               const RtHttp1Event *event,
                               const RtFold *fold);
void rt_stream_show_first_byte (RtAnalysis *analysis, RtStream *stream, const RtFold *fold);

/* rt-analysis-rebuilt.c */
void rt_rebuilt_fold (RtAnalysis *analysis, const RtFold *fold);
void rt_rebuilt_read_on (
    RtAnalysis *analysis, RtStream *stream, GBytes *bytes, RtSpan span, const RtFold *fold);

/* rt-analysis-exchange.c */
RtExchange *rt_exchange_begin (RtAnalysis *analysis, RtConduit *conduit, const RtFold *fold);
void rt_exchange_free (gpointer exchange);
void rt_transfer_free (gpointer transfer);
RtTransfer *
rt_transfer_new (RtAnalysis *analysis, RtStream *stream, RtMessage *message, guint64 at);
void rt_exchange_set_request_head (RtAnalysis *analysis,
                                   RtStream *stream,
                                   RtTransfer *request,
                                   RtMessage *message,
                                   const RtFold *fold);
void rt_exchange_add_response (RtAnalysis *analysis,
                               RtStream *stream,
                               RtTransfer *response,
                               const RtFold *fold);
void rt_exchange_add_request (RtAnalysis *analysis,
                              RtStream *stream,
                              RtTransfer *request,
                              const RtFold *fold);
void rt_exchange_fail_waiting (RtAnalysis *analysis,
                               RtConduit *conduit,
                               const RtFold *fold,
                               const char *why);
void
rt_exchange_fail (RtAnalysis *analysis, RtExchange *exchange, const RtFold *fold, const char *why);
RtExchange *rt_exchange_waiting (RtConduit *conduit);
void rt_exchange_note_end (RtAnalysis *analysis, const RtTransfer *transfer);

/* rt-analysis-cause.c */
void rt_cause_note (RtAnalysis *analysis, const RtFold *fold);
void rt_cause_fold_decision (RtAnalysis *analysis, const RtFold *fold);
void rt_cause_fold_state (RtAnalysis *analysis, const RtFold *fold);
void rt_cause_adopt (RtAnalysis *analysis, RtExchange *exchange, const RtFold *fold);
guint rt_cause_get_exchange (RtAnalysis *analysis, guint64 event);

/* rt-analysis-note.c */
void rt_note_free (gpointer note);
void rt_note_add (RtAnalysis *analysis, const RtNote *note);
void
rt_note_add_findings (RtAnalysis *analysis, RtTransfer *transfer, guint from, const RtFold *fold);
void rt_note_add_decision (RtAnalysis *analysis, const RtDecisionInfo *info);
void rt_note_add_missing (RtAnalysis *analysis, const RtTransfer *transfer, const RtFold *fold);
void rt_note_add_broken (RtAnalysis *analysis, const RtTransfer *transfer, const RtFold *fold);
void rt_note_add_failed (RtAnalysis *analysis, const RtExchange *exchange, const RtFold *fold);

/* rt-observer.c */
void rt_observer_note_end (RtAnalysis *analysis, guint exchange);
void rt_observer_fold (RtAnalysis *analysis, const RtFold *fold);

G_END_DECLS
