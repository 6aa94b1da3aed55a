/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files of the HTTP/1.x reader share: the judge that collects findings, and the pure
 * functions that read one line or decide the framing of one head. */
#pragma once

#include "rt-http1-findings.h"
#include "rt-http1.h"

G_BEGIN_DECLS

/**
 * RtHttp1Judge:
 * @strict: stop at the first violation that ends the reading
 * @in_response: judge by the rules for recipients of responses
 * @findings: (element-type RtFinding): so far
 * @failed: the last of @findings ended the reading; what is found later is not recorded
 */
typedef struct
{
  gboolean strict, in_response;
  GArray *findings;
  gboolean failed;
} RtHttp1Judge;

/**
 * RtHttp1StartLine:
 *
 * The elements of a request line or a status line: slices of the line.
 */
typedef struct
{
  RtText method, target, version, status, reason;
  RtVersion number;
  guint code;
} RtHttp1StartLine;

/**
 * RtHttp1Line:
 * @text: without its line break
 * @span: where @text stands
 */
typedef struct
{
  RtText text;
  RtSpan span;
} RtHttp1Line;

void rt_http1_judge (RtHttp1Judge *judge, RtHttp1Violation violation, RtSpan span);

/* Where @part, a slice of the line, stands. */
static inline RtSpan
rt_http1_part_span (RtHttp1Line line, RtText part)
{
  return rt_span_sub (line.span, (guint64)(part.at - line.text.at), part.length);
}

void rt_http1_judge_bare_cr (RtHttp1Line line, RtHttp1Judge *judge);
gboolean rt_http1_has_control (RtText text);
void rt_http1_read_request_line (RtHttp1Line line, RtHttp1Judge *judge, RtHttp1StartLine *ret_line);
void rt_http1_read_status_line (RtHttp1Line line, RtHttp1Judge *judge, RtHttp1StartLine *ret_line);
void rt_http1_judge_target (RtText method, RtText target, RtSpan span, RtHttp1Judge *judge);
void rt_http1_read_field_line (RtHttp1Line line,
                               RtHttp1Judge *judge,
                               RtText *ret_name,
                               RtText *ret_value);
void rt_http1_judge_value (RtText value, RtSpan span, RtHttp1Judge *judge);
void rt_http1_judge_host (const RtMessage *message, RtHttp1Judge *judge);
void rt_http1_judge_trailers (RtFields *trailers, RtHttp1Judge *judge);

void rt_http1_decide_framing (RtMessage *message, RtText request_method, RtHttp1Judge *judge);

gboolean rt_http1_read_chunk_line (RtHttp1Line line,
                                   RtHttp1Judge *judge,
                                   guint64 *ret_size,
                                   RtText *ret_extension);

G_END_DECLS
