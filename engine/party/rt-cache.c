/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cache at work, RFC 9111. A request makes a passage:
 *
 *   new ─▶ answered from what is stored                        (fresh, or stale where allowed)
 *       ─▶ 504                                                 (only-if-cached)
 *       ─▶ request ─▶ head ─▶ pass, perhaps stored ─ content … ─▶ end
 *                          ─▶ answer                           (304, or stale instead of an error)
 *                          ─▶ gather ─ content … ─▶ end ─▶ answer          (the missing part came)
 *                          ─▶ again                            (the answer was no use)
 *                  ─▶ fail ─▶ answer or 504                    (no response came)
 *
 * Every verdict is a rule's, and each is written down where the cache explains itself. */
#include "rt-cache.h"

#include "rt-cache-invalidate.h"
#include "rt-cache-partial.h"
#include "rt-cache-store.h"
#include "rt-cache-validate.h"
#include "rt-cache-vary.h"
#include "rt-date.h"
#include "rt-methods.h"
#include "rt-reference.h"

struct _RtCache
{
  RtCacheSettings settings;
  RtCacheMemory *memory;
  gboolean explain;
};

/**
 * RtCachePassage:
 * @selected: (nullable): the stored response that was chosen
 * @verdict: on it
 * @part: (nullable): the stored part that the response may complete
 * @plain: ask without anything of the cache's own
 * @validating: the request that left asks about @selected
 * @validated: the server said that @selected is good
 * @storing: (nullable): the response that is being stored
 * @gathered: (nullable): the part that completes @part, from @gathered_first on
 * @combined: (nullable): of what they are together
 */
struct _RtCachePassage
{
  RtCache *cache;
  RtMessage *request;
  char *uri;
  RtTime request_time;
  RtCacheEntry *selected, *part, *storing;
  RtCacheReuse verdict;
  RtCacheForward reason;
  RtCacheBody *gathered;
  guint64 gathered_first;
  RtCacheCombine combine;
  RtCachePolicy *combined;
  guint forward_status;
  gboolean background, plain, validating, validated, was_stored;
};

/**
 * rt_cache_new:
 * @settings: what kind of cache it is
 * @max_bytes: what it may keep; 0: %RT_CACHE_MEMORY_MAX
 * @explain: its decisions and entries go to the log
 *
 * Returns: (transfer full): an empty cache
 */
RtCache *
rt_cache_new (const RtCacheSettings *settings, gsize max_bytes, gboolean explain)
{
  RtCache *cache = g_new0 (RtCache, 1);

  cache->settings = *settings;
  cache->explain = explain;
  cache->memory = rt_cache_memory_new (max_bytes > 0 ? max_bytes : RT_CACHE_MEMORY_MAX, explain);
  return cache;
}

void
rt_cache_free (RtCache *cache)
{
  rt_cache_memory_free (cache->memory);
  g_free (cache);
}

/**
 * rt_cache_get_memory:
 * @cache: a cache
 *
 * Returns: (transfer none): what it keeps
 */
RtCacheMemory *
rt_cache_get_memory (RtCache *cache)
{
  return cache->memory;
}

/* Decisions. */

static RtDecision *
begin_why (RtCache *cache)
{
  return cache->explain ? rt_decision_new () : NULL;
}

static void
give_why (RtDecision *why, gboolean acted, RtEffects *out)
{
  if (why == NULL)
    return;
  if (rt_decision_get_n_checks (why) > 0)
    rt_effects_decide (out, why, acted);
  else
    rt_decision_unref (why);
}

/* Requests. */

static RtCacheEntry *
select_entry (RtCachePassage *p, GPtrArray *list)
{
  g_autofree RtCachePolicy **policies = g_new (RtCachePolicy *, list->len);
  guint chosen;

  for (guint i = 0; i < list->len; i++)
    policies[i] = ((RtCacheEntry *)g_ptr_array_index (list, i))->policy;
  chosen = rt_cache_select (policies, list->len, p->request, p->uri);
  return chosen < list->len ? rt_cache_entry_ref (g_ptr_array_index (list, chosen)) : NULL;
}

/* A GET for all of what is stored in part asks for the rest (RFC 9111 §3.3). Where no strong
 * validator lets the two be combined, all is asked for again: one request more, at worst. */
static RtCacheEntry *
find_part (RtCachePassage *p, GPtrArray *list)
{
  if (!rt_text_is (p->request->method, "GET")
      || rt_fields_first (p->request->fields, "Range") != NULL)
    return NULL;
  for (guint i = list->len; i > 0; i--)
    {
      RtCacheEntry *entry = g_ptr_array_index (list, i - 1);

      if (entry->policy->is_partial && entry->body->complete
          && rt_cache_vary_matches (entry->policy, p->request, NULL))
        return rt_cache_entry_ref (entry);
    }
  return NULL;
}

static RtCacheStep
step_without (RtCachePassage *p, GPtrArray *list)
{
  RtCacheEntry *first = list != NULL ? g_ptr_array_index (list, 0) : NULL;

  if (rt_cache_needs_504 (p->request))
    return RT_CACHE_STEP_TIMEOUT;
  p->reason = rt_cache_forward_reason (first != NULL ? first->policy : NULL, p->request, p->uri,
                                       p->request_time);
  if (list != NULL)
    p->part = find_part (p, list);
  if (p->part != NULL)
    p->reason = RT_CACHE_FORWARD_PARTIAL;
  return RT_CACHE_STEP_FORWARD;
}

static RtCacheStep
step_by_verdict (RtCachePassage *p)
{
  switch (p->verdict)
    {
    case RT_CACHE_REUSE_FRESH:
    case RT_CACHE_REUSE_STALE:
      return RT_CACHE_STEP_ANSWER;
    case RT_CACHE_REUSE_WHILE_REVALIDATE:
      return RT_CACHE_STEP_ANSWER_AND_VALIDATE;
    case RT_CACHE_REUSE_TIMEOUT:
      return RT_CACHE_STEP_TIMEOUT;
    case RT_CACHE_REUSE_VALIDATE:
    case RT_CACHE_REUSE_NO:
    default:
      p->reason
          = rt_cache_forward_reason (p->selected->policy, p->request, p->uri, p->request_time);
      return RT_CACHE_STEP_FORWARD;
    }
}

static RtCacheStep
look_up (RtCachePassage *p, RtEffects *out)
{
  GPtrArray *list = rt_cache_memory_list (p->cache->memory, p->uri);
  RtDecision *why;

  if (!rt_method_is_read (p->request->method))
    {
      p->reason = RT_CACHE_FORWARD_METHOD;
      return RT_CACHE_STEP_FORWARD;
    }
  /* Content in a GET has no meaning that is generally defined; what was stored without it is no
   * answer to be sure of (RFC 9110 §9.3.1). */
  if (p->request->framing != RT_FRAMING_NONE)
    {
      p->reason = RT_CACHE_FORWARD_BYPASS;
      return RT_CACHE_STEP_FORWARD;
    }
  p->selected = list != NULL ? select_entry (p, list) : NULL;
  /* Of a part that still arrives, nobody knows yet what it will be. */
  if (p->selected != NULL && p->selected->policy->is_partial && !p->selected->body->complete)
    g_clear_pointer (&p->selected, rt_cache_entry_unref);
  if (p->selected == NULL)
    return step_without (p, list);
  why = begin_why (p->cache);
  p->verdict
      = rt_cache_reuse_decide (p->selected->policy, p->request, p->uri, p->request_time, why);
  /* What is not done here is to ask the server: a non-event. */
  give_why (why, p->verdict == RT_CACHE_REUSE_VALIDATE || p->verdict == RT_CACHE_REUSE_NO, out);
  return step_by_verdict (p);
}

/**
 * rt_cache_passage_new:
 * @cache: a cache; outlives the passage
 * @request: as the client sent it; referenced
 * @uri: its target URI
 * @now: the time
 * @ret_step: (out): what is to be done
 * @out: where effects gather
 *
 * Returns: (transfer full): the request's way through the cache
 */
RtCachePassage *
rt_cache_passage_new (RtCache *cache,
                      RtMessage *request,
                      const char *uri,
                      RtTime now,
                      RtCacheStep *ret_step,
                      RtEffects *out)
{
  RtCachePassage *p = g_new0 (RtCachePassage, 1);

  p->cache = cache;
  p->request = rt_message_ref (request);
  p->uri = g_strdup (uri);
  p->request_time = now;
  *ret_step = look_up (p, out);
  return p;
}

/**
 * rt_cache_passage_new_background:
 * @passage: one that said ANSWER_AND_VALIDATE
 * @now: the time
 *
 * Source: RFC 5861 §3.
 *
 * Returns: (transfer full): a passage to be forwarded, whose answer nobody but the cache gets
 */
RtCachePassage *
rt_cache_passage_new_background (RtCachePassage *passage, RtTime now)
{
  RtCachePassage *p = g_new0 (RtCachePassage, 1);

  p->cache = passage->cache;
  p->uri = g_strdup (passage->uri);
  p->request_time = now;
  p->selected = rt_cache_entry_ref (passage->selected);
  p->verdict = RT_CACHE_REUSE_VALIDATE;
  p->reason = RT_CACHE_FORWARD_STALE;
  p->background = TRUE;
  /* All of it is wanted, whatever the client wanted of it. */
  p->request = rt_message_copy (passage->request);
  rt_message_set_method (p->request, RT_TEXT ("GET"));
  rt_fields_remove (p->request->fields, "Range");
  rt_fields_remove (p->request->fields, "If-Range");
  rt_fields_remove (p->request->fields, "If-None-Match");
  rt_fields_remove (p->request->fields, "If-Modified-Since");
  return p;
}

void
rt_cache_passage_free (RtCachePassage *p)
{
  g_clear_pointer (&p->selected, rt_cache_entry_unref);
  g_clear_pointer (&p->part, rt_cache_entry_unref);
  g_clear_pointer (&p->storing, rt_cache_entry_unref);
  g_clear_pointer (&p->gathered, rt_cache_body_unref);
  g_clear_pointer (&p->combined, rt_cache_policy_unref);
  rt_message_unref (p->request);
  g_free (p->uri);
  g_free (p);
}

/**
 * rt_cache_passage_request:
 * @passage: one that said FORWARD or AGAIN
 * @now: the time
 *
 * Returns: (transfer full): the request to forward: the client's, made a validation or a request
 *   for what is missing; the caller's to change
 */
RtMessage *
rt_cache_passage_request (RtCachePassage *passage, RtTime now)
{
  RtMessage *message = rt_message_copy (passage->request);

  passage->request_time = now;
  passage->validating = FALSE;
  if (passage->plain)
    return message;
  if (passage->selected != NULL && passage->selected->body->complete
      && passage->verdict == RT_CACHE_REUSE_VALIDATE)
    passage->validating
        = rt_cache_add_conditions (message->fields, &passage->selected->policy, 1) > 0;
  else if (passage->part != NULL)
    rt_cache_missing_range (passage->part->policy, message->fields);
  return message;
}

/* Responses. */

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
static RtCachePolicy *
updated_policy (
    RtCachePassage *p, const RtCachePolicy *policy, RtFields *fields, guint status, RtTime now)
{
  return policy_with (policy, fields, status, p->request_time, now);
}

/* The same response, understood in another way. */
static RtCachePolicy *
refield (const RtCachePolicy *policy, RtFields *fields, guint status)
{
  return policy_with (policy, fields, status, policy->request_time, policy->response_time);
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
  policy = updated_policy (p, entry->policy, updated, entry->policy->response->status, now);
  rt_cache_memory_update (p->cache->memory, entry, policy, now, out);
}

static gboolean
decide_update (
    RtCachePassage *p, RtCacheEntry *entry, RtMessage *response, gboolean alone, RtEffects *out)
{
  RtDecision *why = begin_why (p->cache);
  RtCacheUpdate verdict = rt_cache_update_decide (entry->policy, response, alone, why);

  give_why (why, verdict == RT_CACHE_UPDATE_YES, out);
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
  why = begin_why (p->cache);
  verdict = rt_cache_update_head_decide (p->selected->policy, response, why);
  give_why (why, verdict != RT_CACHE_UPDATE_NO, out);
  if (verdict == RT_CACHE_UPDATE_YES)
    update_entry (p, p->selected, response->fields, now, out);
  else if (verdict == RT_CACHE_UPDATE_STALE)
    rt_cache_memory_remove (p->cache->memory, p->selected, out);
}

/* RFC 9111 §4.4. */
static void
invalidate (RtCachePassage *p, RtMessage *response, RtEffects *out)
{
  RtDecision *why = begin_why (p->cache);
  g_auto (RtCacheInvalidation) verdict
      = rt_cache_invalidate_decide (p->request, p->uri, response, why);

  give_why (why, verdict.target, out);
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
  why = begin_why (p->cache);
  store = rt_cache_store_decide (&p->cache->settings, p->request, p->uri, response, why);
  give_why (why, store, out);
  if (store)
    begin_storing (p, response, now, out);
}

/* RFC 9111 §3.4: the part that was asked for, or what came instead. */
static RtCacheTake
take_part (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  RtDecision *why = begin_why (p->cache);
  g_autoptr (RtFields) fields = NULL;
  RtContentRange range;

  p->combine = rt_cache_combine_decide (p->part->policy, response, why);
  give_why (why, p->combine.combine, out);
  if (!p->combine.combine || !p->combine.complete
      || !rt_content_range_parse (rt_fields_first (response->fields, "Content-Range")->value,
                                  &range))
    {
      p->plain = TRUE;
      return RT_CACHE_TAKE_AGAIN;
    }
  fields = rt_cache_combined_fields (p->part->policy, response->fields, &p->combine);
  p->combined = updated_policy (p, p->part->policy, fields, 200, now);
  p->gathered = rt_cache_body_new ();
  p->gathered_first = range.first;
  return RT_CACHE_TAKE_GATHER;
}

/* RFC 9111 §4.2.4, RFC 5861 §4. */
static RtCacheError
decide_error (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  RtDecision *why;
  RtCacheError verdict;

  if (p->selected == NULL || !p->selected->body->complete || p->verdict != RT_CACHE_REUSE_VALIDATE)
    return RT_CACHE_ERROR_FORWARD;
  why = begin_why (p->cache);
  verdict = rt_cache_error_decide (p->selected->policy, p->request, response, now, why);
  give_why (why, verdict == RT_CACHE_ERROR_SERVE_STALE, out);
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
    return take_part (p, response, now, out);
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

  if (passage->gathered != NULL)
    rt_cache_body_append (passage->gathered, bytes);
  else if (passage->storing != NULL
           && !rt_cache_memory_grow (memory, passage->storing, bytes, now, out))
    g_clear_pointer (&passage->storing, rt_cache_entry_unref);
}

/* A part: its bytes, and where they begin. */
typedef struct
{
  RtCacheBody *body;
  guint64 first;
} Part;

static guint64
part_end (const Part *part)
{
  return part->first + part->body->length;
}

static void
append_slice (RtCacheBody *body, const Part *from, guint64 first, guint64 end)
{
  g_autoptr (GPtrArray) pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);

  if (end <= first)
    return;
  rt_cache_body_slice (from->body, (gsize)(first - from->first), (gsize)(end - first), pieces);
  for (guint i = 0; i < pieces->len; i++)
    rt_cache_body_append (body, g_ptr_array_index (pieces, i));
}

/* The bytes of both in their order, each once: where they overlap, the new one's. */
static RtCacheBody *
combine_parts (const Part *old, const Part *new)
{
  RtCacheBody *body = rt_cache_body_new ();

  append_slice (body, old, old->first, MIN (part_end (old), new->first));
  append_slice (body, new, new->first, part_end (new));
  append_slice (body, old, MAX (old->first, part_end (new)), part_end (old));
  rt_cache_body_seal (body);
  return body;
}

/* What is whole now takes the place of the part. */
static gboolean
finish_combining (RtCachePassage *p, RtTime now, RtEffects *out)
{
  const Part old = { p->part->body, p->part->policy->range.first };
  const Part new = { p->gathered, p->gathered_first };
  g_autoptr (RtCacheBody) body = combine_parts (&old, &new);
  RtCacheEntry *entry;

  if (body->length != p->combine.last - p->combine.first + 1)
    return FALSE;
  rt_cache_memory_remove (p->cache->memory, p->part, out);
  entry = rt_cache_memory_add (p->cache->memory, p->combined, body, now, out);
  if (entry == NULL)
    return FALSE;
  p->selected = rt_cache_entry_ref (entry);
  p->validated = p->was_stored = TRUE;
  return TRUE;
}

/* RFC 9111 §3.3: the beginning of a representation is a part of it, and may be stored as one if it
 * could be completed later: its length and a strong validator are known. */
static gboolean
keep_beginning (RtCachePassage *p, RtTime now, RtEffects *out)
{
  RtCacheEntry *entry = p->storing;
  const RtCachePolicy *policy = entry->policy;
  const RtField *length = rt_fields_first (policy->response->fields, "Content-Length");
  RtContentRange range = { .unit = RT_TEXT ("bytes"), .has_complete = TRUE };
  g_autoptr (RtFields) fields = NULL;
  g_autoptr (RtCachePolicy) part = NULL;
  g_autofree char *text = NULL;

  if (!p->cache->settings.partial || policy->response->status != 200 || entry->body->length == 0
      || strcmp (policy->request_method, "GET") != 0
      || !rt_cache_policy_has_strong_validator (policy) || length == NULL
      || !rt_text_to_uint64 (length->value, &range.complete)
      || entry->body->length >= range.complete)
    return FALSE;
  range.last = entry->body->length - 1;
  text = rt_content_range_format (&range);
  fields = rt_fields_copy (policy->response->fields);
  rt_fields_set (fields, "Content-Range", text);
  rt_fields_remove (fields, "Content-Length");
  part = refield (policy, fields, 206);
  rt_cache_memory_update (p->cache->memory, entry, part, now, out);
  return rt_cache_memory_grow (p->cache->memory, entry, NULL, now, out);
}

/* A 206 whose content is whole by its framing and yet shorter than its Content-Range claims: the
 * bytes that came are what there is. Longer, it can't be made sense of. Returns whether it can be
 * used. */
static gboolean
fit_part (RtCachePassage *p, RtTime now, RtEffects *out)
{
  RtCacheEntry *entry = p->storing;
  RtContentRange range = entry->policy->range;
  guint64 length = range.last - range.first + 1;
  g_autoptr (RtFields) fields = NULL;
  g_autoptr (RtCachePolicy) policy = NULL;
  g_autofree char *text = NULL;

  if (!entry->policy->is_partial || length == entry->body->length)
    return TRUE;
  if (entry->body->length == 0 || entry->body->length > length)
    return FALSE;
  if (range.has_complete && range.last + 1 == range.complete)
    range.complete = range.first + entry->body->length;
  range.last = range.first + entry->body->length - 1;
  text = rt_content_range_format (&range);
  fields = rt_fields_copy (entry->policy->response->fields);
  rt_fields_set (fields, "Content-Range", text);
  policy = refield (entry->policy, fields, 206);
  rt_cache_memory_update (p->cache->memory, entry, policy, now, out);
  return TRUE;
}

/* Puts @old and what was just stored together, if they are parts of the same. */
static gboolean
join_part (RtCachePassage *p, RtCacheEntry *old, RtTime now, RtEffects *out)
{
  RtCacheEntry *new = p->storing;
  RtDecision *why = begin_why (p->cache);
  RtCacheCombine how = rt_cache_combine_decide (old->policy, new->policy->response, why);
  const Part old_part = { old->body, old->policy->range.first };
  const Part new_part = { new->body, new->policy->range.first };
  g_autoptr (RtFields) fields = NULL;
  g_autoptr (RtCachePolicy) policy = NULL;
  g_autoptr (RtCacheBody) body = NULL;

  give_why (why, how.combine, out);
  if (!how.combine)
    return FALSE;
  fields = rt_cache_combined_fields (old->policy, new->policy->response->fields, &how);
  policy = refield (new->policy, fields, how.complete ? 200 : 206);
  body = combine_parts (&old_part, &new_part);
  rt_cache_memory_remove (p->cache->memory, new, out);
  rt_cache_memory_remove (p->cache->memory, old, out);
  rt_cache_memory_add (p->cache->memory, policy, body, now, out);
  return TRUE;
}

/* Another part of the same representation may be stored beside this one. */
static void
join_parts (RtCachePassage *p, RtTime now, RtEffects *out)
{
  GPtrArray *list = rt_cache_memory_list (p->cache->memory, p->uri);

  for (guint i = 0; p->storing->policy->is_partial && i < list->len; i++)
    {
      g_autoptr (RtCacheEntry) old = rt_cache_entry_ref (g_ptr_array_index (list, i));

      if (old != p->storing && old->policy->is_partial && old->body->complete
          && rt_cache_vary_matches (old->policy, p->request, NULL) && join_part (p, old, now, out))
        return;
    }
}

/**
 * rt_cache_passage_end:
 * @passage: one whose response passed or was gathered
 * @whole: it is complete; else it broke off
 * @now: the time
 * @out: where effects gather
 *
 * Returns: whether what was gathered made an answer
 */
gboolean
rt_cache_passage_end (RtCachePassage *passage, gboolean whole, RtTime now, RtEffects *out)
{
  RtCachePassage *p = passage;

  if (p->gathered != NULL)
    return whole && finish_combining (p, now, out);
  if (p->storing == NULL)
    return FALSE;
  if (!(whole ? fit_part (p, now, out) : keep_beginning (p, now, out)))
    rt_cache_memory_remove (p->cache->memory, p->storing, out);
  else if (whole && rt_cache_memory_grow (p->cache->memory, p->storing, NULL, now, out))
    join_parts (p, now, out);
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

/**
 * rt_cache_passage_answer:
 * @passage: one that has an answer
 * @now: the time
 * @ret_answer: (out): clear it with rt_cache_answer_clear()
 * @out: where effects gather
 */
void
rt_cache_passage_answer (RtCachePassage *passage,
                         RtTime now,
                         RtCacheAnswer *ret_answer,
                         RtEffects *out)
{
  RtDecision *why = begin_why (passage->cache);

  rt_cache_memory_touch (passage->cache->memory, passage->selected);
  rt_cache_answer_make (passage->selected, passage->request, now, passage->validated, why,
                        ret_answer);
  give_why (why, TRUE, out);
}

/**
 * rt_cache_passage_is_storing:
 * @passage: a passage
 *
 * Returns: whether the content that passes is stored
 */
gboolean
rt_cache_passage_is_storing (RtCachePassage *passage)
{
  return passage->storing != NULL || passage->gathered != NULL;
}

/**
 * rt_cache_passage_get_body:
 * @passage: a passage
 *
 * Returns: (transfer none) (nullable): the content that is being stored: others may follow it
 */
RtCacheBody *
rt_cache_passage_get_body (RtCachePassage *passage)
{
  return passage->storing != NULL ? passage->storing->body : NULL;
}

/**
 * rt_cache_passage_get_status:
 * @passage: a passage that has an answer, or whose response passes
 * @now: the time
 *
 * Returns: what Cache-Status is to say, but for the name
 */
RtCacheStatus
rt_cache_passage_get_status (RtCachePassage *passage, RtTime now)
{
  RtCacheEntry *entry = passage->storing != NULL ? passage->storing : passage->selected;
  RtCacheStatus status = { .forward = passage->reason,
                           .forward_status = passage->forward_status,
                           .stored = passage->was_stored };

  if (entry != NULL
      && (passage->reason == RT_CACHE_FORWARD_NONE || passage->validated
          || passage->storing != NULL))
    {
      status.has_ttl = TRUE;
      status.ttl
          = (entry->policy->lifetime - rt_cache_policy_get_age (entry->policy, now)) / RT_TIME_SEC;
    }
  return status;
}
