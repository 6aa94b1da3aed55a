/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Entries of a HAR as they stand in it. What an object may have is a table; members that nobody
 * here wants are skipped. What is wrong with a member costs that member alone and is told of with
 * its place; where the text can no longer be understood, what was read until then is kept. */
#include "rt-har-private.h"

#include <string.h>

/* Field lines, parameters and frames of one message that are read. */
#define PAIRS_MAX 10000

typedef void (*ReadValue) (RtHarReader *reader, gpointer to);

/* A member that is wanted and where it goes. */
typedef struct
{
  const char *name;
  gsize length;
  ReadValue read;
  gsize offset;
} Member;

#define MEMBER(name, read, type, field)                                                            \
  {                                                                                                \
    name, sizeof name - 1, read, offsetof (type, field)                                            \
  }

const char *const rt_har_timing_names[RT_HAR_N_TIMINGS]
    = { "blocked", "dns", "connect", "ssl", "send", "wait", "receive" };

/* Values */

static gboolean
opens (const RtJsonToken *token)
{
  return token->kind == RT_JSON_TOKEN_OBJECT || token->kind == RT_JSON_TOKEN_ARRAY;
}

/* What the current token begins is of no interest. */
static void
skip (RtHarReader *reader)
{
  guint depth = rt_json_reader_get_depth (reader->json);

  if (!opens (&reader->token))
    return;
  while (rt_json_reader_get_depth (reader->json) >= depth)
    if (!rt_har_reader_advance (reader))
      return;
}

static gboolean
is_null (const RtHarReader *reader)
{
  return reader->token.kind == RT_JSON_TOKEN_WORD && !rt_text_is (reader->token.text, "true")
         && !rt_text_is (reader->token.text, "false");
}

static void
skip_wrong (RtHarReader *reader, const char *expected)
{
  if (!is_null (reader))
    rt_har_reader_warn (reader, "this is no %s; it is left out", expected);
  skip (reader);
}

static const Member *
find_member (const Member *members, guint n, RtText key)
{
  for (guint i = 0; i < n; i++)
    if (members[i].length == key.length && memcmp (members[i].name, key.at, key.length) == 0)
      return &members[i];
  return NULL;
}

static void
read_member (RtHarReader *reader, const Member *member, gpointer to)
{
  if (reader->depth < RT_HAR_PATH_MAX)
    reader->path[reader->depth] = member->name;
  reader->depth++;
  if (rt_har_reader_advance (reader))
    member->read (reader, (char *)to + member->offset);
  /* Where it broke off is wanted for the message. */
  if (reader->where != RT_HAR_OVER)
    reader->depth--;
}

/* Behind "{". */
static void
read_members (RtHarReader *reader, const Member *members, guint n, gpointer to)
{
  guint64 seen = 0;

  while (rt_har_reader_advance (reader) && reader->token.kind == RT_JSON_TOKEN_KEY)
    {
      const Member *member = find_member (members, n, reader->token.text);
      guint64 bit;

      if (member == NULL)
        {
          if (rt_har_reader_advance (reader))
            skip (reader);
          continue;
        }
      bit = G_GUINT64_CONSTANT (1) << (member - members);
      if ((seen & bit) != 0)
        rt_har_reader_warn (reader, "“%s” stands here twice; the last one counts", member->name);
      seen |= bit;
      read_member (reader, member, to);
    }
}

#define READ_MEMBERS(reader, members, to) read_members (reader, members, G_N_ELEMENTS (members), to)

/* FALSE: it is none. */
static gboolean
read_object (RtHarReader *reader, const Member *members, guint n, gpointer to)
{
  if (reader->token.kind != RT_JSON_TOKEN_OBJECT)
    {
      skip_wrong (reader, "object");
      return FALSE;
    }
  read_members (reader, members, n, to);
  return TRUE;
}

#define READ_OBJECT(reader, members, to) read_object (reader, members, G_N_ELEMENTS (members), to)

/* A string; numbers and truth are taken as they stand, as programs are careless here. */
static void
read_text (RtHarReader *reader, gpointer to)
{
  RtHarText *text = to;
  GByteArray *out = reader->entry.text;

  if (is_null (reader))
    return;
  if (opens (&reader->token))
    {
      skip_wrong (reader, "string");
      return;
    }
  *text = (RtHarText){ .at = out->len, .set = TRUE };
  if (reader->token.kind != RT_JSON_TOKEN_STRING)
    g_byte_array_append (out, (const guint8 *)reader->token.text.at,
                         (guint)reader->token.text.length);
  else if (!rt_json_unescape (reader->token.text, out))
    rt_har_reader_warn (reader, "an escape in this string stands for no character");
  text->length = out->len - text->at;
}

static void
read_body (RtHarReader *reader, gpointer to)
{
  RtHarMessage *message = to;

  if (is_null (reader))
    return;
  if (reader->token.kind != RT_JSON_TOKEN_STRING)
    {
      skip_wrong (reader, "string");
      return;
    }
  g_byte_array_set_size (message->body, 0);
  if (!rt_json_unescape (reader->token.text, message->body))
    rt_har_reader_warn (reader, "an escape in this string stands for no character");
  message->has_body = TRUE;
}

/* Decimal text times 10^@digits, the rest cut off: no floating point, so that every machine gets
 * the same. FALSE: no number, or one beyond all reason. */
static gboolean
parse_decimal (RtText text, int digits, gint64 *ret_value)
{
  gboolean negative = text.length > 0 && text.at[0] == '-';
  gsize i = negative ? 1 : 0;
  gint64 value = 0;
  int shift = digits;
  gboolean fraction = FALSE;
  int exponent = 0;

  for (; i < text.length && (g_ascii_isdigit (text.at[i]) || text.at[i] == '.'); i++)
    {
      if (text.at[i] == '.')
        {
          fraction = TRUE;
          continue;
        }
      if (value > G_MAXINT64 / 100)
        {
          shift += fraction ? 0 : 1;
          continue;
        }
      value = value * 10 + (text.at[i] - '0');
      shift -= fraction ? 1 : 0;
    }
  if (i < text.length && (text.at[i] == 'e' || text.at[i] == 'E'))
    {
      gboolean minus = i + 1 < text.length && text.at[i + 1] == '-';

      for (i += 2 - (i + 1 < text.length && g_ascii_isdigit (text.at[i + 1]) ? 1 : 0);
           i < text.length && exponent < 100; i++)
        exponent = exponent * 10 + (text.at[i] - '0');
      shift += minus ? -exponent : exponent;
    }
  for (; shift < 0 && value != 0; shift++)
    value /= 10;
  for (; shift > 0 && value != 0; shift--)
    if (__builtin_mul_overflow (value, 10, &value))
      return FALSE;
  *ret_value = negative ? -value : value;
  return TRUE;
}

static void
read_scaled (RtHarReader *reader, int digits, gint64 *to)
{
  gint64 value;

  if (is_null (reader))
    return;
  if (reader->token.kind != RT_JSON_TOKEN_NUMBER && reader->token.kind != RT_JSON_TOKEN_STRING)
    skip_wrong (reader, "number");
  else if (reader->token.text.length > 0 && parse_decimal (reader->token.text, digits, &value)
           && value < G_MAXINT64 / 4)
    *to = MAX (value, RT_HAR_UNKNOWN);
  else
    rt_har_reader_warn (reader, "this is no number that can be used; it is left out");
}

static void
read_number (RtHarReader *reader, gpointer to)
{
  read_scaled (reader, 0, to);
}

/* Milliseconds become microseconds; -1 stays what it is: not known. */
static void
read_duration (RtHarReader *reader, gpointer to)
{
  gint64 *duration = to;

  read_scaled (reader, 3, duration);
  if (*duration < 0)
    *duration = RT_HAR_UNKNOWN;
}

static void
read_seconds (RtHarReader *reader, gpointer to)
{
  read_scaled (reader, 6, to);
}

/* Arrays */

/* Calls @read for each element; FALSE if this is no array. */
static void
read_elements (RtHarReader *reader, GArray *to, ReadValue read)
{
  if (reader->token.kind != RT_JSON_TOKEN_ARRAY)
    {
      skip_wrong (reader, "array");
      return;
    }
  while (rt_har_reader_advance (reader) && reader->token.kind != RT_JSON_TOKEN_ARRAY_END)
    if (to->len < PAIRS_MAX)
      read (reader, to);
    else
      skip (reader);
  if (to->len == PAIRS_MAX)
    rt_har_reader_warn (reader, "there are %u or more here; the rest is left out", PAIRS_MAX);
}

static void
read_pair (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("name", read_text, RtHarPair, name),
    MEMBER ("value", read_text, RtHarPair, value),
  };
  RtHarPair pair = { 0 };

  if (!READ_OBJECT (reader, members, &pair))
    return;
  if (pair.name.set && reader->where != RT_HAR_OVER)
    g_array_append_val ((GArray *)to, pair);
  else if (reader->where != RT_HAR_OVER)
    rt_har_reader_warn (reader, "there is no “name” in this object; it is left out");
}

static void
read_pairs (RtHarReader *reader, gpointer to)
{
  read_elements (reader, *(GArray **)to, read_pair);
}

static void
read_frame (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("type", read_text, RtHarFrame, type),
    MEMBER ("data", read_text, RtHarFrame, data),
    MEMBER ("time", read_seconds, RtHarFrame, time),
    MEMBER ("opcode", read_number, RtHarFrame, opcode),
  };
  RtHarFrame frame = { .time = RT_HAR_UNKNOWN, .opcode = RT_HAR_UNKNOWN };

  if (READ_OBJECT (reader, members, &frame) && reader->where != RT_HAR_OVER)
    g_array_append_val ((GArray *)to, frame);
}

static void
read_frames (RtHarReader *reader, gpointer to)
{
  read_elements (reader, *(GArray **)to, read_frame);
}

static void
read_interim_object (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("status", read_number, RtHarInterim, status),
    MEMBER ("statusText", read_text, RtHarInterim, status_text),
    MEMBER ("httpVersion", read_text, RtHarInterim, version),
    MEMBER ("headers", read_pairs, RtHarInterim, fields),
    MEMBER ("time", read_duration, RtHarInterim, time),
  };
  RtHarInterim interim = { .fields = reader->entry.interim_fields,
                           .time = RT_HAR_UNKNOWN,
                           .first = reader->entry.interim_fields->len };

  if (!READ_OBJECT (reader, members, &interim))
    return;
  interim.n = interim.fields->len - interim.first;
  if (reader->where == RT_HAR_OVER)
    return;
  if (interim.status >= 100 && interim.status <= 199)
    g_array_append_val ((GArray *)to, interim);
  else
    rt_har_reader_warn (reader, "this is no interim response; it is left out");
}

static void
read_interim (RtHarReader *reader, gpointer to)
{
  read_elements (reader, *(GArray **)to, read_interim_object);
}

/* Objects */

static void
read_content (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("size", read_number, RtHarMessage, size),
    MEMBER ("mimeType", read_text, RtHarMessage, mime_type),
    MEMBER ("text", read_body, RtHarMessage, version), /* @to itself: see below */
    MEMBER ("encoding", read_text, RtHarMessage, encoding),
    MEMBER ("_encoding", read_text, RtHarMessage, encoding),
    MEMBER ("comment", read_text, RtHarMessage, comment),
    MEMBER ("params", read_pairs, RtHarMessage, params),
  };

  G_STATIC_ASSERT (offsetof (RtHarMessage, version) == 0);
  READ_OBJECT (reader, members, to);
}

static void
read_request (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("method", read_text, RtHarEntry, method),
    MEMBER ("url", read_text, RtHarEntry, url),
    MEMBER ("_target", read_text, RtHarEntry, target),
    MEMBER ("httpVersion", read_text, RtHarEntry, request.version),
    MEMBER ("headers", read_pairs, RtHarEntry, request.headers),
    MEMBER ("postData", read_content, RtHarEntry, request),
    MEMBER ("bodySize", read_number, RtHarEntry, request.body_size),
    MEMBER ("_trailers", read_pairs, RtHarEntry, request.trailers),
  };

  reader->entry.has_request |= READ_OBJECT (reader, members, to);
}

static void
read_response (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("status", read_number, RtHarEntry, status),
    MEMBER ("statusText", read_text, RtHarEntry, status_text),
    MEMBER ("httpVersion", read_text, RtHarEntry, response.version),
    MEMBER ("headers", read_pairs, RtHarEntry, response.headers),
    MEMBER ("content", read_content, RtHarEntry, response),
    MEMBER ("bodySize", read_number, RtHarEntry, response.body_size),
    MEMBER ("_transferSize", read_number, RtHarEntry, response.transfer_size),
    MEMBER ("_error", read_text, RtHarEntry, error),
    MEMBER ("_trailers", read_pairs, RtHarEntry, response.trailers),
  };

  reader->entry.has_response |= READ_OBJECT (reader, members, to);
}

static void
read_timings (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("blocked", read_duration, RtHarEntry, timings[RT_HAR_BLOCKED]),
    MEMBER ("dns", read_duration, RtHarEntry, timings[RT_HAR_DNS]),
    MEMBER ("connect", read_duration, RtHarEntry, timings[RT_HAR_CONNECT]),
    MEMBER ("ssl", read_duration, RtHarEntry, timings[RT_HAR_SSL]),
    MEMBER ("send", read_duration, RtHarEntry, timings[RT_HAR_SEND]),
    MEMBER ("wait", read_duration, RtHarEntry, timings[RT_HAR_WAIT]),
    MEMBER ("receive", read_duration, RtHarEntry, timings[RT_HAR_RECEIVE]),
  };

  READ_OBJECT (reader, members, to);
}

/* @to of the nested objects is the entry itself: it is the first member's place. */
static const Member entry_members[] = {
  { "request", 7, read_request, 0 },
  { "response", 8, read_response, 0 },
  { "timings", 7, read_timings, 0 },
  MEMBER ("startedDateTime", read_text, RtHarEntry, started_text),
  MEMBER ("time", read_duration, RtHarEntry, time),
  MEMBER ("serverIPAddress", read_text, RtHarEntry, server_address),
  MEMBER ("connection", read_text, RtHarEntry, connection),
  MEMBER ("pageref", read_text, RtHarEntry, page),
  MEMBER ("comment", read_text, RtHarEntry, comment),
  MEMBER ("_fromCache", read_text, RtHarEntry, from_cache),
  MEMBER ("fromCache", read_text, RtHarEntry, from_cache),
  MEMBER ("_resourceType", read_text, RtHarEntry, resource_type),
  MEMBER ("_webSocketMessages", read_frames, RtHarEntry, frames),
  MEMBER ("_interim", read_interim, RtHarEntry, interim),
  MEMBER ("_client", read_text, RtHarEntry, client),
  MEMBER ("_server", read_text, RtHarEntry, server),
};

static void
reset_message (RtHarMessage *message)
{
  RtHarMessage empty = { .headers = message->headers,
                         .params = message->params,
                         .trailers = message->trailers,
                         .body = message->body,
                         .size = RT_HAR_UNKNOWN,
                         .body_size = RT_HAR_UNKNOWN,
                         .transfer_size = RT_HAR_UNKNOWN };

  *message = empty;
  g_array_set_size (message->headers, 0);
  g_array_set_size (message->params, 0);
  g_array_set_size (message->trailers, 0);
  g_byte_array_set_size (message->body, 0);
}

static void
reset_entry (RtHarReader *reader)
{
  RtHarEntry *entry = &reader->entry;
  RtHarEntry fresh = { .number = entry->number + 1,
                       .line = reader->token.line + reader->first_line - 1,
                       .column = reader->token.column,
                       .text = entry->text,
                       .started = RT_HAR_UNKNOWN,
                       .time = RT_HAR_UNKNOWN,
                       .status = RT_HAR_UNKNOWN,
                       .request = entry->request,
                       .response = entry->response,
                       .frames = entry->frames,
                       .interim = entry->interim,
                       .interim_fields = entry->interim_fields };

  for (guint i = 0; i < RT_HAR_N_TIMINGS; i++)
    fresh.timings[i] = RT_HAR_UNKNOWN;
  *entry = fresh;
  reset_message (&entry->request);
  reset_message (&entry->response);
  g_array_set_size (entry->frames, 0);
  g_array_set_size (entry->interim, 0);
  g_array_set_size (entry->interim_fields, 0);
  g_byte_array_set_size (entry->text, 0);
}

/* Behind its "{". */
static RtHarEntry *
read_entry (RtHarReader *reader)
{
  RtHarEntry *entry = &reader->entry;

  reset_entry (reader);
  reader->depth = 0;
  reader->start = reader->origin + reader->token.offset;
  READ_MEMBERS (reader, entry_members, entry);
  if (entry->started_text.set
      && !rt_har_parse_time (rt_har_text (entry, entry->started_text), &entry->started))
    rt_har_reader_warn (reader, "“startedDateTime” is no time; expected 2026-01-31T12:00:00.000Z");
  return entry;
}

/* What our own export says of its runs. */
typedef struct
{
  RtHarText id, run, started;
} Page;

static void
read_page (RtHarReader *reader, gpointer to)
{
  static const Member members[] = {
    MEMBER ("id", read_text, Page, id),
    MEMBER ("_run", read_text, Page, run),
    MEMBER ("startedDateTime", read_text, Page, started),
  };
  const RtHarEntry *entry = &reader->entry;
  GArray *pages = to;
  Page page = { 0 };
  RtHarPage *kept;

  g_byte_array_set_size (reader->entry.text, 0);
  if (!READ_OBJECT (reader, members, &page))
    return;
  if (!page.run.set || !page.id.set || reader->where == RT_HAR_OVER)
    return;
  g_array_set_size (pages, pages->len + 1);
  kept = &g_array_index (pages, RtHarPage, pages->len - 1);
  *kept = (RtHarPage){
    .id = rt_text_dup (rt_har_text (entry, page.id)),
    .run = g_utf8_make_valid (rt_har_text (entry, page.run).at, page.run.length),
    .started = RT_HAR_UNKNOWN,
  };
  rt_har_parse_time (rt_har_text (entry, page.started), &kept->started);
}

static void
read_pages (RtHarReader *reader)
{
  if (reader->token.kind != RT_JSON_TOKEN_ARRAY)
    {
      skip (reader);
      return;
    }
  while (rt_har_reader_advance (reader) && reader->token.kind != RT_JSON_TOKEN_ARRAY_END)
    if (reader->pages->len < RT_HAR_RUNS_MAX)
      read_page (reader, reader->pages);
    else
      skip (reader);
}

/* Down to the entries: the member `entries` of `log`, or of the document where there is no `log`,
 * or the document itself. */
static gboolean
find_entries (RtHarReader *reader)
{
  if (!rt_har_reader_advance (reader))
    {
      rt_har_reader_stop (reader, "the file is empty; expected a HAR");
      return FALSE;
    }
  if (reader->token.kind != RT_JSON_TOKEN_OBJECT)
    {
      rt_har_reader_stop (reader, "this is no HAR; expected an object with a member “log”");
      return FALSE;
    }
  while (rt_har_reader_advance (reader))
    {
      gboolean log, entries, pages;

      if (reader->token.kind != RT_JSON_TOKEN_KEY)
        break;
      log = rt_text_is (reader->token.text, "log");
      entries = rt_text_is (reader->token.text, "entries");
      pages = rt_text_is (reader->token.text, "pages");
      if (!rt_har_reader_advance (reader))
        return FALSE;
      if (log && reader->token.kind == RT_JSON_TOKEN_OBJECT)
        continue;
      if (entries && reader->token.kind == RT_JSON_TOKEN_ARRAY)
        return TRUE;
      if (log || entries)
        {
          rt_har_reader_stop (reader, log ? "“log” is no object; this is no HAR"
                                          : "“entries” is no array; this is no HAR");
          return FALSE;
        }
      if (pages)
        read_pages (reader);
      else
        skip (reader);
    }
  rt_har_reader_stop (reader,
                      "there is no “entries” in it; expected a HAR: {\"log\": {\"entries\": […]}}");
  return FALSE;
}

/* The rest of the document, for what is wrong with it. */
static void
read_rest (RtHarReader *reader)
{
  reader->entry.number = 0;
  while (rt_har_reader_advance (reader))
    skip (reader);
  reader->where = RT_HAR_OVER;
}

/**
 * rt_har_reader_get_pages:
 * @reader: one that has read nothing yet
 *
 * Returns: (transfer none) (element-type RtHarPage): the pages before the entries that are runs
 */
GArray *
rt_har_reader_get_pages (RtHarReader *reader)
{
  if (reader->where == RT_HAR_NOWHERE && find_entries (reader))
    reader->where = RT_HAR_IN_ENTRIES;
  return reader->pages;
}

/**
 * rt_har_reader_next:
 *
 * Returns: (transfer none) (nullable): the next entry, as far as it could be read, until the next
 *   call; %NULL behind the last one, see rt_har_reader_get_error()
 */
RtHarEntry *
rt_har_reader_next (RtHarReader *reader)
{
  if (reader->where == RT_HAR_NOWHERE)
    {
      if (!find_entries (reader))
        return NULL;
      reader->where = RT_HAR_IN_ENTRIES;
    }
  if (reader->where == RT_HAR_ONE_ENTRY)
    {
      RtHarEntry *entry;

      if (!rt_har_reader_advance (reader) || reader->token.kind != RT_JSON_TOKEN_OBJECT)
        return NULL;
      entry = read_entry (reader);
      reader->where = RT_HAR_OVER;
      return entry;
    }
  while (rt_har_reader_advance (reader))
    {
      if (reader->token.kind == RT_JSON_TOKEN_ARRAY_END)
        {
          read_rest (reader);
          return NULL;
        }
      if (reader->token.kind == RT_JSON_TOKEN_OBJECT)
        return read_entry (reader);
      reader->entry.number++;
      reader->depth = 0;
      skip_wrong (reader, "object");
    }
  return NULL;
}
