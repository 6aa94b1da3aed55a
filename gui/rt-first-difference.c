/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pair by pair, as the exchanges are aligned, until one differs. Dates are left out: what happens a
 * moment later is not another thing. */
#include "rt-first-difference.h"

#include "rt-alignment.h"
#include "rt-comparison.h"

#include <glib/gi18n.h>

void
rt_first_difference_clear (RtFirstDifference *difference)
{
  g_clear_pointer (&difference->words, g_free);
}

static char *
request_words (RtAnalysis *analysis, guint id)
{
  const RtExchange *exchange = rt_analysis_get_exchange (analysis, id);
  g_autofree char *method = NULL, *target = NULL;

  if (exchange->request == NULL || !exchange->request->has_head)
    return g_strdup (_ ("a response"));
  method = rt_text_escape (exchange->request->message->method);
  target = rt_text_escape (exchange->request->message->target);
  return g_strdup_printf ("%s %s", method, target);
}

static void
tell_missing (RtAnalysis *analysis, guint id, gboolean on_left, RtFirstDifference *ret)
{
  g_autofree char *request = request_words (analysis, id);

  ret->request = TRUE;
  ret->words = g_strdup_printf (on_left ? _ ("%s: only on the left") : _ ("%s: only on the right"),
                                request);
}

/* Of what is on one side alone there is one value to show. */
static char *
item_words (const RtComparedItem *item)
{
  g_autofree char *name = rt_compared_item_dup_name (item);
  g_autofree char *left = rt_text_escape (item->left);
  g_autofree char *right = rt_text_escape (item->right);

  switch (item->difference)
    {
    case RT_DIFFERENCE_LEFT:
      return g_strdup_printf (_ ("%s: only on the left"), name);
    case RT_DIFFERENCE_RIGHT:
      return g_strdup_printf (_ ("%s: only on the right"), name);
    default:
      return item->part == RT_PART_CONTENT || *left == '\0'
                 ? g_strdup_printf (_ ("%s differs"), name)
                 : g_strdup_printf (_ ("%s: %s on the left, %s on the right"), name, left, right);
    }
}

static gboolean
differs (RtAnalysis *left, RtAnalysis *right, const RtAlignedPair *pair, RtFirstDifference *ret)
{
  static const char *const ignored[] = { "Date", NULL };
  RtComparisonOptions options = { .ignore = ignored };
  g_autoptr (RtComparison) comparison = NULL;
  const RtComparedItem *first;
  g_autofree char *request = NULL, *item = NULL;

  ret->left = pair->left;
  ret->right = pair->right;
  if (pair->left == 0 || pair->right == 0)
    {
      tell_missing (pair->left != 0 ? left : right, MAX (pair->left, pair->right), pair->left != 0,
                    ret);
      return TRUE;
    }
  comparison = rt_comparison_new (left, rt_analysis_get_exchange (left, pair->left), right,
                                  rt_analysis_get_exchange (right, pair->right), &options);
  first = rt_comparison_get_first (comparison);
  if (first == NULL)
    return FALSE;
  ret->request = first->message == RT_COMPARED_REQUEST;
  request = request_words (left, pair->left);
  item = item_words (first);
  ret->words = g_strdup_printf ("%s, %s", request, item);
  return TRUE;
}

/**
 * rt_first_difference_find:
 * @left, @right: as far as they may be seen
 * @ret_difference: (out): untouched where there is none
 *
 * Returns: whether anything differs
 */
gboolean
rt_first_difference_find (RtAnalysis *left, RtAnalysis *right, RtFirstDifference *ret_difference)
{
  g_autoptr (GArray) pairs = rt_alignment_new (left, right);

  for (guint i = 0; i < pairs->len; i++)
    {
      RtFirstDifference found = { 0 };

      if (differs (left, right, &g_array_index (pairs, RtAlignedPair, i), &found))
        {
          *ret_difference = found;
          return TRUE;
        }
    }
  return FALSE;
}
