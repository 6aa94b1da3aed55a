/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the plain client does by itself when a response has a given status. The client remembers
 * what it fetched, so that a merge knows what its own change was based on. The reaction to a 412:
 *
 *   PUT ─412─▶ GET ─200─▶ merge (what was fetched before, mine, theirs) ─▶ PUT with the new tag
 *
 * and so on, until the PUT gets through or it has been tried often enough. */
#include "rt-client-private.h"

#include "rt-error.h"
#include "rt-merge.h"

/* So often a reaction is tried for one task. */
#define MOST_ATTEMPTS 5
/* So many representations are remembered. */
#define MOST_REMEMBERED 16

typedef struct
{
  char *key;
  GBytes *content;
} Memory;

/* clang-format off */
static const RtReactionInfo infos[] = {
  { RT_REACTION_REFETCH_MERGE_RETRY, "refetch-merge-retry", 412, "get the current version, merge it with one's own by lines, and PUT that with its entity tag" },
  { RT_REACTION_RETRY, "retry", 0, "send it again if it may be sent again, after a time that doubles" },
  { RT_REACTION_RETRY_AT_ONCE, "retry-at-once", 0, "send it again, whatever it is, at once" },
};

static const RtClause is_put = { "client.merge.put", "the request was a PUT whose content is known", "RFC 9110 §15.5.13", RT_LEVEL_MAY };
static const RtClause has_attempts = { "client.merge.attempts", "it has not been tried too often", "RFC 9110 §9.2.2", RT_LEVEL_MAY };
static const RtClause is_fetched = { "client.merge.fetched", "the current representation could be fetched, with an entity tag", "RFC 9110 §8.8.3", RT_LEVEL_MAY };
static const RtClause is_clean = { "client.merge.clean", "nobody changed the same lines", "RFC 9110 §13.1.1", RT_LEVEL_MAY };
static const RtClause *const merge_clauses[] = { &is_put, &has_attempts, &is_fetched, &is_clean };
/* clang-format on */

static const RtRule merge_rule = RT_RULE (
    "client.merge", "Can the change be saved after all?", "RFC 9110 §15.5.13", merge_clauses);

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

/* What was fetched. */

static void
memory_free (gpointer data)
{
  Memory *memory = data;

  g_free (memory->key);
  g_bytes_unref (memory->content);
  g_free (memory);
}

static char *
memory_key (const RtClientJob *job)
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

void
rt_client_remember (RtClient *client, const RtClientJob *job)
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

/* Everything. */
void
rt_client_forget (RtClient *client)
{
  g_queue_clear_full (&client->memories, memory_free);
}

/* Reactions. */

static void
refetch (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out)
{
  g_autofree char *target = rt_text_dup (job->message->target);
  g_autoptr (RtMessage) get = rt_message_new_request ("GET", target);
  const RtField *host = rt_fields_first (job->message->fields, "Host");

  if (host != NULL)
    rt_fields_append_field (get->fields, host);
  job->stage = RT_CLIENT_REFETCHING;
  rt_client_send_again (client, job, get, NULL, now, out);
}

static void
show_merge (const char *key,
            GBytes *base,
            RtClientJob *job,
            GBytes *merged,
            guint conflicts,
            RtEffects *out)
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
put_merged (RtClient *client,
            RtClientJob *job,
            const RtField *etag,
            RtDecision *why,
            RtTime now,
            RtEffects *out)
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
  rt_client_remember (client, job);
  rt_fields_set (put->fields, "If-Match", tag);
  rt_fields_set (put->fields, "Content-Length", length);
  rt_message_unref (job->message);
  job->message = rt_message_ref (put);
  g_bytes_unref (job->mine);
  job->mine = g_steal_pointer (&merged);
  job->stage = RT_CLIENT_ASKED;
  rt_client_send_again (client, job, put, job->mine, now, out);
}

static gboolean
can_merge (RtClientJob *job, RtDecision *why)
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
begin_decision (RtDecision *why, const RtClientJob *job)
{
  g_autofree char *target
      = job->message != NULL ? rt_text_dup (job->message->target) : g_strdup ("");
  g_autofree char *subject = g_strdup_printf ("PUT %s", target);

  rt_decision_begin (why, &merge_rule, rt_text (subject));
}

/* Returns whether the job goes on. */
static gboolean
begin_merge (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out)
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
merge_fetched (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out)
{
  g_autoptr (RtDecision) why = rt_decision_new ();
  const RtField *etag = rt_fields_first (job->response->fields, "ETag");
  gboolean fetched
      = job->response->status == 200 && etag != NULL && job->content->len <= RT_CLIENT_MOST_CONTENT;

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

/* A final response has come. Returns whether the job goes on. */
gboolean
rt_client_react (RtClient *client, RtClientJob *job, RtTime now, RtEffects *out)
{
  RtReaction reaction = job->response->status < G_N_ELEMENTS (client->reactions)
                            ? client->reactions[job->response->status]
                            : RT_REACTION_NONE;

  if (job->stage == RT_CLIENT_REFETCHING && merge_fetched (client, job, now, out))
    return TRUE;
  if (job->stage != RT_CLIENT_ASKED || reaction == RT_REACTION_NONE)
    return FALSE;
  if (reaction == RT_REACTION_REFETCH_MERGE_RETRY)
    return begin_merge (client, job, now, out);
  return rt_client_retry (client, job, reaction == RT_REACTION_RETRY_AT_ONCE, now, out);
}
