/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The elements of a message, as the inspector lists them: start line, fields, content. */
#pragma once

#include <gio/gio.h>

#include "rt-view.h"

G_BEGIN_DECLS

#define RT_TYPE_ELEMENT (rt_element_get_type ())
G_DECLARE_FINAL_TYPE (RtElement, rt_element, RT, ELEMENT, GObject)

const char *rt_element_get_name (RtElement *self);
const char *rt_element_get_value (RtElement *self);
const char *rt_element_get_note (RtElement *self);
RtSpan rt_element_get_span (RtElement *self);

void rt_elements_list (GListStore *store, const RtTransfer *transfer);
RtSpan rt_elements_find (const RtTransfer *transfer, RtBufferId buffer, guint64 offset);

G_END_DECLS
