/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain client's ways to send a request again by itself: by the rule on repetition, with time
 * in between that doubles and is never shorter than Retry-After asks for; or at once, whatever the
 * request was, as too many programs do. */
#include "rt-client-private.h"

#include "rt-retry.h"

/** WAIT_MAX: longer waits do not double any more. */
#define WAIT_MAX RT_TIME_HOUR

static const RtClause has_attempts
    = { "client.again.attempts", "it was sent less often than the client's limit allows",
        "RFC 9110 §9.2.2", RT_LEVEL_MAY };
static const RtClause *const again_clauses[] = { &has_attempts };
static const RtRule again_rule = RT_RULE (
    "client.again", "Is it sent again, whatever it was?", "RFC 9110 §9.2.2", again_clauses);

static void
send_again (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out)
{
  gboolean has_content = job->mine != NULL && g_bytes_get_size (job->mine) > 0;

  rt_client_send_again (client, job, job->message, has_content ? job->mine : NULL, now, out);
}

/* Returns whether it is sent again. */
static gboolean
decide_blindly (RtClient *client, RtClientJob *job, RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  gboolean again;

  rt_decision_begin (why, &again_rule, job->message->target);
  again = rt_check (why, &has_attempts, job->n_sent < client->max_sent,
                    rt_fact_number ("sent", job->n_sent, RT_SPAN_NONE),
                    rt_fact_number ("limit", client->max_sent, RT_SPAN_NONE),
                    rt_fact_number ("status", job->response->status, job->response->status_span));
  rt_decision_conclude (why, again ? "again" : "give-up");
  rt_effects_decide (out, rt_decision_ref (why), again);
  return again;
}

static gboolean
decide_by_rule (RtClient *client, RtClientJob *job, RtTime now, RtTime *ret_delay, RtEffects *out)
{
  const RtRetryContext context = { .response = job->response,
                                   .sent = 1,
                                   .replayable = TRUE,
                                   .attempts = job->n_sent,
                                   .max_attempts = client->max_sent };
  g_autoptr (RtDecision) why = rt_decision_new ();
  gboolean retry = rt_retry_decide (job->message, &context, now, ret_delay, why);

  rt_effects_decide (out, rt_decision_ref (why), retry);
  return retry;
}

/* Twice as long each time. */
static RtTime
patience (const RtClient *client, const RtClientJob *job)
{
  RtTime wait = client->retry_wait;

  for (guint i = 1; i < job->n_sent && wait < WAIT_MAX; i++)
    wait *= 2;
  return MIN (wait, WAIT_MAX);
}

/**
 * rt_client_retry:
 * @client: a client
 * @job: a job that has a response with a status that is reacted to
 * @blindly: at once, whatever it is
 *
 * Returns: whether the job goes on
 */
gboolean
rt_client_retry (RtClient *client, RtClientJob *job, gboolean blindly, RtTime now, RtEffects *out)
{
  RtTime delay = 0;

  if (job->message == NULL
      || !(blindly ? decide_blindly (client, job, out)
                   : decide_by_rule (client, job, now, &delay, out)))
    return FALSE;
  if (!blindly)
    delay = MAX (delay, patience (client, job));
  job->n_sent++;
  job->exchange = 0;
  if (delay == 0)
    send_again (client, job, now, out);
  else
    rt_effects_deadline (out, job->task, now + delay, FALSE);
  return TRUE;
}

/**
 * rt_client_wake:
 * @client: a client
 * @job: a job that waits to be sent again
 *
 * Its time has come.
 */
void
rt_client_wake (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out)
{
  send_again (client, job, now, out);
}
