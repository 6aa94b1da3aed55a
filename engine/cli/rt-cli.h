/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command line: `roundtrip COMMAND …`. */
#pragma once

#include "rt-session.h"

G_BEGIN_DECLS

/** RT_EXIT_OK, RT_EXIT_FAILED, RT_EXIT_USAGE: what commands return. */
#define RT_EXIT_OK 0
#define RT_EXIT_FAILED 1
#define RT_EXIT_USAGE 2

/**
 * RtCommand:
 * @name: as it is typed
 * @arguments: `LESSON [--json]`
 * @summary: one line
 * @run: does it; @argv begins with the command's name. Returns the exit status
 *
 * A command.
 */
typedef struct
{
  const char *name, *arguments, *summary;
  int (*run) (int argc, char **argv);
} RtCommand;

int rt_cli_main (int argc, char **argv, const RtCommand *const *extra, guint n_extra);
gboolean rt_cli_is_command (const char *name, const RtCommand *const *extra, guint n_extra);

gboolean rt_cli_parse (const RtCommand *command,
                       const GOptionEntry *options,
                       int *argc,
                       char ***argv,
                       int *ret_status);
int rt_cli_usage (const RtCommand *command, const char *format, ...) G_GNUC_PRINTF (2, 3);
int rt_cli_fail (const GError *error);
int rt_cli_check_whole (RtSession *session);

G_END_DECLS
