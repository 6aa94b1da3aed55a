/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Opens the window on the first lesson. */
#include "rt-application.h"

#include "rt-lesson-library.h"
#include "rt-scenario.h"
#include "rt-timeline.h"

struct _RtApplication
{
  AdwApplication parent_instance;
};

G_DEFINE_FINAL_TYPE (RtApplication, rt_application, ADW_TYPE_APPLICATION)

/* Up to the first question of the first run, or all of it where nothing is asked. */
static void
show_lesson (RtTimeline *timeline, const RtLesson *lesson)
{
  const RtScenario *scenario = lesson->runs->pdata[0];
  const RtPrediction *question
      = lesson->predictions->len > 0 ? lesson->predictions->pdata[0] : NULL;
  RtPlayOptions options = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPlay) play = rt_play_new (lesson, scenario, &options, &error);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  gboolean masked = question != NULL && question->run == 0;

  if (play == NULL
      || !rt_analysis_feed_reader (analysis, rt_play_get_reader (play),
                                   masked ? rt_play_get_cut (play, question) : G_MAXUINT64, &error))
    {
      g_warning ("%s", error->message);
      return;
    }
  rt_timeline_set_analysis (timeline, analysis, masked);
}

static void
rt_application_activate (GApplication *application)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (&broken);
  GtkWidget *window = adw_application_window_new (GTK_APPLICATION (application));
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *timeline = rt_timeline_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), timeline);
  gtk_widget_set_vexpand (scrolled, TRUE);
  gtk_box_append (GTK_BOX (box), adw_header_bar_new ());
  gtk_box_append (GTK_BOX (box), scrolled);
  adw_application_window_set_content (ADW_APPLICATION_WINDOW (window), box);
  gtk_window_set_title (GTK_WINDOW (window), "Roundtrip");
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  if (lessons->len > 0)
    show_lesson (RT_TIMELINE (timeline), lessons->pdata[0]);
  gtk_window_present (GTK_WINDOW (window));
}

static void
rt_application_class_init (RtApplicationClass *klass)
{
  G_APPLICATION_CLASS (klass)->activate = rt_application_activate;
}

static void
rt_application_init (RtApplication *self)
{
}

GApplication *
rt_application_new (void)
{
  return g_object_new (RT_TYPE_APPLICATION, "application-id", "org.roundtrip.Roundtrip", NULL);
}
