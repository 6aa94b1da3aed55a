/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All the words that the window says. */
#pragma once

#include "window-fixture.h"

void window_collect_words (GtkWidget *widget, GtkWidget *except, GString *words);
char *window_dup_all_words (WindowFixture *fixture, GtkWidget *except);
