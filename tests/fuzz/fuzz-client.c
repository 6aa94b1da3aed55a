/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain client, by one request and whatever comes back. Invariants:
 * - the task is finished, once, at the latest with the server's end;
 * - how it is finished depends on the bytes, not on how they were cut into runs. */
#include <stdint.h>
#include <string.h>

#include "rt-client.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

typedef struct
{
  RtClient *client;
  RtConnection last;
  RtEffects *effects;
  guint n_finished;
  char *error;
} Talk;

static void
give (Talk *talk, RtInput input)
{
  rt_client_class.input (talk->client, &input, talk->effects);
  for (guint i = 0; i < rt_effects_get_length (talk->effects); i++)
    {
      const RtEffect *effect = rt_effects_get (talk->effects, i);

      if (effect->kind != RT_EFFECT_FINISH)
        continue;
      talk->n_finished++;
      talk->error = g_strdup (effect->error != NULL ? effect->error->message : "none");
    }
  rt_effects_clear (talk->effects);
}

static char *
talk_to (const char *method, const uint8_t *data, size_t size, size_t run)
{
  static const RtPeer peer = { .address = "10.0.0.9", .port = 80, .local_host = "a" };
  Talk talk = { .client = rt_client_new () };
  g_autofree char *request = g_strdup_printf ("%s / HTTP/1.1\r\nHost: a\r\n\r\n", method);
  g_autoptr (GBytes) sent = g_bytes_new (request, strlen (request));
  const RtClientTask task = { .request = { .to = { .host = "a", .port = 80 }, .bytes = sent } };

  talk.effects = rt_effects_new (&talk.last);
  give (&talk, (RtInput){ .kind = RT_INPUT_TASK, .id = 1, .info = &task });
  give (&talk, (RtInput){ .kind = RT_INPUT_CONNECTED, .connection = 1, .info = &peer });
  for (size_t at = 0; at < size; at += run)
    {
      size_t length = MIN (run, size - at);
      g_autoptr (GBytes) bytes = g_bytes_new (data + at, length);

      give (&talk, (RtInput){ .kind = RT_INPUT_BYTES,
                              .connection = 1,
                              .bytes = bytes,
                              .span = { at, (guint32)length, 1 } });
    }
  give (&talk, (RtInput){ .kind = RT_INPUT_EOF, .connection = 1 });
  g_assert_cmpuint (talk.n_finished, ==, 1);
  rt_effects_free (talk.effects);
  rt_client_free (talk.client);
  return talk.error;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const char *const methods[] = { "GET", "HEAD" };

  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    {
      g_autofree char *whole = talk_to (methods[i], data, size, MAX (size, 1));
      g_autofree char *bytewise = talk_to (methods[i], data, size, 1);

      g_assert_cmpstr (whole, ==, bytewise);
    }
  return 0;
}
