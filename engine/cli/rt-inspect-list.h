/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip inspect FILE --filter …`: the exchanges of a session as a list. For this folder. */
#pragma once

#include "rt-session.h"

G_BEGIN_DECLS

/**
 * RtInspectList:
 * @filter: (nullable): as rt_filter_new() has it
 * @sort: (nullable): a name of an order; a minus before it turns it around
 * @limit: how many at most; 0: all
 * @json: one JSON document, else a line an exchange
 *
 * What the user asked for.
 */
typedef struct
{
  char *filter, *sort;
  int limit;
  gboolean json;
} RtInspectList;

int rt_inspect_list (RtSession *session, const RtInspectList *about);

G_END_DECLS
