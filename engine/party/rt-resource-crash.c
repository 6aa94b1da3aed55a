/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `crash`: whoever asks for it brings the server down. All of its connections are
 * cut off, nobody listens for a while, and what was in memory alone is gone. */
#include "rt-resource-kinds.h"

#define STAGE_CRASH 1

static const char *const moments[] = { "at-once", "half", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "when", RT_SETTING_CHOICE, "at-once", moments, "before the answer, or with half of it sent" },
  { "after", RT_SETTING_DURATION, "50ms", NULL, "time until it happens" },
  { "down", RT_SETTING_DURATION, "5s", NULL, "how long nobody listens afterwards" },
};
/* clang-format on */

typedef struct
{
  gboolean half;
  RtTime after, down;
} Crash;

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Crash *crash = g_new0 (Crash, 1);

  crash->half = rt_given_get_choice (given, "when") == 1;
  crash->after = rt_given_get_number (given, "after");
  crash->down = rt_given_get_number (given, "down");
  return crash;
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const Crash *crash = self;
  static const char text[] = "So far everything is fi";

  if (call->stage == STAGE_CRASH)
    {
      reply->end = RT_REPLY_CRASH;
      reply->later = call->now + crash->down;
      return;
    }
  if (rt_call_is (call, "OPTIONS"))
    {
      rt_reply_with_allow (reply, TRUE, "GET, HEAD, POST, OPTIONS");
      return;
    }
  if (crash->half)
    {
      RtMessage *response = rt_reply_new_response (200);

      rt_fields_append (response->fields, "Content-Type", "text/plain; charset=utf-8");
      rt_fields_append (response->fields, "Content-Length", "46");
      rt_reply_begin (reply, response, g_bytes_new_static (text, sizeof text - 1));
    }
  rt_reply_later (reply, call->now + crash->after, STAGE_CRASH, NULL, NULL);
}

const RtResourceKind rt_crash_kind = {
  .name = "crash",
  .summary = "brings the server down for a time",
  .notes = "The server's state has the key `server`: `down`, then `up`.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .free = g_free,
};
