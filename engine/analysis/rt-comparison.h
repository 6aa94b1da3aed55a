/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Two exchanges beside each other, element by element: what is the same, what is not. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

/**
 * RtComparedMessage:
 * @RT_COMPARED_REQUEST: the request
 * @RT_COMPARED_INTERIM: a 1xx response
 * @RT_COMPARED_RESPONSE: the final response
 * @RT_COMPARED_EXCHANGE: the exchange as a whole
 *
 * What an element belongs to.
 */
typedef enum
{
  RT_COMPARED_REQUEST,
  RT_COMPARED_INTERIM,
  RT_COMPARED_RESPONSE,
  RT_COMPARED_EXCHANGE,
} RtComparedMessage;

/** RtComparedPart: what an element is. @RT_PART_OUTCOME: why it failed, if it did */
typedef enum
{
  RT_PART_METHOD,
  RT_PART_SCHEME,
  RT_PART_TARGET,
  RT_PART_VERSION,
  RT_PART_STATUS,
  RT_PART_REASON,
  RT_PART_FIELD,
  RT_PART_CONTENT,
  RT_PART_TRAILER,
  RT_PART_OUTCOME,
} RtComparedPart;

/**
 * RtDifference:
 * @RT_DIFFERENCE_NONE: the same on both sides
 * @RT_DIFFERENCE_IGNORED: not compared, by the options
 * @RT_DIFFERENCE_CHANGED: there on both sides, not the same
 * @RT_DIFFERENCE_LEFT: only on the left
 * @RT_DIFFERENCE_RIGHT: only on the right
 * @RT_DIFFERENCE_UNKNOWN: contents of one length whose bytes were not kept
 */
typedef enum
{
  RT_DIFFERENCE_NONE,
  RT_DIFFERENCE_IGNORED,
  RT_DIFFERENCE_CHANGED,
  RT_DIFFERENCE_LEFT,
  RT_DIFFERENCE_RIGHT,
  RT_DIFFERENCE_UNKNOWN,
} RtDifference;

/**
 * RtComparedItem:
 * @message: whose element it is
 * @interim: number of the 1xx response, from 1; else 0
 * @part: what it is
 * @difference: how the sides compare
 * @name: (nullable): of a field or trailer field, as the left (else the right) wrote it
 * @left, @right: what stands there; of a content nothing, its bytes are at the spans. As long as
 *   the comparison and both analyses live
 * @left_span, @right_span: where it stands; of a content: its bytes, transfer coding removed
 * @left_length, @right_length: bytes of content
 * @at: CHANGED content: its first byte that differs; of two that differ in length alone: the
 *   shorter one's end
 *
 * One element of an exchange on both sides.
 */
typedef struct
{
  RtComparedMessage message;
  guint interim;
  RtComparedPart part;
  RtDifference difference;
  RtText name;
  RtText left, right;
  RtSpan left_span, right_span;
  guint64 left_length, right_length;
  guint64 at;
} RtComparedItem;

/**
 * RtComparisonOptions:
 * @ignore: (nullable) (array zero-terminated=1): names of fields that are not compared, in any case
 *
 * What a comparison leaves out.
 */
typedef struct
{
  const char *const *ignore;
} RtComparisonOptions;

/**
 * RtComparedScope:
 * @RT_COMPARED_ALL: whatever differs
 * @RT_COMPARED_ANSWERS: without the requests
 * @RT_COMPARED_REBUILT_ANSWERS: … and without what an answer that was reconstructed cannot tell:
 *   version, reason, trailers and the bytes of its content
 *
 * Which differences count.
 */
typedef enum
{
  RT_COMPARED_ALL,
  RT_COMPARED_ANSWERS,
  RT_COMPARED_REBUILT_ANSWERS,
} RtComparedScope;

typedef struct _RtComparison RtComparison;

RtComparison *rt_comparison_new (RtAnalysis *left,
                                 const RtExchange *left_exchange,
                                 RtAnalysis *right,
                                 const RtExchange *right_exchange,
                                 const RtComparisonOptions *options);
void rt_comparison_free (RtComparison *comparison);

guint rt_comparison_get_length (RtComparison *comparison);
const RtComparedItem *rt_comparison_get (RtComparison *comparison, guint i);
guint rt_comparison_count_differences (RtComparison *comparison);
guint rt_comparison_count (RtComparison *comparison, RtComparedScope scope);
const RtComparedItem *rt_comparison_get_first (RtComparison *comparison);

/* Whether @item counts as a difference. */
static inline gboolean
rt_compared_item_differs (const RtComparedItem *item)
{
  return item->difference > RT_DIFFERENCE_IGNORED;
}

gboolean rt_compared_item_counts (const RtComparedItem *item, RtComparedScope scope);
char *rt_compared_item_dup_name (const RtComparedItem *item);
char *rt_compared_item_dup_text (const RtComparedItem *item);
const char *rt_difference_name (RtDifference difference);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtComparison, rt_comparison_free)

G_END_DECLS
