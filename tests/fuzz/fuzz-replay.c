/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A recording that is played again: up to the first NUL byte what a client sent, up to the second
 * what the server did, then what another client asks now. Invariants, whatever the bytes are:
 * - a request that is made ready is either the bytes that were recorded or a message whose start
 *   line and fields each stay on their line, or there is a reason why it is not sent;
 * - nothing that is sent without credentials has the field Cookie or Authorization;
 * - the server that gives the answers takes whatever it is asked. */
#include "log-builder.h"
#include "rt-http1.h"
#include "rt-replayed.h"
#include "rt-resend.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* The next part of @data, up to a NUL. */
static char *
take_part (const uint8_t **data, size_t *size)
{
  const uint8_t *end = *size > 0 ? memchr (*data, '\0', *size) : NULL;
  size_t length = end != NULL ? (size_t)(end - *data) : *size;
  char *part = g_strndup ((const char *)*data, length);

  *data += length + (end != NULL ? 1 : 0);
  *size -= length + (end != NULL ? 1 : 0);
  return part;
}

static guint
count_lines (GBytes *head)
{
  gsize length;
  const char *text = g_bytes_get_data (head, &length);
  guint n = 0;

  for (gsize i = 0; i < length; i++)
    n += text[i] == '\n';
  return n;
}

static void
check_resend (const RtResend *resend)
{
  g_autoptr (GBytes) head = NULL;

  g_assert_true ((resend->why_not != NULL) + (resend->bytes != NULL) + (resend->message != NULL)
                 == 1);
  if (resend->message == NULL)
    return;
  g_assert_null (rt_fields_first (resend->message->fields, "Cookie"));
  g_assert_null (rt_fields_first (resend->message->fields, "Authorization"));
  head = rt_http1_write_head (resend->message);
  g_assert_cmpuint (count_lines (head), ==, rt_fields_get_length (resend->message->fields) + 2);
}

static void
ask (RtReplayed *replayed, const char *question)
{
  RtConnection last = 0;
  g_autoptr (RtEffects) effects = rt_effects_new (&last);
  g_autoptr (GBytes) bytes = g_bytes_new (question, strlen (question));
  const RtPeer peer = { .address = "192.0.2.1", .port = 1, .local_host = "a", .local_port = 80 };
  RtInput input = { .kind = RT_INPUT_ACCEPTED, .connection = 1, .now = 1, .info = &peer };

  rt_replayed_class.input (replayed, &input, effects);
  input = (RtInput){ .kind = RT_INPUT_BYTES,
                     .connection = 1,
                     .now = 2,
                     .bytes = bytes,
                     .span = { 0, (guint32)strlen (question), 1 } };
  if (strlen (question) > 0)
    rt_replayed_class.input (replayed, &input, effects);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *sent = take_part (&data, &size);
  g_autofree char *answered = take_part (&data, &size);
  g_autofree char *question = take_part (&data, &size);
  Builder b = build_log ();
  g_autoptr (RtReplayed) replayed = rt_replayed_new (NULL);
  g_autoptr (RtAnalysis) analysis = NULL;

  if (*sent != '\0')
    build_send (&b, RT_FORWARD, sent);
  if (*answered != '\0')
    build_send (&b, RT_BACKWARD, answered);
  analysis = build_analysis (&b, G_MAXUINT64);
  for (guint i = 0; i < rt_analysis_get_exchanges (analysis)->len; i++)
    {
      const RtExchange *exchange = rt_analysis_get_exchanges (analysis)->pdata[i];
      g_autoptr (RtResend) resend = rt_resend_new (analysis, exchange, NULL, FALSE);

      check_resend (resend);
      rt_replayed_add (replayed, analysis, exchange);
    }
  ask (replayed, question);
  rt_log_free (b.log);
  return 0;
}
