/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The observer: what the rules have to say of traffic that was recorded elsewhere. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtObserver:
 *
 * Follows clients. Analyses of one connection each may share one: they are fed an event at a time,
 * in the order of the log.
 */
typedef struct _RtObserver RtObserver;

/** RtObserverLookUp: Returns: (transfer none) (nullable): what is known of a connection */
typedef const RtConnectionInfo *(*RtObserverLookUp) (RtConnection connection, gpointer data);

RtObserver *rt_observer_new (void);
RtObserver *rt_observer_ref (RtObserver *observer);
void rt_observer_unref (RtObserver *observer);
void rt_observer_look_up (RtObserver *observer, RtObserverLookUp look_up, gpointer data);
void rt_analysis_set_observer (RtAnalysis *analysis, RtObserver *observer);

void rt_analysis_set_observed (RtAnalysis *analysis, gboolean observed);
gboolean rt_note_is_finding (const RtNote *note);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtObserver, rt_observer_unref)

G_END_DECLS
