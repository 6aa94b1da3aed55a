/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * States of the window for pictures: requests that are edited and sent. */
#include "pictures-request.h"

#include "rt-challenge-pane.h"
#include "rt-resend-dialog.h"

static GtkWidget *
open_challenge (WindowFixture *fixture)
{
  GPtrArray *predictions = rt_tutor_get_lesson (window_tutor (fixture))->predictions;

  for (guint i = 0; i < predictions->len; i++)
    window_answer (fixture, i, RT_TUTOR_SKIPPED);
  window_show_page (fixture, G_MAXUINT);
  window_fixture_settle (fixture);
  return window_find (GTK_WIDGET (fixture->window), RT_TYPE_CHALLENGE_PANE);
}

/* The text scrolls for some frames. */
static void
scroll_to (WindowFixture *fixture, GtkWidget *widget)
{
  gtk_widget_child_focus (widget, GTK_DIR_TAB_FORWARD);
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}

/* As it is given: with what is wrong in it. */
void
picture_request_challenge (WindowFixture *fixture)
{
  scroll_to (fixture, open_challenge (fixture));
}

static gboolean
has_probes (gpointer pane)
{
  GtkWidget *probes = window_find_styled (pane, "probes");

  return gtk_list_box_get_row_at_index (GTK_LIST_BOX (probes), 0) != NULL;
}

/* Some probes pass, some fail. */
void
picture_request_probes (WindowFixture *fixture)
{
  GtkWidget *pane = open_challenge (fixture);

  rt_challenge_pane_set_request (RT_CHALLENGE_PANE (pane), 0,
                                 "GET / HTTP/1.1\nHost: tea.test\nAccept: text/html\n\n");
  gtk_widget_activate_action (pane, "challenge.run", NULL);
  window_fixture_wait (fixture, has_probes, pane);
  scroll_to (fixture, pane);
}

static gboolean
shows_capture (gpointer fixture)
{
  RtView *view = window_shown (fixture);

  return view != NULL && rt_view_get_play (view) == NULL;
}

static RtResendDialog *
ask (WindowFixture *fixture, guint exchange)
{
  rt_view_select (window_shown (fixture), exchange, TRUE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.resend", NULL);
  return RT_RESEND_DIALOG (window_fixture_get_above (fixture));
}

/* A request of a capture, which may change something, to its own server. */
void
picture_resend (WindowFixture *fixture)
{
  g_autofree char *path
      = g_build_filename (g_getenv ("ROUNDTRIP_SAMPLES"), "lost-update.pcap", NULL);
  GPtrArray *exchanges;

  rt_window_open (fixture->window, path);
  window_fixture_wait (fixture, shows_capture, fixture);
  window_fixture_settle (fixture);
  exchanges = rt_analysis_get_exchanges (rt_view_get_analysis (window_shown (fixture)));
  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      if (!rt_text_is (exchange->request->message->method, "PUT"))
        continue;
      ask (fixture, exchange->id);
      break;
    }
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}

static gboolean
is_live (gpointer window)
{
  return rt_live_pane_get_ports (rt_window_get_live (window)) != NULL;
}

static gboolean
has_outcome (gpointer dialog)
{
  return gtk_widget_get_visible (window_find_styled (dialog, "outcome"));
}

/* All of a lesson's requests, sent to the lesson on ports. */
void
picture_resend_results (WindowFixture *fixture)
{
  RtResendDialog *dialog;

  window_answer (fixture, 0, 2);
  window_answer (fixture, 1, 8);
  window_fixture_do (fixture, "win.run", "uint32 0");
  window_fixture_stop (fixture);
  window_fixture_do (fixture, "win.live", NULL);
  window_fixture_wait (fixture, is_live, fixture->window);
  window_fixture_do (fixture, "win.run", "uint32 0");
  dialog = ask (fixture, 1);
  rt_resend_dialog_set_all (dialog, TRUE);
  rt_resend_dialog_agree (dialog);
  gtk_widget_activate_action (GTK_WIDGET (dialog), "resend.send", NULL);
  window_fixture_wait (fixture, has_outcome, dialog);
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}
