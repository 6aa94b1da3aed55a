/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Addresses for the parties of a log, which have names. For this folder. */
#pragma once

#include "rt-event.h"
#include "rt-frame-writer.h"

G_BEGIN_DECLS

typedef struct _RtFrameNames RtFrameNames;

RtFrameNames *rt_frame_names_new (void);
void rt_frame_names_free (RtFrameNames *names);
void rt_frame_names_clear (RtFrameNames *names);
void rt_frame_names_add_party (RtFrameNames *names, RtPartyId party, const char *name);
void rt_frame_names_find_ends (RtFrameNames *names,
                               GByteArray *blocks,
                               RtPartyId from,
                               RtPartyId to,
                               const char *host,
                               RtIpAddress ret_ends[2]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtFrameNames, rt_frame_names_free)

G_END_DECLS
