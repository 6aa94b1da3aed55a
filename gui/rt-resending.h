/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests on their way once more, for the window: they are sent on a thread of their own and
 * recorded; what becomes of them is told on the main thread. */
#pragma once

#include "rt-host-port.h"
#include "rt-resend.h"
#include "rt-resent.h"
#include "rt-view.h"

G_BEGIN_DECLS

/**
 * RtResending:
 *
 * Signals: `progress (sent)`: so many were sent; `ended (GError or NULL)`: no more will be sent,
 * and rt_resending_get_view() has what happened, if anything did.
 */
#define RT_TYPE_RESENDING (rt_resending_get_type ())
G_DECLARE_FINAL_TYPE (RtResending, rt_resending, RT, RESENDING, GObject)

RtResending *rt_resending_new (RtView *recorded,
                               GPtrArray *resends,
                               const RtHostPort *to,
                               RtResendConsent consent);
void rt_resending_run (RtResending *self);
void rt_resending_stop (RtResending *self);

GPtrArray *rt_resending_get_resends (RtResending *self); /* RtResend */
RtView *rt_resending_get_view (RtResending *self);
const char *rt_resending_get_path (RtResending *self);
RtResent rt_resending_look_at (RtResending *self, guint i);

G_END_DECLS
