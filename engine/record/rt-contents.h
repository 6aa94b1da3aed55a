/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content that is stored once, however often it crosses. For this folder. */
#pragma once

#include "rt-store.h"

G_BEGIN_DECLS

typedef guint64 (*RtHashFunc) (gconstpointer data, gsize size);

typedef struct _RtContents RtContents;

RtContents *rt_contents_new (sqlite3 *db, RtHashFunc hash, GError **error);
void rt_contents_free (RtContents *contents);
void rt_contents_forget (RtContents *contents);
gboolean rt_contents_store (
    RtContents *contents, const guint8 *data, gsize size, gint64 *ret_id, GError **error);
GBytes *rt_contents_load (RtContents *contents, gint64 id, GError **error);

gsize rt_contents_cut (const guint8 *data, gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtContents, rt_contents_free)

G_END_DECLS
