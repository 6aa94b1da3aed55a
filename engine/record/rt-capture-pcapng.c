/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pcapng (draft-ietf-opsawg-pcapng-03): blocks, each with its length before and behind it. A
 * section header tells the byte order of what follows, up to the next one; interfaces are described
 * before their packets. Blocks of other kinds are passed over, as §3.1 has it. */
#include "rt-capture-private.h"

#include <string.h>

/* §11.1 */
enum
{
  BLOCK_INTERFACE = 1,
  BLOCK_PACKET_OLD = 2,
  BLOCK_PACKET_SIMPLE = 3,
  BLOCK_NAMES = 4,
  BLOCK_PACKET = 6,
  BLOCK_SECRETS = 10,
};
#define BLOCK_SECTION 0x0a0d0d0au
#define ORDER_MAGIC 0x1a2b3c4du

/* A block without its lengths: kind and body. */
typedef struct
{
  guint32 type;
  const guint8 *body;
  gsize length;
} Block;

/* An option, §3.5. */
typedef struct
{
  guint16 code;
  const guint8 *value;
  gsize length;
} Option;

#define OPTION_END 0
#define OPTION_COMMENT 1
#define SECTION_APPLICATION 4
#define INTERFACE_NAME 2
#define INTERFACE_DESCRIPTION 3
#define INTERFACE_RESOLUTION 9
#define INTERFACE_OFFSET 14

static gsize
padded (gsize length)
{
  return (length + 3) & ~(gsize)3;
}

/* The option at *@at, which is moved behind it. */
static gboolean
next_option (const RtCaptureReader *reader, const Block *block, gsize *at, Option *ret_option)
{
  const guint8 *option;

  if (*at > block->length || block->length - *at < 4)
    return FALSE;
  option = block->body + *at;
  *ret_option = (Option){ rt_capture_get_16 (reader, option), option + 4,
                          rt_capture_get_16 (reader, option + 2) };
  if (ret_option->code == OPTION_END || padded (ret_option->length) > block->length - *at - 4)
    return FALSE;
  *at += 4 + padded (ret_option->length);
  return TRUE;
}

static RtText
find_option (const RtCaptureReader *reader, const Block *block, gsize at, guint16 code)
{
  Option option;

  while (next_option (reader, block, &at, &option))
    if (option.code == code)
      return (RtText){ (const char *)option.value, option.length };
  return RT_TEXT_NONE;
}

/* §4.1. Its byte order is known by now. */
static RtCaptureKind
read_section (RtCaptureReader *reader, RtCaptureEvent *event, const Block *block)
{
  guint major;

  if (block->length < 16)
    return rt_capture_break (
        reader, event, "a section's header has %" G_GSIZE_FORMAT " bytes, and 16 are the least",
        block->length);
  major = rt_capture_get_16 (reader, block->body + 4);
  if (major != 1)
    return rt_capture_break (reader, event, "a section of version %u, of which nothing is known",
                             major);
  g_array_set_size (reader->interfaces, 0);
  event->data = find_option (reader, block, 16, OPTION_COMMENT);
  event->text = find_option (reader, block, 16, SECTION_APPLICATION);
  return RT_CAPTURE_SECTION;
}

/* §4.2, if_tsresol: a negative power of 10 or, with the top bit set, of 2. */
static guint64
ticks_per_second (guint8 resolution)
{
  guint power = resolution & 0x7f;
  guint64 ticks = 1;

  if ((resolution & 0x80) != 0)
    return power < 64 ? (guint64)1 << power : 0;
  if (power > 19)
    return 0;
  while (power-- > 0)
    ticks *= 10;
  return ticks;
}

static RtCaptureKind
read_interface (RtCaptureReader *reader, RtCaptureEvent *event, const Block *block)
{
  RtCaptureInterface interface = { .per_second = RT_TIME_SEC };
  gsize at = 8;
  Option option;

  if (block->length < 8)
    return rt_capture_break (reader, event, "an interface's description is too short");
  if (reader->interfaces->len == RT_CAPTURE_INTERFACES_MAX)
    return rt_capture_break (reader, event, "there are more than %u interfaces",
                             RT_CAPTURE_INTERFACES_MAX);
  interface.link_type = rt_capture_get_16 (reader, block->body);
  interface.snap_length = rt_capture_get_32 (reader, block->body + 4);
  while (next_option (reader, block, &at, &option))
    if (option.code == INTERFACE_RESOLUTION && option.length == 1)
      interface.per_second = ticks_per_second (option.value[0]);
    else if (option.code == INTERFACE_OFFSET && option.length == 8)
      {
        memcpy (&interface.offset, option.value, 8);
        if (reader->swapped)
          interface.offset = (gint64)GUINT64_SWAP_LE_BE ((guint64)interface.offset);
      }
  if (interface.per_second == 0)
    return rt_capture_break (reader, event, "an interface counts time in ticks that are too small");
  event->interface = reader->interfaces->len;
  event->text = find_option (reader, block, 8, INTERFACE_NAME);
  event->data = find_option (reader, block, 8, INTERFACE_DESCRIPTION);
  g_array_append_val (reader->interfaces, interface);
  return RT_CAPTURE_INTERFACE;
}

static RtCaptureKind
give_packet (RtCaptureReader *reader,
             RtCaptureEvent *event,
             const Block *block,
             guint32 interface,
             gsize header,
             guint32 captured)
{
  event->number = ++reader->n_packets;
  if (interface >= reader->interfaces->len)
    return rt_capture_problem (
        reader, event, "packet %" G_GUINT64_FORMAT " is of interface %u, which is not described",
        reader->n_packets, interface);
  if (captured > block->length - header || captured > RT_CAPTURE_PACKET_MAX)
    return rt_capture_problem (reader, event,
                               "packet %" G_GUINT64_FORMAT
                               " says that it has %u bytes, and its block has %" G_GSIZE_FORMAT,
                               reader->n_packets, captured, block->length - header);
  event->link_type = g_array_index (reader->interfaces, RtCaptureInterface, interface).link_type;
  event->data = (RtText){ (const char *)block->body + header, captured };
  event->interface = interface;
  event->length = MAX (event->length, captured);
  event->text = find_option (reader, block, header + padded (captured), OPTION_COMMENT);
  return RT_CAPTURE_PACKET;
}

/* §4.3; and the obsolete Packet Block (§A), which has 16 bits for its interface. */
static RtCaptureKind
read_packet (RtCaptureReader *reader, RtCaptureEvent *event, const Block *block)
{
  guint32 interface;

  if (block->length < 20)
    {
      event->number = ++reader->n_packets;
      return rt_capture_problem (reader, event,
                                 "the block of packet %" G_GUINT64_FORMAT " is too short",
                                 reader->n_packets);
    }
  interface = block->type == BLOCK_PACKET ? rt_capture_get_32 (reader, block->body)
                                          : rt_capture_get_16 (reader, block->body);
  if (interface < reader->interfaces->len)
    event->time = rt_capture_time (
        reader, &g_array_index (reader->interfaces, RtCaptureInterface, interface),
        (guint64)rt_capture_get_32 (reader, block->body + 4) << 32
            | rt_capture_get_32 (reader, block->body + 8));
  event->length = rt_capture_get_32 (reader, block->body + 16);
  return give_packet (reader, event, block, interface, 20,
                      rt_capture_get_32 (reader, block->body + 12));
}

/* §4.4: no time, and its length is what the section's first interface cuts off at. */
static RtCaptureKind
read_simple_packet (RtCaptureReader *reader, RtCaptureEvent *event, const Block *block)
{
  guint32 captured;

  if (block->length < 4)
    {
      event->number = ++reader->n_packets;
      return rt_capture_problem (reader, event,
                                 "the block of packet %" G_GUINT64_FORMAT " is too short",
                                 reader->n_packets);
    }
  event->length = captured = rt_capture_get_32 (reader, block->body);
  if (reader->interfaces->len > 0)
    {
      guint32 most = g_array_index (reader->interfaces, RtCaptureInterface, 0).snap_length;

      captured = most > 0 ? MIN (captured, most) : captured;
    }
  event->time = reader->last;
  return give_packet (reader, event, block, 0, 4, captured);
}

/* §4.7. A block can hold any number of secrets' lines; they are one event. */
static RtCaptureKind
read_secrets (RtCaptureReader *reader, RtCaptureEvent *event, const Block *block)
{
  guint32 length = block->length >= 8 ? rt_capture_get_32 (reader, block->body + 4) : 0;

  if (block->length < 8 || length > block->length - 8)
    return rt_capture_problem (reader, event, "a block of secrets is longer than it has room for");
  event->secrets = rt_capture_get_32 (reader, block->body);
  event->data = (RtText){ (const char *)block->body + 8, length };
  return RT_CAPTURE_SECRETS;
}

/* §4.5: a record at a time. The first name of each address is given out, others are aliases. */
static gboolean
next_name (RtCaptureReader *reader, RtCaptureEvent *event, const Block *block)
{
  while (reader->names_at + 4 <= block->length)
    {
      const guint8 *record = block->body + reader->names_at;
      guint16 type = rt_capture_get_16 (reader, record);
      gsize length = rt_capture_get_16 (reader, record + 2);
      gsize address = type == 1 ? 4 : type == 2 ? 16 : 0;
      const guint8 *end;

      if (type == 0 || padded (length) > block->length - reader->names_at - 4)
        return FALSE;
      reader->names_at += 4 + padded (length);
      if (address == 0 || length <= address)
        continue;
      end = memchr (record + 4 + address, '\0', length - address);
      event->data = (RtText){ (const char *)record + 4, address };
      event->text
          = (RtText){ (const char *)record + 4 + address,
                      end != NULL ? (gsize)(end - record) - 4 - address : length - address };
      return TRUE;
    }
  return FALSE;
}

static RtCaptureKind
read_body (RtCaptureReader *reader, RtCaptureEvent *event, const Block *block)
{
  switch (block->type)
    {
    case BLOCK_SECTION:
      return read_section (reader, event, block);
    case BLOCK_INTERFACE:
      return read_interface (reader, event, block);
    case BLOCK_PACKET:
    case BLOCK_PACKET_OLD:
      return read_packet (reader, event, block);
    case BLOCK_PACKET_SIMPLE:
      return read_simple_packet (reader, event, block);
    case BLOCK_SECRETS:
      return read_secrets (reader, event, block);
    default:
      return RT_CAPTURE_NEED_MORE;
    }
}

/* The byte order stands in a section's header and not before it. */
static gboolean
read_order (RtCaptureReader *reader, const guint8 *header)
{
  guint32 magic;

  memcpy (&magic, header + 8, sizeof magic);
  reader->swapped = magic == GUINT32_SWAP_LE_BE (ORDER_MAGIC);
  return magic == ORDER_MAGIC || reader->swapped;
}

/* The block at the front, whole. */
static RtCaptureKind
peek_block (RtCaptureReader *reader, RtCaptureEvent *event, Block *ret_block, gsize *ret_length)
{
  const guint8 *header = rt_capture_peek (reader, 12);
  guint32 length;

  if (header == NULL)
    return rt_capture_short (reader, event, "block's header");
  if (rt_capture_get_32 (reader, header) == BLOCK_SECTION && !read_order (reader, header))
    return rt_capture_break (reader, event, "a section's header does not tell its byte order");
  length = rt_capture_get_32 (reader, header + 4);
  if (length < 12 || length % 4 != 0)
    return rt_capture_break (reader, event,
                             "a block says that it is %u bytes long; it is a multiple of 4 from 12 "
                             "on",
                             length);
  if (length > RT_CAPTURE_BLOCK_MAX)
    return rt_capture_break (reader, event,
                             "a block says that it is %u bytes long, more than the %u that are "
                             "read",
                             length, RT_CAPTURE_BLOCK_MAX);
  header = rt_capture_peek (reader, length);
  if (header == NULL)
    return rt_capture_short (reader, event, "block");
  if (rt_capture_get_32 (reader, header + length - 4) != length)
    return rt_capture_break (reader, event,
                             "a block says that it is %u bytes long before it and %u behind it",
                             length, rt_capture_get_32 (reader, header + length - 4));
  *ret_block = (Block){ rt_capture_get_32 (reader, header), header + 8, length - 12 };
  *ret_length = length;
  return RT_CAPTURE_PACKET;
}

RtCaptureKind
rt_capture_read_block (RtCaptureReader *reader, RtCaptureEvent *event)
{
  for (;;)
    {
      Block block = { 0 };
      gsize length = 0;
      RtCaptureKind kind = peek_block (reader, event, &block, &length);

      if (kind != RT_CAPTURE_PACKET)
        return kind;
      if (block.type == BLOCK_NAMES)
        {
          if (next_name (reader, event, &block))
            return RT_CAPTURE_NAME; /* the block stays for the names after it */
          reader->names_at = 0;
        }
      else
        kind = read_body (reader, event, &block);
      if (kind == RT_CAPTURE_BROKEN)
        return kind;
      if (block.type != BLOCK_NAMES && kind != RT_CAPTURE_NEED_MORE)
        {
          reader->taken = length;
          return kind;
        }
      reader->at += length;
      event->offset = reader->offset + reader->at;
    }
}
