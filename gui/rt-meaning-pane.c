/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All words come from the analysis: notes, findings, and the traces of decisions. A card that is
 * about bytes points at them. */
#include "rt-meaning-pane.h"

#include "rt-card-strip.h"
#include "rt-glossary.h"
#include "rt-note.h"
#include "rt-notebook.h"
#include "rt-words.h"

#include <glib/gi18n.h>

/** MAX_CARDS: more are not read. */
#define MAX_CARDS 100

struct _RtMeaningPane
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  guint shown; /* exchange */

  GtkWidget *scrolled, *cards;
};

G_DEFINE_FINAL_TYPE (RtMeaningPane, rt_meaning_pane, GTK_TYPE_WIDGET)

/* A button that marks bytes; where there are none, the same look without a way to press it. */
static GtkWidget *
new_pointer (GtkWidget *child, RtSpan span)
{
  GtkWidget *button;

  if (rt_span_is_none (span))
    return child;
  button = gtk_button_new ();
  gtk_button_set_child (GTK_BUTTON (button), child);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "meaning.point");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "(tuu)", span.offset, span.length,
                                    span.buffer);
  gtk_widget_set_tooltip_text (button, _ ("Show the bytes"));
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "pointer");
  return button;
}

static GtkWidget *
new_card (RtSeverity severity, const char *title, const char *text)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = gtk_image_new_from_icon_name (rt_severity_icon (severity));

  gtk_widget_add_css_class (card, "meaning-card");
  gtk_widget_add_css_class (card, rt_severity_class (severity));
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rt_severity_name (severity), -1);
  gtk_box_append (GTK_BOX (head), icon);
  gtk_box_append (GTK_BOX (head), rt_words_new (title, "meaning-title"));
  gtk_box_append (GTK_BOX (card), head);
  if (text != NULL && *text != '\0')
    gtk_box_append (GTK_BOX (card), rt_words_new (text, "meaning-text"));
  return card;
}

static void
add_source (GtkWidget *card, const char *reference, RtLevel level)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *where;

  if (reference == NULL || *reference == '\0')
    return;
  where = rt_words_new (reference, "reference");
  gtk_widget_set_hexpand (where, FALSE);
  gtk_box_append (GTK_BOX (line), where);
  where = rt_words_new (rt_level_name (level), "level");
  gtk_label_set_wrap (GTK_LABEL (where), FALSE);
  gtk_widget_set_hexpand (where, FALSE);
  gtk_widget_set_valign (where, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (line), where);
  gtk_box_append (GTK_BOX (card), line);
}

/* The number under which a note stands in the timeline. */
static void
add_mark (GtkWidget *card, RtTimelineLayer layer, guint number)
{
  g_autofree char *mark = rt_timeline_layer_dup_mark (layer, number);
  GtkWidget *label = gtk_label_new (mark);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_add_css_class (label, layer == RT_TIMELINE_LAYER_ENGINE ? "secondary" : "note-mark");
  gtk_box_append (GTK_BOX (gtk_widget_get_first_child (card)), label);
}

/* The author's notes on the exchange, as far as they may be seen. */
static void
add_author_notes (RtMeaningPane *self, guint exchange)
{
  const GArray *cards = rt_view_get_model (self->view)->cards;

  for (guint i = 0; i < cards->len; i++)
    {
      const RtTimelineCard *of = &g_array_index (cards, RtTimelineCard, i);
      GtkWidget *card;

      if (of->layer != RT_TIMELINE_LAYER_AUTHOR || of->exchange != exchange)
        continue;
      card = new_card (of->severity, _ ("The lesson says"), of->text);
      add_mark (card, of->layer, of->number);
      gtk_box_append (GTK_BOX (self->cards), new_pointer (card, of->span));
    }
}

/* What people say who have it, and the lessons on it. */
static void
add_symptom (RtMeaningPane *self, const char *name)
{
  const RtSymptom *symptom = rt_symptom_find (name);
  GtkWidget *button;

  if (symptom == NULL)
    return;
  button = gtk_button_new_with_label (symptom->title);
  gtk_widget_set_tooltip_text (button, _ ("What to look at first, and the lessons on it"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.symptom");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (self->cards), button);
}

static void
add_note (RtMeaningPane *self, const RtNote *note)
{
  GtkWidget *card = new_card (note->severity, note->title, note->text);
  guint index;

  if (g_ptr_array_find (rt_analysis_get_notes (rt_view_get_analysis (self->view)), note, &index))
    add_mark (card, RT_TIMELINE_LAYER_ENGINE, index + 1);
  add_source (card, note->reference, note->level);
  gtk_box_append (GTK_BOX (self->cards), new_pointer (card, note->span));
  if (note->symptom != NULL)
    add_symptom (self, note->symptom);
}

/* What the user wrote, with the number that stands in the timeline. */
static void
add_own_note (RtMeaningPane *self, const RtMark *mark, guint number)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  g_autofree char *sign = rt_timeline_layer_dup_mark (RT_TIMELINE_LAYER_OWN, number);
  g_autofree char *title = g_strdup_printf (_ ("%s · my note"), sign);

  gtk_widget_add_css_class (card, "meaning-card");
  gtk_widget_add_css_class (card, "own-note");
  gtk_box_append (GTK_BOX (card), rt_words_new (title, "meaning-title"));
  gtk_box_append (GTK_BOX (card), rt_words_new (mark->text, "meaning-text"));
  gtk_box_append (GTK_BOX (self->cards), new_pointer (card, mark->span));
}

static void
add_own_notes (RtMeaningPane *self, guint exchange)
{
  RtNotebook *notebook = rt_notebook_of (self->view);
  GPtrArray *marks = rt_notebook_get_marks (notebook);
  guint number = 0;

  for (guint i = 0; i < marks->len; i++)
    {
      const RtMark *mark = marks->pdata[i];
      guint of = rt_notebook_get_exchange (notebook, mark);

      if (of == 0 || *mark->text == '\0')
        continue;
      number++;
      if (of == exchange)
        add_own_note (self, mark, number);
    }
}

static RtSpan
proof_of (const RtCheck *check)
{
  for (guint i = 0; i < check->n_facts; i++)
    if (!rt_span_is_none (check->facts[i].proof))
      return check->facts[i].proof;
  return RT_SPAN_NONE;
}

static char *
dup_facts (const RtCheck *check)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < check->n_facts; i++)
    {
      g_autofree char *words = rt_fact_dup_words (&check->facts[i]);

      g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", words);
    }
  return g_string_free (out, FALSE);
}

static GtkWidget *
new_check (const RtCheck *check)
{
  static const char *const marks[] = { "○", "✓", "✗" };
  static const char *const styles[] = { "not-reached", "holds", "fails" };
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *mark = gtk_label_new (marks[check->outcome]);
  g_autofree char *facts = dup_facts (check);
  g_autofree char *source
      = g_strdup_printf ("%s · %s", check->clause.reference, rt_level_name (check->clause.level));

  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_widget_add_css_class (mark, "check-mark");
  gtk_widget_add_css_class (line, "check");
  gtk_widget_add_css_class (line, styles[check->outcome]);
  if (check->decides)
    gtk_widget_add_css_class (line, "decides");
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  rt_outcome_name (check->outcome), -1);
  gtk_box_append (GTK_BOX (words), rt_words_new (check->clause.title, "check-title"));
  if (*facts != '\0')
    gtk_box_append (GTK_BOX (words), rt_words_new (facts, "facts"));
  if (check->outcome != RT_OUTCOME_NOT_REACHED)
    gtk_box_append (GTK_BOX (words), rt_words_new (source, "reference"));
  gtk_box_append (GTK_BOX (line), mark);
  gtk_box_append (GTK_BOX (line), words);
  return new_pointer (line, proof_of (check));
}

static void
add_decision (RtMeaningPane *self, RtDecision *decision)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4);
  guint n = rt_decision_get_n_checks (decision);
  const char *verdict = rt_decision_get_verdict (decision);
  g_autofree char *title
      = g_strdup_printf ("%s %s", rt_decision_get_title (decision), verdict != NULL ? verdict : "");

  gtk_widget_add_css_class (card, "meaning-card");
  gtk_widget_add_css_class (card, "trace");
  gtk_box_append (GTK_BOX (card), rt_words_new (title, "meaning-title"));
  for (guint i = 0; i < n; i++)
    {
      RtCheck check = rt_decision_get_check (decision, i);

      gtk_box_append (GTK_BOX (card), new_check (&check));
    }
  gtk_box_append (GTK_BOX (self->cards), card);
}

/* The traces behind what the observer found: nobody in the log made these decisions. */
static void
add_observed (RtMeaningPane *self, const RtExchange *exchange)
{
  for (guint i = 0; i < MIN (exchange->notes->len, MAX_CARDS); i++)
    {
      const RtNote *note = exchange->notes->pdata[i];

      if (note->finding != NULL && note->decision != NULL)
        add_decision (self, note->decision);
    }
}

static void
add_findings (RtMeaningPane *self, const RtTransfer *transfer)
{
  for (guint i = 0; transfer != NULL && transfer->findings != NULL && i < transfer->findings->len;
       i++)
    {
      const RtFinding *finding = &g_array_index (transfer->findings, RtFinding, i);
      GtkWidget *card;

      if (i >= MAX_CARDS)
        return;
      card = new_card (finding->kind->severity, finding->kind->clause.title, NULL);
      add_source (card, finding->kind->clause.reference, finding->kind->clause.level);
      gtk_box_append (GTK_BOX (self->cards), new_pointer (card, finding->span));
    }
}

static void
clear (RtMeaningPane *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->cards)) != NULL)
    gtk_box_remove (GTK_BOX (self->cards), child);
}

/* A note that says what a finding or decision says anyway has it as its trace. */
static void
fill (RtMeaningPane *self, const RtExchange *exchange)
{
  guint hidden = rt_view_get_hidden_layers (self->view);
  gboolean engine = !(hidden & (1u << RT_TIMELINE_LAYER_ENGINE));

  if (!(hidden & (1u << RT_TIMELINE_LAYER_OWN)))
    add_own_notes (self, exchange->id);
  add_author_notes (self, exchange->id);
  for (guint i = 0; engine && i < MIN (exchange->notes->len, MAX_CARDS); i++)
    add_note (self, exchange->notes->pdata[i]);
  add_observed (self, exchange);
  for (guint i = 0; i < MIN (exchange->decisions->len, MAX_CARDS); i++)
    add_decision (self, ((const RtDecisionInfo *)exchange->decisions->pdata[i])->decision);
  if (engine && exchange->notes->len == 0)
    {
      add_findings (self, exchange->request);
      add_findings (self, exchange->response);
    }
  if (gtk_widget_get_first_child (self->cards) == NULL)
    gtk_box_append (GTK_BOX (self->cards),
                    rt_words_new (_ ("Nothing out of the ordinary."), "placeholder"));
}

static void
changed_cb (RtMeaningPane *self)
{
  const RtExchange *exchange = rt_view_get_exchange (self->view);

  clear (self);
  self->shown = exchange != NULL ? exchange->id : 0;
  if (exchange != NULL)
    fill (self, exchange);
  else
    gtk_box_append (GTK_BOX (self->cards),
                    rt_words_new (_ ("Choose an exchange to see what it means."), "placeholder"));
}

static void
selected_cb (RtMeaningPane *self)
{
  if (rt_view_get_selection (self->view).exchange != self->shown)
    changed_cb (self);
}

static void
point_cb (GtkWidget *widget, const char *action, GVariant *target)
{
  RtMeaningPane *self = RT_MEANING_PANE (widget);
  RtSpan span;
  const RtTransfer *of;

  g_variant_get (target, "(tuu)", &span.offset, &span.length, &span.buffer);
  of = rt_analysis_find_transfer (rt_view_get_analysis (self->view), span);
  if (of != NULL)
    rt_view_select (self->view, of->exchange, of->message->kind == RT_MESSAGE_REQUEST, span);
}

void
rt_meaning_pane_set_view (RtMeaningPane *self, RtView *view)
{
  if (!g_set_object (&self->view, view))
    return;
  g_signal_group_set_target (self->signals, view);
  if (view != NULL)
    changed_cb (self);
  else
    clear (self);
}

static void
rt_meaning_pane_dispose (GObject *object)
{
  RtMeaningPane *self = RT_MEANING_PANE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->view);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_meaning_pane_parent_class)->dispose (object);
}

static void
rt_meaning_pane_class_init (RtMeaningPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_meaning_pane_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-meaning-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RtMeaningPane, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtMeaningPane, cards);
  gtk_widget_class_install_action (widget_class, "meaning.point", "(tuu)", point_cb);
}

static void
rt_meaning_pane_init (RtMeaningPane *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (selected_cb), self);
  g_signal_group_connect_swapped (self->signals, "noted", G_CALLBACK (changed_cb), self);
}
