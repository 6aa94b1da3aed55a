/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HTTP Strict Transport Security. The first visit is not protected: what was not heard yet cannot
 * be obeyed. And what is heard without TLS is not believed, or anybody on the way could say it. */
#include "rt-hsts.h"

#include "rt-address.h"
#include "rt-evidence.h"
#include "rt-list.h"

static const char field_name[] = "Strict-Transport-Security";

typedef struct
{
  char *host; /* lower case, without a trailing dot */
  RtTime expires;
  gboolean subdomains;
} Known;

struct _RtHsts
{
  GArray *hosts; /* Known, noted longest ago first */
};

/* clang-format off */
static const RtClause is_said = { "hsts.note.present", "the response has Strict-Transport-Security", "RFC 6797 §6.1", RT_LEVEL_MAY };
static const RtClause over_tls = { "hsts.note.secure", "it came over TLS", "RFC 6797 §8.1", RT_LEVEL_MUST };
static const RtClause is_trusted = { "hsts.note.trusted", "… without any complaint about the certificate", "RFC 6797 §8.1", RT_LEVEL_MUST };
static const RtClause by_name = { "hsts.note.name", "the host is a name, not an address", "RFC 6797 §8.1.1", RT_LEVEL_MUST };
static const RtClause is_valid = { "hsts.note.valid", "the first such field has one max-age, and no directive twice", "RFC 6797 §6.1", RT_LEVEL_MUST };
static const RtClause is_kept = { "hsts.note.max-age", "max-age is more than 0: the host wants to be remembered", "RFC 6797 §6.1.1", RT_LEVEL_MUST };

static const RtClause *const note_clauses[] = {
  &is_said, &over_tls, &is_trusted, &by_name, &is_valid, &is_kept,
};

static const RtClause asks_by_name = { "hsts.upgrade.name", "the host is a name, not an address", "RFC 6797 §8.3", RT_LEVEL_MUST };
static const RtClause is_known = { "hsts.upgrade.known", "the host, or one above it that speaks for the names below, is known", "RFC 6797 §8.2", RT_LEVEL_MUST };
static const RtClause not_expired = { "hsts.upgrade.expired", "that has not expired", "RFC 6797 §8.1.1", RT_LEVEL_MUST };

static const RtClause *const upgrade_clauses[] = { &asks_by_name, &is_known, &not_expired };
/* clang-format on */

const RtRule rt_rule_hsts_note = RT_RULE (
    "hsts.note", "Is the host's wish for TLS remembered?", "RFC 6797 §8.1", note_clauses);
const RtRule rt_rule_hsts_upgrade = RT_RULE ("hsts.upgrade",
                                             "Is http turned into https before anything is sent?",
                                             "RFC 6797 §8.3",
                                             upgrade_clauses);

/* The next directive between semicolons; empty ones are passed over (RFC 6797 §6.1). */
static gboolean
next_directive (RtText *rest, RtText *ret_directive)
{
  while (rest->length > 0)
    {
      RtText start = *rest;

      while (rest->length > 0 && rt_peek (*rest) != ';')
        {
          RtText quoted;

          if (rt_peek (*rest) != '"' || !rt_take_quoted (rest, &quoted))
            rt_skip (rest, 1);
        }
      *ret_directive = rt_text_trim (rt_taken (start, *rest));
      rt_take_char (rest, ';');
      if (ret_directive->length > 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
parse_max_age (const RtParameter *parameter, RtTime *ret_age)
{
  guint64 seconds;

  /* The value may be quoted; digits need no unescaping. */
  if (parameter->kind == RT_PARAMETER_FLAG || !rt_text_to_uint64 (parameter->value, &seconds))
    return FALSE;
  *ret_age = (RtTime)MIN (seconds, G_MAXINT32) * RT_TIME_SEC;
  return TRUE;
}

/**
 * rt_hsts_parse:
 * @value: of a Strict-Transport-Security field
 * @ret_policy: (out): untouched on failure
 *
 * Source: RFC 6797 §6.1. Unknown directives are ignored.
 *
 * Returns: whether it is valid
 */
gboolean
rt_hsts_parse (RtText value, RtHstsPolicy *ret_policy)
{
  RtHstsPolicy policy = { 0 };
  gboolean has_age = FALSE;
  RtText rest = value;
  RtText directive;

  while (next_directive (&rest, &directive))
    {
      RtParameter parameter = rt_parameter_parse (directive);

      if (parameter.kind == RT_PARAMETER_MALFORMED)
        return FALSE;
      if (rt_text_is_nocase (parameter.name, "max-age"))
        {
          if (has_age || !parse_max_age (&parameter, &policy.max_age))
            return FALSE;
          has_age = TRUE;
        }
      else if (rt_text_is_nocase (parameter.name, "includeSubDomains"))
        {
          if (policy.subdomains || parameter.kind != RT_PARAMETER_FLAG)
            return FALSE;
          policy.subdomains = TRUE;
        }
    }
  if (!has_age)
    return FALSE;
  *ret_policy = policy;
  return TRUE;
}

static void
clear_known (gpointer known)
{
  g_free (((Known *)known)->host);
}

/**
 * rt_hsts_new:
 *
 * Returns: (transfer full): knows no host
 */
RtHsts *
rt_hsts_new (void)
{
  RtHsts *hsts = g_new (RtHsts, 1);

  hsts->hosts = g_array_new (FALSE, FALSE, sizeof (Known));
  g_array_set_clear_func (hsts->hosts, clear_known);
  return hsts;
}

void
rt_hsts_free (RtHsts *hsts)
{
  g_array_unref (hsts->hosts);
  g_free (hsts);
}

static RtText
without_dot (RtText host)
{
  if (host.length > 1 && host.at[host.length - 1] == '.')
    host.length--;
  return host;
}

static gboolean
is_name (RtText host)
{
  guint32 address;

  return host.length > 0 && host.at[0] != '[' && !rt_ipv4_parse (host, &address);
}

/* Whether @known speaks for @host: it is the host itself or a name above that includes it. */
static gboolean
speaks_for (const Known *known, RtText host, gboolean exactly)
{
  RtText name = rt_text (known->host);
  gsize above = host.length - name.length;

  if (rt_text_equal_nocase (host, name))
    return TRUE;
  return !exactly && known->subdomains && host.length > name.length + 1 && host.at[above - 1] == '.'
         && rt_text_equal_nocase (rt_text_sub (host, above, name.length), name);
}

/* One that holds still, if there is any: the host's own may have expired and its parent's not. */
static const Known *
find (RtHsts *hsts, RtText host, gboolean exactly, RtTime now)
{
  const Known *expired = NULL;

  for (guint i = 0; i < hsts->hosts->len; i++)
    {
      const Known *known = &g_array_index (hsts->hosts, Known, i);

      if (!speaks_for (known, host, exactly))
        continue;
      if (known->expires > now)
        return known;
      expired = known;
    }
  return expired;
}

static void
forget (RtHsts *hsts, RtText host)
{
  const Known *known = find (hsts, host, TRUE, RT_TIME_NEVER);

  if (known != NULL)
    g_array_remove_index (hsts->hosts, (guint)(known - (const Known *)(gpointer)hsts->hosts->data));
}

static void
keep (RtHsts *hsts, RtText host, const RtHstsPolicy *policy, RtTime now)
{
  Known known = { g_ascii_strdown (host.at, (gssize)host.length), now + policy->max_age,
                  policy->subdomains };

  forget (hsts, host);
  if (hsts->hosts->len >= RT_HSTS_HOSTS_MAX)
    g_array_remove_index (hsts->hosts, 0);
  g_array_append_val (hsts->hosts, known);
}

static RtHstsNote
note (RtHsts *hsts,
      RtText host,
      gboolean secure,
      gboolean trusted,
      RtMessage *response,
      RtTime now,
      RtDecision *why)
{
  const RtField *field = rt_fields_first (response->fields, field_name);
  RtFact said = rt_fact_field (field_name, field);
  RtHstsPolicy policy = { 0 };

  if (!rt_check (why, &is_said, field != NULL) || !rt_check (why, &over_tls, secure, said)
      || !rt_check (why, &is_trusted, trusted, said)
      || !rt_check (why, &by_name, is_name (host), rt_fact_text ("host", host, RT_SPAN_NONE), said)
      || !rt_check (why, &is_valid, rt_hsts_parse (field->value, &policy), said))
    return RT_HSTS_IGNORED;
  if (!rt_check (why, &is_kept, policy.max_age > 0, said))
    {
      forget (hsts, host);
      return RT_HSTS_FORGOTTEN;
    }
  keep (hsts, host, &policy, now);
  return RT_HSTS_NOTED;
}

/**
 * rt_hsts_note_decide:
 * @hsts: what is known; changed by the verdict
 * @host: that answered, as the URL has it
 * @secure: it answered over TLS
 * @trusted: nothing was wrong with its certificate
 * @response: its answer
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `ignored`, `noted` or `forgotten`
 *
 * Returns: what became of it
 */
RtHstsNote
rt_hsts_note_decide (RtHsts *hsts,
                     RtText host,
                     gboolean secure,
                     gboolean trusted,
                     RtMessage *response,
                     RtTime now,
                     RtDecision *why)
{
  static const char *const names[] = { "ignored", "noted", "forgotten" };
  RtHstsNote verdict;

  rt_decision_begin (why, &rt_rule_hsts_note, host);
  verdict = note (hsts, without_dot (host), secure, trusted, response, now, why);
  rt_decision_conclude (why, names[verdict]);
  return verdict;
}

static gboolean
upgrade (RtHsts *hsts, RtText host, RtTime now, RtDecision *why)
{
  RtFact asked = rt_fact_text ("host", host, RT_SPAN_NONE);
  const Known *known;

  if (!rt_check (why, &asks_by_name, is_name (host), asked))
    return FALSE;
  known = find (hsts, host, FALSE, now);
  return rt_check (why, &is_known, known != NULL, asked)
         && rt_check (
             why, &not_expired, known->expires > now,
             rt_fact_text ("known host", rt_text (known->host), RT_SPAN_NONE),
             rt_fact_number ("seconds left", (known->expires - now) / RT_TIME_SEC, RT_SPAN_NONE));
}

/**
 * rt_hsts_upgrade_decide:
 * @hsts: what is known
 * @host: of an http URL
 * @now: the current time
 * @why: (nullable): takes the trace; verdict `upgrade` or `leave`
 *
 * With an upgrade the scheme becomes https, and port 80, if it is named, 443; another port stays
 * (RFC 6797 §8.3).
 *
 * Returns: whether to upgrade
 */
gboolean
rt_hsts_upgrade_decide (RtHsts *hsts, RtText host, RtTime now, RtDecision *why)
{
  gboolean verdict;

  rt_decision_begin (why, &rt_rule_hsts_upgrade, host);
  verdict = upgrade (hsts, without_dot (host), now, why);
  rt_decision_conclude (why, verdict ? "upgrade" : "leave");
  return verdict;
}
