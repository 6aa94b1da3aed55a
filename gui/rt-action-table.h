/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What can be done in the window, as a table: menu, keys, shortcuts window and command list are
 * all made of it, so that nothing is in one of them and not in the others. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/** RtActionGroup: a group of the shortcuts window. */
typedef enum
{
  RT_ACTIONS_PLAYING,
  RT_ACTIONS_READING,
  RT_ACTIONS_INSPECTING,
  RT_ACTIONS_GENERAL,
  RT_N_ACTION_GROUPS,
} RtActionGroup;

/**
 * RtActionWhere:
 * @RT_ACTION_ANYWHERE: its keys act in the whole window
 * @RT_ACTION_LETTERS: its keys act only while timeline or list has the focus; the user can switch
 *   letters off
 * @RT_ACTION_ELSEWHERE: its keys are bound by somebody else: the application, a pane
 */
typedef enum
{
  RT_ACTION_ANYWHERE,
  RT_ACTION_LETTERS,
  RT_ACTION_ELSEWHERE,
} RtActionWhere;

/** RT_ACTION_EXPORTS: comes before the sections of the menu of exports. */
#define RT_ACTION_EXPORTS 10

/**
 * RtActionInfo:
 * @name: full name of the action, `win.step`; %NULL: no action, but keys worth knowing
 * @target: (nullable): its parameter, as GVariant text
 * @title: what it does; to be translated
 * @keys: (nullable): GTK's names of keys, one or several with a space between
 * @menu: section of the menu, from 1; beyond %RT_ACTION_EXPORTS: of the menu of exports; 0: it is
 * in none
 */
typedef struct
{
  const char *name, *target;
  const char *title;
  const char *keys;
  RtActionWhere where;
  RtActionGroup group;
  guint menu;
} RtActionInfo;

const RtActionInfo *rt_actions_get (guint *ret_n);
const char *rt_action_group_title (RtActionGroup group);
GVariant *rt_action_dup_target (const RtActionInfo *info);
char *rt_action_dup_keys_label (const RtActionInfo *info);

GMenuModel *rt_actions_new_menu (void);
GMenuModel *rt_actions_new_export_menu (void);
GMenuModel *rt_actions_new_menu_of (const char *const *names);
GtkShortcutsWindow *rt_actions_new_shortcuts_window (void);

G_END_DECLS
