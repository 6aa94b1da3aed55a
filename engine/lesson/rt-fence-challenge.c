/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fenced blocks of a challenge: the task, what the learner begins with, the probes. */
#include "rt-fence-private.h"

#include "rt-byte-text.h"
#include "rt-challenge-text.h"

#include <string.h>

/** MAX_PROBES, MAX_VARIATIONS: of one challenge, of one probe. */
#define MAX_PROBES 20
#define MAX_VARIATIONS 8

static void
request_free (gpointer data)
{
  RtChallengeRequest *request = data;

  g_free (request->party);
  g_free (request->text);
  g_free (request);
}

/**
 * rt_fence_read_challenge:
 * @fence: `challenge TITLE`: the task, in words
 */
gboolean
rt_fence_read_challenge (RtFence *fence, GError **error)
{
  RtLessonReader *reader = fence->reader;
  RtPlace place = rt_fence_place (fence, 1);
  RtChallenge *challenge;
  RtBlock *block;

  if (reader->lesson->challenge != NULL)
    return rt_fence_refuse (fence, 0, "one challenge", "the lesson has one already", error);
  if (fence->words[1] == NULL)
    return rt_fence_wrong (fence, "“challenge TITLE”", error);
  challenge = reader->lesson->challenge = g_new0 (RtChallenge, 1);
  challenge->title = g_strstrip (g_strdup (fence->info + strlen ("challenge")));
  challenge->line = fence->line;
  challenge->requests = g_ptr_array_new_with_free_func (request_free);
  challenge->probes = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_scenario_free);
  challenge->hints = g_ptr_array_new_with_free_func ((GDestroyNotify)g_ptr_array_unref);
  challenge->task = rt_markdown_read_inlines (fence->text, &place, error);
  if (challenge->task == NULL)
    return FALSE;
  block = rt_lesson_reader_add_block (reader, RT_BLOCK_CHALLENGE, fence->line);
  block->challenge = challenge;
  block->inlines = g_ptr_array_ref (challenge->task);
  return TRUE;
}

/* From now on it is one of those that may be set. */
static void
add_party (RtChallenge *challenge, const char *party)
{
  guint n = challenge->parties != NULL ? g_strv_length (challenge->parties) : 0;

  challenge->parties = g_renew (char *, challenge->parties, n + 2);
  challenge->parties[n] = g_strdup (party);
  challenge->parties[n + 1] = NULL;
}

static gboolean
add_settings (RtFence *fence, RtChallenge *challenge, GPtrArray *settings, GError **error)
{
  for (guint i = 0; i < settings->len; i++)
    {
      const char *party = ((const RtPartySettings *)settings->pdata[i])->party;

      if (rt_challenge_find_request (challenge, party) != NULL)
        return rt_fence_refuse (fence, 1, "a party without a request above",
                                "somebody's settings stand here twice", error);
      add_party (challenge, party);
    }
  return TRUE;
}

static gboolean
read_settings (RtFence *fence, RtChallenge *challenge, GError **error)
{
  RtPlace place = rt_fence_place (fence, 1);
  g_auto (GStrv) parties = g_steal_pointer (&challenge->parties);
  g_autoptr (GPtrArray) settings = NULL;

  if (challenge->settings != NULL)
    return rt_fence_refuse (fence, 0, "one starter with settings", "it is the second", error);
  settings = rt_party_settings_read (fence->reader->lesson, fence->text, strlen (fence->text),
                                     &place, error);
  challenge->parties = g_steal_pointer (&parties);
  if (settings == NULL)
    return FALSE;
  challenge->settings = g_strdup (fence->text);
  return add_settings (fence, challenge, settings, error);
}

/* `starter bytes ANN`. */
static gboolean
read_request (RtFence *fence, RtChallenge *challenge, GError **error)
{
  RtPlace place = rt_fence_place (fence, 1);
  const char *name = fence->words[2];
  RtChallengeRequest *request;
  g_autoptr (GByteArray) bytes = NULL;

  if (!g_str_equal (fence->words[1], "bytes") || name == NULL || fence->words[3] != NULL)
    return rt_fence_wrong (fence, "“starter” or “starter bytes BYTE-CLIENT”", error);
  if (rt_fence_find_cast (fence, name, "byte-client", error) == NULL)
    return FALSE;
  if (challenge->parties != NULL && g_strv_contains ((const char *const *)challenge->parties, name))
    return rt_fence_refuse (fence, 0, "another byte client", "it has a starter already", error);
  bytes = rt_byte_text_flatten (fence->text, &place, NULL, error);
  if (bytes == NULL)
    return FALSE;
  request = g_new0 (RtChallengeRequest, 1);
  request->party = g_strdup (name);
  request->text = g_strdup (fence->text);
  request->line = place.line;
  g_ptr_array_add (challenge->requests, request);
  add_party (challenge, name);
  return TRUE;
}

/**
 * rt_fence_read_starter:
 * @fence: `starter`: YAML, party → its settings; or `starter bytes ANN`: what a byte client sends
 */
gboolean
rt_fence_read_starter (RtFence *fence, GError **error)
{
  RtChallenge *challenge = fence->reader->lesson->challenge;

  if (challenge == NULL || challenge->probes->len > 0)
    return rt_fence_refuse (fence, 0, "a starter after the challenge and before its probes",
                            "a starter stands here", error);
  if (!(fence->words[1] == NULL ? read_settings (fence, challenge, error)
                                : read_request (fence, challenge, error)))
    return FALSE;
  if (challenge->starter == NULL)
    challenge->starter_line = rt_fence_place (fence, 1).line;
  g_free (challenge->starter);
  challenge->starter = rt_challenge_write (challenge, NULL, NULL);
  return TRUE;
}

static gboolean
read_variable (
    const RtFence *fence, RtScenario *probe, const char *name, const RtYaml *list, GError **error)
{
  guint line = list->line - fence->line;
  RtVariable *variable = g_new0 (RtVariable, 1);
  guint n = list->children != NULL ? list->children->len : 0;

  g_ptr_array_add (probe->variables, variable);
  variable->name = g_strdup (name);
  variable->values = g_new0 (char *, n + 1);
  if (list->kind != RT_YAML_LIST || n == 0 || n > MAX_VARIATIONS)
    return rt_fence_refuse (fence, line, "a list of one to eight values", "this varies nothing",
                            error);
  if (probe->variables->len > 1 && n != probe->n_variations)
    return rt_fence_refuse (fence, line, "as many values as the others have",
                            "the lists differ in length", error);
  probe->n_variations = n;
  for (guint i = 0; i < n; i++)
    {
      const RtYaml *item = list->children->pdata[i];

      if (item->kind != RT_YAML_SCALAR)
        return rt_fence_refuse (fence, line, "text", "a value is no text", error);
      variable->values[i] = g_strdup (item->text);
    }
  g_ptr_array_add (fence->reader->captures, g_strdup (name));
  return TRUE;
}

static gboolean
read_variables (const RtFence *fence, RtScenario *probe, GError **error)
{
  RtPlace place = rt_fence_place (fence, 1);
  g_autoptr (RtYaml) yaml = NULL;

  if (*fence->text == '\0')
    return TRUE;
  yaml = rt_yaml_parse (fence->text, strlen (fence->text), &place, error);
  if (yaml == NULL)
    return FALSE;
  if (yaml->kind != RT_YAML_MAPPING)
    return rt_fence_refuse (fence, 1, "names with lists of values: “path: [/a, /b]”",
                            "this varies nothing", error);
  for (guint i = 0; i < yaml->children->len; i++)
    if (!read_variable (fence, probe, yaml->keys->pdata[i], yaml->children->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* What stands behind the second word. */
static char *
title_of (const RtFence *fence)
{
  const char *at = strstr (fence->info, fence->words[1]) + strlen (fence->words[1]);

  return g_strstrip (g_strdup (at));
}

/**
 * rt_fence_read_probe:
 * @fence: `probe symptom TITLE` or `probe good TITLE`: names with lists of values. The blocks that
 *   follow are its scenario
 */
gboolean
rt_fence_read_probe (RtFence *fence, GError **error)
{
  static const char *const names[] = { "symptom", "good" };
  RtLessonReader *reader = fence->reader;
  RtChallenge *challenge = reader->lesson->challenge;
  RtPlace place = rt_fence_place (fence, 0);
  g_autofree char *title = NULL;
  RtScenario *probe;

  if (challenge == NULL || challenge->starter == NULL)
    return rt_fence_refuse (fence, 0, "a challenge and its starter before it",
                            "a probe stands here", error);
  if (fence->words[1] == NULL || fence->words[2] == NULL)
    return rt_fence_wrong (fence, "“probe symptom TITLE” or “probe good TITLE”", error);
  if (!g_str_equal (fence->words[1], names[0]) && !g_str_equal (fence->words[1], names[1]))
    {
      rt_set_unknown (error, &place, "kind of probe", fence->words[1], names, 2);
      return FALSE;
    }
  if (challenge->probes->len >= MAX_PROBES)
    return rt_fence_refuse (fence, 0, "at most 20", "there are too many probes", error);
  title = title_of (fence);
  probe = rt_scenario_new (title, fence->line);
  probe->index = challenge->probes->len;
  probe->probe = g_str_equal (fence->words[1], "good") ? RT_PROBE_GOOD : RT_PROBE_SYMPTOM;
  g_ptr_array_add (challenge->probes, probe);
  g_ptr_array_set_size (reader->captures, 0);
  reader->probe = probe;
  return read_variables (fence, probe, error);
}
