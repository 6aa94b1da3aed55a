/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Lines end with CR, LF or both; an empty line ends an event; a line that begins with a colon is a
 * comment. One space behind the colon of a field is no part of its value. */
#include "rt-event-stream.h"

#include <string.h>

static gboolean
next_line (RtText *rest, RtText *ret_line)
{
  gsize n = 0;

  if (rest->length == 0)
    return FALSE;
  while (n < rest->length && rest->at[n] != '\r' && rest->at[n] != '\n')
    n++;
  *ret_line = (RtText){ rest->at, n };
  if (n + 1 < rest->length && rest->at[n] == '\r' && rest->at[n + 1] == '\n')
    n++;
  n = MIN (n + 1, rest->length);
  *rest = (RtText){ rest->at + n, rest->length - n };
  return TRUE;
}

static void
split (RtText line, RtText *ret_name, RtText *ret_value)
{
  const char *colon = memchr (line.at, ':', line.length);
  gsize length = colon != NULL ? (gsize)(colon - line.at) : line.length;
  gsize skip = colon != NULL ? 1 : 0;

  if (colon != NULL && length + 1 < line.length && colon[1] == ' ')
    skip = 2;
  *ret_name = (RtText){ line.at, length };
  *ret_value = (RtText){ line.at + length + skip, line.length - length - skip };
}

static void
read_line (RtServerEvent *event, RtText line)
{
  RtText name, value;

  split (line, &name, &value);
  if (rt_text_is (name, "data"))
    event->n_data++;
  else if (rt_text_is (name, "event"))
    event->type = value;
  else if (rt_text_is (name, "id")
           && (value.length == 0 || memchr (value.at, '\0', value.length) == NULL))
    event->id = value;
}

/**
 * rt_event_stream_next:
 * @rest: the content, before the first call; what is still to be read, after it
 * @ret_event: the next block of lines; untouched where there is none
 *
 * Comments alone, by which servers keep a connection open, are a block as well.
 *
 * Returns: whether there was one more
 */
gboolean
rt_event_stream_next (RtText *rest, RtServerEvent *ret_event)
{
  RtServerEvent event = { .id = rt_text ("") };
  const char *from, *to;
  RtText line;

  if (rest->length >= 3 && memcmp (rest->at, "\xef\xbb\xbf", 3) == 0)
    *rest = (RtText){ rest->at + 3, rest->length - 3 };
  while (rest->length > 0 && (*rest->at == '\r' || *rest->at == '\n'))
    *rest = (RtText){ rest->at + 1, rest->length - 1 };
  from = to = rest->at;
  while (!event.complete && next_line (rest, &line))
    {
      event.complete = line.length == 0;
      to = event.complete ? to : line.at + line.length;
      read_line (&event, line);
    }
  if (to == from)
    return FALSE;
  event.block = (RtText){ from, (gsize)(to - from) };
  if (event.type.length == 0)
    event.type = rt_text ("message");
  *ret_event = event;
  return TRUE;
}

/** rt_server_event_dup_data: Returns: (transfer full): its lines of data, with LF between them */
char *
rt_server_event_dup_data (const RtServerEvent *event)
{
  GString *data = g_string_new (NULL);
  RtText rest = event->block, line, name, value;
  guint n = 0;

  while (next_line (&rest, &line))
    {
      split (line, &name, &value);
      if (!rt_text_is (name, "data"))
        continue;
      g_string_append (data, n++ > 0 ? "\n" : "");
      g_string_append_len (data, value.at, (gssize)value.length);
    }
  return g_string_free (data, FALSE);
}
