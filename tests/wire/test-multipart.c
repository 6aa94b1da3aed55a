/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of a multipart content, and events of a stream. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-event-stream.h"
#include "rt-multipart.h"

typedef struct
{
  const char *name, *in, *want;
} Row;

/* clang-format off */
static const Row parts[] = {
  { "each part has a head and a content",
    "--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\nA: 1\r\nB: 2\r\n\r\ntwo\r\n--b--\r\n",
    "[text/plain|one][-|two]" },
  { "what stands before and behind says nothing",
    "preamble\r\n--b\r\n\r\none\r\n--b--\r\nepilogue\r\n--b\r\n\r\nnot this", "[-|one]" },
  { "a longer boundary is another", "--b\r\n\r\none\r\n--bc\r\nstill\r\n--b--", "[-|one\r\n--bc\r\nstill]" },
  { "white space may follow a boundary", "--b \t\r\n\r\none\r\n--b--  \r\n", "[-|one]" },
  { "bare line feeds are line breaks", "--b\nContent-Type: a/b\n\none\n--b--\n", "[a/b|one]" },
  { "an empty part is a part", "--b\r\n\r\n\r\n--b--", "[-|]" },
  { "a part that is cut says so", "--b\r\n\r\none\r\n-", "[-|one\r\n-|cut]" },
  { "a part of a head alone", "--b\r\nContent-Type: a/b\r\n--b--", "[a/b|]" },
  { "a field's name has no case", "--b\r\ncONTENT-tYPE:  a/b \r\n\r\n\r\n--b--", "[a/b|]" },
  { "no delimiter, no part", "one\r\ntwo", "" },
  { "the last delimiter alone ends it", "--b--\r\n", "" },
};

static const Row events[] = {
  { "an empty line ends an event", "data: a\n\ndata: b\n\n", "[message||a][message||b]" },
  { "lines of data are joined", "data: a\r\ndata:b\r\ndata\r\n\r\n", "[message||a\nb\n]" },
  { "type and number", "event: tick\nid: 7\ndata:  a\n\n", "[tick|7| a]" },
  { "CR alone ends a line", "data: a\rdata: b\r\r", "[message||a\nb]" },
  { "a comment is no event that is heard of", ": still here\n\n", "[message|||0]" },
  { "what is not ended is not heard of", "data: a\n", "[message||a|open]" },
  { "a byte order mark is skipped", "\xef\xbb\xbf" "data: a\n\n", "[message||a]" },
  { "a line without a colon is a field without a value", "data\n\n", "[message||]" },
  { "nothing is nothing", "\n\n\n", "" },
};
/* clang-format on */

static void
read_parts (void **state)
{
  const Row *row = *state;
  g_autoptr (GString) got = g_string_new (NULL);
  RtText rest = rt_text (row->in);
  RtPart part;

  while (rt_multipart_next (&rest, rt_text ("b"), &part))
    {
      RtText type = rt_text ("-");

      rt_part_find_field (&part, "Content-Type", &type);
      g_string_append_printf (got, "[%.*s|%.*s%s]", (int)type.length, type.at,
                              (int)part.content.length, part.content.at, part.cut ? "|cut" : "");
    }
  assert_string_equal (got->str, row->want);
}

static void
read_events (void **state)
{
  const Row *row = *state;
  g_autoptr (GString) got = g_string_new (NULL);
  RtText rest = rt_text (row->in);
  RtServerEvent event;

  while (rt_event_stream_next (&rest, &event))
    {
      g_autofree char *data = rt_server_event_dup_data (&event);

      g_string_append_printf (got, "[%.*s|%.*s|%s%s%s]", (int)event.type.length, event.type.at,
                              (int)event.id.length, event.id.at, data,
                              event.n_data == 0 ? "|0" : "", event.complete ? "" : "|open");
    }
  assert_string_equal (got->str, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (parts) + G_N_ELEMENTS (events)];
  gsize n = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    tests[n++] = (struct CMUnitTest){ parts[i].name, read_parts, NULL, NULL, (void *)&parts[i] };
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    tests[n++] = (struct CMUnitTest){ events[i].name, read_events, NULL, NULL, (void *)&events[i] };
  return _cmocka_run_group_tests ("multipart", tests, n, NULL, NULL);
}
