/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A walk through a capture's file: its packets are given to a tracker of connections, and what else
 * is in it to whoever asks. For this folder. */
#pragma once

#include "rt-capture-reader.h"
#include "rt-import.h"
#include "rt-tcp-tracker.h"

G_BEGIN_DECLS

/**
 * RtPcapTrouble: packets that could not be used, and the first of each kind
 */
typedef struct
{
  guint64 n, number, offset;
} RtPcapTrouble;

/**
 * RtPcapWalk:
 * @path: the file
 * @sink: told of connections
 * @before: (nullable): called before each packet is looked at
 * @event: (nullable): called with what is no packet, and with packets that have a comment
 * @step: (nullable): called with how many bytes were read; %FALSE stops the walk
 * @data: for all of them
 * @section: which section to walk through if the file is ours, from 1; any other is walked through
 *   as a whole
 * @ours: the file's first section was written by us
 * @n_sections: how many were seen so far, %RT_PCAPNG_RUNS_MAX at most: the others belong to the
 *   last
 * @run_name: (nullable): what the section's run was called, if the file is ours
 * @plaintext: the packet that is looked at has plaintext in place of TLS
 * @size: of the file
 * @n_packets: afterwards: that were read
 * @broken: (nullable): afterwards: why it could not be read to its end
 * @by_verdict: afterwards: packets with each #RtFrameVerdict
 * @unknown_link: afterwards: the first link type of which nothing is known
 * @cut_off: afterwards: packets of TCP of which the sniffer kept a part
 * @fragments_lost: afterwards: fragments that did not become whole
 * @connections: afterwards: how many were seen; @let_go: of them not to their end
 *
 * What to do, and what was met.
 */
typedef struct
{
  const char *path;
  const RtTcpSink *sink;
  gboolean (*before) (gpointer data, RtTime time, GError **error);
  void (*event) (gpointer data, const RtCaptureEvent *event);
  gboolean (*step) (gpointer data, guint64 done, GError **error);
  gpointer data;
  guint section;

  gboolean ours;
  guint n_sections;
  char *run_name;
  gboolean plaintext;
  guint64 size;
  guint64 n_packets;
  char *broken;
  RtPcapTrouble by_verdict[RT_FRAME_UNKNOWN_LINK + 1];
  guint unknown_link;
  RtPcapTrouble cut_off;
  guint64 fragments_lost, connections, let_go;
} RtPcapWalk;

gboolean rt_pcap_walk (RtPcapWalk *walk, GError **error);
gboolean rt_pcap_walk_step (
    const RtPcapWalk *walk, RtImport *import, guint half, guint64 done, GError **error);
void rt_pcap_walk_clear (RtPcapWalk *walk);

G_END_DECLS
