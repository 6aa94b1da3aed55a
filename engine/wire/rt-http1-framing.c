/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the content of a message ends, RFC 9112 §6.3, and the size lines of chunks, §7.1.
 *
 * This is where request smuggling is made: two recipients that find two ends. So whatever two
 * recipients could read differently is a finding that ends a strict reading. */
#include "rt-http1-private.h"

#include "rt-elements.h"
#include "rt-scan.h"

/* So that a sum of sizes and offsets stays a number. */
#define LARGEST_SIZE ((guint64)G_MAXINT64)

/* What Transfer-Encoding says, all its lines taken together. */
typedef struct
{
  const RtField *first;
  guint n, n_chunked;
  gboolean chunked_last, unknown, invalid;
} Codings;

static void
add_coding (Codings *codings, RtText element)
{
  RtText rest = element;
  RtText name = rt_take_token (&rest);
  gboolean chunked = rt_text_is_nocase (name, "chunked");

  codings->n++;
  codings->n_chunked += chunked ? 1 : 0;
  codings->chunked_last = chunked;
  codings->unknown |= !chunked;
  rt_take_ows (&rest);
  /* Parameters of chunked are to be treated as an error (RFC 9112 §7.1). */
  codings->invalid |= name.length == 0 || (rest.length > 0 && (chunked || rt_peek (rest) != ';'));
}

static Codings
read_codings (RtFields *fields)
{
  Codings codings = { 0 };
  RtElements elements = rt_elements (fields, "Transfer-Encoding");
  RtText element;

  codings.first = rt_fields_first (fields, "Transfer-Encoding");
  while (rt_elements_next (&elements, &element))
    add_coding (&codings, element);
  codings.invalid |= codings.first != NULL && codings.n == 0;
  return codings;
}

/* What Content-Length says, all its lines taken together. */
typedef struct
{
  const RtField *first;
  RtText value;
  guint64 number;
  guint n, n_lines;
  gboolean any, invalid, differs;
  RtSpan wrong;
} Lengths;

static void
add_length (Lengths *lengths, const RtField *field, RtText member)
{
  guint64 number;

  if (!rt_text_to_uint64 (member, &number) || number > LARGEST_SIZE)
    {
      if (!lengths->invalid)
        lengths->wrong = member.length > 0 ? rt_field_part_span (field, member) : field->line;
      lengths->invalid = TRUE;
      return;
    }
  /* "Identical decimal values" (RFC 9110 §8.6): `5` and `05` are not, as browsers see it. */
  if (lengths->any && !rt_text_equal (member, lengths->value) && !lengths->differs)
    {
      lengths->differs = TRUE;
      if (!lengths->invalid)
        lengths->wrong = rt_field_part_span (field, member);
    }
  if (!lengths->any)
    {
      lengths->number = number;
      lengths->value = member;
      lengths->any = TRUE;
    }
}

/* Content-Length is no list, so an empty member is no number. */
static void
add_length_line (Lengths *lengths, const RtField *field)
{
  RtText rest = field->value;

  if (lengths->first == NULL)
    lengths->first = field;
  for (;;)
    {
      const char *comma = rest.length > 0 ? memchr (rest.at, ',', rest.length) : NULL;
      gsize n = comma != NULL ? (gsize)(comma - rest.at) : rest.length;

      add_length (lengths, field, rt_text_trim (rt_text_sub (rest, 0, n)));
      lengths->n++;
      if (comma == NULL)
        return;
      rt_skip (&rest, n + 1);
    }
}

static Lengths
read_lengths (RtFields *fields)
{
  Lengths lengths = { 0 };
  const RtField *field;
  guint at = 0;

  while ((field = rt_fields_next (fields, "Content-Length", &at)) != NULL)
    add_length_line (&lengths, field);
  return lengths;
}

/* A message whose codings and lengths are to be ignored, RFC 9112 §6.3 items 1 and 2; a HEAD or
 * 304 response may have them, the others may not. */
static void
set_bodiless (RtMessage *message,
              const Codings *codings,
              const Lengths *lengths,
              RtFraming framing,
              RtHttp1Judge *judge)
{
  message->framing = framing;
  if (codings->first != NULL)
    rt_http1_judge (judge, RT_HTTP1_CODING_FORBIDDEN, codings->first->line);
  if (lengths->first != NULL)
    rt_http1_judge (judge, RT_HTTP1_LENGTH_FORBIDDEN, lengths->first->line);
}

/* RFC 9112 §6.3 item 4. */
static void
set_by_codings (RtMessage *message, const Codings *codings, RtHttp1Judge *judge)
{
  RtSpan line = codings->first->line;

  if (codings->invalid)
    rt_http1_judge (judge, RT_HTTP1_CODING_INVALID, line);
  if (codings->n_chunked > 1)
    rt_http1_judge (judge, RT_HTTP1_CODING_REPEATED, line);
  if (codings->n_chunked > 0 && !codings->chunked_last)
    rt_http1_judge (judge, RT_HTTP1_CODING_NOT_FINAL, line);
  if (codings->unknown && !codings->invalid)
    rt_http1_judge (judge, RT_HTTP1_CODING_UNKNOWN, line);
  if (message->version == RT_VERSION_1_0)
    rt_http1_judge (judge, RT_HTTP1_CODING_VERSION, line);
  message->framing = codings->chunked_last ? RT_FRAMING_CHUNKED : RT_FRAMING_CLOSE;
}

/* RFC 9112 §6.3 items 5 and 6. */
static void
set_by_lengths (RtMessage *message, const Lengths *lengths, RtHttp1Judge *judge)
{
  if (lengths->invalid)
    rt_http1_judge (judge, RT_HTTP1_LENGTH_INVALID, lengths->wrong);
  else if (lengths->differs)
    rt_http1_judge (judge, RT_HTTP1_LENGTH_DIFFERS, lengths->wrong);
  else if (lengths->n > 1)
    rt_http1_judge (judge, RT_HTTP1_LENGTH_REPEATED, lengths->first->line);
  message->framing = lengths->any ? RT_FRAMING_LENGTH : RT_FRAMING_INVALID;
  message->content_length = lengths->number;
}

static gboolean
has_no_content (const RtMessage *message)
{
  return message->kind == RT_MESSAGE_RESPONSE
         && ((message->status >= 100 && message->status < 200) || message->status == 204);
}

/* What follows a 101, and a 2xx to CONNECT, is no HTTP. */
static gboolean
opens_tunnel (const RtMessage *message, RtText request_method)
{
  return message->kind == RT_MESSAGE_RESPONSE
         && (message->status == 101
             || (message->status >= 200 && message->status < 300
                 && rt_text_is (request_method, "CONNECT")));
}

static gboolean
content_is_left_out (const RtMessage *message, RtText request_method)
{
  return message->kind == RT_MESSAGE_RESPONSE
         && (message->status == 304 || rt_text_is (request_method, "HEAD"));
}

/**
 * rt_http1_decide_framing:
 * @message: a message with its fields; its framing and length are set
 * @request_method: of the request that a response answers
 * @judge: told of each violation
 *
 * RFC 9112 §6.3, in its order.
 */
void
rt_http1_decide_framing (RtMessage *message, RtText request_method, RtHttp1Judge *judge)
{
  Codings codings = read_codings (message->fields);
  Lengths lengths = read_lengths (message->fields);

  if (opens_tunnel (message, request_method))
    set_bodiless (message, &codings, &lengths, RT_FRAMING_TUNNEL, judge);
  else if (has_no_content (message))
    set_bodiless (message, &codings, &lengths, RT_FRAMING_NONE, judge);
  else if (content_is_left_out (message, request_method))
    message->framing = RT_FRAMING_NONE;
  else
    {
      if (codings.first != NULL && lengths.first != NULL)
        rt_http1_judge (judge, RT_HTTP1_LENGTH_WITH_CODING, lengths.first->line);
      if (codings.first != NULL)
        set_by_codings (message, &codings, judge);
      else if (lengths.first != NULL)
        set_by_lengths (message, &lengths, judge);
      else
        message->framing = message->kind == RT_MESSAGE_REQUEST ? RT_FRAMING_NONE : RT_FRAMING_CLOSE;
    }
}

static gboolean
take_space (RtText *rest)
{
  return rt_take_ows (rest) > 0;
}

/* chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ), RFC 9112 §7.1.1.
 * White space at the end belongs to no extension. */
static gboolean
is_extensions (RtText rest, gboolean *ret_space)
{
  gboolean space = FALSE;

  while (rest.length > 0)
    {
      RtText raw;

      space |= take_space (&rest);
      if (!rt_take_char (&rest, ';'))
        return FALSE;
      space |= take_space (&rest);
      if (rt_take_token (&rest).length == 0)
        return FALSE;
      raw = rest;
      space |= take_space (&raw);
      if (rt_peek (raw) != '=')
        continue;
      rest = raw;
      rt_skip (&rest, 1);
      space |= take_space (&rest);
      if (rt_take_token (&rest).length == 0 && !rt_take_quoted (&rest, &raw))
        return FALSE;
    }
  *ret_space = space;
  return TRUE;
}

/* Hexadecimal digits at the start of @rest; FALSE if the number is too large to count to. */
static gboolean
take_size (RtText *rest, gsize *ret_digits, guint64 *ret_size)
{
  guint64 size = 0;
  gsize n = 0;
  gboolean fits = TRUE;

  for (; n < rest->length && g_ascii_isxdigit (rest->at[n]); n++)
    {
      fits &= size <= LARGEST_SIZE >> 4;
      size = (size << 4) | (guint64)g_ascii_xdigit_value (rest->at[n]);
    }
  rt_skip (rest, n);
  *ret_digits = n;
  *ret_size = size;
  return fits;
}

/**
 * rt_http1_read_chunk_line:
 * @line: a size line
 * @judge: told of each violation
 * @ret_size: (out): the chunk's size
 * @ret_extension: (out): what follows the digits; may be empty
 *
 * RFC 9112 §7.1. No sign, no `0x`, no white space before or behind the digits.
 *
 * Returns: whether there is a size
 */
gboolean
rt_http1_read_chunk_line (RtHttp1Line line,
                          RtHttp1Judge *judge,
                          guint64 *ret_size,
                          RtText *ret_extension)
{
  RtText rest = line.text;
  gsize digits;
  gboolean space = FALSE;
  gboolean fits = take_size (&rest, &digits, ret_size);

  *ret_extension = rest;
  rt_http1_judge_bare_cr (line, judge);
  if (digits == 0 || (rest.length > 0 && strchr ("; \t\r", rt_peek (rest)) == NULL))
    {
      rt_http1_judge (judge, RT_HTTP1_CHUNK_SIZE, line.span);
      return FALSE;
    }
  if (!fits)
    {
      rt_http1_judge (judge, RT_HTTP1_CHUNK_SIZE_LARGE, line.span);
      return FALSE;
    }
  if (!is_extensions (rest, &space))
    rt_http1_judge (judge, RT_HTTP1_CHUNK_EXTENSION, rt_http1_part_span (line, rest));
  else if (space)
    rt_http1_judge (judge, RT_HTTP1_CHUNK_EXTENSION_SPACE, rt_http1_part_span (line, rest));
  return TRUE;
}
