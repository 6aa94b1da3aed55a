/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests go one after the other: the next leaves when the answer to the one before it is there,
 * and no sooner than the rate allows. So what belongs to which request is plain from the log, and a
 * server sees them in the order of the recording.
 *
 * What a person has to agree to is checked here once more, below every window and command; and the
 * driver lets no connection leave this machine unless that was agreed to. */
#include "rt-resender.h"

#include "rt-client.h"
#include "rt-error.h"
#include "rt-live.h"

typedef struct
{
  gboolean sent;
  guint exchange;  /* id in the new log; 0: none */
  const char *why; /* (nullable): why there is no whole answer; the analysis's */
} Result;

struct _RtResender
{
  RtLog *log;
  RtLive *live;
  GPtrArray *resends; /* RtResend */
  RtResenderOptions options;
  RtAnalysis *analysis; /* of the new log */
  Result *results;
  RtPartyId client;
  RtClientTask task; /* the one under way */
  gint stopped;
};

static gboolean
check_consent (GPtrArray *resends, const RtResenderOptions *options, GError **error)
{
  RtResendConsent needed = rt_resend_get_needed (resends, options->to.host);

  if (options->from_lesson && (needed & RT_RESEND_REMOTE))
    rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "an address of this machine",
                  "what a lesson recorded is never sent to another machine");
  else if ((needed & ~options->consent & RT_RESEND_REMOTE) != 0)
    rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "somebody's consent",
                  "%s is another machine, and nobody has agreed to send there", options->to.host);
  else if ((needed & ~options->consent & RT_RESEND_UNSAFE) != 0)
    rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "somebody's consent",
                  "there are requests that may change something, and nobody has agreed to them");
  else
    return TRUE;
  return FALSE;
}

/**
 * rt_resender_new:
 * @log: an empty log that keeps all; outlives the resender. Its sink may record it
 * @resends: (element-type RtResend): what to send, in order; those that cannot be sent are left out
 * @options: how
 *
 * Errors: %RT_ERROR_UNSUPPORTED if @options lacks the consent that is needed; %RT_ERROR_IO.
 *
 * Returns: (transfer full): what sends them, once it is run
 */
RtResender *
rt_resender_new (RtLog *log, GPtrArray *resends, const RtResenderOptions *options, GError **error)
{
  g_autoptr (RtResender) self = NULL;

  if (!check_consent (resends, options, error))
    return NULL;
  self = g_new0 (RtResender, 1);
  self->log = log;
  self->resends = g_ptr_array_ref (resends);
  self->options = *options;
  self->options.rate
      = CLAMP (options->rate != 0 ? options->rate : RT_RESENDER_RATE, 1, RT_RESENDER_RATE_MAX);
  if (self->options.patience <= 0)
    self->options.patience = RT_RESENDER_PATIENCE;
  self->analysis = rt_analysis_new ();
  self->results = g_new0 (Result, MAX (resends->len, 1));
  self->live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, error);
  if (self->live == NULL)
    return NULL;
  rt_live_allow_outside (self->live,
                         (options->consent & RT_RESEND_REMOTE) && !options->from_lesson);
  self->client = rt_live_driver.add (self->live, "client", &rt_client_class, rt_client_new ());
  return g_steal_pointer (&self);
}

void
rt_resender_free (RtResender *resender)
{
  g_clear_pointer (&resender->live, rt_live_free);
  g_clear_pointer (&resender->analysis, rt_analysis_free);
  g_ptr_array_unref (resender->resends);
  g_free (resender->results);
  g_free (resender);
}

/* What became of the request that was sent when the log was @mark long: a retry over a new
 * connection makes two exchanges, of which the last counts. */
static void
take_result (RtResender *self, Result *result, guint64 mark)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (self->analysis);
  GPtrArray *connections = rt_analysis_get_connections (self->analysis);
  const RtExchange *exchange = exchanges->len > 0 ? exchanges->pdata[exchanges->len - 1] : NULL;
  const RtConnectionInfo *connection
      = connections->len > 0 ? connections->pdata[connections->len - 1] : NULL;

  if (exchange != NULL && exchange->request != NULL && exchange->request->first_event >= mark)
    {
      result->exchange = exchange->id;
      result->why = exchange->failed;
      if (result->why == NULL && (exchange->response == NULL || !exchange->response->complete))
        result->why = "there was no whole answer in time";
    }
  else
    result->why = connection != NULL && connection->first_event >= mark && connection->why != NULL
                      ? connection->why
                      : "it could not be sent";
}

static gboolean
send_one (RtResender *self, guint i, RtTime at, GError **error)
{
  const RtResend *resend = self->resends->pdata[i];
  guint64 mark = rt_log_get_length (self->log);

  self->task.kind = RT_CLIENT_SEND;
  self->task.request
      = (RtPoolRequest){ .to = self->options.to,
                         .message = resend->message,
                         .bytes = resend->bytes,
                         .content = resend->content,
                         .timeout = self->options.patience,
                         /* An idle connection may be gone when the request comes, and what
                          * is not safe must not be sent twice (RFC 9110 §9.2.2). */
                         .policy = resend->safe ? RT_POOL_REUSE : RT_POOL_NEW };
  rt_live_driver.task (self->live, self->client, &self->task, resend->words, at);
  if (rt_live_driver.run (self->live, at + 2 * self->options.patience, error) == RT_RUN_FAILED)
    return FALSE;
  rt_log_flush (self->log);
  if (!rt_analysis_feed_reader (self->analysis, rt_log_get_reader (self->log), G_MAXUINT64, error))
    return FALSE;
  self->results[i].sent = TRUE;
  take_result (self, &self->results[i], mark);
  return TRUE;
}

/**
 * rt_resender_run:
 * @resender: a resender that was not run yet
 *
 * Sends all requests and waits for their answers; blocks. That an answer did not come is no error
 * of the run.
 *
 * Errors: those of the driver and the log.
 *
 * Returns: whether it could go on to the end, or until it was stopped
 */
gboolean
rt_resender_run (RtResender *resender, GError **error)
{
  RtTime between = RT_TIME_SEC / resender->options.rate;
  RtTime at = rt_live_driver.now (resender->live);

  for (guint i = 0; i < resender->resends->len && !g_atomic_int_get (&resender->stopped); i++)
    {
      if (((const RtResend *)resender->resends->pdata[i])->why_not != NULL)
        continue;
      if (!send_one (resender, i, at, error))
        return FALSE;
      if (resender->options.done != NULL)
        resender->options.done (i, resender->options.data);
      at = MAX (at + between, rt_live_driver.now (resender->live));
    }
  return TRUE;
}

/**
 * rt_resender_stop:
 * @resender: a resender that runs
 *
 * Makes the run return. May be called from another thread or a signal handler.
 */
void
rt_resender_stop (RtResender *resender)
{
  g_atomic_int_set (&resender->stopped, TRUE);
  rt_live_stop (resender->live);
}

/**
 * rt_resender_get_analysis:
 * @resender: a resender that has run
 *
 * Returns: (transfer none): the analysis of its log
 */
RtAnalysis *
rt_resender_get_analysis (RtResender *resender)
{
  return resender->analysis;
}

/**
 * rt_resender_was_sent:
 * @resender: a resender
 * @i: a place in its list
 *
 * Returns: whether an attempt was made to send that request
 */
gboolean
rt_resender_was_sent (RtResender *resender, guint i)
{
  g_return_val_if_fail (i < resender->resends->len, FALSE);

  return resender->results[i].sent;
}

/**
 * rt_resender_get_exchange:
 * @resender: a resender
 * @i: a place in its list
 *
 * Returns: (transfer none) (nullable): the new exchange; %NULL if it was not sent, or no connection
 *   came about
 */
const RtExchange *
rt_resender_get_exchange (RtResender *resender, guint i)
{
  g_return_val_if_fail (i < resender->resends->len, NULL);

  return resender->results[i].exchange != 0
             ? rt_analysis_get_exchange (resender->analysis, resender->results[i].exchange)
             : NULL;
}

/**
 * rt_resender_get_failure:
 * @resender: a resender
 * @i: a place in its list
 *
 * Returns: (transfer none) (nullable): why there is no whole answer, in words; %NULL: there is one,
 *   or the request was not sent
 */
const char *
rt_resender_get_failure (RtResender *resender, guint i)
{
  g_return_val_if_fail (i < resender->resends->len, NULL);

  return resender->results[i].why;
}
