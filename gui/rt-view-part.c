/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A view of a run that is too long for one: which part of it is shown, which one is wanted, and all
 * of it in counts. */
#include "rt-view-private.h"

/**
 * rt_view_get_part:
 * @ret_first, @ret_end: (out): the first event that is shown, and the first behind it that is not
 * @ret_all: (out): how many there are
 *
 * Returns: whether it shows but a part of a session, because that is long
 */
gboolean
rt_view_get_part (RtView *self, guint64 *ret_first, guint64 *ret_end, guint64 *ret_all)
{
  *ret_first = self->excerpt != NULL ? self->excerpt->first : 0;
  *ret_end = rt_analysis_get_length (self->analysis);
  *ret_all = self->n_events;
  return self->play == NULL && (*ret_first > 0 || *ret_end < *ret_all);
}

/** rt_view_get_excerpt: Returns: (nullable) (transfer none): what is shown of a long run; %NULL:
 * it begins with the log */
RtExcerpt *
rt_view_get_excerpt (RtView *self)
{
  return self->excerpt;
}

/** rt_view_get_wanted: Returns: (transfer none): what is to be shown, or nothing */
const RtViewWanted *
rt_view_get_wanted (RtView *self)
{
  return &self->wanted;
}

/** rt_view_get_trouble: Returns: (nullable): why what was wanted last is not shown */
const char *
rt_view_get_trouble (RtView *self)
{
  return self->trouble;
}

/* Returns FALSE where nobody could bring it. */
gboolean
rt_view_want (RtView *self, RtViewWanted wanted)
{
  guint64 first, end, all;

  if (!rt_view_get_part (self, &first, &end, &all)
      || !g_signal_has_handler_pending (self, g_signal_lookup ("wanted", RT_TYPE_VIEW), 0, TRUE))
    return FALSE;
  g_clear_pointer (&self->trouble, g_free);
  self->wanted = wanted;
  g_signal_emit_by_name (self, "wanted");
  return TRUE;
}

void
rt_view_want_nothing (RtView *self)
{
  if (self->wanted.kind == RT_VIEW_WANTS_NOTHING && self->trouble == NULL)
    return;
  self->wanted = (RtViewWanted){ 0 };
  g_clear_pointer (&self->trouble, g_free);
  g_signal_emit_by_name (self, "wanted");
}

/** rt_view_want_time: the part around @time is to be shown */
void
rt_view_want_time (RtView *self, RtTime time)
{
  rt_view_want (self, (RtViewWanted){ .kind = RT_VIEW_WANTS_TIME, .time = time });
}

/**
 * rt_view_want_more:
 * @direction: 1: of what follows; -1: of what was before
 *
 * Returns: whether there is more
 */
gboolean
rt_view_want_more (RtView *self, int direction)
{
  guint64 first, end, all;

  rt_view_get_part (self, &first, &end, &all);
  if (direction > 0 ? end >= all : first == 0)
    return FALSE;
  if (self->wanted.kind != RT_VIEW_WANTS_NOTHING)
    return TRUE;
  return rt_view_want (
      self, (RtViewWanted){ .kind = RT_VIEW_WANTS_EVENT, .event = direction > 0 ? end : first });
}

/**
 * rt_view_take_part:
 * @excerpt: what is shown from now on
 * @analysis: (transfer full): of it
 * @model: (transfer full): of @analysis, without notes
 * @exchange: is selected; 0: what was, as far as it is still shown
 *
 * Returns: (transfer full): what was shown before. It takes a while to free: let another thread
 */
RtAnalysis *
rt_view_take_part (
    RtView *self, RtExcerpt *excerpt, RtAnalysis *analysis, RtTimelineModel *model, guint exchange)
{
  RtViewWanted wanted = self->wanted;
  RtViewSelection old = self->selection;
  RtAnalysis *before = self->analysis;

  g_return_val_if_fail (RT_IS_VIEW (self), NULL);

  self->wanted = (RtViewWanted){ 0 };
  rt_excerpt_ref (excerpt);
  g_clear_pointer (&self->excerpt, rt_excerpt_unref);
  self->excerpt = excerpt;
  self->cut = excerpt->end;
  self->analysis = analysis;
  g_clear_pointer (&self->model, rt_timeline_model_unref);
  self->model = model;
  g_clear_pointer (&self->moments, g_array_unref);
  self->old_end = RT_TIME_UNKNOWN;
  self->now = RT_TIME_UNKNOWN;
  self->selection = exchange != 0 ? rt_view_complete (self, exchange, wanted.request, wanted.span)
                                  : rt_view_complete (self, old.exchange, old.request, old.span);
  g_signal_emit_by_name (self, "changed");
  g_signal_emit_by_name (self, "selected");
  g_signal_emit_by_name (self, "moved");
  g_signal_emit_by_name (self, "wanted");
  return before;
}

gboolean
rt_view_get_wants_overview (RtView *self)
{
  return self->wants_overview;
}

/** rt_view_want_overview: of a long run, all of it is to be shown at once, in counts */
void
rt_view_want_overview (RtView *self)
{
  guint64 first, end, all;

  if (self->wants_overview || self->overview != NULL
      || !rt_view_get_part (self, &first, &end, &all))
    return;
  self->wants_overview = TRUE;
  g_signal_emit_by_name (self, "wanted");
}

/** rt_view_take_overview: @overview: (transfer full) (nullable): %NULL: there is none */
void
rt_view_take_overview (RtView *self, RtRunOverview *overview)
{
  self->wants_overview = FALSE;
  g_clear_pointer (&self->overview, rt_run_overview_free);
  self->overview = overview;
  g_signal_emit_by_name (self, "overviewed");
}

static const char *
kind_of (RtView *self, const char *name)
{
  GPtrArray *parties = rt_analysis_get_parties (self->analysis);

  for (guint i = 0; i < parties->len; i++)
    if (g_str_equal (((const RtPartyInfo *)parties->pdata[i])->name, name))
      return ((const RtPartyInfo *)parties->pdata[i])->kind;
  return "origin";
}

/** rt_view_new_overview: Returns: (transfer full) (nullable): all of a long run, in counts */
RtTimelineModel *
rt_view_new_overview (RtView *self)
{
  RtTimelineModel *model;

  if (self->overview == NULL || self->overview->beats->len == 0)
    return NULL;
  model = rt_timeline_model_new ();
  for (guint i = 0; i < self->overview->names->len; i++)
    rt_timeline_model_add_party (model, (RtPartyId)(i + 1), self->overview->names->pdata[i],
                                 kind_of (self, self->overview->names->pdata[i]));
  for (guint i = 0; i < self->overview->beats->len; i++)
    {
      const RtRunBeat *beat = &g_array_index (self->overview->beats, RtRunBeat, i);
      RtTimelineBeat drawn = {
        .time = beat->time, .length = beat->length, .from = beat->client, .to = beat->server
      };

      drawn.counts[RT_TIMELINE_REQUEST] = beat->requests;
      drawn.counts[RT_TIMELINE_PREFLIGHT] = beat->preflights;
      drawn.counts[RT_TIMELINE_RESPONSE] = beat->responses;
      drawn.counts[RT_TIMELINE_CACHE] = beat->cached;
      drawn.counts[RT_TIMELINE_ERROR] = beat->failed;
      g_array_append_val (model->beats, drawn);
    }
  rt_timeline_model_seal (model);
  return model;
}

/** rt_view_give_up: what was wanted cannot be shown; @why: for people */
void
rt_view_give_up (RtView *self, const char *why)
{
  self->wanted = (RtViewWanted){ 0 };
  g_free (self->trouble);
  self->trouble = g_strdup (why);
  g_signal_emit_by_name (self, "wanted");
}
