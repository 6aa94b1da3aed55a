/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A page as bytes. Numbers are those of rt-varint.h; "±" marks folded signed ones.
 *
 *   page      = events arena-length placements *event arena *placement
 *   event     = tag time± connection± party± [cause±] [buffer± offset± length] [detail± length]
 *   tag       = one byte: the kind, +32: has a span, +64: has a detail, +128: has a cause
 *   placement = buffer± offset± length reference± position±
 *   reference = the id in `blob` or `content`, doubled, +1 for `content`
 *
 * Each number but a length is the difference to what was to be expected: time, connection, party,
 * buffer: that of the event before; cause: the event's own number, counted down; offset: where the
 * last span of the same buffer ended (the last one among those whose number is equal in its low
 * six bits); detail: where the one before ended, rounded up to 8. In a placement: buffer and
 * reference: those of the one before; offset: where it ended, 0 for another buffer; position:
 * where it ended, 0 for another reference. So an event of a quiet exchange takes some ten bytes
 * instead of 48. */
#include "rt-page-code.h"

#include "rt-error.h"
#include "rt-varint.h"

#include <zlib.h>

#define TAG_KIND 0x1f
#define TAG_SPAN 0x20
#define TAG_DETAIL 0x40
#define TAG_CAUSE 0x80
G_STATIC_ASSERT (RT_N_EVENT_KINDS <= TAG_KIND + 1);

/* The fewest bytes that an event and a placement take: what keeps a false count from reserving
 * memory. */
#define EVENT_MIN 4
#define PLACEMENT_MIN 5

/** PLAIN_MAX: cap of an inflated page; one that we wrote is a hundredth of it. */
#define PLAIN_MAX (64 * 1024 * 1024)

/* Pages with long decisions shrink to a fifth; those of plain traffic are too small for it to
 * matter and too many to pay for it. */
#define DEFLATE_FROM (48 * 1024)

#define SLOTS 64

typedef struct
{
  RtTime time;
  RtConnection connection;
  RtPartyId party;
  RtBufferId buffer;
  guint64 detail_end;
  RtBufferId owners[SLOTS];
  guint64 ends[SLOTS];
} Expected;

void
rt_page_parts_init (RtPageParts *parts, guint64 first)
{
  parts->first = first;
  parts->events = g_array_new (FALSE, FALSE, sizeof (RtEvent));
  parts->arena = g_byte_array_new ();
  parts->placements = g_array_new (FALSE, FALSE, sizeof (RtPlacement));
}

void
rt_page_parts_clear (RtPageParts *parts)
{
  g_clear_pointer (&parts->events, g_array_unref);
  g_clear_pointer (&parts->arena, g_byte_array_unref);
  g_clear_pointer (&parts->placements, g_array_unref);
}

static gint64
difference (guint64 is, guint64 expected)
{
  return (gint64)(is - expected);
}

static guint64
align (guint64 end)
{
  return (end + 7) & ~G_GUINT64_CONSTANT (7);
}

static guint64
expected_offset (const Expected *state, RtBufferId buffer)
{
  return state->owners[buffer % SLOTS] == buffer ? state->ends[buffer % SLOTS] : 0;
}

static void
advance (Expected *state, const RtEvent *event)
{
  state->time = event->time;
  state->connection = event->connection;
  state->party = event->party;
  if (event->span.buffer != 0)
    {
      state->buffer = event->span.buffer;
      state->owners[state->buffer % SLOTS] = state->buffer;
      state->ends[state->buffer % SLOTS] = rt_span_end (event->span);
    }
  if (event->detail_length > 0)
    state->detail_end = (guint64)event->detail + event->detail_length;
}

static void
put_event (GByteArray *out, Expected *state, const RtEvent *event, guint64 number)
{
  guint8 tag = (guint8)event->kind;

  tag |= event->span.buffer != 0 ? TAG_SPAN : 0;
  tag |= event->detail_length > 0 ? TAG_DETAIL : 0;
  tag |= event->cause != RT_EVENT_NONE ? TAG_CAUSE : 0;
  g_byte_array_append (out, &tag, 1);
  rt_varint_put_signed (out, difference ((guint64)event->time, (guint64)state->time));
  rt_varint_put_signed (out, difference (event->connection, state->connection));
  rt_varint_put_signed (out, difference (event->party, state->party));
  if (tag & TAG_CAUSE)
    rt_varint_put_signed (out, difference (number, event->cause));
  if (tag & TAG_SPAN)
    {
      rt_varint_put_signed (out, difference (event->span.buffer, state->buffer));
      rt_varint_put_signed (
          out, difference (event->span.offset, expected_offset (state, event->span.buffer)));
      rt_varint_put (out, event->span.length);
    }
  if (tag & TAG_DETAIL)
    {
      rt_varint_put_signed (out, difference (event->detail, align (state->detail_end)));
      rt_varint_put (out, event->detail_length);
    }
  advance (state, event);
}

static RtEvent
get_event (RtVarintReader *in, Expected *state, guint64 number)
{
  RtEvent event = { .cause = RT_EVENT_NONE };
  guint8 tag = 0;

  if (in->at < in->end)
    tag = *in->at++;
  else
    in->failed = TRUE;
  event.kind = tag & TAG_KIND;
  event.time = (RtTime)((guint64)state->time + (guint64)rt_varint_get_signed (in));
  event.connection = state->connection + (RtConnection)rt_varint_get_signed (in);
  event.party = (RtPartyId)(state->party + (guint64)rt_varint_get_signed (in));
  if (tag & TAG_CAUSE)
    event.cause = number - (guint64)rt_varint_get_signed (in);
  if (tag & TAG_SPAN)
    {
      event.span.buffer = state->buffer + (RtBufferId)rt_varint_get_signed (in);
      event.span.offset
          = expected_offset (state, event.span.buffer) + (guint64)rt_varint_get_signed (in);
      event.span.length = (guint32)rt_varint_get (in);
      if (event.span.buffer == 0)
        event.span = RT_SPAN_NONE;
    }
  if (tag & TAG_DETAIL)
    {
      event.detail = (guint32)(align (state->detail_end) + (guint64)rt_varint_get_signed (in));
      event.detail_length = (guint32)rt_varint_get (in);
      if (event.detail_length == 0)
        event.detail = 0;
    }
  advance (state, &event);
  return event;
}

typedef struct
{
  RtBufferId buffer;
  guint64 end, reference, position;
} ExpectedPlacement;

static void
put_placement (GByteArray *out, ExpectedPlacement *state, const RtPlacement *place)
{
  guint64 reference = (guint64)place->id << 1 | (place->content ? 1 : 0);
  guint64 offset = place->span.buffer == state->buffer ? state->end : 0;
  guint64 position = reference == state->reference ? state->position : 0;

  rt_varint_put_signed (out, difference (place->span.buffer, state->buffer));
  rt_varint_put_signed (out, difference (place->span.offset, offset));
  rt_varint_put (out, place->span.length);
  rt_varint_put_signed (out, difference (reference, state->reference));
  rt_varint_put_signed (out, difference (place->position, position));
  *state = (ExpectedPlacement){ place->span.buffer, rt_span_end (place->span), reference,
                                (guint64)place->position + place->span.length };
}

static RtPlacement
get_placement (RtVarintReader *in, ExpectedPlacement *state)
{
  RtPlacement place = { .span.buffer = state->buffer + (RtBufferId)rt_varint_get_signed (in) };
  guint64 reference;

  place.span.offset
      = (place.span.buffer == state->buffer ? state->end : 0) + (guint64)rt_varint_get_signed (in);
  place.span.length = (guint32)rt_varint_get (in);
  reference = state->reference + (guint64)rt_varint_get_signed (in);
  place.id = (gint64)(reference >> 1);
  place.content = reference & 1;
  place.position = (guint32)((reference == state->reference ? state->position : 0)
                             + (guint64)rt_varint_get_signed (in));
  *state = (ExpectedPlacement){ place.span.buffer, rt_span_end (place.span), reference,
                                (guint64)place.position + place.span.length };
  return place;
}

static GByteArray *
deflated (const GByteArray *plain)
{
  uLongf size = compressBound (plain->len);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  guint start;

  rt_varint_put (out, plain->len);
  start = out->len;
  g_byte_array_set_size (out, start + (guint)size);
  if (compress2 (out->data + start, &size, plain->data, plain->len, 1) != Z_OK
      || size >= plain->len - plain->len / 4)
    return NULL;
  g_byte_array_set_size (out, start + (guint)size);
  return g_steal_pointer (&out);
}

/**
 * rt_page_encode:
 * @parts: a page
 * @ret_encoding: (out): how
 *
 * Returns: (transfer full): the page as bytes
 */
GByteArray *
rt_page_encode (const RtPageParts *parts, RtPageEncoding *ret_encoding)
{
  g_autoptr (GByteArray) plain = g_byte_array_sized_new (parts->events->len * 16);
  GByteArray *packed = NULL;
  Expected events = { 0 };
  ExpectedPlacement places = { 0 };

  rt_varint_put (plain, parts->events->len);
  rt_varint_put (plain, parts->arena->len);
  rt_varint_put (plain, parts->placements->len);
  for (guint i = 0; i < parts->events->len; i++)
    put_event (plain, &events, &g_array_index (parts->events, RtEvent, i), parts->first + i);
  g_byte_array_append (plain, parts->arena->data, parts->arena->len);
  for (guint i = 0; i < parts->placements->len; i++)
    put_placement (plain, &places, &g_array_index (parts->placements, RtPlacement, i));

  if (plain->len >= DEFLATE_FROM)
    packed = deflated (plain);
  *ret_encoding = packed != NULL ? RT_PAGE_DEFLATED : RT_PAGE_PLAIN;
  return packed != NULL ? packed : g_steal_pointer (&plain);
}

static gboolean
damaged (GError **error)
{
  rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a page as docs/session-file.md describes",
                "a page of events is damaged");
  return FALSE;
}

static gboolean
decode_plain (RtPageParts *parts, guint n_events, const guint8 *data, gsize size, GError **error)
{
  RtVarintReader in = { data, data + size, FALSE };
  guint64 n = rt_varint_get (&in);
  guint64 arena_length = rt_varint_get (&in);
  guint64 n_places = rt_varint_get (&in);
  Expected events = { 0 };
  ExpectedPlacement places = { 0 };
  gsize left = (gsize)(in.end - in.at);

  if (in.failed || n != n_events || n > left / EVENT_MIN || arena_length > left
      || n_places > left / PLACEMENT_MIN)
    return damaged (error);
  for (guint i = 0; i < n_events; i++)
    {
      RtEvent event = get_event (&in, &events, parts->first + i);

      if ((guint64)event.detail + event.detail_length > arena_length)
        return damaged (error);
      g_array_append_val (parts->events, event);
    }
  if (in.failed || (gsize)(in.end - in.at) < arena_length)
    return damaged (error);
  g_byte_array_append (parts->arena, in.at, (guint)arena_length);
  in.at += arena_length;
  for (guint64 i = 0; i < n_places; i++)
    {
      RtPlacement place = get_placement (&in, &places);

      g_array_append_val (parts->placements, place);
    }
  return !in.failed && in.at == in.end ? TRUE : damaged (error);
}

static gboolean
decode_deflated (RtPageParts *parts, guint n_events, const guint8 *data, gsize size, GError **error)
{
  RtVarintReader in = { data, data + size, FALSE };
  guint64 wanted = rt_varint_get (&in);
  uLongf got = (uLongf)wanted;
  g_autofree guint8 *plain = NULL;

  /* zlib cannot shrink by more than 1032. */
  if (in.failed || wanted > PLAIN_MAX || wanted / 1100 > size)
    return damaged (error);
  plain = g_malloc (wanted + 1);
  if (uncompress (plain, &got, in.at, (uLong)(in.end - in.at)) != Z_OK || got != wanted)
    return damaged (error);
  return decode_plain (parts, n_events, plain, got, error);
}

/**
 * rt_page_put_gap:
 * @arena: of a page; the detail is added
 * @event: becomes a gap; its time, span and connection stay
 * @bytes: how many are missing; 0: not known
 */
void
rt_page_put_gap (GByteArray *arena, RtEvent *event, guint64 bytes)
{
  static const guint8 padding[8] = { 0 };
  g_autoptr (GVariant) detail
      = g_variant_ref_sink (g_variant_new ("(ts)", bytes, "the queue of the recording was full"));
  gsize size = g_variant_get_size (detail);

  g_byte_array_append (arena, padding, (8 - arena->len % 8) % 8);
  event->kind = RT_EVENT_GAP;
  event->detail = arena->len;
  event->detail_length = (guint32)size;
  g_byte_array_set_size (arena, arena->len + (guint)size);
  g_variant_store (detail, arena->data + event->detail);
}

/* Events in the place of those that are missing, so that the numbers of all others stay true. */
static gboolean
decode_hole (RtPageParts *parts, guint n_events, const guint8 *data, gsize size, GError **error)
{
  RtVarintReader in = { data, data + size, FALSE };
  RtEvent gap = { .time = rt_varint_get_signed (&in), .cause = RT_EVENT_NONE };
  guint64 bytes = rt_varint_get (&in);

  if (in.failed || in.at != in.end || n_events > RT_PAGE_HOLE_MAX)
    return damaged (error);
  for (guint i = 0; i < n_events; i++)
    {
      if (i < 2)
        rt_page_put_gap (parts->arena, &gap, i == 0 ? bytes : 0);
      g_array_append_val (parts->events, gap);
    }
  return TRUE;
}

/**
 * rt_page_decode:
 * @parts: initialised with the page's first number, empty; changed on failure, too
 * @encoding: as the table `page` has it
 * @n_events: as the table `page` has it
 * @data: (array length=size): any bytes
 *
 * Errors: %RT_ERROR_SYNTAX. What it gives may still lie about spans, but details lie within the
 * arena.
 *
 * Returns: %TRUE on success
 */
gboolean
rt_page_decode (RtPageParts *parts,
                RtPageEncoding encoding,
                guint n_events,
                const guint8 *data,
                gsize size,
                GError **error)
{
  switch (encoding)
    {
    case RT_PAGE_PLAIN:
      return decode_plain (parts, n_events, data, size, error);
    case RT_PAGE_DEFLATED:
      return decode_deflated (parts, n_events, data, size, error);
    case RT_PAGE_HOLE:
      return decode_hole (parts, n_events, data, size, error);
    default:
      return damaged (error);
    }
}

/**
 * rt_page_encode_hole:
 * @time: of the last event that was not recorded
 * @bytes: how many bytes of streams were not
 *
 * Returns: (transfer full): what stands for them, %RT_PAGE_HOLE
 */
GByteArray *
rt_page_encode_hole (RtTime time, guint64 bytes)
{
  GByteArray *out = g_byte_array_new ();

  rt_varint_put_signed (out, time);
  rt_varint_put (out, bytes);
  return out;
}

/**
 * rt_page_get_chunk_bytes:
 *
 * Returns: how many bytes of buffers the page holds
 */
gsize
rt_page_get_chunk_bytes (const RtPage *page)
{
  gsize bytes = 0;

  for (guint i = 0; i < page->n_chunks; i++)
    bytes += page->chunks[i].span.length;
  return bytes;
}

/**
 * rt_page_get_size:
 *
 * Returns: how much memory the page takes
 */
gsize
rt_page_get_size (const RtPage *page)
{
  return sizeof *page + page->n * sizeof (RtEvent) + g_bytes_get_size (page->arena)
         + page->n_chunks * sizeof (RtChunk) + rt_page_get_chunk_bytes (page);
}
