/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cache and responses: what becomes of each, what is stored, updated and made invalid by it. */
#include "rt-cache-private.h"

#include "rt-cache-invalidate.h"
#include "rt-cache-store.h"
#include "rt-cache-validate.h"
#include "rt-cache-vary.h"
#include "rt-date.h"
#include "rt-methods.h"
#include "rt-reference.h"

static RtCachePolicy *
policy_with (
    const RtCachePolicy *policy, RtFields *fields, guint status, RtTime asked, RtTime answered)
{
  const RtStatusInfo *info = rt_status_info (status);
  g_autoptr (RtMessage) message = rt_message_new_response (status, NULL);
  RtText reason = status == policy->response->status ? policy->response->reason
                                                     : rt_text (info != NULL ? info->reason : "");

  rt_message_set_status (message, status, reason);
  rt_fields_unref (message->fields);
  message->fields = rt_fields_ref (fields);
  return rt_cache_policy_new_updated (policy, message, asked, answered);
}

/* What was answered just now. */
RtCachePolicy *
rt_cache_updated_policy (
    RtCachePassage *p, const RtCachePolicy *policy, RtFields *fields, guint status, RtTime now)
{
  return policy_with (policy, fields, status, p->request_time, now);
}

/* The same response, understood in another way. */
RtCachePolicy *
rt_cache_refielded_policy (const RtCachePolicy *policy, RtFields *fields, guint status)
{
  return policy_with (policy, fields, status, policy->request_time, policy->response_time);
}

/* The response as it is stored, RFC 9111 §3.1; RFC 9110 §6.6.1 for Date. */
static RtMessage *
stored_message (RtCachePassage *p, RtMessage *response, RtFields *fields, RtTime now)
{
  RtMessage *stored = rt_message_new_response (response->status, NULL);
  g_autofree char *date = rt_http_date_dup (now);

  rt_message_set_status (stored, response->status, response->reason);
  stored->status_span = response->status_span;
  rt_fields_unref (stored->fields);
  stored->fields = rt_cache_stored_fields (&p->cache->settings, fields);
  if (rt_fields_first (stored->fields, "Date") == NULL)
    rt_fields_append (stored->fields, "Date", date);
  /* RFC 9112 §6.3: where something else frames the content, this is not its length. */
  if (response->framing != RT_FRAMING_LENGTH)
    rt_fields_remove (stored->fields, "Content-Length");
  return stored;
}

static void
update_entry (RtCachePassage *p, RtCacheEntry *entry, RtFields *fields, RtTime now, RtEffects *out)
{
  g_autofree char *date = rt_http_date_dup (now);
  g_autoptr (RtFields) updated = rt_cache_updated_fields (entry->policy, fields);
  g_autoptr (RtCachePolicy) policy = NULL;

  /* Its age counts from this answer, also where that says no Date. */
  if (rt_fields_first (fields, "Date") == NULL)
    rt_fields_set (updated, "Date", date);
  policy
      = rt_cache_updated_policy (p, entry->policy, updated, entry->policy->response->status, now);
  rt_cache_memory_update (p->cache->memory, entry, policy, now, out);
}

static gboolean
decide_update (
    RtCachePassage *p, RtCacheEntry *entry, RtMessage *response, gboolean alone, RtEffects *out)
{
  RtDecision *why = rt_cache_begin_why (p->cache);
  RtCacheUpdate verdict = rt_cache_update_decide (entry->policy, response, alone, why);

  rt_cache_give_why (why, verdict == RT_CACHE_UPDATE_YES, out);
  return verdict == RT_CACHE_UPDATE_YES;
}

/* RFC 9111 §4.3.3 and §4.3.4. */
static RtCacheTake
take_not_modified (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  GPtrArray *list = rt_cache_memory_list (p->cache->memory, p->uri);

  if (p->validating)
    {
      if (!decide_update (p, p->selected, response, TRUE, out))
        {
          p->plain = TRUE;
          return RT_CACHE_TAKE_AGAIN;
        }
      update_entry (p, p->selected, response->fields, now, out);
      p->validated = TRUE;
      return RT_CACHE_TAKE_ANSWER;
    }
  /* The client's own condition: the answer is for it, and tells the cache something all the same.
   */
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      RtCacheEntry *entry = g_ptr_array_index (list, i);

      if (rt_cache_vary_matches (entry->policy, p->request, NULL)
          && decide_update (p, entry, response, FALSE, out))
        update_entry (p, entry, response->fields, now, out);
    }
  return RT_CACHE_TAKE_PASS;
}

/* RFC 9111 §4.3.5. */
static void
take_head (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  RtDecision *why;
  RtCacheUpdate verdict;

  if (p->selected == NULL || !p->selected->present || !p->selected->body->complete)
    return;
  why = rt_cache_begin_why (p->cache);
  verdict = rt_cache_update_head_decide (p->selected->policy, response, why);
  rt_cache_give_why (why, verdict != RT_CACHE_UPDATE_NO, out);
  if (verdict == RT_CACHE_UPDATE_YES)
    update_entry (p, p->selected, response->fields, now, out);
  else if (verdict == RT_CACHE_UPDATE_STALE)
    rt_cache_memory_remove (p->cache->memory, p->selected, out);
}

/* RFC 9111 §4.4. */
static void
invalidate (RtCachePassage *p, RtMessage *response, RtEffects *out)
{
  RtDecision *why = rt_cache_begin_why (p->cache);
  g_auto (RtCacheInvalidation) verdict
      = rt_cache_invalidate_decide (p->request, p->uri, response, why);

  rt_cache_give_why (why, TRUE, out);
  if (verdict.target)
    rt_cache_memory_remove_uri (p->cache->memory, p->uri, out);
  if (verdict.location != NULL)
    rt_cache_memory_remove_uri (p->cache->memory, verdict.location, out);
  if (verdict.content_location != NULL)
    rt_cache_memory_remove_uri (p->cache->memory, verdict.content_location, out);
}

/* What answered this request before answers no more. Other variants stay; a part replaces nothing.
 */
static void
remove_replaced (RtCachePassage *p, const RtCachePolicy *policy, RtEffects *out)
{
  GPtrArray *list = rt_cache_memory_list (p->cache->memory, p->uri);
  guint n = list != NULL && !policy->is_partial ? list->len : 0;

  for (guint i = n; i > 0; i--)
    {
      RtCacheEntry *entry = g_ptr_array_index (list, i - 1);

      /* The list goes with its last entry: that is the one at 0. */
      if (rt_cache_vary_matches (entry->policy, p->request, NULL))
        rt_cache_memory_remove (p->cache->memory, entry, out);
    }
}

static void
begin_storing (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) stored = stored_message (p, response, response->fields, now);
  g_autoptr (RtCachePolicy) policy
      = rt_cache_policy_new (&p->cache->settings, p->request, p->uri, stored, p->request_time, now);
  g_autoptr (RtCacheBody) body = rt_cache_body_new ();
  RtCacheEntry *entry;

  remove_replaced (p, policy, out);
  entry = rt_cache_memory_add (p->cache->memory, policy, body, now, out);
  if (entry != NULL)
    p->storing = rt_cache_entry_ref (entry);
  p->was_stored = entry != NULL;
}

/* RFC 9111 §3. An answer to HEAD has no content to store. */
static void
consider_storing (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  RtDecision *why;
  gboolean store;

  if (rt_text_is (p->request->method, "HEAD") || !rt_method_is_cacheable (p->request->method)
      || p->reason == RT_CACHE_FORWARD_BYPASS || response->status == 304)
    return;
  why = rt_cache_begin_why (p->cache);
  store = rt_cache_store_decide (&p->cache->settings, p->request, p->uri, response, why);
  rt_cache_give_why (why, TRUE, out);
  if (store)
    begin_storing (p, response, now, out);
}

/* RFC 9111 §4.2.4, RFC 5861 §4. */
static RtCacheError
decide_error (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  RtDecision *why;
  RtCacheError verdict;

  if (p->selected == NULL || !p->selected->body->complete || p->verdict != RT_CACHE_REUSE_VALIDATE)
    return RT_CACHE_ERROR_FORWARD;
  why = rt_cache_begin_why (p->cache);
  verdict = rt_cache_error_decide (p->selected->policy, p->request, response, now, why);
  rt_cache_give_why (why, verdict == RT_CACHE_ERROR_SERVE_STALE, out);
  return verdict;
}

/**
 * rt_cache_passage_head:
 * @passage: one whose request was forwarded
 * @response: the final response
 * @now: the time
 * @out: where effects gather
 *
 * Returns: what is to become of the response
 */
RtCacheTake
rt_cache_passage_head (RtCachePassage *passage, RtMessage *response, RtTime now, RtEffects *out)
{
  RtCachePassage *p = passage;
  gboolean asked_for_part = p->part != NULL && !p->plain;

  p->forward_status = response->status;
  if (!rt_method_is_safe (p->request->method))
    invalidate (p, response, out);
  if (response->status == 304 && rt_method_is_read (p->request->method))
    return take_not_modified (p, response, now, out);
  if (response->status >= 500 && decide_error (p, response, now, out) == RT_CACHE_ERROR_SERVE_STALE)
    return RT_CACHE_TAKE_ANSWER;
  if (asked_for_part && response->status == 206)
    return rt_cache_take_part (p, response, now, out);
  if (asked_for_part && response->status == 416)
    {
      p->plain = TRUE;
      return RT_CACHE_TAKE_AGAIN;
    }
  if (rt_text_is (p->request->method, "HEAD"))
    take_head (p, response, now, out);
  consider_storing (p, response, now, out);
  return RT_CACHE_TAKE_PASS;
}

/**
 * rt_cache_passage_content:
 * @passage: one whose response passes or is gathered
 * @bytes: a run of its content
 * @now: the time
 * @out: where effects gather
 */
void
rt_cache_passage_content (RtCachePassage *passage, GBytes *bytes, RtTime now, RtEffects *out)
{
  RtCacheMemory *memory = passage->cache->memory;

  /* More than was announced is not kept: it is wrong in any case. */
  if (passage->gathered != NULL)
    {
      if (passage->gathered->length <= passage->combine.last)
        rt_cache_body_append (passage->gathered, bytes);
    }
  else if (passage->storing != NULL
           && !rt_cache_memory_grow (memory, passage->storing, bytes, now, out))
    g_clear_pointer (&passage->storing, rt_cache_entry_unref);
}

/**
 * rt_cache_passage_end:
 * @passage: one whose response passed or was gathered
 * @whole: it is complete; else it broke off
 * @now: the time
 * @out: where effects gather
 *
 * Returns: whether what was gathered made an answer; if not, the request goes to the server once
 *   more
 */
gboolean
rt_cache_passage_end (RtCachePassage *passage, gboolean whole, RtTime now, RtEffects *out)
{
  RtCachePassage *p = passage;

  if (p->gathered != NULL && whole && rt_cache_finish_combining (p, now, out))
    return TRUE;
  if (p->gathered != NULL)
    {
      p->plain = TRUE;
      g_clear_pointer (&p->gathered, rt_cache_body_unref);
    }
  if (p->storing == NULL)
    return FALSE;
  if (!(whole ? rt_cache_fit_part (p, now, out) : rt_cache_keep_beginning (p, now, out)))
    rt_cache_memory_remove (p->cache->memory, p->storing, out);
  else if (whole && rt_cache_memory_grow (p->cache->memory, p->storing, NULL, now, out))
    rt_cache_join_parts (p, now, out);
  g_clear_pointer (&p->storing, rt_cache_entry_unref);
  return FALSE;
}

/**
 * rt_cache_passage_fail:
 * @passage: one whose request was forwarded
 * @now: the time
 * @out: where effects gather
 *
 * The server could not be reached, or gave no response that can be read.
 *
 * Returns: whether a stored response stands in; FORWARD: nothing stored is concerned
 */
RtCacheError
rt_cache_passage_fail (RtCachePassage *passage, RtTime now, RtEffects *out)
{
  return decide_error (passage, NULL, now, out);
}
