/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain client.
 *
 * A task is a job: one exchange, or as many as a reaction takes. The client remembers what it
 * fetched, so that a merge knows what its own change was based on. The reaction to a 412:
 *
 *   PUT ─412─▶ GET ─200─▶ merge (what was fetched before, mine, theirs) ─▶ PUT with the new tag
 *
 * and so on, until the PUT gets through or it has been tried often enough. A client that is told to
 * follows redirections, too: the next request takes the place of the task's. */
#include "rt-client.h"

#include "rt-error.h"
#include "rt-merge.h"
#include "rt-redirect.h"

/* So often a reaction is tried for one task. */
#define MOST_ATTEMPTS 5
/* What is remembered: so many representations, each so long. */
#define MOST_REMEMBERED 16
#define MOST_CONTENT (1024 * 1024)

typedef enum
{
  STAGE_ASKED,
  STAGE_REFETCHING,
} Stage;

typedef struct
{
  guint64 task, exchange;
  RtPoolRequest request; /* of the task: borrowed */
  Stage stage;
  guint attempts, n_redirects;
  char *host;         /* where a redirection led; NULL: nowhere yet */
  RtMessage *message; /* what was sent last; NULL: bytes that are no message */
  GBytes *mine;       /* content of the request */
  RtMessage *response;
  GByteArray *content; /* of the response */
} Job;

typedef struct
{
  char *key;
  GBytes *content;
} Memory;

struct _RtClient
{
  RtPool *pool;
  GPtrArray *jobs;
  GQueue memories; /* Memory, the latest last */
  RtReaction reactions[600];
  gboolean reacts; /* to anything: else nothing need be remembered */
  gboolean follows;
};

/* clang-format off */
static const RtReactionInfo infos[] = {
  { RT_REACTION_REFETCH_MERGE_RETRY, "refetch-merge-retry", 412, "get the current version, merge it with one's own by lines, and PUT that with its entity tag" },
};

static const RtSetting settings[] = {
  { "idle-time", RT_SETTING_DURATION, "0s", NULL, "a connection that is not used is closed after it; 0s: the server closes it" },
  { "follow", RT_SETTING_BOOLEAN, "false", NULL, "redirections are followed, as browsers do it" },
};

static const RtClause is_put = { "client.merge.put", "the request was a PUT whose content is known", "RFC 9110 §15.5.13", RT_LEVEL_MAY };
static const RtClause has_attempts = { "client.merge.attempts", "it has not been tried too often", "RFC 9110 §9.2.2", RT_LEVEL_MAY };
static const RtClause is_fetched = { "client.merge.fetched", "the current representation could be fetched, with an entity tag", "RFC 9110 §8.8.3", RT_LEVEL_MAY };
static const RtClause is_clean = { "client.merge.clean", "nobody changed the same lines", "RFC 9110 §13.1.1", RT_LEVEL_MAY };
static const RtClause *const merge_clauses[] = { &is_put, &has_attempts, &is_fetched, &is_clean };
/* clang-format on */

static const RtRule merge_rule = RT_RULE (
    "client.merge", "Can the change be saved after all?", "RFC 9110 §15.5.13", merge_clauses);

static void
memory_free (gpointer data)
{
  Memory *memory = data;

  g_free (memory->key);
  g_bytes_unref (memory->content);
  g_free (memory);
}

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->message, rt_message_unref);
  g_clear_pointer (&job->response, rt_message_unref);
  g_clear_pointer (&job->mine, g_bytes_unref);
  g_byte_array_unref (job->content);
  g_free (job->host);
  g_free (job);
}

/**
 * rt_reaction_infos:
 * @ret_n: (out): how many
 *
 * Returns: all reactions that a client can be given
 */
const RtReactionInfo *
rt_reaction_infos (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (infos);
  return infos;
}

/**
 * rt_reaction_find:
 * @name: as it was given
 *
 * Errors: %RT_ERROR_UNKNOWN, with the nearest name there is.
 *
 * Returns: (nullable): the reaction
 */
const RtReactionInfo *
rt_reaction_find (const char *name, GError **error)
{
  const char *names[G_N_ELEMENTS (infos)];

  for (guint i = 0; i < G_N_ELEMENTS (infos); i++)
    {
      if (strcmp (infos[i].name, name) == 0)
        return &infos[i];
      names[i] = infos[i].name;
    }
  rt_set_unknown (error, NULL, "reaction", name, names, G_N_ELEMENTS (names));
  return NULL;
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
  return TRUE;
}

/* What was fetched. */

static char *
memory_key (const Job *job)
{
  g_autofree char *target = rt_text_dup (job->message->target);

  return g_strdup_printf ("%s:%u %s", job->request.to.host, job->request.to.port, target);
}

static GList *
find_memory (RtClient *client, const char *key)
{
  for (GList *l = client->memories.head; l != NULL; l = l->next)
    if (strcmp (((Memory *)l->data)->key, key) == 0)
      return l;
  return NULL;
}

static void
remember (RtClient *client, const Job *job)
{
  Memory *memory = g_new (Memory, 1);
  GList *old;

  memory->key = memory_key (job);
  memory->content = g_bytes_new (job->content->data, job->content->len);
  old = find_memory (client, memory->key);
  if (old == NULL && client->memories.length == MOST_REMEMBERED)
    old = client->memories.head;
  if (old != NULL)
    {
      memory_free (old->data);
      g_queue_delete_link (&client->memories, old);
    }
  g_queue_push_tail (&client->memories, memory);
}

/* Jobs. */

static Job *
find_job (RtClient *client, guint64 exchange)
{
  for (guint i = 0; i < client->jobs->len; i++)
    {
      Job *job = g_ptr_array_index (client->jobs, i);

      if (job->exchange == exchange)
        return job;
    }
  return NULL;
}

static void
finish (RtClient *client, Job *job, GError *error, RtEffects *out)
{
  rt_effects_finish (out, job->task, error);
  g_ptr_array_remove (client->jobs, job);
}

static void
begin (RtClient *client, const RtInput *input, RtEffects *out)
{
  const RtClientTask *task = input->info;
  Job *job;

  if (task->kind == RT_CLIENT_CLOSE)
    {
      rt_pool_close_idle (client->pool, task->request.to.host != NULL ? &task->request.to : NULL,
                          out);
      rt_effects_finish (out, input->id, NULL);
      return;
    }
  job = g_new0 (Job, 1);
  job->task = input->id;
  job->request = task->request;
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
static void
send_again (
    RtClient *client, Job *job, RtMessage *message, GBytes *content, RtTime now, RtEffects *out)
{
  RtPoolRequest request = job->request;

  request.message = message;
  request.bytes = NULL;
  request.content = content;
  g_clear_pointer (&job->response, rt_message_unref);
  g_byte_array_set_size (job->content, 0);
  job->exchange = rt_pool_send (client->pool, &request, now, out);
}

/* Reactions. */

static void
refetch (RtClient *client, Job *job, RtTime now, RtEffects *out)
{
  g_autofree char *target = rt_text_dup (job->message->target);
  g_autoptr (RtMessage) get = rt_message_new_request ("GET", target);
  const RtField *host = rt_fields_first (job->message->fields, "Host");

  if (host != NULL)
    rt_fields_append_field (get->fields, host);
  job->stage = STAGE_REFETCHING;
  send_again (client, job, get, NULL, now, out);
}

static void
show_merge (
    const char *key, GBytes *base, Job *job, GBytes *merged, guint conflicts, RtEffects *out)
{
  const struct
  {
    const char *name;
    gconstpointer text;
    gsize length;
  } parts[] = {
    { "base", base != NULL ? g_bytes_get_data (base, NULL) : "",
      base != NULL ? g_bytes_get_size (base) : 0 },
    { "mine", g_bytes_get_data (job->mine, NULL), g_bytes_get_size (job->mine) },
    { "theirs", job->content->data, job->content->len },
    { "merged", g_bytes_get_data (merged, NULL), g_bytes_get_size (merged) },
  };
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_autofree char *text
          = g_utf8_make_valid (parts[i].length > 0 ? parts[i].text : "", (gssize)parts[i].length);

      g_variant_builder_add (&state, "{sv}", parts[i].name, g_variant_new_string (text));
    }
  g_variant_builder_add (&state, "{sv}", "conflicts", g_variant_new_int64 (conflicts));
  rt_effects_state (out, "merge", key, g_variant_builder_end (&state));
}

static RtText
bytes_text (GBytes *bytes)
{
  gsize length = 0;
  const char *at = bytes != NULL ? g_bytes_get_data (bytes, &length) : "";

  return (RtText){ at, length };
}

static void
put_merged (
    RtClient *client, Job *job, const RtField *etag, RtDecision *why, RtTime now, RtEffects *out)
{
  g_autofree char *key = memory_key (job);
  GList *memory = find_memory (client, key);
  GBytes *base = memory != NULL ? ((Memory *)memory->data)->content : NULL;
  guint conflicts;
  g_autoptr (GBytes) merged
      = rt_merge (bytes_text (base), bytes_text (job->mine),
                  (RtText){ (const char *)job->content->data, job->content->len }, &conflicts);
  g_autoptr (RtMessage) put = rt_message_copy (job->message);
  g_autofree char *tag = rt_text_dup (etag->value);
  g_autofree char *length = g_strdup_printf ("%zu", g_bytes_get_size (merged));

  rt_check (why, &is_clean, conflicts == 0, rt_fact_number ("conflicts", conflicts, RT_SPAN_NONE));
  rt_decision_conclude (why, conflicts == 0 ? "retry" : "retry-with-both");
  rt_effects_decide (out, rt_decision_ref (why), TRUE);
  show_merge (key, base, job, merged, conflicts, out);
  remember (client, job);
  rt_fields_set (put->fields, "If-Match", tag);
  rt_fields_set (put->fields, "Content-Length", length);
  rt_message_unref (job->message);
  job->message = rt_message_ref (put);
  g_bytes_unref (job->mine);
  job->mine = g_steal_pointer (&merged);
  job->stage = STAGE_ASKED;
  send_again (client, job, put, job->mine, now, out);
}

static gboolean
can_merge (Job *job, RtDecision *why)
{
  gboolean put
      = job->message != NULL && rt_text_is (job->message->method, "PUT") && job->mine != NULL;

  return rt_check (why, &is_put, put,
                   rt_fact_text ("method",
                                 job->message != NULL ? job->message->method : RT_TEXT (""),
                                 RT_SPAN_NONE))
         && rt_check (why, &has_attempts, job->attempts < MOST_ATTEMPTS,
                      rt_fact_number ("attempts", job->attempts, RT_SPAN_NONE));
}

static void
begin_decision (RtDecision *why, const Job *job)
{
  g_autofree char *target
      = job->message != NULL ? rt_text_dup (job->message->target) : g_strdup ("");
  g_autofree char *subject = g_strdup_printf ("PUT %s", target);

  rt_decision_begin (why, &merge_rule, rt_text (subject));
}

/* Returns whether the job goes on. */
static gboolean
react (RtClient *client, Job *job, RtTime now, RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  gboolean goes_on;

  begin_decision (why, job);
  goes_on = can_merge (job, why);
  rt_decision_conclude (why, goes_on ? "refetch" : "give-up");
  rt_effects_decide (out, rt_decision_ref (why), goes_on);
  if (!goes_on)
    return FALSE;
  job->attempts++;
  refetch (client, job, now, out);
  return TRUE;
}

static gboolean
merge_fetched (RtClient *client, Job *job, RtTime now, RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  const RtField *etag = rt_fields_first (job->response->fields, "ETag");
  gboolean fetched
      = job->response->status == 200 && etag != NULL && job->content->len <= MOST_CONTENT;

  begin_decision (why, job);
  if (rt_check (why, &is_fetched, fetched,
                rt_fact_number ("status", job->response->status, job->response->status_span),
                rt_fact_text ("ETag", etag != NULL ? etag->value : RT_TEXT (""),
                              etag != NULL ? etag->value_span : RT_SPAN_NONE)))
    {
      put_merged (client, job, etag, why, now, out);
      return TRUE;
    }
  rt_decision_conclude (why, "give-up");
  rt_effects_decide (out, rt_decision_ref (why), FALSE);
  return FALSE;
}

/* Redirections. */

/* Where the request went. */
static RtUrl *
dup_url (const Job *job)
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
go_there (RtClient *client, Job *job, const RtRedirectNext *next, RtTime now, RtEffects *out)
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
  send_again (client, job, job->message, has_content ? job->mine : NULL, now, out);
}

/* Returns whether the job goes on. */
static gboolean
follow (RtClient *client, Job *job, RtTime now, RtEffects *out)
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
  Job *job = find_job (self, exchange);

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
  Job *job = find_job (client, exchange);

  /* Longer than it may be: then it is not remembered, and cannot be merged. */
  if (client->reacts && job != NULL && job->content->len <= MOST_CONTENT)
    g_byte_array_append (job->content, g_bytes_get_data (bytes, NULL),
                         (guint)g_bytes_get_size (bytes));
}

static gboolean
is_fetch (const Job *job)
{
  return job->stage == STAGE_ASKED && job->message != NULL
         && rt_text_is (job->message->method, "GET") && job->response->status == 200
         && job->content->len <= MOST_CONTENT;
}

static void
take_end (gpointer self, guint64 exchange, const GError *error, RtTime now, RtEffects *out)
{
  RtClient *client = self;
  Job *job = find_job (client, exchange);
  RtReaction reaction;

  if (job == NULL)
    return;
  if (error != NULL || job->response == NULL)
    {
      finish (client, job, error != NULL ? g_error_copy (error) : NULL, out);
      return;
    }
  if (client->follows && job->stage == STAGE_ASKED && job->response->status / 100 == 3
      && job->response->status != 304 && follow (client, job, now, out))
    return;
  if (client->reacts && is_fetch (job))
    remember (client, job);
  reaction = job->response->status < G_N_ELEMENTS (client->reactions)
                 ? client->reactions[job->response->status]
                 : RT_REACTION_NONE;
  if (job->stage == STAGE_REFETCHING && merge_fetched (client, job, now, out))
    return;
  if (job->stage == STAGE_ASKED && reaction == RT_REACTION_REFETCH_MERGE_RETRY
      && react (client, job, now, out))
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
  return client;
}

void
rt_client_free (RtClient *client)
{
  rt_pool_free (client->pool);
  g_ptr_array_unref (client->jobs);
  g_queue_clear_full (&client->memories, memory_free);
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
input_client (gpointer self, const RtInput *input, RtEffects *out)
{
  RtClient *client = self;

  if (input->kind == RT_INPUT_TASK)
    begin (client, input, out);
  else
    rt_pool_input (client->pool, input, out);
}

static void
free_client (gpointer self)
{
  rt_client_free (self);
}

const RtPartyClass rt_client_class = { "client", input_client, free_client };
