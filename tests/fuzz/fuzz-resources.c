/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An origin server with resources of all kinds. Invariants, whatever the bytes are:
 * - every deadline that is set falls due, and after the last one nothing is left open;
 * - nothing is sent on a connection that was closed. */
#include <stdint.h>
#include <string.h>

#include "rt-origin.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define START (1767268800 * RT_TIME_SEC)
/* No dialogue takes more steps; each of them is a deadline that fell due. */
#define STEPS_MAX 10000

static const struct
{
  const char *path, *kind, *settings;
} resources[] = {
  { "/", "document", "{'content': <'one'>}" },
  { "/orders", "collection",
    "{'items': <['a']>, 'put-creates': <true>, 'needs': <['a', 'b date', 'c 1-8', 'd text']>, "
    "'errors': <'problem'>}" },
  { "/any", "collection", "{'on-retry': <'reuse'>, 'commit-delay': <int64 5>, 'drop': <int64 1>}" },
  { "/pay", "payment", "{'nodes': <int64 2>, 'shared-keys': <false>, 'crash': <int64 1>}" },
  { "/late", "payment", "{'keys': <'after'>, 'record-delay': <int64 5>, 'drop': <int64 1>}" },
  { "/file", "file", "{'size': <int64 100>, 'changes-after': <int64 5>}" },
  { "/variants", "negotiated",
    "{'variants': <[{'content': 'a', 'language': 'en'}, {'encoding': 'gzip', 'type': 'a/b'}]>}" },
  { "/in", "login", "{'users': <[('a', 'b')]>, 'rotate': <false>, 'sliding': <true>}" },
  { "/token", "token", "{'users': <[('a', 'b')]>, 'refresh-lifetime': <int64 5000000>}" },
  { "/opaque", "token", "{'users': <[('a', 'b')]>, 'format': <'opaque'>}" },
  { "/basic", "password", "{'users': <[('a', 'b')]>}" },
  { "/with-session", "echo", "{'auth': <'/in'>, 'cors-origins': <['any']>}" },
  { "/with-token", "echo", "{'auth': <'/token'>, 'role': <'w'>, 'delay': <int64 5>}" },
  { "/with-opaque", "echo", "{'auth': <'/opaque'>, 'auth-hides': <true>, 'head': <false>}" },
  { "/with-password", "echo", "{'auth': <'/basic'>}" },
  { "/away", "redirect", "{'location': <'http://b/?x'>, 'below': <true>}" },
  { "/stream", "stream", "{'format': <'events'>, 'rounds': <int64 3>, 'break-after': <int64 2>}" },
  { "/echo", "echo", "{}" },
  { "/slow", "slow", "{'piece': <int64 3>, 'known-length': <false>}" },
  { "/handler", "handler",
    "{'steps': <['write a', 'field B: c', 'wait 5ms', 'write d', 'fail x', 'flush']>, 'buffer': "
    "<int64 1>}" },
  { "/trailer", "handler",
    "{'steps': <['write a', 'status 404', 'fail x', 'write b']>, 'on-error': <'trailer'>}" },
  { "/failing", "failing", "{'answers': <['half-reset', 'garbled', 'hang', '304']>}" },
  { "/page", "page",
    "{'limit': <int64 2>, 'only': <['0.0.0.0/0']>, 'forwarded': <'x-forwarded'>, 'trusts': "
    "<['0.0.0.0/0']>}" },
  { "/https", "page",
    "{'forwarded': <'forwarded'>, 'trusts': <['0.0.0.0/0']>, 'https-only': <true>}" },
  { "/raw", "raw", "{'answer': <'HTTP/1.1 200 OK\nContent-Length: 1\n\nab'>}" },
  { "/crash", "crash", "{'when': <'half'>}" },
};

typedef struct
{
  RtOrigin *origin;
  RtConnection last;
  RtEffects *effects;
  GArray *deadlines; /* RtEffect: those that are set */
  RtTime now;
  gboolean closed, busy;
} Talk;

static void
set_deadline (Talk *talk, const RtEffect *effect)
{
  for (guint i = 0; i < talk->deadlines->len; i++)
    if (g_array_index (talk->deadlines, RtEffect, i).id == effect->id)
      g_array_remove_index (talk->deadlines, i--);
  if (effect->at != RT_TIME_NEVER)
    g_array_append_vals (talk->deadlines, effect, 1);
}

static void
give (Talk *talk, RtInput input)
{
  input.connection = input.kind == RT_INPUT_DEADLINE ? 0 : 1 | RT_CONNECTION_ACCEPTED;
  input.now = talk->now;
  rt_origin_class.input (talk->origin, &input, talk->effects);
  for (guint i = 0; i < rt_effects_get_length (talk->effects); i++)
    {
      const RtEffect *effect = rt_effects_get (talk->effects, i);

      if (effect->kind == RT_EFFECT_SEND)
        {
          g_assert (!talk->closed);
          talk->busy = TRUE;
        }
      else if (effect->kind == RT_EFFECT_DEADLINE)
        set_deadline (talk, effect);
      talk->closed |= effect->kind == RT_EFFECT_CLOSE;
    }
  rt_effects_clear (talk->effects);
}

static void
give_all (Talk *talk, RtInput input)
{
  give (talk, input);
  while (talk->busy)
    {
      talk->busy = FALSE;
      give (talk, (RtInput){ .kind = RT_INPUT_WRITABLE });
    }
}

/* Returns whether a deadline fell due. */
static gboolean
wait_for_one (Talk *talk)
{
  guint first = 0;
  RtEffect due;

  for (guint i = 1; i < talk->deadlines->len; i++)
    if (g_array_index (talk->deadlines, RtEffect, i).at
        < g_array_index (talk->deadlines, RtEffect, first).at)
      first = i;
  if (talk->deadlines->len == 0)
    return FALSE;
  due = g_array_index (talk->deadlines, RtEffect, first);
  g_array_remove_index (talk->deadlines, first);
  talk->now = MAX (talk->now, due.at);
  give_all (talk, (RtInput){ .kind = RT_INPUT_DEADLINE, .id = due.id });
  return TRUE;
}

static void
add_resources (RtOrigin *origin)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (resources); i++)
    {
      g_autoptr (GVariant) settings
          = g_variant_parse (G_VARIANT_TYPE_VARDICT, resources[i].settings, NULL, NULL, &error);

      if (settings == NULL
          || !rt_origin_add (origin, resources[i].path, resources[i].kind, settings, &error))
        g_error ("%s", error->message);
    }
  if (!rt_origin_check (origin, &error))
    g_error ("%s", error->message);
}

/* @eof: the client says that it is done; otherwise the deadlines have to see to it. */
static void
talk_to (const uint8_t *data, size_t size, size_t run, gboolean eof)
{
  static const RtPeer peer = { .address = "10.0.0.9", .port = 1234, .local_host = "here" };
  Talk talk = { .origin = rt_origin_new (NULL), .now = START };
  guint steps = 0;

  talk.effects = rt_effects_new (&talk.last);
  talk.deadlines = g_array_new (FALSE, FALSE, sizeof (RtEffect));
  add_resources (talk.origin);
  give_all (&talk, (RtInput){ .kind = RT_INPUT_ACCEPTED, .info = &peer });
  for (size_t at = 0; at < size; at += run)
    {
      size_t length = MIN (run, size - at);
      g_autoptr (GBytes) bytes = g_bytes_new (data + at, length);

      give_all (
          &talk,
          (RtInput){ .kind = RT_INPUT_BYTES, .bytes = bytes, .span = { at, (guint32)length, 1 } });
    }
  if (eof)
    give_all (&talk, (RtInput){ .kind = RT_INPUT_EOF });
  while (wait_for_one (&talk))
    g_assert (++steps < STEPS_MAX);
  g_assert (talk.closed);
  g_array_unref (talk.deadlines);
  rt_effects_free (talk.effects);
  rt_origin_free (talk.origin);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  talk_to (data, size, MAX (size, 1), TRUE);
  talk_to (data, size, 5, FALSE);
  return 0;
}
