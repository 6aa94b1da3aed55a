/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The URL parser: what is done to its input before, the loop over it, and the URL that comes of it.
 * The state machine is in rt-url-states.c. */
#include "rt-url-parser-private.h"

#include "rt-error.h"
#include "rt-scan.h"

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
run (RtUrlParser *p)
{
  for (;;)
    {
      int c = p->at < p->input.length ? (guchar)p->input.at[p->at] : RT_URL_END;
      RtUrlStep step = rt_url_parser_step (p, c);

      if (step == RT_URL_STEP_FAIL)
        return FALSE;
      if (step == RT_URL_STEP_AGAIN)
        continue;
      if (c == RT_URL_END)
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
finish (RtUrlParser *p)
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
  RtUrlParser p = {
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
  rt_url_drop_part (&p.username);
  rt_url_drop_part (&p.password);
  rt_url_drop_part (&p.path);
  rt_url_drop_part (&p.query);
  rt_url_drop_part (&p.fragment);
  g_free (p.scheme);
  g_free (p.host);
  return url;
}
