/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Settings of parties: from YAML to what the party takes, checked against its closed lists. */
#pragma once

#include "rt-lesson.h"
#include "rt-setting.h"
#include "rt-yaml.h"

G_BEGIN_DECLS

RtPartySettings *rt_party_settings_new (const RtLesson *lesson,
                                        const RtCast *cast,
                                        const char *text,
                                        const RtYaml *yaml,
                                        const char *file,
                                        GError **error);
void rt_party_settings_free (RtPartySettings *settings);

GPtrArray *rt_party_settings_read (
    const RtLesson *lesson, const char *text, gsize length, const RtPlace *place, GError **error);

GVariant *rt_settings_change (const RtSetting *known,
                              guint n_known,
                              GVariant *settings,
                              const char *name,
                              const char *value,
                              GError **error);
GVariant *rt_party_settings_change (
    const char *kind, GVariant *settings, const char *name, const char *value, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtPartySettings, rt_party_settings_free)

G_END_DECLS
