/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Builds the widgets of a page. What follows an open question is not built at all: text that tells
 * the answer is nowhere in the window before there is one. */
#include "rt-narrative.h"

#include "rt-block.h"
#include "rt-challenge-pane.h"
#include "rt-prediction-card.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* Above and below a verdict that is scrolled to. */
#define VERDICT_MARGIN 14
#define SCROLL_FRAMES 20

struct _RtNarrative
{
  GtkWidget parent_instance;

  RtTutor *tutor;
  guint page;

  GtkWidget *box, *blocks, *dots, *next, *card;
  GtkWidget *verdict; /* NULL, or the card that is to be scrolled to */
  guint scroll;       /* 0, or the tick that does it */
  GtkLabel *eyebrow, *title;
  GtkScrolledWindow *scrolled;
};

enum
{
  SHOW_RUN,
  SHOW_VIEW,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtNarrative, rt_narrative, GTK_TYPE_WIDGET)

static gboolean
is_open (RtNarrative *self, const RtBlock *block)
{
  return block->kind == RT_BLOCK_PREDICT
         && rt_tutor_get_answer (self->tutor, block->prediction) == RT_TUTOR_UNANSWERED;
}

static guint
n_pages (RtNarrative *self)
{
  const RtLesson *lesson = self->tutor != NULL ? rt_tutor_get_lesson (self->tutor) : NULL;

  return lesson != NULL ? lesson->pages->len : 0;
}

static const RtLessonPage *
get_page (RtNarrative *self, guint page)
{
  return rt_tutor_get_lesson (self->tutor)->pages->pdata[page];
}

/* How many blocks of a page may be read: up to an open question, that included. */
static guint
n_readable (RtNarrative *self, const RtLessonPage *page)
{
  for (guint i = 0; i < page->blocks->len; i++)
    if (is_open (self, page->blocks->pdata[i]))
      return i + 1;
  return page->blocks->len;
}

static gboolean
page_has_open_question (RtNarrative *self, const RtLessonPage *page)
{
  for (guint i = 0; i < page->blocks->len; i++)
    if (is_open (self, page->blocks->pdata[i]))
      return TRUE;
  return FALSE;
}

/**
 * rt_narrative_get_last_page:
 *
 * Returns: the last page that may be read: the one with the first open question
 */
guint
rt_narrative_get_last_page (RtNarrative *self)
{
  guint n = n_pages (self);

  for (guint i = 0; i < n; i++)
    if (page_has_open_question (self, get_page (self, i)))
      return i;
  return n > 0 ? n - 1 : 0;
}

/* The run that the part of @page that may be read ends in. */
static guint
run_of_page (RtNarrative *self, guint page)
{
  const RtLessonPage *of = get_page (self, page);
  guint n = n_readable (self, of), run = 0;

  for (guint i = 0; i < n; i++)
    run = MAX (run, ((const RtBlock *)of->blocks->pdata[i])->run);
  return run;
}

/**
 * rt_narrative_get_last_run:
 *
 * Returns: the last run that was spoken of up to this page
 */
guint
rt_narrative_get_last_run (RtNarrative *self)
{
  guint run = 0;

  for (guint i = 0; i <= self->page && i < n_pages (self); i++)
    run = MAX (run, run_of_page (self, i));
  return run;
}

static void
probe_cb (RtNarrative *self, RtView *view)
{
  g_signal_emit (self, signals[SHOW_VIEW], 0, view);
}

static GtkWidget *
new_block (RtNarrative *self, const RtBlock *block)
{
  GtkWidget *widget;

  switch (block->kind)
    {
    case RT_BLOCK_PREDICT:
      widget = rt_prediction_card_new (self->tutor, block->prediction);
      if (is_open (self, block))
        self->card = widget;
      return widget;
    case RT_BLOCK_CHALLENGE:
      widget = rt_challenge_pane_new (self->tutor, block->challenge);
      g_signal_connect_swapped (widget, "show-view", G_CALLBACK (probe_cb), self);
      return widget;
    default:
      return rt_block_widget_new (block);
    }
}

static void
add_blocks (RtNarrative *self, guint from)
{
  const RtLessonPage *page = get_page (self, self->page);
  guint n = n_readable (self, page);

  self->card = NULL;
  for (guint i = from; i < n; i++)
    {
      GtkWidget *widget = new_block (self, page->blocks->pdata[i]);

      if (widget != NULL)
        gtk_box_append (GTK_BOX (self->blocks), widget);
    }
}

static void
clear (GtkWidget *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (box)) != NULL)
    gtk_box_remove (GTK_BOX (box), child);
}

static void
update_actions (RtNarrative *self)
{
  gboolean last = self->page + 1 >= n_pages (self);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "narrative.previous", self->page > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "narrative.next",
                                 !last && self->page < rt_narrative_get_last_page (self));
  gtk_widget_set_tooltip_text (self->next,
                               self->card != NULL ? _ ("Predict first, or skip") : NULL);
}

static void
update_dots (RtNarrative *self)
{
  guint n = n_pages (self);
  g_autofree char *words = g_strdup_printf (_ ("Step %u of %u"), self->page + 1, n);

  clear (self->dots);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *dot = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

      gtk_widget_add_css_class (dot, "dot");
      if (i == self->page)
        gtk_widget_add_css_class (dot, "current");
      else if (i < self->page)
        gtk_widget_add_css_class (dot, "done");
      gtk_widget_set_valign (dot, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (self->dots), dot);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->dots), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
}

static void
update_heading (RtNarrative *self)
{
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);
  g_autofree char *topic = g_utf8_strup (lesson->topic, -1);
  g_autofree char *words
      = g_strdup_printf (_ ("%s · STEP %u OF %u"), topic, self->page + 1, lesson->pages->len);

  gtk_label_set_text (self->eyebrow, words);
  gtk_label_set_text (self->title, get_page (self, self->page)->title);
}

guint
rt_narrative_get_page (RtNarrative *self)
{
  return self->page;
}

/**
 * rt_narrative_set_page:
 * @page: at most rt_narrative_get_last_page() is shown
 */
void
rt_narrative_set_page (RtNarrative *self, guint page)
{
  clear (self->blocks);
  self->card = self->verdict = NULL;
  if (n_pages (self) == 0)
    return;
  self->page = MIN (page, rt_narrative_get_last_page (self));
  update_heading (self);
  add_blocks (self, 0);
  update_dots (self);
  update_actions (self);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scrolled), 0);
  g_signal_emit (self, signals[SHOW_RUN], 0, run_of_page (self, self->page));
}

/** rt_narrative_get_card: Returns: (nullable): the open question on this page */
GtkWidget *
rt_narrative_get_card (RtNarrative *self)
{
  return self->card;
}

static void
turn (RtNarrative *self, guint page)
{
  rt_narrative_set_page (self, page);
  rt_tutor_set_position (self->tutor, self->page);
}

static void
next_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtNarrative *self = RT_NARRATIVE (widget);

  turn (self, self->page + 1);
}

static void
previous_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtNarrative *self = RT_NARRATIVE (widget);

  turn (self, self->page - 1);
}

static void
loaded_cb (RtNarrative *self)
{
  rt_narrative_set_page (self, rt_tutor_get_position (self->tutor));
}

/* A card's place is known once a frame has been laid out; and boxes of code above it, which measure
 * their text bit by bit, move it for some frames more. */
static gboolean
scroll_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  RtNarrative *self = RT_NARRATIVE (widget);
  guint *frames = user_data;
  GtkViewport *viewport = GTK_VIEWPORT (gtk_scrolled_window_get_child (self->scrolled));
  graphene_rect_t bounds;

  if ((*frames)++ == 0)
    return G_SOURCE_CONTINUE;
  if (self->verdict != NULL
      && gtk_widget_compute_bounds (self->verdict, gtk_viewport_get_child (viewport), &bounds))
    gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (self->scrolled),
                               bounds.origin.y - VERDICT_MARGIN,
                               bounds.origin.y + bounds.size.height + VERDICT_MARGIN);
  if (*frames < SCROLL_FRAMES)
    return G_SOURCE_CONTINUE;
  self->scroll = 0;
  return G_SOURCE_REMOVE;
}

static void
scroll_to_verdict (RtNarrative *self, GtkWidget *card)
{
  self->verdict = card;
  if (self->scroll != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->scroll);
  self->scroll
      = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_cb, g_new0 (guint, 1), g_free);
}

/* What followed the question is added below it; what was read stays where it was. */
static void
answered_cb (RtNarrative *self, const RtPrediction *prediction)
{
  const RtLessonPage *page = get_page (self, self->page);

  if (self->card != NULL
      && rt_prediction_card_get_prediction (RT_PREDICTION_CARD (self->card)) == prediction)
    scroll_to_verdict (self, self->card);

  for (guint i = 0; i < page->blocks->len; i++)
    if (((const RtBlock *)page->blocks->pdata[i])->prediction == prediction)
      add_blocks (self, i + 1);
  update_actions (self);
}

void
rt_narrative_set_tutor (RtNarrative *self, RtTutor *tutor)
{
  g_return_if_fail (self->tutor == NULL);

  self->tutor = g_object_ref (tutor);
  g_signal_connect_object (tutor, "loaded", G_CALLBACK (loaded_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tutor, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
}

static void
rt_narrative_dispose (GObject *object)
{
  RtNarrative *self = RT_NARRATIVE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->tutor);
  G_OBJECT_CLASS (rt_narrative_parent_class)->dispose (object);
}

static void
rt_narrative_class_init (RtNarrativeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_narrative_dispose;
  signals[SHOW_RUN] = g_signal_new ("show-run", RT_TYPE_NARRATIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[SHOW_VIEW] = g_signal_new ("show-view", RT_TYPE_NARRATIVE, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, RT_TYPE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-narrative.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_bind_template_child (widget_class, RtNarrative, box);
  gtk_widget_class_bind_template_child (widget_class, RtNarrative, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtNarrative, eyebrow);
  gtk_widget_class_bind_template_child (widget_class, RtNarrative, title);
  gtk_widget_class_bind_template_child (widget_class, RtNarrative, blocks);
  gtk_widget_class_bind_template_child (widget_class, RtNarrative, dots);
  gtk_widget_class_bind_template_child (widget_class, RtNarrative, next);
  gtk_widget_class_install_action (widget_class, "narrative.next", NULL, next_cb);
  gtk_widget_class_install_action (widget_class, "narrative.previous", NULL, previous_cb);
  gtk_widget_class_set_css_name (widget_class, "narrative");
}

static void
rt_narrative_init (RtNarrative *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "narrative.next", FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "narrative.previous", FALSE);
}
