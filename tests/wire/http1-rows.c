/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs tables of HTTP/1.x inputs: each row is a test, and is read in every way of feeding and in
 * both modes, alone and with more bytes behind it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "http1-rows.h"

/* Up to this length inputs are cut at every place. */
#define CUT_EVERYWHERE 600

#define NEXT_REQUEST "GET /next HTTP/1.1\r\nHost: n\r\n\r\n"
#define NEXT_REQUEST_SCRIPT "HEAD GET /next 1.1 | END 31 | CLOSED"
#define NEXT_RESPONSE "HTTP/1.1 204 next\r\n\r\n"
#define NEXT_RESPONSE_SCRIPT "HEAD 204 1.1 | END 21 | CLOSED"
#define GARBAGE "\r\n\0 \t:garbage HTTP/9.9\n\n"

typedef struct
{
  RtMessageKind kind;
  const Http1Row *row;
} State;

static void
check (const Http1Read *read, RtText input, const char *expected)
{
  g_autofree char *script = http1_script (read, input);

  assert_string_equal (script, expected);
}

static void
check_feedings (const State *state, RtHttp1Mode mode, RtText input, const char *expected)
{
  Http1Read read = { state->kind, mode, state->row->asked, NULL, HTTP1_WHOLE, 0 };

  check (&read, input, expected);
  read.feeding = HTTP1_BYTEWISE;
  check (&read, input, expected);
  read.feeding = HTTP1_HALVES;
  if (input.length <= CUT_EVERYWHERE)
    for (read.cut = 1; read.cut < input.length; read.cut++)
      check (&read, input, expected);
}

/* With the next message behind it, if there can be one; behind an error, with anything. */
static void
check_with_more (const State *state, RtHttp1Mode mode, RtText input, const char *expected)
{
  gboolean request = state->kind == RT_MESSAGE_REQUEST;
  RtText more = request ? RT_TEXT (NEXT_REQUEST) : RT_TEXT (NEXT_RESPONSE);
  g_autoptr (GString) all = g_string_new_len (input.at, (gssize)input.length);
  g_autoptr (GString) script = g_string_new (expected);

  if (strstr (expected, "ERROR") != NULL)
    more = RT_TEXT (GARBAGE);
  else if (strstr (expected, "END") == NULL || !g_str_has_suffix (expected, "CLOSED")
           || strstr (expected, "close") != NULL || strstr (expected, "tunnel") != NULL)
    return;
  else
    {
      g_string_truncate (script, script->len - strlen ("CLOSED"));
      g_string_append (script, request ? NEXT_REQUEST_SCRIPT : NEXT_RESPONSE_SCRIPT);
    }
  g_string_append_len (all, more.at, (gssize)more.length);
  check_feedings (state, mode, (RtText){ all->str, all->len }, script->str);
}

static void
test_row (void **state)
{
  const State *test = *state;
  const Http1Row *row = test->row;
  const char *scripts[] = { row->strict, row->tolerant != NULL ? row->tolerant : row->strict };

  for (guint mode = RT_HTTP1_STRICT; mode <= RT_HTTP1_TOLERANT; mode++)
    {
      check_feedings (test, mode, row->input, scripts[mode]);
      check_with_more (test, mode, row->input, scripts[mode]);
    }
}

/**
 * http1_run_rows:
 * @group: name of the table
 * @kind: what its inputs are
 * @rows: (array length=n_rows): the table
 *
 * Returns: how many rows failed
 */
int
http1_run_rows (const char *group, RtMessageKind kind, const Http1Row *rows, gsize n_rows)
{
  g_autofree struct CMUnitTest *tests = g_new0 (struct CMUnitTest, n_rows);
  g_autofree State *states = g_new0 (State, n_rows);

  for (gsize i = 0; i < n_rows; i++)
    {
      states[i] = (State){ kind, &rows[i] };
      tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, &states[i] };
    }
  return _cmocka_run_group_tests (group, tests, n_rows, NULL, NULL);
}
