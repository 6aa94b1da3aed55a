/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `slow`: an answer that takes its time, before it begins, within it, or drop by
 * drop. */
#include "rt-resource-kinds.h"

#define STAGE_HEAD 1
#define STAGE_CONTENT 2

/* clang-format off */
static const RtSetting settings[] = {
  { "before-head", RT_SETTING_DURATION, "1s", NULL, "time before the answer begins" },
  { "before-content", RT_SETTING_DURATION, "0s", NULL, "time between its header section and its content" },
  { "piece", RT_SETTING_NUMBER, "0", NULL, "bytes of content at a time; 0: all at once" },
  { "between", RT_SETTING_DURATION, "1s", NULL, "time between two pieces" },
  { "content", RT_SETTING_TEXT, "At last.", NULL, "the content" },
  { "content-type", RT_SETTING_TEXT, "text/plain; charset=utf-8", NULL, "its media type" },
  { "known-length", RT_SETTING_BOOLEAN, "true", NULL, "Content-Length says how much there will be; otherwise it is chunked" },
};
/* clang-format on */

typedef struct
{
  RtTime before_head, before_content, between;
  gsize piece;
  GBytes *content;
  char *content_type;
  gboolean known_length;
} Slow;

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Slow *slow = g_new0 (Slow, 1);

  slow->before_head = rt_given_get_number (given, "before-head");
  slow->before_content = rt_given_get_number (given, "before-content");
  slow->between = rt_given_get_number (given, "between");
  slow->piece = (gsize)rt_given_get_number (given, "piece");
  slow->content = rt_given_dup_bytes (given, "content");
  slow->content_type = rt_given_dup_text (given, "content-type");
  slow->known_length = rt_given_get_boolean (given, "known-length");
  return slow;
}

static void
slow_free (gpointer self)
{
  Slow *slow = self;

  g_bytes_unref (slow->content);
  g_free (slow->content_type);
  g_free (slow);
}

/* The stage counts the pieces that are out. */
static void
go_on (const Slow *slow, const RtCall *call, RtReply *reply)
{
  gsize size = g_bytes_get_size (slow->content);
  gsize piece = slow->piece > 0 ? slow->piece : MAX (size, 1);
  gsize at = (call->stage - STAGE_CONTENT) * piece;
  gsize length = MIN (piece, size - MIN (at, size));

  rt_reply_begin (reply, NULL,
                  length > 0 ? g_bytes_new_from_bytes (slow->content, at, length) : NULL);
  if (at + length < size)
    rt_reply_later (reply, call->now + slow->between, call->stage + 1, NULL, NULL);
  else
    reply->end = RT_REPLY_WHOLE;
}

static void
begin (const Slow *slow, const RtCall *call, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (200);
  g_autofree char *length = g_strdup_printf ("%zu", g_bytes_get_size (slow->content));

  rt_fields_append (response->fields, "Content-Type", slow->content_type);
  if (slow->known_length)
    rt_fields_append (response->fields, "Content-Length", length);
  rt_reply_begin (reply, response, NULL);
  rt_reply_later (reply, call->now + slow->before_content, STAGE_CONTENT, NULL, NULL);
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const Slow *slow = self;

  if (rt_call_is (call, "OPTIONS"))
    rt_reply_with_allow (reply, TRUE, "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  else if (call->stage == 0 && slow->before_head > 0)
    rt_reply_later (reply, call->now + slow->before_head, STAGE_HEAD, NULL, NULL);
  else if (call->stage < STAGE_CONTENT)
    begin (slow, call, reply);
  else
    go_on (slow, call, reply);
}

const RtResourceKind rt_slow_kind = {
  .name = "slow",
  .summary = "an answer that takes its time",
  .notes = "All methods. Where the client does not wait, the rest is not sent.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .free = slow_free,
};
