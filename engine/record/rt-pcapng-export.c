/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sessions as pcapng.
 *
 * A log has no packets, so they are made up: the bytes of each connection in frames of Ethernet at
 * the times at which they left. Each run is a section, since each has a clock of its own. Where a
 * log has the plaintext of a TLS connection, that is written in place of its ciphertext, which
 * nobody could read: a log has no secrets. Such frames are of an interface of their own, by which
 * our import knows them. Marks become comments. */
#include "rt-pcap.h"

#include "rt-exchanges.h"
#include "rt-frame-flow.h"
#include "rt-frame-names.h"
#include "rt-rebuilt-flow.h"

/* Bytes that gather before they are written. */
#define BLOCK_BYTES (256 * 1024)
/* Bytes of a connection that are read at once. */
#define PIECE (64 * 1024)
#define CLIENT_PORTS 49152u

#define ABOUT                                                                                      \
  "These packets were made up from a recording that has none. Where it has the plaintext of TLS, " \
  "that stands in place of the ciphertext."

/* The interfaces of a section. */
enum
{
  INTERFACE_WIRE,
  INTERFACE_PLAINTEXT,
};

typedef struct _Exporter Exporter;

/* A connection of the log. */
typedef struct
{
  Exporter *exporter;
  RtFrameFlow *frames;
  RtPartyId from;
  gboolean secure, plain; /* plain: of TLS, and the log has the plaintext beside the ciphertext */
  RtRebuiltFlow rebuilt;
} Flow;

/* A buffer of the log. */
typedef struct
{
  RtConnection connection;
  RtDirection way;
  RtProvenance provenance;
} Buffer;

struct _Exporter
{
  RtSession *session;
  GOutputStream *out;
  const RtExportOptions *options;
  GByteArray *blocks; /* to be written */
  GByteArray *frame;  /* the frame made last: a comment may still come */
  RtTime frame_time;
  guint frame_interface;
  gboolean has_frame;
  GString *comment;   /* on it */
  GString *marks_now; /* of the event that is looked at: no frame was made for them yet */
  RtFrameNames *names;
  guint run; /* counted, so that runs do not share ports */

  /* of a run */
  RtReader *reader;
  GHashTable *wanted; /* connections that go into it; NULL: all */
  GHashTable *secure; /* connections that have TLS */
  GHashTable *plain;  /* … whose plaintext is in the log beside their ciphertext */
  GHashTable *flows, *buffers;
  GHashTable *writers[2]; /* by direction: connection → party, as the buffers tell */
  GPtrArray *marks;
  guint next_mark;
  GError *failure;
};

/* Frames and blocks */

static void
write_frame (Exporter *self)
{
  if (!self->has_frame)
    return;
  rt_pcapng_append_packet (self->blocks, self->frame_interface, self->frame_time, self->frame,
                           (RtText){ self->comment->str, self->comment->len });
  self->has_frame = FALSE;
  g_byte_array_set_size (self->frame, 0);
}

static void
take_frame (gpointer data, RtTime time, const RtFrame *frame)
{
  const Flow *flow = data;
  Exporter *self = flow->exporter;

  write_frame (self);
  g_string_assign (self->comment, self->marks_now->str);
  g_string_truncate (self->marks_now, 0);
  rt_frame_append (self->frame, frame);
  self->frame_time = time;
  self->frame_interface = flow->secure ? INTERFACE_PLAINTEXT : INTERFACE_WIRE;
  self->has_frame = TRUE;
}

static gboolean
write_blocks (Exporter *self, GError **error)
{
  gboolean done = g_output_stream_write_all (self->out, self->blocks->data, self->blocks->len, NULL,
                                             self->options->cancellable, error);

  g_byte_array_set_size (self->blocks, 0);
  return done;
}

/* Events */

static void
free_flow (gpointer data)
{
  Flow *flow = data;

  rt_frame_flow_free (flow->frames);
  rt_rebuilt_flow_clear (&flow->rebuilt);
  g_free (flow);
}

static Flow *
flow_of (Exporter *self, RtConnection connection)
{
  return g_hash_table_lookup (self->flows, GUINT_TO_POINTER (connection));
}

static Flow *
begin_flow (Exporter *self,
            RtConnection connection,
            RtPartyId from,
            RtPartyId to,
            const char *host,
            guint16 port,
            guint16 from_port)
{
  guint16 made_up
      = (guint16)(CLIENT_PORTS + (connection + self->run * 1009) % (65536 - CLIENT_PORTS));
  guint16 ports[2] = { from_port != 0 ? from_port : made_up, port != 0 ? port : 80 };
  RtIpAddress ends[2];
  Flow *flow;

  rt_frame_names_find_ends (self->names, self->blocks, from, to, host, ends);
  flow = g_new0 (Flow, 1);
  flow->exporter = self;
  flow->from = from;
  flow->secure = g_hash_table_contains (self->secure, GUINT_TO_POINTER (connection));
  flow->plain = g_hash_table_contains (self->plain, GUINT_TO_POINTER (connection));
  flow->frames = rt_frame_flow_new (connection + self->run * 65537, ends, ports, take_frame, flow);
  g_hash_table_insert (self->flows, GUINT_TO_POINTER (connection), flow);
  return flow;
}

/* Nobody saw a program of the user's connect, or recording began later: the buffers tell who writes
 * which way. */
static Flow *
begin_accepted (Exporter *self, const RtEvent *event, GVariant *detail)
{
  const char *host = "";
  guint16 port = 0, from_port = 0;
  gconstpointer key = GUINT_TO_POINTER (event->connection);
  guint from = GPOINTER_TO_UINT (g_hash_table_lookup (self->writers[RT_FORWARD], key));
  guint to = GPOINTER_TO_UINT (g_hash_table_lookup (self->writers[RT_BACKWARD], key));

  if (detail != NULL)
    g_variant_get (detail, "(&sq&sq)", &host, &port, NULL, &from_port);
  return begin_flow (self, event->connection, from != 0 ? (RtPartyId)from : event->party,
                     (RtPartyId)to, host, port, from_port);
}

static void
take_connect (Exporter *self, const RtEvent *event, GVariant *detail)
{
  const char *host = "";
  const char *transport = "";
  guint16 port = 0, peer = 0;
  Flow *flow;

  if (detail == NULL || flow_of (self, event->connection) != NULL)
    return;
  g_variant_get (detail, "(&sq&sq)", &host, &port, &transport, &peer);
  if (!g_str_equal (transport, "tcp"))
    return;
  flow = begin_flow (self, event->connection, event->party, peer, host, port, 0);
  rt_frame_flow_open (flow->frames, event->time);
}

static void
take_buffer (Exporter *self, const RtEvent *event, GVariant *detail)
{
  guint8 direction = 0, provenance = 0;
  guint32 source = 0;
  Buffer *buffer;

  if (detail == NULL)
    return;
  g_variant_get (detail, "(yyu)", &direction, &provenance, &source);
  buffer = g_new (Buffer, 1);
  *buffer = (Buffer){ event->connection, direction == RT_FORWARD ? RT_FORWARD : RT_BACKWARD,
                      (RtProvenance)MIN (provenance, RT_BYTES_RECONSTRUCTED) };
  g_hash_table_insert (self->buffers, GUINT_TO_POINTER (event->span.buffer), buffer);
  g_hash_table_insert (self->writers[buffer->way], GUINT_TO_POINTER (event->connection),
                       GUINT_TO_POINTER ((guint)event->party));
}

/* The buffer of an event's bytes, if these are what is written of its connection. */
static const Buffer *
written_buffer (Exporter *self, const Flow *flow, RtSpan span)
{
  const Buffer *buffer = g_hash_table_lookup (self->buffers, GUINT_TO_POINTER (span.buffer));

  if (buffer == NULL || buffer->provenance == RT_BYTES_DECODED
      || flow->plain != (buffer->provenance == RT_BYTES_DECRYPTED))
    return NULL;
  return buffer;
}

static void
send (Exporter *self, Flow *flow, RtDirection way, RtTime time, RtSpan span)
{
  for (guint64 at = 0; at < span.length && self->failure == NULL; at += PIECE)
    {
      RtSpan part = rt_span_sub (span, at, MIN (PIECE, span.length - at));
      g_autoptr (GBytes) bytes = rt_reader_dup_bytes (self->reader, part, NULL);

      if (bytes == NULL)
        {
          /* They were not kept: as if nobody had captured them. */
          rt_frame_flow_skip (flow->frames, way, part.length);
          continue;
        }
      rt_frame_flow_send (flow->frames, way, time, part.offset, g_bytes_get_data (bytes, NULL),
                          part.length);
      if (self->blocks->len > BLOCK_BYTES)
        write_blocks (self, &self->failure);
    }
}

/* Reconstructed messages */

static void
take_rebuilt (Exporter *self, Flow *flow, const RtEvent *event, GVariant *detail)
{
  const Buffer *buffer = g_hash_table_lookup (self->buffers, GUINT_TO_POINTER (event->span.buffer));
  guint32 head = 0;
  guint64 content = 0, missing = 0;

  if (buffer == NULL || detail == NULL)
    return;
  g_variant_get (detail, "(uttmsa{sv})", &head, &content, &missing, NULL, NULL);
  rt_rebuilt_flow_begin (&flow->rebuilt, buffer->way, head, content, missing);
}

static void
send_rebuilt (Exporter *self, Flow *flow, RtDirection way, RtTime time, RtSpan span)
{
  g_autoptr (GBytes) bytes = rt_reader_dup_bytes (self->reader, span, NULL);
  RtText text;

  if (bytes == NULL)
    return;
  text.at = g_bytes_get_data (bytes, &text.length);
  rt_rebuilt_flow_send (&flow->rebuilt, flow->frames, way, time, text);
  if (self->blocks->len > BLOCK_BYTES)
    write_blocks (self, &self->failure);
}

/* Events of connections */

/* Which way an event without bytes goes, that is of the end which writes. */
static RtDirection
way_of (const Flow *flow, const RtEvent *event, gboolean sends)
{
  return (event->party == flow->from) == sends ? RT_FORWARD : RT_BACKWARD;
}

static void
take_sent (Exporter *self, Flow *flow, const RtEvent *event, GVariant *detail)
{
  const Buffer *buffer = written_buffer (self, flow, event->span);
  const char *name = detail != NULL ? g_variant_get_string (detail, NULL) : "";

  if (event->span.length > 0 && buffer != NULL && buffer->provenance == RT_BYTES_RECONSTRUCTED)
    send_rebuilt (self, flow, buffer->way, event->time, event->span);
  else if (event->span.length > 0 && buffer != NULL)
    send (self, flow, buffer->way, event->time, event->span);
  else if (event->span.length > 0)
    return;
  else if (g_str_equal (name, "FIN"))
    rt_frame_flow_end (flow->frames, way_of (flow, event, TRUE), event->time, FALSE);
  else if (g_str_equal (name, "RST"))
    rt_frame_flow_reset (flow->frames, way_of (flow, event, TRUE), event->time);
}

/* What a program of the user's sent was seen when it arrived. */
static void
take_received (Exporter *self, Flow *flow, const RtEvent *event)
{
  const Buffer *buffer = written_buffer (self, flow, event->span);
  guint64 sent;

  if (event->span.length == 0 || buffer == NULL)
    return;
  sent = rt_frame_flow_get_sent (flow->frames, buffer->way);
  if (buffer->provenance == RT_BYTES_RECONSTRUCTED)
    {
      rt_frame_flow_receive (flow->frames, buffer->way, event->time, 0, sent);
      return;
    }
  if (rt_span_end (event->span) > sent && event->span.offset <= sent)
    send (self, flow, buffer->way, event->time,
          rt_span_sub (event->span, sent - event->span.offset, rt_span_end (event->span) - sent));
  rt_frame_flow_receive (flow->frames, buffer->way, event->time, event->span.offset,
                         event->span.length);
}

static void
take_gap (Exporter *self, Flow *flow, const RtEvent *event, GVariant *detail)
{
  const Buffer *buffer = g_hash_table_lookup (self->buffers, GUINT_TO_POINTER (event->span.buffer));
  guint64 length = 0;
  const char *why;

  if (detail != NULL)
    g_variant_get (detail, "(t&s)", &length, &why);
  for (RtDirection way = RT_FORWARD; way <= RT_BACKWARD; way++)
    if (buffer == NULL || buffer->way == way)
      rt_frame_flow_skip (flow->frames, way, length);
}

static void
take_flow_event (Exporter *self, Flow *flow, const RtEvent *event, GVariant *detail)
{
  switch (event->kind)
    {
    case RT_EVENT_ESTABLISHED:
      rt_frame_flow_establish (flow->frames, event->time);
      break;
    case RT_EVENT_SENT:
      take_sent (self, flow, event, detail);
      break;
    case RT_EVENT_RECEIVED:
      take_received (self, flow, event);
      break;
    case RT_EVENT_EOF:
      rt_frame_flow_end (flow->frames, way_of (flow, event, FALSE), event->time, TRUE);
      break;
    case RT_EVENT_RESET:
      rt_frame_flow_reset (flow->frames, way_of (flow, event, FALSE), event->time);
      break;
    case RT_EVENT_REBUILT:
      take_rebuilt (self, flow, event, detail);
      break;
    case RT_EVENT_GAP:
      take_gap (self, flow, event, detail);
      break;
    default:
      break;
    }
}

static void
take_party (Exporter *self, const RtEvent *event, GVariant *detail)
{
  const char *name, *kind;

  if (detail == NULL)
    return;
  g_variant_get (detail, "(&s&s)", &name, &kind);
  rt_frame_names_add_party (self->names, event->party, name);
}

static void
take_event (Exporter *self, const RtPage *page, guint i)
{
  const RtEvent *event = &page->events[i];
  g_autoptr (GVariant) detail = rt_page_dup_detail (page, i);
  Flow *flow;

  if (event->kind == RT_EVENT_PARTY)
    {
      take_party (self, event, detail);
      return;
    }
  if (event->connection == 0
      || (self->wanted != NULL
          && !g_hash_table_contains (self->wanted, GUINT_TO_POINTER (event->connection))))
    return;
  if (event->kind == RT_EVENT_CONNECT)
    take_connect (self, event, detail);
  else if (event->kind == RT_EVENT_BUFFER)
    take_buffer (self, event, detail);
  flow = flow_of (self, event->connection);
  if (flow == NULL && event->kind == RT_EVENT_ESTABLISHED)
    flow = begin_accepted (self, event, detail);
  if (flow != NULL)
    take_flow_event (self, flow, event, detail);
}

static void
append_lines (GString *to, const char *text)
{
  if (*text != '\0')
    g_string_append_printf (to, "%s%s", to->len > 0 ? "\n" : "", text);
}

static void
gather_marks (Exporter *self, guint64 event)
{
  for (; self->next_mark < self->marks->len; self->next_mark++)
    {
      const RtMark *mark = self->marks->pdata[self->next_mark];

      if (mark->event > event)
        return;
      append_lines (self->marks_now, mark->text != NULL ? mark->text : "");
    }
}

/* Those of an event that made no frame go to the one before; if there is none, to the first. */
static void
settle_marks (Exporter *self)
{
  if (!self->has_frame)
    return;
  append_lines (self->comment, self->marks_now->str);
  g_string_truncate (self->marks_now, 0);
}

/* Runs */

typedef void (*PageFunc) (Exporter *self, const RtPage *page);

/* What has to be known of a connection before its first frame. */
static void
find_secure (Exporter *self, const RtPage *page)
{
  for (guint i = 0; i < page->n; i++)
    {
      gpointer connection = GUINT_TO_POINTER (page->events[i].connection);
      g_autoptr (GVariant) detail = NULL;
      guint8 direction, provenance;
      guint32 source;

      if (page->events[i].kind == RT_EVENT_SECURED)
        g_hash_table_add (self->secure, connection);
      if (page->events[i].kind != RT_EVENT_BUFFER)
        continue;
      detail = rt_page_dup_detail (page, i);
      if (detail == NULL)
        continue;
      g_variant_get (detail, "(yyu)", &direction, &provenance, &source);
      if (provenance != RT_BYTES_DECRYPTED)
        continue;
      g_hash_table_add (self->plain, connection);
      g_hash_table_add (self->secure, connection);
    }
}

static void
write_page (Exporter *self, const RtPage *page)
{
  for (guint i = 0; i < page->n && self->failure == NULL; i++)
    {
      gather_marks (self, page->first + i);
      take_event (self, page, i);
      settle_marks (self);
    }
}

static gboolean
for_pages (Exporter *self, PageFunc func, guint half, GError **error)
{
  guint64 length = rt_reader_get_length (self->reader);

  for (guint64 at = 0; at < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (self->reader, at, error);

      if (page == NULL || g_cancellable_set_error_if_cancelled (self->options->cancellable, error))
        return FALSE;
      func (self, page);
      if (self->failure != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&self->failure));
          return FALSE;
        }
      if (self->blocks->len > BLOCK_BYTES && !write_blocks (self, error))
        return FALSE;
      at = page->first + page->n;
      if (self->options->progress != NULL)
        self->options->progress (half * length + at, 2 * length, self->options->progress_data);
    }
  return TRUE;
}

/* The connections of the exchanges that were picked out. */
static GHashTable *
find_wanted (Exporter *self, gint64 run, GError **error)
{
  GArray *ids = self->options->ids;
  g_autoptr (GPtrArray) rows = rt_session_get_exchanges (
      self->session, (const gint64 *)(gpointer)ids->data, ids->len, error);
  GHashTable *wanted;

  if (rows == NULL)
    return NULL;
  wanted = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const RtExchangeRow *row = rows->pdata[i];

      if (row != NULL && row->run == run)
        g_hash_table_add (wanted, GUINT_TO_POINTER (row->connection));
    }
  return wanted;
}

static void
clear_run (Exporter *self)
{
  g_clear_pointer (&self->reader, rt_reader_unref);
  g_clear_pointer (&self->wanted, g_hash_table_unref);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  rt_frame_names_clear (self->names);
  g_hash_table_remove_all (self->secure);
  g_hash_table_remove_all (self->plain);
  g_hash_table_remove_all (self->flows);
  g_hash_table_remove_all (self->buffers);
  g_hash_table_remove_all (self->writers[RT_FORWARD]);
  g_hash_table_remove_all (self->writers[RT_BACKWARD]);
  g_string_truncate (self->marks_now, 0);
  self->next_mark = 0;
  self->run++;
}

/* Interfaces in the order of their numbers. */
static void
write_section (Exporter *self, const char *run_name)
{
  rt_pcapng_append_section (self->blocks, RT_PCAPNG_APPLICATION, ABOUT);
  rt_pcapng_append_interface (self->blocks, RT_LINK_ETHERNET, "wire", run_name);
  rt_pcapng_append_interface (self->blocks, RT_LINK_ETHERNET, RT_PCAPNG_PLAINTEXT,
                              "Plaintext in place of TLS");
}

static gboolean
write_run (Exporter *self, const RtRunInfo *info, GError **error)
{
  gint64 run = info->id;
  gboolean done;

  write_section (self, info->name);
  self->reader = rt_session_open_run (self->session, run, error);
  if (self->reader == NULL)
    return FALSE;
  self->marks = rt_session_list_marks (self->session, run, error);
  if (self->marks != NULL && self->options->ids != NULL)
    self->wanted = find_wanted (self, run, error);
  done = self->marks != NULL && (self->options->ids == NULL || self->wanted != NULL)
         && for_pages (self, find_secure, 0, error) && for_pages (self, write_page, 1, error);
  write_frame (self);
  clear_run (self);
  return done;
}

static gboolean
write_runs (Exporter *self, GError **error)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (self->session, error);

  if (infos == NULL)
    return FALSE;
  if (infos->len == 0)
    write_section (self, NULL);
  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];

      if ((self->options->run == 0 || info->id == self->options->run)
          && !write_run (self, info, error))
        return FALSE;
    }
  return write_blocks (self, error);
}

/**
 * rt_pcapng_export:
 * @session: a session
 * @out: where to
 * @options: which part of it; a connection of which an exchange is picked out goes into it whole
 *
 * Errors: those of both; `G_IO_ERROR_CANCELLED`.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_pcapng_export (RtSession *session,
                  GOutputStream *out,
                  const RtExportOptions *options,
                  GError **error)
{
  Exporter self = { .session = session, .out = out, .options = options };
  gboolean done;

  self.blocks = g_byte_array_new ();
  self.frame = g_byte_array_new ();
  self.comment = g_string_new (NULL);
  self.marks_now = g_string_new (NULL);
  self.names = rt_frame_names_new ();
  self.secure = g_hash_table_new (NULL, NULL);
  self.plain = g_hash_table_new (NULL, NULL);
  self.flows = g_hash_table_new_full (NULL, NULL, NULL, free_flow);
  self.buffers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self.writers[RT_FORWARD] = g_hash_table_new (NULL, NULL);
  self.writers[RT_BACKWARD] = g_hash_table_new (NULL, NULL);
  done = write_runs (&self, error);
  g_hash_table_unref (self.buffers);
  g_hash_table_unref (self.writers[RT_FORWARD]);
  g_hash_table_unref (self.writers[RT_BACKWARD]);
  g_hash_table_unref (self.flows);
  g_hash_table_unref (self.plain);
  g_hash_table_unref (self.secure);
  rt_frame_names_free (self.names);
  g_string_free (self.comment, TRUE);
  g_string_free (self.marks_now, TRUE);
  g_byte_array_unref (self.frame);
  g_byte_array_unref (self.blocks);
  return done;
}
