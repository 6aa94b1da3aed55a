/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fragments. Each says where its bytes belong in units of 8 (RFC 791 §3.2, RFC 8200 §4.5), so a
 * bit a unit tells what is there. Where fragments overlap, what came first stays. */
#include "rt-ip-fragments.h"

/* A datagram's length has 16 bits. */
#define DATAGRAM_MAX 65536
#define UNITS (DATAGRAM_MAX / 8)

typedef struct
{
  RtIpPacket about; /* of the first fragment that came */
  guint8 *bytes;
  guint8 there[UNITS / 8];
  guint n_there;
  gsize length; /* 0: the last fragment has not come */
} Datagram;

struct _RtIpFragments
{
  GPtrArray *waiting; /* Datagram, the oldest first */
  Datagram *whole;    /* given out last */
  guint64 n_lost;
};

static void
free_datagram (gpointer data)
{
  Datagram *datagram = data;

  g_free (datagram->bytes);
  g_free (datagram);
}

/**
 * rt_ip_fragments_new:
 *
 * Returns: (transfer full): nothing waits
 */
RtIpFragments *
rt_ip_fragments_new (void)
{
  RtIpFragments *fragments = g_new0 (RtIpFragments, 1);

  fragments->waiting = g_ptr_array_new ();
  return fragments;
}

void
rt_ip_fragments_free (RtIpFragments *fragments)
{
  g_ptr_array_foreach (fragments->waiting, (GFunc)(void (*) (void))free_datagram, NULL);
  g_ptr_array_unref (fragments->waiting);
  g_clear_pointer (&fragments->whole, free_datagram);
  g_free (fragments);
}

static gboolean
is_of (const Datagram *datagram, const RtIpPacket *fragment)
{
  const RtIpPacket *about = &datagram->about;

  return about->fragment_id == fragment->fragment_id && about->protocol == fragment->protocol
         && memcmp (&about->source, &fragment->source, sizeof about->source) == 0
         && memcmp (&about->destination, &fragment->destination, sizeof about->source) == 0;
}

static guint
find_datagram (RtIpFragments *fragments, const RtIpPacket *fragment)
{
  Datagram *datagram;

  for (guint i = 0; i < fragments->waiting->len; i++)
    if (is_of (fragments->waiting->pdata[i], fragment))
      return i;
  if (fragments->waiting->len == RT_IP_FRAGMENTS_MAX)
    {
      free_datagram (g_ptr_array_remove_index (fragments->waiting, 0));
      fragments->n_lost++;
    }
  datagram = g_new0 (Datagram, 1);
  datagram->about = *fragment;
  datagram->bytes = g_malloc0 (DATAGRAM_MAX);
  g_ptr_array_add (fragments->waiting, datagram);
  return fragments->waiting->len - 1;
}

static void
put (Datagram *datagram, const RtIpPacket *fragment)
{
  gsize at = fragment->fragment_offset;

  for (gsize done = 0; done < fragment->payload.length; done += 8)
    {
      guint unit = (guint)(at + done) / 8;
      guint8 bit = (guint8)(1 << unit % 8);

      if ((datagram->there[unit / 8] & bit) != 0)
        continue;
      datagram->there[unit / 8] |= bit;
      datagram->n_there++;
      memcpy (datagram->bytes + at + done, fragment->payload.at + done,
              MIN (8, fragment->payload.length - done));
    }
  if (!fragment->more && datagram->length == 0)
    datagram->length = at + fragment->payload.length;
}

/**
 * rt_ip_fragments_add:
 * @fragments: what waits
 * @fragment: a fragment
 * @ret_whole: (out): the datagram that is whole by it; its payload is borrowed until the next call
 *
 * Fragments of which bytes were not captured, and those that contradict themselves, count as lost.
 *
 * Returns: whether a datagram is whole by it
 */
gboolean
rt_ip_fragments_add (RtIpFragments *fragments, const RtIpPacket *fragment, RtIpPacket *ret_whole)
{
  gsize length = fragment->payload.length;
  Datagram *datagram;
  guint i;

  if (fragment->missing > 0 || length == 0 || fragment->fragment_offset + length > DATAGRAM_MAX
      || (fragment->more && length % 8 != 0))
    {
      fragments->n_lost++;
      return FALSE;
    }
  i = find_datagram (fragments, fragment);
  datagram = fragments->waiting->pdata[i];
  put (datagram, fragment);
  if (datagram->length == 0 || datagram->n_there < (datagram->length + 7) / 8)
    return FALSE;
  g_ptr_array_remove_index (fragments->waiting, i);
  g_clear_pointer (&fragments->whole, free_datagram);
  fragments->whole = datagram;
  *ret_whole = datagram->about;
  ret_whole->fragment = ret_whole->more = FALSE;
  ret_whole->fragment_offset = 0;
  ret_whole->payload = (RtText){ (const char *)datagram->bytes, datagram->length };
  return TRUE;
}

/**
 * rt_ip_fragments_count_lost:
 * @fragments: what waits
 *
 * Returns: how many fragments or datagrams could not be used; at the end of a capture those that
 *   wait can not, either
 */
guint64
rt_ip_fragments_count_lost (RtIpFragments *fragments)
{
  return fragments->n_lost + fragments->waiting->len;
}
