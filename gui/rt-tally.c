/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What was entered is kept in order, so that it can be taken back step by step: first what is being
 * typed, digit by digit, then what was entered last. */
#include "rt-tally.h"

typedef struct
{
  guint option, count;
} Entry;

/* @typed: digits: the option's, then those of the count */
struct _RtTally
{
  guint n_options;
  GArray *entries; /* Entry */
  GString *typed;
};

/** rt_tally_new: @n_options: at most 9 can be voted for */
RtTally *
rt_tally_new (guint n_options)
{
  RtTally *tally = g_new (RtTally, 1);

  tally->n_options = MIN (n_options, 9);
  tally->entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  tally->typed = g_string_new (NULL);
  return tally;
}

void
rt_tally_free (RtTally *tally)
{
  g_array_unref (tally->entries);
  g_string_free (tally->typed, TRUE);
  g_free (tally);
}

/**
 * rt_tally_type:
 * @digit: 0 to 9: first that of an option, from 1, then those of a count
 *
 * Returns: whether it was taken
 */
gboolean
rt_tally_type (RtTally *tally, guint digit)
{
  if (digit > 9 || (tally->typed->len == 0 && (digit == 0 || digit > tally->n_options)))
    return FALSE;
  if (tally->typed->len > 0
      && g_ascii_strtoull (tally->typed->str + 1, NULL, 10) * 10 + digit > RT_TALLY_MAX_VOTES)
    return FALSE;
  g_string_append_c (tally->typed, (char)('0' + digit));
  return TRUE;
}

/**
 * rt_tally_enter:
 *
 * Counts what was typed; an option alone is one vote.
 *
 * Returns: whether anything was typed
 */
gboolean
rt_tally_enter (RtTally *tally)
{
  Entry entry;

  if (tally->typed->len == 0)
    return FALSE;
  entry.option = (guint)(tally->typed->str[0] - '1');
  entry.count
      = tally->typed->len > 1 ? (guint)g_ascii_strtoull (tally->typed->str + 1, NULL, 10) : 1;
  g_array_append_val (tally->entries, entry);
  g_string_truncate (tally->typed, 0);
  return TRUE;
}

/**
 * rt_tally_take_back:
 *
 * Returns: whether there was anything to take back
 */
gboolean
rt_tally_take_back (RtTally *tally)
{
  if (tally->typed->len > 0)
    {
      g_string_truncate (tally->typed, tally->typed->len - 1);
      return TRUE;
    }
  if (tally->entries->len == 0)
    return FALSE;
  g_array_set_size (tally->entries, tally->entries->len - 1);
  return TRUE;
}

/** rt_tally_get_votes: @option: from 0 */
guint
rt_tally_get_votes (const RtTally *tally, guint option)
{
  guint votes = 0;

  for (guint i = 0; i < tally->entries->len; i++)
    if (g_array_index (tally->entries, Entry, i).option == option)
      votes += g_array_index (tally->entries, Entry, i).count;
  return votes;
}

guint
rt_tally_get_total (const RtTally *tally)
{
  guint total = 0;

  for (guint i = 0; i < tally->n_options; i++)
    total += rt_tally_get_votes (tally, i);
  return total;
}

/** rt_tally_get_leading: Returns: a bit for the option with the most votes; 0: nobody voted */
guint
rt_tally_get_leading (const RtTally *tally)
{
  guint leading = 0, most = 0;

  for (guint i = 0; i < tally->n_options; i++)
    if (rt_tally_get_votes (tally, i) > most)
      {
        most = rt_tally_get_votes (tally, i);
        leading = 1u << i;
      }
  return leading;
}

/** rt_tally_dup_typed: Returns: (transfer full): `2: 14`, as far as it was typed; empty: nothing */
char *
rt_tally_dup_typed (const RtTally *tally)
{
  return tally->typed->len > 0
             ? g_strdup_printf ("%c: %s_", tally->typed->str[0], tally->typed->str + 1)
             : g_strdup ("");
}
