/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Built anew at every change: there are few widgets, and what is not to be seen yet is not there.
 */
#include "rt-presenter-pane.h"

#include "rt-inline-label.h"

#include <glib/gi18n.h>

struct _RtPresenterPane
{
  GtkWidget parent_instance;

  RtPresenter *presenter;

  GtkWidget *scrolled, *question, *options;
  GtkLabel *title, *votes;
};

G_DEFINE_FINAL_TYPE (RtPresenterPane, rt_presenter_pane, GTK_TYPE_WIDGET)

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
}

/* The number that is typed for it, or after the answer whether it was right. */
static GtkWidget *
new_key (guint i, gboolean revealed, const RtOption *option)
{
  g_autofree char *number = g_strdup_printf ("%u", i + 1);
  GtkWidget *key = gtk_label_new (!revealed ? number : option->right ? "✓" : "✗");

  gtk_widget_add_css_class (key, "option-key");
  gtk_widget_set_valign (key, GTK_ALIGN_CENTER);
  return key;
}

/* How many voted for it: shown on reveal, so that nobody follows the crowd. */
static void
add_votes (GtkWidget *words, const RtTally *tally, guint i)
{
  guint votes = rt_tally_get_votes (tally, i);
  g_autofree char *text = g_strdup_printf (ngettext ("%u vote", "%u votes", votes), votes);
  GtkWidget *bar = gtk_level_bar_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 10);

  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), (double)votes / rt_tally_get_total (tally));
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (line), bar);
  gtk_box_append (GTK_BOX (line), gtk_label_new (text));
  gtk_box_append (GTK_BOX (words), line);
}

static GtkWidget *
new_option (const RtOption *option, guint i, const RtTally *tally, gboolean revealed)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);

  gtk_box_append (GTK_BOX (line), new_key (i, revealed, option));
  gtk_box_append (GTK_BOX (words), rt_inline_label_new (option->inlines));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  /* The room that is left is theirs: they are read from the last row. */
  gtk_widget_set_vexpand (line, TRUE);
  if (revealed && rt_tally_get_total (tally) > 0)
    add_votes (words, tally, i);
  gtk_box_append (GTK_BOX (line), words);
  gtk_widget_add_css_class (line, "presenter-option");
  if (revealed)
    gtk_widget_add_css_class (line, option->right ? "right" : "wrong");
  return line;
}

static void
update_votes (RtPresenterPane *self, const RtTally *tally, gboolean revealed)
{
  guint total = rt_tally_get_total (tally);
  g_autofree char *typed = rt_tally_dup_typed (tally);
  g_autofree char *words = NULL;

  if (*typed != '\0')
    words = g_strdup (typed);
  else if (total > 0)
    words = g_strdup_printf (ngettext ("%u vote", "%u votes", total), total);
  else
    words = g_strdup (revealed ? "" : _ ("What do you think?"));
  gtk_label_set_text (self->votes, words);
}

/* A page without a question says what it is about. */
static void
show_page (RtPresenterPane *self, const RtLessonPage *page)
{
  GtkWidget *label = gtk_label_new (page->title);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "page-title");
  gtk_label_set_text (self->title,
                      rt_tutor_get_lesson (rt_presenter_get_tutor (self->presenter))->title);
  gtk_box_append (GTK_BOX (self->question), label);
}

static void
show_question (RtPresenterPane *self, const RtPrediction *question)
{
  gboolean revealed = rt_presenter_is_revealed (self->presenter);
  const RtTally *tally = rt_presenter_get_tally (self->presenter);

  gtk_box_append (GTK_BOX (self->question), rt_inline_label_new (question->question));
  for (guint i = 0; i < question->options->len; i++)
    gtk_box_append (GTK_BOX (self->options),
                    new_option (question->options->pdata[i], i, tally, revealed));
  update_votes (self, tally, revealed);
}

static void
update (RtPresenterPane *self)
{
  const RtLessonPage *page = rt_presenter_get_page (self->presenter);
  const RtPrediction *question = rt_presenter_get_question (self->presenter);

  clear (self->question);
  clear (self->options);
  gtk_label_set_text (self->votes, "");
  gtk_label_set_text (self->title, page != NULL ? page->title : "");
  if (question != NULL)
    show_question (self, question);
  else if (page != NULL)
    show_page (self, page);
}

static void
rt_presenter_pane_dispose (GObject *object)
{
  RtPresenterPane *self = RT_PRESENTER_PANE (object);

  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_object (&self->presenter);
  G_OBJECT_CLASS (rt_presenter_pane_parent_class)->dispose (object);
}

static void
rt_presenter_pane_class_init (RtPresenterPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_presenter_pane_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-presenter-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPresenterPane, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtPresenterPane, title);
  gtk_widget_class_bind_template_child (widget_class, RtPresenterPane, question);
  gtk_widget_class_bind_template_child (widget_class, RtPresenterPane, options);
  gtk_widget_class_bind_template_child (widget_class, RtPresenterPane, votes);
  gtk_widget_class_set_css_name (widget_class, "presenterpane");
}

static void
rt_presenter_pane_init (RtPresenterPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
}

/** rt_presenter_pane_new: Returns: what a class sees of @presenter */
GtkWidget *
rt_presenter_pane_new (RtPresenter *presenter)
{
  RtPresenterPane *self = g_object_new (RT_TYPE_PRESENTER_PANE, NULL);

  self->presenter = g_object_ref (presenter);
  g_signal_connect_object (presenter, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
  return GTK_WIDGET (self);
}
