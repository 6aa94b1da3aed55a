/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of libsoup's connections to the sandbox's hosts.
 *
 * Names such as api.shop.test are known to the driver alone, and a resolver could not say which
 * port they are at. So each host is "behind a proxy": GIO connects to the proxy's address, which
 * is where the host really is, and the proxy's protocol is to do nothing. libsoup takes only
 * proxies that speak HTTP for such, so that it writes its requests as to the host itself. */
#include "rt-soup-route.h"

#include "rt-error.h"
#include "rt-live-private.h"

#define PROTOCOL "roundtrip"

/* The protocol. */

typedef struct
{
  GObject parent;
} RtSoupStraight;

typedef struct
{
  GObjectClass parent;
} RtSoupStraightClass;

static GIOStream *
straight_connect (GProxy *proxy,
                  GIOStream *connection,
                  GProxyAddress *address,
                  GCancellable *cancellable,
                  GError **error)
{
  return g_object_ref (connection);
}

static void
straight_connect_async (GProxy *proxy,
                        GIOStream *connection,
                        GProxyAddress *address,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (proxy, cancellable, callback, data);

  g_task_return_pointer (task, g_object_ref (connection), g_object_unref);
}

static GIOStream *
straight_connect_finish (GProxy *proxy, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* The host's name is nobody's to look up. */
static gboolean
straight_supports_hostname (GProxy *proxy)
{
  return TRUE;
}

static void
straight_init_interface (GProxyInterface *interface)
{
  interface->connect = straight_connect;
  interface->connect_async = straight_connect_async;
  interface->connect_finish = straight_connect_finish;
  interface->supports_hostname = straight_supports_hostname;
}

static GType rt_soup_straight_get_type (void);
G_DEFINE_TYPE_WITH_CODE (RtSoupStraight,
                         rt_soup_straight,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_PROXY, straight_init_interface))

static void
rt_soup_straight_class_init (RtSoupStraightClass *klass)
{
}

static void
rt_soup_straight_init (RtSoupStraight *self)
{
}

/* Which proxy is before which host. */

typedef struct
{
  GObject parent;
  RtLive *live;
} RtSoupRoute;

typedef struct
{
  GObjectClass parent;
} RtSoupRouteClass;

static char **
find_way (RtSoupRoute *route, const char *text, GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, error);
  struct sockaddr_storage address;
  g_autofree char *where = NULL;
  const char *why = NULL;
  char *ways[] = { NULL, NULL };
  int port;
  guint16 real_port;

  if (uri == NULL)
    return NULL;
  port = g_uri_get_port (uri);
  if (port < 0)
    port = g_str_equal (g_uri_get_scheme (uri), "https") ? 443 : 80;
  if (rt_live_resolve (route->live, g_uri_get_host (uri), (guint16)port, &address, &why) == 0)
    {
      rt_set_error (error, RT_ERROR_IO, NULL, NULL, "%s:%d: %s", g_uri_get_host (uri), port, why);
      return NULL;
    }
  where = rt_live_address_format ((const struct sockaddr *)&address, &real_port);
  ways[0] = g_strdup_printf (
      strchr (where, ':') != NULL ? PROTOCOL "://[%s]:%u" : PROTOCOL "://%s:%u", where, real_port);
  return g_memdup2 (ways, sizeof ways);
}

static char **
route_lookup (GProxyResolver *resolver, const char *uri, GCancellable *cancellable, GError **error)
{
  return find_way ((RtSoupRoute *)resolver, uri, error);
}

static void
route_lookup_async (GProxyResolver *resolver,
                    const char *uri,
                    GCancellable *cancellable,
                    GAsyncReadyCallback callback,
                    gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  GError *error = NULL;
  char **ways = find_way ((RtSoupRoute *)resolver, uri, &error);

  if (ways != NULL)
    g_task_return_pointer (task, ways, (GDestroyNotify)g_strfreev);
  else
    g_task_return_error (task, error);
}

static char **
route_lookup_finish (GProxyResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
route_is_supported (GProxyResolver *resolver)
{
  return TRUE;
}

static void
route_init_interface (GProxyResolverInterface *interface)
{
  interface->is_supported = route_is_supported;
  interface->lookup = route_lookup;
  interface->lookup_async = route_lookup_async;
  interface->lookup_finish = route_lookup_finish;
}

static GType rt_soup_route_get_type (void);
G_DEFINE_TYPE_WITH_CODE (RtSoupRoute,
                         rt_soup_route,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_PROXY_RESOLVER, route_init_interface))

static void
rt_soup_route_class_init (RtSoupRouteClass *klass)
{
}

static void
rt_soup_route_init (RtSoupRoute *self)
{
}

/**
 * rt_soup_route_new:
 * @live: a driver; outlives the route
 *
 * Returns: (transfer full): leads to where @live has its hosts
 */
GProxyResolver *
rt_soup_route_new (RtLive *live)
{
  static gsize ready;
  RtSoupRoute *route;

  if (g_once_init_enter (&ready))
    {
      /* Has GIO make the extension point. */
      g_autoptr (GProxy) none = g_proxy_get_default_for_protocol ("http");

      g_io_extension_point_implement (G_PROXY_EXTENSION_POINT_NAME, rt_soup_straight_get_type (),
                                      PROTOCOL, 0);
      g_once_init_leave (&ready, 1);
    }
  route = g_object_new (rt_soup_route_get_type (), NULL);
  route->live = live;
  return G_PROXY_RESOLVER (route);
}
