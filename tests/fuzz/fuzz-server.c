/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A server's connection, by an origin server with one document. Invariants, whatever the bytes are:
 * - it comes to an end: after the client's end, or the last deadline, nothing is left open;
 * - what it answers depends on the bytes, not on how they were cut into runs. */
#include <stdint.h>
#include <string.h>

#include "rt-origin.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define START (1767268800 * RT_TIME_SEC)

typedef struct
{
  RtOrigin *origin;
  RtConnection last;
  RtEffects *effects;
  GString *sent;
  gboolean closed, busy;
  RtTime deadline;
  guint64 deadline_id;
} Talk;

static void
give (Talk *talk, RtInput input)
{
  input.connection = input.kind == RT_INPUT_DEADLINE ? 0 : 1 | RT_CONNECTION_ACCEPTED;
  input.now = START;
  rt_origin_class.input (talk->origin, &input, talk->effects);
  for (guint i = 0; i < rt_effects_get_length (talk->effects); i++)
    {
      const RtEffect *effect = rt_effects_get (talk->effects, i);

      if (effect->kind == RT_EFFECT_SEND)
        {
          g_assert (!talk->closed);
          g_string_append_len (talk->sent, g_bytes_get_data (effect->bytes, NULL),
                               (gssize)g_bytes_get_size (effect->bytes));
          talk->busy = TRUE;
        }
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

/* @run: bytes at a time. */
static char *
talk_to (const uint8_t *data, size_t size, size_t run)
{
  static const RtPeer peer = { .address = "10.0.0.9", .port = 1234, .local_host = "here" };
  Talk talk = { .origin = rt_origin_new (NULL), .sent = g_string_new (NULL) };

  talk.effects = rt_effects_new (&talk.last);
  rt_origin_add (talk.origin, "/", "document", g_variant_new_parsed ("{'content': <'one'>}"), NULL);
  give_all (&talk, (RtInput){ .kind = RT_INPUT_ACCEPTED, .info = &peer });
  for (size_t at = 0; at < size; at += run)
    {
      size_t length = MIN (run, size - at);
      g_autoptr (GBytes) bytes = g_bytes_new (data + at, length);

      give_all (
          &talk,
          (RtInput){ .kind = RT_INPUT_BYTES, .bytes = bytes, .span = { at, (guint32)length, 1 } });
    }
  give_all (&talk, (RtInput){ .kind = RT_INPUT_EOF });
  g_assert (talk.closed);
  rt_effects_free (talk.effects);
  rt_origin_free (talk.origin);
  return g_string_free (talk.sent, FALSE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *whole = talk_to (data, size, MAX (size, 1));
  g_autofree char *bytewise = talk_to (data, size, 1);
  g_autofree char *sevens = talk_to (data, size, 7);

  g_assert_cmpstr (whole, ==, bytewise);
  g_assert_cmpstr (whole, ==, sevens);
  return 0;
}
