/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The table, and what is made of it. GTK 4.8 builds a shortcuts window from XML alone, so XML is
 * what it gets. */
#include "rt-action-table.h"

#include <glib/gi18n.h>

#define N_SECTIONS 5
/* Before the sections of the menu of exports. */
#define EXPORTS RT_ACTION_EXPORTS

/* Where the menus of the groups stand among the sections of the window's menu. */
#define MENU_GROUPS 2

#define PLAYING RT_ACTIONS_PLAYING
#define READING RT_ACTIONS_READING
#define INSPECTING RT_ACTIONS_INSPECTING
#define GENERAL RT_ACTIONS_GENERAL
#define ANYWHERE RT_ACTION_ANYWHERE
#define LETTERS RT_ACTION_LETTERS
#define ELSEWHERE RT_ACTION_ELSEWHERE

/* clang-format off */
static const RtActionInfo actions[] = {
  { "win.play", NULL, N_ ("Play or pause"), "space", LETTERS, PLAYING, 0 },
  { "win.step", "-1", N_ ("Step back"), "Left", LETTERS, PLAYING, 0 },
  { "win.step", "1", N_ ("Step"), "Right", LETTERS, PLAYING, 0 },
  { "win.next-exchange", "-1", N_ ("Exchange before"), "<Shift>Left", LETTERS, PLAYING, 0 },
  { "win.next-exchange", "1", N_ ("Next exchange"), "<Shift>Right", LETTERS, PLAYING, 0 },
  { "win.first", NULL, N_ ("To the beginning"), "Home", LETTERS, PLAYING, 0 },
  { "win.last", NULL, N_ ("To the end"), "End", LETTERS, PLAYING, 0 },
  { "win.rerun", NULL, N_ ("Run again"), "r", LETTERS, PLAYING, 2 },
  { "win.branch", NULL, N_ ("Change one thing, or edit and send again…"), "e", LETTERS, PLAYING, 2 },
  { "win.resend", NULL, N_ ("Send again…"), NULL, ANYWHERE, INSPECTING, 2 },
  { "win.discard-branch", NULL, N_ ("Discard the branch"), NULL, ANYWHERE, PLAYING, 0 },
  { "win.scale", "'legible'", N_ ("Legible scale of time"), NULL, ANYWHERE, PLAYING, 0 },
  { "win.scale", "'true'", N_ ("True scale of time"), NULL, ANYWHERE, PLAYING, 0 },

  { "win.page", "-1", N_ ("Page before"), "<Alt>Left", ANYWHERE, READING, 0 },
  { "win.page", "1", N_ ("Next page"), "<Alt>Right", ANYWHERE, READING, 0 },
  { "win.predict", NULL, N_ ("To the prediction"), "p", LETTERS, READING, 0 },
  { NULL, NULL, N_ ("Check and play; run the challenge"), "<Control>Return", ELSEWHERE, READING, 0 },
  { "win.reset-lesson", NULL, N_ ("Begin the lesson anew"), NULL, ANYWHERE, READING, 2 },
  { "win.sidebar", NULL, N_ ("Show or hide the sidebar"), "F9", ANYWHERE, READING, 0 },

  { "win.move-row", "1", N_ ("Next message"), "j", LETTERS, INSPECTING, 0 },
  { "win.move-row", "-1", N_ ("Message before"), "k", LETTERS, INSPECTING, 0 },
  { "win.inspect", NULL, N_ ("Inspect"), "Return", LETTERS, INSPECTING, 0 },
  { "win.pane", "1", N_ ("Next pane"), "F6", ELSEWHERE, INSPECTING, 0 },
  { "win.pane", "-1", N_ ("Pane before"), "<Shift>F6", ELSEWHERE, INSPECTING, 0 },
  { "win.filter", NULL, N_ ("Filter exchanges"), "slash", LETTERS, INSPECTING, 0 },
  { "win.filter", NULL, N_ ("Filter exchanges"), "<Control>f", ANYWHERE, INSPECTING, 0 },

  { "win.open", NULL, N_ ("Open…"), "<Control>o", ANYWHERE, GENERAL, 1 },
  { "win.inspect-url", NULL, N_ ("Inspect a URL…"), "<Control>u", ANYWHERE, GENERAL, 1 },
  { "win.live", NULL, N_ ("Live: the lesson’s servers on ports"), "<Control>l", ANYWHERE, GENERAL, 2 },
  { "win.commands", NULL, N_ ("Find a command…"), "<Control>k", ANYWHERE, GENERAL, 1 },
  { "win.copy-transcript", NULL, N_ ("Copy as text"), "<Shift><Control>c", ANYWHERE, GENERAL, 3 },
  { "win.export", "'timeline-svg'", N_ ("Timeline as SVG…"), "<Control>e", ANYWHERE, GENERAL, EXPORTS + 1 },
  { "win.export", "'timeline-pdf'", N_ ("Timeline as PDF…"), NULL, ANYWHERE, GENERAL, EXPORTS + 1 },
  { "win.export", "'timeline-png'", N_ ("Timeline as PNG…"), NULL, ANYWHERE, GENERAL, EXPORTS + 1 },
  { "win.export", "'transcript'", N_ ("Transcript…"), NULL, ANYWHERE, GENERAL, EXPORTS + 1 },
  { "win.export", "'lesson'", N_ ("Lesson as a page for browsers…"), NULL, ANYWHERE, GENERAL, EXPORTS + 1 },
  { "win.copy-curl", NULL, N_ ("Copy the request as a curl command"), NULL, ANYWHERE, INSPECTING, EXPORTS + 2 },
  { "win.export", "'curl'", N_ ("Request as a curl command…"), NULL, ANYWHERE, INSPECTING, EXPORTS + 2 },
  { "win.export", "'raw'", N_ ("Exchange’s bytes…"), NULL, ANYWHERE, INSPECTING, EXPORTS + 2 },
  { "win.export", "'har'", N_ ("Exchange as HAR…"), NULL, ANYWHERE, INSPECTING, EXPORTS + 2 },
  { "win.export", "'session-roundtrip'", N_ ("Copy of the session…"), NULL, ANYWHERE, GENERAL, EXPORTS + 3 },
  { "win.export", "'session-har'", N_ ("Session as HAR…"), NULL, ANYWHERE, GENERAL, EXPORTS + 3 },
  { "win.export", "'session-pcapng'", N_ ("Session as pcapng…"), NULL, ANYWHERE, GENERAL, EXPORTS + 3 },
  { "win.redacted", NULL, N_ ("What was replaced in the last export…"), NULL, ANYWHERE, GENERAL, EXPORTS + 3 },
  { "win.presenter", NULL, N_ ("Presenter mode"), "F5", ANYWHERE, GENERAL, 4 },
  { NULL, NULL, N_ ("Presenting: reveal, on"), "Page_Down", ELSEWHERE, GENERAL, 0 },
  { NULL, NULL, N_ ("Presenting: back"), "Page_Up", ELSEWHERE, GENERAL, 0 },
  { "win.presenter-blank", NULL, N_ ("Presenting: black"), "b", ELSEWHERE, GENERAL, 0 },
  { "win.presenter-notes", NULL, N_ ("Presenting: notes and what comes next"), "F7", ELSEWHERE, GENERAL, 0 },
  { "win.presenter-reset", NULL, N_ ("Presenting: from the beginning, for the next class"), "F8", ELSEWHERE, GENERAL, 0 },
  { "win.preferences", NULL, N_ ("Preferences"), "<Control>comma", ANYWHERE, GENERAL, 5 },
  { "win.show-help-overlay", NULL, N_ ("Keyboard shortcuts"), "question", LETTERS, GENERAL, 5 },
  { "win.show-help-overlay", NULL, N_ ("Keyboard shortcuts"), "<Control>question", ANYWHERE, GENERAL, 0 },
  { "win.color-scheme", "'system'", N_ ("Colours as the system has them"), NULL, ANYWHERE, GENERAL, 0 },
  { "win.color-scheme", "'light'", N_ ("Light colours"), NULL, ANYWHERE, GENERAL, 0 },
  { "win.color-scheme", "'dark'", N_ ("Dark colours"), NULL, ANYWHERE, GENERAL, 0 },
  { "win.high-contrast", NULL, N_ ("High contrast"), NULL, ANYWHERE, GENERAL, 0 },
  { "win.single-letter-keys", NULL, N_ ("Single letters act"), NULL, ANYWHERE, GENERAL, 0 },
  { "win.mark", NULL, N_ ("Mark the exchange"), "m", LETTERS, INSPECTING, 0 },
  { "win.note", NULL, N_ ("Write a note on it…"), "n", LETTERS, INSPECTING, 0 },
  { "win.compare", NULL, N_ ("Compare with another"), "d", LETTERS, INSPECTING, 0 },
  { "win.cancel-comparing", NULL, N_ ("Compare with none"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.show-timeline", NULL, N_ ("Show in the timeline"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.copy-value", NULL, N_ ("Copy the value"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.copy-address", NULL, N_ ("Copy the address"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.copy-bytes", NULL, N_ ("Copy the bytes as text"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.copy-hex", NULL, N_ ("Copy the bytes as numbers"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.author-notes", NULL, N_ ("The author’s notes"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.engine-notes", NULL, N_ ("Roundtrip’s notes"), NULL, ANYWHERE, INSPECTING, 0 },
  { "win.my-notes", NULL, N_ ("My own notes"), NULL, ANYWHERE, INSPECTING, 0 },
  { "app.about", NULL, N_ ("About Roundtrip"), NULL, ANYWHERE, GENERAL, 5 },
  { "window.close", NULL, N_ ("Close the window"), "<Control>w", ELSEWHERE, GENERAL, 0 },
  { "app.quit", NULL, N_ ("Quit"), "<Control>q", ELSEWHERE, GENERAL, 0 },
};
/* clang-format on */

/** rt_actions_get: Returns: (array length=ret_n): all there are, in the order they are shown in */
const RtActionInfo *
rt_actions_get (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (actions);
  return actions;
}

/** rt_action_group_title: Returns: (transfer none): a heading, translated */
const char *
rt_action_group_title (RtActionGroup group)
{
  static const char *const titles[RT_N_ACTION_GROUPS]
      = { N_ ("Playing"), N_ ("Reading"), N_ ("Inspecting"), N_ ("General") };

  return _ (titles[group]);
}

/** rt_action_dup_target: Returns: (transfer full) (nullable): not floating */
GVariant *
rt_action_dup_target (const RtActionInfo *info)
{
  return info->target != NULL ? g_variant_ref_sink (g_variant_new_parsed (info->target)) : NULL;
}

/** rt_action_dup_keys_label: Returns: (transfer full): as a person reads them; empty: none */
char *
rt_action_dup_keys_label (const RtActionInfo *info)
{
  g_auto (GStrv) names = g_strsplit (info->keys != NULL ? info->keys : "", " ", -1);
  GString *words = g_string_new (NULL);

  for (guint i = 0; names[i] != NULL; i++)
    {
      guint key;
      GdkModifierType modifiers;
      g_autofree char *label = NULL;

      if (!gtk_accelerator_parse (names[i], &key, &modifiers))
        continue;
      label = gtk_accelerator_get_label (key, modifiers);
      g_string_append_printf (words, "%s%s", words->len > 0 ? " " : "", label);
    }
  return g_string_free (words, FALSE);
}

static void
append_item (GMenu *menu, const RtActionInfo *info)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (_ (info->title), NULL);
  g_autoptr (GVariant) target = rt_action_dup_target (info);

  g_menu_item_set_action_and_target_value (item, info->name, target);
  if (info->keys != NULL)
    g_menu_item_set_attribute (item, "accel", "s", info->keys);
  g_menu_append_item (menu, item);
}

static GMenuModel *
new_menu (guint before)
{
  GMenu *menu = g_menu_new ();

  for (guint section = before + 1; section <= before + N_SECTIONS; section++)
    {
      g_autoptr (GMenu) items = g_menu_new ();

      for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        if (actions[i].menu == section)
          append_item (items, &actions[i]);
      g_menu_append_section (menu, NULL, G_MENU_MODEL (items));
    }
  return G_MENU_MODEL (menu);
}

static gboolean
is_same (const RtActionInfo *a, const RtActionInfo *b)
{
  return a->name != NULL && b->name != NULL && g_str_equal (a->name, b->name)
         && g_strcmp0 (a->target, b->target) == 0;
}

/* Whether it has a place elsewhere: what has two rows for its keys needs but one. */
static gboolean
is_in_a_menu (guint i)
{
  for (guint j = 0; j < G_N_ELEMENTS (actions); j++)
    if (is_same (&actions[i], &actions[j]) && (actions[j].menu != 0 || j < i))
      return TRUE;
  return FALSE;
}

/* What has no place of its own in the menu stands in that of its group. */
static GMenuModel *
new_groups (void)
{
  GMenu *groups = g_menu_new ();

  for (guint group = 0; group < RT_N_ACTION_GROUPS; group++)
    {
      g_autoptr (GMenu) items = g_menu_new ();

      for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        if (actions[i].name != NULL && actions[i].group == group && !is_in_a_menu (i))
          append_item (items, &actions[i]);
      if (g_menu_model_get_n_items (G_MENU_MODEL (items)) > 0)
        g_menu_append_submenu (groups, rt_action_group_title (group), G_MENU_MODEL (items));
    }
  return G_MENU_MODEL (groups);
}

/** rt_actions_new_menu: Returns: (transfer full): the window's menu: all that can be done */
GMenuModel *
rt_actions_new_menu (void)
{
  GMenuModel *menu = new_menu (0);
  g_autoptr (GMenuModel) groups = new_groups ();

  g_menu_insert_section (G_MENU (menu), MENU_GROUPS, NULL, groups);
  return menu;
}

/** rt_actions_new_export_menu: Returns: (transfer full): what can be taken out of the window */
GMenuModel *
rt_actions_new_export_menu (void)
{
  return new_menu (EXPORTS);
}

/**
 * rt_actions_new_menu_of:
 * @names: (array zero-terminated=1): of actions; an empty one begins a section
 *
 * Returns: (transfer full): a context menu
 */
GMenuModel *
rt_actions_new_menu_of (const char *const *names)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) section = g_menu_new ();

  for (; *names != NULL; names++)
    {
      if (**names == '\0')
        {
          g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
          g_object_unref (section);
          section = g_menu_new ();
        }
      for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        if (g_strcmp0 (actions[i].name, *names) == 0)
          {
            append_item (section, &actions[i]);
            break;
          }
    }
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  return G_MENU_MODEL (menu);
}

static void
append_shortcut (GString *xml, guint i)
{
  const RtActionInfo *info = &actions[i];
  g_autoptr (GString) keys = g_string_new (info->keys);
  g_autofree char *text = NULL;

  /* What has two rows for its keys is shown once, with both. */
  for (guint j = 0; j < G_N_ELEMENTS (actions); j++)
    if (j != i && is_same (info, &actions[j]) && actions[j].keys != NULL)
      {
        if (j < i)
          return;
        g_string_append_printf (keys, " %s", actions[j].keys);
      }
  text = g_markup_printf_escaped (
      "<child><object class=\"GtkShortcutsShortcut\"><property name=\"title\">%s</property>"
      "<property name=\"accelerator\">%s</property></object></child>",
      _ (info->title), keys->str);
  g_string_append (xml, text);
}

/** rt_actions_new_shortcuts_window: Returns: (transfer full): a toplevel */
GtkShortcutsWindow *
rt_actions_new_shortcuts_window (void)
{
  g_autoptr (GString) xml = g_string_new (
      "<interface><object class=\"GtkShortcutsWindow\" id=\"shortcuts\"><property "
      "name=\"modal\">1</property><child><object class=\"GtkShortcutsSection\"><property "
      "name=\"section-name\">shortcuts</property><property name=\"max-height\">12</property>");
  g_autoptr (GtkBuilder) builder = NULL;

  for (guint group = 0; group < RT_N_ACTION_GROUPS; group++)
    {
      g_autofree char *head = g_markup_printf_escaped (
          "<child><object class=\"GtkShortcutsGroup\"><property name=\"title\">%s</property>",
          rt_action_group_title (group));

      g_string_append (xml, head);
      for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
        if (actions[i].group == group && actions[i].keys != NULL)
          append_shortcut (xml, i);
      g_string_append (xml, "</object></child>");
    }
  g_string_append (xml, "</object></child></object></interface>");
  builder = gtk_builder_new_from_string (xml->str, (gssize)xml->len);
  return GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "shortcuts"));
}
