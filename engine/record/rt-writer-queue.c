/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The queue before the writer's thread. It is bounded: what has no room loses its bytes first, then
 * its details, and what is left out is told by gaps in the log. */
#include "rt-page-code.h"
#include "rt-writer-private.h"

static void
copy_detail (GByteArray *arena, RtEvent *event, const RtPage *page)
{
  static const guint8 padding[8] = { 0 };
  const guint8 *from = g_bytes_get_data (page->arena, NULL);

  if (event->detail_length == 0)
    return;
  g_byte_array_append (arena, padding, (8 - arena->len % 8) % 8);
  g_byte_array_append (arena, from + event->detail, event->detail_length);
  event->detail = arena->len - event->detail_length;
}

/* Everything but the bytes: connections, parties and steps stay known, so that what comes later
 * makes sense. What moved bytes or told of state becomes a gap at the same number. */
static RtPage *
thin (const RtPage *page)
{
  g_autofree RtEvent *events = g_memdup2 (page->events, page->n * sizeof (RtEvent));
  g_autoptr (GByteArray) arena = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;
  RtEvent gap = { 0 };

  rt_page_put_gap (arena, &gap, 0);
  for (guint i = 0; i < page->n; i++)
    {
      RtEvent *event = &events[i];

      if (event->kind == RT_EVENT_SENT || event->kind == RT_EVENT_RECEIVED
          || event->kind == RT_EVENT_LOST || event->kind == RT_EVENT_DECISION
          || event->kind == RT_EVENT_STATE)
        {
          event->kind = RT_EVENT_GAP;
          event->detail = gap.detail;
          event->detail_length = gap.detail_length;
        }
      else
        copy_detail (arena, event, page);
    }
  bytes = g_bytes_new (arena->data, arena->len);
  return rt_page_new (page->first, events, page->n, bytes, NULL, 0);
}

static void
push (RtWriter *writer, RtJob *job)
{
  g_queue_push_tail (&writer->jobs, job);
  writer->queued += job->cost;
  writer->n_added++;
  g_cond_broadcast (&writer->changed);
}

static void
push_page (RtWriter *writer, RtRecorder *recorder, RtPage *page, gsize cost)
{
  RtJob *job = g_new0 (RtJob, 1);

  *job = (RtJob){ .recorder = recorder,
                  .page = rt_page_ref (page),
                  .first = page->first,
                  .n_events = page->n,
                  .cost = cost,
                  .arrived = g_get_monotonic_time () };
  push (writer, job);
}

/* Holes that follow one another are one, so that they take no memory however long it lasts. */
static void
push_hole (RtWriter *writer, RtRecorder *recorder, const RtPage *page)
{
  RtJob *last = g_queue_peek_tail (&writer->jobs);
  RtJob *job;

  if (writer->jobs.length > writer->in_hand && last->recorder == recorder && last->page == NULL
      && !last->fed)
    {
      last->n_events += page->n;
      last->time = page->events[page->n - 1].time;
      last->bytes += rt_page_get_chunk_bytes (page);
      return;
    }
  job = g_new0 (RtJob, 1);
  *job = (RtJob){ .recorder = recorder,
                  .first = page->first,
                  .n_events = page->n,
                  .time = page->events[page->n - 1].time,
                  .bytes = rt_page_get_chunk_bytes (page),
                  .cost = sizeof *job,
                  .arrived = g_get_monotonic_time () };
  push (writer, job);
}

/* The queue has no room for the page. Returns whether this is news. */
static gboolean
add_less (RtWriter *writer, RtRecorder *recorder, RtPage *page)
{
  g_autoptr (RtPage) less = thin (page);
  gsize cost = rt_page_get_size (less);
  gboolean news = !recorder->dropping;

  recorder->dropping = TRUE;
  recorder->dropped += rt_page_get_chunk_bytes (page);
  if (writer->queued + cost <= recorder->queue_limit + recorder->queue_limit / 2)
    push_page (writer, recorder, less, cost);
  else
    push_hole (writer, recorder, page);
  return news;
}

/**
 * rt_writer_add:
 * @recorder: whose run
 * @page: the run's next page; it has an event
 */
void
rt_writer_add (RtWriter *writer, RtRecorder *recorder, RtPage *page)
{
  gsize cost = rt_page_get_size (page);
  gboolean news = FALSE;

  g_mutex_lock (&writer->lock);
  while (recorder->wait && writer->pause == NULL && writer->failure == NULL
         && writer->jobs.length > 0 && writer->queued + cost > recorder->queue_limit)
    g_cond_wait (&writer->changed, &writer->lock);
  if (writer->failure == NULL && writer->jobs.length > 0
      && writer->queued + cost > recorder->queue_limit)
    news = add_less (writer, recorder, page);
  else if (writer->failure == NULL)
    {
      recorder->dropping = FALSE;
      push_page (writer, recorder, page, cost);
    }
  g_mutex_unlock (&writer->lock);
  if (news)
    rt_recorder_notify (recorder, RT_NOTICE_DROPPED, NULL, recorder->dropped);
}

/**
 * rt_writer_flush:
 *
 * Waits until all that was added is committed, or an attempt to write it has failed.
 */
gboolean
rt_writer_flush (RtWriter *writer, GError **error)
{
  guint64 wanted, attempts;
  gboolean done;

  g_mutex_lock (&writer->lock);
  wanted = writer->n_added;
  /* One that is under way may have begun before the disk was freed. */
  attempts = writer->n_attempts + (writer->in_hand > 0 ? 1 : 0);
  while (writer->n_done < wanted && writer->failure == NULL
         && (writer->pause == NULL || writer->n_attempts <= attempts))
    {
      writer->hurry = TRUE;
      g_cond_broadcast (&writer->changed);
      g_cond_wait (&writer->changed, &writer->lock);
    }
  done = writer->n_done >= wanted && writer->failure == NULL;
  if (!done)
    g_propagate_error (error,
                       g_error_copy (writer->failure != NULL ? writer->failure : writer->pause));
  g_mutex_unlock (&writer->lock);
  return done;
}
