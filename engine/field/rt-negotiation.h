/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The Accept family: preferences, what they match, and how good a match is. */
#pragma once

#include "rt-list.h"
#include "rt-qvalue.h"

G_BEGIN_DECLS

/** RtAccept: which of the four fields; each has its own notion of a match. */
typedef enum
{
  RT_ACCEPT_MEDIA,
  RT_ACCEPT_LANGUAGE,
  RT_ACCEPT_ENCODING,
  RT_ACCEPT_CHARSET,
} RtAccept;

/**
 * RtPreference:
 * @range: what is preferred: `text/ *` without the space, `en-GB`, `gzip`, `*`
 * @parameters: Accept only: the media type's own, those before the weight
 * @weight: the text of `q`; none where there is none
 * @quality: in thousandths; 1000 where no weight was given
 * @whole: the list element
 * @malformed: it follows no grammar and ought to count for nothing
 *
 * One element of an Accept field, RFC 9110 §12.5. Borrowed.
 */
typedef struct
{
  RtText range, parameters, weight, whole;
  guint quality;
  gboolean malformed;
} RtPreference;

gboolean rt_accept_next (RtText *rest, RtAccept accept, RtPreference *ret_preference);
int rt_preference_match (const RtPreference *preference, RtAccept accept, RtText candidate);

/**
 * RtAcceptMatch:
 * @quality: in thousandths; 0 = not acceptable
 * @specificity: of @by; the higher, the closer it describes the candidate
 * @order: the position of @by in the field
 * @by: the preference that decides; its whole is empty where none matched and where "identity" is
 *   acceptable without being named
 */
typedef struct
{
  guint quality;
  int specificity;
  guint order;
  RtPreference by;
} RtAcceptMatch;

RtAcceptMatch rt_accept_match (RtText value, RtAccept accept, RtText candidate);
guint rt_accept_rank (RtText value,
                      RtAccept accept,
                      const RtText *candidates,
                      guint n_candidates,
                      RtAcceptMatch *matches,
                      guint *ret_order);

G_END_DECLS
