/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts below a session: content that is stored once, pages as bytes, the hash. */
#include "rt-test-record.h"

#include "rt-contents.h"
#include "rt-hash.h"
#include "rt-page-code.h"
#include "rt-session-schema.h"

#include <glib/gstdio.h>
#include <string.h>

static guint64
same_for_all (gconstpointer data, gsize size)
{
  return 42;
}

static void
check_contents (void **state, RtHashFunc hash, gboolean forget)
{
  g_autofree char *path = rt_test_path (state, "a.roundtrip");
  RtStoreState opened;
  g_autoptr (sqlite3) db = rt_store_open (path, &rt_session_kind, RT_STORE_CREATE, &opened, NULL);
  g_autoptr (RtContents) contents = rt_contents_new (db, hash, NULL);
  gint64 n = 0;

  for (guint round = 0; round < 2; round++)
    for (guint i = 0; i < 4; i++)
      {
        gsize size = 20000 + i / 2;
        g_autofree char *body = rt_test_body (i, size);
        g_autoptr (GBytes) bytes = NULL;
        gint64 id = 0;

        assert_true (rt_contents_store (contents, (const guint8 *)body, size, &id, NULL));
        assert_int_equal (id, i + 1);
        bytes = rt_contents_load (contents, id, NULL);
        assert_int_equal (g_bytes_get_size (bytes), size);
        assert_memory_equal (g_bytes_get_data (bytes, NULL), body, size);
        if (forget)
          rt_contents_forget (contents);
      }
  assert_true (rt_store_number (db, "SELECT count(*) FROM content", &n, NULL));
  assert_int_equal (n, 4);
  assert_null (rt_contents_load (contents, 99, NULL));
}

static void
test_contents (void **state)
{
  check_contents (state, rt_hash, FALSE);
}

static void
test_contents_on_disk (void **state)
{
  check_contents (state, rt_hash, TRUE);
}

static void
test_collision (void **state)
{
  check_contents (state, same_for_all, FALSE);
}

static void
test_collision_on_disk (void **state)
{
  check_contents (state, same_for_all, TRUE);
}

/* The same bytes behind another beginning are cut at the same places. */
static void
test_cut (void **state)
{
  const gsize size = 600000;
  g_autofree char *body = rt_test_body (1, size);
  g_autofree guint8 *shifted = g_malloc (size + 777);
  g_autoptr (GHashTable) cuts = g_hash_table_new (NULL, NULL);
  guint same = 0;
  guint n = 0;

  memset (shifted, 'x', 777);
  memcpy (shifted + 777, body, size);
  for (gsize at = 0; at < size;)
    {
      gsize piece = rt_contents_cut ((const guint8 *)body + at, size - at);

      assert_in_range (piece, 1, 65536);
      at += piece;
      g_hash_table_add (cuts, GSIZE_TO_POINTER (at));
      n++;
    }
  for (gsize at = 0; at < size + 777;)
    {
      at += rt_contents_cut (shifted + at, size + 777 - at);
      same += g_hash_table_contains (cuts, GSIZE_TO_POINTER (at - 777));
    }
  assert_in_range (same, n / 2, n);
}

static void
test_hash (void **state)
{
  static const guint8 bytes[100] = { 1, 2, 3 };
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  guint64 hashes[101];

  for (gsize size = 0; size <= sizeof bytes; size++)
    {
      hashes[size] = rt_hash (bytes, size);
      assert_true (g_hash_table_add (seen, &hashes[size]));
    }
  /* It is in files. */
  assert_int_equal (rt_hash ("Roundtrip", 9), G_GUINT64_CONSTANT (0xf49727a4560d59ad));
}

/* Numbers at the edges of their types come back as they were. */
static void
test_page_edges (void **state)
{
  g_auto (RtPageParts) parts = { 0 };
  g_auto (RtPageParts) again = { 0 };
  g_autoptr (GByteArray) bytes = NULL;
  RtPageEncoding encoding;
  const RtEvent events[] = {
    { .time = G_MININT64, .cause = RT_EVENT_NONE, .kind = RT_EVENT_EOF },
    { .time = G_MAXINT64,
      .cause = 0,
      .span = { G_MAXUINT64, G_MAXUINT32, G_MAXUINT32 },
      .connection = G_MAXUINT32,
      .party = G_MAXUINT16,
      .kind = RT_EVENT_SENT },
    { .time = 0, .cause = G_MAXUINT64 - 1, .span = { 0, 1, 1 }, .kind = RT_EVENT_GAP },
  };
  const RtPlacement places[] = {
    { { G_MAXUINT64 - 9, 9, 5 }, G_MAXINT64, 0, FALSE },
    { { 0, 0, 6 }, 1, G_MAXUINT32, TRUE },
  };

  rt_page_parts_init (&parts, G_MAXINT64);
  rt_page_parts_init (&again, G_MAXINT64);
  g_array_append_vals (parts.events, events, G_N_ELEMENTS (events));
  g_array_append_vals (parts.placements, places, G_N_ELEMENTS (places));
  bytes = rt_page_encode (&parts, &encoding);
  assert_true (rt_page_decode (&again, encoding, 3, bytes->data, bytes->len, NULL));
  assert_memory_equal (again.events->data, events, sizeof events);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const RtPlacement *place = &g_array_index (again.placements, RtPlacement, i);

      assert_int_equal (place->span.offset, places[i].span.offset);
      assert_int_equal (place->span.length, places[i].span.length);
      assert_int_equal (place->span.buffer, places[i].span.buffer);
      assert_int_equal (place->position, places[i].position);
      assert_int_equal (place->content, places[i].content);
      assert_int_equal (place->id, places[i].id);
    }
}

/* A page of long details is deflated and comes back. */
static void
test_page_deflated (void **state)
{
  g_auto (RtPageParts) parts = { 0 };
  g_auto (RtPageParts) again = { 0 };
  g_autoptr (GByteArray) bytes = NULL;
  RtPageEncoding encoding;
  const RtEvent event = { .cause = RT_EVENT_NONE, .kind = RT_EVENT_EOF };

  rt_page_parts_init (&parts, 0);
  rt_page_parts_init (&again, 0);
  g_array_append_val (parts.events, event);
  g_byte_array_set_size (parts.arena, 100000);
  memset (parts.arena->data, 'a', 100000);
  bytes = rt_page_encode (&parts, &encoding);
  assert_int_equal (encoding, RT_PAGE_DEFLATED);
  assert_in_range (bytes->len, 1, 1000);
  assert_true (rt_page_decode (&again, encoding, 1, bytes->data, bytes->len, NULL));
  assert_int_equal (again.arena->len, 100000);
  assert_memory_equal (again.arena->data, parts.arena->data, 100000);
}

/* The write-ahead log is copied into the file as it grows, also while somebody reads. */
static void
test_log_stays_small (void **state)
{
  g_autofree char *path = rt_test_path (state, "long.roundtrip");
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autoptr (RtSession) session = rt_session_create (path, NULL);
  RtRecorder *recorder
      = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);
  g_autoptr (RtReader) reader = rt_session_open_run (session, 1, NULL);
  RtBufferId buffers[2];
  RtConnection connection;
  RtTestLog test;
  GStatBuf info;
  goffset most = 0;

  rt_test_log_init (&test, rt_recorder_add_page, recorder, 1);
  connection = rt_test_log_connect (&test, buffers);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *body = rt_test_body (i, 1000 * 1000);

      rt_test_log_exchange (&test, connection, buffers, 200, body, 1000 * 1000);
      rt_log_flush (test.log);
      assert_true (rt_recorder_flush (recorder, NULL));
      rt_reader_get_length (reader);
      assert_int_equal (g_stat (wal, &info), 0);
      most = MAX (most, info.st_size);
    }
  assert_true (rt_recorder_finish (recorder, NULL));
  assert_in_range (most, 1, 25 * 1000 * 1000);
  rt_test_log_clear (&test);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("equal content has one row", test_contents),
    RT_TEST ("equal content has one row, looked up in the file", test_contents_on_disk),
    RT_TEST ("content of equal hash is told apart", test_collision),
    RT_TEST ("content of equal hash is told apart, looked up in the file", test_collision_on_disk),
    RT_TEST ("a shifted body is cut at the same places", test_cut),
    RT_TEST ("the hash stays what it is in files", test_hash),
    RT_TEST ("the largest and smallest numbers of a page are kept", test_page_edges),
    RT_TEST ("a page of long details is deflated", test_page_deflated),
    RT_TEST ("the log beside the file stays small", test_log_stays_small),
  };

  return cmocka_run_group_tests_name ("storage", tests, NULL, NULL);
}
