/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What goes into a party and what comes out of it: values, no I/O. */
#pragma once

#include "rt-decision.h"
#include "rt-event.h"
#include "rt-tls-settings.h"

G_BEGIN_DECLS

/**
 * RtEndpoint:
 * @host: a name or an address literal; borrowed
 * @datagrams: UDP instead of TCP
 * @tls: (nullable): what the TLS stage is to do; %NULL: none
 */
typedef struct
{
  const char *host;
  guint16 port;
  gboolean datagrams;
  const RtTls *tls;
} RtEndpoint;

/**
 * RtInputKind:
 * @RT_INPUT_TASK: something to do; id: the task's number, info: what, as the party's kind has it
 * @RT_INPUT_ACCEPTED: somebody connected; info: #RtPeer
 * @RT_INPUT_CONNECTED: a connection of this party is up, TLS included; info: #RtPeer
 * @RT_INPUT_FAILED: a connection could not be opened; info: a #GError
 * @RT_INPUT_BYTES: bytes arrived; plaintext when TLS is on; one datagram on UDP
 * @RT_INPUT_WRITABLE: what was sent has left; send more
 * @RT_INPUT_EOF: the other end has sent all it will
 * @RT_INPUT_RESET: the connection is gone
 * @RT_INPUT_DEADLINE: a deadline fell due; id: its number
 * @RT_INPUT_SECURING: somebody connected and the TLS handshake has begun: %RT_INPUT_ACCEPTED or
 *   %RT_INPUT_RESET follows; info: #RtPeer, as far as it is known
 */
typedef enum
{
  RT_INPUT_TASK,
  RT_INPUT_ACCEPTED,
  RT_INPUT_CONNECTED,
  RT_INPUT_FAILED,
  RT_INPUT_BYTES,
  RT_INPUT_WRITABLE,
  RT_INPUT_EOF,
  RT_INPUT_RESET,
  RT_INPUT_DEADLINE,
  RT_INPUT_SECURING,
} RtInputKind;

/**
 * RtPeer:
 * @address: of the other end, as text; borrowed
 * @local_host: the name or address that was connected to; borrowed
 * @secure: TLS is on
 * @trusted: … and nothing is wrong with the certificate that the other end showed
 * @server_name: (nullable): SNI
 * @alpn: (nullable): what was negotiated
 */
typedef struct
{
  const char *address;
  guint16 port;
  const char *local_host;
  guint16 local_port;
  gboolean secure, trusted;
  const char *server_name;
  const char *alpn;
} RtPeer;

/**
 * RtInput:
 * @event: number of the log's event that this is: the cause of what follows
 * @span: where @bytes stand in the log
 *
 * Something that happened to a party. All borrowed for the call.
 */
typedef struct
{
  RtInputKind kind;
  RtConnection connection;
  RtTime now;
  guint64 event;
  GBytes *bytes;
  RtSpan span;
  guint64 id;
  gconstpointer info;
} RtInput;

/* Where the bytes of @input stand. Where nobody reads the log they stand nowhere: then they are
 * counted from the @before that came earlier, so that what compares places works all the same. */
static inline RtSpan
rt_input_span (const RtInput *input, guint64 before)
{
  return rt_span_is_none (input->span)
             ? (RtSpan){ before, (guint32)g_bytes_get_size (input->bytes), 1 }
             : input->span;
}

/**
 * RT_CONNECTION_ACCEPTED:
 *
 * Set in the connection number that a party sees at the end which accepted, so that a party which
 * connects to itself can tell its two ends apart. The log has the number without it.
 */
#define RT_CONNECTION_ACCEPTED 0x80000000u

typedef enum
{
  RT_EFFECT_CONNECT,
  RT_EFFECT_SEND,
  RT_EFFECT_READ,
  RT_EFFECT_CLOSE,
  RT_EFFECT_DEADLINE,
  RT_EFFECT_DECIDE,
  RT_EFFECT_STATE,
  RT_EFFECT_FINISH,
  RT_EFFECT_LISTEN,
} RtEffectKind;

/**
 * RtEffect:
 *
 * One thing a party wants done. Which members count depends on the kind; see the function that
 * adds it. Owned by its #RtEffects.
 */
typedef struct
{
  RtEffectKind kind;
  RtConnection connection;
  gboolean flag; /* READ, LISTEN: on; CLOSE: reset; DEADLINE: idle; DECIDE: acted */
  guint64 id;    /* DEADLINE, FINISH */
  RtTime at;     /* DEADLINE */
  GBytes *bytes; /* SEND */
  RtEndpoint to; /* CONNECT, host owned */
  RtDecision *why;
  char *state_kind, *state_key;
  GVariant *state;
  GError *error; /* FINISH */
} RtEffect;

typedef struct _RtEffects RtEffects;

RtEffects *rt_effects_new (RtConnection *last_connection);
void rt_effects_free (RtEffects *effects);
void rt_effects_clear (RtEffects *effects);
guint rt_effects_get_length (RtEffects *effects);
RtEffect *rt_effects_get (RtEffects *effects, guint i);

/* For parties. */
RtConnection rt_effects_connect (RtEffects *out, const RtEndpoint *to);
void rt_effects_send (RtEffects *out, RtConnection connection, GBytes *bytes);
void rt_effects_read (RtEffects *out, RtConnection connection, gboolean on);
void rt_effects_close (RtEffects *out, RtConnection connection, gboolean reset);
void rt_effects_deadline (RtEffects *out, guint64 id, RtTime at, gboolean idle);
void rt_effects_decide (RtEffects *out, RtDecision *why, gboolean acted);
void rt_effects_state (RtEffects *out, const char *kind, const char *key, GVariant *now);
void rt_effects_finish (RtEffects *out, guint64 task, GError *error);
void rt_effects_listen (RtEffects *out, gboolean on);

/**
 * RtPartyClass:
 * @kind: `client`, `origin`, …
 * @input: takes one input and gives what it wants done, in order
 *
 * A participant. Any number of connections: a proxy is one party.
 */
typedef struct
{
  const char *kind;
  void (*input) (gpointer self, const RtInput *input, RtEffects *out);
  void (*free) (gpointer self);
} RtPartyClass;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtEffects, rt_effects_free)

G_END_DECLS
