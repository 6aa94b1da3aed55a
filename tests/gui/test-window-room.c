/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every label has the room that its words want, at every width and size of text: test-window-room
 * SUBJECT…, each the name of a lesson, or of one of the panes and modes below. A subject's rooms
 * share a window, which gets another size from room to room. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-challenge-pane.h"
#include "rt-comparison-window.h"
#include "rt-list-row.h"
#include "window-words.h"

#include <string.h>

/* What is looked at. @enter: leads a window that shows @lesson there, before the window gets its
 * sizes; @leave: (nullable): undoes it. NULL in a lesson's own: its questions, then all of it */
typedef struct
{
  const char *name, *lesson;
  void (*enter) (WindowFixture *fixture);
  void (*leave) (WindowFixture *fixture);
  int smallest; /* width it has a form for */
} Subject;

typedef struct
{
  const Subject *subject;
  double scale; /* of text */
  gboolean revealed;
  int width, height;
} Room;

static const struct
{
  int width, height;
} sizes[] = { { 720, 900 }, { 1024, 768 }, { 1280, 800 }, { 1366, 768 }, { 1920, 1080 } };

#define BORDER 16
#define PATIENCE 20

/* The window of the room before. */
static struct
{
  const Room *room;
  WindowFixture *fixture;
} last;

static void
complain (GString *complaints, GtkLabel *label, const char *what, int has, int wants)
{
  GtkWidget *in = gtk_widget_get_parent (GTK_WIDGET (label));

  while (gtk_widget_get_parent (in) != NULL && !g_str_has_prefix (G_OBJECT_TYPE_NAME (in), "Rt"))
    in = gtk_widget_get_parent (in);
  g_string_append_printf (complaints, "\n# %s: “%.60s” in %s (%d of %d pixels)", what,
                          gtk_label_get_text (label), G_OBJECT_TYPE_NAME (in), has, wants);
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

/* Subjects */

static void
answer_all (WindowFixture *fixture)
{
  GPtrArray *predictions = rt_tutor_get_lesson (window_tutor (fixture))->predictions;

  for (guint i = 0; i < predictions->len; i++)
    window_answer (fixture, i, 1);
  window_fixture_settle (fixture);
}

/* To the first page that asks. */
static void
go_to_question (WindowFixture *fixture)
{
  GtkWidget *narrative = GTK_WIDGET (rt_window_get_narrative (fixture->window));
  guint n = rt_tutor_get_lesson (window_tutor (fixture))->pages->len;

  for (guint i = 0; i < n; i++)
    {
      window_show_page (fixture, i);
      if (window_find (narrative, g_type_from_name ("RtPredictionCard")) != NULL)
        break;
    }
  window_fixture_settle (fixture);
}

static gboolean
shows_session (gpointer data)
{
  RtView *view = window_shown (data);

  return view != NULL && rt_view_get_play (view) == NULL && window_n_exchanges (view) > 0;
}

static void
enter_session (WindowFixture *fixture)
{
  GPtrArray *sessions = rt_tutor_get_sessions (window_tutor (fixture));
  g_autofree char *path = g_strdup (((RtLibraryEntry *)sessions->pdata[0])->path);

  rt_window_open (fixture->window, path);
  assert_true (window_fixture_wait (fixture, shows_session, fixture));
}

static gboolean
is_live (gpointer fixture)
{
  RtLiveServer *server
      = rt_live_pane_get_server (rt_window_get_live (((WindowFixture *)fixture)->window));

  return server != NULL && window_shown (fixture) == rt_live_server_get_view (server);
}

static gboolean
has_ended (gpointer fixture)
{
  return !rt_live_pane_get_serving (rt_window_get_live (((WindowFixture *)fixture)->window));
}

static void
enter_live (WindowFixture *fixture)
{
  rt_live_pane_set_port (rt_window_get_live (fixture->window), 0);
  window_fixture_do (fixture, "win.live", NULL);
  assert_true (window_fixture_wait (fixture, is_live, fixture));
}

static void
leave_live (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.live", NULL);
  assert_true (window_fixture_wait (fixture, has_ended, fixture));
}

static void
enter_comparison (WindowFixture *fixture)
{
  answer_all (fixture);
  rt_window_show_run (fixture->window, 1);
  for (guint exchange = 3; exchange <= 4; exchange++)
    {
      rt_view_select (window_shown (fixture), exchange, FALSE, RT_SPAN_NONE);
      window_fixture_do (fixture, "win.compare", NULL);
    }
}

static void
leave_comparison (WindowFixture *fixture)
{
  gtk_window_destroy (window_fixture_get_above (fixture));
}

static void
enter_beside (WindowFixture *fixture)
{
  answer_all (fixture);
  window_fixture_do (fixture, "win.run", "uint32 0");
  window_fixture_do (fixture, "win.beside", "uint32 2");
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

/* With its red probes, and all its hints. */
static void
enter_challenge (WindowFixture *fixture)
{
  RtTutor *tutor = window_tutor (fixture);
  const RtChallenge *challenge = rt_tutor_get_lesson (tutor)->challenge;
  gboolean probed = FALSE;
  gulong id = g_signal_connect_swapped (tutor, "probed", G_CALLBACK (probed_cb), &probed);
  GtkWidget *pane;

  answer_all (fixture);
  window_show_page (fixture, G_MAXUINT);
  pane = window_find (GTK_WIDGET (rt_window_get_narrative (fixture->window)),
                      RT_TYPE_CHALLENGE_PANE);
  for (guint i = 0; i < challenge->hints->len; i++)
    gtk_widget_activate_action (pane, "challenge.hint", NULL);
  rt_tutor_try_challenge (tutor, challenge->starter);
  assert_true (window_fixture_wait (fixture, is_set, &probed));
  g_signal_handler_disconnect (tutor, id);
}

static void
enter_presenter (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.presenter", NULL);
  window_show_page (fixture, 1);
}

static void
leave_presenter (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.presenter", NULL);
}

static void
enter_sidebar (WindowFixture *fixture)
{
  window_fixture_do (fixture, "win.sidebar", NULL);
}

static const Subject subjects[] = {
  { "session", "lost-update", enter_session },
  { "live", "lost-update", enter_live, leave_live },
  { "comparison", "lost-update", enter_comparison, leave_comparison },
  { "beside", "lost-update", enter_beside },
  { "challenge", "lost-update", enter_challenge },
  { "presenter", "lost-update", enter_presenter, leave_presenter, 1024 },
  { "sidebar", "lost-update", enter_sidebar },
};

/* Rooms */

static void
leave (void)
{
  const Room *room = g_steal_pointer (&last.room);

  if (room == NULL)
    return;
  if (room->subject->leave != NULL)
    room->subject->leave (last.fixture);
  window_fixture_free (g_steal_pointer (&last.fixture));
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-xft-dpi");
}

static void
enter (const Room *room)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", (int)(96 * 1024 * room->scale), NULL);
  last.fixture = window_fixture_new (room->width, room->height);
  last.room = room;
  window_fixture_load (last.fixture, room->subject->lesson);
  if (room->subject->enter != NULL)
    room->subject->enter (last.fixture);
  else
    go_to_question (last.fixture);
}

static int
minimum_of (GtkWidget *widget)
{
  int minimum;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  return minimum;
}

/* Down to where it is more than one child that asks for so much. */
static const char *
who_asks (GtkWidget *widget)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_should_layout (child) && minimum_of (child) >= minimum_of (widget) - BORDER)
      return who_asks (child);
  return G_OBJECT_TYPE_NAME (widget);
}

/* Its border is part of the size it is given. A size that is asked for while another is on its way
 * may be forgotten. */
static void
take_size (const Room *room)
{
  GtkWidget *window = GTK_WIDGET (last.fixture->window);

  for (guint i = 0; i < PATIENCE; i++)
    {
      rt_window_set_size (last.fixture->window, room->width, room->height);
      window_fixture_settle (last.fixture);
      if (ABS (room->width - gtk_widget_get_width (window)) <= BORDER)
        return;
    }
  fail_msg ("the window is %d pixels wide, because of %s", gtk_widget_get_width (window),
            who_asks (window));
}

static void
settle (void)
{
  for (guint i = 0; i < 3; i++)
    window_fixture_settle (last.fixture);
}

static void
check_all (GString *complaints)
{
  GtkWindow *above = window_fixture_get_above (last.fixture);
  GtkWidget *window = GTK_WIDGET (above != NULL ? above : GTK_WINDOW (last.fixture->window));

  settle ();
  check (window, window, complaints);
}

/* The text's pages are as wide in every wide window: two sizes tell all. */
static void
check_pages (const Room *room, GString *complaints)
{
  guint n = rt_tutor_get_lesson (window_tutor (last.fixture))->pages->len;

  if (room->subject->enter != NULL || !room->revealed || room->width > 1024)
    return;
  rt_window_show_tab (last.fixture->window, "lesson");
  for (guint i = 0; i < n; i++)
    {
      window_show_page (last.fixture, i);
      check_all (complaints);
    }
}

/* What a narrow window has behind its tabs, and a tab behind its list. */
static void
check_tabs (GString *complaints)
{
  static const char *const tabs[] = { "timeline", "lesson", "messages" };
  GtkWidget *inspector = GTK_WIDGET (rt_window_get_inspector (last.fixture->window));

  for (guint i = 0; i < G_N_ELEMENTS (tabs); i++)
    {
      rt_window_show_tab (last.fixture->window, tabs[i]);
      check_all (complaints);
    }
  for (guint i = 0; i < 3; i++)
    {
      gtk_widget_activate_action (inspector, "inspector.forward", NULL);
      check_all (complaints);
    }
}

static gboolean
shares_a_window (const Room *a, const Room *b)
{
  return a != NULL && a->subject == b->subject && a->scale == b->scale;
}

static void
every_label_has_room (void **state)
{
  const Room *room = *state;
  g_autoptr (GString) complaints = g_string_new (NULL);

  if (!shares_a_window (last.room, room))
    {
      leave ();
      enter (room);
    }
  if (room->revealed && !last.room->revealed)
    answer_all (last.fixture);
  last.room = room;
  take_size (room);
  check_all (complaints);
  if (window_find_styled (GTK_WIDGET (last.fixture->window), "presenter-pane") == NULL)
    check_tabs (complaints);
  check_pages (room, complaints);
  if (complaints->len > 0)
    fail_msg ("%s", complaints->str);
}

static int
tear_down (void **state)
{
  leave ();
  return 0;
}

/* A room for each size of window and text, before and after the answers. */
static void
add_rooms (GArray *tests, GPtrArray *rooms, const Subject *subject)
{
  for (guint large = 0; large < 2; large++)
    for (guint revealed = 0; revealed < (subject->enter != NULL ? 1 : 2); revealed++)
      for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
        {
          Room *room = g_new0 (Room, 1);
          struct CMUnitTest test = { .test_func = every_label_has_room, .initial_state = room };

          g_ptr_array_add (rooms, room);
          if (sizes[i].width < subject->smallest)
            continue;
          *room = (Room){ .subject = subject,
                          .scale = large ? 1.5 : 1,
                          .revealed = revealed,
                          .width = sizes[i].width,
                          .height = sizes[i].height };
          test.name = g_strdup_printf ("%s, %d pixels%s%s", subject->name, room->width,
                                       large ? ", large text" : "",
                                       revealed ? ", all of it revealed" : "");
          g_ptr_array_add (rooms, (gpointer)test.name);
          g_array_append_val (tests, test);
        }
}

int
main (int argc, char **argv)
{
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
  g_autoptr (GPtrArray) rooms = g_ptr_array_new_with_free_func (g_free);

  window_fixture_init ();
  for (int i = 1; i < argc; i++)
    {
      Subject *subject = g_new0 (Subject, 1);

      *subject = (Subject){ argv[i], argv[i] };
      g_ptr_array_add (rooms, subject);
      for (gsize j = 0; j < G_N_ELEMENTS (subjects); j++)
        if (g_str_equal (subjects[j].name, argv[i]))
          *subject = subjects[j];
      add_rooms (tests, rooms, subject);
    }
  return _cmocka_run_group_tests ("room", (const struct CMUnitTest *)(gpointer)tests->data,
                                  tests->len, NULL, tear_down);
}
