/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Writes pictures of the window's states, for people to look at: pictures FOLDER [NAME…]. */
#include "picture-states.h"
#include "pictures-body.h"
#include "pictures-request.h"

#include <stdio.h>

typedef struct
{
  const char *name;
  int width, height;
  gboolean dark;
  void (*act) (WindowFixture *fixture);
  const char *lesson; /* NULL: lost-update; empty: none */
} Picture;

/* clang-format off */
static const Picture pictures[] = {
  { "launch-1280",      1280, 800,  FALSE, picture_nothing, "smallest-request" },
  { "first-1280",       1280, 800,  FALSE, picture_nothing },
  { "masked-1280",      1280, 800,  FALSE, picture_masked },
  { "verdict-1366",     1366, 768,  FALSE, picture_verdict },
  { "conflict-1280",    1280, 800,  FALSE, picture_412 },
  { "conflict-1920",    1920, 1080, FALSE, picture_412 },
  { "conflict-1920-dark", 1920, 1080, TRUE, picture_412 },
  { "playing-1280-dark", 1280, 800, TRUE,  picture_playing },
  { "conflict-1024",    1024, 768,  FALSE, picture_412 },
  { "beside-1280",      1280, 800,  FALSE, picture_beside },
  { "beside-1920-dark", 1920, 1080, TRUE,  picture_beside },
  { "branch-1366",      1366, 768,  FALSE, picture_branch },
  { "challenge-1366",   1366, 768,  FALSE, picture_challenge },
  { "probes-1920",      1920, 1080, FALSE, picture_probes },
  { "request-1280",     1280, 800,  FALSE, picture_request_challenge, "body-end" },
  { "request-1920-dark", 1920, 1080, TRUE, picture_request_challenge, "body-end" },
  { "request-720",      720,  900,  FALSE, picture_request_challenge, "smallest-request" },
  { "request-probes-1280", 1280, 800, FALSE, picture_request_probes, "smallest-request" },
  { "resend",           1280, 800,  FALSE, picture_resend },
  { "resend-results-dark", 1920, 1080, TRUE, picture_resend_results },
  { "lesson-720",       720, 900,   FALSE, picture_masked },
  { "timeline-720",     720, 900,   FALSE, picture_timeline_tab },
  { "messages-720",     720, 900,   FALSE, picture_messages_tab },
  { "bytes-720",        720, 900,   FALSE, picture_bytes_tab },
  { "large-text-1366",  1366, 768,  FALSE, picture_large_text },
  { "presenter-1920-dark", 1920, 1080, TRUE, picture_presenter },
  { "presenter-1024",   1024, 768,  FALSE, picture_presenter },
  { "revealed-1024",    1024, 768,  FALSE, picture_revealed },
  { "presenter-1280",   1280, 720,  FALSE, picture_presenter },
  { "revealed-1920",    1920, 1080, FALSE, picture_revealed },
  { "revealed-1280-dark", 1280, 720, TRUE, picture_revealed },
  { "no-cache-1280",    1280, 800,  FALSE, picture_answered, "no-cache" },
  { "no-cache-1920-dark", 1920, 1080, TRUE, picture_answered, "no-cache" },
  { "cors-1280-dark",   1280, 800,  TRUE,  picture_answered, "cors" },
  { "cors-1920",        1920, 1080, FALSE, picture_answered, "cors" },
  { "cors-720",         720,  900,  FALSE, picture_answered_timeline, "cors" },
  { "preflight-1280",   1280, 800,  FALSE, picture_answered, "preflight" },
  { "preflight-1920-dark", 1920, 1080, TRUE, picture_answered, "preflight" },
  { "cookies-1280",     1280, 800,  FALSE, picture_answered, "cookies" },
  { "cookies-1920",     1920, 1080, FALSE, picture_answered, "cookies" },
  { "cookies-720-dark", 720,  900,  TRUE,  picture_answered_timeline, "cookies" },
  { "slowloris-1280",   1280, 800,  FALSE, picture_answered, "slowloris" },
  { "symptoms-1280",    1280, 800,  FALSE, picture_symptoms },
  { "sessions-1920-dark", 1920, 1080, TRUE, picture_sessions },
  { "chosen-contrast-1280", 1280, 800, FALSE, picture_high_contrast },
  { "commands",         1280, 800,  FALSE, picture_commands },
  { "commands-dark",    1280, 800,  TRUE,  picture_commands },
  { "preferences",      1280, 800,  FALSE, picture_preferences },
  { "shortcuts",        1280, 800,  FALSE, picture_shortcuts },
  { "comparison",       1280, 800,  FALSE, picture_comparison },
  { "body-1920",        1920, 1080, FALSE, picture_body },
  { "multipart-1920",   1920, 1080, FALSE, picture_multipart },
  { "body-1280-dark",   1280, 800,  TRUE,  picture_body },
  { "notes-1280",       1280, 800,  FALSE, picture_notes },
  { "notes-1920-dark",  1920, 1080, TRUE,  picture_notes },
  { "redacted",         1280, 800,  FALSE, picture_redacted, "cookies" },
  { "redacted-dark",    1280, 800,  TRUE,  picture_redacted, "cookies" },
  { "live-1280",        1280, 800,  FALSE, picture_live },
  { "live-1920-dark",   1920, 1080, TRUE,  picture_live },
  { "live-720",         720,  900,  FALSE, picture_live },
  { "live-error-1280",  1280, 800,  FALSE, picture_live_error },
  { "duplicate-orders-1280", 1280, 800, FALSE, picture_answered, "duplicate-orders" },
  { "large-text-720",   720,  900,  FALSE, picture_large_timeline },
  { "large-text-lesson-720", 720, 900, TRUE, picture_large_lesson },
  { "large-text-1024",  1024, 768,  FALSE, picture_large_text },
  { "large-text-1920-dark", 1920, 1080, TRUE, picture_large_text },
  { "tls-1280",         1280, 800,  FALSE, picture_answered, "https-http-links" },
  { "tunnel-1366-dark", 1366, 768,  TRUE,  picture_answered, "tunnel-and-echo" },
  { "keep-alive-1366",  1366, 768,  FALSE, picture_answered, "keep-alive" },
  { "gateway-errors-1920", 1920, 1080, FALSE, picture_answered, "gateway-errors" },
  { "hosts-1366",       1366, 768,  FALSE, picture_hosts },
  { "hosts-1920-dark",  1920, 1080, TRUE,  picture_hosts },
  { "hosts-720",        720,  900,  FALSE, picture_hosts },
  { "heat-1280",        1280, 800,  FALSE, picture_heat },
  { "heat-1280-dark",   1280, 800,  TRUE,  picture_heat },
  { "empty-list-1280",  1280, 800,  FALSE, picture_empty_list },
  { "filter-error-1280", 1280, 800, FALSE, picture_filter_error },
  { "filter-help-1280", 1280, 800,  FALSE, picture_filter_help },
  { "error-1280",       1280, 800,  FALSE, picture_error },
  { "retry-1280",       1280, 800,  FALSE, picture_retry, "duplicate-orders" },
  { "retry-1920-dark",  1920, 1080, TRUE,  picture_retry, "duplicate-orders" },
  { "buffered-1280",    1280, 800,  FALSE, picture_buffered, "chunks-and-events" },
  { "buffered-1920-dark", 1920, 1080, TRUE, picture_buffered, "chunks-and-events" },
  { "true-scale-1280",  1280, 800,  FALSE, picture_true_scale },
  { "branch-dialog",    1280, 800,  FALSE, picture_branch_dialog },
  { "branch-dialog-dark", 1280, 800, TRUE, picture_branch_dialog },
  { "presenter-notes",  1280, 720,  FALSE, picture_presenter_notes },
  { "presenter-notes-dark", 1280, 720, TRUE, picture_presenter_notes },
  { "presenter-blank",  1280, 720,  FALSE, picture_blank },
  { "presenter-live-1280", 1280, 720, FALSE, picture_presenter_live },
  { "presenter-live-1920-dark", 1920, 1080, TRUE, picture_presenter_live },
  { "presenter-url",    1280, 720,  FALSE, picture_presenter_url },
  { "contrast-live-1280", 1280, 800, FALSE, picture_contrast_live },
  { "contrast-live-1280-dark", 1280, 800, TRUE, picture_contrast_live },
  { "contrast-url",     1280, 800,  FALSE, picture_contrast_url },
  { "url",              1280, 800,  FALSE, picture_url },
  { "url-dark",         1280, 800,  TRUE,  picture_url },
  { "menu-1280",        1280, 800,  FALSE, picture_menu },
  { "menu-1280-dark",   1280, 800,  TRUE,  picture_menu },
  { "export-menu-1280", 1280, 800,  FALSE, picture_export_menu },
  { "context-menu-1280", 1280, 800, FALSE, picture_context_menu },
  { "no-lesson-1280",   1280, 800,  FALSE, picture_no_lesson, "" },
  { "import-1280",      1280, 800,  FALSE, picture_import },
  { "import-1280-dark", 1280, 800,  TRUE,  picture_import },
  { "preferences-dark", 1280, 800,  TRUE,  picture_preferences },
};
/* clang-format on */

static gboolean
is_wanted (const char *name, char **names)
{
  return *names == NULL || g_strv_contains ((const char *const *)names, name);
}

/* GTK 4.8 complains of a window that goes while a menu is open. */
static void
close_popovers (GtkWidget *widget)
{
  if (GTK_IS_POPOVER (widget))
    gtk_popover_popdown (GTK_POPOVER (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    close_popovers (child);
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
  if (picture->lesson == NULL || *picture->lesson != '\0')
    window_fixture_load (fixture, picture->lesson != NULL ? picture->lesson : "lost-update");
  picture->act (fixture);
  /* Code is laid out when there is nothing else to do. */
  for (guint i = 0; i < 4; i++)
    window_fixture_settle (fixture);
  taken = window_fixture_picture (fixture, path);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
  close_popovers (GTK_WIDGET (fixture->window));
  window_fixture_settle (fixture);
  if (window_fixture_get_above (fixture) != NULL)
    gtk_window_destroy (window_fixture_get_above (fixture));
  if (rt_window_get_presenter (fixture->window) != NULL)
    window_fixture_do (fixture, "win.presenter", NULL);
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
