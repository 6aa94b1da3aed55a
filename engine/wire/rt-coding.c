/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Each decoder is a library's, run a piece at a time, so that what a peer sent can fill no more
 * memory than the caps allow. */
#include "rt-coding.h"

#include "rt-wire-config.h"

#include <brotli/decode.h>
#include <zlib.h>
#if RT_HAVE_ZSTD
#include <zstd.h>
#endif

#define PIECE 65536

typedef struct
{
  GByteArray *bytes;
  gsize cap;
} Output;

/* FALSE: a cap is reached. */
static gboolean
put (Output *out, const guint8 *piece, gsize size)
{
  gsize room = out->cap - out->bytes->len;

  g_byte_array_append (out->bytes, piece, (guint)MIN (size, room));
  return size <= room;
}

/* zlib takes lengths of 32 bits; content of more is no content that is shown. */
static void
set_input (z_stream *stream, RtText coded)
{
  stream->next_in = (Bytef *)(gpointer)coded.at;
  stream->avail_in = (uInt)MIN (coded.length, G_MAXUINT32);
}

static gboolean
starts_member (const z_stream *stream)
{
  return stream->avail_in >= 2 && stream->next_in[0] == 0x1f && stream->next_in[1] == 0x8b;
}

static RtCodingEnd
run_inflate (z_stream *stream, gboolean members, Output *out)
{
  guint8 piece[PIECE];

  for (;;)
    {
      int code;

      stream->next_out = piece;
      stream->avail_out = sizeof piece;
      code = inflate (stream, Z_NO_FLUSH);
      if (!put (out, piece, sizeof piece - stream->avail_out))
        return RT_CODING_TOO_LARGE;
      if (code == Z_STREAM_END && stream->avail_in == 0)
        return RT_CODING_WHOLE;
      /* RFC 1952 §2.2: a gzip file is a series of members. */
      if (code == Z_STREAM_END && members && starts_member (stream))
        {
          inflateReset (stream);
          continue;
        }
      if (code == Z_BUF_ERROR || (code == Z_OK && stream->avail_in == 0 && stream->avail_out > 0))
        return RT_CODING_CUT;
      if (code != Z_OK)
        return RT_CODING_DAMAGED;
    }
}

static RtCodingEnd
decode_zlib (RtText coded, int window_bits, Output *out)
{
  z_stream stream = { 0 };
  RtCodingEnd end = RT_CODING_DAMAGED;

  set_input (&stream, coded);
  if (inflateInit2 (&stream, window_bits) != Z_OK)
    return end;
  end = run_inflate (&stream, window_bits > MAX_WBITS, out);
  inflateEnd (&stream);
  return end;
}

/* RFC 1950 §2.2: the first two bytes are a multiple of 31 and name the method 8. */
static gboolean
has_zlib_header (RtText coded)
{
  const guint8 *bytes = (const guint8 *)coded.at;

  return coded.length >= 2 && (bytes[0] & 0x0f) == 8 && (bytes[0] * 256 + bytes[1]) % 31 == 0;
}

static RtCodingEnd
decode_brotli (RtText coded, Output *out)
{
  BrotliDecoderState *state = BrotliDecoderCreateInstance (NULL, NULL, NULL);
  const guint8 *in = (const guint8 *)coded.at;
  size_t left = coded.length;
  RtCodingEnd end = RT_CODING_DAMAGED;

  for (;;)
    {
      guint8 piece[PIECE];
      guint8 *at = piece;
      size_t room = sizeof piece;
      BrotliDecoderResult result
          = BrotliDecoderDecompressStream (state, &left, &in, &room, &at, NULL);

      if (!put (out, piece, (gsize)(at - piece)))
        end = RT_CODING_TOO_LARGE;
      else if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT)
        continue;
      else if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT)
        end = RT_CODING_CUT;
      else if (result == BROTLI_DECODER_RESULT_SUCCESS && left == 0)
        end = RT_CODING_WHOLE;
      break;
    }
  BrotliDecoderDestroyInstance (state);
  return end;
}

#if RT_HAVE_ZSTD
/* RFC 9659 §3: the window of the coding zstd has at most 8 MB. */
#define ZSTD_WINDOW_LOG 23

static RtCodingEnd
decode_zstd (RtText coded, Output *out)
{
  ZSTD_DStream *stream = ZSTD_createDStream ();
  ZSTD_inBuffer in = { coded.at, coded.length, 0 };
  RtCodingEnd end = RT_CODING_DAMAGED;

  ZSTD_DCtx_setParameter (stream, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG);
  for (;;)
    {
      guint8 piece[PIECE];
      ZSTD_outBuffer room = { piece, sizeof piece, 0 };
      size_t hint = ZSTD_decompressStream (stream, &room, &in);

      if (ZSTD_isError (hint))
        break;
      if (!put (out, piece, room.pos))
        end = RT_CODING_TOO_LARGE;
      else if (hint == 0 && in.pos == in.size)
        end = RT_CODING_WHOLE;
      else if (in.pos < in.size || room.pos == room.size)
        continue;
      else
        end = RT_CODING_CUT;
      break;
    }
  ZSTD_freeDStream (stream);
  return end;
}
#endif

/**
 * rt_coding_from_name:
 * @name: a content coding, RFC 9110 §8.4.1; case does not matter
 *
 * Returns: the coding, %RT_CODING_UNKNOWN for what nothing here can undo
 */
RtCoding
rt_coding_from_name (RtText name)
{
  /* clang-format off */
  static const struct { const char *name; RtCoding coding; } names[] = {
    { "identity", RT_CODING_IDENTITY },
    { "gzip", RT_CODING_GZIP },
    { "x-gzip", RT_CODING_GZIP },
    { "deflate", RT_CODING_DEFLATE },
    { "br", RT_CODING_BROTLI },
#if RT_HAVE_ZSTD
    { "zstd", RT_CODING_ZSTD },
#endif
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_text_is_nocase (name, names[i].name))
      return names[i].coding;
  return RT_CODING_UNKNOWN;
}

static RtCodingEnd
decode (RtCoding coding, RtText coded, Output *out)
{
  switch (coding)
    {
    case RT_CODING_IDENTITY:
      return put (out, (const guint8 *)coded.at, coded.length) ? RT_CODING_WHOLE
                                                               : RT_CODING_TOO_LARGE;
    case RT_CODING_GZIP:
      return decode_zlib (coded, MAX_WBITS + 16, out);
    case RT_CODING_DEFLATE:
      /* RFC 9110 §8.4.1.2: some send it without the zlib format around it. */
      return decode_zlib (coded, has_zlib_header (coded) ? MAX_WBITS : -MAX_WBITS, out);
    case RT_CODING_BROTLI:
      return decode_brotli (coded, out);
#if RT_HAVE_ZSTD
    case RT_CODING_ZSTD:
      return decode_zstd (coded, out);
#endif
    default:
      g_return_val_if_reached (RT_CODING_DAMAGED);
    }
}

/**
 * rt_coding_decode:
 * @coding: not %RT_CODING_UNKNOWN
 * @coded: the coded bytes
 * @cap: bytes to give at most; 0: the named caps of size and ratio
 * @ret_bytes: (out) (transfer full): what could be decoded
 *
 * Nothing is coded as nothing, whatever the coding.
 *
 * Returns: how it ended
 */
RtCodingEnd
rt_coding_decode (RtCoding coding, RtText coded, gsize cap, GBytes **ret_bytes)
{
  Output out = { .bytes = g_byte_array_new (), .cap = cap };
  RtCodingEnd end = RT_CODING_WHOLE;

  if (cap == 0)
    out.cap = (gsize)MIN ((guint64)RT_CODING_SIZE_MAX,
                          MAX ((guint64)coded.length * RT_CODING_RATIO_MAX, RT_CODING_RATIO_FLOOR));
  if (coded.length > 0)
    end = decode (coding, coded, &out);
  *ret_bytes = g_byte_array_free_to_bytes (out.bytes);
  return end;
}
