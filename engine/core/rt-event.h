/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Events, and the pages they are kept in. */
#pragma once

#include "rt-span.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtProvenance:
 * @RT_BYTES_CROSSED: crossed a connection just so
 * @RT_BYTES_DECRYPTED: the plaintext of the source buffer
 * @RT_BYTES_DECODED: unchunked, inflated or unmasked from the source buffer
 * @RT_BYTES_RECONSTRUCTED: written down from a source that kept no bytes (HAR, libsoup): framing,
 *   order and case prove nothing
 *
 * How a buffer's bytes came to be.
 */
typedef enum
{
  RT_BYTES_CROSSED,
  RT_BYTES_DECRYPTED,
  RT_BYTES_DECODED,
  RT_BYTES_RECONSTRUCTED,
} RtProvenance;

/**
 * RtDirection:
 * @RT_FORWARD: from the end that opened the connection
 * @RT_BACKWARD: from the end that accepted it
 */
typedef enum
{
  RT_FORWARD,
  RT_BACKWARD,
} RtDirection;

/**
 * RtEventKind:
 * @RT_EVENT_PARTY: a participant joined; `(ss)`: name, kind (`client`, `origin`, `browser`, …)
 * @RT_EVENT_BUFFER: a buffer was opened, its id in the span; `(yyu)`: #RtDirection, #RtProvenance,
 *   source buffer. Party: the end that writes it
 * @RT_EVENT_CONNECT: a party began to open a connection; `(sqsq)`: host, port, transport (`tcp`,
 *   `udp`), the peer's party number or 0
 * @RT_EVENT_ESTABLISHED: for this party the connection can be used; no detail, or, where it was
 *   opened by a program that is no party of ours, `(sqsq)`: host and port that it was opened to,
 *   address and port that it was opened from
 * @RT_EVENT_SECURED: TLS is up for this party; `a{sv}`: version, cipher, alpn, sni
 * @RT_EVENT_SENT: this party's bytes left it; no detail, or with an empty span `s`: the name of a
 *   segment without bytes (`SYN`, `SYN ACK`, `ACK`, `FIN`, `RST`), or with bytes `s`:
 *   `retransmission`
 * @RT_EVENT_RECEIVED: bytes, or a segment named as above, arrived at this party
 * @RT_EVENT_LOST: what this party sent will not arrive; detail as for SENT
 * @RT_EVENT_EOF: this party saw the end of the other's bytes; no detail
 * @RT_EVENT_RESET: this party learnt that the connection was cut off; `s`: why
 * @RT_EVENT_DECISION: this party applied a rule; detail as rt_decision_to_variant() has it. Span:
 *   what the deciding check cites
 * @RT_EVENT_STATE: something this party keeps changed; `(ssmv)`: kind, key, the new value or
 *   nothing: gone
 * @RT_EVENT_CLOCK: time was moved by hand; `x`: microseconds
 * @RT_EVENT_STEP: a step of the scenario began or ended; `(usb)`: number from 1, title, TRUE at
 *   its end
 * @RT_EVENT_TASK: this party was given something to do; `(ts)`: number, what, in words
 * @RT_EVENT_FINISHED: … and is done with it; `(tms)`: number, the error's message or nothing
 * @RT_EVENT_GAP: bytes are missing here; `(ts)`: how many (0: not known), why
 * @RT_EVENT_REBUILT: a message begins here that this party wrote, put together from a source that
 *   kept no bytes; the span has no length: where in its buffer. `(uttmsa{sv})`: length of its head,
 *   length of its content, codings undone; how many bytes of content are missing, why (nothing:
 *   none is), what else the source says (`version`, `from-cache`, …). The fields say nothing of
 *   where it ends
 *
 * What happened. In brackets: the type of the event's detail.
 */
typedef enum
{
  RT_EVENT_PARTY,
  RT_EVENT_BUFFER,
  RT_EVENT_CONNECT,
  RT_EVENT_ESTABLISHED,
  RT_EVENT_SECURED,
  RT_EVENT_SENT,
  RT_EVENT_RECEIVED,
  RT_EVENT_LOST,
  RT_EVENT_EOF,
  RT_EVENT_RESET,
  RT_EVENT_DECISION,
  RT_EVENT_STATE,
  RT_EVENT_CLOCK,
  RT_EVENT_STEP,
  RT_EVENT_TASK,
  RT_EVENT_FINISHED,
  RT_EVENT_GAP,
  RT_EVENT_REBUILT,
  RT_N_EVENT_KINDS,
} RtEventKind;

/** RT_EVENT_NONE: a cause that is not there: the event began something. */
#define RT_EVENT_NONE G_MAXUINT64

/**
 * RtEvent:
 * @time: when
 * @cause: number of the event that led here, or %RT_EVENT_NONE
 * @span: the bytes concerned; length 0 = none
 * @detail: offset in the page's arena
 * @detail_length: 0 = no detail
 * @connection: 0 = none
 * @party: who it happened to; 0 = the network itself
 * @kind: an #RtEventKind
 *
 * One thing that happened. Its number is its position in the log, from 0.
 */
typedef struct
{
  RtTime time;
  guint64 cause;
  RtSpan span;
  guint32 detail, detail_length;
  RtConnection connection;
  RtPartyId party;
  guint16 kind;
} RtEvent;

G_STATIC_ASSERT (sizeof (RtSpan) == 16 && sizeof (RtEvent) == 48);

/**
 * RtChunk:
 * @span: where the bytes stand
 * @bytes: the bytes, as many as the span is long
 *
 * Bytes that were written to a buffer while a page was open.
 */
typedef struct
{
  RtSpan span;
  GBytes *bytes;
} RtChunk;

/**
 * RtPage:
 * @n: number of events
 * @first: number of the first event
 * @events: (array length=n): the events
 * @arena: their details
 * @n_chunks: number of chunks
 * @chunks: (array length=n_chunks): the bytes that were written meanwhile; those of an event stand
 *   in its own page or an earlier one
 *
 * A run of events, immutable and reference-counted: the only thing of a log that crosses threads.
 */
typedef struct
{
  gint ref_count;
  guint n;
  guint64 first;
  const RtEvent *events;
  GBytes *arena;
  guint n_chunks;
  const RtChunk *chunks;
} RtPage;

RtPage *rt_page_new (guint64 first,
                     const RtEvent *events,
                     guint n,
                     GBytes *arena,
                     const RtChunk *chunks,
                     guint n_chunks);
RtPage *rt_page_ref (RtPage *page);
void rt_page_unref (RtPage *page);
GVariant *rt_page_dup_detail (const RtPage *page, guint i);

const char *rt_event_kind_name (RtEventKind kind);
const GVariantType *rt_event_kind_detail_type (RtEventKind kind);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPage, rt_page_unref)

G_END_DECLS
