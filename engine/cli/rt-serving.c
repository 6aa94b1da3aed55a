/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Serving from the command line. */
#include "rt-serving.h"

#include "rt-error.h"
#include "rt-tls-authority.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* `api.shop.test:80:127.0.0.1:8081`, as curl has it. */
static gboolean
read_way (RtLive *live, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit (text, ":", -1);
  guint64 port, real_port;

  if (g_strv_length (words) == 4 && *words[0] != '\0' && *words[2] != '\0'
      && rt_text_to_uint64 (rt_text (words[1]), &port)
      && rt_text_to_uint64 (rt_text (words[3]), &real_port) && port > 0 && port <= G_MAXUINT16
      && real_port > 0 && real_port <= G_MAXUINT16)
    {
      rt_live_map (live, words[0], (guint16)port, words[2], (guint16)real_port);
      return TRUE;
    }
  rt_set_error (error, RT_ERROR_SYNTAX, NULL,
                "HOST:PORT:ADDRESS:PORT, such as api.shop.test:80:127.0.0.1:8081",
                "“%s” leads nowhere", text);
  return FALSE;
}

/**
 * rt_connect_to:
 * @live: a driver
 * @ways: (nullable) (array zero-terminated=1): `HOST:PORT:ADDRESS:PORT`
 *
 * Says where hosts are, in place of the system's resolver.
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether all could be read
 */
gboolean
rt_connect_to (RtLive *live, char **ways, GError **error)
{
  for (guint i = 0; ways != NULL && ways[i] != NULL; i++)
    if (!read_way (live, ways[i], error))
      return FALSE;
  return TRUE;
}

/**
 * rt_size_parse:
 * @text: a number of bytes, with K, M or G for 1024, its square and its cube
 * @ret_bytes: (out): untouched on failure
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: whether it is one
 */
gboolean
rt_size_parse (const char *text, gsize *ret_bytes, GError **error)
{
  static const char units[] = "KMG";
  RtText digits = rt_text (text);
  const char *unit = digits.length > 0 ? strchr (units, text[digits.length - 1]) : NULL;
  guint64 bytes;
  gboolean ok;

  if (unit != NULL)
    digits.length--;
  ok = rt_text_to_uint64 (digits, &bytes);
  for (gssize i = 0; ok && unit != NULL && i <= unit - units; i++)
    ok = g_uint64_checked_mul (&bytes, bytes, 1024);
  if (!ok || bytes == 0 || bytes > G_MAXSSIZE)
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a number of bytes, such as 65536 or 64M",
                    "“%s” is no size", text);
      return FALSE;
    }
  *ret_bytes = bytes;
  return TRUE;
}

/* IPv4 goes first: many networks that have names for IPv6 have no way there. */
static gint
compare_families (gconstpointer a, gconstpointer b)
{
  return (gint)g_inet_address_get_family ((GInetAddress *)a)
         - (gint)g_inet_address_get_family ((GInetAddress *)b);
}

/**
 * rt_serving_look_up:
 * @host: a name or an address
 *
 * Asks the system's resolver. Blocks: for when a command begins, not for when it serves.
 *
 * Errors: %RT_ERROR_IO.
 *
 * Returns: (nullable) (transfer full): addresses, as text, in the order to try them in; at least
 *   one
 */
GPtrArray *
rt_serving_look_up (const char *host, GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  g_autoptr (GError) problem = NULL;
  GList *found = g_resolver_lookup_by_name (resolver, host, NULL, &problem);
  GPtrArray *addresses;

  if (found == NULL)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, "a host that has an address",
                    "the host %s is not known: %s", host, problem->message);
      return NULL;
    }
  found = g_list_sort (found, compare_families);
  addresses = g_ptr_array_new_with_free_func (g_free);
  for (GList *l = found; l != NULL; l = l->next)
    g_ptr_array_add (addresses, g_inet_address_to_string (l->data));
  g_resolver_free_addresses (found);
  return addresses;
}

/**
 * rt_serving_trust:
 * @live: a driver with real time
 * @path: (nullable): a PEM file; %NULL: nobody more is trusted
 *
 * Returns: whether those in it are trusted now
 */
gboolean
rt_serving_trust (RtLive *live, const char *path, GError **error)
{
  const RtPlace place = { path, 0, 0 };
  g_autofree char *pem = NULL;

  if (path == NULL)
    return TRUE;
  if (!g_file_get_contents (path, &pem, NULL, error))
    return FALSE;
  if (rt_live_trust (live, pem, error))
    return TRUE;
  rt_prefix_place (error, &place);
  return FALSE;
}

/* What a signal stops: one server a process. */
static struct
{
  void (*stop) (gpointer data);
  gpointer data;
} serving;

static void
stop (int signal_number)
{
  serving.stop (serving.data);
}

/**
 * rt_serving_catch_signals:
 * @stop_serving: ends the serving; called from a signal handler
 * @data: for @stop_serving
 *
 * Whoever interrupts or terminates the process ends the serving, and the rest goes its way, which
 * rt_serving_ignore_signals() begins.
 */
void
rt_serving_catch_signals (void (*stop_serving) (gpointer data), gpointer data)
{
  struct sigaction action = { .sa_handler = stop };

  serving.stop = stop_serving;
  serving.data = data;
  sigaction (SIGINT, &action, NULL);
  sigaction (SIGTERM, &action, NULL);
}

/**
 * rt_serving_ignore_signals:
 *
 * The serving is over: from here on nobody can stop what is left to do, and nothing touches the
 * data of rt_serving_catch_signals() any more. A second Ctrl-C is common, and so is `timeout`,
 * which signals a process and then its group.
 */
void
rt_serving_ignore_signals (void)
{
  signal (SIGINT, SIG_IGN);
  signal (SIGTERM, SIG_IGN);
}

static void
stop_live (gpointer live)
{
  rt_live_stop (live);
}

static void
print_place (RtLive *live, const RtHostPort *place, const char *authority)
{
  printf (strchr (place->host, ':') != NULL ? "listening on [%s]:%u\n" : "listening on %s:%u\n",
          place->host, rt_live_get_port (live, place->host, place->port));
  if (authority != NULL)
    printf ("its certificates are signed by %s\n", authority);
  fflush (stdout);
}

/**
 * rt_serve:
 * @live: a driver without parties, with real time
 * @name: of the party
 * @klass: static
 * @party: (transfer full): what serves
 * @place: where it listens
 *
 * Says where it listens once it does, and serves until the process is interrupted or terminated.
 * Over TLS, its authority's certificate is in a file for as long.
 *
 * Returns: the exit status
 */
int
rt_serve (RtLive *live,
          const char *name,
          const RtPartyClass *klass,
          gpointer party,
          const RtHostPort *place)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = NULL;
  g_autofree char *authority = NULL;
  RtEndpoint endpoint = { .host = place->host,
                          .port = place->port,
                          .tls = place->secure ? &rt_tls_standard : NULL };
  RtPartyId id = rt_live_driver.add (live, name, klass, party);

  if (!rt_live_driver.listen (live, id, &endpoint, &error))
    return rt_cli_fail (error);
  if (place->secure)
    {
      pem = rt_live_dup_authority_pem (live);
      authority = rt_tls_authority_write_pem (pem, &error);
      if (authority == NULL)
        return rt_cli_fail (error);
    }
  rt_serving_catch_signals (stop_live, live);
  print_place (live, place, authority);
  rt_live_driver.run (live, RT_TIME_NEVER, &error);
  rt_serving_ignore_signals ();
  if (authority != NULL)
    g_unlink (authority);
  return error != NULL ? rt_cli_fail (error) : RT_EXIT_OK;
}
