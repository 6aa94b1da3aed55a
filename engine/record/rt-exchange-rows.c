/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of the table `exchange` from the analysis of a log that is still growing. An exchange has
 * its row when it begins, a second time when it has ended. What was written counts as written only
 * when its transaction is committed. */
#include "rt-exchange-rows.h"

#include "rt-analysis.h"

struct _RtExchangeRows
{
  RtAnalysis *analysis;
  gint64 run;
  sqlite3_stmt *insert, *stamp;
  guint next;      /* index of the first exchange without a row */
  guint next_done; /* the same, once the transaction is committed */
  GArray *open;    /* guint: ids of exchanges whose row is not the last word */
  GArray *open_done;
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
  rows->analysis = rt_analysis_new ();
  rows->open = g_array_new (FALSE, FALSE, sizeof (guint));
  rows->open_done = g_array_new (FALSE, FALSE, sizeof (guint));
  rows->insert = rt_store_prepare (
      db,
      "INSERT INTO exchange (started_usec, duration_usec, method, scheme, authority, target,"
      " status, request_bytes, response_bytes, connection, client, server, run, number,"
      " first_event, last_event)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"
      " ON CONFLICT (run, number) DO UPDATE SET started_usec = ?1, duration_usec = ?2,"
      " method = ?3, scheme = ?4, authority = ?5, target = ?6, status = ?7, request_bytes = ?8,"
      " response_bytes = ?9, connection = ?10, client = ?11, server = ?12, first_event = ?15,"
      " last_event = ?16",
      error);
  if (rows->insert == NULL)
    return NULL;
  rows->stamp = rt_store_prepare (
      db, "UPDATE run SET analysis_version = ?2, analysis_events = ?3 WHERE id = ?1", error);
  return rows->stamp != NULL ? g_steal_pointer (&rows) : NULL;
}

void
rt_exchange_rows_free (RtExchangeRows *rows)
{
  g_clear_pointer (&rows->analysis, rt_analysis_free);
  g_array_unref (rows->open);
  g_array_unref (rows->open_done);
  sqlite3_finalize (rows->insert);
  sqlite3_finalize (rows->stamp);
  g_free (rows);
}

/**
 * rt_exchange_rows_feed:
 * @page: the run's next page
 */
void
rt_exchange_rows_feed (RtExchangeRows *rows, RtPage *page)
{
  rt_analysis_feed (rows->analysis, page, page->first + page->n);
}

/* Bytes of a peer are text only by chance. */
static void
bind_bytes (sqlite3_stmt *statement, int parameter, RtText text)
{
  g_autofree char *valid = g_utf8_make_valid (text.at != NULL ? text.at : "", (gssize)text.length);

  rt_store_bind_text (statement, parameter, valid);
}

static const char *
party_name (RtExchangeRows *rows, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (rows->analysis, id);

  return party != NULL ? party->name : NULL;
}

static void
bind_transfers (sqlite3_stmt *insert, const RtExchange *exchange)
{
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
  sqlite3_bind_int64 (insert, 15, first != NULL ? (gint64)first->first_event : -1);
  sqlite3_bind_int64 (insert, 16, last != NULL ? (gint64)last->last_event : -1);
}

static gboolean
store (RtExchangeRows *rows, const RtExchange *exchange, GError **error)
{
  sqlite3_stmt *insert = rows->insert;

  sqlite3_bind_int64 (insert, 1, exchange->started);
  if (exchange->ended == RT_TIME_UNKNOWN)
    sqlite3_bind_null (insert, 2);
  else
    sqlite3_bind_int64 (insert, 2, exchange->ended - exchange->started);
  rt_store_bind_text (insert, 4, exchange->scheme);
  rt_store_bind_text (insert, 5, exchange->authority);
  sqlite3_bind_int64 (insert, 10, exchange->connection);
  rt_store_bind_text (insert, 11, party_name (rows, exchange->client));
  rt_store_bind_text (insert, 12, party_name (rows, exchange->server));
  sqlite3_bind_int64 (insert, 13, rows->run);
  sqlite3_bind_int64 (insert, 14, exchange->id);
  bind_transfers (insert, exchange);
  return rt_store_run (insert, error);
}

/* Writes again what has ended since. */
static gboolean
store_open (RtExchangeRows *rows, gboolean all, GError **error)
{
  for (guint i = 0; i < rows->open_done->len; i++)
    {
      guint id = g_array_index (rows->open_done, guint, i);
      const RtExchange *exchange = rt_analysis_get_exchange (rows->analysis, id);

      if (exchange->ended == RT_TIME_UNKNOWN)
        g_array_append_val (rows->open, id);
      if ((all || exchange->ended != RT_TIME_UNKNOWN) && !store (rows, exchange, error))
        return FALSE;
    }
  return TRUE;
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
  GPtrArray *exchanges = rt_analysis_get_exchanges (rows->analysis);

  g_array_set_size (rows->open, 0);
  if (!store_open (rows, all, error))
    return FALSE;
  for (rows->next = rows->next_done; rows->next < exchanges->len; rows->next++)
    {
      const RtExchange *exchange = exchanges->pdata[rows->next];

      if (!store (rows, exchange, error))
        return FALSE;
      if (exchange->ended == RT_TIME_UNKNOWN)
        g_array_append_val (rows->open, exchange->id);
    }
  sqlite3_bind_int64 (rows->stamp, 1, rows->run);
  sqlite3_bind_int64 (rows->stamp, 2, RT_ANALYSIS_VERSION);
  sqlite3_bind_int64 (rows->stamp, 3, (gint64)rt_analysis_get_length (rows->analysis));
  return rt_store_run (rows->stamp, error);
}

/**
 * rt_exchange_rows_settle:
 * @rows: whose transaction was committed
 */
void
rt_exchange_rows_settle (RtExchangeRows *rows)
{
  GArray *open = rows->open_done;

  rows->next_done = rows->next;
  rows->open_done = rows->open;
  rows->open = open;
  g_array_set_size (rows->open, 0);
}
