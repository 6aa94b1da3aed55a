/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The honesty test of decisions, for every rule and every row of its table:
 *
 *   - asked with and without an explanation, a rule gives the same verdict;
 *   - what a check cites as its proof is what stands in those bytes;
 *   - changing the bytes that the deciding check cites changes the verdict or the deciding check;
 *   - changing bytes that no check cites changes neither.
 *
 * A message is written as text: an optional start line (`GET /a HTTP/1.1`, `HTTP/1.1 200 OK`), then
 * field lines, each ended by a line feed. Message i is buffer i + 1, and spans count from the start
 * of its text. Method, target, status, field names and field values are its inputs. Where a part of
 * a value is cited, the name of its field and the punctuation of the value count as cited too: they
 * are what makes the part a part. */
#pragma once

#include "rt-decision.h"
#include "rt-message.h"

G_BEGIN_DECLS

#define HONESTY_MESSAGES_MAX 4

/**
 * HonestyRun:
 * @messages: the row's messages, perhaps with bytes changed: any bytes, so expect the absurd
 * @row: the row
 * @why: (nullable): hand it to the rule
 *
 * Runs the rule over one row.
 *
 * Returns: (transfer full): everything that the rule answered, as text to compare
 */
typedef char *(*HonestyRun) (RtMessage *const *messages, gconstpointer row, RtDecision *why);

/**
 * HonestyCase:
 * @name: the row's name
 * @texts: its messages; those behind the last one are %NULL
 * @alternatives: (nullable): %NULL-terminated values that a cited span is replaced by, beside those
 *   that stand anywhere in the messages and some that mean something in many fields
 */
typedef struct
{
  const char *name;
  const char *texts[HONESTY_MESSAGES_MAX];
  HonestyRun run;
  gconstpointer row;
  const char *const *alternatives;
} HonestyCase;

void honesty_check (const HonestyCase *c);
void honesty_check_answer (const HonestyCase *c, const char *want, const char *clause);

RtMessage *honesty_message_new (const char *text, RtBufferId buffer);
RtMessage *honesty_message_read (RtText text, RtBufferId buffer);
char *honesty_run (const HonestyCase *c, RtDecision *why);
void honesty_assert_cites_within (RtDecision *why, const gsize *lengths, guint n_messages);
void honesty_assert_decides (RtDecision *why, const char *clause);

G_END_DECLS
