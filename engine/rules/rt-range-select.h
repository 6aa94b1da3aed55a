/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ranges: which bytes of a representation does the request get? */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"
#include "rt-range.h"

G_BEGIN_DECLS

/** RT_RANGE_SELECT_MAX: ranges that one request may ask for; more look like an attack. */
#define RT_RANGE_SELECT_MAX 64

/**
 * RtRangeVerdict:
 * @RT_RANGE_WHOLE: 200: Range is absent or ignored
 * @RT_RANGE_PARTIAL: 206 with one part or several
 * @RT_RANGE_UNSATISFIABLE: 416
 */
typedef enum
{
  RT_RANGE_WHOLE,
  RT_RANGE_PARTIAL,
  RT_RANGE_UNSATISFIABLE,
} RtRangeVerdict;

typedef struct
{
  guint64 first, last; /* inclusive */
} RtByteRange;

/**
 * RtRangeSelection:
 * @n: parts to send; more than one: as multipart/byteranges
 * @ranges: (array length=n): none overlaps or touches another; in the order they were asked for
 * @length: of the whole representation
 */
typedef struct
{
  RtRangeVerdict verdict;
  guint64 length;
  guint n;
  RtByteRange ranges[RT_RANGE_SELECT_MAX];
} RtRangeSelection;

extern const RtRule rt_rule_range_select;

void rt_range_select_decide (RtMessage *request,
                             guint64 length,
                             gboolean supported,
                             RtRangeSelection *ret_selection,
                             RtDecision *why);
const char *rt_range_verdict_name (RtRangeVerdict verdict);

char *rt_range_content_range (const RtRangeSelection *selection, guint i);
char *rt_range_part_head (const RtRangeSelection *selection,
                          guint i,
                          const char *boundary,
                          const char *content_type);
char *rt_range_parts_end (const char *boundary);
guint64 rt_range_content_length (const RtRangeSelection *selection,
                                 const char *boundary,
                                 const char *content_type);

G_END_DECLS
