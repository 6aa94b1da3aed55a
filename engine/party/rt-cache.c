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
#include "rt-cache-private.h"

#include "rt-cache-validate.h"
#include "rt-cache-vary.h"
#include "rt-methods.h"

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

/**
 * rt_cache_begin_why:
 *
 * Returns: (transfer full) (nullable): what a rule explains itself to, where the cache does
 */
RtDecision *
rt_cache_begin_why (RtCache *cache)
{
  return cache->explain ? rt_decision_new () : NULL;
}

/**
 * rt_cache_give_why:
 * @why: (nullable) (transfer full): a decision
 * @acted: something was done because of it
 */
void
rt_cache_give_why (RtDecision *why, gboolean acted, RtEffects *out)
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

/* Something is stored for the URI, but not for this request: what is in the way is said of the
 * response that was looked at first. */
static void
explain_miss (RtCachePassage *p, const RtCachePolicy *policy, RtEffects *out)
{
  RtDecision *why;

  if (rt_cache_reuse_decide (policy, p->request, p->uri, p->request_time, NULL)
      != RT_CACHE_REUSE_NO)
    return;
  why = rt_cache_begin_why (p->cache);
  rt_cache_reuse_decide (policy, p->request, p->uri, p->request_time, why);
  rt_cache_give_why (why, TRUE, out);
}

static RtCacheStep
step_without (RtCachePassage *p, GPtrArray *list, RtEffects *out)
{
  RtCacheEntry *first = list != NULL ? g_ptr_array_index (list, 0) : NULL;

  if (rt_cache_needs_504 (p->request))
    return RT_CACHE_STEP_TIMEOUT;
  p->reason = rt_cache_forward_reason (first != NULL ? first->policy : NULL, p->request, p->uri,
                                       p->request_time);
  if (first != NULL)
    explain_miss (p, first->policy, out);
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
  if (rt_message_has_content (p->request))
    {
      p->reason = RT_CACHE_FORWARD_BYPASS;
      return RT_CACHE_STEP_FORWARD;
    }
  p->selected = list != NULL ? select_entry (p, list) : NULL;
  /* Of a part that still arrives, nobody knows yet what it will be. */
  if (p->selected != NULL && p->selected->policy->is_partial && !p->selected->body->complete)
    g_clear_pointer (&p->selected, rt_cache_entry_unref);
  if (p->selected == NULL)
    return step_without (p, list, out);
  why = rt_cache_begin_why (p->cache);
  p->verdict
      = rt_cache_reuse_decide (p->selected->policy, p->request, p->uri, p->request_time, why);
  /* What is not done here is to ask the server: a non-event. */
  rt_cache_give_why (why, p->verdict == RT_CACHE_REUSE_VALIDATE || p->verdict == RT_CACHE_REUSE_NO,
                     out);
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

/* Answers. */

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
  RtDecision *why = rt_cache_begin_why (passage->cache);

  rt_cache_memory_touch (passage->cache->memory, passage->selected);
  rt_cache_answer_make (passage->selected, passage->request, now, passage->validated, why,
                        ret_answer);
  rt_cache_give_why (why, TRUE, out);
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
