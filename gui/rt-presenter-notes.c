/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Shows the whole page, with the answers: it stands on the presenter's screen, not the class's. */
#include "rt-presenter-notes.h"

#include "rt-block.h"
#include "rt-inline-label.h"

#include <glib/gi18n.h>

struct _RtPresenterNotes
{
  AdwWindow parent_instance;

  RtPresenter *presenter;
  const RtLessonPage *page; /* that is shown */
  guint clock;

  GtkWidget *scrolled, *blocks;
  GtkLabel *next, *elapsed;
};

G_DEFINE_FINAL_TYPE (RtPresenterNotes, rt_presenter_notes, ADW_TYPE_WINDOW)

static gboolean
tick_cb (gpointer data)
{
  RtPresenterNotes *self = data;
  gint64 seconds
      = (g_get_monotonic_time () - rt_presenter_get_started (self->presenter)) / G_USEC_PER_SEC;
  g_autofree char *words
      = g_strdup_printf ("%" G_GINT64_FORMAT ":%02d", seconds / 60, (int)(seconds % 60));

  gtk_label_set_text (self->elapsed, words);
  return G_SOURCE_CONTINUE;
}

static GtkWidget *
new_question (const RtPrediction *prediction)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_box_append (GTK_BOX (box), rt_inline_label_new (prediction->question));
  for (guint i = 0; i < prediction->options->len; i++)
    {
      const RtOption *option = prediction->options->pdata[i];
      g_autofree char *number = g_strdup_printf ("%u %s", i + 1, option->right ? "✓" : " ");
      GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
      GtkWidget *key = gtk_label_new (number);

      gtk_widget_set_valign (key, GTK_ALIGN_START);
      gtk_widget_add_css_class (key, "numeric");
      gtk_box_append (GTK_BOX (line), key);
      gtk_box_append (GTK_BOX (line), rt_inline_label_new (option->inlines));
      gtk_box_append (GTK_BOX (box), line);
    }
  gtk_widget_add_css_class (box, "prediction");
  return box;
}

static void
show_page (RtPresenterNotes *self, const RtLessonPage *page)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->blocks)) != NULL)
    gtk_box_remove (GTK_BOX (self->blocks), child);
  for (guint i = 0; page != NULL && i < page->blocks->len; i++)
    {
      const RtBlock *block = page->blocks->pdata[i];
      GtkWidget *widget = block->kind == RT_BLOCK_PREDICT ? new_question (block->prediction)
                                                          : rt_block_widget_new (block);

      if (widget != NULL)
        gtk_box_append (GTK_BOX (self->blocks), widget);
    }
  gtk_adjustment_set_value (
      gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled)), 0);
}

static void
update (RtPresenterNotes *self)
{
  const RtLessonPage *page = rt_presenter_get_page (self->presenter);
  g_autofree char *next = rt_presenter_dup_next (self->presenter);
  g_autofree char *words = g_strdup_printf (_ ("Next: %s"), next);

  gtk_label_set_text (self->next, words);
  if (page != self->page)
    show_page (self, page);
  self->page = page;
  tick_cb (self);
}

/* The keys work from here, too: whoever looks at the notes presses them. */
static gboolean
key_cb (RtPresenterNotes *self, guint key)
{
  if (rt_presenter_key (self->presenter, key))
    return GDK_EVENT_STOP;
  if (key != GDK_KEY_F7 && key != GDK_KEY_F5 && key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  if (key != GDK_KEY_F7)
    gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self))),
                                "win.presenter", NULL);
  else
    gtk_window_close (GTK_WINDOW (self));
  return GDK_EVENT_STOP;
}

static void
rt_presenter_notes_dispose (GObject *object)
{
  RtPresenterNotes *self = RT_PRESENTER_NOTES (object);

  g_clear_handle_id (&self->clock, g_source_remove);
  g_clear_object (&self->presenter);
  G_OBJECT_CLASS (rt_presenter_notes_parent_class)->dispose (object);
}

static void
rt_presenter_notes_class_init (RtPresenterNotesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_presenter_notes_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-presenter-notes.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPresenterNotes, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtPresenterNotes, blocks);
  gtk_widget_class_bind_template_child (widget_class, RtPresenterNotes, next);
  gtk_widget_class_bind_template_child (widget_class, RtPresenterNotes, elapsed);
}

static void
rt_presenter_notes_init (RtPresenterNotes *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

/** rt_presenter_notes_new: Returns: a toplevel */
RtPresenterNotes *
rt_presenter_notes_new (RtPresenter *presenter)
{
  RtPresenterNotes *self = g_object_new (RT_TYPE_PRESENTER_NOTES, NULL);

  self->presenter = g_object_ref (presenter);
  g_signal_connect_object (presenter, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  self->clock = g_timeout_add_seconds (1, tick_cb, self);
  update (self);
  return self;
}
