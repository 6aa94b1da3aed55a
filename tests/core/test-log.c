/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The log, its pages and its reader; pages that lie. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "rt-error.h"
#include "rt-log.h"

static guint64
append (RtLog *log, RtTime time)
{
  return rt_log_append (log,
                        &(RtEvent){ .time = time, .cause = RT_EVENT_NONE, .kind = RT_EVENT_CLOCK },
                        g_variant_new_int64 (time));
}

static RtSpan
write_text (RtLog *log, RtBufferId buffer, const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  return rt_log_write (log, buffer, bytes);
}

static RtBufferId
add_buffer (RtLog *log)
{
  return rt_log_add_buffer (log, 0, rt_log_next_connection (log), 1, RT_FORWARD, RT_BYTES_CROSSED,
                            0);
}

static void
count_pages (RtPage *page, gpointer data)
{
  guint64 *next = data;

  assert_int_equal (page->first, *next);
  assert_true (page->n > 0);
  *next += page->n;
}

static void
test_events_have_their_position_for_number (void **state)
{
  guint64 told = 0;
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, count_pages, &told);

  for (guint64 i = 0; i < 5000; i++)
    assert_int_equal (append (log, (RtTime)i), i);
  assert_int_equal (rt_log_get_length (log), 5000);
  rt_log_flush (log);
  assert_int_equal (told, 5000);
  assert_int_equal (rt_reader_get_length (rt_log_get_reader (log)), 5000);
  for (guint64 i = 0; i < 5000; i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (rt_log_get_reader (log), i, NULL);
      g_autoptr (GVariant) detail = rt_page_dup_detail (page, (guint)(i - page->first));

      assert_int_equal (g_variant_get_int64 (detail), i);
      assert_int_equal (page->events[i - page->first].time, i);
    }
}

static void
test_time_does_not_go_backwards (void **state)
{
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  g_autoptr (RtPage) page = NULL;

  append (log, 100);
  append (log, 50);
  rt_log_flush (log);
  page = rt_reader_dup_page (rt_log_get_reader (log), 0, NULL);
  assert_int_equal (page->events[1].time, 100);
}

static void
test_bytes_are_found_over_chunks_and_pages (void **state)
{
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  RtBufferId a = add_buffer (log);
  RtBufferId b = add_buffer (log);
  const char *whole = "hello world, good bye";

  write_text (log, a, "hello");
  write_text (log, b, "other");
  append (log, 1);
  write_text (log, a, " world");
  rt_log_flush (log);
  append (log, 2);
  write_text (log, a, "");
  assert_int_equal (write_text (log, a, ", good bye").offset, 11);
  append (log, 3);
  rt_log_flush (log);
  for (guint from = 0; from < strlen (whole); from++)
    for (guint to = from; to <= strlen (whole); to++)
      {
        g_autoptr (GBytes) bytes = rt_log_dup_bytes (log, (RtSpan){ from, to - from, a }, NULL);

        assert_int_equal (g_bytes_get_size (bytes), to - from);
        if (to > from)
          assert_memory_equal (g_bytes_get_data (bytes, NULL), whole + from, to - from);
      }
}

static void
test_bytes_that_are_not_there_are_missing (void **state)
{
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  RtBufferId buffer = add_buffer (log);
  const RtSpan wrong[] = { { 0, 6, buffer },
                           { 5, 1, buffer },
                           { 0, G_MAXUINT32, buffer },
                           { G_MAXUINT64, 1, buffer },
                           { G_MAXUINT64 - 3, G_MAXUINT32, buffer },
                           { 0, 1, buffer + 1 },
                           { 0, 1, 0 },
                           { 0, 1, G_MAXUINT32 } };

  write_text (log, buffer, "hello");
  append (log, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      assert_null (rt_log_dup_bytes (log, wrong[i], &error));
      assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_MISSING));
    }
}

static void
test_bytes_wait_for_the_event_that_shows_them (void **state)
{
  guint64 told = 0;
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, count_pages, &told);
  RtBufferId buffer = add_buffer (log);
  RtSpan span;

  rt_log_flush (log);
  span = write_text (log, buffer, "hello");
  rt_log_flush (log);
  assert_int_equal (told, 1);
  append (log, 1);
  rt_log_flush (log);
  assert_int_equal (told, 2);
  g_bytes_unref (rt_log_dup_bytes (log, span, NULL));
}

static void
test_a_log_that_keeps_nothing (void **state)
{
  g_autoptr (RtLog) log = rt_log_new (0, NULL, NULL);
  g_autoptr (GError) error = NULL;
  RtBufferId buffer = add_buffer (log);

  for (int i = 0; i < 3000; i++)
    {
      write_text (log, buffer, "hello");
      append (log, i);
    }
  assert_int_equal (rt_log_get_length (log), 3001);
  assert_null (rt_log_get_reader (log));
  assert_null (rt_log_dup_bytes (log, (RtSpan){ 0, 1, buffer }, &error));
  assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_MISSING));
}

static void
test_a_log_that_forgets (void **state)
{
  guint64 told = 0;
  g_autoptr (RtLog) log = rt_log_new (64 * 1024, count_pages, &told);
  RtBufferId buffer = add_buffer (log);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPage) page = NULL;

  for (int i = 0; i < 20000; i++)
    {
      write_text (log, buffer, "hello world");
      append (log, i);
    }
  rt_log_flush (log);
  assert_int_equal (told, 20001);
  assert_int_equal (rt_reader_get_length (rt_log_get_reader (log)), 20001);
  assert_null (rt_reader_dup_page (rt_log_get_reader (log), 0, &error));
  assert_true (g_error_matches (error, RT_ERROR, RT_ERROR_MISSING));
  page = rt_reader_dup_page (rt_log_get_reader (log), 20000, NULL);
  assert_non_null (page);
}

static void
test_a_page_outlives_its_log (void **state)
{
  RtLog *log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  g_autoptr (RtPage) page = NULL;
  g_autoptr (GVariant) detail = NULL;
  g_autoptr (GVariant) bob = g_variant_ref_sink (g_variant_new ("(ss)", "bob", "client"));
  RtBufferId buffer;

  assert_int_equal (rt_log_add_party (log, 5, "ann", "client"), 1);
  assert_int_equal (rt_log_add_party (log, 5, "bob", "client"), 2);
  buffer = add_buffer (log);
  write_text (log, buffer, "hello");
  append (log, 6);
  rt_log_flush (log);
  page = rt_reader_dup_page (rt_log_get_reader (log), 0, NULL);
  rt_log_free (log);
  detail = rt_page_dup_detail (page, 1);
  assert_true (g_variant_equal (detail, bob));
  assert_int_equal (page->n_chunks, 1);
  assert_int_equal (g_bytes_get_size (page->chunks[0].bytes), 5);
}

static void
test_a_page_that_lies_has_no_detail (void **state)
{
  g_autoptr (GBytes) arena = g_bytes_new ("12345678", 8);
  const RtEvent events[] = {
    { .kind = RT_EVENT_CLOCK, .detail = 0, .detail_length = 9 },
    { .kind = RT_EVENT_CLOCK, .detail = 9, .detail_length = 1 },
    { .kind = RT_EVENT_CLOCK, .detail = G_MAXUINT32, .detail_length = G_MAXUINT32 },
    { .kind = RT_EVENT_EOF, .detail = 0, .detail_length = 8 },
    { .kind = 999, .detail = 0, .detail_length = 8 },
    { .kind = RT_EVENT_PARTY, .detail = 1, .detail_length = 7 },
  };
  g_autoptr (RtPage) page = rt_page_new (0, events, G_N_ELEMENTS (events), arena, NULL, 0);
  g_autoptr (GVariant) wrong = rt_page_dup_detail (page, 5);
  const char *name, *kind;

  for (guint i = 0; i < 5; i++)
    assert_null (rt_page_dup_detail (page, i));
  g_variant_get (wrong, "(&s&s)", &name, &kind);
  assert_non_null (name);
  assert_non_null (kind);
}

static void
test_every_kind_has_a_name (void **state)
{
  for (guint i = 0; i < RT_N_EVENT_KINDS; i++)
    {
      const GVariantType *type = rt_event_kind_detail_type (i);

      assert_string_not_equal (rt_event_kind_name (i), "unknown");
      for (guint j = 0; j < i; j++)
        assert_string_not_equal (rt_event_kind_name (i), rt_event_kind_name (j));
      assert_true (type == NULL || g_variant_type_is_definite (type));
    }
  assert_string_equal (rt_event_kind_name (RT_N_EVENT_KINDS), "unknown");
  assert_null (rt_event_kind_detail_type (RT_N_EVENT_KINDS));
}

static void
test_spans (void **state)
{
  RtSpan span = { 10, 5, 1 };

  assert_int_equal (rt_span_end (span), 15);
  assert_true (rt_span_contains (span, rt_span_sub (span, 2, 3)));
  assert_false (rt_span_contains (span, rt_span_sub (span, 2, 4)));
  assert_false (rt_span_contains (span, (RtSpan){ 10, 5, 2 }));
  assert_true (rt_span_is_none (rt_span_sub (RT_SPAN_NONE, 2, 3)));
  assert_int_equal (rt_span_join (span, (RtSpan){ 2, 3, 1 }).offset, 2);
  assert_int_equal (rt_span_join (span, (RtSpan){ 2, 3, 1 }).length, 13);
  assert_int_equal (rt_span_join (RT_SPAN_NONE, span).offset, 10);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_events_have_their_position_for_number),
    cmocka_unit_test (test_time_does_not_go_backwards),
    cmocka_unit_test (test_bytes_are_found_over_chunks_and_pages),
    cmocka_unit_test (test_bytes_that_are_not_there_are_missing),
    cmocka_unit_test (test_bytes_wait_for_the_event_that_shows_them),
    cmocka_unit_test (test_a_log_that_keeps_nothing),
    cmocka_unit_test (test_a_log_that_forgets),
    cmocka_unit_test (test_a_page_outlives_its_log),
    cmocka_unit_test (test_a_page_that_lies_has_no_detail),
    cmocka_unit_test (test_every_kind_has_a_name),
    cmocka_unit_test (test_spans),
  };

  return cmocka_run_group_tests_name ("log, pages, reader", tests, NULL, NULL);
}
