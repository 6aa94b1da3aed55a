/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Answers from stored responses. The cache does what the origin server would have done with the
 * request's conditions and ranges (RFC 9111 §4.3.2, RFC 9110 §13.2, §14.2). */
#include "rt-cache-answer.h"

#include "rt-cache-reuse.h"
#include "rt-preconditions.h"
#include "rt-range-select.h"
#include "rt-reference.h"

typedef struct
{
  RtCacheEntry *entry;
  RtMessage *request;
  RtTime now;
  RtFields *fields; /* of the stored response, Age included */
  RtCacheAnswer *answer;
} Making;

static gboolean
has_conditions (RtFields *fields)
{
  static const char *const names[] = { "If-None-Match", "If-Modified-Since", "If-Range" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_fields_first (fields, names[i]) != NULL)
      return TRUE;
  return FALSE;
}

static RtPrecondition
evaluate (const Making *m, RtDecision *why)
{
  const RtCachePolicy *policy = m->entry->policy;
  const RtPreconditionState state = {
    .is_cache = TRUE,
    /* A range of a stored part is asked for as if the whole were there. */
    .status = policy->is_partial ? 200 : policy->response->status,
    .exists = TRUE,
    .etag = policy->etag.whole,
    /* RFC 9111 §4.3.2: without Last-Modified, Date stands in for it. */
    .has_modified = TRUE,
    .modified = policy->has_modified ? policy->modified : policy->date,
    /* RFC 9110 §13.1.5: only If-Range wants a strong date. */
    .changed_twice = rt_fields_first (m->request->fields, "If-Range") != NULL
                     && !rt_cache_policy_has_strong_validator (policy),
  };

  if (!has_conditions (m->request->fields))
    return RT_PRECONDITION_PROCEED;
  return rt_precondition_decide (m->request, &state, m->now, why);
}

static void
begin (const Making *m, guint status)
{
  RtMessage *stored = m->entry->policy->response;
  const RtStatusInfo *info = rt_status_info (status);

  m->answer->response = rt_message_new_response (status, info != NULL ? info->reason : "");
  if (status == stored->status)
    rt_message_set_status (m->answer->response, status, stored->reason);
}

/* RFC 9110 §15.4.5: a 304 has what a 200 would have had of these, and of the rest only what is no
 * metadata of the representation. */
static gboolean
is_in_304 (const Making *m, RtText name)
{
  static const char *const metadata[] = { "Content-Encoding", "Content-Language", "Content-Length",
                                          "Content-Range", "Content-Type" };

  for (gsize i = 0; i < G_N_ELEMENTS (metadata); i++)
    if (rt_text_is_nocase (name, metadata[i]))
      return FALSE;
  return !rt_text_is_nocase (name, "Last-Modified") || m->entry->policy->etag.whole.length == 0;
}

static void
answer_not_modified (const Making *m)
{
  begin (m, 304);
  for (guint i = 0; i < rt_fields_get_length (m->fields); i++)
    {
      const RtField *field = rt_fields_get (m->fields, i);

      if (is_in_304 (m, field->name))
        rt_fields_append_field (m->answer->response->fields, field);
    }
}

static void
append_all_fields (const Making *m)
{
  for (guint i = 0; i < rt_fields_get_length (m->fields); i++)
    rt_fields_append_field (m->answer->response->fields, rt_fields_get (m->fields, i));
}

static void
set_length (RtMessage *response, guint64 length)
{
  g_autofree char *text = g_strdup_printf ("%" G_GUINT64_FORMAT, length);

  rt_fields_set (response->fields, "Content-Length", text);
}

static void
answer_whole (const Making *m)
{
  RtCacheBody *body = m->entry->body;
  gboolean is_head = rt_text_is (m->request->method, "HEAD");

  begin (m, m->entry->policy->response->status);
  append_all_fields (m);
  if (body->complete && !(m->answer->response->status == 204 || m->answer->response->status == 304))
    set_length (m->answer->response, body->length);
  if (is_head)
    return;
  rt_cache_body_slice (body, 0, body->length, m->answer->pieces);
  if (!body->complete)
    m->answer->follow = rt_cache_body_ref (body);
}

static void
answer_unsatisfiable (const Making *m, const RtRangeSelection *selection)
{
  g_autofree char *range = rt_range_content_range (selection, 0);

  begin (m, 416);
  for (guint i = 0; i < rt_fields_get_length (m->fields); i++)
    {
      const RtField *field = rt_fields_get (m->fields, i);

      if (is_in_304 (m, field->name))
        rt_fields_append_field (m->answer->response->fields, field);
    }
  rt_fields_set (m->answer->response->fields, "Content-Range", range);
  rt_fields_set (m->answer->response->fields, "Content-Length", "0");
}

/* Where the body begins within the representation. */
static guint64
body_offset (RtCacheEntry *entry)
{
  return entry->policy->is_partial ? entry->policy->range.first : 0;
}

static void
answer_part (const Making *m, const RtRangeSelection *selection)
{
  const RtByteRange *range = &selection->ranges[0];
  RtContentRange text = { .unit = RT_TEXT ("bytes"), .first = range->first, .last = range->last };
  const RtCachePolicy *policy = m->entry->policy;
  g_autofree char *content_range = NULL;

  text.has_complete = !policy->is_partial || policy->range.has_complete;
  text.complete = selection->length;
  content_range = rt_content_range_format (&text);
  begin (m, 206);
  append_all_fields (m);
  rt_fields_set (m->answer->response->fields, "Content-Range", content_range);
  set_length (m->answer->response, range->last - range->first + 1);
  rt_cache_body_slice (m->entry->body, (gsize)(range->first - body_offset (m->entry)),
                       (gsize)(range->last - range->first + 1), m->answer->pieces);
}

static void
take_text (GPtrArray *pieces, char *text)
{
  g_ptr_array_add (pieces, g_bytes_new_take (text, strlen (text)));
}

/* RFC 9110 §14.6. The boundary is a function of the entry, so that the same run gives the same
 * bytes. */
static void
answer_parts (const Making *m, const RtRangeSelection *selection)
{
  const RtField *field = rt_fields_first (m->fields, "Content-Type");
  g_autofree char *type = field != NULL ? rt_text_dup (field->value) : NULL;
  g_autofree char *boundary
      = g_strdup_printf ("roundtrip-%016" G_GINT64_MODIFIER "x",
                         m->entry->number * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15));
  g_autofree char *multipart = g_strdup_printf ("multipart/byteranges; boundary=%s", boundary);

  begin (m, 206);
  append_all_fields (m);
  rt_fields_remove (m->answer->response->fields, "Content-Range");
  rt_fields_set (m->answer->response->fields, "Content-Type", multipart);
  set_length (m->answer->response, rt_range_content_length (selection, boundary, type));
  for (guint i = 0; i < selection->n; i++)
    {
      const RtByteRange *range = &selection->ranges[i];

      take_text (m->answer->pieces, rt_range_part_head (selection, i, boundary, type));
      rt_cache_body_slice (m->entry->body, (gsize)(range->first - body_offset (m->entry)),
                           (gsize)(range->last - range->first + 1), m->answer->pieces);
    }
  take_text (m->answer->pieces, rt_range_parts_end (boundary));
}

/* The length that ranges are of. */
static guint64
whole_length (RtCacheEntry *entry)
{
  const RtContentRange *part = &entry->policy->range;

  if (!entry->policy->is_partial)
    return entry->body->length;
  return part->has_complete ? part->complete : part->last + 1;
}

static void
answer_ranges (const Making *m, RtDecision *why)
{
  RtRangeSelection selection;

  rt_range_select_decide (m->request, whole_length (m->entry), TRUE, &selection, why);
  if (selection.verdict == RT_RANGE_UNSATISFIABLE)
    answer_unsatisfiable (m, &selection);
  else if (selection.verdict == RT_RANGE_WHOLE)
    answer_whole (m);
  else if (selection.n == 1)
    answer_part (m, &selection);
  else
    answer_parts (m, &selection);
}

/* Ranges are asked of a GET for a representation that is there in full, or of a part that was
 * chosen because it has them. */
static gboolean
has_ranges (const Making *m)
{
  const RtCachePolicy *policy = m->entry->policy;

  return rt_text_is (m->request->method, "GET") && m->entry->body->complete
         && rt_fields_first (m->request->fields, "Range") != NULL
         && (policy->response->status == 200 || policy->is_partial);
}

/**
 * rt_cache_answer_make:
 * @entry: a stored response that was chosen to answer
 * @request: the request
 * @now: the time
 * @validated: the server has just been asked about it
 * @why: (nullable): receives the explanation of the condition, if there is one, or of the range
 * @ret_answer: (out): the answer
 *
 * Source: RFC 9111 §4.3.2, RFC 9110 §13.2.2, §14.2.
 */
void
rt_cache_answer_make (RtCacheEntry *entry,
                      RtMessage *request,
                      RtTime now,
                      gboolean validated,
                      RtDecision *why,
                      RtCacheAnswer *ret_answer)
{
  g_autoptr (RtFields) fields = rt_cache_reused_fields (entry->policy, now, validated);
  const Making making = { entry, request, now, fields, ret_answer };
  RtPrecondition verdict = evaluate (&making, why);

  *ret_answer
      = (RtCacheAnswer){ .pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref) };
  if (verdict == RT_PRECONDITION_NOT_MODIFIED)
    answer_not_modified (&making);
  else if (verdict != RT_PRECONDITION_IGNORE_RANGE && has_ranges (&making))
    answer_ranges (&making, has_conditions (request->fields) ? NULL : why);
  else
    answer_whole (&making);
}

void
rt_cache_answer_clear (RtCacheAnswer *answer)
{
  g_clear_pointer (&answer->response, rt_message_unref);
  g_clear_pointer (&answer->pieces, g_ptr_array_unref);
  g_clear_pointer (&answer->follow, rt_cache_body_unref);
}
