/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Properties of methods. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

gboolean rt_method_is_safe (RtText method);
gboolean rt_method_is_idempotent (RtText method);
gboolean rt_method_is_cacheable (RtText method);

/* GET and HEAD are asked for together wherever a rule means "reads the representation". */
static inline gboolean
rt_method_is_read (RtText method)
{
  return rt_text_is (method, "GET") || rt_text_is (method, "HEAD");
}

G_END_DECLS
