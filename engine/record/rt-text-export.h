/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A session as text. For this folder. */
#pragma once

#include "rt-format.h"

G_BEGIN_DECLS

gboolean rt_text_export (RtSession *session,
                         GOutputStream *out,
                         const RtExportOptions *options,
                         GError **error);

G_END_DECLS
