/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The answers of a recording and those that came now, beside each other. */
#include "rt-replay-report.h"

#include "rt-compared.h"
#include "rt-content.h"

#include <stdio.h>

/* What a recording without bytes says of framing and codings binds nobody. */
static const char *const of_the_wire[]
    = { "Connection",        "Content-Encoding", "Content-Length", "Keep-Alive",
        "Transfer-Encoding", "Trailer",          "Date",           NULL };

typedef enum
{
  KEPT_BACK,  /* was not sent */
  SAME,       /* the answer is as recorded */
  DIFFERENT,  /* it is another one */
  UNANSWERED, /* there is none, though one was recorded */
  N_OUTCOMES,
} Outcome;

/* One request with both answers. */
typedef struct
{
  const RtReplayReport *report;
  const RtResend *resend;
  const RtExchange *before, *now;
  const char *failure;
  RtComparison *comparison; /* NULL: there is nothing to compare */
  RtComparedScope scope;
  gboolean other_content; /* of a reconstructed answer: differs, with its codings undone */
  Outcome outcome;
} Result;

static void
result_clear (Result *result)
{
  g_clear_pointer (&result->comparison, rt_comparison_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Result, result_clear)

static gboolean
contents_differ (const Result *result)
{
  RtAnalysis *after = rt_resender_get_analysis (result->report->resender);
  const RtTransfer *left = result->before->response, *right = result->now->response;
  g_autoptr (RtContent) a = NULL;
  g_autoptr (RtContent) b = NULL;

  if (left == NULL || right == NULL || !left->has_head || !right->has_head)
    return FALSE;
  a = rt_content_new (result->report->run->analysis, left);
  b = rt_content_new (after, right);
  /* Of what was not kept nobody can say that it differs. */
  return a->state != RT_CONTENT_MISSING && left->missing == NULL
         && !g_bytes_equal (a->bytes, b->bytes);
}

static guint
count_differences (const Result *result)
{
  return rt_compared_count (result->comparison, result->scope) + (result->other_content ? 1 : 0);
}

static Result
look_at (const RtReplayReport *report, guint i)
{
  Result result = { .report = report, .resend = report->resends->pdata[i] };
  RtComparisonOptions options = { report->ignore };
  gboolean sent = report->resender != NULL && rt_resender_was_sent (report->resender, i);

  if (!sent)
    return result;
  result.before = rt_analysis_get_exchange (report->run->analysis, result.resend->exchange);
  result.now = rt_resender_get_exchange (report->resender, i);
  result.failure = rt_resender_get_failure (report->resender, i);
  result.outcome = UNANSWERED;
  if (result.now == NULL)
    return result;
  result.scope = result.before->reconstructed ? RT_COMPARED_REBUILT_ANSWERS : RT_COMPARED_ANSWERS;
  if (result.before->reconstructed)
    options.ignore = of_the_wire;
  result.comparison
      = rt_comparison_new (report->run->analysis, result.before,
                           rt_resender_get_analysis (report->resender), result.now, &options);
  result.other_content = result.before->reconstructed && contents_differ (&result);
  if (count_differences (&result) == 0)
    result.outcome = SAME;
  else if (result.failure == NULL)
    result.outcome = DIFFERENT;
  return result;
}

/* Text */

static void
print_outcome (const Result *result)
{
  const RtTransfer *response = result->now != NULL ? result->now->response : NULL;
  guint n;

  if (result->outcome == KEPT_BACK)
    {
      printf ("not sent%s%s\n", result->resend->why_not != NULL ? ": " : "",
              result->resend->why_not != NULL ? result->resend->why_not : "");
      return;
    }
  if (response != NULL && response->has_head)
    printf ("%03u", response->message->status);
  else
    printf ("no answer");
  if (result->failure != NULL)
    printf (" (%s)", result->failure);
  if (result->outcome == SAME)
    {
      puts (", as recorded");
      return;
    }
  n = result->comparison != NULL ? count_differences (result) : 0;
  if (n > 0)
    printf (", %u difference%s", n, n == 1 ? "" : "s");
  putchar ('\n');
}

static void
print_result (const Result *result)
{
  const RtResend *resend = result->resend;

  printf ("exchange %u: %s → ", resend->exchange, resend->words);
  print_outcome (result);
  if (resend->dropped->len > 0 && result->outcome != KEPT_BACK)
    {
      g_autofree char *names = NULL;

      g_ptr_array_add (resend->dropped, NULL);
      names = g_strjoinv (", ", (char **)resend->dropped->pdata);
      g_ptr_array_set_size (resend->dropped, (gint)resend->dropped->len - 1);
      printf ("  credentials left out: %s\n", names);
    }
  if (result->comparison != NULL)
    rt_compared_print (result->comparison, result->scope);
  if (result->other_content)
    puts ("  content: differs, with its codings undone");
}

static void
print_summary (const RtReplayReport *report, const guint counts[N_OUTCOMES])
{
  printf ("\n%u sent to %s: %u as recorded, %u different, %u without an answer; %u not sent.\n",
          counts[SAME] + counts[DIFFERENT] + counts[UNANSWERED], report->to, counts[SAME],
          counts[DIFFERENT], counts[UNANSWERED], counts[KEPT_BACK]);
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
  const RtTransfer *response = result->now != NULL ? result->now->response : NULL;
  JsonObject *out = json_object_new ();
  JsonArray *dropped = json_array_new ();

  json_object_set_int_member (out, "exchange", result->resend->exchange);
  set_text (out, "request", result->resend->words);
  json_object_set_boolean_member (out, "sent", result->outcome != KEPT_BACK);
  set_text (out, "why_not", result->resend->why_not);
  json_object_set_boolean_member (out, "byte_for_byte", result->resend->bytes != NULL);
  for (guint i = 0; i < result->resend->dropped->len; i++)
    json_array_add_string_element (dropped, result->resend->dropped->pdata[i]);
  json_object_set_array_member (out, "dropped", dropped);
  if (result->outcome == KEPT_BACK)
    return out;
  if (result->now != NULL)
    json_object_set_int_member (out, "replayed", result->now->id);
  if (response != NULL && response->has_head)
    json_object_set_int_member (out, "status", response->message->status);
  set_text (out, "failure", result->failure);
  json_object_set_boolean_member (out, "same", result->outcome == SAME);
  if (result->before->reconstructed)
    json_object_set_boolean_member (out, "same_content", !result->other_content);
  json_object_set_array_member (out, "differences",
                                rt_compared_to_json (result->comparison, result->scope));
  return out;
}

static void
print_json (const RtReplayReport *report, const guint counts[N_OUTCOMES], JsonArray *results)
{
  JsonObject *document = json_object_new ();

  json_object_set_string_member (document, "to", report->to);
  json_object_set_string_member (document, "run", report->run->name);
  set_text (document, "recorded", report->recorded);
  set_text (document, "recorded_run", report->recorded_run);
  json_object_set_int_member (document, "n_same", counts[SAME]);
  json_object_set_int_member (document, "n_different", counts[DIFFERENT]);
  json_object_set_int_member (document, "n_unanswered", counts[UNANSWERED]);
  json_object_set_int_member (document, "n_not_sent", counts[KEPT_BACK]);
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
  guint counts[N_OUTCOMES] = { 0 };
  JsonArray *results = json ? json_array_new () : NULL;

  for (guint i = 0; i < report->resends->len; i++)
    {
      g_auto (Result) result = look_at (report, i);

      counts[result.outcome]++;
      if (json)
        json_array_add_object_element (results, result_to_json (&result));
      else
        print_result (&result);
    }
  if (json)
    print_json (report, counts, results);
  else
    print_summary (report, counts);
  return counts[DIFFERENT] + counts[UNANSWERED] == 0;
}
