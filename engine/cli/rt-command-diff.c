/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip diff`: two recordings beside each other, exchange by exchange. */
#include "rt-commands.h"

#include "rt-alignment.h"
#include "rt-compared.h"
#include "rt-json.h"
#include "rt-traffic.h"

#include <stdio.h>

/* What it returns, as diff(1) does. */
#define EXIT_SAME 0
#define EXIT_DIFFERENT 1
#define EXIT_TROUBLE 2

/* What was asked for. */
typedef struct
{
  char *left_run, *right_run;
  char **ignore;
  gboolean exact, json;
} Options;

/* What was found, in all runs. */
typedef struct
{
  const Options *options;
  RtComparisonOptions comparison;
  guint same, different, left, right, moved;
  char *first; /* the first difference, in words */
  JsonArray *runs;
} Finding;

static char *
dup_title (const RtAlignedPair *pair, const RtExchange *any)
{
  g_autofree char *request = rt_compared_dup_request (any);

  if (pair->right == 0)
    return g_strdup_printf ("exchange %u of the left alone: %s", pair->left, request);
  if (pair->left == 0)
    return g_strdup_printf ("exchange %u of the right alone: %s", pair->right, request);
  return g_strdup_printf ("exchange %u and %u%s: %s", pair->left, pair->right,
                          pair->moved ? ", in another order" : "", request);
}

/* JSON */

static JsonObject *
pair_to_json (const RtAlignedPair *pair, const RtExchange *any, RtComparison *comparison)
{
  g_autofree char *request = rt_compared_dup_request (any);
  JsonObject *out = json_object_new ();

  if (pair->left != 0)
    json_object_set_int_member (out, "left", pair->left);
  if (pair->right != 0)
    json_object_set_int_member (out, "right", pair->right);
  json_object_set_string_member (out, "request", request);
  json_object_set_boolean_member (out, "moved", pair->moved);
  json_object_set_array_member (out, "differences",
                                rt_compared_to_json (comparison, RT_COMPARED_ALL));
  return out;
}

/* Pairs */

static void
note_first (Finding *self, const char *title, RtComparison *comparison)
{
  const RtComparedItem *item = comparison != NULL ? rt_comparison_get_first (comparison) : NULL;
  g_autofree char *name = item != NULL ? rt_compared_item_dup_name (item) : NULL;
  g_autofree char *text = item != NULL ? rt_compared_item_dup_text (item) : NULL;

  if (self->first == NULL)
    self->first
        = item != NULL ? g_strdup_printf ("%s: %s: %s", title, name, text) : g_strdup (title);
}

/* Whether the pair differs. */
static gboolean
count_pair (Finding *self, const RtAlignedPair *pair, RtComparison *comparison)
{
  gboolean differs = comparison == NULL || rt_comparison_count_differences (comparison) > 0;

  if (pair->left == 0)
    self->right++;
  else if (pair->right == 0)
    self->left++;
  else if (differs)
    self->different++;
  else
    self->same++;
  if (pair->moved)
    self->moved++;
  return differs || pair->moved;
}

static void
compare_pair (
    Finding *self, RtAnalysis *left, RtAnalysis *right, const RtAlignedPair *pair, JsonArray *out)
{
  const RtExchange *l = rt_analysis_get_exchange (left, pair->left);
  const RtExchange *r = rt_analysis_get_exchange (right, pair->right);
  const RtExchange *any = l != NULL ? l : r;
  g_autoptr (RtComparison) comparison
      = l != NULL && r != NULL ? rt_comparison_new (left, l, right, r, &self->comparison) : NULL;
  g_autofree char *title = dup_title (pair, any);

  if (count_pair (self, pair, comparison))
    {
      note_first (self, title, comparison);
      if (!self->options->json)
        printf ("%s\n", title);
      if (!self->options->json && comparison != NULL)
        rt_compared_print (comparison, RT_COMPARED_ALL);
    }
  if (self->options->json)
    json_array_add_object_element (out, pair_to_json (pair, any, comparison));
}

/* Runs */

static void
compare_runs (Finding *self, const RtTrafficRun *left, const RtTrafficRun *right, gboolean named)
{
  g_autoptr (GArray) pairs = rt_alignment_new (left->analysis, right->analysis);
  JsonObject *run = self->options->json ? json_object_new () : NULL;
  JsonArray *out = run != NULL ? json_array_new () : NULL;

  if (named && run == NULL)
    printf ("Run “%s” and run “%s”\n", left->name, right->name);
  for (guint i = 0; i < pairs->len; i++)
    compare_pair (self, left->analysis, right->analysis, &g_array_index (pairs, RtAlignedPair, i),
                  out);
  if (run == NULL)
    return;
  json_object_set_string_member (run, "left", left->name);
  json_object_set_string_member (run, "right", right->name);
  json_object_set_array_member (run, "exchanges", out);
  json_array_add_object_element (self->runs, run);
}

static void
note_lone_run (Finding *self, const RtTrafficRun *run, const char *side)
{
  g_autofree char *title = g_strdup_printf ("run “%s” of the %s alone", run->name, side);

  self->different++;
  note_first (self, title, NULL);
  if (!self->options->json)
    printf ("%s\n", title);
}

static const RtTrafficRun *
find_run (GPtrArray *runs, const char *name)
{
  for (guint i = 0; i < runs->len; i++)
    if (g_str_equal (((RtTrafficRun *)runs->pdata[i])->name, name))
      return runs->pdata[i];
  return NULL;
}

/* Runs of the same name; where each side has one alone, these. */
static void
compare_all (Finding *self, GPtrArray *left, GPtrArray *right)
{
  if (left->len == 1 && right->len == 1)
    {
      compare_runs (self, left->pdata[0], right->pdata[0], FALSE);
      return;
    }
  for (guint i = 0; i < left->len; i++)
    {
      const RtTrafficRun *run = left->pdata[i];
      const RtTrafficRun *other = find_run (right, run->name);

      if (other != NULL)
        compare_runs (self, run, other, TRUE);
      else
        note_lone_run (self, run, "left");
    }
  for (guint i = 0; i < right->len; i++)
    if (find_run (left, ((RtTrafficRun *)right->pdata[i])->name) == NULL)
      note_lone_run (self, right->pdata[i], "right");
}

/* The run that was asked for alone, or all of them. */
static GPtrArray *
pick_runs (RtTraffic *traffic, const char *name, GError **error)
{
  GPtrArray *runs = rt_traffic_get_runs (traffic, error);
  const RtTrafficRun *run;
  GPtrArray *picked;

  if (runs == NULL || name == NULL)
    return runs != NULL ? g_ptr_array_ref (runs) : NULL;
  run = rt_traffic_find_run (traffic, name, error);
  if (run == NULL)
    return NULL;
  picked = g_ptr_array_new ();
  g_ptr_array_add (picked, (gpointer)run);
  return picked;
}

/* The whole */

static gboolean
is_same (const Finding *self)
{
  return self->first == NULL;
}

static void
print_json (Finding *self)
{
  JsonObject *document = json_object_new ();

  json_object_set_boolean_member (document, "same", is_same (self));
  if (self->first != NULL)
    json_object_set_string_member (document, "first", self->first);
  json_object_set_int_member (document, "n_same", self->same);
  json_object_set_int_member (document, "n_different", self->different);
  json_object_set_int_member (document, "n_left", self->left);
  json_object_set_int_member (document, "n_right", self->right);
  json_object_set_int_member (document, "n_moved", self->moved);
  json_object_set_array_member (document, "runs", g_steal_pointer (&self->runs));
  rt_json_print (document);
}

static void
print_summary (const Finding *self)
{
  if (is_same (self))
    {
      printf ("No difference in %u exchange%s.\n", self->same, self->same == 1 ? "" : "s");
      return;
    }
  printf ("\nThe first difference: %s\n", self->first);
  printf ("%u the same, %u different, %u of the left alone, %u of the right alone, %u in another "
          "order.\n",
          self->same, self->different, self->left, self->right, self->moved);
}

static int
fail (const GError *error)
{
  rt_cli_fail (error);
  return EXIT_TROUBLE;
}

static int
diff (const char *left_name, const char *right_name, const Options *options)
{
  static const char *const usual[] = { "Date", NULL };
  Finding finding = { .options = options };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtTraffic) left = rt_traffic_open_or_play (left_name, &error);
  g_autoptr (RtTraffic) right = left != NULL ? rt_traffic_open_or_play (right_name, &error) : NULL;
  g_autoptr (GPtrArray) left_runs
      = right != NULL ? pick_runs (left, options->left_run, &error) : NULL;
  g_autoptr (GPtrArray) right_runs
      = left_runs != NULL ? pick_runs (right, options->right_run, &error) : NULL;
  int status;

  if (right_runs == NULL)
    return fail (error);
  if (options->ignore != NULL)
    finding.comparison.ignore = (const char *const *)options->ignore;
  else if (!options->exact)
    finding.comparison.ignore = usual;
  finding.runs = options->json ? json_array_new () : NULL;
  compare_all (&finding, left_runs, right_runs);
  status = is_same (&finding) ? EXIT_SAME : EXIT_DIFFERENT;
  if (options->json)
    print_json (&finding);
  else
    print_summary (&finding);
  g_free (finding.first);
  /* What could not be read was not compared. */
  return rt_traffic_is_whole (left) && rt_traffic_is_whole (right) ? status : EXIT_TROUBLE;
}

static int
run (int argc, char **argv)
{
  g_autofree char *run_name = NULL;
  g_autofree char *left_run = NULL;
  g_autofree char *right_run = NULL;
  g_auto (GStrv) ignore = NULL;
  Options wanted = { 0 };
  const GOptionEntry options[] = {
    { "run", 0, 0, G_OPTION_ARG_STRING, &run_name, "Only this run of both", "NAME" },
    { "left", 0, 0, G_OPTION_ARG_STRING, &left_run, "Only this run of the left", "NAME" },
    { "right", 0, 0, G_OPTION_ARG_STRING, &right_run, "Only this run of the right", "NAME" },
    { "ignore", 0, 0, G_OPTION_ARG_STRING_ARRAY, &ignore,
      "Do not compare this field; Date, where none is named", "FIELD" },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &wanted.exact, "Compare Date, too", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &wanted.json, "One JSON document", NULL },
    { NULL },
  };
  int status;

  if (!rt_cli_parse (&rt_command_diff, options, &argc, &argv, &status))
    return status;
  if (argc != 3)
    return rt_cli_usage (&rt_command_diff, "it takes two recordings");
  if (wanted.exact && ignore != NULL)
    return rt_cli_usage (&rt_command_diff, "--exact and --ignore exclude each other");
  wanted.left_run = left_run != NULL ? left_run : run_name;
  wanted.right_run = right_run != NULL ? right_run : run_name;
  wanted.ignore = ignore;
  return diff (argv[1], argv[2], &wanted);
}

const RtCommand rt_command_diff = {
  "diff",
  "A B [--json] [--run NAME] [--ignore FIELD]…",
  "Compare two recordings or lessons, exchange by exchange",
  run,
};
