/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip serve FILE`: the responses of a recording, given once more. For this folder. */
#pragma once

#include "rt-cli.h"

G_BEGIN_DECLS

/**
 * RtServeRecording:
 * @path: a file of any format that can be read
 * @run: (nullable): the run whose responses are given; %NULL: the only one
 * @filter: (nullable): give only those
 * @record: (nullable): a session file to record in
 * @port: 0: whatever is free
 */
typedef struct
{
  const char *path, *run, *filter, *record;
  guint16 port;
} RtServeRecording;

int rt_serve_recording (const RtServeRecording *about);

G_END_DECLS
