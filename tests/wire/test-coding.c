/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Content codings are undone, whole, cut and broken, and no peer can fill the memory with them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-coding.h"
#include "rt-gzip.h"
#include "rt-wire-config.h"

#include <brotli/encode.h>
#include <zlib.h>
#if RT_HAVE_ZSTD
#include <zstd.h>
#endif

#define WORDS "If-Match protects against lost updates. "

static GBytes *
plain_bytes (gsize size)
{
  char *text = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    text[i] = WORDS[i % (sizeof WORDS - 1)];
  return g_bytes_new_take (text, size);
}

static GBytes *
deflated (GBytes *plain, int window_bits)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (plain, &size);
  z_stream stream = { .next_in = (Bytef *)data, .avail_in = (uInt)size };
  guint8 *out = g_malloc (size + 1000);

  assert_int_equal (deflateInit2 (&stream, 9, Z_DEFLATED, window_bits, 8, 0), Z_OK);
  stream.next_out = out;
  stream.avail_out = (uInt)size + 1000;
  assert_int_equal (deflate (&stream, Z_FINISH), Z_STREAM_END);
  size = stream.total_out;
  deflateEnd (&stream);
  return g_bytes_new_take (out, size);
}

static GBytes *
with_zlib (GBytes *plain)
{
  return deflated (plain, MAX_WBITS);
}

static GBytes *
raw_deflate (GBytes *plain)
{
  return deflated (plain, -MAX_WBITS);
}

static GBytes *
two_members (GBytes *plain)
{
  gsize size = g_bytes_get_size (plain);
  g_autoptr (GBytes) left = g_bytes_new_from_bytes (plain, 0, size / 2);
  g_autoptr (GBytes) right = g_bytes_new_from_bytes (plain, size / 2, size - size / 2);
  g_autoptr (GBytes) first = rt_gzip (left);
  g_autoptr (GBytes) second = rt_gzip (right);
  GByteArray *both = g_byte_array_new ();

  g_byte_array_append (both, g_bytes_get_data (first, NULL), (guint)g_bytes_get_size (first));
  g_byte_array_append (both, g_bytes_get_data (second, NULL), (guint)g_bytes_get_size (second));
  return g_byte_array_free_to_bytes (both);
}

static GBytes *
with_brotli (GBytes *plain)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (plain, &size);
  size_t coded = BrotliEncoderMaxCompressedSize (size);
  guint8 *out = g_malloc (coded);

  assert_true (BrotliEncoderCompress (9, 22, BROTLI_MODE_TEXT, size, data, &coded, out));
  return g_bytes_new_take (out, coded);
}

#if RT_HAVE_ZSTD
static GBytes *
with_zstd (GBytes *plain)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (plain, &size);
  size_t room = ZSTD_compressBound (size);
  guint8 *out = g_malloc (room);
  size_t coded = ZSTD_compress (out, room, data, size, 3);

  assert_false (ZSTD_isError (coded));
  return g_bytes_new_take (out, coded);
}
#endif

typedef struct
{
  const char *name, *coding;
  GBytes *(*encode) (GBytes *plain);
} Row;

/* clang-format off */
static const Row rows[] = {
  { "gzip", "gzip", rt_gzip },
  { "an old name of gzip, in any case", "X-GZip", rt_gzip },
  { "gzip in two members", "gzip", two_members },
  { "deflate as the RFC has it", "deflate", with_zlib },
  { "deflate as many send it: without zlib's format", "deflate", raw_deflate },
  { "br", "br", with_brotli },
#if RT_HAVE_ZSTD
  { "zstd", "zstd", with_zstd },
#endif
};
/* clang-format on */

static RtCodingEnd
decode (const Row *row, GBytes *coded, gsize length, gsize cap, GBytes **ret_bytes)
{
  RtText text = { g_bytes_get_data (coded, NULL), length };

  return rt_coding_decode (rt_coding_from_name (rt_text (row->coding)), text, cap, ret_bytes);
}

static void
decodes_whole (const Row *row, gsize size)
{
  g_autoptr (GBytes) plain = plain_bytes (size);
  g_autoptr (GBytes) coded = row->encode (plain);
  g_autoptr (GBytes) bytes = NULL;

  assert_int_equal (decode (row, coded, g_bytes_get_size (coded), 0, &bytes), RT_CODING_WHOLE);
  assert_true (g_bytes_equal (bytes, plain));
}

/* Every beginning is cut, and gives a beginning of the content. */
static void
says_cut (const Row *row)
{
  g_autoptr (GBytes) plain = plain_bytes (300);
  g_autoptr (GBytes) coded = row->encode (plain);

  for (gsize length = 3; length < g_bytes_get_size (coded); length++)
    {
      g_autoptr (GBytes) bytes = NULL;
      RtCodingEnd end = decode (row, coded, length, 0, &bytes);

      /* Between two members the bytes might as well have ended. */
      if (row->encode != two_members)
        assert_int_equal (end, RT_CODING_CUT);
      assert_true (g_bytes_get_size (bytes) <= 300);
      assert_memory_equal (g_bytes_get_data (plain, NULL), g_bytes_get_data (bytes, NULL),
                           g_bytes_get_size (bytes));
    }
}

static void
holds_the_cap (const Row *row)
{
  g_autoptr (GBytes) plain = plain_bytes (200000);
  g_autoptr (GBytes) coded = row->encode (plain);
  g_autoptr (GBytes) bytes = NULL;

  assert_int_equal (decode (row, coded, g_bytes_get_size (coded), 100000, &bytes),
                    RT_CODING_TOO_LARGE);
  assert_int_equal (g_bytes_get_size (bytes), 100000);
}

static void
test_row (void **state)
{
  const Row *row = *state;
  static const gsize sizes[] = { 0, 1, 300, 65536, 300000 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    decodes_whole (row, sizes[i]);
  says_cut (row);
  holds_the_cap (row);
}

static void
test_bomb (void **state)
{
  g_autoptr (GBytes) zeros = g_bytes_new_take (g_malloc0 (16 << 20), 16 << 20);
  g_autoptr (GBytes) coded = with_brotli (zeros);
  g_autoptr (GBytes) bytes = NULL;
  RtText text;

  text.at = g_bytes_get_data (coded, &text.length);
  assert_int_equal (rt_coding_decode (RT_CODING_BROTLI, text, 0, &bytes), RT_CODING_TOO_LARGE);
  assert_int_equal (g_bytes_get_size (bytes), RT_CODING_RATIO_FLOOR);
}

static void
test_damaged (void **state)
{
  static const char *const names[] = { "gzip", "deflate", "br" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GBytes) bytes = NULL;
      RtCoding coding = rt_coding_from_name (rt_text (names[i]));

      assert_int_equal (
          rt_coding_decode (coding, RT_TEXT ("\xff this is no coded text"), 0, &bytes),
          RT_CODING_DAMAGED);
    }
}

static void
test_unknown (void **state)
{
  assert_int_equal (rt_coding_from_name (RT_TEXT ("compress")), RT_CODING_UNKNOWN);
  assert_int_equal (rt_coding_from_name (RT_TEXT ("gzip2")), RT_CODING_UNKNOWN);
  assert_int_equal (rt_coding_from_name (RT_TEXT ("")), RT_CODING_UNKNOWN);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 3] = {
    { "a small bomb is stopped by the cap of ratio", test_bomb, NULL, NULL, NULL },
    { "what is no coded text is called damaged", test_damaged, NULL, NULL, NULL },
    { "a name that nobody knows is no coding", test_unknown, NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[3 + i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("content codings", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
