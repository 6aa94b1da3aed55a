/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Multiply two words to 128 bits and fold the halves, 32 bytes a round in two lanes: as fast as
 * memory is. The numbers are in every session file: never change them. */
#include "rt-hash.h"

#include <string.h>

__extension__ typedef unsigned __int128 Wide;

#define K0 G_GUINT64_CONSTANT (0x9e3779b97f4a7c15)
#define K1 G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9)
#define K2 G_GUINT64_CONSTANT (0x94d049bb133111eb)
#define K3 G_GUINT64_CONSTANT (0xd6e8feb86659fd93)

static guint64
fold (guint64 a, guint64 b)
{
  Wide product = (Wide)a * b;

  return (guint64)product ^ (guint64)(product >> 64);
}

static guint64
word (const guint8 *at)
{
  guint64 value;

  memcpy (&value, at, sizeof value);
  return GUINT64_FROM_LE (value);
}

/**
 * rt_hash:
 * @data: any bytes
 * @size: how many
 *
 * Returns: 64 bits, the same on every machine
 */
guint64
rt_hash (gconstpointer data, gsize size)
{
  const guint8 *at = data;
  guint8 rest[32] = { 0 };
  guint64 a = K0 ^ size;
  guint64 b = K1;
  gsize left = size;

  for (; left >= 32; at += 32, left -= 32)
    {
      a = fold (word (at) ^ a ^ K2, word (at + 8) ^ K3);
      b = fold (word (at + 16) ^ b ^ K1, word (at + 24) ^ K0);
    }
  if (left > 0)
    {
      memcpy (rest, at, left);
      a = fold (word (rest) ^ a ^ K2, word (rest + 8) ^ K3);
      b = fold (word (rest + 16) ^ b ^ K1, word (rest + 24) ^ K0);
    }
  return fold (a ^ K3, b ^ size ^ K2);
}
