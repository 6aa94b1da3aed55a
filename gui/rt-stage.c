/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ties the timeline to a view: what is selected or reached in one is so in the other. */
#include "rt-stage.h"

#include "rt-appearance.h"
#include "rt-card-strip.h"
#include "rt-context-menu.h"
#include "rt-exchange-menu.h"
#include "rt-first-difference.h"
#include "rt-user-settings.h"

#include <glib/gi18n.h>

struct _RtStage
{
  GtkWidget parent_instance;

  RtView *view, *other_view;
  GSignalGroup *signals, *other_signals;
  gboolean updating;
  guint linking; /* 0, or the source that lets @linked_to scroll to @linked_value */
  GtkWidget *linked_to;
  double linked_value;
  char *changes; /* what was changed on the way from the one to the other, or NULL */

  GtkWidget *box, *run_bar, *scrolled, *other_scrolled, *beside_box, *discard;
  GtkDropDown *runs, *others;
  GtkLabel *note, *caption;
  RtTimeline *timeline, *other;
  RtTransport *transport;
  RtCardStrip *strip;
};

enum
{
  RUN_CHOSEN,
  BESIDE_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtStage, rt_stage, GTK_TYPE_WIDGET)

/* The layers of notes that the user does not want to see. */
static guint
hidden_layers (void)
{
  static const char *const keys[RT_N_TIMELINE_LAYERS] = {
    [RT_TIMELINE_LAYER_ENGINE] = RT_KEY_ENGINE_NOTES,
    [RT_TIMELINE_LAYER_AUTHOR] = RT_KEY_AUTHOR_NOTES,
    [RT_TIMELINE_LAYER_OWN] = RT_KEY_MY_NOTES,
  };
  guint hidden = 0;

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (!g_settings_get_boolean (rt_user_settings_get (), keys[i]))
      hidden |= 1u << i;
  return hidden;
}

/* What was changed, and what differs first; that is marked on both sides. */
static void
mark_difference (RtStage *self)
{
  g_auto (RtFirstDifference) first = { 0 };
  g_autofree char *words = NULL;
  gboolean differ;

  if (self->other_view == NULL || self->view == NULL)
    return;
  differ = rt_first_difference_find (rt_view_get_analysis (self->view),
                                     rt_view_get_analysis (self->other_view), &first);
  rt_timeline_set_different (self->timeline, first.left, first.request);
  rt_timeline_set_different (self->other, first.right, first.request);
  words = differ ? g_strdup_printf (_ ("First difference: %s"), first.words)
                 : g_strdup (_ ("Nothing differs, as far as can be seen."));
  if (self->changes != NULL)
    {
      g_autofree char *all = g_strdup_printf (_ ("Changed: %s · %s"), self->changes, words);

      gtk_label_set_text (self->caption, all);
    }
  else
    gtk_label_set_text (self->caption, words);
}

static void
changed_cb (RtStage *self)
{
  rt_timeline_set_model (self->timeline, rt_view_dup_model (self->view));
  mark_difference (self);
}

/* The run beside it stands at the same moment: both began at the lesson's clock. */
static void
moved_cb (RtStage *self)
{
  RtTime now = rt_view_get_now (self->view);

  rt_timeline_set_now (self->timeline, now);
  if (self->other_view != NULL)
    rt_timeline_set_now (self->other, now);
}

static void
other_changed_cb (RtStage *self)
{
  rt_timeline_set_model (self->other, rt_view_dup_model (self->other_view));
  mark_difference (self);
}

static void
other_selected_cb (RtStage *self, guint exchange, gboolean request)
{
  if (!self->updating && self->other_view != NULL)
    rt_view_select (self->other_view, exchange, request, RT_SPAN_NONE);
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
menu_cb (RtStage *self, double x, double y)
{
  g_autoptr (GMenuModel) menu = rt_exchange_menu_new (self->view);

  if (menu != NULL)
    rt_context_menu_popup (GTK_WIDGET (self->timeline), menu, x, y);
}

static void
compare_cb (RtStage *self, guint exchange)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.compare-with", "u", exchange);
}

/* Of a long run more is shown; at its end there is none. */
static void
edge_cb (RtStage *self, int direction)
{
  if (self->view != NULL)
    rt_view_want_more (self->view, direction);
}

static void
zoomed_out_cb (RtStage *self)
{
  if (self->view != NULL)
    rt_view_want_overview (self->view);
}

static void
overviewed_cb (RtStage *self)
{
  rt_timeline_set_overview (self->timeline, rt_view_new_overview (self->view));
}

/* The exchange of that time is selected, whichever part of the run it is in. */
static void
jump_cb (RtStage *self, gint64 time)
{
  if (self->view != NULL)
    rt_view_want_time (self->view, time);
}

static void
other_menu_cb (RtStage *self, double x, double y)
{
  g_autoptr (GMenuModel) menu
      = self->other_view != NULL ? rt_exchange_menu_new_beside (self->other_view) : NULL;

  if (menu != NULL)
    rt_context_menu_popup (GTK_WIDGET (self->other), menu, x, y);
}

/* The one side is what is selected in the run that is watched. */
static void
other_compare_cb (RtStage *self, guint exchange)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.compare-beside", "u", exchange);
}

static void
run_chosen_cb (RtStage *self)
{
  guint chosen = gtk_drop_down_get_selected (self->runs);

  if (!self->updating && chosen != GTK_INVALID_LIST_POSITION)
    g_signal_emit (self, signals[RUN_CHOSEN], 0, chosen);
}

static void
beside_chosen_cb (RtStage *self)
{
  guint chosen = gtk_drop_down_get_selected (self->others);

  if (!self->updating && chosen != GTK_INVALID_LIST_POSITION)
    g_signal_emit (self, signals[BESIDE_CHOSEN], 0, chosen);
}

static GtkAdjustment *
vertical_of (GtkWidget *scrolled)
{
  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
}

static gboolean
link_scrolling_cb (gpointer data)
{
  RtStage *self = data;

  self->linking = 0;
  gtk_adjustment_set_value (vertical_of (self->linked_to), self->linked_value);
  return G_SOURCE_REMOVE;
}

/* The one scrolls as far as the other: not at once, because it may be while the one is being placed
 * that it moves, and GTK 4.8 never draws what is to be placed anew meanwhile. */
static void
scrolled_cb (RtStage *self, GtkAdjustment *from)
{
  GtkWidget *to = from == vertical_of (self->scrolled) ? self->other_scrolled : self->scrolled;
  double value = gtk_adjustment_get_value (from);

  if (self->other_view == NULL || gtk_adjustment_get_value (vertical_of (to)) == value)
    return;
  self->linked_to = to;
  self->linked_value = value;
  if (self->linking == 0)
    self->linking = g_idle_add_full (G_PRIORITY_HIGH_IDLE, link_scrolling_cb, self, NULL);
}

/**
 * rt_stage_set_beside:
 * @view: (nullable): a run that is shown beside the one that is watched; %NULL: none
 * @changes: (nullable): what was changed between them, in words
 *
 * Both have one scale of time and scroll together; what differs first is marked in both.
 */
void
rt_stage_set_beside (RtStage *self, RtView *view, const char *changes)
{
  g_free (self->changes);
  self->changes = g_strdup (changes);
  g_set_object (&self->other_view, view);
  g_signal_group_set_target (self->other_signals, view);
  gtk_widget_set_visible (self->other_scrolled, view != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->caption), view != NULL);
  rt_timeline_pair (self->timeline, view != NULL ? self->other : NULL);
  if (view == NULL)
    {
      rt_timeline_set_different (self->timeline, 0, FALSE);
      return;
    }
  rt_view_set_hidden_layers (view, hidden_layers ());
  rt_timeline_set_model (self->other, rt_view_dup_model (view));
  /* Where they part may be anywhere: all of both is shown. */
  rt_transport_set_playing (self->transport, FALSE);
  if (self->view != NULL)
    rt_view_set_now (self->view, RT_TIME_UNKNOWN);
  rt_timeline_set_now (self->other, RT_TIME_UNKNOWN);
  mark_difference (self);
  rt_timeline_show_different (self->timeline);
}

/** rt_stage_get_beside: Returns: (nullable) (transfer none): the run that is shown beside */
RtView *
rt_stage_get_beside (RtStage *self)
{
  return self->other_view;
}

/**
 * rt_stage_get_acting_view:
 *
 * Returns: (nullable) (transfer none): the run that keys and menus are about: the one beside, as
 *   long as its timeline has the focus
 */
RtView *
rt_stage_get_acting_view (RtStage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *other = GTK_WIDGET (self->other);

  if (self->other_view != NULL && focus != NULL
      && (focus == other || gtk_widget_is_ancestor (focus, other)))
    return self->other_view;
  return self->view;
}

RtTimeline *
rt_stage_get_other_timeline (RtStage *self)
{
  return self->other;
}

/** rt_stage_get_caption: Returns: (transfer none): what is said over two runs side by side */
const char *
rt_stage_get_caption (RtStage *self)
{
  return gtk_label_get_text (self->caption);
}

static void
apply_layers (RtStage *self)
{
  if (self->view != NULL)
    rt_view_set_hidden_layers (self->view, hidden_layers ());
  if (self->other_view != NULL)
    rt_view_set_hidden_layers (self->other_view, hidden_layers ());
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
  rt_view_set_hidden_layers (view, hidden_layers ());
  overviewed_cb (self);
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
offers (GtkDropDown *list, const char *const *names)
{
  GListModel *model = gtk_drop_down_get_model (list);
  guint n = model != NULL ? g_list_model_get_n_items (model) : 0;

  for (guint i = 0; i < n; i++)
    if (names[i] == NULL
        || !g_str_equal (names[i], gtk_string_list_get_string (GTK_STRING_LIST (model), i)))
      return FALSE;
  return n > 0 && names[n] == NULL;
}

/* A drop-down that has just been used must keep its model: GTK 4.8 never comes back from a change
 * of it while it tells of the choice. */
static void
offer (RtStage *self, GtkDropDown *list, const char *const *names, guint chosen)
{
  self->updating = TRUE;
  if (!offers (list, names))
    {
      g_autoptr (GtkStringList) strings = gtk_string_list_new (names);

      gtk_drop_down_set_model (list, G_LIST_MODEL (strings));
    }
  gtk_drop_down_set_selected (list, chosen);
  self->updating = FALSE;
}

/* GTK's own word for nothing that is chosen is one that no run has. */
static void
set_word_for_none (GtkWidget *widget)
{
  GtkWidget *word
      = GTK_IS_STACK (widget) ? gtk_stack_get_child_by_name (GTK_STACK (widget), "empty") : NULL;

  if (GTK_IS_LABEL (word))
    gtk_label_set_text (GTK_LABEL (word), "—");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && word == NULL;
       child = gtk_widget_get_next_sibling (child))
    set_word_for_none (child);
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
  offer (self, self->runs, names, chosen);
  gtk_label_set_text (self->note, note != NULL ? note : "");
}

/**
 * rt_stage_set_others:
 * @names: what may be chosen to stand beside the run: the first means nothing does; fewer than
 *   three: there is nothing to choose
 * @chosen: which of them does
 */
void
rt_stage_set_others (RtStage *self, const char *const *names, guint chosen)
{
  gtk_widget_set_visible (self->beside_box,
                          names[0] != NULL && names[1] != NULL && names[2] != NULL);
  offer (self, self->others, names, chosen);
}

/** rt_stage_set_discardable: @discardable: the run that is shown is a branch */
void
rt_stage_set_discardable (RtStage *self, gboolean discardable)
{
  gtk_widget_set_visible (self->discard, discardable);
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
  rt_timeline_set_true_scale (self->other, true_scale);
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

  g_clear_handle_id (&self->linking, g_source_remove);
  g_clear_object (&self->signals);
  g_clear_object (&self->other_signals);
  g_clear_object (&self->view);
  g_clear_object (&self->other_view);
  g_clear_pointer (&self->changes, g_free);
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
  signals[BESIDE_CHOSEN] = g_signal_new ("beside-chosen", RT_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[RUN_CHOSEN] = g_signal_new ("run-chosen", RT_TYPE_STAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                      NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  g_type_ensure (RT_TYPE_TIMELINE);
  g_type_ensure (RT_TYPE_TRANSPORT);
  g_type_ensure (RT_TYPE_CARD_STRIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-stage.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_bind_template_child (widget_class, RtStage, box);
  gtk_widget_class_bind_template_child (widget_class, RtStage, run_bar);
  gtk_widget_class_bind_template_child (widget_class, RtStage, runs);
  gtk_widget_class_bind_template_child (widget_class, RtStage, note);
  gtk_widget_class_bind_template_child (widget_class, RtStage, others);
  gtk_widget_class_bind_template_child (widget_class, RtStage, beside_box);
  gtk_widget_class_bind_template_child (widget_class, RtStage, discard);
  gtk_widget_class_bind_template_child (widget_class, RtStage, caption);
  gtk_widget_class_bind_template_child (widget_class, RtStage, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtStage, other_scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtStage, other);
  gtk_widget_class_bind_template_child (widget_class, RtStage, timeline);
  gtk_widget_class_bind_template_child (widget_class, RtStage, transport);
  gtk_widget_class_bind_template_child (widget_class, RtStage, strip);
}

/* The timeline measures in pixels, so it is told how large text is to be. */
static void
update_text_scale (RtStage *self, GParamSpec *spec, GtkSettings *settings)
{
  rt_timeline_set_text_scale (self->timeline, rt_appearance_get_text_scale (GTK_WIDGET (self)));
  rt_timeline_set_text_scale (self->other, rt_appearance_get_text_scale (GTK_WIDGET (self)));
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

/* What the second timeline needs, and what both do together. */
static void
add_beside (RtStage *self)
{
  static const char *const layers[] = { RT_KEY_ENGINE_NOTES, RT_KEY_AUTHOR_NOTES, RT_KEY_MY_NOTES };

  self->other_signals = g_signal_group_new (RT_TYPE_VIEW);
  g_signal_group_connect_swapped (self->other_signals, "changed", G_CALLBACK (other_changed_cb),
                                  self);
  g_signal_group_connect_swapped (self->other_signals, "noted", G_CALLBACK (other_changed_cb),
                                  self);
  g_signal_connect_object (self->other, "selected", G_CALLBACK (other_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->other, "menu", G_CALLBACK (other_menu_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->other, "compare", G_CALLBACK (other_compare_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->others, "notify::selected", G_CALLBACK (beside_chosen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (vertical_of (self->scrolled), "value-changed", G_CALLBACK (scrolled_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (vertical_of (self->other_scrolled), "value-changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS (layers); i++)
    {
      g_autofree char *signal = g_strconcat ("changed::", layers[i], NULL);

      g_signal_connect_object (rt_user_settings_get (), signal, G_CALLBACK (apply_layers), self,
                               G_CONNECT_SWAPPED);
    }
}

static void
rt_stage_init (RtStage *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  set_word_for_none (GTK_WIDGET (self->runs));
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "noted", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "moved", G_CALLBACK (moved_cb), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (view_selected_cb), self);
  g_signal_connect_object (self->timeline, "selected", G_CALLBACK (timeline_selected_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "card-activated", G_CALLBACK (card_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "seek", G_CALLBACK (seek_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "menu", G_CALLBACK (menu_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "compare", G_CALLBACK (compare_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_group_connect_swapped (self->signals, "overviewed", G_CALLBACK (overviewed_cb), self);
  g_signal_connect_object (self->timeline, "zoomed-out", G_CALLBACK (zoomed_out_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "jump", G_CALLBACK (jump_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "edge", G_CALLBACK (edge_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->timeline, "step", G_CALLBACK (step_cb), self, G_CONNECT_SWAPPED);
  follow_text_scale (self);
  add_keys (self);
  add_beside (self);
  g_signal_connect_object (self->runs, "notify::selected", G_CALLBACK (run_chosen_cb), self,
                           G_CONNECT_SWAPPED);
}
