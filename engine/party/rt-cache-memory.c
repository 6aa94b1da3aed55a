/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The memory of a cache. Each URI has a list of stored responses; a queue holds all of them in the
 * order of their last use. What does not fit pushes out what was used longest ago. */
#include "rt-cache-memory.h"

/* What an entry takes besides its text and content. */
#define ENTRY_BYTES 768
#define PIECE_BYTES 64
/* Contents up to this length are stored in one piece in the end. */
#define ONE_PIECE (256 * 1024)

struct _RtCacheMemory
{
  GHashTable *by_uri; /* char* → GPtrArray of RtCacheEntry */
  GQueue order;       /* RtCacheEntry, the one used last at the head */
  gsize size, max;
  guint64 last;
  gboolean show;
};

/* Bodies. */

/**
 * rt_cache_body_new:
 *
 * Returns: (transfer full): content of which nothing is there yet
 */
RtCacheBody *
rt_cache_body_new (void)
{
  RtCacheBody *body = g_new0 (RtCacheBody, 1);

  body->ref_count = 1;
  body->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  return body;
}

RtCacheBody *
rt_cache_body_ref (RtCacheBody *body)
{
  body->ref_count++;
  return body;
}

void
rt_cache_body_unref (RtCacheBody *body)
{
  if (--body->ref_count > 0)
    return;
  g_ptr_array_unref (body->pieces);
  g_free (body);
}

/**
 * rt_cache_body_append:
 * @body: content that is not complete
 * @bytes: what follows; copied, because they may be a small part of a large read
 */
void
rt_cache_body_append (RtCacheBody *body, GBytes *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  g_ptr_array_add (body->pieces, g_bytes_new (data, length));
  body->length += length;
}

/**
 * rt_cache_body_seal:
 * @body: content that is complete now
 */
void
rt_cache_body_seal (RtCacheBody *body)
{
  GByteArray *all;

  body->complete = TRUE;
  if (body->pieces->len < 2 || body->length > ONE_PIECE)
    return;
  all = g_byte_array_sized_new ((guint)body->length);
  for (guint i = 0; i < body->pieces->len; i++)
    {
      gsize length;
      gconstpointer data = g_bytes_get_data (g_ptr_array_index (body->pieces, i), &length);

      g_byte_array_append (all, data, (guint)length);
    }
  g_ptr_array_set_size (body->pieces, 0);
  g_ptr_array_add (body->pieces, g_byte_array_free_to_bytes (all));
}

/**
 * rt_cache_body_slice:
 * @body: content
 * @offset: where to begin
 * @length: how much; what goes beyond the end is left out
 * @ret_pieces: (element-type GBytes): receives references
 */
void
rt_cache_body_slice (RtCacheBody *body, gsize offset, gsize length, GPtrArray *ret_pieces)
{
  for (guint i = 0; i < body->pieces->len && length > 0; i++)
    {
      GBytes *piece = g_ptr_array_index (body->pieces, i);
      gsize size = g_bytes_get_size (piece), n;

      if (offset >= size)
        {
          offset -= size;
          continue;
        }
      n = MIN (length, size - offset);
      g_ptr_array_add (ret_pieces, g_bytes_new_from_bytes (piece, offset, n));
      offset = 0;
      length -= n;
    }
}

/* Entries. */

RtCacheEntry *
rt_cache_entry_ref (RtCacheEntry *entry)
{
  entry->ref_count++;
  return entry;
}

void
rt_cache_entry_unref (RtCacheEntry *entry)
{
  if (--entry->ref_count > 0)
    return;
  rt_cache_policy_unref (entry->policy);
  rt_cache_body_unref (entry->body);
  g_free (entry->key);
  g_free (entry);
}

static gsize
fields_size (RtFields *fields)
{
  gsize size = 0;

  for (guint i = 0; i < rt_fields_get_length (fields); i++)
    {
      const RtField *field = rt_fields_get (fields, i);

      size += sizeof *field + field->name.length + field->value.length;
    }
  return size;
}

static gsize
head_size (const RtCachePolicy *policy)
{
  return ENTRY_BYTES + 2 * strlen (policy->uri) + fields_size (policy->selecting)
         + fields_size (policy->response->fields);
}

static gsize
entry_size (RtCacheEntry *entry)
{
  return head_size (entry->policy) + entry->body->length + entry->body->pieces->len * PIECE_BYTES;
}

/* The memory. */

/**
 * rt_cache_memory_new:
 * @max_bytes: what it may take
 * @show: its entries are states in the log
 *
 * Returns: (transfer full): a memory with nothing in it
 */
RtCacheMemory *
rt_cache_memory_new (gsize max_bytes, gboolean show)
{
  RtCacheMemory *memory = g_new0 (RtCacheMemory, 1);

  memory->by_uri
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
  memory->max = max_bytes;
  memory->show = show;
  return memory;
}

void
rt_cache_memory_free (RtCacheMemory *memory)
{
  g_hash_table_unref (memory->by_uri);
  g_free (memory);
}

/**
 * rt_cache_memory_get_size:
 * @memory: a memory
 *
 * Returns: bytes that it takes
 */
gsize
rt_cache_memory_get_size (RtCacheMemory *memory)
{
  return memory->size;
}

/**
 * rt_cache_memory_get_limit:
 * @memory: a memory
 *
 * Returns: bytes that one entry may take
 */
gsize
rt_cache_memory_get_limit (RtCacheMemory *memory)
{
  return memory->max / RT_CACHE_MEMORY_SHARE;
}

/**
 * rt_cache_memory_list:
 * @memory: a memory
 * @uri: a target URI
 *
 * Returns: (transfer none) (nullable) (element-type RtCacheEntry): what is stored for it, in the
 *   order it was stored
 */
GPtrArray *
rt_cache_memory_list (RtCacheMemory *memory, const char *uri)
{
  return g_hash_table_lookup (memory->by_uri, uri);
}

static void
show (RtCacheMemory *memory, RtCacheEntry *entry, RtTime now, RtEffects *out)
{
  const RtCachePolicy *policy = entry->policy;
  RtTime age = rt_cache_policy_get_age (policy, now);
  GVariantBuilder state;

  if (!memory->show)
    return;
  g_variant_builder_init (&state, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&state, "{sv}", "status", g_variant_new_uint32 (policy->response->status));
  g_variant_builder_add (&state, "{sv}", "stored-at", g_variant_new_int64 (policy->response_time));
  g_variant_builder_add (&state, "{sv}", "lifetime", g_variant_new_int64 (policy->lifetime));
  g_variant_builder_add (&state, "{sv}", "age", g_variant_new_int64 (age));
  g_variant_builder_add (&state, "{sv}", "fresh-until",
                         g_variant_new_int64 (now + MAX (policy->lifetime - age, 0)));
  g_variant_builder_add (&state, "{sv}", "size", g_variant_new_uint64 (entry->body->length));
  g_variant_builder_add (&state, "{sv}", "complete",
                         g_variant_new_boolean (entry->body->complete && !policy->is_partial));
  rt_effects_state (out, "cache", entry->key, g_variant_builder_end (&state));
}

/**
 * rt_cache_memory_remove:
 * @memory: a memory
 * @entry: one of its entries, or one that is no longer
 * @out: where effects gather
 */
void
rt_cache_memory_remove (RtCacheMemory *memory, RtCacheEntry *entry, RtEffects *out)
{
  GPtrArray *list;

  if (!entry->present)
    return;
  entry->present = FALSE;
  memory->size -= entry->size;
  g_queue_unlink (&memory->order, &entry->link);
  if (memory->show)
    rt_effects_state (out, "cache", entry->key, NULL);
  list = rt_cache_memory_list (memory, entry->policy->uri);
  if (list->len == 1)
    {
      g_autofree char *uri = g_strdup (entry->policy->uri);

      g_hash_table_remove (memory->by_uri, uri);
    }
  else
    g_ptr_array_remove (list, entry);
}

/**
 * rt_cache_memory_remove_uri:
 * @memory: a memory
 * @uri: a target URI
 * @out: where effects gather
 */
void
rt_cache_memory_remove_uri (RtCacheMemory *memory, const char *uri, RtEffects *out)
{
  GPtrArray *list;

  while ((list = rt_cache_memory_list (memory, uri)) != NULL)
    rt_cache_memory_remove (memory, g_ptr_array_index (list, list->len - 1), out);
}

/**
 * rt_cache_memory_clear:
 * @memory: a memory
 * @out: where effects gather
 *
 * Forgets everything. What is still being stored for somebody is no longer kept.
 */
void
rt_cache_memory_clear (RtCacheMemory *memory, RtEffects *out)
{
  while (memory->order.head != NULL)
    rt_cache_memory_remove (memory, memory->order.head->data, out);
}

/* Makes room, but not by giving up @keep. */
static void
evict (RtCacheMemory *memory, RtCacheEntry *keep, RtEffects *out)
{
  while (memory->size > memory->max && memory->order.tail != NULL)
    {
      RtCacheEntry *oldest = memory->order.tail->data;

      if (oldest == keep)
        return;
      rt_cache_memory_remove (memory, oldest, out);
    }
}

static RtCacheEntry *
least_used (GPtrArray *list)
{
  RtCacheEntry *found = g_ptr_array_index (list, 0);

  for (GList *l = found->link.next; l != NULL; l = l->next)
    if (g_ptr_array_find (list, l->data, NULL))
      found = l->data;
  return found;
}

static GPtrArray *
make_list (RtCacheMemory *memory, const char *uri, RtEffects *out)
{
  GPtrArray *list = rt_cache_memory_list (memory, uri);

  if (list != NULL && list->len >= RT_CACHE_VARIANTS_MAX)
    rt_cache_memory_remove (memory, least_used (list), out);
  if (list != NULL)
    return list;
  list = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_cache_entry_unref);
  g_hash_table_insert (memory->by_uri, g_strdup (uri), list);
  return list;
}

/**
 * rt_cache_memory_add:
 * @memory: a memory
 * @policy: of the response to store; referenced
 * @body: its content, complete or not; referenced
 * @now: the time
 * @out: where effects gather
 *
 * Returns: (transfer none) (nullable): the entry; %NULL if it is too large
 */
RtCacheEntry *
rt_cache_memory_add (
    RtCacheMemory *memory, RtCachePolicy *policy, RtCacheBody *body, RtTime now, RtEffects *out)
{
  RtCacheEntry *entry;
  GPtrArray *list;

  if (head_size (policy) + body->length > rt_cache_memory_get_limit (memory))
    return NULL;
  list = make_list (memory, policy->uri, out);
  entry = g_new0 (RtCacheEntry, 1);
  entry->ref_count = 1;
  entry->present = TRUE;
  entry->policy = rt_cache_policy_ref (policy);
  entry->body = rt_cache_body_ref (body);
  entry->number = ++memory->last;
  entry->key = list->len == 0
                   ? g_strdup (policy->uri)
                   : g_strdup_printf ("%s #%" G_GUINT64_FORMAT, policy->uri, entry->number);
  entry->link.data = entry;
  entry->size = entry_size (entry);
  g_ptr_array_add (list, entry);
  g_queue_push_head_link (&memory->order, &entry->link);
  memory->size += entry->size;
  evict (memory, entry, out);
  show (memory, entry, now, out);
  return entry;
}

static void
resize (RtCacheMemory *memory, RtCacheEntry *entry, RtEffects *out)
{
  memory->size -= entry->size;
  entry->size = entry_size (entry);
  memory->size += entry->size;
  evict (memory, entry, out);
}

/**
 * rt_cache_memory_grow:
 * @memory: a memory
 * @entry: an entry whose content is not complete
 * @bytes: (nullable): more of it; %NULL: now it is
 * @now: the time
 * @out: where effects gather
 *
 * Returns: whether the memory still has it; an entry that became too large is removed
 */
gboolean
rt_cache_memory_grow (
    RtCacheMemory *memory, RtCacheEntry *entry, GBytes *bytes, RtTime now, RtEffects *out)
{
  if (!entry->present)
    return FALSE;
  if (bytes != NULL && entry->size + g_bytes_get_size (bytes) > rt_cache_memory_get_limit (memory))
    {
      rt_cache_memory_remove (memory, entry, out);
      return FALSE;
    }
  if (bytes != NULL)
    rt_cache_body_append (entry->body, bytes);
  else
    rt_cache_body_seal (entry->body);
  resize (memory, entry, out);
  if (bytes == NULL)
    show (memory, entry, now, out);
  return TRUE;
}

/**
 * rt_cache_memory_update:
 * @memory: a memory
 * @entry: an entry, perhaps no longer of this memory
 * @policy: what is known of it from now on; of the same URI
 * @now: the time
 * @out: where effects gather
 */
void
rt_cache_memory_update (
    RtCacheMemory *memory, RtCacheEntry *entry, RtCachePolicy *policy, RtTime now, RtEffects *out)
{
  rt_cache_policy_ref (policy);
  rt_cache_policy_unref (entry->policy);
  entry->policy = policy;
  if (!entry->present)
    return;
  resize (memory, entry, out);
  show (memory, entry, now, out);
}

/**
 * rt_cache_memory_touch:
 * @memory: a memory
 * @entry: an entry that was used just now
 */
void
rt_cache_memory_touch (RtCacheMemory *memory, RtCacheEntry *entry)
{
  if (!entry->present)
    return;
  g_queue_unlink (&memory->order, &entry->link);
  g_queue_push_head_link (&memory->order, &entry->link);
}
