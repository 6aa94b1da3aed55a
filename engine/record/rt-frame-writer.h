/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Frames made up for what went over a connection, and the blocks of pcapng they are written in. For
 * this folder. */
#pragma once

#include "rt-frame.h"
#include "rt-time.h"

G_BEGIN_DECLS

/**
 * RtFrame:
 * @segment: what it carries; @missing is not used
 * @options: with the options of a SYN
 * @identification: IPv4's number of it
 */
typedef struct
{
  RtTcpSegment segment;
  gboolean options;
  guint16 identification;
} RtFrame;

/** RT_FRAME_PAYLOAD_MAX: bytes of TCP in a frame of Ethernet, by the length of its addresses. */
#define RT_FRAME_PAYLOAD_MAX(address) ((address).length == 4 ? 1460u : 1440u)

void rt_frame_append (GByteArray *out, const RtFrame *frame);

void rt_pcapng_append_section (GByteArray *out, const char *application, const char *comment);
void rt_pcapng_append_interface (GByteArray *out,
                                 guint link_type,
                                 const char *name,
                                 const char *description);
void rt_pcapng_append_name (GByteArray *out, const RtIpAddress *address, const char *name);
void rt_pcapng_append_packet (
    GByteArray *out, guint interface, RtTime time, const GByteArray *frame, RtText comment);

G_END_DECLS
