/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The proxy: what a client is told to send its requests to, whatever server they are for. It takes
 * absolute-form and CONNECT, and shares everything else with the gateway. */
#pragma once

#include "rt-gateway.h"

G_BEGIN_DECLS

/** RT_PROXY_PORTS_MAX: ports that CONNECT can be allowed to. */
#define RT_PROXY_PORTS_MAX 16

/**
 * RtProxySettings:
 * @gateway: what it has in common with a gateway; its upstreams do not count
 * @ports: (array length=n_ports): that CONNECT may reach; none: any
 * @reaches: (nullable): whether a host may be connected to; %NULL: only loopback addresses and
 *   names that end in `.test`, `.example`, `.invalid`, `.localhost` or are `localhost`
 * @authorize: (nullable): whether Proxy-Authorization (nullable) lets the request through; where
 *   it does not, 407 with @challenge
 * @challenge: (nullable): for Proxy-Authenticate
 * @data: for @reaches and @authorize
 */
typedef struct
{
  RtGatewaySettings gateway;
  guint16 ports[RT_PROXY_PORTS_MAX];
  guint n_ports;
  gboolean (*reaches) (gpointer data, const char *host, guint16 port);
  gboolean (*authorize) (gpointer data, const RtField *credentials);
  const char *challenge;
  gpointer data;
} RtProxySettings;

RtProxySettings rt_proxy_settings_standard (void);

RtGateway *rt_proxy_new (const RtProxySettings *settings);

/** rt_proxy_class: what rt_proxy_new() makes, as a party. The driver frees it. */
extern const RtPartyClass rt_proxy_class;

G_END_DECLS
