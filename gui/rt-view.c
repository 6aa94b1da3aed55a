/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Feeding an analysis up to a cut, and what its readers agree on. */
#include "rt-view-private.h"

#include "rt-observer.h"
#include "rt-playback.h"

enum
{
  RT_VIEW_CHANGED,
  RT_VIEW_SELECTED,
  RT_VIEW_MOVED,
  RT_VIEW_NOTED,
  RT_VIEW_WANTED,
  RT_VIEW_OVERVIEWED,
  RT_VIEW_N_SIGNALS,
};

static guint signals[RT_VIEW_N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtView, rt_view, G_TYPE_OBJECT)

static void
rt_view_finalize (GObject *object)
{
  RtView *self = RT_VIEW (object);

  g_free (self->title);
  g_free (self->file);
  g_free (self->trouble);
  g_clear_pointer (&self->overview, rt_run_overview_free);
  g_clear_pointer (&self->excerpt, rt_excerpt_unref);
  g_clear_pointer (&self->model, rt_timeline_model_unref);
  g_clear_pointer (&self->moments, g_array_unref);
  g_ptr_array_unref (self->notes);
  rt_analysis_free (self->analysis);
  rt_reader_unref (self->reader);
  g_clear_pointer (&self->play, rt_play_unref);
  G_OBJECT_CLASS (rt_view_parent_class)->finalize (object);
}

static void
rt_view_class_init (RtViewClass *klass)
{
  static const char *const names[RT_VIEW_N_SIGNALS]
      = { "changed", "selected", "moved", "noted", "wanted", "overviewed" };

  G_OBJECT_CLASS (klass)->finalize = rt_view_finalize;
  for (guint i = 0; i < RT_VIEW_N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], RT_TYPE_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
rt_view_init (RtView *self)
{
  self->analysis = rt_analysis_new ();
  self->now = RT_TIME_UNKNOWN;
  self->notes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_timeline_note_free);
}

/**
 * rt_view_new:
 * @reader: of a log
 * @title: what it is called
 *
 * Returns: (transfer full): a view that shows nothing before rt_view_set_cut()
 */
RtView *
rt_view_new (RtReader *reader, const char *title)
{
  RtView *self = g_object_new (RT_TYPE_VIEW, NULL);

  self->reader = rt_reader_ref (reader);
  self->title = g_strdup (title);
  return self;
}

/** rt_view_new_for_play: Returns: (transfer full): a view of @play */
RtView *
rt_view_new_for_play (RtPlay *play)
{
  RtView *self = rt_view_new (rt_play_get_reader (play), rt_play_get_scenario (play)->name);

  self->play = rt_play_ref (play);
  return self;
}

/**
 * rt_view_set_observed:
 * @observed: the log is of traffic whose parties left no decisions: the rules are run over it
 *
 * Before rt_view_set_cut().
 */
void
rt_view_set_observed (RtView *self, gboolean observed)
{
  g_return_if_fail (RT_IS_VIEW (self));
  g_return_if_fail (self->cut == 0);

  self->observed = observed;
  rt_analysis_set_observed (self->analysis, observed);
}

gboolean
rt_view_get_observed (RtView *self)
{
  return self->observed;
}

const char *
rt_view_get_title (RtView *self)
{
  return self->title;
}

/**
 * rt_view_get_play:
 *
 * What the play itself gives knows no cut: ask it only for places.
 *
 * Returns: (nullable) (transfer none): whose log it is
 */
RtPlay *
rt_view_get_play (RtView *self)
{
  return self->play;
}

RtAnalysis *
rt_view_get_analysis (RtView *self)
{
  return self->analysis;
}

static RtTimelineModel *
make_model (RtView *self)
{
  RtTimelineExtras extras = { .notes = self->notes,
                              .hidden_layers = self->hidden_layers,
                              .part = self->excerpt != NULL,
                              .from = self->excerpt != NULL ? self->excerpt->from : 0 };

  return rt_timeline_model_new_with_extras (self->analysis, &extras, rt_view_get_masked (self));
}

/** rt_view_get_model: Returns: (transfer none): until more is fed */
const RtTimelineModel *
rt_view_get_model (RtView *self)
{
  if (self->model == NULL)
    self->model = make_model (self);
  return self->model;
}

/** rt_view_dup_model: Returns: (transfer full): what rt_view_get_model() has */
RtTimelineModel *
rt_view_dup_model (RtView *self)
{
  return rt_timeline_model_ref (rt_view_get_model (self));
}

static void
forget_model (RtView *self)
{
  g_clear_pointer (&self->model, rt_timeline_model_unref);
  g_signal_emit (self, signals[RT_VIEW_NOTED], 0);
}

/**
 * rt_view_set_notes:
 * @layer: whose they are: the author's or one's own
 * @notes: (transfer full) (element-type RtTimelineNote): all there are of that layer
 *
 * What hangs on bytes that may not be seen yet is not shown before they are.
 */
void
rt_view_set_notes (RtView *self, RtTimelineLayer layer, GPtrArray *notes)
{
  guint before = self->notes->len;
  gboolean changed;

  g_return_if_fail (RT_IS_VIEW (self));

  for (guint i = self->notes->len; i > 0; i--)
    if (((const RtTimelineNote *)self->notes->pdata[i - 1])->layer == layer)
      g_ptr_array_remove_index (self->notes, i - 1);
  changed = self->notes->len != before || notes->len > 0;
  g_ptr_array_extend_and_steal (self->notes, notes);
  if (changed)
    forget_model (self);
}

/** rt_view_set_hidden_layers: @layers: a bit for each #RtTimelineLayer that is not shown */
void
rt_view_set_hidden_layers (RtView *self, guint layers)
{
  if (self->hidden_layers == layers)
    return;
  self->hidden_layers = layers;
  forget_model (self);
}

/** rt_view_dup_notes: Returns: (transfer full) (element-type RtTimelineNote): of all layers */
GPtrArray *
rt_view_dup_notes (RtView *self)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_timeline_note_free);

  for (guint i = 0; i < self->notes->len; i++)
    {
      const RtTimelineNote *note = self->notes->pdata[i];

      g_ptr_array_add (notes, rt_timeline_note_new (note->layer, note->number, note->exchange,
                                                    note->span, note->title, note->text));
    }
  return notes;
}

guint
rt_view_get_hidden_layers (RtView *self)
{
  return self->hidden_layers;
}

/* Where the log comes from */

/** rt_view_set_file: @path: (nullable): of the session that has its run; @source: whose traffic */
void
rt_view_set_file (RtView *self, const char *path, RtRunSource source)
{
  g_free (self->file);
  self->file = g_strdup (path);
  self->source = source;
}

/** rt_view_get_file: Returns: (nullable): path of the session that it is recorded in */
const char *
rt_view_get_file (RtView *self)
{
  return self->file;
}

/** rt_view_get_is_private: Returns: whether people may have secrets in it: it is no lesson's run */
gboolean
rt_view_get_is_private (RtView *self)
{
  return self->source != RT_SOURCE_LESSON;
}

/* The pages that are there now: others may come while they are read elsewhere. */
static RtReader *
dup_snapshot (RtView *self)
{
  g_autoptr (RtPages) pages = rt_pages_new ();
  guint64 length = rt_reader_get_length (self->reader);

  for (guint64 at = 0; at < length;)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (self->reader, at, NULL);

      if (page == NULL)
        break;
      rt_pages_add (pages, page);
      at = page->first + page->n;
    }
  return rt_pages_dup_reader (pages);
}

/** rt_view_dup_reader: Returns: (transfer full): of the log, for any thread; of what is shown */
RtReader *
rt_view_dup_reader (RtView *self)
{
  RtReader *part = self->excerpt != NULL ? rt_excerpt_open (self->excerpt, NULL) : NULL;

  if (part != NULL)
    return part;
  return self->grows ? dup_snapshot (self) : rt_reader_ref (self->reader);
}

/** rt_view_get_cut: Returns: the number of the first event that may not be seen */
guint64
rt_view_get_cut (RtView *self)
{
  return self->cut;
}

/** rt_view_get_moments: Returns: (transfer none): until more is fed */
const GArray *
rt_view_get_moments (RtView *self)
{
  if (self->moments == NULL)
    self->moments = rt_playback_moments (self->analysis);
  return self->moments;
}

static gboolean
feed (RtView *self, GError **error)
{
  gboolean fed;

  self->old_end = rt_analysis_get_length (self->analysis) > 0 ? rt_analysis_get_end (self->analysis)
                                                              : RT_TIME_UNKNOWN;
  self->n_events = rt_reader_get_length (self->reader);
  fed = rt_analysis_feed_reader (self->analysis, self->reader, self->cut, error);
  g_clear_pointer (&self->model, rt_timeline_model_unref);
  g_clear_pointer (&self->moments, g_array_unref);
  g_signal_emit (self, signals[RT_VIEW_CHANGED], 0);
  return fed;
}

/**
 * rt_view_set_cut:
 * @cut: the number of the first event that may not be seen; G_MAXUINT64: all may be
 *
 * Where the cut moves back, all is forgotten and read again.
 */
gboolean
rt_view_set_cut (RtView *self, guint64 cut, GError **error)
{
  g_return_val_if_fail (RT_IS_VIEW (self), FALSE);

  if (cut == self->cut)
    return TRUE;
  if (cut < self->cut)
    {
      rt_analysis_free (self->analysis);
      self->analysis = rt_analysis_new ();
      rt_analysis_set_observed (self->analysis, self->observed);
      self->selection = (RtViewSelection){ 0 };
      self->now = RT_TIME_UNKNOWN;
    }
  self->cut = cut;
  return feed (self, error);
}

/** rt_view_follow: reads what came since it was read last, up to the cut; errors: of the reader */
gboolean
rt_view_follow (RtView *self, GError **error)
{
  self->grows = TRUE;
  return feed (self, error);
}

/** rt_view_get_old_end: Returns: up to when it could be seen before it was fed last */
RtTime
rt_view_get_old_end (RtView *self)
{
  return self->old_end;
}

/** rt_view_get_masked: Returns: whether something follows that may not be known */
gboolean
rt_view_get_masked (RtView *self)
{
  /* Of a session a view may show but the beginning: that is no secret. */
  return self->play != NULL && self->cut < rt_reader_get_length (self->reader);
}

/* What can be selected of it: an exchange that is shown, and a side that it has. */
RtViewSelection
rt_view_complete (RtView *self, guint exchange, gboolean request, RtSpan span)
{
  const RtExchange *found
      = exchange != 0 ? rt_analysis_get_exchange (self->analysis, exchange) : NULL;

  if (found == NULL)
    exchange = 0;
  else if (!request && found->response == NULL)
    request = TRUE;
  else if (request && found->request == NULL)
    request = FALSE;
  return (RtViewSelection){ exchange, request, span };
}

/* What was under way at the beginning of a part is there with other events than its own. */
static gboolean
stands_here (RtView *self, guint exchange)
{
  const RtExchange *found = rt_analysis_get_exchange (self->analysis, exchange);
  const RtTransfer *first = found == NULL            ? NULL
                            : found->request != NULL ? found->request
                                                     : found->response;

  return first != NULL && (self->excerpt == NULL || first->first_event >= self->excerpt->first);
}

/**
 * rt_view_select:
 * @exchange: id, 0 = none
 * @request: its request, not its response
 * @span: bytes of it, or none
 *
 * Of a long run, the part with it is brought first.
 */
void
rt_view_select (RtView *self, guint exchange, gboolean request, RtSpan span)
{
  RtViewSelection old = self->selection;
  RtViewSelection next = rt_view_complete (self, exchange, request, span);

  if (exchange != 0 && !stands_here (self, exchange)
      && rt_view_want (self, (RtViewWanted){ .kind = RT_VIEW_WANTS_EXCHANGE,
                                             .exchange = exchange,
                                             .request = request,
                                             .span = span }))
    return;
  if (exchange != 0)
    rt_view_want_nothing (self);
  if (old.exchange == next.exchange && old.request == next.request && old.span.buffer == span.buffer
      && old.span.offset == span.offset && old.span.length == span.length)
    return;
  self->selection = next;
  g_signal_emit (self, signals[RT_VIEW_SELECTED], 0);
}

RtViewSelection
rt_view_get_selection (RtView *self)
{
  return self->selection;
}

/** rt_view_get_exchange: Returns: (nullable): the one that is selected */
const RtExchange *
rt_view_get_exchange (RtView *self)
{
  return self->selection.exchange != 0
             ? rt_analysis_get_exchange (self->analysis, self->selection.exchange)
             : NULL;
}

/** rt_view_get_transfer: Returns: (nullable): the message that is selected */
const RtTransfer *
rt_view_get_transfer (RtView *self)
{
  const RtExchange *exchange = rt_view_get_exchange (self);

  if (exchange == NULL)
    return NULL;
  return self->selection.request ? exchange->request : exchange->response;
}

/**
 * rt_view_set_now:
 * @now: where playback stands; %RT_TIME_UNKNOWN: all is shown
 */
void
rt_view_set_now (RtView *self, RtTime now)
{
  if (self->now == now)
    return;
  self->now = now;
  g_signal_emit (self, signals[RT_VIEW_MOVED], 0);
}

RtTime
rt_view_get_now (RtView *self)
{
  return self->now;
}

/**
 * rt_view_step:
 * @by: moments forward; negative: back. From "all is shown" it goes back from the end
 */
void
rt_view_step (RtView *self, int by)
{
  RtTime now = self->now != RT_TIME_UNKNOWN ? self->now : rt_analysis_get_end (self->analysis);

  if (rt_analysis_get_length (self->analysis) > 0)
    rt_view_set_now (self, rt_playback_step (rt_view_get_moments (self), now, by));
}
