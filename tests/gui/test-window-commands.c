/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The command list, the menu and the shortcuts window, which are made of one table; and the
 * settings. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-action-table.h"
#include "rt-appearance.h"
#include "rt-command-list.h"
#include "rt-fuzzy.h"
#include "rt-preferences.h"
#include "rt-user-settings.h"
#include "window-fixture.h"

#include <string.h>

static void
a_query_finds_what_was_meant (void **state)
{
  assert_true (rt_fuzzy_score ("", "Anything") > 0);
  assert_true (rt_fuzzy_score ("PLAY", "Play or pause") > 0);
  assert_int_equal (rt_fuzzy_score ("xyz", "Play or pause"), 0);
  assert_int_equal (rt_fuzzy_score ("play xyz", "Play or pause"), 0);
  assert_true (rt_fuzzy_score ("pause play", "Play or pause") > 0);
  /* The beginning of all, then of a word, then within, then scattered letters. */
  assert_true (rt_fuzzy_score ("ex", "Export") > rt_fuzzy_score ("ex", "Next exchange"));
  assert_true (rt_fuzzy_score ("ex", "An exchange") > rt_fuzzy_score ("ex", "Next"));
  assert_true (rt_fuzzy_score ("xp", "Export") > rt_fuzzy_score ("xo", "Export"));
  assert_true (rt_fuzzy_score ("pp", "Play or pause") > 0);
  assert_true (rt_fuzzy_score ("É", "le café") > 0);
}

/* Every row of the table leads to something; no two rows share a key. */
static void
every_row_of_the_table_is_an_action_of_the_window (void **state)
{
  WindowFixture *fixture = *state;
  guint n;
  const RtActionInfo *actions = rt_actions_get (&n);

  for (guint i = 0; i < n; i++)
    {
      const char *name = actions[i].name;
      g_autoptr (GVariant) target = rt_action_dup_target (&actions[i]);
      const GVariantType *type = NULL;

      if (name != NULL && g_str_has_prefix (name, "win."))
        {
          if (!g_action_group_query_action (G_ACTION_GROUP (fixture->window), name + 4, NULL, &type,
                                            NULL, NULL, NULL))
            fail_msg ("there is no action %s", name);
          if ((type == NULL) != (target == NULL)
              || (type != NULL && !g_variant_is_of_type (target, type)))
            fail_msg ("%s has a wrong target", name);
        }
      for (guint j = 0; j < i; j++)
        if (actions[i].keys != NULL && g_strcmp0 (actions[i].keys, actions[j].keys) == 0)
          fail_msg ("%s is the key of %s and of %s", actions[i].keys, actions[j].title,
                    actions[i].title);
    }
}

/* How often an action stands in a menu, its sections and submenus. */
static guint
count_items (GMenuModel *menu, const char *name, const char *target)
{
  static const char *const links[] = { G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU };
  guint n = 0;

  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autofree char *of = NULL;
      g_autoptr (GVariant) value
          = g_menu_model_get_item_attribute_value (menu, i, G_MENU_ATTRIBUTE_TARGET, NULL);
      g_autofree char *text = value != NULL ? g_variant_print (value, FALSE) : NULL;

      for (guint j = 0; j < G_N_ELEMENTS (links); j++)
        {
          g_autoptr (GMenuModel) inner = g_menu_model_get_item_link (menu, i, links[j]);

          n += inner != NULL ? count_items (inner, name, target) : 0;
        }
      if (g_menu_model_get_item_attribute (menu, i, G_MENU_ATTRIBUTE_ACTION, "s", &of)
          && g_str_equal (of, name) && g_strcmp0 (text, target) == 0)
        n++;
    }
  return n;
}

static guint
count_shortcuts (GtkWidget *widget)
{
  guint n = g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkShortcutsShortcut") ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n += count_shortcuts (child);
  return n;
}

static void
menu_and_shortcuts_hold_what_the_table_says (void **state)
{
  g_autoptr (GMenuModel) menu = rt_actions_new_menu ();
  g_autoptr (GMenuModel) exports = rt_actions_new_export_menu ();
  GtkShortcutsWindow *shortcuts = rt_actions_new_shortcuts_window ();
  guint n;
  const RtActionInfo *actions = rt_actions_get (&n);

  for (guint i = 0; i < n; i++)
    if (actions[i].name != NULL
        && count_items (menu, actions[i].name, actions[i].target)
                   + count_items (exports, actions[i].name, actions[i].target)
               != 1)
      fail_msg ("%s is not in one menu", actions[i].title);
  assert_true (count_shortcuts (GTK_WIDGET (shortcuts)) > 20);
  gtk_window_destroy (GTK_WINDOW (shortcuts));
}

/* The window above the fixture's. */
static GtkWindow *
above (WindowFixture *fixture, GType type)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *at = windows; at != NULL; at = at->next)
    if (g_type_is_a (G_OBJECT_TYPE (at->data), type)
        && gtk_window_get_transient_for (at->data) == GTK_WINDOW (fixture->window))
      return at->data;
  return NULL;
}

static RtCommandList *
open_commands (WindowFixture *fixture)
{
  GtkWindow *list;

  window_fixture_do (fixture, "win.commands", NULL);
  list = above (fixture, RT_TYPE_COMMAND_LIST);
  assert_non_null (list);
  return RT_COMMAND_LIST (list);
}

static void
choose_first (WindowFixture *fixture, RtCommandList *list)
{
  GtkWidget *entry = window_find (GTK_WIDGET (list), GTK_TYPE_SEARCH_ENTRY);

  g_signal_emit_by_name (entry, "activate");
  window_fixture_settle (fixture);
  assert_null (above (fixture, RT_TYPE_COMMAND_LIST));
}

static gboolean
shows_cookies (gpointer fixture)
{
  return g_str_equal (rt_tutor_get_lesson (window_tutor (fixture))->name, "cookies");
}

static void
the_command_list_goes_anywhere (void **state)
{
  WindowFixture *fixture = *state;
  RtCommandList *list = open_commands (fixture);

  assert_true (rt_command_list_get_n_found (list) > 30);
  rt_command_list_search (list, "no such thing at all");
  assert_int_equal (rt_command_list_get_n_found (list), 0);
  rt_command_list_search (list, "next ex");
  assert_string_equal (rt_command_list_get_found (list, 0), "Next exchange");
  choose_first (fixture, list);
  assert_int_equal (rt_view_get_selection (window_shown (fixture)).exchange, 2);

  list = open_commands (fixture);
  /* What was chosen last comes first. */
  assert_string_equal (rt_command_list_get_found (list, 0), "Next exchange");
  rt_command_list_search (list, "lesson which cookie");
  assert_true (rt_command_list_get_n_found (list) >= 1);
  choose_first (fixture, list);
  assert_true (window_fixture_wait (fixture, shows_cookies, fixture));
}

static void
the_command_list_says_nothing_of_what_is_masked (void **state)
{
  WindowFixture *fixture = *state;
  RtCommandList *list = open_commands (fixture);

  rt_command_list_search (list, "204");
  for (guint i = 0; i < rt_command_list_get_n_found (list); i++)
    assert_null (strstr (rt_command_list_get_found (list, i), "204"));
  gtk_window_destroy (GTK_WINDOW (list));
  window_answer (fixture, 0, 2);
  list = open_commands (fixture);
  rt_command_list_search (list, "204");
  assert_non_null (strstr (rt_command_list_get_found (list, 0), "204"));
  gtk_window_destroy (GTK_WINDOW (list));
}

static void
arrows_move_the_selection_of_the_command_list (void **state)
{
  WindowFixture *fixture = *state;
  RtCommandList *list = open_commands (fixture);
  GtkListView *rows = GTK_LIST_VIEW (window_find (GTK_WIDGET (list), GTK_TYPE_LIST_VIEW));
  GtkSingleSelection *selection = GTK_SINGLE_SELECTION (gtk_list_view_get_model (rows));

  window_fixture_settle (fixture);
  gtk_widget_activate_action (GTK_WIDGET (list), "commands.move", "i", 3);
  assert_int_equal (gtk_single_selection_get_selected (selection), 3);
  gtk_widget_activate_action (GTK_WIDGET (list), "commands.move", "i", -9);
  assert_int_equal (gtk_single_selection_get_selected (selection), 0);
  gtk_window_destroy (GTK_WINDOW (list));
}

static void
preferences_are_kept_and_act_at_once (void **state)
{
  WindowFixture *fixture = *state;
  GSettings *settings = rt_user_settings_get ();
  GtkWidget *timeline = GTK_WIDGET (rt_stage_get_timeline (rt_window_get_stage (fixture->window)));
  double scale = rt_appearance_get_text_scale (timeline);
  GtkWindow *preferences;

  window_fixture_do (fixture, "win.preferences", NULL);
  preferences = above (fixture, RT_TYPE_PREFERENCES);
  assert_non_null (preferences);
  adw_combo_row_set_selected (
      ADW_COMBO_ROW (window_find (GTK_WIDGET (preferences), ADW_TYPE_COMBO_ROW)), 2);
  assert_int_equal (g_settings_get_enum (settings, RT_KEY_COLOR_SCHEME), 2);
  assert_true (adw_style_manager_get_dark (adw_style_manager_get_default ()));
  gtk_switch_set_active (GTK_SWITCH (window_find (GTK_WIDGET (preferences), GTK_TYPE_SWITCH)),
                         TRUE);
  assert_int_equal (rt_appearance_get_scheme (), RT_SCHEME_HIGH_CONTRAST_DARK);
  gtk_spin_button_set_value (
      GTK_SPIN_BUTTON (window_find (GTK_WIDGET (preferences), GTK_TYPE_SPIN_BUTTON)), 1.5);
  assert_true (g_settings_get_double (settings, RT_KEY_TEXT_SCALE) > 1.49);
  assert_true (rt_appearance_get_text_scale (timeline) > scale * 1.49);
  g_settings_reset (settings, RT_KEY_TEXT_SCALE);
  assert_true (rt_appearance_get_text_scale (timeline) < scale * 1.01);
  gtk_window_destroy (preferences);
}

static void
settings_are_actions_of_the_window (void **state)
{
  WindowFixture *fixture = *state;
  RtTimeline *timeline = rt_stage_get_timeline (rt_window_get_stage (fixture->window));

  window_fixture_do (fixture, "win.scale", "'true'");
  assert_true (rt_timeline_get_true_scale (timeline));
  window_fixture_do (fixture, "win.scale", "'legible'");
  assert_false (rt_timeline_get_true_scale (timeline));
  window_fixture_do (fixture, "win.high-contrast", NULL);
  assert_true (g_settings_get_boolean (rt_user_settings_get (), RT_KEY_HIGH_CONTRAST));
}

static gboolean
is_gone (gpointer window)
{
  return *(gpointer *)window == NULL;
}

/* A window that is closed leaves its size and its panes to the next. */
static void
the_next_window_opens_like_the_last (void **state)
{
  WindowFixture *fixture = *state;
  RtWindow *last = rt_window_new (GTK_APPLICATION (fixture->application)), *next;
  GtkWidget *paned;
  int width, height;

  g_object_add_weak_pointer (G_OBJECT (last), (gpointer *)&last);
  rt_window_set_size (last, 1490, 700);
  gtk_window_present (GTK_WINDOW (last));
  window_fixture_settle (fixture);
  rt_window_get_stage (last);
  paned = window_find (GTK_WIDGET (last), GTK_TYPE_PANED);
  gtk_widget_activate_action (GTK_WIDGET (last), "win.sidebar", NULL);
  gtk_paned_set_position (GTK_PANED (paned), 420);
  window_fixture_settle (fixture);
  gtk_window_close (GTK_WINDOW (last));
  assert_true (window_fixture_wait (fixture, is_gone, &last));
  next = rt_window_new (GTK_APPLICATION (fixture->application));
  rt_window_restore (next);
  gtk_window_get_default_size (GTK_WINDOW (next), &width, &height);
  assert_int_equal (width, 1490);
  assert_int_equal (height, 700);
  rt_window_get_stage (next);
  paned = window_find (GTK_WIDGET (next), GTK_TYPE_PANED);
  assert_int_equal (gtk_paned_get_position (GTK_PANED (paned)), 420);
  assert_true (
      adw_flap_get_reveal_flap (ADW_FLAP (window_find (GTK_WIDGET (next), ADW_TYPE_FLAP))));
  gtk_window_destroy (GTK_WINDOW (next));
}

#define WINDOW_TEST(name) cmocka_unit_test_setup_teardown (name, window_set_up, window_tear_down)

int
main (int argc, char **argv)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_query_finds_what_was_meant),
    WINDOW_TEST (every_row_of_the_table_is_an_action_of_the_window),
    WINDOW_TEST (menu_and_shortcuts_hold_what_the_table_says),
    WINDOW_TEST (the_command_list_goes_anywhere),
    WINDOW_TEST (the_command_list_says_nothing_of_what_is_masked),
    WINDOW_TEST (arrows_move_the_selection_of_the_command_list),
    WINDOW_TEST (preferences_are_kept_and_act_at_once),
    WINDOW_TEST (settings_are_actions_of_the_window),
    WINDOW_TEST (the_next_window_opens_like_the_last),
  };

  window_fixture_init ();
  if (argc > 1)
    cmocka_set_test_filter (argv[1]);
  return cmocka_run_group_tests (tests, NULL, NULL);
}
