/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints all rules and their clauses for clauses.py: tab-separated lines, `rule` (id, title,
 * reference) followed by its `clause` lines (id, level, reference, title). */
#include "rt-rules.h"

#include <stdio.h>

int
main (void)
{
  guint n;
  const RtRule *const *rules = rt_rules (&n);

  for (guint i = 0; i < n; i++)
    {
      printf ("rule\t%s\t%s\t%s\n", rules[i]->id, rules[i]->title, rules[i]->reference);
      for (guint j = 0; j < rules[i]->n_clauses; j++)
        {
          const RtClause *clause = rules[i]->clauses[j];

          printf ("clause\t%s\t%s\t%s\t%s\n", clause->id, rt_level_name (clause->level),
                  clause->reference, clause->title);
        }
    }
  return 0;
}
