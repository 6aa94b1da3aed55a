/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Proactive negotiation, RFC 9110 §12. A representation is as good as the product of what the
 * client thinks of its type, its language and its coding; of equally good ones the server's first
 * is sent. */
#include "rt-negotiate.h"

#include "rt-evidence.h"

/* clang-format off */
static const RtClause stated = { "negotiate.stated", "the request states a preference", "RFC 9110 §12.1", RT_LEVEL_MAY };
static const RtClause acceptable = { "negotiate.acceptable", "a representation is acceptable in type, language and coding", "RFC 9110 §12.5", RT_LEVEL_SHOULD };
static const RtClause lenient = { "negotiate.lenient", "where none is, the server disregards the wishes rather than answer 406", "RFC 9110 §12.1", RT_LEVEL_MAY };
static const RtClause first = { "negotiate.first", "the one liked best is the server's first", "RFC 9110 §12.5", RT_LEVEL_SHOULD };

static const RtClause *const clauses[] = { &stated, &acceptable, &lenient, &first };
/* clang-format on */

const RtRule rt_rule_negotiate = RT_RULE (
    "negotiate", "Which representation does the client like best?", "RFC 9110 §12", clauses);

static const char *const fields[] = {
  [RT_ACCEPT_MEDIA] = "Accept",
  [RT_ACCEPT_LANGUAGE] = "Accept-Language",
  [RT_ACCEPT_ENCODING] = "Accept-Encoding",
};

static RtText
trait (const RtVariant *variant, RtAccept accept)
{
  switch (accept)
    {
    case RT_ACCEPT_MEDIA:
      return variant->type;
    case RT_ACCEPT_LANGUAGE:
      return variant->language;
    case RT_ACCEPT_ENCODING:
    case RT_ACCEPT_CHARSET:
    default:
      return variant->coding.length > 0 ? variant->coding : RT_TEXT ("identity");
    }
}

/* How the request likes @candidate, over all lines of the field: the most specific match counts.
 * Without the field anything goes; an empty one says nothing, but for Accept-Encoding, where it
 * says "identity" alone (§12.5.3). */
static guint
quality_of (RtMessage *request, RtAccept accept, RtText candidate)
{
  RtAcceptMatch best = { 0 };
  const RtField *field;
  guint at = 0;
  gboolean any = FALSE;

  while ((field = rt_fields_next (request->fields, fields[accept], &at)) != NULL)
    {
      RtAcceptMatch match;

      if (field->value.length == 0 && accept != RT_ACCEPT_ENCODING)
        continue;
      match = rt_accept_match (field->value, accept, candidate);
      if (!any || match.specificity > best.specificity
          || (match.by.whole.length > 0 && best.by.whole.length == 0))
        best = match;
      any = TRUE;
    }
  return any ? best.quality : RT_QVALUE_MAX;
}

/* In 10^-9; 0: not acceptable. */
static guint64
rate (RtMessage *request, const RtVariant *variant)
{
  guint64 rating = 1;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      RtText value = trait (variant, (RtAccept)i);

      rating *= value.length > 0 ? quality_of (request, (RtAccept)i, value) : RT_QVALUE_MAX;
    }
  return rating;
}

static guint
find_best (RtMessage *request, const RtVariant *variants, guint n, guint64 *ret_rating)
{
  guint best = 0;

  *ret_rating = 0;
  for (guint i = 0; i < n; i++)
    {
      guint64 rating = rate (request, &variants[i]);

      if (rating > *ret_rating)
        {
          *ret_rating = rating;
          best = i;
        }
    }
  return best;
}

/* §12.5.5: a field matters if the representations differ in what it is about. */
static gboolean
differ (const RtVariant *variants, guint n, RtAccept accept)
{
  for (guint i = 1; i < n; i++)
    if (!rt_text_equal_nocase (trait (&variants[i], accept), trait (&variants[0], accept)))
      return TRUE;
  return FALSE;
}

static gboolean
check_fields (RtMessage *request, const RtClause *clause, gboolean holds, RtDecision *why)
{
  RtEvidence evidence;

  if (why == NULL)
    return holds;
  evidence.n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    rt_evidence_add_lines (&evidence, request->fields, fields[i]);
  return rt_check_evidence (why, clause, holds, &evidence);
}

static gboolean
states_preference (RtMessage *request)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (rt_fields_first (request->fields, fields[i]) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * rt_negotiate_decide:
 * @request: the request
 * @variants: (array length=n_variants): what there is, the server's favourite first
 * @n_variants: at least one
 * @strict: where nothing is acceptable, 406 is the answer
 * @why: (nullable): receives the explanation
 *
 * Returns: which to send, and what Vary has to say
 */
RtNegotiation
rt_negotiate_decide (RtMessage *request,
                     const RtVariant *variants,
                     guint n_variants,
                     gboolean strict,
                     RtDecision *why)
{
  RtNegotiation out = {
    .vary_type = differ (variants, n_variants, RT_ACCEPT_MEDIA),
    .vary_language = differ (variants, n_variants, RT_ACCEPT_LANGUAGE),
    .vary_coding = differ (variants, n_variants, RT_ACCEPT_ENCODING),
  };
  guint64 rating;

  rt_decision_begin (why, &rt_rule_negotiate, request->target);
  if (check_fields (request, &stated, states_preference (request), why))
    {
      out.chosen = find_best (request, variants, n_variants, &rating);
      if (check_fields (request, &acceptable, rating > 0, why))
        check_fields (request, &first, out.chosen == 0, why);
      else
        out.verdict = rt_check (why, &lenient, !strict) ? RT_NEGOTIATION_DEFAULT
                                                        : RT_NEGOTIATION_NOT_ACCEPTABLE;
    }
  rt_decision_conclude (why, rt_negotiation_name (out.verdict));
  return out;
}

/**
 * rt_negotiation_name:
 * @verdict: a verdict
 *
 * Returns: the word that decisions and `roundtrip rule` have for it
 */
const char *
rt_negotiation_name (RtNegotiationVerdict verdict)
{
  static const char *const names[] = { "chosen", "default", "406" };

  return names[MIN ((guint)verdict, G_N_ELEMENTS (names) - 1)];
}

/**
 * rt_negotiation_vary:
 * @negotiation: a result
 *
 * Returns: (transfer full) (nullable): the value of Vary; %NULL where nothing was negotiated
 */
char *
rt_negotiation_vary (const RtNegotiation *negotiation)
{
  const char *names[4];
  guint n = 0;

  if (negotiation->vary_type)
    names[n++] = "Accept";
  if (negotiation->vary_language)
    names[n++] = "Accept-Language";
  if (negotiation->vary_coding)
    names[n++] = "Accept-Encoding";
  names[n] = NULL;
  return n > 0 ? g_strjoinv (", ", (char **)names) : NULL;
}
