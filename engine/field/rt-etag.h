/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Entity tags, their lists and their two comparisons. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

/**
 * RtEtag:
 * @opaque: what stands between the quotes
 * @whole: all of it, `W/` and quotes included
 *
 * An entity tag, RFC 9110 §8.8.3. Borrowed.
 */
typedef struct
{
  RtText opaque, whole;
  gboolean weak;
} RtEtag;

/**
 * RtEtagNext:
 * @RT_ETAG_END: the list is over
 * @RT_ETAG_ITEM: an entity tag
 * @RT_ETAG_ANY: `*`
 * @RT_ETAG_MALFORMED: an element that is no entity tag; its text is #RtEtag.whole
 */
typedef enum
{
  RT_ETAG_END,
  RT_ETAG_ITEM,
  RT_ETAG_ANY,
  RT_ETAG_MALFORMED,
} RtEtagNext;

gboolean rt_etag_parse (RtText text, RtEtag *ret_etag);
RtEtagNext rt_etag_list_next (RtText *rest, RtEtag *ret_etag);
gboolean rt_etag_list_is_any (RtText value);
gboolean rt_etag_equal_strong (const RtEtag *a, const RtEtag *b);
gboolean rt_etag_equal_weak (const RtEtag *a, const RtEtag *b);

G_END_DECLS
