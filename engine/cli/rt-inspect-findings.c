/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lists the findings of a session, a HAR or a capture: one each, with the clause and the bytes that
 * it is about. */
#include "rt-inspect-findings.h"

#include "rt-cli.h"
#include "rt-json.h"
#include "rt-note.h"
#include "rt-observer.h"
#include "rt-output.h"
#include "rt-traffic.h"

#include <stdio.h>

/* Of the bytes that a finding is about so many are shown. */
#define SHOWN_BYTES 100

/* The bytes at the span, as far as they tell something. */
static char *
dup_bytes (RtAnalysis *analysis, RtSpan span)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *data;
  gsize size;

  if (rt_span_is_none (span))
    return NULL;
  span.length = MIN (span.length, SHOWN_BYTES);
  bytes = rt_analysis_dup_bytes (analysis, span, NULL);
  if (bytes == NULL)
    return NULL;
  data = g_bytes_get_data (bytes, &size);
  return rt_text_escape ((RtText){ data, size });
}

/* What stands for those that no rule of ours gave a name: a finding of the reader, a decision. */
static const char *
name_of (const RtNote *note)
{
  if (note->finding != NULL)
    return note->finding;
  return note->decision != NULL ? rt_decision_get_rule (note->decision) : "message";
}

static void
print_finding (RtAnalysis *analysis, const RtNote *note)
{
  g_autofree char *bytes = dup_bytes (analysis, note->span);
  g_autofree char *head
      = g_strdup_printf ("%s: %s", rt_severity_name (note->severity), note->title);

  printf ("%4u  %s\n", note->exchange, name_of (note));
  rt_output_wrapped (head, "      ");
  if (*note->text != '\0')
    rt_output_wrapped (note->text, "      ");
  if (note->reference != NULL)
    printf ("      %s (%s)\n", note->reference, rt_level_name (note->level));
  if (note->symptom != NULL)
    printf ("      symptom: %s\n", note->symptom);
  if (bytes != NULL)
    printf ("      > %s\n", bytes);
}

static JsonObject *
finding_to_json (RtAnalysis *analysis, const RtTrafficRun *run, const RtNote *note)
{
  JsonObject *out = rt_json_from_note (note);
  g_autofree char *bytes = dup_bytes (analysis, note->span);

  json_object_set_string_member (out, "run", run->name);
  json_object_set_string_member (out, "name", name_of (note));
  if (bytes != NULL)
    json_object_set_string_member (out, "bytes", bytes);
  return out;
}

static guint
list_run (const RtTrafficRun *run, gboolean titled, JsonArray *out)
{
  GPtrArray *notes = rt_analysis_get_notes (run->analysis);
  guint found = 0;

  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];

      if (!rt_note_is_finding (note))
        continue;
      if (found++ == 0 && titled && out == NULL)
        printf ("%s\n", run->name);
      if (out != NULL)
        json_array_add_object_element (out, finding_to_json (run->analysis, run, note));
      else
        print_finding (run->analysis, note);
    }
  return found;
}

/**
 * rt_inspect_findings:
 * @path: a file of any format that can be read
 * @json: as one JSON document
 *
 * Returns: the exit status
 */
int
rt_inspect_findings (const char *path, gboolean json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RtTraffic) traffic = rt_traffic_open (path, &error);
  GPtrArray *runs = traffic != NULL ? rt_traffic_get_runs (traffic, &error) : NULL;
  g_autoptr (JsonArray) out = json ? json_array_new () : NULL;
  guint found = 0;

  if (runs == NULL)
    return rt_cli_fail (error);
  for (guint i = 0; i < runs->len; i++)
    found += list_run (runs->pdata[i], runs->len > 1, out);
  if (json)
    {
      JsonObject *document = json_object_new ();

      json_object_set_array_member (document, "findings", g_steal_pointer (&out));
      rt_json_print (document);
    }
  else
    printf ("%u finding%s\n", found, found == 1 ? "" : "s");
  return rt_traffic_is_whole (traffic) ? RT_EXIT_OK : RT_EXIT_FAILED;
}
