/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Puts the panes beside one another as far as there is room, else one behind the other. */
#include "rt-inspector.h"

#include "rt-body-pane.h"
#include "rt-bytes-pane.h"
#include "rt-context-menu.h"
#include "rt-exchange-menu.h"
#include "rt-exchange-model.h"
#include "rt-fields-pane.h"
#include "rt-filter-help.h"
#include "rt-list-row.h"
#include "rt-meaning-pane.h"
#include "rt-note.h"
#include "rt-session-rows.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* From here on bytes and meaning stand side by side. */
#define WIDE 1240
/* Of bytes and meaning, one of them and both. */
#define DETAILS_WIDTH 226
#define DETAILS_WIDTH_WIDE 690
/* Side by side: a line like `Last-Modified` fits into the bytes. */
#define BYTES_WIDTH_WIDE 380
#define MEANING_WIDTH_WIDE 300
#define N_PANES 4

struct _RtInspector
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  RtExchangeModel *model;
  RtSessionRows *rows; /* of a view that does not hold all; else NULL */
  GSignalGroup *searching;
  RtFilter *chosen; /* NULL: all */
  RtFilterHelp *help;
  RtExchangeOrder order;
  gboolean descending;
  gboolean updating, wide;

  GtkWidget *list_pane, *details, *filter_error, *details_switch, *comparing;
  AdwLeaflet *leaflet;
  GtkLabel *comparing_words, *count, *empty, *message_title, *details_title, *reconstructed;
  GtkSearchBar *filter_bar;
  GtkSearchEntry *filter;
  GtkStack *list_stack;
  GtkListView *list;
  GtkSingleSelection *selection;
  GtkToggleButton *filter_button, *request, *response, *meaning_button, *bytes_button, *body_button,
      *hex, *raw;
  RtBodyPane *body;
  RtFieldsPane *fields;
  RtBytesPane *bytes;
  RtMeaningPane *meaning;
};

G_DEFINE_FINAL_TYPE (RtInspector, rt_inspector, GTK_TYPE_WIDGET)

/* What the menu is about is selected: the row under the pointer. */
static GMenuModel *
make_row_menu (GtkWidget *row, double x, double y, gpointer data)
{
  RtInspector *self = data;
  guint exchange = rt_list_row_get_exchange (RT_LIST_ROW (row));

  if (exchange == 0 || self->view == NULL)
    return NULL;
  rt_view_select (self->view, exchange, FALSE, RT_SPAN_NONE);
  return rt_exchange_menu_new (self->view);
}

/* With Ctrl, the row is the other side of a comparison with what is selected. */
static void
row_pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer row)
{
  GdkModifierType state
      = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  guint exchange = rt_list_row_get_exchange (row);

  if (!(state & GDK_CONTROL_MASK) || exchange == 0)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (row, "win.compare-with", "u", exchange);
}

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, RtInspector *self)
{
  GtkWidget *row = rt_list_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_list_item_set_child (item, row);
  g_signal_connect (click, "pressed", G_CALLBACK (row_pressed_cb), row);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  rt_context_menu_attach (row, make_row_menu, self);
}

/* By keyboard: of the row that is selected. */
static GMenuModel *
make_list_menu (GtkWidget *list, double x, double y, gpointer data)
{
  RtInspector *self = data;

  return rt_exchange_menu_new (self->view);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  rt_list_row_set_item (RT_LIST_ROW (gtk_list_item_get_child (item)),
                        RT_EXCHANGE_ITEM (gtk_list_item_get_item (item)));
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  rt_list_row_set_item (RT_LIST_ROW (gtk_list_item_get_child (item)), NULL);
}

/* Where there is room, the meaning stands beside bytes or body; else it is one of the three. */
static void
update_details (RtInspector *self)
{
  gboolean body = gtk_toggle_button_get_active (self->body_button);
  gboolean bytes = gtk_toggle_button_get_active (self->bytes_button) || (self->wide && !body);

  gtk_widget_set_size_request (self->details, self->wide ? DETAILS_WIDTH_WIDE : DETAILS_WIDTH, -1);
  gtk_widget_set_size_request (GTK_WIDGET (self->bytes), self->wide ? BYTES_WIDTH_WIDE : -1, -1);
  gtk_widget_set_size_request (GTK_WIDGET (self->body), self->wide ? BYTES_WIDTH_WIDE : -1, -1);
  gtk_widget_set_size_request (GTK_WIDGET (self->meaning), self->wide ? MEANING_WIDTH_WIDE : -1,
                               -1);
  gtk_widget_set_visible (GTK_WIDGET (self->meaning_button), !self->wide);
  gtk_widget_set_visible (GTK_WIDGET (self->bytes), bytes);
  gtk_widget_set_visible (GTK_WIDGET (self->body), body);
  gtk_widget_set_visible (GTK_WIDGET (self->meaning), self->wide || (!bytes && !body));
  gtk_widget_set_visible (GTK_WIDGET (self->hex), bytes);
  gtk_widget_set_visible (GTK_WIDGET (self->raw), body);
  rt_body_pane_set_view (self->body, body ? self->view : NULL);
}

/* Bytes that were put together prove nothing; content that the source did not keep is missing and
 * not empty. */
static void
update_badge (RtInspector *self, const RtTransfer *transfer)
{
  gboolean reconstructed = transfer != NULL && transfer->message->reconstructed;
  const char *general
      = _ ("The source kept no bytes: these were put together from it. Their framing, "
           "order, case and number prove nothing.");
  g_autofree char *missing
      = reconstructed && transfer->missing != NULL
            ? g_strdup_printf (_ ("The content is missing: %s"), transfer->missing)
            : NULL;
  g_autofree char *tip
      = missing != NULL ? g_strdup_printf ("%s\n%s", general, missing) : g_strdup (general);

  gtk_widget_set_visible (GTK_WIDGET (self->reconstructed), reconstructed);
  gtk_label_set_text (self->reconstructed,
                      missing != NULL ? _ ("Reconstructed, content missing") : _ ("Reconstructed"));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->reconstructed), tip);
}

static void
update_titles (RtInspector *self)
{
  const RtTransfer *transfer = self->view != NULL ? rt_view_get_transfer (self->view) : NULL;
  g_autofree char *title = transfer != NULL ? rt_transfer_dup_title (transfer) : g_strdup ("");
  g_autofree char *size
      = transfer != NULL ? g_strdup_printf (
            ngettext ("%u byte", "%u bytes", transfer->whole.length), transfer->whole.length)
                         : g_strdup ("");

  gtk_label_set_text (self->message_title, title);
  gtk_label_set_text (self->details_title, size);
  update_badge (self, transfer);
}

static GListModel *
get_model (RtInspector *self)
{
  return self->rows != NULL ? G_LIST_MODEL (self->rows) : G_LIST_MODEL (self->model);
}

static void
update_count (RtInspector *self)
{
  guint n = g_list_model_get_n_items (get_model (self));
  int permille = self->rows != NULL ? rt_session_rows_get_progress (self->rows) : -1;
  gboolean filtered = *gtk_editable_get_text (GTK_EDITABLE (self->filter)) != '\0';
  g_autofree char *words = g_strdup_printf (ngettext ("%u exchange", "%u exchanges", n), n);

  g_autofree char *searching
      = permille >= 0 ? g_strdup_printf (_ ("searching, %d %%"), permille / 10) : NULL;

  gtk_label_set_text (self->count, searching != NULL ? searching : words);
  gtk_label_set_text (self->empty, filtered ? _ ("No exchange matches the filter.")
                                            : _ ("No exchange yet. Predict, and watch it happen."));
  gtk_stack_set_visible_child_name (self->list_stack, n > 0 ? "list" : "empty");
}

/* Of rows in a file only the one that is selected has a known place. */
static guint
find_position (RtInspector *self, guint exchange)
{
  RtExchangeItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (exchange == 0)
    return G_MAXUINT;
  if (self->rows == NULL)
    return rt_exchange_model_find (self->model, exchange);
  return item != NULL && rt_exchange_item_get_id (item) == exchange
             ? gtk_single_selection_get_selected (self->selection)
             : G_MAXUINT;
}

static void
selected_cb (RtInspector *self)
{
  RtViewSelection selection = rt_view_get_selection (self->view);
  const RtExchange *exchange = rt_view_get_exchange (self->view);
  guint position = find_position (self, selection.exchange);

  self->updating = TRUE;
  gtk_single_selection_set_selected (self->selection,
                                     position != G_MAXUINT ? position : GTK_INVALID_LIST_POSITION);
  if (position != G_MAXUINT)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
  gtk_toggle_button_set_active (selection.request ? self->request : self->response, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->request),
                            exchange != NULL && exchange->request != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->response),
                            exchange != NULL && exchange->response != NULL);
  update_titles (self);
  self->updating = FALSE;
}

static void
changed_cb (RtInspector *self)
{
  /* It is another one where the view was cut back. */
  rt_filter_help_set_analysis (self->help,
                               self->rows == NULL ? rt_view_get_analysis (self->view) : NULL);
  update_count (self);
  selected_cb (self);
}

/* The part of a long session with what was chosen is on its way, or cannot be had. */
static void
wanted_cb (RtInspector *self)
{
  const RtViewWanted *wanted = rt_view_get_wanted (self->view);
  const char *trouble = rt_view_get_trouble (self->view);
  g_autofree char *words
      = wanted->kind == RT_VIEW_WANTS_EXCHANGE ? g_strdup_printf (
            _ ("Reading this long session around exchange %u …"), wanted->exchange)
        : trouble != NULL ? g_strdup_printf (_ ("That part cannot be shown: %s"), trouble)
                          : NULL;

  gtk_label_set_text (GTK_LABEL (self->filter_error), words != NULL ? words : "");
  gtk_widget_set_visible (self->filter_error, words != NULL);
}

static void
row_selected_cb (RtInspector *self)
{
  RtExchangeItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (self->updating || self->view == NULL || item == NULL)
    return;
  if (rt_exchange_item_get_id (item) == 0)
    {
      /* It is not said yet which one it is. */
      g_signal_connect_object (item, "loaded", G_CALLBACK (row_selected_cb), self,
                               G_CONNECT_SWAPPED);
      return;
    }
  rt_view_select (self->view, rt_exchange_item_get_id (item), FALSE, RT_SPAN_NONE);
}

static void
activate_cb (RtInspector *self, guint position)
{
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  gtk_widget_grab_focus (GTK_WIDGET (self->fields));
}

static void
side_toggled_cb (RtInspector *self, GtkToggleButton *button)
{
  if (self->updating || self->view == NULL || !gtk_toggle_button_get_active (button))
    return;
  rt_view_select (self->view, rt_view_get_selection (self->view).exchange, button == self->request,
                  RT_SPAN_NONE);
}

static void
details_toggled_cb (RtInspector *self)
{
  update_details (self);
}

static void
hex_toggled_cb (RtInspector *self)
{
  rt_bytes_pane_set_hex (self->bytes, gtk_toggle_button_get_active (self->hex));
}

static void
raw_toggled_cb (RtInspector *self)
{
  rt_body_pane_set_raw (self->body, gtk_toggle_button_get_active (self->raw));
}

/* Which exchanges, in which order. */
static void
apply_choice (RtInspector *self)
{
  rt_exchange_model_set_filter (self->model, self->chosen);
  rt_exchange_model_set_order (self->model, self->order, self->descending);
  if (self->rows != NULL)
    rt_session_rows_search (self->rows, self->chosen, self->order, self->descending);
  if (self->view != NULL)
    selected_cb (self);
}

static void
order_cb (GSimpleAction *action, GVariant *state, gpointer inspector)
{
  RtInspector *self = inspector;

  g_simple_action_set_state (action, state);
  self->order = (RtExchangeOrder)g_variant_get_int32 (state);
  apply_choice (self);
}

static void
descending_cb (GSimpleAction *action, GVariant *state, gpointer inspector)
{
  RtInspector *self = inspector;

  g_simple_action_set_state (action, state);
  self->descending = g_variant_get_boolean (state);
  apply_choice (self);
}

static void
filter_changed_cb (RtInspector *self)
{
  g_autoptr (GError) error = NULL;
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter));
  RtFilter *chosen = *text != '\0' ? rt_filter_new (text, &error) : NULL;

  if (error == NULL)
    {
      g_clear_pointer (&self->chosen, rt_filter_unref);
      self->chosen = chosen;
      apply_choice (self);
    }
  gtk_label_set_text (GTK_LABEL (self->filter_error), error != NULL ? error->message : "");
  gtk_widget_set_visible (self->filter_error, error != NULL);
  update_count (self);
}

static void
filter_stopped_cb (RtInspector *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->filter), "");
  gtk_search_bar_set_search_mode (self->filter_bar, FALSE);
}

static void
navigate_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RtInspector *self = RT_INSPECTOR (widget);

  adw_leaflet_navigate (self->leaflet, g_str_has_suffix (action, "back")
                                           ? ADW_NAVIGATION_DIRECTION_BACK
                                           : ADW_NAVIGATION_DIRECTION_FORWARD);
}

void
rt_inspector_set_view (RtInspector *self, RtView *view)
{
  if (!g_set_object (&self->view, view))
    return;
  if (self->rows != NULL)
    rt_session_rows_cancel (self->rows);
  g_set_object (&self->rows, rt_session_rows_of (view));
  g_signal_group_set_target (self->searching, self->rows);
  rt_exchange_model_set_view (self->model, self->rows == NULL ? view : NULL);
  self->updating = TRUE;
  gtk_single_selection_set_model (self->selection, get_model (self));
  self->updating = FALSE;
  if (self->rows != NULL)
    rt_session_rows_search (self->rows, self->chosen, self->order, self->descending);
  g_signal_group_set_target (self->signals, view);
  rt_fields_pane_set_view (self->fields, view);
  rt_filter_help_set_analysis (self->help, NULL);
  rt_bytes_pane_set_view (self->bytes, view);
  update_details (self);
  rt_meaning_pane_set_view (self->meaning, view);
  if (view != NULL)
    changed_cb (self);
}

/** rt_inspector_set_narrow: @narrow: one pane at a time */
void
rt_inspector_set_narrow (RtInspector *self, gboolean narrow)
{
  adw_leaflet_set_can_unfold (self->leaflet, !narrow);
}

/**
 * rt_inspector_dup_listed:
 *
 * Returns: (transfer full) (element-type guint): ids of the exchanges that are listed, of those
 * that the view holds
 */
GArray *
rt_inspector_dup_listed (RtInspector *self)
{
  return rt_exchange_model_dup_ids (self->model);
}

/** rt_inspector_set_comparing: @words: (nullable): which exchange waits for another */
void
rt_inspector_set_comparing (RtInspector *self, const char *words)
{
  gtk_label_set_text (self->comparing_words, words != NULL ? words : "");
  gtk_widget_set_visible (self->comparing, words != NULL);
}

/** rt_inspector_focus_filter: lets the user write a filter */
void
rt_inspector_focus_filter (RtInspector *self)
{
  gtk_search_bar_set_search_mode (self->filter_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (self->filter));
}

/** rt_inspector_focus_pane: @by: how many panes further; 0: the list */
void
rt_inspector_focus_pane (RtInspector *self, int by)
{
  GtkWidget *panes[N_PANES] = { GTK_WIDGET (self->list), GTK_WIDGET (self->fields),
                                GTK_WIDGET (self->bytes), GTK_WIDGET (self->meaning) };
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  int at = 0;

  for (int i = 0; by != 0 && focus != NULL && i < N_PANES; i++)
    if (focus == panes[i] || gtk_widget_is_ancestor (focus, panes[i]))
      at = i;
  gtk_widget_grab_focus (panes[CLAMP (at + by, 0, N_PANES - 1)]);
}

/**
 * rt_inspector_focus_next:
 * @by: 1 or -1
 *
 * Returns: whether the focus is in a pane that can be seen, and there was another on that side
 */
gboolean
rt_inspector_focus_next (RtInspector *self, int by)
{
  GtkWidget *const panes[]
      = { GTK_WIDGET (self->list), GTK_WIDGET (self->fields), GTK_WIDGET (self->meaning),
          GTK_WIDGET (self->bytes), GTK_WIDGET (self->body) };
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  int at = -1;

  for (int i = 0; focus != NULL && i < (int)G_N_ELEMENTS (panes); i++)
    if (focus == panes[i] || gtk_widget_is_ancestor (focus, panes[i]))
      at = i;
  for (int i = at + by; at >= 0 && i >= 0 && i < (int)G_N_ELEMENTS (panes); i += by)
    if (gtk_widget_get_mapped (panes[i])
        && (gtk_widget_grab_focus (panes[i])
            || gtk_widget_child_focus (panes[i], GTK_DIR_TAB_FORWARD)))
      return TRUE;
  return FALSE;
}

static gboolean
update_wide (gpointer data)
{
  RtInspector *self = data;

  if (self->bytes != NULL)
    update_details (self);
  g_object_unref (self);
  return G_SOURCE_REMOVE;
}

static void
rt_inspector_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RtInspector *self = RT_INSPECTOR (widget);
  gboolean wide = width >= WIDE;

  gtk_widget_allocate (GTK_WIDGET (self->leaflet), width, height, baseline, NULL);
  if (self->wide == wide)
    return;
  self->wide = wide;
  g_idle_add_full (GTK_PRIORITY_RESIZE, update_wide, g_object_ref (self), NULL);
}

static void
rt_inspector_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (RT_INSPECTOR (widget)->leaflet), orientation, for_size, minimum,
                      natural, minimum_baseline, natural_baseline);
}

static void
rt_inspector_dispose (GObject *object)
{
  RtInspector *self = RT_INSPECTOR (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->searching);
  g_clear_object (&self->view);
  self->bytes = NULL;
  g_clear_pointer ((GtkWidget **)&self->help, gtk_widget_unparent);
  if (self->leaflet != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->leaflet));
  self->leaflet = NULL;
  g_clear_object (&self->model);
  if (self->rows != NULL)
    rt_session_rows_cancel (self->rows);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->chosen, rt_filter_unref);
  G_OBJECT_CLASS (rt_inspector_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RtInspector, leaflet);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, list_pane);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, count);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, comparing);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, comparing_words);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, filter_button);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, filter_bar);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, filter);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, filter_error);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, list_stack);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, list);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, selection);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, empty);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, request);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, response);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, message_title);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, fields);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, details);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, details_switch);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, details_title);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, reconstructed);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, meaning_button);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, bytes_button);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, body_button);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, body);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, raw);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, hex);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, bytes);
  gtk_widget_class_bind_template_child (widget_class, RtInspector, meaning);
}

static void
rt_inspector_class_init (RtInspectorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_inspector_dispose;
  widget_class->size_allocate = rt_inspector_size_allocate;
  widget_class->measure = rt_inspector_measure;
  g_type_ensure (RT_TYPE_FIELDS_PANE);
  g_type_ensure (RT_TYPE_BYTES_PANE);
  g_type_ensure (RT_TYPE_BODY_PANE);
  g_type_ensure (RT_TYPE_MEANING_PANE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-inspector.ui");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, setup_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, side_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, details_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, hex_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, raw_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_stopped_cb);
  gtk_widget_class_install_action (widget_class, "inspector.back", NULL, navigate_cb);
  gtk_widget_class_install_action (widget_class, "inspector.forward", NULL, navigate_cb);
}

static void
add_order_actions (RtInspector *self)
{
  static const GActionEntry entries[] = {
    { "by", NULL, "i", "0", order_cb },
    { "descending", NULL, NULL, "false", descending_cb },
  };
  g_autoptr (GSimpleActionGroup) group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (group), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "order", G_ACTION_GROUP (group));
}

static void
rt_inspector_init (RtInspector *self)
{
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  self->searching = g_signal_group_new (RT_TYPE_SESSION_ROWS);
  self->model = rt_exchange_model_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (self->model));
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (selected_cb), self);
  g_signal_group_connect_swapped (self->signals, "wanted", G_CALLBACK (wanted_cb), self);
  g_signal_group_connect_swapped (self->searching, "progress", G_CALLBACK (update_count), self);
  add_order_actions (self);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (row_selected_cb),
                           self, G_CONNECT_SWAPPED);
  rt_context_menu_attach (GTK_WIDGET (self->list), make_list_menu, self);
  self->help = rt_filter_help_new (GTK_EDITABLE (self->filter));
  update_details (self);
  update_count (self);
}
