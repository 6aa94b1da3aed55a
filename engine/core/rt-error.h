/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Errors that name the place and what was expected there. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RtPlace:
 * @file: (nullable): a path or another name of the source, as the user gave it
 * @line: from 1; 0 where lines mean nothing
 * @column: from 1; 0 = not known
 *
 * Where in a source something stands. Borrowed: copied into the message.
 */
typedef struct
{
  const char *file;
  guint line, column;
} RtPlace;

/**
 * RtError:
 * @RT_ERROR_SYNTAX: the source does not follow its grammar
 * @RT_ERROR_UNKNOWN: a name that nothing is known by
 * @RT_ERROR_LIMIT: a named cap was reached
 * @RT_ERROR_MISSING: bytes, a page or an entry that is referred to is not there
 * @RT_ERROR_VERSION: written by a newer version
 * @RT_ERROR_UNSUPPORTED: correct, but nothing here can do it
 * @RT_ERROR_IO: the system refused
 * @RT_ERROR_PEER: the other side of a connection broke a rule
 *
 * Codes of the domain `RT_ERROR`, which the engine's layers share unless one of them needs finer
 * codes of its own.
 */
typedef enum
{
  RT_ERROR_SYNTAX,
  RT_ERROR_UNKNOWN,
  RT_ERROR_LIMIT,
  RT_ERROR_MISSING,
  RT_ERROR_VERSION,
  RT_ERROR_UNSUPPORTED,
  RT_ERROR_IO,
  RT_ERROR_PEER,
} RtError;

#define RT_ERROR (rt_error_quark ())
GQuark rt_error_quark (void);

void rt_set_error (GError **error,
                   RtError code,
                   const RtPlace *place,
                   const char *expected,
                   const char *format,
                   ...) G_GNUC_PRINTF (5, 6);
void rt_prefix_place (GError **error, const RtPlace *place);
char *rt_place_format (const RtPlace *place);
void rt_set_unknown (GError **error,
                     const RtPlace *place,
                     const char *what,
                     const char *given,
                     const char *const *names,
                     gsize n_names);
const char *rt_nearest (const char *given, const char *const *names, gsize n_names);

G_END_DECLS
