/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TLS stage.
 *
 * One stage is one end of a connection. What the driver has for the party goes through it, and so
 * does what the party wants done about the connection. Who accepts hears of a connection twice:
 * when its handshake begins, so that it can limit how many there are, and when it is done.
 *
 * In the log, plaintext stands in buffers of its own that have the ciphertext's for their source.
 * Where both ends are ours they share them: what one end wrote is what the other reads. A party's
 * bytes are SENT as plaintext, which leads to ciphertext being SENT; ciphertext that is RECEIVED
 * leads to plaintext being RECEIVED, which is what the party gets. */
#include "rt-tls-stage.h"

#include "rt-error.h"
#include "rt-tls-session.h"

struct _RtTlsStage
{
  gint ref_count;
  RtDriverCore *core;
  RtDriverParty *party;
  RtConnection handle;
  RtTlsSession *session;
  char *host; /* who was connected to */
  guint16 port;
  RtInputKind greeting; /* how the party is told of the connection */
  RtPeer peer;
  char *peer_address, *peer_local_host;

  gboolean ready;    /* the handshake is done */
  gboolean over;     /* the party hears nothing more */
  gboolean finished; /* the party sends nothing more */
  gboolean reading, closed, eof_told, tell_writable;
  GByteArray *unsent; /* plaintext */
  guint64 cause;      /* of the last of it */
  guint64 heard;      /* the last event about the connection */
  RtTimeItem *timer, *again;

  RtBufferId buffer, peer_buffer; /* plaintext that this end writes and reads */
  guint64 read;
  gboolean shared; /* the other end is a stage, too */
};

static gboolean
is_acceptor (const RtTlsStage *stage)
{
  return (stage->handle & RT_CONNECTION_ACCEPTED) != 0;
}

static guint64
log_event (RtTlsStage *stage, RtEventKind kind, guint64 cause, RtSpan span, GVariant *detail)
{
  return rt_log_append (stage->core->log,
                        &(RtEvent){ .time = stage->core->now,
                                    .cause = cause,
                                    .span = span,
                                    .connection = stage->handle & ~RT_CONNECTION_ACCEPTED,
                                    .party = stage->party->id,
                                    .kind = (guint16)kind },
                        detail);
}

static RtTlsStage *
stage_new (RtDriverCore *core, RtDriverParty *party, RtConnection handle)
{
  RtTlsStage *stage = g_new0 (RtTlsStage, 1);

  stage->ref_count = 1;
  stage->core = core;
  stage->party = party;
  stage->handle = handle;
  stage->reading = TRUE;
  stage->unsent = g_byte_array_new ();
  return stage;
}

/**
 * rt_tls_stage_new_client:
 * @core: a driver's core
 * @party: who connects
 * @connect: the effect, with what it wants of TLS
 *
 * Returns: (transfer full): its end
 */
RtTlsStage *
rt_tls_stage_new_client (RtDriverCore *core, RtDriverParty *party, const RtEffect *connect)
{
  RtTlsStage *stage = stage_new (core, party, connect->connection);

  stage->session = rt_tls_session_new_client (connect->to.tls, rt_driver_core_get_authority (core),
                                              connect->to.host);
  stage->host = g_strdup (connect->to.host);
  stage->port = connect->to.port;
  return stage;
}

/**
 * rt_tls_stage_new_server:
 * @core: a driver's core
 * @party: who accepted
 * @handle: the connection
 * @tls: what is wanted; not needed afterwards
 * @keyring: the certificates; reffed
 *
 * Returns: (transfer full): its end
 */
RtTlsStage *
rt_tls_stage_new_server (RtDriverCore *core,
                         RtDriverParty *party,
                         RtConnection handle,
                         const RtTls *tls,
                         RtTlsKeyring *keyring)
{
  RtTlsStage *stage = stage_new (core, party, handle);

  stage->session = rt_tls_session_new_server (tls, keyring);
  return stage;
}

RtTlsStage *
rt_tls_stage_ref (RtTlsStage *stage)
{
  stage->ref_count++;
  return stage;
}

static void
cancel (RtTlsStage *stage, RtTimeItem **item)
{
  if (*item != NULL)
    rt_time_queue_cancel (stage->core->queue, g_steal_pointer (item));
}

void
rt_tls_stage_unref (RtTlsStage *stage)
{
  if (--stage->ref_count > 0)
    return;
  cancel (stage, &stage->timer);
  cancel (stage, &stage->again);
  rt_tls_session_free (stage->session);
  g_byte_array_unref (stage->unsent);
  g_free (stage->host);
  g_free (stage->peer_address);
  g_free (stage->peer_local_host);
  g_free (stage);
}

/* Up, to the party. */

static void
tell (RtTlsStage *stage, RtInput input)
{
  input.connection = stage->handle;
  input.now = stage->core->now;
  rt_driver_core_tell (stage->core, stage->party, &input);
}

static void
tell_failed (RtTlsStage *stage, guint64 event, const char *why)
{
  g_autoptr (GError) error
      = g_error_new (RT_ERROR, RT_ERROR_PEER, "%s:%u: %s", stage->host, stage->port, why);

  tell (stage, (RtInput){ .kind = RT_INPUT_FAILED, .event = event, .info = error });
}

/* The connection is of no use any more; the log says so already, by @event. */
static void
tell_lost (RtTlsStage *stage, guint64 event, const char *why)
{
  cancel (stage, &stage->timer);
  stage->over = TRUE;
  if (stage->ready || is_acceptor (stage))
    tell (stage, (RtInput){ .kind = RT_INPUT_RESET, .event = event });
  else
    tell_failed (stage, event, why);
}

/* Down, to the driver. */

static void
act (RtTlsStage *stage, RtEffect effect, guint64 cause)
{
  effect.connection = stage->handle;
  stage->core->ops->act (stage->core->driver, stage->party, &effect, cause);
}

static void
push (RtTlsStage *stage)
{
  stage->core->ops->push (stage->core->driver, stage->party, stage->handle);
}

/* What the session has to say to the other end. It leaves with the next push. */
static void
send_ciphertext (RtTlsStage *stage, guint64 cause)
{
  g_autoptr (GBytes) bytes = rt_tls_session_take (stage->session);

  if (bytes != NULL)
    act (stage, (RtEffect){ .kind = RT_EFFECT_SEND, .bytes = bytes }, cause);
}

/* The party has forgotten the connection: nobody but the stage sees to it that it ends. */
static void
fire_dropped (gpointer owner, gpointer data)
{
  g_autoptr (RtTlsStage) stage = rt_tls_stage_ref (data);

  stage->timer = NULL;
  act (stage, (RtEffect){ .kind = RT_EFFECT_CLOSE, .flag = TRUE }, stage->heard);
}

/* The session cannot go on, or there is no use in it. The other end gets time to hear why. */
static void
give_up (RtTlsStage *stage, guint64 cause, const char *why)
{
  guint64 event;

  send_ciphertext (stage, cause);
  push (stage);
  event = log_event (stage, RT_EVENT_RESET, cause, RT_SPAN_NONE, g_variant_new_string (why));
  if (!stage->reading)
    act (stage, (RtEffect){ .kind = RT_EFFECT_READ, .flag = TRUE }, event);
  act (stage, (RtEffect){ .kind = RT_EFFECT_CLOSE }, event);
  tell_lost (stage, event, why);
  if (is_acceptor (stage))
    stage->timer = rt_time_queue_push (stage->core->queue, stage->core->now + RT_TLS_LINGER, FALSE,
                                       fire_dropped, stage, stage, NULL);
}

static void
encrypt (RtTlsStage *stage)
{
  g_autoptr (GBytes) bytes = NULL;
  RtSpan span;
  guint64 event = stage->cause;

  if (!stage->ready || stage->over || stage->unsent->len == 0)
    return;
  bytes = g_byte_array_free_to_bytes (stage->unsent);
  stage->unsent = g_byte_array_new ();
  /* Fails where the session has, of which the party will hear. */
  if (!rt_tls_session_write (stage->session, bytes))
    return;
  if (stage->core->heard)
    {
      span = rt_log_write (stage->core->log, stage->buffer, bytes);
      event = log_event (stage, RT_EVENT_SENT, stage->cause, span, NULL);
    }
  send_ciphertext (stage, event);
}

/* The handshake. */

static void
fire_timeout (gpointer owner, gpointer data)
{
  g_autoptr (RtTlsStage) stage = rt_tls_stage_ref (data);

  stage->timer = NULL;
  give_up (stage, stage->heard, "the TLS handshake took too long");
}

/* Plaintext buffers stand on those of the connection, so that nobody takes ciphertext for more. */
static void
open_buffers (RtTlsStage *stage)
{
  RtDriverCore *core = stage->core;
  RtConnection number = stage->handle & ~RT_CONNECTION_ACCEPTED;
  RtDirection out = is_acceptor (stage) ? RT_BACKWARD : RT_FORWARD;
  RtTlsStage *other = rt_driver_core_get_stage (core, stage->handle ^ RT_CONNECTION_ACCEPTED);
  RtDriverWire wire = { 0 };

  if (other != NULL && other->buffer != 0)
    {
      stage->buffer = other->peer_buffer;
      stage->peer_buffer = other->buffer;
      stage->shared = other->shared = TRUE;
      return;
    }
  core->ops->look (core->driver, stage->party, stage->handle, &wire);
  stage->buffer = rt_log_add_buffer (core->log, core->now, number, stage->party->id, out,
                                     RT_BYTES_DECRYPTED, wire.out);
  stage->peer_buffer = rt_log_add_buffer (core->log, core->now, number, wire.peer,
                                          out == RT_FORWARD ? RT_BACKWARD : RT_FORWARD,
                                          RT_BYTES_DECRYPTED, wire.in);
}

static void
log_decision (RtTlsStage *stage, guint64 cause)
{
  g_autoptr (RtDecision) why = rt_tls_session_take_decision (stage->session);

  if (why == NULL || !stage->core->heard)
    return;
  rt_decision_set_acted (why, TRUE);
  log_event (stage, RT_EVENT_DECISION, cause, rt_decision_get_proof (why),
             rt_decision_to_variant (why));
}

static GVariant *
info_to_variant (const RtTlsInfo *info)
{
  const struct
  {
    const char *name, *value;
  } parts[] = { { "version", info->version },
                { "cipher", info->cipher },
                { "alpn", info->alpn },
                { "sni", info->server_name } };
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].value != NULL)
      g_variant_builder_add (&builder, "{sv}", parts[i].name,
                             g_variant_new_string (parts[i].value));
  return g_variant_builder_end (&builder);
}

static void
secured (RtTlsStage *stage, guint64 cause)
{
  RtTlsInfo info = rt_tls_session_get_info (stage->session);
  guint64 event = log_event (stage, RT_EVENT_SECURED, cause, RT_SPAN_NONE,
                             stage->core->heard ? info_to_variant (&info) : NULL);

  cancel (stage, &stage->timer);
  stage->ready = TRUE;
  stage->peer.secure = TRUE;
  stage->peer.trusted = info.trusted;
  stage->peer.server_name = info.server_name;
  stage->peer.alpn = info.alpn;
  if (!stage->reading)
    act (stage, (RtEffect){ .kind = RT_EFFECT_READ, .flag = FALSE }, event);
  tell (stage, (RtInput){ .kind = stage->greeting, .event = event, .info = &stage->peer });
  encrypt (stage);
}

static void
shake (RtTlsStage *stage, guint64 cause)
{
  g_autoptr (GError) error = NULL;
  RtTlsState state = rt_tls_session_shake (stage->session, stage->core->now, &error);

  log_decision (stage, cause);
  if (state == RT_TLS_FAILED)
    {
      give_up (stage, cause, error->message);
      return;
    }
  send_ciphertext (stage, cause);
  if (state == RT_TLS_READY)
    secured (stage, cause);
}

/* Application data. */

static RtSpan
write_received (RtTlsStage *stage, GBytes *bytes)
{
  RtSpan span = { stage->read, (guint32)g_bytes_get_size (bytes), stage->peer_buffer };

  stage->read += span.length;
  return stage->shared ? span : rt_log_write (stage->core->log, stage->peer_buffer, bytes);
}

static void
tell_bytes (RtTlsStage *stage, GBytes *bytes, guint64 cause)
{
  RtInput input = { .kind = RT_INPUT_BYTES, .event = cause, .bytes = bytes };

  if (stage->core->heard)
    {
      input.span = write_received (stage, bytes);
      input.event = log_event (stage, RT_EVENT_RECEIVED, cause, input.span, NULL);
    }
  tell (stage, input);
}

static void
tell_eof (RtTlsStage *stage, guint64 cause)
{
  if (stage->over || !stage->closed || stage->eof_told || !stage->reading)
    return;
  stage->eof_told = TRUE;
  tell (stage, (RtInput){ .kind = RT_INPUT_EOF, .event = cause });
}

static void
read_plaintext (RtTlsStage *stage, guint64 cause)
{
  GByteArray *plaintext = g_byte_array_new ();
  g_autoptr (GError) error = NULL;
  RtTlsState state = rt_tls_session_read (stage->session, plaintext, &error);
  g_autoptr (GBytes) bytes = g_byte_array_free_to_bytes (plaintext);

  stage->closed |= state == RT_TLS_CLOSED;
  if (g_bytes_get_size (bytes) > 0)
    tell_bytes (stage, bytes, cause);
  if (stage->over)
    return;
  if (state == RT_TLS_FAILED)
    give_up (stage, cause, error->message);
  else
    send_ciphertext (stage, cause);
  tell_eof (stage, cause);
}

/* Goes on as far as what has come lets it. */
static void
go_on (RtTlsStage *stage, guint64 cause)
{
  if (!stage->ready && !stage->over)
    shake (stage, cause);
  if (stage->ready && !stage->over && stage->reading && !stage->closed)
    read_plaintext (stage, cause);
  push (stage);
}

static void
fire_again (gpointer owner, gpointer data)
{
  g_autoptr (RtTlsStage) stage = rt_tls_stage_ref (data);

  stage->again = NULL;
  go_on (stage, stage->heard);
  tell_eof (stage, stage->heard);
}

/* From the driver. */

static void
begin (RtTlsStage *stage, const RtInput *input)
{
  RtDriverCore *core = stage->core;

  stage->greeting = input->kind;
  stage->peer = *(const RtPeer *)input->info;
  stage->peer.address = stage->peer_address = g_strdup (stage->peer.address);
  stage->peer.local_host = stage->peer_local_host = g_strdup (stage->peer.local_host);
  if (core->heard)
    open_buffers (stage);
  stage->timer = rt_time_queue_push (core->queue, core->now + RT_TLS_HANDSHAKE_TIME, FALSE,
                                     fire_timeout, stage, stage, NULL);
  if (input->kind == RT_INPUT_ACCEPTED)
    tell (stage,
          (RtInput){ .kind = RT_INPUT_SECURING, .event = input->event, .info = &stage->peer });
  if (!stage->over)
    go_on (stage, input->event);
}

static void
wire_ended (RtTlsStage *stage, guint64 event)
{
  if (stage->over)
    return;
  if (!stage->ready)
    give_up (stage, event, "the connection ended during the TLS handshake");
  else if (!stage->closed)
    /* RFC 8446 §6.1: without close_notify anybody on the way could have cut it short. */
    give_up (stage, event, "the connection ended without close_notify");
}

/**
 * rt_tls_stage_input:
 * @stage: an end of a connection
 * @input: what the driver has for the party
 */
void
rt_tls_stage_input (RtTlsStage *stage, const RtInput *input)
{
  g_autoptr (RtTlsStage) kept = rt_tls_stage_ref (stage);

  stage->heard = input->event;
  switch (input->kind)
    {
    case RT_INPUT_ACCEPTED:
    case RT_INPUT_CONNECTED:
      begin (stage, input);
      break;
    case RT_INPUT_BYTES:
      /* What follows a close_notify is ignored, RFC 8446 §6.1. */
      if (!stage->over && !stage->closed)
        {
          rt_tls_session_feed (stage->session, input->bytes);
          go_on (stage, input->event);
        }
      break;
    case RT_INPUT_WRITABLE:
      if (stage->ready && !stage->over && stage->tell_writable)
        {
          stage->tell_writable = FALSE;
          tell (stage, *input);
        }
      break;
    case RT_INPUT_EOF:
      wire_ended (stage, input->event);
      break;
    case RT_INPUT_RESET:
      if (!stage->over)
        tell_lost (stage, input->event, "the connection was cut off during the TLS handshake");
      break;
    case RT_INPUT_FAILED:
      tell (stage, *input);
      rt_driver_core_forget (stage->core, stage->handle);
      break;
    case RT_INPUT_TASK:
    case RT_INPUT_DEADLINE:
    case RT_INPUT_SECURING:
      g_assert_not_reached ();
    }
}

/* From the party. */

static void
finish (RtTlsStage *stage, guint64 cause)
{
  encrypt (stage);
  stage->finished = TRUE;
  if (stage->ready)
    {
      rt_tls_session_close (stage->session);
      send_ciphertext (stage, cause);
      push (stage);
    }
  else
    {
      cancel (stage, &stage->timer);
      stage->over = TRUE;
    }
  act (stage, (RtEffect){ .kind = RT_EFFECT_CLOSE }, cause);
}

static void
read_on (RtTlsStage *stage, gboolean on, guint64 cause)
{
  RtTimeQueue *queue = stage->core->queue;

  /* What has been held back comes from the loop, before what the driver has. */
  if (on && !stage->reading && stage->again == NULL)
    stage->again
        = rt_time_queue_push (queue, stage->core->now, TRUE, fire_again, stage, stage, NULL);
  stage->reading = on;
  if (stage->ready)
    act (stage, (RtEffect){ .kind = RT_EFFECT_READ, .flag = on }, cause);
}

/**
 * rt_tls_stage_act:
 * @stage: an end of a connection
 * @effect: what the party wants done: to send, to read or not, to close
 * @cause: the event that led here
 */
void
rt_tls_stage_act (RtTlsStage *stage, const RtEffect *effect, guint64 cause)
{
  g_autoptr (RtTlsStage) kept = rt_tls_stage_ref (stage);

  if (stage->over)
    {
      /* The party has closed before there was a session, and has waited long enough. */
      if (effect->kind == RT_EFFECT_CLOSE && effect->flag)
        act (stage, *effect, cause);
      return;
    }
  if (effect->kind == RT_EFFECT_SEND && !stage->finished)
    {
      g_byte_array_append (stage->unsent, g_bytes_get_data (effect->bytes, NULL),
                           (guint)g_bytes_get_size (effect->bytes));
      stage->cause = cause;
      stage->tell_writable = TRUE;
    }
  else if (effect->kind == RT_EFFECT_READ)
    read_on (stage, effect->flag, cause);
  else if (effect->kind == RT_EFFECT_CLOSE && effect->flag)
    {
      cancel (stage, &stage->timer);
      stage->over = TRUE;
      act (stage, *effect, cause);
    }
  else if (effect->kind == RT_EFFECT_CLOSE && !stage->finished)
    finish (stage, cause);
}

/**
 * rt_tls_stage_push:
 * @stage: an end of a connection
 *
 * The party sends no more for now: what it sent leaves, in as few records as may be.
 */
void
rt_tls_stage_push (RtTlsStage *stage)
{
  g_autoptr (RtTlsStage) kept = rt_tls_stage_ref (stage);

  encrypt (stage);
  push (stage);
}
