/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The card knows nothing of what is right before an answer is stored: only then are the verdict's
 * widgets made. */
#include "rt-prediction-card.h"

#include "rt-inline-label.h"

#include <glib/gi18n.h>

struct _RtPredictionCard
{
  GtkWidget parent_instance;

  RtTutor *tutor;
  const RtPrediction *prediction;
  GPtrArray *checks; /* GtkCheckButton */

  GtkWidget *box, *options, *buttons, *verdict, *check;
  GtkLabel *heading, *question;
};

G_DEFINE_FINAL_TYPE (RtPredictionCard, rt_prediction_card, GTK_TYPE_WIDGET)

static guint
get_ticked (RtPredictionCard *self)
{
  guint options = 0;

  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (self->checks->pdata[i]))
      options |= 1u << i;
  return options;
}

static void
ticked_cb (RtPredictionCard *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "card.check", get_ticked (self) != 0);
}

static void
tick_cb (GtkWidget *check)
{
  gtk_widget_activate (check);
}

/* GTK 4.8 gives the accessible tree an action for buttons, but none for check buttons: without one
 * of its own, an option can be read and not chosen there. */
static void
add_tick_action (GtkWidget *check)
{
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();
  g_autoptr (GSimpleAction) tick = g_simple_action_new ("tick", NULL);

  g_signal_connect_object (tick, "activate", G_CALLBACK (tick_cb), check, G_CONNECT_SWAPPED);
  g_action_map_add_action (G_ACTION_MAP (group), G_ACTION (tick));
  gtk_widget_insert_action_group (check, "option", G_ACTION_GROUP (group));
}

static void
add_option (RtPredictionCard *self, const RtOption *option)
{
  GtkWidget *check = gtk_check_button_new ();
  GtkWidget *label = rt_inline_label_new (option->inlines);
  g_autofree char *words = rt_inlines_dup_text (option->inlines);

  gtk_check_button_set_child (GTK_CHECK_BUTTON (check), label);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (check), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_add_css_class (check, "option");
  if (!self->prediction->multiple && self->checks->len > 0)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (check), self->checks->pdata[0]);
  add_tick_action (check);
  g_signal_connect_swapped (check, "toggled", G_CALLBACK (ticked_cb), self);
  gtk_box_append (GTK_BOX (self->options), check);
  g_ptr_array_add (self->checks, check);
}

static GtkWidget *
add_words (RtPredictionCard *self, const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (self->verdict), label);
  return label;
}

static void
add_prose (RtPredictionCard *self, GPtrArray *inlines)
{
  gtk_box_append (GTK_BOX (self->verdict), rt_inline_label_new (inlines));
}

static void
add_feedback (RtPredictionCard *self, const RtOption *option)
{
  const RtMisconception *wrong
      = option->misconception != NULL
            ? rt_lesson_get_misconception (rt_tutor_get_lesson (self->tutor), option->misconception)
            : NULL;
  GtkWidget *button;

  if (wrong == NULL)
    return;
  add_prose (self, wrong->feedback);
  button = gtk_button_new_with_label (_ ("Show me the run that proves it"));
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "card.prove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", wrong->id);
  gtk_widget_add_css_class (button, "pill-small");
  gtk_box_append (GTK_BOX (self->verdict), button);
}

static gboolean
is_right (RtPredictionCard *self, guint answer)
{
  for (guint i = 0; i < self->prediction->options->len; i++)
    if (((const RtOption *)self->prediction->options->pdata[i])->right
        != ((answer & (1u << i)) != 0))
      return FALSE;
  return TRUE;
}

static void
add_options (RtPredictionCard *self, guint answer, gboolean right)
{
  for (guint i = 0; i < self->prediction->options->len; i++)
    {
      const RtOption *option = self->prediction->options->pdata[i];

      if (right ? option->right : (answer & (1u << i)) != 0)
        add_prose (self, option->inlines);
    }
}

static void
show_verdict (RtPredictionCard *self, guint answer)
{
  gboolean right = answer != RT_TUTOR_SKIPPED && is_right (self, answer);

  gtk_widget_set_visible (self->options, FALSE);
  gtk_widget_set_visible (self->buttons, FALSE);
  gtk_widget_set_visible (self->verdict, TRUE);
  gtk_label_set_text (self->heading, answer == RT_TUTOR_SKIPPED ? _ ("Not predicted")
                                     : right                    ? _ ("✓ As you predicted")
                                                                : _ ("✗ It went another way"));
  gtk_widget_add_css_class (self->box, answer == RT_TUTOR_SKIPPED ? "skipped"
                                       : right                    ? "right"
                                                                  : "wrong");
  if (answer != RT_TUTOR_SKIPPED && !right)
    {
      add_words (self, _ ("You said"), "eyebrow");
      add_options (self, answer, FALSE);
    }
  add_words (self, _ ("What happened"), "eyebrow");
  add_options (self, answer, TRUE);
  for (guint i = 0; !right && i < self->prediction->options->len; i++)
    if (answer & (1u << i))
      add_feedback (self, self->prediction->options->pdata[i]);
}

static void
answered_cb (RtPredictionCard *self, const RtPrediction *prediction)
{
  if (prediction == self->prediction)
    show_verdict (self, rt_tutor_get_answer (self->tutor, prediction));
}

static void
check_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtPredictionCard *self = RT_PREDICTION_CARD (widget);

  rt_tutor_answer (self->tutor, self->prediction, get_ticked (self));
}

static void
skip_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtPredictionCard *self = RT_PREDICTION_CARD (widget);

  rt_tutor_answer (self->tutor, self->prediction, RT_TUTOR_SKIPPED);
}

static void
prove_cb (GtkWidget *widget, const char *action, GVariant *id)
{
  RtPredictionCard *self = RT_PREDICTION_CARD (widget);
  const RtLesson *lesson = rt_tutor_get_lesson (self->tutor);
  const RtMisconception *wrong
      = rt_lesson_get_misconception (lesson, g_variant_get_string (id, NULL));

  if (wrong != NULL)
    rt_tutor_show_counterexample (self->tutor, wrong);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  RtPredictionCard *self = RT_PREDICTION_CARD (widget);

  return self->checks->len > 0 && gtk_widget_get_visible (self->options)
         && gtk_widget_grab_focus (self->checks->pdata[0]);
}

static void
rt_prediction_card_dispose (GObject *object)
{
  RtPredictionCard *self = RT_PREDICTION_CARD (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_clear_object (&self->tutor);
  G_OBJECT_CLASS (rt_prediction_card_parent_class)->dispose (object);
}

static void
rt_prediction_card_class_init (RtPredictionCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_prediction_card_dispose;
  widget_class->grab_focus = grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-prediction-card.ui");
  gtk_widget_class_bind_template_child (widget_class, RtPredictionCard, box);
  gtk_widget_class_bind_template_child (widget_class, RtPredictionCard, heading);
  gtk_widget_class_bind_template_child (widget_class, RtPredictionCard, question);
  gtk_widget_class_bind_template_child (widget_class, RtPredictionCard, options);
  gtk_widget_class_bind_template_child (widget_class, RtPredictionCard, buttons);
  gtk_widget_class_bind_template_child (widget_class, RtPredictionCard, check);
  gtk_widget_class_bind_template_child (widget_class, RtPredictionCard, verdict);
  gtk_widget_class_install_action (widget_class, "card.check", NULL, check_cb);
  gtk_widget_class_install_action (widget_class, "card.skip", NULL, skip_cb);
  gtk_widget_class_install_action (widget_class, "card.prove", "s", prove_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "card.check",
                                       NULL);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
rt_prediction_card_init (RtPredictionCard *self)
{
  self->checks = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
rt_prediction_card_new (RtTutor *tutor, const RtPrediction *prediction)
{
  RtPredictionCard *self = g_object_new (RT_TYPE_PREDICTION_CARD, NULL);
  guint answer = rt_tutor_get_answer (tutor, prediction);

  self->tutor = g_object_ref (tutor);
  self->prediction = prediction;
  rt_inline_label_set (self->question, prediction->question);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Prediction"), -1);
  for (guint i = 0; i < prediction->options->len; i++)
    add_option (self, prediction->options->pdata[i]);
  ticked_cb (self);
  if (answer != RT_TUTOR_UNANSWERED)
    show_verdict (self, answer);
  g_signal_connect_object (tutor, "answered", G_CALLBACK (answered_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

const RtPrediction *
rt_prediction_card_get_prediction (RtPredictionCard *self)
{
  return self->prediction;
}
