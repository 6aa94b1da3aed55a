/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The progress database: small, of one user, written at once. */
#include "rt-progress.h"

#include "rt-mark-rows.h"

/* `RTpg` */
#define APPLICATION_ID 0x52547067

struct _RtProgress
{
  sqlite3 *db;
};

/* clang-format off */
static const char *const migrations[] = {
  "CREATE TABLE prediction ("
  "  lesson TEXT NOT NULL,"
  "  prediction TEXT NOT NULL,"
  "  option TEXT,"
  "  made_usec INTEGER NOT NULL,"
  "  PRIMARY KEY (lesson, prediction)"
  ") WITHOUT ROWID;"
  "CREATE TABLE challenge ("
  "  lesson TEXT NOT NULL,"
  "  challenge TEXT NOT NULL,"
  "  passed_usec INTEGER NOT NULL,"
  "  PRIMARY KEY (lesson, challenge)"
  ") WITHOUT ROWID;"
  "CREATE TABLE position ("
  "  lesson TEXT NOT NULL PRIMARY KEY,"
  "  position TEXT NOT NULL,"
  "  seen_usec INTEGER NOT NULL"
  ") WITHOUT ROWID;",
  /* 2: the learner's own notes. */
  "CREATE TABLE mark ("
  "  lesson TEXT NOT NULL,"
  "  run TEXT NOT NULL,"
  "  event INTEGER NOT NULL,"
  "  buffer INTEGER NOT NULL,"
  "  offset INTEGER NOT NULL,"
  "  length INTEGER NOT NULL,"
  "  text TEXT NOT NULL,"
  "  PRIMARY KEY (lesson, run, event, buffer, offset, length)"
  ") WITHOUT ROWID;",
};
/* clang-format on */

static const RtStoreKind kind = {
  .what = "Roundtrip's progress database",
  .application_id = APPLICATION_ID,
  .page_size = 4096,
  .migrations = migrations,
  .n_migrations = G_N_ELEMENTS (migrations),
};

void
rt_prediction_made_free (RtPredictionMade *made)
{
  g_free (made->prediction);
  g_free (made->option);
  g_free (made);
}

/**
 * rt_progress_open:
 * @path: (nullable): %NULL: `$XDG_DATA_HOME/roundtrip/progress.db`; made if it is missing
 *
 * Returns: (transfer full) (nullable): the learner's progress. Used by one thread at a time.
 */
RtProgress *
rt_progress_open (const char *path, GError **error)
{
  g_autofree char *file = path != NULL ? g_strdup (path) : rt_store_data_path ("progress.db");
  g_autofree char *folder = g_path_get_dirname (file);
  RtStoreState state;
  sqlite3 *db;
  RtProgress *progress;

  if (!rt_store_make_folder (folder, error))
    return NULL;
  db = rt_store_open (file, &kind, RT_STORE_ENSURE, &state, error);
  if (db == NULL)
    return NULL;
  progress = g_new (RtProgress, 1);
  progress->db = db;
  return progress;
}

void
rt_progress_free (RtProgress *progress)
{
  sqlite3_close_v2 (progress->db);
  g_free (progress);
}

/* A statement with up to two texts and a number bound; a NULL text is bound as NULL. */
static sqlite3_stmt *
prepare (RtProgress *progress,
         const char *sql,
         const char *lesson,
         const char *second,
         const char *third,
         RtTime now,
         GError **error)
{
  sqlite3_stmt *statement = rt_store_prepare (progress->db, sql, error);

  if (statement == NULL)
    return NULL;
  rt_store_bind_text (statement, 1, lesson);
  if (sqlite3_bind_parameter_count (statement) >= 2)
    rt_store_bind_text (statement, 2, second);
  if (sqlite3_bind_parameter_count (statement) >= 3)
    rt_store_bind_text (statement, 3, third);
  if (sqlite3_bind_parameter_count (statement) >= 4)
    sqlite3_bind_int64 (statement, 4, now);
  return statement;
}

static gboolean
change (RtProgress *progress,
        const char *sql,
        const char *lesson,
        const char *second,
        const char *third,
        RtTime now,
        GError **error)
{
  g_autoptr (sqlite3_stmt) statement = prepare (progress, sql, lesson, second, third, now, error);

  return statement != NULL && rt_store_run (statement, error);
}

/**
 * rt_progress_set_prediction:
 * @lesson: id of a lesson
 * @prediction: id of one of its predictions
 * @option: (nullable): id of the option that was chosen; %NULL: skipped
 * @now: real time
 *
 * A prediction that is made again replaces the one before.
 */
gboolean
rt_progress_set_prediction (RtProgress *progress,
                            const char *lesson,
                            const char *prediction,
                            const char *option,
                            RtTime now,
                            GError **error)
{
  return change (progress,
                 "INSERT OR REPLACE INTO prediction (lesson, prediction, option, made_usec)"
                 " VALUES (?1, ?2, ?3, ?4)",
                 lesson, prediction, option, now, error);
}

/**
 * rt_progress_list_predictions:
 *
 * Returns: (transfer full) (element-type RtPredictionMade) (nullable): what was predicted or
 *   skipped, in the order it was
 */
GPtrArray *
rt_progress_list_predictions (RtProgress *progress, const char *lesson, GError **error)
{
  g_autoptr (GPtrArray) made
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_prediction_made_free);
  g_autoptr (sqlite3_stmt) statement
      = prepare (progress,
                 "SELECT prediction, option, made_usec FROM prediction WHERE lesson = ?1"
                 " ORDER BY made_usec, prediction",
                 lesson, NULL, NULL, 0, error);
  gboolean row;

  if (statement == NULL)
    return NULL;
  for (;;)
    {
      RtPredictionMade *one;

      if (!rt_store_row (statement, &row, error))
        return NULL;
      if (!row)
        return g_steal_pointer (&made);
      one = g_new (RtPredictionMade, 1);
      *one = (RtPredictionMade){ rt_store_dup_text (statement, 0), rt_store_dup_text (statement, 1),
                                 sqlite3_column_int64 (statement, 2) };
      g_ptr_array_add (made, one);
    }
}

/**
 * rt_progress_set_passed:
 * @challenge: id of a challenge of the lesson, empty where it has but one
 *
 * The first time counts.
 */
gboolean
rt_progress_set_passed (
    RtProgress *progress, const char *lesson, const char *challenge, RtTime now, GError **error)
{
  return change (progress,
                 "INSERT OR IGNORE INTO challenge (lesson, challenge, passed_usec)"
                 " VALUES (?1, ?2, ifnull (?3, ?4))",
                 lesson, challenge, NULL, now, error);
}

/**
 * rt_progress_get_passed:
 * @ret_when: (out) (optional): when; untouched if it was not
 *
 * Returns: %TRUE if the challenge was passed; %FALSE with @error unset if not yet
 */
gboolean
rt_progress_get_passed (RtProgress *progress,
                        const char *lesson,
                        const char *challenge,
                        RtTime *ret_when,
                        GError **error)
{
  g_autoptr (sqlite3_stmt) statement
      = prepare (progress, "SELECT passed_usec FROM challenge WHERE lesson = ?1 AND challenge = ?2",
                 lesson, challenge, NULL, 0, error);
  gboolean row;

  if (statement == NULL || !rt_store_row (statement, &row, error) || !row)
    return FALSE;
  if (ret_when != NULL)
    *ret_when = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/**
 * rt_progress_set_position:
 * @position: where the learner is, as the window writes it
 */
gboolean
rt_progress_set_position (
    RtProgress *progress, const char *lesson, const char *position, RtTime now, GError **error)
{
  return change (progress,
                 "INSERT OR REPLACE INTO position (lesson, position, seen_usec)"
                 " VALUES (?1, ?2, ifnull (?3, ?4))",
                 lesson, position, NULL, now, error);
}

/**
 * rt_progress_dup_position:
 *
 * Returns: (transfer full) (nullable): what was set last; %NULL with @error unset: nothing
 */
char *
rt_progress_dup_position (RtProgress *progress, const char *lesson, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = prepare (
      progress, "SELECT position FROM position WHERE lesson = ?1", lesson, NULL, NULL, 0, error);
  gboolean row;

  if (statement == NULL || !rt_store_row (statement, &row, error) || !row)
    return NULL;
  return rt_store_dup_text (statement, 0);
}

/**
 * rt_progress_put_mark:
 * @run: name of a run of the lesson
 * @mark: is set; one of the same event and bytes is replaced; without a text it is taken away
 *
 * Runs of a lesson are the same each time, so a mark stays where it was set.
 */
gboolean
rt_progress_put_mark (
    RtProgress *progress, const char *lesson, const char *run, const RtMark *mark, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = rt_store_prepare (
      progress->db,
      mark->text != NULL ? "INSERT OR REPLACE INTO mark (" RT_MARK_COLUMNS ", text, lesson, run)"
                           " VALUES (" RT_MARK_VALUES ", ?5, ?6, ?7)"
                         : "DELETE FROM mark WHERE " RT_MARK_MATCH " AND lesson = ?6 AND run = ?7",
      error);

  if (statement == NULL)
    return FALSE;
  rt_mark_rows_bind (statement, mark);
  rt_store_bind_text (statement, RT_MARK_OWN, lesson);
  rt_store_bind_text (statement, RT_MARK_OWN + 1, run);
  return rt_store_run (statement, error);
}

/**
 * rt_progress_list_marks:
 *
 * Returns: (transfer full) (element-type RtMark) (nullable): the marks of a run, by event
 */
GPtrArray *
rt_progress_list_marks (RtProgress *progress, const char *lesson, const char *run, GError **error)
{
  g_autoptr (sqlite3_stmt) statement
      = prepare (progress,
                 "SELECT " RT_MARK_COLUMNS ", text FROM mark WHERE lesson = ?1 AND run = ?2"
                 " ORDER BY " RT_MARK_COLUMNS,
                 lesson, run, NULL, 0, error);

  return statement != NULL ? rt_mark_rows_list (statement, error) : NULL;
}

/**
 * rt_progress_list_lessons:
 *
 * Returns: (transfer full) (nullable): ids of the lessons that anything is known of, by name
 */
char **
rt_progress_list_lessons (RtProgress *progress, GError **error)
{
  g_autoptr (GStrvBuilder) lessons = g_strv_builder_new ();
  g_autoptr (sqlite3_stmt) statement
      = rt_store_prepare (progress->db,
                          "SELECT lesson FROM prediction UNION SELECT lesson FROM challenge"
                          " UNION SELECT lesson FROM position ORDER BY 1",
                          error);
  gboolean row;

  if (statement == NULL)
    return NULL;
  for (;;)
    {
      g_autofree char *lesson = NULL;

      if (!rt_store_row (statement, &row, error))
        return NULL;
      if (!row)
        return g_strv_builder_end (lessons);
      lesson = rt_store_dup_text (statement, 0);
      g_strv_builder_add (lessons, lesson);
    }
}

/**
 * rt_progress_reset:
 * @lesson: (nullable): the lesson that is to be as if never seen; %NULL: all of them
 *
 * Marks stay: what somebody wrote is not progress.
 */
gboolean
rt_progress_reset (RtProgress *progress, const char *lesson, GError **error)
{
  static const char *const sql[] = {
    "DELETE FROM prediction WHERE ifnull (lesson = ?1, 1)",
    "DELETE FROM challenge WHERE ifnull (lesson = ?1, 1)",
    "DELETE FROM position WHERE ifnull (lesson = ?1, 1)",
  };
  gboolean done = rt_store_exec (progress->db, "BEGIN IMMEDIATE", error);

  for (guint i = 0; done && i < G_N_ELEMENTS (sql); i++)
    done = change (progress, sql[i], lesson, NULL, NULL, 0, error);
  done = done && rt_store_exec (progress->db, "COMMIT", error);
  if (!sqlite3_get_autocommit (progress->db))
    sqlite3_exec (progress->db, "ROLLBACK", NULL, NULL, NULL);
  return done;
}
