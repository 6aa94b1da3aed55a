/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same menu in list and timeline, the same in fields and bytes. Offered for a comparison are
 * those that asked for the same; where there are none, the neighbours. */
#include "rt-exchange-menu.h"

#include "rt-action-table.h"
#include "rt-note.h"

#include <glib/gi18n.h>

#define MAX_CHOICES 8

static gboolean
asks_for_the_same (const RtExchange *a, const RtExchange *b)
{
  return a->request != NULL && b->request != NULL
         && rt_text_equal (a->request->message->target, b->request->message->target);
}

/* An underscore would make a key of the letter behind it. */
static char *
dup_label (const RtExchange *exchange)
{
  const RtTransfer *transfer = exchange->request != NULL ? exchange->request : exchange->response;
  g_autofree char *title = transfer != NULL ? rt_transfer_dup_title (transfer) : g_strdup ("");
  g_auto (GStrv) parts = g_strsplit (title, "_", -1);
  g_autofree char *plain = g_strjoinv ("__", parts);

  if (transfer == exchange->request && exchange->response != NULL)
    return g_strdup_printf (_ ("%u · %s · %u"), exchange->id, plain,
                            exchange->response->message->status);
  return g_strdup_printf (_ ("%u · %s"), exchange->id, plain);
}

static void
append_choice (GMenu *menu, const RtExchange *exchange)
{
  g_autofree char *label = dup_label (exchange);
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.compare-with", "u", exchange->id);
  g_menu_append_item (menu, item);
}

static GMenuModel *
new_choices (RtView *view)
{
  GPtrArray *all = rt_analysis_get_exchanges (rt_view_get_analysis (view));
  const RtExchange *exchange = rt_view_get_exchange (view);
  GMenu *menu = g_menu_new ();
  int n = 0;

  for (guint i = 0; i < all->len && n < MAX_CHOICES; i++)
    if (all->pdata[i] != exchange && asks_for_the_same (all->pdata[i], exchange))
      {
        append_choice (menu, all->pdata[i]);
        n++;
      }
  for (guint i = 0; n == 0 && i < all->len; i++)
    if (ABS ((int)((const RtExchange *)all->pdata[i])->id - (int)exchange->id) == 1)
      append_choice (menu, all->pdata[i]);
  return G_MENU_MODEL (menu);
}

static GMenuModel *
new_menu (RtView *view, const char *const *names)
{
  static const char *const comparing[] = { "win.compare", NULL };
  GMenuModel *menu;
  g_autoptr (GMenuModel) compare = NULL, choices = NULL;

  if (view == NULL || rt_view_get_exchange (view) == NULL)
    return NULL;
  menu = rt_actions_new_menu_of (names);
  compare = rt_actions_new_menu_of (comparing);
  choices = new_choices (view);
  if (g_menu_model_get_n_items (choices) > 0)
    g_menu_append_submenu (G_MENU (compare), _ ("Compare with"), choices);
  g_menu_append_section (G_MENU (menu), NULL, compare);
  return menu;
}

/**
 * rt_exchange_menu_new:
 * @view: where one is selected
 *
 * Returns: (transfer full) (nullable): what can be done with it; %NULL: none is selected
 */
GMenuModel *
rt_exchange_menu_new (RtView *view)
{
  static const char *const names[]
      = { "win.show-timeline", "win.inspect",  "win.branch", "win.resend",       "",
          "win.mark",          "win.note",     "",           "win.copy-address", "win.copy-curl",
          "win.copy-bytes",    "win.copy-hex", NULL };

  return new_menu (view, names);
}

/** rt_exchange_menu_new_beside: as rt_exchange_menu_new(), of a run that the panes do not show */
GMenuModel *
rt_exchange_menu_new_beside (RtView *view)
{
  static const char *const names[]
      = { "win.mark",       "win.note",     "",  "win.copy-address", "win.copy-curl",
          "win.copy-bytes", "win.copy-hex", NULL };

  return new_menu (view, names);
}

/** rt_element_menu_new: Returns: (transfer full): what can be done with what is marked */
GMenuModel *
rt_element_menu_new (void)
{
  static const char *const names[] = { "win.copy-value",
                                       "win.copy-bytes",
                                       "win.copy-hex",
                                       "win.copy-curl",
                                       "",
                                       "win.show-timeline",
                                       "win.note",
                                       "win.branch",
                                       NULL };

  return rt_actions_new_menu_of (names);
}
