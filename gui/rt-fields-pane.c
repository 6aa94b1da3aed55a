/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A list of elements; choosing one marks its bytes, and bytes that are marked choose theirs. */
#include "rt-fields-pane.h"

#include "rt-context-menu.h"
#include "rt-element.h"
#include "rt-exchange-menu.h"
#include "rt-words.h"

struct _RtFieldsPane
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  const RtTransfer *shown;
  gboolean updating;

  GtkWidget *scrolled;
  GtkListView *list;
  GtkSingleSelection *selection;
  GListStore *store;
};

G_DEFINE_FINAL_TYPE (RtFieldsPane, rt_fields_pane, GTK_TYPE_WIDGET)

/* What the menu is about is marked: the element under the pointer. */
static GMenuModel *
make_row_menu (GtkWidget *row, double x, double y, gpointer item)
{
  RtFieldsPane *self = RT_FIELDS_PANE (gtk_widget_get_ancestor (row, RT_TYPE_FIELDS_PANE));

  gtk_single_selection_set_selected (self->selection, gtk_list_item_get_position (item));
  return rt_element_menu_new ();
}

/* By keyboard: of the element that is marked. */
static GMenuModel *
make_list_menu (GtkWidget *list, double x, double y, gpointer data)
{
  RtFieldsPane *self = data;

  return gtk_single_selection_get_selected_item (self->selection) != NULL ? rt_element_menu_new ()
                                                                          : NULL;
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 1);

  gtk_widget_add_css_class (box, "element");
  gtk_box_append (GTK_BOX (box), rt_words_new ("", "element-line"));
  gtk_box_append (GTK_BOX (box), rt_words_new ("", "secondary"));
  gtk_list_item_set_child (item, box);
  rt_context_menu_attach (box, make_row_menu, item);
}

/* Name and value in one line, told apart by colour and weight. */
static void
set_line (GtkLabel *label, RtElement *element)
{
  const char *name = rt_element_get_name (element);
  g_autofree char *line = g_strdup_printf ("%s  %s", name, rt_element_get_value (element));
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  PangoAttribute *bold = pango_attr_weight_new (PANGO_WEIGHT_BOLD);

  bold->end_index = (guint)strlen (name);
  pango_attr_list_insert (attributes, bold);
  gtk_label_set_text (label, line);
  gtk_label_set_attributes (label, attributes);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *line = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *note = gtk_widget_get_next_sibling (line);
  RtElement *element = gtk_list_item_get_item (item);

  set_line (GTK_LABEL (line), element);
  gtk_label_set_text (GTK_LABEL (note), rt_element_get_note (element));
  gtk_widget_set_visible (note, *rt_element_get_note (element) != '\0');
}

static gboolean
same_span (RtSpan a, RtSpan b)
{
  return a.buffer == b.buffer && a.offset == b.offset && a.length == b.length;
}

/* The element that holds what is marked: a check may cite a part of a value. */
static guint
find_element (RtFieldsPane *self, RtSpan span)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->store));

  for (guint i = 0; !rt_span_is_none (span) && i < n; i++)
    {
      g_autoptr (RtElement) element = g_list_model_get_item (G_LIST_MODEL (self->store), i);
      RtSpan of = rt_element_get_span (element);

      if (same_span (of, span) || rt_span_contains (of, span))
        return i;
    }
  return GTK_INVALID_LIST_POSITION;
}

static void
selected_cb (RtFieldsPane *self)
{
  const RtTransfer *transfer = rt_view_get_transfer (self->view);
  guint element;

  self->updating = TRUE;
  if (transfer != self->shown)
    {
      self->shown = transfer;
      rt_elements_list (self->store, transfer);
    }
  element = find_element (self, rt_view_get_selection (self->view).span);
  gtk_single_selection_set_selected (self->selection, element);
  if (element != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", element);
  self->updating = FALSE;
}

/* A message may have got its head or its content since. */
static void
changed_cb (RtFieldsPane *self)
{
  self->shown = NULL;
  g_list_store_remove_all (self->store);
  selected_cb (self);
}

static void
element_selected_cb (RtFieldsPane *self)
{
  RtElement *element = gtk_single_selection_get_selected_item (self->selection);
  RtViewSelection selection;

  if (self->updating || element == NULL || self->view == NULL)
    return;
  selection = rt_view_get_selection (self->view);
  rt_view_select (self->view, selection.exchange, selection.request, rt_element_get_span (element));
}

void
rt_fields_pane_set_view (RtFieldsPane *self, RtView *view)
{
  if (!g_set_object (&self->view, view))
    return;
  g_signal_group_set_target (self->signals, view);
  self->shown = NULL;
  g_list_store_remove_all (self->store);
  if (view != NULL)
    selected_cb (self);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_child_focus (GTK_WIDGET (RT_FIELDS_PANE (widget)->list), GTK_DIR_TAB_FORWARD);
}

static void
rt_fields_pane_dispose (GObject *object)
{
  RtFieldsPane *self = RT_FIELDS_PANE (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->view);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  G_OBJECT_CLASS (rt_fields_pane_parent_class)->dispose (object);
}

static void
rt_fields_pane_class_init (RtFieldsPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_fields_pane_dispose;
  widget_class->grab_focus = grab_focus;
  g_type_ensure (RT_TYPE_ELEMENT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-fields-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RtFieldsPane, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtFieldsPane, list);
  gtk_widget_class_bind_template_child (widget_class, RtFieldsPane, selection);
  gtk_widget_class_bind_template_child (widget_class, RtFieldsPane, store);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
}

static void
rt_fields_pane_init (RtFieldsPane *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (selected_cb), self);
  rt_context_menu_attach (GTK_WIDGET (self->list), make_list_menu, self);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (element_selected_cb), self, G_CONNECT_SWAPPED);
}
