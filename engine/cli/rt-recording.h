/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Recording what passes through a command, in a session file of its own. */
#pragma once

#include "rt-recorder.h"

G_BEGIN_DECLS

/** RT_RECORDING_SEAL: how long what happened may wait to be handed to the recorder. */
#define RT_RECORDING_SEAL (20 * RT_TIME_MSEC)

/**
 * RtRecording:
 * @recorder: given the log's pages; a log's sink is rt_recorder_add_page()
 * @dropped: bytes were left out, and that was said
 */
typedef struct
{
  RtSession *session;
  RtRecorder *recorder;
  gboolean dropped;
} RtRecording;

gboolean rt_recording_begin (
    RtRecording *recording, const char *path, const char *name, const char *title, GError **error);
gboolean rt_recording_finish (RtRecording *recording, GError **error);
void rt_recording_clear (RtRecording *recording);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtRecording, rt_recording_clear)

G_END_DECLS
