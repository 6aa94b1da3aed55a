/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Text with `{{name}}` in it, and messages written literally: a start line, field lines, an empty
 * line, content. */
#include "rt-message-template.h"

#include "rt-date.h"
#include "rt-http1.h"

#include <string.h>

/** MAX_EXPANDED: of one text, in bytes. */
#define MAX_EXPANDED (1024 * 1024)

/* `now`, `now+60`, `now-60`: a date, seconds from now. */
static gboolean
parse_now (const char *name, gint64 *ret_seconds)
{
  guint64 seconds;

  *ret_seconds = 0;
  if (!g_str_has_prefix (name, "now"))
    return FALSE;
  if (name[3] == '\0')
    return TRUE;
  if ((name[3] != '+' && name[3] != '-') || !rt_text_to_uint64 (rt_text (name + 4), &seconds)
      || seconds > 100 * 366 * (RT_TIME_DAY / RT_TIME_SEC))
    return FALSE;
  *ret_seconds = name[3] == '-' ? -(gint64)seconds : (gint64)seconds;
  return TRUE;
}

/* The next `{{name}}` at or after @at: its name, with what stands before it and after it. */
static char *
next_name (const char *at, const char **ret_start, const char **ret_rest)
{
  const char *start = strstr (at, "{{");
  const char *end = start != NULL ? strstr (start, "}}") : NULL;
  g_autofree char *name = NULL;

  if (end == NULL)
    return NULL;
  *ret_start = start;
  *ret_rest = end + 2;
  name = g_strndup (start + 2, (gsize)(end - start - 2));
  return g_strdup (g_strstrip (name));
}

/* A name without a value stays as it is if @known, and is an error if not. */
static char *
expand (const char *text,
        RtTime now,
        RtTemplateLookup lookup,
        gpointer data,
        gboolean known,
        GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (;;)
    {
      const char *start, *rest, *value;
      g_autofree char *name = next_name (text, &start, &rest);
      g_autofree char *date = NULL;
      gint64 seconds;

      if (name == NULL)
        break;
      g_string_append_len (out, text, start - text);
      if (parse_now (name, &seconds))
        date = rt_http_date_dup (now + seconds * RT_TIME_SEC);
      value = date != NULL ? date : lookup (data, name);
      if (value == NULL && !known)
        {
          rt_set_error (error, RT_ERROR_UNKNOWN, NULL, NULL, "“%s” has no value here", name);
          return NULL;
        }
      if (value != NULL)
        g_string_append (out, value);
      else
        g_string_append_len (out, start, rest - start);
      if (out->len > MAX_EXPANDED)
        {
          rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "the text grows beyond 1 MiB");
          return NULL;
        }
      text = rest;
    }
  g_string_append (out, text);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * rt_template_expand:
 * @text: text
 * @now: the time
 * @lookup: gives the values
 *
 * Errors: %RT_ERROR_UNKNOWN, %RT_ERROR_LIMIT.
 *
 * Returns: (nullable) (transfer full): @text with each `{{name}}` replaced
 */
char *
rt_template_expand (
    const char *text, RtTime now, RtTemplateLookup lookup, gpointer data, GError **error)
{
  return expand (text, now, lookup, data, FALSE, error);
}

/**
 * rt_template_expand_known:
 * @text: text
 * @now: the time
 * @lookup: gives the values that there are by now
 *
 * Returns: (transfer full): @text with each `{{name}}` replaced that has a value
 */
char *
rt_template_expand_known (const char *text, RtTime now, RtTemplateLookup lookup, gpointer data)
{
  char *expanded = expand (text, now, lookup, data, TRUE, NULL);

  return expanded != NULL ? expanded : g_strdup (text);
}

/**
 * rt_template_check:
 * @text: text
 * @names: (element-type utf8): what can be inserted, besides the time
 * @place: where @text begins
 *
 * Returns: whether each `{{name}}` of @text will have a value
 */
gboolean
rt_template_check (const char *text, GPtrArray *names, const RtPlace *place, GError **error)
{
  RtPlace here = *place;

  for (;;)
    {
      const char *start, *rest;
      g_autofree char *name = next_name (text, &start, &rest);
      gboolean known;
      gint64 seconds;

      if (name == NULL)
        return TRUE;
      for (const char *c = text; c < start; c++)
        here.line += *c == '\n';
      known = parse_now (name, &seconds);
      for (guint i = 0; i < names->len && !known; i++)
        known = g_str_equal (names->pdata[i], name);
      if (!known)
        {
          rt_set_unknown (error, &here, "value captured before this", name,
                          (const char *const *)names->pdata, names->len);
          return FALSE;
        }
      text = rest;
    }
}

static const char *
any_value (gpointer data, const char *name)
{
  return "/x"; /* can stand for a path, a value and a text */
}

/* Text with CRLF where a lesson has LF, its last line break included. */
static GBytes *
head_bytes (RtText head)
{
  GString *out = g_string_sized_new (head.length + 64);

  for (gsize i = 0; i < head.length; i++)
    if (head.at[i] == '\n')
      g_string_append (out, "\r\n");
    else
      g_string_append_c (out, head.at[i]);
  g_string_append (out, "\r\n");
  return g_string_free_to_bytes (out);
}

/* A line of a lesson's message: the one that the byte at @offset stands on. */
static guint
line_of (GBytes *bytes, guint64 offset)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  guint line = 0;

  for (guint64 i = 0; i < MIN (offset, length); i++)
    line += text[i] == '\n';
  return line;
}

/* The one message that the bytes of a header section are. Where they are none, @ret_line is the
 * line, from 0, that shows it. */
static RtMessage *
read_head (GBytes *bytes, guint *ret_line, GError **error)
{
  g_autoptr (RtHttp1Reader) reader
      = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_STRICT, NULL);

  rt_http1_reader_feed (reader, bytes, (RtSpan){ 0, (guint32)g_bytes_get_size (bytes), 1 });
  for (;;)
    {
      RtHttp1Event event = rt_http1_reader_next (reader);

      if (event.kind == RT_HTTP1_HEAD)
        return rt_message_ref (event.message);
      if (event.kind == RT_HTTP1_FINDING)
        continue;
      if (event.kind == RT_HTTP1_ERROR)
        {
          *ret_line = line_of (bytes, event.finding.span.offset);
          rt_set_error (error, RT_ERROR_SYNTAX, NULL, NULL,
                        "this is no HTTP message: it is not so that %s (%s)",
                        event.finding.kind->clause.title, event.finding.kind->clause.reference);
        }
      else
        rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a request line, field lines, an empty line",
                      "this is no HTTP message");
      return NULL;
    }
}

/* A message of the lesson's own: where its elements stood in the lesson is nobody's business. */
static RtMessage *
without_spans (RtMessage *read)
{
  RtMessage *message = rt_message_new (RT_MESSAGE_REQUEST);

  rt_message_set_method (message, read->method);
  rt_message_set_target (message, read->target);
  message->version = read->version;
  message->framing = read->framing;
  message->content_length = read->content_length;
  for (guint i = 0; i < rt_fields_get_length (read->fields); i++)
    {
      const RtField *field = rt_fields_get (read->fields, i);
      g_autofree char *name = rt_text_dup (field->name);
      g_autofree char *value = rt_text_dup (field->value);

      rt_fields_append (message->fields, name, value);
    }
  return message;
}

/* As rt_message_from_text(); @ret_line: the line, from 0, that an error is about. */
static RtMessage *
parse (const char *text, GBytes **ret_content, guint *ret_line, GError **error)
{
  RtText all = rt_text (text);
  gssize end = rt_text_find (all, RT_TEXT ("\n\n"));
  RtText head = end >= 0 ? rt_text_sub (all, 0, (gsize)end + 1) : all;
  RtText content
      = end >= 0 ? rt_text_sub (all, (gsize)end + 2, all.length - (gsize)end - 2) : RT_TEXT_NONE;
  g_autoptr (GBytes) bytes = head_bytes (head);
  g_autoptr (RtMessage) read = read_head (bytes, ret_line, error);
  RtMessage *message;

  if (read == NULL)
    return NULL;
  if (content.length > 0 && content.at[content.length - 1] == '\n')
    content.length--;
  message = without_spans (read);
  if (content.length > 0 && rt_fields_first (message->fields, "Content-Length") == NULL
      && rt_fields_first (message->fields, "Transfer-Encoding") == NULL)
    {
      g_autofree char *length = g_strdup_printf ("%zu", content.length);

      rt_fields_append (message->fields, "Content-Length", length);
      message->framing = RT_FRAMING_LENGTH;
      message->content_length = content.length;
    }
  *ret_content = g_bytes_new (content.at, content.length);
  return message;
}

/**
 * rt_message_from_text:
 * @text: a request, written literally, with LF line breaks: request line, field lines, and, where
 *   content follows, an empty line and the content
 * @ret_content: (out): the content, perhaps empty. The line break before the closing fence is none
 *   of it
 *
 * A Content-Length is added where there is content and no field says how long it is, as every
 * client library does it.
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: (nullable) (transfer full): the message
 */
RtMessage *
rt_message_from_text (const char *text, GBytes **ret_content, GError **error)
{
  guint line;

  return parse (text, ret_content, &line, error);
}

/**
 * rt_message_template_check:
 * @text: a message as rt_message_from_text() takes it, with `{{name}}` in it
 * @names: (element-type utf8): what can be inserted
 * @place: where @text begins
 *
 * Returns: whether it will be a message
 */
gboolean
rt_message_template_check (const char *text, GPtrArray *names, const RtPlace *place, GError **error)
{
  g_autofree char *expanded = NULL;
  g_autoptr (RtMessage) message = NULL;
  g_autoptr (GBytes) content = NULL;
  RtPlace here = *place;
  guint line = 0;

  if (!rt_template_check (text, names, place, error))
    return FALSE;
  expanded = rt_template_expand (text, 0, any_value, NULL, error);
  if (expanded != NULL)
    message = parse (expanded, &content, &line, error);
  if (message == NULL)
    {
      here.line += line;
      rt_prefix_place (error, &here);
    }
  return message != NULL;
}

/**
 * rt_fetch_from_text:
 * @text: what a browser is to fetch: `[METHOD] URL`, field lines, and, where content follows, an
 *   empty line and the content
 * @ret_url: (out): the URL
 * @ret_content: (out): the content, perhaps empty
 *
 * Errors: %RT_ERROR_SYNTAX.
 *
 * Returns: (nullable) (transfer full): method and fields
 */
RtMessage *
rt_fetch_from_text (const char *text, char **ret_url, GBytes **ret_content, GError **error)
{
  const char *end = strchrnul (text, '\n');
  g_autofree char *first = g_strndup (text, (gsize)(end - text));
  g_auto (GStrv) words = g_strsplit (g_strstrip (first), " ", -1);
  guint n = g_strv_length (words);
  g_autofree char *literal = NULL;
  RtMessage *message;

  if (n < 1 || n > 2 || *words[n - 1] == '\0')
    {
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "“URL” or “METHOD URL”",
                    "nothing can be fetched by “%s”", first);
      return NULL;
    }
  /* Read as the message it nearly is; Host is the browser's business. */
  literal = g_strdup_printf ("%s / HTTP/1.1\nHost: x%s", n == 2 ? words[0] : "GET",
                             *end != '\0' ? end : "\n");
  message = rt_message_from_text (literal, ret_content, error);
  if (message == NULL)
    return NULL;
  rt_fields_remove (message->fields, "Host");
  rt_fields_remove (message->fields, "Content-Length");
  *ret_url = g_strdup (words[n - 1]);
  return message;
}

/**
 * rt_fetch_template_check:
 * @text: as rt_fetch_from_text() takes it, with `{{name}}` in it
 * @names: (element-type utf8): what can be inserted
 * @place: where @text begins
 *
 * Returns: whether it can be fetched
 */
gboolean
rt_fetch_template_check (const char *text, GPtrArray *names, const RtPlace *place, GError **error)
{
  g_autofree char *expanded = NULL;
  g_autofree char *url = NULL;
  g_autoptr (GBytes) content = NULL;
  g_autoptr (RtMessage) message = NULL;

  if (!rt_template_check (text, names, place, error))
    return FALSE;
  expanded = rt_template_expand (text, 0, any_value, NULL, error);
  if (expanded != NULL)
    message = rt_fetch_from_text (expanded, &url, &content, error);
  if (message == NULL)
    rt_prefix_place (error, place);
  return message != NULL;
}
