/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a resource demands of the content of a request, asked in the order in which it can be
 * answered: is it of a type that is read here, can it be read, does it say what can be done. */
#pragma once

#include "rt-resource.h"

G_BEGIN_DECLS

typedef struct _RtContentDemand RtContentDemand;

extern const char *const rt_content_demand_statuses[];
extern const char *const rt_content_demand_forms[];

gboolean rt_content_demand_check_needs (const RtSetting *setting, GVariant *value, GError **error);
RtContentDemand *rt_content_demand_new (const RtGiven *given);
void rt_content_demand_free (RtContentDemand *demand);
gboolean rt_content_demand_is_met (const RtContentDemand *demand,
                                   const RtCall *call,
                                   RtReply *reply,
                                   RtEffects *out);

G_END_DECLS
