/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The origin server: the party that has the resources. */
#pragma once

#include "rt-resource.h"
#include "rt-server.h"

G_BEGIN_DECLS

typedef struct _RtOrigin RtOrigin;

RtOrigin *rt_origin_new (const RtServerLimits *limits);
void rt_origin_free (RtOrigin *origin);
gboolean rt_origin_add (
    RtOrigin *origin, const char *path, const char *kind, GVariant *settings, GError **error);
gboolean rt_origin_check (RtOrigin *origin, GError **error);
RtResource *rt_origin_find (RtOrigin *origin, const char *path);

/* For servers that have its resources and connections of their own. */
RtResource *
rt_origin_find_for (RtOrigin *origin, RtMessage *request, const char *path, RtReply *reply);
void rt_origin_announce (RtOrigin *origin, RtTime now, RtEffects *out);
void rt_origin_restart (RtOrigin *origin, RtTime now, RtEffects *out);

/** rt_origin_class: an #RtOrigin as a party. The driver frees it. */
extern const RtPartyClass rt_origin_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtOrigin, rt_origin_free)

G_END_DECLS
