/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How far something is, on a terminal. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtMeter:
 * @what: is being done, in one word
 * @shown: per cent that are shown; -1: nothing is
 * @terminal: standard error is one; else nothing is shown
 */
typedef struct
{
  const char *what;
  int shown;
  gboolean terminal;
} RtMeter;

RtMeter rt_meter_begin (const char *what);
void rt_meter_tell (guint64 done, guint64 total, gpointer meter); /* an RtImportProgress */
void rt_meter_end (RtMeter *meter);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtMeter, rt_meter_end)

G_END_DECLS
