/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a learner writes in a challenge, settings and requests, as the one text that is read: YAML.
 * The settings come first, so that the lines which errors name are those of the learner. A request
 * is a block of literal lines, unless there is something in it that YAML would not keep. */
#include "rt-challenge-text.h"

#include "rt-error.h"

#include <string.h>

/** rt_challenge_find_request: Returns: (nullable): what @party is to send */
const RtChallengeRequest *
rt_challenge_find_request (const RtChallenge *challenge, const char *party)
{
  for (guint i = 0; i < challenge->requests->len; i++)
    {
      const RtChallengeRequest *request = challenge->requests->pdata[i];

      if (g_str_equal (request->party, party))
        return request;
    }
  return NULL;
}

/* What libyaml hands back as it was written: YAML 1.1 §5.1, and no line break but LF (§5.4). */
static gboolean
is_kept (gunichar c)
{
  if (c == '\n')
    return TRUE;
  return c >= ' ' && c != 0x7f && (c < 0x80 || c >= 0xa0) && c != 0x2028 && c != 0x2029
         && c != 0xfeff && c < 0x10000;
}

static gboolean
is_literal (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (!is_kept (g_utf8_get_char (at)))
      return FALSE;
  return TRUE;
}

static void
append_literal (GString *out, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  g_string_append (out, "  bytes: |2+\n");
  for (guint i = 0; lines[i] != NULL; i++)
    if (*lines[i] != '\0')
      g_string_append_printf (out, "    %s\n", lines[i]);
    else if (lines[i + 1] != NULL)
      g_string_append_c (out, '\n');
}

static void
append_quoted (GString *out, const char *text)
{
  g_string_append (out, "  bytes: \"");
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '"' || c == '\\')
        g_string_append_printf (out, "\\%c", (char)c);
      else if (c == '\n')
        g_string_append (out, "\\n");
      else if (is_kept (c))
        g_string_append_unichar (out, c);
      else
        g_string_append_printf (out, "\\U%08X", c);
    }
  g_string_append (out, "\"\n");
}

/**
 * rt_challenge_write:
 * @challenge: a challenge
 * @settings: (nullable): YAML in place of the starter's, which may be wrong
 * @requests: (nullable) (array): in place of those of the starter, in their order: UTF-8, written
 *   as in a block `bytes`
 *
 * Returns: (transfer full): both as the text of an answer, see rt_lesson_read_answer()
 */
char *
rt_challenge_write (const RtChallenge *challenge, const char *settings, const char *const *requests)
{
  const char *first = settings != NULL ? settings : challenge->settings;
  GString *out = g_string_new (first);

  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, '\n');
  for (guint i = 0; i < challenge->requests->len; i++)
    {
      const RtChallengeRequest *request = challenge->requests->pdata[i];
      const char *text = requests != NULL ? requests[i] : request->text;

      g_string_append_printf (out, "%s:\n", request->party);
      if (is_literal (text))
        append_literal (out, text);
      else
        append_quoted (out, text);
    }
  return g_string_free (out, FALSE);
}

/**
 * rt_challenge_write_request:
 * @challenge: a challenge
 * @file: where the request is from, for messages
 * @text: (array length=length): written as in a block `bytes`, with LF or CRLF at the ends of lines
 *
 * Errors: %RT_ERROR_SYNTAX, %RT_ERROR_UNSUPPORTED.
 *
 * Returns: (nullable) (transfer full): the starter with that request in it, as the text of an
 *   answer
 */
char *
rt_challenge_write_request (
    const RtChallenge *challenge, const char *file, const char *text, gsize length, GError **error)
{
  RtPlace place = { file, 0, 0 };
  const char *requests[] = { NULL, NULL };
  g_auto (GStrv) lines = NULL;
  g_autofree char *joined = NULL;

  if (challenge->requests->len != 1)
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, &place, "settings, as YAML",
                    challenge->requests->len == 0 ? "this challenge asks for no request"
                                                  : "this challenge asks for several requests");
      return NULL;
    }
  if (!g_utf8_validate_len (text, length, NULL))
    {
      rt_set_error (error, RT_ERROR_SYNTAX, &place, "UTF-8 text, other bytes as \\xHH",
                    "this is no text");
      return NULL;
    }
  lines = g_strsplit (text, "\r\n", -1);
  joined = g_strjoinv ("\n", lines);
  requests[0] = joined;
  return rt_challenge_write (challenge, NULL, requests);
}
