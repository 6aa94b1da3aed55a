/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One thread writes. It takes from the queue what came within 20 ms, or earlier as much as makes a
 * transaction that stays short, writes it and commits; a second thread derives the rows of
 * exchanges while it packs. A job leaves the queue when it is committed, so a transaction that
 * fails is simply tried again.
 *
 * The write-ahead log makes a commit one append without waiting for the disk: a process that is
 * killed loses only what was not committed, a machine that loses power perhaps the last commits,
 * and the file is whole in both cases. */
#include "rt-writer-private.h"

#include "rt-hash.h"

#include <string.h>

/* How long a page waits for company. */
#define COMMIT_USEC (20 * 1000)
/* What a transaction holds at most, so that none takes long: about 1000 exchanges. */
#define BATCH_EVENTS 8192
#define BATCH_BYTES (4 * 1024 * 1024)
/* What a page of the file holds at most, unless one page of the log is more. */
#define PAGE_EVENTS 1024
#define PAGE_BYTES (256 * 1024)
/* From so many events on, rows are derived by a thread of their own. */
#define DERIVE_APART 512
/* How often a disk that was full is tried again. */
#define RETRY_USEC (250 * 1000)
/* Frames of the write-ahead log after which it is copied into the file: as much as readers let
 * us; and after which we wait for the readers, or the log would grow for as long as somebody
 * always reads. */
#define CHECKPOINT_FRAMES 1000
#define CHECKPOINT_FRAMES_MAX 16000
#define CHECKPOINT_WAIT_MSEC 50
#define BUSY_MSEC 2000

static void
free_job (gpointer data)
{
  RtJob *job = data;

  g_clear_pointer (&job->page, rt_page_unref);
  g_free (job);
}

/* Tells whoever asked to be told. */
void
rt_recorder_notify (RtRecorder *recorder, RtNoticeKind kind, const GError *error, guint64 bytes)
{
  const RtNotice notice = { kind, error, bytes };

  if (recorder->notice != NULL)
    recorder->notice (&notice, recorder->notice_data);
}

static int
checkpoint_cb (void *data, sqlite3 *db, const char *name, int frames)
{
  if (frames >= CHECKPOINT_FRAMES_MAX)
    {
      sqlite3_busy_timeout (db, CHECKPOINT_WAIT_MSEC);
      sqlite3_wal_checkpoint_v2 (db, name, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
      sqlite3_busy_timeout (db, BUSY_MSEC);
    }
  else if (frames >= CHECKPOINT_FRAMES)
    sqlite3_wal_checkpoint_v2 (db, name, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  return SQLITE_OK;
}

/* -- The writer's thread -- */

/* Joins pages of one run that follow one another, up to the size of a page of the file. */
static gboolean
store_jobs (RtWriter *writer, RtJob *const *jobs, guint n, GError **error)
{
  g_autoptr (GPtrArray) pages = g_ptr_array_new ();
  guint n_events = 0;
  gsize bytes = 0;

  for (guint i = 0; i < n; i++)
    {
      const RtJob *job = jobs[i];
      const RtJob *next = i + 1 < n ? jobs[i + 1] : NULL;

      if (job->page == NULL)
        {
          if (!rt_packer_store_hole (writer->packer, job->recorder->run, job->first, job->n_events,
                                     job->time, job->bytes, error))
            return FALSE;
          continue;
        }
      g_ptr_array_add (pages, job->page);
      n_events += job->page->n;
      bytes += job->cost;
      if (next != NULL && next->recorder == job->recorder && next->page != NULL
          && n_events + next->page->n <= PAGE_EVENTS && bytes + next->cost <= PAGE_BYTES)
        continue;
      if (!rt_packer_store (writer->packer, job->recorder->run, (RtPage *const *)pages->pdata,
                            pages->len, error))
        return FALSE;
      g_ptr_array_set_size (pages, 0);
      n_events = 0;
      bytes = 0;
    }
  return TRUE;
}

static gboolean
update_run (RtWriter *writer, RtRecorder *recorder, gboolean finished, GError **error)
{
  sqlite3_bind_int64 (writer->update_run, 1, recorder->run);
  sqlite3_bind_int64 (writer->update_run, 2, (gint64)recorder->n_events);
  sqlite3_bind_int64 (writer->update_run, 3, finished);
  return rt_exchange_rows_store (recorder->rows, finished, error)
         && rt_store_run (writer->update_run, error);
}

static void
feed (RtJob *job)
{
  if (job->fed)
    return;
  job->fed = TRUE;
  job->recorder->n_events = job->first + job->n_events;
  if (job->page != NULL)
    rt_exchange_rows_feed (job->recorder->rows, job->page);
}

static gboolean
update_runs (RtWriter *writer, RtJob *const *jobs, guint n, GError **error)
{
  for (guint i = 0; i < n; i++)
    {
      gboolean again = FALSE;

      for (guint j = i + 1; j < n && !again; j++)
        again = jobs[j]->recorder == jobs[i]->recorder;
      if (!again && !update_run (writer, jobs[i]->recorder, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

/* The limit counts against the file as SQLite knows it, pages in the log included. */
static gboolean
apply_limit (RtWriter *writer, GError **error)
{
  gint64 page_size = 0;
  g_autofree char *sql = NULL;

  if (writer->file_limit == writer->limit_applied)
    return TRUE;
  if (!rt_store_number (writer->db, "PRAGMA page_size", &page_size, error))
    return FALSE;
  writer->limit_applied = writer->file_limit;
  sql = g_strdup_printf ("PRAGMA max_page_count=%" G_GUINT64_FORMAT,
                         writer->file_limit > 0
                             ? MAX (writer->file_limit / (guint64)MAX (page_size, 1), 1)
                             : G_MAXUINT32 - 1);
  return rt_store_exec (writer->db, sql, error);
}

/* Rows are derived while pages are packed: neither needs the other. What is little is done in
 * place. */
typedef struct
{
  RtJob *const *jobs;
  guint n;
} Derivation;

static void
derive_cb (gpointer data, gpointer user_data)
{
  const Derivation *derivation = data;
  RtWriter *writer = user_data;

  for (guint i = 0; i < derivation->n; i++)
    feed (derivation->jobs[i]);
  g_mutex_lock (&writer->lock);
  writer->deriving = FALSE;
  g_cond_broadcast (&writer->changed);
  g_mutex_unlock (&writer->lock);
}

static void
begin_to_derive (RtWriter *writer, Derivation *derivation)
{
  guint64 n_events = 0;

  for (guint i = 0; i < derivation->n; i++)
    n_events += derivation->jobs[i]->fed ? 0 : derivation->jobs[i]->n_events;
  writer->deriving = TRUE;
  if (n_events < DERIVE_APART || writer->derivers == NULL)
    derive_cb (derivation, writer);
  else
    g_thread_pool_push (writer->derivers, derivation, NULL);
}

static void
wait_until_derived (RtWriter *writer)
{
  g_mutex_lock (&writer->lock);
  while (writer->deriving)
    g_cond_wait (&writer->changed, &writer->lock);
  g_mutex_unlock (&writer->lock);
}

static gboolean
write_batch (RtWriter *writer, RtJob *const *jobs, guint n, GError **error)
{
  Derivation derivation = { jobs, n };
  gboolean stored;

  begin_to_derive (writer, &derivation);
  stored = apply_limit (writer, error) && rt_packer_begin (writer->packer, error)
           && store_jobs (writer, jobs, n, error);
  wait_until_derived (writer);
  if (stored && update_runs (writer, jobs, n, error) && rt_packer_commit (writer->packer, error))
    {
      for (guint i = 0; i < n; i++)
        rt_exchange_rows_settle (jobs[i]->recorder->rows);
      return TRUE;
    }
  rt_packer_roll_back (writer->packer);
  for (guint i = 0; i < n; i++)
    rt_exchange_rows_forget (jobs[i]->recorder->rows);
  return FALSE;
}

/* Jobs from the head of the queue for one transaction; the lock is held. */
static GPtrArray *
choose (RtWriter *writer)
{
  GPtrArray *jobs = g_ptr_array_new ();
  guint64 n_events = 0;
  gsize bytes = 0;

  for (GList *link = writer->jobs.head; link != NULL; link = link->next)
    {
      RtJob *job = link->data;

      if (jobs->len > 0
          && (n_events + job->n_events > BATCH_EVENTS || bytes + job->cost > BATCH_BYTES))
        break;
      g_ptr_array_add (jobs, job);
      n_events += job->page != NULL ? job->n_events : 0;
      bytes += job->cost;
    }
  return jobs;
}

/* FALSE: there is nothing more to write, ever. The lock is held. */
static gboolean
wait_for_batch (RtWriter *writer)
{
  while (writer->jobs.length == 0 && !writer->stop)
    g_cond_wait (&writer->changed, &writer->lock);
  while (writer->jobs.length > 0 && !writer->hurry && !writer->stop && writer->queued < BATCH_BYTES)
    {
      const RtJob *oldest = g_queue_peek_head (&writer->jobs);

      if (!g_cond_wait_until (&writer->changed, &writer->lock, oldest->arrived + COMMIT_USEC))
        break;
    }
  return writer->jobs.length > 0 || !writer->stop;
}

static void
drop_head (RtWriter *writer, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      RtJob *job = g_queue_pop_head (&writer->jobs);

      writer->queued -= job->cost;
      writer->n_done++;
      free_job (job);
    }
}

/* Tells each run of a batch once. The lock is not held: a notice may ask the recorder things. */
static void
notify_all (GPtrArray *recorders, RtNoticeKind kind, const GError *error)
{
  for (guint i = 0; i < recorders->len; i++)
    rt_recorder_notify (recorders->pdata[i], kind, error, 0);
}

static GPtrArray *
recorders_of (GPtrArray *jobs)
{
  GPtrArray *recorders = g_ptr_array_new ();

  for (guint i = 0; i < jobs->len; i++)
    {
      RtRecorder *recorder = ((RtJob *)jobs->pdata[i])->recorder;

      if (!g_ptr_array_find (recorders, recorder, NULL))
        g_ptr_array_add (recorders, recorder);
    }
  return recorders;
}

static void
succeeded (RtWriter *writer, GPtrArray *jobs)
{
  g_autoptr (GPtrArray) recorders = recorders_of (jobs);
  gboolean resumed;

  g_mutex_lock (&writer->lock);
  writer->n_attempts++;
  resumed = writer->pause != NULL;
  g_clear_error (&writer->pause);
  g_mutex_unlock (&writer->lock);
  if (resumed)
    notify_all (recorders, RT_NOTICE_RESUMED, NULL);
  g_mutex_lock (&writer->lock);
  drop_head (writer, jobs->len);
}

/* What the system refuses now it may grant later; anything else will not get better. */
static void
failed (RtWriter *writer, GPtrArray *jobs, GError *error)
{
  g_autoptr (GPtrArray) recorders = recorders_of (jobs);
  gboolean transient = g_error_matches (error, RT_ERROR, RT_ERROR_IO);
  gboolean first;

  g_mutex_lock (&writer->lock);
  writer->n_attempts++;
  first = writer->pause == NULL;
  g_clear_error (&writer->pause);
  writer->pause = error;
  g_mutex_unlock (&writer->lock);
  if (!transient || first)
    notify_all (recorders, transient ? RT_NOTICE_PAUSED : RT_NOTICE_FAILED, error);
  g_mutex_lock (&writer->lock);
  if (transient)
    {
      gint64 until = g_get_monotonic_time () + RETRY_USEC;

      writer->in_hand = 0;
      g_cond_broadcast (&writer->changed);
      while (!writer->stop && !writer->hurry
             && g_cond_wait_until (&writer->changed, &writer->lock, until))
        ;
      return;
    }
  writer->failure = g_error_copy (error);
  drop_head (writer, writer->jobs.length);
}

static gpointer
writer_main (gpointer data)
{
  RtWriter *writer = data;

  g_mutex_lock (&writer->lock);
  while (wait_for_batch (writer))
    {
      g_autoptr (GPtrArray) jobs = choose (writer);
      g_autoptr (GError) error = NULL;
      gboolean done;

      if (jobs->len == 0)
        continue;
      writer->in_hand = jobs->len;
      writer->hurry = FALSE;
      g_mutex_unlock (&writer->lock);
      g_mutex_lock (&writer->db_lock);
      done = write_batch (writer, (RtJob *const *)jobs->pdata, jobs->len, &error);
      g_mutex_unlock (&writer->db_lock);
      if (done)
        succeeded (writer, jobs);
      else
        failed (writer, jobs, g_steal_pointer (&error));
      writer->in_hand = 0;
      g_cond_broadcast (&writer->changed);
    }
  g_mutex_unlock (&writer->lock);
  return NULL;
}

/* -- The engine's thread -- */

static gboolean
prepare (RtWriter *writer, GError **error)
{
  writer->db = rt_store_reopen (writer->session->path, writer->session->state, error);
  if (writer->db == NULL
      || !rt_store_exec (writer->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;", error))
    return FALSE;
  sqlite3_wal_hook (writer->db, checkpoint_cb, NULL);
  writer->packer = rt_packer_new (writer->db, rt_hash, error);
  if (writer->packer == NULL)
    return FALSE;
  writer->update_run = rt_store_prepare (
      writer->db, "UPDATE run SET events = ?2, finished = ?3 WHERE id = ?1", error);
  return writer->update_run != NULL;
}

/* Its thread runs from the beginning, or there is none. */
static void
start_deriver (RtWriter *writer)
{
  g_autoptr (GError) problem = NULL;

  writer->derivers = g_thread_pool_new (derive_cb, writer, 1, TRUE, &problem);
  if (problem == NULL)
    return;
  g_thread_pool_free (writer->derivers, TRUE, FALSE);
  writer->derivers = NULL;
}

/**
 * rt_writer_new:
 * @session: borrowed, outlives it
 *
 * Returns: (transfer full) (nullable): a writer whose thread runs
 */
RtWriter *
rt_writer_new (RtSession *session, GError **error)
{
  RtWriter *writer = g_new0 (RtWriter, 1);

  writer->session = session;
  g_mutex_init (&writer->lock);
  g_mutex_init (&writer->db_lock);
  g_cond_init (&writer->changed);
  g_queue_init (&writer->jobs);
  if (!prepare (writer, error))
    {
      rt_writer_free (writer);
      return NULL;
    }
  start_deriver (writer);
  writer->thread = g_thread_new ("rt-writer", writer_main, writer);
  return writer;
}

/**
 * rt_writer_free:
 * @writer: nobody adds to it any more
 */
void
rt_writer_free (RtWriter *writer)
{
  g_mutex_lock (&writer->lock);
  writer->stop = TRUE;
  g_cond_broadcast (&writer->changed);
  g_mutex_unlock (&writer->lock);
  if (writer->thread != NULL)
    g_thread_join (writer->thread);
  if (writer->derivers != NULL)
    g_thread_pool_free (writer->derivers, FALSE, TRUE);
  g_queue_clear_full (&writer->jobs, free_job);
  g_clear_pointer (&writer->packer, rt_packer_free);
  g_clear_pointer (&writer->update_run, sqlite3_finalize);
  g_clear_pointer (&writer->db, sqlite3_close_v2);
  g_clear_error (&writer->pause);
  g_clear_error (&writer->failure);
  g_cond_clear (&writer->changed);
  g_mutex_clear (&writer->db_lock);
  g_mutex_clear (&writer->lock);
  g_free (writer);
}

/**
 * rt_writer_add_run:
 *
 * Returns: the new run's id; 0 on failure
 */
gint64
rt_writer_add_run (RtWriter *writer,
                   const RtRunInfo *about,
                   RtExchangeRows **ret_rows,
                   GError **error)
{
  gint64 run = 0;

  g_mutex_lock (&writer->db_lock);
  if (rt_store_exec (writer->db, "BEGIN IMMEDIATE", error))
    {
      run = rt_session_insert_run (writer->db, about, error);
      if (run != 0 && !rt_store_exec (writer->db, "COMMIT", error))
        run = 0;
      if (!sqlite3_get_autocommit (writer->db))
        sqlite3_exec (writer->db, "ROLLBACK", NULL, NULL, NULL);
    }
  if (run != 0)
    *ret_rows = rt_exchange_rows_new (writer->db, run, error);
  g_mutex_unlock (&writer->db_lock);
  return run != 0 && *ret_rows != NULL ? run : 0;
}

/**
 * rt_writer_finish:
 * @recorder: adds nothing any more
 *
 * Writes what is left and says in the file that the run is whole.
 */
gboolean
rt_writer_finish (RtWriter *writer, RtRecorder *recorder, GError **error)
{
  gboolean done;

  if (!rt_writer_flush (writer, error))
    return FALSE;
  g_mutex_lock (&writer->db_lock);
  done = rt_packer_begin (writer->packer, error) && update_run (writer, recorder, TRUE, error)
         && rt_packer_commit (writer->packer, error);
  if (!done)
    {
      rt_packer_roll_back (writer->packer);
      rt_exchange_rows_forget (recorder->rows);
    }
  g_mutex_unlock (&writer->db_lock);
  return done;
}

/* Whether the thread is writing something of the run. The lock is held. */
static gboolean
is_in_hand (RtWriter *writer, RtRecorder *recorder)
{
  GList *link = writer->jobs.head;

  for (guint i = 0; i < writer->in_hand; i++, link = link->next)
    if (((RtJob *)link->data)->recorder == recorder)
      return TRUE;
  return FALSE;
}

/**
 * rt_writer_forget:
 * @recorder: goes away; what it added and is not written is left out
 */
void
rt_writer_forget (RtWriter *writer, RtRecorder *recorder)
{
  g_mutex_lock (&writer->lock);
  while (is_in_hand (writer, recorder))
    g_cond_wait (&writer->changed, &writer->lock);
  for (GList *link = writer->jobs.head; link != NULL;)
    {
      GList *next = link->next;
      RtJob *job = link->data;

      if (job->recorder == recorder)
        {
          writer->queued -= job->cost;
          writer->n_done++;
          g_queue_delete_link (&writer->jobs, link);
          free_job (job);
        }
      link = next;
    }
  g_mutex_unlock (&writer->lock);
  g_mutex_lock (&writer->db_lock);
  g_clear_pointer (&recorder->rows, rt_exchange_rows_free);
  g_mutex_unlock (&writer->db_lock);
}

/**
 * rt_writer_limit_file:
 * @bytes: over so many the disk counts as full; 0: none but the disk's own
 */
void
rt_writer_limit_file (RtWriter *writer, guint64 bytes)
{
  g_mutex_lock (&writer->db_lock);
  writer->file_limit = bytes;
  g_mutex_unlock (&writer->db_lock);
}
