/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Heads of reconstructed messages, for where there is nothing but their bytes. For this folder. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

GString *rt_rebuilt_head_frame (RtText head, const char *method, guint64 length);

G_END_DECLS
