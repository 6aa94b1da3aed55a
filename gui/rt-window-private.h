/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the window share. Only they include it. */
#pragma once

#include "rt-live-pane.h"
#include "rt-presenter.h"
#include "rt-progress-bar.h"
#include "rt-sidebar.h"
#include "rt-window-actions.h"

G_BEGIN_DECLS

/** RT_WINDOW_NARROW: below, there are tabs. */
#define RT_WINDOW_NARROW 860

/* @opened: views of a session that is shown instead of the lesson's runs, or NULL */
struct _RtWindow
{
  AdwApplicationWindow parent_instance;

  RtTutor *tutor;
  guint run;
  GPtrArray *opened;
  GPtrArray *waiting; /* paths to open once there are parts, see rt_window_fill(); NULL: now */
  RtView *compared;   /* the one side of a comparison */
  guint compared_exchange;
  gulong first_frame; /* 0, or the handler that waits for it */
  int width, height;  /* it opens with */
  gboolean narrow, presenting, told_of_excess;
  GPtrArray *redactions; /* RtRedaction: of what was exported last, or NULL */

  /* In front of a class; presenter and notes are NULL while there is none. */
  RtPresenter *presenter;
  GtkEventController *presenter_keys;
  GtkWidget *notes;
  gboolean blank;
  int presented_width, presented_height; /* that the parts were set for */

  AdwToastOverlay *toasts;
  AdwFlap *flap;
  AdwWindowTitle *title;
  GtkMenuButton *menu, *exports;
  RtProgressBar *progress;
  GtkStack *modes;
  AdwViewStack *tabs;
  GtkPaned *columns, *rows;
  AdwBin *wide_lesson, *wide_stage, *wide_inspector;
  AdwBin *narrow_lesson, *narrow_stage, *narrow_inspector;
  RtSidebar *sidebar;
  RtNarrative *narrative;
  RtLivePane *live;
  RtStage *stage;
  RtInspector *inspector;
};

void rt_window_fill (RtWindow *self);
void rt_window_arrange (RtWindow *self);
gboolean rt_window_is_narrow (RtWindow *self, int width);
void rt_window_apply_mode (RtWindow *self);
void rt_window_renew_actions (GtkWidget *widget);

GPtrArray *rt_window_list_names (RtWindow *self);
RtTutorBranch *rt_window_branch_at (RtWindow *self, guint index);
RtView *rt_window_view_at (RtWindow *self, guint index);
void rt_window_update_lists (RtWindow *self, const char *note);
void rt_window_show_beside (RtWindow *self, guint index);
void rt_window_add_branching (RtWindow *self);
void rt_window_resend (RtWindow *self);
void rt_window_add_resending (RtWindow *self);
void rt_window_add_presenting (RtWindow *self);
void rt_window_remove_presenting (RtWindow *self);
void rt_window_presenting_resized (RtWindow *self);
void rt_window_keep (RtWindow *self);
AdwToast *rt_window_new_toast (const char *text);
void rt_window_show_other (RtWindow *self, RtView *view, const char *other);
void rt_window_add_exporting (RtWindow *self);
void rt_window_add_live (RtWindow *self);
void rt_window_add_exchange_actions (RtWindow *self);

G_END_DECLS
