/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answers of a recording and those that came now, beside each other. */
#include "rt-replay-report.h"

#include "rt-compared.h"
#include "rt-resent.h"

#include <stdio.h>

/* One request with both answers. */
typedef struct
{
  const RtResend *resend;
  RtResent resent;
} Result;

static void
result_clear (Result *result)
{
  rt_resent_clear (&result->resent);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static Result
look_at (const RtReplayReport *report, guint i)
{
  Result result = { .resend = report->resends->pdata[i] };
  gboolean sent = report->resender != NULL && rt_resender_was_sent (report->resender, i);

  if (!sent)
    return result;
  result.resent.before = rt_analysis_get_exchange (report->run->analysis, result.resend->exchange);
  result.resent.now = rt_resender_get_exchange (report->resender, i);
  result.resent.failure = rt_resender_get_failure (report->resender, i);
  rt_resent_compare (&result.resent, report->run->analysis,
                     rt_resender_get_analysis (report->resender), report->ignore);
  return result;
}

/* Text */

static void
print_outcome (const Result *result)
{
  g_autofree char *words = NULL;

  if (result->resent.outcome == RT_RESENT_KEPT_BACK)
    {
      printf ("not sent%s%s\n", result->resend->why_not != NULL ? ": " : "",
              result->resend->why_not != NULL ? result->resend->why_not : "");
      return;
    }
  words = rt_resent_dup_words (&result->resent);
  puts (words);
}

static void
print_result (const Result *result)
{
  const RtResend *resend = result->resend;

  printf ("exchange %u: %s → ", resend->exchange, resend->words);
  print_outcome (result);
  if (resend->dropped->len > 0 && result->resent.outcome != RT_RESENT_KEPT_BACK)
    {
      g_autofree char *names = NULL;

      g_ptr_array_add (resend->dropped, NULL);
      names = g_strjoinv (", ", (char **)resend->dropped->pdata);
      g_ptr_array_set_size (resend->dropped, (gint)resend->dropped->len - 1);
      printf ("  credentials left out: %s\n", names);
    }
  if (result->resent.comparison != NULL)
    rt_compared_print (result->resent.comparison, result->resent.scope);
  if (result->resent.other_content)
    puts ("  content: differs, with its codings undone");
}

static void
print_summary (const RtReplayReport *report, const guint counts[RT_N_RESENT_OUTCOMES])
{
  printf ("\n%u sent to %s: %u as recorded, %u different, %u without an answer; %u not sent.\n",
          counts[RT_RESENT_SAME] + counts[RT_RESENT_DIFFERENT] + counts[RT_RESENT_UNANSWERED],
          report->to, counts[RT_RESENT_SAME], counts[RT_RESENT_DIFFERENT],
          counts[RT_RESENT_UNANSWERED], counts[RT_RESENT_KEPT_BACK]);
  if (report->recorded != NULL)
    printf ("Recorded as the run “%s” of %s.\n", report->recorded_run, report->recorded);
}

/* JSON */

static void
set_text (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

static JsonObject *
result_to_json (const Result *result)
{
  const RtTransfer *response = result->resent.now != NULL ? result->resent.now->response : NULL;
  JsonObject *out = json_object_new ();
  JsonArray *dropped = json_array_new ();

  json_object_set_int_member (out, "exchange", result->resend->exchange);
  set_text (out, "request", result->resend->words);
  json_object_set_boolean_member (out, "sent", result->resent.outcome != RT_RESENT_KEPT_BACK);
  set_text (out, "why_not", result->resend->why_not);
  json_object_set_boolean_member (out, "byte_for_byte", result->resend->bytes != NULL);
  for (guint i = 0; i < result->resend->dropped->len; i++)
    json_array_add_string_element (dropped, result->resend->dropped->pdata[i]);
  json_object_set_array_member (out, "dropped", dropped);
  if (result->resent.outcome == RT_RESENT_KEPT_BACK)
    return out;
  if (result->resent.now != NULL)
    json_object_set_int_member (out, "replayed", result->resent.now->id);
  if (response != NULL && response->has_head)
    json_object_set_int_member (out, "status", response->message->status);
  set_text (out, "failure", result->resent.failure);
  json_object_set_boolean_member (out, "same", result->resent.outcome == RT_RESENT_SAME);
  if (result->resent.before->reconstructed)
    json_object_set_boolean_member (out, "same_content", !result->resent.other_content);
  json_object_set_array_member (
      out, "differences", rt_compared_to_json (result->resent.comparison, result->resent.scope));
  return out;
}

static void
print_json (const RtReplayReport *report,
            const guint counts[RT_N_RESENT_OUTCOMES],
            JsonArray *results)
{
  JsonObject *document = json_object_new ();

  json_object_set_string_member (document, "to", report->to);
  json_object_set_string_member (document, "run", report->run->name);
  set_text (document, "recorded", report->recorded);
  set_text (document, "recorded_run", report->recorded_run);
  json_object_set_int_member (document, "n_same", counts[RT_RESENT_SAME]);
  json_object_set_int_member (document, "n_different", counts[RT_RESENT_DIFFERENT]);
  json_object_set_int_member (document, "n_unanswered", counts[RT_RESENT_UNANSWERED]);
  json_object_set_int_member (document, "n_not_sent", counts[RT_RESENT_KEPT_BACK]);
  json_object_set_array_member (document, "exchanges", results);
  rt_json_print (document);
}

/**
 * rt_replay_report:
 * @report: what there is to tell
 * @json: as one JSON document
 *
 * Prints each request with what differs in its answer, and a summary.
 *
 * Returns: whether all that was sent was answered as it was recorded
 */
gboolean
rt_replay_report (const RtReplayReport *report, gboolean json)
{
  guint counts[RT_N_RESENT_OUTCOMES] = { 0 };
  JsonArray *results = json ? json_array_new () : NULL;

  for (guint i = 0; i < report->resends->len; i++)
    {
      g_auto (Result) result = look_at (report, i);

      counts[result.resent.outcome]++;
      if (json)
        json_array_add_object_element (results, result_to_json (&result));
      else
        print_result (&result);
    }
  if (json)
    print_json (report, counts, results);
  else
    print_summary (report, counts);
  return counts[RT_RESENT_DIFFERENT] + counts[RT_RESENT_UNANSWERED] == 0;
}
