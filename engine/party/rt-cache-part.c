/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The cache and parts of representations: what broke off, what was asked for in part, and how parts
 * become the whole (RFC 9111 §3.3, §3.4). */
#include "rt-cache-private.h"

#include "rt-cache-vary.h"

/* RFC 9111 §3.4: the part that was asked for, or what came instead. What the cache could not keep
 * is not gathered, either. */
RtCacheTake
rt_cache_take_part (RtCachePassage *p, RtMessage *response, RtTime now, RtEffects *out)
{
  RtDecision *why = rt_cache_begin_why (p->cache);
  g_autoptr (RtFields) fields = NULL;
  RtContentRange range;

  p->combine = rt_cache_combine_decide (p->part->policy, response, why);
  rt_cache_give_why (why, p->combine.combine, out);
  if (!p->combine.combine || !p->combine.complete
      || p->combine.last >= rt_cache_memory_get_limit (p->cache->memory)
      || !rt_content_range_parse (rt_fields_first (response->fields, "Content-Range")->value,
                                  &range))
    {
      p->plain = TRUE;
      return RT_CACHE_TAKE_AGAIN;
    }
  fields = rt_cache_combined_fields (p->part->policy, response->fields, &p->combine);
  p->combined = rt_cache_updated_policy (p, p->part->policy, fields, 200, now);
  p->gathered = rt_cache_body_new ();
  p->gathered_first = range.first;
  return RT_CACHE_TAKE_GATHER;
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
gboolean
rt_cache_finish_combining (RtCachePassage *p, RtTime now, RtEffects *out)
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
gboolean
rt_cache_keep_beginning (RtCachePassage *p, RtTime now, RtEffects *out)
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
  part = rt_cache_refielded_policy (policy, fields, 206);
  rt_cache_memory_update (p->cache->memory, entry, part, now, out);
  return rt_cache_memory_grow (p->cache->memory, entry, NULL, now, out);
}

/* A 206 whose content is whole by its framing and yet shorter than its Content-Range claims: the
 * bytes that came are what there is. Longer, it can't be made sense of. Returns whether it can be
 * used. */
gboolean
rt_cache_fit_part (RtCachePassage *p, RtTime now, RtEffects *out)
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
  policy = rt_cache_refielded_policy (entry->policy, fields, 206);
  rt_cache_memory_update (p->cache->memory, entry, policy, now, out);
  return TRUE;
}

/* Puts @old and what was just stored together, if they are parts of the same. */
static gboolean
join_part (RtCachePassage *p, RtCacheEntry *old, RtTime now, RtEffects *out)
{
  RtCacheEntry *new = p->storing;
  RtDecision *why = rt_cache_begin_why (p->cache);
  RtCacheCombine how = rt_cache_combine_decide (old->policy, new->policy->response, why);
  const Part old_part = { old->body, old->policy->range.first };
  const Part new_part = { new->body, new->policy->range.first };
  g_autoptr (RtFields) fields = NULL;
  g_autoptr (RtCachePolicy) policy = NULL;
  g_autoptr (RtCacheBody) body = NULL;

  rt_cache_give_why (why, how.combine, out);
  if (!how.combine)
    return FALSE;
  fields = rt_cache_combined_fields (old->policy, new->policy->response->fields, &how);
  policy = rt_cache_refielded_policy (new->policy, fields, how.complete ? 200 : 206);
  body = combine_parts (&old_part, &new_part);
  rt_cache_memory_remove (p->cache->memory, new, out);
  rt_cache_memory_remove (p->cache->memory, old, out);
  rt_cache_memory_add (p->cache->memory, policy, body, now, out);
  return TRUE;
}

/* Another part of the same representation may be stored beside this one. */
void
rt_cache_join_parts (RtCachePassage *p, RtTime now, RtEffects *out)
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
