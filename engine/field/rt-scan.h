/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The small steps that every field grammar is made of, taken by a cursor: a text that shrinks from
 * its start. What is taken stays a slice of the field value, so that its place is known. */
#pragma once

#include "rt-text.h"

G_BEGIN_DECLS

gboolean rt_is_token_char (char c);
gboolean rt_is_quoted_text_char (char c);
gboolean rt_text_is_token (RtText text);

/* The next byte without taking it; NUL at the end (a NUL in the text is no syntax anywhere). */
static inline char
rt_peek (RtText rest)
{
  return rest.length > 0 ? rest.at[0] : '\0';
}

static inline void
rt_skip (RtText *rest, gsize n)
{
  if (n == 0) /* then there may be no bytes at all, and none can be counted from NULL */
    return;
  rest->at += n;
  rest->length -= n;
}

static inline gboolean
rt_take_char (RtText *rest, char c)
{
  if (rest->length == 0 || rest->at[0] != c)
    return FALSE;
  rt_skip (rest, 1);
  return TRUE;
}

/* What stands between @start and the cursor @rest, which was moved on from there. */
static inline RtText
rt_taken (RtText start, RtText rest)
{
  return (RtText){ start.at, (gsize)(start.length - rest.length) };
}

gsize rt_take_ows (RtText *rest);
RtText rt_take_while (RtText *rest, gboolean (*accepts) (char c));
RtText rt_take_until (RtText *rest, const char *stops);
RtText rt_take_token (RtText *rest);
RtText rt_take_digits (RtText *rest);
gboolean rt_take_quoted (RtText *rest, RtText *ret_raw);
gboolean rt_take_comment (RtText *rest, RtText *ret_raw);

gsize rt_quoted_unescape (RtText raw, char *out);
char *rt_quoted_dup (RtText raw);
gboolean rt_quoted_equal (RtText raw, RtText plain, gboolean ignore_case);
void rt_quoted_append (GString *out, RtText plain);

G_END_DECLS
