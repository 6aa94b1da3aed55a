/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The samples: recordings that come with the program. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtSample:
 * @name: of the file: `lost-update.pcap`
 * @path: where it is
 * @about: what to look at, a sentence or two
 */
typedef struct
{
  char *name, *path, *about;
} RtSample;

GPtrArray *rt_samples_list (void); /* RtSample */

G_END_DECLS
