/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that cannot be sessions, can no longer be read, or may not be written: an error that names
 * the file and what was expected, never a crash, and what is good stays readable. */
#include "rt-test-record.h"

#include "rt-exchange-list.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/prctl.h>
#include <unistd.h>

#define NOBODY 65534

static void
run_sql (const char *path, const char *sql)
{
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db, sql, NULL, NULL, NULL), SQLITE_OK);
  sqlite3_close (db);
}

static void
assert_refused (const char *path, RtError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  assert_null (rt_session_open (path, &error));
  assert_non_null (error);
  if (!g_error_matches (error, RT_ERROR, (gint)code) || strstr (error->message, path) == NULL
      || strstr (error->message, words) == NULL)
    fail_msg ("unexpected message: %s", error->message);
}

/* clang-format off */
static const struct
{
  const char *name, *contents;
  RtError code;
  const char *words;
} foreign[] = {
  { "an empty file", "", RT_ERROR_SYNTAX, "expected a Roundtrip session" },
  { "a text file", "no database at all, however long it may be, and longer than a header of SQLite"
    " which takes one hundred bytes", RT_ERROR_SYNTAX, "no database" },
  { "a header alone", "SQLite format 3", RT_ERROR_SYNTAX, "expected" },
};
/* clang-format on */

static void
test_foreign (void **state)
{
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      g_autofree char *path = rt_test_path (state, foreign[i].name);

      rt_test_write_file (path, foreign[i].contents, strlen (foreign[i].contents));
      assert_refused (path, foreign[i].code, foreign[i].words);
    }
}

static void
test_no_file (void **state)
{
  g_autofree char *path = rt_test_path (state, "not-there.roundtrip");
  g_autofree char *pipe = rt_test_path (state, "pipe.roundtrip");

  assert_refused (path, RT_ERROR_IO, "No such file");
  assert_refused (*state, RT_ERROR_SYNTAX, "no file");
  assert_int_equal (mkfifo (pipe, 0600), 0);
  assert_refused (pipe, RT_ERROR_SYNTAX, "no file");
}

static void
test_other_application (void **state)
{
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  g_autofree char *session = rt_test_record (state, "b.roundtrip", 1);

  run_sql (path, "CREATE TABLE t (a); PRAGMA application_id=77;");
  assert_refused (path, RT_ERROR_SYNTAX, "another program (application_id 77)");
  run_sql (session, "DROP TABLE run;");
  {
    g_autoptr (GError) error = NULL;
    g_autoptr (RtSession) opened = rt_session_open (session, NULL);

    assert_non_null (opened);
    assert_null (rt_session_list_runs (opened, &error));
    assert_non_null (strstr (error->message, "no such table: run"));
    assert_non_null (strstr (error->message, session));
  }
}

static void
test_newer_version (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 1);
  g_autoptr (GBytes) before = NULL;
  g_autoptr (GBytes) after = NULL;

  run_sql (path, "PRAGMA user_version=99;");
  before = rt_test_read_file (path);
  assert_refused (path, RT_ERROR_VERSION, "newer Roundtrip");
  after = rt_test_read_file (path);
  assert_true (g_bytes_equal (before, after));
}

static void
test_existing_file_is_kept (void **state)
{
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) after = NULL;

  rt_test_write_file (path, "mine", 4);
  assert_null (rt_session_create (path, &error));
  assert_non_null (strstr (error->message, path));
  after = rt_test_read_file (path);
  assert_int_equal (g_bytes_get_size (after), 4);
}

/* Reads all there is; how many events could be read. */
static guint64
read_all (RtSession *session, gint64 run)
{
  g_autoptr (RtReader) reader = rt_session_open_run (session, run, NULL);
  guint64 good = 0;
  guint64 length;

  if (reader == NULL)
    return 0;
  length = rt_reader_get_length (reader);
  for (guint64 at = 0; at < length && at < 100000;)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, &error);

      assert_int_equal (page == NULL, error != NULL);
      if (page == NULL)
        {
          at++;
          continue;
        }
      for (guint i = 0; i < page->n; i++)
        {
          g_autoptr (GVariant) detail = rt_page_dup_detail (page, i);
          g_autoptr (GBytes) bytes = rt_reader_dup_bytes (reader, page->events[i].span, NULL);

          (void)detail;
        }
      good += page->n;
      at = page->first + page->n;
    }
  return good;
}

/* Whatever is in the file, a search of it ends and gives a list or an error. */
static void
search_all (RtSession *session)
{
  static const char *const filters[] = { "status-code:200", "body:a -\"no such text\"", "/a.b/" };
  g_autoptr (GError) problem = NULL;
  g_autoptr (RtExchangeList) list = rt_exchange_list_new (session, &problem);

  assert_int_equal (list == NULL, problem != NULL);
  for (gsize i = 0; list != NULL && i < G_N_ELEMENTS (filters); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RtFilter) filter = rt_filter_new (filters[i], NULL);
      g_autoptr (GArray) ids = rt_exchange_list_search (
          list, &(RtExchangeSearch){ .filter = filter }, NULL, NULL, NULL, &error);

      assert_int_equal (ids == NULL, error != NULL);
    }
}

static guint64
try_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = rt_session_open (path, &error);
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  assert_int_equal (session == NULL, error != NULL);
  if (session == NULL)
    {
      assert_non_null (strstr (error->message, path));
      return 0;
    }
  runs = rt_session_list_runs (session, NULL);
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, 1000, NULL);
  search_all (session);
  return read_all (session, 1);
}

static void
test_cut_off (void **state)
{
  g_autofree char *whole = rt_test_record (state, "whole.roundtrip", 300);
  g_autofree char *path = rt_test_path (state, "cut.roundtrip");
  g_autoptr (GBytes) bytes = rt_test_read_file (whole);
  gsize size = g_bytes_get_size (bytes);
  guint64 all = try_file (whole);
  guint64 before = 0;

  for (gsize cut = 1024; cut < size + 1024; cut += 1024)
    {
      /* At the end of a page, or beside it. */
      gsize length = MIN (cut - cut / 1024 % 3, size);
      guint64 good;

      rt_test_write_file (path, g_bytes_get_data (bytes, NULL), cut >= size ? size : length);
      good = try_file (path);
      assert_in_range (good, before, all);
      before = good;
    }
  assert_int_equal (before, all);
}

static void
test_half (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 1500);
  g_autoptr (GBytes) bytes = rt_test_read_file (path);
  guint64 all = try_file (path);

  rt_test_write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes) / 2);
  assert_in_range (try_file (path), all / 5, all - 1);
}

static void
test_cut_off_is_known (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 1500);
  g_autoptr (GBytes) bytes = rt_test_read_file (path);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GError) error = NULL;

  assert_int_equal (truncate (path, (off_t)g_bytes_get_size (bytes) / 2), 0);
  session = rt_session_open (path, NULL);
  assert_non_null (session);
  assert_true (rt_session_get_damaged (session));
  assert_true (rt_session_get_read_only (session));
  assert_null (
      rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"B" }, NULL, NULL, &error));
  assert_non_null (strstr (error->message, "damaged"));
}

/* A file that was copied without what SQLite had put beside it: what had been moved into it is
 * good.
 */
static void
test_log_missing (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 200);
  g_autofree char *copy = rt_test_path (state, "copy.roundtrip");
  g_autoptr (GBytes) bytes = NULL;
  guint64 all = try_file (path);
  sqlite3 *db = NULL;

  assert_int_equal (sqlite3_open (path, &db), SQLITE_OK);
  assert_int_equal (sqlite3_exec (db,
                                  "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0;"
                                  "DELETE FROM page WHERE id > 1;",
                                  NULL, NULL, NULL),
                    SQLITE_OK);
  bytes = rt_test_read_file (path);
  rt_test_write_file (copy, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  sqlite3_close (db);
  assert_int_equal (try_file (copy), all);
}

static void
test_random_damage (void **state)
{
  g_autofree char *whole = rt_test_record (state, "whole.roundtrip", 200);
  g_autofree char *path = rt_test_path (state, "bad.roundtrip");
  g_autoptr (GBytes) bytes = rt_test_read_file (whole);
  gsize size = g_bytes_get_size (bytes);
  guint64 all = try_file (whole);
  guint opened = 0;

  for (guint seed = 0; seed < 150; seed++)
    {
      g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
      RtRandom random;

      rt_random_init (&random, seed);
      for (guint n = (guint)rt_random_below (&random, 3); n < 3; n++)
        {
          gsize page = rt_random_below (&random, size / 8192) * 8192;
          gsize from = rt_random_below (&random, 8192);

          for (gsize i = from; i < 8192; i += 1 + rt_random_below (&random, 64))
            copy[page + i] = (guint8)rt_random_next (&random);
        }
      rt_test_write_file (path, copy, size);
      opened += try_file (path) > all / 2;
    }
  assert_in_range (opened, 20, 150);
}

static void
test_damaged_page_alone (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 1500);
  guint64 all = try_file (path);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtReader) reader = NULL;
  g_autoptr (GError) error = NULL;

  run_sql (path, "UPDATE page SET data = zeroblob (length (data)) WHERE id = 2;");
  assert_in_range (try_file (path), all / 2, all - 1);
  session = rt_session_open (path, NULL);
  reader = rt_session_open_run (session, 1, NULL);
  for (guint64 at = 0; error == NULL && at < all; at++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, at, &error);
    }
  assert_non_null (error);
  assert_non_null (strstr (error->message, "is damaged"));
  assert_non_null (strstr (error->message, path));
}

static void
test_read_only (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 20);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GError) error = NULL;
  guint64 all = try_file (path);
  uid_t user = geteuid ();

  g_chmod (path, 0444);
  g_chmod (*state, 0555);
  /* Root may write anything. */
  if (user == 0)
    assert_int_equal (seteuid (NOBODY), 0);
  session = rt_session_open (path, NULL);
  assert_non_null (session);
  assert_true (rt_session_get_read_only (session));
  assert_int_equal (read_all (session, 1), all);
  assert_false (rt_session_set_mark (session, 1, 1, "x", &error));
  assert_non_null (strstr (error->message, "read-only"));
  g_clear_pointer (&session, rt_session_unref);
  assert_int_equal (seteuid (user), 0);
  g_chmod (*state, 0700);
}

static void
test_locked (void **state)
{
  g_autofree char *path = rt_test_record (state, "a.roundtrip", 1);
  sqlite3 *db = NULL;

  sqlite3_open (path, &db);
  sqlite3_exec (db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
  assert_refused (path, RT_ERROR_IO, "another program has locked it");
  sqlite3_close (db);
  assert_in_range (try_file (path), 1, 1000);
}

/* What version 1 looked like, with a run that a program of that time recorded. */
static void
test_older_version (void **state)
{
  g_autofree char *path = rt_test_path (state, "old.roundtrip");
  g_autofree char *fixture = g_build_filename (RT_TEST_FIXTURES, "version-1.roundtrip", NULL);
  g_autoptr (GBytes) bytes = rt_test_read_file (fixture);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  rt_test_write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  session = rt_session_open (path, NULL);
  assert_non_null (session);
  assert_int_equal (read_all (session, 1), 19);
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, 10, NULL);
  assert_int_equal (rows->len, 3);
  assert_true (rt_session_set_mark (session, 1, 3, "new in version 2", NULL));
}

/* … and version 2: nothing in it was reconstructed. */
static void
test_version_2 (void **state)
{
  g_autofree char *path = rt_test_path (state, "old.roundtrip");
  g_autofree char *fixture = g_build_filename (RT_TEST_FIXTURES, "version-2.roundtrip", NULL);
  g_autoptr (GBytes) bytes = rt_test_read_file (fixture);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  rt_test_write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  session = rt_session_open (path, NULL);
  assert_non_null (session);
  rows = rt_session_list_exchanges (session, &(RtExchangeQuery){ .run = 1 }, 0, 10, NULL);
  assert_int_equal (rows->len, 5);
  for (guint i = 0; i < rows->len; i++)
    assert_false (((RtExchangeRow *)rows->pdata[i])->reconstructed);
}

/* … and version 3: its marks are about events as a whole. */
static void
test_version_3 (void **state)
{
  g_autofree char *path = rt_test_path (state, "old.roundtrip");
  g_autofree char *fixture = g_build_filename (RT_TEST_FIXTURES, "version-3.roundtrip", NULL);
  g_autoptr (GBytes) bytes = rt_test_read_file (fixture);
  RtMark mark = { 3, { .offset = 4, .length = 2, .buffer = 1 }, (char *)"of two bytes" };
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  const RtMark *first, *second;

  rt_test_write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  session = rt_session_open (path, NULL);
  assert_non_null (session);
  assert_true (rt_session_put_mark (session, 1, &mark, NULL));
  marks = rt_session_list_marks (session, 1, NULL);
  assert_int_equal (marks->len, 2);
  first = marks->pdata[0];
  second = marks->pdata[1];
  assert_string_equal (first->text, "a note of version 3");
  assert_true (rt_span_is_none (first->span));
  assert_string_equal (second->text, "of two bytes");
  assert_int_equal (second->span.offset, 4);
  mark.text = NULL;
  assert_true (rt_session_put_mark (session, 1, &mark, NULL));
  g_clear_pointer (&marks, g_ptr_array_unref);
  marks = rt_session_list_marks (session, 1, NULL);
  assert_int_equal (marks->len, 1);
}

/* Files of every version, where they cannot be changed: read as they are, and searched as if they
 * were new. */
static void
test_older_read_only (void **state)
{
  static const struct
  {
    const char *name;
    guint n_get; /* found by the filter */
  } fixtures[] = {
    { "version-1.roundtrip", 3 }, { "version-2.roundtrip", 5 }, { "version-3.roundtrip", 5 },
    { "version-4.roundtrip", 5 }, { "version-5.roundtrip", 2 },
  };

  if (geteuid () == 0)
    g_assert_cmpint (seteuid (65534), ==, 0); /* to root nothing is read-only */
  for (gsize i = 0; i < G_N_ELEMENTS (fixtures); i++)
    {
      g_autofree char *fixture = g_build_filename (RT_TEST_FIXTURES, fixtures[i].name, NULL);
      g_autoptr (GBytes) before = rt_test_read_file (fixture);
      g_autoptr (GBytes) after = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (RtSession) session = rt_session_open (fixture, &error);
      g_autoptr (RtExchangeList) list = NULL;
      g_autoptr (RtFilter) filter = rt_filter_new ("has-request-header:host", NULL);
      g_autoptr (GArray) ids = NULL;

      assert_null (error);
      assert_true (rt_session_get_read_only (session));
      list = rt_exchange_list_new (session, &error);
      ids = rt_exchange_list_search (list, &(RtExchangeSearch){ .run = 1, .filter = filter }, NULL,
                                     NULL, NULL, &error);
      assert_null (error);
      assert_int_equal (ids->len, fixtures[i].n_get);
      after = rt_test_read_file (fixture);
      assert_true (g_bytes_equal (before, after));
    }
  if (getuid () == 0)
    {
      g_assert_cmpint (seteuid (0), ==, 0);
      /* Or the search for leaks may not look at us any more. */
      prctl (PR_SET_DUMPABLE, 1);
    }
}

/* … and where they can: brought up to date, rows and all. */
static void
test_version_4 (void **state)
{
  g_autofree char *path = rt_test_path (state, "old.roundtrip");
  g_autofree char *fixture = g_build_filename (RT_TEST_FIXTURES, "version-4.roundtrip", NULL);
  g_autoptr (GBytes) bytes = rt_test_read_file (fixture);
  g_autoptr (RtFilter) filter = rt_filter_new ("has-request-header:host", NULL);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtExchangeList) list = NULL;
  g_autoptr (GArray) ids = NULL;

  rt_test_write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  session = rt_session_open (path, NULL);
  assert_false (rt_session_get_read_only (session));
  list = rt_exchange_list_new (session, NULL);
  ids = rt_exchange_list_search (list, &(RtExchangeSearch){ .run = 1, .filter = filter }, NULL,
                                 NULL, NULL, NULL);
  assert_int_equal (ids->len, 5);
}

/* … and version 5: nobody has looked at its run as a whole. */
static void
test_version_5 (void **state)
{
  g_autofree char *path = rt_test_path (state, "old.roundtrip");
  g_autofree char *fixture = g_build_filename (RT_TEST_FIXTURES, "version-5.roundtrip", NULL);
  g_autoptr (GBytes) bytes = rt_test_read_file (fixture);
  g_autoptr (RtFilter) filter = rt_filter_new ("has:warning", NULL);
  g_autoptr (RtSession) session = NULL;
  g_autoptr (RtExchangeList) list = NULL;
  g_autoptr (GArray) ids = NULL;

  rt_test_write_file (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  session = rt_session_open (path, NULL);
  list = rt_exchange_list_new (session, NULL);
  ids = rt_exchange_list_search (list, &(RtExchangeSearch){ .run = 1, .filter = filter }, NULL,
                                 NULL, NULL, NULL);
  assert_int_equal (ids->len, 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("what is no database is refused", test_foreign),
    RT_TEST ("what is no file is refused", test_no_file),
    RT_TEST ("another program's database is refused", test_other_application),
    RT_TEST ("a newer version is refused and left alone", test_newer_version),
    RT_TEST ("a file that is there is never overwritten", test_existing_file_is_kept),
    RT_TEST ("a file cut off at any length gives what is left", test_cut_off),
    RT_TEST ("half of a file is good for a good part of its events", test_half),
    RT_TEST ("a file cut off says so and is not written", test_cut_off_is_known),
    RT_TEST ("a file without the log beside it gives what is in it", test_log_missing),
    RT_TEST ("damage at random places never crashes", test_random_damage),
    RT_TEST ("a damaged page leaves the others readable", test_damaged_page_alone),
    RT_TEST ("a read-only file in a read-only folder is read", test_read_only),
    RT_TEST ("a locked file is an error after a while, not a hang", test_locked),
    RT_TEST ("a file of version 1 becomes one of today", test_older_version),
    RT_TEST ("a file of version 2 becomes one of today", test_version_2),
    RT_TEST ("a file of version 3 becomes one of today", test_version_3),
    RT_TEST ("a file of version 4 is brought up to date and searched", test_version_4),
    RT_TEST ("a file of version 5 is looked at as a whole", test_version_5),
    RT_TEST ("old files that cannot be changed are read and searched", test_older_read_only),
  };

  return cmocka_run_group_tests_name ("bad files", tests, NULL, NULL);
}
