/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * States of the tools: sidebar, dialogs, menus, files, ports. */
#include "picture-states.h"

#include "rt-notebook.h"
#include "rt-user-settings.h"

#include <string.h>

static void
show_page_of_sidebar (WindowFixture *fixture, const char *page)
{
  picture_412 (fixture);
  g_settings_set_string (rt_user_settings_get (), RT_KEY_SIDEBAR_PAGE, page);
  if (!adw_flap_get_reveal_flap (
          ADW_FLAP (window_find (GTK_WIDGET (fixture->window), ADW_TYPE_FLAP))))
    window_fixture_do (fixture, "win.sidebar", NULL);
  for (guint i = 0; i < 4; i++)
    window_fixture_settle (fixture);
}

void
picture_symptoms (WindowFixture *fixture)
{
  show_page_of_sidebar (fixture, "symptoms");
}

void
picture_sessions (WindowFixture *fixture)
{
  show_page_of_sidebar (fixture, "sessions");
}

void
picture_high_contrast (WindowFixture *fixture)
{
  picture_412 (fixture);
  window_fixture_do (fixture, "win.high-contrast", NULL);
}

void
picture_commands (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.commands", NULL);
}

void
picture_preferences (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.preferences", NULL);
}

void
picture_shortcuts (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.show-help-overlay", NULL);
}

void
picture_comparison (WindowFixture *fixture)
{
  picture_412 (fixture);
  rt_view_select (window_shown (fixture), 3, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.compare", NULL);
  rt_view_select (window_shown (fixture), 4, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.compare", NULL);
}

void
picture_notes (WindowFixture *fixture)
{
  RtView *view;

  picture_412 (fixture);
  view = window_shown (fixture);
  rt_notebook_put (rt_notebook_of (view), 2, RT_SPAN_NONE, "");
  rt_notebook_put (rt_notebook_of (view), 4, rt_view_get_selection (view).span,
                   "This is what saved Ben’s edit.");
  window_fixture_settle (fixture);
}

void
picture_body (WindowFixture *fixture)
{
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));

  picture_412 (fixture);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (window_find_label (inspector, "Body")), TRUE);
  /* It is decoded on another thread. */
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}

static void
exported_cb (gboolean *exported)
{
  *exported = TRUE;
}

static gboolean
is_set (gpointer flag)
{
  return *(gboolean *)flag;
}

/* What was replaced in an export of traffic with secrets. */
void
picture_redacted (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);
  gboolean exported = FALSE;
  gulong id = g_signal_connect_swapped (tutor, "exported", G_CALLBACK (exported_cb), &exported);

  picture_answered (fixture);
  rt_window_export (fixture->window, "transcript", NULL, TRUE);
  window_fixture_wait (fixture, is_set, &exported);
  g_signal_handler_disconnect (tutor, id);
  window_fixture_do (fixture, "win.redacted", NULL);
}

static void
picture_large (WindowFixture *fixture, const char *tab)
{
  picture_large_text (fixture);
  rt_window_show_tab (fixture->window, tab);
}

void
picture_large_timeline (WindowFixture *fixture)
{
  picture_large (fixture, "timeline");
}

void
picture_large_lesson (WindowFixture *fixture)
{
  picture_large (fixture, "lesson");
}

/* A capture of a page that has something of @n_hosts hosts, @n times. */
static char *
write_capture (WindowFixture *fixture, guint n_hosts, guint n)
{
  GString *har = g_string_new ("{\"log\":{\"version\":\"1.2\",\"entries\":[");
  char *path = g_build_filename (fixture->folder, "capture.har", NULL);

  for (guint i = 0; i < n; i++)
    {
      const char *site = i % 3 == 0 ? "www.shop" : "cdn";
      guint host = i % 3 == 0 ? 0 : i % n_hosts;

      g_string_append_printf (
          har,
          "%s{\"startedDateTime\":\"2026-01-01T12:%02u:%02u.%03uZ\",\"time\":%u,\"request\":{"
          "\"method\":\"GET\",\"url\":\"http://%s%u.test/part/%u\",\"httpVersion\":\"HTTP/1.1\","
          "\"headers\":[{\"name\":\"Host\",\"value\":\"%s%u.test\"}]},\"response\":{\"status\":%u,"
          "\"statusText\":\"%s\",\"httpVersion\":\"HTTP/1.1\",\"headers\":[],\"content\":{"
          "\"mimeType\":\"text/plain\",\"text\":\"part %u\"}},\"timings\":{\"send\":1,\"wait\":%u,"
          "\"receive\":2}}",
          i > 0 ? "," : "", i / 1200 % 60, i / 20 % 60, i % 20 * 50, 23 + i % 7 * 9, site, host, i,
          site, host, i % 41 == 17 ? 503 : 200, i % 41 == 17 ? "Service Unavailable" : "OK", i,
          20 + i % 7 * 9);
    }
  g_string_append (har, "]}}");
  if (!g_file_set_contents (path, har->str, (gssize)har->len, NULL))
    g_assert_not_reached ();
  g_string_free (har, TRUE);
  return path;
}

static gboolean
shows_session (gpointer data)
{
  RtView *view = window_shown (data);

  return view != NULL && rt_view_get_play (view) == NULL && window_n_exchanges (view) > 0;
}

static void
open_capture (WindowFixture *fixture, guint n_hosts, guint n)
{
  g_autofree char *path = write_capture (fixture, n_hosts, n);

  rt_window_open (fixture->window, path);
  window_fixture_wait (fixture, shows_session, fixture);
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}

void
picture_hosts (WindowFixture *fixture)
{
  open_capture (fixture, 60, 180);
}

/* So far away that single messages cannot be told apart. */
void
picture_heat (WindowFixture *fixture)
{
  open_capture (fixture, 5, 4000);
  rt_timeline_set_zoom (rt_stage_get_timeline (rt_window_get_stage (fixture->window)), 0.001);
  window_fixture_settle (fixture);
}

static void
type_filter (WindowFixture *fixture, const char *text)
{
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));
  GtkWidget *entry;

  picture_412 (fixture);
  window_fixture_do (fixture, "win.filter", NULL);
  entry = window_find (inspector, GTK_TYPE_SEARCH_ENTRY);
  for (const char *p = text; *p != '\0'; p++)
    {
      int at = gtk_editable_get_position (GTK_EDITABLE (entry));

      gtk_editable_insert_text (GTK_EDITABLE (entry), p, 1, &at);
      gtk_editable_set_position (GTK_EDITABLE (entry), at);
    }
  for (guint i = 0; i < 40; i++)
    window_fixture_settle (fixture);
}

void
picture_empty_list (WindowFixture *fixture)
{
  type_filter (fixture, "status-code:999");
  window_fixture_do (fixture, "win.inspect", NULL);
}

void
picture_filter_error (WindowFixture *fixture)
{
  type_filter (fixture, "status-code:many");
  window_fixture_do (fixture, "win.inspect", NULL);
}

void
picture_filter_help (WindowFixture *fixture)
{
  type_filter (fixture, "st");
}

void
picture_error (WindowFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "broken.har", NULL);

  picture_412 (fixture);
  g_file_set_contents (path, "{\"log\": {\"entries\": [{]}}", -1, NULL);
  rt_window_open (fixture->window, path);
  for (guint i = 0; i < 40; i++)
    window_fixture_settle (fixture);
}

static gboolean
is_live (gpointer data)
{
  RtLiveServer *server = rt_live_pane_get_server (rt_window_get_live (data));

  return server != NULL && *rt_view_get_title (rt_live_server_get_view (server)) != '\0'
         && rt_live_server_get_commands (server) != NULL;
}

static gpointer
ask_outside (gpointer port)
{
  static const char request[] = "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n"
                                "Connection: close\r\n\r\n";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (
      client, "127.0.0.1", (guint16)GPOINTER_TO_UINT (port), NULL, NULL);
  char part[512];

  if (connection == NULL)
    return NULL;
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), request,
                             strlen (request), NULL, NULL, NULL);
  while (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), part,
                              sizeof part, NULL, NULL)
         > 0)
    ;
  return NULL;
}

static gboolean
has_asked (gpointer data)
{
  RtLiveServer *server = rt_live_pane_get_server (rt_window_get_live (data));
  GPtrArray *exchanges
      = rt_analysis_get_exchanges (rt_view_get_analysis (rt_live_server_get_view (server)));

  return exchanges->len > 0
         && ((const RtExchange *)exchanges->pdata[exchanges->len - 1])->ended != RT_TIME_UNKNOWN;
}

/* The lesson on ports, and a request from outside. */
void
picture_live (WindowFixture *fixture)
{
  RtLivePane *pane = rt_window_get_live (fixture->window);
  const RtLivePort *port;

  window_fixture_do (fixture, "win.live", NULL);
  window_fixture_wait (fixture, is_live, fixture->window);
  port = rt_live_server_get_ports (rt_live_pane_get_server (pane))->pdata[0];
  g_thread_join (g_thread_new ("outside", ask_outside, GUINT_TO_POINTER (port->real_port)));
  window_fixture_wait (fixture, has_asked, fixture->window);
  for (guint i = 0; i < 12; i++)
    window_fixture_settle (fixture);
}

static gboolean
has_failed (gpointer window)
{
  return !rt_live_pane_get_serving (rt_window_get_live (window));
}

/* The first port is taken. */
void
picture_live_error (WindowFixture *fixture)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  g_socket_listener_add_inet_port (listener, 8081, NULL, NULL);
  window_fixture_do (fixture, "win.live", NULL);
  window_fixture_wait (fixture, has_failed, fixture->window);
  window_fixture_settle (fixture);
}

void
picture_presenter_live (WindowFixture *fixture)
{
  picture_presenter (fixture);
  picture_live (fixture);
}

void
picture_contrast_live (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.high-contrast", NULL);
  picture_live (fixture);
}

void
picture_url (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.inspect-url", NULL);
}

void
picture_presenter_url (WindowFixture *fixture)
{
  picture_presenter (fixture);
  picture_url (fixture);
}

void
picture_contrast_url (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.high-contrast", NULL);
  picture_url (fixture);
}

/* The button of a menu, by what is said of it. */
static GtkWidget *
find_menu_button (GtkWidget *widget, const char *tooltip)
{
  GtkWidget *found = NULL;

  if (GTK_IS_MENU_BUTTON (widget) && g_strcmp0 (gtk_widget_get_tooltip_text (widget), tooltip) == 0)
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_menu_button (child, tooltip);
  return found;
}

static void
open_menu (WindowFixture *fixture, const char *tooltip)
{
  picture_412 (fixture);
  gtk_menu_button_popup (
      GTK_MENU_BUTTON (find_menu_button (GTK_WIDGET (fixture->window), tooltip)));
  for (guint i = 0; i < 4; i++)
    window_fixture_settle (fixture);
}

void
picture_menu (WindowFixture *fixture)
{
  open_menu (fixture, "Menu");
}

void
picture_export_menu (WindowFixture *fixture)
{
  open_menu (fixture, "Export");
}

void
picture_context_menu (WindowFixture *fixture)
{
  picture_412 (fixture);
  gtk_widget_activate_action (
      GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window))), "timeline.menu",
      NULL);
  for (guint i = 0; i < 4; i++)
    window_fixture_settle (fixture);
}

static gboolean
has_lesson (gpointer window)
{
  return rt_tutor_get_lesson (rt_window_get_tutor (window)) != NULL;
}

/* There is no lesson of that name, and none was open before. */
void
picture_no_lesson (WindowFixture *fixture)
{
  rt_window_open (fixture->window, "not-there.md");
  window_fixture_wait (fixture, has_lesson, fixture->window);
  window_fixture_settle (fixture);
}

static gboolean
is_under_way (gpointer bar)
{
  return gtk_progress_bar_get_fraction (bar) > 0.25;
}

/* Of an import that takes a while. */
void
picture_import (WindowFixture *fixture)
{
  g_autofree char *path = write_capture (fixture, 60, 60000);

  rt_window_open (fixture->window, path);
  window_fixture_wait (fixture, is_under_way,
                       window_find (GTK_WIDGET (fixture->window), GTK_TYPE_PROGRESS_BAR));
}
