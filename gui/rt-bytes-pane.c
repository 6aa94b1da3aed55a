/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A text that knows of each byte where it stands in it. Line breaks are shown and not only made;
 * what is no character is shown as its number. The caret is the selection: where it stands, the
 * element that the byte belongs to is marked everywhere. */
#include "rt-bytes-pane.h"

#include "rt-element.h"
#include "rt-exchange-menu.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/** MAX_SHOWN: bytes of a message that are shown. */
#define MAX_SHOWN (64 * 1024)
/** MAX_LINE: characters; a text view lays out a line at a time, and longer ones take it seconds. */
#define MAX_LINE 2000
#define HEX_COLUMNS 16

struct _RtBytesPane
{
  GtkWidget parent_instance;

  RtView *view;
  GSignalGroup *signals;
  const RtTransfer *shown;
  RtSpan span; /* that is shown */
  GArray *at;  /* gint: character offset of each byte; one more for the end */
  gboolean hex, updating;

  GtkWidget *scrolled;
  GtkTextView *text;
  GtkTextTag *plain, *mark, *dim, *bold;
};

G_DEFINE_FINAL_TYPE (RtBytesPane, rt_bytes_pane, GTK_TYPE_WIDGET)

/* Text under construction: characters are counted, because text buffers count them. */
typedef struct
{
  GString *text;
  gint n;
  GArray *at, *dim; /* gint; pairs of gint */
} Builder;

static void
append (Builder *builder, const char *text, gboolean dim)
{
  gint from = builder->n;

  g_string_append (builder->text, text);
  builder->n += (gint)g_utf8_strlen (text, -1);
  if (!dim)
    return;
  g_array_append_val (builder->dim, from);
  g_array_append_val (builder->dim, builder->n);
}

static void
note_byte (Builder *builder)
{
  g_array_append_val (builder->at, builder->n);
}

/* One character or one line break; returns its bytes. */
static gsize
append_character (Builder *builder, const guchar *bytes, gsize left)
{
  gunichar c = g_utf8_get_char_validated ((const char *)bytes, (gssize)MIN (left, 6));
  char words[8];

  if (left >= 2 && bytes[0] == '\r' && bytes[1] == '\n')
    {
      append (builder, " \\r\\n", TRUE);
      append (builder, "\n", FALSE);
      return 2;
    }
  if (bytes[0] == '\n')
    {
      append (builder, "\n", FALSE);
      return 1;
    }
  if (c != (gunichar)-1 && c != (gunichar)-2 && (g_unichar_isprint (c) || c == '\t'))
    {
      char utf8[8] = { 0 };

      g_unichar_to_utf8 (c, utf8);
      append (builder, utf8, FALSE);
      return (gsize)g_utf8_skip[bytes[0]];
    }
  g_snprintf (words, sizeof words, "\\x%02x", bytes[0]);
  append (builder, words, TRUE);
  return 1;
}

static void
build_text (Builder *builder, const guchar *bytes, gsize length)
{
  gint line = 0;

  for (gsize i = 0; i < length;)
    {
      gint from = builder->n;
      gsize taken;

      if (i == 0 || bytes[i - 1] == '\n')
        line = from;
      else if (from - line >= MAX_LINE)
        {
          append (builder, "\n", TRUE);
          line = from = builder->n;
        }
      taken = append_character (builder, bytes + i, length - i);

      for (gsize j = 0; j < taken; j++)
        g_array_append_val (builder->at, from);
      i += taken;
    }
  note_byte (builder);
}

static void
build_hex (Builder *builder, const guchar *bytes, gsize length)
{
  char words[16];

  for (gsize row = 0; row < length; row += HEX_COLUMNS)
    {
      g_snprintf (words, sizeof words, "%05zx  ", row);
      append (builder, words, TRUE);
      for (gsize i = row; i < row + HEX_COLUMNS; i++)
        {
          if (i < length)
            note_byte (builder);
          g_snprintf (words, sizeof words, i < length ? "%02x " : "   ", i < length ? bytes[i] : 0);
          append (builder, words, FALSE);
        }
      append (builder, " ", FALSE);
      for (gsize i = row; i < MIN (row + HEX_COLUMNS, length); i++)
        {
          g_snprintf (words, sizeof words, "%c", g_ascii_isprint (bytes[i]) ? bytes[i] : '.');
          append (builder, words, TRUE);
        }
      append (builder, "\n", FALSE);
    }
  note_byte (builder);
}

static GtkTextBuffer *
get_buffer (RtBytesPane *self)
{
  return gtk_text_view_get_buffer (self->text);
}

static void
apply_tag (RtBytesPane *self, GtkTextTag *tag, gint from, gint to)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &start, from);
  gtk_text_buffer_get_iter_at_offset (get_buffer (self), &end, to);
  gtk_text_buffer_apply_tag (get_buffer (self), tag, &start, &end);
}

/* Character range of a span, as far as it is shown. */
static gboolean
find_range (RtBytesPane *self, RtSpan span, gint *ret_from, gint *ret_to)
{
  guint64 from, to;

  if (rt_span_is_none (span) || span.buffer != self->span.buffer || self->at->len == 0
      || span.offset < self->span.offset)
    return FALSE;
  from = span.offset - self->span.offset;
  to = MIN (from + span.length, self->at->len - 1);
  if (from >= self->at->len)
    return FALSE;
  *ret_from = g_array_index (self->at, gint, from);
  *ret_to = self->hex && to > from ? g_array_index (self->at, gint, to - 1) + 2
                                   : g_array_index (self->at, gint, to);
  return TRUE;
}

static void
mark_span (RtBytesPane *self)
{
  GtkTextBuffer *buffer = get_buffer (self);
  GtkTextIter start, end;
  gint from, to;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag (buffer, self->mark, &start, &end);
  if (!find_range (self, rt_view_get_selection (self->view).span, &from, &to))
    return;
  apply_tag (self, self->mark, from, to);
  gtk_text_buffer_get_iter_at_offset (buffer, &start, from);
  if (!gtk_widget_has_focus (GTK_WIDGET (self->text)))
    {
      gtk_text_buffer_place_cursor (buffer, &start);
      gtk_text_view_scroll_to_iter (self->text, &start, 0.1, FALSE, 0, 0);
    }
}

static void
show_bytes (RtBytesPane *self, GBytes *bytes)
{
  Builder builder = { .text = g_string_new (NULL),
                      .at = self->at,
                      .dim = g_array_new (FALSE, FALSE, sizeof (gint)) };
  gsize length;
  const guchar *data = g_bytes_get_data (bytes, &length);

  if (self->hex)
    build_hex (&builder, data, length);
  else
    build_text (&builder, data, length);
  if (self->span.length > length)
    {
      g_autofree char *more = g_strdup_printf (_ ("\n… and %" G_GUINT64_FORMAT " bytes more"),
                                               (guint64)(self->span.length - length));

      append (&builder, more, TRUE);
    }
  gtk_text_buffer_set_text (get_buffer (self), builder.text->str, (int)builder.text->len);
  apply_tag (self, self->plain, 0, builder.n);
  for (guint i = 0; i + 1 < builder.dim->len; i += 2)
    apply_tag (self, self->dim, g_array_index (builder.dim, gint, i),
               g_array_index (builder.dim, gint, i + 1));
  g_array_unref (builder.dim);
  g_string_free (builder.text, TRUE);
}

/* Names stand out: what the analysis says are names. */
static void
embolden (RtBytesPane *self, const RtMessage *message)
{
  guint n = message->fields != NULL ? rt_fields_get_length (message->fields) : 0;
  gint from, to;

  if (self->hex)
    return;
  if (find_range (self, message->start_line, &from, &to))
    apply_tag (self, self->bold, from, to);
  for (guint i = 0; i < n; i++)
    if (find_range (self, rt_fields_get (message->fields, i)->name_span, &from, &to))
      apply_tag (self, self->bold, from, to);
}

static void
show_transfer (RtBytesPane *self, const RtTransfer *transfer)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  RtSpan part;

  self->shown = transfer;
  g_array_set_size (self->at, 0);
  self->span = transfer != NULL ? transfer->whole : RT_SPAN_NONE;
  if (rt_span_is_none (self->span))
    {
      gtk_text_buffer_set_text (get_buffer (self), "", 0);
      return;
    }
  part = rt_span_sub (self->span, 0, MIN (self->span.length, MAX_SHOWN));
  bytes = rt_analysis_dup_bytes (rt_view_get_analysis (self->view), part, &error);
  if (bytes == NULL)
    {
      gtk_text_buffer_set_text (get_buffer (self), error->message, -1);
      return;
    }
  show_bytes (self, bytes);
  embolden (self, transfer->message);
}

static void
selected_cb (RtBytesPane *self)
{
  const RtTransfer *transfer = rt_view_get_transfer (self->view);

  self->updating = TRUE;
  if (transfer != self->shown)
    show_transfer (self, transfer);
  mark_span (self);
  self->updating = FALSE;
}

static void
changed_cb (RtBytesPane *self)
{
  self->updating = TRUE;
  show_transfer (self, rt_view_get_transfer (self->view));
  mark_span (self);
  self->updating = FALSE;
}

/* The last byte that stands at or before a character. */
static guint
byte_at (RtBytesPane *self, gint character)
{
  guint low = 0, high = self->at->len;

  while (low < high)
    {
      guint middle = (low + high) / 2;

      if (g_array_index (self->at, gint, middle) <= character)
        low = middle + 1;
      else
        high = middle;
    }
  /* The bytes of one character share its place: the first of them. */
  while (low > 1
         && g_array_index (self->at, gint, low - 2) == g_array_index (self->at, gint, low - 1))
    low--;
  return low > 0 ? low - 1 : 0;
}

static void
caret_cb (RtBytesPane *self)
{
  RtViewSelection selection;
  gint position;
  RtSpan found;

  if (self->updating || self->view == NULL || self->shown == NULL || self->at->len == 0)
    return;
  g_object_get (get_buffer (self), "cursor-position", &position, NULL);
  selection = rt_view_get_selection (self->view);
  found = rt_elements_find (self->shown, self->span.buffer,
                            self->span.offset + byte_at (self, position));
  if (!rt_span_is_none (found))
    rt_view_select (self->view, selection.exchange, selection.request, found);
}

void
rt_bytes_pane_set_view (RtBytesPane *self, RtView *view)
{
  if (!g_set_object (&self->view, view))
    return;
  g_signal_group_set_target (self->signals, view);
  self->shown = NULL;
  if (view != NULL)
    changed_cb (self);
}

/** rt_bytes_pane_set_hex: @hex: bytes as numbers, not as text */
void
rt_bytes_pane_set_hex (RtBytesPane *self, gboolean hex)
{
  if (self->hex == hex)
    return;
  self->hex = hex;
  /* A line of a message may be wrapped: where it ends is written out. A row of numbers may not. */
  gtk_text_view_set_wrap_mode (self->text, hex ? GTK_WRAP_NONE : GTK_WRAP_CHAR);
  if (self->view != NULL)
    changed_cb (self);
}

static void
update_colours (RtBytesPane *self)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());

  g_object_set (self->mark, "background", dark ? "#2b4a7d" : "#b9d6fb", NULL);
  g_object_set (self->dim, "foreground", dark ? "#9aa1ad" : "#6b7280", NULL);
}

static gboolean
grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (RT_BYTES_PANE (widget)->text));
}

static void
rt_bytes_pane_dispose (GObject *object)
{
  RtBytesPane *self = RT_BYTES_PANE (object);

  self->updating = TRUE;
  g_clear_object (&self->signals);
  g_clear_object (&self->view);
  g_clear_pointer (&self->scrolled, gtk_widget_unparent);
  g_clear_pointer (&self->at, g_array_unref);
  G_OBJECT_CLASS (rt_bytes_pane_parent_class)->dispose (object);
}

static void
rt_bytes_pane_class_init (RtBytesPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = rt_bytes_pane_dispose;
  widget_class->grab_focus = grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/roundtrip/Roundtrip/rt-bytes-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RtBytesPane, scrolled);
  gtk_widget_class_bind_template_child (widget_class, RtBytesPane, text);
}

static void
rt_bytes_pane_init (RtBytesPane *self)
{
  g_autoptr (GMenuModel) menu = rt_element_menu_new ();
  GtkTextBuffer *buffer;

  self->at = g_array_new (FALSE, FALSE, sizeof (gint));
  self->signals = g_signal_group_new (RT_TYPE_VIEW);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_text_view_set_extra_menu (self->text, menu);
  buffer = get_buffer (self);
  /* A hyphen where a line is wrapped would look like a byte. */
  self->plain = gtk_text_buffer_create_tag (buffer, NULL, "insert-hyphens", FALSE, NULL);
  self->bold = gtk_text_buffer_create_tag (buffer, NULL, "weight", PANGO_WEIGHT_BOLD, NULL);
  self->dim = gtk_text_buffer_create_tag (buffer, NULL, NULL);
  self->mark = gtk_text_buffer_create_tag (buffer, NULL, NULL);
  update_colours (self);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (update_colours), self, G_CONNECT_SWAPPED);
  g_signal_group_connect_swapped (self->signals, "changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "selected", G_CALLBACK (selected_cb), self);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (caret_cb), self,
                           G_CONNECT_SWAPPED);
}
