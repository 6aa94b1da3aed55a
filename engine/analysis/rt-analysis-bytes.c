/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes: of the log, as far as they are known, and derived from them. A derived buffer is a list
 * of the runs that it consists of, so it costs no copy and leads back to the wire. */
#include "rt-analysis-private.h"

#include "rt-error.h"

/**
 * rt_analysis_find_transfer:
 * @analysis: an analysis
 * @span: where bytes stand, in a buffer of the log or a derived one
 *
 * Returns: (transfer none) (nullable): the message that the first of them is in
 */
const RtTransfer *
rt_analysis_find_transfer (RtAnalysis *analysis, RtSpan span)
{
  g_autoptr (GArray) sources = g_array_new (FALSE, FALSE, sizeof (RtSpan));
  RtStream *stream;
  guint first, last;

  rt_analysis_trace_span (analysis, span, sources);
  if (sources->len == 0)
    return NULL;
  span = g_array_index (sources, RtSpan, 0);
  stream = g_hash_table_lookup (analysis->stream_by_id, GUINT_TO_POINTER (span.buffer));
  if (stream == NULL || !rt_stream_find (stream, span, &first, &last))
    return NULL;
  return stream->transfers->pdata[first];
}

/**
 * rt_analysis_get_content_span:
 * @analysis: an analysis
 * @transfer: a message of it
 *
 * Returns: where the content stands without its transfer coding, as far as it is known: on the
 *   wire or in a derived buffer
 */
RtSpan
rt_analysis_get_content_span (RtAnalysis *analysis, const RtTransfer *transfer)
{
  const RtDerived *derived;

  if (transfer->decoded == 0)
    return transfer->has_head && transfer->message->framing == RT_FRAMING_CHUNKED
               ? RT_SPAN_NONE
               : transfer->content;
  derived = analysis->derived->pdata[transfer->decoded - RT_BUFFER_DERIVED];
  return (RtSpan){ 0, (guint32)MIN (derived->length, G_MAXUINT32), transfer->decoded };
}

static RtDerived *
derived_of (RtAnalysis *analysis, RtBufferId buffer)
{
  return buffer >= RT_BUFFER_DERIVED && buffer - RT_BUFFER_DERIVED < analysis->derived->len
             ? analysis->derived->pdata[buffer - RT_BUFFER_DERIVED]
             : NULL;
}

/* Index of the run that byte @offset is in. */
static guint
find_run (const RtDerived *derived, guint64 offset)
{
  guint low = 0;
  guint high = derived->runs->len;

  while (high - low > 1)
    {
      guint middle = low + (high - low) / 2;

      if (g_array_index (derived->starts, guint64, middle) <= offset)
        low = middle;
      else
        high = middle;
    }
  return low;
}

/**
 * rt_analysis_trace_span:
 * @analysis: an analysis
 * @span: where bytes stand, in a buffer of the log or a derived one
 * @ret_sources: (element-type RtSpan): the spans of the log they come from are appended to it, in
 *   order
 */
void
rt_analysis_trace_span (RtAnalysis *analysis, RtSpan span, GArray *ret_sources)
{
  const RtDerived *derived = derived_of (analysis, span.buffer);
  guint64 end = rt_span_end (span);

  if (derived == NULL)
    {
      if (!rt_span_is_none (span) && span.buffer < RT_BUFFER_DERIVED)
        g_array_append_val (ret_sources, span);
      return;
    }
  end = MIN (end, derived->length);
  for (guint i = find_run (derived, span.offset); span.offset < end && i < derived->runs->len; i++)
    {
      RtSpan run = g_array_index (derived->runs, RtSpan, i);
      guint64 start = g_array_index (derived->starts, guint64, i);
      guint64 from = MAX (span.offset, start) - start;
      guint64 to = MIN (end, start + run.length);
      RtSpan part;

      if (start >= end)
        break;
      part = rt_span_sub (run, from, to - start - from);
      g_array_append_val (ret_sources, part);
    }
}

static gboolean
is_known (RtAnalysis *analysis, RtSpan span)
{
  const RtStream *stream
      = g_hash_table_lookup (analysis->stream_by_id, GUINT_TO_POINTER (span.buffer));

  return stream != NULL && rt_span_end (span) <= stream->known;
}

static GBytes *
dup_known (RtAnalysis *analysis, RtSpan span, GError **error)
{
  if (span.length == 0)
    return g_bytes_new (NULL, 0);
  if (is_known (analysis, span))
    return rt_analysis_read (analysis, span, error);
  rt_set_error (error, RT_ERROR_MISSING, NULL, NULL,
                "bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " of buffer %u are not known",
                span.offset, rt_span_end (span), span.buffer);
  return NULL;
}

/**
 * rt_analysis_dup_bytes:
 * @analysis: an analysis
 * @span: where the bytes stand, in a buffer of the log or a derived one
 *
 * Errors: %RT_ERROR_MISSING where no event that was fed shows them, or they were not kept.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
rt_analysis_dup_bytes (RtAnalysis *analysis, RtSpan span, GError **error)
{
  const RtDerived *derived = derived_of (analysis, span.buffer);
  g_autoptr (GArray) sources = NULL;
  g_autoptr (GByteArray) joined = NULL;

  if (derived == NULL || rt_span_end (span) > derived->length)
    return dup_known (analysis, span, error);
  sources = g_array_new (FALSE, FALSE, sizeof (RtSpan));
  rt_analysis_trace_span (analysis, span, sources);
  joined = g_byte_array_new ();
  for (guint i = 0; i < sources->len; i++)
    {
      g_autoptr (GBytes) part = dup_known (analysis, g_array_index (sources, RtSpan, i), error);

      if (part == NULL)
        return NULL;
      g_byte_array_append (joined, g_bytes_get_data (part, NULL), (guint)g_bytes_get_size (part));
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&joined));
}

/**
 * rt_analysis_dup_content:
 * @analysis: an analysis
 * @transfer: a message of it
 *
 * Returns: (transfer full) (nullable): its content as far as it is known, transfer coding removed,
 *   content codings not; empty if it has none; %NULL if its bytes were not kept
 */
GBytes *
rt_analysis_dup_content (RtAnalysis *analysis, const RtTransfer *transfer)
{
  return rt_analysis_dup_bytes (analysis, rt_analysis_get_content_span (analysis, transfer), NULL);
}
