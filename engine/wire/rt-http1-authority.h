/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Host and port, as Host and request-targets have them. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

gboolean rt_authority_split (RtText authority, RtText *ret_host, RtText *ret_port);
gboolean rt_authority_of_target (RtText target, RtText *ret_authority);

G_END_DECLS
