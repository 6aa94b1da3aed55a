/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip inspect`: tells what a file of traffic holds, or what a server says. */
#include "rt-commands.h"

#include "rt-error.h"
#include "rt-inspect-exchange.h"
#include "rt-inspect-findings.h"
#include "rt-inspect-list.h"
#include "rt-inspect-url.h"
#include "rt-json.h"
#include "rt-observer.h"
#include "rt-output.h"
#include "rt-traffic.h"

#include <stdio.h>

#define NO_LIMIT G_MAXINT

/* What can be read of a run, NULL if nothing can; @error: why that is not all of it. */
static RtAnalysis *
analyse (RtSession *session, const RtRunInfo *info, GError **error)
{
  const RtPlace place = { rt_session_get_path (session), 0, 0 };
  g_autoptr (RtReader) reader = rt_session_open_run (session, info->id, error);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  guint64 known;

  rt_analysis_set_observed (analysis, info->source != RT_SOURCE_LESSON);
  if (reader == NULL || !rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, error))
    return rt_analysis_get_length (analysis) > 0 ? g_steal_pointer (&analysis) : NULL;
  known = rt_analysis_get_length (analysis);
  if (known < info->n_events)
    rt_set_error (error, RT_ERROR_MISSING, &place, "a whole file",
                  "of the run “%s” %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
                  " events can be read",
                  info->name, known, info->n_events);
  return known > 0 || info->n_events == 0 ? g_steal_pointer (&analysis) : NULL;
}

/* A run that cannot be read is told of; those after it may be good. */
static int
inspect (RtSession *session, GPtrArray *infos, gboolean json)
{
  g_autoptr (JsonArray) runs = json_array_new ();
  int status = RT_EXIT_OK;

  for (guint i = 0; i < infos->len; i++)
    {
      const RtRunInfo *info = infos->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (RtAnalysis) analysis = analyse (session, info, &error);

      if (analysis != NULL && json)
        json_array_add_object_element (runs, rt_output_run_to_json (info->name, analysis));
      else if (analysis != NULL)
        rt_output_run (info->name, analysis);
      if (error != NULL)
        status = rt_cli_fail (error);
    }
  if (json)
    {
      JsonObject *document = json_object_new ();

      json_object_set_array_member (document, "runs", g_steal_pointer (&runs));
      rt_json_print (document);
    }
  return status;
}

static void
clear_wishes (RtInspectList *list, RtInspectExchange *one)
{
  g_free (list->filter);
  g_free (list->sort);
  g_free (one->exchange);
  g_free (one->form);
  g_free (one->body);
}

static int
inspect_file (const char *path, const RtInspectList *list, const RtInspectExchange *one)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtTraffic) traffic = rt_traffic_open (path, &error);
  g_autoptr (GPtrArray) infos = NULL;
  RtSession *session = NULL;
  int status;

  if (traffic != NULL)
    {
      session = rt_traffic_get_session (traffic);
      infos = rt_session_list_runs (session, &error);
    }
  if (infos == NULL)
    return rt_cli_fail (error);
  if (one->exchange != NULL)
    return rt_inspect_exchange (session, one);
  if (list->filter != NULL || list->sort != NULL || list->limit != NO_LIMIT)
    status = rt_inspect_list (session, list);
  else
    status = inspect (session, infos, list->json);
  if (infos->len == 0 && !list->json)
    puts ("There is no run in it.");
  if (status == RT_EXIT_OK && !rt_traffic_is_whole (traffic))
    return RT_EXIT_FAILED;
  return status == RT_EXIT_OK ? rt_cli_check_whole (session) : status;
}

/* What was said that is for the other of the two; NULL: nothing. */
static const char *
find_misplaced (gboolean is_url,
                const RtInspectList *list,
                const RtInspectExchange *one,
                const RtInspectUrl *url)
{
  if (is_url && (list->filter != NULL || list->sort != NULL || one->exchange != NULL))
    return "--filter, --sort and --exchange are for a file, not for a URL";
  if (!is_url
      && (url->method != NULL || url->fields != NULL || url->follow || url->record != NULL
          || url->authorities != NULL || url->insecure || url->timeout != NULL
          || url->stack != NULL))
    return "-X, -H, -L, -k, --record, --cacert, --timeout and --stack are for a URL, not for a "
           "file";
  return NULL;
}

static int
run (int argc, char **argv)
{
  RtInspectList list = { .limit = NO_LIMIT };
  RtInspectExchange one = { 0 };
  RtInspectUrl url = { 0 };
  gboolean findings = FALSE;
  const GOptionEntry options[] = {
    { "filter", 0, 0, G_OPTION_ARG_STRING, &list.filter,
      "List what matches: status-code:404 body:word \"text\" /regex/", "TEXT" },
    { "sort", 0, 0, G_OPTION_ARG_STRING, &list.sort,
      "List by start, duration, method, domain, target, status, …; -ORDER: backwards", "ORDER" },
    { "limit", 0, 0, G_OPTION_ARG_INT, &list.limit, "List so many at most", "N" },
    { "findings", 0, 0, G_OPTION_ARG_NONE, &findings,
      "List what is wrong or could be better, of HAR files and captures, too", NULL },
    { "exchange", 0, 0, G_OPTION_ARG_STRING, &one.exchange, "Print one exchange alone", "[RUN/]N" },
    { "as", 0, 0, G_OPTION_ARG_STRING, &one.form,
      "… as curl, raw, raw-request, raw-response or har", "FORM" },
    { "body", 0, 0, G_OPTION_ARG_FILENAME, &one.body,
      "Where content goes that cannot stand in a curl command", "FILE" },
    { "no-redact", 0, 0, G_OPTION_ARG_NONE, &one.keep,
      "… with passwords, cookies and tokens as they are", NULL },
    { "request", 'X', 0, G_OPTION_ARG_STRING, &url.method, "Of a URL: the method", "METHOD" },
    { "header", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &url.fields, "… a field of the request",
      "NAME: VALUE" },
    { "follow", 'L', 0, G_OPTION_ARG_NONE, &url.follow, "… go where redirections lead", NULL },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &url.record, "… record it in a session file", "FILE" },
    { "cacert", 0, 0, G_OPTION_ARG_FILENAME, &url.authorities,
      "… who vouches for the server, instead of those that this machine trusts", "PEM" },
    { "insecure", 'k', 0, G_OPTION_ARG_NONE, &url.insecure, "… take whatever certificate is shown",
      NULL },
    { "stack", 0, 0, G_OPTION_ARG_STRING, &url.stack,
      "… ask with another library, too, and compare: libsoup", "STACK" },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &url.timeout, "… give up after so long: 10s",
      "DURATION" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &list.json, "One JSON document", NULL },
    { NULL },
  };
  const char *misplaced;
  gboolean is_url;
  int status;

  if (!rt_cli_parse (&rt_command_inspect, options, &argc, &argv, &status))
    {
      clear_wishes (&list, &one);
      rt_inspect_url_clear (&url);
      return status;
    }
  url.json = list.json;
  is_url = argc == 2 && rt_inspect_url_is_one (argv[1]);
  misplaced = find_misplaced (is_url, &list, &one, &url);
  if (argc != 2)
    status = rt_cli_usage (&rt_command_inspect, "it takes one file, or one URL");
  else if (list.limit <= 0)
    status = rt_cli_usage (&rt_command_inspect, "--limit takes a number above 0");
  else if (one.exchange == NULL && (one.form != NULL || one.body != NULL || one.keep))
    status = rt_cli_usage (&rt_command_inspect, "--as, --body and --no-redact need --exchange");
  else if (misplaced != NULL)
    status = rt_cli_usage (&rt_command_inspect, "%s", misplaced);
  else if (url.stack != NULL && !g_str_equal (url.stack, "libsoup"))
    status = rt_cli_usage (&rt_command_inspect, "--stack takes libsoup, not “%s”", url.stack);
  else if (is_url)
    status = rt_inspect_url (argv[1], &url);
  else if (findings
           && (list.filter != NULL || list.sort != NULL || list.limit != NO_LIMIT
               || one.exchange != NULL))
    status
        = rt_cli_usage (&rt_command_inspect, "--findings lists all of them: it takes --json alone");
  else if (findings)
    status = rt_inspect_findings (argv[1], list.json);
  else
    status = inspect_file (argv[1], &list, &one);
  clear_wishes (&list, &one);
  rt_inspect_url_clear (&url);
  return status;
}

const RtCommand rt_command_inspect
    = { "inspect",
        "FILE [--filter TEXT] [--sort ORDER] [--limit N] [--findings]\n"
        "          [--exchange N --as FORM] [--json]\n"
        "          URL [-X METHOD] [-H FIELD] [--follow] [--stack libsoup] [--record FILE] "
        "[--cacert PEM] [-k]",
        "Tell what a file of traffic holds, or what a server says", run };
