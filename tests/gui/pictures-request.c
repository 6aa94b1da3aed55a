/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * States of the window for pictures: requests that are edited and sent. */
#include "pictures-request.h"

#include "rt-challenge-pane.h"

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
