/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * "Change one thing": what can be changed about a run, and to what. */
#pragma once

#include <adwaita.h>

#include "rt-view.h"

G_BEGIN_DECLS

/** RtBranchDialog: Signals: `branch (const char *change)`: what was chosen, in one line. */
#define RT_TYPE_BRANCH_DIALOG (rt_branch_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtBranchDialog, rt_branch_dialog, RT, BRANCH_DIALOG, AdwWindow)

RtBranchDialog *rt_branch_dialog_new (RtView *view);
void rt_branch_dialog_choose (RtBranchDialog *self, const char *title);
void rt_branch_dialog_set_value (RtBranchDialog *self, const char *value);

G_END_DECLS
