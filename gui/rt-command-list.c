/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What there is to find is collected when the list opens; a query leaves what fits it, the best
 * first. Without one, what was chosen lately comes first. The focus stays in the entry: ↑ and ↓
 * move the selection from there. */
#include "rt-command-list.h"

#include "rt-action-table.h"
#include "rt-fuzzy.h"
#include "rt-glossary.h"
#include "rt-note.h"
#include "rt-user-settings.h"

#include <glib/gi18n.h>

/** MAX_FOUND: rows; who finds more types another letter. */
#define MAX_FOUND 100
/** MAX_EXCHANGES: that can be gone to by their names; the others have the filter. */
#define MAX_EXCHANGES 5000
#define MAX_RECENT 12
/* What was chosen lately, in the score. */
#define RECENT_BONUS 40

/* One thing that can be done. */

#define RT_TYPE_COMMAND_ENTRY (rt_command_entry_get_type ())
G_DECLARE_FINAL_TYPE (RtCommandEntry, rt_command_entry, RT, COMMAND_ENTRY, GObject)

/* @recent: place among what was chosen lately, from 1; 0: it is not there */
struct _RtCommandEntry
{
  GObject parent_instance;

  char *title, *kind, *keys, *action;
  GVariant *target;
  guint number, recent;
  int score;
};

G_DEFINE_FINAL_TYPE (RtCommandEntry, rt_command_entry, G_TYPE_OBJECT)

static void
rt_command_entry_finalize (GObject *object)
{
  RtCommandEntry *self = RT_COMMAND_ENTRY (object);

  g_free (self->title);
  g_free (self->kind);
  g_free (self->keys);
  g_free (self->action);
  g_clear_pointer (&self->target, g_variant_unref);
  G_OBJECT_CLASS (rt_command_entry_parent_class)->finalize (object);
}

static void
rt_command_entry_class_init (RtCommandEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = rt_command_entry_finalize;
}

static void
rt_command_entry_init (RtCommandEntry *self)
{
}

struct _RtCommandList
{
  GtkWindow parent_instance;

  RtWindow *window;
  GPtrArray *entries; /* RtCommandEntry */

  GtkSearchEntry *entry;
  GtkStack *stack;
  GtkListView *list;
  GtkSingleSelection *selection;
  GListStore *found;
};

G_DEFINE_FINAL_TYPE (RtCommandList, rt_command_list, GTK_TYPE_WINDOW)

/* Collecting */

/* @target: (transfer none) (nullable) */
static void
add (RtCommandList *self,
     const char *title,
     const char *kind,
     const char *keys,
     const char *action,
     GVariant *target)
{
  RtCommandEntry *entry = g_object_new (RT_TYPE_COMMAND_ENTRY, NULL);

  entry->title = g_strdup (title);
  entry->kind = g_strdup (kind);
  entry->keys = g_strdup (keys);
  entry->action = g_strdup (action);
  entry->target = target != NULL ? g_variant_ref_sink (target) : NULL;
  entry->number = self->entries->len;
  g_ptr_array_add (self->entries, entry);
}

static gboolean
is_enabled (RtCommandList *self, const char *name)
{
  GApplication *application = g_application_get_default ();
  const char *dot = strchr (name, '.');

  if (g_str_has_prefix (name, "win."))
    return g_action_group_get_action_enabled (G_ACTION_GROUP (self->window), dot + 1);
  if (g_str_has_prefix (name, "app.") && application != NULL)
    return g_action_group_get_action_enabled (G_ACTION_GROUP (application), dot + 1);
  return TRUE;
}

/* An action that has several rows for its keys is one command. */
static gboolean
is_first (const RtActionInfo *actions, guint i)
{
  for (guint j = 0; j < i; j++)
    if (actions[j].name != NULL && g_str_equal (actions[j].name, actions[i].name)
        && g_strcmp0 (actions[j].target, actions[i].target) == 0)
      return FALSE;
  return TRUE;
}

static void
add_actions (RtCommandList *self)
{
  guint n;
  const RtActionInfo *actions = rt_actions_get (&n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *keys = NULL;
      g_autoptr (GVariant) target = NULL;

      if (actions[i].name == NULL || g_str_equal (actions[i].name, "win.commands")
          || !is_first (actions, i) || !is_enabled (self, actions[i].name))
        continue;
      keys = rt_action_dup_keys_label (&actions[i]);
      target = rt_action_dup_target (&actions[i]);
      add (self, _ (actions[i].title), rt_action_group_title (actions[i].group), keys,
           actions[i].name, target);
    }
}

static void
add_lessons (RtCommandList *self)
{
  GPtrArray *lessons = rt_tutor_get_lessons (rt_window_get_tutor (self->window));

  for (guint i = 0; lessons != NULL && i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];

      add (self, lesson->title, _ ("Lesson"), NULL, "win.open-lesson",
           g_variant_new_string (lesson->name));
    }
}

static void
add_symptoms (RtCommandList *self)
{
  guint n;
  const RtSymptom *symptoms = rt_symptoms (&n);

  for (guint i = 0; i < n; i++)
    add (self, symptoms[i].title, _ ("Symptom"), NULL, "win.symptom",
         g_variant_new_string (symptoms[i].name));
}

static void
add_sessions (RtCommandList *self)
{
  GPtrArray *sessions = rt_tutor_get_sessions (rt_window_get_tutor (self->window));

  for (guint i = 0; sessions != NULL && i < sessions->len; i++)
    {
      const RtLibraryEntry *session = sessions->pdata[i];
      g_autoptr (GDateTime) when
          = g_date_time_new_from_unix_local (session->recorded / RT_TIME_SEC);
      g_autofree char *words = when != NULL ? g_date_time_format (when, "%e %b %H:%M") : NULL;
      g_autofree char *title = words != NULL
                                   ? g_strdup_printf ("%s, %s", session->name, g_strchug (words))
                                   : g_strdup (session->name);

      add (self, title, _ ("Session"), NULL, "win.open-session",
           g_variant_new_string (session->path));
    }
}

/* Of the view: what may not be known yet is not in it. */
static void
add_exchanges (RtCommandList *self)
{
  RtView *view = rt_stage_get_view (rt_window_get_stage (self->window));
  GPtrArray *exchanges
      = view != NULL ? rt_analysis_get_exchanges (rt_view_get_analysis (view)) : NULL;

  for (guint i = 0; exchanges != NULL && i < MIN (exchanges->len, MAX_EXCHANGES); i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];
      const RtTransfer *transfer
          = exchange->request != NULL ? exchange->request : exchange->response;
      g_autofree char *title = transfer != NULL ? rt_transfer_dup_title (transfer) : NULL;
      g_autofree char *words = NULL;

      if (title == NULL)
        continue;
      words = exchange->response != NULL && exchange->request != NULL
                  ? g_strdup_printf ("%s · %u", title, exchange->response->message->status)
                  : g_strdup (title);
      add (self, words, _ ("Exchange"), NULL, "win.exchange", g_variant_new_uint32 (exchange->id));
    }
}

/* Which was chosen lately */

static char *
dup_detailed (const RtCommandEntry *entry)
{
  return g_action_print_detailed_name (entry->action, entry->target);
}

static void
find_recent (RtCommandList *self)
{
  g_auto (GStrv) recent = g_settings_get_strv (rt_user_settings_get (), RT_KEY_RECENT);
  g_autoptr (GHashTable) places = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; recent[i] != NULL; i++)
    g_hash_table_insert (places, recent[i], GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < self->entries->len; i++)
    {
      RtCommandEntry *entry = self->entries->pdata[i];
      g_autofree char *name = dup_detailed (entry);

      entry->recent = GPOINTER_TO_UINT (g_hash_table_lookup (places, name));
    }
}

static void
remember (const RtCommandEntry *entry)
{
  g_auto (GStrv) before = g_settings_get_strv (rt_user_settings_get (), RT_KEY_RECENT);
  g_autofree char *name = dup_detailed (entry);
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  g_ptr_array_add (names, name);
  for (guint i = 0; before[i] != NULL && names->len < MAX_RECENT; i++)
    if (!g_str_equal (before[i], name))
      g_ptr_array_add (names, before[i]);
  g_ptr_array_add (names, NULL);
  g_settings_set_strv (rt_user_settings_get (), RT_KEY_RECENT, (const char *const *)names->pdata);
}

/* Finding */

static int
compare (gconstpointer a, gconstpointer b)
{
  const RtCommandEntry *left = *(RtCommandEntry *const *)a, *right = *(RtCommandEntry *const *)b;

  if (left->score != right->score)
    return left->score > right->score ? -1 : 1;
  return left->number < right->number ? -1 : left->number > right->number;
}

static int
score (const RtCommandEntry *entry, const char *query)
{
  int title = rt_fuzzy_score (query, entry->title), both;
  g_autofree char *with_kind = NULL;

  /* Without a query, the latest comes first, and the others keep their order. */
  if (*query == '\0')
    return entry->recent > 0 ? MAX_RECENT + 2 - (int)entry->recent : 1;
  if (title > 0)
    return title + (entry->recent > 0 ? RECENT_BONUS : 0);
  with_kind = g_strdup_printf ("%s %s", entry->kind, entry->title);
  both = rt_fuzzy_score (query, with_kind);
  return both > 0 ? MAX (1, both / 2) : 0;
}

/** rt_command_list_search: @query: leaves what fits it */
void
rt_command_list_search (RtCommandList *self, const char *query)
{
  g_autoptr (GPtrArray) fitting = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      RtCommandEntry *entry = self->entries->pdata[i];

      entry->score = score (entry, query);
      if (entry->score > 0)
        g_ptr_array_add (fitting, entry);
    }
  g_ptr_array_sort (fitting, compare);
  g_list_store_splice (self->found, 0, g_list_model_get_n_items (G_LIST_MODEL (self->found)),
                       fitting->pdata, MIN (fitting->len, MAX_FOUND));
  gtk_single_selection_set_selected (self->selection, 0);
  gtk_stack_set_visible_child_name (self->stack, fitting->len > 0 ? "list" : "empty");
}

/** rt_command_list_get_n_found: Returns: how many rows there are */
guint
rt_command_list_get_n_found (RtCommandList *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->found));
}

/** rt_command_list_get_found: Returns: (transfer none): the title of row @i */
const char *
rt_command_list_get_found (RtCommandList *self, guint i)
{
  g_autoptr (RtCommandEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->found), i);

  /* The list keeps it. */
  return entry != NULL ? entry->title : NULL;
}

static void
search_cb (RtCommandList *self)
{
  rt_command_list_search (self, gtk_editable_get_text (GTK_EDITABLE (self->entry)));
}

/* The list goes before what was chosen is done: that may open a window of its own. */
static void
choose (RtCommandList *self, guint position)
{
  g_autoptr (RtCommandEntry) entry = g_list_model_get_item (G_LIST_MODEL (self->found), position);
  g_autoptr (RtWindow) window = g_object_ref (self->window);

  if (entry == NULL)
    return;
  remember (entry);
  gtk_window_destroy (GTK_WINDOW (self));
  gtk_widget_activate_action_variant (GTK_WIDGET (window), entry->action, entry->target);
}

static void
activate_cb (RtCommandList *self)
{
  choose (self, gtk_single_selection_get_selected (self->selection));
}

static void
row_activated_cb (RtCommandList *self, guint position)
{
  choose (self, position);
}

static void
move_cb (GtkWidget *widget, const char *action, GVariant *by)
{
  RtCommandList *self = RT_COMMAND_LIST (widget);
  int n = (int)rt_command_list_get_n_found (self);
  int at = (int)gtk_single_selection_get_selected (self->selection);

  if (n == 0)
    return;
  at = CLAMP (at + g_variant_get_int32 (by), 0, n - 1);
  gtk_single_selection_set_selected (self->selection, (guint)at);
  gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", (guint)at);
}

/* Rows */

static GtkWidget *
new_label (GtkWidget *box, const char *style, gboolean expand)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_hexpand (label, expand);
  if (expand)
    gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  gtk_box_append (GTK_BOX (box), label);
  return label;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  new_label (box, NULL, TRUE);
  new_label (box, "secondary", FALSE);
  new_label (box, "keys", FALSE);
  gtk_list_item_set_child (item, box);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *label = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  RtCommandEntry *entry = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (label), entry->title);
  label = gtk_widget_get_next_sibling (label);
  gtk_label_set_text (GTK_LABEL (label), entry->kind);
  label = gtk_widget_get_next_sibling (label);
  gtk_label_set_text (GTK_LABEL (label), entry->keys != NULL ? entry->keys : "");
  gtk_widget_set_visible (label, entry->keys != NULL && *entry->keys != '\0');
}

static void
rt_command_list_dispose (GObject *object)
{
  RtCommandList *self = RT_COMMAND_LIST (object);

  g_clear_pointer (&self->entries, g_ptr_array_unref);
  G_OBJECT_CLASS (rt_command_list_parent_class)->dispose (object);
}

static void
rt_command_list_class_init (RtCommandListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_command_list_dispose;
  g_type_ensure (RT_TYPE_COMMAND_ENTRY);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-command-list.ui");
  gtk_widget_class_bind_template_child (widget_class, RtCommandList, entry);
  gtk_widget_class_bind_template_child (widget_class, RtCommandList, stack);
  gtk_widget_class_bind_template_child (widget_class, RtCommandList, list);
  gtk_widget_class_bind_template_child (widget_class, RtCommandList, selection);
  gtk_widget_class_bind_template_child (widget_class, RtCommandList, found);
  gtk_widget_class_bind_template_callback (widget_class, gtk_window_close);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_install_action (widget_class, "commands.move", "i", move_cb);
}

/* Keys of the entry that move the selection of the list. */
static void
add_keys (RtCommandList *self)
{
  static const struct
  {
    guint key;
    int by;
  } keys[] = {
    { GDK_KEY_Down, 1 }, { GDK_KEY_Up, -1 }, { GDK_KEY_Page_Down, 8 }, { GDK_KEY_Page_Up, -8 }
  };
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new_with_arguments (gtk_keyval_trigger_new (keys[i].key, 0),
                                         gtk_named_action_new ("commands.move"), "i", keys[i].by));
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

static void
rt_command_list_init (RtCommandList *self)
{
  self->entries = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  add_keys (self);
}

/** rt_command_list_new: Returns: (transfer none): a window above @window */
RtCommandList *
rt_command_list_new (RtWindow *window)
{
  RtCommandList *self = g_object_new (RT_TYPE_COMMAND_LIST, "transient-for", window, NULL);

  /* It is destroyed with the window. */
  self->window = window;
  add_actions (self);
  add_lessons (self);
  add_symptoms (self);
  add_sessions (self);
  add_exchanges (self);
  find_recent (self);
  rt_command_list_search (self, "");
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  return self;
}
