/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests have editors of their own, settings are YAML; what is tried is both, as one answer.
 * What the learner writes is tried on the worker's thread; each result holds the play that it
 * comes from, so that a red one leads to its exchange. */
#include "rt-challenge-pane.h"

#include "rt-challenge-text.h"
#include "rt-code-box.h"
#include "rt-inline-label.h"
#include "rt-request-editor.h"
#include "rt-words.h"

#include <glib/gi18n.h>

#define ROW_VIEW "rt-view"

struct _RtChallengePane
{
  GtkWidget parent_instance;

  RtTutor *tutor;
  const RtChallenge *challenge;
  guint n_hints;

  GPtrArray *editors; /* RtRequestEditor: of each request */

  GtkWidget *box, *hints, *hint_button, *requests;
  GtkLabel *heading, *task, *outcome;
  RtCodeBox *editor;
  GtkSpinner *spinner;
  GtkListBox *probes;
};

enum
{
  SHOW_VIEW,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtChallengePane, rt_challenge_pane, GTK_TYPE_WIDGET)

static void
show_outcome (RtChallengePane *self, const char *text, const char *style)
{
  static const char *const styles[] = { "right", "wrong", NULL };

  for (guint i = 0; styles[i] != NULL; i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->outcome), styles[i]);
  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->outcome), style);
  gtk_label_set_text (self->outcome, text);
  gtk_widget_set_visible (GTK_WIDGET (self->outcome), *text != '\0');
}

static RtView *
view_of (const RtProbeResult *result)
{
  g_autoptr (RtView) view = rt_view_new_for_play (result->play);
  g_autoptr (GError) error = NULL;

  if (!rt_view_set_cut (view, G_MAXUINT64, &error))
    return NULL;
  rt_view_select (view, result->exchange, FALSE, RT_SPAN_NONE);
  return g_steal_pointer (&view);
}

static GtkWidget *
new_probe_row (const RtProbeResult *result)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *mark = gtk_label_new (result->passed ? "✓" : "✗");
  g_autofree char *name
      = result->probe->n_variations > 1
            ? g_strdup_printf ("%s (%u)", result->probe->name, result->variation + 1)
            : g_strdup (result->probe->name);
  g_autofree char *spoken
      = g_strdup_printf ("%s: %s", result->passed ? _ ("Passed") : _ ("Failed"), name);

  gtk_widget_add_css_class (mark, "probe-mark");
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_widget_add_css_class (row, result->passed ? "right" : "wrong");
  gtk_box_append (GTK_BOX (words), rt_words_new (name, "probe-name"));
  if (!result->passed && result->message != NULL)
    gtk_box_append (GTK_BOX (words), rt_words_new (result->message, "secondary"));
  gtk_box_append (GTK_BOX (line), mark);
  gtk_box_append (GTK_BOX (line), words);
  if (result->exchange != 0)
    gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_object_set_data_full (G_OBJECT (row), ROW_VIEW, view_of (result), g_object_unref);
  return row;
}

static void
clear_probes (RtChallengePane *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->probes, 0)) != NULL)
    gtk_list_box_remove (self->probes, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self->probes), FALSE);
}

static void
show_result (RtChallengePane *self, const RtChallengeResult *result)
{
  guint n_failed = 0;
  g_autofree char *words = NULL;

  for (guint i = 0; i < result->probes->len; i++)
    {
      const RtProbeResult *probe = result->probes->pdata[i];

      n_failed += probe->passed ? 0 : 1;
      gtk_list_box_append (self->probes, new_probe_row (probe));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->probes), TRUE);
  words
      = result->passed
            ? g_strdup (_ ("✓ Solved: every probe passes"))
            : g_strdup_printf (ngettext ("%u of %u probes fails", "%u of %u probes fail", n_failed),
                               n_failed, result->probes->len);
  show_outcome (self, words, result->passed ? "right" : "wrong");
}

static void
probed_cb (RtChallengePane *self, const RtChallengeResult *result, const GError *error)
{
  gtk_spinner_stop (self->spinner);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "challenge.run", TRUE);
  clear_probes (self);
  if (result != NULL)
    show_result (self, result);
  else
    show_outcome (self, error->message, "wrong");
}

static void
probe_activated_cb (RtChallengePane *self, GtkListBoxRow *row)
{
  RtView *view = g_object_get_data (G_OBJECT (row), ROW_VIEW);

  if (view != NULL)
    g_signal_emit (self, signals[SHOW_VIEW], 0, view);
}

/* All that the learner has written. */
static char *
dup_answer (RtChallengePane *self)
{
  g_autofree char *settings = rt_code_box_dup_text (self->editor);
  g_auto (GStrv) requests = g_new0 (char *, self->editors->len + 1);

  for (guint i = 0; i < self->editors->len; i++)
    requests[i] = rt_request_editor_dup_text (self->editors->pdata[i]);
  return rt_challenge_write (self->challenge, settings, (const char *const *)requests);
}

static void
run_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtChallengePane *self = RT_CHALLENGE_PANE (widget);
  g_autofree char *text = dup_answer (self);

  gtk_widget_action_set_enabled (widget, "challenge.run", FALSE);
  gtk_spinner_start (self->spinner);
  rt_tutor_try_challenge (self->tutor, text);
}

/* What programs outside make of the answer. */
static void
live_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  g_autofree char *text = dup_answer (RT_CHALLENGE_PANE (widget));

  gtk_widget_activate_action (widget, "win.live-answer", "s", text);
}

static void
passed_cb (RtChallengePane *self)
{
  clear_probes (self);
  show_outcome (self, _ ("✓ Solved, by requests from outside"), "right");
}

static void
hint_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtChallengePane *self = RT_CHALLENGE_PANE (widget);
  GtkWidget *hint = rt_inline_label_new (self->challenge->hints->pdata[self->n_hints]);

  gtk_widget_add_css_class (hint, "hint");
  gtk_box_append (GTK_BOX (self->hints), hint);
  self->n_hints++;
  gtk_button_set_label (GTK_BUTTON (self->hint_button), _ ("Another hint"));
  gtk_widget_action_set_enabled (widget, "challenge.hint",
                                 self->n_hints < self->challenge->hints->len);
}

static void
reset_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtChallengePane *self = RT_CHALLENGE_PANE (widget);

  rt_code_box_set_text (self->editor,
                        self->challenge->settings != NULL ? self->challenge->settings : "");
  for (guint i = 0; i < self->editors->len; i++)
    {
      const RtChallengeRequest *request = self->challenge->requests->pdata[i];

      rt_request_editor_set_text (self->editors->pdata[i], request->text);
    }
  clear_probes (self);
  show_outcome (self, "", NULL);
}

static void
rt_challenge_pane_dispose (GObject *object)
{
  RtChallengePane *self = RT_CHALLENGE_PANE (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->editors, g_ptr_array_unref);
  g_clear_object (&self->tutor);
  G_OBJECT_CLASS (rt_challenge_pane_parent_class)->dispose (object);
}

static void
rt_challenge_pane_class_init (RtChallengePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_challenge_pane_dispose;
  signals[SHOW_VIEW] = g_signal_new ("show-view", RT_TYPE_CHALLENGE_PANE, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, RT_TYPE_VIEW);
  g_type_ensure (RT_TYPE_CODE_BOX);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-challenge-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, box);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, heading);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, task);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, requests);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, editor);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, hint_button);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, hints);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, spinner);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, outcome);
  gtk_widget_class_bind_template_child (widget_class, RtChallengePane, probes);
  gtk_widget_class_bind_template_callback (widget_class, probe_activated_cb);
  gtk_widget_class_install_action (widget_class, "challenge.run", NULL, run_cb);
  gtk_widget_class_install_action (widget_class, "challenge.live", NULL, live_cb);
  gtk_widget_class_install_action (widget_class, "challenge.hint", NULL, hint_cb);
  gtk_widget_class_install_action (widget_class, "challenge.reset", NULL, reset_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "challenge.run", NULL);
}

static void
rt_challenge_pane_init (RtChallengePane *self)
{
  self->editors = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_code_box_set_language (self->editor, "yaml");
  rt_code_box_set_editable (self->editor, TRUE);
}

static void
add_request (RtChallengePane *self, const RtChallengeRequest *request)
{
  g_autofree char *caption = g_strdup_printf (_ ("What %s sends"), request->party);
  GtkWidget *editor = rt_request_editor_new (caption, request->text);

  gtk_box_append (GTK_BOX (self->requests), editor);
  g_ptr_array_add (self->editors, editor);
}

GtkWidget *
rt_challenge_pane_new (RtTutor *tutor, const RtChallenge *challenge)
{
  RtChallengePane *self = g_object_new (RT_TYPE_CHALLENGE_PANE, NULL);

  self->tutor = g_object_ref (tutor);
  self->challenge = challenge;
  gtk_label_set_text (self->heading, challenge->title);
  rt_inline_label_set (self->task, challenge->task);
  for (guint i = 0; i < challenge->requests->len; i++)
    add_request (self, challenge->requests->pdata[i]);
  gtk_widget_set_visible (self->requests, challenge->requests->len > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->editor), challenge->settings != NULL);
  rt_code_box_set_text (self->editor, challenge->settings != NULL ? challenge->settings : "");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "challenge.hint", challenge->hints->len > 0);
  if (rt_tutor_get_passed (tutor))
    show_outcome (self, _ ("✓ You solved this before"), "right");
  g_signal_connect_object (tutor, "probed", G_CALLBACK (probed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (tutor, "passed", G_CALLBACK (passed_cb), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/** rt_challenge_pane_set_text: @yaml: what stands in the editor of settings from now on */
void
rt_challenge_pane_set_text (RtChallengePane *self, const char *yaml)
{
  rt_code_box_set_text (self->editor, yaml);
}

/**
 * rt_challenge_pane_set_request:
 * @i: which of the challenge's requests
 * @text: what stands in its editor from now on, written as in a block `bytes`
 */
void
rt_challenge_pane_set_request (RtChallengePane *self, guint i, const char *text)
{
  g_return_if_fail (i < self->editors->len);

  rt_request_editor_set_text (self->editors->pdata[i], text);
}
