/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The fields of a reconstructed message bind nobody: its content has neither chunks nor codings any
 * more, and may be of another length than they say. A capture has no other place to say where it
 * ends, so there the fields have to be true. */
#include "rt-rebuilt-head.h"

#include <string.h>

#define LENGTH "content-length:"

static gboolean
is_of (RtText line, const char *name)
{
  return line.length >= strlen (name)
         && rt_text_is_nocase (rt_text_sub (line, 0, strlen (name)), name);
}

/* Fields that say of content what is no longer so. */
static gboolean
says_coding (RtText line)
{
  return is_of (line, "transfer-encoding:") || is_of (line, "content-encoding:")
         || is_of (line, "trailer:");
}

/* Messages that end with their head whatever their fields say, RFC 9112 §6.3. */
static gboolean
has_no_content (RtText head, const char *method)
{
  gssize space = rt_text_find (head, rt_text (" "));
  const char *status = head.at + space + 1;

  if (method == NULL || space < 0 || head.length < (gsize)space + 4)
    return FALSE;
  return strcmp (method, "HEAD") == 0 || status[0] == '1' || memcmp (status, "204", 3) == 0
         || memcmp (status, "304", 3) == 0 || (strcmp (method, "CONNECT") == 0 && status[0] == '2');
}

static void
append_length (GString *out, guint64 length)
{
  g_string_append_printf (out, "Content-Length: %" G_GUINT64_FORMAT "\r\n", length);
}

/**
 * rt_rebuilt_head_frame:
 * @head: start line and field lines, the empty line included
 * @method: (nullable): of the request, where this is a response
 * @length: of the content that follows
 *
 * Returns: (transfer full): the head with fields by which a reader finds the message's end
 */
GString *
rt_rebuilt_head_frame (RtText head, const char *method, guint64 length)
{
  GString *out = g_string_sized_new (head.length + 32);
  RtText rest = head;
  gboolean told = method == NULL && length == 0;
  gssize end;

  if (has_no_content (head, method))
    return g_string_append_len (out, head.at, (gssize)head.length);
  while ((end = rt_text_find (rest, rt_text ("\r\n"))) > 0)
    {
      if (is_of (rest, LENGTH))
        {
          if (!told)
            append_length (out, length);
          told = TRUE;
        }
      else if (!says_coding (rest))
        g_string_append_len (out, rest.at, end + 2);
      rest = rt_text_sub (rest, (gsize)end + 2, rest.length - (gsize)end - 2);
    }
  if (!told)
    append_length (out, length);
  return g_string_append (out, "\r\n");
}
