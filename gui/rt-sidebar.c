/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lessons; symptoms and sessions have widgets of their own. The page that is open is kept. */
#include "rt-sidebar.h"

#include "rt-list-heading.h"
#include "rt-session-list.h"
#include "rt-symptom-list.h"
#include "rt-user-settings.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define ROW_LESSON "rt-lesson"
/* The sidebar is no wider for a long title. */
#define MAX_CHARS 24

struct _RtSidebar
{
  GtkWidget parent_instance;

  RtTutor *tutor;
  guint n_lessons, n_done;

  GtkWidget *box;
  AdwWindowTitle *title;
  GtkStack *pages;
  GtkListBox *list;
  RtSymptomList *symptoms;
  RtSessionList *sessions;
};

G_DEFINE_FINAL_TYPE (RtSidebar, rt_sidebar, GTK_TYPE_WIDGET)

static void
add_lesson (RtSidebar *self, const RtLesson *lesson, gboolean done, gboolean current)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *label = gtk_label_new (lesson->title);
  g_autofree char *heading = g_utf8_strup (lesson->topic, -1);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (line), label);
  if (done || current)
    {
      GtkWidget *image = gtk_image_new_from_icon_name (done ? "object-select-symbolic"
                                                            : "media-playback-start-symbolic");

      gtk_accessible_update_property (GTK_ACCESSIBLE (image), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      done ? _ ("done") : _ ("open"), -1);
      gtk_widget_add_css_class (image, "accent");
      gtk_box_append (GTK_BOX (line), image);
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), line);
  rt_list_heading_set (row, heading);
  gtk_widget_set_tooltip_text (row, lesson->title);
  g_object_set_data_full (G_OBJECT (row), ROW_LESSON, g_strdup (lesson->name), g_free);
  gtk_list_box_append (self->list, row);
  if (current)
    gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
}

static void
update_title (RtSidebar *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  g_autofree char *words = NULL;

  if (g_strcmp0 (page, "symptoms") == 0)
    {
      adw_window_title_set_title (self->title, _ ("Symptoms"));
      words = g_strdup (_ ("What to check first"));
    }
  else if (g_strcmp0 (page, "sessions") == 0)
    {
      adw_window_title_set_title (self->title, _ ("Sessions"));
      words = rt_session_list_dup_summary (self->sessions);
    }
  else
    {
      adw_window_title_set_title (self->title, _ ("Lessons"));
      words = g_strdup_printf (_ ("%u of %u done"), self->n_done, self->n_lessons);
    }
  adw_window_title_set_subtitle (self->title, words);
}

static void
refill (RtSidebar *self)
{
  GPtrArray *lessons = rt_tutor_get_lessons (self->tutor);
  const RtLesson *open = rt_tutor_get_lesson (self->tutor);

  rt_list_box_clear (self->list);
  self->n_done = 0;
  self->n_lessons = lessons != NULL ? lessons->len : 0;
  for (guint i = 0; i < self->n_lessons; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];
      gboolean done = rt_tutor_is_done (self->tutor, lesson);

      add_lesson (self, lesson, done, open != NULL && g_str_equal (open->name, lesson->name));
      self->n_done += done ? 1 : 0;
    }
  rt_symptom_list_fill (self->symptoms, lessons);
  rt_session_list_fill (self->sessions, rt_tutor_get_sessions (self->tutor), lessons);
  update_title (self);
}

static void
row_activated_cb (RtSidebar *self, GtkListBoxRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.open-lesson", "s",
                              g_object_get_data (G_OBJECT (row), ROW_LESSON));
}

/** rt_sidebar_show_symptom: @name: of the symptom that is to be seen */
void
rt_sidebar_show_symptom (RtSidebar *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->pages, "symptoms");
  rt_symptom_list_show (self->symptoms, name);
}

void
rt_sidebar_set_tutor (RtSidebar *self, RtTutor *tutor)
{
  g_return_if_fail (self->tutor == NULL);

  self->tutor = g_object_ref (tutor);
  rt_session_list_set_tutor (self->sessions, tutor);
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
  g_type_ensure (RT_TYPE_SYMPTOM_LIST);
  g_type_ensure (RT_TYPE_SESSION_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, box);
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, title);
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, pages);
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, list);
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, symptoms);
  gtk_widget_class_bind_template_child (widget_class, RtSidebar, sessions);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_title);
}

static void
rt_sidebar_init (RtSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, rt_list_heading_update, NULL, NULL);
  g_settings_bind (rt_user_settings_get (), RT_KEY_SIDEBAR_PAGE, self->pages, "visible-child-name",
                   G_SETTINGS_BIND_DEFAULT);
}
