/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The field lines of the section that is being read, until they become an #RtFields. */
#pragma once

#include "rt-http1-input.h"
#include "rt-http1-private.h"

G_BEGIN_DECLS

/**
 * RtHttp1Section:
 * @records: where the elements of each line stand in the section
 * @folded: some field goes on in a second line
 *
 * Places, not pointers: what the section's bytes are kept in may move while it is read.
 */
typedef struct
{
  GArray *records;
  gboolean folded;
} RtHttp1Section;

void rt_http1_section_init (RtHttp1Section *section);
void rt_http1_section_clear (RtHttp1Section *section);
void rt_http1_section_reset (RtHttp1Section *section);
void
rt_http1_section_add (RtHttp1Section *section, RtHttp1Line line, gsize at, RtHttp1Judge *judge);
GBytes *rt_http1_section_dup_text (RtHttp1Section *section, RtHttp1Input *input, gsize length);
RtFields *rt_http1_section_make_fields (RtHttp1Section *section, GBytes *text, RtSpan span);

G_END_DECLS
