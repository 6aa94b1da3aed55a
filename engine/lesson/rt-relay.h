/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A relay: stands in the log where an origin stood and passes every byte on to a program, so that
 * what others send it is recorded on its way. */
#pragma once

#include "rt-effects.h"

G_BEGIN_DECLS

typedef struct _RtRelay RtRelay;

RtRelay *rt_relay_new (const char *host, guint16 port);
void rt_relay_free (RtRelay *relay);

extern const RtPartyClass rt_relay_class;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtRelay, rt_relay_free)

G_END_DECLS
