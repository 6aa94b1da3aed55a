/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The injected random source: the same seed gives the same numbers on every machine. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtRandom:
 *
 * State of a generator. Copy it to fork the sequence. Not for secrets.
 */
typedef struct
{
  guint64 state;
} RtRandom;

void rt_random_init (RtRandom *random, guint64 seed);
guint64 rt_random_next (RtRandom *random);
guint64 rt_random_below (RtRandom *random, guint64 bound);

G_END_DECLS
