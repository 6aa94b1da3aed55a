/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Made-up values that stand for secrets: of the same shape and length, equal where the secrets are
 * equal, and leading back to nothing. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_PSEUDONYM_KEY_SIZE: bytes of a key; whoever has it can try out guesses. */
#define RT_PSEUDONYM_KEY_SIZE 32

char *rt_pseudonym_dup (const guint8 *key, RtText secret);

G_END_DECLS
