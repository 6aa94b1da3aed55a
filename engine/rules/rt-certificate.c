/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The certificate rule. Signatures are for the TLS library to prove; what a client makes of the
 * result, of the dates and of the names is decided here, by the scenario's clock. */
#include "rt-certificate.h"

#include "rt-address.h"

#include <string.h>

/* clang-format off */
static const RtClause is_checked = { "certificate.checked", "the client checks certificates", "RFC 9110 §4.3.4", RT_LEVEL_MUST };
static const RtClause by_other = { "certificate.issuer", "somebody else vouches for the server", "RFC 5280 §6.1", RT_LEVEL_MUST };
static const RtClause is_trusted = { "certificate.trusted", "signature by signature it leads to an authority that is trusted", "RFC 5280 §6.1", RT_LEVEL_MUST };
static const RtClause for_servers = { "certificate.purpose", "it may be shown by servers", "RFC 5280 §4.2.1.12", RT_LEVEL_MUST };
static const RtClause has_begun = { "certificate.from", "its time has come", "RFC 5280 §6.1.3", RT_LEVEL_MUST };
static const RtClause not_over = { "certificate.until", "… and is not over", "RFC 5280 §6.1.3", RT_LEVEL_MUST };
static const RtClause by_name = { "certificate.name", "one of its names is the host's", "RFC 9525 §6.3", RT_LEVEL_MUST };

static const RtClause *const clauses[] = {
  &is_checked, &by_other, &is_trusted, &for_servers, &has_begun, &not_over, &by_name,
};
/* clang-format on */

const RtRule rt_rule_certificate
    = RT_RULE ("certificate", "Is the server who it says it is?", "RFC 9110 §4.3.4", clauses);

static RtText
without_dot (RtText name)
{
  if (name.length > 1 && name.at[name.length - 1] == '.')
    name.length--;
  return name;
}

static RtText
without_brackets (RtText host)
{
  if (host.length > 2 && host.at[0] == '[' && host.at[host.length - 1] == ']')
    return rt_text_sub (host, 1, host.length - 2);
  return host;
}

static gboolean
is_address (RtText host)
{
  guint32 ipv4;

  return rt_ipv4_parse (host, &ipv4) || rt_text_find (host, RT_TEXT (":")) >= 0;
}

/* IPv6 addresses can be written in many ways. */
static gboolean
same_address (RtText name, RtText host)
{
  RtIpv6 a, b;

  return rt_ipv6_parse (name, &a) && rt_ipv6_parse (host, &b) && memcmp (&a, &b, sizeof a) == 0;
}

/* RFC 9525 §6.3: a wildcard is the whole left-most label and stands for one label. */
static gboolean
wildcard_matches (RtText name, RtText host)
{
  gssize dot = rt_text_find (host, RT_TEXT ("."));
  RtText rest = rt_text_sub (name, 1, name.length - 1);

  return dot > 0 && rt_text_find (rest, RT_TEXT ("*")) < 0
         && rt_text_equal_nocase (rest, rt_text_sub (host, (gsize)dot, host.length - (gsize)dot));
}

/**
 * rt_certificate_name_matches:
 * @name: of a certificate
 * @host: as the URL has it
 *
 * Source: RFC 9525 §6.3 and §6.4: names are compared without case, addresses as they are.
 *
 * Returns: whether the one means the other
 */
gboolean
rt_certificate_name_matches (RtText name, RtText host)
{
  host = without_brackets (without_dot (host));
  name = without_dot (name);
  if (rt_text_starts_with (name, RT_TEXT ("*.")) && !is_address (host))
    return wildcard_matches (name, host);
  return host.length > 0 && (rt_text_equal_nocase (name, host) || same_address (name, host));
}

static gboolean
any_name_matches (const RtCertificate *certificate, RtText host)
{
  for (guint i = 0; i < certificate->n_names; i++)
    if (rt_certificate_name_matches (certificate->names[i], host))
      return TRUE;
  return FALSE;
}

static char *
list_names (const RtCertificate *certificate)
{
  GString *list = g_string_new (NULL);

  for (guint i = 0; i < certificate->n_names; i++)
    g_string_append_printf (list, "%s%.*s", i > 0 ? ", " : "", (int)certificate->names[i].length,
                            certificate->names[i].at);
  return g_string_free (list, FALSE);
}

static RtCertificateVerdict
check_dates (const RtCertificate *certificate, RtTime now, RtDecision *why)
{
  g_autofree char *from = why != NULL ? rt_time_format (certificate->from) : NULL;
  g_autofree char *until = why != NULL ? rt_time_format (certificate->until) : NULL;
  g_autofree char *clock = why != NULL ? rt_time_format (now) : NULL;
  RtFact at = why != NULL ? rt_fact_text ("now", rt_text (clock), RT_SPAN_NONE) : (RtFact){ NULL };

  if (!rt_check (why, &has_begun, now >= certificate->from, at,
                 rt_fact_text ("valid from", rt_text (from), RT_SPAN_NONE)))
    return RT_CERTIFICATE_NOT_YET;
  /* RFC 5280 §4.1.2.5: through notAfter, inclusive; it counts whole seconds. */
  if (!rt_check (why, &not_over, now < certificate->until + RT_TIME_SEC, at,
                 rt_fact_text ("valid until", rt_text (until), RT_SPAN_NONE)))
    return RT_CERTIFICATE_EXPIRED;
  return RT_CERTIFICATE_ACCEPTED;
}

static RtCertificateVerdict
decide (
    const RtCertificate *certificate, RtText host, gboolean checking, RtTime now, RtDecision *why)
{
  g_autofree char *names = why != NULL ? list_names (certificate) : NULL;
  RtCertificateVerdict dates;

  if (!rt_check (why, &is_checked, checking))
    return RT_CERTIFICATE_UNCHECKED;
  if (!rt_check (why, &by_other, !certificate->self_signed || certificate->trusted))
    return RT_CERTIFICATE_SELF_SIGNED;
  if (!rt_check (why, &is_trusted, certificate->trusted))
    return RT_CERTIFICATE_UNTRUSTED;
  if (!rt_check (why, &for_servers, !certificate->other_purpose))
    return RT_CERTIFICATE_WRONG_PURPOSE;
  dates = check_dates (certificate, now, why);
  if (dates != RT_CERTIFICATE_ACCEPTED)
    return dates;
  if (!rt_check (why, &by_name, any_name_matches (certificate, host),
                 rt_fact_text ("host", host, RT_SPAN_NONE),
                 rt_fact_text ("names", rt_text (names), RT_SPAN_NONE)))
    return RT_CERTIFICATE_WRONG_NAME;
  return RT_CERTIFICATE_ACCEPTED;
}

/**
 * rt_certificate_verdict_name:
 * @verdict: a verdict
 *
 * Returns: as decisions have it: `accept`, `wrong-name`
 */
const char *
rt_certificate_verdict_name (RtCertificateVerdict verdict)
{
  static const char *const names[]
      = { "accept",        "unchecked", "self-signed", "untrusted",
          "not-yet-valid", "expired",   "wrong-name",  "wrong-purpose" };

  return names[verdict];
}

/**
 * rt_certificate_decide:
 * @certificate: what the server showed
 * @host: who it should be, as the URL has it
 * @checking: whether the client checks certificates at all
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `accept`, `unchecked`, `self-signed`, `untrusted`,
 *   `wrong-purpose`, `not-yet-valid`, `expired` or `wrong-name`
 *
 * Returns: what a client makes of it; with one but the first two it must not go on
 */
RtCertificateVerdict
rt_certificate_decide (
    const RtCertificate *certificate, RtText host, gboolean checking, RtTime now, RtDecision *why)
{
  RtCertificateVerdict verdict;

  rt_decision_begin (why, &rt_rule_certificate, host);
  verdict = decide (certificate, host, checking, now, why);
  rt_decision_conclude (why, rt_certificate_verdict_name (verdict));
  return verdict;
}
