/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One look through all pages of a run, without their bytes, and one through its rows. What is kept
 * does not grow with the run but for sixteen bytes a page and the exchanges that took long. */
#include "rt-run-map.h"

#include "rt-page-code.h"
#include "rt-hash.h"
#include "rt-session-private.h"

#define CHECK_EVERY 64

#define PAGES "SELECT first, events, encoding, check_sum, data FROM page"

#define COLUMNS                                                                                    \
  "SELECT number, connection, first_event, last_event, started_usec, duration_usec,"               \
  " request_buffer, request_offset + request_bytes, response_buffer,"                              \
  " response_offset + response_bytes, tunnel_bytes FROM exchange WHERE run = ?1"

struct _RtRunMap
{
  gint ref_count;
  RtSession *session;
  gint64 run;
  guint64 length;
  GArray *parties, *openings, *long_ones;
  GMutex lock; /* guards what follows */
  sqlite3 *db;
};

static void
clear_party (gpointer data)
{
  RtRunParty *party = data;

  g_free (party->name);
  g_free (party->kind);
}

RtRunMap *
rt_run_map_ref (RtRunMap *map)
{
  g_atomic_int_inc (&map->ref_count);
  return map;
}

void
rt_run_map_unref (RtRunMap *map)
{
  if (!g_atomic_int_dec_and_test (&map->ref_count))
    return;
  g_array_unref (map->parties);
  g_array_unref (map->openings);
  g_array_unref (map->long_ones);
  g_clear_pointer (&map->db, sqlite3_close_v2);
  g_mutex_clear (&map->lock);
  rt_session_unref (map->session);
  g_free (map);
}

RtSession *
rt_run_map_get_session (RtRunMap *map)
{
  return map->session;
}

gint64
rt_run_map_get_run (RtRunMap *map)
{
  return map->run;
}

/** rt_run_map_get_length: Returns: how many events there were when the map was made */
guint64
rt_run_map_get_length (RtRunMap *map)
{
  return map->length;
}

const GArray *
rt_run_map_get_parties (RtRunMap *map)
{
  return map->parties;
}

const GArray *
rt_run_map_get_openings (RtRunMap *map)
{
  return map->openings;
}

/** rt_run_map_get_long: Returns: (transfer none): tunnels, and what spans more events than
 * %RT_RUN_MAP_NEAR or goes on, by number */
const GArray *
rt_run_map_get_long (RtRunMap *map)
{
  return map->long_ones;
}

/* -- Looking through the pages -- */

static void
note_party (RtRunMap *map, const RtPageParts *parts, guint i)
{
  const RtEvent *event = &g_array_index (parts->events, RtEvent, i);
  g_autoptr (GBytes) bytes = g_bytes_new (parts->arena->data + event->detail, event->detail_length);
  g_autoptr (GVariant) detail
      = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE ("(ss)"), bytes, FALSE));
  RtRunParty party = { .id = event->party, .time = event->time, .event = parts->first + i };

  g_variant_get (detail, "(ss)", &party.name, &party.kind);
  g_array_append_val (map->parties, party);
}

static void
look_through (RtRunMap *map, const RtPageParts *parts)
{
  RtRunOpening opening = { parts->first, G_MAXUINT32, 0 };

  for (guint i = 0; i < parts->events->len; i++)
    {
      const RtEvent *event = &g_array_index (parts->events, RtEvent, i);

      if (event->kind == RT_EVENT_PARTY && event->detail_length > 0)
        note_party (map, parts, i);
      if (event->kind < RT_EVENT_BUFFER || event->kind > RT_EVENT_SECURED)
        continue;
      opening.low = MIN (opening.low, event->connection);
      opening.high = MAX (opening.high, event->connection);
    }
  if (opening.low <= opening.high)
    g_array_append_val (map->openings, opening);
  map->length = parts->first + parts->events->len;
}

/* @select stands on a row; %FALSE: the page is damaged. */
static gboolean
read_page (sqlite3_stmt *select, RtPageParts *parts)
{
  gint64 n_events = sqlite3_column_int64 (select, 1);
  const guint8 *data = sqlite3_column_blob (select, 4);
  gsize size = (gsize)sqlite3_column_bytes (select, 4);

  rt_page_parts_init (parts, (guint64)sqlite3_column_int64 (select, 0));
  return n_events >= 1 && n_events <= G_MAXINT32
         && rt_hash (data, size) == (guint64)sqlite3_column_int64 (select, 3)
         && rt_page_decode (parts, (RtPageEncoding)sqlite3_column_int (select, 2), (guint)n_events,
                            data, size, NULL);
}

/* A page that is damaged says nothing; the map is of the others. */
static void
read_one (RtRunMap *map, sqlite3_stmt *select)
{
  g_auto (RtPageParts) parts = { 0 };

  if (read_page (select, &parts))
    look_through (map, &parts);
}

static gboolean
read_pages (RtRunMap *map, GCancellable *cancellable, GError **error)
{
  g_autoptr (sqlite3_stmt) select
      = rt_store_prepare (map->db, PAGES " WHERE run = ?1 ORDER BY first", error);
  gboolean row;
  guint n = 0;

  if (select == NULL)
    return FALSE;
  sqlite3_bind_int64 (select, 1, map->run);
  for (;;)
    {
      if (n++ % CHECK_EVERY == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!rt_store_row (select, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      read_one (map, select);
    }
}

/* -- Rows -- */

static RtRunExchange
read_exchange (sqlite3_stmt *select)
{
  RtTime started = sqlite3_column_int64 (select, 4);
  gboolean over = sqlite3_column_type (select, 5) != SQLITE_NULL;
  gint64 last = sqlite3_column_int64 (select, 3);

  return (RtRunExchange){
    .number = (guint)sqlite3_column_int64 (select, 0),
    .connection = (RtConnection)sqlite3_column_int64 (select, 1),
    .first_event = (guint64)sqlite3_column_int64 (select, 2),
    .last_event = over && last >= 0 ? (guint64)last : RT_EVENT_NONE,
    .started = started,
    .ended = over ? started + sqlite3_column_int64 (select, 5) : RT_TIME_NEVER,
    .buffers = { (RtBufferId)sqlite3_column_int64 (select, 6),
                 (RtBufferId)sqlite3_column_int64 (select, 8) },
    .ends
    = { (guint64)sqlite3_column_int64 (select, 7), (guint64)sqlite3_column_int64 (select, 9) },
    .tunnel = sqlite3_column_type (select, 10) != SQLITE_NULL,
  };
}

static gboolean
take_exchanges (sqlite3_stmt *select, GArray *exchanges, GError **error)
{
  gboolean row;

  for (;;)
    {
      RtRunExchange exchange;

      if (!rt_store_row (select, &row, error))
        return FALSE;
      if (!row)
        return TRUE;
      exchange = read_exchange (select);
      g_array_append_val (exchanges, exchange);
    }
}

static gboolean
read_long_ones (RtRunMap *map, GError **error)
{
  g_autoptr (sqlite3_stmt) select
      = rt_store_prepare (map->db,
                          COLUMNS " AND (last_event - first_event > ?2 OR duration_usec IS NULL"
                                  " OR tunnel_bytes IS NOT NULL) AND first_event >= 0"
                                  " ORDER BY number",
                          error);

  if (select == NULL)
    return FALSE;
  sqlite3_bind_int64 (select, 1, map->run);
  sqlite3_bind_int64 (select, 2, RT_RUN_MAP_NEAR);
  return take_exchanges (select, map->long_ones, error);
}

/**
 * rt_run_map_new:
 * @session: kept
 * @run: one of its runs
 * @cancellable: (nullable)
 *
 * Waits for the disk: about as long as it takes to read the run's events without their bytes.
 *
 * Errors: %G_IO_ERROR_CANCELLED, those of SQLite.
 *
 * Returns: (transfer full) (nullable): the map of what is in the file now
 */
RtRunMap *
rt_run_map_new (RtSession *session, gint64 run, GCancellable *cancellable, GError **error)
{
  g_autoptr (RtRunMap) map = g_new0 (RtRunMap, 1);

  map->ref_count = 1;
  map->session = rt_session_ref (session);
  map->run = run;
  g_mutex_init (&map->lock);
  map->parties = g_array_new (FALSE, FALSE, sizeof (RtRunParty));
  g_array_set_clear_func (map->parties, clear_party);
  map->openings = g_array_new (FALSE, FALSE, sizeof (RtRunOpening));
  map->long_ones = g_array_new (FALSE, FALSE, sizeof (RtRunExchange));
  map->db = rt_store_reopen (session->path, session->state, error);
  if (map->db == NULL || !read_pages (map, cancellable, error) || !read_long_ones (map, error))
    return NULL;
  return g_steal_pointer (&map);
}

/* -- Finding -- */

/* The greatest number whose exchange has a value of @column that is not above @value, 0: none. Both
 * go up with the numbers. */
static gboolean
find_last (RtRunMap *map, const char *column, gint64 value, guint *ret_number, GError **error)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT %s FROM exchange WHERE run = ?1 AND number = ?2", column);
  g_autoptr (sqlite3_stmt) select = rt_store_prepare (map->db, sql, error);
  gint64 low = 0, high;
  g_autofree char *most = g_strdup_printf (
      "SELECT MAX(number) FROM exchange WHERE run = %" G_GINT64_FORMAT, map->run);

  if (select == NULL || !rt_store_number (map->db, most, &high, error))
    return FALSE;
  while (low < high)
    {
      gint64 middle = low + (high - low + 1) / 2;
      gboolean row, below;

      sqlite3_bind_int64 (select, 1, map->run);
      sqlite3_bind_int64 (select, 2, middle);
      if (!rt_store_row (select, &row, error))
        return FALSE;
      below = row && sqlite3_column_int64 (select, 0) <= value;
      sqlite3_reset (select);
      if (below)
        low = middle;
      else
        high = middle - 1;
    }
  *ret_number = (guint)low;
  return TRUE;
}

/**
 * rt_run_map_dup_page:
 *
 * Errors: %RT_ERROR_MISSING.
 *
 * Returns: (transfer full) (nullable): the page that holds the event, without its bytes
 */
RtPage *
rt_run_map_dup_page (RtRunMap *map, guint64 event, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&map->lock);
  g_autoptr (sqlite3_stmt) select = rt_store_prepare (
      map->db, PAGES " WHERE run = ?1 AND first <= ?2 ORDER BY first DESC LIMIT 1", error);
  g_auto (RtPageParts) parts = { 0 };
  g_autoptr (GBytes) arena = NULL;
  gboolean row;

  if (select == NULL)
    return NULL;
  sqlite3_bind_int64 (select, 1, map->run);
  sqlite3_bind_int64 (select, 2, (gint64)event);
  if (!rt_store_row (select, &row, error))
    return NULL;
  if (!row || !read_page (select, &parts) || event - parts.first >= parts.events->len)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, NULL,
                    "event %" G_GUINT64_FORMAT " is not in the file", event);
      return NULL;
    }
  arena = g_byte_array_free_to_bytes (g_steal_pointer (&parts.arena));
  return rt_page_new (parts.first, (const RtEvent *)(gpointer)parts.events->data, parts.events->len,
                      arena, NULL, 0);
}

/**
 * rt_run_map_list_exchanges:
 *
 * Returns: (transfer full) (element-type RtRunExchange) (nullable): those that began with an event
 *   from @first_event on and before @end_event, by number
 */
GArray *
rt_run_map_list_exchanges (RtRunMap *map, guint64 first_event, guint64 end_event, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&map->lock);
  g_autoptr (GArray) exchanges = g_array_new (FALSE, FALSE, sizeof (RtRunExchange));
  g_autoptr (sqlite3_stmt) select = NULL;
  guint before = 0, last;

  if ((first_event > 0 && !find_last (map, "first_event", (gint64)first_event - 1, &before, error))
      || !find_last (map, "first_event", (gint64)end_event - 1, &last, error))
    return NULL;
  select = rt_store_prepare (map->db, COLUMNS " AND number > ?2 AND number <= ?3 ORDER BY number",
                             error);
  if (select == NULL)
    return NULL;
  sqlite3_bind_int64 (select, 1, map->run);
  sqlite3_bind_int64 (select, 2, before);
  sqlite3_bind_int64 (select, 3, last);
  return take_exchanges (select, exchanges, error) ? g_steal_pointer (&exchanges) : NULL;
}

/**
 * rt_run_map_find:
 * @number: of an exchange
 * @ret_event: (out): the event with its first byte
 *
 * Errors: %RT_ERROR_MISSING: there is none of that number.
 */
gboolean
rt_run_map_find (RtRunMap *map, guint number, guint64 *ret_event, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&map->lock);
  g_autoptr (sqlite3_stmt) select = rt_store_prepare (
      map->db, "SELECT first_event FROM exchange WHERE run = ?1 AND number = ?2", error);
  gboolean row;

  if (select == NULL)
    return FALSE;
  sqlite3_bind_int64 (select, 1, map->run);
  sqlite3_bind_int64 (select, 2, number);
  if (!rt_store_row (select, &row, error))
    return FALSE;
  if (!row || sqlite3_column_int64 (select, 0) < 0)
    {
      rt_set_error (error, RT_ERROR_MISSING, NULL, NULL, "exchange %u is not in the run", number);
      return FALSE;
    }
  *ret_event = (guint64)sqlite3_column_int64 (select, 0);
  return TRUE;
}

/** rt_run_map_find_time: @ret_number: (out): the last exchange that began until @time, or the first
 */
gboolean
rt_run_map_find_time (RtRunMap *map, RtTime time, guint *ret_number, GError **error)
{
  g_autoptr (GMutexLocker) lock = g_mutex_locker_new (&map->lock);

  if (!find_last (map, "started_usec", time, ret_number, error))
    return FALSE;
  *ret_number = MAX (*ret_number, 1);
  return TRUE;
}
