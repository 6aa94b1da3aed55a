/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of this folder share: a folder of their own, hand-made logs and the comparison of
 * a reader with the log it was recorded from. */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-error.h"
#include "rt-exchanges.h"
#include "rt-log.h"
#include "rt-random.h"
#include "rt-recorder.h"

/* A folder that lives as long as a test. */
int rt_test_setup (void **state);
int rt_test_teardown (void **state);
char *rt_test_path (void **state, const char *name);

/* A test with a folder. */
#define RT_TEST(name, function)                                                                    \
  {                                                                                                \
    name, function, rt_test_setup, rt_test_teardown, NULL                                          \
  }

/* Writes events and bytes; the same seed writes the same. */
typedef struct
{
  RtLog *log;
  RtRandom random;
  RtTime now;
  RtPartyId client, server;
} RtTestLog;

void rt_test_log_init (RtTestLog *test, RtLogSink sink, gpointer data, guint64 seed);
void rt_test_log_clear (RtTestLog *test);
RtConnection rt_test_log_connect (RtTestLog *test, RtBufferId buffers[2]);
RtSpan rt_test_log_send (RtTestLog *test,
                         RtConnection connection,
                         RtBufferId buffer,
                         RtDirection direction,
                         const void *bytes,
                         gsize size);
void rt_test_log_exchange (RtTestLog *test,
                           RtConnection connection,
                           const RtBufferId buffers[2],
                           guint status,
                           const void *body,
                           gsize size);
char *rt_test_body (guint64 seed, gsize size);

void rt_test_assert_equal (RtReader *is, RtReader *want);
GBytes *rt_test_read_file (const char *path);
void rt_test_write_file (const char *path, const void *data, gsize size);
char *rt_test_record (void **state, const char *name, guint n_exchanges);
