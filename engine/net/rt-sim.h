/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sim driver: parties on a modelled network in virtual time. The same scenario gives the same
 * log on every machine. */
#pragma once

#include "rt-driver.h"
#include "rt-link.h"
#include "rt-log.h"

G_BEGIN_DECLS

typedef struct _RtSim RtSim;

RtSim *rt_sim_new (RtLog *log, RtTime start);
void rt_sim_free (RtSim *sim);
void rt_sim_set_link (RtSim *sim, RtPartyId a, RtPartyId b, const RtLink *link);
guint rt_sim_get_n_unfinished (RtSim *sim);

/** rt_sim_driver: an #RtSim as #RtDriverClass has it. */
extern const RtDriverClass rt_sim_driver;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtSim, rt_sim_free)

G_END_DECLS
