/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content codings undone, RFC 9110 §8.4.1: gzip, deflate, br, zstd. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/** RT_CODING_SIZE_MAX: bytes that the decoding of one content may give. */
#define RT_CODING_SIZE_MAX (64 * 1024 * 1024)
/** RT_CODING_RATIO_MAX: times its own size that coded content may grow to … */
#define RT_CODING_RATIO_MAX 1000
/** RT_CODING_RATIO_FLOOR: … once it gives more than so many bytes. */
#define RT_CODING_RATIO_FLOOR (1024 * 1024)

/**
 * RtCoding:
 * @RT_CODING_UNKNOWN: nothing here can undo it
 * @RT_CODING_DEFLATE: zlib's format, and what many send instead, RFC 1951 alone
 */
typedef enum
{
  RT_CODING_UNKNOWN,
  RT_CODING_IDENTITY,
  RT_CODING_GZIP,
  RT_CODING_DEFLATE,
  RT_CODING_BROTLI,
  RT_CODING_ZSTD,
} RtCoding;

/**
 * RtCodingEnd:
 * @RT_CODING_WHOLE: all was decoded
 * @RT_CODING_CUT: the coded bytes end too early
 * @RT_CODING_DAMAGED: they follow no grammar, or bytes follow their end
 * @RT_CODING_TOO_LARGE: a cap was reached
 *
 * How a decoding ended; what had been decoded until then is there in any case.
 */
typedef enum
{
  RT_CODING_WHOLE,
  RT_CODING_CUT,
  RT_CODING_DAMAGED,
  RT_CODING_TOO_LARGE,
} RtCodingEnd;

RtCoding rt_coding_from_name (RtText name);
RtCodingEnd rt_coding_decode (RtCoding coding, RtText coded, gsize cap, GBytes **ret_bytes);

G_END_DECLS
