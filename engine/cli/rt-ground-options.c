/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What lessons are played on, from the command line. */
#include "rt-ground-options.h"

#include "rt-challenge-text.h"
#include "rt-error.h"
#include "rt-scenario.h"

#include <stdio.h>
#include <string.h>

void
rt_ground_options_clear (RtGroundOptions *options)
{
  g_free (options->driver);
  g_strfreev (options->origins);
  g_strfreev (options->stacks);
}

void
rt_ground_clear (RtGround *ground)
{
  g_clear_pointer (&ground->ground.stand_ins, g_ptr_array_unref);
  g_free (ground->answer_path);
  g_strfreev (ground->libsoup);
}

static gboolean
read_stacks (char **texts, RtGround *ground, GError **error)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_autofree char *name = NULL;

      if (!g_str_has_suffix (texts[i], "=libsoup"))
        {
          rt_set_error (error, RT_ERROR_SYNTAX, NULL, "PARTY=libsoup, such as ann=libsoup",
                        "“%s” does not say whose connections are libsoup's", texts[i]);
          return FALSE;
        }
      name = g_strndup (texts[i], strlen (texts[i]) - strlen ("=libsoup"));
      g_strv_builder_add (names, name);
    }
  ground->libsoup = g_strv_builder_end (names);
  ground->ground.libsoup = (const char *const *)ground->libsoup;
  return TRUE;
}

/* What has a URL in it is no file. */
static gboolean
read_origin (const char *text, RtGround *ground, GError **error)
{
  RtStandIn *stand_in;

  if (strstr (text, "://") == NULL)
    {
      if (ground->answer_path != NULL)
        {
          rt_set_error (error, RT_ERROR_SYNTAX, NULL, "one file", "“%s” is a second one", text);
          return FALSE;
        }
      ground->answer_path = g_strdup (text);
      return TRUE;
    }
  stand_in = rt_stand_in_parse (text, error);
  if (stand_in != NULL)
    g_ptr_array_add (ground->ground.stand_ins, stand_in);
  return stand_in != NULL;
}

/**
 * rt_ground_options_read:
 * @options: as they were parsed
 * @ret_ground: (out): what they mean; empty on failure
 *
 * Errors: the command line is wrong.
 *
 * Returns: whether they mean something
 */
gboolean
rt_ground_options_read (const RtGroundOptions *options, RtGround *ret_ground, GError **error)
{
  g_auto (RtGround) ground = { .ground = { .outside = options->outside } };

  *ret_ground = (RtGround){ 0 };
  ground.ground.stand_ins = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_stand_in_free);
  for (guint i = 0; options->origins != NULL && options->origins[i] != NULL; i++)
    if (!read_origin (options->origins[i], &ground, error))
      return FALSE;
  if (!read_stacks (options->stacks, &ground, error))
    return FALSE;
  if (options->driver != NULL
      && !rt_play_driver_parse (options->driver, &ground.ground.driver, error))
    return FALSE;
  if (options->driver != NULL && ground.ground.driver == RT_PLAY_SIM
      && rt_playground_has_real_time (&ground.ground))
    {
      rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL, "--driver live",
                    ground.ground.stand_ins->len > 0
                        ? "no program of yours is on the simulated network"
                        : "not on this driver: libsoup is not on the simulated network");
      return FALSE;
    }
  *ret_ground = ground;
  ground = (RtGround){ 0 };
  return TRUE;
}

/* Where the lesson's reference solution is, if it stands beside the lesson. */
static char *
find_solution (const RtLesson *lesson)
{
  g_autofree char *folder = g_path_get_dirname (lesson->file);
  g_autofree char *base = g_strdup_printf ("%02u-%s.yaml", lesson->number, lesson->name);
  char *path = g_build_filename (folder, "solutions", base, NULL);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_clear_pointer (&path, g_free);
  return path;
}

/* A file may be the one request that a challenge asks for, as it is. */
static gboolean
take_request (const RtLesson *lesson, const char *path, char **text, gsize *length, GError **error)
{
  char *written;

  if (!g_str_has_suffix (path, RT_CHALLENGE_REQUEST_SUFFIX) || lesson->challenge == NULL)
    return TRUE;
  written = rt_challenge_write_request (lesson->challenge, path, *text, *length, error);
  if (written == NULL)
    return FALSE;
  g_free (*text);
  *text = written;
  *length = strlen (written);
  return TRUE;
}

/**
 * rt_ground_read_answer:
 * @ground: what is played on
 * @lesson: the lesson
 * @ret_answer: (out) (nullable): the learner's settings, if there are any; where there is only a
 *   server of theirs, those of the reference solution, if it is found
 *
 * Returns: whether they could be read, if there are any
 */
gboolean
rt_ground_read_answer (const RtGround *ground,
                       const RtLesson *lesson,
                       GPtrArray **ret_answer,
                       GError **error)
{
  g_autofree char *path = g_strdup (ground->answer_path);
  g_autofree char *text = NULL;
  gsize length;

  *ret_answer = NULL;
  /* It is the server that is asked about: nobody else of the cast may fail the probes. */
  if (path == NULL && rt_playground_has_program (&ground->ground, NULL)
      && lesson->challenge != NULL)
    path = find_solution (lesson);
  if (path == NULL)
    return TRUE;
  if (!rt_lesson_read_file (path, &text, &length, error)
      || !take_request (lesson, path, &text, &length, error))
    return FALSE;
  *ret_answer = rt_lesson_read_answer (lesson, path, text, length, error);
  return *ret_answer != NULL;
}

static void
report_probe (const RtProbeResult *result)
{
  printf ("%s  %s",
          result->passed    ? "passed"
          : result->skipped ? "--    "
                            : "FAILED",
          result->probe->name);
  if (result->probe->n_variations > 1)
    printf (" (%u of %u)", result->variation + 1, result->probe->n_variations);
  if (result->exchange != 0)
    printf (", exchange %u", result->exchange);
  printf ("\n");
  if (result->message != NULL)
    printf ("        %s\n", result->message);
}

/* Why nothing was sent, if a connection could not be opened. */
static void
report_connection (RtPlay *play)
{
  GPtrArray *connections = rt_analysis_get_connections (rt_play_get_analysis (play));

  for (guint i = 0; i < connections->len; i++)
    {
      const RtConnectionInfo *info = connections->pdata[i];

      if (info->end != RT_CONNECTION_FAILED)
        continue;
      printf ("        no connection to %s: %s\n", info->host != NULL ? info->host : "the server",
              info->why != NULL ? info->why : "it could not be opened");
      return;
    }
}

/* The exchange that a failed probe points at: with a program of the learner's own nobody else knows
 * what was sent. */
static void
report_exchange (const RtProbeResult *result)
{
  const RtExchange *exchange
      = result->play != NULL && result->exchange > 0
            ? rt_analysis_get_exchange (rt_play_get_analysis (result->play), result->exchange)
            : NULL;
  RtMessage *request = exchange != NULL && exchange->request != NULL && exchange->request->has_head
                           ? exchange->request->message
                           : NULL;

  if (request == NULL && result->play != NULL)
    report_connection (result->play);
  if (request == NULL)
    return;
  printf ("        exchange %u: %.*s %.*s", result->exchange, (int)request->method.length,
          request->method.at, (int)request->target.length, request->target.at);
  if (exchange->response != NULL)
    printf (" → %u\n", exchange->response->message->status);
  else
    printf (" → %s\n", exchange->failed != NULL ? exchange->failed : "no answer");
}

/**
 * rt_ground_report_challenge:
 * @lesson: a lesson with a challenge
 * @answer: (nullable) (element-type RtPartySettings): the learner's settings
 * @ground: (nullable): what the probes are played on
 *
 * Plays the challenge's probes and prints how each went.
 *
 * Errors: a probe could not be played.
 *
 * Returns: whether the challenge is passed
 */
gboolean
rt_ground_report_challenge (const RtLesson *lesson,
                            GPtrArray *answer,
                            const RtPlayground *ground,
                            GError **error)
{
  g_autoptr (RtChallengeResult) result = rt_challenge_try_on (lesson, answer, ground, error);

  if (result == NULL)
    return FALSE;
  for (guint i = 0; i < result->probes->len; i++)
    {
      const RtProbeResult *probe = result->probes->pdata[i];

      report_probe (probe);
      if (!probe->passed && !probe->skipped && rt_playground_is_live (ground))
        report_exchange (probe);
    }
  puts (!result->passed         ? "Not yet: see the probes that failed."
        : result->n_skipped > 0 ? "Whatever can be seen from outside is as it should be."
                                : "The symptom is gone and the good path still works.");
  return result->passed;
}
