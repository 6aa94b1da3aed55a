/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The challenge: requests and settings to be put right, Run, how the probes went, hints, Reset. */
#pragma once

#include <gtk/gtk.h>

#include "rt-tutor.h"

G_BEGIN_DECLS

/**
 * RtChallengePane:
 *
 * Signals: `show-view (RtView)`: a probe's result leads to its exchange.
 */
#define RT_TYPE_CHALLENGE_PANE (rt_challenge_pane_get_type ())
G_DECLARE_FINAL_TYPE (RtChallengePane, rt_challenge_pane, RT, CHALLENGE_PANE, GtkWidget)

GtkWidget *rt_challenge_pane_new (RtTutor *tutor, const RtChallenge *challenge);
void rt_challenge_pane_set_text (RtChallengePane *self, const char *yaml);
void rt_challenge_pane_set_request (RtChallengePane *self, guint i, const char *text);

G_END_DECLS
