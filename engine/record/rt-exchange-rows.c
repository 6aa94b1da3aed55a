/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of the table `exchange` from the analysis of a log that is still growing, connection by
 * connection (rt-lane.c). An exchange has its row when it begins, a second time when it has ended;
 * then it is let go of. What was written counts as written only when its transaction is
 * committed. */
#include "rt-exchange-rows.h"

#include "rt-lane.h"
#include "rt-traits.h"

#include <string.h>

typedef struct
{
  RtLane *lane;
  const RtExchange *exchange;
  guint number;
  guint64 begun; /* event */
} Entry;

/* Messages that differ in their names and are remembered; of more, the table is asked. */
#define NAMES_MAX 4096

struct _RtExchangeRows
{
  gint64 run;
  sqlite3_stmt *insert, *stamp, *find_names, *insert_names;
  GHashTable *names_by_text; /* text → gint64: rows of `names` */
  GString *text;             /* scratch */
  guint64 length;            /* events fed */
  guint n_exchanges;
  GPtrArray *names;   /* of parties, by id */
  GHashTable *lanes;  /* RtConnection → RtLane; looked up, never walked */
  GHashTable *owners; /* RtBufferId → RtConnection */
  GPtrArray *touched; /* RtLane, since the last commit */
  GArray *fresh;      /* Entry: without a row */
  GArray *open;       /* Entry: whose row is not the last word */
};

/**
 * rt_exchange_rows_new:
 * @db: borrowed, outlives it
 * @run: a run without rows
 */
RtExchangeRows *
rt_exchange_rows_new (sqlite3 *db, gint64 run, GError **error)
{
  g_autoptr (RtExchangeRows) rows = g_new0 (RtExchangeRows, 1);

  rows->run = run;
  rows->names = g_ptr_array_new_with_free_func (g_free);
  rows->lanes = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_lane_free);
  rows->owners = g_hash_table_new (NULL, NULL);
  rows->touched = g_ptr_array_new ();
  rows->fresh = g_array_new (FALSE, FALSE, sizeof (Entry));
  rows->open = g_array_new (FALSE, FALSE, sizeof (Entry));
  rows->insert = rt_store_prepare (
      db,
      "INSERT INTO exchange (started_usec, duration_usec, method, scheme, authority, target,"
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
      " tunnel_bytes = ?28",
      error);
  if (rows->insert == NULL)
    return NULL;
  rows->names_by_text = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  rows->text = g_string_new (NULL);
  rows->find_names = rt_store_prepare (db, "SELECT id FROM names WHERE text = ?1", error);
  rows->insert_names
      = rt_store_prepare (db, "INSERT INTO names (text) VALUES (?1) ON CONFLICT DO NOTHING", error);
  if (rows->find_names == NULL || rows->insert_names == NULL)
    return NULL;
  rows->stamp = rt_store_prepare (
      db, "UPDATE run SET analysis_version = ?2, analysis_events = ?3 WHERE id = ?1", error);
  return rows->stamp != NULL ? g_steal_pointer (&rows) : NULL;
}

void
rt_exchange_rows_free (RtExchangeRows *rows)
{
  g_array_unref (rows->fresh);
  g_array_unref (rows->open);
  g_ptr_array_unref (rows->touched);
  g_hash_table_unref (rows->lanes);
  g_hash_table_unref (rows->owners);
  g_ptr_array_unref (rows->names);
  sqlite3_finalize (rows->insert);
  sqlite3_finalize (rows->stamp);
  sqlite3_finalize (rows->find_names);
  sqlite3_finalize (rows->insert_names);
  g_hash_table_unref (rows->names_by_text);
  g_string_free (rows->text, TRUE);
  g_free (rows);
}

static void
note_party (RtExchangeRows *rows, const RtPage *page, guint i)
{
  g_autoptr (GVariant) detail = rt_page_dup_detail (page, i);
  RtPartyId id = page->events[i].party;

  if (detail == NULL)
    return;
  if (id >= rows->names->len)
    g_ptr_array_set_size (rows->names, id + 1);
  g_free (rows->names->pdata[id]);
  g_variant_get_child (detail, 0, "s", &rows->names->pdata[id]);
}

static RtLane *
find_lane (RtExchangeRows *rows, RtConnection connection)
{
  return g_hash_table_lookup (rows->lanes, GUINT_TO_POINTER (connection));
}

/* A connection is known from its opening on; what comes after its end tells nothing new. */
static RtLane *
lane_of_event (RtExchangeRows *rows, const RtEvent *event)
{
  RtLane *lane = find_lane (rows, event->connection);

  if (lane == NULL && event->connection != 0
      && (event->kind == RT_EVENT_CONNECT || event->kind == RT_EVENT_BUFFER))
    {
      lane = rt_lane_new (event->connection);
      g_hash_table_insert (rows->lanes, GUINT_TO_POINTER (event->connection), lane);
    }
  if (lane != NULL && event->kind == RT_EVENT_BUFFER)
    g_hash_table_insert (rows->owners, GUINT_TO_POINTER (event->span.buffer),
                         GUINT_TO_POINTER (event->connection));
  return lane;
}

static void
share_chunks (RtExchangeRows *rows, const RtPage *page)
{
  for (guint i = 0; i < page->n_chunks; i++)
    {
      gpointer owner
          = g_hash_table_lookup (rows->owners, GUINT_TO_POINTER (page->chunks[i].span.buffer));
      RtLane *lane = find_lane (rows, GPOINTER_TO_UINT (owner));

      if (lane != NULL)
        rt_lane_add_chunk (lane, &page->chunks[i]);
    }
}

static void
collect (RtExchangeRows *rows, RtLane *lane)
{
  const RtExchange *exchange;

  while ((exchange = rt_lane_next_exchange (lane)) != NULL)
    {
      const RtTransfer *first = exchange->request != NULL ? exchange->request : exchange->response;
      Entry entry = { .lane = lane, .exchange = exchange };

      entry.begun = first != NULL ? rt_lane_get_number (lane, first->first_event) : RT_EVENT_NONE;
      g_array_append_val (rows->fresh, entry);
    }
}

static int
compare_entries (gconstpointer a, gconstpointer b)
{
  const Entry *left = a;
  const Entry *right = b;

  if (left->begun != right->begun)
    return left->begun < right->begun ? -1 : 1;
  return left->exchange->id < right->exchange->id ? -1 : left->exchange->id > right->exchange->id;
}

/**
 * rt_exchange_rows_feed:
 * @page: the run's next page
 */
void
rt_exchange_rows_feed (RtExchangeRows *rows, RtPage *page)
{
  g_autoptr (GPtrArray) lanes = g_ptr_array_new ();
  guint known = rows->fresh->len;

  for (guint i = 0; i < page->n; i++)
    {
      RtLane *lane = lane_of_event (rows, &page->events[i]);

      if (page->events[i].kind == RT_EVENT_PARTY)
        note_party (rows, page, i);
      if (lane == NULL)
        continue;
      rt_lane_add_event (lane, page, i);
      if (rt_lane_mark (lane, page->first + 1))
        g_ptr_array_add (lanes, lane);
    }
  share_chunks (rows, page);
  for (guint i = 0; i < lanes->len; i++)
    {
      rt_lane_fold (lanes->pdata[i]);
      collect (rows, lanes->pdata[i]);
      g_ptr_array_add (rows->touched, lanes->pdata[i]);
    }
  if (rows->fresh->len > known)
    qsort (&g_array_index (rows->fresh, Entry, known), rows->fresh->len - known, sizeof (Entry),
           compare_entries);
  for (guint i = known; i < rows->fresh->len; i++)
    g_array_index (rows->fresh, Entry, i).number = ++rows->n_exchanges;
  rows->length = page->first + page->n;
}

/* Borrowed: it stays while the statement runs, and is bound anew for the next row. */
static void
bind_borrowed (sqlite3_stmt *statement, int parameter, const char *text)
{
  sqlite3_bind_text (statement, parameter, text, -1, SQLITE_STATIC);
}

/* Bytes of a peer are text only by chance; those that are stay where they are. */
static void
bind_bytes (sqlite3_stmt *statement, int parameter, RtText text)
{
  const char *at = text.at != NULL ? text.at : "";
  g_autofree char *valid = NULL;

  if (g_utf8_validate_len (at, text.length, NULL))
    {
      sqlite3_bind_text64 (statement, parameter, at, text.length, SQLITE_STATIC, SQLITE_UTF8);
      return;
    }
  valid = g_utf8_make_valid (at, (gssize)text.length);
  rt_store_bind_text (statement, parameter, valid);
}

static const char *
party_name (RtExchangeRows *rows, RtPartyId id)
{
  return id < rows->names->len ? rows->names->pdata[id] : NULL;
}

static gint64
number_of (const Entry *entry, const RtTransfer *transfer, gboolean last)
{
  if (transfer == NULL)
    return -1;
  return (gint64)rt_lane_get_number (entry->lane,
                                     last ? transfer->last_event : transfer->first_event);
}

static void
bind_transfers (sqlite3_stmt *insert, const Entry *entry)
{
  const RtExchange *exchange = entry->exchange;
  const RtTransfer *request = exchange->request;
  const RtTransfer *response = exchange->response;
  const RtTransfer *first = request != NULL ? request : response;
  const RtTransfer *last = response != NULL ? response : request;

  sqlite3_bind_null (insert, 3);
  sqlite3_bind_null (insert, 6);
  sqlite3_bind_null (insert, 7);
  if (request != NULL && request->message != NULL)
    {
      bind_bytes (insert, 3, request->message->method);
      bind_bytes (insert, 6, request->message->target);
    }
  if (response != NULL && response->message != NULL)
    sqlite3_bind_int64 (insert, 7, response->message->status);
  sqlite3_bind_int64 (insert, 8, request != NULL ? request->whole.length : 0);
  sqlite3_bind_int64 (insert, 9, response != NULL ? response->whole.length : 0);
  sqlite3_bind_int64 (insert, 15, number_of (entry, first, FALSE));
  sqlite3_bind_int64 (insert, 16, number_of (entry, last, TRUE));
}

/* The row of `names` that says what @transfer has, written if it is the first of its kind. */
static gboolean
bind_names (RtExchangeRows *rows, int parameter, const RtTransfer *transfer, GError **error)
{
  gint64 *known;
  gint64 id;
  gboolean row;

  sqlite3_bind_null (rows->insert, parameter);
  if (!rt_traits_write_names (transfer, rows->text))
    return TRUE;
  known = g_hash_table_lookup (rows->names_by_text, rows->text->str);
  if (known != NULL)
    {
      sqlite3_bind_int64 (rows->insert, parameter, *known);
      return TRUE;
    }
  bind_bytes (rows->insert_names, 1, (RtText){ rows->text->str, rows->text->len });
  bind_bytes (rows->find_names, 1, (RtText){ rows->text->str, rows->text->len });
  if (!rt_store_run (rows->insert_names, error) || !rt_store_row (rows->find_names, &row, error))
    return FALSE;
  id = sqlite3_column_int64 (rows->find_names, 0);
  sqlite3_reset (rows->find_names);
  sqlite3_bind_int64 (rows->insert, parameter, id);
  if (g_hash_table_size (rows->names_by_text) < NAMES_MAX)
    g_hash_table_insert (rows->names_by_text, g_strdup (rows->text->str),
                         g_memdup2 (&id, sizeof id));
  return TRUE;
}

/* Where the message stands in the log: buffer, offset and how much of it is its head. */
static void
bind_place (sqlite3_stmt *insert, int parameter, const Entry *entry, const RtTransfer *transfer)
{
  for (int i = 0; i < 3; i++)
    sqlite3_bind_null (insert, parameter + i);
  if (transfer == NULL || rt_span_is_none (transfer->whole))
    return;
  sqlite3_bind_int64 (insert, parameter, transfer->whole.buffer);
  sqlite3_bind_int64 (
      insert, parameter + 1,
      (gint64)(transfer->whole.offset + rt_lane_get_base (entry->lane, transfer->whole.buffer)));
  sqlite3_bind_int64 (insert, parameter + 2,
                      transfer->has_head ? transfer->message->head.length : 0);
}

static gboolean
opened_tunnel (const RtExchange *exchange)
{
  return exchange->response != NULL && exchange->response->has_head
         && exchange->response->message->framing == RT_FRAMING_TUNNEL;
}

/* What is not the last word yet. Of a tunnel that is when its connection has ended. */
static gboolean
is_open (const Entry *entry)
{
  return entry->exchange->ended == RT_TIME_UNKNOWN
         || (opened_tunnel (entry->exchange) && !rt_lane_is_over (entry->lane));
}

/* Bytes that @transfer's sender sent through the tunnel. */
static guint64
count_tunnel (const Entry *entry, const RtTransfer *transfer)
{
  RtBufferId buffer = transfer->whole.buffer;
  guint64 end = rt_span_end (transfer->whole) + rt_lane_get_base (entry->lane, buffer);
  guint64 known = rt_lane_get_known (entry->lane, buffer);

  return known > end ? known - end : 0;
}

static void
bind_tunnel (sqlite3_stmt *insert, int parameter, const Entry *entry)
{
  const RtExchange *exchange = entry->exchange;
  guint64 bytes = 0;

  sqlite3_bind_null (insert, parameter);
  if (!opened_tunnel (exchange))
    return;
  bytes = count_tunnel (entry, exchange->response);
  if (exchange->request != NULL)
    bytes += count_tunnel (entry, exchange->request);
  sqlite3_bind_int64 (insert, parameter, (gint64)bytes);
}

static gboolean
bind_traits (RtExchangeRows *rows, const Entry *entry, GError **error)
{
  const RtExchange *exchange = entry->exchange;
  RtText media_type;

  sqlite3_bind_int64 (rows->insert, 18, rt_traits_get_flags (exchange));
  sqlite3_bind_null (rows->insert, 19);
  if (rt_traits_get_media_type (exchange, &media_type))
    bind_bytes (rows->insert, 19, media_type);
  bind_place (rows->insert, 22, entry, exchange->request);
  bind_place (rows->insert, 25, entry, exchange->response);
  bind_tunnel (rows->insert, 28, entry);
  return bind_names (rows, 20, exchange->request, error)
         && bind_names (rows, 21, exchange->response, error);
}

static gboolean
store (RtExchangeRows *rows, const Entry *entry, GError **error)
{
  const RtExchange *exchange = entry->exchange;
  sqlite3_stmt *insert = rows->insert;

  sqlite3_bind_int64 (insert, 1, exchange->started);
  if (exchange->ended == RT_TIME_UNKNOWN)
    sqlite3_bind_null (insert, 2);
  else
    sqlite3_bind_int64 (insert, 2, exchange->ended - exchange->started);
  bind_borrowed (insert, 4, exchange->scheme);
  bind_borrowed (insert, 5, exchange->authority);
  sqlite3_bind_int64 (insert, 10, exchange->connection);
  bind_borrowed (insert, 11, party_name (rows, exchange->client));
  bind_borrowed (insert, 12, party_name (rows, exchange->server));
  sqlite3_bind_int64 (insert, 13, rows->run);
  sqlite3_bind_int64 (insert, 14, entry->number);
  sqlite3_bind_int64 (insert, 17, exchange->reconstructed);
  bind_transfers (insert, entry);
  return bind_traits (rows, entry, error) && rt_store_run (insert, error);
}

/**
 * rt_exchange_rows_store:
 * @rows: within a transaction
 * @all: those that go on, too: nothing will be fed any more
 *
 * Writes what is new since rt_exchange_rows_settle().
 */
gboolean
rt_exchange_rows_store (RtExchangeRows *rows, gboolean all, GError **error)
{
  for (guint i = 0; i < rows->open->len; i++)
    {
      const Entry *entry = &g_array_index (rows->open, Entry, i);

      if ((all || !is_open (entry)) && !store (rows, entry, error))
        return FALSE;
    }
  for (guint i = 0; i < rows->fresh->len; i++)
    if (!store (rows, &g_array_index (rows->fresh, Entry, i), error))
      return FALSE;
  sqlite3_bind_int64 (rows->stamp, 1, rows->run);
  sqlite3_bind_int64 (rows->stamp, 2, RT_ANALYSIS_VERSION);
  sqlite3_bind_int64 (rows->stamp, 3, (gint64)rows->length);
  return rt_store_run (rows->stamp, error);
}

/**
 * rt_exchange_rows_forget:
 * @rows: whose transaction was rolled back: what it remembers may not be in the tables
 */
void
rt_exchange_rows_forget (RtExchangeRows *rows)
{
  g_hash_table_remove_all (rows->names_by_text);
}

/* Only to find what is equal: no order of lanes shows anywhere. */
static int
compare_pointers (gconstpointer a, gconstpointer b)
{
  guintptr left = (guintptr) * (gpointer const *)a;
  guintptr right = (guintptr) * (gpointer const *)b;

  return left < right ? -1 : left > right;
}

static void
forget (RtExchangeRows *rows, RtLane *lane)
{
  for (guint i = 0; i < rt_lane_get_n_buffers (lane); i++)
    g_hash_table_remove (rows->owners, GUINT_TO_POINTER (rt_lane_get_buffer (lane, i)));
  g_hash_table_remove (rows->lanes, GUINT_TO_POINTER (rt_lane_get_connection (lane)));
}

static gboolean
has_open (RtExchangeRows *rows, const RtLane *lane)
{
  for (guint i = 0; i < rows->open->len; i++)
    if (g_array_index (rows->open, Entry, i).lane == lane)
      return TRUE;
  return FALSE;
}

/**
 * rt_exchange_rows_settle:
 * @rows: whose transaction was committed
 *
 * Lets go of what has ended.
 */
void
rt_exchange_rows_settle (RtExchangeRows *rows)
{
  guint kept = 0;

  g_array_append_vals (rows->open, rows->fresh->data, rows->fresh->len);
  g_array_set_size (rows->fresh, 0);
  for (guint i = 0; i < rows->open->len; i++)
    if (is_open (&g_array_index (rows->open, Entry, i)))
      g_array_index (rows->open, Entry, kept++) = g_array_index (rows->open, Entry, i);
  g_array_set_size (rows->open, kept);
  /* A lane stands there once a page; it may be gone after its first turn. */
  g_ptr_array_sort (rows->touched, compare_pointers);
  for (guint i = 0; i < rows->touched->len; i++)
    {
      RtLane *lane = rows->touched->pdata[i];

      if (i > 0 && lane == rows->touched->pdata[i - 1])
        continue;
      if (has_open (rows, lane))
        continue;
      if (rt_lane_is_over (lane))
        forget (rows, lane);
      else
        rt_lane_rest (lane);
    }
  g_ptr_array_set_size (rows->touched, 0);
}
