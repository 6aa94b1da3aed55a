/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row an element: its name above, both values side by side below, and between them a sign: never
 * the colour alone. */
#include "rt-comparison-window.h"

#include "rt-comparison.h"
#include "rt-list-heading.h"
#include "rt-note.h"

#include <glib/gi18n.h>

/** MAX_VALUE: bytes of a value that are shown. */
#define MAX_VALUE 1000
/** MAX_EQUAL: equal rows that may stand above the first difference. */
#define MAX_EQUAL 3
/** SIDE_CHARS: both sides want the same width, whatever stands there. */
#define SIDE_CHARS 20
#define ROW_DIFFERS "rt-differs"

struct _RtComparisonWindow
{
  AdwWindow parent_instance;

  guint n_differences;

  AdwWindowTitle *title;
  GtkToggleButton *only;
  GtkLabel *left_title, *right_title;
  GtkListBox *list;
};

G_DEFINE_FINAL_TYPE (RtComparisonWindow, rt_comparison_window, ADW_TYPE_WINDOW)

static GtkWidget *
new_value (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_widget_set_can_focus (label, FALSE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, style);
  return label;
}

static char *
dup_side (const RtComparedItem *item, gboolean left)
{
  RtText text = left ? item->left : item->right;
  guint64 length = left ? item->left_length : item->right_length;
  RtDifference missing = left ? RT_DIFFERENCE_RIGHT : RT_DIFFERENCE_LEFT;

  if (item->difference == missing)
    return g_strdup ("–");
  if (item->part == RT_PART_CONTENT)
    return item->difference == RT_DIFFERENCE_CHANGED
               ? g_strdup_printf (_ ("%" G_GUINT64_FORMAT " bytes, another from byte "
                                     "%" G_GUINT64_FORMAT " on"),
                                  length, item->at)
               : g_strdup_printf (_ ("%" G_GUINT64_FORMAT " bytes"), length);
  text.length = MIN (text.length, MAX_VALUE);
  return rt_text_escape (text);
}

static const char *
sign_of (RtDifference difference)
{
  static const char *const signs[] = { "=", "·", "≠", "←", "→", "?" };

  return signs[difference];
}

static const char *
heading_of (const RtComparedItem *item)
{
  static const char *const headings[]
      = { N_ ("REQUEST"), N_ ("INTERIM RESPONSE"), N_ ("RESPONSE"), N_ ("EXCHANGE") };

  return _ (headings[item->message]);
}

static void
add_item (RtComparisonWindow *self, const RtComparedItem *item)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *sides = gtk_grid_new ();
  GtkWidget *sign = gtk_label_new (sign_of (item->difference));
  g_autofree char *name = rt_compared_item_dup_name (item);
  g_autofree char *words = rt_compared_item_dup_text (item);
  g_autofree char *left = dup_side (item, TRUE), *right = dup_side (item, FALSE);
  gboolean differs = rt_compared_item_differs (item);

  gtk_grid_set_column_spacing (GTK_GRID (sides), 10);
  gtk_widget_add_css_class (sign, "comparison-sign");
  gtk_widget_set_tooltip_text (sign, rt_difference_name (item->difference));
  gtk_grid_attach (GTK_GRID (sides), new_value (left, "code"), 0, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (sides), sign, 1, 0, 1, 1);
  gtk_grid_attach (GTK_GRID (sides), new_value (right, "code"), 2, 0, 1, 1);
  gtk_widget_set_valign (sign, GTK_ALIGN_START);
  for (int column = 0; column <= 2; column += 2)
    {
      GtkLabel *side = GTK_LABEL (gtk_grid_get_child_at (GTK_GRID (sides), column, 0));

      gtk_label_set_width_chars (side, SIDE_CHARS);
      gtk_label_set_max_width_chars (side, SIDE_CHARS);
    }
  gtk_box_append (GTK_BOX (box), new_value (name, "secondary"));
  gtk_box_append (GTK_BOX (box), sides);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  if (differs)
    gtk_widget_add_css_class (row, "differs");
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  rt_list_heading_set (row, heading_of (item));
  g_object_set_data (G_OBJECT (row), ROW_DIFFERS, GINT_TO_POINTER (differs));
  gtk_list_box_append (self->list, row);
}

static gboolean
is_shown (GtkListBoxRow *row, gpointer data)
{
  RtComparisonWindow *self = data;

  return !gtk_toggle_button_get_active (self->only)
         || g_object_get_data (G_OBJECT (row), ROW_DIFFERS) != NULL;
}

static void
only_toggled_cb (RtComparisonWindow *self)
{
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_headers (self->list);
}

/** rt_comparison_window_get_n_differences: Returns: how many elements differ */
guint
rt_comparison_window_get_n_differences (RtComparisonWindow *self)
{
  return self->n_differences;
}

static void
rt_comparison_window_class_init (RtComparisonWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-comparison-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RtComparisonWindow, title);
  gtk_widget_class_bind_template_child (widget_class, RtComparisonWindow, only);
  gtk_widget_class_bind_template_child (widget_class, RtComparisonWindow, left_title);
  gtk_widget_class_bind_template_child (widget_class, RtComparisonWindow, right_title);
  gtk_widget_class_bind_template_child (widget_class, RtComparisonWindow, list);
  gtk_widget_class_bind_template_callback (widget_class, only_toggled_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
rt_comparison_window_init (RtComparisonWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, rt_list_heading_update, NULL, NULL);
  gtk_list_box_set_filter_func (self->list, is_shown, self, NULL);
}

static void
set_title (GtkLabel *label, RtView *view, const RtExchange *exchange)
{
  const RtTransfer *transfer = exchange->request != NULL ? exchange->request : exchange->response;
  g_autofree char *title = rt_transfer_dup_title (transfer);
  g_autofree char *words
      = g_strdup_printf ("%s · %u · %s", title, exchange->id, rt_view_get_title (view));

  gtk_label_set_text (label, words);
}

/* What is looked for is not below the fold. */
static gboolean
is_far_down (RtComparison *comparison)
{
  guint n = 0;

  while (n < rt_comparison_get_length (comparison)
         && !rt_compared_item_differs (rt_comparison_get (comparison, n)))
    n++;
  return n > MAX_EQUAL && n < rt_comparison_get_length (comparison);
}

/**
 * rt_comparison_window_new:
 * @left_exchange, @right_exchange: ids of exchanges of their views
 *
 * Returns: (transfer none): a window above @parent
 */
RtComparisonWindow *
rt_comparison_window_new (
    GtkWindow *parent, RtView *left, guint left_exchange, RtView *right, guint right_exchange)
{
  RtComparisonWindow *self
      = g_object_new (RT_TYPE_COMPARISON_WINDOW, "transient-for", parent, NULL);
  RtAnalysis *left_analysis = rt_view_get_analysis (left);
  RtAnalysis *right_analysis = rt_view_get_analysis (right);
  const RtExchange *a = rt_analysis_get_exchange (left_analysis, left_exchange);
  const RtExchange *b = rt_analysis_get_exchange (right_analysis, right_exchange);
  g_autoptr (RtComparison) comparison
      = rt_comparison_new (left_analysis, a, right_analysis, b, NULL);
  g_autofree char *words = NULL;

  set_title (self->left_title, left, a);
  set_title (self->right_title, right, b);
  for (guint i = 0; i < rt_comparison_get_length (comparison); i++)
    add_item (self, rt_comparison_get (comparison, i));
  gtk_toggle_button_set_active (self->only, is_far_down (comparison));
  self->n_differences = rt_comparison_count_differences (comparison);
  words = g_strdup_printf (ngettext ("%u difference", "%u differences", self->n_differences),
                           self->n_differences);
  adw_window_title_set_subtitle (self->title, words);
  return self;
}
