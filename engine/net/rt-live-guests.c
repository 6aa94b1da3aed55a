/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parties of a live driver whose connections are not its own: another library makes them, in a main
 * context that the driver's loop runs between its own rounds, on the one thread that appends to the
 * log. What crosses their connections is written down by our end of them. So that it is known who
 * is at the other end and what led there, such a party comes from an address of its own, and says
 * what is the cause of what it sends from which port. */
#include "rt-live-private.h"

#include <sys/epoll.h>

/* The epoll as a source of that context: only to wake up for; the driver's loop looks itself. */

static gboolean
dispatch_kernel (GSource *source, GSourceFunc callback, gpointer data)
{
  g_source_set_ready_time (source, -1);
  return G_SOURCE_CONTINUE;
}

static GSourceFuncs kernel_funcs = { .dispatch = dispatch_kernel };

/**
 * rt_live_get_context:
 * @live: a driver with %RT_LIVE_CLOCK_REAL
 *
 * Returns: (transfer none): what the driver runs while it runs. To be the thread's own while
 *   something is begun that is to go on in it
 */
GMainContext *
rt_live_get_context (RtLive *live)
{
  g_return_val_if_fail (live->clock == RT_LIVE_CLOCK_REAL, NULL);

  if (live->context == NULL)
    {
      live->context = g_main_context_new ();
      live->kernel = g_source_new (&kernel_funcs, sizeof (GSource));
      g_source_add_unix_fd (live->kernel, live->net.epoll, G_IO_IN);
      g_source_attach (live->kernel, live->context);
      live->net.claims = g_hash_table_new_full (NULL, NULL, NULL, g_free);
    }
  return live->context;
}

/* Lets the guests do what they have to do, or waits until they or the kernel have something, for
 * @patience milliseconds at most; -1: for as long as it takes. */
void
rt_live_guests_wait (RtLive *live, int patience)
{
  g_source_set_ready_time (live->kernel,
                           patience >= 0 ? g_get_monotonic_time () + (gint64)patience * 1000 : -1);
  g_main_context_push_thread_default (live->context);
  g_main_context_iteration (live->context, patience != 0);
  g_main_context_pop_thread_default (live->context);
}

void
rt_live_guests_clear (RtLive *live)
{
  if (live->context == NULL)
    return;
  /* What the guests have let go of ends in their context. */
  while (g_main_context_iteration (live->context, FALSE))
    ;
  g_source_destroy (live->kernel);
  g_clear_pointer (&live->kernel, g_source_unref);
  g_clear_pointer (&live->context, g_main_context_unref);
  g_clear_pointer (&live->net.claims, g_hash_table_unref);
}

/**
 * rt_live_tell:
 * @live: a driver that runs
 * @party: one of its parties
 * @input: what happened to it, other than on a connection of the driver's; its time is set
 *
 * Gives the party the input and carries out what it wants done. Not to be called from within a
 * party.
 */
void
rt_live_tell (RtLive *live, RtPartyId party, const RtInput *input)
{
  RtDriverParty *who = rt_driver_core_get_party (&live->core, party);
  RtInput told = *input;

  g_return_if_fail (who != NULL);

  live->core.now = MAX (live->core.now, g_get_real_time ());
  told.now = live->core.now;
  rt_driver_core_tell (&live->core, who, &told);
}

/**
 * rt_live_claim_address:
 * @live: a driver
 * @address: of this machine
 * @party: comes from there
 */
void
rt_live_claim_address (RtLive *live, const char *address, RtPartyId party)
{
  g_hash_table_insert (live->outside, g_strdup (address), GUINT_TO_POINTER (party));
}

/**
 * rt_live_claim_port:
 * @live: a driver with a context
 * @port: from which a guest sends
 * @cause: the event that led to what it sends from now on
 */
void
rt_live_claim_port (RtLive *live, guint16 port, guint64 cause)
{
  guint64 *claimed = g_new (guint64, 1);

  *claimed = cause;
  g_hash_table_insert (live->net.claims, GUINT_TO_POINTER (port), claimed);
}

/**
 * rt_live_find_opener:
 * @live: a driver
 * @port: on this machine, of the end of a connection that one of our parties opened
 * @ret_sent: (out): the event with which that end sent last
 *
 * Returns: (nullable): the party's address in the sandbox; %NULL: it is none of ours
 */
const char *
rt_live_find_opener (RtLive *live, guint16 port, guint64 *ret_sent)
{
  GHashTableIter iter;
  gpointer value;

  *ret_sent = RT_EVENT_NONE;
  g_hash_table_iter_init (&iter, live->sockets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const RtLiveSocket *socket = value;

      if (socket->fd < 0 || (socket->handle & RT_CONNECTION_ACCEPTED) != 0
          || rt_live_port_of (socket->fd) != port)
        continue;
      *ret_sent = socket->last_sent;
      return socket->party->address;
    }
  return NULL;
}
