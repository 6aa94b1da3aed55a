/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a connection speaks. SIP, RTSP and others have start lines like HTTP's: the version at their
 * end tells them apart, and where none is there, a method that HTTP knows. */
#include "rt-pcap-guess.h"

#include "rt-reference.h"

/* RFC 9113 §3.4 */
#define PREFACE RT_TEXT ("PRI * HTTP/2.0\r\n")
/* Longer methods are none. */
#define METHOD_MAX 32

static gboolean
is_token_character (char c)
{
  return g_ascii_isalnum (c) || (c != '\0' && strchr ("!#$%&'*+-.^_`|~", c) != NULL);
}

/* RFC 9112 §2.2: empty lines before a request are passed over. */
static RtText
skip_empty_lines (RtText head)
{
  gsize i = 0;

  while (i < head.length && (head.at[i] == '\r' || head.at[i] == '\n'))
    i++;
  return rt_text_sub (head, i, head.length - i);
}

/* Without white space and line break around it. */
static RtText
trim (RtText line)
{
  while (line.length > 0 && g_ascii_isspace (line.at[line.length - 1]))
    line.length--;
  return rt_text_trim (line);
}

/* `NAME/1.0` at the end of a line. */
static RtText
version_of (RtText line)
{
  gsize start = line.length;

  while (start > 0 && line.at[start - 1] != ' ')
    start--;
  line = rt_text_sub (line, start, line.length - start);
  return line.length > 2 && memchr (line.at, '/', line.length) != NULL && line.at[0] != '/'
                 && g_ascii_isdigit (line.at[line.length - 1])
                 && memchr (line.at, ':', line.length) == NULL
             ? line
             : RT_TEXT_NONE;
}

static RtGuess
guess_request (RtText head, gboolean whole)
{
  const char *end = memchr (head.at, '\n', head.length);
  gsize method = 0;
  gboolean known;
  RtText version;

  while (method < head.length && method < METHOD_MAX && is_token_character (head.at[method]))
    method++;
  if (method == head.length)
    return whole ? RT_GUESS_OTHER : RT_GUESS_OPEN;
  if (method == 0 || head.at[method] != ' ')
    return RT_GUESS_OTHER;
  known = rt_method_info (rt_text_sub (head, 0, method)) != NULL;
  if (end == NULL)
    return !whole ? RT_GUESS_OPEN : known ? RT_GUESS_REQUEST : RT_GUESS_OTHER;
  version = version_of (trim (rt_text_sub (head, 0, (gsize)(end - head.at))));
  if (rt_text_starts_with (version, RT_TEXT ("HTTP/")))
    return RT_GUESS_REQUEST;
  return known && version.length == 0 ? RT_GUESS_REQUEST : RT_GUESS_OTHER;
}

/* Whether @head is @what, or can still become it. */
static gboolean
may_be (RtText head, RtText what)
{
  gsize common = MIN (head.length, what.length);

  return rt_text_equal (rt_text_sub (head, 0, common), rt_text_sub (what, 0, common));
}

/**
 * rt_guess:
 * @head: what one end wrote first
 * @whole: no more comes, or no more is looked at
 *
 * Returns: what it is
 */
RtGuess
rt_guess (RtText head, gboolean whole)
{
  if (head.length == 0)
    return whole ? RT_GUESS_OTHER : RT_GUESS_OPEN;
  /* RFC 8446 §5.1: handshake, version 3.x, at most 2^14 bytes */
  if (may_be (head, RT_TEXT ("\x16\x03")))
    return head.length < 5 ? RT_GUESS_OPEN : RT_GUESS_TLS;
  if (may_be (head, PREFACE) && head.length > 3)
    return head.length >= PREFACE.length ? RT_GUESS_HTTP2 : whole ? RT_GUESS_OTHER : RT_GUESS_OPEN;
  if (may_be (head, RT_TEXT ("HTTP/")))
    return head.length > 5            ? RT_GUESS_RESPONSE
           : whole && head.length < 5 ? RT_GUESS_OTHER
                                      : RT_GUESS_OPEN;
  head = skip_empty_lines (head);
  return guess_request (head, whole);
}

static RtText
next_line (RtText *rest)
{
  const char *end = rest->length > 0 ? memchr (rest->at, '\n', rest->length) : NULL;
  gsize length = end != NULL ? (gsize)(end - rest->at) : rest->length;
  RtText line = rt_text_sub (*rest, 0, length);

  length = MIN (length + 1, rest->length);
  *rest = rt_text_sub (*rest, length, rest->length - length);
  return trim (line);
}

/* Without its port. */
static char *
dup_name (RtText host)
{
  gsize end = host.length;

  while (end > 0 && g_ascii_isdigit (host.at[end - 1]))
    end--;
  if (end > 0 && end < host.length && host.at[end - 1] == ':')
    host.length = end - 1;
  if (host.length == 0)
    return NULL;
  return rt_text_escape (host);
}

/**
 * rt_guess_dup_host:
 * @head: the beginning of a request
 * @ret_proxy: (out): it is for a proxy: CONNECT, or a target in absolute form (RFC 9112 §3.2)
 *
 * Returns: (transfer full) (nullable): the name in its Host field; %NULL where there is none or it
 *   is not the name of the one it was sent to
 */
char *
rt_guess_dup_host (RtText head, gboolean *ret_proxy)
{
  RtText rest = skip_empty_lines (head);
  RtText line = next_line (&rest);
  gssize space = rt_text_find (line, RT_TEXT (" "));
  RtText target = space >= 0 ? rt_text_sub (line, (gsize)space + 1, line.length - (gsize)space - 1)
                             : RT_TEXT_NONE;

  *ret_proxy = rt_text_starts_with (line, RT_TEXT ("CONNECT "))
               || rt_text_starts_with (target, RT_TEXT ("http://"))
               || rt_text_starts_with (target, RT_TEXT ("https://"));
  if (*ret_proxy)
    return NULL;
  while (rest.length > 0)
    {
      line = next_line (&rest);
      if (line.length == 0)
        break;
      if (line.length > 5 && rt_text_is_nocase (rt_text_sub (line, 0, 5), "host:")
          && rest.length > 0)
        return dup_name (trim (rt_text_sub (line, 5, line.length - 5)));
    }
  return NULL;
}

/* ClientHello */

/* Takes @length bytes off the front; nothing where there are not as many. */
static RtText
take (RtText *rest, gsize length)
{
  RtText taken = rt_text_sub (*rest, 0, length);

  if (length > rest->length)
    {
      rest->length = 0;
      return RT_TEXT_NONE;
    }
  *rest = rt_text_sub (*rest, length, rest->length - length);
  return taken;
}

/* What stands behind its length, a number of @size bytes. */
static RtText
take_vector (RtText *rest, gsize size)
{
  RtText number = take (rest, size);
  gsize length = 0;

  for (gsize i = 0; i < number.length; i++)
    length = length << 8 | (guint8)number.at[i];
  return take (rest, length);
}

/**
 * rt_guess_dup_server_name:
 * @head: the beginning of a TLS connection, as the client wrote it
 *
 * Source: RFC 8446 §4.1.2, RFC 6066 §3.
 *
 * Returns: (transfer full) (nullable): the server's name, where it stands in the first record
 */
char *
rt_guess_dup_server_name (RtText head)
{
  RtText extensions;

  take (&head, 9);        /* headers of the record and of the handshake's message */
  take (&head, 34);       /* version, random */
  take_vector (&head, 1); /* session id */
  take_vector (&head, 2); /* cipher suites */
  take_vector (&head, 1); /* compression */
  extensions = take_vector (&head, 2);
  while (extensions.length >= 4)
    {
      RtText type = take (&extensions, 2);
      RtText extension = take_vector (&extensions, 2);
      RtText list, name;

      if (!rt_text_equal (type, RT_TEXT ("\0\0")))
        continue;
      list = take_vector (&extension, 2);
      take (&list, 1); /* its kind: a host's name */
      name = take_vector (&list, 2);
      return name.length > 0 ? rt_text_escape (name) : NULL;
    }
  return NULL;
}
