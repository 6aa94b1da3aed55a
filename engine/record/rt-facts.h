/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a source says of a message beyond it: a dictionary of GVariant type `a{sv}` that is
 * serialised as it is put together. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

typedef struct
{
  GByteArray *bytes;
  GArray *ends; /* guint32, by entry */
} RtFacts;

/**
 * RtRebuiltDetail:
 * @head, @content: lengths of a message's parts
 * @missing: bytes of content that are missing
 * @facts: serialised, of type `a{sv}`; borrowed
 *
 * What an event %RT_EVENT_REBUILT says.
 */
typedef struct
{
  guint32 head;
  guint64 content, missing;
  RtText facts;
} RtRebuiltDetail;

void rt_facts_init (RtFacts *facts);
void rt_facts_clear (RtFacts *facts);
void rt_facts_reset (RtFacts *facts);
void rt_facts_add_text (RtFacts *facts, const char *name, RtText text);
void rt_facts_add_number (RtFacts *facts, const char *name, gint64 number);
void
rt_facts_add_numbers (RtFacts *facts, const char *name, const gint64 *numbers, guint n_numbers);
RtText rt_facts_end (RtFacts *facts);

GVariant *rt_facts_new_rebuilt (
    guint32 head, guint64 content, guint64 missing, const char *why, RtText facts);
gboolean rt_facts_read_rebuilt (const guint8 *bytes, gsize size, RtRebuiltDetail *ret_detail);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RtFacts, rt_facts_clear)

G_END_DECLS
