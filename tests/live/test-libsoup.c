/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every lesson with libsoup's connections at one end: as its clients, then as its origins. What
 * crosses is compared with the simulated network, element by element, and each difference has to be
 * one of the known ones. A known one that does not occur any more fails as well. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-comparison.h"
#include "rt-lesson-library.h"
#include "rt-scenario.h"

#include <libsoup/soup.h>
#include <string.h>

#include "libsoup-deviations.inc"

/* Time is real: what takes longer in the lesson's own time is not waited for. */
#define LONGEST (1500 * RT_TIME_MSEC)
/* Longer than any step of the others takes that ends at all. */
#define PATIENCE (2 * RT_TIME_SEC)

/* Which of the known ones have occurred. */
static gboolean seen[G_N_ELEMENTS (deviations)];
static gboolean failed_as_known[G_N_ELEMENTS (failures)];

/* A run of a lesson with one kind of its parties on libsoup. */
typedef struct
{
  const RtLesson *lesson;
  const RtScenario *run;
  const char *kind;
} Case;

/* Values that are a moment or an age, or have one in them: tokens. */
static const char *const left_out[] = {
  "Authorization", "Date", "Last-Modified", "Expires", "If-Modified-Since", "If-Unmodified-Since",
  "Age",           NULL
};

static void
fail_with (const char *message)
{
  print_message ("# %s\n", message);
  fail ();
}

/* What differs. */

static gboolean
is_like (const char *pattern, const char *text)
{
  return pattern == NULL || g_pattern_match_simple (pattern, text);
}

static char *
dup_side (RtText text, RtDifference difference, RtDifference absent_where)
{
  return difference == absent_where ? g_strdup ("(absent)") : rt_text_dup (text);
}

static char *
describe_run (const Case *one)
{
  return g_strdup_printf ("%s, run %s, %s", one->lesson->name, one->run->name, one->kind);
}

/* Notes that something differs; whether that is known. */
static gboolean
is_known (const Case *one, const char *what, const char *ours, const char *theirs)
{
  g_autofree char *where = describe_run (one);
  gboolean known = FALSE;

  for (gsize i = 0; i < G_N_ELEMENTS (deviations); i++)
    {
      const Deviation *row = &deviations[i];

      if ((row->kind != NULL && !g_str_equal (row->kind, one->kind))
          || !is_like (row->lesson, one->lesson->name) || !is_like (row->what, what)
          || !is_like (row->ours, ours) || !is_like (row->theirs, theirs))
        continue;
      seen[i] = known = TRUE;
    }
  if (!known)
    print_message ("# %s: %s: ours “%s”, libsoup's “%s”\n", where, what, ours, theirs);
  return known;
}

static gboolean
is_item_known (const Case *one, const RtComparedItem *item)
{
  g_autofree char *what = rt_compared_item_dup_name (item);
  g_autofree char *ours = dup_side (item->left, item->difference, RT_DIFFERENCE_RIGHT);
  g_autofree char *theirs = dup_side (item->right, item->difference, RT_DIFFERENCE_LEFT);

  if (item->part == RT_PART_CONTENT && *ours == '\0')
    {
      g_free (g_steal_pointer (&ours));
      g_free (g_steal_pointer (&theirs));
      ours = g_strdup_printf ("%" G_GUINT64_FORMAT " B", item->left_length);
      theirs = g_strdup_printf ("%" G_GUINT64_FORMAT " B", item->right_length);
    }
  return is_known (one, what, ours, theirs);
}

/* Exchanges beside each other. */

static const char *
name_of (RtPlay *play, RtPartyId id)
{
  const RtPartyInfo *info = rt_analysis_get_party (rt_play_get_analysis (play), id);

  return info != NULL ? info->name : "?";
}

/* Who asks whom for what. */
static char *
dup_key (RtPlay *play, const RtExchange *exchange)
{
  const RtMessage *request = exchange->request != NULL && exchange->request->has_head
                                 ? exchange->request->message
                                 : NULL;

  return g_strdup_printf (
      "%s %s %.*s", name_of (play, exchange->client), name_of (play, exchange->server),
      request != NULL ? (int)request->target.length : 0, request != NULL ? request->target.at : "");
}

/* The @n-th exchange of that key, from 0. */
static const RtExchange *
find_exchange (RtPlay *play, const char *key, guint n)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (rt_play_get_analysis (play));

  for (guint i = 0; i < exchanges->len; i++)
    {
      g_autofree char *other = dup_key (play, exchanges->pdata[i]);

      if (g_str_equal (other, key) && n-- == 0)
        return exchanges->pdata[i];
    }
  return NULL;
}

static gboolean
compare (
    const Case *one, RtPlay *ours, const RtExchange *left, RtPlay *theirs, const RtExchange *right)
{
  const RtComparisonOptions options = { .ignore = left_out };
  g_autoptr (RtComparison) comparison = rt_comparison_new (
      rt_play_get_analysis (ours), left, rt_play_get_analysis (theirs), right, &options);
  gboolean known = TRUE;

  for (guint i = 0; i < rt_comparison_get_length (comparison); i++)
    {
      const RtComparedItem *item = rt_comparison_get (comparison, i);

      if (rt_compared_item_differs (item))
        known = is_item_known (one, item) && known;
    }
  return known;
}

/* Each exchange of @a with its fellow of @b, and none too many. */
static gboolean
compare_all (const Case *one, RtPlay *ours, RtPlay *theirs)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (rt_play_get_analysis (ours));
  guint n_theirs = rt_analysis_get_exchanges (rt_play_get_analysis (theirs))->len;
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *number = g_strdup_printf ("%u", exchanges->len);
  g_autofree char *their_number = g_strdup_printf ("%u", n_theirs);
  gboolean known = exchanges->len == n_theirs || is_known (one, "exchanges", number, their_number);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *left = exchanges->pdata[i];
      char *key = dup_key (ours, left);
      guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key));
      const RtExchange *right = find_exchange (theirs, key, n);

      if (right != NULL)
        known = compare (one, ours, left, theirs, right) && known;
      else
        known = is_known (one, "exchange", key, "(absent)") && known;
      g_hash_table_insert (counts, key, GUINT_TO_POINTER (n + 1));
    }
  return known;
}

/* The lesson's own checks. */
static gboolean
check_results (const Case *one, RtPlay *play)
{
  GPtrArray *results = rt_play_get_results (play);
  gboolean all_known = TRUE;

  for (guint i = 0; i < results->len; i++)
    {
      const RtCheckResult *result = results->pdata[i];
      gboolean known = result->holds || result->skipped;

      for (gsize j = 0; !known && j < G_N_ELEMENTS (failures); j++)
        if (is_like (failures[j].kind, one->kind)
            && g_str_equal (failures[j].lesson, one->lesson->name)
            && is_like (failures[j].check, result->step->title))
          known = failed_as_known[j] = TRUE;
      if (!known)
        print_message ("# %s\n", result->message);
      all_known = all_known && known;
    }
  return all_known;
}

static RtTime
get_duration (RtPlay *play)
{
  RtAnalysis *analysis = rt_play_get_analysis (play);

  return rt_analysis_get_end (analysis) - rt_analysis_get_start (analysis);
}

/* The parties of the case that are libsoup's, up to %NULL. */
static GPtrArray *
list_parties (const Case *one)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < one->lesson->cast->len; i++)
    {
      const RtCast *cast = one->lesson->cast->pdata[i];

      if (g_str_equal (cast->kind, one->kind))
        g_ptr_array_add (names, cast->name);
    }
  g_ptr_array_add (names, NULL);
  return names;
}

static void
differs_only_as_known (void **state)
{
  const Case *one = *state;
  g_autoptr (GPtrArray) names = list_parties (one);
  RtPlayground ground = { .driver = RT_PLAY_LIVE, .patience = PATIENCE };
  RtPlayOptions options = { .ground = &ground };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtPlay) ours = NULL, theirs = NULL;
  gboolean known;

  ground.libsoup = (const char *const *)names->pdata;
  ours = rt_play_new (one->lesson, one->run, NULL, &error);
  assert_non_null (ours);
  theirs = rt_play_new (one->lesson, one->run, &options, &error);
  if (theirs == NULL)
    fail_with (error->message);
  known = compare_all (one, ours, theirs);
  known = check_results (one, theirs) && known;
  assert_true (known);
}

static void
what_is_known_still_occurs (void **state)
{
  gboolean all = TRUE;

  print_message ("# libsoup %u.%u.%u; the known deviations are of %s\n", soup_get_major_version (),
                 soup_get_minor_version (), soup_get_micro_version (), LIBSOUP_VERSION);
  for (gsize i = 0; i < G_N_ELEMENTS (deviations); i++)
    if (!seen[i] && !deviations[i].sometimes)
      {
        print_message ("# does not occur any more: %s: %s: %s\n", deviations[i].lesson,
                       deviations[i].what, deviations[i].why);
        all = FALSE;
      }
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    if (!failed_as_known[i] && !failures[i].sometimes)
      {
        print_message ("# holds now: %s: %s: %s\n", failures[i].kind, failures[i].lesson,
                       failures[i].check);
        all = FALSE;
      }
  assert_true (all);
}

static gboolean
has_kind (const RtLesson *lesson, const char *kind)
{
  for (guint i = 0; i < lesson->cast->len; i++)
    if (g_str_equal (((const RtCast *)lesson->cast->pdata[i])->kind, kind))
      return TRUE;
  return FALSE;
}

/* Whether a run can be played with libsoup, and how long it takes is to be waited for. */
static gboolean
is_played (const Case *one)
{
  g_autoptr (RtPlay) play = NULL;
  g_autoptr (GPtrArray) names = list_parties (one);
  const RtPlayground ground
      = { .driver = RT_PLAY_LIVE, .libsoup = (const char *const *)names->pdata };
  g_autofree char *obstacle = rt_playground_dup_obstacle (&ground, one->lesson, one->run);

  if (obstacle != NULL)
    return FALSE;
  play = rt_play_new (one->lesson, one->run, NULL, NULL);
  return play != NULL && get_duration (play) <= LONGEST;
}

static void
add (GArray *tests, const RtLesson *lesson, guint run, const char *kind)
{
  Case *one = g_new0 (Case, 1);
  struct CMUnitTest test = { NULL, differs_only_as_known, NULL, NULL, one };

  *one = (Case){ lesson, lesson->runs->pdata[run], kind };
  if (!is_played (one))
    {
      g_free (one);
      return;
    }
  test.name
      = g_strdup_printf ("%s: run %s with each %s on libsoup", lesson->name, one->run->name, kind);
  g_array_append_val (tests, test);
}

/* For the table of lessons and actors. */
static void
list (GArray *tests)
{
  for (guint i = 0; i < tests->len; i++)
    {
      const struct CMUnitTest *test = &g_array_index (tests, struct CMUnitTest, i);
      const Case *one = test->initial_state;

      if (one != NULL)
        g_print ("%s\tlibsoup %s\t%s\n", one->lesson->name, one->kind, test->name);
    }
}

static void
clear_test (gpointer data)
{
  struct CMUnitTest *test = data;

  g_free ((char *)test->name);
  g_free (test->initial_state);
}

int
main (int argc, char **argv)
{
  static const char *const kinds[] = { "client", "origin" };
  g_autoptr (GPtrArray) lessons = rt_lesson_library_list (NULL);
  g_autoptr (GArray) tests = g_array_new (FALSE, FALSE, sizeof (struct CMUnitTest));
  struct CMUnitTest last = { g_strdup ("what is known still occurs"), what_is_known_still_occurs };

  g_array_set_clear_func (tests, clear_test);
  for (guint i = 0; i < lessons->len; i++)
    for (gsize k = 0; k < G_N_ELEMENTS (kinds); k++)
      for (guint j = 0; has_kind (lessons->pdata[i], kinds[k])
                        && j < ((const RtLesson *)lessons->pdata[i])->runs->len;
           j++)
        add (tests, lessons->pdata[i], j, kinds[k]);
  g_array_append_val (tests, last);
  if (argc > 1 && g_str_equal (argv[1], "--list"))
    {
      list (tests);
      return 0;
    }
  return _cmocka_run_group_tests ("libsoup", (const struct CMUnitTest *)(gpointer)tests->data,
                                  tests->len, NULL, NULL);
}
