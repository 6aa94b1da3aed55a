/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Range requests, RFC 9110 §14.2. A Range that is wrong in any way is ignored, since a server may
 * always send everything; 416 is for one that is right and asks for what is not there. If-Range has
 * been settled before (rt-preconditions.h). */
#include "rt-range-select.h"

#include "rt-evidence.h"

/* clang-format off */
static const RtClause present = { "range.present", "the request asks for a range", "RFC 9110 §14.2", RT_LEVEL_MAY };
static const RtClause method = { "range.method", "the method is GET, the only one that ranges are defined for", "RFC 9110 §14.2", RT_LEVEL_MUST };
static const RtClause supported_ = { "range.supported", "the resource does ranges", "RFC 9110 §14.2", RT_LEVEL_MAY };
static const RtClause unit_known = { "range.unit", "the range unit is bytes", "RFC 9110 §14.2", RT_LEVEL_MUST };
static const RtClause valid = { "range.valid", "Range is one line of valid ranges", "RFC 9110 §14.2", RT_LEVEL_MAY };
static const RtClause count = { "range.count", "there are no more ranges than a client could need", "RFC 9110 §17.15", RT_LEVEL_MAY };
static const RtClause not_empty = { "range.empty", "the suffix is of something: the representation has bytes", "RFC 9110 §14.1.2", RT_LEVEL_MAY };
static const RtClause satisfiable = { "range.satisfiable", "at least one range has bytes of the representation", "RFC 9110 §15.5.17", RT_LEVEL_SHOULD };
static const RtClause single = { "range.single", "one range is left, overlapping and adjacent ones being joined", "RFC 9110 §15.3.7.2", RT_LEVEL_MUST };

static const RtClause *const clauses[] = {
  &present, &method, &supported_, &unit_known, &valid, &count, &not_empty, &satisfiable, &single,
};
/* clang-format on */

const RtRule rt_rule_range_select
    = RT_RULE ("range.select", "Which bytes does the request get?", "RFC 9110 §14.2", clauses);

static gboolean
unit_is_bytes (RtText value)
{
  RtText unit, set;

  return !rt_range_split (value, &unit, &set) || rt_text_is_nocase (unit, "bytes");
}

static guint
count_ranges (RtText value)
{
  RtText unit, rest;
  RtRangeSpec spec;
  guint n = 0;

  if (rt_range_split (value, &unit, &rest))
    while (n <= RT_RANGE_SELECT_MAX && rt_range_next (&rest, &spec))
      n++;
  return n;
}

/* Of nothing the last five bytes are nothing: that can be satisfied (§14.1.2), but no Content-Range
 * could say so. */
static gboolean
asks_for_suffix (RtText value)
{
  RtText unit, rest;
  RtRangeSpec spec;

  if (rt_range_split (value, &unit, &rest))
    while (rt_range_next (&rest, &spec))
      if (spec.kind == RT_RANGE_SUFFIX && spec.suffix > 0)
        return TRUE;
  return FALSE;
}

static gboolean
touches (const RtByteRange *a, const RtByteRange *b)
{
  return (b->first <= a->last || b->first - a->last == 1)
         && (a->first <= b->last || a->first - b->last == 1);
}

/* Joins @range with those that it touches; what is joined stays at the place of the earliest. */
static void
add_range (RtRangeSelection *s, RtByteRange range)
{
  guint place = s->n;

  for (guint i = 0; i < s->n;)
    {
      if (!touches (&s->ranges[i], &range))
        {
          i++;
          continue;
        }
      range.first = MIN (range.first, s->ranges[i].first);
      range.last = MAX (range.last, s->ranges[i].last);
      place = MIN (place, i);
      memmove (&s->ranges[i], &s->ranges[i + 1], (s->n - i - 1) * sizeof *s->ranges);
      s->n--;
      i = 0; /* what has grown may touch an earlier one */
    }
  place = MIN (place, s->n);
  memmove (&s->ranges[place + 1], &s->ranges[place], (s->n - place) * sizeof *s->ranges);
  s->ranges[place] = range;
  s->n++;
}

static void
resolve_all (RtText value, RtRangeSelection *s)
{
  RtText unit, rest;
  RtRangeSpec spec;
  RtByteRange range;

  if (rt_range_split (value, &unit, &rest))
    while (rt_range_next (&rest, &spec))
      if (rt_range_resolve (&spec, s->length, &range.first, &range.last))
        add_range (s, range);
}

/* Everything that lets Range be ignored. */
static gboolean
range_counts (RtMessage *request, const RtField *range, gboolean supported, RtDecision *why)
{
  return rt_check (why, &present, range != NULL, rt_fact_present ("Range", range))
         && rt_check (why, &method, rt_text_is (request->method, "GET"),
                      rt_fact_text ("method", request->method, request->method_span))
         && rt_check (why, &supported_, supported)
         && rt_check (why, &unit_known, unit_is_bytes (range->value),
                      rt_fact_field ("Range", range))
         && rt_check_lines (why, &valid,
                            rt_fields_count (request->fields, "Range") == 1
                                && rt_range_is_valid (range->value),
                            request->fields, "Range")
         && rt_check (why, &count, count_ranges (range->value) <= RT_RANGE_SELECT_MAX,
                      rt_fact_field ("Range", range));
}

static RtRangeVerdict
select_ranges (const RtField *range, RtRangeSelection *s, RtDecision *why)
{
  RtFact length = rt_fact_number ("length", (gint64)s->length, RT_SPAN_NONE);

  if (s->length == 0 && asks_for_suffix (range->value)
      && !rt_check (why, &not_empty, FALSE, rt_fact_field ("Range", range), length))
    return RT_RANGE_WHOLE;
  resolve_all (range->value, s);
  if (!rt_check (why, &satisfiable, s->n > 0, rt_fact_field ("Range", range), length))
    return RT_RANGE_UNSATISFIABLE;
  rt_check (why, &single, s->n == 1, rt_fact_field ("Range", range),
            rt_fact_number ("parts", s->n, RT_SPAN_NONE), length);
  return RT_RANGE_PARTIAL;
}

/**
 * rt_range_select_decide:
 * @request: the request; to be asked only if the answer would be a 200 with content, and If-Range
 *   does not hold it back
 * @length: of the selected representation
 * @supported: the resource does ranges
 * @ret_selection: (out): what to send
 * @why: (nullable): receives the explanation
 */
void
rt_range_select_decide (RtMessage *request,
                        guint64 length,
                        gboolean supported,
                        RtRangeSelection *ret_selection,
                        RtDecision *why)
{
  const RtField *range = rt_fields_first (request->fields, "Range");

  rt_decision_begin (why, &rt_rule_range_select, request->target);
  ret_selection->verdict = RT_RANGE_WHOLE;
  ret_selection->length = length;
  ret_selection->n = 0;
  if (range_counts (request, range, supported, why))
    ret_selection->verdict = select_ranges (range, ret_selection, why);
  rt_decision_conclude (why, rt_range_verdict_name (ret_selection->verdict));
}

/**
 * rt_range_verdict_name:
 * @verdict: a verdict
 *
 * Returns: the word that decisions and `roundtrip rule` have for it
 */
const char *
rt_range_verdict_name (RtRangeVerdict verdict)
{
  static const char *const names[] = { "200", "206", "416" };

  return names[MIN ((guint)verdict, G_N_ELEMENTS (names) - 1)];
}

/**
 * rt_range_content_range:
 * @selection: what was selected
 * @i: a part; of a 416 not looked at
 *
 * Source: RFC 9110 §14.4.
 *
 * Returns: (transfer full): the value of Content-Range
 */
char *
rt_range_content_range (const RtRangeSelection *selection, guint i)
{
  RtContentRange range = {
    .has_complete = TRUE,
    .complete = selection->length,
    .unsatisfied = selection->verdict == RT_RANGE_UNSATISFIABLE,
  };

  if (!range.unsatisfied)
    {
      range.first = selection->ranges[i].first;
      range.last = selection->ranges[i].last;
    }
  return rt_content_range_format (&range);
}

/**
 * rt_range_part_head:
 * @selection: what was selected
 * @i: a part
 * @boundary: stands in no part
 * @content_type: (nullable): of the representation
 *
 * Source: RFC 9110 §14.6.
 *
 * Returns: (transfer full): what stands before the bytes of part @i in multipart/byteranges
 */
char *
rt_range_part_head (const RtRangeSelection *selection,
                    guint i,
                    const char *boundary,
                    const char *content_type)
{
  g_autofree char *range = rt_range_content_range (selection, i);

  return g_strdup_printf ("%s--%s\r\n%s%s%sContent-Range: %s\r\n\r\n", i > 0 ? "\r\n" : "",
                          boundary, content_type != NULL ? "Content-Type: " : "",
                          content_type != NULL ? content_type : "",
                          content_type != NULL ? "\r\n" : "", range);
}

/**
 * rt_range_parts_end:
 * @boundary: that of the parts
 *
 * Returns: (transfer full): what stands behind the last part
 */
char *
rt_range_parts_end (const char *boundary)
{
  return g_strdup_printf ("\r\n--%s--\r\n", boundary);
}

/**
 * rt_range_content_length:
 * @selection: what was selected
 * @boundary, @content_type: as for rt_range_part_head(); not looked at where one part is sent
 *
 * Returns: the length of the content of the answer
 */
guint64
rt_range_content_length (const RtRangeSelection *selection,
                         const char *boundary,
                         const char *content_type)
{
  guint64 total = 0;

  if (selection->verdict != RT_RANGE_PARTIAL)
    return selection->verdict == RT_RANGE_WHOLE ? selection->length : 0;
  for (guint i = 0; i < selection->n; i++)
    {
      g_autofree char *head = NULL;

      total += selection->ranges[i].last - selection->ranges[i].first + 1;
      if (selection->n > 1)
        {
          head = rt_range_part_head (selection, i, boundary, content_type);
          total += strlen (head);
        }
    }
  if (selection->n > 1)
    {
      g_autofree char *end = rt_range_parts_end (boundary);

      total += strlen (end);
    }
  return total;
}
