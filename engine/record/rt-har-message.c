/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The messages of an entry as HTTP/1.1 would write them. Fields stay as they are, in their order
 * and case; what could be taken for the end of a line is taken out of them. */
#include "rt-har-private.h"

#include "rt-base64.h"
#include "rt-percent.h"

#include <string.h>

static const char hex[] = "0123456789ABCDEF";

/* A target without what a start line cannot have. */
static void
append_target (GString *out, RtText target)
{
  for (gsize i = 0; i < target.length; i++)
    {
      guint8 byte = (guint8)target.at[i];

      if (byte > ' ' && byte != 0x7f)
        g_string_append_c (out, (char)byte);
      else
        g_string_append_printf (out, "%%%c%c", hex[byte >> 4], hex[byte & 15]);
    }
}

/* RFC 9110 §5.6.2, but for the few that stand in the way of reading the line again. */
static gboolean
is_field_name (RtText name)
{
  for (gsize i = 0; i < name.length; i++)
    if ((guint8)name.at[i] <= ' ' || name.at[i] == ':' || name.at[i] == 0x7f)
      return FALSE;
  return name.length > 0;
}

static void
append_text (GString *out, RtText text)
{
  g_string_append_len (out, text.at, (gssize)text.length);
}

static void
append_line (GString *out, RtText name, RtText value)
{
  gsize start;

  append_text (out, name);
  append_text (out, RT_TEXT (": "));
  start = out->len;
  append_text (out, value);
  for (gsize i = start; i < out->len; i++)
    out->str[i]
        = out->str[i] == '\r' || out->str[i] == '\n' || out->str[i] == '\0' ? ' ' : out->str[i];
  append_text (out, RT_TEXT ("\r\n"));
}

/* Browsers write field lines of one name as one, with line breaks between them. */
static void
append_field (GString *out, RtText name, RtText value)
{
  const char *at = value.at;
  const char *end = value.at + value.length;

  for (;;)
    {
      const char *stop = memchr (at, '\n', (gsize)(end - at));

      append_line (out, name,
                   rt_text_trim ((RtText){ at, (gsize)((stop != NULL ? stop : end) - at) }));
      if (stop == NULL)
        return;
      at = stop + 1;
    }
}

static void
append_fields (GString *out,
               RtHarReader *reader,
               const RtHarEntry *entry,
               const RtHarMessage *message)
{
  for (guint i = 0; i < message->headers->len; i++)
    {
      const RtHarPair *pair = &g_array_index (message->headers, RtHarPair, i);
      RtText name = rt_har_text (entry, pair->name);

      /* Pseudo-header fields, RFC 9113 §8.3: the start line has them. */
      if (name.length > 1 && name.at[0] == ':')
        continue;
      if (is_field_name (name))
        append_field (out, name, rt_har_text (entry, pair->value));
      else
        rt_har_reader_warn (reader, "%s: field %u has a name that no field can have; left out",
                            message == &entry->request ? "request.headers" : "response.headers",
                            i + 1);
    }
  append_text (out, RT_TEXT ("\r\n"));
}

/** rt_har_version_is: whether the message's version is @name, case ignored. */
gboolean
rt_har_version_is (const RtHarEntry *entry, const RtHarMessage *message, const char *name)
{
  return rt_text_is_nocase (rt_har_text (entry, message->version), name);
}

static RtText
version_of (const RtHarEntry *entry, const RtHarMessage *message)
{
  return rt_har_version_is (entry, message, "HTTP/1.0") ? RT_TEXT ("HTTP/1.0")
                                                        : RT_TEXT ("HTTP/1.1");
}

/* Whether it has one, or comes from HTTP/1.x, where it would be a field if it had. */
static gboolean
has_host (const RtHarEntry *entry)
{
  if (entry->request.version.set
      && rt_text_starts_with (rt_har_text (entry, entry->request.version), RT_TEXT ("HTTP/1.")))
    return TRUE;
  for (guint i = 0; i < entry->request.headers->len; i++)
    if (rt_text_is_nocase (
            rt_har_text (entry, g_array_index (entry->request.headers, RtHarPair, i).name), "host"))
      return TRUE;
  return FALSE;
}

/**
 * rt_har_dup_request_head:
 * @host: of the URL, for a request that has no Host: HTTP/2 has a pseudo-header field instead
 * @target: the request-target
 */
GBytes *
rt_har_dup_request_head (RtHarReader *reader, const RtHarEntry *entry, RtText host, RtText target)
{
  GString *out = g_string_sized_new (1024);
  RtText method = rt_har_text (entry, entry->method);

  if (is_field_name (method))
    append_text (out, method);
  else
    {
      rt_har_reader_warn (reader, "request.method is missing or none; read as GET");
      g_string_append (out, "GET");
    }
  g_string_append_c (out, ' ');
  append_target (out, target);
  append_text (out, RT_TEXT (" "));
  append_text (out, version_of (entry, &entry->request));
  append_text (out, RT_TEXT ("\r\n"));
  if (!has_host (entry) && host.length > 0)
    append_line (out, RT_TEXT ("Host"), host);
  append_fields (out, reader, entry, &entry->request);
  return g_string_free_to_bytes (out);
}

/** rt_har_dup_interim_head: of a 1xx response. */
GBytes *
rt_har_dup_interim_head (RtHarReader *reader, const RtHarEntry *entry, const RtHarInterim *interim)
{
  GString *out = g_string_new (NULL);
  RtText reason = rt_har_text (entry, interim->status_text);
  gboolean old = rt_text_is_nocase (rt_har_text (entry, interim->version), "HTTP/1.0");

  g_string_append_printf (out, "HTTP/1.%c %03u ", old ? '0' : '1', (guint)interim->status);
  for (gsize i = 0; i < reason.length; i++)
    g_string_append_c (out, g_ascii_iscntrl (reason.at[i]) ? ' ' : reason.at[i]);
  g_string_append (out, "\r\n");
  for (guint i = interim->first; i < interim->first + interim->n; i++)
    {
      const RtHarPair *pair = &g_array_index (entry->interim_fields, RtHarPair, i);

      if (is_field_name (rt_har_text (entry, pair->name)))
        append_field (out, rt_har_text (entry, pair->name), rt_har_text (entry, pair->value));
      else
        rt_har_reader_warn (reader,
                            "_interim: field %u has a name that no field can have; left out",
                            i - interim->first + 1);
    }
  g_string_append (out, "\r\n");
  return g_string_free_to_bytes (out);
}

/** rt_har_dup_trailers: (nullable): the trailer section's lines. */
char *
rt_har_dup_trailers (const RtHarEntry *entry, const RtHarMessage *message)
{
  GString *out;

  if (message->trailers->len == 0)
    return NULL;
  out = g_string_new (NULL);
  for (guint i = 0; i < message->trailers->len; i++)
    {
      const RtHarPair *pair = &g_array_index (message->trailers, RtHarPair, i);

      if (is_field_name (rt_har_text (entry, pair->name)))
        append_field (out, rt_har_text (entry, pair->name), rt_har_text (entry, pair->value));
    }
  return g_string_free (out, FALSE);
}

/** rt_har_dup_response_head: the status is from 100 to 999. */
GBytes *
rt_har_dup_response_head (RtHarReader *reader, const RtHarEntry *entry)
{
  GString *out = g_string_sized_new (1024);
  RtText reason = rt_har_text (entry, entry->status_text);

  append_text (out, version_of (entry, &entry->response));
  append_text (out, RT_TEXT (" "));
  for (guint unit = 100; unit > 0; unit /= 10)
    g_string_append_c (out, (char)('0' + entry->status / unit % 10));
  append_text (out, RT_TEXT (" "));
  for (gsize i = 0; i < reason.length; i++)
    g_string_append_c (out, g_ascii_iscntrl (reason.at[i]) ? ' ' : reason.at[i]);
  append_text (out, RT_TEXT ("\r\n"));
  append_fields (out, reader, entry, &entry->response);
  return g_string_free_to_bytes (out);
}

/* The bytes that the text stands for. */
static GBytes *
dup_body (RtHarReader *reader, const RtHarEntry *entry, const RtHarMessage *message)
{
  RtText text = { (const char *)message->body->data, message->body->len };
  RtText encoding = rt_har_text (entry, message->encoding);
  GBytes *bytes = NULL;
  gsize length;
  guchar *decoded;

  if (encoding.length > 0 && !rt_text_is_nocase (encoding, "base64"))
    rt_har_reader_warn (reader, "the body's encoding is not known (only base64 is); left as it is");
  if (!rt_text_is_nocase (encoding, "base64"))
    return g_bytes_new (text.at, text.length);
  if (text.length > 0)
    bytes = rt_base64_decode (text, RT_BASE64_LOOSE);
  if (bytes != NULL || text.length == 0)
    return bytes != NULL ? bytes : g_bytes_new (NULL, 0);
  /* Line breaks in it are common, and harmless. */
  g_byte_array_append (message->body, (const guint8 *)"", 1);
  decoded = g_base64_decode ((const char *)message->body->data, &length);
  if (memchr (text.at, '\n', text.length) == NULL)
    rt_har_reader_warn (reader, "the body is no clean base64; read as far as it goes");
  return g_bytes_new_take (decoded, length);
}

/* Some programs keep the escapes, others undo them: what is an escape stays one. */
static void
append_form_text (GString *out, RtText text)
{
  for (gsize i = 0; i < text.length; i++)
    if (text.at[i] == '+'
        || (text.at[i] == '%' && i + 2 < text.length && g_ascii_isxdigit (text.at[i + 1])
            && g_ascii_isxdigit (text.at[i + 2])))
      g_string_append_c (out, text.at[i]);
    else
      rt_percent_append (out, RT_PERCENT_COMPONENT, text.at[i]);
}

/* A form as it was sent, from its parameters. */
static GBytes *
dup_form (const RtHarEntry *entry)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < entry->request.params->len; i++)
    {
      const RtHarPair *pair = &g_array_index (entry->request.params, RtHarPair, i);

      if (i > 0)
        g_string_append_c (out, '&');
      append_form_text (out, rt_har_text (entry, pair->name));
      g_string_append_c (out, '=');
      append_form_text (out, rt_har_text (entry, pair->value));
    }
  return g_string_free_to_bytes (out);
}

/**
 * rt_har_dup_request_content:
 * @ret_missing: how many bytes of it are missing, 0: not known
 * @ret_why: (nullable): why; %NULL: none is
 *
 * Returns: (transfer full) (nullable): %NULL if there is none
 */
GBytes *
rt_har_dup_request_content (RtHarReader *reader,
                            const RtHarEntry *entry,
                            guint64 *ret_missing,
                            char **ret_why)
{
  const RtHarMessage *request = &entry->request;
  RtText type = rt_har_text (entry, request->mime_type);

  *ret_missing = 0;
  *ret_why = NULL;
  if (request->has_body && (request->body->len > 0 || request->params->len == 0))
    return dup_body (reader, entry, request);
  if (request->params->len > 0 && !rt_text_starts_with (type, RT_TEXT ("multipart/")))
    return dup_form (entry);
  if (request->params->len > 0)
    *ret_why = g_strdup ("the archive has only the names and values of the parts");
  else if (request->body_size > 0)
    {
      *ret_missing = (guint64)request->body_size;
      *ret_why = g_strdup ("the archive has no body for this request");
    }
  return NULL;
}

/* A size in other units than bytes of UTF-8 says nothing of what is missing. */
static gboolean
counts_utf8 (const RtHarEntry *entry, const RtHarMessage *message)
{
  g_autofree char *type = NULL;

  if (message->encoding.length > 0)
    return TRUE;
  type = rt_text_dup (rt_har_text (entry, message->mime_type));
  for (char *at = type; *at != '\0'; at++)
    *at = g_ascii_tolower (*at);
  return strstr (type, "charset=") == NULL || strstr (type, "charset=utf-8") != NULL
         || strstr (type, "charset=us-ascii") != NULL;
}

static gboolean
never_has_content (const RtHarEntry *entry)
{
  return rt_text_is (rt_har_text (entry, entry->method), "HEAD") || entry->status < 200
         || entry->status == 204 || entry->status == 304;
}

/* Some programs say it in a comment: “Response bodies are not included.” */
static char *
why_missing (const RtHarEntry *entry, const char *otherwise)
{
  RtText comment = rt_har_text (entry, entry->response.comment);

  return comment.length > 0 ? g_utf8_make_valid (comment.at, (gssize)comment.length)
                            : g_strdup (otherwise);
}

/**
 * rt_har_dup_response_content:
 *
 * See rt_har_dup_request_content().
 */
GBytes *
rt_har_dup_response_content (RtHarReader *reader,
                             const RtHarEntry *entry,
                             guint64 *ret_missing,
                             char **ret_why)
{
  const RtHarMessage *response = &entry->response;
  g_autoptr (GBytes) bytes = response->has_body ? dup_body (reader, entry, response) : NULL;
  gint64 length = bytes != NULL ? (gint64)g_bytes_get_size (bytes) : 0;

  *ret_missing = 0;
  *ret_why = NULL;
  if (never_has_content (entry))
    return length > 0 ? g_steal_pointer (&bytes) : NULL;
  if (response->size > length && (length == 0 || counts_utf8 (entry, response)))
    {
      *ret_missing = (guint64)(response->size - length);
      *ret_why = why_missing (entry, length > 0 ? "the archive has only the beginning of it"
                                                : "the archive has no body for this response");
    }
  else if (!response->has_body && response->size < 0
           && (response->body_size > 0 || response->comment.length > 0))
    *ret_why = why_missing (entry, "the archive has no body for this response");
  return length > 0 ? g_steal_pointer (&bytes) : NULL;
}
