/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the live driver's hosts are: those of the sandbox by its own map, addresses by themselves,
 * other names only where the command said so. */
#include "rt-live-private.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

void
rt_live_place_free (gpointer data)
{
  g_free (((RtLivePlace *)data)->address);
  g_free (data);
}

static char *
place_key (const char *host, guint port)
{
  g_autofree char *lower = g_ascii_strdown (host, -1);

  return g_strdup_printf ("%s:%u", lower, port);
}

/**
 * rt_live_map:
 * @live: a driver
 * @host: a name that parties use
 * @port: a port that parties use
 * @address: where that is: an IP address
 * @real_port: likewise
 *
 * Tells where a host is, in place of the system's resolver.
 */
void
rt_live_map (RtLive *live, const char *host, guint16 port, const char *address, guint16 real_port)
{
  RtLivePlace *place = g_new (RtLivePlace, 1);

  *place = (RtLivePlace){ g_strdup (address), real_port, 0 };
  g_hash_table_insert (live->places, place_key (host, port), place);
}

/**
 * rt_live_add_program:
 * @live: a driver
 * @name: of a program outside
 * @kind: what it is
 *
 * Gives a program that is not ours a name in the log; rt_live_map_program() says where it is.
 *
 * Returns: its number
 */
RtPartyId
rt_live_add_program (RtLive *live, const char *name, const char *kind)
{
  return rt_log_add_party (live->core.log, live->core.now, name, kind);
}

/**
 * rt_live_map_program:
 * @live: a driver
 * @program: from rt_live_add_program()
 * @host, @port, @address, @real_port: as for rt_live_map()
 *
 * Tells where a host is, and who is there.
 */
void
rt_live_map_program (RtLive *live,
                     RtPartyId program,
                     const char *host,
                     guint16 port,
                     const char *address,
                     guint16 real_port)
{
  g_autofree char *key = place_key (host, port);

  rt_live_map (live, host, port, address, real_port);
  ((RtLivePlace *)g_hash_table_lookup (live->places, key))->program = program;
}

/* Where @host was said to be; %NULL: nothing was said. */
const RtLivePlace *
rt_live_get_place (RtLive *live, const char *host, guint16 port)
{
  g_autofree char *key = place_key (host, port);

  return g_hash_table_lookup (live->places, key);
}

/* The program outside that was said to be there; 0: none. */
RtPartyId
rt_live_program_at (RtLive *live, const char *host, guint16 port)
{
  const RtLivePlace *place = rt_live_get_place (live, host, port);

  return place != NULL ? place->program : 0;
}

/**
 * rt_live_allow_outside:
 * @live: a driver
 * @allow: whether connections may leave this machine. At first they may not
 */
void
rt_live_allow_outside (RtLive *live, gboolean allow)
{
  live->allow_outside = allow;
}

/* Fills @ret_address from an IP address; returns its length, 0 if @text is none. */
socklen_t
rt_live_address_parse (const char *text, guint16 port, struct sockaddr_storage *ret_address)
{
  struct sockaddr_in *in = (struct sockaddr_in *)(gpointer)ret_address;
  struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)(gpointer)ret_address;
  g_autofree char *bare = g_strdup (text);

  memset (ret_address, 0, sizeof *ret_address);
  if (*bare == '[' && bare[strlen (bare) - 1] == ']')
    {
      bare[strlen (bare) - 1] = '\0';
      memmove (bare, bare + 1, strlen (bare));
    }
  if (inet_pton (AF_INET, bare, &in->sin_addr) == 1)
    {
      in->sin_family = AF_INET;
      in->sin_port = htons (port);
      return sizeof *in;
    }
  if (inet_pton (AF_INET6, bare, &in6->sin6_addr) == 1)
    {
      in6->sin6_family = AF_INET6;
      in6->sin6_port = htons (port);
      return sizeof *in6;
    }
  return 0;
}

gboolean
rt_live_address_is_loopback (const struct sockaddr_storage *address)
{
  const struct sockaddr_in *in = (const struct sockaddr_in *)(gconstpointer)address;
  const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)(gconstpointer)address;

  return address->ss_family == AF_INET ? ntohl (in->sin_addr.s_addr) >> 24 == 127
                                       : IN6_IS_ADDR_LOOPBACK (&in6->sin6_addr) != 0;
}

/* Names outside the sandbox are looked up only where the command said so. The call may block: it is
 * made for a person at a command line, not by a server. */
static socklen_t
look_up (const char *host, guint16 port, struct sockaddr_storage *ret_address)
{
  struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
  struct addrinfo *found = NULL;
  socklen_t length = 0;

  if (getaddrinfo (host, NULL, &hints, &found) != 0 || found == NULL)
    return 0;
  if (found->ai_addrlen <= sizeof *ret_address)
    {
      memcpy (ret_address, found->ai_addr, found->ai_addrlen);
      length = found->ai_addrlen;
      if (ret_address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)(gpointer)ret_address)->sin6_port = htons (port);
      else
        ((struct sockaddr_in *)(gpointer)ret_address)->sin_port = htons (port);
    }
  freeaddrinfo (found);
  return length;
}

/* Where @host is; on failure says why not. */
socklen_t
rt_live_resolve (RtLive *live,
                 const char *host,
                 guint16 port,
                 struct sockaddr_storage *ret_address,
                 const char **ret_why)
{
  const RtLivePlace *place = rt_live_get_place (live, host, port);
  socklen_t length;

  if (place != NULL)
    return rt_live_address_parse (place->address, place->port, ret_address);
  length = rt_live_address_parse (host, port, ret_address);
  if (length == 0 && g_ascii_strcasecmp (host, "localhost") == 0)
    length = rt_live_address_parse ("127.0.0.1", port, ret_address);
  if (length == 0 && live->allow_outside)
    length = look_up (host, port, ret_address);
  if (length == 0)
    *ret_why = "no host has this name";
  else if (!live->allow_outside && !rt_live_address_is_loopback (ret_address))
    {
      *ret_why = "it is outside the sandbox";
      return 0;
    }
  return length;
}
