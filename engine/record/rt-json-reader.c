/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A reader of RFC 8259 without I/O. What was fed stands in a window; a token is a slice of it, so a
 * string costs a search for its end and no copy.
 *
 * What programs get wrong and can be understood all the same (a comma before a bracket, NaN, a
 * byte order mark, line breaks in strings) is told of and read on. */
#include "rt-json-reader.h"

#include "rt-json-bytes.h"

#include <string.h>

/* Words that stand for a value. */
static const char *const words[]
    = { "true", "false", "null", "NaN", "Infinity", "-Infinity", "undefined" };
#define N_JSON_WORDS 3

typedef enum
{
  WANT_VALUE,
  WANT_VALUE_OR_END, /* behind "[" */
  WANT_KEY_OR_END,   /* behind "{" */
  WANT_KEY,          /* behind a comma in an object */
  WANT_COLON,
  WANT_COMMA_OR_END,
  WANT_NOTHING,
} Want;

struct _RtJsonReader
{
  guint8 *window;
  gsize room, length, at; /* @at: of the next byte to be read */
  gsize searched;         /* of the unfinished string that begins at @at */
  gboolean broken;        /* there is a line break in it */
  guint64 base;           /* offset of the window in the document */
  guint64 line_start;
  guint line;
  gboolean ended, after_comma, begun;
  Want want;
  guint depth;
  char closers[RT_JSON_READER_DEPTH_MAX];
  const char *error;
  char message[160];
};

/**
 * rt_json_reader_new:
 *
 * Returns: (transfer full): a reader of one document
 */
RtJsonReader *
rt_json_reader_new (void)
{
  RtJsonReader *reader = g_new0 (RtJsonReader, 1);

  reader->line = 1;
  return reader;
}

void
rt_json_reader_free (RtJsonReader *reader)
{
  g_free (reader->window);
  g_free (reader);
}

/**
 * rt_json_reader_get_room:
 * @size: how much room is wanted
 *
 * Returns: (transfer none): where so many bytes may be written; then rt_json_reader_add()
 */
guint8 *
rt_json_reader_get_room (RtJsonReader *reader, gsize size)
{
  gsize left = reader->length - reader->at;

  if (reader->at > 0)
    {
      memmove (reader->window, reader->window + reader->at, left);
      reader->base += reader->at;
      reader->at = 0;
      reader->length = left;
    }
  if (reader->room - left < size)
    {
      reader->room = MAX (left + size, reader->room + reader->room / 2);
      reader->window = g_realloc (reader->window, reader->room);
    }
  return reader->window + left;
}

/** rt_json_reader_add: @size bytes were written to the room. */
void
rt_json_reader_add (RtJsonReader *reader, gsize size)
{
  g_return_if_fail (size <= reader->room - reader->length);

  reader->length += size;
}

/** rt_json_reader_feed: @bytes follow; copied. */
void
rt_json_reader_feed (RtJsonReader *reader, RtText bytes)
{
  if (bytes.length == 0)
    return;
  memcpy (rt_json_reader_get_room (reader, bytes.length), bytes.at, bytes.length);
  rt_json_reader_add (reader, bytes.length);
}

/** rt_json_reader_end: nothing more will be fed. */
void
rt_json_reader_end (RtJsonReader *reader)
{
  reader->ended = TRUE;
}

guint
rt_json_reader_get_depth (const RtJsonReader *reader)
{
  return reader->depth;
}

/**
 * rt_json_reader_get_offset:
 *
 * Returns: how many bytes of the document were read
 */
guint64
rt_json_reader_get_offset (const RtJsonReader *reader)
{
  return reader->base + reader->at;
}

/* Its members one by one: a token that is put together elsewhere and copied makes the processor
 * wait for what it has just written, which took longer than all the rest. */
static void
put_token (
    const RtJsonReader *reader, RtJsonToken *token, RtJsonTokenKind kind, gsize at, gsize length)
{
  guint64 offset = reader->base + at;

  token->kind = kind;
  token->text.at = reader->window != NULL ? (const char *)reader->window + at : "";
  token->text.length = length;
  token->odd = NULL;
  token->offset = offset;
  token->line = reader->line;
  token->column = (guint)MIN (offset - reader->line_start + 1, G_MAXUINT);
}

static void
fail (RtJsonReader *reader, RtJsonToken *token, const char *message)
{
  reader->error = message;
  put_token (reader, token, RT_JSON_TOKEN_ERROR, reader->at, 0);
  token->text = rt_text (message);
}

static const char *
wanted (Want want)
{
  switch (want)
    {
    case WANT_VALUE:
      return "a value";
    case WANT_VALUE_OR_END:
      return "a value or “]”";
    case WANT_KEY_OR_END:
      return "a member's name in quotes or “}”";
    case WANT_KEY:
      return "a member's name in quotes";
    case WANT_COLON:
      return "“:” behind the member's name";
    case WANT_COMMA_OR_END:
      return "a comma or the closing bracket";
    case WANT_NOTHING:
      break;
    }
  return "nothing behind the document";
}

static void
fail_wanted (RtJsonReader *reader, RtJsonToken *token)
{
  guint8 byte = reader->window[reader->at];

  if (g_ascii_isprint (byte))
    g_snprintf (reader->message, sizeof reader->message, "“%c” stands here; expected %s", byte,
                wanted (reader->want));
  else
    g_snprintf (reader->message, sizeof reader->message, "the byte 0x%02x stands here; expected %s",
                byte, wanted (reader->want));
  fail (reader, token, reader->message);
}

static void
need_more (RtJsonReader *reader, RtJsonToken *token, const char *inside)
{
  if (!reader->ended)
    {
      put_token (reader, token, RT_JSON_TOKEN_MORE, reader->at, 0);
      return;
    }
  g_snprintf (reader->message, sizeof reader->message, "the document ends %s", inside);
  fail (reader, token, reader->message);
}

static void
skip_space (RtJsonReader *reader)
{
  for (; reader->at < reader->length; reader->at++)
    switch (reader->window[reader->at])
      {
      case '\n':
        reader->line++;
        reader->line_start = reader->base + reader->at + 1;
        break;
      case ' ':
      case '\t':
      case '\r':
        break;
      default:
        return;
      }
}

/* The next byte of a string that is not just text: a quote, a backslash or a line break. */
static gsize
find_special (const guint8 *window, gsize at, gsize end)
{
  for (; end - at >= 8; at += 8)
    {
      guint64 word, found;

      memcpy (&word, window + at, sizeof word);
      word = GUINT64_FROM_LE (word);
      found = rt_json_zeros (word ^ RT_JSON_ALL ('"')) | rt_json_zeros (word ^ RT_JSON_ALL ('\\'))
              | rt_json_zeros (word ^ RT_JSON_ALL ('\n'));
      if (found != 0)
        return at + (gsize)__builtin_ctzll (found) / 8;
    }
  while (at < end && window[at] != '"' && window[at] != '\\' && window[at] != '\n')
    at++;
  return at;
}

/* Where the closing quote is, or where to search on when there is more: at the end of the window or
 * at an escape that is cut by it. */
static gsize
find_quote (RtJsonReader *reader, gsize at)
{
  const guint8 *window = reader->window;

  for (;;)
    {
      at = find_special (window, at, reader->length);
      if (at == reader->length || window[at] == '"')
        return at;
      reader->broken |= window[at] == '\n';
      if (window[at] == '\\' && at + 1 == reader->length)
        return at;
      if (window[at] == '\\')
        reader->broken |= window[++at] == '\n';
      at++;
    }
}

static void
count_lines (RtJsonReader *reader, gsize from, gsize to)
{
  const guint8 *at = reader->window + from;
  const guint8 *end = reader->window + to;

  while ((at = memchr (at, '\n', (gsize)(end - at))) != NULL)
    {
      at++;
      reader->line++;
      reader->line_start = reader->base + (guint64)(at - reader->window);
    }
}

static void
read_string (RtJsonReader *reader, RtJsonToken *token, RtJsonTokenKind kind)
{
  gsize start = reader->at + 1;
  gsize end = find_quote (reader, MAX (start, reader->at + reader->searched));

  if (end - start > RT_JSON_READER_TOKEN_MAX)
    {
      fail (reader, token, "a string is longer than 128 MiB");
      return;
    }
  if (end == reader->length || reader->window[end] != '"')
    {
      reader->searched = end - reader->at;
      need_more (reader, token, "inside a string");
      return;
    }
  put_token (reader, token, kind, reader->at, end - start);
  token->text.at++;
  if (reader->broken)
    count_lines (reader, start, end);
  reader->broken = FALSE;
  reader->searched = 0;
  reader->at = end + 1;
  reader->want = kind == RT_JSON_TOKEN_KEY ? WANT_COLON
                 : reader->depth == 0      ? WANT_NOTHING
                                           : WANT_COMMA_OR_END;
}

static gboolean
is_scalar (guint8 c)
{
  return g_ascii_isalnum (c) || c == '+' || c == '-' || c == '.';
}

/* RFC 8259 §6. */
static gboolean
is_number (RtText text)
{
  gsize i = 0;
  gsize digits;

  if (i < text.length && text.at[i] == '-')
    i++;
  digits = i;
  while (i < text.length && g_ascii_isdigit (text.at[i]))
    i++;
  if (i == digits || (text.at[digits] == '0' && i > digits + 1))
    return FALSE;
  if (i < text.length && text.at[i] == '.')
    {
      digits = ++i;
      while (i < text.length && g_ascii_isdigit (text.at[i]))
        i++;
      if (i == digits)
        return FALSE;
    }
  if (i < text.length && (text.at[i] == 'e' || text.at[i] == 'E'))
    {
      i++;
      if (i < text.length && (text.at[i] == '+' || text.at[i] == '-'))
        i++;
      digits = i;
      while (i < text.length && g_ascii_isdigit (text.at[i]))
        i++;
      if (i == digits)
        return FALSE;
    }
  return i == text.length;
}

static void
read_scalar (RtJsonReader *reader, RtJsonToken *token)
{
  gsize end = reader->at;

  while (end < reader->length && is_scalar (reader->window[end]) && end - reader->at < 1024)
    end++;
  if (end == reader->length && !reader->ended)
    {
      put_token (reader, token, RT_JSON_TOKEN_MORE, reader->at, 0);
      return;
    }
  put_token (reader, token, RT_JSON_TOKEN_NUMBER, reader->at, end - reader->at);
  if (!is_number (token->text))
    {
      guint word = 0;

      while (word < G_N_ELEMENTS (words) && !rt_text_is (token->text, words[word]))
        word++;
      if (word == G_N_ELEMENTS (words))
        {
          fail_wanted (reader, token);
          return;
        }
      token->kind = RT_JSON_TOKEN_WORD;
      token->odd = word >= N_JSON_WORDS ? "this is no value of JSON" : NULL;
    }
  reader->at = end;
  reader->want = reader->depth == 0 ? WANT_NOTHING : WANT_COMMA_OR_END;
}

static void
open_container (RtJsonReader *reader, RtJsonToken *token, RtJsonTokenKind kind)
{
  if (reader->depth == RT_JSON_READER_DEPTH_MAX)
    {
      fail (reader, token, "objects and arrays are nested more than 256 deep");
      return;
    }
  put_token (reader, token, kind, reader->at, 1);
  reader->closers[reader->depth++] = kind == RT_JSON_TOKEN_OBJECT ? '}' : ']';
  reader->want = kind == RT_JSON_TOKEN_OBJECT ? WANT_KEY_OR_END : WANT_VALUE_OR_END;
  reader->at++;
}

static void
close_container (RtJsonReader *reader, RtJsonToken *token)
{
  gboolean object = reader->closers[reader->depth - 1] == '}';

  put_token (reader, token, object ? RT_JSON_TOKEN_OBJECT_END : RT_JSON_TOKEN_ARRAY_END, reader->at,
             1);
  if (reader->want == WANT_KEY || reader->want == WANT_VALUE)
    token->odd = "there is a comma before the closing bracket";
  reader->depth--;
  reader->want = reader->depth == 0 ? WANT_NOTHING : WANT_COMMA_OR_END;
  reader->at++;
}

/* Whether the bracket that closes what is open may stand here. A comma before it is forgiven. */
static gboolean
can_close (const RtJsonReader *reader, guint8 byte)
{
  return reader->depth > 0 && byte == (guint8)reader->closers[reader->depth - 1]
         && reader->want != WANT_COLON && (reader->want != WANT_VALUE || reader->after_comma);
}

/* What stands between values. Returns FALSE if the byte is no such thing. */
static gboolean
take_separator (RtJsonReader *reader, guint8 byte)
{
  if (reader->want == WANT_COLON && byte == ':')
    {
      reader->want = WANT_VALUE;
      reader->after_comma = FALSE;
    }
  else if (reader->want == WANT_COMMA_OR_END && byte == ',')
    {
      reader->want = reader->closers[reader->depth - 1] == '}' ? WANT_KEY : WANT_VALUE;
      reader->after_comma = TRUE;
    }
  else
    return FALSE;
  reader->at++;
  return TRUE;
}

static void
read_token (RtJsonReader *reader, RtJsonToken *token, guint8 byte)
{
  gboolean value = reader->want == WANT_VALUE || reader->want == WANT_VALUE_OR_END;

  if (byte == '"' && value)
    read_string (reader, token, RT_JSON_TOKEN_STRING);
  else if (byte == '"' && (reader->want == WANT_KEY || reader->want == WANT_KEY_OR_END))
    read_string (reader, token, RT_JSON_TOKEN_KEY);
  else if (byte == '{' && value)
    open_container (reader, token, RT_JSON_TOKEN_OBJECT);
  else if (byte == '[' && value)
    open_container (reader, token, RT_JSON_TOKEN_ARRAY);
  else if (can_close (reader, byte))
    close_container (reader, token);
  else if (value && is_scalar (byte))
    read_scalar (reader, token);
  else
    fail_wanted (reader, token);
}

/* RFC 8259 §8.1: a byte order mark may be ignored. FALSE: too few bytes to tell. */
static gboolean
skip_mark (RtJsonReader *reader)
{
  static const guint8 mark[] = { 0xef, 0xbb, 0xbf };
  gsize common = MIN (sizeof mark, reader->length);

  if (reader->length == 0 || memcmp (reader->window, mark, common) != 0)
    return reader->begun = reader->length > 0 || reader->ended;
  if (common < sizeof mark && !reader->ended)
    return FALSE;
  reader->begun = TRUE;
  if (common == sizeof mark)
    reader->at = sizeof mark;
  return TRUE;
}

/**
 * rt_json_reader_next:
 * @reader: a reader
 * @ret_token: (out): the next token
 */
void
rt_json_reader_next (RtJsonReader *reader, RtJsonToken *ret_token)
{
  if (reader->error != NULL)
    {
      fail (reader, ret_token, reader->error);
      return;
    }
  if (!reader->begun && !skip_mark (reader))
    {
      need_more (reader, ret_token, "before it began");
      return;
    }
  do
    {
      skip_space (reader);
      if (reader->at == reader->length && reader->want == WANT_NOTHING)
        {
          put_token (reader, ret_token, reader->ended ? RT_JSON_TOKEN_DONE : RT_JSON_TOKEN_MORE,
                     reader->at, 0);
          return;
        }
      if (reader->at == reader->length)
        {
          need_more (reader, ret_token,
                     reader->depth > 0 ? "inside an object or array" : "before it began");
          return;
        }
    }
  while (take_separator (reader, reader->window[reader->at]));
  read_token (reader, ret_token, reader->window[reader->at]);
}
