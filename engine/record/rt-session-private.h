/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session from within. For this folder. */
#pragma once

#include "rt-session-schema.h"
#include "rt-session.h"

G_BEGIN_DECLS

typedef struct _RtWriter RtWriter;

/* @lock guards @db, @writer and what is under way on them. */
struct _RtSession
{
  gint ref_count;
  char *path;
  RtStoreState state;
  GMutex lock;
  sqlite3 *db;
  RtWriter *writer;  /* while runs are recorded */
  guint n_recorders; /* that use it */
  gboolean recorded;
  gint lost_bytes; /* atomic: a reader missed bytes that the file should hold */
};

sqlite3 *rt_session_lock (RtSession *session);
void rt_session_unlock (RtSession *session);
void rt_session_prefix (RtSession *session, GError **error);
gboolean rt_session_check_writable (RtSession *session, GError **error);

gint64 rt_session_insert_run (sqlite3 *db, const RtRunInfo *about, GError **error);

/* For the library and its tests; @name is one of `name`, `lesson`, `pinned`. */
char *rt_session_dup_property (RtSession *session, const char *name, GError **error);
gboolean
rt_session_set_property (RtSession *session, const char *name, const char *value, GError **error);

G_END_DECLS
