/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server shows to those who connect with TLS, as settings. */
#pragma once

#include "rt-setting.h"
#include "rt-tls-settings.h"

G_BEGIN_DECLS

/**
 * RtServerTls:
 * @tls: (nullable): what it shows; %NULL: it does not listen with TLS
 * @plain: it listens without TLS
 */
typedef struct
{
  RtTls *tls;
  gboolean plain;
} RtServerTls;

const RtSetting *rt_server_tls_settings (guint *ret_n);
gboolean rt_server_tls_from_settings (GVariant *given,
                                      const char *host,
                                      RtServerTls *ret_tls,
                                      GError **error);
void rt_server_tls_clear (RtServerTls *tls);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtServerTls, rt_server_tls_clear)

G_END_DECLS
