/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A borrowed run of bytes, mostly text. */
#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/**
 * RtText:
 * @at: first byte; not NUL-terminated. %NULL only together with length 0
 * @length: in bytes
 *
 * A slice of bytes that somebody else keeps alive. Passed by value. The bytes can be anything a
 * peer sent: no encoding is implied.
 */
typedef struct
{
  const char *at;
  gsize length;
} RtText;

#define RT_TEXT(literal) ((RtText){ "" literal, sizeof (literal) - 1 })
#define RT_TEXT_NONE ((RtText){ NULL, 0 })

static inline RtText
rt_text (const char *string)
{
  return (RtText){ string, string != NULL ? strlen (string) : 0 };
}

static inline RtText
rt_text_sub (RtText text, gsize offset, gsize length)
{
  return (RtText){ text.at + offset, length };
}

static inline gboolean
rt_text_equal (RtText a, RtText b)
{
  return a.length == b.length && (a.length == 0 || memcmp (a.at, b.at, a.length) == 0);
}

static inline gboolean
rt_text_is (RtText text, const char *string)
{
  return rt_text_equal (text, rt_text (string));
}

/* g_ascii_tolower() without a call: each name of each field of each message is looked at. */
static inline char
rt_char_lower (char c)
{
  return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

/* ASCII case is ignored, other bytes are compared as they are. */
static inline gboolean
rt_text_equal_nocase (RtText a, RtText b)
{
  if (a.length != b.length)
    return FALSE;
  /* Not g_ascii_strncasecmp(): to it, all that follows a NUL is equal. */
  for (gsize i = 0; i < a.length; i++)
    if (a.at[i] != b.at[i] && rt_char_lower (a.at[i]) != rt_char_lower (b.at[i]))
      return FALSE;
  return TRUE;
}

static inline gboolean
rt_text_is_nocase (RtText text, const char *string)
{
  return rt_text_equal_nocase (text, rt_text (string));
}

static inline gboolean
rt_text_starts_with (RtText text, RtText prefix)
{
  return text.length >= prefix.length
         && rt_text_equal (rt_text_sub (text, 0, prefix.length), prefix);
}

static inline char *
rt_text_dup (RtText text)
{
  return g_strndup (text.at != NULL ? text.at : "", text.length);
}

RtText rt_text_trim (RtText text);
gssize rt_text_find (RtText text, RtText needle);
gboolean rt_text_to_uint64 (RtText text, guint64 *ret_value);
char *rt_text_escape (RtText text);

G_END_DECLS
