/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain client.
 *
 * A task is a job: one exchange, or as many as a reaction takes. A client that is told to follows
 * redirections, too: the next request takes the place of the task's. */
#include "rt-client-private.h"

#include "rt-redirect.h"

/* As in the settings' table. */
#define STANDARD_ATTEMPTS 3
#define STANDARD_WAIT RT_TIME_SEC

/* clang-format off */
static const RtSetting settings[] = {
  { "idle-time", RT_SETTING_DURATION, "0s", NULL, "a connection that is not used is closed after it; 0s: the server closes it" },
  { "follow", RT_SETTING_BOOLEAN, "false", NULL, "redirections are followed, as browsers do it" },
  { "verify", RT_SETTING_BOOLEAN, "true", NULL, "over https it goes on only with a server whose certificate is good" },
  { "attempts", RT_SETTING_NUMBER, "3", NULL, "how often the reactions that send a request again send it at most" },
  { "retry-wait", RT_SETTING_DURATION, "1s", NULL, "with the reaction `retry`: time before the second attempt; twice as long before each further one, and never shorter than Retry-After asks for" },
};
/* clang-format on */

static void
job_free (gpointer data)
{
  RtClientJob *job = data;

  g_clear_pointer (&job->message, rt_message_unref);
  g_clear_pointer (&job->response, rt_message_unref);
  g_clear_pointer (&job->mine, g_bytes_unref);
  g_byte_array_unref (job->content);
  g_free (job->host);
  g_free (job);
}

/**
 * rt_client_settings:
 * @ret_n: (out): how many
 *
 * Returns: what can be set of a client, besides its reactions
 */
const RtSetting *
rt_client_settings (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (settings);
  return settings;
}

/**
 * rt_client_set:
 * @client: a client
 * @given: an `a{sv}` of rt_client_settings()
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_SYNTAX.
 *
 * Returns: whether the settings are good
 */
gboolean
rt_client_set (RtClient *client, GVariant *given, GError **error)
{
  if (!rt_settings_check (settings, G_N_ELEMENTS (settings), given, error))
    return FALSE;
  rt_pool_set_idle (client->pool,
                    rt_settings_get_number (settings, G_N_ELEMENTS (settings), given, "idle-time"));
  client->follows = rt_settings_get_boolean (settings, G_N_ELEMENTS (settings), given, "follow");
  client->unverified
      = !rt_settings_get_boolean (settings, G_N_ELEMENTS (settings), given, "verify");
  client->max_sent = (guint)MIN (
      rt_settings_get_number (settings, G_N_ELEMENTS (settings), given, "attempts"), G_MAXUINT16);
  client->retry_wait
      = rt_settings_get_number (settings, G_N_ELEMENTS (settings), given, "retry-wait");
  return TRUE;
}

/* Jobs. */

static RtClientJob *
find_job (RtClient *client, guint64 exchange)
{
  for (guint i = 0; i < client->jobs->len; i++)
    {
      RtClientJob *job = g_ptr_array_index (client->jobs, i);

      if (job->exchange == exchange)
        return job;
    }
  return NULL;
}

static void
finish (RtClient *client, RtClientJob *job, GError *error, RtEffects *out)
{
  rt_effects_finish (out, job->task, error);
  g_ptr_array_remove (client->jobs, job);
}

static void
begin (RtClient *client, const RtInput *input, RtEffects *out)
{
  const RtClientTask *task = input->info;
  RtClientJob *job;

  if (task->kind == RT_CLIENT_CLOSE)
    {
      rt_pool_close_idle (client->pool, task->request.to.host != NULL ? &task->request.to : NULL,
                          out);
      rt_effects_finish (out, input->id, NULL);
      return;
    }
  job = g_new0 (RtClientJob, 1);
  job->task = input->id;
  job->n_sent = 1;
  job->request = task->request;
  if (client->unverified && job->request.to.tls != NULL)
    job->request.to.tls = &rt_tls_unverified;
  job->content = g_byte_array_new ();
  if (task->request.message != NULL)
    {
      job->message = rt_message_ref (task->request.message);
      job->mine = task->request.content != NULL ? g_bytes_ref (task->request.content) : NULL;
    }
  else
    {
      gsize length;
      const char *bytes = g_bytes_get_data (task->request.bytes, &length);

      rt_http1_parse_message (RT_MESSAGE_REQUEST, (RtText){ bytes, length }, &job->message,
                              &job->mine, NULL);
    }
  g_ptr_array_add (client->jobs, job);
  job->exchange = rt_pool_send (client->pool, &job->request, input->now, out);
}

/* The same request target, asked for in other words. */
void
rt_client_send_again (RtClient *client,
                      RtClientJob *job,
                      RtMessage *message,
                      GBytes *content,
                      RtTime now,
                      RtEffects *out)
{
  RtPoolRequest request = job->request;

  request.message = message;
  request.bytes = NULL;
  request.content = content;
  g_clear_pointer (&job->response, rt_message_unref);
  g_byte_array_set_size (job->content, 0);
  job->exchange = rt_pool_send (client->pool, &request, now, out);
}

/* Redirections. */

/* Where the request went. */
static RtUrl *
dup_url (const RtClientJob *job)
{
  const RtEndpoint *to = &job->request.to;
  const RtField *host = rt_fields_first (job->message->fields, "Host");
  g_autofree char *authority = host != NULL ? rt_text_dup (host->value) : g_strdup (to->host);
  g_autofree char *target = rt_text_dup (job->message->target);
  g_autofree char *text
      = g_strconcat (to->tls != NULL ? "https://" : "http://", authority, target, NULL);

  return rt_url_parse (rt_text (text), NULL, NULL);
}

static void
go_there (
    RtClient *client, RtClientJob *job, const RtRedirectNext *next, RtTime now, RtEffects *out)
{
  RtMessage *message = rt_redirect_dup_request (job->message, next);
  gboolean has_content;

  rt_message_unref (job->message);
  job->message = message;
  if (next->to_get)
    g_clear_pointer (&job->mine, g_bytes_unref);
  g_free (job->host);
  job->host = g_strdup (next->url->host);
  job->request.to.host = job->host;
  job->request.to.port = (guint16)rt_url_get_port (next->url);
  job->n_redirects++;
  has_content = job->mine != NULL && g_bytes_get_size (job->mine) > 0;
  rt_client_send_again (client, job, job->message, has_content ? job->mine : NULL, now, out);
}

/* Returns whether the job goes on. */
static gboolean
follow (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out)
{
  g_autoptr (RtUrl) url = job->message != NULL ? dup_url (job) : NULL;
  const RtRedirectContext context = { .url = url,
                                      .mode = RT_REDIRECT_MODE_FOLLOW,
                                      .has_content = job->mine != NULL,
                                      .count = job->n_redirects };
  g_auto (RtRedirectNext) next = { 0 };
  g_autoptr (RtDecision) why = NULL;
  gboolean goes_on;

  if (url == NULL)
    return FALSE;
  why = rt_decision_new ();
  /* A way into TLS or out of it is not this client's to take: it was told how to connect. */
  goes_on
      = rt_redirect_decide (job->message, job->response, &context, &next, why) == RT_REDIRECT_FOLLOW
        && g_str_equal (next.url->scheme, url->scheme);
  rt_effects_decide (out, rt_decision_ref (why), goes_on);
  if (goes_on)
    go_there (client, job, &next, now, out);
  return goes_on;
}

/* From the pool. */

static void
take_head (gpointer self, guint64 exchange, RtMessage *response, RtTime now, RtEffects *out)
{
  RtClientJob *job = find_job (self, exchange);

  if (job == NULL)
    return;
  g_clear_pointer (&job->response, rt_message_unref);
  job->response = rt_message_ref (response);
}

static void
take_content (
    gpointer self, guint64 exchange, GBytes *bytes, RtSpan span, RtTime now, RtEffects *out)
{
  RtClient *client = self;
  RtClientJob *job = find_job (client, exchange);

  /* Longer than it may be: then it is not remembered, and cannot be merged. */
  if (client->reacts && job != NULL && job->content->len <= RT_CLIENT_MOST_CONTENT)
    g_byte_array_append (job->content, g_bytes_get_data (bytes, NULL),
                         (guint)g_bytes_get_size (bytes));
}

static gboolean
is_fetch (const RtClientJob *job)
{
  return job->stage == RT_CLIENT_ASKED && job->message != NULL
         && rt_text_is (job->message->method, "GET") && job->response->status == 200
         && job->content->len <= RT_CLIENT_MOST_CONTENT;
}

static void
take_end (gpointer self, guint64 exchange, const GError *error, RtTime now, RtEffects *out)
{
  RtClient *client = self;
  RtClientJob *job = find_job (client, exchange);

  if (job == NULL)
    return;
  if (error != NULL || job->response == NULL)
    {
      finish (client, job, error != NULL ? g_error_copy (error) : NULL, out);
      return;
    }
  if (client->follows && job->stage == RT_CLIENT_ASKED && job->response->status / 100 == 3
      && job->response->status != 304 && follow (client, job, now, out))
    return;
  if (client->reacts && is_fetch (job))
    rt_client_remember (client, job);
  if (rt_client_react (client, job, now, out))
    return;
  finish (client, job, NULL, out);
}

static const RtPoolHandler handler = { take_head, take_content, take_end };

/* The party. */

/**
 * rt_client_new:
 *
 * Returns: (transfer full): a client that knows nobody
 */
RtClient *
rt_client_new (void)
{
  RtClient *client = g_new0 (RtClient, 1);

  client->pool = rt_pool_new (&handler, client, NULL);
  client->jobs = g_ptr_array_new_with_free_func (job_free);
  client->max_sent = STANDARD_ATTEMPTS;
  client->retry_wait = STANDARD_WAIT;
  return client;
}

void
rt_client_free (RtClient *client)
{
  rt_pool_free (client->pool);
  g_ptr_array_unref (client->jobs);
  rt_client_forget (client);
  g_free (client);
}

/**
 * rt_client_set_reaction:
 * @client: a client
 * @status: of a response
 * @reaction: what it then does by itself
 */
void
rt_client_set_reaction (RtClient *client, guint status, RtReaction reaction)
{
  g_return_if_fail (status < G_N_ELEMENTS (client->reactions));

  client->reactions[status] = reaction;
  client->reacts |= reaction != RT_REACTION_NONE;
}

static void
wake (RtClient *client, const RtInput *input, RtEffects *out)
{
  for (guint i = 0; i < client->jobs->len; i++)
    {
      RtClientJob *job = g_ptr_array_index (client->jobs, i);

      if (job->task != input->id || job->exchange != 0)
        continue;
      rt_client_wake (client, job, input->now, out);
      return;
    }
}

static void
input_client (gpointer self, const RtInput *input, RtEffects *out)
{
  RtClient *client = self;

  if (input->kind == RT_INPUT_TASK)
    begin (client, input, out);
  else if (input->kind == RT_INPUT_DEADLINE && (input->id & RT_POOL_DEADLINE) == 0)
    wake (client, input, out);
  else
    rt_pool_input (client->pool, input, out);
}

static void
free_client (gpointer self)
{
  rt_client_free (self);
}

const RtPartyClass rt_client_class = { "client", input_client, free_client };
