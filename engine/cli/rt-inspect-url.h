/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip inspect URL`: an exchange with a server of the user's choice. For this folder. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtInspectUrl:
 * @method: (nullable): GET
 * @fields: (nullable) (array zero-terminated=1): `NAME: VALUE`
 * @record: (nullable): a session file for all of it
 * @authorities: (nullable): PEM file: who vouches for servers, instead of those that this machine
 *   trusts
 * @timeout: (nullable): a duration
 * @stack: (nullable): `libsoup`: ask with that, too, and compare
 * @follow: go where redirections lead
 * @insecure: take whatever certificate is shown
 *
 * What the user asked for.
 */
typedef struct
{
  char *method, *record, *authorities, *timeout, *stack;
  char **fields;
  gboolean follow, insecure, json;
} RtInspectUrl;

gboolean rt_inspect_url_is_one (const char *text);
int rt_inspect_url (const char *text, const RtInspectUrl *about);
gboolean rt_inspect_url_to_file (const char *text, const char *path, GError **error);
void rt_inspect_url_clear (RtInspectUrl *about);

G_END_DECLS
