/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command line: which commands there are, and what they have in common. */
#include "rt-cli.h"

#include "rt-commands.h"
#include "rt-error.h"
#include "rt-rule.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const RtCommand rule_command
    = { "rule", "NAME", "Ask one rule or grammar: a JSON object a line in and out", rt_rule_main };

static const RtCommand *const commands[] = {
  &rt_command_run,     &rt_command_check,   &rt_command_try,  &rt_command_serve,  &rt_command_list,
  &rt_command_inspect, &rt_command_convert, &rt_command_diff, &rt_command_replay, &rt_command_fetch,
  &rt_command_gateway, &rt_command_proxy,   &rule_command,
};

static const RtCommand *
find_command (const char *name, const RtCommand *const *extra, guint n_extra)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i]->name, name))
      return commands[i];
  for (guint i = 0; i < n_extra; i++)
    if (g_str_equal (extra[i]->name, name))
      return extra[i];
  return NULL;
}

/**
 * rt_cli_is_command:
 * @name: a word of the command line
 * @extra: (array length=n_extra): commands beside those of this library
 *
 * Returns: whether it is a command's name
 */
gboolean
rt_cli_is_command (const char *name, const RtCommand *const *extra, guint n_extra)
{
  return find_command (name, extra, n_extra) != NULL;
}

static void
print_command (FILE *to, const RtCommand *command)
{
  fprintf (to, "  %s%s%s\n      %s\n", command->name, *command->arguments != '\0' ? " " : "",
           command->arguments, command->summary);
}

static void
print_help (FILE *to, const RtCommand *const *extra, guint n_extra)
{
  fputs ("Usage: roundtrip [COMMAND …]\n\n"
         "Watch HTTP happen. Without a command the window is opened.\n\n",
         to);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    print_command (to, commands[i]);
  for (guint i = 0; i < n_extra; i++)
    print_command (to, extra[i]);
  fputs ("\n  --help      Show this\n  --version   Show the version\n\n"
         "A LESSON is a path, a name such as lost-update, or a number such as 11.\n"
         "`roundtrip COMMAND --help` tells more of a command.\n"
         "Exit status: 0 all is well, 1 something failed, 2 the command line is wrong.\n",
         to);
}

static int
unknown_command (const char *name, const RtCommand *const *extra, guint n_extra)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_ptr_array_add (names, (gpointer)commands[i]->name);
  for (guint i = 0; i < n_extra; i++)
    g_ptr_array_add (names, (gpointer)extra[i]->name);
  rt_set_unknown (&error, NULL, "command", name, (const char *const *)names->pdata, names->len);
  fprintf (stderr, "roundtrip: %s\n", error->message);
  return RT_EXIT_USAGE;
}

/* What was printed has to have arrived: a full disk is a failure like any other. */
static int
check_output (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  fprintf (stderr, "roundtrip: what was printed could not be written: %s\n", g_strerror (errno));
  return status == RT_EXIT_OK ? RT_EXIT_FAILED : status;
}

/**
 * rt_cli_main:
 * @argc: length of @argv
 * @argv: the program's arguments
 * @extra: (array length=n_extra): commands beside those of this library
 *
 * Runs one command.
 *
 * Returns: the exit status
 */
int
rt_cli_main (int argc, char **argv, const RtCommand *const *extra, guint n_extra)
{
  const RtCommand *command;

  if (argc < 2)
    {
      print_help (stderr, extra, n_extra);
      return RT_EXIT_USAGE;
    }
  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h"))
    {
      print_help (stdout, extra, n_extra);
      return RT_EXIT_OK;
    }
  if (g_str_equal (argv[1], "--version"))
    {
      puts ("roundtrip " RT_VERSION);
      return RT_EXIT_OK;
    }
  command = find_command (argv[1], extra, n_extra);
  if (command == NULL)
    return unknown_command (argv[1], extra, n_extra);
  return check_output (command->run (argc - 1, argv + 1));
}

/**
 * rt_cli_parse:
 * @command: the command
 * @options: what it takes
 * @argc: (inout): length of @argv
 * @argv: (inout): its arguments; afterwards those that are no options, the command's name first
 * @ret_status: (out): the exit status where it returns %FALSE
 *
 * Reads a command's options. `--help` is answered here.
 *
 * Returns: whether the command is to be carried out
 */
gboolean
rt_cli_parse (
    const RtCommand *command, const GOptionEntry *options, int *argc, char ***argv, int *ret_status)
{
  g_autoptr (GOptionContext) context = g_option_context_new (command->arguments);
  g_autoptr (GError) error = NULL;
  gboolean help = FALSE;
  const GOptionEntry help_entries[]
      = { { "help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this", NULL }, { NULL } };

  g_option_context_set_summary (context, command->summary);
  g_option_context_set_help_enabled (context, FALSE);
  if (options != NULL)
    g_option_context_add_main_entries (context, options, NULL);
  g_option_context_add_main_entries (context, help_entries, NULL);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      *ret_status = rt_cli_usage (command, "%s", error->message);
      return FALSE;
    }
  if (help)
    {
      g_autofree char *text = g_option_context_get_help (context, TRUE, NULL);
      /* GLib's own first lines name the program and not the command. */
      const char *rest = strstr (text, "\n\n");

      printf ("Usage: roundtrip %s%s%s%s", command->name, *command->arguments != '\0' ? " " : "",
              command->arguments, rest);
      *ret_status = RT_EXIT_OK;
    }
  return !help;
}

/**
 * rt_cli_usage:
 * @command: the command
 * @format: what is wrong with the command line
 *
 * Returns: %RT_EXIT_USAGE
 */
int
rt_cli_usage (const RtCommand *command, const char *format, ...)
{
  va_list arguments;

  fprintf (stderr, "roundtrip %s: ", command->name);
  va_start (arguments, format);
  vfprintf (stderr, format, arguments);
  va_end (arguments);
  fprintf (stderr, "\nUsage: roundtrip %s%s%s\nTry “roundtrip %s --help”.\n", command->name,
           *command->arguments != '\0' ? " " : "", command->arguments, command->name);
  return RT_EXIT_USAGE;
}

/**
 * rt_cli_fail:
 * @error: why
 *
 * Returns: %RT_EXIT_FAILED
 */
int
rt_cli_fail (const GError *error)
{
  fprintf (stderr, "roundtrip: %s\n", error->message);
  return RT_EXIT_FAILED;
}

/**
 * rt_cli_check_whole:
 * @session: a session of which all that was wanted was read
 *
 * Says so if that was not all that was recorded.
 *
 * Returns: the exit status
 */
int
rt_cli_check_whole (RtSession *session)
{
  const RtPlace place = { rt_session_get_path (session), 0, 0 };
  g_autoptr (GError) error = NULL;

  if (!rt_session_get_damaged (session))
    return RT_EXIT_OK;
  rt_set_error (&error, RT_ERROR_SYNTAX, &place, "a whole file",
                "the file is damaged or cut off; what can be read of it was used");
  return rt_cli_fail (error);
}
