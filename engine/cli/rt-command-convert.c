/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip convert`: from one kind of file to another. */
#include "rt-commands.h"

#include "rt-error.h"
#include "rt-exchange-list.h"
#include "rt-format.h"
#include "rt-meter.h"
#include "rt-traffic.h"

#include <stdio.h>

/* What was asked for. */
typedef struct
{
  const char *from, *to;
  const RtFormat *from_format, *to_format;
  char *run;
  RtFilter *filter; /* NULL: all */
  gboolean force, redact, keep, list;
} Conversion;

/* Lessons have nothing to hide; what people did may have. */
static gboolean
wants_redaction (RtSession *session, const Conversion *about)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, NULL);

  if (about->redact || about->keep)
    return about->redact;
  for (guint i = 0; infos != NULL && i < infos->len; i++)
    if (((const RtRunInfo *)infos->pdata[i])->source != RT_SOURCE_LESSON)
      return TRUE;
  return FALSE;
}

static void
list_redacted (const RtRedacted *entry)
{
  g_autofree char *place
      = entry->exchange == 0
            ? g_strdup ("what the recorder wrote down beside the messages")
            : g_strdup_printf ("%s of exchange %u", entry->in_request ? "request" : "response",
                               entry->exchange);

  fprintf (stderr, "  %s %s%s%s, %s%s: %s%s\n",
           entry->replaced ? "replaced" : "suspected, left as it is:",
           rt_secret_kind_name (entry->kind), *entry->name != '\0' ? " " : "", entry->name, place,
           entry->times > 1 ? " and others" : "", entry->shown, entry->replaced ? "" : "…");
}

/* What became of the secrets: a number, and a list for those who ask. */
static void
tell_redactions (GPtrArray *redactions, gboolean list)
{
  guint n_replaced = 0, n_suspected = 0;

  for (guint i = 0; i < redactions->len; i++)
    {
      GPtrArray *entries = rt_redaction_get_list (redactions->pdata[i]);

      for (guint j = 0; j < entries->len; j++)
        {
          const RtRedacted *entry = entries->pdata[j];

          n_replaced += entry->replaced;
          n_suspected += !entry->replaced;
          if (list)
            list_redacted (entry);
        }
    }
  if (n_replaced + n_suspected > 0)
    fprintf (stderr,
             "roundtrip: %u %s replaced by pseudonyms, %u more %s like secrets and %s left%s; "
             "--no-redact keeps all as it was\n",
             n_replaced, n_replaced == 1 ? "secret was" : "secrets were", n_suspected,
             n_suspected == 1 ? "value looks" : "values look", n_suspected == 1 ? "was" : "were",
             list ? "" : " (--list-redacted names them)");
}

static gint64
find_run (RtSession *session, const Conversion *about, GError **error)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, error);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  const RtPlace place = { about->from, 0, 0 };

  if (infos == NULL)
    return 0;
  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];

      if (g_str_equal (info->name, about->run))
        return info->id;
      g_ptr_array_add (names, info->name);
    }
  rt_set_unknown (error, &place, "run", about->run, (const char *const *)names->pdata, names->len);
  return 0;
}

/* The exchanges that the filter lets through, NULL on failure. */
static GArray *
find_exchanges (RtSession *session, const Conversion *about, gint64 run, GError **error)
{
  const RtExchangeSearch search = { .run = run, .filter = about->filter };
  g_autoptr (RtExchangeList) list = rt_exchange_list_new (session, error);

  return list != NULL ? rt_exchange_list_search (list, &search, NULL, NULL, NULL, error) : NULL;
}

/* Which part of the session is wanted. */
static gboolean
pick_part (RtSession *session, const Conversion *about, RtExportOptions *options, GError **error)
{
  if (about->run != NULL)
    {
      options->run = find_run (session, about, error);
      if (options->run == 0)
        return FALSE;
    }
  if (about->filter == NULL)
    return TRUE;
  options->ids = find_exchanges (session, about, options->run, error);
  return options->ids != NULL;
}

static int
export_session (RtSession *session, const Conversion *about)
{
  g_autoptr (GError) error = NULL;
  g_auto (RtMeter) meter = rt_meter_begin ("writing");
  g_autoptr (GPtrArray) redactions
      = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_redaction_unref);
  RtExportOptions options = { .redact = wants_redaction (session, about),
                              .redactions = redactions,
                              .progress = rt_meter_tell,
                              .progress_data = &meter };

  g_autoptr (GArray) ids = NULL;
  gboolean done = pick_part (session, about, &options, &error);

  ids = options.ids;
  done = done
         && rt_format_export (about->to_format, session, about->to, about->force, &options, &error);
  rt_meter_end (&meter);
  if (!done)
    return rt_cli_fail (error);
  tell_redactions (redactions, about->list);
  return RT_EXIT_OK;
}

static int
convert_to_session (const Conversion *about)
{
  g_autoptr (GError) error = NULL;
  g_auto (RtMeter) meter = rt_meter_begin ("reading");
  const RtImportOptions options = { .progress = rt_meter_tell, .progress_data = &meter };
  g_autoptr (RtImportReport) report = rt_format_import_to_file (
      about->from_format, about->from, about->to, about->force, &options, &error);

  rt_meter_end (&meter);
  if (report == NULL)
    return rt_cli_fail (error);
  return rt_traffic_tell_report (report) ? RT_EXIT_OK : RT_EXIT_FAILED;
}

/* Between two foreign formats stands a session of its own. */
static int
convert (const Conversion *about)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtTraffic) traffic = NULL;
  int status;

  if (!about->from_format->native && about->to_format->native)
    return convert_to_session (about);
  traffic = rt_traffic_open (about->from, &error);
  if (traffic == NULL)
    return rt_cli_fail (error);
  if (rt_format_is_same_file (about->to, about->from, &error))
    return rt_cli_fail (error);
  status = export_session (rt_traffic_get_session (traffic), about);
  return rt_traffic_is_whole (traffic) ? status : RT_EXIT_FAILED;
}

static int
run (int argc, char **argv)
{
  Conversion about = { 0 };
  g_autofree char *run_name = NULL;
  g_autofree char *filter_text = NULL;
  g_autoptr (RtFilter) filter = NULL;
  const GOptionEntry options[] = {
    { "force", 'f', 0, G_OPTION_ARG_NONE, &about.force, "Replace OUT if it is there", NULL },
    { "run", 0, 0, G_OPTION_ARG_STRING, &run_name, "Only this run of a session", "NAME" },
    { "filter", 0, 0, G_OPTION_ARG_STRING, &filter_text,
      "Only exchanges that it lets through, as inspect has it; of a capture their connections",
      "FILTER" },
    { "redact", 0, 0, G_OPTION_ARG_NONE, &about.redact,
      "Replace secrets by pseudonyms, in what a lesson gave, too", NULL },
    { "no-redact", 0, 0, G_OPTION_ARG_NONE, &about.keep, "Keep passwords, cookies and tokens",
      NULL },
    { "list-redacted", 0, 0, G_OPTION_ARG_NONE, &about.list, "List what was replaced", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_convert, options, &argc, &argv, &status))
    return status;
  if (argc != 3)
    return rt_cli_usage (&rt_command_convert, "it takes a file to read and one to write");
  if (about.redact && about.keep)
    return rt_cli_usage (&rt_command_convert, "--redact and --no-redact exclude each other");
  if (filter_text != NULL && (filter = rt_filter_new (filter_text, &error)) == NULL)
    return rt_cli_usage (&rt_command_convert, "%s", error->message);
  about.filter = filter;
  about.from = argv[1];
  about.to = argv[2];
  about.run = run_name;
  about.to_format = rt_format_for_path (about.to, &error);
  if (about.to_format != NULL)
    about.from_format = rt_format_of_file (about.from, &error);
  if (about.from_format == NULL)
    return rt_cli_fail (error);
  if (about.run != NULL && !about.from_format->native)
    return rt_cli_usage (&rt_command_convert, "only a session has runs to choose from");
  if (filter != NULL && about.to_format->native)
    return rt_cli_usage (&rt_command_convert, "exchanges are not picked out into a session");
  return convert (&about);
}

const RtCommand rt_command_convert = {
  "convert",
  "IN OUT [--force] [--run NAME] [--filter FILTER] [--no-redact]",
  "Turn a session, an HTTP archive or a capture into another of them",
  run,
};
