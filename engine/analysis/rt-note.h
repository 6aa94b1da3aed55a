/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words for what a message, a field or a check says. */
#pragma once

#include "rt-analysis.h"

G_BEGIN_DECLS

const char *rt_severity_name (RtSeverity severity);
char *rt_text_dup_short (RtText text, guint characters);
char *rt_fact_dup_words (const RtFact *fact);
char *rt_check_dup_words (const RtCheck *check);
char *rt_field_note (const RtField *field, const RtMessage *message, RtTime now);
char *rt_transfer_dup_title (const RtTransfer *transfer);
char *rt_exchange_telling_field (RtAnalysis *analysis,
                                 const RtExchange *exchange,
                                 const RtTransfer *transfer);

G_END_DECLS
