/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing is to be seen while nothing is worked at. How far it is may not be known: then the bar
 * only moves. */
#include "rt-progress-bar.h"

struct _RtProgressBar
{
  GtkWidget parent_instance;

  GtkRevealer *revealer;
  GtkLabel *what;
  GtkProgressBar *bar;
};

G_DEFINE_FINAL_TYPE (RtProgressBar, rt_progress_bar, GTK_TYPE_WIDGET)

/**
 * rt_progress_bar_set:
 * @what: (nullable): what is done, for people; %NULL: nothing any more
 * @permille: how far; 0: not known
 */
void
rt_progress_bar_set (RtProgressBar *self, const char *what, guint permille)
{
  gtk_revealer_set_reveal_child (self->revealer, what != NULL);
  if (what == NULL)
    return;
  gtk_label_set_text (self->what, what);
  if (permille > 0)
    gtk_progress_bar_set_fraction (self->bar, MIN (permille, 1000) / 1000.0);
  else
    gtk_progress_bar_pulse (self->bar);
}

static void
rt_progress_bar_dispose (GObject *object)
{
  RtProgressBar *self = RT_PROGRESS_BAR (object);

  if (self->revealer != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->revealer));
  self->revealer = NULL;
  G_OBJECT_CLASS (rt_progress_bar_parent_class)->dispose (object);
}

static void
rt_progress_bar_class_init (RtProgressBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_progress_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-progress-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RtProgressBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, RtProgressBar, what);
  gtk_widget_class_bind_template_child (widget_class, RtProgressBar, bar);
}

static void
rt_progress_bar_init (RtProgressBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
