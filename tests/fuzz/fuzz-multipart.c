/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts and events. Invariants, whatever the bytes are: each lies in the content, behind the one
 * before it; each call reads on, so that reading ends.
 *
 * The first byte picks what is read; of parts, the second is the boundary. */
#include "rt-event-stream.h"
#include "rt-multipart.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_parts (RtText text)
{
  RtText boundary = { text.at, 1 }, rest = { text.at + 1, text.length - 1 }, value;
  const char *end = text.at + text.length, *last = rest.at;
  RtPart part;

  while (rt_multipart_next (&rest, boundary, &part))
    {
      g_assert_true (part.head.at > last && part.content.at + part.content.length <= end);
      g_assert_true (part.head.at + part.head.length <= part.content.at);
      g_assert_true (!part.cut || rest.length == 0);
      if (rt_part_find_field (&part, "Content-Type", &value))
        g_assert_true (value.at >= part.head.at
                       && value.at + value.length <= part.head.at + part.head.length);
      last = part.content.at;
    }
}

static void
check_events (RtText text)
{
  RtText rest = text;
  gsize before = text.length + 1;
  RtServerEvent event;

  while (rt_event_stream_next (&rest, &event))
    {
      g_autofree char *data = rt_server_event_dup_data (&event);

      g_assert_cmpuint (rest.length, <, before);
      g_assert_true (event.block.at >= text.at
                     && event.block.at + event.block.length <= text.at + text.length);
      before = rest.length;
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  RtText text;

  if (size < 2)
    return 0;
  text = (RtText){ (const char *)data + 1, size - 1 };
  if (data[0] % 2 == 0)
    check_parts (text);
  else
    check_events (text);
  return 0;
}
