/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that read fenced blocks. */
#pragma once

#include "rt-lesson-private.h"
#include "rt-markdown.h"

G_BEGIN_DECLS

/**
 * RtFence:
 * @info: what stands behind the opening fence; @words: its words, the block's name first
 * @text: the content
 * @line: of the opening fence
 *
 * A fenced block.
 */
typedef struct
{
  RtLessonReader *reader;
  const char *info;
  char **words;
  const char *text;
  guint line;
} RtFence;

/* A line of the block; 0: its fence. */
static inline RtPlace
rt_fence_place (const RtFence *fence, guint line)
{
  return rt_lesson_place (fence->reader->lesson, fence->line + line);
}

gboolean rt_fence_wrong (const RtFence *fence, const char *expected, GError **error);
const RtCast *
rt_fence_find_cast (const RtFence *fence, const char *name, const char *kind, GError **error);
RtExpression *rt_fence_read_expression (
    const RtFence *fence, const char *text, gboolean check, guint line, GError **error);

gboolean rt_fence_refuse (
    const RtFence *fence, guint line, const char *expected, const char *found, GError **error);
gboolean rt_fence_check_name (const RtFence *fence, const char *name, guint line, GError **error);
gboolean rt_fence_read_http (RtFence *fence, GError **error);
gboolean rt_fence_read_bytes (RtFence *fence, GError **error);
gboolean rt_fence_read_open (RtFence *fence, GError **error);
gboolean rt_fence_read_fetch (RtFence *fence, GError **error);
gboolean rt_fence_read_tell (RtFence *fence, GError **error);
gboolean rt_fence_read_clock (RtFence *fence, GError **error);
gboolean rt_fence_read_predict (RtFence *fence, GError **error);
gboolean rt_fence_read_misconception (RtFence *fence, GError **error);
gboolean rt_fence_read_note (RtFence *fence, GError **error);
gboolean rt_fence_read_hint (RtFence *fence, GError **error);
gboolean rt_fence_read_challenge (RtFence *fence, GError **error);
gboolean rt_fence_read_starter (RtFence *fence, GError **error);
gboolean rt_fence_read_probe (RtFence *fence, GError **error);

G_END_DECLS
