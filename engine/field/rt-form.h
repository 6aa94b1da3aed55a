/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms as `application/x-www-form-urlencoded`. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

char *rt_form_dup_value (RtText form, const char *name);

G_END_DECLS
