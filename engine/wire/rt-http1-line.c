/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lines of an HTTP/1.x head, one at a time: request line, status line, field line. */
#include "rt-http1-private.h"

#include "rt-http1-authority.h"
#include "rt-percent.h"
#include "rt-scan.h"

/**
 * rt_http1_judge:
 * @judge: collects it
 * @violation: what was found
 * @span: the bytes that show it
 */
void
rt_http1_judge (RtHttp1Judge *judge, RtHttp1Violation violation, RtSpan span)
{
  RtFinding finding = { rt_http1_finding_kind (violation), span };

  if (judge->failed)
    return;
  g_array_append_val (judge->findings, finding);
  judge->failed = judge->strict && rt_http1_violation_ends (violation, judge->in_response);
}

#define EACH_BYTE(value) (G_GUINT64_CONSTANT (0x0101010101010101) * (value))

/* Whether one of eight bytes may be below 0x20 or 0x7f: never wrongly not, rarely wrongly so. */
static gboolean
may_have_control (const char *at)
{
  guint64 word, no_delete;

  memcpy (&word, at, sizeof word);
  no_delete = word ^ EACH_BYTE (0x7f);
  return ((((word - EACH_BYTE (0x20)) & ~word) | ((no_delete - EACH_BYTE (1)) & ~no_delete))
          & EACH_BYTE (0x80))
         != 0;
}

/**
 * rt_http1_has_control:
 * @text: any bytes
 *
 * Eight bytes at a time, because every value of every message passes here.
 *
 * Returns: whether there is a control character other than HTAB
 */
gboolean
rt_http1_has_control (RtText text)
{
  gsize i = 0;

  while (i < text.length)
    {
      guchar c = (guchar)text.at[i];

      if (text.length - i >= sizeof (guint64) && !may_have_control (text.at + i))
        i += sizeof (guint64);
      else if ((c < 0x20 && c != '\t') || c == 0x7f)
        return TRUE;
      else
        i++;
    }
  return FALSE;
}

/**
 * rt_http1_judge_bare_cr:
 * @line: a line in which a CR has no business
 * @judge: told of it
 */
void
rt_http1_judge_bare_cr (RtHttp1Line line, RtHttp1Judge *judge)
{
  const char *hit = memchr (line.text.at, '\r', line.text.length);

  if (hit != NULL)
    rt_http1_judge (judge, RT_HTTP1_BARE_CR, rt_http1_part_span (line, (RtText){ hit, 1 }));
}

/* The version, RFC 9112 §2.3: case-sensitive, one digit each. Where it is not known, the message
 * is read on as 1.1. */
static RtVersion
read_version (RtHttp1Line line, RtText text, RtHttp1Judge *judge)
{
  RtSpan span = rt_http1_part_span (line, text);

  if (text.length != 8 || !rt_text_starts_with (text, RT_TEXT ("HTTP/"))
      || !g_ascii_isdigit (text.at[5]) || text.at[6] != '.' || !g_ascii_isdigit (text.at[7]))
    {
      rt_http1_judge (judge, RT_HTTP1_VERSION_SYNTAX, span);
      return RT_VERSION_UNKNOWN;
    }
  if (text.at[5] != '1')
    {
      rt_http1_judge (judge, RT_HTTP1_VERSION_MAJOR, span);
      return text.at[5] == '2' ? RT_VERSION_2 : RT_VERSION_UNKNOWN;
    }
  /* A minor version above ours is processed as the highest we know (RFC 9110 §2.5). */
  if (text.at[7] > '1')
    rt_http1_judge (judge, RT_HTTP1_VERSION_MINOR, span);
  return text.at[7] == '0' ? RT_VERSION_1_0 : RT_VERSION_1_1;
}

/* The last word of @text, if it looks like a version in any spelling; tells a target with a space
 * in it from a request line without version. */
static RtText
find_version (RtText text)
{
  const char *space = memrchr (text.at, ' ', text.length);
  RtText last;

  if (space == NULL)
    return RT_TEXT_NONE;
  last = rt_text_sub (text, (gsize)(space + 1 - text.at),
                      text.length - (gsize)(space + 1 - text.at));
  if (last.length < 4 || !rt_text_equal_nocase (rt_text_sub (last, 0, 4), RT_TEXT ("HTTP")))
    return RT_TEXT_NONE;
  return last;
}

static gboolean
is_preface (const RtHttp1StartLine *start)
{
  return rt_text_is (start->method, "PRI") && rt_text_is (start->target, "*")
         && rt_text_is (start->version, "HTTP/2.0");
}

/* HTTP/0.9: `GET`, a space and a path, nothing more. */
static gboolean
is_simple_request (const RtHttp1StartLine *start)
{
  return rt_text_is (start->method, "GET") && start->target.length > 0
         && memchr (start->target.at, ' ', start->target.length) == NULL;
}

static void
read_request_version (RtHttp1Line line, RtHttp1Judge *judge, RtHttp1StartLine *start)
{
  if (start->version.length > 0 && is_preface (start))
    {
      rt_http1_judge (judge, RT_HTTP1_PREFACE, line.span);
      start->number = RT_VERSION_2;
    }
  else if (start->version.length > 0)
    start->number = read_version (line, start->version, judge);
  else if (is_simple_request (start))
    {
      rt_http1_judge (judge, RT_HTTP1_VERSION_0_9, line.span);
      start->number = RT_VERSION_0_9;
    }
  else
    rt_http1_judge (judge, RT_HTTP1_REQUEST_LINE, line.span);
}

/* Method, target and version of @line: the first word, the last if it is a version, and what stands
 * between them. */
static void
split_request_line (RtHttp1Line line, RtHttp1Judge *judge, RtHttp1StartLine *start)
{
  RtText rest = line.text;
  const char *space = memchr (rest.at, ' ', rest.length);
  gsize n = space != NULL ? (gsize)(space - rest.at) : rest.length;

  start->method = rt_text_sub (rest, 0, n);
  rt_skip (&rest, MIN (n + 1, rest.length));
  start->version = find_version (rt_text_sub (line.text, n, line.text.length - n));
  if (start->version.length > 0)
    rest.length = (gsize)MAX (start->version.at - 1 - rest.at, 0);
  start->target = rt_text_trim (rest);
  /* A recipient may split at any white space, but then two recipients may see two requests
   * (RFC 9112 §3): refused. */
  if (start->target.length != rest.length
      || (start->version.length > 0 && memchr (rest.at, ' ', rest.length) != NULL))
    rt_http1_judge (judge, RT_HTTP1_REQUEST_LINE_SPACE, line.span);
  else if (start->target.length == 0 && start->version.length > 0)
    rt_http1_judge (judge, RT_HTTP1_REQUEST_LINE, line.span);
}

/**
 * rt_http1_read_request_line:
 * @line: a line that is not empty
 * @judge: told of each violation
 * @ret_line: (out): its elements, as far as they can be told apart
 */
void
rt_http1_read_request_line (RtHttp1Line line, RtHttp1Judge *judge, RtHttp1StartLine *ret_line)
{
  RtHttp1StartLine start = { 0 };

  rt_http1_judge_bare_cr (line, judge);
  split_request_line (line, judge, &start);
  if (!rt_text_is_token (start.method))
    rt_http1_judge (judge, RT_HTTP1_METHOD, rt_http1_part_span (line, start.method));
  read_request_version (line, judge, &start);
  if (start.target.length > 0 && start.number != RT_VERSION_2)
    rt_http1_judge_target (start.method, start.target, rt_http1_part_span (line, start.target),
                           judge);
  *ret_line = start;
}

/* The status code, RFC 9110 §15: a number from 100, three digits; 0 if it is none. */
static guint
read_status (RtHttp1Line line, RtText text, RtHttp1Judge *judge)
{
  guint64 code = 0;

  if (text.length != 3 || !rt_text_to_uint64 (text, &code) || code < 100)
    {
      rt_http1_judge (judge, RT_HTTP1_STATUS_CODE,
                      text.length > 0 ? rt_http1_part_span (line, text) : line.span);
      return 0;
    }
  if (code > 599)
    rt_http1_judge (judge, RT_HTTP1_STATUS_CLASS, rt_http1_part_span (line, text));
  return (guint)code;
}

/**
 * rt_http1_read_status_line:
 * @line: a line that begins with `HTTP/`
 * @judge: told of each violation
 * @ret_line: (out): its elements
 */
void
rt_http1_read_status_line (RtHttp1Line line, RtHttp1Judge *judge, RtHttp1StartLine *ret_line)
{
  RtHttp1StartLine start = { 0 };
  RtText rest = line.text;
  const char *space = memchr (rest.at, ' ', rest.length);

  rt_http1_judge_bare_cr (line, judge);
  start.version = rt_text_sub (rest, 0, space != NULL ? (gsize)(space - rest.at) : rest.length);
  start.number = read_version (line, start.version, judge);
  if (space == NULL)
    rt_http1_judge (judge, RT_HTTP1_STATUS_LINE, line.span);
  rt_skip (&rest, MIN (start.version.length + 1, rest.length));
  space = rest.length > 0 ? memchr (rest.at, ' ', rest.length) : NULL;
  start.status = rt_text_sub (rest, 0, space != NULL ? (gsize)(space - rest.at) : rest.length);
  start.code = read_status (line, start.status, judge);
  if (space == NULL)
    rt_http1_judge (judge, RT_HTTP1_STATUS_LINE_SPACE, line.span);
  rt_skip (&rest, MIN (start.status.length + 1, rest.length));
  start.reason = rest;
  if (rt_http1_has_control (rest))
    rt_http1_judge (judge, RT_HTTP1_REASON, rt_http1_part_span (line, rest));
  *ret_line = start;
}

/* What a URI may hold, RFC 3986 §2, percent-encoding included. */
static gboolean
is_uri_char (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("-._~:/?@!$&'()*+,;=%", c) != NULL);
}

static gboolean
has_bad_percent (RtText text)
{
  char byte;

  while (text.length > 0)
    if (text.at[0] != '%')
      rt_skip (&text, 1);
    else if (!rt_percent_take (&text, &byte))
      return TRUE;
  return FALSE;
}

static void
judge_target_characters (RtText target, RtSpan span, RtHttp1Judge *judge)
{
  gboolean foreign = FALSE;

  for (gsize i = 0; i < target.length; i++)
    {
      guchar c = (guchar)target.at[i];

      if (c < 0x20 || c == 0x7f || c == '#')
        {
          rt_http1_judge (judge, RT_HTTP1_TARGET_BYTE, rt_span_sub (span, i, 1));
          return;
        }
      foreign |= !is_uri_char (target.at[i]) && c != '[' && c != ']';
    }
  /* Browsers send `|` and `^`, curl sends UTF-8 as it is: harmless, and not refused. */
  if (foreign || has_bad_percent (target))
    rt_http1_judge (judge, RT_HTTP1_TARGET_CHARACTER, span);
}

/**
 * rt_http1_judge_target:
 * @method: the method
 * @target: the request-target; not empty
 * @span: where @target stands
 * @judge: told of each violation
 *
 * RFC 9112 §3.2: origin-form and absolute-form for all methods but CONNECT, authority-form for
 * CONNECT alone, asterisk-form for OPTIONS alone.
 */
void
rt_http1_judge_target (RtText method, RtText target, RtSpan span, RtHttp1Judge *judge)
{
  RtText authority, host, port;

  judge_target_characters (target, span, judge);
  if (rt_text_is (method, "CONNECT"))
    {
      if (target.at[0] == '/' || !rt_authority_split (target, &host, &port) || host.length == 0
          || port.length == 0)
        rt_http1_judge (judge, RT_HTTP1_TARGET_AUTHORITY, span);
    }
  else if (target.at[0] == '/' || (rt_text_is (target, "*") && rt_text_is (method, "OPTIONS")))
    return;
  else if (!rt_authority_of_target (target, &authority))
    rt_http1_judge (judge, RT_HTTP1_TARGET_FORM, span);
  else if (memchr (authority.at, '@', authority.length) != NULL)
    rt_http1_judge (judge, RT_HTTP1_TARGET_USERINFO,
                    rt_span_sub (span, (guint64)(authority.at - target.at), authority.length));
  else if (!rt_authority_split (authority, &host, &port) || host.length == 0)
    rt_http1_judge (judge, RT_HTTP1_TARGET_AUTHORITY,
                    rt_span_sub (span, (guint64)(authority.at - target.at), authority.length));
}

/**
 * rt_http1_judge_value:
 * @value: a field value, obs-fold removed
 * @span: where it stands
 * @judge: told of each violation
 *
 * NUL and CR are to be refused (RFC 9110 §5.5); other control characters may stay.
 */
void
rt_http1_judge_value (RtText value, RtSpan span, RtHttp1Judge *judge)
{
  const char *hit;

  if (!rt_http1_has_control (value))
    return;
  if ((hit = memchr (value.at, '\r', value.length)) != NULL)
    rt_http1_judge (judge, RT_HTTP1_BARE_CR, rt_span_sub (span, (guint64)(hit - value.at), 1));
  else if ((hit = memchr (value.at, '\0', value.length)) != NULL)
    rt_http1_judge (judge, RT_HTTP1_FIELD_NUL, rt_span_sub (span, (guint64)(hit - value.at), 1));
  else
    rt_http1_judge (judge, RT_HTTP1_FIELD_CONTROL, span);
}

/**
 * rt_http1_read_field_line:
 * @line: a line that is neither empty nor begins with white space
 * @judge: told of each violation
 * @ret_name: (out): the name, white space before the colon left out; the whole line if it has no
 *   colon
 * @ret_value: (out): what follows the colon, white space around it included
 */
void
rt_http1_read_field_line (RtHttp1Line line,
                          RtHttp1Judge *judge,
                          RtText *ret_name,
                          RtText *ret_value)
{
  const char *colon = memchr (line.text.at, ':', line.text.length);
  gsize n = colon != NULL ? (gsize)(colon - line.text.at) : line.text.length;
  RtText raw = rt_text_sub (line.text, 0, n);
  RtText name = rt_text_trim (raw);

  *ret_name = name;
  *ret_value = rt_text_sub (line.text, MIN (n + 1, line.text.length),
                            line.text.length - MIN (n + 1, line.text.length));
  if (colon == NULL)
    rt_http1_judge (judge, RT_HTTP1_FIELD_LINE, line.span);
  /* RFC 9112 §5.1: differences in how this is handled have led to smuggling. */
  else if (name.length < raw.length)
    rt_http1_judge (judge, RT_HTTP1_SPACE_BEFORE_COLON, rt_http1_part_span (line, raw));
  if (colon != NULL && !rt_text_is_token (name))
    rt_http1_judge (judge, RT_HTTP1_FIELD_NAME, rt_http1_part_span (line, raw));
}

static void
judge_host_value (const RtMessage *message, const RtField *host, RtHttp1Judge *judge)
{
  RtText name, port, authority;
  gboolean absolute = rt_authority_of_target (message->target, &authority);

  if (!rt_authority_split (host->value, &name, &port))
    rt_http1_judge (judge, RT_HTTP1_HOST_INVALID,
                    host->value.length > 0 ? host->value_span : host->line);
  else if (absolute)
    {
      if (!rt_text_equal_nocase (authority, host->value))
        rt_http1_judge (judge, RT_HTTP1_HOST_DIFFERS, host->line);
    }
  /* An empty Host says that the target URI has no authority; an http URI has one. */
  else if (name.length == 0 && message->target.length > 0 && message->target.at[0] == '/')
    rt_http1_judge (judge, RT_HTTP1_HOST_EMPTY, host->line);
}

/**
 * rt_http1_judge_host:
 * @message: a request with its fields
 * @judge: told of each violation
 *
 * RFC 9112 §3.2: one valid Host in each request of HTTP/1.1.
 */
void
rt_http1_judge_host (const RtMessage *message, RtHttp1Judge *judge)
{
  guint at = 0;
  const RtField *host = rt_fields_next (message->fields, "Host", &at);
  const RtField *second = host != NULL ? rt_fields_next (message->fields, "Host", &at) : NULL;

  if (host == NULL)
    {
      if (message->version != RT_VERSION_1_0 && message->version != RT_VERSION_0_9)
        rt_http1_judge (judge, RT_HTTP1_HOST_MISSING, message->head);
      return;
    }
  if (second != NULL)
    rt_http1_judge (judge, RT_HTTP1_HOST_REPEATED, second->line);
  judge_host_value (message, host, judge);
}

/**
 * rt_http1_judge_trailers:
 * @trailers: a trailer section
 * @judge: told of each violation
 *
 * Fields that a recipient must know before the content may not come after it.
 */
void
rt_http1_judge_trailers (RtFields *trailers, RtHttp1Judge *judge)
{
  static const char *const forbidden[] = { "Transfer-Encoding",
                                           "Content-Length",
                                           "Host",
                                           "Content-Encoding",
                                           "Content-Type",
                                           "Content-Range",
                                           "Authorization",
                                           "Set-Cookie",
                                           "Cache-Control",
                                           "Trailer",
                                           "Expect",
                                           "Location",
                                           "TE" };

  for (guint i = 0; i < rt_fields_get_length (trailers); i++)
    {
      const RtField *field = rt_fields_get (trailers, i);

      for (gsize k = 0; k < G_N_ELEMENTS (forbidden); k++)
        if (rt_text_is_nocase (field->name, forbidden[k]))
          rt_http1_judge (judge, RT_HTTP1_TRAILER_FORBIDDEN, field->line);
    }
}
