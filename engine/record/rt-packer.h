/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pages of a log as rows of the file. For this folder. */
#pragma once

#include "rt-contents.h"
#include "rt-event.h"

G_BEGIN_DECLS

typedef struct _RtPacker RtPacker;

RtPacker *rt_packer_new (sqlite3 *db, RtHashFunc hash, GError **error);
void rt_packer_free (RtPacker *packer);
gboolean rt_packer_begin (RtPacker *packer, GError **error);
void rt_packer_roll_back (RtPacker *packer);
gboolean rt_packer_commit (RtPacker *packer, GError **error);
gboolean
rt_packer_store (RtPacker *packer, gint64 run, RtPage *const *pages, guint n, GError **error);
gboolean rt_packer_store_hole (RtPacker *packer,
                               gint64 run,
                               guint64 first,
                               guint64 n_events,
                               RtTime time,
                               guint64 bytes,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPacker, rt_packer_free)

G_END_DECLS
