/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secondary keys, RFC 9111 §4.1. Two values match if one can be turned into the other without
 * changing what it means: by white space, by combining lines, and, where the field is one whose
 * grammar we know, by the order and case of its members. No key is stored: the values are walked
 * side by side, which needs no memory. */
#include "rt-cache-vary.h"

#include "rt-elements.h"
#include "rt-negotiation.h"

/* clang-format off */
const RtClause rt_vary_star = { "cache.vary.star", "Vary is not *, which matches nothing", "RFC 9111 §4.1", RT_LEVEL_MUST };
const RtClause rt_vary_count = { "cache.vary.count", "Vary names no more fields than a server could mean", "RFC 9110 §17.5", RT_LEVEL_MAY };
const RtClause rt_vary_field = { "cache.vary.field", "a field that Vary names is equal in the request that the response was stored for", "RFC 9111 §4.1", RT_LEVEL_MUST };
const RtClause rt_vary_language = { "cache.vary.language", "Accept-Language differs, but the stored language is the one that it likes best", "RFC 9111 §4.1", RT_LEVEL_MAY };
/* clang-format on */

static gboolean
equal_in_order (RtText name, RtFields *a, RtFields *b)
{
  RtElements left = rt_elements_of (a, name);
  RtElements right = rt_elements_of (b, name);
  RtText x, y;
  gboolean more_left, more_right;

  for (;;)
    {
      more_left = rt_elements_next (&left, &x);
      more_right = rt_elements_next (&right, &y);
      if (!more_left || !more_right)
        return more_left == more_right;
      if (!rt_text_equal (x, y))
        return FALSE;
    }
}

static gboolean
accept_kind (RtText name, RtAccept *ret_accept)
{
  static const struct
  {
    const char *name;
    RtAccept accept;
  } kinds[] = {
    { "Accept", RT_ACCEPT_MEDIA },
    { "Accept-Language", RT_ACCEPT_LANGUAGE },
    { "Accept-Encoding", RT_ACCEPT_ENCODING },
    { "Accept-Charset", RT_ACCEPT_CHARSET },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (rt_text_is_nocase (name, kinds[i].name))
      {
        *ret_accept = kinds[i].accept;
        return TRUE;
      }
  return FALSE;
}

/* FALSE if there are too many, or one that follows no grammar: then nothing is known of them. */
static gboolean
read_preferences (
    RtText name, RtFields *fields, RtAccept accept, RtPreference *ret_list, guint *ret_n)
{
  const RtField *line;
  guint at = 0;

  *ret_n = 0;
  while ((line = rt_fields_next_of (fields, name, &at)) != NULL)
    {
      RtText rest = line->value;
      RtPreference p;

      while (rt_accept_next (&rest, accept, &p))
        {
          if (p.malformed || *ret_n == RT_VARY_MEMBERS_MAX)
            return FALSE;
          ret_list[(*ret_n)++] = p;
        }
    }
  return TRUE;
}

/* Parameter by parameter, so that the white space around them does not count. */
static gboolean
parameters_equal (RtText a, RtText b)
{
  RtParameter x, y;
  gboolean more_a, more_b;

  for (;;)
    {
      more_a = rt_parameter_next (&a, &x);
      more_b = rt_parameter_next (&b, &y);
      if (!more_a || !more_b)
        return more_a == more_b;
      if (!rt_text_equal (x.whole, y.whole))
        return FALSE;
    }
}

static gboolean
preference_equal (const RtPreference *a, const RtPreference *b)
{
  return a->quality == b->quality && rt_text_equal_nocase (a->range, b->range)
         && parameters_equal (a->parameters, b->parameters);
}

/* As many of each on both sides. Taken ones are marked in a bit set. */
static gboolean
equal_in_any_order (const RtPreference *a, guint n_a, const RtPreference *b, guint n_b)
{
  guint64 taken = 0;

  G_STATIC_ASSERT (RT_VARY_MEMBERS_MAX <= 64);
  if (n_a != n_b)
    return FALSE;
  for (guint i = 0; i < n_a; i++)
    {
      guint j = 0;

      while (j < n_b && ((taken >> j & 1) != 0 || !preference_equal (&a[i], &b[j])))
        j++;
      if (j == n_b)
        return FALSE;
      taken |= G_GUINT64_CONSTANT (1) << j;
    }
  return TRUE;
}

/**
 * rt_selecting_equal:
 * @name: a field name
 * @a, @b: the fields of two requests
 *
 * Returns: whether both have the field, with values that mean the same, or neither has it
 */
gboolean
rt_selecting_equal (RtText name, RtFields *a, RtFields *b)
{
  RtPreference left[RT_VARY_MEMBERS_MAX], right[RT_VARY_MEMBERS_MAX];
  guint n_left, n_right, at_a = 0, at_b = 0;
  RtAccept accept;
  gboolean in_a = rt_fields_next_of (a, name, &at_a) != NULL;
  gboolean in_b = rt_fields_next_of (b, name, &at_b) != NULL;

  if (!in_a || !in_b)
    return in_a == in_b;
  if (equal_in_order (name, a, b))
    return TRUE;
  return accept_kind (name, &accept) && read_preferences (name, a, accept, left, &n_left)
         && read_preferences (name, b, accept, right, &n_right)
         && equal_in_any_order (left, n_left, right, n_right);
}

/* The one language of the stored response is liked better than any other that is named: the server
 * that has it would choose it again (§4.1: the ranking of a field "MAY be used to choose"). */
static gboolean
language_is_best (const RtCachePolicy *policy, RtMessage *request, RtText name)
{
  const RtField *stored = rt_fields_first (policy->response->fields, "Content-Language");
  RtPreference list[RT_VARY_MEMBERS_MAX];
  guint n;
  guint best = 0, best_other = 0;

  if (!policy->settings.ranks_language || !rt_text_is_nocase (name, "Accept-Language")
      || stored == NULL || rt_fields_count (policy->response->fields, "Content-Language") != 1
      || !read_preferences (name, request->fields, RT_ACCEPT_LANGUAGE, list, &n))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (rt_text_equal_nocase (list[i].range, stored->value))
      best = MAX (best, list[i].quality);
    else
      best_other = MAX (best_other, list[i].quality);
  return best > best_other;
}

static void
add_named_lines (RtEvidence *evidence, RtFields *fields, RtText name, const char *fact)
{
  const RtField *line;
  guint at = 0;

  while ((line = rt_fields_next_of (fields, name, &at)) != NULL)
    rt_evidence_add (evidence, rt_fact_field (fact, line));
}

static gboolean
check_field (const RtCachePolicy *policy,
             RtMessage *request,
             const RtField *vary,
             RtText name,
             gboolean holds,
             RtDecision *why)
{
  RtEvidence evidence;

  if (why == NULL)
    return holds;
  evidence.n = 0;
  rt_evidence_add (&evidence, rt_fact_part ("Vary", vary, name));
  add_named_lines (&evidence, policy->selecting, name, "stored for");
  add_named_lines (&evidence, request->fields, name, "request");
  return rt_check_evidence (why, &rt_vary_field, holds, &evidence);
}

static gboolean
check_language (const RtCachePolicy *policy, RtMessage *request, RtText name, RtDecision *why)
{
  RtFields *fields = policy->response->fields;

  if (!language_is_best (policy, request, name))
    return FALSE;
  return rt_check (why, &rt_vary_language, TRUE,
                   rt_fact_field ("Content-Language", rt_fields_first (fields, "Content-Language")),
                   rt_fact_field ("request", rt_fields_first (request->fields, "Accept-Language")));
}

/**
 * rt_cache_vary_matches:
 * @policy: of a stored response
 * @request: the request that it might answer
 * @why: (nullable): a decision that was begun
 *
 * Part of rules that select a stored response.
 *
 * Returns: whether every field that Vary names matches
 */
gboolean
rt_cache_vary_matches (const RtCachePolicy *policy, RtMessage *request, RtDecision *why)
{
  RtFields *fields = policy->response->fields;
  RtElements vary = rt_elements (fields, "Vary");
  RtText name;
  guint n = 0;

  while (rt_elements_next (&vary, &name))
    {
      if (rt_text_is (name, "*"))
        return rt_check (why, &rt_vary_star, FALSE, rt_fact_part ("Vary", vary.field, name));
      if (++n > RT_VARY_NAMES_MAX)
        return rt_check_lines (why, &rt_vary_count, FALSE, fields, "Vary");
      if (!check_field (policy, request, vary.field, name,
                        rt_selecting_equal (name, policy->selecting, request->fields), why)
          && !check_language (policy, request, name, why))
        return FALSE;
    }
  return TRUE;
}
