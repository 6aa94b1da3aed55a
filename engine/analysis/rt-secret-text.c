/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secrets in text of any kind: URLs, forms, JSON, XML, scripts, and what is broken. No grammar is
 * asked for: each finder looks for its own sign (`=`, `":`, `@`, `eyJ`, …) and around it. So a
 * secret is found in a body that is cut off or says a wrong type, too. */
#include "rt-secret.h"

#include "rt-base64.h"

#include <string.h>

/** VALUE_MAX: a longer value is cut there. */
#define VALUE_MAX 65536
/** SUSPECT_MIN: of a run of characters that looks like a token. */
#define SUSPECT_MIN 32
/** PROSE_MIN: of a word after a colon that is no prose. */
#define PROSE_MIN 6
/** NAME_REACH: names are looked for so far back. */
#define NAME_REACH 80

/* Where the finders are. */
typedef struct
{
  RtText text;
  RtSecretFunc func;
  gpointer data;
} Scan;

static gboolean
is_any (char c, const char *set)
{
  return c != '\0' && strchr (set, c) != NULL;
}

static gboolean
is_name (char c)
{
  return g_ascii_isalnum (c) || is_any (c, "_-.[]");
}

static gboolean
is_token (char c)
{
  return g_ascii_isalnum (c) || is_any (c, "_-");
}

static void
tell (const Scan *scan, RtSecretKind kind, gsize from, gsize to, RtText name)
{
  const RtSecret secret = { kind, rt_text_sub (scan->text, from, to - from), name };

  if (to > from)
    scan->func (&secret, scan->data);
}

static void
tell_named (const Scan *scan, RtText name, gsize from, gsize to)
{
  RtSecretKind kind;

  if (rt_secret_classify (name, rt_text_sub (scan->text, from, to - from), &kind))
    tell (scan, kind, from, to, name);
}

/* `token: the word` is prose, `token: 4f0cb7a1` is none. */
static gboolean
is_prose (RtText value)
{
  if (value.length < PROSE_MIN)
    return TRUE;
  for (gsize i = 0; i < value.length; i++)
    if (!g_ascii_isalpha (value.at[i]))
      return FALSE;
  return TRUE;
}

/* Names and values */

/* The name that ends before @end, quotes left out: `"name"`, `\"name\"`. */
static RtText
name_before (const Scan *scan, gsize end)
{
  gsize begin;

  for (guint i = 0; i < 4 && end > 0 && is_any (scan->text.at[end - 1], " \t\"'\\"); i++)
    end--;
  for (begin = end; begin > 0 && end - begin < NAME_REACH && is_name (scan->text.at[begin - 1]);
       begin--)
    ;
  return rt_text_sub (scan->text, begin, end - begin);
}

/* The end of a quoted string whose first character is at @from; @escaped: its quotes are, too,
 * since the whole stands in a string. */
static gsize
quoted_end (const Scan *scan, gsize from, char quote, gboolean escaped)
{
  const char *text = scan->text.at;
  gsize limit = MIN (scan->text.length, from + VALUE_MAX);
  gsize at = from;

  while (at < limit && text[at] != quote && text[at] != '\n')
    {
      if (text[at] == '\\' && escaped && at + 1 < limit && text[at + 1] == quote)
        return at;
      at += text[at] == '\\' ? 2 : 1;
    }
  return MIN (at, limit);
}

static gsize
plain_end (const Scan *scan, gsize from, const char *stops)
{
  gsize limit = MIN (scan->text.length, from + VALUE_MAX);
  gsize at = from;

  while (at < limit && !g_ascii_isspace (scan->text.at[at]) && scan->text.at[at] != '\0'
         && !is_any (scan->text.at[at], stops))
    at++;
  return at;
}

/* The value after the sign at @sign: quoted or not. */
static void
find_value (const Scan *scan, gsize sign, const char *stops)
{
  const RtText text = scan->text;
  RtText name = name_before (scan, sign);
  gsize at = sign + 1;
  gboolean escaped = FALSE;

  if (!rt_secret_name_counts (name))
    return;
  while (at < text.length && (text.at[at] == ' ' || text.at[at] == '\t'))
    at++;
  if (at + 1 < text.length && text.at[at] == '\\' && is_any (text.at[at + 1], "\"'"))
    {
      escaped = TRUE;
      at++;
    }
  if (at < text.length && is_any (text.at[at], "\"'"))
    tell_named (scan, name, at + 1, quoted_end (scan, at + 1, text.at[at], escaped));
  else
    {
      gsize end = plain_end (scan, at, stops);
      gboolean quoted = is_any (text.at[sign - 1], "\"'\\");

      if (text.at[sign] == '=' || quoted || !is_prose (rt_text_sub (text, at, end - at)))
        tell_named (scan, name, at, end);
    }
}

/* `<password>…</password>` */
static void
find_element (const Scan *scan, gsize sign)
{
  const RtText text = scan->text;
  gsize end = sign + 1;
  const char *close;

  while (end < text.length && is_name (text.at[end]))
    end++;
  if (end == sign + 1 || end == text.length || text.at[end] != '>')
    return;
  close = memchr (text.at + end, '<', MIN (text.length - end, VALUE_MAX));
  if (close != NULL)
    tell_named (scan, rt_text_sub (text, sign + 1, end - sign - 1), end + 1,
                (gsize)(close - text.at));
}

/* Things with a shape */

static gboolean
is_local_part (char c)
{
  return g_ascii_isalnum (c) || is_any (c, "._+-");
}

/* Random bytes often look like `O@J.VG`, hardly ever for so long; and a picture with other bytes in
 * place of these is broken. */
#define SURE_EMAIL 12
#define AROUND 4

static gboolean
stands_in_text (RtText text, gsize begin, gsize end)
{
  gsize first = begin - MIN (begin, AROUND);
  const char *last = text.at + end + MIN (text.length - end, AROUND);
  const char *rest;

  while (first < begin && (text.at[first] & 0xc0) == 0x80)
    first++;
  for (const char *at = text.at + first; at < last; at++)
    if (g_ascii_iscntrl (*at) && !g_ascii_isspace (*at))
      return FALSE;
  /* The last character may be cut in two. */
  return g_utf8_validate_len (text.at + first, (gsize)(last - text.at) - first, &rest)
         || g_utf8_get_char_validated (rest, last - rest) == (gunichar)-2;
}

/* The address around an `@`; @after: the first character of its domain. */
static void
find_email (const Scan *scan, gsize at, gsize after)
{
  const RtText text = scan->text;
  gsize begin = at;
  gsize end = after;
  gsize dot = 0;

  while (begin > 0 && is_local_part (text.at[begin - 1]))
    begin--;
  while (end < text.length && (g_ascii_isalnum (text.at[end]) || is_any (text.at[end], ".-")))
    {
      if (text.at[end] == '.' && end + 2 < text.length && g_ascii_isalpha (text.at[end + 1]))
        dot = end;
      end++;
    }
  while (end > after && is_any (text.at[end - 1], ".-"))
    end--;
  if (begin < at && dot > after && dot + 2 < end
      && (end - begin >= SURE_EMAIL || stands_in_text (text, begin, end)))
    tell (scan, RT_SECRET_EMAIL, begin, end, RT_TEXT_NONE);
}

/* `//user:password@host`, RFC 3986 §3.2.1. Returns: whether it was one */
static gboolean
find_userinfo (const Scan *scan, gsize at)
{
  const RtText text = scan->text;
  gsize begin = at;
  const char *colon;

  while (begin > 0 && !g_ascii_isspace (text.at[begin - 1])
         && !is_any (text.at[begin - 1], "/\"'<>@"))
    begin--;
  if (begin < 2 || text.at[begin - 1] != '/' || text.at[begin - 2] != '/')
    return FALSE;
  colon = memchr (text.at + begin, ':', at - begin);
  if (colon != NULL)
    tell (scan, RT_SECRET_PASSWORD, (gsize)(colon - text.at) + 1, at, RT_TEXT_NONE);
  return TRUE;
}

static gsize
token_end (RtText text, gsize at)
{
  while (at < text.length && is_token (text.at[at]))
    at++;
  return at;
}

static void
note_secret (const RtSecret *secret, gpointer found)
{
  if (secret->kind != RT_SECRET_SUSPECTED)
    *(gboolean *)found = TRUE;
}

/* Claims may name a person. */
static gboolean
claims_tell (RtText payload)
{
  g_autoptr (GBytes) claims
      = payload.length <= VALUE_MAX ? rt_base64_decode (payload, RT_BASE64_URL) : NULL;
  gboolean found = FALSE;
  gsize length;
  const char *at;

  if (claims == NULL)
    return FALSE;
  at = g_bytes_get_data (claims, &length);
  rt_secret_find_in_text ((RtText){ at, length }, note_secret, &found);
  return found;
}

/* A JSON object in base64url begins with `eyJ`. Signed: three parts, of which the last is the
 * signature, RFC 7515 §7.1; encrypted: five, RFC 7516 §7.1. Returns: whether it is one */
static gboolean
find_jwt (const Scan *scan, gsize begin)
{
  const RtText text = scan->text;
  gsize at = token_end (text, begin);
  gsize first = at;
  gsize parts = 1;
  gsize last = begin;

  while (at < text.length && text.at[at] == '.' && parts < 5)
    {
      last = at + 1;
      at = token_end (text, last);
      parts++;
    }
  if (parts == 3)
    {
      RtText payload = rt_text_sub (text, first + 1, last - first - 2);

      tell (scan, RT_SECRET_SIGNATURE, claims_tell (payload) ? first + 1 : last, at, RT_TEXT_NONE);
    }
  else if (parts == 5)
    tell (scan, RT_SECRET_SIGNATURE, first + 1, at, RT_TEXT_NONE);
  return parts == 3 || parts == 5;
}

/* Keys that their makers begin in a way to be found. */
static gboolean
find_known (const Scan *scan, gsize at)
{
  static const struct
  {
    const char *begin;
    gsize least;
  } known[] = {
    { "AKIA", 20 },        { "ASIA", 20 },   { "ghp_", 20 }, { "gho_", 20 },     { "ghs_", 20 },
    { "github_pat_", 30 }, { "glpat-", 20 }, { "sk-", 24 },  { "sk_live_", 16 }, { "rk_live_", 16 },
    { "xoxb-", 16 },       { "xoxp-", 16 },  { "AIza", 30 }, { "ya29.", 16 },    { "npm_", 24 },
  };
  RtText rest = rt_text_sub (scan->text, at, scan->text.length - at);

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (rt_text_starts_with (rest, rt_text (known[i].begin)))
      {
        gsize end = token_end (scan->text, at + strlen (known[i].begin));

        if (end - at < known[i].least)
          return FALSE;
        tell (scan, RT_SECRET_KEY, at, end, RT_TEXT_NONE);
        return TRUE;
      }
  return FALSE;
}

static void
find_private_key (const Scan *scan, gsize at)
{
  RtText rest = rt_text_sub (scan->text, at, scan->text.length - at);
  gssize begin, end;

  if (!rt_text_starts_with (rest, rt_text ("-----BEGIN ")))
    return;
  rest.length = MIN (rest.length, VALUE_MAX);
  begin = rt_text_find (rt_text_sub (rest, 0, MIN (rest.length, 60)), rt_text ("PRIVATE KEY-----"));
  if (begin < 0)
    return;
  begin += (gssize)strlen ("PRIVATE KEY-----");
  end = rt_text_find (rt_text_sub (rest, (gsize)begin, rest.length - (gsize)begin),
                      rt_text ("-----END"));
  tell (scan, RT_SECRET_KEY, at + (gsize)begin,
        at + (end >= 0 ? (gsize)begin + (gsize)end : rest.length), RT_TEXT_NONE);
}

/* `Bearer …`, `Basic …` outside of Authorization: in logs, scripts, error texts. */
static void
find_scheme (const Scan *scan, gsize at, gsize end)
{
  RtText scheme = rt_text_sub (scan->text, at, end - at);
  gsize value_end;

  if (end >= scan->text.length || scan->text.at[end] != ' '
      || (!rt_text_is_nocase (scheme, "bearer") && !rt_text_is_nocase (scheme, "basic")))
    return;
  value_end = plain_end (scan, end + 1, "\"'<>,;)\\");
  if (!is_prose (rt_text_sub (scan->text, end + 1, value_end - end - 1)))
    tell (scan, RT_SECRET_CREDENTIALS, end + 1, value_end, scheme);
}

/* Letters and digits mixed, long: a token, a hash, an id? */
static void
find_suspect (const Scan *scan, gsize begin, gsize end)
{
  gboolean digit = FALSE, lower = FALSE, upper = FALSE;

  if (end - begin < SUSPECT_MIN || end - begin > VALUE_MAX)
    return;
  for (gsize i = begin; i < end; i++)
    {
      digit |= g_ascii_isdigit (scan->text.at[i]);
      lower |= g_ascii_islower (scan->text.at[i]);
      upper |= g_ascii_isupper (scan->text.at[i]);
    }
  if (digit && lower && upper)
    tell (scan, RT_SECRET_SUSPECTED, begin, end, RT_TEXT_NONE);
}

/* At the first character of a word. */
static void
find_word (const Scan *scan, gsize at)
{
  gsize end = token_end (scan->text, at);

  if (end - at > 10 && memcmp (scan->text.at + at, "eyJ", 3) == 0 && find_jwt (scan, at))
    return;
  find_scheme (scan, at, end);
  if (end - at >= 16 && !find_known (scan, at))
    find_suspect (scan, at, end);
}

/**
 * rt_secret_find_in_text:
 * @text: any bytes
 *
 * Tells of the secrets in @text. One may be told of more than once, as different things.
 */
void
rt_secret_find_in_text (RtText text, RtSecretFunc func, gpointer data)
{
  const Scan scan = { text, func, data };
  gboolean in_word = FALSE;

  for (gsize at = 0; at < text.length; at++)
    {
      char c = text.at[at];

      if (is_token (c) && !in_word)
        {
          if (c == '-')
            find_private_key (&scan, at);
          find_word (&scan, at);
        }
      in_word = is_token (c);
      if (c == '=')
        find_value (&scan, at, "&;,\"'<>)#");
      else if (c == ':')
        find_value (&scan, at, ",}]\"'<>)");
      else if (c == '<')
        find_element (&scan, at);
      else if (c == '@' && !find_userinfo (&scan, at))
        find_email (&scan, at, at + 1);
      else if (c == '%' && at + 2 < text.length && memcmp (text.at + at, "%40", 3) == 0)
        find_email (&scan, at, at + 3);
    }
}
