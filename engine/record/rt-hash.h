/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fast hash: finds equal content and damaged pages. No defence against somebody who looks for
 * collisions, so whoever uses it compares the bytes, too. For this folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64 rt_hash (gconstpointer data, gsize size);

G_END_DECLS
