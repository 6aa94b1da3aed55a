/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The byte client: sends exactly the bytes it is told to, in the pieces and at the times it is told
 * to, be they HTTP or not, and takes what comes. */
#pragma once

#include "rt-effects.h"

G_BEGIN_DECLS

/**
 * RtByteEnd:
 * @RT_BYTE_END_WAIT: nothing: until the other side closes, or nothing more is expected
 * @RT_BYTE_END_HALF_CLOSE: says that it will send no more, and goes on reading
 * @RT_BYTE_END_CLOSE: closes at once, whatever may still come
 * @RT_BYTE_END_RESET: cuts the connection off
 *
 * What a byte client does once its last piece has been sent.
 */
typedef enum
{
  RT_BYTE_END_WAIT,
  RT_BYTE_END_HALF_CLOSE,
  RT_BYTE_END_CLOSE,
  RT_BYTE_END_RESET,
} RtByteEnd;

/**
 * RtBytePiece:
 * @bytes: what to send in one go
 * @delay: how long after the piece before it (after the connection is up, for the first)
 */
typedef struct
{
  GBytes *bytes;
  RtTime delay;
} RtBytePiece;

/**
 * RtByteTask:
 * @to: where to send it
 * @name: (nullable): of the connection, which is opened when there is none and kept for the next
 *   task of that name; %NULL: one of its own, closed at the end
 * @pieces: (array length=n_pieces): what to send, in order; none: what rt_byte_client_set_pieces()
 *   gave it, if anything
 * @end: what to do then
 * @answers: how many final responses to wait for; 0: until the other side closes
 * @patience: how long to wait for them after the last piece; 0: as long as it takes
 *
 * What a byte client can be told to do: the `task` of #RtDriverClass. Stays the teller's and
 * unchanged until the task is finished. It is finished well when the responses came, or when the
 * other side has closed; the error says that neither happened.
 */
typedef struct
{
  RtEndpoint to;
  const char *name;
  const RtBytePiece *pieces;
  guint n_pieces;
  RtByteEnd end;
  guint answers;
  RtTime patience;
} RtByteTask;

typedef struct _RtByteClient RtByteClient;

RtByteClient *rt_byte_client_new (void);
void rt_byte_client_free (RtByteClient *client);
void rt_byte_client_set_pieces (RtByteClient *client, RtBytePiece *pieces, guint n);

RtBytePiece *
rt_byte_pieces_new (GBytes *bytes, gsize piece, RtTime delay, gsize stop_at, guint *ret_n);
void rt_byte_pieces_free (RtBytePiece *pieces, guint n);

/** rt_byte_client_class: an #RtByteClient as a party. The driver frees it. */
extern const RtPartyClass rt_byte_client_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtByteClient, rt_byte_client_free)

G_END_DECLS
