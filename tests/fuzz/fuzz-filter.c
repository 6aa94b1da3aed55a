/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whatever is typed into the filter, it is a filter or an error that names its place, it matches or
 * not, and what is offered at any place of it stands within the text. */
#include "filter-rows.h"
#include "rt-filter.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static RtAnalysis *
get_analysis (void)
{
  static RtAnalysis *analysis = NULL;
  static Builder b;

  if (analysis == NULL)
    {
      b = build_log ();
      build_filtered (&b);
      analysis = build_analysis (&b, G_MAXUINT64);
    }
  return analysis;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtFilter) filter = rt_filter_new (text, &error);
  gsize length = strlen (text);

  g_assert_true ((filter == NULL) == (error != NULL));
  if (filter != NULL)
    {
      g_assert_true (rt_filter_get_n_terms (filter) <= RT_FILTER_TERMS_MAX);
      for (guint i = 1; i <= 7; i++)
        rt_filter_matches (filter, get_analysis (), rt_analysis_get_exchange (get_analysis (), i),
                           RT_FILTER_MARKED);
    }
  for (gsize cursor = 0; cursor <= MIN (length, 200); cursor++)
    {
      g_autoptr (GPtrArray) found = rt_filter_complete (text, cursor, NULL, NULL);

      for (guint i = 0; i < found->len; i++)
        {
          const RtFilterCompletion *completion = found->pdata[i];

          g_assert_true (completion->start <= cursor && cursor <= completion->end);
          g_assert_true (completion->end <= length);
        }
    }
  return 0;
}
