/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Forms: pairs between ampersands, url#urlencoded-parsing. */
#include "rt-form.h"

#include "rt-percent.h"

/* What stands between two ampersands, or the end. */
static RtText
take_until (RtText *rest, char end)
{
  const char *at = rest->length > 0 ? memchr (rest->at, end, rest->length) : NULL;
  RtText part = { rest->at, at != NULL ? (gsize)(at - rest->at) : rest->length };

  *rest = at != NULL ? rt_text_sub (*rest, part.length + 1, rest->length - part.length - 1)
                     : RT_TEXT_NONE;
  return part;
}

static GString *
decode (RtText text)
{
  GString *spaced = g_string_new_len (text.at != NULL ? text.at : "", (gssize)text.length);
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < spaced->len; i++)
    if (spaced->str[i] == '+')
      spaced->str[i] = ' ';
  rt_percent_decode (out, (RtText){ spaced->str, spaced->len });
  g_string_free (spaced, TRUE);
  return out;
}

/**
 * rt_form_dup_value:
 * @form: a form, encoded
 * @name: of a control
 *
 * Returns: (transfer full) (nullable): the first value of that name, decoded; %NULL: there is none,
 *   or it is no text
 */
char *
rt_form_dup_value (RtText form, const char *name)
{
  while (form.length > 0)
    {
      RtText value = take_until (&form, '&');
      RtText encoded = take_until (&value, '=');
      GString *decoded = decode (encoded);
      gboolean found = rt_text_is ((RtText){ decoded->str, decoded->len }, name);

      g_string_free (decoded, TRUE);
      if (!found)
        continue;
      decoded = decode (value);
      found = g_utf8_validate (decoded->str, (gssize)decoded->len, NULL);
      return g_string_free (decoded, !found);
    }
  return NULL;
}
