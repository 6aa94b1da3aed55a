/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON is indented as it stands: a text that is no JSON comes out with all its characters, too.
 * Forms get a line a field, streams an entry an event; of parts each is shown by its own type,
 * pictures as pictures. What is no text is shown in numbers. A text view lays out a line at a time,
 * so lines that are too long are broken; that, and whatever else is not as it was, is said. */
#include "rt-body-text.h"

#include "rt-event-stream.h"
#include "rt-media-type.h"
#include "rt-multipart.h"

#include <glib/gi18n.h>
#include <string.h>

/** MAX_TEXT: bytes of content that are shown. */
#define MAX_TEXT (512 * 1024)
#define MAX_HEX (16 * 1024)
/** MAX_LINE: bytes of a line that is not broken. */
#define MAX_LINE 4000
/** MAX_PICTURES: of one content. */
#define MAX_PICTURES 20
/** MAX_DEPTH: of indented JSON; deeper stays as deep. */
#define MAX_DEPTH 64
#define HEX_COLUMNS 16
/** MAX_NESTED: parts in parts that are told apart. */
#define MAX_NESTED 3
/** MAX_ENTRIES: parts or events that are listed. */
#define MAX_ENTRIES 1000

static void
new_line (GString *out, guint depth)
{
  g_string_append_c (out, '\n');
  for (guint i = 0; i < MIN (depth, MAX_DEPTH); i++)
    g_string_append (out, "  ");
}

/* Where a string that begins at @text ends: behind its quote. */
static const char *
skip_string (const char *text, const char *end)
{
  for (text++; text < end && *text != '"'; text++)
    if (*text == '\\' && text + 1 < end)
      text++;
  return MIN (text + 1, end);
}

static const char *
skip_space (const char *text, const char *end)
{
  while (text < end && g_ascii_isspace (*text))
    text++;
  return text;
}

static char *
indent_json (const char *text, gsize length)
{
  GString *out = g_string_new (NULL);
  const char *end = text + length;
  guint depth = 0;

  /* Brackets in brackets grow by the square. */
  while ((text = skip_space (text, end)) < end && out->len < 2 * MAX_TEXT)
    {
      const char *next = text + 1;

      if (*text == '"')
        {
          next = skip_string (text, end);
          g_string_append_len (out, text, next - text);
        }
      else if (*text == '{' || *text == '[')
        {
          const char *inner = skip_space (next, end);

          g_string_append_c (out, *text);
          if (inner < end && (*inner == '}' || *inner == ']'))
            {
              g_string_append_c (out, *inner);
              next = inner + 1;
            }
          else
            new_line (out, ++depth);
        }
      else if (*text == '}' || *text == ']')
        {
          depth = depth > 0 ? depth - 1 : 0;
          new_line (out, depth);
          g_string_append_c (out, *text);
        }
      else
        g_string_append_c (out, *text);
      if (*text == ',')
        new_line (out, depth);
      else if (*text == ':')
        g_string_append_c (out, ' ');
      text = next;
    }
  return g_string_free (out, FALSE);
}

/* `a=1&b=2`: a line each, with what the escapes stand for. */
static char *
list_form (const char *text)
{
  g_auto (GStrv) fields = g_strsplit (text, "&", -1);
  GString *out = g_string_new (NULL);

  for (guint i = 0; fields[i] != NULL; i++)
    {
      g_autofree char *spaced = g_strdelimit (g_strdup (fields[i]), "+", ' ');
      g_autofree char *plain = g_uri_unescape_string (spaced, NULL);
      const char *shown = plain != NULL && g_utf8_validate (plain, -1, NULL) ? plain : fields[i];
      const char *equals = strchr (shown, '=');

      if (equals != NULL)
        g_string_append_printf (out, "%.*s = %s\n", (int)(equals - shown), shown, equals + 1);
      else
        g_string_append_printf (out, "%s\n", shown);
    }
  return g_string_free (out, FALSE);
}

static char *
list_hex (const guchar *data, gsize length)
{
  GString *out = g_string_new (NULL);

  for (gsize row = 0; row < MIN (length, MAX_HEX); row += HEX_COLUMNS)
    {
      g_string_append_printf (out, "%05zx  ", row);
      for (gsize i = row; i < row + HEX_COLUMNS; i++)
        if (i < length)
          g_string_append_printf (out, "%02x ", data[i]);
        else
          g_string_append (out, "   ");
      g_string_append_c (out, ' ');
      for (gsize i = row; i < MIN (row + HEX_COLUMNS, length); i++)
        g_string_append_c (out, g_ascii_isprint (data[i]) ? (char)data[i] : '.');
      g_string_append_c (out, '\n');
    }
  return g_string_free (out, FALSE);
}

static gboolean
is_type (const char *media_type, const char *type)
{
  gsize length = strlen (type);

  return g_ascii_strncasecmp (media_type, type, length) == 0
         && (media_type[length] == '\0' || strchr ("; \t", media_type[length]) != NULL);
}

/* `application/problem+json` is JSON as well: RFC 6839 §3.1. */
static gboolean
has_suffix (const char *media_type, const char *suffix)
{
  gsize length = strcspn (media_type, "; \t"), own = strlen (suffix);

  return length > own && g_ascii_strncasecmp (media_type + length - own, suffix, own) == 0;
}

static const char *
language_of (const char *media_type)
{
  static const struct
  {
    const char *type, *language;
  } known[] = { { "text/html", "html" },        { "text/css", "css" },
                { "text/javascript", "js" },    { "application/javascript", "js" },
                { "application/xml", "xml" },   { "text/xml", "xml" },
                { "text/markdown", "markdown" } };

  if (is_type (media_type, "application/json") || has_suffix (media_type, "+json"))
    return "json";
  if (has_suffix (media_type, "+xml"))
    return "xml";
  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    if (is_type (media_type, known[i].type))
      return known[i].language;
  return NULL;
}

static void
append_text (GString *out, const char *label, RtText text)
{
  if (text.length == 0)
    return;
  g_string_append (out, label);
  g_string_append_len (out, text.at, (gssize)text.length);
}

/* An entry an event, in the words of what scripts hear of it. */
static char *
list_events (const char *data, gsize length)
{
  GString *out = g_string_new (NULL);
  RtText rest = { data, length };
  RtServerEvent event;

  for (guint n = 1; n <= MAX_ENTRIES && rt_event_stream_next (&rest, &event);)
    {
      g_autofree char *content = rt_server_event_dup_data (&event);

      if (event.n_data == 0)
        {
          append_text (out, _ ("No event: "), event.block);
          g_string_append (out, "\n\n");
          continue;
        }
      g_string_append_printf (out, _ ("Event %u"), n++);
      append_text (out, " · ", event.type);
      append_text (out, " · id ", event.id);
      if (!event.complete)
        g_string_append (out, _ (" · not ended: no script hears of it"));
      g_string_append_printf (out, "\n%s\n\n", content);
    }
  return g_string_free (out, FALSE);
}

/* A text that is being written */

typedef struct
{
  GString *out;
  GPtrArray *pictures;
  gsize line; /* bytes of the last line */
  gboolean cut, broken, escaped;
  char *charset; /* (nullable): that some of it was in */
} Writer;

/* All of it that there is room for. */
static void
append (Writer *writer, const char *text)
{
  for (const char *at = text; *at != '\0';)
    {
      const char *next = g_utf8_next_char (at);

      if (writer->out->len >= 2 * MAX_TEXT)
        {
          writer->cut = TRUE;
          return;
        }
      if (*at != '\n' && writer->line >= MAX_LINE)
        {
          g_string_append_c (writer->out, '\n');
          writer->line = 0;
          writer->broken = TRUE;
        }
      g_string_append_len (writer->out, at, next - at);
      writer->line = *at == '\n' ? 0 : writer->line + (gsize)(next - at);
      at = next;
    }
}

static void G_GNUC_PRINTF (2, 3) append_words (Writer *writer, const char *format, ...)
{
  g_autofree char *words = NULL;
  va_list arguments;

  va_start (arguments, format);
  words = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  append (writer, words);
}

static void
append_hex (Writer *writer, const char *data, gsize length)
{
  g_autofree char *text = list_hex ((const guchar *)data, length);

  writer->cut |= length > MAX_HEX;
  append (writer, text);
}

/* Characters */

/* Bytes that are no UTF-8 in a text that is otherwise. */
static char *
escape_invalid (const char *data, gsize length)
{
  GString *out = g_string_sized_new (length);

  for (const char *at = data, *end = data + length; at < end;)
    {
      const char *valid;

      g_utf8_validate_len (at, (gsize)(end - at), &valid);
      g_string_append_len (out, at, valid - at);
      if (valid < end)
        g_string_append_printf (out, "\\x%02x", (guint8)*valid++);
      at = valid;
    }
  return g_string_free (out, FALSE);
}

/* What the content says that it is in; %NULL: nothing, or UTF-8. */
static char *
dup_charset (const char *media_type)
{
  RtMediaType type;
  RtParameter parameter;
  g_autofree char *charset = NULL;

  if (!rt_mime_type_parse (rt_text (media_type), &type)
      || !rt_mime_type_find_parameter (&type, "charset", &parameter))
    return NULL;
  charset = rt_parameter_dup_value (&parameter);
  if (g_ascii_strcasecmp (charset, "utf-8") == 0 || g_ascii_strcasecmp (charset, "us-ascii") == 0)
    return NULL;
  return g_steal_pointer (&charset);
}

static gboolean
claims_text (const char *media_type)
{
  return g_ascii_strncasecmp (media_type, "text/", 5) == 0 || language_of (media_type) != NULL
         || is_type (media_type, "application/x-www-form-urlencoded");
}

/* A character may be cut at the end; nothing else may be amiss, and nothing be NUL. */
static gboolean
is_utf8 (const char *data, gsize *length)
{
  const char *valid;

  if (g_utf8_validate_len (data, *length, &valid))
    return TRUE;
  if ((gsize)(data + *length - valid) >= 4
      || g_utf8_get_char_validated (valid, data + *length - valid) != (gunichar)-2)
    return FALSE;
  *length = (gsize)(valid - data);
  return TRUE;
}

/* Returns: (nullable): @data as UTF-8; %NULL: it is no text. */
static char *
dup_text (Writer *writer, const char *media_type, const char *data, gsize length)
{
  g_autofree char *charset = claims_text (media_type) ? dup_charset (media_type) : NULL;
  gsize n_read;
  char *text = charset != NULL
                   ? g_convert (data, (gssize)length, "UTF-8", charset, &n_read, NULL, NULL)
                   : NULL;

  if (text != NULL && strlen (text) > 0)
    {
      g_free (writer->charset);
      writer->charset = rt_text_escape (rt_text (charset));
      return text;
    }
  g_free (text);
  if (is_utf8 (data, &length))
    return g_strndup (data, length);
  if (!claims_text (media_type) || memchr (data, '\0', length) != NULL)
    return NULL;
  writer->escaped = TRUE;
  return escape_invalid (data, length);
}

/* Content */

static void append_content (Writer *writer,
                            const char *media_type,
                            const char *data,
                            gsize length,
                            guint nested,
                            const char **ret_language);

static gboolean
append_picture (Writer *writer, const char *media_type, GBytes *bytes)
{
  g_autofree char *why_not = NULL;
  RtBodyPicture *picture;
  GdkTexture *texture
      = writer->pictures->len < MAX_PICTURES ? rt_body_image_new (bytes, &why_not) : NULL;

  if (texture == NULL)
    {
      if (why_not != NULL)
        append_words (writer, "%s\n", why_not);
      return FALSE;
    }
  picture = g_new (RtBodyPicture, 1);
  *picture = (RtBodyPicture){ (guint)g_utf8_strlen (writer->out->str, (gssize)writer->out->len),
                              texture, g_strdup (media_type) };
  g_ptr_array_add (writer->pictures, picture);
  return TRUE;
}

static void
append_part (Writer *writer, const RtPart *part, guint number, guint nested)
{
  RtText type = rt_text ("text/plain"), disposition = rt_text ("");
  g_autoptr (GBytes) bytes = g_bytes_new_static (part->content.at, part->content.length);
  g_autofree char *media_type = NULL;
  const char *language;

  /* RFC 2046 §5.1: text, where a part says nothing. */
  rt_part_find_field (part, "Content-Type", &type);
  rt_part_find_field (part, "Content-Disposition", &disposition);
  media_type = rt_text_escape (type);
  append_words (writer, _ ("Part %u · %s · %" G_GSIZE_FORMAT " bytes"), number, media_type,
                part->content.length);
  if (disposition.length > 0)
    {
      g_autofree char *words = rt_text_escape (disposition);

      append_words (writer, " · %s", words);
    }
  if (part->cut)
    append (writer, _ (" · cut: no delimiter follows"));
  append (writer, "\n");
  if (!rt_body_is_image (media_type) || !append_picture (writer, media_type, bytes))
    append_content (writer, media_type, part->content.at, part->content.length, nested + 1,
                    &language);
  append (writer, "\n\n");
}

/* Returns: whether it is multipart content with a boundary. */
static gboolean
append_parts (Writer *writer, const char *media_type, RtText content, guint nested)
{
  RtMediaType type;
  RtParameter parameter;
  g_autofree char *boundary = NULL;
  RtPart part;
  guint n = 0;

  if (nested >= MAX_NESTED || !rt_mime_type_parse (rt_text (media_type), &type)
      || !rt_text_equal_nocase (type.type, rt_text ("multipart"))
      || !rt_mime_type_find_parameter (&type, "boundary", &parameter))
    return FALSE;
  boundary = rt_parameter_dup_value (&parameter);
  while (n < MAX_ENTRIES && writer->out->len < MAX_TEXT
         && rt_multipart_next (&content, rt_text (boundary), &part))
    append_part (writer, &part, ++n, nested);
  if (n == 0)
    append (writer, _ ("No part: its boundary stands nowhere in it."));
  writer->cut |= n > 0 && !part.cut && rt_multipart_next (&content, rt_text (boundary), &part);
  return TRUE;
}

static char *
format_text (const char *media_type, const char *language, const char *text)
{
  if (g_strcmp0 (language, "json") == 0)
    return indent_json (text, strlen (text));
  if (is_type (media_type, "text/event-stream"))
    return list_events (text, strlen (text));
  if (is_type (media_type, "application/x-www-form-urlencoded"))
    return list_form (text);
  return g_strdup (text);
}

static void
append_content (Writer *writer,
                const char *media_type,
                const char *data,
                gsize length,
                guint nested,
                const char **ret_language)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;

  *ret_language = NULL;
  if (append_parts (writer, media_type, (RtText){ data, length }, nested) || length == 0)
    return;
  writer->cut |= length > MAX_TEXT;
  length = MIN (length, MAX_TEXT);
  text = dup_text (writer, media_type, data, length);
  if (text == NULL)
    {
      append_hex (writer, data, length);
      return;
    }
  *ret_language = language_of (media_type);
  shown = format_text (media_type, *ret_language, text);
  append (writer, shown);
}

static char *
dup_note (const Writer *writer)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  if (writer->cut)
    g_ptr_array_add (words, g_strdup (_ ("only the beginning is shown")));
  if (writer->charset != NULL)
    g_ptr_array_add (words, g_strdup_printf (_ ("as %s"), writer->charset));
  if (writer->escaped)
    g_ptr_array_add (words, g_strdup (_ ("bytes that are no UTF-8 are shown as \\xHH")));
  if (writer->broken)
    g_ptr_array_add (words, g_strdup (_ ("long lines are broken")));
  if (words->len == 0)
    return NULL;
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" · ", (char **)words->pdata);
}

static void
picture_free (gpointer data)
{
  RtBodyPicture *picture = data;

  g_object_unref (picture->texture);
  g_free (picture->media_type);
  g_free (picture);
}

/**
 * rt_body_text_new:
 * @media_type: of the field Content-Type; empty: not known
 * @bytes: the content, codings undone
 *
 * Returns: (transfer full): it, as it is shown
 */
RtBodyText *
rt_body_text_new (const char *media_type, GBytes *bytes)
{
  RtBodyText *text = g_new0 (RtBodyText, 1);
  Writer writer
      = { .out = g_string_new (NULL), .pictures = g_ptr_array_new_with_free_func (picture_free) };
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  append_content (&writer, media_type, data, length, 0, &text->language);
  text->note = dup_note (&writer);
  text->text = g_string_free (writer.out, FALSE);
  text->pictures = writer.pictures;
  g_free (writer.charset);
  return text;
}

void
rt_body_text_free (RtBodyText *text)
{
  g_free (text->text);
  g_free (text->note);
  g_ptr_array_unref (text->pictures);
  g_free (text);
}
