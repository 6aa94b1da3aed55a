/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Entity tags. Not a quoted string: a backslash in one escapes nothing, and a comma in one
 * separates nothing, so lists of them have a walker of their own. */
#include "rt-etag.h"

#include "rt-scan.h"

/* etagc = %x21 / %x23-7E / obs-text */
static gboolean
is_etag_char (char c)
{
  return (guchar)c > 0x20 && c != '"' && c != 0x7f;
}

static gboolean
take_etag (RtText *rest, RtEtag *ret_etag)
{
  RtText start = *rest;
  RtText at = *rest;
  gboolean weak = rt_text_starts_with (at, RT_TEXT ("W/")); /* case-sensitive */
  RtText opaque;

  if (weak)
    rt_skip (&at, 2);
  if (!rt_take_char (&at, '"'))
    return FALSE;
  opaque = rt_take_while (&at, is_etag_char);
  if (!rt_take_char (&at, '"'))
    return FALSE;
  *ret_etag = (RtEtag){ .opaque = opaque, .whole = rt_taken (start, at), .weak = weak };
  *rest = at;
  return TRUE;
}

/**
 * rt_etag_parse:
 * @text: `"xyzzy"` or `W/"xyzzy"`
 * @ret_etag: (out): the tag; untouched on failure
 *
 * Source: RFC 9110 §8.8.3.
 *
 * Returns: whether it is one entity tag and nothing else
 */
gboolean
rt_etag_parse (RtText text, RtEtag *ret_etag)
{
  RtText rest = text;
  RtEtag etag;

  if (!take_etag (&rest, &etag) || rest.length > 0)
    return FALSE;
  *ret_etag = etag;
  return TRUE;
}

/* One that is no tag ends at the next comma that is in no quotes; its backslashes mean nothing. */
static RtText
take_malformed (RtText *rest)
{
  RtText start = *rest;
  gboolean quoted = FALSE;

  while (rest->length > 0 && (quoted || rest->at[0] != ','))
    {
      quoted ^= rest->at[0] == '"';
      rt_skip (rest, 1);
    }
  return rt_text_trim (rt_taken (start, *rest));
}

/**
 * rt_etag_list_next:
 * @rest: (inout): cursor; starts as the value of If-Match or If-None-Match
 * @ret_etag: (out): the tag, or the text of what was found instead
 *
 * `*` is reported wherever it stands: only alone it is the grammar's, see rt_etag_list_is_any().
 *
 * Returns: what came next
 */
RtEtagNext
rt_etag_list_next (RtText *rest, RtEtag *ret_etag)
{
  RtText before, after;
  RtEtag etag = { 0 };
  RtEtagNext what;

  do
    rt_take_ows (rest);
  while (rt_take_char (rest, ','));
  if (rest->length == 0)
    return RT_ETAG_END;
  before = after = *rest;
  if (take_etag (&after, &etag))
    what = RT_ETAG_ITEM;
  else
    {
      what = rt_take_char (&after, '*') ? RT_ETAG_ANY : RT_ETAG_MALFORMED;
      etag.whole = rt_taken (before, after);
    }
  rt_take_ows (&after);
  if (what == RT_ETAG_MALFORMED || (after.length > 0 && after.at[0] != ','))
    {
      after = before;
      etag = (RtEtag){ .whole = take_malformed (&after) };
      what = RT_ETAG_MALFORMED;
    }
  *rest = after;
  *ret_etag = etag;
  return what;
}

/**
 * rt_etag_list_is_any:
 * @value: the value of If-Match or If-None-Match
 *
 * Returns: whether it is `*`
 */
gboolean
rt_etag_list_is_any (RtText value)
{
  return rt_text_is (rt_text_trim (value), "*");
}

/**
 * rt_etag_equal_strong:
 * @a, @b: entity tags
 *
 * Returns: whether neither is weak and both are equal, RFC 9110 §8.8.3.2
 */
gboolean
rt_etag_equal_strong (const RtEtag *a, const RtEtag *b)
{
  return !a->weak && !b->weak && rt_text_equal (a->opaque, b->opaque);
}

/**
 * rt_etag_equal_weak:
 * @a, @b: entity tags
 *
 * Returns: whether their opaque tags are equal, RFC 9110 §8.8.3.2
 */
gboolean
rt_etag_equal_weak (const RtEtag *a, const RtEtag *b)
{
  return rt_text_equal (a->opaque, b->opaque);
}
