/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The resource kind `failing`: its answers go wrong, in the order that is set. What is wrong on the
 * wire is really wrong there: half of a content, bytes that are no HTTP, a connection cut off. */
#include "rt-resource-kinds.h"

#define STAGE_CUT 1
#define STAGE_OVER 2

/* Between what is still sent and the reset, so that the client does get it. */
#define BEFORE_RESET (50 * RT_TIME_MSEC)

static const char garbage[] = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";

typedef enum
{
  FAIL_STATUS,
  FAIL_GARBLED,
  FAIL_CLOSE,
  FAIL_RESET,
  FAIL_HALF,
  FAIL_HALF_RESET,
  FAIL_HANG,
} Fail;

/* In the order of #Fail. */
static const char *const words[]
    = { "status", "garbled", "close", "reset", "half", "half-reset", "hang" };

static const char *const ends[] = { "last", "again", NULL };

typedef struct
{
  Fail fail;
  guint status;
} Answer;

static gboolean
parse_answer (const char *text, Answer *ret_answer, GError **error)
{
  guint64 status;

  if (rt_text_to_uint64 (rt_text (text), &status))
    {
      *ret_answer = (Answer){ FAIL_STATUS, (guint)status };
      if (status >= 200 && status <= 599)
        return TRUE;
      rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a status from 200 to 599",
                    "answers: “%s” stands here", text);
      return FALSE;
    }
  for (guint i = FAIL_GARBLED; i < G_N_ELEMENTS (words); i++)
    if (strcmp (words[i], text) == 0)
      {
        *ret_answer = (Answer){ (Fail)i, 0 };
        return TRUE;
      }
  rt_set_unknown (error, NULL, "way of failing", text, words + 1, G_N_ELEMENTS (words) - 1);
  return FALSE;
}

static gboolean
check_answers (const RtSetting *setting, GVariant *value, GError **error)
{
  g_autofree const char **answers = g_variant_get_strv (value, NULL);
  Answer answer;

  if (answers[0] == NULL)
    rt_set_error (error, RT_ERROR_SYNTAX, NULL, "a status or another answer", "answers is empty");
  for (guint i = 0; answers[i] != NULL; i++)
    if (!parse_answer (answers[i], &answer, error))
      return FALSE;
  return answers[0] != NULL;
}

/* clang-format off */
static const RtSetting settings[] = {
  { "answers", RT_SETTING_LIST, "503", NULL, "in order: a status, or `garbled` (no HTTP), `close` (closed without an answer), `reset`, `half` (closed in the middle of the content), `half-reset`, `hang` (no answer)", check_answers },
  { "afterwards", RT_SETTING_CHOICE, "last", ends, "when all were given: the last one for ever, or all again" },
  { "hang-time", RT_SETTING_DURATION, "1m", NULL, "after `hang`, when the connection is closed all the same" },
  { "retry-after", RT_SETTING_DURATION, "0s", NULL, "Retry-After of the errors; 0s: none" },
  { "content", RT_SETTING_TEXT, "", NULL, "content of the answers with a status; where it is not given the status says it" },
  { "content-type", RT_SETTING_TEXT, "text/plain; charset=utf-8", NULL, "its media type" },
};
/* clang-format on */

typedef struct
{
  char *path;
  GArray *answers; /* Answer */
  guint next;
  gboolean again;
  RtTime hang_time, retry_after;
  char *content, *content_type;
} Failing;

static void
failing_free (gpointer self)
{
  Failing *failing = self;

  g_array_unref (failing->answers);
  g_free (failing->content);
  g_free (failing->content_type);
  g_free (failing->path);
  g_free (failing);
}

static gpointer
create (const char *path, const RtGiven *given, GError **error)
{
  Failing *failing = g_new0 (Failing, 1);
  g_auto (GStrv) answers = rt_given_dup_list (given, "answers");
  Answer answer;

  failing->path = g_strdup (path);
  failing->answers = g_array_new (FALSE, FALSE, sizeof (Answer));
  failing->again = rt_given_get_choice (given, "afterwards") == 1;
  failing->hang_time = rt_given_get_number (given, "hang-time");
  failing->retry_after = rt_given_get_number (given, "retry-after");
  failing->content = rt_given_dup_text (given, "content");
  failing->content_type = rt_given_dup_text (given, "content-type");
  for (guint i = 0; answers[i] != NULL; i++)
    if (parse_answer (answers[i], &answer, NULL))
      g_array_append_val (failing->answers, answer);
  return failing;
}

static void
show (const Failing *failing, guint given, RtEffects *out)
{
  g_auto (GVariantBuilder) state = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  g_variant_builder_add (&state, "{sv}", "answers", g_variant_new_int64 (given));
  rt_effects_state (out, "failing", failing->path, g_variant_builder_end (&state));
}

static Answer
take_next (Failing *failing, RtEffects *out)
{
  guint n = failing->answers->len, i = failing->next;

  i = failing->again ? i % n : MIN (i, n - 1);
  failing->next++;
  show (failing, failing->next, out);
  return g_array_index (failing->answers, Answer, i);
}

static void
answer_status (const Failing *failing, guint status, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (status);
  g_autofree char *own = rt_text_dup (response->reason);
  g_autofree char *line = g_strdup_printf ("%s\n", own);
  g_autofree char *seconds
      = g_strdup_printf ("%" G_GINT64_FORMAT, failing->retry_after / RT_TIME_SEC);
  const char *text = *failing->content != '\0' ? failing->content : line;

  if (status >= 300 && failing->retry_after > 0)
    rt_fields_append (response->fields, "Retry-After", seconds);
  if (status == 204 || status == 304)
    {
      rt_reply_with (reply, response, NULL);
      return;
    }
  rt_fields_append (response->fields, "Content-Type", failing->content_type);
  rt_reply_with (reply, response, g_bytes_new (text, strlen (text)));
}

/* The header section promises twice of what comes. */
static void
answer_half (const Failing *failing, const RtCall *call, guint stage, RtReply *reply)
{
  RtMessage *response = rt_reply_new_response (200);
  const char *text = *failing->content != '\0' ? failing->content : "This is all that c";
  g_autofree char *length = g_strdup_printf ("%zu", 2 * strlen (text));

  rt_fields_append (response->fields, "Content-Type", failing->content_type);
  rt_fields_append (response->fields, "Content-Length", length);
  rt_reply_begin (reply, response, g_bytes_new (text, strlen (text)));
  if (stage == STAGE_CUT)
    rt_reply_later (reply, call->now + BEFORE_RESET, stage, NULL, NULL);
  else
    reply->end = RT_REPLY_CLOSE;
}

static void
fail (const Failing *failing, Answer answer, const RtCall *call, RtReply *reply)
{
  switch (answer.fail)
    {
    case FAIL_GARBLED:
      rt_reply_raw (reply, g_bytes_new_static (garbage, sizeof garbage - 1));
      break;
    case FAIL_CLOSE:
      reply->end = RT_REPLY_CLOSE;
      break;
    case FAIL_RESET:
      reply->end = RT_REPLY_RESET;
      break;
    case FAIL_HALF:
    case FAIL_HALF_RESET:
      answer_half (failing, call, answer.fail == FAIL_HALF ? STAGE_OVER : STAGE_CUT, reply);
      break;
    case FAIL_HANG:
      rt_reply_later (reply, call->now + failing->hang_time, STAGE_OVER, NULL, NULL);
      break;
    case FAIL_STATUS:
    default:
      answer_status (failing, answer.status, reply);
      break;
    }
}

static void
handle (gpointer self, const RtCall *call, RtReply *reply, RtEffects *out)
{
  Failing *failing = self;

  if (call->stage == STAGE_CUT)
    reply->end = RT_REPLY_RESET;
  else if (call->stage == STAGE_OVER)
    reply->end = RT_REPLY_CLOSE;
  else
    fail (failing, take_next (failing, out), call, reply);
}

const RtResourceKind rt_failing_kind = {
  .name = "failing",
  .summary = "answers that go wrong, in the order that is set",
  .notes = "All methods. Its state has the key PATH and the member `answers`: how many were given.",
  .settings = settings,
  .n_settings = G_N_ELEMENTS (settings),
  .create = create,
  .handle = handle,
  .free = failing_free,
};
