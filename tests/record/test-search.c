/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Searches of a session file: they say what the analysis of its log says, find bytes wherever a
 * message is cut, tell what they find as they go and stop when they are told to. */
#include "rt-test-record.h"

#include "filter-rows.h"
#include "rt-exchange-list.h"

static void
record_reader (RtSession *session, RtReader *reader)
{
  g_autoptr (GError) error = NULL;
  const RtRunInfo about = { .name = (char *)"A", .source = RT_SOURCE_IMPORT };
  RtRecorder *recorder = rt_session_begin_run (session, &about, NULL, NULL, &error);

  assert_non_null (recorder);
  for (guint64 at = 0; at < rt_reader_get_length (reader);)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, NULL);

      rt_recorder_add_page (page, recorder);
      at = page->first + page->n;
    }
  assert_true (rt_recorder_finish (recorder, &error));
}

static RtExchangeList *list;
static void *folder; /* not the group's state: that would take the place of each row's */

/* Marks: exchange 2 has one, exchange 4 a note. */
static void
set_marks (void)
{
  RtExchangeSearch search = { .run = 1 };
  g_autoptr (GArray) ids = rt_exchange_list_search (list, &search, NULL, NULL, NULL, NULL);
  g_autoptr (GPtrArray) rows
      = rt_exchange_list_get_rows (list, (const gint64 *)(gpointer)ids->data, ids->len, NULL);
  RtSession *session = rt_exchange_list_get_session (list);

  assert_true (
      rt_session_set_mark (session, 1, ((RtExchangeRow *)rows->pdata[1])->first_event, "", NULL));
  assert_true (rt_session_set_mark (session, 1, ((RtExchangeRow *)rows->pdata[3])->first_event,
                                    "look here", NULL));
}

static int
set_up_filters (void **state)
{
  Builder b = build_log ();
  g_autofree char *path = NULL;
  g_autoptr (RtSession) session = NULL;

  rt_test_setup (&folder);
  path = rt_test_path (&folder, "filters.roundtrip");
  session = rt_session_create (path, NULL);
  build_filtered (&b);
  rt_log_flush (b.log);
  record_reader (session, rt_log_get_reader (b.log));
  rt_log_free (b.log);
  list = rt_exchange_list_new (session, NULL);
  set_marks ();
  return 0;
}

static int
tear_down_filters (void **state)
{
  rt_exchange_list_unref (list);
  return rt_test_teardown (&folder);
}

static GArray *
search_for (RtExchangeList *in, const char *text, const RtExchangeSearch *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtFilter) filter = rt_filter_new (text, &error);
  RtExchangeSearch search = *about;
  GArray *ids;

  assert_null (error);
  search.filter = filter;
  ids = rt_exchange_list_search (in, &search, NULL, NULL, NULL, &error);
  assert_null (error);
  return ids;
}

static char *
numbers_of (GArray *ids)
{
  GString *told = g_string_new (NULL);

  for (guint i = 0; i < ids->len; i++)
    g_string_append_printf (told, "%s%" G_GINT64_FORMAT, i > 0 ? " " : "",
                            g_array_index (ids, gint64, i));
  return g_string_free (told, FALSE);
}

static void
test_row (void **state)
{
  const FilterRow *row = *state;
  g_autoptr (GArray) ids = search_for (list, row->filter, &(RtExchangeSearch){ .run = 1 });
  g_autofree char *numbers = numbers_of (ids);

  assert_string_equal (numbers, row->matches);
}

static void
test_orders (void **state)
{
  static const struct
  {
    RtExchangeSearch search;
    const char *filter, *numbers;
  } rows[] = {
    { { .descending = TRUE }, "", "7 6 5 4 3 2 1" },
    { { .descending = TRUE }, "method:GET", "7 6 5 4 1" },
    { { .order = RT_EXCHANGE_BY_METHOD }, "", "1 4 5 6 7 3 2" },
    { { .order = RT_EXCHANGE_BY_METHOD, .descending = TRUE }, "", "2 3 1 4 5 6 7" },
    { { .order = RT_EXCHANGE_BY_STATUS, .descending = TRUE }, "-is:running", "6 2 4 3 1 5" },
    { { .order = RT_EXCHANGE_BY_TARGET }, "cheese", "1" },
    { { .limit = 2 }, "", "1 2" },
    { { .limit = 2, .descending = TRUE }, "method:GET", "7 6" },
    { { .limit = 2, .order = RT_EXCHANGE_BY_METHOD }, "", "1 4" },
    { { .after = 5 }, "", "6 7" },
    { { .after = 5, .order = RT_EXCHANGE_BY_STATUS, .descending = TRUE }, "", "6 7" },
    { { .run = 2 }, "", "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GArray) ids = search_for (list, rows[i].filter, &rows[i].search);
      g_autofree char *numbers = numbers_of (ids);

      assert_string_equal (numbers, rows[i].numbers);
    }
  assert_int_equal (rt_exchange_list_count (list, 0, NULL), 7);
  assert_int_equal (rt_exchange_list_count (list, 1, NULL), 7);
}

static void
test_values (void **state)
{
  static const struct
  {
    RtFilterKey key;
    const char *values;
  } rows[] = {
    { RT_FILTER_METHOD, "GET OPTIONS PUT" },
    { RT_FILTER_STATUS_CODE, "200 204 301 412 500" },
    { RT_FILTER_MIME_TYPE, "application/json text/html" },
    { RT_FILTER_COOKIE_NAME, "sid theme" },
    { RT_FILTER_SET_COOKIE_NAME, "seen" },
    { RT_FILTER_PARTY, "ann api.shop.test" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_auto (GStrv) values = rt_exchange_list_dup_values (rows[i].key, list);
      g_autofree char *joined = g_strjoinv (" ", values);

      assert_string_equal (joined, rows[i].values);
    }
}

/* -- Many exchanges -- */

#define N_EXCHANGES 2500
#define NEEDLE "Needle-in-a-haystack"

typedef struct
{
  RtTestLog log;
  RtConnection connections[3];
  RtBufferId buffers[3][2];
  GArray *with; /* guint: numbers of the exchanges that have the needle in their content */
} Many;

/* The content leaves in two pieces, and the log's page may end between them. */
static void
send_in_two (Many *many, guint connection, const char *head, const char *body, gsize size)
{
  gsize cut = rt_random_below (&many->log.random, size + 1);

  rt_test_log_send (&many->log, many->connections[connection], many->buffers[connection][1],
                    RT_BACKWARD, head, strlen (head));
  rt_test_log_send (&many->log, many->connections[connection], many->buffers[connection][1],
                    RT_BACKWARD, body, cut);
  if (rt_random_below (&many->log.random, 2) == 0)
    rt_log_flush (many->log.log);
  rt_test_log_send (&many->log, many->connections[connection], many->buffers[connection][1],
                    RT_BACKWARD, body + cut, size - cut);
}

static char *
write_head (gboolean chunked, gsize size)
{
  return chunked ? g_strdup ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                 : g_strdup_printf ("HTTP/1.1 200 OK\r\nContent-Length: %u\r\n\r\n", (guint)size);
}

/* @text in chunks, one of which may end in the needle. */
static GString *
chunked_body (Many *many, const char *text, gsize size)
{
  GString *body = g_string_new (NULL);

  for (gsize at = 0; at < size;)
    {
      gsize take = 1 + rt_random_below (&many->log.random, 3000);

      take = MIN (take, size - at);
      g_string_append_printf (body, "%x\r\n", (guint)take);
      g_string_append_len (body, text + at, (gssize)take);
      g_string_append (body, "\r\n");
      at += take;
    }
  g_string_append (body, "0\r\n\r\n");
  return body;
}

static void
send_one (Many *many, guint number)
{
  guint connection = rt_random_below (&many->log.random, 3);
  gsize size = rt_random_below (&many->log.random, number % 50 == 0 ? 60000 : 2000);
  g_autofree char *text = rt_test_body (number, size + sizeof NEEDLE);
  gboolean chunked = number % 7 == 0;
  g_autofree char *head = NULL;
  g_autofree char *request
      = g_strdup_printf ("GET /%u HTTP/1.1\r\nHost: many.test\r\n\r\n", number);

  size += sizeof NEEDLE;
  if (rt_random_below (&many->log.random, 40) == 0)
    {
      gsize at = rt_random_below (&many->log.random, size - sizeof NEEDLE + 1);

      memcpy (text + at, NEEDLE, sizeof NEEDLE - 1);
      g_array_append_val (many->with, number);
    }
  rt_test_log_send (&many->log, many->connections[connection], many->buffers[connection][0],
                    RT_FORWARD, request, strlen (request));
  head = write_head (chunked, size);
  if (chunked)
    {
      g_autoptr (GString) body = chunked_body (many, text, size);

      send_in_two (many, connection, head, body->str, body->len);
      g_string_free (g_steal_pointer (&body), TRUE);
    }
  else
    send_in_two (many, connection, head, text, size);
}

static RtSession *
record_many (void **state, Many *many)
{
  g_autofree char *path = rt_test_path (state, "many.roundtrip");
  RtSession *session = rt_session_create (path, NULL);
  const RtRunInfo about = { .name = (char *)"A", .source = RT_SOURCE_IMPORT };
  RtRecorder *recorder = rt_session_begin_run (session, &about, NULL, NULL, NULL);

  many->with = g_array_new (FALSE, FALSE, sizeof (guint));
  rt_test_log_init (&many->log, rt_recorder_add_page, recorder, 7);
  for (guint i = 0; i < 3; i++)
    many->connections[i] = rt_test_log_connect (&many->log, many->buffers[i]);
  for (guint i = 1; i <= N_EXCHANGES; i++)
    send_one (many, i);
  rt_log_flush (many->log.log);
  assert_true (rt_recorder_finish (recorder, NULL));
  rt_test_log_clear (&many->log);
  return session;
}

static void
assert_found (RtExchangeList *in, const char *filter, const GArray *with)
{
  g_autoptr (GArray) ids = search_for (in, filter, &(RtExchangeSearch){ .run = 1 });

  assert_int_equal (ids->len, with->len);
  for (guint i = 0; i < with->len; i++)
    assert_int_equal (g_array_index (ids, gint64, i), g_array_index (with, guint, i));
}

static void
test_many (void **state)
{
  Many many = { 0 };
  g_autoptr (RtSession) session = record_many (state, &many);
  g_autoptr (RtExchangeList) in = rt_exchange_list_new (session, NULL);
  g_autoptr (GArray) all = NULL;

  assert_in_range (many.with->len, 30, 100);
  assert_found (in, "body:" NEEDLE, many.with);
  assert_found (in, "body:nEEdle-IN-a-haystack", many.with);
  assert_found (in, NEEDLE, many.with);
  assert_found (in, "/Needle.in.a/", many.with);
  assert_found (in, "response-body:needle-in url:/ status-code:200", many.with);
  all = search_for (in, "-body:" NEEDLE, &(RtExchangeSearch){ .run = 1 });
  assert_int_equal (all->len, N_EXCHANGES - many.with->len);
  g_array_unref (many.with);
}

typedef struct
{
  guint n, batches;
  guint64 done, total;
  GCancellable *cancellable;
  RtExchangeList *list; /* rows are read while it is searched */
} Told;

static void
batch_cb (const gint64 *ids, guint n, guint64 done, guint64 total, gpointer data)
{
  Told *told = data;

  told->n += n;
  told->batches++;
  assert_true (done > told->done && done <= total);
  told->done = done;
  told->total = total;
  if (n > 0)
    {
      g_autoptr (GPtrArray) rows = rt_exchange_list_get_rows (told->list, ids, 1, NULL);

      assert_int_equal (((RtExchangeRow *)rows->pdata[0])->id, ids[0]);
    }
  if (told->cancellable != NULL)
    g_cancellable_cancel (told->cancellable);
}

static void
test_batches (void **state)
{
  Many many = { 0 };
  g_autoptr (RtSession) session = record_many (state, &many);
  g_autoptr (RtExchangeList) in = rt_exchange_list_new (session, NULL);
  g_autoptr (RtFilter) filter = rt_filter_new (NEEDLE, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Told told = { .list = in };
  g_autoptr (GArray) ids = rt_exchange_list_search (in, &(RtExchangeSearch){ .filter = filter },
                                                    batch_cb, &told, cancellable, NULL);

  assert_int_equal (told.n, ids->len);
  assert_int_equal (told.done, told.total);
  told = (Told){ .cancellable = cancellable, .list = in };
  assert_null (rt_exchange_list_search (in, &(RtExchangeSearch){ .filter = filter }, batch_cb,
                                        &told, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_clear_error (&error);
  assert_null (rt_exchange_list_search (in, &(RtExchangeSearch){ .order = RT_EXCHANGE_BY_STATUS },
                                        NULL, NULL, cancellable, &error));
  assert_true (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
  g_array_unref (many.with);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (filter_rows) + 4] = {
    { "sorted, cut short, and only what is new", test_orders, NULL, NULL, NULL },
    { "values are offered for completion", test_values, NULL, NULL, NULL },
    RT_TEST ("bytes are found wherever a message is cut", test_many),
    RT_TEST ("a search tells what it finds, and stops when told to", test_batches),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (filter_rows); i++)
    tests[i + 4] = (struct CMUnitTest){ filter_rows[i].filter, test_row, NULL, NULL,
                                        (void *)&filter_rows[i] };
  return _cmocka_run_group_tests ("searches", tests, G_N_ELEMENTS (tests), set_up_filters,
                                  tear_down_filters);
}
