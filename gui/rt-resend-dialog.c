/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is going to be sent is said in full before: where to, how many of each method, what is left
 * out. What may change something, and every other machine, needs a tick of its own, which is taken
 * back when something else is to be sent. */
#include "rt-resend-dialog.h"

#include "rt-comparison-window.h"

#include <glib/gi18n.h>
#include <string.h>

/** MAX_LISTED: requests, and results, that are listed by name. */
#define MAX_LISTED 200
#define RESULTS_AT_A_TIME 10
#define ROW_RESULT "rt-result"

struct _RtResendDialog
{
  AdwWindow parent_instance;

  RtView *view;
  guint exchange;
  GArray *listed;     /* guint: ids of exchanges */
  GPtrArray *resends; /* RtResend: what would be sent now */
  RtHostPort place;   /* … and where to; no host: it is not known */
  char *wrong;        /* (nullable): why it is not known */
  RtResending *resending;
  gboolean updating;
  guint adding, n_results; /* results that are being listed; 0: none is */
  guint counts[RT_N_RESENT_OUTCOMES];

  GtkEntry *to;
  GtkWidget *scope, *stop, *send, *show;
  GtkToggleButton *one, *all;
  GtkStack *what;
  RtRequestEditor *editor;
  GtkLabel *rest, *requests, *dropped, *question, *outcome;
  GtkCheckButton *credentials, *unsafe, *remote;
  GtkProgressBar *progress;
  GtkListBox *results;
};

enum
{
  SHOW_SESSION,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtResendDialog, rt_resend_dialog, ADW_TYPE_WINDOW)

static const RtExchange *
get_exchange (RtResendDialog *self, guint id)
{
  return rt_analysis_get_exchange (rt_view_get_analysis (self->view), id);
}

static gboolean
sends_all (RtResendDialog *self)
{
  return gtk_toggle_button_get_active (self->all);
}

/* What would be sent */

static RtResend *
make_recorded (RtResendDialog *self, guint id)
{
  return rt_resend_new (rt_view_get_analysis (self->view), get_exchange (self, id), NULL,
                        gtk_check_button_get_active (self->credentials));
}

/* What stands in the editor; NULL: that is not to be sent. */
static RtResend *
make_edited (RtResendDialog *self)
{
  GBytes *bytes = rt_request_editor_get_report (self->editor)->bytes;

  return bytes != NULL ? rt_resend_new_from_bytes (get_exchange (self, self->exchange), bytes)
                       : NULL;
}

static void
make_resends (RtResendDialog *self)
{
  g_clear_pointer (&self->resends, g_ptr_array_unref);
  self->resends = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_resend_free);
  if (!sends_all (self))
    {
      RtResend *resend = make_edited (self);

      if (resend != NULL)
        g_ptr_array_add (self->resends, resend);
      return;
    }
  for (guint i = 0; i < MIN (self->listed->len, RT_RESEND_MAX); i++)
    if (get_exchange (self, g_array_index (self->listed, guint, i)) != NULL)
      g_ptr_array_add (self->resends, make_recorded (self, g_array_index (self->listed, guint, i)));
}

static guint
count_sendable (RtResendDialog *self)
{
  guint n = 0;

  for (guint i = 0; i < self->resends->len; i++)
    n += ((const RtResend *)self->resends->pdata[i])->why_not == NULL;
  return n;
}

static void
read_place (RtResendDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->to))));
  g_autoptr (GError) error = NULL;

  rt_host_port_clear (&self->place);
  g_clear_pointer (&self->wrong, g_free);
  if (*text == '\0')
    self->wrong = g_strdup (_ ("Where to? A server, such as 127.0.0.1:8080"));
  else if (!rt_host_port_parse_url (text, &self->place, &error))
    self->wrong = g_strdup (error->message);
}

/* Saying it */

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text != '\0');
}

/* Of many the first. */
static char *
dup_list (RtResendDialog *self)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < MIN (self->resends->len, MAX_LISTED); i++)
    {
      const RtResend *resend = self->resends->pdata[i];

      g_string_append_printf (out, "%s%u · %s", i > 0 ? "\n" : "", resend->exchange, resend->words);
      if (resend->why_not != NULL)
        g_string_append_printf (out, _ (": not sent: %s"), resend->why_not);
    }
  if (self->resends->len > MAX_LISTED)
    g_string_append_printf (out, _ ("\n… and %u more"), self->resends->len - MAX_LISTED);
  if (self->listed->len > RT_RESEND_MAX)
    g_string_append_printf (out, _ ("\nOf %u, the first %u are sent."), self->listed->len,
                            RT_RESEND_MAX);
  return g_string_free (out, FALSE);
}

/* The names of all that is left out, each once. */
static char *
dup_dropped (RtResendDialog *self, const RtResend *one)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autofree char *all = NULL;

  for (guint i = 0; i < (one != NULL ? 1 : self->resends->len); i++)
    {
      const RtResend *resend = one != NULL ? one : self->resends->pdata[i];

      for (guint j = 0; j < resend->dropped->len; j++)
        if (!g_ptr_array_find_with_equal_func (names, resend->dropped->pdata[j], g_str_equal, NULL))
          g_ptr_array_add (names, resend->dropped->pdata[j]);
    }
  if (names->len == 0)
    return g_strdup ("");
  g_ptr_array_add (names, NULL);
  all = g_strjoinv (", ", (char **)names->pdata);
  return g_strdup_printf (_ ("Left out: %s"), all);
}

static char *
dup_question (RtResendDialog *self)
{
  const RtResend *first = self->resends->len > 0 ? self->resends->pdata[0] : NULL;
  g_autofree char *question = NULL;

  if (first == NULL)
    return g_strdup (_ ("These bytes cannot be sent."));
  if (!sends_all (self) && first->why_not != NULL)
    return g_strdup_printf (_ ("It is not sent: %s."), first->why_not);
  if (self->wrong != NULL)
    return g_strdup (self->wrong);
  question = rt_resend_dup_question (self->resends, self->place.host, self->place.port);
  return g_strdup (g_strchomp (question));
}

/* What has to be agreed to; all of it, if the place is not known. */
static RtResendConsent
get_needed (RtResendDialog *self)
{
  return self->place.host != NULL ? rt_resend_get_needed (self->resends, self->place.host)
                                  : RT_RESEND_NOTHING;
}

static RtResendConsent
get_given (RtResendDialog *self)
{
  return (gtk_check_button_get_active (self->unsafe) ? RT_RESEND_UNSAFE : 0)
         | (gtk_check_button_get_active (self->remote) ? RT_RESEND_REMOTE : 0);
}

static void
update_send (RtResendDialog *self)
{
  gboolean running = gtk_widget_get_visible (self->stop);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "resend.send",
                                 !running && self->place.host != NULL && count_sendable (self) > 0
                                     && (get_needed (self) & ~get_given (self)) == 0);
}

static void
update (RtResendDialog *self)
{
  g_autofree char *question = NULL;
  RtResendConsent needed;

  if (self->updating)
    return;
  read_place (self);
  needed = get_needed (self);
  gtk_check_button_set_active (self->unsafe, FALSE);
  gtk_check_button_set_active (self->remote, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->unsafe), (needed & RT_RESEND_UNSAFE) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->remote), (needed & RT_RESEND_REMOTE) != 0);
  question = dup_question (self);
  gtk_label_set_text (self->question, question);
  if (sends_all (self))
    {
      g_autofree char *list = dup_list (self);
      g_autofree char *dropped = dup_dropped (self, NULL);

      gtk_label_set_text (self->requests, list);
      show_text (self->dropped, dropped);
    }
  update_send (self);
}

/* Other requests. */
static void
remake (RtResendDialog *self)
{
  if (self->updating)
    return;
  make_resends (self);
  update (self);
}

/* The recorded request in the editor, with or without its credentials. */
static void
fill_editor (RtResendDialog *self)
{
  g_autoptr (RtResend) resend = make_recorded (self, self->exchange);
  g_autoptr (GBytes) bytes = rt_resend_dup_bytes (resend);
  g_autofree char *dropped = dup_dropped (self, resend);
  g_autofree char *rest = NULL, *size = NULL;
  gsize n;

  if (bytes == NULL)
    bytes = g_bytes_new_static ("", 0);
  self->updating = TRUE;
  n = rt_request_editor_set_bytes (self->editor, bytes);
  self->updating = FALSE;
  size = g_format_size (n);
  rest = n > 0 ? g_strdup_printf (_ ("%s of content follow as they were recorded."), size)
         : resend->why_not != NULL
             ? g_strdup_printf (_ ("As it was recorded it is not sent: %s."), resend->why_not)
             : g_strdup ("");
  show_text (self->rest, rest);
  show_text (self->dropped, dropped);
}

static void
scope_cb (RtResendDialog *self)
{
  gtk_stack_set_visible_child_name (self->what, sends_all (self) ? "all" : "one");
  if (!sends_all (self))
    fill_editor (self);
  remake (self);
}

static void
credentials_cb (RtResendDialog *self)
{
  if (!sends_all (self))
    fill_editor (self);
  remake (self);
}

/* What became of it */

static void
clear_results (RtResendDialog *self)
{
  GtkListBoxRow *row;

  g_clear_handle_id (&self->adding, g_source_remove);
  while ((row = gtk_list_box_get_row_at_index (self->results, 0)) != NULL)
    gtk_list_box_remove (self->results, GTK_WIDGET (row));
  gtk_widget_set_visible (GTK_WIDGET (self->results), FALSE);
  gtk_widget_set_visible (self->show, FALSE);
  show_text (self->outcome, "");
}

static GtkWidget *
new_result_row (const RtResend *resend, const RtResent *resent)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  g_autofree char *what = resent->outcome != RT_RESENT_KEPT_BACK ? rt_resent_dup_words (resent)
                          : resend->why_not != NULL
                              ? g_strdup_printf (_ ("not sent: %s"), resend->why_not)
                              : g_strdup (_ ("not sent"));
  g_autofree char *words = g_strdup_printf ("%s → %s", resend->words, what);
  gboolean same = resent->outcome == RT_RESENT_SAME;
  GtkWidget *mark = gtk_label_new (same ? "=" : resent->now != NULL ? "≠" : "–");
  GtkWidget *label = gtk_label_new (words);

  gtk_widget_add_css_class (mark, "probe-mark");
  gtk_widget_add_css_class (row, same ? "right" : "wrong");
  gtk_widget_set_valign (mark, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), mark);
  gtk_box_append (GTK_BOX (line), label);
  if (resent->now != NULL)
    gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  return row;
}

/* Both answers, element by element. */
static void
result_activated_cb (RtResendDialog *self, GtkListBoxRow *row)
{
  guint i = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), ROW_RESULT));
  g_auto (RtResent) resent = rt_resending_look_at (self->resending, i);

  if (resent.now != NULL)
    gtk_window_present (GTK_WINDOW (
        rt_comparison_window_new (GTK_WINDOW (self), self->view, resent.before->id,
                                  rt_resending_get_view (self->resending), resent.now->id)));
}

static char *
dup_summary (const guint counts[RT_N_RESENT_OUTCOMES])
{
  guint n = counts[RT_RESENT_SAME] + counts[RT_RESENT_DIFFERENT] + counts[RT_RESENT_UNANSWERED];

  return g_strdup_printf (
      _ ("%u sent: %u as recorded, %u different, %u without an answer; %u not sent"), n,
      counts[RT_RESENT_SAME], counts[RT_RESENT_DIFFERENT], counts[RT_RESENT_UNANSWERED],
      counts[RT_RESENT_KEPT_BACK]);
}

static void
add_result (RtResendDialog *self, const RtResend *resend, guint i)
{
  g_auto (RtResent) resent = rt_resending_look_at (self->resending, i);
  GtkWidget *row;

  self->counts[resent.outcome]++;
  if (i >= MAX_LISTED)
    return;
  row = new_result_row (resend, &resent);
  g_object_set_data (G_OBJECT (row), ROW_RESULT, GUINT_TO_POINTER (i));
  gtk_list_box_append (self->results, row);
}

/* Some at a time: each answer is read and compared. */
static gboolean
add_results (gpointer dialog)
{
  RtResendDialog *self = dialog;
  GPtrArray *resends = rt_resending_get_resends (self->resending);
  guint end = MIN (self->n_results + RESULTS_AT_A_TIME, resends->len);
  g_autofree char *summary = NULL;

  for (; self->n_results < end; self->n_results++)
    add_result (self, resends->pdata[self->n_results], self->n_results);
  if (end < resends->len)
    return G_SOURCE_CONTINUE;
  self->adding = 0;
  summary = dup_summary (self->counts);
  show_text (self->outcome, summary);
  gtk_widget_set_visible (self->show, TRUE);
  return G_SOURCE_REMOVE;
}

static void
show_results (RtResendDialog *self)
{
  memset (self->counts, 0, sizeof self->counts);
  self->n_results = 0;
  self->adding = g_idle_add (add_results, self);
  gtk_widget_set_visible (GTK_WIDGET (self->results), TRUE);
}

static void
set_running (RtResendDialog *self, gboolean running)
{
  gtk_widget_set_visible (self->stop, running);
  gtk_widget_set_visible (self->send, !running);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "resend.stop", running);
  update_send (self);
}

static void
progress_cb (RtResendDialog *self, guint sent)
{
  guint n = self->resending != NULL ? rt_resending_get_resends (self->resending)->len : 0;
  g_autofree char *words = g_strdup_printf (_ ("%u of %u"), sent, n);

  gtk_progress_bar_set_fraction (self->progress, n > 0 ? (double)sent / n : 0);
  gtk_progress_bar_set_text (self->progress, words);
}

static void
ended_cb (RtResendDialog *self, const GError *error)
{
  set_running (self, FALSE);
  if (rt_resending_get_view (self->resending) != NULL)
    show_results (self);
  if (error != NULL)
    show_text (self->outcome, error->message);
}

/* Actions */

static void
send_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtResendDialog *self = RT_RESEND_DIALOG (widget);

  clear_results (self);
  g_clear_object (&self->resending);
  self->resending = rt_resending_new (self->view, self->resends, &self->place, get_given (self));
  g_signal_connect_object (self->resending, "progress", G_CALLBACK (progress_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->resending, "ended", G_CALLBACK (ended_cb), self,
                           G_CONNECT_SWAPPED);
  progress_cb (self, 0);
  set_running (self, TRUE);
  rt_resending_run (self->resending);
}

static void
stop_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtResendDialog *self = RT_RESEND_DIALOG (widget);

  if (self->resending != NULL)
    rt_resending_stop (self->resending);
}

static void
show_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtResendDialog *self = RT_RESEND_DIALOG (widget);
  g_autofree char *path = g_strdup (rt_resending_get_path (self->resending));

  g_signal_emit (self, signals[SHOW_SESSION], 0, path);
  gtk_window_close (GTK_WINDOW (self));
}

/* The widget */

static void
rt_resend_dialog_dispose (GObject *object)
{
  RtResendDialog *self = RT_RESEND_DIALOG (object);

  g_clear_handle_id (&self->adding, g_source_remove);
  if (self->resending != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->resending, self);
      rt_resending_stop (self->resending);
    }
  g_clear_object (&self->resending);
  self->updating = TRUE;
  G_OBJECT_CLASS (rt_resend_dialog_parent_class)->dispose (object);
}

static void
rt_resend_dialog_finalize (GObject *object)
{
  RtResendDialog *self = RT_RESEND_DIALOG (object);

  g_clear_object (&self->view);
  g_clear_pointer (&self->listed, g_array_unref);
  g_clear_pointer (&self->resends, g_ptr_array_unref);
  rt_host_port_clear (&self->place);
  g_free (self->wrong);
  G_OBJECT_CLASS (rt_resend_dialog_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, to);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, scope);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, one);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, all);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, what);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, editor);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, rest);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, requests);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, credentials);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, dropped);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, question);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, unsafe);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, remote);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, outcome);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, results);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, send);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, stop);
  gtk_widget_class_bind_template_child (widget_class, RtResendDialog, show);
}

static void
rt_resend_dialog_class_init (RtResendDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_resend_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = rt_resend_dialog_finalize;
  signals[SHOW_SESSION] = g_signal_new ("show-session", RT_TYPE_RESEND_DIALOG, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (RT_TYPE_REQUEST_EDITOR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-resend-dialog.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, result_activated_cb);
  gtk_widget_class_install_action (widget_class, "resend.send", NULL, send_cb);
  gtk_widget_class_install_action (widget_class, "resend.stop", NULL, stop_cb);
  gtk_widget_class_install_action (widget_class, "resend.show", NULL, show_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK,
                                       "resend.send", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
rt_resend_dialog_init (RtResendDialog *self)
{
  self->updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  rt_request_editor_set_caption (self->editor, _ ("Request"));
  g_signal_connect_object (self->to, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->editor, "changed", G_CALLBACK (remake), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->all, "toggled", G_CALLBACK (scope_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->credentials, "toggled", G_CALLBACK (credentials_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->unsafe, "toggled", G_CALLBACK (update_send), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->remote, "toggled", G_CALLBACK (update_send), self,
                           G_CONNECT_SWAPPED);
}

static void
offer_all (RtResendDialog *self)
{
  g_autofree char *words = g_strdup_printf (_ ("All %u listed"), self->listed->len);

  gtk_button_set_label (GTK_BUTTON (self->all), words);
  gtk_widget_set_visible (self->scope, self->listed->len > 1);
}

/**
 * rt_resend_dialog_new:
 * @view: where an exchange is selected
 * @listed: (element-type guint): ids of those that could be sent together
 * @to: (nullable): the server that is offered
 *
 * Returns: (transfer none): a toplevel above @parent
 */
RtResendDialog *
rt_resend_dialog_new (GtkWindow *parent, RtView *view, GArray *listed, const char *to)
{
  RtResendDialog *self = g_object_new (RT_TYPE_RESEND_DIALOG, "transient-for", parent, NULL);

  self->view = g_object_ref (view);
  self->exchange = rt_view_get_selection (view).exchange;
  self->listed = g_array_ref (listed);
  gtk_editable_set_text (GTK_EDITABLE (self->to), to != NULL ? to : "");
  offer_all (self);
  fill_editor (self);
  remake (self);
  set_running (self, FALSE);
  gtk_widget_grab_focus (GTK_WIDGET (self->to));
  return self;
}

/** rt_resend_dialog_set_to: @to: the server, as people write it */
void
rt_resend_dialog_set_to (RtResendDialog *self, const char *to)
{
  gtk_editable_set_text (GTK_EDITABLE (self->to), to);
}

/** rt_resend_dialog_set_all: @all: those that are listed, and not the one */
void
rt_resend_dialog_set_all (RtResendDialog *self, gboolean all)
{
  gtk_toggle_button_set_active (all ? self->all : self->one, TRUE);
}

/** rt_resend_dialog_agree: to all that is asked */
void
rt_resend_dialog_agree (RtResendDialog *self)
{
  gtk_check_button_set_active (self->unsafe, TRUE);
  gtk_check_button_set_active (self->remote, TRUE);
}

/** rt_resend_dialog_get_editor: Returns: (transfer none): of the one request */
RtRequestEditor *
rt_resend_dialog_get_editor (RtResendDialog *self)
{
  return self->editor;
}

/** rt_resend_dialog_get_resending: Returns: (transfer none) (nullable): what was sent last */
RtResending *
rt_resend_dialog_get_resending (RtResendDialog *self)
{
  return self->resending;
}
