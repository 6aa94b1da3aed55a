/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From an analysis to the timeline's model: parties, connections and their segments, and what is
 * awaited. What the analysis was not fed is not there, so a masked timeline needs nothing but an
 * analysis that was fed up to the cut. */
#include "rt-timeline-derive-private.h"

/* Index of the party with this id. */
guint
rt_timeline_derive_party (RtTimelineDerive *derive, RtPartyId id)
{
  gpointer index = g_hash_table_lookup (derive->parties, GUINT_TO_POINTER (id));

  if (index == NULL)
    {
      /* The other end of a captured connection may never have been introduced. */
      g_autofree char *name = g_strdup_printf ("party %u", id);

      index = GUINT_TO_POINTER (
          rt_timeline_model_add_party (derive->model, id, id != 0 ? name : "unknown", "origin")
          + 1);
      g_hash_table_insert (derive->parties, GUINT_TO_POINTER (id), index);
    }
  return GPOINTER_TO_UINT (index) - 1;
}

static void
add_parties (RtTimelineDerive *derive)
{
  GPtrArray *parties = rt_analysis_get_parties (derive->analysis);

  for (guint i = 0; i < parties->len; i++)
    {
      const RtPartyInfo *party = parties->pdata[i];
      guint index
          = rt_timeline_model_add_party (derive->model, party->id, party->name, party->kind);

      g_hash_table_insert (derive->parties, GUINT_TO_POINTER (party->id),
                           GUINT_TO_POINTER (index + 1));
    }
}

static void
add_rails (RtTimelineDerive *derive)
{
  GPtrArray *connections = rt_analysis_get_connections (derive->analysis);

  for (guint i = 0; i < connections->len; i++)
    {
      const RtConnectionInfo *connection = connections->pdata[i];
      RtTimelineRail rail = {
        .id = connection->id,
        .from = rt_timeline_derive_party (derive, connection->from),
        .to = rt_timeline_derive_party (derive, connection->to),
        .opened = connection->opened,
        .closed = connection->closed,
        .end = connection->end,
        .secure = connection->secure,
      };

      if (connection->opened == RT_TIME_UNKNOWN)
        continue;
      if (derive->extras->part && rail.opened < derive->extras->from)
        {
          rail.opened = derive->extras->from;
          rail.before = TRUE;
        }
      g_array_append_val (derive->model->rails, rail);
      g_hash_table_insert (derive->rails, GUINT_TO_POINTER (connection->id),
                           GUINT_TO_POINTER (derive->model->rails->len));
    }
}

/* Index of the connection, or RT_TIMELINE_NONE. */
guint
rt_timeline_derive_rail (RtTimelineDerive *derive, RtConnection connection)
{
  gpointer index = g_hash_table_lookup (derive->rails, GUINT_TO_POINTER (connection));

  return index != NULL ? GPOINTER_TO_UINT (index) - 1 : RT_TIMELINE_NONE;
}

/* Segments with bytes are drawn as their messages, unless they were lost. */
static void
add_segments (RtTimelineDerive *derive)
{
  GPtrArray *segments = rt_analysis_get_segments (derive->analysis);

  for (guint i = 0; i < segments->len; i++)
    {
      const RtSegment *segment = segments->pdata[i];
      guint rail = rt_timeline_derive_rail (derive, segment->connection);
      const RtTimelineRail *of;
      RtTimelineSegment drawn;

      if (rail == RT_TIMELINE_NONE || segment->sent == RT_TIME_UNKNOWN
          || (derive->extras->part && segment->sent < derive->extras->from)
          || (segment->span.length > 0 && segment->name == NULL && !segment->lost))
        continue;
      of = &g_array_index (derive->model->rails, RtTimelineRail, rail);
      drawn = (RtTimelineSegment){
        .rail = rail,
        .from = segment->direction == RT_FORWARD ? of->from : of->to,
        .to = segment->direction == RT_FORWARD ? of->to : of->from,
        .sent = segment->sent,
        .received = segment->received,
        .name
        = segment->name != NULL ? rt_timeline_model_string (derive->model, segment->name) : NULL,
        .lost = segment->lost,
      };
      g_array_append_val (derive->model->segments, drawn);
    }
}

/* Where the next event is awaited: at the sender's end of what was asked last, else between the
 * first two lanes. Only what is known decides it. */
static void
await (RtTimelineDerive *derive)
{
  RtTimelineModel *model = derive->model;

  model->awaited = model->parties->len > 0;
  model->awaited_from = 0;
  model->awaited_to = model->parties->len > 1 ? 1 : 0;
  if (model->messages->len > 0)
    {
      const RtTimelineMessage *last
          = rt_timeline_model_get_message (model, model->messages->len - 1);

      model->awaited_from = last->to;
      model->awaited_to = last->from;
    }
}

static GHashTable *
notes_by_event (RtAnalysis *analysis)
{
  GPtrArray *notes = rt_analysis_get_notes (analysis);
  GHashTable *by_event = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < notes->len; i++)
    {
      RtNote *note = notes->pdata[i];

      if (note->decision != NULL)
        g_hash_table_insert (by_event, &note->event, note);
    }
  return by_event;
}

/**
 * rt_timeline_model_new_with_extras:
 * @analysis: what is to be shown; not needed afterwards
 * @extras: (nullable): the notes of author and learner, and which layers of notes are shown
 * @masked: what follows must not be known yet: one pill says that something does
 *
 * Returns: (transfer full): the timeline of all that @analysis was fed
 */
RtTimelineModel *
rt_timeline_model_new_with_extras (RtAnalysis *analysis,
                                   const RtTimelineExtras *extras,
                                   gboolean masked)
{
  static const RtTimelineExtras none;
  RtTimelineDerive derive = {
    .analysis = analysis,
    .model = rt_timeline_model_new (),
    .extras = extras != NULL ? extras : &none,
    .parties = g_hash_table_new (NULL, NULL),
    .rails = g_hash_table_new (NULL, NULL),
    .reused = g_hash_table_new (NULL, NULL),
    .titles = notes_by_event (analysis),
    .messages = g_hash_table_new (NULL, NULL),
  };

  add_parties (&derive);
  add_rails (&derive);
  add_segments (&derive);
  rt_timeline_derive_messages (&derive);
  rt_timeline_derive_hops (&derive);
  rt_timeline_derive_decisions (&derive);
  rt_timeline_derive_cards (&derive);
  rt_timeline_derive_strips (&derive);
  rt_timeline_model_seal (derive.model);
  if (masked)
    await (&derive);
  g_hash_table_unref (derive.parties);
  g_hash_table_unref (derive.rails);
  g_hash_table_unref (derive.reused);
  g_hash_table_unref (derive.titles);
  g_hash_table_unref (derive.messages);
  return derive.model;
}

/**
 * rt_timeline_model_new_from_analysis:
 * @analysis: what is to be shown; not needed afterwards
 * @masked: what follows must not be known yet
 *
 * Returns: (transfer full): as rt_timeline_model_new_with_extras(), with the engine's notes alone
 */
RtTimelineModel *
rt_timeline_model_new_from_analysis (RtAnalysis *analysis, gboolean masked)
{
  return rt_timeline_model_new_with_extras (analysis, NULL, masked);
}
