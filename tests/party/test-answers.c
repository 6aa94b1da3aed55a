/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What handlers can do with a request: answer early, as it comes, piece by piece, and when nobody
 * is there any more. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dialogue.h"
#include "rt-server.h"

typedef struct
{
  RtServer *server;
  GString *seen;
  guint pieces;
} Handler;

static gboolean
is (RtServerRequest *request, const char *path)
{
  return g_strcmp0 (request->path, path) == 0;
}

static void
write_text (RtServerRequest *request, const char *text, RtTime now, RtEffects *out)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  rt_server_request_write (request, bytes, now, out);
}

static void
begin (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) refused = rt_message_new_response (403, "Forbidden");
  g_autoptr (RtMessage) ok = rt_message_new_response (200, "OK");

  if (is (request, "/early"))
    rt_server_request_answer (request, refused, NULL, now, out);
  else if (is (request, "/echo"))
    rt_server_request_begin (request, ok, now, out);
}

static void
content (
    gpointer self, RtServerRequest *request, GBytes *bytes, RtSpan span, RtTime now, RtEffects *out)
{
  if (is (request, "/echo"))
    rt_server_request_write (request, bytes, now, out);
}

static void
complete (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  g_autoptr (RtMessage) hints = rt_message_new_response (103, "Early Hints");
  g_autoptr (RtMessage) ok = rt_message_new_response (200, "OK");

  if (is (request, "/echo"))
    {
      rt_server_request_end (request, now, out);
      return;
    }
  if (is (request, "/hints"))
    rt_server_request_begin (request, hints, now, out);
  rt_server_request_begin (request, ok, now, out);
  write_text (request, "one", now, out);
  if (!is (request, "/pieces"))
    rt_server_request_end (request, now, out);
}

static void
writable (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  Handler *handler = self;

  if (!is (request, "/pieces"))
    return;
  write_text (request, "more", now, out);
  if (++handler->pieces == 3)
    rt_server_request_end (request, now, out);
}

static void
gone (gpointer self, RtServerRequest *request, RtTime now, RtEffects *out)
{
  rt_effects_state (out, "gone", request->path, NULL);
  if (is (request, "/pieces"))
    rt_server_request_end (request, now, out);
}

static const RtServerHandler handler_class = { begin, content, complete, writable, gone };

static void
input (gpointer self, const RtInput *it, RtEffects *out)
{
  rt_server_input (((Handler *)self)->server, it, out);
}

static void
free_handler (gpointer self)
{
  rt_server_free (((Handler *)self)->server);
}

static const RtPartyClass party_class = { "origin-handler", input, free_handler };

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define CHUNKED "send 1 HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n\n"

typedef struct
{
  const char *name, *script, *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "content of unknown length is chunked", "accept 1\nbytes 1 GET /" HOST "\\r\\n",
    CHUNKED "send 1 3\\r\\none\\r\\n\nsend 1 0\\r\\n\\r\\n\n" },
  { "… and ends with the connection for HTTP/1.0", "accept 1\nbytes 1 GET / HTTP/1.0\\r\\nConnection: keep-alive\\r\\n\\r\\n",
    "send 1 HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n\nsend 1 one\nclose 1\n" },
  { "HEAD has the fields and no chunk", "accept 1\nbytes 1 HEAD /" HOST "\\r\\n", CHUNKED },
  { "an interim response comes before", "accept 1\nbytes 1 GET /hints" HOST "\\r\\n",
    "send 1 HTTP/1.1 103 Early Hints\\r\\n\\r\\n\n" CHUNKED "send 1 3\\r\\none\\r\\n\nsend 1 0\\r\\n\\r\\n\n" },
  { "… but not to HTTP/1.0", "accept 1\nbytes 1 GET /hints HTTP/1.0\\r\\n\\r\\n",
    "send 1 HTTP/1.1 200 OK\\r\\nConnection: close\\r\\n\\r\\n\nsend 1 one\nclose 1\n" },
  { "piece by piece, as they leave", "accept 1\nbytes 1 GET /pieces" HOST "\\r\\n",
    CHUNKED "send 1 3\\r\\none\\r\\n\nsend 1 4\\r\\nmore\\r\\n\nsend 1 4\\r\\nmore\\r\\n\nsend 1 4\\r\\nmore\\r\\n\nsend 1 0\\r\\n\\r\\n\n" },
  { "content goes back as it comes", "accept 1\nbytes 1 PUT /echo" HOST "Content-Length: 6\\r\\n\\r\\nabc\nbytes 1 def",
    "send 1 HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\nConnection: close\\r\\n\\r\\n\nsend 1 3\\r\\nabc\\r\\n\nsend 1 3\\r\\ndef\\r\\n\nsend 1 0\\r\\n\\r\\n\nclose 1\n" },
  { "answered before the content: the connection ends", "accept 1\nbytes 1 PUT /early" HOST "Content-Length: 6\\r\\n\\r\\nabc\nbytes 1 def\neof 1",
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n\nclose 1\n" },
  { "with Expect the content is not asked for then", "accept 1\nbytes 1 PUT /early" HOST "Expect: 100-continue\\r\\nContent-Length: 6\\r\\n\\r\\n",
    "send 1 HTTP/1.1 403 Forbidden\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n\nclose 1\n" },
  { "the handler hears that nobody is there", "hold\naccept 1\nbytes 1 GET /pieces" HOST "\\r\\n\nreset 1",
    CHUNKED "send 1 3\\r\\none\\r\\n\nstate gone /pieces gone\n" },
  { "… also while the content comes", "accept 1\nbytes 1 PUT /" HOST "Content-Length: 6\\r\\n\\r\\nabc\nreset 1",
    "state gone / gone\n" },
  { "a bad chunk in the middle of an echo cuts it off", "accept 1\nbytes 1 PUT /echo" HOST "Transfer-Encoding: chunked\\r\\n\\r\\n3\\r\\nabc\\r\\nzz\\r\\n",
    "send 1 HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\nConnection: close\\r\\n\\r\\n\ndecide server.request 400\ncut 1\nstate gone /echo gone\n" },
};
/* clang-format on */

static void
test_row (void **state)
{
  const Row *row = *state;
  Handler handler = { 0 };
  Dialogue dialogue = { .klass = &party_class, .self = &handler };
  g_autofree char *out = NULL, *shown = NULL;

  handler.server = rt_server_new (&handler_class, &handler, NULL);
  out = dialogue_play (&dialogue, row->script);
  shown = dialogue_without_dates (out);
  assert_string_equal (shown, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("answers", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
