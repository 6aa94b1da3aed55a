/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the files that read parties' settings. */
#pragma once

#include "rt-party-settings.h"
#include "rt-resource.h"

G_BEGIN_DECLS

GVariant *rt_settings_read (const RtSetting *known,
                            guint n_known,
                            const RtYaml *node,
                            const char *const *skip,
                            const char *file,
                            GError **error);

GArray *rt_party_settings_of_resource (const RtResourceKind *kind);
GVariant *rt_party_settings_read_origin (const RtYaml *yaml, const char *file, GError **error);
gboolean rt_party_settings_read_limits (const RtYaml *yaml,
                                        const char *file,
                                        GVariant **ret_limits,
                                        GError **error);
gboolean rt_party_settings_read_tls (
    const char *party, const RtYaml *yaml, const char *file, GVariant **ret_tls, GError **error);
gboolean rt_party_settings_read_upstreams (const RtLesson *lesson,
                                           const RtYaml *yaml,
                                           const char *file,
                                           char ***ret_upstreams,
                                           GError **error);
gboolean rt_party_settings_read_ports (const RtYaml *yaml,
                                       const char *file,
                                       GArray **ret_ports,
                                       GError **error);

G_END_DECLS
