/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ties the timeline to a view: what is selected or reached in one is so in the other. */
#include "rt-stage.h"

#include "rt-appearance.h"
#include "rt-card-strip.h"

struct _RtStage
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  gboolean updating;

  GtkWidget *box, *run_bar, *scrolled;
  GtkDropDown *runs;
  GtkLabel *note;
  RtTimeline *timeline;
  RtTransport *transport;
  RtCardStrip *strip;
};

enum
{
  RUN_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtStage, rt_stage, GTK_TYPE_WIDGET)

static void
changed_cb (RtStage *self)
{
  rt_timeline_set_analysis (self->timeline, rt_view_get_analysis (self->view),
                            rt_view_get_masked (self->view));
}

static void
moved_cb (RtStage *self)
{
  rt_timeline_set_now (self->timeline, rt_view_get_now (self->view));
}

static void
view_selected_cb (RtStage *self)
{
  RtViewSelection selection = rt_view_get_selection (self->view);

  self->updating = TRUE;
  rt_timeline_set_selected (self->timeline, selection.exchange, selection.request);
  self->updating = FALSE;
}

static void
timeline_selected_cb (RtStage *self, guint exchange, gboolean request)
{
  if (!self->updating && self->view != NULL)
    rt_view_select (self->view, exchange, request, RT_SPAN_NONE);
}

static gboolean
is_of_request (RtStage *self, const RtTimelineCard *card)
{
  return card->message != RT_TIMELINE_NONE
         && rt_timeline_model_get_message (rt_timeline_get_model (self->timeline), card->message)
                ->request;
}

static void
card_activated_cb (RtStage *self, guint index)
{
  const GArray *cards = rt_timeline_get_model (self->timeline)->cards;
  const RtTimelineCard *card = &g_array_index (cards, RtTimelineCard, index);

  if (card->exchange != 0)
    rt_view_select (self->view, card->exchange, is_of_request (self, card), card->span);
}

static void
seek_cb (RtStage *self, gint64 time)
{
  rt_transport_set_playing (self->transport, FALSE);
  rt_view_set_now (self->view, time);
}

static void
step_cb (RtStage *self, int by)
{
  gtk_widget_activate_action (GTK_WIDGET (self->transport), "transport.step", "i", by);
}

static void
run_chosen_cb (RtStage *self)
{
  guint chosen = gtk_drop_down_get_selected (self->runs);

  if (!self->updating && chosen != GTK_INVALID_LIST_POSITION)
    g_signal_emit (self, signals[RUN_CHOSEN], 0, chosen);
}

/** rt_stage_set_view: @view: (nullable): what is watched from now on */
void
rt_stage_set_view (RtStage *self, RtView *view)
{
  if (!g_set_object (&self->view, view))
    return;
  g_signal_group_set_target (self->signals, view);
  rt_transport_set_view (self->transport, view);
  rt_card_strip_set_view (self->strip, view);
  if (view == NULL)
    return;
  changed_cb (self);
  moved_cb (self);
  view_selected_cb (self);
}

RtView *
rt_stage_get_view (RtStage *self)
{
  return self->view;
}

static gboolean
offers (RtStage *self, const char *const *names)
{
  GListModel *model = gtk_drop_down_get_model (self->runs);
  guint n = model != NULL ? g_list_model_get_n_items (model) : 0;

  for (guint i = 0; i < n; i++)
    if (names[i] == NULL
        || !g_str_equal (names[i], gtk_string_list_get_string (GTK_STRING_LIST (model), i)))
      return FALSE;
  return n > 0 && names[n] == NULL;
}

/**
 * rt_stage_set_runs:
 * @names: those that may be chosen
 * @chosen: which of them is shown, or %GTK_INVALID_LIST_POSITION
 * @note: (nullable): what they are, or what is shown instead of one of them
 */
void
rt_stage_set_runs (RtStage *self, const char *const *names, guint chosen, const char *note)
{
  self->updating = TRUE;
  /* A drop-down that has just been used must keep its model: GTK 4.8 never comes back from a change
   * of it while it tells of the choice. */
  if (!offers (self, names))
    {
      g_autoptr (GtkStringList) list = gtk_string_list_new (names);

      gtk_drop_down_set_model (self->runs, G_LIST_MODEL (list));
    }
  gtk_drop_down_set_selected (self->runs, chosen);
  gtk_label_set_text (self->note, note != NULL ? note : "");
  self->updating = FALSE;
}

RtTimeline *
rt_stage_get_timeline (RtStage *self)
{
  return self->timeline;
}

RtTransport *
rt_stage_get_transport (RtStage *self)
{
  return self->transport;
}

void
rt_stage_set_true_scale (RtStage *self, gboolean true_scale)
{
  rt_timeline_set_true_scale (self->timeline, true_scale);
}

/* Where the timeline shows the cards itself, the strip would say it twice. */
static gboolean
update_strip (gpointer data)
{
  RtStage *self = data;

  if (self->strip != NULL)
    gtk_widget_set_visible (GTK_WIDGET (self->strip),
                            !rt_timeline_get_shows_cards (self->timeline));
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
rt_stage_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RtStage *self = RT_STAGE (widget);

  gtk_widget_allocate (self->box, width, height, baseline, NULL);
  if (rt_timeline_get_shows_cards (self->timeline)
      == gtk_widget_get_visible (GTK_WIDGET (self->strip)))
    g_idle_add_full (GTK_PRIORITY_RESIZE, update_strip, g_object_ref (self), NULL);
}

static void
rt_stage_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  gtk_widget_measure (RT_STAGE (widget)->box, orientation, for_size, minimum, natural,
                      minimum_baseline, natural_baseline);
}

static void
rt_stage_dispose (GObject *object)
{
  RtStage *self = RT_STAGE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->view);
  self->strip = NULL;
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_stage_parent_class)->dispose (object);
}

static void
rt_stage_class_init (RtStageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_stage_dispose;
  widget_class->size_allocate = rt_stage_size_allocate;
  widget_class->measure = rt_stage_measure;
  signals[RUN_CHOSEN] = g_signal_new ("run-chosen", RT_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (RT_TYPE_TIMELINE);
  g_type_ensure (RT_TYPE_TRANSPORT);
  g_type_ensure (RT_TYPE_CARD_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-stage.ui");
  gtk_widget_class_bind_template_child (widget_class, RtStage, box);
  gtk_widget_class_bind_template_child (widget_class, RtStage, run_bar);
  gtk_widget_class_bind_template_child (widget_class, RtStage, runs);
  gtk_widget_class_bind_template_child (widget_class, RtStage, note);
  gtk_widget_class_bind_template_child (widget_class, RtStage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtStage, timeline);
  gtk_widget_class_bind_template_child (widget_class, RtStage, transport);
  gtk_widget_class_bind_template_child (widget_class, RtStage, strip);
}

/* The timeline measures in pixels, so it is told how large text is to be. */
static void
update_text_scale (RtStage *self, GParamSpec *spec, GtkSettings *settings)
{
  rt_timeline_set_text_scale (self->timeline, rt_appearance_get_text_scale (GTK_WIDGET (self)));
}

static void
follow_text_scale (RtStage *self)
{
  GtkSettings *settings = gtk_widget_get_settings (GTK_WIDGET (self));

  g_signal_connect_object (settings, "notify::gtk-xft-dpi", G_CALLBACK (update_text_scale), self,
                           G_CONNECT_SWAPPED);
  update_text_scale (self, NULL, settings);
}

/* Keys that GtkScrolledWindow and GtkWindow have uses of their own for. */
static void
add_keys (RtStage *self)
{
  static const struct
  {
    guint key;
    const char *action;
  } keys[] = {
    { GDK_KEY_Home, "win.first" },
    { GDK_KEY_End, "win.last" },
    { GDK_KEY_space, "win.play" },
    { GDK_KEY_Return, "win.inspect" },
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller),
                                          gtk_shortcut_new (gtk_keyval_trigger_new (keys[i].key, 0),
                                                            gtk_named_action_new (keys[i].action)));
  gtk_widget_add_controller (GTK_WIDGET (self->timeline), controller);
}

static void
rt_stage_init (RtStage *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "moved", G_CALLBACK (moved_cb), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (view_selected_cb), self);
  g_signal_connect_object (self->timeline, "selected", G_CALLBACK (timeline_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "card-activated", G_CALLBACK (card_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "seek", G_CALLBACK (seek_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "step", G_CALLBACK (step_cb), self, G_CONNECT_SWAPPED);
  follow_text_scale (self);
  add_keys (self);
  g_signal_connect_object (self->runs, "notify::selected", G_CALLBACK (run_chosen_cb), self,
                           G_CONNECT_SWAPPED);
}
