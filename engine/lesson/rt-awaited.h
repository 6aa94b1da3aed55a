/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A step that somebody outside has to take: what is awaited of them, and how they do it with curl.
 */
#pragma once

#include "rt-live-lesson.h"
#include "rt-play-private.h"

G_BEGIN_DECLS

/**
 * RtAwaited:
 * @host: the server it is sent to
 * @target: as in the request line
 * @url: what a client is told to get
 * @content: (nullable)
 */
typedef struct
{
  char *method, *target, *host, *url;
  gboolean secure;
  RtFields *fields;
  GBytes *content;
} RtAwaited;

gboolean rt_awaited_read (RtPlay *play, const RtStep *step, RtAwaited *ret_awaited, GError **error);
void rt_awaited_clear (RtAwaited *awaited);
gboolean rt_awaited_is_met (const RtAwaited *awaited, RtAnalysis *analysis, const RtExchange *by);
char *rt_awaited_dup_text (const RtAwaited *awaited);
char *rt_awaited_dup_curl (const RtAwaited *awaited, GPtrArray *ports, const char *authority);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtAwaited, rt_awaited_clear)

G_END_DECLS
