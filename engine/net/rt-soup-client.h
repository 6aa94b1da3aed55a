/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A client whose connections are libsoup's: what a real library makes of the same tasks. */
#pragma once

#include "rt-live.h"

G_BEGIN_DECLS

RtPartyId rt_soup_client_add (RtLive *live, const char *name, gboolean follows);

G_END_DECLS
