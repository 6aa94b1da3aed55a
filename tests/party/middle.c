/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plays tables of dialogues. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dialogue.h"
#include "middle.h"

static void add_word (GString *words, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void
add_word (GString *words, const char *format, ...)
{
  va_list args;

  if (words->len > 0)
    g_string_append_c (words, ' ');
  va_start (args, format);
  g_string_append_vprintf (words, format, args);
  va_end (args);
}

static void
shorten_sent (GString *words, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 3);
  const char *text = parts[2];
  g_auto (GStrv) start = g_strsplit (text, " ", 3);

  if (g_str_has_prefix (text, "HTTP/1."))
    add_word (words, "%s<%.3s", parts[1], text + 9);
  else if (start[0] != NULL && start[1] != NULL && start[2] != NULL
           && g_str_has_prefix (start[2], "HTTP/1."))
    add_word (words, "%s>%s%s", parts[1], start[0], start[1]);
  else
    add_word (words, "%s:%s", parts[1], text);
}

static void
shorten (GString *words, const char *line)
{
  g_auto (GStrv) parts = g_strsplit (line, " ", 3);

  if (g_str_has_prefix (line, "send "))
    shorten_sent (words, line);
  else if (g_str_has_prefix (line, "connect "))
    add_word (words, "%s@%s", parts[1], parts[2]);
  else if (g_str_has_prefix (line, "close ") || g_str_has_prefix (line, "cut "))
    add_word (words, "%s%s", parts[1], parts[0]);
  else if (g_str_has_prefix (line, "read "))
    add_word (words, "%s%s", parts[1], strcmp (parts[2], "on") == 0 ? "resume" : "pause");
}

static gboolean
authorize (gpointer data, const RtField *credentials)
{
  return credentials != NULL && rt_text_is (credentials->value, "Basic dTpw");
}

static RtGateway *
make (const MiddleRow *row)
{
  static const RtEndpoint upstreams[]
      = { { .host = "one", .port = 80 }, { .host = "two", .port = 8080 } };
  static const char *const hosts[] = { NULL, "b" };
  static const char *const closed[] = { "c", "b" };
  RtProxySettings settings = rt_proxy_settings_standard ();

  settings.gateway.cache = (row->flags & MIDDLE_CACHE) != 0;
  settings.gateway.cache_bytes = row->flags & MIDDLE_SMALL ? 16384 : 0;
  settings.gateway.forwarded = settings.gateway.x_forwarded = (row->flags & MIDDLE_FORWARDED) != 0;
  settings.gateway.keep_host = !(row->flags & MIDDLE_OWN_HOST);
  settings.gateway.forget_forwarded = (row->flags & MIDDLE_FORGET) != 0;
  settings.gateway.trace = !(row->flags & MIDDLE_NO_TRACE);
  settings.gateway.buffer = row->flags & MIDDLE_BUFFERS ? 8 : 0;
  settings.gateway.balance = row->flags & MIDDLE_STICKY ? RT_GATEWAY_CLIENT : RT_GATEWAY_TURN;
  settings.authorize = row->flags & MIDDLE_AUTHORIZE ? authorize : NULL;
  settings.ports[0] = 443;
  settings.n_ports = 1;
  if (row->flags & MIDDLE_PROXY)
    return rt_proxy_new (&settings);
  settings.gateway.upstreams = upstreams;
  settings.gateway.n_upstreams = row->flags & MIDDLE_TWO ? 2 : 1;
  if (row->flags & MIDDLE_ROUTES)
    settings.gateway.hosts = row->flags & MIDDLE_STICKY ? closed : hosts;
  return rt_gateway_new (&settings.gateway);
}

/* `flood N`: 300,000 bytes on connection N. */
static char *
expand_floods (const char *script)
{
  g_autofree char *flood = g_strnfill (300000, 'A');
  g_auto (GStrv) lines = g_strsplit (script, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], "flood "))
      {
        char *line = g_strdup_printf ("bytes %s %s", lines[i] + 6, flood);

        g_free (lines[i]);
        lines[i] = line;
      }
  return g_strjoinv ("\n", lines);
}

static void
check_row (void **state)
{
  const MiddleRow *row = *state;
  const Dialogue dialogue
      = { .klass = row->flags & MIDDLE_PROXY ? &rt_proxy_class : &rt_gateway_class,
          .self = make (row) };
  g_autofree char *script = expand_floods (row->script);
  g_autofree char *out = dialogue_play (&dialogue, script);
  g_auto (GStrv) lines = g_strsplit (out, "\n", -1);
  g_autoptr (GString) words = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    shorten (words, lines[i]);
  if (row->want != NULL)
    assert_string_equal (words->str, row->want);
  for (guint i = 0; i < G_N_ELEMENTS (row->has) && row->has[i] != NULL; i++)
    if (strstr (out, row->has[i]) == NULL)
      fail_msg ("“%s” is not in:\n%s", row->has[i], out);
  for (guint i = 0; i < G_N_ELEMENTS (row->lacks) && row->lacks[i] != NULL; i++)
    if (strstr (out, row->lacks[i]) != NULL)
      fail_msg ("“%s” is in:\n%s", row->lacks[i], out);
}

/**
 * middle_run:
 *
 * Returns: what main() returns
 */
int
middle_run (const char *group, const MiddleRow *rows, gsize n_rows)
{
  g_autofree struct CMUnitTest *tests = g_new0 (struct CMUnitTest, n_rows);

  for (gsize i = 0; i < n_rows; i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, check_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests (group, tests, n_rows, NULL, NULL);
}
