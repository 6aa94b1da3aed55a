/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Nothing that was recorded goes without a word: what would go is named, and it goes when the user
 * says so. */
#include "rt-room-question.h"

#include "rt-user-settings.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/** MAX_NAMED: sessions that are named; the others are counted. */
#define MAX_NAMED 8

static void
answered_cb (RtTutor *tutor, const char *response, AdwMessageDialog *dialog)
{
  GPtrArray *excess = rt_tutor_get_excess (tutor);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();

  if (g_str_equal (response, "preferences"))
    gtk_widget_activate_action (GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (dialog))),
                                "win.preferences", NULL);
  if (!g_str_equal (response, "delete") || excess == NULL)
    return;
  for (guint i = 0; i < excess->len; i++)
    g_ptr_array_add (paths, ((RtLibraryEntry *)excess->pdata[i])->path);
  g_ptr_array_add (paths, NULL);
  rt_tutor_delete_sessions (tutor, (const char *const *)paths->pdata);
}

static char *
dup_names (GPtrArray *excess)
{
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < MIN (excess->len, MAX_NAMED); i++)
    {
      const RtLibraryEntry *entry = excess->pdata[i];
      g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (entry->recorded / RT_TIME_SEC);
      g_autofree char *date = when != NULL ? g_date_time_format (when, "%e %b %Y") : g_strdup ("");

      g_string_append_printf (words, "\n• %s, %s", entry->name, g_strchug (date));
    }
  if (excess->len > MAX_NAMED)
    g_string_append_printf (words, _ ("\n… and %u more"), excess->len - MAX_NAMED);
  return g_string_free (words, FALSE);
}

/** rt_room_question_ask: names what is in excess, and deletes it if the user agrees */
void
rt_room_question_ask (GtkWindow *window, RtTutor *tutor)
{
  GPtrArray *excess = rt_tutor_get_excess (tutor);
  g_autofree char *names = NULL, *body = NULL;
  GtkWidget *dialog;
  guint n = excess != NULL ? excess->len : 0;

  if (n == 0)
    return;
  names = dup_names (excess);
  body = g_strdup_printf (
      ngettext ("Recorded sessions may take %d MB. %u session that is not pinned has no room:\n%s",
                "Recorded sessions may take %d MB. %u sessions that are not pinned have no "
                "room:\n%s",
                n),
      g_settings_get_int (rt_user_settings_get (), RT_KEY_CAP), n, names);
  dialog = adw_message_dialog_new (window, _ ("Delete the oldest sessions?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _ ("_Keep Them"),
                                    "preferences", _ ("_Preferences"), "delete", _ ("_Delete"),
                                    NULL);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete",
                                              ADW_RESPONSE_DESTRUCTIVE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (answered_cb), tutor, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}
