/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session, or a part of it, as a new session file. For this folder. */
#pragma once

#include "rt-format.h"

G_BEGIN_DECLS

gboolean rt_session_copy (RtSession *session,
                          const char *path,
                          const RtExportOptions *options,
                          GError **error);

G_END_DECLS
