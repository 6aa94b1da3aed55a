/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every label has the room that its words want, at every width and size of text. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "window-words.h"

#include <string.h>

typedef struct
{
  const char *name;
  int width, height;
  double scale; /* of text */
  const char *tab;
  gboolean presenting;
} Room;

/* clang-format off */
static const Room rooms[] = {
  { "a narrow window, the lesson",                   720,  900, 1.0, "lesson",   FALSE },
  { "a narrow window, the timeline",                 720,  900, 1.0, "timeline", FALSE },
  { "a narrow window, the messages",                 720,  900, 1.0, "messages", FALSE },
  { "a narrow window in large text, the lesson",     720,  900, 1.5, "lesson",   FALSE },
  { "a narrow window in large text, the timeline",   720,  900, 1.5, "timeline", FALSE },
  { "a narrow window in large text, the messages",   720,  900, 1.5, "messages", FALSE },
  { "1024 pixels",                                  1024,  768, 1.0, "timeline", FALSE },
  { "1024 pixels in large text",                    1024,  768, 1.5, "timeline", FALSE },
  { "1280 pixels",                                  1280,  800, 1.0, "timeline", FALSE },
  { "1280 pixels in large text",                    1280,  800, 1.5, "messages", FALSE },
  { "1366 pixels",                                  1366,  768, 1.0, "timeline", FALSE },
  { "1366 pixels in large text",                    1366,  768, 1.5, "timeline", FALSE },
  { "1920 pixels",                                  1920, 1080, 1.0, "timeline", FALSE },
  { "1920 pixels in large text",                    1920, 1080, 1.5, "timeline", FALSE },
  { "the presenter's window at 1280 pixels",        1280,  720, 1.0, "timeline", TRUE },
  { "the presenter's window at 1920 pixels",        1920, 1080, 1.0, "timeline", TRUE },
};
/* clang-format on */

static void
complain (GString *complaints, GtkLabel *label, const char *what, int has, int wants)
{
  g_string_append_printf (complaints, "\n# %s: “%.60s” (%d of %d pixels)", what,
                          gtk_label_get_text (label), has, wants);
}

/* A label's words are cut where it is smaller than they are; a button must not even shorten them.
 */
static void
check_label (GtkLabel *label, GString *complaints)
{
  int width = gtk_widget_get_width (GTK_WIDGET (label));
  int height = gtk_widget_get_height (GTK_WIDGET (label));
  int wide, high;

  if (*gtk_label_get_text (label) == '\0')
    return;
  pango_layout_get_pixel_size (gtk_label_get_layout (label), &wide, &high);
  if (gtk_label_get_ellipsize (label) == PANGO_ELLIPSIZE_NONE)
    {
      if (width < wide)
        complain (complaints, label, "too narrow", width, wide);
      if (height < high)
        complain (complaints, label, "too low", height, high);
    }
  else if (pango_layout_is_ellipsized (gtk_label_get_layout (label))
           && gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_BUTTON) != NULL
           && gtk_widget_get_ancestor (GTK_WIDGET (label), GTK_TYPE_DROP_DOWN) == NULL)
    complain (complaints, label, "shortened on a button", width, 0);
}

/* What is scrolled may go on outside, but only in the direction that it is scrolled in. */
static void
check_inside (GtkWidget *widget, GtkWidget *window, GString *complaints)
{
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (widget, window, &bounds))
    return;
  if (bounds.origin.x + bounds.size.width > (float)gtk_widget_get_width (window) + 1
      || bounds.origin.x < -1)
    complain (complaints, GTK_LABEL (widget), "beyond the window's edge", (int)bounds.origin.x,
              (int)bounds.size.width);
}

static void
check (GtkWidget *widget, GtkWidget *window, GString *complaints)
{
  if (!gtk_widget_get_mapped (widget) || GTK_IS_POPOVER (widget))
    return;
  if (GTK_IS_LABEL (widget))
    {
      check_label (GTK_LABEL (widget), complaints);
      check_inside (widget, window, complaints);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check (child, window, complaints);
}

static void
every_label_has_room (void **state)
{
  const Room *room = *state;
  g_autoptr (GString) complaints = g_string_new (NULL);
  WindowFixture *fixture;

  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int)(96 * 1024 * room->scale), NULL);
  fixture = window_fixture_new (room->width, room->height);
  window_fixture_load (fixture, "lost-update");
  window_show_page (fixture, 1);
  if (room->presenting)
    window_fixture_do (fixture, "win.presenter", NULL);
  else
    window_answer (fixture, 0, 1);
  rt_window_show_tab (fixture->window, room->tab);
  for (guint i = 0; i < 4; i++)
    window_fixture_settle (fixture);
  /* Nothing asks for a wider window than there is. */
  assert_true (gtk_widget_get_width (GTK_WIDGET (fixture->window)) <= room->width);
  check (GTK_WIDGET (fixture->window), GTK_WIDGET (fixture->window), complaints);
  if (room->presenting)
    window_fixture_do (fixture, "win.presenter", NULL);
  window_fixture_free (fixture);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
  if (complaints->len > 0)
    fail_msg ("%s", complaints->str);
}

int
main (int argc, char **argv)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rooms)];

  window_fixture_init ();
  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    tests[i] = (struct CMUnitTest){ .name = rooms[i].name,
                                    .test_func = every_label_has_room,
                                    .initial_state = (void *)&rooms[i] };
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return _cmocka_run_group_tests ("room", tests, G_N_ELEMENTS (rooms), NULL, NULL);
}
