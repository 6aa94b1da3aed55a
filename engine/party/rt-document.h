/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `document`: a text in versions, as wikis and shared notes have it. */
#pragma once

#include "rt-resource.h"

G_BEGIN_DECLS

/** RT_DOCUMENT_MAX_NESTING: of JSON that is patched; deeper is refused. */
#define RT_DOCUMENT_MAX_NESTING 64

extern const RtResourceKind rt_document_kind;

/* For resources that have documents: @self is what the kind's `create` made. */
void rt_document_set (
    gpointer self, GBytes *content, const char *content_type, RtTime now, RtEffects *out);
GBytes *rt_document_get_content (gpointer self);
const char *rt_document_get_content_type (gpointer self);
void rt_document_add_validators (gpointer self, RtMessage *response);

G_END_DECLS
