/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stopping is asked for and not waited for: the pane says "stopping" until the server has ended. */
#include "rt-live-pane.h"

#include "rt-code-box.h"
#include "rt-list-heading.h"

#include <glib/gi18n.h>

/** MAX_NEWS: rows that are kept. */
#define MAX_NEWS 60
#define ROW_EXCHANGE "rt-exchange"

/* @lesson, @answer: what is served, or was last */
struct _RtLivePane
{
  GtkWidget parent_instance;

  RtLesson *lesson;
  char *answer;
  RtLiveServer *server;    /* NULL: nothing was served yet */
  gboolean serving, again; /* again: begin anew once it has ended */
  guint newest;            /* exchange that was selected because it came last */

  GtkRevealer *revealer;
  GtkSpinner *spinner;
  GtkSpinButton *port;
  GtkLabel *status;
  GtkWidget *details, *commands, *start, *stop;
  GtkListBox *news;
};

enum
{
  PROP_SERVING = 1,
  N_PROPERTIES,
};

enum
{
  SHOW_VIEW,
  SOLVED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RtLivePane, rt_live_pane, GTK_TYPE_WIDGET)

static void
set_status (RtLivePane *self, const char *text, const char *style)
{
  static const char *const styles[] = { "right", "wrong", NULL };

  for (guint i = 0; styles[i] != NULL; i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->status), styles[i]);
  if (style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->status), style);
  gtk_label_set_text (self->status, text);
}

static void
set_serving (RtLivePane *self, gboolean serving)
{
  self->serving = serving;
  gtk_widget_set_visible (self->start, !serving);
  gtk_widget_set_visible (self->stop, serving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->port), !serving);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "live.stop", serving);
  if (serving)
    gtk_spinner_start (self->spinner);
  else
    gtk_spinner_stop (self->spinner);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SERVING]);
}

/* What to try */

static GtkWidget *
new_command (const char *command)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *code = rt_code_box_new (NULL, command, "sh");
  GtkWidget *copy = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  g_autofree char *spoken = g_strdup_printf (_ ("Copy: %s"), command);

  gtk_widget_set_hexpand (code, TRUE);
  gtk_widget_set_valign (copy, GTK_ALIGN_START);
  gtk_widget_add_css_class (copy, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (copy), "live.copy");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (copy), "s", command);
  gtk_widget_set_tooltip_text (copy, _ ("Copy the command"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (copy), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_box_append (GTK_BOX (box), code);
  gtk_box_append (GTK_BOX (box), copy);
  return box;
}

static void
add_heading (RtLivePane *self, const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "secondary");
  gtk_box_append (GTK_BOX (self->commands), label);
}

static void
clear_commands (RtLivePane *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->commands)) != NULL)
    gtk_box_remove (GTK_BOX (self->commands), child);
}

/* A line for a server whose own port is asked. */
static char *
dup_port_command (RtLivePane *self, const RtLivePort *port)
{
  const char *scheme = port->secure ? "https" : "http";
  const char *authority = port->secure ? rt_live_server_get_authority (self->server) : NULL;

  return g_strdup_printf ("curl%s%s --resolve %s:%u:127.0.0.1 %s://%s:%u/",
                          authority != NULL ? " --cacert " : "", authority != NULL ? authority : "",
                          port->host, port->real_port, scheme, port->host, port->real_port);
}

static void
show_commands (RtLivePane *self)
{
  GPtrArray *commands = rt_live_server_get_commands (self->server);
  GPtrArray *ports = rt_live_server_get_ports (self->server);

  clear_commands (self);
  if (commands->len > 0)
    add_heading (self, _ ("What the lesson’s clients do, for a shell:"));
  for (guint i = 0; i < commands->len; i++)
    gtk_box_append (GTK_BOX (self->commands), new_command (commands->pdata[i]));
  add_heading (self, _ ("Each server by its own port:"));
  for (guint i = 0; i < ports->len; i++)
    {
      g_autofree char *command = dup_port_command (self, ports->pdata[i]);

      gtk_box_append (GTK_BOX (self->commands), new_command (command));
    }
}

static void
ready_cb (RtLivePane *self)
{
  GPtrArray *ports = rt_live_server_get_ports (self->server);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; i < ports->len; i++)
    {
      const RtLivePort *port = ports->pdata[i];

      g_string_append_printf (words, "%s%s → 127.0.0.1:%u", i > 0 ? "\n" : "", port->host,
                              port->real_port);
    }
  set_status (self, words->str, "right");
  show_commands (self);
  gtk_widget_set_visible (self->details, TRUE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "live.show", TRUE);
  g_signal_emit (self, signals[SHOW_VIEW], 0, rt_live_server_get_view (self->server));
}

/* What happens */

static const char *
sign_of (const RtLiveNews *news)
{
  switch (news->kind)
    {
    case RT_LIVE_NEWS_AWAITED:
      return "…";
    case RT_LIVE_NEWS_EXCHANGE:
      return "⇄";
    case RT_LIVE_NEWS_CHECK:
    case RT_LIVE_NEWS_PROBE:
      return news->holds ? "✓" : "✗";
    case RT_LIVE_NEWS_TIMEOUT:
      return "✗";
    case RT_LIVE_NEWS_SKIPPED:
      return "–";
    default:
      return "✓";
    }
}

static char *
dup_words (const RtLiveNews *news)
{
  switch (news->kind)
    {
    case RT_LIVE_NEWS_AWAITED:
      return g_strdup_printf (_ ("awaited: %s"), news->text);
    case RT_LIVE_NEWS_CHALLENGE:
      return g_strdup (_ ("The challenge is solved, by requests from outside"));
    case RT_LIVE_NEWS_END:
      return g_strdup (_ ("All steps were taken; the servers go on"));
    default:
      return g_strdup (news->text != NULL ? news->text : "");
    }
}

static void
add_news (RtLivePane *self, const RtLiveNews *news)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *sign = gtk_label_new (sign_of (news));
  g_autofree char *words = dup_words (news);
  GtkWidget *label = gtk_label_new (words);
  gboolean judged = news->kind == RT_LIVE_NEWS_CHECK || news->kind == RT_LIVE_NEWS_PROBE;
  GtkListBoxRow *last;

  gtk_widget_add_css_class (sign, "probe-mark");
  gtk_widget_set_valign (sign, GTK_ALIGN_START);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), sign);
  gtk_box_append (GTK_BOX (line), label);
  if (news->exchange != 0)
    gtk_box_append (GTK_BOX (line), gtk_image_new_from_icon_name ("go-next-symbolic"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), news->exchange != 0);
  if (judged)
    gtk_widget_add_css_class (row, news->holds ? "right" : "wrong");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data (G_OBJECT (row), ROW_EXCHANGE, GUINT_TO_POINTER (news->exchange));
  gtk_list_box_prepend (self->news, row);
  last = gtk_list_box_get_row_at_index (self->news, MAX_NEWS);
  if (last != NULL)
    gtk_list_box_remove (self->news, GTK_WIDGET (last));
  gtk_widget_set_visible (GTK_WIDGET (self->news), TRUE);
}

static void
news_cb (RtLivePane *self, const RtLiveNews *news)
{
  if (news->kind != RT_LIVE_NEWS_MET)
    add_news (self, news);
  if (news->kind == RT_LIVE_NEWS_CHALLENGE)
    g_signal_emit (self, signals[SOLVED], 0);
}

/* Selects what came last, unless somebody looks at something else. */
static void
arrived_cb (RtLivePane *self)
{
  RtView *view = rt_live_server_get_view (self->server);
  GPtrArray *exchanges = rt_analysis_get_exchanges (rt_view_get_analysis (view));
  guint selected = rt_view_get_selection (view).exchange;

  if (exchanges->len == 0 || (selected != 0 && selected != self->newest))
    return;
  self->newest = ((const RtExchange *)exchanges->pdata[exchanges->len - 1])->id;
  rt_view_select (view, self->newest, FALSE, RT_SPAN_NONE);
}

static void start (RtLivePane *self);

static void
ended_cb (RtLivePane *self, const GError *error)
{
  gboolean again = self->again;

  if (error != NULL)
    set_status (self, error->message, "wrong");
  else
    set_status (self, _ ("Stopped; what came was recorded"), NULL);
  clear_commands (self);
  self->again = FALSE;
  set_serving (self, FALSE);
  if (again)
    start (self);
}

static void
news_activated_cb (RtLivePane *self, GtkListBoxRow *row)
{
  guint exchange = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (row), ROW_EXCHANGE));
  RtView *view = rt_live_server_get_view (self->server);

  g_signal_emit (self, signals[SHOW_VIEW], 0, view);
  rt_view_select (view, exchange, FALSE, RT_SPAN_NONE);
}

/* Actions */

static void
start (RtLivePane *self)
{
  if (self->serving || self->lesson == NULL)
    return;
  if (self->server != NULL)
    g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_object (&self->server);
  rt_list_box_clear (self->news);
  gtk_widget_set_visible (GTK_WIDGET (self->news), FALSE);
  clear_commands (self);
  gtk_widget_set_visible (self->details, FALSE);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "live.show", FALSE);
  self->newest = 0;
  self->server = rt_live_server_new (self->lesson, self->answer,
                                     (guint16)gtk_spin_button_get_value_as_int (self->port));
  g_signal_connect_object (self->server, "ready", G_CALLBACK (ready_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->server, "news", G_CALLBACK (news_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->server, "arrived", G_CALLBACK (arrived_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->server, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  set_status (self, _ ("Starting…"), NULL);
  set_serving (self, TRUE);
}

static void
start_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  start (RT_LIVE_PANE (widget));
}

static void
stop_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  rt_live_pane_stop (RT_LIVE_PANE (widget));
}

static void
show_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtLivePane *self = RT_LIVE_PANE (widget);

  g_signal_emit (self, signals[SHOW_VIEW], 0, rt_live_server_get_view (self->server));
}

static void
close_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtLivePane *self = RT_LIVE_PANE (widget);

  rt_live_pane_stop (self);
  gtk_revealer_set_reveal_child (self->revealer, FALSE);
}

static void
copy_cb (GtkWidget *widget, const char *action, GVariant *command)
{
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), g_variant_get_string (command, NULL));
}

static void
rt_live_pane_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  g_value_set_boolean (value, RT_LIVE_PANE (object)->serving);
}

static void
rt_live_pane_dispose (GObject *object)
{
  RtLivePane *self = RT_LIVE_PANE (object);

  if (self->revealer != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->revealer));
  self->revealer = NULL;
  g_clear_object (&self->server);
  g_clear_pointer (&self->lesson, rt_lesson_unref);
  g_clear_pointer (&self->answer, g_free);
  G_OBJECT_CLASS (rt_live_pane_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-live-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, revealer);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, spinner);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, port);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, status);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, commands);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, details);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, start);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, stop);
  gtk_widget_class_bind_template_child (widget_class, RtLivePane, news);
  gtk_widget_class_bind_template_callback (widget_class, news_activated_cb);
}

static void
rt_live_pane_class_init (RtLivePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_live_pane_dispose;
  G_OBJECT_CLASS (klass)->get_property = rt_live_pane_get_property;
  properties[PROP_SERVING] = g_param_spec_boolean ("serving", NULL, NULL, FALSE, G_PARAM_READABLE);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
  signals[SHOW_VIEW] = g_signal_new ("show-view", RT_TYPE_LIVE_PANE, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, RT_TYPE_VIEW);
  signals[SOLVED] = g_signal_new ("solved", RT_TYPE_LIVE_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "live.start", NULL, start_cb);
  gtk_widget_class_install_action (widget_class, "live.stop", NULL, stop_cb);
  gtk_widget_class_install_action (widget_class, "live.show", NULL, show_cb);
  gtk_widget_class_install_action (widget_class, "live.close", NULL, close_cb);
  gtk_widget_class_install_action (widget_class, "live.copy", "s", copy_cb);
}

static void
rt_live_pane_init (RtLivePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "live.show", FALSE);
  set_serving (self, FALSE);
}

/**
 * rt_live_pane_start:
 * @answer: (nullable): a learner's settings, as YAML: then the probes of the challenge count
 *
 * Puts the lesson's servers on ports; what was served before is over.
 */
void
rt_live_pane_start (RtLivePane *self, const RtLesson *lesson, const char *answer)
{
  rt_live_pane_stop (self);
  g_clear_pointer (&self->lesson, rt_lesson_unref);
  g_free (self->answer);
  self->lesson = rt_lesson_ref ((RtLesson *)lesson);
  self->answer = g_strdup (answer);
  gtk_revealer_set_reveal_child (self->revealer, TRUE);
  /* The ports are taken until it has ended. */
  self->again = self->serving;
  start (self);
}

/** rt_live_pane_stop: it ends soon, and is not waited for */
void
rt_live_pane_stop (RtLivePane *self)
{
  self->again = FALSE;
  if (!self->serving)
    return;
  set_status (self, _ ("Stopping…"), NULL);
  rt_live_server_stop (self->server);
}

/** rt_live_pane_get_serving: Returns: whether something is served */
gboolean
rt_live_pane_get_serving (RtLivePane *self)
{
  return self->serving;
}

/** rt_live_pane_get_server: Returns: (transfer none) (nullable): that serves, or did last */
RtLiveServer *
rt_live_pane_get_server (RtLivePane *self)
{
  return self->server;
}

/** rt_live_pane_get_ports: Returns: (transfer none) (nullable) (element-type RtLivePort): open now
 */
GPtrArray *
rt_live_pane_get_ports (RtLivePane *self)
{
  return self->serving && self->server != NULL ? rt_live_server_get_ports (self->server) : NULL;
}

/** rt_live_pane_set_port: @port: of the first server from now on; 0: whatever is free */
void
rt_live_pane_set_port (RtLivePane *self, guint16 port)
{
  gtk_spin_button_set_value (self->port, port);
}

/** rt_live_pane_get_status: Returns: (transfer none): how it stands, in words */
const char *
rt_live_pane_get_status (RtLivePane *self)
{
  return gtk_label_get_text (self->status);
}
