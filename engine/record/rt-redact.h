/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * To look for the secrets of a log with a key that nobody knows. */
#pragma once

#include "rt-redaction.h"

#include <gio/gio.h>

G_BEGIN_DECLS

RtRedaction *rt_redact (RtReader *reader, GCancellable *cancellable, GError **error);

G_END_DECLS
