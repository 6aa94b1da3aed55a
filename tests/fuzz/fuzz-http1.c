/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The HTTP/1.x reader. Invariants, whatever the bytes are:
 * - it ends, and no span names a byte that was not fed, or other bytes than the element it belongs
 *   to (http1_script() checks each);
 * - what it says depends on the bytes, not on how they were cut into runs;
 * - what a strict reader takes without complaint, a tolerant one reads the same.
 *
 * The first byte picks what is read and how. */
#include "http1-script.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
read_all_ways (Http1Read read, RtText input)
{
  g_autofree char *whole = http1_script (&read, input);
  g_autofree char *bytewise = NULL;
  g_autofree char *halves = NULL;

  read.feeding = HTTP1_BYTEWISE;
  bytewise = http1_script (&read, input);
  g_assert_cmpstr (whole, ==, bytewise);
  read.feeding = HTTP1_HALVES;
  read.cut = input.length / 2;
  halves = http1_script (&read, input);
  g_assert_cmpstr (whole, ==, halves);
  if (read.mode == RT_HTTP1_STRICT && strstr (whole, "ERROR") == NULL
      && strstr (whole, "INCOMPLETE") == NULL)
    {
      g_autofree char *tolerant = NULL;

      read.mode = RT_HTTP1_TOLERANT;
      tolerant = http1_script (&read, input);
      g_assert_cmpstr (whole, ==, tolerant);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const asked[] = { NULL, "HEAD", "CONNECT", "GET,HEAD" };
  static const RtHttp1Limits tight = { 40, 30, 90, 4, 12, 30, 20 };
  uint8_t how;

  if (size == 0)
    return 0;
  how = data[0];
  read_all_ways (
      (Http1Read){
          .kind = how & 1 ? RT_MESSAGE_RESPONSE : RT_MESSAGE_REQUEST,
          .mode = how & 2 ? RT_HTTP1_TOLERANT : RT_HTTP1_STRICT,
          .asked = asked[(how >> 2) & 3],
          .limits = how & 16 ? &tight : NULL,
      },
      (RtText){ (const char *)data + 1, size - 1 });
  return 0;
}
