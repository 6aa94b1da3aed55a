/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A window to test: with folders of its own, without a clock of its own. */
#pragma once

#include "rt-window-actions.h"

typedef struct
{
  GApplication *application;
  RtWindow *window;
  char *folder;
} WindowFixture;

void window_fixture_init (void);
WindowFixture *window_fixture_launch (void);
WindowFixture *window_fixture_new (int width, int height);
void window_fixture_free (WindowFixture *fixture);
void window_fixture_settle (WindowFixture *fixture);
void window_fixture_load (WindowFixture *fixture, const char *lesson);
gboolean window_fixture_wait (WindowFixture *fixture, gboolean (*done) (gpointer), gpointer data);
void window_fixture_do (WindowFixture *fixture, const char *action, const char *target);
void window_fixture_stop (WindowFixture *fixture);
GtkWindow *window_fixture_get_above (WindowFixture *fixture);
gboolean window_fixture_picture (WindowFixture *fixture, const char *path);

int window_set_up (void **state);
int window_tear_down (void **state);
RtTutor *window_tutor (WindowFixture *fixture);
RtView *window_shown (WindowFixture *fixture);
guint window_n_exchanges (RtView *view);
const RtPrediction *window_prediction (WindowFixture *fixture, guint i);
void window_show_page (WindowFixture *fixture, guint page);
void window_answer (WindowFixture *fixture, guint i, guint options);
GtkWidget *window_find (GtkWidget *widget, GType type);
GtkWidget *window_find_styled (GtkWidget *widget, const char *style);
GtkWidget *window_find_label (GtkWidget *widget, const char *label);
