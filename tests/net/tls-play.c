/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Actors for the tests of TLS. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "tls-play.h"

static void
note_peer (const RtPeer *peer, char **ret_name, char **ret_alpn)
{
  g_free (*ret_name);
  g_free (*ret_alpn);
  *ret_name = g_strdup (peer->server_name);
  *ret_alpn = g_strdup (peer->alpn);
}

static void
take_bytes (GString *got, const RtInput *input)
{
  gsize length;
  const char *data = g_bytes_get_data (input->bytes, &length);

  g_string_append_len (got, data, (gssize)length);
}

static void
send_text (RtEffects *out, RtConnection connection, const char *text, gsize more)
{
  GByteArray *all = g_byte_array_new ();
  g_autoptr (GBytes) bytes = NULL;

  g_byte_array_append (all, (const guint8 *)text, (guint)strlen (text));
  for (gsize i = 0; i < more; i++)
    g_byte_array_append (all, (const guint8 *)"x", 1);
  bytes = g_byte_array_free_to_bytes (all);
  rt_effects_send (out, connection, bytes);
}

static void
client_connected (Client *client, const RtPeer *peer, RtEffects *out)
{
  note_peer (peer, &client->server_name, &client->alpn);
  client->secure = peer->secure;
  client->trusted = peer->trusted;
  send_text (out, client->connection, REQUEST, client->asks);
  if (client->manner == CLIENT_READS_LATE)
    rt_effects_read (out, client->connection, FALSE);
}

static void
client_input (gpointer self, const RtInput *input, RtEffects *out)
{
  Client *client = self;

  g_string_append_c (client->seen, "TACFBWERDS"[input->kind]);
  switch (input->kind)
    {
    case RT_INPUT_TASK:
      client->task = input->id;
      client->connection = rt_effects_connect (out, &client->to);
      if (client->manner == CLIENT_READS_LATE)
        rt_effects_deadline (out, 1, input->now + 10 * RT_TIME_SEC, FALSE);
      break;
    case RT_INPUT_CONNECTED:
      client_connected (client, input->info, out);
      break;
    case RT_INPUT_BYTES:
      take_bytes (client->got, input);
      if (client->manner != CLIENT_WAITS)
        {
          rt_effects_close (out, client->connection, FALSE);
          rt_effects_finish (out, client->task, NULL);
        }
      break;
    case RT_INPUT_DEADLINE:
      rt_effects_read (out, client->connection, TRUE);
      break;
    case RT_INPUT_FAILED:
      client->error = g_strdup (((const GError *)input->info)->message);
      rt_effects_finish (out, client->task, NULL);
      break;
    case RT_INPUT_EOF:
      rt_effects_close (out, client->connection, FALSE);
      rt_effects_finish (out, client->task, NULL);
      break;
    case RT_INPUT_RESET:
      rt_effects_finish (out, client->task, NULL);
      break;
    case RT_INPUT_ACCEPTED:
    case RT_INPUT_SECURING:
    case RT_INPUT_WRITABLE:
      break;
    }
}

static void
server_input (gpointer self, const RtInput *input, RtEffects *out)
{
  Server *server = self;

  g_string_append_c (server->seen, "TACFBWERDS"[input->kind]);
  if (input->kind == RT_INPUT_ACCEPTED)
    note_peer (input->info, &server->server_name, &server->alpn);
  if (input->kind == RT_INPUT_BYTES)
    {
      gboolean first = server->got->len == 0;

      take_bytes (server->got, input);
      if (first)
        send_text (out, input->connection, RESPONSE, server->answers);
      if (first && server->closes)
        rt_effects_close (out, input->connection, FALSE);
      if (first && server->resets)
        rt_effects_close (out, input->connection, TRUE);
    }
  if (input->kind == RT_INPUT_EOF && !server->closes)
    rt_effects_close (out, input->connection, FALSE);
}

static void
keep (gpointer self)
{
}

static const RtPartyClass client_class = { "client", client_input, keep };
static const RtPartyClass server_class = { "origin", server_input, keep };

static void
pass_on (Mallory *mallory, const RtInput *input, RtEffects *out)
{
  gboolean back = input->connection == mallory->server;
  gsize length;
  gconstpointer data = g_bytes_get_data (input->bytes, &length);
  guint8 *copy = g_memdup2 (data, length);
  g_autoptr (GBytes) bytes = NULL;

  if (back && mallory->flip > mallory->passed && mallory->flip <= mallory->passed + length)
    copy[mallory->flip - mallory->passed - 1] ^= 1;
  if (back && mallory->cut > 0)
    length = MIN (length, mallory->cut - MIN (mallory->cut, mallory->passed));
  mallory->passed += back ? g_bytes_get_size (input->bytes) : 0;
  bytes = g_bytes_new_take (copy, length);
  if (length > 0)
    rt_effects_send (out, back ? mallory->client : mallory->server, bytes);
  if (back && mallory->cut > 0 && mallory->passed >= mallory->cut)
    rt_effects_close (out, mallory->client, FALSE);
}

static void
mallory_input (gpointer self, const RtInput *input, RtEffects *out)
{
  Mallory *mallory = self;
  gboolean back = input->connection == mallory->server;

  if (input->kind == RT_INPUT_ACCEPTED)
    {
      mallory->client = input->connection;
      mallory->server = rt_effects_connect (out, &mallory->to);
    }
  else if (input->kind == RT_INPUT_BYTES)
    pass_on (mallory, input, out);
  else if (input->kind == RT_INPUT_EOF)
    rt_effects_close (out, back ? mallory->client : mallory->server, FALSE);
}

static const RtPartyClass mallory_class = { "program", mallory_input, keep };

static void
set_up (Play *play, const RtTls *wants)
{
  play->client = (Client){ .to = { .host = "shop.test", .port = 443, .tls = wants },
                           .seen = g_string_new (NULL),
                           .got = g_string_new (NULL) };
  play->server = (Server){ .seen = g_string_new (NULL), .got = g_string_new (NULL) };
  play->client_id = play->driver_class->add (play->driver, "ann", &client_class, &play->client);
  play->server_id
      = play->driver_class->add (play->driver, "shop.test", &server_class, &play->server);
}

static void
init_sim (Play *play, const RtTls *wants, gsize keep)
{
  *play = (Play){ .log = rt_log_new (keep, NULL, NULL), .driver_class = &rt_sim_driver };
  play->driver = rt_sim_new (play->log, START);
  set_up (play, wants);
}

void
play_init (Play *play, const RtTls *wants)
{
  init_sim (play, wants, RT_LOG_KEEP_ALL);
}

/* With a log that nobody reads. */
void
play_init_unheard (Play *play, const RtTls *wants)
{
  init_sim (play, wants, 0);
}

static void
init_live (Play *play, const RtTls *wants, RtLiveClock clock)
{
  *play
      = (Play){ .log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL), .driver_class = &rt_live_driver };
  play->driver = rt_live_new (play->log, clock, START, NULL);
  assert_non_null (play->driver);
  set_up (play, wants);
}

void
play_init_live (Play *play, const RtTls *wants)
{
  init_live (play, wants, RT_LIVE_CLOCK_JUMPS);
}

/* For programs that are not ours, in real time. */
void
play_init_outside (Play *play)
{
  init_live (play, NULL, RT_LIVE_CLOCK_REAL);
}

void
play_listen (Play *play, const char *host, const RtTls *shows)
{
  RtEndpoint endpoint = { .host = host, .port = 443, .tls = shows };

  assert_true (play->driver_class->listen (play->driver, play->server_id, &endpoint, NULL));
}

void
play_add_mallory (Play *play, Mallory *mallory)
{
  RtEndpoint here = { .host = "line.test", .port = 443 };
  RtPartyId id = play->driver_class->add (play->driver, "line.test", &mallory_class, mallory);

  mallory->to = (RtEndpoint){ .host = "shop.test", .port = 443 };
  assert_true (play->driver_class->listen (play->driver, id, &here, NULL));
  play_listen (play, NULL, &rt_tls_standard);
  play->client.to.host = "line.test";
  play->client.manner = CLIENT_WAITS;
}

RtRun
play_run (Play *play)
{
  play->driver_class->task (play->driver, play->client_id, NULL, "go", 0);
  return play->driver_class->run (play->driver, RT_TIME_NEVER, NULL);
}

/* More than fits in a record, a segment or a window, both ways. */
void
play_much (Play *play)
{
  play_listen (play, NULL, &rt_tls_standard);
  play->client.asks = 300000;
  play->client.manner = CLIENT_WAITS;
  play->server.answers = 1000000;
  play->server.closes = TRUE;
  assert_int_equal (play_run (play), RT_RUN_SETTLED);
  assert_int_equal (play->server.got->len, strlen (REQUEST) + 300000);
  assert_int_equal (play->client.got->len, strlen (RESPONSE) + 1000000);
  assert_int_equal (play->client.seen->str[play->client.seen->len - 1], 'E');
}

void
play_clear (Play *play)
{
  play->driver_class->free (play->driver);
  rt_log_free (play->log);
  g_string_free (play->client.seen, TRUE);
  g_string_free (play->client.got, TRUE);
  g_string_free (play->server.seen, TRUE);
  g_string_free (play->server.got, TRUE);
  g_free (play->client.error);
  g_free (play->client.server_name);
  g_free (play->client.alpn);
  g_free (play->server.server_name);
  g_free (play->server.alpn);
}

/* The log as lines `time party kind connection buffer+offset+length detail`; bytes are left out. */
char *
play_dump (Play *play)
{
  GString *text = g_string_new (NULL);
  RtReader *reader;

  rt_log_flush (play->log);
  reader = rt_log_get_reader (play->log);
  for (guint64 i = 0; i < rt_reader_get_length (reader); i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, i, NULL);
      const RtEvent *event = &page->events[i - page->first];
      g_autoptr (GVariant) detail = rt_page_dup_detail (page, (guint)(i - page->first));
      g_autofree char *shown = detail != NULL ? g_variant_print (detail, FALSE) : g_strdup ("");

      g_string_append_printf (
          text, "%" G_GINT64_FORMAT " %u %s %u %u+%" G_GUINT64_FORMAT "+%u %s\n",
          event->time - START, event->party, rt_event_kind_name ((RtEventKind)event->kind),
          event->connection, event->span.buffer, event->span.offset, event->span.length, shown);
    }
  return g_string_free (text, FALSE);
}

void
assert_logged (Play *play, const char *part)
{
  g_autofree char *text = play_dump (play);

  if (strstr (text, part) == NULL)
    fail_msg ("“%s” is not in the log:\n%s", part, text);
}

void
assert_not_logged (Play *play, const char *part)
{
  g_autofree char *text = play_dump (play);

  if (strstr (text, part) != NULL)
    fail_msg ("“%s” is in the log:\n%s", part, text);
}

void
assert_answered (Play *play)
{
  assert_null (play->client.error);
  assert_string_equal (play->server.got->str, REQUEST);
  assert_string_equal (play->client.got->str, RESPONSE);
}
