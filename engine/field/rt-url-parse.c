/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The URL parser: the state machine of url#url-parsing, a function for each state.
 *
 * It walks bytes, not characters: all that steers it is ASCII, the rest is percent-encoded byte by
 * byte or goes to the host parser as it is. The standard's "decrease pointer by 1" is the step
 * AGAIN: the next state sees the same byte. */
#include "rt-url.h"

#include "rt-error.h"
#include "rt-percent.h"
#include "rt-scan.h"

#define END (-1)

typedef enum
{
  STEP_NEXT,
  STEP_AGAIN,
  STEP_FAIL,
} Step;

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

typedef struct
{
  RtText input;
  gsize at;
  State state;
  const RtUrl *base;
  const char *expected; /* why it failed */
  GError **error;
  gboolean at_sign_seen, in_brackets, password_seen;
  GString *buffer;

  /* The URL as far as it is known. @path is its serialization: no segment can hold a "/". */
  char *scheme;
  gboolean special, opaque_path;
  GString *username, *password, *path, *query, *fragment;
  char *host;
  RtUrlHostKind host_kind;
  int port;
} UrlParser;

static Step
go (UrlParser *p, State state, Step step)
{
  p->state = state;
  return step;
}

static Step
fail (UrlParser *p, const char *expected)
{
  p->expected = expected;
  return STEP_FAIL;
}

/* What follows the byte at hand. */
static RtText
remaining (const UrlParser *p)
{
  gsize from = MIN (p->at + 1, p->input.length);

  return rt_text_sub (p->input, from, p->input.length - from);
}

static gboolean
is_slash (const UrlParser *p, int c)
{
  return c == '/' || (p->special && c == '\\');
}

/* The end of the authority. */
static gboolean
ends_authority (const UrlParser *p, int c)
{
  return c == END || c == '/' || c == '?' || c == '#' || (p->special && c == '\\');
}

static void
set_scheme (UrlParser *p, const char *scheme)
{
  char *copy = g_strdup (scheme);

  g_free (p->scheme);
  p->scheme = copy;
  p->special = rt_url_scheme_is_special (scheme);
}

static void
set_host (UrlParser *p, const char *host, RtUrlHostKind kind)
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
drop_part (GString **part)
{
  if (*part != NULL)
    g_string_free (g_steal_pointer (part), TRUE);
}

static void
copy_authority (UrlParser *p)
{
  g_string_assign (p->username, p->base->username);
  g_string_assign (p->password, p->base->password);
  set_host (p, p->base->host, p->base->host_kind);
  p->port = p->base->port;
}

static void
copy_path_and_query (UrlParser *p)
{
  g_string_assign (p->path, p->base->path);
  p->opaque_path = p->base->opaque_path;
  if (p->base->query != NULL)
    start_part (&p->query, p->base->query);
}

static gboolean
is_file (const UrlParser *p)
{
  return strcmp (p->scheme, "file") == 0;
}

static gboolean
base_is_file (const UrlParser *p)
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
         && (text.length == 2 || strchr ("/\\?#", text.at[2]) != NULL);
}

/* url#shorten-a-urls-path: the drive letter of a file URL stays. */
static void
shorten_path (UrlParser *p)
{
  const char *slash = strrchr (p->path->str, '/');
  RtText path = { p->path->str, p->path->len };

  if (is_file (p) && path.length == 3 && path.at[2] == ':'
      && is_drive_letter (rt_text_sub (path, 1, 2)))
    return;
  if (slash != NULL)
    g_string_truncate (p->path, (gsize)(slash - p->path->str));
}

static Step
start_query (UrlParser *p)
{
  start_part (&p->query, "");
  return go (p, QUERY, STEP_NEXT);
}

static Step
start_fragment (UrlParser *p)
{
  start_part (&p->fragment, "");
  return go (p, FRAGMENT, STEP_NEXT);
}

static Step
at_scheme_start (UrlParser *p, int c)
{
  if (c == END || !g_ascii_isalpha (c))
    return go (p, NO_SCHEME, STEP_AGAIN);
  g_string_append_c (p->buffer, g_ascii_tolower ((char)c));
  return go (p, SCHEME, STEP_NEXT);
}

/* The state that follows "scheme:". */
static Step
leave_scheme (UrlParser *p)
{
  set_scheme (p, p->buffer->str);
  g_string_truncate (p->buffer, 0);
  if (is_file (p))
    return go (p, FILE_START, STEP_NEXT);
  if (p->special && p->base != NULL && strcmp (p->base->scheme, p->scheme) == 0)
    return go (p, SPECIAL_RELATIVE_OR_AUTHORITY, STEP_NEXT);
  if (p->special)
    return go (p, SPECIAL_AUTHORITY_SLASHES, STEP_NEXT);
  if (rt_peek (remaining (p)) == '/')
    {
      p->at++;
      return go (p, PATH_OR_AUTHORITY, STEP_NEXT);
    }
  p->opaque_path = TRUE;
  return go (p, OPAQUE_PATH, STEP_NEXT);
}

static Step
at_scheme (UrlParser *p, int c)
{
  if (c == ':')
    return leave_scheme (p);
  if (c != END && (g_ascii_isalnum (c) || c == '+' || c == '-' || c == '.'))
    {
      g_string_append_c (p->buffer, g_ascii_tolower ((char)c));
      return STEP_NEXT;
    }
  /* It was no scheme: start over. */
  g_string_truncate (p->buffer, 0);
  p->at = 0;
  return go (p, NO_SCHEME, STEP_AGAIN);
}

static Step
at_no_scheme (UrlParser *p, int c)
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
  return go (p, base_is_file (p) ? FILE_START : RELATIVE, STEP_AGAIN);
}

static Step
at_special_relative_or_authority (UrlParser *p, int c)
{
  if (c != '/' || rt_peek (remaining (p)) != '/')
    return go (p, RELATIVE, STEP_AGAIN);
  p->at++;
  return go (p, SPECIAL_AUTHORITY_IGNORE_SLASHES, STEP_NEXT);
}

static Step
at_path_or_authority (UrlParser *p, int c)
{
  return c == '/' ? go (p, AUTHORITY, STEP_NEXT) : go (p, PATH, STEP_AGAIN);
}

static Step
at_relative (UrlParser *p, int c)
{
  set_scheme (p, p->base->scheme);
  if (is_slash (p, c))
    return go (p, RELATIVE_SLASH, STEP_NEXT);
  copy_authority (p);
  copy_path_and_query (p);
  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  if (c == END)
    return STEP_NEXT;
  drop_part (&p->query);
  shorten_path (p);
  return go (p, PATH, STEP_AGAIN);
}

static Step
at_relative_slash (UrlParser *p, int c)
{
  if (is_slash (p, c))
    return go (p, p->special ? SPECIAL_AUTHORITY_IGNORE_SLASHES : AUTHORITY, STEP_NEXT);
  copy_authority (p);
  return go (p, PATH, STEP_AGAIN);
}

static Step
at_special_authority_slashes (UrlParser *p, int c)
{
  if (c != '/' || rt_peek (remaining (p)) != '/')
    return go (p, SPECIAL_AUTHORITY_IGNORE_SLASHES, STEP_AGAIN);
  p->at++;
  return go (p, SPECIAL_AUTHORITY_IGNORE_SLASHES, STEP_NEXT);
}

static Step
at_special_authority_ignore_slashes (UrlParser *p, int c)
{
  return c == '/' || c == '\\' ? STEP_NEXT : go (p, AUTHORITY, STEP_AGAIN);
}

/* Moves the buffer, which turned out to stand before an "@", to user name and password. */
static void
take_userinfo (UrlParser *p)
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

static Step
at_authority (UrlParser *p, int c)
{
  if (c == '@')
    {
      take_userinfo (p);
      return STEP_NEXT;
    }
  if (!ends_authority (p, c))
    {
      g_string_append_c (p->buffer, (char)c);
      return STEP_NEXT;
    }
  if (p->at_sign_seen && p->buffer->len == 0)
    return fail (p, "a host behind the user's name");
  /* What was gathered since the last "@" is host and port: read it again as such. */
  p->at -= p->buffer->len;
  g_string_truncate (p->buffer, 0);
  return go (p, HOST, STEP_AGAIN);
}

static gboolean
take_host (UrlParser *p)
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

static Step
at_host (UrlParser *p, int c)
{
  gboolean port = c == ':' && !p->in_brackets;

  if (port || ends_authority (p, c))
    {
      if (p->buffer->len == 0 && (port || p->special))
        return fail (p, "a host");
      if (!take_host (p))
        return STEP_FAIL;
      return port ? go (p, PORT, STEP_NEXT) : go (p, PATH_START, STEP_AGAIN);
    }
  if (c == '[')
    p->in_brackets = TRUE;
  else if (c == ']')
    p->in_brackets = FALSE;
  g_string_append_c (p->buffer, (char)c);
  return STEP_NEXT;
}

static Step
at_port (UrlParser *p, int c)
{
  int port = 0;

  if (c != END && g_ascii_isdigit (c))
    {
      g_string_append_c (p->buffer, (char)c);
      return STEP_NEXT;
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
  return go (p, PATH_START, STEP_AGAIN);
}

static Step
at_file (UrlParser *p, int c)
{
  set_scheme (p, "file");
  set_host (p, "", RT_URL_HOST_EMPTY);
  if (c == '/' || c == '\\')
    return go (p, FILE_SLASH, STEP_NEXT);
  if (!base_is_file (p))
    return go (p, PATH, STEP_AGAIN);
  set_host (p, p->base->host, p->base->host_kind);
  copy_path_and_query (p);
  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  if (c == END)
    return STEP_NEXT;
  drop_part (&p->query);
  if (starts_with_drive_letter (rt_text_sub (p->input, p->at, p->input.length - p->at)))
    g_string_truncate (p->path, 0);
  else
    shorten_path (p);
  return go (p, PATH, STEP_AGAIN);
}

/* A path that starts at the root keeps the base's drive letter. */
static void
keep_base_drive (UrlParser *p)
{
  RtText rest = rt_text_sub (p->input, p->at, p->input.length - p->at);
  RtText drive = rt_text (p->base->path);

  if (starts_with_drive_letter (rest) || !rt_take_char (&drive, '/'))
    return;
  drive = rt_take_until (&drive, "/");
  if (is_drive_letter (drive) && drive.at[1] == ':')
    g_string_append_printf (p->path, "/%c:", drive.at[0]);
}

static Step
at_file_slash (UrlParser *p, int c)
{
  if (c == '/' || c == '\\')
    return go (p, FILE_HOST, STEP_NEXT);
  if (base_is_file (p))
    {
      set_host (p, p->base->host, p->base->host_kind);
      keep_base_drive (p);
    }
  return go (p, PATH, STEP_AGAIN);
}

static Step
at_file_host (UrlParser *p, int c)
{
  if (!ends_authority (p, c))
    {
      g_string_append_c (p->buffer, (char)c);
      return STEP_NEXT;
    }
  /* "file://C:/" has no host: what looked like one stays in the buffer for the path. */
  if (is_drive_letter ((RtText){ p->buffer->str, p->buffer->len }))
    return go (p, PATH, STEP_AGAIN);
  if (p->buffer->len > 0 && !take_host (p))
    return STEP_FAIL;
  if (g_strcmp0 (p->host, "localhost") == 0)
    set_host (p, "", RT_URL_HOST_EMPTY);
  return go (p, PATH_START, STEP_AGAIN);
}

static Step
at_path_start (UrlParser *p, int c)
{
  if (p->special)
    return go (p, PATH, is_slash (p, c) ? STEP_NEXT : STEP_AGAIN);
  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  if (c == END)
    return STEP_NEXT;
  return go (p, PATH, c == '/' ? STEP_NEXT : STEP_AGAIN);
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
append_segment (UrlParser *p)
{
  RtText segment = { p->buffer->str, p->buffer->len };

  if (is_file (p) && p->path->len == 0 && is_drive_letter (segment))
    p->buffer->str[1] = ':';
  g_string_append_c (p->path, '/');
  g_string_append_len (p->path, p->buffer->str, (gssize)p->buffer->len);
}

static Step
at_path (UrlParser *p, int c)
{
  gboolean slash = is_slash (p, c);
  int dots;

  if (c != END && !slash && c != '?' && c != '#')
    {
      rt_percent_append (p->buffer, RT_PERCENT_PATH, (char)c);
      return STEP_NEXT;
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
  return c == '#' ? start_fragment (p) : STEP_NEXT;
}

static Step
at_opaque_path (UrlParser *p, int c)
{
  char next = rt_peek (remaining (p));

  if (c == '?')
    return start_query (p);
  if (c == '#')
    return start_fragment (p);
  /* A space at the end would be stripped when the URL is read again. */
  if (c == ' ' && (next == '?' || next == '#'))
    g_string_append (p->path, "%20");
  else if (c != END)
    rt_percent_append (p->path, RT_PERCENT_C0_CONTROL, (char)c);
  return STEP_NEXT;
}

static Step
at_query (UrlParser *p, int c)
{
  if (c == '#')
    return start_fragment (p);
  if (c != END)
    rt_percent_append (p->query, p->special ? RT_PERCENT_SPECIAL_QUERY : RT_PERCENT_QUERY, (char)c);
  return STEP_NEXT;
}

static Step
at_fragment (UrlParser *p, int c)
{
  if (c != END)
    rt_percent_append (p->fragment, RT_PERCENT_FRAGMENT, (char)c);
  return STEP_NEXT;
}

static Step (*const states[N_STATES]) (UrlParser *p, int c) = {
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

/* "Remove any leading and trailing C0 control or space", then "all ASCII tab or newline". */
static GString *
clean_input (RtText input)
{
  GString *out;

  while (input.length > 0 && (guchar)input.at[0] <= ' ')
    rt_skip (&input, 1);
  while (input.length > 0 && (guchar)input.at[input.length - 1] <= ' ')
    input.length--;
  out = g_string_sized_new (input.length);
  for (gsize i = 0; i < input.length; i++)
    if (strchr ("\t\n\r", input.at[i]) == NULL || input.at[i] == '\0')
      g_string_append_c (out, input.at[i]);
  return out;
}

static gboolean
run (UrlParser *p)
{
  for (;;)
    {
      int c = p->at < p->input.length ? (guchar)p->input.at[p->at] : END;
      Step step = states[p->state](p, c);

      if (step == STEP_FAIL)
        return FALSE;
      if (step == STEP_AGAIN)
        continue;
      if (c == END)
        return TRUE;
      p->at++;
    }
}

static char *
take_part (GString **part)
{
  return *part != NULL ? g_string_free (g_steal_pointer (part), FALSE) : NULL;
}

static RtUrl *
finish (UrlParser *p)
{
  RtUrl *url = g_new (RtUrl, 1);

  *url = (RtUrl){
    .scheme = g_steal_pointer (&p->scheme),
    .username = take_part (&p->username),
    .password = take_part (&p->password),
    .host = g_steal_pointer (&p->host),
    .host_kind = p->host_kind,
    .port = p->port,
    .path = take_part (&p->path),
    .opaque_path = p->opaque_path,
    .query = take_part (&p->query),
    .fragment = take_part (&p->fragment),
  };
  return url;
}

/**
 * rt_url_parse:
 * @input: a URL, absolute or relative; bytes that are no UTF-8 are percent-encoded as they are
 * @base: (nullable): what a relative one is relative to
 *
 * Errors: %RT_ERROR_SYNTAX. Source: url#concept-basic-url-parser.
 *
 * Returns: (transfer full) (nullable): the URL
 */
RtUrl *
rt_url_parse (RtText input, const RtUrl *base, GError **error)
{
  g_autoptr (GString) clean = clean_input (input);
  UrlParser p = {
    .input = { clean->str, clean->len },
    .base = base,
    .error = error,
    .buffer = g_string_new (NULL),
    .username = g_string_new (NULL),
    .password = g_string_new (NULL),
    .path = g_string_new (NULL),
    .port = -1,
  };
  RtUrl *url = run (&p) ? finish (&p) : NULL;

  if (url == NULL && p.expected != NULL)
    rt_set_error (error, RT_ERROR_SYNTAX, NULL, p.expected, "this is no URL");
  g_string_free (p.buffer, TRUE);
  drop_part (&p.username);
  drop_part (&p.password);
  drop_part (&p.path);
  drop_part (&p.query);
  drop_part (&p.fragment);
  g_free (p.scheme);
  g_free (p.host);
  return url;
}
