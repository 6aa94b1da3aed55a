/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists exchanges of a session file. Those in the order of their start are printed as they are
 * found; rows are read a few hundred at a time, so a million of them take no more memory than
 * their numbers. */
#include "rt-inspect-list.h"

#include "rt-cli.h"
#include "rt-error.h"
#include "rt-exchange-list.h"
#include "rt-json.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROWS_AT_ONCE 512
/* Progress is shown on a terminal, at most this often. */
#define PROGRESS_USEC (200 * 1000)

typedef struct
{
  RtSession *session;
  RtExchangeList *list;
  GPtrArray *runs;
  gboolean json;
  int width; /* of the column that says which */
  guint printed;
  gint64 told; /* monotonic: progress */
  GError *error;
} Printing;

static const char *
run_name (Printing *printing, gint64 run)
{
  for (guint i = 0; i < printing->runs->len; i++)
    if (((RtRunInfo *)printing->runs->pdata[i])->id == run)
      return ((RtRunInfo *)printing->runs->pdata[i])->name;
  return "?";
}

static char *
url_of (const RtExchangeRow *row)
{
  const char *target = row->target != NULL ? row->target : "";

  return g_strdup_printf ("%s%s%s%s", *target == '/' && row->scheme != NULL ? row->scheme : "",
                          *target == '/' && row->scheme != NULL ? "://" : "",
                          *target == '/' && row->authority != NULL ? row->authority : "", target);
}

/* What a peer sent must not steer a terminal. */
static void
print_line (Printing *printing, const RtExchangeRow *row)
{
  g_autofree char *url = url_of (row);
  g_autofree char *safe_url = rt_text_escape (rt_text (url));
  g_autofree char *safe_method = rt_text_escape (rt_text (row->method));
  g_autofree char *place
      = printing->runs->len > 1
            ? g_strdup_printf ("%s/%u", run_name (printing, row->run), row->number)
            : g_strdup_printf ("%u", row->number);
  g_autofree char *status
      = row->status != 0 ? g_strdup_printf ("%u", row->status) : g_strdup ("---");
  g_autofree char *took = row->duration != RT_TIME_NEVER
                              ? g_strdup_printf ("%.1f ms", (double)row->duration / RT_TIME_MSEC)
                              : g_strdup ("running");

  printf ("%*s  %3s  %-7s %10" G_GUINT64_FORMAT " B  %10s  %s%s\n", printing->width, place, status,
          safe_method, row->response_bytes, took, safe_url,
          row->reconstructed ? "  (reconstructed)" : "");
}

static void
set_text (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

static JsonObject *
row_to_json (Printing *printing, const RtExchangeRow *row)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "run", run_name (printing, row->run));
  json_object_set_int_member (object, "number", row->number);
  json_object_set_int_member (object, "started_usec", row->started);
  if (row->duration != RT_TIME_NEVER)
    json_object_set_int_member (object, "duration_usec", row->duration);
  set_text (object, "method", row->method);
  set_text (object, "scheme", row->scheme);
  set_text (object, "authority", row->authority);
  set_text (object, "target", row->target);
  if (row->status != 0)
    json_object_set_int_member (object, "status", row->status);
  set_text (object, "media_type", row->media_type);
  json_object_set_int_member (object, "request_bytes", (gint64)row->request_bytes);
  json_object_set_int_member (object, "response_bytes", (gint64)row->response_bytes);
  json_object_set_int_member (object, "connection", row->connection);
  if (row->tunnel_bytes > 0)
    json_object_set_int_member (object, "tunnel_bytes", (gint64)row->tunnel_bytes);
  set_text (object, "client", row->client);
  set_text (object, "server", row->server);
  json_object_set_boolean_member (object, "reconstructed", row->reconstructed);
  return object;
}

/* One element of the array, so that the whole of it never is in memory. */
static void
print_json (Printing *printing, const RtExchangeRow *row)
{
  g_autoptr (JsonNode) node = json_node_alloc ();
  g_autofree char *text = NULL;

  json_node_init_object (node, row_to_json (printing, row));
  json_object_unref (json_node_get_object (node));
  text = json_to_string (node, FALSE);
  printf ("%s\n    %s", printing->printed > 0 ? "," : "", text);
}

static void
print_rows (Printing *printing, const gint64 *ids, guint n)
{
  for (guint at = 0; at < n && printing->error == NULL; at += ROWS_AT_ONCE)
    {
      g_autoptr (GPtrArray) rows = rt_exchange_list_get_rows (
          printing->list, ids + at, MIN (n - at, ROWS_AT_ONCE), &printing->error);

      for (guint i = 0; rows != NULL && i < rows->len; i++)
        {
          if (printing->json)
            print_json (printing, rows->pdata[i]);
          else
            print_line (printing, rows->pdata[i]);
          printing->printed++;
        }
    }
}

static void
tell_progress (Printing *printing, guint64 done, guint64 total)
{
  gint64 now = g_get_monotonic_time ();

  if (!isatty (STDERR_FILENO) || (done < total && now - printing->told < PROGRESS_USEC))
    return;
  printing->told = now;
  if (done < total)
    fprintf (stderr, "\r%3u %% searched", (guint)(done * 100 / total));
  else
    fprintf (stderr, "\r               \r");
  fflush (stderr);
}

static void
batch_cb (const gint64 *ids, guint n, guint64 done, guint64 total, gpointer data)
{
  print_rows (data, ids, n);
  tell_progress (data, done, total);
}

static void
progress_cb (const gint64 *ids, guint n, guint64 done, guint64 total, gpointer data)
{
  tell_progress (data, done, total);
}

/* clang-format off */
static const char *const orders[RT_N_EXCHANGE_ORDERS] = {
  [RT_EXCHANGE_BY_START] = "start",
  [RT_EXCHANGE_BY_DURATION] = "duration",
  [RT_EXCHANGE_BY_METHOD] = "method",
  [RT_EXCHANGE_BY_AUTHORITY] = "domain",
  [RT_EXCHANGE_BY_TARGET] = "target",
  [RT_EXCHANGE_BY_STATUS] = "status",
  [RT_EXCHANGE_BY_REQUEST_BYTES] = "request-size",
  [RT_EXCHANGE_BY_RESPONSE_BYTES] = "response-size",
};
/* clang-format on */

static gboolean
read_sort (const char *text, RtExchangeSearch *search, GError **error)
{
  const RtPlace place = { "--sort", 0, 0 };

  search->descending = *text == '-';
  text += search->descending ? 1 : 0;
  for (guint i = 0; i < RT_N_EXCHANGE_ORDERS; i++)
    if (g_str_equal (orders[i], text))
      {
        search->order = i;
        return TRUE;
      }
  rt_set_unknown (error, &place, "order", text, orders, RT_N_EXCHANGE_ORDERS);
  return FALSE;
}

static gboolean
print_found (Printing *printing, const RtExchangeSearch *search, GError **error)
{
  gboolean at_once = search->order == RT_EXCHANGE_BY_START;
  g_autoptr (GArray) ids = NULL;

  if (printing->json)
    printf ("{\n  \"exchanges\": [");
  ids = rt_exchange_list_search (printing->list, search, at_once ? batch_cb : progress_cb, printing,
                                 NULL, error);
  if (ids != NULL && !at_once)
    print_rows (printing, (const gint64 *)(gpointer)ids->data, ids->len);
  if (printing->json)
    printf ("%s]\n}\n", printing->printed > 0 ? "\n  " : "");
  if (ids != NULL && printing->error != NULL)
    g_propagate_error (error, g_steal_pointer (&printing->error));
  return ids != NULL && (error == NULL || *error == NULL);
}

/* Names of runs differ in length. */
static int
measure (GPtrArray *runs)
{
  glong longest = 0;

  for (guint i = 0; runs->len > 1 && i < runs->len; i++)
    longest = MAX (longest, g_utf8_strlen (((RtRunInfo *)runs->pdata[i])->name, -1));
  return (int)MIN (longest, 40) + 8;
}

static gboolean
list_session (Printing *printing, const RtInspectList *about, GError **error)
{
  RtExchangeSearch search = { .limit = (guint)MAX (about->limit, 0) };
  g_autoptr (RtFilter) filter = rt_filter_new (about->filter != NULL ? about->filter : "", error);
  gint64 total;

  if (filter == NULL || (about->sort != NULL && !read_sort (about->sort, &search, error)))
    return FALSE;
  search.filter = filter;
  printing->runs = rt_session_list_runs (printing->session, error);
  if (printing->runs == NULL)
    return FALSE;
  printing->width = measure (printing->runs);
  printing->list = rt_exchange_list_new (printing->session, error);
  if (printing->list == NULL || !print_found (printing, &search, error))
    return FALSE;
  total = rt_exchange_list_count (printing->list, 0, error);
  if (total >= 0 && !about->json)
    printf ("%u of %" G_GINT64_FORMAT " exchanges\n", printing->printed, total);
  return total >= 0;
}

/**
 * rt_inspect_list:
 * @session: a session
 *
 * Returns: the exit status
 */
int
rt_inspect_list (RtSession *session, const RtInspectList *about)
{
  Printing printing = { .session = session, .json = about->json };
  g_autoptr (GError) error = NULL;
  gboolean done = list_session (&printing, about, &error);

  g_clear_pointer (&printing.list, rt_exchange_list_unref);
  g_clear_pointer (&printing.runs, g_ptr_array_unref);
  g_clear_error (&printing.error);
  return done ? RT_EXIT_OK : rt_cli_fail (error);
}
