/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The gateway: a reverse proxy before one or several servers, with a shared cache if it is given
 * one. */
#pragma once

#include "rt-cache.h"
#include "rt-server.h"

G_BEGIN_DECLS

/** RT_GATEWAY_UPSTREAMS_MAX: servers behind one gateway. */
#define RT_GATEWAY_UPSTREAMS_MAX 64
/** RT_GATEWAY_REPLAY_MAX: bytes of a request's content that are kept to be sent again. */
#define RT_GATEWAY_REPLAY_MAX (64 * 1024)
/** RT_GATEWAY_UNSENT_MAX: bytes that may wait for one side to take them before the other side is
 * no longer read. */
#define RT_GATEWAY_UNSENT_MAX (256 * 1024)

/**
 * RtGatewayBalance:
 * @RT_GATEWAY_TURN: each request goes to the next one
 * @RT_GATEWAY_CLIENT: the requests from one address go to the same one, while it is there
 *
 * Which of several servers gets a request.
 */
typedef enum
{
  RT_GATEWAY_TURN,
  RT_GATEWAY_CLIENT,
} RtGatewayBalance;

/**
 * RtGatewaySettings:
 * @name: what it calls itself in Via, Cache-Status and Proxy-Status: a token
 * @upstreams: (array length=n_upstreams): the servers behind it
 * @hosts: (nullable) (array length=n_upstreams): whose requests each of them gets, by the host of
 *   the target URI; an element that is %NULL: all that no other is there for. Requests that none
 *   is there for are answered with 421
 * @balance: which one of those that may get a request gets it
 * @cache: it has a shared cache
 * @cache_bytes: what that may keep; 0: %RT_CACHE_MEMORY_MAX
 * @cache_settings: what kind of cache it is
 * @timeout: for a server to go on with its response; 0: as long as it takes
 * @buffer: bytes of a response that are held back until it is whole; a larger one goes on from
 *   there; 0: all goes on as it comes
 * @keep_host: the server sees the client's Host, not its own name
 * @forwarded: Forwarded (RFC 7239) is added
 * @x_forwarded: X-Forwarded-For, -Host and -Proto are
 * @forget_forwarded: what a client says in these fields is dropped
 * @trace: TRACE is let through; else it is refused with 405
 * @cache_status: Cache-Status (RFC 9211) is
 * @proxy_status: Proxy-Status (RFC 9209) is, where the gateway itself answers
 * @explain: decisions and states go to the log
 * @limits: what its server side puts up with
 *
 * Copied with all it points to by rt_gateway_new().
 */
typedef struct
{
  const char *name;
  const RtEndpoint *upstreams;
  const char *const *hosts;
  guint n_upstreams;
  RtGatewayBalance balance;
  gboolean cache;
  gsize cache_bytes, buffer;
  RtCacheSettings cache_settings;
  RtTime timeout;
  gboolean keep_host, forwarded, x_forwarded, cache_status, proxy_status, explain;
  gboolean forget_forwarded, trace;
  RtServerLimits limits;
} RtGatewaySettings;

RtGatewaySettings rt_gateway_settings_standard (void);
const RtSetting *rt_gateway_settings (guint *ret_n);
gboolean
rt_gateway_settings_read (GVariant *given, RtGatewaySettings *ret_settings, GError **error);

typedef struct _RtGateway RtGateway;

RtGateway *rt_gateway_new (const RtGatewaySettings *settings);
void rt_gateway_free (RtGateway *gateway);

/** rt_gateway_class: an #RtGateway as a party. The driver frees it. */
extern const RtPartyClass rt_gateway_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtGateway, rt_gateway_free)

G_END_DECLS
