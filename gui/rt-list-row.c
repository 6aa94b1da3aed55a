/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two lines: method pill, target over who asked whom, status pill, size over duration. Colours are
 * those of the timeline, by the kind that the message is drawn as there. */
#include "rt-list-row.h"

#include "rt-appearance.h"
#include "rt-note.h"
#include "rt-notebook.h"

#include <glib/gi18n.h>

#define HEIGHT 46
#define PAD 8
#define METHOD_WIDTH 58
#define STATUS_WIDTH 42
#define RADIUS 10.0f
/* Below, size and duration have no room. */
#define NARROW 250
#define MINIMUM 150
#define NATURAL 260

struct _RtListRow
{
  GtkWidget parent_instance;

  char *method, *target, *parties, *status, *size, *duration, *words;
  RtTimelineKind request_kind, response_kind;
  RtFilterMarks marks;
  guint exchange;
  RtExchangeItem *item;
};

G_DEFINE_FINAL_TYPE (RtListRow, rt_list_row, GTK_TYPE_WIDGET)

static void
clear (RtListRow *self)
{
  g_clear_pointer (&self->method, g_free);
  g_clear_pointer (&self->target, g_free);
  g_clear_pointer (&self->parties, g_free);
  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->size, g_free);
  g_clear_pointer (&self->duration, g_free);
  g_clear_pointer (&self->words, g_free);
  self->marks = RT_FILTER_UNMARKED;
}

static PangoLayout *
new_line (RtListRow *self, const char *text, const char *font, double width)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoFontDescription *description = pango_font_description_from_string (font);

  pango_layout_set_font_description (layout, description);
  pango_font_description_free (description);
  if (width > 0)
    {
      pango_layout_set_width (layout, (int)(width * PANGO_SCALE));
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
    }
  return layout;
}

/* @align: 0 = left, 0.5 = centred, 1 = right within @width. */
static void
draw_text (RtListRow *self,
           GtkSnapshot *snapshot,
           const char *text,
           const char *font,
           const RtColor *color,
           double x,
           double y,
           double width,
           double align)
{
  g_autoptr (PangoLayout) layout = new_line (self, text, font, align == 0 ? width : -1);
  int text_width, text_height;

  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float)(x + (width - text_width) * align),
                                                          (float)(y - text_height / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout,
                              &(GdkRGBA){ color->red, color->green, color->blue, color->alpha });
  gtk_snapshot_restore (snapshot);
}

static void
draw_pill (RtListRow *self,
           GtkSnapshot *snapshot,
           const char *text,
           RtTimelineKind kind,
           double x,
           double width)
{
  const RtTheme *theme = rt_theme_get (rt_appearance_get_scheme ());
  const RtColor *fill = &theme->fill[kind];
  GskRoundedRect outline;
  double height = gtk_widget_get_height (GTK_WIDGET (self));
  float radius = RADIUS * (float)rt_appearance_get_text_scale (GTK_WIDGET (self));

  gsk_rounded_rect_init_from_rect (
      &outline,
      &GRAPHENE_RECT_INIT ((float)x, (float)(height / 2 - radius), (float)width, 2 * radius),
      radius);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (
      snapshot, &(GdkRGBA){ fill->red, fill->green, fill->blue, fill->alpha }, &outline.bounds);
  gtk_snapshot_pop (snapshot);
  draw_text (self, snapshot, text, "JetBrains Mono Bold 9", &theme->ink[kind], x, height / 2, width,
             0.5);
}

/* A mark is a bar at the edge; a note a bar with a knob. */
static void
draw_marks (RtListRow *self, GtkSnapshot *snapshot, const RtTheme *theme, double height)
{
  const GdkRGBA ink = { theme->now.red, theme->now.green, theme->now.blue, theme->now.alpha };
  float scale = (float)rt_appearance_get_text_scale (GTK_WIDGET (self));

  if (self->marks == RT_FILTER_UNMARKED)
    return;
  gtk_snapshot_append_color (
      snapshot, &ink, &GRAPHENE_RECT_INIT (0, 4 * scale, 3 * scale, (float)height - 8 * scale));
  if (self->marks & RT_FILTER_NOTED)
    gtk_snapshot_append_color (
        snapshot, &ink,
        &GRAPHENE_RECT_INIT (0, (float)height / 2 - 6 * scale, 7 * scale, 12 * scale));
}

static void
rt_list_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  RtListRow *self = RT_LIST_ROW (widget);
  const RtTheme *theme = rt_theme_get (rt_appearance_get_scheme ());
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double scale = rt_appearance_get_text_scale (widget), line = 9 * scale;
  double right = width >= NARROW * scale ? 62 * scale : 0;
  double x = PAD + METHOD_WIDTH * scale + 8;
  double status = STATUS_WIDTH * scale;
  double end = width - PAD - right - status - 8;

  if (self->method == NULL)
    return;
  draw_pill (self, snapshot, self->method, self->request_kind, PAD, METHOD_WIDTH * scale);
  draw_text (self, snapshot, self->target, "JetBrains Mono 9.5", &theme->text, x, height / 2 - line,
             end - x, 0);
  draw_text (self, snapshot, self->parties, "Cantarell 8.5", &theme->dim, x, height / 2 + line,
             end - x, 0);
  draw_pill (self, snapshot, self->status, self->response_kind, end + 8, status);
  draw_marks (self, snapshot, theme, height);
  if (right == 0)
    return;
  draw_text (self, snapshot, self->size, "Cantarell 8.5", &theme->dim, width - PAD - right,
             height / 2 - line, right, 1);
  draw_text (self, snapshot, self->duration, "Cantarell 8.5", &theme->dim, width - PAD - right,
             height / 2 + line, right, 1);
}

static void
rt_list_row_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  double scale = rt_appearance_get_text_scale (widget);

  *minimum = (int)((orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : MINIMUM) * scale);
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? *minimum : (int)(NATURAL * scale);
}

static void
rt_list_row_finalize (GObject *object)
{
  clear (RT_LIST_ROW (object));
  g_clear_object (&RT_LIST_ROW (object)->item);
  G_OBJECT_CLASS (rt_list_row_parent_class)->finalize (object);
}

static void
rt_list_row_class_init (RtListRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = rt_list_row_finalize;
  widget_class->snapshot = rt_list_row_snapshot;
  widget_class->measure = rt_list_row_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
rt_list_row_init (RtListRow *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  rt_appearance_watch (self, G_CALLBACK (gtk_widget_queue_draw));
}

GtkWidget *
rt_list_row_new (void)
{
  return g_object_new (RT_TYPE_LIST_ROW, NULL);
}

static char *
dup_shown (RtText text, const char *otherwise)
{
  return text.length > 0 ? rt_text_escape (text) : g_strdup (otherwise);
}

static const char *
party_name (RtAnalysis *analysis, RtPartyId id)
{
  const RtPartyInfo *party = rt_analysis_get_party (analysis, id);

  return party != NULL ? party->name : "?";
}

static char *
dup_time (RtTime took)
{
  if (took < RT_TIME_SEC)
    return g_strdup_printf ("%.1f ms", (double)took / RT_TIME_MSEC);
  return g_strdup_printf ("%.2f s", (double)took / RT_TIME_SEC);
}

static char *
dup_duration (const RtExchange *exchange)
{
  RtTime took = exchange->ended != RT_TIME_UNKNOWN ? exchange->ended - exchange->started : 0;

  if (exchange->ended == RT_TIME_UNKNOWN)
    return g_strdup ("…");
  return dup_time (took);
}

static RtTimelineKind
kind_of (RtView *view, guint exchange, gboolean request)
{
  const RtTimelineModel *model = rt_view_get_model (view);
  guint i = rt_timeline_model_find (model, exchange, request);

  if (i == RT_TIMELINE_NONE)
    return request ? RT_TIMELINE_REQUEST : RT_TIMELINE_RESPONSE;
  return rt_timeline_model_get_message (model, i)->kind;
}

static void
fill (RtListRow *self, RtView *view, const RtExchange *exchange)
{
  RtAnalysis *analysis = rt_view_get_analysis (view);
  const RtMessage *request = exchange->request != NULL ? exchange->request->message : NULL;
  const RtMessage *response = exchange->response != NULL ? exchange->response->message : NULL;

  self->method = request != NULL ? dup_shown (request->method, "…") : g_strdup ("–");
  self->target = request != NULL ? dup_shown (request->target, "…") : g_strdup ("–");
  self->parties = g_strdup_printf ("%s → %s%s", party_name (analysis, exchange->client),
                                   party_name (analysis, exchange->server),
                                   exchange->reconstructed ? _ (", reconstructed") : "");
  self->status = response != NULL           ? g_strdup_printf ("%u", response->status)
                 : exchange->failed != NULL ? g_strdup ("✗")
                                            : g_strdup ("…");
  self->size = exchange->response != NULL ? g_format_size (exchange->response->content_length)
                                          : g_strdup ("");
  self->duration = dup_duration (exchange);
  self->request_kind = kind_of (view, exchange->id, TRUE);
  self->response_kind = response == NULL && exchange->failed != NULL
                            ? RT_TIMELINE_ERROR
                            : kind_of (view, exchange->id, FALSE);
  self->marks = rt_notebook_get_state (rt_notebook_of (view), exchange->id);
  self->words = g_strdup_printf (_ ("%s %s, %s, answered %s, %s, %s%s"), self->method, self->target,
                                 self->parties, self->status, self->size, self->duration,
                                 self->marks & RT_FILTER_NOTED    ? _ (", with a note")
                                 : self->marks & RT_FILTER_MARKED ? _ (", marked")
                                                                  : "");
}

static char *
dup_text (const char *text)
{
  return text != NULL ? rt_text_escape (rt_text (text)) : g_strdup ("–");
}

/* A row of a session file: it has no note of what was wrong, but for a failure. */
static void
fill_row (RtListRow *self, const RtExchangeRow *row)
{
  gboolean failed = row->flags & RT_TRAIT_FAILED;
  g_autofree char *client = dup_text (row->client), *server = dup_text (row->server);

  self->method = dup_text (row->method);
  self->target = dup_text (row->target);
  self->parties = g_strdup_printf ("%s → %s", client, server);
  self->status = row->status != 0 ? g_strdup_printf ("%u", row->status)
                 : failed         ? g_strdup ("✗")
                                  : g_strdup ("…");
  self->size = g_format_size (row->response_bytes);
  self->duration = row->duration != RT_TIME_NEVER ? dup_time (row->duration) : g_strdup ("…");
  self->request_kind
      = row->flags & RT_TRAIT_PREFLIGHT ? RT_TIMELINE_PREFLIGHT : RT_TIMELINE_REQUEST;
  self->response_kind = failed                             ? RT_TIMELINE_ERROR
                        : row->flags & RT_TRAIT_FROM_CACHE ? RT_TIMELINE_CACHE
                                                           : RT_TIMELINE_RESPONSE;
  self->words = g_strdup_printf (_ ("%s %s, %s, answered %s, %s, %s%s"), self->method, self->target,
                                 self->parties, self->status, self->size, self->duration, "");
}

static void
update (RtListRow *self)
{
  RtExchangeItem *item = self->item;
  RtView *view = item != NULL ? rt_exchange_item_get_view (item) : NULL;
  const RtExchangeRow *row = item != NULL ? rt_exchange_item_get_row (item) : NULL;
  const RtExchange *exchange
      = view != NULL
            ? rt_analysis_get_exchange (rt_view_get_analysis (view), rt_exchange_item_get_id (item))
            : NULL;

  clear (self);
  self->exchange = item != NULL ? rt_exchange_item_get_id (item) : 0;
  if (exchange != NULL)
    fill (self, view, exchange);
  else if (row != NULL)
    fill_row (self, row);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->words != NULL ? self->words : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/** rt_list_row_set_item: @item: (nullable): what is shown; what is on its way is shown when it is
 * there */
void
rt_list_row_set_item (RtListRow *self, RtExchangeItem *item)
{
  if (self->item != NULL)
    g_signal_handlers_disconnect_by_data (self->item, self);
  g_set_object (&self->item, item);
  if (item != NULL && rt_exchange_item_get_view (item) == NULL)
    g_signal_connect_object (item, "loaded", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

/** rt_list_row_get_exchange: Returns: the id of the exchange that is shown; 0: none */
guint
rt_list_row_get_exchange (RtListRow *self)
{
  return self->exchange;
}

/** rt_list_row_get_words: Returns: (nullable): all of it as a sentence */
const char *
rt_list_row_get_words (RtListRow *self)
{
  return self->words;
}
