/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Compression, checked by a decoder that is not ours. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include <gio/gio.h>

#include "rt-gzip.h"
#include "rt-random.h"

typedef struct
{
  const char *name, *text;
  gsize times; /* 0: random bytes instead, as many as @size */
  gsize size, at_most;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "nothing", "", 1, 0, 20 },
  { "one byte", "a", 1, 0, 21 },
  { "bytes of nine bits", "\xff\xfe\x90", 1, 0, 30 },
  { "the shortest match", "abcabc", 1, 0, 26 },
  { "a run of one byte", "a", 100000, 0, 800 },
  { "a text again and again", "Opening hours: 9-17. ", 5000, 0, 1200 },
  { "what is too far away to be matched", NULL, 0, 70000, 80000 },
};
/* clang-format on */

static GBytes *
make (const Row *row)
{
  GString *content = g_string_new (NULL);
  RtRandom random;

  rt_random_init (&random, 1);
  for (gsize i = 0; i < row->times; i++)
    g_string_append (content, row->text);
  while (content->len < row->size)
    g_string_append_c (content, (char)rt_random_below (&random, 256));
  return g_string_free_to_bytes (content);
}

static GBytes *
decode (GBytes *coded)
{
  g_autoptr (GZlibDecompressor) decoder = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP);
  g_autoptr (GInputStream) source = g_memory_input_stream_new_from_bytes (coded);
  g_autoptr (GInputStream) stream = g_converter_input_stream_new (source, G_CONVERTER (decoder));
  g_autoptr (GOutputStream) sink = g_memory_output_stream_new_resizable ();

  assert_true (g_output_stream_splice (sink, stream,
                                       G_OUTPUT_STREAM_SPLICE_CLOSE_SOURCE
                                           | G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET,
                                       NULL, NULL)
               >= 0);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (sink));
}

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autoptr (GBytes) content = make (row);
  g_autoptr (GBytes) coded = rt_gzip (content);
  g_autoptr (GBytes) back = decode (coded);

  assert_true (g_bytes_equal (content, back));
  assert_true (g_bytes_get_size (coded) <= row->at_most);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("gzip", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
