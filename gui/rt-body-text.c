/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * JSON is indented as it stands: a text that is no JSON comes out with all its characters, too.
 * Forms get a line a field, streams an entry an event; of parts each is shown by its own type. What
 * is no text is shown in numbers. */
#include "rt-body-text.h"

#include "rt-event-stream.h"
#include "rt-media-type.h"
#include "rt-multipart.h"

#include <glib/gi18n.h>
#include <string.h>

/** MAX_TEXT: bytes of content that are shown. */
#define MAX_TEXT (512 * 1024)
#define MAX_HEX (16 * 1024)
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

  while ((text = skip_space (text, end)) < end)
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

/** rt_body_is_image: Returns: whether a picture can be made of it */
gboolean
rt_body_is_image (const char *media_type)
{
  return g_ascii_strncasecmp (media_type, "image/", 6) == 0;
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

static char *
text_of (const char *media_type, GBytes *bytes, guint nested, const char **ret_language);

static void
append_part (GString *out, const RtPart *part, guint number, guint nested)
{
  RtText type = rt_text ("text/plain"), disposition = rt_text ("");
  g_autoptr (GBytes) bytes = g_bytes_new (part->content.at, part->content.length);
  g_autofree char *media_type = NULL, *content = NULL;
  const char *language;

  /* RFC 2046 §5.1: text, where a part says nothing. */
  rt_part_find_field (part, "Content-Type", &type);
  rt_part_find_field (part, "Content-Disposition", &disposition);
  media_type = rt_text_escape (type);
  content = text_of (media_type, bytes, nested + 1, &language);
  g_string_append_printf (out, _ ("Part %u · %s · %" G_GSIZE_FORMAT " bytes"), number, media_type,
                          part->content.length);
  if (disposition.length > 0)
    {
      g_autofree char *words = rt_text_escape (disposition);

      g_string_append_printf (out, " · %s", words);
    }
  if (part->cut)
    g_string_append (out, _ (" · cut: no delimiter follows"));
  g_string_append_printf (out, "\n%s\n\n", content);
}

/* Returns: (nullable): %NULL: it is no multipart content with a boundary. */
static char *
list_parts (const char *media_type, GBytes *bytes, guint nested)
{
  GString *out;
  RtMediaType type;
  RtParameter parameter;
  g_autofree char *boundary = NULL;
  RtText rest;
  RtPart part;

  if (nested >= MAX_NESTED || !rt_mime_type_parse (rt_text (media_type), &type)
      || !rt_text_equal_nocase (type.type, rt_text ("multipart"))
      || !rt_mime_type_find_parameter (&type, "boundary", &parameter))
    return NULL;
  out = g_string_new (NULL);
  boundary = rt_parameter_dup_value (&parameter);
  rest.at = g_bytes_get_data (bytes, &rest.length);
  rest.length = MIN (rest.length, MAX_TEXT);
  for (guint n = 1; n <= MAX_ENTRIES && rt_multipart_next (&rest, rt_text (boundary), &part); n++)
    append_part (out, &part, n, nested);
  if (out->len == 0)
    g_string_append (out, _ ("No part: its boundary stands nowhere in it."));
  return g_string_free (out, FALSE);
}

/**
 * rt_body_text:
 * @media_type: of the field Content-Type; empty: not known
 * @bytes: the content, codings undone
 * @ret_language: (out): (nullable): what GtkSourceView calls its grammar
 *
 * Returns: (transfer full): UTF-8
 */
char *
rt_body_text (const char *media_type, GBytes *bytes, const char **ret_language)
{
  return text_of (media_type, bytes, 0, ret_language);
}

static char *
text_of (const char *media_type, GBytes *bytes, guint nested, const char **ret_language)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  const char *valid;
  g_autofree char *text = NULL;

  *ret_language = NULL;
  text = list_parts (media_type, bytes, nested);
  if (text != NULL)
    return g_steal_pointer (&text);
  length = MIN (length, MAX_TEXT);
  /* A character may be cut at the end; nothing else may be amiss, and nothing be NUL. */
  if (length > 0 && !g_utf8_validate_len (data, length, &valid)
      && (gsize)(data + length - valid) >= 4)
    return list_hex ((const guchar *)data, length);
  if (length > 0 && !g_utf8_validate_len (data, length, &valid))
    length = (gsize)(valid - data);
  *ret_language = language_of (media_type);
  if (g_strcmp0 (*ret_language, "json") == 0)
    return indent_json (data, length);
  if (is_type (media_type, "text/event-stream"))
    return list_events (data, length);
  text = g_strndup (data != NULL ? data : "", length);
  if (is_type (media_type, "application/x-www-form-urlencoded"))
    return list_form (text);
  return g_steal_pointer (&text);
}
