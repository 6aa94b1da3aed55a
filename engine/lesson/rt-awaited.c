/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a step of a lesson to what is awaited of somebody outside. */
#include "rt-awaited.h"

#include "rt-cast.h"
#include "rt-message-template.h"
#include "rt-url.h"

#include <string.h>

void
rt_awaited_clear (RtAwaited *awaited)
{
  g_clear_pointer (&awaited->method, g_free);
  g_clear_pointer (&awaited->target, g_free);
  g_clear_pointer (&awaited->host, g_free);
  g_clear_pointer (&awaited->url, g_free);
  g_clear_pointer (&awaited->fields, rt_fields_unref);
  g_clear_pointer (&awaited->content, g_bytes_unref);
}

static gboolean
read_message (RtPlay *play, const RtStep *step, RtAwaited *awaited, GError **error)
{
  g_autofree char *text = rt_play_expand_known (play, step->message);
  g_autoptr (RtMessage) message = rt_message_from_text (text, &awaited->content, error);

  if (message == NULL)
    return FALSE;
  awaited->method = rt_text_dup (message->method);
  awaited->target = rt_text_dup (message->target);
  awaited->fields = rt_fields_copy (message->fields);
  awaited->host = rt_play_expand_known (play, step->to);
  awaited->secure = step->secure;
  awaited->url = strstr (awaited->target, "://") != NULL
                     ? g_strdup (awaited->target)
                     : g_strconcat (step->secure ? "https://" : "http://", awaited->host,
                                    awaited->target, NULL);
  return TRUE;
}

static gboolean
read_fetch (RtPlay *play, const RtStep *step, RtAwaited *awaited, GError **error)
{
  g_autofree char *text = rt_play_expand_known (play, step->message);
  g_autoptr (RtMessage) message
      = rt_fetch_from_text (text, &awaited->url, &awaited->content, error);
  g_autoptr (RtUrl) url = NULL;

  if (message == NULL)
    return FALSE;
  url = rt_url_parse (rt_text (awaited->url), NULL, error);
  if (url == NULL)
    return FALSE;
  awaited->method = rt_text_dup (message->method);
  awaited->fields = rt_fields_copy (message->fields);
  awaited->target = rt_url_dup_target (url);
  awaited->host = g_strdup (url->host != NULL ? url->host : "");
  awaited->secure = g_str_equal (url->scheme, "https");
  return TRUE;
}

static gboolean
refuse (const RtStep *step, const char *why, GError **error)
{
  rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, NULL, "%s: %s", step->title, why);
  return FALSE;
}

/**
 * rt_awaited_read:
 * @play: the run or probe that the step is of
 * @step: a numbered step
 * @ret_awaited: (out): what is awaited; empty on failure
 *
 * Errors: nobody outside can be expected to take this step; the message says why.
 *
 * Returns: whether it is a step that is awaited
 */
gboolean
rt_awaited_read (RtPlay *play, const RtStep *step, RtAwaited *ret_awaited, GError **error)
{
  g_auto (RtAwaited) awaited = { NULL };

  *ret_awaited = (RtAwaited){ NULL };
  switch (step->kind)
    {
    case RT_STEP_SEND:
      if (!read_message (play, step, &awaited, error))
        return FALSE;
      break;
    case RT_STEP_OPEN:
    case RT_STEP_FETCH:
      if (!read_fetch (play, step, &awaited, error))
        return FALSE;
      break;
    case RT_STEP_BYTES:
      return refuse (step, "bytes by the clock are not awaited; send them as you like", error);
    case RT_STEP_CLOCK:
      return refuse (step, "time is what it is here", error);
    default:
      return refuse (step, "what goes on within your program nobody sees", error);
    }
  *ret_awaited = awaited;
  awaited = (RtAwaited){ NULL };
  return TRUE;
}

/* The request's target, also where it was sent to a proxy in absolute form (RFC 9112 §3.2.2). */
static gboolean
has_target (const RtAwaited *awaited, RtText target)
{
  g_autofree char *text = NULL;
  g_autoptr (RtUrl) url = NULL;
  g_autofree char *path = NULL;

  if (rt_text_is (target, awaited->target) || rt_text_is (target, awaited->url))
    return TRUE;
  url = strstr (awaited->target, "://") != NULL ? rt_url_parse (target, NULL, NULL) : NULL;
  path = url != NULL ? rt_url_serialize (url, FALSE) : NULL;
  return path != NULL && g_str_equal (path, awaited->url);
}

/**
 * rt_awaited_is_met:
 * @awaited: what is awaited
 * @analysis: of what happened
 * @by: an exchange whose request head was seen
 *
 * Returns: whether method, target and server are those that are awaited
 */
gboolean
rt_awaited_is_met (const RtAwaited *awaited, RtAnalysis *analysis, const RtExchange *by)
{
  const RtPartyInfo *server = rt_analysis_get_party (analysis, by->server);
  RtMessage *request = by->request->message;

  return server != NULL && g_str_equal (server->name, awaited->host)
         && rt_text_is (request->method, awaited->method) && has_target (awaited, request->target);
}

/**
 * rt_awaited_dup_text:
 * @awaited: what is awaited
 *
 * Returns: (transfer full): `GET /doc/1 at api.shop.test`
 */
char *
rt_awaited_dup_text (const RtAwaited *awaited)
{
  return g_strdup_printf ("%s %s at %s", awaited->method, awaited->target, awaited->host);
}

/* curl. */

static void
add_option (GString *out, const char *option, const char *value)
{
  g_autofree char *quoted = g_shell_quote (value);

  g_string_append_printf (out, " %s %s", option, quoted);
}

static void
add_field (GString *out, const RtField *field)
{
  g_autofree char *name = rt_text_dup (field->name);
  g_autofree char *value = rt_text_dup (field->value);
  /* curl leaves out a field without a value, unless it is written so. */
  g_autofree char *line
      = *value != '\0' ? g_strdup_printf ("%s: %s", name, value) : g_strdup_printf ("%s;", name);

  add_option (out, "-H", line);
}

/* curl names the host and counts the content by itself. */
static void
add_fields (GString *out, const RtAwaited *awaited)
{
  for (guint i = 0; i < rt_fields_get_length (awaited->fields); i++)
    {
      const RtField *field = rt_fields_get (awaited->fields, i);

      if (!rt_text_is_nocase (field->name, "Host")
          && !rt_text_is_nocase (field->name, "Content-Length"))
        add_field (out, field);
    }
}

/* With content curl means POST by itself, and follows redirections as browsers do: a method that is
 * given with -X stays whatever the status says. */
static void
add_method (GString *out, const RtAwaited *awaited)
{
  gsize length = 0;
  const char *bytes
      = awaited->content != NULL ? g_bytes_get_data (awaited->content, &length) : NULL;
  gboolean post = g_str_equal (awaited->method, "POST");
  g_autofree char *text = g_strndup (bytes != NULL ? bytes : "", length);

  if (g_str_equal (awaited->method, "HEAD"))
    g_string_append (out, " --head");
  else if (!post && (!g_str_equal (awaited->method, "GET") || length > 0))
    add_option (out, "-X", awaited->method);
  if (!post && length == 0)
    return;
  if (rt_fields_first (awaited->fields, "Content-Type") == NULL)
    add_option (out, "-H", "Content-Type:");
  add_option (out, "--data-raw", text);
}

/* Every server of the lesson: a redirection may lead to any of them. */
static void
add_ways (GString *out, GPtrArray *ports)
{
  for (guint i = 0; i < ports->len; i++)
    {
      const RtLivePort *port = ports->pdata[i];

      g_string_append_printf (out, " --connect-to %s:%u:127.0.0.1:%u", port->host, port->port,
                              port->real_port);
    }
}

/**
 * rt_awaited_dup_curl:
 * @awaited: what is awaited
 * @ports: (element-type RtLivePort): where the servers are
 * @authority: (nullable): file with the certificate that they are to be trusted by
 *
 * Returns: (transfer full): a command line for it
 */
char *
rt_awaited_dup_curl (const RtAwaited *awaited, GPtrArray *ports, const char *authority)
{
  g_autoptr (GString) out = g_string_new ("curl -i");
  g_autofree char *url = g_shell_quote (awaited->url);

  add_method (out, awaited);
  add_fields (out, awaited);
  if (authority != NULL && awaited->secure)
    add_option (out, "--cacert", authority);
  add_ways (out, ports);
  g_string_append_printf (out, " %s", url);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
