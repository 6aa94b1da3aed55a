/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The TLS stage on the sim driver: a client that says one thing and a server that answers. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-analysis.h"
#include "rt-decision.h"
#include "rt-sim.h"

#define START (1767268800 * RT_TIME_SEC)
#define REQUEST "GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n"
#define RESPONSE "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"

typedef enum
{
  CLIENT_CLOSES, /* when it has its answer */
  CLIENT_WAITS,  /* for the server to close */
  CLIENT_READS_LATE,
} Manner;

typedef struct
{
  RtEndpoint to;
  Manner manner;
  gsize asks; /* bytes more than the request */
  GString *seen, *got;
  RtConnection connection;
  guint64 task;
  char *error, *server_name, *alpn;
  gboolean secure, trusted;
} Client;

typedef struct
{
  gsize answers; /* bytes more than the response */
  gboolean closes, resets;
  GString *seen, *got;
  char *server_name, *alpn;
} Server;

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

  g_string_append_c (client->seen, "TACFBWERD"[input->kind]);
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
    case RT_INPUT_WRITABLE:
      break;
    }
}

static void
server_input (gpointer self, const RtInput *input, RtEffects *out)
{
  Server *server = self;

  g_string_append_c (server->seen, "TACFBWERD"[input->kind]);
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

/* A play: set up, then begun. */
typedef struct
{
  RtLog *log;
  RtSim *sim;
  Client client;
  Server server;
  RtPartyId client_id, server_id;
} Play;

static void
play_init (Play *play, const RtTls *wants)
{
  *play = (Play){ .log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL) };
  play->sim = rt_sim_new (play->log, START);
  play->client = (Client){ .to = { .host = "shop.test", .port = 443, .tls = wants },
                           .seen = g_string_new (NULL),
                           .got = g_string_new (NULL) };
  play->server = (Server){ .seen = g_string_new (NULL), .got = g_string_new (NULL) };
  play->client_id = rt_sim_driver.add (play->sim, "ann", &client_class, &play->client);
  play->server_id = rt_sim_driver.add (play->sim, "shop.test", &server_class, &play->server);
}

static void
play_listen (Play *play, const char *host, const RtTls *shows)
{
  RtEndpoint endpoint = { .host = host, .port = 443, .tls = shows };

  assert_true (rt_sim_driver.listen (play->sim, play->server_id, &endpoint, NULL));
}

static RtRun
play_run (Play *play)
{
  rt_sim_driver.task (play->sim, play->client_id, NULL, "go", 0);
  return rt_sim_driver.run (play->sim, RT_TIME_NEVER, NULL);
}

static void
play_clear (Play *play)
{
  rt_sim_free (play->sim);
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
static char *
dump (Play *play)
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

static void
assert_logged (Play *play, const char *part)
{
  g_autofree char *text = dump (play);

  if (strstr (text, part) == NULL)
    fail_msg ("“%s” is not in the log:\n%s", part, text);
}

static void
test_exchange (void **state)
{
  Play play;

  play_init (&play, &rt_tls_standard);
  play_listen (&play, NULL, &rt_tls_standard);
  assert_int_equal (play_run (&play), RT_RUN_SETTLED);
  assert_null (play.client.error);
  assert_string_equal (play.server.got->str, REQUEST);
  assert_string_equal (play.client.got->str, RESPONSE);
  assert_string_equal (play.client.seen->str, "TCWBE");
  assert_true (play.client.secure && play.client.trusted);
  assert_string_equal (play.client.server_name, "shop.test");
  assert_string_equal (play.client.alpn, "http/1.1");
  assert_string_equal (play.server.server_name, "shop.test");
  assert_logged (&play, "secured");
  play_clear (&play);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_exchange),
  };

  return cmocka_run_group_tests_name ("tls", tests, NULL, NULL);
}
