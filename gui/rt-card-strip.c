/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which card is current: the one of the selected exchange; while playing, the last that was
 * reached; else the last one. */
#include "rt-card-strip.h"

#include <glib/gi18n.h>

struct _RtCardStrip
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  guint current;

  GtkWidget *box;
  GtkImage *icon;
  GtkLabel *words, *reference;
};

G_DEFINE_FINAL_TYPE (RtCardStrip, rt_card_strip, GTK_TYPE_WIDGET)

/** rt_severity_icon: Returns: a shape of its own for each */
const char *
rt_severity_icon (RtSeverity severity)
{
  static const char *const icons[]
      = { "rt-good-symbolic", "rt-info-symbolic", "rt-warning-symbolic", "rt-problem-symbolic" };

  return icons[MIN ((guint)severity, G_N_ELEMENTS (icons) - 1)];
}

/** rt_severity_class: Returns: the style class */
const char *
rt_severity_class (RtSeverity severity)
{
  static const char *const classes[] = { "good", "info", "warn", "problem" };

  return classes[MIN ((guint)severity, G_N_ELEMENTS (classes) - 1)];
}

static GArray *
get_cards (RtCardStrip *self)
{
  return rt_view_get_model (self->view)->cards;
}

static guint
find_current (RtCardStrip *self)
{
  GArray *cards = get_cards (self);
  RtViewSelection selection = rt_view_get_selection (self->view);
  RtTime now = rt_view_get_now (self->view);
  guint found = cards->len > 0 ? cards->len - 1 : 0;

  if (now != RT_TIME_UNKNOWN)
    for (guint i = 0; i < cards->len; i++)
      if (i == 0 || g_array_index (cards, RtTimelineCard, i).time <= now)
        found = i;
  for (guint i = 0; selection.exchange != 0 && now == RT_TIME_UNKNOWN && i < cards->len; i++)
    if (g_array_index (cards, RtTimelineCard, i).exchange == selection.exchange)
      return i;
  return found;
}

static void
show_card (RtCardStrip *self)
{
  const RtTimelineCard *card;
  PangoAttrList *attributes;
  PangoAttribute *bold;
  g_autofree char *words = NULL;

  gtk_widget_set_visible (self->box, self->view != NULL && get_cards (self)->len > 0);
  if (!gtk_widget_get_visible (self->box))
    return;
  card = &g_array_index (get_cards (self), RtTimelineCard, self->current);
  words = g_strdup_printf ("%s  %s: %s", card->mark, card->title, card->text);
  gtk_label_set_text (self->words, words);
  attributes = pango_attr_list_new ();
  bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);
  bold->end_index = (guint)(strlen (words) - strlen (card->text));
  pango_attr_list_insert (attributes, bold);
  gtk_label_set_attributes (self->words, attributes);
  pango_attr_list_unref (attributes);
  gtk_label_set_text (self->reference, card->reference != NULL ? card->reference : "");
  gtk_image_set_from_icon_name (self->icon, rt_severity_icon (card->severity));
  for (guint i = 0; i <= RT_SEVERITY_PROBLEM; i++)
    gtk_widget_remove_css_class (self->box, rt_severity_class (i));
  gtk_widget_add_css_class (self->box, rt_severity_class (card->severity));
}

static void
update (RtCardStrip *self)
{
  if (self->view != NULL)
    self->current = find_current (self);
  show_card (self);
}

static void
move_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  RtCardStrip *self = RT_CARD_STRIP (widget);
  int to = (int)self->current + g_variant_get_int32 (by);
  const RtTimelineCard *card;

  if (self->view == NULL || get_cards (self)->len == 0)
    return;
  to = CLAMP (to, 0, (int)get_cards (self)->len - 1);
  card = &g_array_index (get_cards (self), RtTimelineCard, to);
  rt_view_select (self->view, card->exchange, FALSE, RT_SPAN_NONE);
  self->current = (guint)to;
  show_card (self);
}

void
rt_card_strip_set_view (RtCardStrip *self, RtView *view)
{
  g_set_object (&self->view, view);
  g_signal_group_set_target (self->signals, view);
  update (self);
}

static void
rt_card_strip_dispose (GObject *object)
{
  RtCardStrip *self = RT_CARD_STRIP (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->view);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_card_strip_parent_class)->dispose (object);
}

static void
rt_card_strip_class_init (RtCardStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_card_strip_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-card-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, RtCardStrip, box);
  gtk_widget_class_bind_template_child (widget_class, RtCardStrip, icon);
  gtk_widget_class_bind_template_child (widget_class, RtCardStrip, words);
  gtk_widget_class_bind_template_child (widget_class, RtCardStrip, reference);
  gtk_widget_class_install_action (widget_class, "strip.move", "i", move_cb);
}

static void
rt_card_strip_init (RtCardStrip *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "noted", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "moved", G_CALLBACK (update), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (update), self);
}
