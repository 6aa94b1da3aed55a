/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text with `{{name}}` in it, and messages written literally. */
#pragma once

#include "rt-error.h"
#include "rt-message.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtTemplateLookup:
 *
 * Returns: (nullable): the value of @name; %NULL: there is none
 */
typedef const char *(*RtTemplateLookup) (gpointer data, const char *name);

char *rt_template_expand (
    const char *text, RtTime now, RtTemplateLookup lookup, gpointer data, GError **error);
char *
rt_template_expand_known (const char *text, RtTime now, RtTemplateLookup lookup, gpointer data);
gboolean
rt_template_check (const char *text, GPtrArray *names, const RtPlace *place, GError **error);

RtMessage *rt_message_from_text (const char *text, GBytes **ret_content, GError **error);
gboolean rt_message_template_check (const char *text,
                                    GPtrArray *names,
                                    const RtPlace *place,
                                    GError **error);

RtMessage *
rt_fetch_from_text (const char *text, char **ret_url, GBytes **ret_content, GError **error);
gboolean
rt_fetch_template_check (const char *text, GPtrArray *names, const RtPlace *place, GError **error);

G_END_DECLS
