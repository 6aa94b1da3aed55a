/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One list with headings. A row carries the action that it stands for. */
#include "rt-sidebar.h"

#include "rt-glossary.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define ROW_ACTION "rt-action"
#define ROW_TARGET "rt-target"
#define ROW_HEADING "rt-heading"

/** MAX_SESSIONS: rows of the sidebar; older ones are in the folder. */
#define MAX_SESSIONS 30

struct _RtSidebar
{
  GtkWidget parent_instance;

  RtTutor *tutor;

  GtkWidget *box;
  AdwWindowTitle *title;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (RtSidebar, rt_sidebar, GTK_TYPE_WIDGET)

static GtkWidget *
add_row (RtSidebar *self,
         const char *heading,
         const char *title,
         const char *subtitle,
         const char *icon,
         const char *icon_words)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *words = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *label = gtk_label_new (title);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (words, TRUE);
  gtk_widget_set_valign (words, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (words), label);
  if (subtitle != NULL)
    {
      label = gtk_label_new (subtitle);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_add_css_class (label, "secondary");
      gtk_box_append (GTK_BOX (words), label);
    }
  gtk_box_append (GTK_BOX (line), words);
  if (icon != NULL)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (icon);

      gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      icon_words, -1);
      gtk_widget_add_css_class (image, "accent");
      gtk_box_append (GTK_BOX (line), image);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  g_object_set_data_full (G_OBJECT (row), ROW_HEADING, g_strdup (heading), g_free);
  gtk_widget_set_tooltip_text (row, title);
  gtk_list_box_append (self->list, row);
  return row;
}

static void
set_action (GtkWidget *row, const char *action, const char *target)
{
  g_object_set_data (G_OBJECT (row), ROW_ACTION, (gpointer)action);
  g_object_set_data_full (G_OBJECT (row), ROW_TARGET, g_strdup (target), g_free);
}

static void
update_header (GtkListBoxRow *row, GtkListBoxRow *before, gpointer data)
{
  const char *heading = g_object_get_data (G_OBJECT (row), ROW_HEADING);
  const char *last = before != NULL ? g_object_get_data (G_OBJECT (before), ROW_HEADING) : NULL;
  GtkWidget *label;

  if (g_strcmp0 (heading, last) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }
  label = gtk_label_new (heading);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "sidebar-heading");
  gtk_list_box_row_set_header (row, label);
}

static void
add_lessons (RtSidebar *self)
{
  GPtrArray *lessons = rt_tutor_get_lessons (self->tutor);
  const RtLesson *open = rt_tutor_get_lesson (self->tutor);
  guint n_done = 0;
  g_autofree char *words = NULL;

  for (guint i = 0; lessons != NULL && i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];
      gboolean done = rt_tutor_is_done (self->tutor, lesson);
      gboolean current = open != NULL && g_str_equal (open->name, lesson->name);
      g_autofree char *heading = g_utf8_strup (lesson->topic, -1);
      GtkWidget *row = add_row (self, heading, lesson->title, NULL,
                                done      ? "object-select-symbolic"
                                : current ? "media-playback-start-symbolic"
                                          : NULL,
                                done ? _ ("done") : _ ("open"));

      set_action (row, "win.open-lesson", lesson->name);
      if (current)
        gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
      n_done += done ? 1 : 0;
    }
  words = g_strdup_printf (_ ("%u of %u done"), n_done, lessons != NULL ? lessons->len : 0);
  adw_window_title_set_subtitle (self->title, words);
}

/* A symptom leads to the first lesson that explains it. */
static void
add_symptoms (RtSidebar *self)
{
  GPtrArray *lessons = rt_tutor_get_lessons (self->tutor);
  guint n;
  const RtSymptom *symptoms = rt_symptoms (&n);

  for (guint i = 0; i < n; i++)
    for (guint j = 0; lessons != NULL && j < lessons->len; j++)
      {
        const RtLesson *lesson = lessons->pdata[j];

        if (!g_strv_contains ((const char *const *)lesson->symptoms, symptoms[i].name))
          continue;
        set_action (add_row (self, _ ("SYMPTOMS"), symptoms[i].title, lesson->title, NULL, NULL),
                    "win.open-lesson", lesson->name);
        break;
      }
}

static void
add_sessions (RtSidebar *self)
{
  GPtrArray *sessions = rt_tutor_get_sessions (self->tutor);

  for (guint i = 0; sessions != NULL && i < MIN (sessions->len, MAX_SESSIONS); i++)
    {
      const RtLibraryEntry *entry = sessions->pdata[i];
      g_autoptr (GDateTime) when = g_date_time_new_from_unix_local (entry->recorded / RT_TIME_SEC);
      g_autofree char *words = entry->problem != NULL ? g_strdup (entry->problem)
                               : when != NULL         ? g_date_time_format (when, "%e %b %H:%M")
                                                      : NULL;

      set_action (add_row (self, _ ("SESSIONS"), entry->name, words,
                           entry->pinned ? "view-pin-symbolic" : NULL, _ ("pinned")),
                  "win.open-session", entry->path);
    }
}

static void
refill (RtSidebar *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  add_lessons (self);
  add_symptoms (self);
  add_sessions (self);
}

static void
row_activated_cb (RtSidebar *self, GtkListBoxRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), g_object_get_data (G_OBJECT (row), ROW_ACTION),
                              "s", g_object_get_data (G_OBJECT (row), ROW_TARGET));
}

void
rt_sidebar_set_tutor (RtSidebar *self, RtTutor *tutor)
{
  g_return_if_fail (self->tutor == NULL);

  self->tutor = g_object_ref (tutor);
  g_signal_connect_object (tutor, "shelf", G_CALLBACK (refill), self, G_CONNECT_SWAPPED);
}

static void
rt_sidebar_dispose (GObject *object)
{
  RtSidebar *self = RT_SIDEBAR (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->tutor);
  G_OBJECT_CLASS (rt_sidebar_parent_class)->dispose (object);
}

static void
rt_sidebar_class_init (RtSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_sidebar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, box);
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, title);
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
rt_sidebar_init (RtSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, update_header, NULL, NULL);
}
