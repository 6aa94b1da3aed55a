/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every lesson is executed: its checks hold, each counter-example shows what it claims, the starter
 * of its challenge fails a symptom probe and no other, its solution passes all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-cast-kind.h"
#include "rt-client.h"
#include "rt-decision-words.h"
#include "rt-expression.h"
#include "rt-lesson-library.h"
#include "rt-party-settings.h"
#include "rt-resource.h"
#include "rt-scenario.h"
#include "rt-server.h"
#include "rt-server-tls.h"

#include <string.h>

/* One lesson, and one run, misconception or solution of it. */
typedef struct
{
  RtLesson *lesson;
  guint index;
  char *solution;
} Case;

static void
fail_with (const char *message)
{
  print_message ("# %s\n", message);
  fail ();
}

static void
expect_all_hold (RtPlay *play)
{
  GPtrArray *results = rt_play_get_results (play);

  for (guint i = 0; i < results->len; i++)
    {
      const RtCheckResult *result = results->pdata[i];

      if (!result->holds)
        fail_with (result->message);
    }
}

static void
a_run_does_what_its_checks_say (void **state)
{
  const Case *one = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPlay) play
      = rt_play_new (one->lesson, one->lesson->runs->pdata[one->index], NULL, &error);

  if (play == NULL)
    fail_with (error->message);
  expect_all_hold (play);
}

static void
a_run_leaves_the_same_log_twice (void **state)
{
  const Case *one = *state;
  const RtScenario *run = one->lesson->runs->pdata[one->index];
  g_autoptr (RtPlay) first = rt_play_new (one->lesson, run, NULL, NULL);
  g_autoptr (RtPlay) second = rt_play_new (one->lesson, run, NULL, NULL);
  RtReader *a = rt_play_get_reader (first);
  RtReader *b = rt_play_get_reader (second);

  assert_int_equal (rt_reader_get_length (a), rt_reader_get_length (b));
  for (guint64 event = 0; event < rt_reader_get_length (a);)
    {
      g_autoptr (RtPage) left = rt_reader_dup_page (a, event, NULL);
      g_autoptr (RtPage) right = rt_reader_dup_page (b, event, NULL);

      assert_int_equal (left->n, right->n);
      assert_memory_equal (left->events, right->events, left->n * sizeof (RtEvent));
      assert_true (g_bytes_equal (left->arena, right->arena));
      event += left->n;
    }
}

/* A card begins with words for people, not with a rule's question and a verdict's name. */
static void
decisions_are_told_in_words (void **state)
{
  const Case *one = *state;
  g_autoptr (RtPlay) play
      = rt_play_new (one->lesson, one->lesson->runs->pdata[one->index], NULL, NULL);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  GPtrArray *notes;

  assert_true (rt_analysis_feed_reader (analysis, rt_play_get_reader (play), G_MAXUINT64, NULL));
  notes = rt_analysis_get_notes (analysis);
  for (guint i = 0; i < notes->len; i++)
    {
      const RtNote *note = notes->pdata[i];

      if (note->decision != NULL && rt_decision_words_find (note->decision) == NULL)
        fail_with (note->title);
    }
}

static void
a_counterexample_shows_what_it_claims (void **state)
{
  const Case *one = *state;
  const RtMisconception *misconception = one->lesson->misconceptions->pdata[one->index];
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPlay) play = rt_play_new_counterexample (one->lesson, misconception, &error);

  if (play == NULL)
    fail_with (error->message);
  expect_all_hold (play);
  assert_true (rt_play_get_results (play)->len > 0);
  assert_true (misconception->point
               <= rt_analysis_get_exchanges (rt_play_get_analysis (play))->len);
}

/* Before a prediction's cut, the step that answers it has left no trace. */
static void
nothing_of_the_answer_is_seen_before_the_cut (void **state)
{
  const Case *one = *state;
  const RtPrediction *prediction = one->lesson->predictions->pdata[one->index];
  g_autoptr (RtPlay) play
      = rt_play_new (one->lesson, one->lesson->runs->pdata[prediction->run], NULL, NULL);
  guint64 cut = rt_play_get_cut (play, prediction);
  g_autoptr (RtAnalysis) seen = rt_analysis_new ();
  guint exchange = rt_play_get_step_exchange (play, prediction->step);

  assert_true (rt_analysis_feed_reader (seen, rt_play_get_reader (play), cut, NULL));
  /* A step that is answered from a cache starts none. */
  if (exchange > 0)
    assert_int_equal (rt_analysis_get_exchanges (seen)->len, exchange - 1);
  assert_int_equal (rt_analysis_get_steps (seen)->len, prediction->step - 1);
  /* Runs that come later would tell it, too. */
  for (guint i = prediction->run + 1; i < one->lesson->runs->len; i++)
    {
      g_autoptr (RtPlay) later = rt_play_new (one->lesson, one->lesson->runs->pdata[i], NULL, NULL);

      assert_int_equal (rt_play_get_cut (later, prediction), rt_play_get_step_start (later, 1));
    }
}

static void
an_authors_note_hangs_on_bytes (void **state)
{
  const Case *one = *state;
  const RtAuthorNote *note = one->lesson->notes->pdata[one->index];
  g_autoptr (RtPlay) play
      = rt_play_new (one->lesson, one->lesson->runs->pdata[note->run], NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_auto (RtFound) found = { NULL, 0, RT_SPAN_NONE };

  if (!rt_play_find (play, note->target, &found, &error))
    fail_with (error->message);
  assert_false (rt_span_is_none (found.span));
}

static RtChallengeResult *
try_answer (const Case *one, GPtrArray *answer)
{
  g_autoptr (GError) error = NULL;
  RtChallengeResult *result = rt_challenge_try (one->lesson, answer, &error);

  if (result == NULL)
    fail_with (error->message);
  return result;
}

static void
the_starter_shows_the_symptom_and_nothing_else (void **state)
{
  const Case *one = *state;
  g_autoptr (GPtrArray) answer = rt_lesson_read_starter (one->lesson, NULL);
  g_autoptr (RtChallengeResult) result = try_answer (one, answer);

  assert_false (result->passed);
  for (guint i = 0; i < result->probes->len; i++)
    {
      const RtProbeResult *probe = result->probes->pdata[i];

      assert_true (probe->passed == (probe->probe->probe == RT_PROBE_GOOD));
      assert_true (probe->passed || (probe->message != NULL && probe->exchange > 0));
    }
}

static void
the_solution_passes_all (void **state)
{
  const Case *one = *state;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) answer = NULL;
  g_autoptr (RtChallengeResult) result = NULL;
  gsize length;

  assert_true (g_file_get_contents (one->solution, &text, &length, NULL));
  answer = rt_lesson_read_answer (one->lesson, one->solution, text, length, &error);
  if (answer == NULL)
    fail_with (error->message);
  result = try_answer (one, answer);
  for (guint i = 0; i < result->probes->len; i++)
    {
      const RtProbeResult *probe = result->probes->pdata[i];

      if (!probe->passed)
        fail_with (probe->message);
    }
}

/* Where line @i of a YAML text stands: its key behind those of the lines that it is indented under.
 */
static char *
dup_key_path (char *const *lines, guint i)
{
  g_autoptr (GString) path = g_string_new (NULL);
  gsize indent = G_MAXSIZE;

  for (gint at = (gint)i; at >= 0 && indent > 0; at--)
    {
      gsize depth = strspn (lines[at], " ");

      if (lines[at][depth] == '\0' || lines[at][depth] == '#' || depth >= indent)
        continue;
      indent = depth;
      g_string_prepend_c (path, '\n');
      g_string_prepend_len (path, lines[at] + depth, (gssize)strcspn (lines[at] + depth, ":"));
    }
  return g_string_free (g_steal_pointer (&path), FALSE);
}

/* What the starter has in the place of line @i of the solution: nothing, if it has no such key. */
static const char *
line_of_starter (char *const *lines, guint i, char *const *starter)
{
  g_autofree char *path = dup_key_path (lines, i);

  for (guint j = 0; starter[j] != NULL; j++)
    {
      g_autofree char *other = dup_key_path (starter, j);

      if (starter[j][0] != '\0' && strcmp (path, other) == 0)
        return starter[j];
    }
  return "";
}

/* Taking back any line of the solution to what the starter has makes it fail again. */
static void
each_line_of_the_solution_counts (void **state)
{
  const Case *one = *state;
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) starter = g_strsplit (one->lesson->challenge->starter, "\n", -1);
  guint n_tried = 0;

  assert_true (g_file_get_contents (one->solution, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *before = line_of_starter (lines, i, starter);
      char *kept = lines[i];
      g_autofree char *without = NULL;
      g_autoptr (GPtrArray) answer = NULL;
      g_autoptr (RtChallengeResult) result = NULL;

      if (kept[0] == '\0' || kept[0] == '#' || strcmp (before, kept) == 0)
        continue;
      lines[i] = (char *)before;
      without = g_strjoinv ("\n", lines);
      lines[i] = kept;
      answer = rt_lesson_read_answer (one->lesson, one->solution, without, strlen (without), NULL);
      if (answer == NULL)
        continue;
      result = try_answer (one, answer);
      if (result->passed)
        fail_with (kept);
      n_tried++;
    }
  assert_true (n_tried > 0);
}

static void
expect_documented (const char *text, const char *name)
{
  g_autofree char *quoted = g_strdup_printf ("`%s`", name);
  g_autofree char *inner = g_strdup_printf (": %s", name);

  if (strstr (text, quoted) != NULL || strstr (text, inner) != NULL)
    return;
  print_message ("# %s is not in AUTHORING.md\n", name);
  fail ();
}

/* What an author can write is in the handbook, all of it. */
static void
the_handbook_names_every_setting (void **state)
{
  g_autofree char *path = g_build_filename (g_getenv ("ROUNDTRIP_LESSONS"), "AUTHORING.md", NULL);
  g_autofree char *text = NULL;
  guint n_kinds, n_common, n_limits, n_tls, n_reactions, n_parties;
  const RtResourceKind *const *kinds = rt_resource_kinds (&n_kinds);
  const RtSetting *common = rt_resource_common_settings (&n_common);
  const RtSetting *limits = rt_server_limits_settings (&n_limits);
  const RtSetting *tls = rt_server_tls_settings (&n_tls);
  const RtCastKind *parties = rt_cast_kinds (&n_parties);
  const RtReactionInfo *reactions = rt_reaction_infos (&n_reactions);

  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < n_kinds; i++)
    {
      expect_documented (text, kinds[i]->name);
      for (guint j = 0; j < kinds[i]->n_settings; j++)
        expect_documented (text, kinds[i]->settings[j].name);
    }
  for (guint i = 0; i < n_parties; i++)
    {
      guint n_named = 0;
      const RtSetting *named = parties[i].named != NULL ? parties[i].named (&n_named) : NULL;

      expect_documented (text, parties[i].name);
      for (guint j = 0; j < n_named; j++)
        expect_documented (text, named[j].name);
    }
  for (guint i = 0; i < n_common; i++)
    expect_documented (text, common[i].name);
  for (guint i = 0; i < n_limits; i++)
    expect_documented (text, limits[i].name);
  for (guint i = 0; i < n_tls; i++)
    expect_documented (text, tls[i].name);
  for (guint i = 0; i < n_reactions; i++)
    expect_documented (text, reactions[i].name);
}

static void
add (GArray *tests, const char *what, const RtLesson *lesson, guint index, CMUnitTestFunction run)
{
  Case *one = g_new0 (Case, 1);
  g_autofree char *folder = g_path_get_dirname (lesson->file);
  struct CMUnitTest test
      = { g_strdup_printf ("%s: %s %u", lesson->name, what, index + 1), run, NULL, NULL, one };

  one->lesson = (RtLesson *)lesson;
  one->index = index;
  one->solution
      = g_strdup_printf ("%s/solutions/%02u-%s.yaml", folder, lesson->number, lesson->name);
  g_array_append_val (tests, test);
}

static void
add_lesson (GArray *tests, const RtLesson *lesson)
{
  for (guint i = 0; i < lesson->runs->len; i++)
    {
      add (tests, "the checks hold in run", lesson, i, a_run_does_what_its_checks_say);
      add (tests, "the log is the same twice in run", lesson, i, a_run_leaves_the_same_log_twice);
      add (tests, "decisions are told in words in run", lesson, i, decisions_are_told_in_words);
    }
  for (guint i = 0; i < lesson->misconceptions->len; i++)
    add (tests, "the counter-example shows what it claims for misconception", lesson, i,
         a_counterexample_shows_what_it_claims);
  for (guint i = 0; i < lesson->predictions->len; i++)
    add (tests, "nothing tells the answer of prediction", lesson, i,
         nothing_of_the_answer_is_seen_before_the_cut);
  for (guint i = 0; i < lesson->notes->len; i++)
    add (tests, "bytes bear the author's note", lesson, i, an_authors_note_hangs_on_bytes);
  if (lesson->challenge == NULL)
    return;
  add (tests, "the starter fails the symptom probes and no other, challenge", lesson, 0,
       the_starter_shows_the_symptom_and_nothing_else);
  add (tests, "the solution passes all of challenge", lesson, 0, the_solution_passes_all);
  add (tests, "no line of the solution can be left out of challenge", lesson, 0,
       each_line_of_the_solution_counts);
}

static void
clear_test (gpointer data)
{
  struct CMUnitTest *test = data;
  Case *one = test->initial_state;

  g_free ((char *)test->name);
  if (one != NULL)
    g_free (one->solution);
  g_free (one);
}

int
main (void)
{
  g_autoptr (GPtrArray) broken = NULL;
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (&broken);
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
  struct CMUnitTest handbook = { g_strdup ("the handbook names every setting"),
                                 the_handbook_names_every_setting, NULL, NULL, NULL };

  g_array_set_clear_func (tests, clear_test);
  for (guint i = 0; i < broken->len; i++)
    print_message ("Bail out! %s\n", (const char *)broken->pdata[i]);
  for (guint i = 0; i < lessons->len; i++)
    add_lesson (tests, lessons->pdata[i]);
  if (broken->len > 0 || tests->len == 0)
    return 1;
  g_array_append_val (tests, handbook);
  return _cmocka_run_group_tests ("lessons", (const struct CMUnitTest *)(gpointer)tests->data,
                                  tests->len, NULL, NULL);
}
