/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Proactive negotiation: what the Accept fields say of a candidate. Which representation is then
 * served, and what is served where none is acceptable, is for the rules. */
#include "rt-negotiation.h"

#include "rt-media-type.h"

/* Specificity of a media range: a step outweighs any number of parameters. */
#define SPECIFICITY_STEP 100

static gboolean
is_wildcard (RtText text)
{
  return rt_text_is (text, "*");
}

/* The parameters before the weight are the range's own, those behind it are extensions that mean
 * nothing any more (RFC 9110 §12.5.1). */
static gboolean
take_weight (RtPreference *preference, RtText parameters)
{
  RtText rest = parameters;
  RtParameter p;

  preference->parameters = parameters;
  for (guint n = 0; rt_parameter_next (&rest, &p); n++)
    {
      if (p.kind == RT_PARAMETER_MALFORMED || n == RT_PARAMETERS_MAX)
        return FALSE;
      if (!rt_text_is_nocase (p.name, "q"))
        continue;
      preference->parameters.length = (gsize)(p.whole.at - parameters.at);
      preference->weight = p.value;
      return p.kind == RT_PARAMETER_TOKEN && rt_qvalue_parse (p.value, &preference->quality);
    }
  return TRUE;
}

static gboolean
is_media_range (RtText range)
{
  RtText rest = range;
  RtText type = rt_take_token (&rest);

  return type.length > 0 && rt_take_char (&rest, '/') && rt_text_is_token (rest)
         && (!is_wildcard (type) || is_wildcard (rest));
}

/**
 * rt_accept_next:
 * @rest: (inout): cursor; starts as the field value
 * @accept: which field it is
 * @ret_preference: (out): the next element, perhaps a malformed one
 *
 * Returns: %FALSE at the end
 */
gboolean
rt_accept_next (RtText *rest, RtAccept accept, RtPreference *ret_preference)
{
  RtText element, parameters;
  RtPreference preference = { .quality = RT_QVALUE_MAX };
  gboolean good;

  if (!rt_list_next (rest, &element))
    return FALSE;
  preference.whole = parameters = element;
  preference.range = rt_text_trim (rt_take_until (&parameters, ";"));
  good = accept == RT_ACCEPT_MEDIA ? is_media_range (preference.range)
                                   : rt_text_is_token (preference.range);
  preference.malformed = !take_weight (&preference, parameters) || !good;
  *ret_preference = preference;
  return TRUE;
}

/* The value of a parameter as media types compare it: without case, escapes resolved on both sides.
 * Case matters for some parameters, which one is up to the type: without knowing it, more matches
 * are better than fewer. */
static gboolean
same_value (const RtParameter *a, const RtParameter *b)
{
  g_autofree char *unescaped = NULL;

  if (a->kind != RT_PARAMETER_QUOTED)
    return rt_parameter_equal (b, a->value, TRUE);
  if (b->kind != RT_PARAMETER_QUOTED)
    return rt_parameter_equal (a, b->value, TRUE);
  unescaped = rt_parameter_dup_value (a);
  return rt_parameter_equal (b, rt_text (unescaped), TRUE);
}

static gboolean
find_named (RtText parameters, RtText name, RtParameter *ret_parameter)
{
  while (rt_parameter_next (&parameters, ret_parameter))
    if (rt_text_equal_nocase (ret_parameter->name, name))
      return TRUE;
  return FALSE;
}

/* How many parameters @wanted has, or -1 where @candidate lacks one of them. Of two with the same
 * name the first counts. */
static int
count_parameters (RtText candidate, RtText wanted)
{
  RtText rest = wanted;
  RtParameter p, first, has;
  int n = 0;

  while (rt_parameter_next (&rest, &p))
    {
      find_named (wanted, p.name, &first);
      if (first.whole.at != p.whole.at)
        continue;
      if (!find_named (candidate, p.name, &has) || !same_value (&has, &p))
        return -1;
      n++;
    }
  return n;
}

static int
match_media (const RtPreference *preference, RtText candidate)
{
  RtMediaType type;
  RtText subtype = preference->range;
  RtText main_type = rt_take_until (&subtype, "/");
  int steps, n;

  rt_take_char (&subtype, '/');
  if (!rt_media_type_parse (candidate, &type))
    return -1;
  if (is_wildcard (main_type))
    steps = 0;
  else if (!rt_text_equal_nocase (main_type, type.type))
    return -1;
  else if (is_wildcard (subtype))
    steps = 1;
  else if (!rt_text_equal_nocase (subtype, type.subtype))
    return -1;
  else
    steps = 2;
  n = count_parameters (type.parameters, preference->parameters);
  return n < 0 ? -1 : steps * SPECIFICITY_STEP + MIN (n, SPECIFICITY_STEP - 1);
}

/* Whether @prefix is @tag up to a "-". */
static gboolean
is_language_prefix (RtText prefix, RtText tag)
{
  return tag.length > prefix.length && tag.at[prefix.length] == '-'
         && rt_text_equal_nocase (prefix, rt_text_sub (tag, 0, prefix.length));
}

/* Basic filtering (RFC 4647 §3.3.1: "en" matches en-GB), and below an exact match what lookup would
 * fall back to (§3.4: "en-GB" is content with en). */
static int
match_language (RtText range, RtText tag)
{
  if (rt_text_equal_nocase (range, tag))
    return 3;
  if (is_language_prefix (tag, range))
    return 2;
  if (is_language_prefix (range, tag))
    return 1;
  return is_wildcard (range) ? 0 : -1;
}

static int
match_token (RtText range, RtText token)
{
  if (rt_text_equal_nocase (range, token))
    return 1;
  return is_wildcard (range) ? 0 : -1;
}

/**
 * rt_preference_match:
 * @preference: an element
 * @accept: the field it is of
 * @candidate: a media type, a language tag, a content coding, a charset
 *
 * Returns: how specifically it describes @candidate, 0 for a wildcard; -1 where it does not match
 * or is malformed
 */
int
rt_preference_match (const RtPreference *preference, RtAccept accept, RtText candidate)
{
  if (preference->malformed)
    return -1;
  if (accept == RT_ACCEPT_MEDIA)
    return match_media (preference, candidate);
  if (accept == RT_ACCEPT_LANGUAGE)
    return match_language (preference->range, candidate);
  return match_token (preference->range, candidate);
}

/* "identity" is acceptable as long as nothing excludes it (RFC 9110 §12.5.3), and then the least
 * wanted of all. */
static RtAcceptMatch
implicit_identity (RtText value)
{
  RtAcceptMatch match = { .quality = RT_QVALUE_MAX, .specificity = 0 };
  RtPreference preference;

  while (rt_accept_next (&value, RT_ACCEPT_ENCODING, &preference))
    {
      if (preference.quality > 0)
        match.quality = MIN (match.quality, preference.quality);
      match.order++;
    }
  return match;
}

/**
 * rt_accept_match:
 * @value: the field value; several lines are combined before
 * @accept: which field it is
 * @candidate: what could be served
 *
 * The most specific preference decides (RFC 9110 §12.5.1); of equally specific ones the one with
 * the higher quality, then the later one.
 *
 * Returns: what the field says of @candidate
 */
RtAcceptMatch
rt_accept_match (RtText value, RtAccept accept, RtText candidate)
{
  RtText rest = value;
  RtAcceptMatch best = { .specificity = -1 };
  RtPreference preference;

  for (guint order = 0; rt_accept_next (&rest, accept, &preference); order++)
    {
      int specificity = rt_preference_match (&preference, accept, candidate);

      if (specificity < 0 || specificity < best.specificity
          || (specificity == best.specificity && preference.quality < best.quality))
        continue;
      best = (RtAcceptMatch){ preference.quality, specificity, order, preference };
    }
  if (best.specificity < 0 && accept == RT_ACCEPT_ENCODING
      && rt_text_is_nocase (candidate, "identity"))
    return implicit_identity (value);
  return best;
}

/* Whether @a is wanted more than @b: by quality, by specificity, by the field's order. */
static gboolean
is_better (const RtAcceptMatch *a, const RtAcceptMatch *b)
{
  if (a->quality != b->quality)
    return a->quality > b->quality;
  if (a->specificity != b->specificity)
    return a->specificity > b->specificity;
  return a->order < b->order;
}

/**
 * rt_accept_rank:
 * @value: the field value
 * @accept: which field it is
 * @candidates: (array length=n_candidates): what could be served, in the server's order
 * @matches: (array length=n_candidates): filled: what the field says of each
 * @ret_order: (array length=n_candidates): filled: indexes of the acceptable ones, the best first;
 *   among equals the server's order counts
 *
 * Returns: how many are acceptable
 */
guint
rt_accept_rank (RtText value,
                RtAccept accept,
                const RtText *candidates,
                guint n_candidates,
                RtAcceptMatch *matches,
                guint *ret_order)
{
  guint n = 0;

  for (guint i = 0; i < n_candidates; i++)
    {
      guint at = n;

      matches[i] = rt_accept_match (value, accept, candidates[i]);
      if (matches[i].quality == 0)
        continue;
      for (; at > 0 && is_better (&matches[i], &matches[ret_order[at - 1]]); at--)
        ret_order[at] = ret_order[at - 1];
      ret_order[at] = i;
      n++;
    }
  return n;
}
