/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session, or a part of it, as a new session file, with or without its secrets. For this folder.
 */
#pragma once

#include "rt-format.h"

G_BEGIN_DECLS

gboolean rt_session_copy (RtSession *session,
                          const char *path,
                          const RtExportOptions *options,
                          GError **error);
RtSession *rt_session_open_redacted (RtSession *session,
                                     const char *path,
                                     const RtExportOptions *options,
                                     RtExportOptions *ret_options,
                                     GError **error);

G_END_DECLS
