/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words that take as many lines as they need. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *rt_words_new (const char *text, const char *style);

G_END_DECLS
