/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All rules by their id, for the reference, the clause table and the tests. */
#pragma once

#include "rt-decision.h"

G_BEGIN_DECLS

const RtRule *const *rt_rules (guint *ret_n);
const RtRule *rt_rules_find (const char *id);

G_END_DECLS
