/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `stream`: an answer without a known end, in pieces as they come, plainly or as
 * server-sent events. */
#include "rt-resource-kinds.h"

#include "rt-methods.h"

/* The stage is the number of pieces that are out, from here. */
#define STAGE_FIRST 1

/* Between the last piece and the break, so that the client does get it. */
#define BEFORE_BREAK (50 * RT_TIME_MSEC)
#define STAGE_BREAK (G_MAXUINT - 1)

#define PIECES_MAX 100000

static const char *const formats[] = { "plain", "events", NULL };
static const char *const breaks[] = { "reset", "close", NULL };

/* clang-format off */
static const RtSetting settings[] = {
  { "pieces", RT_SETTING_LIST, "tick", NULL, "what is sent, in order" },
  { "rounds", RT_SETTING_NUMBER, "1", NULL, "how often all of it" },
  { "interval", RT_SETTING_DURATION, "1s", NULL, "time between two pieces" },
  { "format", RT_SETTING_CHOICE, "plain", formats, "each piece is a chunk with a line, or a server-sent event with an id; then Last-Event-ID goes on where a client was, and 204 tells it that there is no more" },
  { "event", RT_SETTING_TEXT, "", NULL, "type of the events; where it is not given they are plain messages" },
  { "retry", RT_SETTING_DURATION, "0s", NULL, "the time after which a client of events is to come again; 0s: it does not say" },
  { "break-after", RT_SETTING_NUMBER, "0", NULL, "pieces after which the connection breaks; 0: it does not" },
  { "break", RT_SETTING_CHOICE, "reset", breaks, "… by a reset, or closed without the answer's end" },
};
/* clang-format on */

typedef struct
{
  char **pieces;
  guint n_pieces, n_all, break_after;
  RtTime interval, retry;
  gboolean events, closes;
  char *event;
} Stream;

static void
stream_free (gpointer self)
{
  Stream *stream = self;

  g_strfreev (stream->pieces);
  g_free (stream->event);
  g_free (stream);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Stream *stream = g_new0 (Stream, 1);
  gint64 rounds = rt_given_get_number (given, "rounds");

  stream->pieces = rt_given_dup_list (given, "pieces");
  stream->n_pieces = g_strv_length (stream->pieces);
  stream->interval = rt_given_get_number (given, "interval");
  stream->retry = rt_given_get_number (given, "retry");
  stream->events = rt_given_get_choice (given, "format") == 1;
  stream->event = rt_given_dup_text (given, "event");
  stream->break_after = (guint)MIN (rt_given_get_number (given, "break-after"), PIECES_MAX);
  stream->closes = rt_given_get_choice (given, "break") == 1;
  if (rounds <= PIECES_MAX && rounds * stream->n_pieces <= PIECES_MAX)
    {
      stream->n_all = (guint)rounds * stream->n_pieces;
      return stream;
    }
  rt_set_error (error, RT_ERROR_LIMIT, NULL, NULL, "%s can't send more than %d pieces", path,
                PIECES_MAX);
  stream_free (stream);
  return NULL;
}

/* One event: each line of the piece is a line of data. */
static void
append_event (const Stream *stream, guint number, const char *piece, GString *out)
{
  g_auto (GStrv) lines = g_strsplit (piece, "\n", -1);

  if (stream->retry > 0 && number == 0)
    g_string_append_printf (out, "retry: %" G_GINT64_FORMAT "\n", stream->retry / RT_TIME_MSEC);
  if (*stream->event != '\0')
    g_string_append_printf (out, "event: %s\n", stream->event);
  g_string_append_printf (out, "id: %u\n", number + 1);
  for (guint i = 0; lines[i] != NULL; i++)
    g_string_append_printf (out, "data: %s\n", lines[i]);
  g_string_append_c (out, '\n');
}

/* @number: from 0. */
static GBytes *
dup_piece (const Stream *stream, guint number)
{
  const char *piece = stream->pieces[number % stream->n_pieces];
  GString *out = g_string_new (NULL);

  if (stream->events)
    append_event (stream, number, piece, out);
  else
    g_string_append_printf (out, "%s\n", piece);
  return g_string_free_to_bytes (out);
}

/* Where the client that comes again was. */
static guint
first_of (const Stream *stream, const RtCall *call)
{
  const RtField *last = rt_fields_first (call->request->fields, "Last-Event-ID");
  guint64 id;

  if (!stream->events || last == NULL || !rt_text_to_uint64 (last->value, &id))
    return 0;
  return (guint)MIN (id, stream->n_all);
}

/* What follows the piece of this call. */
static void
go_on (const Stream *stream, const RtCall *call, guint next, RtReply *reply)
{
  guint sent = next - first_of (stream, call);

  if (stream->break_after > 0 && sent >= stream->break_after)
    rt_reply_later (reply, call->now + BEFORE_BREAK, STAGE_BREAK, NULL, NULL);
  else if (next < stream->n_all)
    rt_reply_later (reply, call->now + stream->interval, STAGE_FIRST + next, NULL, NULL);
  else
    reply->end = RT_REPLY_WHOLE;
}

static void
begin (const Stream *stream, const RtCall *call, RtReply *reply)
{
  RtMessage *response;
  guint first = first_of (stream, call);

  if (first >= stream->n_all)
    {
      rt_reply_with_status (reply, 204, NULL);
      return;
    }
  response = rt_reply_new_response (200);
  rt_fields_append (response->fields, "Content-Type",
                    stream->events ? "text/event-stream" : "text/plain; charset=utf-8");
  if (stream->events)
    rt_fields_append (response->fields, "Cache-Control", "no-store");
  rt_reply_begin (reply, response, NULL);
  /* The head leaves by itself: a client is to know that it is connected before anything comes. */
  rt_reply_later (reply, call->now, STAGE_FIRST + first, NULL, NULL);
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  const Stream *stream = self;
  guint number = call->stage - STAGE_FIRST;

  if (!rt_method_is_read (call->request->method))
    rt_reply_with_allow (reply, rt_call_is (call, "OPTIONS"), "GET, HEAD, OPTIONS");
  else if (call->stage == 0)
    begin (stream, call, reply);
  else if (call->stage == STAGE_BREAK)
    reply->end = stream->closes ? RT_REPLY_CLOSE : RT_REPLY_RESET;
  else
    {
      rt_reply_begin (reply, NULL, dup_piece (stream, number));
      go_on (stream, call, number + 1, reply);
    }
}

const RtResourceKind rt_stream_kind = {
  .name = "stream",
  .summary = "an answer without a known end, in pieces or as server-sent events",
  .notes = "GET, HEAD and OPTIONS.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .free = stream_free,
};
