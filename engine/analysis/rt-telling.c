/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two short texts of a message: its name, and the one thing about it that tells most. What
 * tells most is an order of fields by what the message is: a table. */
#include "rt-note.h"

#include "rt-media-type.h"
#include "rt-reference.h"

/* Longer values are cut with an ellipsis. */
#define VALUE_CHARACTERS 48

/* Fields by how much they tell, for responses with a status in the range (requests: 0). */
static const struct
{
  guint from, to;
  const char *names[12];
} telling[] = {
  /* clang-format off */
  { 0, 0, { "If-Match", "If-None-Match", "If-Unmodified-Since", "Idempotency-Key", "Range",
            "If-Modified-Since", "Access-Control-Request-Method", "Upgrade", "Expect", "Last-Event-ID",
            "Origin", "Authorization" } },
  { 0, 0, { "Cookie" } },
  { 0, 0, { "X-Forwarded-For", "Forwarded" } },
  { 101, 101, { "Upgrade" } },
  { 103, 103, { "Link" } },
  { 201, 201, { "Location", "ETag" } },
  { 206, 206, { "Content-Range" } },
  { 300, 303, { "Location" } },
  { 304, 304, { "ETag", "Last-Modified", "Cache-Control" } },
  { 305, 399, { "Location" } },
  { 401, 401, { "WWW-Authenticate" } },
  { 403, 403, { "WWW-Authenticate" } },
  { 405, 405, { "Allow" } },
  { 407, 407, { "Proxy-Authenticate" } },
  { 412, 412, { "ETag" } },
  { 416, 416, { "Content-Range" } },
  { 426, 426, { "Upgrade" } },
  { 413, 599, { "Retry-After", "Proxy-Status" } },
  { 100, 999, { "Age", "Content-Language", "ETag", "Set-Cookie", "Access-Control-Allow-Origin", "Last-Modified",
                "Cache-Control" } },
  /* clang-format on */
};

/**
 * rt_text_dup_short:
 * @text: any bytes
 * @characters: how many to show at most
 *
 * Returns: (transfer full): the text as rt_text_escape() has it, cut with an ellipsis where it is
 *   longer
 */
char *
rt_text_dup_short (RtText text, guint characters)
{
  g_autofree char *shown = rt_text_escape (text);

  if (g_utf8_strlen (shown, -1) <= (glong)characters)
    return g_steal_pointer (&shown);
  *g_utf8_offset_to_pointer (shown, (glong)characters - 1) = '\0';
  return g_strconcat (shown, "…", NULL);
}

/* Credentials are no caption: their scheme tells enough. */
static RtText
without_secret (const RtField *field)
{
  RtText value = field->value;

  if (rt_text_is_nocase (field->name, "Authorization"))
    for (gsize i = 0; i < value.length; i++)
      if (value.at[i] == ' ')
        return rt_text_sub (value, 0, i);
  return value;
}

static char *
show_field (const char *name, const RtField *field)
{
  g_autofree char *value = rt_text_dup_short (without_secret (field), VALUE_CHARACTERS);

  return g_strdup_printf ("%s: %s", name, value);
}

static char *
telling_field (const RtMessage *message, guint status)
{
  for (gsize i = 0; i < G_N_ELEMENTS (telling); i++)
    {
      if (status < telling[i].from || status > telling[i].to)
        continue;
      for (gsize j = 0; j < G_N_ELEMENTS (telling[i].names) && telling[i].names[j] != NULL; j++)
        {
          const RtField *field = rt_fields_first (message->fields, telling[i].names[j]);

          if (field != NULL)
            return show_field (telling[i].names[j], field);
        }
    }
  return NULL;
}

static gboolean
subtype_ends_with (const RtMediaType *type, const char *suffix)
{
  RtText tail = rt_text (suffix);

  return type->subtype.length >= tail.length
         && rt_text_equal_nocase (
             rt_text_sub (type->subtype, type->subtype.length - tail.length, tail.length), tail);
}

/* The content's kind in one word. */
static char *
kind_of_content (const RtMessage *message)
{
  const RtField *field = rt_fields_first (message->fields, "Content-Type");
  RtMediaType type;

  if (field == NULL || !rt_media_type_parse (field->value, &type))
    return g_strdup ("");
  if (subtype_ends_with (&type, "json"))
    return g_strdup (" JSON");
  if (subtype_ends_with (&type, "html"))
    return g_strdup (" HTML");
  if (subtype_ends_with (&type, "xml"))
    return g_strdup (" XML");
  if (rt_media_type_is (&type, "application/x-www-form-urlencoded"))
    return g_strdup (" form");
  if (subtype_ends_with (&type, "form-data"))
    return g_strdup (" multipart");
  if (subtype_ends_with (&type, "event-stream"))
    return g_strdup (" events");
  if (rt_text_is_nocase (type.subtype, "plain"))
    return g_strdup (" text");
  return g_strdup_printf (" %.*s", (int)MIN (type.subtype.length, 16), type.subtype.at);
}

static char *
size_words (guint64 bytes)
{
  if (bytes < 1000)
    return g_strdup_printf ("%" G_GUINT64_FORMAT " B", bytes);
  if (bytes < 1000000)
    return g_strdup_printf ("%" G_GUINT64_FORMAT ".%d kB", bytes / 1000, (int)(bytes % 1000 / 100));
  return g_strdup_printf ("%" G_GUINT64_FORMAT ".%d MB", bytes / 1000000,
                          (int)(bytes % 1000000 / 100000));
}

static char *
content_words (const RtTransfer *transfer)
{
  guint64 length = transfer->content_length;
  g_autofree char *kind = NULL;
  g_autofree char *size = NULL;

  if (transfer->message->framing == RT_FRAMING_LENGTH)
    length = transfer->message->content_length;
  if (length == 0)
    return g_strdup ("no content");
  kind = kind_of_content (transfer->message);
  size = size_words (length);
  return g_strconcat (size, kind, NULL);
}

static char *
broken_words (const RtTransfer *transfer)
{
  if (transfer->has_head && transfer->message->framing == RT_FRAMING_LENGTH)
    return g_strdup_printf ("cut off: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " B",
                            transfer->content_length, transfer->message->content_length);
  return g_strdup ("cut off");
}

/* What a client wishes for tells something where somebody wrote it down: every request of a browser
 * has these fields. */
static char *
wish_words (const RtMessage *message, const RtPartyInfo *client)
{
  static const char *const names[] = { "Accept-Language", "Accept" };

  if (client == NULL
      || !(g_str_equal (client->kind, "client") || g_str_equal (client->kind, "byte-client")))
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const RtField *field = rt_fields_first (message->fields, names[i]);

      if (field != NULL && !rt_text_is (field->value, "*/*"))
        return show_field (names[i], field);
    }
  return NULL;
}

/* As it stands there, which need not be whom the request is for. */
static char *
host_words (RtMessage *message)
{
  const RtField *host = rt_fields_first (message->fields, "Host");
  g_autofree char *value = host != NULL ? rt_text_dup (host->value) : NULL;
  g_autofree char *shown = value != NULL ? g_utf8_make_valid (value, -1) : NULL;

  return shown != NULL ? g_strconcat ("Host: ", shown, NULL) : g_strdup ("no Host");
}

/**
 * rt_exchange_telling_field:
 * @analysis: an analysis
 * @exchange: an exchange of it
 * @transfer: its request, its response or an interim one
 *
 * Returns: (transfer full): the one line that stands under the message: `If-Match: "1"`,
 *   `212 B JSON`, `no content`; UTF-8
 */
char *
rt_exchange_telling_field (RtAnalysis *analysis,
                           const RtExchange *exchange,
                           const RtTransfer *transfer)
{
  char *field;

  g_return_val_if_fail (transfer != NULL, NULL);

  if (transfer->broken != NULL)
    return broken_words (transfer);
  if (!transfer->has_head)
    return g_strdup_printf ("%u B so far", transfer->whole.length);
  field = telling_field (transfer->message,
                         transfer->direction == RT_FORWARD ? 0 : transfer->message->status);
  if (field != NULL)
    return field;
  if (transfer->direction == RT_FORWARD && transfer->content_length == 0
      && transfer->message->framing != RT_FRAMING_LENGTH)
    {
      field = wish_words (transfer->message, rt_analysis_get_party (analysis, exchange->client));
      return field != NULL ? field : host_words (transfer->message);
    }
  return content_words (transfer);
}

/**
 * rt_transfer_dup_title:
 * @transfer: a message
 *
 * Returns: (transfer full): its name: `PUT /doc/1`, `412 Precondition Failed`; `…` as long as its
 *   head is not there, `no HTTP` for an answer without a status line; UTF-8
 */
char *
rt_transfer_dup_title (const RtTransfer *transfer)
{
  const RtMessage *message = transfer->message;
  const RtStatusInfo *info;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  if (!transfer->has_head)
    return g_strdup ("…");
  if (message->kind == RT_MESSAGE_REQUEST)
    {
      first = rt_text_escape (message->method);
      second = rt_text_escape (message->target);
      return g_strdup_printf ("%s %s", first, second);
    }
  if (message->status == 0)
    return g_strdup ("no HTTP");
  info = rt_status_info (message->status);
  second = rt_text_escape (message->reason);
  if (message->reason.length == 0 && info != NULL)
    return g_strdup_printf ("%u %s", message->status, info->reason);
  return g_strdup_printf (*second != '\0' ? "%u %s" : "%u%s", message->status, second);
}

const char *
rt_severity_name (RtSeverity severity)
{
  static const char *const names[] = { "Good", "Info", "Warning", "Problem" };

  return names[MIN ((guint)severity, G_N_ELEMENTS (names) - 1)];
}
