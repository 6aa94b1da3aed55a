/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every lesson on both drivers: its checks hold on real sockets, too, and the exchanges are the
 * same as on the simulated network. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-lesson-library.h"
#include "rt-sameness.h"

/* A run of a lesson, or a counter-example. */
typedef struct
{
  const RtLesson *lesson;
  const RtScenario *run;
  const RtMisconception *misconception;
} Case;

static const RtPlayground live = { .driver = RT_PLAY_LIVE };

static void
fail_with (const char *message)
{
  print_message ("# %s\n", message);
  fail ();
}

static RtPlay *
play (const Case *one, const RtPlayground *ground)
{
  RtPlayOptions options = { .ground = ground };
  g_autoptr (GError) error = NULL;
  RtPlay *out
      = one->misconception != NULL
            ? rt_play_new_counterexample_on (one->lesson, one->misconception, ground, &error)
            : rt_play_new (one->lesson, one->run, &options, &error);

  if (out == NULL)
    fail_with (error->message);
  return out;
}

static void
expect_all_hold (RtPlay *played)
{
  GPtrArray *results = rt_play_get_results (played);

  for (guint i = 0; i < results->len; i++)
    {
      const RtCheckResult *result = results->pdata[i];

      if (!result->holds)
        fail_with (result->message);
    }
}

static void
is_the_same_on_both (void **state)
{
  const Case *one = *state;
  g_autofree char *obstacle = rt_playground_dup_obstacle (&live, one->lesson, one->run);
  g_autoptr (RtPlay) on_sim = NULL, on_live = NULL;
  g_autofree char *difference = NULL;

  if (obstacle != NULL)
    {
      /* Not skipped: that it is refused, with this reason, is what is expected. */
      print_message ("# not on this driver: %s\n", obstacle);
      return;
    }
  on_sim = play (one, NULL);
  on_live = play (one, &live);
  expect_all_hold (on_live);
  difference = rt_sameness_dup_difference (on_sim, on_live);
  if (difference != NULL)
    fail_with (difference);
}

/* Two runs of a lesson that are made to differ do: the comparison can fail. */
static void
a_difference_is_found (void **state)
{
  g_autoptr (RtLesson) lesson = rt_lesson_open ("lost-update", NULL);
  Case one = { lesson, lesson->runs->pdata[0], NULL };
  Case other = { lesson, lesson->runs->pdata[1], NULL };
  g_autoptr (RtPlay) a = play (&one, NULL);
  g_autoptr (RtPlay) b = play (&other, NULL);
  g_autofree char *difference = rt_sameness_dup_difference (a, b);

  assert_non_null (difference);
  print_message ("# %s\n", difference);
}

static void
add (GArray *tests, const RtLesson *lesson, guint run, const RtMisconception *misconception)
{
  Case *one = g_new0 (Case, 1);
  struct CMUnitTest test = { NULL, is_the_same_on_both, NULL, NULL, one };

  *one = (Case){ lesson, lesson->runs->pdata[run], misconception };
  test.name = misconception != NULL
                  ? g_strdup_printf ("%s: the counter-example of %s is the same on both drivers",
                                     lesson->name, misconception->id)
                  : g_strdup_printf ("%s: run %s is the same on both drivers", lesson->name,
                                     one->run->name);
  g_array_append_val (tests, test);
}

static void
clear_test (gpointer data)
{
  struct CMUnitTest *test = data;

  g_free ((char *)test->name);
  g_free (test->initial_state);
}

int
main (void)
{
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (NULL);
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
  struct CMUnitTest finds = { g_strdup ("a difference is found"), a_difference_is_found };

  g_array_set_clear_func (tests, clear_test);
  for (guint i = 0; i < lessons->len; i++)
    {
      const RtLesson *lesson = lessons->pdata[i];

      for (guint j = 0; j < lesson->runs->len; j++)
        add (tests, lesson, j, NULL);
      for (guint j = 0; j < lesson->misconceptions->len; j++)
        {
          const RtMisconception *one = lesson->misconceptions->pdata[j];

          add (tests, lesson, one->run, one);
        }
    }
  g_array_append_val (tests, finds);
  return _cmocka_run_group_tests ("both drivers", (const struct CMUnitTest *)(gpointer)tests->data,
                                  tests->len, NULL, NULL);
}
