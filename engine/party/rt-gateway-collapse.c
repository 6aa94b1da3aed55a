/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests for the same: one goes to the server, the others wait to see whether its response is
 * stored, and then get it while it still arrives. Who waits once does not wait again: a response
 * that can't be shared costs the others one round trip at most, not a queue (RFC 9111 §4,
 * "collapsing requests"). */
#include "rt-gateway-private.h"

/* A request that asks for more than whatever is stored has to be asked itself. */
static gboolean
is_plain (RtErrand *errand)
{
  static const char *const names[] = { "Authorization",       "Cache-Control", "If-Match",
                                       "If-Modified-Since",   "If-None-Match", "If-Range",
                                       "If-Unmodified-Since", "Pragma",        "Range" };

  if (errand->gateway->cache == NULL || errand->streams
      || !rt_text_is (errand->message->method, "GET"))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (rt_fields_first (errand->message->fields, names[i]) != NULL)
      return FALSE;
  return TRUE;
}

/**
 * rt_errand_waits:
 * @errand: an errand whose request is to be forwarded
 *
 * Returns: whether it waits for another one instead
 */
gboolean
rt_errand_waits (RtErrand *errand)
{
  RtErrand *leader;

  if (errand->waited || !is_plain (errand))
    return FALSE;
  leader = g_hash_table_lookup (errand->gateway->leaders, errand->uri);
  if (leader == NULL)
    return FALSE;
  errand->waited = TRUE;
  errand->waits_for = leader;
  g_ptr_array_add (leader->waiters, errand);
  return TRUE;
}

/**
 * rt_errand_lead:
 * @errand: an errand that is forwarded: others for the same may wait for it
 */
void
rt_errand_lead (RtErrand *errand)
{
  GHashTable *leaders = errand->gateway->leaders;

  if (is_plain (errand) && !g_hash_table_contains (leaders, errand->uri))
    g_hash_table_insert (leaders, g_strdup (errand->uri), errand);
}

/**
 * rt_errand_release:
 * @errand: an errand of which is known now what it has for others
 *
 * Those that waited look again.
 */
void
rt_errand_release (RtErrand *errand, RtTime now, RtEffects *out)
{
  GHashTable *leaders = errand->gateway->leaders;

  if (errand->uri != NULL && g_hash_table_lookup (leaders, errand->uri) == errand)
    g_hash_table_remove (leaders, errand->uri);
  while (errand->waiters->len > 0)
    {
      RtErrand *waiter = g_ptr_array_steal_index (errand->waiters, 0);

      waiter->waits_for = NULL;
      waiter->collapsed = TRUE;
      rt_errand_start (waiter, now, out);
    }
}

/**
 * rt_errand_be_followed:
 * @errand: an errand whose response is stored while it is handed on
 * @body: what is stored of it
 */
void
rt_errand_be_followed (RtErrand *errand, RtCacheBody *body)
{
  g_hash_table_insert (errand->gateway->bodies, rt_cache_body_ref (body), errand);
  errand->body = body;
}

/**
 * rt_errand_follow:
 * @errand: an errand that has given all there is of @body
 * @body: more of it comes
 */
void
rt_errand_follow (RtErrand *errand, RtCacheBody *body)
{
  RtErrand *leader = g_hash_table_lookup (errand->gateway->bodies, body);

  g_assert (leader != NULL); /* a body grows as long as its errand lasts */
  errand->following = leader;
  g_ptr_array_add (leader->followers, errand);
}

/**
 * rt_errand_hand_on:
 * @errand: an errand
 * @bytes: more content, for its followers
 */
void
rt_errand_hand_on (RtErrand *errand, GBytes *bytes, RtTime now, RtEffects *out)
{
  for (guint i = 0; i < errand->followers->len; i++)
    {
      RtErrand *follower = g_ptr_array_index (errand->followers, i);

      follower->unsent += g_bytes_get_size (bytes);
      rt_server_request_write (follower->request, bytes, now, out);
    }
}

/**
 * rt_errand_end_followers:
 * @errand: an errand whose content has ended
 * @whole: all of it came
 */
void
rt_errand_end_followers (RtErrand *errand, gboolean whole, RtTime now, RtEffects *out)
{
  while (errand->followers->len > 0)
    {
      RtErrand *follower = g_ptr_array_steal_index (errand->followers, 0);
      RtServerRequest *request = g_steal_pointer (&follower->request);

      follower->following = NULL;
      request->data = NULL;
      if (whole)
        rt_server_request_end (request, now, out);
      else
        rt_server_request_abort (request, now, out);
      rt_errand_free (follower, now, out);
    }
}

/**
 * rt_errand_part:
 * @errand: an errand that ends: nobody knows it any more
 */
void
rt_errand_part (RtErrand *errand)
{
  if (errand->waits_for != NULL)
    g_ptr_array_remove (errand->waits_for->waiters, errand);
  if (errand->following != NULL)
    g_ptr_array_remove (errand->following->followers, errand);
  if (errand->body != NULL)
    g_hash_table_remove (errand->gateway->bodies, errand->body);
  errand->waits_for = errand->following = NULL;
  errand->body = NULL;
}
