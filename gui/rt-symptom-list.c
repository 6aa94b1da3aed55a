/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One row a symptom. Activating it opens the first lesson that explains it; each lesson is a button
 * of its own, too. */
#include "rt-symptom-list.h"

#include "rt-glossary.h"
#include "rt-list-heading.h"

#include <glib/gi18n.h>

/* The sidebar is no wider for a long sentence. */
#define MAX_CHARS 24
#define ROW_SYMPTOM "rt-symptom"
#define ROW_LESSON "rt-lesson"

struct _RtSymptomList
{
  GtkWidget parent_instance;

  GtkWidget *scrolled;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (RtSymptomList, rt_symptom_list, GTK_TYPE_WIDGET)

static GtkWidget *
new_words (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), MAX_CHARS);
  gtk_widget_add_css_class (label, style);
  return label;
}

static void
add_lesson (GtkWidget *box, const RtLesson *lesson)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = new_words (lesson->title, "symptom-lesson");

  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.open-lesson");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", lesson->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  lesson->title, -1);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small-button");
  gtk_widget_set_halign (button, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (box), button);
}

static void
add_symptom (RtSymptomList *self, const RtSymptom *symptom, GPtrArray *lessons)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  const char *first = NULL;

  gtk_box_append (GTK_BOX (box), new_words (symptom->title, "symptom-title"));
  gtk_box_append (GTK_BOX (box), new_words (symptom->first_check, "secondary"));
  for (guint i = 0; lessons != NULL && i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];

      if (!g_strv_contains ((const char *const *)lesson->symptoms, symptom->name))
        continue;
      add_lesson (box, lesson);
      first = first != NULL ? first : lesson->name;
    }
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  symptom->title, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  symptom->first_check, -1);
  g_object_set_data (G_OBJECT (row), ROW_SYMPTOM, (gpointer)symptom->name);
  g_object_set_data_full (G_OBJECT (row), ROW_LESSON, g_strdup (first), g_free);
  gtk_list_box_append (self->list, row);
}

/** rt_symptom_list_fill: @lessons: (nullable) (element-type RtLesson): that may explain one */
void
rt_symptom_list_fill (RtSymptomList *self, GPtrArray *lessons)
{
  guint n;
  const RtSymptom *symptoms = rt_symptoms (&n);

  rt_list_box_clear (self->list);
  for (guint i = 0; i < n; i++)
    add_symptom (self, &symptoms[i], lessons);
}

/** rt_symptom_list_show: @name: of the symptom that is selected and gets the focus */
void
rt_symptom_list_show (RtSymptomList *self, const char *name)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (g_strcmp0 (g_object_get_data (G_OBJECT (row), ROW_SYMPTOM), name) == 0)
      {
        gtk_list_box_select_row (self->list, row);
        gtk_widget_grab_focus (GTK_WIDGET (row));
      }
}

static void
row_activated_cb (RtSymptomList *self, GtkListBoxRow *row)
{
  const char *lesson = g_object_get_data (G_OBJECT (row), ROW_LESSON);

  if (lesson != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.open-lesson", "s", lesson);
}

static void
rt_symptom_list_dispose (GObject *object)
{
  g_clear_pointer (&RT_SYMPTOM_LIST (object)->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_symptom_list_parent_class)->dispose (object);
}

static void
rt_symptom_list_class_init (RtSymptomListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_symptom_list_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-symptom-list.ui");
  gtk_widget_class_bind_template_child (widget_class, RtSymptomList, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtSymptomList, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
rt_symptom_list_init (RtSymptomList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
