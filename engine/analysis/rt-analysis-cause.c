/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which exchange an event belongs to.
 *
 * Every event remembers the nearest event of its chain of causes whose bytes lie in a message (its
 * root), and the task at the chain's beginning. Each is taken over from the cause when the event
 * is fed, so the chain is never walked. A decision that a client made before it sent anything has
 * no root: the exchange that its task then leads to adopts it. */
#include "rt-analysis-private.h"

#include <string.h>

static guint32
inherited (RtAnalysis *analysis, const GArray *per_event, guint64 event)
{
  if (event < analysis->base || event - analysis->base >= per_event->len)
    return 0;
  return g_array_index (per_event, guint32, event - analysis->base);
}

/* Of several messages in one run of bytes, an event is first about the one that they complete. */
static void
choose_exchange (RtRoot *root, RtSpan span)
{
  for (guint i = root->first; i <= root->last; i++)
    {
      const RtTransfer *transfer = root->stream->transfers->pdata[i];

      root->exchange = transfer->exchange;
      if (transfer->complete && rt_span_end (transfer->whole) <= rt_span_end (span))
        return;
    }
}

static guint32
new_root (RtAnalysis *analysis, const RtFold *fold)
{
  const RtEvent *event = fold->event;
  RtStream *stream
      = g_hash_table_lookup (analysis->stream_by_id, GUINT_TO_POINTER (event->span.buffer));
  RtRoot root = { .stream = stream, .first = 1, .last = 0 };
  RtExchange *waiting;

  if (event->span.length == 0 || stream == NULL || stream->mode == RT_STREAM_OPAQUE)
    return 0;
  if (rt_stream_find (stream, event->span, &root.first, &root.last))
    choose_exchange (&root, event->span);
  else if (stream->direction == RT_BACKWARD && (waiting = rt_exchange_waiting (stream->conduit)))
    root.exchange = waiting->id; /* the beginning of a head */
  if (root.exchange == 0)
    return 0;
  g_array_append_val (analysis->roots, root);
  return analysis->roots->len - 1;
}

/* Notes whose event this is, once it was folded. */
void
rt_cause_note (RtAnalysis *analysis, const RtFold *fold)
{
  guint32 root = 0;
  guint32 task = inherited (analysis, analysis->event_tasks, fold->event->cause);

  if (fold->event->kind == RT_EVENT_SENT || fold->event->kind == RT_EVENT_RECEIVED)
    root = new_root (analysis, fold);
  if (root == 0)
    root = inherited (analysis, analysis->event_roots, fold->event->cause);
  if (fold->event->kind == RT_EVENT_TASK)
    task = ++analysis->n_tasks;
  g_array_append_val (analysis->event_roots, root);
  g_array_append_val (analysis->event_tasks, task);
}

guint
rt_cause_get_exchange (RtAnalysis *analysis, guint64 event)
{
  guint32 root = inherited (analysis, analysis->event_roots, event);

  return g_array_index (analysis->roots, RtRoot, root).exchange;
}

/* Where the cause's bytes are of several messages, the bytes that the decision cites tell which. */
static guint
exchange_of_decision (RtAnalysis *analysis, const RtFold *fold, RtDecision *decision)
{
  guint32 index = inherited (analysis, analysis->event_roots, fold->event->cause);
  RtRoot root = g_array_index (analysis->roots, RtRoot, index);

  for (guint i = 0; root.first < root.last && i < rt_decision_get_n_checks (decision); i++)
    {
      RtCheck check = rt_decision_get_check (decision, i);

      for (guint j = 0; j < check.n_facts; j++)
        {
          guint first, last;

          if (check.facts[j].proof.buffer == root.stream->buffer
              && rt_stream_find (root.stream, check.facts[j].proof, &first, &last)
              && first >= root.first && first <= root.last)
            return ((RtTransfer *)root.stream->transfers->pdata[first])->exchange;
        }
    }
  return root.exchange;
}

static void
give (RtAnalysis *analysis, RtDecisionInfo *info, guint exchange)
{
  RtExchange *owner = rt_part_get_exchange (analysis, exchange);

  info->exchange = exchange;
  g_ptr_array_add (owner->decisions, info);
}

static void
leave_unowned (RtAnalysis *analysis, RtDecisionInfo *info, guint32 task)
{
  GPtrArray *list = g_hash_table_lookup (analysis->unowned, GUINT_TO_POINTER (task));

  if (list == NULL)
    {
      list = g_ptr_array_new ();
      g_hash_table_insert (analysis->unowned, GUINT_TO_POINTER (task), list);
    }
  g_ptr_array_add (list, info);
}

void
rt_cause_fold_decision (RtAnalysis *analysis, const RtFold *fold)
{
  RtDecisionInfo *info;
  guint exchange;
  guint32 task = inherited (analysis, analysis->event_tasks, fold->event->cause);

  if (fold->detail == NULL)
    return;
  info = g_new0 (RtDecisionInfo, 1);
  info->decision = rt_decision_new_from_variant (fold->detail);
  info->party = fold->event->party;
  info->connection = fold->event->connection;
  info->time = fold->event->time;
  info->event = fold->number;
  g_ptr_array_add (analysis->decisions, info);
  exchange = exchange_of_decision (analysis, fold, info->decision);
  if (exchange != 0)
    give (analysis, info, exchange);
  else if (task != 0 && rt_decision_get_acted (info->decision))
    leave_unowned (analysis, info, task);
  rt_note_add_decision (analysis, info);
}

static gboolean
ends_with (const char *subject, RtText tail)
{
  gsize length = strlen (subject);

  return length >= tail.length
         && memcmp (subject + length - tail.length, tail.at, tail.length) == 0;
}

/* Whether a client decided this for the sake of @exchange: about its target, or about the
 * connection that it then went over. */
static gboolean
leads_to (const RtDecisionInfo *info, const RtExchange *exchange)
{
  if (info->party != exchange->client)
    return FALSE;
  if (info->connection != 0)
    return info->connection == exchange->request->connection;
  return ends_with (rt_decision_get_subject (info->decision), exchange->request->message->target);
}

/* A request's head is there: decisions that the client made before, for the same task. */
void
rt_cause_adopt (RtAnalysis *analysis, RtExchange *exchange, const RtFold *fold)
{
  guint32 task = inherited (analysis, analysis->event_tasks, fold->event->cause);
  GPtrArray *list
      = task != 0 ? g_hash_table_lookup (analysis->unowned, GUINT_TO_POINTER (task)) : NULL;

  for (guint i = 0; list != NULL && i < list->len;)
    {
      RtDecisionInfo *info = list->pdata[i];

      if (!leads_to (info, exchange))
        {
          i++;
          continue;
        }
      give (analysis, info, exchange->id);
      g_ptr_array_remove_index (list, i);
    }
}

void
rt_cause_fold_state (RtAnalysis *analysis, const RtFold *fold)
{
  RtStateInfo *info;
  const char *kind, *key;
  GVariant *value;

  if (fold->detail == NULL)
    return;
  g_variant_get (fold->detail, "(&s&smv)", &kind, &key, &value);
  info = g_new0 (RtStateInfo, 1);
  info->kind = rt_analysis_keep (analysis, kind);
  info->key = rt_analysis_keep (analysis, key);
  info->value = value;
  info->party = fold->event->party;
  info->time = fold->event->time;
  info->event = fold->number;
  info->exchange = rt_cause_get_exchange (analysis, fold->event->cause);
  g_ptr_array_add (analysis->states, info);
  if (info->exchange != 0)
    g_ptr_array_add (rt_part_get_exchange (analysis, info->exchange)->states, info);
}
