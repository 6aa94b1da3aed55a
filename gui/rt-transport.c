/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Playback follows the frame clock. The scrubber counts moments, not seconds, so that every
 * message has its room on it. */
#include "rt-transport.h"

#include "rt-playback.h"
#include "rt-user-settings.h"

#include <glib/gi18n.h>

/* More ticks are a grey bar. */
#define MAX_TICKS 80

/* By the position in the list of speeds. */
static const double speeds[] = { 0.001, 1 / 300.0, 0.01, 0.02, 0.1, 1, 10, 100 };

struct _RtTransport
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  guint tick;       /* 0: it stands */
  gint64 last_wall; /* of the frame before */
  gboolean updating;

  GtkWidget *box, *play;
  GtkScale *scrub;
  GtkAdjustment *adjustment;
  GtkLabel *time;
  GtkDropDown *speed;
};

G_DEFINE_FINAL_TYPE (RtTransport, rt_transport, GTK_TYPE_WIDGET)

static gboolean
is_empty (RtTransport *self)
{
  return self->view == NULL || rt_view_get_moments (self->view)->len == 0;
}

/* Milliseconds below a second, seconds above. */
static char *
format_time (RtTime time, gboolean unit, gboolean seconds)
{
  if (seconds)
    return g_strdup_printf ("%" G_GINT64_FORMAT ".%02d%s", time / RT_TIME_SEC,
                            (int)(time % RT_TIME_SEC / 10000), unit ? " s" : "");
  return g_strdup_printf ("%" G_GINT64_FORMAT ".%d%s", time / RT_TIME_MSEC,
                          (int)(time % RT_TIME_MSEC / 100), unit ? " ms" : "");
}

static RtTime
get_now (RtTransport *self)
{
  RtTime now = rt_view_get_now (self->view);

  return now != RT_TIME_UNKNOWN ? now : rt_analysis_get_end (rt_view_get_analysis (self->view));
}

static void
update_position (RtTransport *self)
{
  RtTime start, length, now;
  g_autofree char *at = NULL, *whole = NULL, *words = NULL;

  gtk_widget_set_sensitive (self->box, !is_empty (self));
  if (is_empty (self))
    {
      gtk_label_set_text (self->time, "");
      return;
    }
  start = rt_analysis_get_start (rt_view_get_analysis (self->view));
  length = rt_analysis_get_end (rt_view_get_analysis (self->view)) - start;
  now = get_now (self);
  at = format_time (MAX (now - start, 0), FALSE, length >= RT_TIME_SEC);
  whole = format_time (length, TRUE, length >= RT_TIME_SEC);
  words = g_strdup_printf ("%s / %s", at, whole);
  gtk_label_set_text (self->time, words);
  self->updating = TRUE;
  gtk_adjustment_set_value (self->adjustment,
                            rt_playback_position (rt_view_get_moments (self->view), now));
  self->updating = FALSE;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scrub), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT,
                                  words, -1);
}

/* There is one tick a moment, as far as they can be told apart. */
static void
update_length (RtTransport *self)
{
  guint n = is_empty (self) ? 0 : rt_view_get_moments (self->view)->len;

  self->updating = TRUE;
  gtk_scale_clear_marks (self->scrub);
  gtk_adjustment_set_upper (self->adjustment, n > 0 ? n - 1 : 0);
  for (guint i = 0; n <= MAX_TICKS && i < n; i++)
    gtk_scale_add_mark (self->scrub, i, GTK_POS_BOTTOM, NULL);
  self->updating = FALSE;
  update_position (self);
}

static void
scrubbed_cb (RtTransport *self)
{
  if (self->updating || is_empty (self))
    return;
  rt_transport_set_playing (self, FALSE);
  rt_view_set_now (self->view, rt_playback_time (rt_view_get_moments (self->view),
                                                 gtk_adjustment_get_value (self->adjustment)));
}

static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  RtTransport *self = RT_TRANSPORT (widget);
  gint64 wall = gdk_frame_clock_get_frame_time (clock);
  const GArray *moments = rt_view_get_moments (self->view);
  double speed = speeds[MIN (gtk_drop_down_get_selected (self->speed), G_N_ELEMENTS (speeds) - 1)];
  RtTime now = rt_playback_advance (moments, get_now (self), wall - self->last_wall, speed);

  self->last_wall = wall;
  rt_view_set_now (self->view, now);
  if (now >= rt_analysis_get_end (rt_view_get_analysis (self->view)))
    rt_transport_set_playing (self, FALSE);
  return G_SOURCE_CONTINUE;
}

gboolean
rt_transport_get_playing (RtTransport *self)
{
  return self->tick != 0;
}

/**
 * rt_transport_set_playing:
 * @playing: from where it stands; at the end, from the beginning
 */
void
rt_transport_set_playing (RtTransport *self, gboolean playing)
{
  if (playing == rt_transport_get_playing (self) || (playing && is_empty (self)))
    return;
  gtk_button_set_icon_name (GTK_BUTTON (self->play), playing ? "media-playback-pause-symbolic"
                                                             : "media-playback-start-symbolic");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  playing ? _ ("Pause") : _ ("Play"), -1);
  if (!playing)
    {
      gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick);
      self->tick = 0;
      return;
    }
  if (get_now (self) >= rt_analysis_get_end (rt_view_get_analysis (self->view)))
    rt_view_set_now (self->view, rt_analysis_get_start (rt_view_get_analysis (self->view)));
  self->last_wall = g_get_monotonic_time ();
  self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

/** rt_transport_play_from: @from: where it begins */
void
rt_transport_play_from (RtTransport *self, RtTime from)
{
  if (is_empty (self))
    return;
  rt_view_set_now (self->view, from);
  rt_transport_set_playing (self, TRUE);
}

/**
 * rt_transport_set_view:
 * @view: (nullable): what is played from now on
 */
void
rt_transport_set_view (RtTransport *self, RtView *view)
{
  rt_transport_set_playing (self, FALSE);
  g_set_object (&self->view, view);
  g_signal_group_set_target (self->signals, view);
  update_length (self);
}

static void
play_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtTransport *self = RT_TRANSPORT (widget);

  rt_transport_set_playing (self, !rt_transport_get_playing (self));
}

static void
step_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  RtTransport *self = RT_TRANSPORT (widget);

  rt_transport_set_playing (self, FALSE);
  if (self->view != NULL)
    rt_view_step (self->view, g_variant_get_int32 (by));
}

static void
jump_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtTransport *self = RT_TRANSPORT (widget);
  RtAnalysis *analysis = self->view != NULL ? rt_view_get_analysis (self->view) : NULL;

  rt_transport_set_playing (self, FALSE);
  if (analysis == NULL || rt_analysis_get_length (analysis) == 0)
    return;
  rt_view_set_now (self->view, g_str_has_suffix (action, "first") ? rt_analysis_get_start (analysis)
                                                                  : RT_TIME_UNKNOWN);
}

static void
rt_transport_dispose (GObject *object)
{
  RtTransport *self = RT_TRANSPORT (object);

  if (self->view != NULL)
    rt_transport_set_playing (self, FALSE);
  g_clear_object (&self->signals);
  g_clear_object (&self->view);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_transport_parent_class)->dispose (object);
}

static void
rt_transport_class_init (RtTransportClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_transport_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-transport.ui");
  gtk_widget_class_bind_template_child (widget_class, RtTransport, box);
  gtk_widget_class_bind_template_child (widget_class, RtTransport, play);
  gtk_widget_class_bind_template_child (widget_class, RtTransport, scrub);
  gtk_widget_class_bind_template_child (widget_class, RtTransport, adjustment);
  gtk_widget_class_bind_template_child (widget_class, RtTransport, time);
  gtk_widget_class_bind_template_child (widget_class, RtTransport, speed);
  gtk_widget_class_install_action (widget_class, "transport.play", NULL, play_cb);
  gtk_widget_class_install_action (widget_class, "transport.step", "i", step_cb);
  gtk_widget_class_install_action (widget_class, "transport.first", NULL, jump_cb);
  gtk_widget_class_install_action (widget_class, "transport.last", NULL, jump_cb);
}

static void
rt_transport_init (RtTransport *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_settings_bind (rt_user_settings_get (), RT_KEY_SPEED, self->speed, "selected",
                   G_SETTINGS_BIND_DEFAULT);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (update_length), self);
  g_signal_group_connect_swapped (self->signals, "moved", G_CALLBACK (update_position), self);
  g_signal_connect_object (self->adjustment, "value-changed", G_CALLBACK (scrubbed_cb), self,
                           G_CONNECT_SWAPPED);
}
