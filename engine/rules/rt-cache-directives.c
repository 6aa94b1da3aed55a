/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading Cache-Control.
 *
 * What RFC 9111 leaves open is settled here, once:
 *
 *   - A directive that comes twice: its first occurrence counts (§4.2.1 allows that). Different
 *     directives that disagree are settled by the rules, the most restrictive one first.
 *   - A number of seconds that is none (`max-age=1.5`, `max-age=-1`, `max-age`): the response is
 *     stale from the start, as §4.2.1 encourages.
 *   - A directive that follows no grammar (`no-store=`, `max-age =60`) counts if it restricts and
 *     not if it permits: to read `no-store` where it was not meant costs a request, to overlook it
 *     costs a secret.
 *   - An argument where none belongs (`no-store=1`, `public="x"`) is ignored and the directive
 *     counts.
 *   - A quoted number (`max-age="60"`) is a number: recipients ought to take both forms (§5.2). */
#include "rt-cache-directives.h"

#include "rt-list.h"

typedef enum
{
  TAKES_NOTHING,
  TAKES_NAMES,
  TAKES_SECONDS,
  MAY_TAKE_SECONDS,
} Takes;

/* clang-format off */
static const struct
{
  const char *name;
  Takes takes;
  gboolean permits;
} kinds[RT_CACHE_N_DIRECTIVES] = {
  [RT_CACHE_NO_STORE] = { "no-store" },
  [RT_CACHE_NO_CACHE] = { "no-cache", TAKES_NAMES },
  [RT_CACHE_NO_TRANSFORM] = { "no-transform" },
  [RT_CACHE_MUST_REVALIDATE] = { "must-revalidate" },
  [RT_CACHE_PROXY_REVALIDATE] = { "proxy-revalidate" },
  [RT_CACHE_MUST_UNDERSTAND] = { "must-understand", .permits = TRUE },
  [RT_CACHE_PRIVATE] = { "private", TAKES_NAMES },
  [RT_CACHE_PUBLIC] = { "public", .permits = TRUE },
  [RT_CACHE_IMMUTABLE] = { "immutable", .permits = TRUE },
  [RT_CACHE_ONLY_IF_CACHED] = { "only-if-cached" },
  [RT_CACHE_MAX_AGE] = { "max-age", TAKES_SECONDS },
  [RT_CACHE_S_MAXAGE] = { "s-maxage", TAKES_SECONDS },
  [RT_CACHE_MAX_STALE] = { "max-stale", MAY_TAKE_SECONDS, TRUE },
  [RT_CACHE_MIN_FRESH] = { "min-fresh", TAKES_SECONDS },
  [RT_CACHE_STALE_WHILE_REVALIDATE] = { "stale-while-revalidate", TAKES_SECONDS, TRUE },
  [RT_CACHE_STALE_IF_ERROR] = { "stale-if-error", TAKES_SECONDS, TRUE },
};
/* clang-format on */

static gboolean
find_kind (RtText name, RtCacheDirective *ret_which)
{
  for (guint i = 0; i < RT_CACHE_N_DIRECTIVES; i++)
    if (rt_text_is_nocase (name, kinds[i].name))
      {
        *ret_which = (RtCacheDirective)i;
        return TRUE;
      }
  return FALSE;
}

/* What a directive's name is, also where what follows it is no grammar. */
static gboolean
recognise (const RtDirective *directive, RtCacheDirective *ret_which)
{
  RtText rest = directive->whole;

  return find_kind (directive->name.length > 0 ? directive->name : rt_take_token (&rest),
                    ret_which);
}

static void
set_position (RtCacheArgument *a, const RtField *field, const RtDirective *directive)
{
  a->field = field;
  a->offset = (guint32)(directive->whole.at - field->value.at);
  a->length = (guint32)directive->whole.length;
  a->has_argument = directive->has_value;
  if (directive->has_value)
    {
      a->argument_offset = (guint32)(directive->value.at - field->value.at);
      a->argument_length = (guint32)directive->value.length;
    }
}

static void
add_directive (RtCacheDirectives *directives, const RtField *field, const RtDirective *directive)
{
  RtCacheDirective which;
  RtCacheArgument *a;
  gint64 seconds = 0;

  if (!recognise (directive, &which) || (directive->malformed && kinds[which].permits))
    return;
  a = &directives->list[which];
  if (a->field != NULL)
    return;
  set_position (a, field, directive);
  if (kinds[which].takes == TAKES_SECONDS
      || (kinds[which].takes == MAY_TAKE_SECONDS && directive->has_value))
    {
      a->invalid = directive->malformed || !rt_directive_get_seconds (directive, &seconds);
      a->seconds = a->invalid ? 0 : (guint32)seconds;
    }
  else if (kinds[which].takes == TAKES_NOTHING)
    a->argument_length = 0;
}

/**
 * rt_cache_directives_read:
 * @directives: (out caller-allocates): what the lines of Cache-Control say together
 * @fields: a field section, which has to outlive @directives unchanged
 */
void
rt_cache_directives_read (RtCacheDirectives *directives, RtFields *fields)
{
  const RtField *field;
  guint at = 0;

  *directives = (RtCacheDirectives){ .fields = fields, .name = "Cache-Control" };
  while ((field = rt_fields_next (fields, "Cache-Control", &at)) != NULL)
    {
      RtText rest = field->value;
      RtDirective directive;

      while (rt_directive_next (&rest, &directive))
        add_directive (directives, field, &directive);
    }
}

/**
 * rt_cache_argument:
 * @directives: directives
 * @which: one of them
 *
 * Returns: its argument, or none
 */
RtText
rt_cache_argument (const RtCacheDirectives *directives, RtCacheDirective which)
{
  const RtCacheArgument *a = &directives->list[which];

  return a->field == NULL || !a->has_argument
             ? RT_TEXT_NONE
             : rt_text_sub (a->field->value, a->argument_offset, a->argument_length);
}

/**
 * rt_cache_argument_names:
 * @directives: directives
 * @which: %RT_CACHE_PRIVATE or %RT_CACHE_NO_CACHE
 * @field_name: a field name
 *
 * Returns: whether @which has a list of field names and @field_name is on it
 */
gboolean
rt_cache_argument_names (const RtCacheDirectives *directives,
                         RtCacheDirective which,
                         RtText field_name)
{
  return rt_list_contains_token (rt_cache_argument (directives, which), field_name);
}

/**
 * rt_cache_directive_fact:
 * @directives: directives
 * @which: one of them, present or not
 *
 * Returns: the directive as written
 */
RtFact
rt_cache_directive_fact (const RtCacheDirectives *directives, RtCacheDirective which)
{
  const RtCacheArgument *a = &directives->list[which];

  if (a->field == NULL)
    return rt_fact_text (kinds[which].name, RT_TEXT_NONE, RT_SPAN_NONE);
  return rt_fact_part (kinds[which].name, a->field,
                       rt_text_sub (a->field->value, a->offset, a->length));
}

/**
 * rt_cache_seconds_fact:
 * @directives: directives
 * @which: one that takes seconds and is present
 *
 * Returns: its number, with the directive as the proof
 */
RtFact
rt_cache_seconds_fact (const RtCacheDirectives *directives, RtCacheDirective which)
{
  return rt_fact_number (kinds[which].name, directives->list[which].seconds,
                         rt_cache_directive_fact (directives, which).proof);
}

static void
add_passed_over (RtEvidence *evidence, const RtCacheDirectives *directives)
{
  if (directives->passed_over != NULL)
    rt_evidence_add_lines (evidence, directives->fields, directives->passed_over);
}

/**
 * rt_cache_directives_add_lines:
 * @evidence: where to gather
 * @directives: directives
 *
 * Adds every line that they were read from, and those that were passed over: what proves that one
 * is absent.
 */
void
rt_cache_directives_add_lines (RtEvidence *evidence, const RtCacheDirectives *directives)
{
  rt_evidence_add_lines (evidence, directives->fields, directives->name);
  add_passed_over (evidence, directives);
}

/**
 * rt_check_directive:
 * @why: (nullable): the decision being made
 * @clause: the check
 * @holds: its outcome
 * @directives: what was looked into
 * @which: what was looked for; proved by itself, or by all lines if it is absent
 *
 * Returns: @holds
 */
gboolean
rt_check_directive (RtDecision *why,
                    const RtClause *clause,
                    gboolean holds,
                    const RtCacheDirectives *directives,
                    RtCacheDirective which)
{
  RtEvidence evidence;

  if (why == NULL)
    return holds;
  evidence.n = 0;
  if (rt_cache_has (directives, which))
    {
      rt_evidence_add (&evidence, rt_cache_directive_fact (directives, which));
      add_passed_over (&evidence, directives);
    }
  else
    rt_cache_directives_add_lines (&evidence, directives);
  return rt_check_evidence (why, clause, holds, &evidence);
}

/**
 * rt_cache_directive_name:
 * @which: a directive
 *
 * Returns: its name as the RFC writes it
 */
const char *
rt_cache_directive_name (RtCacheDirective which)
{
  return kinds[which].name;
}
