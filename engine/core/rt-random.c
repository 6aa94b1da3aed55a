/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SplitMix64 (Steele, Lea, Flood 2014): one word of state, any seed will do. */
#include "rt-random.h"

void
rt_random_init (RtRandom *random, guint64 seed)
{
  random->state = seed;
}

/**
 * rt_random_next:
 * @random: a generator
 *
 * Returns: the next 64 bits
 */
guint64
rt_random_next (RtRandom *random)
{
  guint64 z = random->state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/**
 * rt_random_below:
 * @random: a generator
 * @bound: greater than 0
 *
 * Returns: a number below @bound, each equally likely
 */
guint64
rt_random_below (RtRandom *random, guint64 bound)
{
  guint64 limit, value;

  g_return_val_if_fail (bound > 0, 0);

  limit = G_MAXUINT64 - G_MAXUINT64 % bound;
  do
    value = rt_random_next (random);
  while (value >= limit);
  return value % bound;
}
