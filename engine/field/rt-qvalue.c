/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Quality values. Three decimals fit an integer, so nothing is ever rounded. */
#include "rt-qvalue.h"

/**
 * rt_qvalue_parse:
 * @text: `0`, `1.000`, `0.5`
 * @ret_thousandths: (out): 0 to 1000; untouched on failure
 *
 * Source: RFC 9110 §12.4.2: at most three decimals, at most 1.
 *
 * Returns: whether it follows the grammar
 */
gboolean
rt_qvalue_parse (RtText text, guint *ret_thousandths)
{
  guint value, unit = 100;

  if (text.length == 0 || text.length > 5 || (text.at[0] != '0' && text.at[0] != '1'))
    return FALSE;
  if (text.length > 1 && text.at[1] != '.')
    return FALSE;
  value = text.at[0] == '1' ? RT_QVALUE_MAX : 0;
  for (gsize i = 2; i < text.length; i++, unit /= 10)
    {
      if (!g_ascii_isdigit (text.at[i]))
        return FALSE;
      value += (guint)(text.at[i] - '0') * unit;
    }
  if (value > RT_QVALUE_MAX)
    return FALSE;
  *ret_thousandths = value;
  return TRUE;
}
