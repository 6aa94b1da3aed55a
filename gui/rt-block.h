/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Widgets for the blocks of a lesson's page. */
#pragma once

#include <gtk/gtk.h>

#include "rt-lesson.h"

G_BEGIN_DECLS

GtkWidget *rt_block_widget_new (const RtBlock *block);

G_END_DECLS
