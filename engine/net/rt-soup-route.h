/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of libsoup's connections to the sandbox's hosts. For this folder. */
#pragma once

#include "rt-live.h"

#include <gio/gio.h>

G_BEGIN_DECLS

GProxyResolver *rt_soup_route_new (RtLive *live);

G_END_DECLS
