/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The events of a `text/event-stream`: HTML Living Standard, "Interpreting an event stream". */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtServerEvent:
 * @type: `message` where it says nothing
 * @id: empty where it says nothing
 * @block: all its lines
 * @n_data: how many of them carry data; 0: it is none that a script hears of
 * @complete: an empty line ended it; before that a script does not hear of it, either
 */
typedef struct
{
  RtText type, id, block;
  guint n_data;
  gboolean complete;
} RtServerEvent;

gboolean rt_event_stream_next (RtText *rest, RtServerEvent *ret_event);
char *rt_server_event_dup_data (const RtServerEvent *event);

G_END_DECLS
