/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CommonMark to blocks and inline runs. */
#pragma once

#include "rt-lesson-text.h"
#include "rt-error.h"

G_BEGIN_DECLS

/**
 * RtMarkdownFence:
 * @info: what stands behind the opening fence
 * @text: the literal content; @line: of the opening fence
 *
 * Called for each fenced block at the top level that is not plain code.
 */
typedef gboolean (*RtMarkdownFence) (
    gpointer data, const char *info, const char *text, guint line, GError **error);

/**
 * RtMarkdownHandler:
 * @block: takes a top-level block (transfer full)
 * @fence: see above; %NULL: there may be none
 */
typedef struct
{
  gboolean (*block) (gpointer data, RtBlock *block, GError **error);
  RtMarkdownFence fence;
  gpointer data;
} RtMarkdownHandler;

gboolean rt_markdown_read (const char *text,
                           gsize length,
                           const RtPlace *place,
                           const RtMarkdownHandler *handler,
                           GError **error);
GPtrArray *rt_markdown_read_inlines (const char *text, const RtPlace *place, GError **error);

G_END_DECLS
