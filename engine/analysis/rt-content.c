/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content codings are listed in the order they were applied, RFC 9110 §8.4, so they are undone from
 * the last to the first. All of them together are held by the caps of rt-coding.h. */
#include "rt-content.h"

#include "rt-coding.h"
#include "rt-elements.h"

/** CODINGS_MAX: on one content; more are an attempt to wear the reader out. */
#define CODINGS_MAX 8

/* Those that change something, in the order of the field. */
static GArray *
list_codings (RtFields *fields)
{
  GArray *codings = g_array_new (FALSE, FALSE, sizeof (RtText));
  RtElements elements = rt_elements (fields, "Content-Encoding");
  RtText coding;

  while (rt_elements_next (&elements, &coding))
    if (!rt_text_is_nocase (coding, "identity"))
      g_array_append_val (codings, coding);
  return codings;
}

/**
 * rt_content_is_coded:
 * @fields: of a message
 *
 * Returns: whether its content has a content coding
 */
gboolean
rt_content_is_coded (RtFields *fields)
{
  g_autoptr (GArray) codings = NULL;

  if (rt_fields_first (fields, "Content-Encoding") == NULL)
    return FALSE;
  codings = list_codings (fields);
  return codings->len > 0;
}

static const char *const problems[] = {
  [RT_CONTENT_CODED] = "cannot be undone here; expected gzip, deflate, br or zstd",
  [RT_CONTENT_CUT] = "ends in the middle",
  [RT_CONTENT_DAMAGED] = "is broken: only what stands before the break was decoded",
  [RT_CONTENT_TOO_LARGE] = "gives more than 64 MiB, or than 1000 times its own size: only the "
                           "beginning was decoded",
};

static void
stop (RtContent *content, RtContentState state, RtText coding)
{
  g_autofree char *name = rt_text_escape (coding);

  content->state = state;
  content->problem = g_strdup_printf ("the content coding “%s” %s", name, problems[state]);
}

/* Whether the next one can be undone. */
static gboolean
undo (RtContent *content, RtText name, GPtrArray *undone)
{
  static const RtContentState states[] = {
    [RT_CODING_CUT] = RT_CONTENT_CUT,
    [RT_CODING_DAMAGED] = RT_CONTENT_DAMAGED,
    [RT_CODING_TOO_LARGE] = RT_CONTENT_TOO_LARGE,
  };
  RtCoding coding = rt_coding_from_name (name);
  RtText coded;
  GBytes *bytes;
  RtCodingEnd end;

  if (coding == RT_CODING_UNKNOWN)
    {
      stop (content, RT_CONTENT_CODED, name);
      return FALSE;
    }
  coded.at = g_bytes_get_data (content->bytes, &coded.length);
  end = rt_coding_decode (coding, coded, 0, &bytes);
  g_bytes_unref (content->bytes);
  content->bytes = bytes;
  g_ptr_array_add (undone, rt_text_dup (name));
  if (end != RT_CODING_WHOLE)
    stop (content, states[end], name);
  return end == RT_CODING_WHOLE;
}

/**
 * rt_content_decode:
 * @fields: of the message
 * @coded: its content, transfer coding removed
 * @source: where @coded stands
 *
 * Returns: (transfer full): the content
 */
RtContent *
rt_content_decode (RtFields *fields, GBytes *coded, RtSpan source)
{
  g_autoptr (GArray) codings = list_codings (fields);
  g_autoptr (GPtrArray) undone = g_ptr_array_new ();
  RtContent *content = g_new0 (RtContent, 1);

  content->ref_count = 1;
  content->coded = g_bytes_ref (coded);
  content->bytes = g_bytes_ref (coded);
  content->source = source;
  if (codings->len > CODINGS_MAX)
    {
      content->state = RT_CONTENT_CODED;
      content->problem = g_strdup ("the content has more than 8 content codings");
    }
  for (guint i = codings->len; content->state == RT_CONTENT_WHOLE && i > 0; i--)
    if (!undo (content, g_array_index (codings, RtText, i - 1), undone))
      break;
  g_ptr_array_add (undone, NULL);
  content->undone = (char **)g_ptr_array_free (g_steal_pointer (&undone), FALSE);
  return content;
}

/* What was put together from a source without bytes has no codings any more, whatever its fields
 * say. It may lack content that there was. */
static RtContent *
new_uncoded (const RtTransfer *transfer, GBytes *coded, RtSpan span)
{
  g_autoptr (GBytes) bytes = coded != NULL ? g_bytes_ref (coded) : g_bytes_new (NULL, 0);
  RtContent *content = g_new0 (RtContent, 1);

  *content = (RtContent){ .ref_count = 1,
                          .state = RT_CONTENT_WHOLE,
                          .bytes = g_bytes_ref (bytes),
                          .coded = g_bytes_ref (bytes),
                          .source = span,
                          .undone = g_new0 (char *, 1) };
  if (coded == NULL || (transfer->missing != NULL && g_bytes_get_size (bytes) == 0))
    content->state = RT_CONTENT_MISSING;
  else if (transfer->missing != NULL)
    content->state = RT_CONTENT_CUT;
  if (content->state != RT_CONTENT_WHOLE)
    content->problem = g_strdup (
        transfer->missing != NULL ? transfer->missing : "the bytes of the content were not kept");
  return content;
}

/**
 * rt_content_new:
 * @analysis: an analysis
 * @transfer: a message of it
 *
 * Returns: (transfer full): its content, as far as it is known; empty if it has none
 */
RtContent *
rt_content_new (RtAnalysis *analysis, const RtTransfer *transfer)
{
  RtSpan span = rt_analysis_get_content_span (analysis, transfer);
  g_autoptr (GBytes) coded = rt_analysis_dup_bytes (analysis, span, NULL);

  if (coded != NULL && transfer->message->fields != NULL && !transfer->message->reconstructed)
    return rt_content_decode (transfer->message->fields, coded, span);
  return new_uncoded (transfer, coded, span);
}

RtContent *
rt_content_ref (RtContent *content)
{
  g_atomic_int_inc (&content->ref_count);
  return content;
}

void
rt_content_unref (RtContent *content)
{
  if (!g_atomic_int_dec_and_test (&content->ref_count))
    return;
  g_bytes_unref (content->bytes);
  g_bytes_unref (content->coded);
  g_strfreev (content->undone);
  g_free (content->problem);
  g_free (content);
}

/**
 * rt_content_trace:
 * @content: a content
 * @offset: of a byte of its @bytes
 * @length: and how many are meant
 *
 * Returns: where they came from: just these bytes where nothing was coded, all coded ones otherwise
 */
RtSpan
rt_content_trace (const RtContent *content, gsize offset, gsize length)
{
  if (content->undone[0] != NULL || rt_span_is_none (content->source))
    return content->source;
  offset = MIN (offset, content->source.length);
  return rt_span_sub (content->source, offset, MIN (length, content->source.length - offset));
}
