/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Captures by hand. */
#pragma once

#include "rt-frame.h"

#include <glib.h>
#include <string.h>

/** CaptureFile: what the file is. @nsec: times in nanoseconds; @swapped: of the other byte order */
typedef struct
{
  gboolean pcapng, nsec, swapped;
  guint link;
} CaptureFile;

/**
 * Capture:
 * @file: what was written so far
 * @wraps: wrap the IP packet: VLAN tags, extension headers, fragments
 * @next: by end: its next sequence number
 * @ports: by end
 * @now: microseconds; each packet takes a millisecond
 * @snap: bytes of a packet that are kept; 0: all
 * @six: IPv6
 */
typedef struct
{
  GByteArray *file;
  CaptureFile about;
  guint32 next[2];
  guint16 ports[2];
  gint64 now;
  guint snap;
  gboolean six, vlan, extension;
  guint fragment; /* bytes a fragment; 0: none */
  const char *comment;
} Capture;

enum
{
  CLIENT,
  SERVER,
};

void capture_init (Capture *c, const CaptureFile *about);
void capture_clear (Capture *c);
void capture_block (Capture *c, guint32 type, const void *body, gsize length);
void capture_name (Capture *c, const char *address, const char *name);
void capture_frame (Capture *c, const void *frame, gsize length);
void capture_tcp_at (Capture *c, int from, guint flags, guint32 sequence, const char *payload);
void capture_tcp (Capture *c, int from, guint flags, const char *payload);
void capture_open (Capture *c);
void capture_send (Capture *c, int from, const char *payload);
void capture_close (Capture *c);
