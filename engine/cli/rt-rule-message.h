/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Messages and times in the questions of `roundtrip rule`. */
#pragma once

#include "rt-rule.h"

#include "rt-message.h"
#include "rt-time.h"
#include "rt-url.h"

G_BEGIN_DECLS

RtMessage *
rt_rule_get_message (JsonObject *in, const char *name, RtMessageKind kind, GError **error);
gboolean rt_rule_get_time (JsonObject *in, const char *name, RtTime *ret_time, GError **error);
gboolean rt_rule_get_boolean (JsonObject *in, const char *name, gboolean otherwise);
const char *rt_rule_get_string (JsonObject *in, const char *name, const char *otherwise);
gboolean rt_rule_get_choice (JsonObject *in,
                             const char *name,
                             const char *const *names,
                             gsize n,
                             guint *ret_choice,
                             GError **error);
const char **rt_rule_get_strings (JsonObject *in, const char *name, guint *ret_n, GError **error);
RtUrl *rt_rule_get_url (JsonObject *in, const char *name, GError **error);
JsonObject *rt_rule_get_object (JsonObject *in, const char *name, GError **error);
char *rt_rule_dup_uri (JsonObject *in, RtMessage *request);
void rt_rule_set_fields (JsonObject *out, const char *name, RtFields *fields);

G_END_DECLS
