/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The states of the URL parser, url#url-parsing: a function for each.
 *
 * They see bytes, not characters: all that steers them is ASCII, the rest is percent-encoded byte
 * by byte or goes to the host parser as it is. */
#include "rt-url-parser-private.h"

#include "rt-percent.h"
#include "rt-scan.h"

typedef enum
{
  SCHEME_START,
  SCHEME,
  NO_SCHEME,
  SPECIAL_RELATIVE_OR_AUTHORITY,
  PATH_OR_AUTHORITY,
  RELATIVE,
  RELATIVE_SLASH,
  SPECIAL_AUTHORITY_SLASHES,
  SPECIAL_AUTHORITY_IGNORE_SLASHES,
  AUTHORITY,
  HOST,
  PORT,
  FILE_START,
  FILE_SLASH,
  FILE_HOST,
  PATH_START,
  PATH,
  OPAQUE_PATH,
  QUERY,
  FRAGMENT,
  N_STATES,
} State;

static RtUrlStep
go (RtUrlParser *p, State state, RtUrlStep step)
{
  p->state = state;
  return step;
}

static RtUrlStep
fail (RtUrlParser *p, const char *expected)
{
  p->expected = expected;
  return RT_URL_STEP_FAIL;
}

/* What follows the byte at hand. */
static RtText
remaining (const RtUrlParser *p)
{
  gsize from = MIN (p->at + 1, p->input.length);

  return rt_text_sub (p->input, from, p->input.length - from);
}

static gboolean
is_slash (const RtUrlParser *p, int c)
{
  return c == '/' || (p->special && c == '\\');
}

/* The end of the authority. */
static gboolean
ends_authority (const RtUrlParser *p, int c)
{
  return c == RT_URL_END || c == '/' || c == '?' || c == '#' || (p->special && c == '\\');
}

static void
set_scheme (RtUrlParser *p, const char *scheme)
{
  char *copy = g_strdup (scheme);

  g_free (p->scheme);
  p->scheme = copy;
  p->special = rt_url_scheme_is_special (scheme);
}

static void
set_host (RtUrlParser *p, const char *host, RtUrlHostKind kind)
{
  char *copy = g_strdup (host);

  g_free (p->host);
  p->host = copy;
  p->host_kind = kind;
}

static void
start_part (GString **part, const char *text)
{
  if (*part == NULL)
    *part = g_string_new (text);
  else
    g_string_assign (*part, text);
}

static void
copy_authority (RtUrlParser *p)
{
  g_string_assign (p->username, p->base->username);
  g_string_assign (p->password, p->base->password);
  set_host (p, p->base->host, p->base->host_kind);
  p->port = p->base->port;
}

static void
copy_path_and_query (RtUrlParser *p)
{
  g_string_assign (p->path, p->base->path);
  p->opaque_path = p->base->opaque_path;
  if (p->base->query != NULL)
    start_part (&p->query, p->base->query);
}

static gboolean
is_file (const RtUrlParser *p)
{
  return strcmp (p->scheme, "file") == 0;
}

static gboolean
base_is_file (const RtUrlParser *p)
{
  return p->base != NULL && strcmp (p->base->scheme, "file") == 0;
}

/* url#windows-drive-letter */
static gboolean
is_drive_letter (RtText text)
{
  return text.length == 2 && g_ascii_isalpha (text.at[0])
         && (text.at[1] == ':' || text.at[1] == '|');
}

/* url#start-with-a-windows-drive-letter */
static gboolean
starts_with_drive_letter (RtText text)
{
  return text.length >= 2 && is_drive_letter (rt_text_sub (text, 0, 2))
         && (text.length == 2 || (text.at[2] != '\0' && strchr ("/\\?#", text.at[2]) != NULL));
}

/* url#shorten-a-urls-path: the drive letter of a file URL stays. */
static void
shorten_path (RtUrlParser *p)
{
  const char *slash = memrchr (p->path->str, '/', p->path->len);
  RtText path = { p->path->str, p->path->len };

  if (is_file (p) && path.length == 3 && path.at[2] == ':'
      && is_drive_letter (rt_text_sub (path, 1, 2)))
    return;
  if (slash != NULL)
    g_string_truncate (p->path, (gsize)(slash - p->path->str));
}

static RtUrlStep
start_query (RtUrlParser *p)
{
  start_part (&p->query, "");
  return go (p, QUERY, RT_URL_STEP_NEXT);
}

static RtUrlStep
start_fragment (RtUrlParser *p)
{
  start_part (&p->fragment, "");
  return go (p, FRAGMENT, RT_URL_STEP_NEXT);
}

static RtUrlStep
at_scheme_start (RtUrlParser *p, int c)
{
  if (c == RT_URL_END || !g_ascii_isalpha (c))
    return go (p, NO_SCHEME, RT_URL_STEP_AGAIN);
  g_string_append_c (p->buffer, g_ascii_tolower ((char)c));
  return go (p, SCHEME, RT_URL_STEP_NEXT);
}

/* The state that follows "scheme:". */
static RtUrlStep
leave_scheme (RtUrlParser *p)
{
  set_scheme (p, p->buffer->str);
  g_string_truncate (p->buffer, 0);
  if (is_file (p))
    return go (p, FILE_START, RT_URL_STEP_NEXT);
  if (p->special && p->base != NULL && strcmp (p->base->scheme, p->scheme) == 0)
    return go (p, SPECIAL_RELATIVE_OR_AUTHORITY, RT_URL_STEP_NEXT);
  if (p->special)
    return go (p, SPECIAL_AUTHORITY_SLASHES, RT_URL_STEP_NEXT);
  if (rt_peek (remaining (p)) == '/')
    {
      p->at++;
      return go (p, PATH_OR_AUTHORITY, RT_URL_STEP_NEXT);
    }
  p->opaque_path = TRUE;
  return go (p, OPAQUE_PATH, RT_URL_STEP_NEXT);
}

static RtUrlStep
at_scheme (RtUrlParser *p, int c)
{
  if (c == ':')
    return leave_scheme (p);
  if (c != RT_URL_END && (g_ascii_isalnum (c) || c == '+' || c == '-' || c == '.'))
    {
      g_string_append_c (p->buffer, g_ascii_tolower ((char)c));
      return RT_URL_STEP_NEXT;
    }
  /* It was no scheme: start over. */
  g_string_truncate (p->buffer, 0);
  p->at = 0;
  return go (p, NO_SCHEME, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_no_scheme (RtUrlParser *p, int c)
{
  if (p->base == NULL)
    return fail (p, "an absolute URL, since there is no base");
  if (p->base->opaque_path && c != '#')
    return fail (p, "no relative URL, since the base has no path to be relative to");
  if (p->base->opaque_path)
    {
      set_scheme (p, p->base->scheme);
      copy_path_and_query (p);
      return start_fragment (p);
    }
  return go (p, base_is_file (p) ? FILE_START : RELATIVE, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_special_relative_or_authority (RtUrlParser *p, int c)
{
  if (c != '/' || rt_peek (remaining (p)) != '/')
    return go (p, RELATIVE, RT_URL_STEP_AGAIN);
  p->at++;
  return go (p, SPECIAL_AUTHORITY_IGNORE_SLASHES, RT_URL_STEP_NEXT);
}

static RtUrlStep
at_path_or_authority (RtUrlParser *p, int c)
{
  return c == '/' ? go (p, AUTHORITY, RT_URL_STEP_NEXT) : go (p, PATH, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_relative (RtUrlParser *p, int c)
{
  set_scheme (p, p->base->scheme);
  if (is_slash (p, c))
    return go (p, RELATIVE_SLASH, RT_URL_STEP_NEXT);
  copy_authority (p);
  copy_path_and_query (p);
  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  if (c == RT_URL_END)
    return RT_URL_STEP_NEXT;
  rt_url_drop_part (&p->query);
  shorten_path (p);
  return go (p, PATH, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_relative_slash (RtUrlParser *p, int c)
{
  if (is_slash (p, c))
    return go (p, p->special ? SPECIAL_AUTHORITY_IGNORE_SLASHES : AUTHORITY, RT_URL_STEP_NEXT);
  copy_authority (p);
  return go (p, PATH, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_special_authority_slashes (RtUrlParser *p, int c)
{
  if (c != '/' || rt_peek (remaining (p)) != '/')
    return go (p, SPECIAL_AUTHORITY_IGNORE_SLASHES, RT_URL_STEP_AGAIN);
  p->at++;
  return go (p, SPECIAL_AUTHORITY_IGNORE_SLASHES, RT_URL_STEP_NEXT);
}

static RtUrlStep
at_special_authority_ignore_slashes (RtUrlParser *p, int c)
{
  return c == '/' || c == '\\' ? RT_URL_STEP_NEXT : go (p, AUTHORITY, RT_URL_STEP_AGAIN);
}

/* Moves the buffer, which turned out to stand before an "@", to user name and password. */
static void
take_userinfo (RtUrlParser *p)
{
  /* An "@" before the last one belongs to the user's name or password. */
  if (p->at_sign_seen)
    g_string_append (p->password_seen ? p->password : p->username, "%40");
  p->at_sign_seen = TRUE;
  for (gsize i = 0; i < p->buffer->len; i++)
    if (p->buffer->str[i] == ':' && !p->password_seen)
      p->password_seen = TRUE;
    else
      rt_percent_append (p->password_seen ? p->password : p->username, RT_PERCENT_USERINFO,
                         p->buffer->str[i]);
  g_string_truncate (p->buffer, 0);
}

static RtUrlStep
at_authority (RtUrlParser *p, int c)
{
  if (c == '@')
    {
      take_userinfo (p);
      return RT_URL_STEP_NEXT;
    }
  if (!ends_authority (p, c))
    {
      g_string_append_c (p->buffer, (char)c);
      return RT_URL_STEP_NEXT;
    }
  if (p->at_sign_seen && p->buffer->len == 0)
    return fail (p, "a host behind the user's name");
  /* What was gathered since the last "@" is host and port: read it again as such. */
  p->at -= p->buffer->len;
  g_string_truncate (p->buffer, 0);
  return go (p, HOST, RT_URL_STEP_AGAIN);
}

static gboolean
take_host (RtUrlParser *p)
{
  RtText text = { p->buffer->str, p->buffer->len };
  char *host = rt_url_host_parse (text, p->special, &p->host_kind, p->error);

  if (host == NULL)
    return FALSE;
  g_free (p->host);
  p->host = host;
  g_string_truncate (p->buffer, 0);
  return TRUE;
}

static RtUrlStep
at_host (RtUrlParser *p, int c)
{
  gboolean port = c == ':' && !p->in_brackets;

  if (port || ends_authority (p, c))
    {
      if (p->buffer->len == 0 && (port || p->special))
        return fail (p, "a host");
      if (!take_host (p))
        return RT_URL_STEP_FAIL;
      return port ? go (p, PORT, RT_URL_STEP_NEXT) : go (p, PATH_START, RT_URL_STEP_AGAIN);
    }
  if (c == '[')
    p->in_brackets = TRUE;
  else if (c == ']')
    p->in_brackets = FALSE;
  g_string_append_c (p->buffer, (char)c);
  return RT_URL_STEP_NEXT;
}

static RtUrlStep
at_port (RtUrlParser *p, int c)
{
  int port = 0;

  if (c != RT_URL_END && g_ascii_isdigit (c))
    {
      g_string_append_c (p->buffer, (char)c);
      return RT_URL_STEP_NEXT;
    }
  if (!ends_authority (p, c))
    return fail (p, "a port of digits");
  for (gsize i = 0; i < p->buffer->len; i++)
    {
      port = port * 10 + (p->buffer->str[i] - '0');
      if (port > G_MAXUINT16)
        return fail (p, "a port of at most 65535");
    }
  if (p->buffer->len > 0)
    p->port = port == rt_url_default_port (p->scheme) ? -1 : port;
  g_string_truncate (p->buffer, 0);
  return go (p, PATH_START, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_file (RtUrlParser *p, int c)
{
  set_scheme (p, "file");
  set_host (p, "", RT_URL_HOST_EMPTY);
  if (c == '/' || c == '\\')
    return go (p, FILE_SLASH, RT_URL_STEP_NEXT);
  if (!base_is_file (p))
    return go (p, PATH, RT_URL_STEP_AGAIN);
  set_host (p, p->base->host, p->base->host_kind);
  copy_path_and_query (p);
  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  if (c == RT_URL_END)
    return RT_URL_STEP_NEXT;
  rt_url_drop_part (&p->query);
  if (starts_with_drive_letter (rt_text_sub (p->input, p->at, p->input.length - p->at)))
    g_string_truncate (p->path, 0);
  else
    shorten_path (p);
  return go (p, PATH, RT_URL_STEP_AGAIN);
}

/* A path that starts at the root keeps the base's drive letter. */
static void
keep_base_drive (RtUrlParser *p)
{
  RtText rest = rt_text_sub (p->input, p->at, p->input.length - p->at);
  RtText drive = rt_text (p->base->path);

  if (starts_with_drive_letter (rest) || !rt_take_char (&drive, '/'))
    return;
  drive = rt_take_until (&drive, "/");
  if (is_drive_letter (drive) && drive.at[1] == ':')
    g_string_append_printf (p->path, "/%c:", drive.at[0]);
}

static RtUrlStep
at_file_slash (RtUrlParser *p, int c)
{
  if (c == '/' || c == '\\')
    return go (p, FILE_HOST, RT_URL_STEP_NEXT);
  if (base_is_file (p))
    {
      set_host (p, p->base->host, p->base->host_kind);
      keep_base_drive (p);
    }
  return go (p, PATH, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_file_host (RtUrlParser *p, int c)
{
  if (!ends_authority (p, c))
    {
      g_string_append_c (p->buffer, (char)c);
      return RT_URL_STEP_NEXT;
    }
  /* "file://C:/" has no host: what looked like one stays in the buffer for the path. */
  if (is_drive_letter ((RtText){ p->buffer->str, p->buffer->len }))
    return go (p, PATH, RT_URL_STEP_AGAIN);
  if (p->buffer->len > 0 && !take_host (p))
    return RT_URL_STEP_FAIL;
  if (g_strcmp0 (p->host, "localhost") == 0)
    set_host (p, "", RT_URL_HOST_EMPTY);
  return go (p, PATH_START, RT_URL_STEP_AGAIN);
}

static RtUrlStep
at_path_start (RtUrlParser *p, int c)
{
  if (p->special)
    return go (p, PATH, is_slash (p, c) ? RT_URL_STEP_NEXT : RT_URL_STEP_AGAIN);
  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  if (c == RT_URL_END)
    return RT_URL_STEP_NEXT;
  return go (p, PATH, c == '/' ? RT_URL_STEP_NEXT : RT_URL_STEP_AGAIN);
}

/* url#single-dot-path-segment: 1; url#double-dot-path-segment: 2; any other: 0 */
static int
count_dots (const GString *segment)
{
  RtText rest = { segment->str, segment->len };
  int n = 0;

  while (rest.length > 0)
    {
      if (rest.length >= 3 && rt_text_equal_nocase (rt_text_sub (rest, 0, 3), RT_TEXT ("%2e")))
        rt_skip (&rest, 3);
      else if (!rt_take_char (&rest, '.'))
        return 0;
      if (++n > 2)
        return 0;
    }
  return n;
}

static void
append_segment (RtUrlParser *p)
{
  RtText segment = { p->buffer->str, p->buffer->len };

  if (is_file (p) && p->path->len == 0 && is_drive_letter (segment))
    p->buffer->str[1] = ':';
  g_string_append_c (p->path, '/');
  g_string_append_len (p->path, p->buffer->str, (gssize)p->buffer->len);
}

static RtUrlStep
at_path (RtUrlParser *p, int c)
{
  gboolean slash = is_slash (p, c);
  int dots;

  if (c != RT_URL_END && !slash && c != '?' && c != '#')
    {
      rt_percent_append (p->buffer, RT_PERCENT_PATH, (char)c);
      return RT_URL_STEP_NEXT;
    }
  dots = count_dots (p->buffer);
  if (dots == 2)
    shorten_path (p);
  if (dots == 0)
    append_segment (p);
  else if (!slash)
    g_string_append_c (p->path, '/');
  g_string_truncate (p->buffer, 0);
  if (c == '?')
    return start_query (p);
  return c == '#' ? start_fragment (p) : RT_URL_STEP_NEXT;
}

static RtUrlStep
at_opaque_path (RtUrlParser *p, int c)
{
  char next = rt_peek (remaining (p));

  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  /* A space at the end would be stripped when the URL is read again. */
  if (c == ' ' && (next == '?' || next == '#'))
    g_string_append (p->path, "%20");
  else if (c != RT_URL_END)
    rt_percent_append (p->path, RT_PERCENT_C0_CONTROL, (char)c);
  return RT_URL_STEP_NEXT;
}

static RtUrlStep
at_query (RtUrlParser *p, int c)
{
  if (c == '#')
    return start_fragment (p);
  if (c != RT_URL_END)
    rt_percent_append (p->query, p->special ? RT_PERCENT_SPECIAL_QUERY : RT_PERCENT_QUERY, (char)c);
  return RT_URL_STEP_NEXT;
}

static RtUrlStep
at_fragment (RtUrlParser *p, int c)
{
  if (c != RT_URL_END)
    rt_percent_append (p->fragment, RT_PERCENT_FRAGMENT, (char)c);
  return RT_URL_STEP_NEXT;
}

static RtUrlStep (*const states[N_STATES]) (RtUrlParser *p, int c) = {
  [SCHEME_START] = at_scheme_start,
  [SCHEME] = at_scheme,
  [NO_SCHEME] = at_no_scheme,
  [SPECIAL_RELATIVE_OR_AUTHORITY] = at_special_relative_or_authority,
  [PATH_OR_AUTHORITY] = at_path_or_authority,
  [RELATIVE] = at_relative,
  [RELATIVE_SLASH] = at_relative_slash,
  [SPECIAL_AUTHORITY_SLASHES] = at_special_authority_slashes,
  [SPECIAL_AUTHORITY_IGNORE_SLASHES] = at_special_authority_ignore_slashes,
  [AUTHORITY] = at_authority,
  [HOST] = at_host,
  [PORT] = at_port,
  [FILE_START] = at_file,
  [FILE_SLASH] = at_file_slash,
  [FILE_HOST] = at_file_host,
  [PATH_START] = at_path_start,
  [PATH] = at_path,
  [OPAQUE_PATH] = at_opaque_path,
  [QUERY] = at_query,
  [FRAGMENT] = at_fragment,
};

/* The state that the parser is in looks at @c, a byte or %RT_URL_END. It starts in SCHEME_START. */
RtUrlStep
rt_url_parser_step (RtUrlParser *p, int c)
{
  return states[p->state](p, c);
}
