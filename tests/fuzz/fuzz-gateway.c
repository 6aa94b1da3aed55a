/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A caching gateway, or a proxy, between three clients and its servers, none of which behave.
 * Invariants, whatever happens in whatever order:
 * - nothing is done with a connection after it was cut off or closed;
 * - what goes to a server is requests that can be read in one way only: a strict reader finds no
 *   error in it;
 * - a connection whose reading was stopped is read again, or ended, once the other side is ready.
 *
 * The data is a script. A line is who (`A` to `C` a client, `1` to `9` the connection to a server
 * with that number), what, and for bytes the bytes, `|` being CRLF:
 *
 *   A+  a client connects, 1+ the server accepts     A!  reset, or failed while it is being opened
 *   A.  the end of what it sends                     A:GET / HTTP/1.1|Host: a||
 *   ~   the next deadline falls due                  h   nothing leaves any more, r it does again
 *
 * A first line `P` makes it a proxy. */
#include <stdint.h>
#include <string.h>

#include "rt-http1.h"
#include "rt-proxy.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define START (1767268800 * RT_TIME_SEC)
#define MOST_LINES 200
#define MOST_SERVERS 9
#define N_CLIENTS 3
#define CLIENT(i) ((RtConnection)(100 + (i)) | RT_CONNECTION_ACCEPTED)

/* @up: can be used; @asked: was asked for; @closed: the party has closed its side; @gone: neither
 * side is there any more; @tunnel: carries what it likes */
typedef struct
{
  RtConnection id;
  gboolean asked, up, closed, gone, paused, busy, tunnel, ended;
  guint64 offset, sent;
  RtHttp1Reader *reader;
} End;

typedef struct
{
  RtGateway *gateway;
  const RtPartyClass *klass;
  RtConnection last;
  RtEffects *effects;
  End clients[N_CLIENTS], servers[MOST_SERVERS + 1];
  RtTime now;
  GHashTable *deadlines; /* guint64 → RtTime, both owned */
  gboolean hold;
} Talk;

static End *
find_end (Talk *talk, RtConnection id)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    if (talk->clients[i].id == id)
      return &talk->clients[i];
  return id <= MOST_SERVERS ? &talk->servers[id] : NULL;
}

/* Towards a server: one reading only. */
static void
check_request (End *end, GBytes *bytes)
{
  RtHttp1Event event;

  if (end->reader == NULL)
    end->reader = rt_http1_reader_new (RT_MESSAGE_REQUEST, RT_HTTP1_STRICT, NULL);
  rt_http1_reader_feed (end->reader, bytes,
                        (RtSpan){ end->sent, (guint32)g_bytes_get_size (bytes), end->id & 0xffff });
  end->sent += g_bytes_get_size (bytes);
  while ((event = rt_http1_reader_next (end->reader)).kind != RT_HTTP1_NEED_MORE)
    g_assert (event.kind != RT_HTTP1_ERROR);
}

static void
carry_out (Talk *talk, const RtEffect *effect)
{
  End *end = find_end (talk, effect->connection);
  gboolean is_server = end != NULL && end >= talk->servers && end <= talk->servers + MOST_SERVERS;

  if (effect->kind == RT_EFFECT_DEADLINE)
    {
      g_hash_table_remove (talk->deadlines, &effect->id);
      if (effect->at != RT_TIME_NEVER)
        g_hash_table_insert (talk->deadlines, g_memdup2 (&effect->id, sizeof effect->id),
                             g_memdup2 (&effect->at, sizeof effect->at));
    }
  if (end == NULL)
    return;
  if (effect->kind == RT_EFFECT_CONNECT)
    *end = (End){ .id = effect->connection, .asked = TRUE };
  if (effect->kind == RT_EFFECT_SEND)
    {
      g_assert (end->up && !end->closed && !end->gone);
      end->busy = TRUE;
      if (is_server && talk->klass == &rt_gateway_class)
        check_request (end, effect->bytes);
    }
  if (effect->kind == RT_EFFECT_READ)
    {
      g_assert (!end->gone);
      end->paused = !effect->flag;
    }
  if (effect->kind == RT_EFFECT_CLOSE)
    {
      g_assert (!end->gone);
      end->closed = TRUE;
      end->gone |= effect->flag;
    }
}

static void
give (Talk *talk, RtInput input)
{
  input.now = talk->now;
  talk->klass->input (talk->gateway, &input, talk->effects);
  for (guint i = 0; i < rt_effects_get_length (talk->effects); i++)
    carry_out (talk, rt_effects_get (talk->effects, i));
  rt_effects_clear (talk->effects);
}

static End *
find_busy (Talk *talk)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    if (talk->clients[i].busy && !talk->clients[i].gone)
      return &talk->clients[i];
  for (guint i = 1; i <= MOST_SERVERS; i++)
    if (talk->servers[i].busy && !talk->servers[i].gone)
      return &talk->servers[i];
  return NULL;
}

static void
let_leave (Talk *talk)
{
  End *end;

  while (!talk->hold && (end = find_busy (talk)) != NULL)
    {
      end->busy = FALSE;
      give (talk, (RtInput){ .kind = RT_INPUT_WRITABLE, .connection = end->id });
    }
}

static void
fall_due (Talk *talk)
{
  GHashTableIter iter;
  gpointer key, value;
  guint64 id = 0;
  RtTime first = RT_TIME_NEVER;

  g_hash_table_iter_init (&iter, talk->deadlines);
  while (g_hash_table_iter_next (&iter, &key, &value))
    if (*(RtTime *)value < first || (*(RtTime *)value == first && *(guint64 *)key < id))
      {
        first = *(RtTime *)value;
        id = *(guint64 *)key;
      }
  if (first == RT_TIME_NEVER)
    return;
  talk->now = MAX (talk->now, first);
  g_hash_table_remove (talk->deadlines, &id);
  give (talk, (RtInput){ .kind = RT_INPUT_DEADLINE, .id = id });
}

static void
begin (Talk *talk, End *end, RtConnection id)
{
  static const RtPeer peer = { .address = "10.0.0.9", .port = 1234, .local_host = "here" };
  gboolean is_client = id & RT_CONNECTION_ACCEPTED;

  if (is_client && !end->up)
    *end = (End){ .id = id, .up = TRUE };
  else if (is_client || !end->asked || end->up || end->gone)
    return;
  end->up = TRUE;
  give (talk, (RtInput){ .kind = is_client ? RT_INPUT_ACCEPTED : RT_INPUT_CONNECTED,
                         .connection = id,
                         .info = &peer });
}

static void
break_off (Talk *talk, End *end)
{
  g_autoptr (GError) error
      = g_error_new_literal (g_quark_from_static_string ("fuzz"), 0, "refused");
  gboolean opening = end->asked && !end->up;

  if (end->gone || (!end->up && !opening))
    return;
  end->gone = TRUE;
  give (talk, (RtInput){ .kind = opening ? RT_INPUT_FAILED : RT_INPUT_RESET,
                         .connection = end->id,
                         .info = opening ? error : NULL });
}

static void
give_bytes (Talk *talk, End *end, const char *text, gsize length)
{
  g_autoptr (GString) bytes = g_string_new (NULL);
  g_autoptr (GBytes) run = NULL;

  for (gsize i = 0; i < length; i++)
    if (text[i] == '|')
      g_string_append (bytes, "\r\n");
    else
      g_string_append_c (bytes, text[i]);
  if (bytes->len == 0)
    return;
  run = g_bytes_new (bytes->str, bytes->len);
  end->offset += bytes->len;
  give (talk,
        (RtInput){ .kind = RT_INPUT_BYTES,
                   .connection = end->id,
                   .bytes = run,
                   .span = { end->offset - bytes->len, (guint32)bytes->len, end->id & 0xffff } });
}

static void
play_line (Talk *talk, const char *line, gsize length)
{
  char who = line[0], what = length > 1 ? line[1] : '\0';
  gboolean is_client = who >= 'A' && who < 'A' + N_CLIENTS;
  End *end = is_client                  ? &talk->clients[who - 'A']
             : who >= '1' && who <= '9' ? &talk->servers[who - '0']
                                        : NULL;

  if (who == '~')
    fall_due (talk);
  else if (who == 'h' || who == 'r')
    talk->hold = who == 'h';
  else if (end != NULL && what == '+')
    begin (talk, end, is_client ? CLIENT (who - 'A') : (RtConnection)(who - '0'));
  else if (end != NULL && what == '!')
    break_off (talk, end);
  else if (end != NULL && end->up && !end->gone && !end->ended && !end->paused && what == ':')
    give_bytes (talk, end, line + 2, length - 2);
  else if (end != NULL && end->up && !end->gone && !end->ended && what == '.')
    {
      end->ended = TRUE;
      give (talk, (RtInput){ .kind = RT_INPUT_EOF, .connection = end->id });
    }
  let_leave (talk);
}

static void
start (Talk *talk, gboolean is_proxy)
{
  static const RtEndpoint upstreams[]
      = { { .host = "one", .port = 80 }, { .host = "two", .port = 80 } };
  RtProxySettings settings = rt_proxy_settings_standard ();

  settings.gateway.cache = TRUE;
  settings.gateway.cache_bytes = 16384;
  settings.gateway.upstreams = upstreams;
  settings.gateway.n_upstreams = G_N_ELEMENTS (upstreams);
  talk->klass = is_proxy ? &rt_proxy_class : &rt_gateway_class;
  talk->gateway = is_proxy ? rt_proxy_new (&settings) : rt_gateway_new (&settings.gateway);
  talk->effects = rt_effects_new (&talk->last);
  talk->deadlines = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  talk->now = START;
}

/* Everybody leaves; then nobody is left waiting. */
static void
finish (Talk *talk)
{
  talk->hold = FALSE;
  let_leave (talk);
  for (guint i = 0; i < N_CLIENTS; i++)
    g_assert (!talk->clients[i].paused || talk->clients[i].gone
              || g_hash_table_size (talk->deadlines) > 0);
  for (guint i = 1; i <= MOST_SERVERS; i++)
    break_off (talk, &talk->servers[i]);
  for (guint i = 0; i < N_CLIENTS; i++)
    break_off (talk, &talk->clients[i]);
  for (guint i = 0; i < 100; i++)
    fall_due (talk);
  talk->klass->free (talk->gateway);
  for (guint i = 1; i <= MOST_SERVERS; i++)
    g_clear_pointer (&talk->servers[i].reader, rt_http1_reader_free);
  rt_effects_free (talk->effects);
  g_hash_table_unref (talk->deadlines);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Talk talk = { 0 };
  const char *at = (const char *)data, *end = at + size;
  gboolean is_proxy = size > 1 && at[0] == 'P' && at[1] == '\n';

  start (&talk, is_proxy);
  for (guint n = 0; at < end && n < MOST_LINES; n++)
    {
      const char *newline = memchr (at, '\n', (gsize)(end - at));
      gsize length = (gsize)((newline != NULL ? newline : end) - at);

      if (length > 0)
        play_line (&talk, at, length);
      at += length + 1;
    }
  finish (&talk);
  return 0;
}
