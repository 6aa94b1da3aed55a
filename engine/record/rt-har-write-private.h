/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the files that write HARs share: rt-har-write.c writes an entry, rt-har-write-message.c its
 * messages, rt-har-write-json.c members. For this folder. */
#pragma once

#include "rt-har-write.h"

G_BEGIN_DECLS

void rt_har_append_member (GString *out, const char *name, RtText value);
void rt_har_append_number (GString *out, const char *name, gint64 value);
void rt_har_append_msec (GString *out, const char *name, gint64 usec);
void rt_har_close_with (GString *out, const char *bracket);

const char *rt_har_find_fact (const RtTransfer *transfer, const char *name);
void rt_har_append_request (GString *out, RtAnalysis *analysis, const RtExchange *exchange);
void rt_har_append_response (GString *out, RtAnalysis *analysis, const RtExchange *exchange);
void rt_har_append_interim (GString *out, const RtTransfer *interim, RtTime after);
void rt_har_append_no_response (GString *out, const RtExchange *exchange);

G_END_DECLS
