/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `document`: a text in versions, as wikis and shared notes have it. */
#pragma once

#include "rt-resource.h"

G_BEGIN_DECLS

/** RT_DOCUMENT_MAX_NESTING: of JSON that is patched; deeper is refused. */
#define RT_DOCUMENT_MAX_NESTING 64

extern const RtResourceKind rt_document_kind;

G_END_DECLS
