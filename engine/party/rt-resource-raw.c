/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `raw`: its answer is just the bytes that are set, right or wrong. Nothing is
 * added, no Date, no length: for what only a broken server sends. */
#include "rt-resource-kinds.h"

#define STAGE_CUT 1

/* Between the bytes and the reset, so that the client does get them. */
#define BEFORE_RESET (50 * RT_TIME_MSEC)

/* In the order of #RawEnd. */
static const char *const ends[] = { "keep", "close", "reset", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "answer", RT_SETTING_TEXT, "HTTP/1.1 200 OK\nContent-Length: 0\n\n", NULL, "the bytes, from the status line on; each line break is sent as CR LF, and nothing is added" },
  { "then", RT_SETTING_CHOICE, "keep", ends, "what becomes of the connection: it is kept for the next request, closed, or cut off" },
};
/* clang-format on */

typedef enum
{
  RAW_KEEP,
  RAW_CLOSE,
  RAW_RESET,
} RawEnd;

typedef struct
{
  GBytes *answer;
  RawEnd then;
} Raw;

static void
raw_free (gpointer self)
{
  Raw *raw = self;

  g_bytes_unref (raw->answer);
  g_free (raw);
}

static GBytes *
wire_bytes (const char *text)
{
  GString *out = g_string_new (NULL);

  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '\n')
        g_string_append_c (out, '\r');
      g_string_append_c (out, *at);
    }
  return g_string_free_to_bytes (out);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Raw *raw = g_new0 (Raw, 1);
  g_autofree char *answer = rt_given_dup_text (given, "answer");

  raw->answer = wire_bytes (answer);
  raw->then = (RawEnd)rt_given_get_choice (given, "then");
  return raw;
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const Raw *raw = self;

  if (call->stage == STAGE_CUT)
    {
      reply->end = RT_REPLY_RESET;
      return;
    }
  rt_reply_raw (reply, g_bytes_ref (raw->answer));
  if (raw->then == RAW_KEEP)
    reply->end = RT_REPLY_WHOLE;
  else if (raw->then == RAW_RESET)
    {
      reply->end = RT_REPLY_OPEN;
      rt_reply_later (reply, call->now + BEFORE_RESET, STAGE_CUT, NULL, NULL);
    }
}

const RtResourceKind rt_raw_kind = {
  .name = "raw",
  .summary = "an answer byte for byte as it is set",
  .notes = "All methods; what is common to all resources does not show in its answers.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .free = raw_free,
};
