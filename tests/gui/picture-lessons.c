/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * States that taking a lesson leads to, and presenting one. */
#include "picture-states.h"

static void
show_page (WindowFixture *fixture, guint page)
{
  rt_narrative_set_page (rt_window_get_narrative (fixture->window), page);
  window_fixture_settle (fixture);
}

void
picture_nothing (WindowFixture *fixture)
{
}

void
picture_masked (WindowFixture *fixture)
{
  show_page (fixture, 1);
}

void
picture_verdict (WindowFixture *fixture)
{
  show_page (fixture, 1);
  rt_tutor_answer (rt_window_get_tutor (fixture->window), window_prediction (fixture, 0), 1);
  rt_transport_set_playing (rt_stage_get_transport (rt_window_get_stage (fixture->window)), FALSE);
  for (guint i = 0; i < 2; i++)
    window_fixture_do (fixture, "win.step", "1");
}

/* All is answered, and the text has got to the second question's page, or to the end. */
void
picture_answered (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);
  GPtrArray *predictions = rt_tutor_get_lesson (tutor)->predictions;

  for (guint i = 0; i < predictions->len; i++)
    {
      show_page (fixture, G_MAXUINT);
      rt_tutor_answer (tutor, predictions->pdata[i], 1);
      window_fixture_stop (fixture);
    }
  /* The text scrolls to the verdict for some frames. */
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}

void
picture_answered_timeline (WindowFixture *fixture)
{
  picture_answered (fixture);
  rt_window_show_tab (fixture->window, "timeline");
}

void
picture_412 (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);
  RtView *view;
  const RtExchange *exchange;

  rt_tutor_answer (tutor, window_prediction (fixture, 0), 2);
  rt_tutor_answer (tutor, window_prediction (fixture, 1), 8);
  show_page (fixture, 2);
  window_fixture_do (fixture, "win.run", "uint32 1");
  window_fixture_stop (fixture);
  view = rt_tutor_get_view (tutor, 1);
  exchange = rt_analysis_get_exchange (rt_view_get_analysis (view), 4);
  rt_view_select (view, 4, FALSE, exchange->response->message->start_line);
  window_fixture_settle (fixture);
}

void
picture_playing (WindowFixture *fixture)
{
  RtView *view;

  picture_412 (fixture);
  view = rt_tutor_get_view (rt_window_get_tutor (fixture->window), 1);
  rt_view_set_now (view,
                   rt_analysis_get_exchange (rt_view_get_analysis (view), 3)->request->sent_first
                       + 22 * RT_TIME_MSEC);
  window_fixture_settle (fixture);
}

void
picture_challenge (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);

  rt_tutor_answer (tutor, window_prediction (fixture, 0), 2);
  rt_tutor_answer (tutor, window_prediction (fixture, 1), 8);
  window_fixture_stop (fixture);
  show_page (fixture, G_MAXUINT);
}

static void
probed_cb (gboolean *probed)
{
  *probed = TRUE;
}

static gboolean
is_set (gpointer flag)
{
  return *(gboolean *)flag;
}

void
picture_probes (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);
  gboolean probed = FALSE;
  gulong id = g_signal_connect_swapped (tutor, "probed", G_CALLBACK (probed_cb), &probed);

  picture_challenge (fixture);
  rt_tutor_try_challenge (tutor, rt_tutor_get_lesson (tutor)->challenge->starter);
  window_fixture_wait (fixture, is_set, &probed);
  g_signal_handler_disconnect (tutor, id);
  window_fixture_settle (fixture);
}

void
picture_timeline_tab (WindowFixture *fixture)
{
  picture_412 (fixture);
  rt_window_show_tab (fixture->window, "timeline");
}

void
picture_messages_tab (WindowFixture *fixture)
{
  picture_412 (fixture);
  rt_window_show_tab (fixture->window, "messages");
}

void
picture_bytes_tab (WindowFixture *fixture)
{
  picture_messages_tab (fixture);
  gtk_widget_activate_action (GTK_WIDGET (rt_window_get_inspector (fixture->window)),
                              "inspector.forward", NULL);
  gtk_widget_activate_action (GTK_WIDGET (rt_window_get_inspector (fixture->window)),
                              "inspector.forward", NULL);
}

void
picture_large_text (WindowFixture *fixture)
{
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (fixture->window)), "gtk-xft-dpi",
                96 * 1024 * 3 / 2, NULL);
  picture_412 (fixture);
}

void
picture_presenter (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.presenter", NULL);
  show_page (fixture, 1);
}

/* Votes were counted, and the answer is revealed. */
void
picture_revealed (WindowFixture *fixture)
{
  static const guint keys[]
      = { GDK_KEY_1,      GDK_KEY_7, GDK_KEY_Return, GDK_KEY_2, GDK_KEY_5,
          GDK_KEY_Return, GDK_KEY_4, GDK_KEY_1,      GDK_KEY_2, GDK_KEY_Return };
  RtPresenter *presenter;

  picture_presenter (fixture);
  presenter = rt_window_get_presenter (fixture->window);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    rt_presenter_key (presenter, keys[i]);
  rt_presenter_key (presenter, GDK_KEY_Page_Down);
  rt_presenter_key (presenter, GDK_KEY_Page_Down);
  for (guint i = 0; i < 4; i++)
    window_fixture_do (fixture, "win.step", "-1");
}

/* Two runs side by side. */
void
picture_beside (WindowFixture *fixture)
{
  picture_412 (fixture);
  window_fixture_do (fixture, "win.run", "uint32 0");
  window_fixture_do (fixture, "win.beside", "uint32 2");
}

static gboolean
has_branch (gpointer data)
{
  WindowFixture *fixture = data;

  return rt_stage_get_beside (rt_window_get_stage (fixture->window)) != NULL;
}

void
picture_branch (WindowFixture *fixture)
{
  picture_412 (fixture);
  window_fixture_do (fixture, "win.run", "uint32 0");
  window_fixture_do (fixture, "win.make-branch", "'step 4 set If-Match: \"1\"'");
  window_fixture_wait (fixture, has_branch, fixture);
  window_fixture_settle (fixture);
}

/* The first answer was lost: the request goes out again. */
void
picture_retry (WindowFixture *fixture)
{
  picture_answered (fixture);
  rt_view_select (window_shown (fixture), 2, TRUE, RT_SPAN_NONE);
  window_fixture_settle (fixture);
}

/* The gateway had all of it before any of it went on. */
void
picture_buffered (WindowFixture *fixture)
{
  picture_answered (fixture);
  rt_window_show_run (fixture->window, 2);
  window_fixture_settle (fixture);
  for (guint exchange = 2; exchange > 0; exchange--)
    {
      rt_view_select (window_shown (fixture), exchange, FALSE, RT_SPAN_NONE);
      window_fixture_settle (fixture);
    }
}

void
picture_true_scale (WindowFixture *fixture)
{
  picture_412 (fixture);
  window_fixture_do (fixture, "win.scale", "'true'");
  rt_timeline_set_zoom (rt_stage_get_timeline (rt_window_get_stage (fixture->window)), 3);
  window_fixture_settle (fixture);
  rt_view_select (window_shown (fixture), 2, FALSE, RT_SPAN_NONE);
}

/* The condition is what is to be changed. */
void
picture_branch_dialog (WindowFixture *fixture)
{
  RtView *view;
  const RtMessage *message;

  picture_412 (fixture);
  view = window_shown (fixture);
  message = rt_analysis_get_exchange (rt_view_get_analysis (view), 4)->request->message;
  rt_view_select (view, 4, TRUE, rt_fields_first (message->fields, "If-Match")->line);
  window_fixture_do (fixture, "win.branch", NULL);
}

void
picture_presenter_notes (WindowFixture *fixture)
{
  picture_presenter (fixture);
  window_fixture_do (fixture, "win.presenter-notes", NULL);
}

void
picture_blank (WindowFixture *fixture)
{
  picture_presenter (fixture);
  window_fixture_do (fixture, "win.presenter-blank", NULL);
}
