/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The window's sink: GSK nodes for what is upright, one cairo node of the viewport's size for what
 * is slanted (rotated colour nodes are jagged under GL). */
#pragma once

#include <gtk/gtk.h>

#include "rt-sink.h"

G_BEGIN_DECLS

/** RtSnapshotSink: initialise with rt_snapshot_sink_init(). @x, @width: the visible columns */
typedef struct
{
  RtSink sink;
  double x, width;
  GtkSnapshot *snapshot;
  RtFonts *fonts;
  RtCairoSink shapes;
} RtSnapshotSink;

void rt_snapshot_sink_init (
    RtSnapshotSink *self, GtkSnapshot *snapshot, RtFonts *fonts, double x, double width);

G_END_DECLS
