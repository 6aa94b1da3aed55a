/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files that packet sniffers write, pcap and pcapng: bytes in, packets out. */
#pragma once

#include "rt-text.h"
#include "rt-time.h"

G_BEGIN_DECLS

/** RT_CAPTURE_PACKET_MAX: bytes of a packet; the largest that systems hand out is 512 KiB. */
#define RT_CAPTURE_PACKET_MAX (1024 * 1024)
/** RT_CAPTURE_BLOCK_MAX: bytes of a block of pcapng. */
#define RT_CAPTURE_BLOCK_MAX (16 * 1024 * 1024)
/** RT_CAPTURE_INTERFACES_MAX: interfaces of a section of pcapng. */
#define RT_CAPTURE_INTERFACES_MAX 4096

/**
 * RtCaptureKind:
 * @RT_CAPTURE_NEED_MORE: nothing more can be had of what was fed
 * @RT_CAPTURE_PACKET: a packet
 * @RT_CAPTURE_NAME: pcapng: an address has a name
 * @RT_CAPTURE_SECRETS: pcapng: what decrypts a part of the packets
 * @RT_CAPTURE_SECTION: pcapng: a section begins: who wrote it, and words about the whole of it
 * @RT_CAPTURE_INTERFACE: pcapng: an interface that packets can be of
 * @RT_CAPTURE_PROBLEM: something in the file is wrong; what follows can be read
 * @RT_CAPTURE_BROKEN: the file cannot be read any further; comes again and again
 * @RT_CAPTURE_END: its end; comes again and again
 */
typedef enum
{
  RT_CAPTURE_NEED_MORE,
  RT_CAPTURE_PACKET,
  RT_CAPTURE_NAME,
  RT_CAPTURE_SECRETS,
  RT_CAPTURE_SECTION,
  RT_CAPTURE_INTERFACE,
  RT_CAPTURE_PROBLEM,
  RT_CAPTURE_BROKEN,
  RT_CAPTURE_END,
} RtCaptureKind;

/** RT_CAPTURE_TLS_KEY_LOG: type of secrets: lines of NSS's key log, `TLSK`. */
#define RT_CAPTURE_TLS_KEY_LOG 0x544c534bu

/**
 * RtCaptureEvent:
 * @offset: where it begins in the file
 * @number: PACKET: from 1; PROBLEM, BROKEN: of the packet before
 * @time: PACKET: when it was captured
 * @link_type: PACKET: what it begins with, a LINKTYPE_ number
 * @length: PACKET: how long it was, which may be more than was captured
 * @interface: PACKET, INTERFACE: its number in the section, from 0
 * @data: PACKET: its bytes; NAME: the address, 4 or 16 bytes; SECRETS: the secrets; SECTION:
 *   (nullable): a comment on it; INTERFACE: (nullable): what describes it
 * @secrets: SECRETS: their type
 * @text: PACKET: (nullable): a comment on it; NAME: the name; SECTION: (nullable): the application
 *   that wrote it; INTERFACE: (nullable): its name; PROBLEM, BROKEN: what is wrong
 *
 * What stands in a capture. Its texts are borrowed until the reader is asked or fed again.
 */
typedef struct
{
  RtCaptureKind kind;
  guint64 offset, number;
  RtTime time;
  guint link_type, interface;
  guint32 length, secrets;
  RtText data, text;
} RtCaptureEvent;

typedef struct _RtCaptureReader RtCaptureReader;

RtCaptureReader *rt_capture_reader_new (void);
void rt_capture_reader_free (RtCaptureReader *reader);
void rt_capture_reader_feed (RtCaptureReader *reader, gconstpointer data, gsize size);
void rt_capture_reader_end (RtCaptureReader *reader);
RtCaptureKind rt_capture_reader_next (RtCaptureReader *reader, RtCaptureEvent *ret_event);

gboolean rt_capture_sniff_pcap (RtText head);
gboolean rt_capture_sniff_pcapng (RtText head);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtCaptureReader, rt_capture_reader_free)

G_END_DECLS
