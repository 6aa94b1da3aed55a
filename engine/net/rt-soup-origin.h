/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An origin server whose connections are libsoup's: what a real library does with the same
 * resources. */
#pragma once

#include "rt-live.h"
#include "rt-origin.h"

G_BEGIN_DECLS

RtPartyId rt_soup_origin_add (
    RtLive *live, const char *name, guint16 port, RtOrigin *resources, GError **error);

G_END_DECLS
