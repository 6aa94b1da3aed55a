/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * curl's options, a table. A command that was pasted comes from outside: it cannot make a file be
 * read or written here, and what would change the request and is not understood is an error rather
 * than left out. What only says how curl behaves is passed over. */
#include "rt-curl-read.h"

#include "rt-base64.h"
#include "rt-error.h"
#include "rt-scan.h"
#include "rt-shell-words.h"

#include <string.h>

typedef struct
{
  RtCurlRequest *request;
  GString *data;         /* (nullable): of -d and its like, joined by & */
  const char *data_type; /* what Content-Type it makes */
  gboolean get, head, compressed;
} Reading;

typedef struct
{
  char letter; /* NUL: it has none */
  const char *name;
  gboolean (*take) (Reading *reading, const char *value, GError **error);
  gboolean flag; /* it has no value */
} Option;

static gboolean
fail (GError **error, RtError code, const char *expected, const char *what, const char *value)
{
  g_autofree char *shown = rt_text_escape (rt_text (value));

  rt_set_error (error, code, NULL, expected, "curl command: %s “%s”", what, shown);
  return FALSE;
}

static gboolean
refuse_file (const char *value, GError **error)
{
  return fail (error, RT_ERROR_UNSUPPORTED, "what is in it, on the command line",
               "no file is read here:", value);
}

/* Fields */

static gboolean
set_field (Reading *reading, const char *name, const char *value, GError **error)
{
  if (strpbrk (value, "\r\n") != NULL)
    return fail (error, RT_ERROR_SYNTAX, "a value on one line",
                 "this cannot be a field's value:", value);
  rt_fields_append (reading->request->fields, name, value);
  return TRUE;
}

/* `Name: value`; `Name;`: an empty value; `Name:`: what curl would add is taken away. */
static gboolean
take_header (Reading *reading, const char *value, GError **error)
{
  gsize length = strcspn (value, ":;");
  g_autofree char *name = g_strndup (value, length);
  g_autofree char *rest = value[length] != '\0' ? g_strstrip (g_strdup (value + length + 1)) : NULL;

  if (value[0] == '@')
    return refuse_file (value, error);
  /* Of HTTP/2 and 3; who writes the request for HTTP/1.1 has them in the URL. */
  if (value[0] == ':')
    return TRUE;
  g_strchomp (name);
  if (rest == NULL || !rt_text_is_token (rt_text (name)) || (value[length] == ';' && *rest != '\0'))
    return fail (error, RT_ERROR_SYNTAX, "Name: value", "this is no field:", value);
  return (value[length] == ':' && *rest == '\0') || set_field (reading, name, rest, error);
}

static gboolean
take_cookie (Reading *reading, const char *value, GError **error)
{
  return strchr (value, '=') != NULL ? set_field (reading, "Cookie", value, error)
                                     : refuse_file (value, error);
}

static gboolean
take_user (Reading *reading, const char *value, GError **error)
{
  g_autofree char *coded = rt_base64_encode (rt_text (value), RT_BASE64_STRICT);
  g_autofree char *credentials = g_strconcat ("Basic ", coded, NULL);

  return strchr (value, ':') != NULL
             ? set_field (reading, "Authorization", credentials, error)
             : fail (error, RT_ERROR_SYNTAX, "USER:PASSWORD", "there is no password:", value);
}

static gboolean
take_bearer (Reading *reading, const char *value, GError **error)
{
  g_autofree char *credentials = g_strconcat ("Bearer ", value, NULL);

  return set_field (reading, "Authorization", credentials, error);
}

static gboolean
take_range (Reading *reading, const char *value, GError **error)
{
  g_autofree char *range = g_strconcat ("bytes=", value, NULL);

  return set_field (reading, "Range", range, error);
}

static gboolean
take_agent (Reading *reading, const char *value, GError **error)
{
  return *value == '\0' || set_field (reading, "User-Agent", value, error);
}

static gboolean
take_referer (Reading *reading, const char *value, GError **error)
{
  g_autofree char *url = g_strndup (value, strcspn (value, ";")); /* `;auto` */

  return *url == '\0' || set_field (reading, "Referer", url, error);
}

/* Content */

static void
add_data (Reading *reading, const char *text)
{
  if (reading->data == NULL)
    reading->data = g_string_new (NULL);
  else if (g_strcmp0 (reading->data_type, "application/json") != 0)
    g_string_append_c (reading->data, '&');
  g_string_append (reading->data, text);
}

static gboolean
take_data_raw (Reading *reading, const char *value, GError **error)
{
  add_data (reading, value);
  return TRUE;
}

static gboolean
take_data (Reading *reading, const char *value, GError **error)
{
  return value[0] == '@' ? refuse_file (value, error) : take_data_raw (reading, value, error);
}

static gboolean
take_json (Reading *reading, const char *value, GError **error)
{
  reading->data_type = "application/json";
  return take_data (reading, value, error);
}

/* `content`, `=content`, `name=content`; of @file and name@file there is none. */
static gboolean
take_encoded (Reading *reading, const char *value, GError **error)
{
  const char *mark = strpbrk (value, "=@");
  const char *content = mark != NULL ? mark + 1 : value;
  g_autofree char *coded = g_uri_escape_string (content, NULL, FALSE);
  g_autofree char *pair = mark != NULL && mark > value
                              ? g_strdup_printf ("%.*s=%s", (int)(mark - value), value, coded)
                              : g_strdup (coded);

  if (mark != NULL && *mark == '@')
    return refuse_file (value, error);
  add_data (reading, pair);
  return TRUE;
}

/* The rest */

static gboolean
take_text (char **where, const char *value, const char *twice, GError **error)
{
  if (*where != NULL)
    return fail (error, RT_ERROR_UNSUPPORTED, "one", twice, value);
  *where = g_strdup (value);
  return TRUE;
}

static gboolean
take_url (Reading *reading, const char *value, GError **error)
{
  g_autofree char *url
      = strstr (value, "://") != NULL ? g_strdup (value) : g_strconcat ("http://", value, NULL);

  return take_text (&reading->request->url, url, "there is a second URL:", error);
}

static gboolean
take_method (Reading *reading, const char *value, GError **error)
{
  if (!rt_text_is_token (rt_text (value)))
    return fail (error, RT_ERROR_SYNTAX, "one such as GET", "this is no method:", value);
  g_free (reading->request->method);
  reading->request->method = g_strdup (value);
  return TRUE;
}

static gboolean
take_target (Reading *reading, const char *value, GError **error)
{
  return take_text (&reading->request->target, value, "there is a second target:", error);
}

static gboolean
take_time (Reading *reading, const char *value, GError **error)
{
  guint64 seconds;

  if (!rt_text_to_uint64 (rt_text_sub (rt_text (value), 0, strcspn (value, ".")), &seconds))
    return fail (error, RT_ERROR_SYNTAX, "a number of seconds", "this is no time:", value);
  g_free (reading->request->timeout);
  /* Of parts of a second the next whole one is near enough. */
  reading->request->timeout
      = g_strdup_printf ("%" G_GUINT64_FORMAT "s", seconds + (strchr (value, '.') != NULL ? 1 : 0));
  return TRUE;
}

static void
add_way (Reading *reading, char *way)
{
  guint n = g_strv_length (reading->request->ways);

  reading->request->ways = g_renew (char *, reading->request->ways, n + 2);
  reading->request->ways[n] = way;
  reading->request->ways[n + 1] = NULL;
}

static gboolean
take_connect_to (Reading *reading, const char *value, GError **error)
{
  add_way (reading, g_strdup (value));
  return TRUE;
}

/* `HOST:PORT:ADDRESS` */
static gboolean
take_resolve (Reading *reading, const char *value, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", 3);

  if (g_strv_length (parts) != 3)
    return fail (error, RT_ERROR_SYNTAX, "HOST:PORT:ADDRESS", "this leads nowhere:", value);
  add_way (reading, g_strdup_printf ("%s:%s", value, parts[1]));
  return TRUE;
}

static gboolean
take_get (Reading *reading, const char *value, GError **error)
{
  return reading->get = TRUE;
}

static gboolean
take_head (Reading *reading, const char *value, GError **error)
{
  return reading->head = TRUE;
}

static gboolean
take_insecure (Reading *reading, const char *value, GError **error)
{
  return reading->request->insecure = TRUE;
}

static gboolean
take_follow (Reading *reading, const char *value, GError **error)
{
  return reading->request->follow = TRUE;
}

static gboolean
take_compressed (Reading *reading, const char *value, GError **error)
{
  return reading->compressed = TRUE;
}

/* How curl behaves, not what it sends. */
static gboolean
pass_over (Reading *reading, const char *value, GError **error)
{
  return TRUE;
}

/* clang-format off */
static const Option options[] = {
  { 'H', "header", take_header },
  { 'b', "cookie", take_cookie },
  { 'A', "user-agent", take_agent },
  { 'e', "referer", take_referer },
  { 'u', "user", take_user },
  { 0, "oauth2-bearer", take_bearer },
  { 'r', "range", take_range },
  { 'd', "data", take_data },
  { 0, "data-ascii", take_data },
  { 0, "data-binary", take_data },
  { 0, "data-raw", take_data_raw },
  { 0, "data-urlencode", take_encoded },
  { 0, "json", take_json },
  { 'X', "request", take_method },
  { 0, "request-target", take_target },
  { 0, "url", take_url },
  { 'm', "max-time", take_time },
  { 0, "connect-to", take_connect_to },
  { 0, "resolve", take_resolve },
  { 'G', "get", take_get, .flag = TRUE },
  { 'I', "head", take_head, .flag = TRUE },
  { 'k', "insecure", take_insecure, .flag = TRUE },
  { 'L', "location", take_follow, .flag = TRUE },
  { 0, "compressed", take_compressed, .flag = TRUE },
  { 's', "silent", pass_over, .flag = TRUE },
  { 'S', "show-error", pass_over, .flag = TRUE },
  { 'i', "include", pass_over, .flag = TRUE },
  { 'v', "verbose", pass_over, .flag = TRUE },
  { 'f', "fail", pass_over, .flag = TRUE },
  { 'g', "globoff", pass_over, .flag = TRUE },
  { 'N', "no-buffer", pass_over, .flag = TRUE },
  { '#', "progress-bar", pass_over, .flag = TRUE },
  { 'O', "remote-name", pass_over, .flag = TRUE },
  { 'J', "remote-header-name", pass_over, .flag = TRUE },
  { '0', "http1.0", pass_over, .flag = TRUE },
  { '4', "ipv4", pass_over, .flag = TRUE },
  { '6', "ipv6", pass_over, .flag = TRUE },
  { 0, "basic", pass_over, .flag = TRUE },
  { 0, "fail-with-body", pass_over, .flag = TRUE },
  { 0, "http1.1", pass_over, .flag = TRUE },
  { 0, "http2", pass_over, .flag = TRUE },
  { 0, "http2-prior-knowledge", pass_over, .flag = TRUE },
  { 0, "http3", pass_over, .flag = TRUE },
  { 0, "path-as-is", pass_over, .flag = TRUE },
  { 0, "no-keepalive", pass_over, .flag = TRUE },
  { 0, "no-progress-meter", pass_over, .flag = TRUE },
  { 0, "raw", pass_over, .flag = TRUE },
  { 0, "tlsv1.2", pass_over, .flag = TRUE },
  { 0, "tlsv1.3", pass_over, .flag = TRUE },
  { 'o', "output", pass_over },
  { 'w', "write-out", pass_over },
  { 'D', "dump-header", pass_over },
  { 'c', "cookie-jar", pass_over },
  { 0, "connect-timeout", pass_over },
  { 0, "max-redirs", pass_over },
  { 0, "retry", pass_over },
};
/* clang-format on */

static const Option *
find_option (const char *name, char letter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    if (name != NULL ? g_str_equal (options[i].name, name) : options[i].letter == letter)
      return &options[i];
  return NULL;
}

/* @at: the word; a value may be the next one. */
static gboolean
take_option (Reading *reading, const Option *option, const char *rest, char ***at, GError **error)
{
  const char *value = *rest != '\0' ? rest : *(*at + 1);

  if (option->flag)
    return option->take (reading, NULL, error);
  if (value == NULL)
    return fail (error, RT_ERROR_SYNTAX, "one", "there is no value behind", **at);
  if (*rest == '\0')
    ++*at;
  return option->take (reading, value, error);
}

static gboolean
unknown_option (const char *word, GError **error)
{
  return fail (error, RT_ERROR_UNSUPPORTED, NULL, "nothing here can do what is meant by", word);
}

/* `-sXPOST`: flags, the last may have a value in the rest of the word. */
static gboolean
take_letters (Reading *reading, char ***at, GError **error)
{
  for (const char *letter = **at + 1; *letter != '\0'; letter++)
    {
      const Option *option = find_option (NULL, *letter);

      if (option == NULL)
        return unknown_option (**at, error);
      if (!option->flag)
        return take_option (reading, option, letter + 1, at, error);
      if (!take_option (reading, option, "", at, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
take_word (Reading *reading, char ***at, GError **error)
{
  const char *word = **at;
  const Option *option;

  if (word[0] != '-' || word[1] == '\0')
    return take_url (reading, word, error);
  if (word[1] != '-')
    return take_letters (reading, at, error);
  option = find_option (word + 2, '\0');
  return option != NULL ? take_option (reading, option, "", at, error)
                        : unknown_option (word, error);
}

/* All together */

static void
set_if_missing (RtFields *fields, const char *name, const char *value)
{
  if (rt_fields_first (fields, name) == NULL)
    rt_fields_append (fields, name, value);
}

/* `--get`: the data goes where the query is. */
static void
move_data_to_url (Reading *reading)
{
  RtCurlRequest *request = reading->request;
  gsize length = strcspn (request->url, "#");
  char *url = g_strdup_printf ("%.*s%c%s%s", (int)length, request->url,
                               memchr (request->url, '?', length) != NULL ? '&' : '?',
                               reading->data->str, request->url + length);

  g_free (request->url);
  request->url = url;
}

static void
finish (Reading *reading)
{
  RtCurlRequest *request = reading->request;
  gboolean sends = reading->data != NULL && !reading->get && !reading->head;

  if (reading->data != NULL && !sends)
    move_data_to_url (reading);
  if (sends)
    {
      request->content = g_bytes_new (reading->data->str, reading->data->len);
      set_if_missing (request->fields, "Content-Type", reading->data_type);
      if (g_str_equal (reading->data_type, "application/json"))
        set_if_missing (request->fields, "Accept", reading->data_type);
    }
  if (reading->compressed)
    set_if_missing (request->fields, "Accept-Encoding", "deflate, gzip");
  if (request->method == NULL)
    request->method = g_strdup (reading->head ? "HEAD" : sends ? "POST" : "GET");
}

static gboolean
read_words (Reading *reading, char **words, GError **error)
{
  char **at = words;
  g_autofree char *name = NULL;

  if (*at != NULL && g_str_equal (*at, "$")) /* the prompt, copied along */
    at++;
  name = *at != NULL ? g_path_get_basename (*at) : NULL;
  if (g_strcmp0 (name, "curl") != 0)
    return fail (error, RT_ERROR_SYNTAX, "curl URL …",
                 "this is no command of curl:", *at != NULL ? *at : "");
  for (at++; *at != NULL; at++)
    if (!take_word (reading, &at, error))
      return FALSE;
  return reading->request->url != NULL
         || fail (error, RT_ERROR_SYNTAX, "one", "there is no URL behind", "curl");
}

/**
 * rt_curl_parse:
 * @command: a command line of curl, for a POSIX shell
 *
 * Errors: those of rt_shell_split(); %RT_ERROR_SYNTAX; %RT_ERROR_UNSUPPORTED if it reads a file,
 * asks for more than one URL or has an option that changes the request and is not known here.
 *
 * Returns: (transfer full) (nullable): what it tells curl to send
 */
RtCurlRequest *
rt_curl_parse (const char *command, GError **error)
{
  g_auto (GStrv) words = rt_shell_split (command, error);
  g_autoptr (RtCurlRequest) request = NULL;
  Reading reading = { .data_type = "application/x-www-form-urlencoded" };
  gboolean ok;

  if (words == NULL)
    return NULL;
  request = g_new0 (RtCurlRequest, 1);
  request->fields = rt_fields_new ();
  request->ways = g_new0 (char *, 1);
  reading.request = request;
  ok = read_words (&reading, words, error);
  if (ok)
    finish (&reading);
  if (reading.data != NULL)
    g_string_free (reading.data, TRUE);
  return ok ? g_steal_pointer (&request) : NULL;
}

void
rt_curl_request_free (RtCurlRequest *request)
{
  g_free (request->url);
  g_free (request->method);
  g_free (request->target);
  rt_fields_unref (request->fields);
  g_clear_pointer (&request->content, g_bytes_unref);
  g_free (request->timeout);
  g_strfreev (request->ways);
  g_free (request);
}
