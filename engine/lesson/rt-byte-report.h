/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a server will make of bytes that somebody writes, line by line: told while they are written.
 */
#pragma once

#include "rt-byte-text.h"
#include "rt-finding.h"

G_BEGIN_DECLS

/**
 * RtByteRemark:
 * @line: of the text, from 1
 * @severity: how bad it is
 * @text: in words
 * @reference: (nullable): `RFC 9112 §6.3`; static
 *
 * What there is to say of a line.
 */
typedef struct
{
  guint line;
  RtSeverity severity;
  char *text;
  const char *reference;
} RtByteRemark;

/**
 * RtByteReport:
 * @bytes: (nullable): what is sent; %NULL: the text cannot be read
 * @remarks: (element-type RtByteRemark): in the order of the lines
 * @n_requests: how many requests a tolerant reader finds, whole or not
 * @complete: the last of them is whole
 *
 * What a text of bytes comes to.
 */
typedef struct
{
  GBytes *bytes;
  GPtrArray *remarks;
  guint n_requests;
  gboolean complete;
} RtByteReport;

RtByteReport *rt_byte_report_new (const char *text, GBytes *rest);
void rt_byte_report_free (RtByteReport *report);
RtSeverity rt_byte_report_get_severity (const RtByteReport *report, guint line);
char *rt_byte_report_dup_summary (const RtByteReport *report);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RtByteReport, rt_byte_report_free)

G_END_DECLS
