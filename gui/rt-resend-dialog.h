/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Sending recorded requests once more, as they were or edited, and what became of them. */
#pragma once

#include <adwaita.h>

#include "rt-request-editor.h"
#include "rt-resending.h"

G_BEGIN_DECLS

/**
 * RtResendDialog:
 *
 * Signals: `show-session (path)`: what happened is to be shown on the timeline.
 */
#define RT_TYPE_RESEND_DIALOG (rt_resend_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RtResendDialog, rt_resend_dialog, RT, RESEND_DIALOG, AdwWindow)

/** RT_RESEND_MAX: more are not sent from the window; the command line sends as many as there are.
 */
#define RT_RESEND_MAX 1000

RtResendDialog *
rt_resend_dialog_new (GtkWindow *parent, RtView *view, GArray *listed, const char *to);

void rt_resend_dialog_set_to (RtResendDialog *self, const char *to);
void rt_resend_dialog_set_all (RtResendDialog *self, gboolean all);
void rt_resend_dialog_agree (RtResendDialog *self);
RtRequestEditor *rt_resend_dialog_get_editor (RtResendDialog *self);
RtResending *rt_resend_dialog_get_resending (RtResendDialog *self);

G_END_DECLS
