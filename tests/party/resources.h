/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Dialogues with origin servers of any resources: a row says which there are, what happens, and
 * what comes of it. Date fields are left out. */
#pragma once

#include "rt-origin.h"

G_BEGIN_DECLS

/* @origin: `{path: (kind, settings)}` as a text of GVariant; @want: all lines that come out. */
typedef struct
{
  const char *name, *origin, *script, *want;
} ResourceRow;

RtOrigin *resources_new (const char *text, GError **error);
int resources_run (const char *group, const ResourceRow *rows, guint n_rows);

G_END_DECLS
