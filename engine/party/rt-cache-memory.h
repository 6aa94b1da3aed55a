/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a cache keeps: responses by target URI, in so many bytes and no more. Which of them may be
 * used is the rules' business. */
#pragma once

#include "rt-cache-policy.h"
#include "rt-effects.h"

G_BEGIN_DECLS

/** RT_CACHE_MEMORY_MAX: bytes that a cache keeps unless it is told otherwise. */
#define RT_CACHE_MEMORY_MAX (64 * 1024 * 1024)
/** RT_CACHE_MEMORY_SHARE: one response may take this part of a cache. */
#define RT_CACHE_MEMORY_SHARE 4
/** RT_CACHE_VARIANTS_MAX: responses stored for one URI; beyond them the one used longest ago goes.
 */
#define RT_CACHE_VARIANTS_MAX 64

/**
 * RtCacheBody:
 * @pieces: (element-type GBytes): the content so far
 * @length: of all @pieces
 * @complete: that is all of it
 *
 * Content that is stored while it is still handed on. Reference-counted: who sends it needs it even
 * if the cache drops it meanwhile.
 */
typedef struct
{
  gint ref_count;
  GPtrArray *pieces;
  gsize length;
  gboolean complete;
} RtCacheBody;

RtCacheBody *rt_cache_body_new (void);
RtCacheBody *rt_cache_body_ref (RtCacheBody *body);
void rt_cache_body_unref (RtCacheBody *body);
void rt_cache_body_append (RtCacheBody *body, GBytes *bytes);
void rt_cache_body_seal (RtCacheBody *body);
void rt_cache_body_slice (RtCacheBody *body, gsize offset, gsize length, GPtrArray *ret_pieces);

/**
 * RtCacheEntry:
 * @policy: what is known of the response: its request, fields and times
 * @body: its content
 * @number: counts what was ever stored
 * @key: what states call it: its URI, and its number where the URI has several
 * @size: what it takes
 * @present: the memory still has it
 *
 * A stored response. Reference-counted.
 */
typedef struct
{
  gint ref_count;
  RtCachePolicy *policy;
  RtCacheBody *body;
  guint64 number;
  char *key;
  gsize size;
  gboolean present;
  GList link; /* in the order of use */
} RtCacheEntry;

RtCacheEntry *rt_cache_entry_ref (RtCacheEntry *entry);
void rt_cache_entry_unref (RtCacheEntry *entry);

typedef struct _RtCacheMemory RtCacheMemory;

RtCacheMemory *rt_cache_memory_new (gsize max_bytes, gboolean show);
void rt_cache_memory_free (RtCacheMemory *memory);
gsize rt_cache_memory_get_size (RtCacheMemory *memory);
gsize rt_cache_memory_get_limit (RtCacheMemory *memory);
GPtrArray *rt_cache_memory_list (RtCacheMemory *memory, const char *uri);
RtCacheEntry *rt_cache_memory_add (
    RtCacheMemory *memory, RtCachePolicy *policy, RtCacheBody *body, RtTime now, RtEffects *out);
gboolean rt_cache_memory_grow (
    RtCacheMemory *memory, RtCacheEntry *entry, GBytes *bytes, RtTime now, RtEffects *out);
void rt_cache_memory_update (
    RtCacheMemory *memory, RtCacheEntry *entry, RtCachePolicy *policy, RtTime now, RtEffects *out);
void rt_cache_memory_touch (RtCacheMemory *memory, RtCacheEntry *entry);
void rt_cache_memory_remove (RtCacheMemory *memory, RtCacheEntry *entry, RtEffects *out);
void rt_cache_memory_remove_uri (RtCacheMemory *memory, const char *uri, RtEffects *out);
void rt_cache_memory_clear (RtCacheMemory *memory, RtEffects *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCacheBody, rt_cache_body_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCacheEntry, rt_cache_entry_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCacheMemory, rt_cache_memory_free)

G_END_DECLS
