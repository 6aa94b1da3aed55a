/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What one field line says, in words: what the field is for, from the reference table, and what
 * this value of it means, where there is a grammar. A table leads from names to readers. */
#include "rt-note.h"

#include "rt-authenticate.h"
#include "rt-cache-control.h"
#include "rt-date.h"
#include "rt-etag.h"
#include "rt-list.h"
#include "rt-media-type.h"
#include "rt-negotiation.h"
#include "rt-range.h"
#include "rt-reference.h"

/* Each appends a sentence on @value, or nothing if the value does not follow its grammar: then
 * FALSE. */
typedef gboolean (*Reader) (GString *out, RtText value, RtTime now);

static void
append_shown (GString *out, RtText text)
{
  g_autofree char *shown = rt_text_escape (text);

  g_string_append (out, shown);
}

static gboolean
read_bytes (GString *out, RtText value, RtTime now)
{
  guint64 n;

  if (!rt_text_to_uint64 (value, &n))
    return FALSE;
  g_string_append_printf (out, "%" G_GUINT64_FORMAT " byte%s.", n, n == 1 ? "" : "s");
  return TRUE;
}

static void
append_seconds (GString *out, gint64 seconds)
{
  g_autofree char *words
      = rt_duration_format (MIN (seconds, G_MAXINT64 / RT_TIME_SEC) * RT_TIME_SEC);

  g_string_append (out, seconds == 0 ? "0 s" : words);
}

static gboolean
read_seconds (GString *out, RtText value, RtTime now)
{
  gint64 seconds;

  if (!rt_delta_seconds_parse (value, &seconds))
    return FALSE;
  append_seconds (out, seconds);
  g_string_append_c (out, '.');
  return TRUE;
}

static gboolean
read_date (GString *out, RtText value, RtTime now)
{
  RtTime time;
  g_autofree char *distance = NULL;

  if (!rt_http_date_parse (value, now != RT_TIME_UNKNOWN ? now : 0, RT_DATE_TOLERANT, &time))
    return FALSE;
  if (now == RT_TIME_UNKNOWN)
    {
      g_autofree char *words = rt_time_format (time);

      g_string_append_printf (out, "%s.", words);
      return TRUE;
    }
  /* A date has no fraction: the second that is now is now. */
  if (time / RT_TIME_SEC == now / RT_TIME_SEC)
    {
      g_string_append (out, "The second of this message.");
      return TRUE;
    }
  distance = rt_duration_format (ABS (time - now / RT_TIME_SEC * RT_TIME_SEC));
  g_string_append_printf (out, "%s %s this message.", distance, time < now ? "before" : "after");
  return TRUE;
}

static gboolean
read_seconds_or_date (GString *out, RtText value, RtTime now)
{
  return read_seconds (out, value, now) || read_date (out, value, now);
}

static gboolean
read_etags (GString *out, RtText value, RtTime now)
{
  RtText rest = value;
  RtEtag etag;
  RtEtagNext next;
  guint n = 0, weak = 0;

  if (rt_etag_list_is_any (value))
    {
      g_string_append (out, "Any state at all.");
      return TRUE;
    }
  while ((next = rt_etag_list_next (&rest, &etag)) == RT_ETAG_ITEM)
    {
      n++;
      weak += etag.weak ? 1 : 0;
    }
  if (next != RT_ETAG_END || n == 0)
    return FALSE;
  if (n == 1)
    g_string_append (out, weak == 1 ? "A weak entity tag: good enough for reading, no proof that "
                                      "every byte is the same."
                                    : "A strong entity tag: the same tag means the same bytes.");
  else
    g_string_append_printf (out, "Any of %u entity tags%s.", n,
                            weak > 0 ? ", some of them weak" : "");
  return TRUE;
}

/* clang-format off */
static const struct
{
  const char *name, *words;
} directives[] = {
  { "no-store", "keep no copy" },
  { "no-cache", "ask before every reuse" },
  { "private", "for one user's cache alone" },
  { "public", "any cache may keep it" },
  { "must-revalidate", "once stale, never without asking" },
  { "proxy-revalidate", "once stale, shared caches must ask" },
  { "must-understand", "keep it only if the status code is understood" },
  { "no-transform", "nobody on the way may change the content" },
  { "immutable", "it will not change while it is fresh" },
  { "only-if-cached", "from a cache or not at all" },
  { "max-age", "fresh for" },
  { "s-maxage", "in shared caches fresh for" },
  { "stale-while-revalidate", "while asking, usable after that for" },
  { "stale-if-error", "should asking fail, usable after that for" },
  { "max-stale", "may have been stale for" },
  { "min-fresh", "must stay fresh for" },
};
/* clang-format on */

static void
append_directive (GString *out, const RtDirective *directive)
{
  gint64 seconds;

  for (gsize i = 0; i < G_N_ELEMENTS (directives); i++)
    {
      if (!rt_text_is_nocase (directive->name, directives[i].name))
        continue;
      g_string_append (out, directives[i].words);
      if (directive->has_value && rt_directive_get_seconds (directive, &seconds))
        {
          g_string_append_c (out, ' ');
          append_seconds (out, seconds);
        }
      else if (directive->has_value)
        {
          g_string_append (out, ": ");
          append_shown (out, directive->value);
        }
      return;
    }
  append_shown (out, directive->whole);
  g_string_append (out, " (not known: ignored)");
}

static gboolean
read_cache_control (GString *out, RtText value, RtTime now)
{
  RtText rest = value;
  RtDirective directive;
  gboolean any = FALSE;

  while (rt_directive_next (&rest, &directive))
    {
      if (any)
        g_string_append (out, "; ");
      append_directive (out, &directive);
      any = TRUE;
    }
  if (any)
    g_string_append_c (out, '.');
  return any;
}

static gboolean
read_media_type (GString *out, RtText value, RtTime now)
{
  RtMediaType type;
  RtText rest;
  RtParameter parameter;

  if (!rt_media_type_parse (value, &type))
    return FALSE;
  append_shown (out, type.essence);
  rest = type.parameters;
  while (rt_parameter_next (&rest, &parameter))
    {
      g_autofree char *text = rt_parameter_dup_value (&parameter);

      g_string_append (out, ", ");
      append_shown (out, parameter.name);
      g_string_append_c (out, ' ');
      append_shown (out, rt_text (text));
    }
  g_string_append_c (out, '.');
  return TRUE;
}

static gboolean
read_preferences (GString *out, RtText value, RtAccept accept)
{
  RtText rest = value;
  RtPreference preference;
  gboolean any = FALSE;

  while (rt_accept_next (&rest, accept, &preference))
    {
      if (preference.malformed)
        return FALSE;
      if (any)
        g_string_append (out, "; ");
      append_shown (out, preference.range);
      if (preference.quality == 0)
        g_string_append (out, " not at all");
      else if (preference.quality < 1000)
        g_string_append_printf (out, " at 0.%03u", preference.quality);
      else
        g_string_append (out, " gladly");
      any = TRUE;
    }
  if (any)
    g_string_append_c (out, '.');
  return any;
}

static gboolean
read_accept (GString *out, RtText value, RtTime now)
{
  return read_preferences (out, value, RT_ACCEPT_MEDIA);
}

static gboolean
read_accept_encoding (GString *out, RtText value, RtTime now)
{
  if (value.length > 0)
    return read_preferences (out, value, RT_ACCEPT_ENCODING);
  g_string_append (out, "No coding at all.");
  return TRUE;
}

static gboolean
read_accept_language (GString *out, RtText value, RtTime now)
{
  return read_preferences (out, value, RT_ACCEPT_LANGUAGE);
}

static void
append_range (GString *out, const RtRangeSpec *spec)
{
  if (spec->kind == RT_RANGE_CLOSED)
    g_string_append_printf (out, "bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, spec->first,
                            spec->last);
  else if (spec->kind == RT_RANGE_OPEN)
    g_string_append_printf (out, "from byte %" G_GUINT64_FORMAT " on", spec->first);
  else
    g_string_append_printf (out, "the last %" G_GUINT64_FORMAT " bytes", spec->suffix);
}

static gboolean
read_range (GString *out, RtText value, RtTime now)
{
  RtText unit, rest;
  RtRangeSpec spec;
  const char *joint = "";

  if (!rt_range_is_valid (value) || !rt_range_split (value, &unit, &rest)
      || !rt_text_is_nocase (unit, "bytes"))
    return FALSE;
  while (rt_range_next (&rest, &spec))
    {
      g_string_append (out, joint);
      append_range (out, &spec);
      joint = ", ";
    }
  g_string_append_c (out, '.');
  return TRUE;
}

static gboolean
read_content_range (GString *out, RtText value, RtTime now)
{
  RtContentRange range;

  if (!rt_content_range_parse (value, &range))
    return FALSE;
  if (range.unsatisfied)
    g_string_append_printf (out, "The whole has %" G_GUINT64_FORMAT " bytes.", range.complete);
  else
    g_string_append_printf (out, "Bytes %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT, range.first,
                            range.last);
  if (!range.unsatisfied && range.has_complete)
    g_string_append_printf (out, " of %" G_GUINT64_FORMAT ".", range.complete);
  else if (!range.unsatisfied)
    g_string_append (out, " of a length not known yet.");
  return TRUE;
}

static gboolean
read_credentials (GString *out, RtText value, RtTime now)
{
  RtChallenge credentials;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;

  if (!rt_credentials_parse (value, &credentials))
    return FALSE;
  append_shown (out, credentials.scheme);
  if (rt_text_is_nocase (credentials.scheme, "Basic")
      && rt_basic_credentials_parse (&credentials, &user, &password))
    {
      g_string_append (out, ": user ");
      append_shown (out, rt_text (user));
      g_string_append (out, " and a password, both readable by anybody who sees this (base64)");
    }
  else if (rt_text_is_nocase (credentials.scheme, "Bearer"))
    g_string_append (out, ": whoever holds this token may use it");
  g_string_append_c (out, '.');
  return TRUE;
}

static gboolean
read_vary (GString *out, RtText value, RtTime now)
{
  RtText rest = value;
  RtText name;
  const char *joint = "Depends on ";

  if (rt_text_is (rt_text_trim (value), "*"))
    {
      g_string_append (out, "Depends on more than the request: never reused without asking.");
      return TRUE;
    }
  while (rt_list_next (&rest, &name))
    {
      g_string_append (out, joint);
      append_shown (out, name);
      joint = ", ";
    }
  g_string_append_c (out, '.');
  return TRUE;
}

/* clang-format off */
static const struct
{
  const char *name;
  Reader read;
} readers[] = {
  { "Accept", read_accept },
  { "Accept-Encoding", read_accept_encoding },
  { "Accept-Language", read_accept_language },
  { "Access-Control-Max-Age", read_seconds },
  { "Age", read_seconds },
  { "Authorization", read_credentials },
  { "Cache-Control", read_cache_control },
  { "CDN-Cache-Control", read_cache_control },
  { "Content-Length", read_bytes },
  { "Content-Range", read_content_range },
  { "Content-Type", read_media_type },
  { "Date", read_date },
  { "ETag", read_etags },
  { "Expires", read_date },
  { "If-Match", read_etags },
  { "If-Modified-Since", read_date },
  { "If-None-Match", read_etags },
  { "If-Unmodified-Since", read_date },
  { "Last-Modified", read_date },
  { "Proxy-Authorization", read_credentials },
  { "Range", read_range },
  { "Retry-After", read_seconds_or_date },
  { "Sunset", read_date },
  { "Vary", read_vary },
};
/* clang-format on */

static void
append_value (GString *out, const RtField *field, RtTime now)
{
  gsize before = out->len;

  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++)
    {
      if (!rt_text_is_nocase (field->name, readers[i].name))
        continue;
      g_string_append (out, "\nHere: ");
      if (readers[i].read (out, field->value, now))
        return;
      g_string_truncate (out, before);
      g_string_append (out, "\nHere: a value that does not follow the field's grammar.");
      return;
    }
}

/**
 * rt_field_note:
 * @field: a field line of a message
 * @message: (nullable): the message; tells when a field is in the wrong kind of message
 * @now: when the message was sent, or %RT_TIME_UNKNOWN: dates are told relative to it
 *
 * Returns: (transfer full): what the field tells the recipient; where there is a grammar, on a
 *   second line what this value says; UTF-8
 */
char *
rt_field_note (const RtField *field, const RtMessage *message, RtTime now)
{
  const RtFieldInfo *info = rt_field_info (field->name);
  GString *out = g_string_new (NULL);

  if (info == NULL)
    {
      g_string_append (out, "No field of the reference: a recipient that does not know it ignores "
                            "it, and a proxy passes it on.");
      return g_string_free (out, FALSE);
    }
  g_string_append (out, info->summary);
  if (message != NULL && !rt_text_is (rt_text (info->where), "both")
      && rt_text_is (rt_text (info->where), "request") != (message->kind == RT_MESSAGE_REQUEST))
    g_string_append_printf (out, " It means nothing in a %s.",
                            message->kind == RT_MESSAGE_REQUEST ? "request" : "response");
  append_value (out, field, now);
  return g_string_free (out, FALSE);
}
