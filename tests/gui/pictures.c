/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes pictures of the window's states, for people to look at: pictures FOLDER [NAME…]. */
#include "rt-notebook.h"
#include "rt-user-settings.h"
#include "pictures-body.h"
#include "pictures-request.h"
#include "window-fixture.h"

#include <stdio.h>
#include <string.h>

typedef struct
{
  const char *name;
  int width, height;
  gboolean dark;
  void (*act) (WindowFixture *fixture);
  const char *lesson; /* NULL: lost-update */
} Picture;

static const RtPrediction *
prediction (WindowFixture *fixture, guint i)
{
  return rt_tutor_get_lesson (rt_window_get_tutor (fixture->window))->predictions->pdata[i];
}

static void
show_page (WindowFixture *fixture, guint page)
{
  rt_narrative_set_page (rt_window_get_narrative (fixture->window), page);
  window_fixture_settle (fixture);
}

static void
show_nothing (WindowFixture *fixture)
{
}

static void
show_masked (WindowFixture *fixture)
{
  show_page (fixture, 1);
}

static void
show_verdict (WindowFixture *fixture)
{
  show_page (fixture, 1);
  rt_tutor_answer (rt_window_get_tutor (fixture->window), prediction (fixture, 0), 1);
  rt_transport_set_playing (rt_stage_get_transport (rt_window_get_stage (fixture->window)), FALSE);
  for (guint i = 0; i < 2; i++)
    window_fixture_do (fixture, "win.step", "1");
}

/* All is answered, and the text has got to the second question's page, or to the end. */
static void
show_answered (WindowFixture *fixture)
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

static void
show_answered_timeline (WindowFixture *fixture)
{
  show_answered (fixture);
  rt_window_show_tab (fixture->window, "timeline");
}

static void
show_412 (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);
  RtView *view;
  const RtExchange *exchange;

  rt_tutor_answer (tutor, prediction (fixture, 0), 2);
  rt_tutor_answer (tutor, prediction (fixture, 1), 8);
  show_page (fixture, 2);
  window_fixture_do (fixture, "win.run", "uint32 1");
  window_fixture_stop (fixture);
  view = rt_tutor_get_view (tutor, 1);
  exchange = rt_analysis_get_exchange (rt_view_get_analysis (view), 4);
  rt_view_select (view, 4, FALSE, exchange->response->message->start_line);
  window_fixture_settle (fixture);
}

static void
show_playing (WindowFixture *fixture)
{
  RtView *view;

  show_412 (fixture);
  view = rt_tutor_get_view (rt_window_get_tutor (fixture->window), 1);
  rt_view_set_now (view,
                   rt_analysis_get_exchange (rt_view_get_analysis (view), 3)->request->sent_first
                       + 22 * RT_TIME_MSEC);
  window_fixture_settle (fixture);
}

static void
show_challenge (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);

  rt_tutor_answer (tutor, prediction (fixture, 0), 2);
  rt_tutor_answer (tutor, prediction (fixture, 1), 8);
  window_fixture_stop (fixture);
  show_page (fixture, G_MAXUINT);
}

static gboolean
never (gpointer data)
{
  guint *left = data;

  return --*left == 0;
}

static void
show_probes (WindowFixture *fixture)
{
  guint left = 1500;

  show_challenge (fixture);
  rt_tutor_try_challenge (
      rt_window_get_tutor (fixture->window),
      rt_tutor_get_lesson (rt_window_get_tutor (fixture->window))->challenge->starter);
  window_fixture_wait (fixture, never, &left);
  window_fixture_settle (fixture);
}

static void
show_timeline_tab (WindowFixture *fixture)
{
  show_412 (fixture);
  rt_window_show_tab (fixture->window, "timeline");
}

static void
show_messages_tab (WindowFixture *fixture)
{
  show_412 (fixture);
  rt_window_show_tab (fixture->window, "messages");
}

static void
show_bytes_tab (WindowFixture *fixture)
{
  show_messages_tab (fixture);
  gtk_widget_activate_action (GTK_WIDGET (rt_window_get_inspector (fixture->window)),
                              "inspector.forward", NULL);
  gtk_widget_activate_action (GTK_WIDGET (rt_window_get_inspector (fixture->window)),
                              "inspector.forward", NULL);
}

static void
show_large_text (WindowFixture *fixture)
{
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (fixture->window)), "gtk-xft-dpi",
                96 * 1024 * 3 / 2, NULL);
  show_412 (fixture);
}

static void
show_presenter (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.presenter", NULL);
  show_page (fixture, 1);
}

/* Votes were counted, and the answer is revealed. */
static void
show_revealed (WindowFixture *fixture)
{
  static const guint keys[]
      = { GDK_KEY_1,      GDK_KEY_7, GDK_KEY_Return, GDK_KEY_2, GDK_KEY_5,
          GDK_KEY_Return, GDK_KEY_4, GDK_KEY_1,      GDK_KEY_2, GDK_KEY_Return };
  RtPresenter *presenter;

  show_presenter (fixture);
  presenter = rt_window_get_presenter (fixture->window);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    rt_presenter_key (presenter, keys[i]);
  rt_presenter_key (presenter, GDK_KEY_Page_Down);
  rt_presenter_key (presenter, GDK_KEY_Page_Down);
  for (guint i = 0; i < 4; i++)
    window_fixture_do (fixture, "win.step", "-1");
}

/* Two runs side by side. */
static void
show_beside (WindowFixture *fixture)
{
  show_412 (fixture);
  window_fixture_do (fixture, "win.run", "uint32 0");
  window_fixture_do (fixture, "win.beside", "uint32 2");
}

static gboolean
has_branch (gpointer data)
{
  WindowFixture *fixture = data;

  return rt_stage_get_beside (rt_window_get_stage (fixture->window)) != NULL;
}

static void
show_branch (WindowFixture *fixture)
{
  show_412 (fixture);
  window_fixture_do (fixture, "win.run", "uint32 0");
  window_fixture_do (fixture, "win.make-branch", "'step 4 set If-Match: \"1\"'");
  window_fixture_wait (fixture, has_branch, fixture);
  window_fixture_settle (fixture);
}

static void
show_page_of_sidebar (WindowFixture *fixture, const char *page)
{
  show_412 (fixture);
  g_settings_set_string (rt_user_settings_get (), RT_KEY_SIDEBAR_PAGE, page);
  if (!adw_flap_get_reveal_flap (
          ADW_FLAP (window_find (GTK_WIDGET (fixture->window), ADW_TYPE_FLAP))))
    window_fixture_do (fixture, "win.sidebar", NULL);
  for (guint i = 0; i < 4; i++)
    window_fixture_settle (fixture);
}

static void
show_symptoms (WindowFixture *fixture)
{
  show_page_of_sidebar (fixture, "symptoms");
}

static void
show_sessions (WindowFixture *fixture)
{
  show_page_of_sidebar (fixture, "sessions");
}

static void
show_high_contrast (WindowFixture *fixture)
{
  show_412 (fixture);
  window_fixture_do (fixture, "win.high-contrast", NULL);
}

static void
show_commands (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.commands", NULL);
}

static void
show_preferences (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.preferences", NULL);
}

static void
show_shortcuts (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.show-help-overlay", NULL);
}

static void
show_comparison (WindowFixture *fixture)
{
  show_412 (fixture);
  rt_view_select (window_shown (fixture), 3, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.compare", NULL);
  rt_view_select (window_shown (fixture), 4, FALSE, RT_SPAN_NONE);
  window_fixture_do (fixture, "win.compare", NULL);
}

static void
show_notes (WindowFixture *fixture)
{
  RtView *view;

  show_412 (fixture);
  view = window_shown (fixture);
  rt_notebook_put (rt_notebook_of (view), 2, RT_SPAN_NONE, "");
  rt_notebook_put (rt_notebook_of (view), 4, rt_view_get_selection (view).span,
                   "This is what saved Ben’s edit.");
  window_fixture_settle (fixture);
}

static void
show_body (WindowFixture *fixture)
{
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (fixture->window));

  show_412 (fixture);
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
static void
show_redacted (WindowFixture *fixture)
{
  RtTutor *tutor = rt_window_get_tutor (fixture->window);
  gboolean exported = FALSE;
  gulong id = g_signal_connect_swapped (tutor, "exported", G_CALLBACK (exported_cb), &exported);

  show_answered (fixture);
  rt_window_export (fixture->window, "transcript", NULL, TRUE);
  window_fixture_wait (fixture, is_set, &exported);
  g_signal_handler_disconnect (tutor, id);
  window_fixture_do (fixture, "win.redacted", NULL);
}

static void
show_large (WindowFixture *fixture, const char *tab)
{
  show_large_text (fixture);
  rt_window_show_tab (fixture->window, tab);
}

static void
show_large_timeline (WindowFixture *fixture)
{
  show_large (fixture, "timeline");
}

static void
show_large_lesson (WindowFixture *fixture)
{
  show_large (fixture, "lesson");
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

static void
show_hosts (WindowFixture *fixture)
{
  open_capture (fixture, 60, 180);
}

/* So far away that single messages cannot be told apart. */
static void
show_heat (WindowFixture *fixture)
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

  show_412 (fixture);
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

static void
show_empty_list (WindowFixture *fixture)
{
  type_filter (fixture, "status-code:999");
  window_fixture_do (fixture, "win.inspect", NULL);
}

static void
show_filter_error (WindowFixture *fixture)
{
  type_filter (fixture, "status-code:many");
  window_fixture_do (fixture, "win.inspect", NULL);
}

static void
show_filter_help (WindowFixture *fixture)
{
  type_filter (fixture, "st");
}

static void
show_error (WindowFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "broken.har", NULL);

  show_412 (fixture);
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
static void
show_live (WindowFixture *fixture)
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

/* The first port is taken. */
static void
show_live_error (WindowFixture *fixture)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  guint left = 300;

  g_socket_listener_add_inet_port (listener, 8081, NULL, NULL);
  window_fixture_do (fixture, "win.live", NULL);
  window_fixture_wait (fixture, never, &left);
  window_fixture_settle (fixture);
}

/* clang-format off */
static const Picture pictures[] = {
  { "first-1280",       1280, 800,  FALSE, show_nothing },
  { "masked-1280",      1280, 800,  FALSE, show_masked },
  { "verdict-1366",     1366, 768,  FALSE, show_verdict },
  { "conflict-1280",    1280, 800,  FALSE, show_412 },
  { "conflict-1920",    1920, 1080, FALSE, show_412 },
  { "conflict-1920-dark", 1920, 1080, TRUE, show_412 },
  { "playing-1280-dark", 1280, 800, TRUE,  show_playing },
  { "conflict-1024",    1024, 768,  FALSE, show_412 },
  { "beside-1280",      1280, 800,  FALSE, show_beside },
  { "beside-1920-dark", 1920, 1080, TRUE,  show_beside },
  { "branch-1366",      1366, 768,  FALSE, show_branch },
  { "challenge-1366",   1366, 768,  FALSE, show_challenge },
  { "probes-1920",      1920, 1080, FALSE, show_probes },
  { "request-1280",     1280, 800,  FALSE, picture_request_challenge, "body-end" },
  { "request-1920-dark", 1920, 1080, TRUE, picture_request_challenge, "body-end" },
  { "request-720",      720,  900,  FALSE, picture_request_challenge, "smallest-request" },
  { "request-probes-1280", 1280, 800, FALSE, picture_request_probes, "smallest-request" },
  { "resend",           1280, 800,  FALSE, picture_resend },
  { "resend-results-dark", 1920, 1080, TRUE, picture_resend_results },
  { "lesson-720",       720, 900,   FALSE, show_masked },
  { "timeline-720",     720, 900,   FALSE, show_timeline_tab },
  { "messages-720",     720, 900,   FALSE, show_messages_tab },
  { "bytes-720",        720, 900,   FALSE, show_bytes_tab },
  { "large-text-1366",  1366, 768,  FALSE, show_large_text },
  { "presenter-1920-dark", 1920, 1080, TRUE, show_presenter },
  { "presenter-1280",   1280, 720,  FALSE, show_presenter },
  { "revealed-1920",    1920, 1080, FALSE, show_revealed },
  { "revealed-1280-dark", 1280, 720, TRUE, show_revealed },
  { "no-cache-1280",    1280, 800,  FALSE, show_answered, "no-cache" },
  { "no-cache-1920-dark", 1920, 1080, TRUE, show_answered, "no-cache" },
  { "cors-1280-dark",   1280, 800,  TRUE,  show_answered, "cors" },
  { "cors-1920",        1920, 1080, FALSE, show_answered, "cors" },
  { "cors-720",         720,  900,  FALSE, show_answered_timeline, "cors" },
  { "preflight-1280",   1280, 800,  FALSE, show_answered, "preflight" },
  { "preflight-1920-dark", 1920, 1080, TRUE, show_answered, "preflight" },
  { "cookies-1280",     1280, 800,  FALSE, show_answered, "cookies" },
  { "cookies-1920",     1920, 1080, FALSE, show_answered, "cookies" },
  { "cookies-720-dark", 720,  900,  TRUE,  show_answered_timeline, "cookies" },
  { "slowloris-1280",   1280, 800,  FALSE, show_answered, "slowloris" },
  { "symptoms-1280",    1280, 800,  FALSE, show_symptoms },
  { "sessions-1920-dark", 1920, 1080, TRUE, show_sessions },
  { "chosen-contrast-1280", 1280, 800, FALSE, show_high_contrast },
  { "commands",         1280, 800,  FALSE, show_commands },
  { "commands-dark",    1280, 800,  TRUE,  show_commands },
  { "preferences",      1280, 800,  FALSE, show_preferences },
  { "shortcuts",        1280, 800,  FALSE, show_shortcuts },
  { "comparison",       1280, 800,  FALSE, show_comparison },
  { "body-1920",        1920, 1080, FALSE, show_body },
  { "multipart-1920",   1920, 1080, FALSE, picture_multipart },
  { "body-1280-dark",   1280, 800,  TRUE,  show_body },
  { "notes-1280",       1280, 800,  FALSE, show_notes },
  { "notes-1920-dark",  1920, 1080, TRUE,  show_notes },
  { "redacted",         1280, 800,  FALSE, show_redacted, "cookies" },
  { "redacted-dark",    1280, 800,  TRUE,  show_redacted, "cookies" },
  { "live-1280",        1280, 800,  FALSE, show_live },
  { "live-1920-dark",   1920, 1080, TRUE,  show_live },
  { "live-720",         720,  900,  FALSE, show_live },
  { "live-error-1280",  1280, 800,  FALSE, show_live_error },
  { "duplicate-orders-1280", 1280, 800, FALSE, show_answered, "duplicate-orders" },
  { "large-text-720",   720,  900,  FALSE, show_large_timeline },
  { "large-text-lesson-720", 720, 900, TRUE, show_large_lesson },
  { "large-text-1024",  1024, 768,  FALSE, show_large_text },
  { "large-text-1920-dark", 1920, 1080, TRUE, show_large_text },
  { "tls-1280",         1280, 800,  FALSE, show_answered, "https-http-links" },
  { "tunnel-1366-dark", 1366, 768,  TRUE,  show_answered, "tunnel-and-echo" },
  { "keep-alive-1366",  1366, 768,  FALSE, show_answered, "keep-alive" },
  { "gateway-errors-1920", 1920, 1080, FALSE, show_answered, "gateway-errors" },
  { "hosts-1366",       1366, 768,  FALSE, show_hosts },
  { "hosts-1920-dark",  1920, 1080, TRUE,  show_hosts },
  { "hosts-720",        720,  900,  FALSE, show_hosts },
  { "heat-1280",        1280, 800,  FALSE, show_heat },
  { "heat-1280-dark",   1280, 800,  TRUE,  show_heat },
  { "empty-list-1280",  1280, 800,  FALSE, show_empty_list },
  { "filter-error-1280", 1280, 800, FALSE, show_filter_error },
  { "filter-help-1280", 1280, 800,  FALSE, show_filter_help },
  { "error-1280",       1280, 800,  FALSE, show_error },
};
/* clang-format on */

static gboolean
is_wanted (const char *name, char **names)
{
  return *names == NULL || g_strv_contains ((const char *const *)names, name);
}

static gboolean
take (const Picture *picture, const char *folder)
{
  WindowFixture *fixture;
  g_autofree char *path = g_strdup_printf ("%s/%s.png", folder, picture->name);
  gboolean taken;

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      picture->dark ? ADW_COLOR_SCHEME_FORCE_DARK
                                                    : ADW_COLOR_SCHEME_FORCE_LIGHT);
  fixture = window_fixture_new (picture->width, picture->height);
  window_fixture_load (fixture, picture->lesson != NULL ? picture->lesson : "lost-update");
  picture->act (fixture);
  taken = window_fixture_picture (fixture, path);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
  if (picture->act == show_presenter || picture->act == show_revealed)
    window_fixture_do (fixture, "win.presenter", NULL);
  if (window_fixture_get_above (fixture) != NULL)
    gtk_window_destroy (window_fixture_get_above (fixture));
  window_fixture_free (fixture);
  printf ("%s\n", path);
  return taken;
}

int
main (int argc, char **argv)
{
  if (argc < 2)
    {
      fputs ("usage: pictures FOLDER [NAME…]\n", stderr);
      return 2;
    }
  window_fixture_init ();
  g_mkdir_with_parents (argv[1], 0755);
  for (gsize i = 0; i < G_N_ELEMENTS (pictures); i++)
    if (is_wanted (pictures[i].name, argv + 2) && !take (&pictures[i], argv[1]))
      return 1;
  return 0;
}
