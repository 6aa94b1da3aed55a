/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the live driver share. */
#pragma once

#include "rt-live-socket.h"
#include "rt-live.h"

G_BEGIN_DECLS

/* What a watched pointer is: the first member of each kind. A socket's is 0. */
enum
{
  WATCH_SOCKET,
  WATCH_LISTENER,
  WATCH_STOP,
  WATCH_OTHER,
};

/* A descriptor of somebody else's. One that is no longer watched stays until the driver goes: an
 * event about it may be waiting. */
typedef struct
{
  int watch, fd;
  void (*ready) (gpointer data);
  gpointer data;
} Watched;

typedef struct
{
  int watch;
  RtLive *live;
  RtDriverParty *party;
  char *host;
  guint16 port, real_port;
  struct sockaddr_storage address; /* with the real port */
  socklen_t address_length;
  int fd;
  RtTimeItem *resume; /* accepting pauses */
} RtLiveListener;

/* @program: who is there; 0: not known. */
typedef struct
{
  char *address;
  guint16 port;
  RtPartyId program;
} RtLivePlace;

struct _RtLive
{
  RtDriverCore core;
  RtLiveNet net;
  RtLiveClock clock;
  GPtrArray *listeners;
  GHashTable *places;  /* host:port → RtLivePlace */
  GHashTable *sockets; /* handle → RtLiveSocket */
  GHashTable *opening; /* local port → RtLiveSocket: to know our own when they come in */
  GHashTable *outside; /* address → RtPartyId */
  GHashTable *links;   /* pair of ids → RtSimLink */
  RtLink standard;
  RtFault *standard_faults;
  gboolean has_standard;
  GPtrArray *ended;
  GPtrArray *watched; /* Watched */
  int stop_watch, stop_fd, spare_fd;
  gboolean allow_outside;
  gint stopping;
  void (*on_round) (gpointer data); /* nullable */
  gpointer on_round_data;
  RtTime seal_every, seal_at; /* 0: pages are sealed when they are full; nothing waits */
  guint64 sealed;
  GMainContext *context; /* nullable */
  GSource *kernel;       /* the epoll, in that context */
};

/* Where hosts are. */
void rt_live_place_free (gpointer place);
socklen_t
rt_live_address_parse (const char *text, guint16 port, struct sockaddr_storage *ret_address);
gboolean rt_live_address_is_loopback (const struct sockaddr_storage *address);
RtPartyId rt_live_program_at (RtLive *live, const char *host, guint16 port);
const RtLivePlace *rt_live_get_place (RtLive *live, const char *host, guint16 port);
socklen_t rt_live_resolve (RtLive *live,
                           const char *host,
                           guint16 port,
                           struct sockaddr_storage *ret_address,
                           const char **ret_why);

/* What lies between hosts, and connecting. */
void rt_live_link_free (gpointer link);
RtLiveRoute rt_live_find_route (RtLive *live, RtPartyId party, RtPartyId peer, gboolean ours);
void
rt_live_connect_to (gpointer driver, RtDriverParty *party, const RtEffect *effect, guint64 cause);
void rt_live_dial (gpointer driver, RtLiveSocket *socket);

/* Parties whose connections another library makes. */
void rt_live_guests_wait (RtLive *live, int patience);
void rt_live_guests_clear (RtLive *live);

/* Listening and accepting. */
void rt_live_close_fd (int fd);
int rt_live_socket_fd (int family);
guint16 rt_live_port_of (int fd);
void rt_live_listener_free (gpointer listener);
const RtLiveListener *rt_live_listener_at (RtLive *live, const struct sockaddr_storage *address);
gboolean
rt_live_listen_on (gpointer driver, RtPartyId id, const RtEndpoint *endpoint, GError **error);
void rt_live_set_listening (gpointer driver, RtDriverParty *party);
RtPartyId rt_live_outside_party (RtLive *live, const struct sockaddr_storage *address);
gboolean rt_live_take_reserve (RtLive *live);
void rt_live_accept_some (RtLiveListener *listener);

G_END_DECLS
