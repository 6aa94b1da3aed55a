/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps of an import: the heap in which they wait, and what each writes into the log. */
#include "rt-import-private.h"

/* One write of this many bytes at most, so that pages stay of a handy size. */
#define PIECE (1024 * 1024)

void
rt_import_step_clear (RtImportStep *step)
{
  g_clear_pointer (&step->bytes, g_bytes_unref);
  g_clear_pointer (&step->detail, g_variant_unref);
  g_clear_pointer (&step->comment, g_free);
}

/* What is written */

static guint64
append (RtImport *import,
        const RtImportStep *step,
        RtEventKind kind,
        RtPartyId party,
        RtSpan span,
        GVariant *detail)
{
  return rt_log_append (import->log,
                        &(RtEvent){ .time = step->time,
                                    .cause = RT_EVENT_NONE,
                                    .span = span,
                                    .connection = step->connection,
                                    .party = party,
                                    .kind = kind },
                        detail);
}

static void
write_connect (RtImport *import, RtImportLine *line, const RtImportStep *step)
{
  append (import, step, RT_EVENT_CONNECT, line->ends[RT_FORWARD], RT_SPAN_NONE, step->detail);
  for (RtDirection way = RT_FORWARD; way <= RT_BACKWARD; way++)
    line->buffers[way] = rt_log_add_buffer (import->log, step->time, step->connection,
                                            line->ends[way], way, line->provenance, 0);
}

/* Returns where @bytes stand. */
static RtSpan
write_pieces (RtImport *import, const RtImportLine *line, const RtImportStep *step)
{
  gsize size = g_bytes_get_size (step->bytes);
  RtSpan whole = RT_SPAN_NONE;

  if (size <= PIECE)
    return rt_log_write (import->log, line->buffers[step->direction], step->bytes);
  for (gsize at = 0; at < size; at += PIECE)
    {
      g_autoptr (GBytes) piece = g_bytes_new_from_bytes (step->bytes, at, MIN (PIECE, size - at));

      whole
          = rt_span_join (whole, rt_log_write (import->log, line->buffers[step->direction], piece));
    }
  return whole;
}

static void
append_sent (RtImport *import, RtImportLine *line, const RtImportStep *step, RtSpan span)
{
  guint64 sent = append (import, step, RT_EVENT_SENT, line->ends[step->direction], span, NULL);

  if (step->direction == RT_FORWARD)
    line->sent = sent;
}

static void
append_received (RtImport *import, const RtImportLine *line, const RtImportStep *step, RtSpan span)
{
  append (import, step, RT_EVENT_RECEIVED, line->ends[!step->direction], span, NULL);
}

static void
write_bytes (RtImport *import, RtImportLine *line, const RtImportStep *step)
{
  RtSpan span = write_pieces (import, line, step);

  append_sent (import, line, step, span);
  append_received (import, line, step, span);
}

/* The source saw a request leave and a response arrive, in two moments each. The other end sends
 * or has it in one: as few events as say it, for there are many messages. */
static void
write_rebuilt (RtImport *import, RtImportLine *line, const RtImportStep *step)
{
  RtSpan span = write_pieces (import, line, step);
  RtSpan first = rt_span_sub (span, 0, step->first);

  append (import, step, RT_EVENT_REBUILT, line->ends[step->direction], rt_span_sub (span, 0, 0),
          step->detail);
  line->rest[step->direction] = rt_span_sub (span, step->first, span.length - step->first);
  if (step->comment != NULL)
    rt_import_mark (import, step->comment);
  append_sent (import, line, step, step->direction == RT_FORWARD ? first : span);
  if (step->direction == RT_BACKWARD || first.length == span.length)
    append_received (import, line, step, first);
}

static void
write_rest (RtImport *import, RtImportLine *line, const RtImportStep *step)
{
  RtSpan rest = line->rest[step->direction];

  if (step->direction == RT_FORWARD)
    {
      append_sent (import, line, step, rest);
      rest.offset -= step->first;
      rest.length += (guint32)step->first;
    }
  append_received (import, line, step, rest);
}

static void
write_step (RtImport *import, const RtImportStep *step)
{
  RtImportLine *line = &g_array_index (import->lines, RtImportLine, step->connection);
  RtSpan buffer = { .buffer = line->buffers[step->direction] };

  switch (step->kind)
    {
    case RT_STEP_CONNECT:
      write_connect (import, line, step);
      break;
    case RT_STEP_ESTABLISHED:
      append (import, step, RT_EVENT_ESTABLISHED, line->ends[RT_FORWARD], RT_SPAN_NONE, NULL);
      append (import, step, RT_EVENT_ESTABLISHED, line->ends[RT_BACKWARD], RT_SPAN_NONE, NULL);
      break;
    case RT_STEP_SECURED:
      append (import, step, RT_EVENT_SECURED, line->ends[RT_FORWARD], RT_SPAN_NONE, step->detail);
      append (import, step, RT_EVENT_SECURED, line->ends[RT_BACKWARD], RT_SPAN_NONE, step->detail);
      break;
    case RT_STEP_BYTES:
      write_bytes (import, line, step);
      break;
    case RT_STEP_REBUILT:
      write_rebuilt (import, line, step);
      break;
    case RT_STEP_REST:
      write_rest (import, line, step);
      break;
    case RT_STEP_GAP:
      append (import, step, RT_EVENT_GAP, line->ends[!step->direction], buffer, step->detail);
      break;
    case RT_STEP_STATE:
      rt_log_append (import->log,
                     &(RtEvent){ .time = step->time,
                                 .cause = line->sent,
                                 .connection = step->connection,
                                 .party = line->ends[step->direction],
                                 .kind = RT_EVENT_STATE },
                     step->detail);
      break;
    case RT_STEP_END:
      append (import, step, RT_EVENT_EOF, line->ends[!step->direction], buffer, NULL);
      break;
    case RT_STEP_ABORT:
      append (import, step, RT_EVENT_RESET, line->ends[RT_FORWARD], RT_SPAN_NONE, step->detail);
      break;
    }
}

/* The heap */

static gboolean
is_before (const RtImportStep *a, const RtImportStep *b)
{
  return a->time != b->time ? a->time < b->time : a->sequence < b->sequence;
}

static void
push (GArray *heap, RtImportStep step)
{
  guint at = heap->len;
  RtImportStep *steps;

  g_array_append_val (heap, step);
  steps = &g_array_index (heap, RtImportStep, 0);
  for (; at > 0 && is_before (&step, &steps[(at - 1) / 2]); at = (at - 1) / 2)
    steps[at] = steps[(at - 1) / 2];
  steps[at] = step;
}

static RtImportStep
pop (GArray *heap)
{
  RtImportStep *steps = &g_array_index (heap, RtImportStep, 0);
  RtImportStep first = steps[0];
  RtImportStep last = steps[heap->len - 1];
  guint n = heap->len - 1;
  guint at = 0;

  g_array_set_size (heap, n);
  for (guint child = 1; child < n; child = 2 * at + 1)
    {
      if (child + 1 < n && is_before (&steps[child + 1], &steps[child]))
        child++;
      if (!is_before (&steps[child], &last))
        break;
      steps[at] = steps[child];
      at = child;
    }
  if (n > 0)
    steps[at] = last;
  return first;
}

static gsize
bytes_of (const RtImportStep *step)
{
  return step->bytes != NULL ? g_bytes_get_size (step->bytes) : 0;
}

static void
write_first (RtImport *import)
{
  RtImportStep step = pop (import->pending);

  import->pending_bytes -= bytes_of (&step);
  import->now = MAX (import->now, step.time);
  write_step (import, &step);
  rt_import_step_clear (&step);
}

/* Writes what waits for @time and what is before. */
void
rt_import_write_until (RtImport *import, RtTime time)
{
  while (import->pending->len > 0 && g_array_index (import->pending, RtImportStep, 0).time <= time)
    write_first (import);
}

/* Takes over @step, which is written at its time; at once, if that has come. */
void
rt_import_schedule (RtImport *import, RtImportStep step)
{
  g_return_if_fail (import->begun);
  g_return_if_fail (step.connection > 0 && step.connection < import->lines->len);

  if (step.time <= import->now)
    {
      write_step (import, &step);
      rt_import_step_clear (&step);
      return;
    }
  step.sequence = import->sequence++;
  import->pending_bytes += bytes_of (&step);
  push (import->pending, step);
  if (import->pending_bytes <= RT_IMPORT_PENDING_MAX)
    return;
  if (!import->crowded)
    rt_import_warn (import, NULL,
                    "more than %u MiB of messages overlap in time; later times may be off",
                    RT_IMPORT_PENDING_MAX / (1024 * 1024));
  import->crowded = TRUE;
  while (import->pending_bytes > RT_IMPORT_PENDING_MAX)
    write_first (import);
}
