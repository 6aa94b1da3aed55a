/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The timeline widget: keeps a model and its layout, draws the visible part, and says what is hit.
 * It scrolls by itself (GtkScrollable), so that headers stay and offsets are subtracted in double
 * before anything becomes a float. */
#include "rt-timeline-private.h"

#include "rt-appearance.h"
#include "rt-sink-snapshot.h"
#include "rt-timeline-item.h"

/* What was before the first difference, and what comes of it, are worth seeing. */
#define DIFFERENT_MARGIN 90
#define ZOOM_MIN 0.0005
#define ZOOM_MAX 40.0

enum
{
  PROP_0,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

G_DEFINE_FINAL_TYPE_WITH_CODE (RtTimeline,
                               rt_timeline,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

/* Where single messages are not shown, all of a long run can be. */
static void
show_overview (RtTimeline *self)
{
  if (self->layout->level != RT_TIMELINE_HEAT)
    return;
  if (self->overview == NULL)
    {
      g_signal_emit_by_name (self, "zoomed-out");
      return;
    }
  rt_timeline_layout_free (self->layout);
  self->layout = rt_timeline_layout_new (self->overview, &self->params);
}

static void
ensure_layout (RtTimeline *self, int width)
{
  if (self->layout != NULL && self->layout_width == width)
    return;
  if (self->fonts == NULL)
    self->fonts = rt_fonts_new (gtk_widget_get_pango_context (GTK_WIDGET (self)));
  g_clear_pointer (&self->layout, rt_timeline_layout_free);
  self->params.width = self->layout_width = width;
  rt_fonts_set_scale (self->fonts, self->params.text_scale);
  self->params.measure = rt_fonts_get_measure (self->fonts);
  rt_timeline_apply_lanes (self);
  self->layout = rt_timeline_layout_new (self->model, &self->params);
  show_overview (self);
  self->first_item = self->end_item = 0;
}

/* What is shown changed: lay it out anew at the next opportunity. The scrolled window must be
 * placed too: a scroll bar that comes or goes while only its child is being placed leaves GTK 4.8
 * with a scrolled window that is never placed, and so never drawn, again. */
void
rt_timeline_invalidate (RtTimeline *self)
{
  g_clear_pointer (&self->layout, rt_timeline_layout_free);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Drawing and scrolling */

/* Lays out at once what would be laid out at the next opportunity. */
void
rt_timeline_update_layout (RtTimeline *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  ensure_layout (self, width);
  rt_timeline_configure_adjustments (self, width, gtk_widget_get_height (GTK_WIDGET (self)));
}

static void
rt_timeline_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RtTimeline *self = RT_TIMELINE (widget);

  self->placing = TRUE;
  ensure_layout (self, width);
  rt_timeline_configure_adjustments (self, width, height);
  rt_timeline_restore_place (self);
  if (self->following)
    rt_timeline_follow_now (self);
  if (self->revealing && self->view.selected != RT_TIMELINE_NONE)
    rt_timeline_reveal_message (self, self->view.selected, SELECTED_MARGIN);
  if (self->showing_different && self->view.different != RT_TIMELINE_NONE)
    rt_timeline_reveal_message (self, self->view.different, DIFFERENT_MARGIN);
  self->showing_different = self->revealing = self->placing = FALSE;
  rt_timeline_update_items (self);
  rt_timeline_allocate_items (self);
  if (self->menu != NULL)
    gtk_popover_present (GTK_POPOVER (self->menu));
}

static void
rt_timeline_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RtTimeline *self = RT_TIMELINE (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  RtTimelineView shown;
  RtSnapshotSink sink;
  double left;

  ensure_layout (self, width);
  self->view.width = self->layout->params.width;
  self->view.height = height;
  self->view.scroll = rt_timeline_get_scroll (self, GTK_ORIENTATION_VERTICAL);
  self->view.scheme = rt_appearance_get_scheme ();
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float)width, (float)height));
  left = rt_timeline_get_scroll (self, GTK_ORIENTATION_HORIZONTAL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)-left, 0));
  rt_snapshot_sink_init (&sink, snapshot, self->fonts, left, width);
  shown = self->view;
  if (rt_timeline_get_shows_overview (self))
    shown.selected = shown.hover = shown.different = RT_TIMELINE_NONE;
  rt_timeline_scene_draw (self->layout, &shown, &sink.sink);
  gtk_snapshot_restore (snapshot);
  if (gtk_widget_has_visible_focus (widget))
    {
      const RtTheme *theme = rt_theme_get (self->view.scheme);

      sink.sink.klass->rounded (&sink.sink, 0, 0, width, height, 0, NULL,
                                &theme->ink[RT_TIMELINE_REQUEST], 2);
    }
  gtk_snapshot_pop (snapshot);
}

static void
rt_timeline_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 160;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 800 : 480;
  *minimum_baseline = *natural_baseline = -1;
}

/* Properties, life */

static void
rt_timeline_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  RtTimeline *self = RT_TIMELINE (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      rt_timeline_set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      rt_timeline_set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
rt_timeline_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  RtTimeline *self = RT_TIMELINE (object);

  switch (id)
    {
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
rt_timeline_dispose (GObject *object)
{
  RtTimeline *self = RT_TIMELINE (object);

  rt_timeline_pair (self, NULL);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  for (guint i = 0; i < N_ITEMS; i++)
    g_clear_pointer (&self->items[i], gtk_widget_unparent);
  for (guint i = 0; i < G_N_ELEMENTS (self->adjustments); i++)
    {
      if (self->adjustments[i] != NULL)
        g_signal_handlers_disconnect_by_data (self->adjustments[i], self);
      g_clear_object (&self->adjustments[i]);
    }
  g_clear_pointer (&self->layout, rt_timeline_layout_free);
  g_clear_pointer (&self->model, rt_timeline_model_unref);
  g_clear_pointer (&self->overview, rt_timeline_model_unref);
  g_clear_pointer (&self->fonts, rt_fonts_free);
  G_OBJECT_CLASS (rt_timeline_parent_class)->dispose (object);
}

static void
rt_timeline_finalize (GObject *object)
{
  RtTimeline *self = RT_TIMELINE (object);

  g_array_unref (self->order);
  g_array_unref (self->pinned);
  G_OBJECT_CLASS (rt_timeline_parent_class)->finalize (object);
}

/* All are emitted by name, from where they come about. */
static void
add_signals (void)
{
  const struct
  {
    const char *name;
    guint n;
    GType types[2];
  } rows[] = {
    { "selected", 2, { G_TYPE_UINT, G_TYPE_BOOLEAN } },
    { "card-activated", 1, { G_TYPE_UINT } },
    { "seek", 1, { G_TYPE_INT64 } },
    { "step", 1, { G_TYPE_INT } },
    { "menu", 2, { G_TYPE_DOUBLE, G_TYPE_DOUBLE } },
    { "compare", 1, { G_TYPE_UINT } },
    { "edge", 1, { G_TYPE_INT } },
    { "zoomed-out", 0, { 0 } },
    { "jump", 1, { G_TYPE_INT64 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_signal_new (rows[i].name, RT_TYPE_TIMELINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, rows[i].n, rows[i].types[0], rows[i].types[1]);
}

static void
rt_timeline_class_init (RtTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = rt_timeline_set_property;
  object_class->get_property = rt_timeline_get_property;
  object_class->dispose = rt_timeline_dispose;
  object_class->finalize = rt_timeline_finalize;
  widget_class->size_allocate = rt_timeline_size_allocate;
  widget_class->snapshot = rt_timeline_snapshot;
  widget_class->measure = rt_timeline_measure;
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  add_signals ();
  rt_timeline_add_bindings (widget_class);
  rt_timeline_add_lane_actions (widget_class);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
  gtk_widget_class_set_css_name (widget_class, "timeline");
}

static void
rt_timeline_init (RtTimeline *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (RtPartyId));
  self->pinned = g_array_new (FALSE, FALSE, sizeof (RtPartyId));
  self->model = rt_timeline_model_new ();
  rt_timeline_model_seal (self->model);
  self->params = (RtTimelineParams){ .text_scale = 1, .zoom = 1 };
  self->view = (RtTimelineView){ .hover = RT_TIMELINE_NONE,
                                 .selected = RT_TIMELINE_NONE,
                                 .different = RT_TIMELINE_NONE,
                                 .now = RT_TIME_UNKNOWN };
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      self->items[i] = rt_timeline_item_new ();
      gtk_widget_set_parent (self->items[i], GTK_WIDGET (self));
      gtk_widget_set_child_visible (self->items[i], FALSE);
    }
  rt_timeline_add_controllers (self);
  rt_appearance_watch (self, G_CALLBACK (gtk_widget_queue_draw));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, "Timeline",
                                  -1);
}

/**
 * rt_timeline_new:
 *
 * Returns: an empty timeline
 */
GtkWidget *
rt_timeline_new (void)
{
  return g_object_new (RT_TYPE_TIMELINE, NULL);
}

/* Whether the lanes that somebody arranged are still those of @next. */
static gboolean
same_parties (const RtTimelineModel *before, const RtTimelineModel *next)
{
  for (guint i = 0; i < MIN (before->parties->len, next->parties->len); i++)
    if (!g_str_equal (rt_timeline_model_get_party (before, i)->name,
                      rt_timeline_model_get_party (next, i)->name))
      return FALSE;
  return TRUE;
}

/**
 * rt_timeline_set_model:
 * @model: (transfer full): sealed
 *
 * Shows another model. The selection stays where the exchange is still there.
 */
void
rt_timeline_set_model (RtTimeline *self, RtTimelineModel *model)
{
  g_return_if_fail (RT_IS_TIMELINE (self));

  rt_timeline_remember_place (self);
  g_clear_pointer (&self->layout, rt_timeline_layout_free);
  if (!same_parties (self->model, model))
    rt_timeline_forget_lanes (self);
  rt_timeline_model_unref (self->model);
  self->model = model;
  if (self->peer != NULL)
    {
      self->peer->params.beside = model;
      rt_timeline_invalidate (self->peer);
    }
  self->view.hover = self->view.different = RT_TIMELINE_NONE;
  self->view.selected
      = self->selected_exchange != 0
            ? rt_timeline_model_find (model, self->selected_exchange, self->selected_request)
            : RT_TIMELINE_NONE;
  rt_timeline_forget_items (self);
  rt_timeline_invalidate (self);
}

/**
 * rt_timeline_set_overview:
 * @overview: (transfer full) (nullable): all of a run of which the model is a part, in counts; it
 *   is shown instead where single messages are not
 */
void
rt_timeline_set_overview (RtTimeline *self, RtTimelineModel *overview)
{
  gboolean shown = rt_timeline_get_shows_overview (self);

  if (shown)
    g_clear_pointer (&self->layout, rt_timeline_layout_free);
  g_clear_pointer (&self->overview, rt_timeline_model_unref);
  self->overview = overview;
  if (shown || overview != NULL)
    rt_timeline_invalidate (self);
}

gboolean
rt_timeline_get_shows_overview (RtTimeline *self)
{
  return self->layout != NULL && self->layout->model != self->model;
}

/**
 * rt_timeline_set_analysis:
 * @analysis: what is to be shown: fed as far as anything may be known; not needed afterwards
 * @masked: something follows that may not be known: one pill says so
 *
 * Call it again whenever the analysis was fed more.
 */
void
rt_timeline_set_analysis (RtTimeline *self, RtAnalysis *analysis, gboolean masked)
{
  rt_timeline_set_model (self, rt_timeline_model_new_from_analysis (analysis, masked));
}

/** rt_timeline_get_model: Returns: (transfer none): until the next set call */
const RtTimelineModel *
rt_timeline_get_model (RtTimeline *self)
{
  return self->model;
}

/**
 * rt_timeline_set_now:
 * @now: where playback stands, or %RT_TIME_UNKNOWN: all is shown
 *
 * Draws the line of the present and follows it.
 */
void
rt_timeline_set_now (RtTimeline *self, RtTime now)
{
  g_return_if_fail (RT_IS_TIMELINE (self));

  if (self->view.now == now)
    return;
  self->view.now = now;
  rt_timeline_follow_now (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

RtTime
rt_timeline_get_now (RtTimeline *self)
{
  return self->view.now;
}

void
rt_timeline_set_true_scale (RtTimeline *self, gboolean true_scale)
{
  self->params.true_scale = true_scale;
  rt_timeline_invalidate (self);
}

gboolean
rt_timeline_get_true_scale (RtTimeline *self)
{
  return self->params.true_scale;
}

/**
 * rt_timeline_set_zoom:
 * @zoom: of time: 1 = legible; far below, messages become arrows and then columns of counts
 */
void
rt_timeline_set_zoom (RtTimeline *self, double zoom)
{
  self->params.zoom = CLAMP (zoom, ZOOM_MIN, ZOOM_MAX);
  rt_timeline_invalidate (self);
}

double
rt_timeline_get_zoom (RtTimeline *self)
{
  return self->params.zoom;
}

void
rt_timeline_set_text_scale (RtTimeline *self, double text_scale)
{
  self->params.text_scale = CLAMP (text_scale, 0.5, 4);
  rt_timeline_invalidate (self);
}

void
rt_timeline_set_unfolded (RtTimeline *self, gboolean unfolded)
{
  self->params.unfolded = unfolded;
  rt_timeline_invalidate (self);
}

static void
set_peer (RtTimeline *self, RtTimeline *peer)
{
  if (self->peer != NULL)
    {
      self->peer->peer = NULL;
      self->peer->params.beside = NULL;
      self->peer->params.stacked = self->peer->params.no_cards = FALSE;
      rt_timeline_invalidate (self->peer);
    }
  self->peer = peer;
  self->params.beside = peer != NULL ? peer->model : NULL;
  self->params.stacked = self->params.no_cards = peer != NULL;
  rt_timeline_invalidate (self);
}

/**
 * rt_timeline_pair:
 * @peer: (nullable): stands beside this one; %NULL: nothing does any more
 *
 * The same moment has the same height in both.
 */
void
rt_timeline_pair (RtTimeline *self, RtTimeline *peer)
{
  if (self->peer == peer)
    return;
  set_peer (self, NULL);
  if (peer == NULL)
    return;
  set_peer (peer, NULL);
  set_peer (self, peer);
  peer->peer = self;
  peer->params.beside = self->model;
  peer->params.stacked = peer->params.no_cards = TRUE;
  rt_timeline_invalidate (peer);
}

/**
 * rt_timeline_set_spotlight:
 * @spotlight: all but the selected message is dimmed: for those who sit far away
 */
void
rt_timeline_set_spotlight (RtTimeline *self, gboolean spotlight)
{
  self->view.spotlight = spotlight;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/** rt_timeline_set_no_cards: @no_cards: the window shows the current card elsewhere */
void
rt_timeline_set_no_cards (RtTimeline *self, gboolean no_cards)
{
  self->params.no_cards = no_cards;
  rt_timeline_invalidate (self);
}

/**
 * rt_timeline_get_shows_cards:
 *
 * Returns: whether the explanation cards stand beside the timeline; where not, the window shows
 *   the current one itself
 */
gboolean
rt_timeline_get_shows_cards (RtTimeline *self)
{
  return self->layout != NULL && self->layout->card_width > 0;
}
