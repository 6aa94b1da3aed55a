/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A request as a command line of curl, for a POSIX shell, such that curl sends the same bytes as
 * far as it can be made to. It writes Host first, then the fields of `-H` in their order; what it
 * would add by itself (User-Agent, Accept, Content-Type, Expect) is taken away by `-H 'Name:'`.
 * Names and values come from outside: everything stands in single quotes, and nothing is an option,
 * a file name (`@…`) or a glob. */
#include "rt-curl.h"

#include "rt-uri.h"

#include <string.h>

/* From so many bytes on curl asks before it sends content. */
#define EXPECT_MIN (1024 * 1024)

/* POSIX.1-2017, Shell Command Language §2.2.2: within single quotes all is as it stands; a single
 * quote cannot stand there. */
static void
append_quoted (GString *out, RtText text)
{
  g_string_append_c (out, '\'');
  for (gsize i = 0; i < text.length; i++)
    if (text.at[i] == '\'')
      g_string_append (out, "'\\''");
    else if (text.at[i] != '\0')
      g_string_append_c (out, text.at[i]);
  g_string_append_c (out, '\'');
}

static void
append_option (GString *out, const char *option, RtText value)
{
  g_string_append_printf (out, " \\\n  %s ", option);
  append_quoted (out, value);
}

static void
append_flag (GString *out, const char *flag)
{
  g_string_append_printf (out, " \\\n  %s", flag);
}

static gboolean
is_plain_target (RtText target)
{
  if (target.length == 0 || target.at[0] != '/')
    return FALSE;
  for (gsize i = 0; i < target.length; i++)
    if ((guchar)target.at[i] <= ' ' || (guchar)target.at[i] >= 0x7f || target.at[i] == '#'
        || target.at[i] == '\\')
      return FALSE;
  return TRUE;
}

/* The authority without user information. */
static char *
dup_authority (const RtExchange *exchange)
{
  const char *at = strrchr (exchange->authority, '@');

  return g_strdup (at != NULL ? at + 1 : exchange->authority);
}

static void
append_url (GString *out, const RtExchange *exchange, const char *authority)
{
  RtText target = exchange->request->message->target;
  gboolean plain = is_plain_target (target);
  g_autofree char *url = g_strdup_printf ("%s://%s%.*s", exchange->scheme, authority,
                                          plain ? (int)target.length : 1, plain ? target.at : "/");

  g_string_append_c (out, ' ');
  append_quoted (out, rt_text (url));
  if (!plain)
    append_option (out, "--request-target", target);
  /* What curl would make something else of: dot segments and globs. */
  if (strstr (url, "/.") != NULL)
    append_flag (out, "--path-as-is");
  if (strpbrk (url, "[]{}") != NULL)
    append_flag (out, "--globoff");
}

static void
append_version (GString *out, const RtTransfer *request)
{
  const char *version = NULL;

  if (request->facts != NULL)
    g_variant_lookup (request->facts, "version", "&s", &version);
  if (version != NULL && strchr (version, '2') != NULL)
    g_string_append (out, " --http2");
  else if (version != NULL && strchr (version, '3') != NULL)
    g_string_append (out, " --http3");
  else
    g_string_append (out,
                     request->message->version == RT_VERSION_1_0 ? " --http1.0" : " --http1.1");
}

/* Where the connection went elsewhere than the target says. */
static void
append_place (GString *out, RtAnalysis *analysis, const RtExchange *exchange, const char *authority)
{
  const RtConnectionInfo *info = rt_analysis_get_connection (analysis, exchange->connection);
  g_autofree char *value = NULL;
  g_autofree char *host = NULL;
  RtAuthority parsed;
  guint port = 0;
  gboolean v6;

  if (info == NULL || info->host == NULL || *info->host == '\0'
      || !rt_authority_parse (rt_text (authority), &parsed))
    return;
  if (!rt_authority_get_port (&parsed, &port) || port == 0)
    port = g_str_equal (exchange->scheme, "https") ? 443 : 80;
  if (rt_text_is_nocase (parsed.host, info->host) && (info->port == port || info->port == 0))
    return;
  host = rt_text_dup (parsed.host);
  v6 = strchr (info->host, ':') != NULL && *info->host != '[';
  if (info->port == port && g_hostname_is_ip_address (info->host))
    {
      value
          = g_strdup_printf ("%s:%u:%s%s%s", host, port, v6 ? "[" : "", info->host, v6 ? "]" : "");
      append_option (out, "--resolve", rt_text (value));
      return;
    }
  value = g_strdup_printf ("%s:%u:%s%s%s:%u", host, port, v6 ? "[" : "", info->host, v6 ? "]" : "",
                           info->port);
  append_option (out, "--connect-to", rt_text (value));
}

/* Fields */

/* A name that starts with "@" would be read as that of a file. */
static gboolean
can_be_given (const RtField *field)
{
  return field->name.length > 0 && field->name.at[0] != '@'
         && memchr (field->name.at, '\0', field->name.length) == NULL;
}

/* curl writes them itself: Host from the URL, the length of what it is given. */
static gboolean
curl_writes_it (const RtField *field, const char *authority, gsize content)
{
  guint64 length;

  if (rt_text_is_nocase (field->name, "Host"))
    return rt_text_is (field->value, authority);
  return rt_text_is_nocase (field->name, "Content-Length")
         && (!rt_text_to_uint64 (field->value, &length) || length != content);
}

static void
append_field (GString *out, const RtField *field)
{
  g_autoptr (GString) line = g_string_new_len (field->name.at, (gssize)field->name.length);

  if (field->value.length == 0)
    g_string_append_c (line, ';'); /* curl's way to say: empty, not taken away */
  else
    {
      g_string_append (line, ": ");
      g_string_append_len (line, field->value.at, (gssize)field->value.length);
    }
  append_option (out, "-H", (RtText){ line->str, line->len });
}

static void
append_fields (GString *out, const RtMessage *message, const char *authority, gsize content)
{
  static const char *const added[] = { "User-Agent", "Accept", "Host" };

  for (guint i = 0; i < rt_fields_get_length (message->fields); i++)
    {
      const RtField *field = rt_fields_get (message->fields, i);

      if (can_be_given (field) && !curl_writes_it (field, authority, content))
        append_field (out, field);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (added); i++)
    if (rt_fields_first (message->fields, added[i]) == NULL)
      g_string_append_printf (out, " \\\n  -H '%s:'", added[i]);
  if (content > 0 && rt_fields_first (message->fields, "Content-Type") == NULL)
    append_flag (out, "-H 'Content-Type:'");
  if (content >= EXPECT_MIN && rt_fields_first (message->fields, "Expect") == NULL)
    append_flag (out, "-H 'Expect:'");
  if (rt_fields_first (message->fields, "Accept-Encoding") != NULL)
    append_flag (out, "--compressed");
}

/* Content */

static gboolean
fits_command_line (RtText content)
{
  return content.length <= RT_CURL_BODY_MAX && memchr (content.at, '\0', content.length) == NULL
         && g_utf8_validate_len (content.at, content.length, NULL);
}

static void
append_content (GString *out, GBytes *content, GBytes **ret_body)
{
  RtText text;

  text.at = g_bytes_get_data (content, &text.length);
  if (text.length == 0)
    return;
  if (!fits_command_line (text))
    {
      append_flag (out, "--data-binary '@" RT_CURL_BODY_FILE "'");
      *ret_body = g_bytes_ref (content);
    }
  else
    append_option (out, text.at[0] == '@' ? "--data-raw" : "--data-binary", text);
}

static void
append_method (GString *out, RtText method, gboolean content)
{
  if (rt_text_is (method, "HEAD"))
    append_flag (out, "--head");
  else if (!rt_text_is (method, content ? "POST" : "GET"))
    append_option (out, "--request", method);
}

/**
 * rt_curl_dup_command:
 * @analysis: an analysis
 * @exchange: one of it that has a request
 * @ret_body: (out) (nullable): content that cannot stand on a command line: it is to be in the file
 *   %RT_CURL_BODY_FILE of the folder in which the command is called; %NULL if there is none such
 *
 * Returns: (transfer full): the command, for a POSIX shell, on several lines and without a line
 *   break at its end
 */
char *
rt_curl_dup_command (RtAnalysis *analysis, const RtExchange *exchange, GBytes **ret_body)
{
  const RtTransfer *request = exchange->request;
  const RtMessage *message = request->message;
  g_autofree char *authority = dup_authority (exchange);
  g_autoptr (GBytes) content = rt_analysis_dup_content (analysis, request);
  gsize length = content != NULL ? g_bytes_get_size (content) : 0;
  GString *out = g_string_new ("curl");

  *ret_body = NULL;
  append_version (out, request);
  append_url (out, exchange, authority);
  append_method (out, message->method, length > 0);
  append_place (out, analysis, exchange, authority);
  append_fields (out, message, authority, length);
  if (length > 0)
    append_content (out, content, ret_body);
  return g_string_free (out, FALSE);
}
