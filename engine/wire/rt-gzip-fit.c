/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gzip of a given size: what is left over goes into the header's comment, RFC 1952 §2.3.1, which
 * readers skip. */
#include "rt-gzip.h"

#include <string.h>
#include <zlib.h>

#define HEADER 10
#define TRAILER 8
#define FLAG_COMMENT 0x10

static GByteArray *
deflate_all (GBytes *content)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (content, &length);
  GByteArray *out = g_byte_array_new ();
  z_stream stream = { 0 };
  int result;

  result
      = deflateInit2 (&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 9, Z_DEFAULT_STRATEGY);
  g_assert (result == Z_OK);
  g_byte_array_set_size (out, (guint)deflateBound (&stream, (uLong)length));
  stream.next_in = (Bytef *)data;
  stream.avail_in = (uInt)length;
  stream.next_out = out->data;
  stream.avail_out = out->len;
  result = deflate (&stream, Z_FINISH);
  g_assert (result == Z_STREAM_END);
  g_byte_array_set_size (out, (guint)stream.total_out);
  deflateEnd (&stream);
  return out;
}

static void
append_uint32 (GByteArray *out, guint32 value)
{
  guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (out, (const guint8 *)&little, sizeof little);
}

/**
 * rt_gzip_fit:
 * @size: of the result
 *
 * Returns: (transfer full) (nullable): @content in gzip, @size bytes long; %NULL: it needs more
 */
GBytes *
rt_gzip_fit (GBytes *content, gsize size)
{
  g_autoptr (GByteArray) deflated = NULL;
  guint8 header[HEADER] = { 0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255 };
  GByteArray *out;
  gsize length, padding;
  const guint8 *data = g_bytes_get_data (content, &length);

  if (length > G_MAXUINT32 / 2)
    return NULL;
  deflated = deflate_all (content);
  if (size < HEADER + deflated->len + TRAILER)
    return NULL;
  padding = size - HEADER - deflated->len - TRAILER;
  header[3] = padding > 0 ? FLAG_COMMENT : 0;
  out = g_byte_array_sized_new ((guint)size);
  g_byte_array_append (out, header, sizeof header);
  g_byte_array_set_size (out, HEADER + (guint)padding);
  if (padding > 0)
    {
      memset (out->data + HEADER, ' ', padding - 1);
      out->data[HEADER + padding - 1] = '\0';
    }
  g_byte_array_append (out, deflated->data, deflated->len);
  append_uint32 (out, (guint32)crc32 (crc32 (0, NULL, 0), data, (uInt)length));
  append_uint32 (out, (guint32)length);
  return g_byte_array_free_to_bytes (out);
}
