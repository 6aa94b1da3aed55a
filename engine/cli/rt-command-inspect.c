/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip inspect`: tells what a session file holds. */
#include "rt-commands.h"

#include "rt-json.h"
#include "rt-output.h"
#include "rt-session.h"

#include <stdio.h>

static RtAnalysis *
analyse (RtSession *session, const RtRunInfo *info, GError **error)
{
  g_autoptr (RtReader) reader = rt_session_open_run (session, info->id, error);
  g_autoptr (RtAnalysis) analysis = NULL;

  if (reader == NULL)
    return NULL;
  analysis = rt_analysis_new ();
  if (!rt_analysis_feed_reader (analysis, reader, G_MAXUINT64, error))
    return NULL;
  return g_steal_pointer (&analysis);
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

      if (analysis == NULL)
        status = rt_cli_fail (error);
      else if (json)
        json_array_add_object_element (runs, rt_output_run_to_json (info->name, analysis));
      else
        rt_output_run (info->name, analysis);
    }
  if (json)
    {
      JsonObject *document = json_object_new ();

      json_object_set_array_member (document, "runs", g_steal_pointer (&runs));
      rt_json_print (document);
    }
  return status;
}

static int
run (int argc, char **argv)
{
  gboolean json = FALSE;
  const GOptionEntry options[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &json, "One JSON document", NULL },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtSession) session = NULL;
  g_autoptr (GPtrArray) infos = NULL;
  int status;

  if (!rt_cli_parse (&rt_command_inspect, options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return rt_cli_usage (&rt_command_inspect, "it takes one session file");
  session = rt_session_open (argv[1], &error);
  if (session != NULL)
    infos = rt_session_list_runs (session, &error);
  if (infos == NULL)
    return rt_cli_fail (error);
  return inspect (session, infos, json);
}

const RtCommand rt_command_inspect
    = { "inspect", "FILE [--json]", "Tell what a session file holds", run };
