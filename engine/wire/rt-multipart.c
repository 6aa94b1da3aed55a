/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A delimiter is a line: two hyphens, the boundary, two more after the last part, and white space
 * that transport may have added (RFC 2046 §5.1.1). The line break before it belongs to it and not
 * to the part. Bare line feeds are taken for line breaks: many writers use them. */
#include "rt-multipart.h"

#include <string.h>

/* @at: where its hyphens begin; @before: where what it ends does; @after: behind its line */
typedef struct
{
  const char *at, *before, *after;
  gboolean last;
} Delimiter;

static gboolean
starts_with (const char *at, const char *end, RtText text)
{
  return (gsize)(end - at) >= text.length && memcmp (at, text.at, text.length) == 0;
}

/* Where the line break at @at ends; %NULL: there is none. */
static const char *
skip_break (const char *at, const char *end)
{
  if (at < end && *at == '\n')
    return at + 1;
  return end - at >= 2 && at[0] == '\r' && at[1] == '\n' ? at + 2 : NULL;
}

static gboolean
read_delimiter (const char *at, const char *end, RtText boundary, Delimiter *ret)
{
  const char *behind = at + 2;

  if (!starts_with (at, end, rt_text ("--")) || !starts_with (behind, end, boundary))
    return FALSE;
  behind += boundary.length;
  ret->at = at;
  ret->last = starts_with (behind, end, rt_text ("--"));
  behind += ret->last ? 2 : 0;
  while (behind < end && (*behind == ' ' || *behind == '\t'))
    behind++;
  ret->after = behind == end ? end : skip_break (behind, end);
  return ret->after != NULL;
}

/* The first one in @text, at the beginning of a line. */
static gboolean
find_delimiter (RtText text, RtText boundary, Delimiter *ret)
{
  const char *end = text.at + text.length;

  for (const char *at = text.at; at != NULL && at < end;)
    {
      if (read_delimiter (at, end, boundary, ret))
        {
          ret->before = at;
          if (at > text.at)
            ret->before -= at - text.at >= 2 && at[-2] == '\r' ? 2 : 1;
          return TRUE;
        }
      at = memchr (at, '\n', (gsize)(end - at));
      at = at != NULL ? at + 1 : NULL;
    }
  return FALSE;
}

static RtText
between (const char *from, const char *to)
{
  return (RtText){ from, (gsize)(to - from) };
}

/* The header section ends at an empty line; a part may have none and begin with that line. */
static void
split (RtText whole, RtPart *part)
{
  const char *end = whole.at + whole.length;

  for (const char *at = whole.at; at < end;)
    {
      const char *behind = skip_break (at, end);

      if (behind != NULL)
        {
          part->head = between (whole.at, at);
          part->content = between (behind, end);
          return;
        }
      at = memchr (at, '\n', (gsize)(end - at));
      if (at == NULL)
        break;
      at++;
    }
  part->head = whole;
  part->content = between (end, end);
}

/**
 * rt_multipart_next:
 * @rest: the content, before the first call; what is still to be read, after it
 * @boundary: of the field Content-Type; not empty
 * @ret_part: the next part; untouched where there is none
 *
 * What stands before the first delimiter and after the last says nothing (RFC 2046 §5.1.1).
 *
 * Returns: whether there was one more
 */
gboolean
rt_multipart_next (RtText *rest, RtText boundary, RtPart *ret_part)
{
  const char *end = rest->at + rest->length;
  Delimiter first, next;
  RtText whole;

  if (boundary.length == 0 || rest->length == 0 || !find_delimiter (*rest, boundary, &first)
      || first.last)
    return FALSE;
  whole = between (first.after, end);
  ret_part->cut = !find_delimiter (whole, boundary, &next);
  *rest = ret_part->cut ? between (end, end) : between (next.at, end);
  if (!ret_part->cut)
    whole.length = (gsize)(next.before - whole.at);
  split (whole, ret_part);
  return TRUE;
}

/**
 * rt_part_find_field:
 * @name: of a field, in any case
 * @ret_value: the value of the first such line, without white space around it; untouched on failure
 *
 * Returns: whether the part has it
 */
gboolean
rt_part_find_field (const RtPart *part, const char *name, RtText *ret_value)
{
  const char *at = part->head.at, *end = at + part->head.length;
  gsize length = strlen (name);

  while (at < end)
    {
      const char *line_end = memchr (at, '\n', (gsize)(end - at));
      RtText value;

      line_end = line_end != NULL ? line_end : end;
      if ((gsize)(line_end - at) > length && at[length] == ':'
          && g_ascii_strncasecmp (at, name, length) == 0)
        {
          value = between (at + length + 1, line_end);
          while (value.length > 0 && g_ascii_isspace (value.at[value.length - 1]))
            value.length--;
          while (value.length > 0 && g_ascii_isspace (*value.at))
            value = between (value.at + 1, value.at + value.length);
          *ret_value = value;
          return TRUE;
        }
      at = MIN (line_end + 1, end);
    }
  return FALSE;
}
