/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A walk through a capture's file. It is read piece by piece, whatever its length; one that was
 * compressed by gzip is inflated on the way. */
#include "rt-pcap-walk.h"

#include "rt-ip-fragments.h"
#include "rt-pcap.h"

#define PIECE (256 * 1024)

typedef struct
{
  RtPcapWalk *walk;
  RtIpFragments *fragments;
  RtTcpTracker *tracker;
  RtTime now;
  guint plaintext; /* number of the interface for it; G_MAXUINT: there is none */
} Walker;

static void
note (RtPcapTrouble *trouble, const RtCaptureEvent *packet)
{
  if (trouble->n++ > 0)
    return;
  trouble->number = packet->number;
  trouble->offset = packet->offset;
}

static void
read_packet (Walker *walker, const RtCaptureEvent *packet)
{
  RtPcapWalk *walk = walker->walk;
  RtFrameVerdict verdict;
  RtIpPacket ip;
  RtTcpSegment segment;

  verdict = rt_frame_decode (packet->link_type, packet->data, packet->length, &ip);
  if (verdict == RT_FRAME_UNKNOWN_LINK && walk->by_verdict[verdict].n == 0)
    walk->unknown_link = packet->link_type;
  if (verdict == RT_FRAME_IP && ip.protocol == RT_IP_TCP
      && (!ip.fragment || rt_ip_fragments_add (walker->fragments, &ip, &ip)))
    {
      if (ip.missing > 0)
        note (&walk->cut_off, packet);
      verdict = rt_tcp_segment_decode (&ip, &segment);
      if (verdict == RT_FRAME_IP)
        rt_tcp_tracker_add (walker->tracker, &segment, walker->now);
    }
  note (&walk->by_verdict[verdict], packet);
}

static gboolean
take_packet (Walker *walker, const RtCaptureEvent *packet, GError **error)
{
  RtPcapWalk *walk = walker->walk;

  walk->n_packets++;
  walk->plaintext = packet->interface == walker->plaintext;
  walker->now = MAX (walker->now, packet->time);
  if (walk->before != NULL && !walk->before (walk->data, walker->now, error))
    return FALSE;
  if (packet->text.length > 0 && walk->event != NULL)
    walk->event (walk->data, packet);
  read_packet (walker, packet);
  return TRUE;
}

static void
take_section (Walker *walker, const RtCaptureEvent *section)
{
  RtPcapWalk *walk = walker->walk;

  if (walk->n_sections == 0)
    walk->ours = rt_text_is (section->text, RT_PCAPNG_APPLICATION);
  walk->n_sections = MIN (walk->n_sections + 1, RT_PCAPNG_RUNS_MAX);
  walker->plaintext = G_MAXUINT;
}

static gboolean
is_wanted (const RtPcapWalk *walk)
{
  return !walk->ours || walk->section == walk->n_sections;
}

static void
take_interface (Walker *walker, const RtCaptureEvent *interface)
{
  RtPcapWalk *walk = walker->walk;

  if (!walk->ours || !is_wanted (walk))
    return;
  if (rt_text_is (interface->text, RT_PCAPNG_PLAINTEXT))
    walker->plaintext = interface->interface;
  else if (walk->run_name == NULL && interface->data.at != NULL)
    walk->run_name = g_utf8_make_valid (interface->data.at, (gssize)interface->data.length);
}

/* Everything that can be had of what was fed; *ret_over: there is nothing behind it. */
static gboolean
drain (Walker *walker, RtCaptureReader *reader, gboolean *ret_over, GError **error)
{
  RtPcapWalk *walk = walker->walk;
  RtCaptureEvent event;

  for (;;)
    switch (rt_capture_reader_next (reader, &event))
      {
      case RT_CAPTURE_NEED_MORE:
        return TRUE;
      case RT_CAPTURE_PACKET:
        if (is_wanted (walk) && !take_packet (walker, &event, error))
          return FALSE;
        break;
      case RT_CAPTURE_BROKEN:
        if (is_wanted (walk))
          walk->broken = g_strdup_printf (
              "byte %" G_GUINT64_FORMAT ", behind packet %" G_GUINT64_FORMAT ": %.*s", event.offset,
              event.number, (int)event.text.length, event.text.at);
        *ret_over = TRUE;
        return TRUE;
      case RT_CAPTURE_END:
        *ret_over = TRUE;
        return TRUE;
      case RT_CAPTURE_SECTION:
        take_section (walker, &event);
        break;
      case RT_CAPTURE_INTERFACE:
        take_interface (walker, &event);
        break;
      case RT_CAPTURE_NAME:
      case RT_CAPTURE_SECRETS:
      case RT_CAPTURE_PROBLEM:
      default:
        if (walk->event != NULL && is_wanted (walk))
          walk->event (walk->data, &event);
        break;
      }
}

/* What GIO says, with the file's name before it. */
static gboolean
fail_at (const RtPcapWalk *walk, GError **error)
{
  const RtPlace place = { walk->path, 0, 0 };

  rt_prefix_place (error, &place);
  return FALSE;
}

static gboolean
read_stream (Walker *walker, GInputStream *stream, GSeekable *place, GError **error)
{
  RtPcapWalk *walk = walker->walk;
  g_autoptr (RtCaptureReader) reader = rt_capture_reader_new ();
  g_autofree guint8 *piece = g_malloc (PIECE);
  gboolean over = FALSE;

  while (!over)
    {
      g_autoptr (GError) broken = NULL;
      gssize n = g_input_stream_read (stream, piece, PIECE, NULL, &broken);

      /* Compressed bytes that are cut off or damaged: what came before them is good. */
      if (n < 0 && broken->domain == G_IO_ERROR && broken->code != G_IO_ERROR_PARTIAL_INPUT
          && broken->code != G_IO_ERROR_INVALID_DATA)
        {
          g_propagate_error (error, g_steal_pointer (&broken));
          return fail_at (walk, error);
        }
      if (n > 0)
        rt_capture_reader_feed (reader, piece, (gsize)n);
      else
        rt_capture_reader_end (reader);
      if (walk->step != NULL && !walk->step (walk->data, (guint64)g_seekable_tell (place), error))
        return FALSE;
      if (!drain (walker, reader, &over, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_compressed (GFileInputStream *file)
{
  guint8 magic[2] = { 0 };
  gsize n = 0;

  g_input_stream_read_all (G_INPUT_STREAM (file), magic, sizeof magic, &n, NULL, NULL);
  g_seekable_seek (G_SEEKABLE (file), 0, G_SEEK_SET, NULL, NULL);
  return n == 2 && magic[0] == 0x1f && magic[1] == 0x8b; /* RFC 1952 §2.3.1 */
}

static gboolean
read_file (Walker *walker, GError **error)
{
  RtPcapWalk *walk = walker->walk;
  g_autoptr (GFile) file = g_file_new_for_path (walk->path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, error);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GConverter) inflater = NULL;
  g_autoptr (GInputStream) inflated = NULL;

  if (stream == NULL)
    return fail_at (walk, error);
  info = g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, NULL, NULL);
  walk->size = info != NULL ? (guint64)g_file_info_get_size (info) : 0;
  if (!is_compressed (stream))
    return read_stream (walker, G_INPUT_STREAM (stream), G_SEEKABLE (stream), error);
  inflater = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  inflated = g_converter_input_stream_new (G_INPUT_STREAM (stream), inflater);
  return read_stream (walker, inflated, G_SEEKABLE (stream), error);
}

/**
 * rt_pcap_walk:
 * @walk: what to do
 *
 * Errors: the file cannot be read, or whoever was told wanted to stop. What is wrong in the file
 * is no error: see @broken.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_pcap_walk (RtPcapWalk *walk, GError **error)
{
  Walker walker = { .walk = walk, .plaintext = G_MAXUINT };
  gboolean done;

  walker.fragments = rt_ip_fragments_new ();
  walker.tracker = rt_tcp_tracker_new (walk->sink, walk->data);
  done = read_file (&walker, error);
  rt_tcp_tracker_finish (walker.tracker, walker.now);
  walk->fragments_lost = rt_ip_fragments_count_lost (walker.fragments);
  walk->connections = rt_tcp_tracker_count (walker.tracker);
  walk->let_go = rt_tcp_tracker_count_let_go (walker.tracker);
  rt_tcp_tracker_free (walker.tracker);
  rt_ip_fragments_free (walker.fragments);
  return done;
}

/**
 * rt_pcap_walk_step:
 * @half: the first walk through a section (0) or the second (1)
 * @done: bytes read in this walk
 *
 * Tells @import of the progress. Each section takes two walks through the file.
 */
gboolean
rt_pcap_walk_step (
    const RtPcapWalk *walk, RtImport *import, guint half, guint64 done, GError **error)
{
  guint part = walk->ours && walk->section > 0 ? walk->section - 1 : 0;
  guint n_parts = walk->ours ? MAX (walk->n_sections, part + 1) : 1;

  return rt_import_step (import, (2 * part + half) * walk->size + done, 2 * n_parts * walk->size,
                         error);
}

/** rt_pcap_walk_clear: releases what is kept in it. */
void
rt_pcap_walk_clear (RtPcapWalk *walk)
{
  g_clear_pointer (&walk->broken, g_free);
  g_clear_pointer (&walk->run_name, g_free);
}
