/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The kinds of parties that a lesson can have. */
#pragma once

#include "rt-setting.h"

G_BEGIN_DECLS

/**
 * RtCastKind:
 * @name: as the front matter has it
 * @steps: (nullable) (array zero-terminated=1): the blocks that tell such a party to do something
 * @serves: it listens, and can be sent to
 * @named: (nullable): its settings, but for those that are a mapping of their own
 *
 * A kind of party that a lesson can have.
 */
typedef struct
{
  const char *name;
  const char *const *steps;
  gboolean serves;
  const RtSetting *(*named) (guint *ret_n);
} RtCastKind;

const RtCastKind *rt_cast_kinds (guint *ret_n);
const RtCastKind *rt_cast_kind_find (const char *name);

G_END_DECLS
