/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The session library and the learner's progress. */
#include "rt-test-record.h"

#include "rt-progress.h"
#include "rt-session-library.h"

#include <string.h>

static void
add_session (RtSessionLibrary *library, const char *lesson, const char *name, RtTime now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = rt_session_library_create (library, lesson, name, now, &error);
  RtRecorder *recorder;

  if (session == NULL)
    fail_msg ("%s", error->message);
  recorder = rt_session_begin_run (session, &(RtRunInfo){ .name = (char *)"A" }, NULL, NULL, NULL);
  assert_true (rt_recorder_finish (recorder, NULL));
}

static RtLibraryEntry *
entry_at (GPtrArray *entries, guint i)
{
  assert_in_range (i, 0, entries->len - 1);
  return entries->pdata[i];
}

static void
test_list (void **state)
{
  g_autoptr (RtSessionLibrary) library = rt_session_library_new (*state, NULL);
  g_autoptr (GPtrArray) entries = NULL;
  g_autofree char *broken = rt_test_path (state, "zz.roundtrip");

  add_session (library, "20-freshness", "Freshness", RT_TIME_SEC);
  add_session (library, "11-lost-update", "Lost update", RT_TIME_SEC);
  add_session (library, "11-lost-update", "Again, in the same second", RT_TIME_SEC);
  rt_test_write_file (broken,
                      "no database at all; it is a text of more than one hundred bytes, which is "
                      "as long as a header of SQLite is",
                      105);
  entries = rt_session_library_list (library, NULL);
  assert_int_equal (entries->len, 4);
  assert_string_equal (entry_at (entries, 0)->name, "zz.roundtrip");
  assert_non_null (strstr (entry_at (entries, 0)->problem, "no database"));
  assert_string_equal (entry_at (entries, 1)->name, "Again, in the same second");
  assert_string_equal (entry_at (entries, 2)->name, "Lost update");
  assert_string_equal (entry_at (entries, 3)->lesson, "20-freshness");
  assert_in_range (entry_at (entries, 3)->size, 8192, 1 << 20);
  assert_null (entry_at (entries, 3)->problem);
}

static void
test_change (void **state)
{
  g_autoptr (RtSessionLibrary) library = rt_session_library_new (*state, NULL);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GError) error = NULL;
  const char *path;

  add_session (library, "11-lost-update", "Lost update", RT_TIME_SEC);
  before = rt_session_library_list (library, NULL);
  path = entry_at (before, 0)->path;
  assert_true (rt_session_library_rename (library, path, "For class 3", NULL));
  assert_true (rt_session_library_pin (library, path, TRUE, NULL));
  after = rt_session_library_list (library, NULL);
  assert_string_equal (entry_at (after, 0)->name, "For class 3");
  assert_true (entry_at (after, 0)->pinned);
  assert_true (rt_session_library_delete (library, path, NULL));
  assert_false (rt_session_library_delete (library, path, &error));
  assert_non_null (strstr (error->message, path));
  g_clear_error (&error);
  assert_false (rt_session_library_delete (library, "/etc/x.roundtrip", &error));
  assert_non_null (strstr (error->message, "not in the library"));
}

static void
test_excess (void **state)
{
  g_autoptr (RtSessionLibrary) library = rt_session_library_new (*state, NULL);
  g_autoptr (GPtrArray) entries = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) excess = NULL;
  guint64 total = 0;

  for (guint i = 0; i < 4; i++)
    add_session (library, "11-lost-update", (const char *[]){ "1", "2", "3", "4" }[i],
                 (i + 1) * RT_TIME_SEC);
  entries = rt_session_library_list (library, NULL);
  for (guint i = 0; i < 4; i++)
    total += entry_at (entries, i)->size;
  assert_string_equal (entry_at (entries, 3)->name, "1");
  assert_true (rt_session_library_pin (library, entry_at (entries, 3)->path, TRUE, NULL));
  none = rt_session_library_list_excess (library, total, NULL);
  assert_int_equal (none->len, 0);
  excess = rt_session_library_list_excess (library, total / 2, NULL);
  assert_int_equal (excess->len, 2);
  assert_string_equal (entry_at (excess, 0)->name, "2");
  assert_string_equal (entry_at (excess, 1)->name, "3");
}

static void
test_progress (void **state)
{
  g_autofree char *path = rt_test_path (state, "progress.db");
  RtProgress *progress = rt_progress_open (path, NULL);
  g_autoptr (GPtrArray) made = NULL;
  g_autofree char *position = NULL;
  g_autofree char *gone = NULL;
  g_auto (GStrv) lessons = NULL;
  RtTime when = 0;

  assert_non_null (progress);
  assert_true (rt_progress_set_prediction (progress, "11", "bob-saves", "both", 5, NULL));
  assert_true (rt_progress_set_prediction (progress, "11", "ann-reads", NULL, 6, NULL));
  assert_true (rt_progress_set_prediction (progress, "11", "bob-saves", "lost", 7, NULL));
  assert_true (rt_progress_set_prediction (progress, "20", "age", "60", 8, NULL));
  assert_true (rt_progress_set_passed (progress, "11", "", 9, NULL));
  assert_true (rt_progress_set_passed (progress, "11", "", 10, NULL));
  assert_true (rt_progress_set_position (progress, "11", "step 3", 11, NULL));
  rt_progress_free (progress);

  progress = rt_progress_open (path, NULL);
  made = rt_progress_list_predictions (progress, "11", NULL);
  assert_int_equal (made->len, 2);
  assert_null (((RtPredictionMade *)made->pdata[0])->option);
  assert_string_equal (((RtPredictionMade *)made->pdata[1])->option, "lost");
  assert_true (rt_progress_get_passed (progress, "11", "", &when, NULL));
  assert_int_equal (when, 9);
  assert_false (rt_progress_get_passed (progress, "20", "", &when, NULL));
  position = rt_progress_dup_position (progress, "11", NULL);
  assert_string_equal (position, "step 3");

  assert_true (rt_progress_reset (progress, "11", NULL));
  assert_false (rt_progress_get_passed (progress, "11", "", NULL, NULL));
  gone = rt_progress_dup_position (progress, "11", NULL);
  assert_null (gone);
  lessons = rt_progress_list_lessons (progress, NULL);
  assert_int_equal (g_strv_length (lessons), 1);
  assert_string_equal (lessons[0], "20");
  assert_true (rt_progress_reset (progress, NULL, NULL));
  rt_progress_free (progress);
}

static void
test_notes (void **state)
{
  g_autofree char *path = rt_test_path (state, "progress.db");
  g_autoptr (RtProgress) progress = rt_progress_open (path, NULL);
  RtMark mark = { 9, { .offset = 40, .length = 7, .buffer = 2 }, (char *)"look here" };
  g_autoptr (GPtrArray) marks = NULL;

  assert_true (rt_progress_put_mark (progress, "11-lost-update", "A", &mark, NULL));
  mark.text = (char *)"no, here";
  assert_true (rt_progress_put_mark (progress, "11-lost-update", "A", &mark, NULL));
  assert_true (rt_progress_put_mark (progress, "11-lost-update", "B", &mark, NULL));
  /* What somebody wrote is no progress. */
  assert_true (rt_progress_reset (progress, "11-lost-update", NULL));
  marks = rt_progress_list_marks (progress, "11-lost-update", "A", NULL);
  assert_int_equal (marks->len, 1);
  assert_string_equal (((const RtMark *)marks->pdata[0])->text, "no, here");
  assert_int_equal (((const RtMark *)marks->pdata[0])->span.length, 7);
  mark.text = NULL;
  assert_true (rt_progress_put_mark (progress, "11-lost-update", "A", &mark, NULL));
  g_clear_pointer (&marks, g_ptr_array_unref);
  marks = rt_progress_list_marks (progress, "11-lost-update", "A", NULL);
  assert_int_equal (marks->len, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    RT_TEST ("sessions are listed by lesson and date, a broken one too", test_list),
    RT_TEST ("a session is renamed, pinned and deleted, and no other file is", test_change),
    RT_TEST ("the oldest sessions go first, a pinned one never", test_excess),
    RT_TEST ("predictions, challenges and positions are kept and reset by lesson", test_progress),
    RT_TEST ("a learner's notes are kept by lesson and run", test_notes),
  };

  return cmocka_run_group_tests_name ("library", tests, NULL, NULL);
}
