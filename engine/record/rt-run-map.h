/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What has to be known of a long run so that any part of it can be read by itself: who took part,
 * where connections were opened, and which exchanges took long. */
#pragma once

#include "rt-session.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/** RT_RUN_MAP_NEAR: an exchange that spans more events than this is kept in the map. */
#define RT_RUN_MAP_NEAR 16384

/**
 * RtRunParty: a participant.
 * @time: when it joined, with event number @event
 */
typedef struct
{
  RtPartyId id;
  char *name, *kind;
  RtTime time;
  guint64 event;
} RtRunParty;

/**
 * RtRunOpening:
 * @first: number of a page's first event
 * @low, @high: connections that something was opened on in this page lie between these
 */
typedef struct
{
  guint64 first;
  RtConnection low, high;
} RtRunOpening;

/**
 * RtRunExchange:
 * @number: in its run
 * @first_event, @last_event: with its first byte, and the last that was sent; the latter is
 *   %RT_EVENT_NONE while it goes on
 * @ended: when its last byte had arrived, %RT_TIME_NEVER while it goes on
 * @buffers, @ends: where its request (0) and its response (1) stand, and behind which byte they end
 * @tunnel: what crosses its connection from then on is another protocol's
 *
 * As much of a row as a part needs.
 */
typedef struct
{
  guint number;
  RtConnection connection;
  guint64 first_event, last_event;
  RtTime started, ended;
  RtBufferId buffers[2];
  guint64 ends[2];
  gboolean tunnel;
} RtRunExchange;

/**
 * RtRunMap:
 *
 * Immutable, for any thread.
 */
typedef struct _RtRunMap RtRunMap;

RtRunMap *
rt_run_map_new (RtSession *session, gint64 run, GCancellable *cancellable, GError **error);
RtRunMap *rt_run_map_ref (RtRunMap *map);
void rt_run_map_unref (RtRunMap *map);

RtSession *rt_run_map_get_session (RtRunMap *map);
gint64 rt_run_map_get_run (RtRunMap *map);
guint64 rt_run_map_get_length (RtRunMap *map);
const GArray *rt_run_map_get_parties (RtRunMap *map);  /* RtRunParty */
const GArray *rt_run_map_get_openings (RtRunMap *map); /* RtRunOpening */
const GArray *rt_run_map_get_long (RtRunMap *map);     /* RtRunExchange */

RtPage *rt_run_map_dup_page (RtRunMap *map, guint64 event, GError **error);
GArray *rt_run_map_list_exchanges (RtRunMap *map,
                                   guint64 first_event,
                                   guint64 end_event,
                                   GError **error); /* RtRunExchange */
gboolean rt_run_map_find (RtRunMap *map, guint number, guint64 *ret_event, GError **error);
gboolean rt_run_map_find_time (RtRunMap *map, RtTime time, guint *ret_number, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRunMap, rt_run_map_unref)

G_END_DECLS
