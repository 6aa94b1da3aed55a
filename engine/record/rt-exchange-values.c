/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An exchange that has ended is of no use but for its row, and all that was allocated for it is
 * best let go of while the processor still has it at hand: on the thread that made it. So the
 * values of its row are copied out, and wait for the writer as plain numbers and one run of text.
 */
#include "rt-exchange-values.h"

#include "rt-traits.h"

const char rt_row_values_insert[]
    = "INSERT INTO exchange (started_usec, duration_usec, method, scheme, authority, target,"
      " status, request_bytes, response_bytes, connection, client, server, run, number,"
      " first_event, last_event, reconstructed, flags, media_type, request_names, response_names,"
      " request_buffer, request_offset, request_head, response_buffer, response_offset,"
      " response_head, tunnel_bytes)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
      " ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)"
      " ON CONFLICT (run, number) DO UPDATE SET started_usec = ?1, duration_usec = ?2,"
      " method = ?3, scheme = ?4, authority = ?5, target = ?6, status = ?7, request_bytes = ?8,"
      " response_bytes = ?9, connection = ?10, client = ?11, server = ?12, first_event = ?15,"
      " last_event = ?16, reconstructed = ?17, flags = ?18, media_type = ?19, request_names = ?20,"
      " response_names = ?21, request_buffer = ?22, request_offset = ?23, request_head = ?24,"
      " response_buffer = ?25, response_offset = ?26, response_head = ?27,"
      " tunnel_bytes = ?28";

/* Bytes of a peer are text only by chance. */
static RtRowText
put_text (GByteArray *all, RtText text)
{
  const char *at = text.at != NULL ? text.at : "";
  gsize length = text.length;
  g_autofree char *valid = NULL;
  RtRowText row;

  if (!g_utf8_validate_len (at, length, NULL))
    {
      at = valid = g_utf8_make_valid (at, (gssize)length);
      length = strlen (valid);
    }
  row = (RtRowText){ all->len, (int)length };
  g_byte_array_append (all, (const guint8 *)at, (guint)length);
  return row;
}

static gint64
number_of (RtLane *lane, const RtTransfer *transfer, gboolean last)
{
  guint64 event;

  if (transfer == NULL)
    return -1;
  event = last ? transfer->last_event : transfer->first_event;
  return (gint64)(lane != NULL ? rt_lane_get_number (lane, event) : event);
}

static RtRowMessage
take_message (RtRowShare *share, RtLane *lane, const RtTransfer *transfer)
{
  RtRowMessage row = { 0 };

  if (transfer == NULL)
    return row;
  row.bytes = transfer->whole.length;
  if (!rt_span_is_none (transfer->whole))
    {
      row.buffer = transfer->whole.buffer;
      row.offset = transfer->whole.offset
                   + (lane != NULL ? rt_lane_get_base (lane, transfer->whole.buffer) : 0);
      row.head = transfer->has_head ? transfer->message->head.length : 0;
    }
  if (rt_traits_write_names (transfer, share->scratch))
    row.names = rt_names_table_add (share->names, share->scratch->str, share->scratch->len);
  return row;
}

/* Bytes that @transfer's sender sent through the tunnel. */
static gint64
count_tunnel (RtLane *lane, const RtTransfer *transfer)
{
  RtBufferId buffer = transfer->whole.buffer;
  guint64 end = rt_span_end (transfer->whole) + rt_lane_get_base (lane, buffer);
  guint64 known = rt_lane_get_known (lane, buffer);

  return known > end ? (gint64)(known - end) : 0;
}

static gint64
tunnel_bytes (RtLane *lane, const RtExchange *exchange)
{
  if (!rt_exchange_opened_tunnel (exchange))
    return -1;
  return count_tunnel (lane, exchange->response)
         + (exchange->request != NULL ? count_tunnel (lane, exchange->request) : 0);
}

/**
 * rt_row_values_take:
 * @values: (out): what @exchange is now
 * @lane: (nullable): whose analysis it is of; %NULL: its numbers are the log's
 */
void
rt_row_values_take (RtRowValues *values,
                    RtRowShare *share,
                    RtLane *lane,
                    const RtExchange *exchange)
{
  static const RtRowText none = { 0, -1 };
  const RtTransfer *request = exchange->request;
  const RtTransfer *response = exchange->response;
  RtText media_type;

  *values = (RtRowValues){
    .started = exchange->started,
    .duration
    = exchange->ended != RT_TIME_UNKNOWN ? exchange->ended - exchange->started : RT_TIME_UNKNOWN,
    .method = none,
    .target = none,
    .media_type = none,
    .scheme = put_text (share->text, rt_text (exchange->scheme)),
    .authority = put_text (share->text, rt_text (exchange->authority)),
    .connection = exchange->connection,
    .client = exchange->client,
    .server = exchange->server,
    .first_event = number_of (lane, request != NULL ? request : response, FALSE),
    .last_event = number_of (lane, response != NULL ? response : request, TRUE),
    .tunnel_bytes = tunnel_bytes (lane, exchange),
    .flags = rt_traits_get_flags (exchange),
    .reconstructed = exchange->reconstructed,
  };
  values->request = take_message (share, lane, request);
  values->response = take_message (share, lane, response);
  if (request != NULL && request->message != NULL)
    {
      values->method = put_text (share->text, request->message->method);
      values->target = put_text (share->text, request->message->target);
    }
  if (response != NULL && response->message != NULL)
    values->status = response->message->status;
  if (rt_traits_get_media_type (exchange, &media_type))
    values->media_type = put_text (share->text, media_type);
}

/* Borrowed: it stays while the statement runs. */
static void
bind_text (sqlite3_stmt *insert, int parameter, const RtRowShare *share, RtRowText text)
{
  if (text.length < 0)
    sqlite3_bind_null (insert, parameter);
  else
    sqlite3_bind_text (insert, parameter,
                       text.length > 0 ? (const char *)share->text->data + text.at : "",
                       text.length, SQLITE_STATIC);
}

static gboolean
bind_names (RtRowShare *share, sqlite3_stmt *insert, int parameter, guint place, GError **error)
{
  gint64 id;

  if (place == 0)
    {
      sqlite3_bind_null (insert, parameter);
      return TRUE;
    }
  if (!rt_names_table_get_row (share->names, place, &id, error))
    return FALSE;
  sqlite3_bind_int64 (insert, parameter, id);
  return TRUE;
}

static void
bind_place (sqlite3_stmt *insert, int parameter, const RtRowMessage *message)
{
  if (message->buffer == 0)
    {
      for (int i = 0; i < 3; i++)
        sqlite3_bind_null (insert, parameter + i);
      return;
    }
  sqlite3_bind_int64 (insert, parameter, message->buffer);
  sqlite3_bind_int64 (insert, parameter + 1, (gint64)message->offset);
  sqlite3_bind_int64 (insert, parameter + 2, message->head);
}

static void
bind_unless (sqlite3_stmt *insert, int parameter, gint64 value, gint64 none)
{
  if (value == none)
    sqlite3_bind_null (insert, parameter);
  else
    sqlite3_bind_int64 (insert, parameter, value);
}

/**
 * rt_row_values_bind:
 * @values: with texts of @share
 * @insert: prepared from %rt_row_values_insert, within a transaction; what is bound to it is good
 *   until @share changes
 */
gboolean
rt_row_values_bind (const RtRowValues *values,
                    RtRowShare *share,
                    sqlite3_stmt *insert,
                    GError **error)
{
  sqlite3_bind_int64 (insert, 1, values->started);
  bind_unless (insert, 2, values->duration, RT_TIME_UNKNOWN);
  bind_text (insert, 3, share, values->method);
  bind_text (insert, 4, share, values->scheme);
  bind_text (insert, 5, share, values->authority);
  bind_text (insert, 6, share, values->target);
  bind_unless (insert, 7, values->status, 0);
  sqlite3_bind_int64 (insert, 8, (gint64)values->request.bytes);
  sqlite3_bind_int64 (insert, 9, (gint64)values->response.bytes);
  sqlite3_bind_int64 (insert, 10, values->connection);
  sqlite3_bind_int64 (insert, 15, values->first_event);
  sqlite3_bind_int64 (insert, 16, values->last_event);
  sqlite3_bind_int64 (insert, 17, values->reconstructed);
  sqlite3_bind_int64 (insert, 18, values->flags);
  bind_text (insert, 19, share, values->media_type);
  bind_place (insert, 22, &values->request);
  bind_place (insert, 25, &values->response);
  bind_unless (insert, 28, values->tunnel_bytes, -1);
  return bind_names (share, insert, 20, values->request.names, error)
         && bind_names (share, insert, 21, values->response.names, error);
}
