/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row's menu is the same from its button, from the right mouse button and from the menu key. What
 * cannot be undone is asked for first. */
#include "rt-session-list.h"

#include "rt-list-heading.h"
#include "rt-samples.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* The sidebar is no wider for a long name. */
#define MAX_CHARS 20
#define ROW_ENTRY "rt-entry"
#define ROW_MENU "rt-menu"

struct _RtSessionList
{
  GtkWidget parent_instance;

  RtTutor *tutor;
  guint n;
  guint64 size;
  GPtrArray *samples; /* RtSample */

  GtkStack *stack;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (RtSessionList, rt_session_list, GTK_TYPE_WIDGET)

/* What is known of a session, kept with its row: the library's list may be read anew meanwhile.
 * @sample: it came with the program. */
typedef struct
{
  char *path, *name;
  gboolean pinned, sample;
} Entry;

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->path);
  g_free (entry->name);
  g_free (entry);
}

static GtkWidget *
new_words (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static GMenuModel *
new_menu (const RtLibraryEntry *session)
{
  static const struct
  {
    const char *title, *action;
  } items[] = { { N_ ("Open"), "win.open-session" },
                { N_ ("Rename…"), "session.rename" },
                { N_ ("Pin"), "session.pin" },
                { N_ ("Delete…"), "session.delete" } };
  GMenu *menu = g_menu_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    {
      gboolean unpins = i == 2 && session->pinned;
      g_autoptr (GMenuItem) item
          = g_menu_item_new (unpins ? _ ("Unpin") : _ (items[i].title), NULL);

      g_menu_item_set_action_and_target (item, items[i].action, "s", session->path);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

static void
popup (GtkWidget *row)
{
  gtk_menu_button_popup (g_object_get_data (G_OBJECT (row), ROW_MENU));
}

static void
pressed_cb (GtkGestureClick *gesture, int n, double x, double y, GtkWidget *row)
{
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  popup (row);
}

static gboolean
menu_key_cb (GtkWidget *row, GVariant *arguments, gpointer data)
{
  popup (row);
  return GDK_EVENT_STOP;
}

static void
add_menu_ways (GtkWidget *row)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (
          gtk_alternative_trigger_new (gtk_keyval_trigger_new (GDK_KEY_Menu, 0),
                                       gtk_keyval_trigger_new (GDK_KEY_F10, GDK_SHIFT_MASK)),
          gtk_callback_action_new (menu_key_cb, NULL, NULL)));
  gtk_widget_add_controller (row, keys);
}

/* When, and how large; or why it cannot be read. */
static char *
dup_details (const RtLibraryEntry *session)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (session->recorded / RT_TIME_SEC);
  g_autofree char *date = when != NULL ? g_date_time_format (when, "%e %b %H:%M") : g_strdup ("?");
  g_autofree char *size = g_format_size (session->size);

  if (session->problem != NULL)
    return g_strdup (session->problem);
  return g_strdup_printf ("%s · %s", g_strchug (date), size);
}

static void
add_session (RtSessionList *self, const RtLibraryEntry *session, const char *heading)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *button = gtk_menu_button_new ();
  g_autofree char *details = dup_details (session);
  g_autoptr (GMenuModel) menu = new_menu (session);
  Entry *entry = g_new (Entry, 1);

  gtk_box_append (GTK_BOX (words), new_words (session->name, NULL));
  gtk_box_append (GTK_BOX (words), new_words (details, "secondary"));
  gtk_widget_set_hexpand (words, TRUE);
  gtk_box_append (GTK_BOX (line), words);
  if (session->pinned)
    {
      GtkWidget *image = gtk_image_new_from_icon_name ("view-pin-symbolic");

      gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      _ ("pinned"), -1);
      gtk_box_append (GTK_BOX (line), image);
    }
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (button), "view-more-symbolic");
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (button), menu);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, _ ("Rename, pin or delete"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Rename, pin or delete"), -1);
  gtk_box_append (GTK_BOX (line), button);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  gtk_widget_set_tooltip_text (row, session->problem != NULL ? session->problem : session->name);
  rt_list_heading_set (row, heading);
  *entry = (Entry){ g_strdup (session->path), g_strdup (session->name), session->pinned, FALSE };
  g_object_set_data_full (G_OBJECT (row), ROW_ENTRY, entry, entry_free);
  g_object_set_data (G_OBJECT (row), ROW_MENU, button);
  add_menu_ways (row);
  gtk_list_box_append (self->list, row);
}

static void
add_sample (RtSessionList *self, const RtSample *sample)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  Entry *entry = g_new (Entry, 1);

  gtk_box_append (GTK_BOX (words), new_words (sample->name, NULL));
  gtk_box_append (GTK_BOX (words), new_words (sample->about, "secondary"));
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), words);
  gtk_widget_set_tooltip_text (row, sample->about);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, sample->name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, sample->about, -1);
  rt_list_heading_set (row, _ ("Samples"));
  *entry = (Entry){ g_strdup (sample->path), g_strdup (sample->name), FALSE, TRUE };
  g_object_set_data_full (G_OBJECT (row), ROW_ENTRY, entry, entry_free);
  gtk_list_box_append (self->list, row);
}

/* A session's lesson by its title, if there is such a lesson. */
static const char *
find_heading (const RtLibraryEntry *session, GPtrArray *lessons)
{
  for (guint i = 0; lessons != NULL && session->lesson != NULL && i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];
      const char *name = strchr (session->lesson, '-');

      if (name != NULL && g_str_equal (name + 1, lesson->name))
        return lesson->title;
    }
  return session->lesson != NULL ? session->lesson : _ ("Other traffic");
}

/**
 * rt_session_list_fill:
 * @sessions: (nullable) (element-type RtLibraryEntry): by lesson, the latest first
 * @lessons: (nullable) (element-type RtLesson)
 */
void
rt_session_list_fill (RtSessionList *self, GPtrArray *sessions, GPtrArray *lessons)
{
  rt_list_box_clear (self->list);
  self->n = sessions != NULL ? sessions->len : 0;
  self->size = 0;
  for (guint i = 0; i < self->n; i++)
    {
      const RtLibraryEntry *session = sessions->pdata[i];

      self->size += session->size;
      add_session (self, session, find_heading (session, lessons));
    }
  if (self->samples == NULL)
    self->samples = rt_samples_list ();
  for (guint i = 0; i < self->samples->len; i++)
    add_sample (self, self->samples->pdata[i]);
  gtk_stack_set_visible_child_name (self->stack,
                                    self->n + self->samples->len > 0 ? "list" : "empty");
}

/** rt_session_list_dup_summary: Returns: (transfer full): how many there are, how large */
char *
rt_session_list_dup_summary (RtSessionList *self)
{
  g_autofree char *size = g_format_size (self->size);

  return g_strdup_printf (ngettext ("%u recorded, %s", "%u recorded, %s", self->n), self->n, size);
}

static void
row_activated_cb (RtSessionList *self, GtkListBoxRow *row)
{
  const Entry *entry = g_object_get_data (G_OBJECT (row), ROW_ENTRY);

  gtk_widget_activate_action (
      GTK_WIDGET (self), entry->sample ? "win.open-file" : "win.open-session", "s", entry->path);
}

static const Entry *
find_entry (RtSessionList *self, const char *path)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      const Entry *entry = g_object_get_data (G_OBJECT (row), ROW_ENTRY);

      if (g_str_equal (entry->path, path))
        return entry;
    }
  return NULL;
}

/* Questions */

static GtkWidget *
new_question (RtSessionList *self, const char *heading, const char *body, const char *path)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                              heading, body);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), ROW_ENTRY, g_strdup (path), g_free);
  return dialog;
}

static void
renamed_cb (RtSessionList *self, const char *response, AdwMessageDialog *dialog)
{
  GtkEditable *entry = GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog));

  if (g_str_equal (response, "rename") && *gtk_editable_get_text (entry) != '\0')
    rt_tutor_rename_session (self->tutor, g_object_get_data (G_OBJECT (dialog), ROW_ENTRY),
                             gtk_editable_get_text (entry));
}

static void
rename_cb (GtkWidget *widget, const char *action, GVariant *path)
{
  RtSessionList *self = RT_SESSION_LIST (widget);
  const Entry *session = find_entry (self, g_variant_get_string (path, NULL));
  GtkWidget *dialog, *entry = gtk_entry_new ();

  if (session == NULL)
    return;
  dialog = new_question (self, _ ("Rename the session"), NULL, session->path);
  gtk_editable_set_text (GTK_EDITABLE (entry), session->name);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Name"),
                                  -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "rename", _ ("_Rename"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename",
                                              ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (renamed_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
pin_cb (GtkWidget *widget, const char *action, GVariant *path)
{
  RtSessionList *self = RT_SESSION_LIST (widget);
  const Entry *session = find_entry (self, g_variant_get_string (path, NULL));

  if (session != NULL)
    rt_tutor_pin_session (self->tutor, session->path, !session->pinned);
}

static void
deleted_cb (RtSessionList *self, const char *response, AdwMessageDialog *dialog)
{
  const char *const paths[] = { g_object_get_data (G_OBJECT (dialog), ROW_ENTRY), NULL };

  if (g_str_equal (response, "delete"))
    rt_tutor_delete_sessions (self->tutor, paths);
}

static void
delete_cb (GtkWidget *widget, const char *action, GVariant *path)
{
  RtSessionList *self = RT_SESSION_LIST (widget);
  const Entry *session = find_entry (self, g_variant_get_string (path, NULL));
  g_autofree char *body = NULL;
  GtkWidget *dialog;

  if (session == NULL)
    return;
  body = g_strdup_printf (_ ("“%s” is deleted for good, with the notes in it."), session->name);
  dialog = new_question (self, _ ("Delete the session?"), body, session->path);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "delete", _ ("_Delete"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (deleted_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
rt_session_list_set_tutor (RtSessionList *self, RtTutor *tutor)
{
  g_set_object (&self->tutor, tutor);
}

static void
rt_session_list_dispose (GObject *object)
{
  RtSessionList *self = RT_SESSION_LIST (object);

  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->stack));
  self->stack = NULL;
  g_clear_object (&self->tutor);
  g_clear_pointer (&self->samples, g_ptr_array_unref);
  G_OBJECT_CLASS (rt_session_list_parent_class)->dispose (object);
}

static void
rt_session_list_class_init (RtSessionListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_session_list_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-session-list.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSessionList, stack);
  gtk_widget_class_bind_template_child (widget_class, RtSessionList, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_install_action (widget_class, "session.rename", "s", rename_cb);
  gtk_widget_class_install_action (widget_class, "session.pin", "s", pin_cb);
  gtk_widget_class_install_action (widget_class, "session.delete", "s", delete_cb);
}

static void
rt_session_list_init (RtSessionList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, rt_list_heading_update, NULL, NULL);
}
