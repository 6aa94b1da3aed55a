/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Character classes that the parser and the serializer of structured fields share. */
#pragma once

#include "rt-scan.h"

G_BEGIN_DECLS

static inline gboolean
rt_sf_is_key_start (char c)
{
  return g_ascii_islower (c) || c == '*';
}

static inline gboolean
rt_sf_is_key_char (char c)
{
  return g_ascii_islower (c) || g_ascii_isdigit (c) || (c != '\0' && strchr ("_-.*", c) != NULL);
}

static inline gboolean
rt_sf_is_token_start (char c)
{
  return g_ascii_isalpha (c) || c == '*';
}

static inline gboolean
rt_sf_is_token_char (char c)
{
  return rt_is_token_char (c) || c == ':' || c == '/';
}

/* UTF-8 in which NUL is a character like any other. */
static inline gboolean
rt_sf_is_utf8 (RtText text)
{
  while (text.length > 0)
    {
      gsize n = strnlen (text.at, text.length);

      if (!g_utf8_validate_len (text.at, n, NULL))
        return FALSE;
      rt_skip (&text, MIN (n + 1, text.length));
    }
  return TRUE;
}

G_END_DECLS
