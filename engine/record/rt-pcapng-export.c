/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sessions as pcapng.
 *
 * A log has no packets, so they are made up: the bytes of each connection in frames of Ethernet at
 * the times at which they left. Parties whose names are addresses have these, the others get ones
 * of 198.18.0.0/15, which nobody has (RFC 2544 §C.2.2), and their names in blocks of names. Where a
 * log has the plaintext of a TLS connection, that is written in place of its ciphertext, which
 * nobody could read: a log has no secrets. Marks become comments. */
#include "rt-pcap.h"

#include "rt-address.h"
#include "rt-exchanges.h"
#include "rt-frame-flow.h"
#include "rt-rebuilt-head.h"

/* Bytes that gather before they are written. */
#define BLOCK_BYTES (256 * 1024)
/* Bytes of a connection that are read at once. */
#define PIECE (64 * 1024)
#define CLIENT_PORTS 49152u

#define ABOUT                                                                                      \
  "These packets were made up from a recording that has none. Where it has the plaintext of TLS, " \
  "that stands in place of the ciphertext."

/* A reconstructed message under way. */
typedef struct
{
  guint32 head;     /* its bytes; 0: it has been written */
  GByteArray *part; /* of the head that has come so far */
  guint64 content, missing;
} Rebuilt;

/* A connection of the log. */
typedef struct
{
  RtFrameFlow *frames;
  RtPartyId from;
  gboolean plain;     /* its plaintext is written */
  Rebuilt rebuilt[2]; /* by direction */
  char *method;       /* of the last reconstructed request */
} Flow;

/* A buffer of the log. */
typedef struct
{
  RtConnection connection;
  RtDirection way;
  RtProvenance provenance;
} Buffer;

typedef struct
{
  RtSession *session;
  GOutputStream *out;
  const RtExportOptions *options;
  GByteArray *blocks; /* to be written */
  GByteArray *frame;  /* the frame made last: a comment may still come */
  RtTime frame_time;
  gboolean has_frame;
  GString *comment;  /* on it */
  GHashTable *named; /* addresses whose name was written; looked up, never walked */
  guint run;         /* counted, so that runs do not share ports */

  /* of a run */
  RtReader *reader;
  GHashTable *wanted; /* connections that go into it; NULL: all */
  GHashTable *plain;  /* connections whose plaintext is in the log */
  GHashTable *flows, *buffers, *parties, *hosts;
  GHashTable *writers[2]; /* by direction: connection → party, as the buffers tell */
  GPtrArray *marks;
  guint next_mark;
  GError *failure;
} Exporter;

/* Frames and blocks */

static void
write_frame (Exporter *self)
{
  if (self->has_frame)
    rt_pcapng_append_packet (self->blocks, self->frame_time, self->frame,
                             (RtText){ self->comment->str, self->comment->len });
  self->has_frame = FALSE;
  g_string_truncate (self->comment, 0);
  g_byte_array_set_size (self->frame, 0);
}

static void
take_frame (gpointer data, RtTime time, const RtFrame *frame)
{
  Exporter *self = data;

  write_frame (self);
  rt_frame_append (self->frame, frame);
  self->frame_time = time;
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

/* Addresses */

static gboolean
parse_address (const char *text, RtIpAddress *ret_address)
{
  guint32 four;
  RtIpv6 six;

  *ret_address = (RtIpAddress){ 0 };
  if (rt_ipv4_parse (rt_text (text), &four))
    {
      four = GUINT32_TO_BE (four);
      ret_address->length = 4;
      memcpy (ret_address->bytes, &four, 4);
      return TRUE;
    }
  if (!rt_ipv6_parse (rt_text (text), &six))
    return FALSE;
  ret_address->length = 16;
  for (guint i = 0; i < 8; i++)
    {
      ret_address->bytes[i * 2] = (guint8)(six.pieces[i] >> 8);
      ret_address->bytes[i * 2 + 1] = (guint8)six.pieces[i];
    }
  return TRUE;
}

/* An address that nobody has, in the family of an IPv6 address if @six. */
static RtIpAddress
make_address (guint number, gboolean six)
{
  RtIpAddress address = { .length = 4, .bytes = { 198, 18 + (number >> 16 & 1) } };

  if (six)
    address = (RtIpAddress){ .length = 16, .bytes = { 0xfd, 0, [13] = number >> 16 & 1 } };
  address.bytes[address.length - 2] = (guint8)(number >> 8);
  address.bytes[address.length - 1] = (guint8)number;
  return address;
}

/* Hosts that no party is, are numbered behind the parties. */
static guint
number_of_host (Exporter *self, const char *host)
{
  guint number = GPOINTER_TO_UINT (g_hash_table_lookup (self->hosts, host));

  if (number != 0)
    return number;
  number = 0x10000 + g_hash_table_size (self->hosts) % 0xffff + 1;
  g_hash_table_insert (self->hosts, g_strdup (host), GUINT_TO_POINTER (number));
  return number;
}

static void
name_address (Exporter *self, const RtIpAddress *address, const char *name)
{
  g_autofree char *text = rt_ip_address_format (address);
  RtIpAddress same;

  if (name == NULL || *name == '\0' || parse_address (name, &same)
      || !g_hash_table_add (self->named, g_steal_pointer (&text)))
    return;
  rt_pcapng_append_name (self->blocks, address, name);
}

/* The addresses of a connection's ends, of one family. */
static void
address_ends (Exporter *self, RtPartyId from, RtPartyId to, const char *host, RtIpAddress ends[2])
{
  const char *names[2] = { g_hash_table_lookup (self->parties, GUINT_TO_POINTER (from)),
                           g_hash_table_lookup (self->parties, GUINT_TO_POINTER (to)) };
  guint numbers[2] = { from, to != 0 ? to : number_of_host (self, host) };
  gboolean known[2] = { names[0] != NULL && parse_address (names[0], &ends[0]),
                        parse_address (host, &ends[1])
                            || (names[1] != NULL && parse_address (names[1], &ends[1])) };
  gboolean six = (known[0] && ends[0].length == 16) || (known[1] && ends[1].length == 16);

  for (guint i = 0; i < 2; i++)
    if (!known[i] || (six && ends[i].length != 16))
      ends[i] = make_address (numbers[i], six);
  name_address (self, &ends[0], names[0]);
  name_address (self, &ends[1], names[1] != NULL ? names[1] : host);
}

/* Events */

static void
free_flow (gpointer data)
{
  Flow *flow = data;

  rt_frame_flow_free (flow->frames);
  g_byte_array_unref (flow->rebuilt[RT_FORWARD].part);
  g_byte_array_unref (flow->rebuilt[RT_BACKWARD].part);
  g_free (flow->method);
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
            guint16 port)
{
  RtIpAddress ends[2];
  guint16 ports[2]
      = { (guint16)(CLIENT_PORTS + (connection + self->run * 1009) % (65536 - CLIENT_PORTS)),
          port != 0 ? port : 80 };
  Flow *flow;

  address_ends (self, from, to, host, ends);
  flow = g_new0 (Flow, 1);
  flow->rebuilt[RT_FORWARD].part = g_byte_array_new ();
  flow->rebuilt[RT_BACKWARD].part = g_byte_array_new ();
  flow->from = from;
  flow->plain = g_hash_table_contains (self->plain, GUINT_TO_POINTER (connection));
  flow->frames = rt_frame_flow_new (connection + self->run * 65537, ends, ports, take_frame, self);
  g_hash_table_insert (self->flows, GUINT_TO_POINTER (connection), flow);
  return flow;
}

/* Nobody saw a program of the user's connect, or recording began later: the buffers tell who writes
 * which way. */
static Flow *
begin_accepted (Exporter *self, const RtEvent *event)
{
  gconstpointer key = GUINT_TO_POINTER (event->connection);
  guint from = GPOINTER_TO_UINT (g_hash_table_lookup (self->writers[RT_FORWARD], key));
  guint to = GPOINTER_TO_UINT (g_hash_table_lookup (self->writers[RT_BACKWARD], key));

  return begin_flow (self, event->connection, from != 0 ? (RtPartyId)from : event->party,
                     (RtPartyId)to, "", 0);
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
  flow = begin_flow (self, event->connection, event->party, peer, host, port);
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
  Rebuilt *rebuilt;

  if (buffer == NULL || detail == NULL)
    return;
  rebuilt = &flow->rebuilt[buffer->way];
  g_variant_get (detail, "(uttmsa{sv})", &rebuilt->head, &rebuilt->content, &rebuilt->missing, NULL,
                 NULL);
  g_byte_array_set_size (rebuilt->part, 0);
}

static void
append_bytes (Flow *flow, RtDirection way, RtTime time, const void *bytes, gsize size)
{
  rt_frame_flow_send (flow->frames, way, time, rt_frame_flow_get_sent (flow->frames, way), bytes,
                      size);
}

/* What is missing of the content, readers of the capture miss as well. */
static guint64
missing_in_capture (const Rebuilt *rebuilt)
{
  return rebuilt->missing <= RT_FRAME_SKIP_MAX ? rebuilt->missing : 0;
}

/* The head with fields that say where the message ends: a capture says it nowhere else. */
static void
send_head (Flow *flow, RtDirection way, RtTime time, RtText head)
{
  const Rebuilt *rebuilt = &flow->rebuilt[way];
  g_autoptr (GString) framed
      = rt_rebuilt_head_frame (head, way == RT_BACKWARD ? flow->method : NULL,
                               rebuilt->content + missing_in_capture (rebuilt));

  if (way == RT_FORWARD)
    {
      g_free (flow->method);
      flow->method = g_strndup (head.at, strcspn (framed->str, " \r\n"));
    }
  append_bytes (flow, way, time, framed->str, framed->len);
}

/* Takes from @rest what belongs to the head, and sends that once it is whole. */
static void
take_head (Flow *flow, RtDirection way, RtTime time, RtText *rest)
{
  Rebuilt *rebuilt = &flow->rebuilt[way];
  gsize length = MIN (rebuilt->head - rebuilt->part->len, rest->length);

  g_byte_array_append (rebuilt->part, (const guint8 *)rest->at, (guint)length);
  *rest = rt_text_sub (*rest, length, rest->length - length);
  if (rebuilt->part->len < rebuilt->head)
    return;
  send_head (flow, way, time, (RtText){ (const char *)rebuilt->part->data, rebuilt->part->len });
  rebuilt->head = 0;
}

/* Bytes of the log stand elsewhere in the capture, since heads have changed: all are appended. */
static void
send_rebuilt (Exporter *self, Flow *flow, RtDirection way, RtTime time, RtSpan span)
{
  Rebuilt *rebuilt = &flow->rebuilt[way];
  g_autoptr (GBytes) bytes = rt_reader_dup_bytes (self->reader, span, NULL);
  RtText rest;

  if (bytes == NULL)
    return;
  rest.at = g_bytes_get_data (bytes, &rest.length);
  if (rebuilt->head > 0)
    take_head (flow, way, time, &rest);
  append_bytes (flow, way, time, rest.at, rest.length);
  rebuilt->content -= MIN (rebuilt->content, rest.length);
  if (rebuilt->head == 0 && rebuilt->content == 0)
    {
      if (missing_in_capture (rebuilt) > 0)
        rt_frame_flow_skip (flow->frames, way, rebuilt->missing);
      rebuilt->missing = 0;
    }
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
  g_hash_table_insert (self->parties, GUINT_TO_POINTER ((guint)event->party), g_strdup (name));
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
    flow = begin_accepted (self, event);
  if (flow != NULL)
    take_flow_event (self, flow, event, detail);
}

/* A mark goes to the frame of its event or, where that made none, to the one before. */
static void
take_marks (Exporter *self, guint64 event)
{
  for (; self->next_mark < self->marks->len; self->next_mark++)
    {
      const RtMark *mark = self->marks->pdata[self->next_mark];

      if (mark->event > event)
        return;
      if (mark->text != NULL && *mark->text != '\0')
        g_string_append_printf (self->comment, "%s%s", self->comment->len > 0 ? "\n" : "",
                                mark->text);
    }
}

/* Runs */

typedef void (*PageFunc) (Exporter *self, const RtPage *page);

static void
find_plain (Exporter *self, const RtPage *page)
{
  for (guint i = 0; i < page->n; i++)
    {
      g_autoptr (GVariant) detail = NULL;
      guint8 direction, provenance;
      guint32 source;

      if (page->events[i].kind != RT_EVENT_BUFFER)
        continue;
      detail = rt_page_dup_detail (page, i);
      if (detail == NULL)
        continue;
      g_variant_get (detail, "(yyu)", &direction, &provenance, &source);
      if (provenance == RT_BYTES_DECRYPTED)
        g_hash_table_add (self->plain, GUINT_TO_POINTER (page->events[i].connection));
    }
}

static void
write_page (Exporter *self, const RtPage *page)
{
  for (guint i = 0; i < page->n && self->failure == NULL; i++)
    {
      take_event (self, page, i);
      take_marks (self, page->first + i);
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
  g_hash_table_remove_all (self->plain);
  g_hash_table_remove_all (self->flows);
  g_hash_table_remove_all (self->buffers);
  g_hash_table_remove_all (self->writers[RT_FORWARD]);
  g_hash_table_remove_all (self->writers[RT_BACKWARD]);
  g_hash_table_remove_all (self->parties);
  self->next_mark = 0;
  self->run++;
}

static gboolean
write_run (Exporter *self, gint64 run, GError **error)
{
  gboolean done;

  self->reader = rt_session_open_run (self->session, run, error);
  if (self->reader == NULL)
    return FALSE;
  self->marks = rt_session_list_marks (self->session, run, error);
  if (self->marks != NULL && self->options->ids != NULL)
    self->wanted = find_wanted (self, run, error);
  done = self->marks != NULL && (self->options->ids == NULL || self->wanted != NULL)
         && for_pages (self, find_plain, 0, error) && for_pages (self, write_page, 1, error);
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
  rt_pcapng_append_section (self->blocks, "Roundtrip", ABOUT);
  rt_pcapng_append_interface (self->blocks, RT_LINK_ETHERNET);
  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];

      if ((self->options->run == 0 || info->id == self->options->run)
          && !write_run (self, info->id, error))
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
  self.named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self.plain = g_hash_table_new (NULL, NULL);
  self.flows = g_hash_table_new_full (NULL, NULL, NULL, free_flow);
  self.buffers = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self.writers[RT_FORWARD] = g_hash_table_new (NULL, NULL);
  self.writers[RT_BACKWARD] = g_hash_table_new (NULL, NULL);
  self.parties = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  done = write_runs (&self, error);
  g_hash_table_unref (self.parties);
  g_hash_table_unref (self.buffers);
  g_hash_table_unref (self.writers[RT_FORWARD]);
  g_hash_table_unref (self.writers[RT_BACKWARD]);
  g_hash_table_unref (self.flows);
  g_hash_table_unref (self.plain);
  g_hash_table_unref (self.hosts);
  g_hash_table_unref (self.named);
  g_string_free (self.comment, TRUE);
  g_byte_array_unref (self.frame);
  g_byte_array_unref (self.blocks);
  return done;
}
