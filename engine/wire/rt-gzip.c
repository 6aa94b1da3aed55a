/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compression, RFC 1951 and 1952, by one block with the fixed codes. A library compresses better,
 * but gives other bytes with each of its versions, and a lesson is to give the same log on every
 * machine. */
#include "rt-gzip.h"

#define WINDOW 32768
#define MATCH_MIN 3
#define MATCH_MAX 258
#define HASH_SIZE 4096
/* Earlier places with the same hash that are tried. */
#define TRIES 32
#define NOWHERE (-1)

typedef struct
{
  GByteArray *out;
  guint32 bits;
  guint n_bits;
} Writer;

/* RFC 1951 §3.2.5: lengths from 3 and distances from 1, by their first value and extra bits. */
static const guint16 length_base[]
    = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
        31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const guint8 length_extra[]
    = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const guint16 distance_base[]
    = { 1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
        193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
static const guint8 distance_extra[] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                         6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

/* The lowest bit first. */
static void
put_bits (Writer *writer, guint32 value, guint n)
{
  writer->bits |= value << writer->n_bits;
  writer->n_bits += n;
  for (; writer->n_bits >= 8; writer->n_bits -= 8, writer->bits >>= 8)
    g_byte_array_append (writer->out, &(guint8){ (guint8)writer->bits }, 1);
}

/* Huffman codes stand the other way round. */
static void
put_code (Writer *writer, guint32 code, guint n)
{
  for (guint i = n; i > 0; i--)
    put_bits (writer, code >> (i - 1) & 1, 1);
}

/* RFC 1951 §3.2.6. */
static void
put_symbol (Writer *writer, guint symbol)
{
  if (symbol < 144)
    put_code (writer, 0x30 + symbol, 8);
  else if (symbol < 256)
    put_code (writer, 0x190 + symbol - 144, 9);
  else if (symbol < 280)
    put_code (writer, symbol - 256, 7);
  else
    put_code (writer, 0xC0 + symbol - 280, 8);
}

static guint
find_base (const guint16 *base, guint n, guint value)
{
  guint i = n - 1;

  while (base[i] > value)
    i--;
  return i;
}

static void
put_match (Writer *writer, guint length, guint distance)
{
  guint i = find_base (length_base, G_N_ELEMENTS (length_base), length);

  put_symbol (writer, 257 + i);
  put_bits (writer, length - length_base[i], length_extra[i]);
  i = find_base (distance_base, G_N_ELEMENTS (distance_base), distance);
  put_code (writer, i, 5);
  put_bits (writer, distance - distance_base[i], distance_extra[i]);
}

static guint
hash (const guint8 *at)
{
  return ((guint)at[0] << 6 ^ (guint)at[1] << 3 ^ at[2]) % HASH_SIZE;
}

/* The longest match of what stands at @at among the places before it; 0: none. */
static guint
find_match (const guint8 *data,
            gsize size,
            gsize at,
            gssize candidate,
            const gssize *before,
            guint *ret_distance)
{
  guint best = 0;

  for (guint i = 0; i < TRIES && candidate != NOWHERE && at - (gsize)candidate <= WINDOW; i++)
    {
      guint length = 0;

      while (length < MATCH_MAX && at + length < size
             && data[(gsize)candidate + length] == data[at + length])
        length++;
      if (length > best)
        {
          best = length;
          *ret_distance = (guint)(at - (gsize)candidate);
        }
      candidate = before[candidate];
    }
  return best >= MATCH_MIN ? best : 0;
}

static void
deflate (Writer *writer, const guint8 *data, gsize size)
{
  g_autofree gssize *before = g_new (gssize, size + 1);
  gssize last[HASH_SIZE];
  gsize at = 0;

  for (guint i = 0; i < HASH_SIZE; i++)
    last[i] = NOWHERE;
  put_bits (writer, 1, 1); /* the last block, … */
  put_bits (writer, 1, 2); /* with the fixed codes */
  while (at < size)
    {
      gboolean hashed = at + MATCH_MIN <= size;
      guint distance = 0;
      guint length
          = hashed ? find_match (data, size, at, last[hash (data + at)], before, &distance) : 0;

      if (length > 0)
        put_match (writer, length, distance);
      else
        put_symbol (writer, data[at]);
      for (gsize end = at + MAX (length, 1); at < end; at++)
        if (at + MATCH_MIN <= size)
          {
            before[at] = last[hash (data + at)];
            last[hash (data + at)] = (gssize)at;
          }
    }
  put_symbol (writer, 256);
  if (writer->n_bits > 0)
    put_bits (writer, 0, 8 - writer->n_bits);
}

/* RFC 1952 §8. */
static guint32
checksum (const guint8 *data, gsize size)
{
  guint32 sum = 0xffffffff;

  for (gsize i = 0; i < size; i++)
    {
      sum ^= data[i];
      for (guint bit = 0; bit < 8; bit++)
        sum = (sum & 1) != 0 ? sum >> 1 ^ 0xedb88320 : sum >> 1;
    }
  return ~sum;
}

static void
put_number (Writer *writer, guint32 number)
{
  const guint32 little = GUINT32_TO_LE (number);

  g_byte_array_append (writer->out, (const guint8 *)&little, sizeof little);
}

/**
 * rt_gzip:
 * @content: any bytes
 *
 * Returns: (transfer full): the same in the content coding gzip
 */
GBytes *
rt_gzip (GBytes *content)
{
  static const guint8 header[] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff };
  gsize size;
  const guint8 *data = g_bytes_get_data (content, &size);
  Writer writer = { .out = g_byte_array_new () };

  g_byte_array_append (writer.out, header, sizeof header);
  deflate (&writer, data, size);
  put_number (&writer, checksum (data, size));
  put_number (&writer, (guint32)size);
  return g_byte_array_free_to_bytes (writer.out);
}
