/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The files that packet sniffers write: what both formats have in common, and pcap.
 *
 * pcap (draft-ietf-opsawg-pcap) is a header of 24 bytes, whose magic number tells the byte order
 * and whether times count micro- or nanoseconds, and then packets, 16 bytes of header each. There
 * is nothing in it to find the next packet by if one's length is wrong.
 *
 * libpcap reads both formats, too, but from files alone, and it keeps names, secrets, comments and
 * the places of things to itself. */
#include "rt-capture-private.h"

#include <string.h>

#define MAGIC_USEC 0xa1b2c3d4u
#define MAGIC_NSEC 0xa1b23c4du
/* Written by a patched libpcap of the nineties: 8 bytes more a packet. */
#define MAGIC_MODIFIED 0xa1b2cd34u
#define MAGIC_PCAPNG 0x0a0d0d0au

#define FILE_HEADER 24
#define PACKET_HEADER 16

/**
 * rt_capture_reader_new:
 *
 * Returns: (transfer full): a reader of one file, whichever of the formats it has
 */
RtCaptureReader *
rt_capture_reader_new (void)
{
  RtCaptureReader *reader = g_new0 (RtCaptureReader, 1);

  reader->buffer = g_byte_array_new ();
  reader->interfaces = g_array_new (FALSE, TRUE, sizeof (RtCaptureInterface));
  reader->problem = g_string_new (NULL);
  return reader;
}

void
rt_capture_reader_free (RtCaptureReader *reader)
{
  g_byte_array_unref (reader->buffer);
  g_array_unref (reader->interfaces);
  g_string_free (reader->problem, TRUE);
  g_free (reader);
}

/* Lets go of what was read. */
static void
take (RtCaptureReader *reader)
{
  reader->at += reader->taken;
  reader->taken = 0;
}

/**
 * rt_capture_reader_feed:
 * @reader: a reader
 * @data: (array length=size): what follows in the file; copied
 * @size: in bytes
 *
 * Gives the reader more, of which no more is kept than one packet or block needs as long as it is
 * asked until it needs more.
 */
void
rt_capture_reader_feed (RtCaptureReader *reader, gconstpointer data, gsize size)
{
  take (reader);
  if (reader->at > 0)
    {
      g_byte_array_remove_range (reader->buffer, 0, (guint)reader->at);
      reader->offset += reader->at;
      reader->at = 0;
    }
  if (size > 0)
    g_byte_array_append (reader->buffer, data, (guint)size);
}

/**
 * rt_capture_reader_end:
 * @reader: a reader
 *
 * Says that the file ends here.
 */
void
rt_capture_reader_end (RtCaptureReader *reader)
{
  reader->ended = TRUE;
}

/* The next @size bytes, NULL if they are not there. */
const guint8 *
rt_capture_peek (RtCaptureReader *reader, gsize size)
{
  return reader->buffer->len - reader->at >= size ? reader->buffer->data + reader->at : NULL;
}

static RtCaptureKind
repeat_break (RtCaptureReader *reader, RtCaptureEvent *event)
{
  event->text = (RtText){ reader->problem->str, reader->problem->len };
  event->kind = RT_CAPTURE_BROKEN;
  return event->kind;
}

RtCaptureKind
rt_capture_break (RtCaptureReader *reader, RtCaptureEvent *event, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_vprintf (reader->problem, format, arguments);
  va_end (arguments);
  reader->read = repeat_break;
  reader->taken = 0;
  return repeat_break (reader, event);
}

RtCaptureKind
rt_capture_problem (RtCaptureReader *reader, RtCaptureEvent *event, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_string_vprintf (reader->problem, format, arguments);
  va_end (arguments);
  event->text = (RtText){ reader->problem->str, reader->problem->len };
  return RT_CAPTURE_PROBLEM;
}

/* There are not enough bytes for a @what. */
RtCaptureKind
rt_capture_short (RtCaptureReader *reader, RtCaptureEvent *event, const char *what)
{
  if (!reader->ended)
    return RT_CAPTURE_NEED_MORE;
  if (reader->buffer->len == reader->at)
    return RT_CAPTURE_END;
  return rt_capture_break (reader, event, "the file ends in the middle of a %s", what);
}

/* A time that a calendar has; a lying one counts as the last. */
RtTime
rt_capture_time (RtCaptureReader *reader, const RtCaptureInterface *interface, guint64 ticks)
{
  const gint64 most = G_GINT64_CONSTANT (253402300799); /* the end of the year 9999 */
  guint64 seconds = ticks / interface->per_second;
  guint64 rest = ticks % interface->per_second;
  guint64 usec;

  /* At finer ticks, first to where the product below fits. */
  if (interface->per_second > G_MAXUINT64 / RT_TIME_SEC)
    usec = rest / (interface->per_second / RT_TIME_SEC);
  else
    usec = rest * RT_TIME_SEC / interface->per_second;
  if (seconds > (guint64)most || interface->offset < -most || interface->offset > most
      || (gint64)seconds + interface->offset < 0 || (gint64)seconds + interface->offset > most)
    return reader->last;
  reader->last = ((gint64)seconds + interface->offset) * RT_TIME_SEC + (gint64)MIN (usec, 999999);
  return reader->last;
}

/* pcap */

static RtCaptureKind
read_packet (RtCaptureReader *reader, RtCaptureEvent *event)
{
  const RtCaptureInterface *interface = &g_array_index (reader->interfaces, RtCaptureInterface, 0);
  const guint8 *header = rt_capture_peek (reader, PACKET_HEADER);
  guint32 length;

  if (header == NULL)
    return rt_capture_short (reader, event, "packet's header");
  length = rt_capture_get_32 (reader, header + 8);
  if (length > RT_CAPTURE_PACKET_MAX)
    return rt_capture_break (reader, event,
                             "packet %" G_GUINT64_FORMAT
                             " says that it is %u bytes long, more than the %u that are read",
                             reader->n_packets + 1, length, RT_CAPTURE_PACKET_MAX);
  header = rt_capture_peek (reader, PACKET_HEADER + (gsize)length);
  if (header == NULL)
    return rt_capture_short (reader, event, "packet");
  event->number = ++reader->n_packets;
  event->time = rt_capture_time (reader, interface,
                                 rt_capture_get_32 (reader, header) * interface->per_second
                                     + rt_capture_get_32 (reader, header + 4));
  event->link_type = interface->link_type;
  event->length = MAX (length, rt_capture_get_32 (reader, header + 12));
  event->data = (RtText){ (const char *)header + PACKET_HEADER, length };
  reader->taken = PACKET_HEADER + (gsize)length;
  return RT_CAPTURE_PACKET;
}

static RtCaptureKind
read_file_header (RtCaptureReader *reader, RtCaptureEvent *event)
{
  const guint8 *header = rt_capture_peek (reader, FILE_HEADER);
  RtCaptureInterface interface = { 0 };

  if (header == NULL)
    return rt_capture_short (reader, event, "file's header");
  interface.per_second
      = rt_capture_get_32 (reader, header) == MAGIC_NSEC ? 1000000000 : RT_TIME_SEC;
  interface.snap_length = rt_capture_get_32 (reader, header + 16);
  /* The upper bits tell of checksums behind each packet. */
  interface.link_type = rt_capture_get_32 (reader, header + 20) & 0xffff;
  g_array_append_val (reader->interfaces, interface);
  reader->at += FILE_HEADER;
  event->offset = reader->offset + reader->at;
  reader->read = read_packet;
  return read_packet (reader, event);
}

static RtCaptureKind
read_magic (RtCaptureReader *reader, RtCaptureEvent *event)
{
  const guint8 *magic = rt_capture_peek (reader, 4);
  guint32 number;

  if (magic == NULL)
    {
      if (!reader->ended)
        return RT_CAPTURE_NEED_MORE;
      return rt_capture_break (reader, event, "the file is too short to be a capture");
    }
  memcpy (&number, magic, sizeof number);
  if (number == MAGIC_PCAPNG)
    {
      reader->read = rt_capture_read_block;
      return rt_capture_read_block (reader, event);
    }
  reader->swapped = number != MAGIC_USEC && number != MAGIC_NSEC && number != MAGIC_MODIFIED;
  number = rt_capture_get_32 (reader, magic);
  if (number == MAGIC_MODIFIED)
    return rt_capture_break (reader, event,
                             "it is of the modified pcap of the nineties, which is not read");
  if (number != MAGIC_USEC && number != MAGIC_NSEC)
    return rt_capture_break (
        reader, event, "it begins with 0x%02x%02x%02x%02x, which is no capture's magic number",
        magic[0], magic[1], magic[2], magic[3]);
  reader->read = read_file_header;
  return read_file_header (reader, event);
}

/**
 * rt_capture_reader_next:
 * @reader: a reader
 * @ret_event: (out): what follows
 *
 * Returns: its kind
 */
RtCaptureKind
rt_capture_reader_next (RtCaptureReader *reader, RtCaptureEvent *ret_event)
{
  take (reader);
  *ret_event
      = (RtCaptureEvent){ .number = reader->n_packets, .offset = reader->offset + reader->at };
  if (reader->read == NULL)
    reader->read = read_magic;
  ret_event->kind = reader->read (reader, ret_event);
  return ret_event->kind;
}

/* What files are */

static gboolean
begins_with (RtText head, guint32 number)
{
  guint32 magic;

  if (head.length < sizeof magic)
    return FALSE;
  memcpy (&magic, head.at, sizeof magic);
  return magic == number || magic == GUINT32_SWAP_LE_BE (number);
}

/**
 * rt_capture_sniff_pcap:
 * @head: a file's first bytes
 *
 * Returns: whether they are a pcap's
 */
gboolean
rt_capture_sniff_pcap (RtText head)
{
  return begins_with (head, MAGIC_USEC) || begins_with (head, MAGIC_NSEC)
         || begins_with (head, MAGIC_MODIFIED);
}

/**
 * rt_capture_sniff_pcapng:
 * @head: a file's first bytes
 *
 * Returns: whether they are a pcapng's
 */
gboolean
rt_capture_sniff_pcapng (RtText head)
{
  return begins_with (head, MAGIC_PCAPNG);
}
