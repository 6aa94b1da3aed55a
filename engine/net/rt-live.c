/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The live driver: one thread, one epoll, no blocking call but the wait. Where hosts are stands in
 * rt-live-places.c, what lies between them and how they connect in rt-live-connect.c, what listens
 * in rt-live-listen.c, one end of a connection in rt-live-socket.c, parties whose connections
 * another library makes in rt-live-guests.c.
 *
 * With a clock of the scenario's own, time jumps when no socket has anything to do. The kernel may
 * take its time even on loopback, so that it has nothing to say does not mean that nothing is under
 * way: what our own ends have handed to it and not got back yet is counted, and waited for. */
#include "rt-live-private.h"

#include "rt-error.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Events taken from the kernel at a time. */
#define BATCH 64
/* Milliseconds that the kernel gets for what is under way on loopback. It never takes as long;
 * should a count be wrong, the run goes on all the same. */
#define LOOPBACK_PATIENCE 2000
/* More rounds than that in one run are two parties that will never have done. */
#define MOST_ROUNDS (50 * 1000 * 1000)

static void
socket_ended (gpointer driver, RtLiveSocket *socket)
{
  RtLive *live = driver;

  g_ptr_array_add (live->ended, socket);
}

static void act (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
static void push (gpointer driver, RtDriverParty *party, RtConnection connection);
static void
look (gpointer driver, RtDriverParty *party, RtConnection connection, RtDriverWire *ret_wire);

static gboolean
watch_stop (RtLive *live, GError **error)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = &live->stop_watch };

  live->stop_watch = WATCH_STOP;
  live->net.epoll = epoll_create1 (EPOLL_CLOEXEC);
  live->stop_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (live->net.epoll >= 0 && live->stop_fd >= 0 && rt_live_take_reserve (live)
      && epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, live->stop_fd, &event) == 0)
    return TRUE;
  rt_set_error (error, RT_ERROR_IO, NULL, NULL, "no sockets can be watched: %s",
                g_strerror (errno));
  return FALSE;
}

/**
 * rt_live_new:
 * @log: where everything is written, used by this driver alone; outlives it
 * @clock: what time it is
 * @start: with %RT_LIVE_CLOCK_JUMPS: the time at the beginning
 *
 * Errors: %RT_ERROR_IO.
 *
 * Returns: (transfer full): a driver without parties
 */
RtLive *
rt_live_new (RtLog *log, RtLiveClock clock, RtTime start, GError **error)
{
  static const RtDriverOps ops = { rt_live_connect_to, act, push, look, rt_live_set_listening };
  g_autoptr (RtLive) live = g_new0 (RtLive, 1);

  rt_driver_core_init (&live->core, &ops, live, log,
                       clock == RT_LIVE_CLOCK_REAL ? g_get_real_time () : start);
  live->core.fresh_authority = clock == RT_LIVE_CLOCK_REAL;
  live->clock = clock;
  live->listeners = g_ptr_array_new_with_free_func (rt_live_listener_free);
  live->places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, rt_live_place_free);
  live->sockets = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)rt_live_socket_free);
  live->opening = g_hash_table_new (NULL, NULL);
  live->outside = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  live->links = g_hash_table_new_full (NULL, NULL, NULL, rt_live_link_free);
  live->ended = g_ptr_array_new ();
  live->watched = g_ptr_array_new_with_free_func (g_free);
  live->net = (RtLiveNet){ .core = &live->core,
                           .epoll = -1,
                           .slab = g_malloc (RT_LIVE_READ_SIZE),
                           .dial = rt_live_dial,
                           .ended = socket_ended,
                           .driver = live };
  live->stop_fd = live->spare_fd = -1;
  return watch_stop (live, error) ? g_steal_pointer (&live) : NULL;
}

void
rt_live_free (RtLive *live)
{
  g_hash_table_unref (live->opening);
  g_hash_table_unref (live->sockets);
  g_hash_table_unref (live->links);
  g_free (live->standard_faults);
  g_ptr_array_unref (live->ended);
  g_ptr_array_unref (live->watched);
  g_ptr_array_unref (live->listeners);
  g_hash_table_unref (live->places);
  g_hash_table_unref (live->outside);
  rt_driver_core_clear (&live->core);
  rt_live_guests_clear (live);
  rt_live_close_fd (live->stop_fd);
  rt_live_close_fd (live->spare_fd);
  rt_live_close_fd (live->net.epoll);
  g_free (live->net.slab);
  g_free (live);
}

/* Of a connection that is gone the party has not heard yet: its effects on it are void. */
static RtLiveSocket *
find_socket (RtLive *live, RtDriverParty *party, RtConnection connection)
{
  RtLiveSocket *socket = g_hash_table_lookup (live->sockets, GUINT_TO_POINTER (connection));

  return socket != NULL && socket->party == party && !socket->deaf ? socket : NULL;
}

static void
act (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause)
{
  RtLiveSocket *socket = find_socket (driver, party, effect->connection);

  if (socket == NULL)
    return;
  if (effect->kind == RT_EFFECT_SEND)
    rt_live_socket_send (socket, effect->bytes, cause);
  else if (effect->kind == RT_EFFECT_READ)
    rt_live_socket_read (socket, effect->flag);
  else if (effect->flag)
    rt_live_socket_reset (socket, cause);
  else
    rt_live_socket_finish (socket, cause);
}

static void
push (gpointer driver, RtDriverParty *party, RtConnection connection)
{
  RtLiveSocket *socket = find_socket (driver, party, connection);

  if (socket != NULL)
    rt_live_socket_push (socket);
}

static void
look (gpointer driver, RtDriverParty *party, RtConnection connection, RtDriverWire *ret_wire)
{
  const RtLiveSocket *socket = find_socket (driver, party, connection);

  if (socket != NULL)
    *ret_wire = (RtDriverWire){ socket->buffer, socket->peer_buffer, socket->peer_party };
}

/* The loop. */

static void
bury_ended (RtLive *live)
{
  for (guint i = 0; i < live->ended->len; i++)
    {
      RtLiveSocket *socket = live->ended->pdata[i];

      if (socket->local_port != 0)
        g_hash_table_remove (live->opening, GUINT_TO_POINTER (socket->local_port));
      rt_driver_core_forget (&live->core, socket->handle);
      g_hash_table_remove (live->sockets, GUINT_TO_POINTER (socket->handle));
    }
  g_ptr_array_set_size (live->ended, 0);
}

static void
handle_watched (const Watched *watched)
{
  if (watched->fd >= 0)
    watched->ready (watched->data);
}

static void
handle_event (RtLive *live, const struct epoll_event *event)
{
  int watch = *(const int *)event->data.ptr;
  guint64 count;

  if (watch == WATCH_OTHER)
    handle_watched (event->data.ptr);
  else if (watch == WATCH_LISTENER)
    rt_live_accept_some (event->data.ptr);
  else if (watch == WATCH_STOP)
    (void)!read (live->stop_fd, &count, sizeof count);
  else
    rt_live_socket_ready (event->data.ptr, event->events);
}

static void
tell_time (RtLive *live)
{
  if (live->clock == RT_LIVE_CLOCK_REAL)
    live->core.now = MAX (live->core.now, g_get_real_time ());
}

/* How long the kernel may let us sleep, in milliseconds; -1: until something happens. */
static int
get_patience (RtLive *live, RtTime until)
{
  RtTime next = MIN (rt_time_queue_next (live->core.queue), until);

  if (live->seal_at != 0)
    next = MIN (next, live->seal_at);
  if (live->clock == RT_LIVE_CLOCK_JUMPS)
    return 0;
  if (next == RT_TIME_NEVER)
    return -1;
  /* Rounded up: waking up too early would only mean another round. */
  return (int)CLAMP ((next - live->core.now + 999) / 1000, 0, 60 * 60 * 1000);
}

static gboolean
fire_due (RtLive *live)
{
  gboolean any = FALSE;

  while (rt_time_queue_next (live->core.queue) <= live->core.now)
    {
      rt_time_queue_fire (live->core.queue);
      any = TRUE;
    }
  return any;
}

/* What the sockets have, after waiting for @patience at most. Returns whether it is anything. */
static gboolean
take_events (RtLive *live, int patience)
{
  struct epoll_event events[BATCH];
  int n;

  if (live->context != NULL)
    {
      rt_live_guests_wait (live, patience);
      patience = 0;
    }
  n = epoll_wait (live->net.epoll, events, BATCH, patience);
  tell_time (live);
  for (int i = 0; i < n; i++)
    handle_event (live, &events[i]);
  bury_ended (live);
  return n > 0;
}

/* Whoever reads the log is to see what happened though nothing more happens. */
static void
seal_in_time (RtLive *live)
{
  guint64 length = rt_log_get_length (live->core.log);

  if (live->seal_at != 0 && live->core.now >= live->seal_at)
    {
      rt_log_flush (live->core.log);
      live->sealed = length;
      live->seal_at = 0;
    }
  else if (live->seal_at == 0 && length != live->sealed)
    live->seal_at = live->core.now + live->seal_every;
}

/* One round: what is due, then what the sockets have. Returns whether anything happened. */
static gboolean
go_round (RtLive *live, RtTime until)
{
  gboolean any;

  tell_time (live);
  any = fire_due (live);
  bury_ended (live);
  any = take_events (live, any ? 0 : get_patience (live, until)) || any;
  if (live->seal_every != 0)
    seal_in_time (live);
  if (live->on_round != NULL && any)
    live->on_round (live->on_round_data);
  return any;
}

/* Whether the kernel has yet to say something of what our own ends have handed to it. */
static gboolean
is_under_way (RtLive *live)
{
  GHashTableIter iter;
  gpointer socket;

  g_hash_table_iter_init (&iter, live->sockets);
  while (g_hash_table_iter_next (&iter, NULL, &socket))
    if (rt_live_socket_is_waited_for (socket))
      return TRUE;
  return FALSE;
}

/* Lets everything happen that happens at this time. */
static gboolean
come_to_rest (RtLive *live, RtTime until, GError **error)
{
  for (guint n = 0; n < MOST_ROUNDS; n++)
    {
      if (go_round (live, until))
        continue;
      if (!is_under_way (live) || !take_events (live, LOOPBACK_PATIENCE))
        return TRUE;
    }
  rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "the parties are not done after %u rounds",
                MOST_ROUNDS);
  return FALSE;
}

static gboolean
is_settled (RtLive *live)
{
  return rt_driver_core_get_n_unfinished (&live->core) == 0
         && !rt_time_queue_holds (live->core.queue);
}

static RtRun
run_jumping (RtLive *live, RtTime until, GError **error)
{
  while (come_to_rest (live, until, error))
    {
      RtTime next = rt_time_queue_next (live->core.queue);

      if (is_settled (live))
        return RT_RUN_SETTLED;
      if (next == RT_TIME_NEVER && until == RT_TIME_NEVER)
        return RT_RUN_WAITING;
      live->core.now = MAX (live->core.now, MIN (next, until));
      if (next > until)
        return RT_RUN_UNTIL;
    }
  return RT_RUN_FAILED;
}

static RtRun
run_real (RtLive *live, RtTime until)
{
  while (!g_atomic_int_get (&live->stopping))
    {
      if (live->core.now >= until)
        return RT_RUN_UNTIL;
      if (until != RT_TIME_NEVER && is_settled (live))
        return RT_RUN_SETTLED;
      go_round (live, until);
    }
  return RT_RUN_UNTIL;
}

/* With real time and no end to it, the run serves until rt_live_stop(). */
static RtRun
run (gpointer driver, RtTime until, GError **error)
{
  RtLive *live = driver;

  return live->clock == RT_LIVE_CLOCK_JUMPS ? run_jumping (live, until, error)
                                            : run_real (live, until);
}

/**
 * rt_live_stop:
 * @live: a driver that runs
 *
 * Makes the run return. May be called from another thread or a signal handler.
 */
void
rt_live_stop (RtLive *live)
{
  guint64 one = 1;

  g_atomic_int_set (&live->stopping, TRUE);
  (void)!write (live->stop_fd, &one, sizeof one);
}

/**
 * rt_live_on_round:
 * @live: a driver
 * @called: (nullable): called by the run after each round in which something happened: the log may
 *   have grown
 * @data: for @called
 */
void
rt_live_on_round (RtLive *live, void (*called) (gpointer data), gpointer data)
{
  live->on_round = called;
  live->on_round_data = data;
}

/**
 * rt_live_watch:
 * @live: a driver
 * @fd: a descriptor of the caller's: standard input, say
 * @ready: called by the run whenever something can be read from it, or it has come to its end
 * @data: for @ready
 *
 * Errors: %RT_ERROR_UNSUPPORTED: there is nothing to wait for: it is a file.
 *
 * Returns: whether it is watched
 */
gboolean
rt_live_watch (RtLive *live, int fd, void (*ready) (gpointer data), gpointer data, GError **error)
{
  Watched *watched = g_new (Watched, 1);
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = watched };

  *watched = (Watched){ WATCH_OTHER, fd, ready, data };
  g_ptr_array_add (live->watched, watched);
  if (epoll_ctl (live->net.epoll, EPOLL_CTL_ADD, fd, &event) == 0)
    return TRUE;
  rt_set_error (error, errno == EPERM ? RT_ERROR_UNSUPPORTED : RT_ERROR_IO, NULL, NULL,
                "this can't be waited for: %s", g_strerror (errno));
  g_ptr_array_remove (live->watched, watched);
  return FALSE;
}

/**
 * rt_live_unwatch:
 * @live: a driver
 * @fd: a descriptor that is watched
 */
void
rt_live_unwatch (RtLive *live, int fd)
{
  for (guint i = 0; i < live->watched->len; i++)
    {
      Watched *watched = live->watched->pdata[i];

      if (watched->fd != fd)
        continue;
      epoll_ctl (live->net.epoll, EPOLL_CTL_DEL, fd, NULL);
      watched->fd = -1;
    }
}

static void
advance (gpointer driver, RtTime by)
{
  RtLive *live = driver;
  RtTime until = live->core.now + by;

  g_return_if_fail (by >= 0);

  if (live->clock == RT_LIVE_CLOCK_REAL)
    {
      /* It cannot be moved: what falls due meanwhile falls due by itself. */
      while (live->core.now < until && !g_atomic_int_get (&live->stopping))
        go_round (live, until);
      return;
    }
  rt_driver_core_log (&live->core, 0, RT_EVENT_CLOCK, RT_EVENT_NONE, g_variant_new_int64 (by));
  while (come_to_rest (live, until, NULL) && rt_time_queue_next (live->core.queue) <= until)
    live->core.now = MAX (live->core.now, rt_time_queue_next (live->core.queue));
  live->core.now = until;
}

/* The rest of the driver's interface. */

static RtPartyId
add (gpointer driver, const char *name, const RtPartyClass *klass, gpointer self)
{
  return rt_driver_core_add (&((RtLive *)driver)->core, name, klass, self)->id;
}

static guint64
give_task (gpointer driver, RtPartyId id, gconstpointer what, const char *words, RtTime at)
{
  return rt_driver_core_give_task (&((RtLive *)driver)->core, id, what, words, at);
}

static RtTime
get_now (gpointer driver)
{
  return ((RtLive *)driver)->core.now;
}

/**
 * rt_live_dup_authority_pem:
 * @live: a driver
 *
 * With %RT_LIVE_CLOCK_REAL the authority is made for this driver alone and is gone with it.
 *
 * Returns: (transfer full): the certificate of the authority that signs for the servers, in PEM:
 *   what a program has to trust (`curl --cacert`)
 */
char *
rt_live_dup_authority_pem (RtLive *live)
{
  return rt_tls_authority_dup_pem (rt_driver_core_get_authority (&live->core));
}

/**
 * rt_live_trust:
 * @live: a driver with %RT_LIVE_CLOCK_REAL
 * @pem: certificates
 *
 * Has clients trust servers that one of these authorities vouches for, unless their #RtTls says
 * that those of this machine count.
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether there is a certificate in @pem
 */
gboolean
rt_live_trust (RtLive *live, const char *pem, GError **error)
{
  g_return_val_if_fail (live->clock == RT_LIVE_CLOCK_REAL, FALSE);

  return rt_tls_authority_trust (rt_driver_core_get_authority (&live->core), pem, error);
}

/**
 * rt_live_seal_every:
 * @live: a driver with %RT_LIVE_CLOCK_REAL
 * @every: how long a page of the log may stay open; 0: until it is full
 *
 * A recording wants what has happened soon, though nothing more happens.
 */
void
rt_live_seal_every (RtLive *live, RtTime every)
{
  live->seal_every = every;
  live->seal_at = 0;
}

/**
 * rt_live_get_n_unfinished:
 * @live: a driver
 *
 * Returns: how many tasks were given and not finished yet
 */
guint
rt_live_get_n_unfinished (RtLive *live)
{
  return rt_driver_core_get_n_unfinished (&live->core);
}

/**
 * rt_live_get_n_connections:
 * @live: a driver
 *
 * Returns: how many ends of connections hold a descriptor
 */
guint
rt_live_get_n_connections (RtLive *live)
{
  return g_hash_table_size (live->sockets);
}

static void
free_live (gpointer driver)
{
  rt_live_free (driver);
}

const RtDriverClass rt_live_driver = {
  .add = add,
  .listen = rt_live_listen_on,
  .task = give_task,
  .run = run,
  .advance = advance,
  .now = get_now,
  .free = free_live,
};
