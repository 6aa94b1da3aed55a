/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Scheme and authority of the target URI of a request that was recorded. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

void rt_target_uri_read (const RtMessage *request,
                         const RtConnectionInfo *connection,
                         char **ret_scheme,
                         char **ret_authority);

G_END_DECLS
