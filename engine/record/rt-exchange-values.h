/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a row of the table `exchange` says, apart from the analysis that it was taken from. For this
 * folder. */
#pragma once

#include "rt-lane.h"
#include "rt-names-table.h"

G_BEGIN_DECLS

/** RtRowText: where a text stands among those of all rows; @length: -1: there is none. */
typedef struct
{
  guint at;
  int length;
} RtRowText;

/**
 * RtRowMessage:
 * @buffer, @offset, @head: where it stands in the log and how much of it is its head; @buffer 0:
 *   nowhere
 * @names: its place in the table of names; 0: its head is not known
 */
typedef struct
{
  RtBufferId buffer;
  guint64 offset, bytes;
  guint32 head;
  guint names;
} RtRowMessage;

/**
 * RtRowValues:
 * @duration: %RT_TIME_UNKNOWN: it goes on
 * @status: 0: none
 * @first_event, @last_event: -1: not known
 * @tunnel_bytes: -1: it opened none
 */
typedef struct
{
  RtTime started, duration;
  RtRowText method, scheme, authority, target, media_type;
  guint status;
  RtRowMessage request, response;
  RtConnection connection;
  RtPartyId client, server;
  gint64 first_event, last_event, tunnel_bytes;
  guint flags;
  gboolean reconstructed;
} RtRowValues;

/**
 * RtRowShare:
 * @text: texts of all rows
 * @names: names of all messages
 * @scratch: for one of them
 *
 * What rows have in common, until they are written.
 */
typedef struct
{
  GByteArray *text;
  RtNamesTable *names;
  GString *scratch;
} RtRowShare;

void rt_row_values_take (RtRowValues *values,
                         RtRowShare *share,
                         RtLane *lane,
                         const RtExchange *exchange);
gboolean rt_row_values_bind (const RtRowValues *values,
                             RtRowShare *share,
                             sqlite3_stmt *insert,
                             GError **error);

/* The statement that rt_row_values_bind() fills; parameters 11 to 14 are the names of client and
 * server, the run and the number. */
extern const char rt_row_values_insert[];

G_END_DECLS
