/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain client: which connections it takes, how it reads responses, and its reactions. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dialogue.h"
#include "rt-client.h"

#define HOST " HTTP/1.1\\r\\nHost: a\\r\\n"
#define GET "task GET /d" HOST "\\r\\n\n"
#define SENT_GET(n) "send " n " GET /d" HOST "\\r\\n\n"
#define OK_GET "HTTP/1.1 200 OK\\r\\nContent-Length: 3\\r\\n"
#define OPEN GET "connected 1\n"
#define OPENED "connect 1 a:80\n" SENT_GET ("1")
#define LAST(what) "finish 1: " what "\n"

typedef struct
{
  const char *name, *script, *want;
} Row;

#define POST "task POST /d" HOST "Content-Length: 1\\r\\n\\r\\nx\nconnected 1\n"
#define POSTED "connect 1 a:80\nsend 1 POST /d" HOST "Content-Length: 1\\r\\n\\r\\nx\n"
#define MOVED(status, to)                                                                          \
  "bytes 1 HTTP/1.1 " status " Moved\\r\\nLocation: " to "\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
#define SAYS(status, fields)                                                                       \
  "bytes 1 HTTP/1.1 " status " x\\r\\n" fields "Content-Length: 0\\r\\n\\r\\n\n"
#define DONE "HTTP/1.1 204 No Content\\r\\n\\r\\n"

/* The words before a request: @new, @NAME (a named connection), @5s (a timeout), @close. */

/* clang-format off */
static const Row rows[] = {
  { "a 503 is tried again, each time after twice as long", OPEN SAYS ("503", "") "wait 999ms\nwait 1ms\n" SAYS ("503", "") "wait 1999ms\nwait 1ms\n" SAYS ("503", "") "wait 1h",
    "connect 1 a:80\n"
    "send 1 GET /d HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n"
    "decide retry retry\n"
    "send 1 GET /d HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n"
    "decide retry retry\n"
    "send 1 GET /d HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n"
    "decide retry give-up\n"
    "finish 1\n"
    "close 1\n" },
  { "… and not before Retry-After", OPEN SAYS ("503", "Retry-After: 10\\r\\n") "wait 9s\nwait 1s\nbytes 1 " OK_GET "\\r\\none",
    "connect 1 a:80\n"
    "send 1 GET /d HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n"
    "decide retry retry\n"
    "send 1 GET /d HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\n"
    "finish 1\n" },
  { "a POST that a gateway has no answer to is not sent again", POST SAYS ("504", ""), "connect 1 a:80\n"
    "send 1 POST /d HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nx\n"
    "decide retry give-up\n"
    "finish 1\n" },
  { "… but by those who never ask", POST SAYS ("502", "") SAYS ("502", "") SAYS ("502", ""), "connect 1 a:80\n"
    "send 1 POST /d HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nx\n"
    "decide client.again again\n"
    "send 1 POST /d HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nx\n"
    "decide client.again again\n"
    "send 1 POST /d HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1\\r\\n\\r\\nx\n"
    "decide client.again give-up\n"
    "finish 1\n" },
  { "one exchange", OPEN "bytes 1 " OK_GET "\\r\\none", OPENED "finish 1\n" },
  { "the connection is used again", OPEN "bytes 1 " OK_GET "\\r\\none\n" GET "bytes 1 " OK_GET "\\r\\ntwo",
    OPENED "finish 1\n" SENT_GET ("1") "finish 2\n" },
  { "not by two at a time", OPEN GET "connected 2\nbytes 2 " OK_GET "\\r\\none\nbytes 1 " OK_GET "\\r\\none",
    OPENED "connect 2 a:80\n" SENT_GET ("2") "finish 2\nfinish 1\n" },
  { "a new one if asked for", OPEN "bytes 1 " OK_GET "\\r\\none\ntask @new GET /d" HOST "\\r\\n",
    OPENED "finish 1\nconnect 2 a:80\n" },
  { "a named one carries requests ahead of their answers", "task @x GET /d" HOST "\\r\\n\ntask @x HEAD /d" HOST "\\r\\n\nconnected 1\nbytes 1 " OK_GET "\\r\\none" OK_GET "\\r\\n",
    "connect 1 a:80\n" SENT_GET ("1") "send 1 HEAD /d" HOST "\\r\\n\nfinish 1\nfinish 2\n" },
  { "HEAD has no content whatever its fields say", "task HEAD /d" HOST "\\r\\n\nconnected 1\nbytes 1 " OK_GET "\\r\\n",
    "connect 1 a:80\nsend 1 HEAD /d" HOST "\\r\\n\nfinish 1\n" },
  { "interim responses are not the answer", OPEN "bytes 1 HTTP/1.1 103 Early Hints\\r\\n\\r\\n\nbytes 1 HTTP/1.1 204 No Content\\r\\n\\r\\n",
    OPENED "finish 1\n" },
  { "content up to the close", OPEN "bytes 1 HTTP/1.1 200 OK\\r\\n\\r\\nall of\nbytes 1  it\neof 1",
    OPENED "close 1\nfinish 1\n" },
  { "chunked content", OPEN "bytes 1 HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n3\\r\\none\\r\\n\nbytes 1 0\\r\\n\\r\\n",
    OPENED "finish 1\n" },
  { "the server closes after this one", OPEN "bytes 1 " OK_GET "Connection: close\\r\\n\\r\\none\neof 1\n" GET,
    OPENED "close 1\nfinish 1\nconnect 2 a:80\n" },
  { "the server closed while nothing was asked", OPEN "bytes 1 " OK_GET "\\r\\none\neof 1\n" GET,
    OPENED "finish 1\nclose 1\nconnect 2 a:80\n" },
  { "the end before any answer", OPEN "eof 1",
    OPENED "close 1\n" LAST ("the connection was closed before a response came") },
  { "the end in the middle of the answer", OPEN "bytes 1 " OK_GET "\\r\\no\neof 1",
    OPENED "close 1\n" LAST ("the connection ended in the middle of the response") },
  { "a reset", OPEN "reset 1", OPENED LAST ("the connection was cut off") },
  { "no connection", GET "failed 1 a:80: connection refused", "connect 1 a:80\n" LAST ("a:80: connection refused") },
  { "a kept connection that turns out dead: a GET is sent again", OPEN "bytes 1 " OK_GET "\\r\\none\n" GET "reset 1\nconnected 2\nbytes 2 " OK_GET "\\r\\none",
    OPENED "finish 1\n" SENT_GET ("1") "decide retry retry\nconnect 2 a:80\n" SENT_GET ("2") "finish 2\n" },
  { "… and a POST is not", OPEN "bytes 1 " OK_GET "\\r\\none\ntask POST /d" HOST "Content-Length: 1\\r\\n\\r\\nx\nreset 1",
    OPENED "finish 1\nsend 1 POST /d" HOST "Content-Length: 1\\r\\n\\r\\nx\ndecide retry give-up\nfinish 2: the connection was cut off\n" },
  { "no answer in time", "task @5s GET /d" HOST "\\r\\n\nconnected 1\nwait 6s",
    "connect 1 a:80\n" SENT_GET ("1") "cut 1\nfinish 1: no response came in time\n" },
  { "an answer in time", "task @5s GET /d" HOST "\\r\\n\nconnected 1\nbytes 1 " OK_GET "\\r\\none\nwait 6s",
    "connect 1 a:80\n" SENT_GET ("1") "finish 1\n" },
  { "an answer that nobody asked for is taken for no other's", OPEN "bytes 1 " OK_GET "\\r\\none" OK_GET "\\r\\ntwo\n" GET,
    OPENED "close 1\nfinish 1\nconnect 2 a:80\n" },
  { "bytes behind the content are not taken either", OPEN "bytes 1 " OK_GET "\\r\\nonetwo\n" GET,
    OPENED "close 1\nfinish 1\nconnect 2 a:80\n" },
  { "bytes that are no request still get their answer", "task nonsense\nconnected 1\nbytes 1 HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\nConnection: close\\r\\n\\r\\n\neof 1",
    "connect 1 a:80\nsend 1 nonsense\nclose 1\nfinish 1\n" },
  { "two requests in one are answered by two", "task GET /d" HOST "\\r\\nGET /d" HOST "\\r\\n\nconnected 1\nbytes 1 " OK_GET "\\r\\none\nbytes 1 " OK_GET "\\r\\none",
    "connect 1 a:80\nsend 1 GET /d" HOST "\\r\\nGET /d" HOST "\\r\\n\nfinish 1\n" },
  { "not used for its idle time", OPEN "bytes 1 " OK_GET "\\r\\none\nwait 19s\nwait 2s\n" GET,
    OPENED "finish 1\nclose 1\nconnect 2 a:80\n" },
  { "used again, it is kept for another idle time", OPEN "bytes 1 " OK_GET "\\r\\none\nwait 19s\n" GET "wait 2s\nbytes 1 " OK_GET "\\r\\none\nwait 19s\n" GET,
    OPENED "finish 1\n" SENT_GET ("1") "finish 2\n" SENT_GET ("1") },
  { "told to close", OPEN "bytes 1 " OK_GET "\\r\\none\ntask @close", OPENED "finish 1\nclose 1\nfinish 2\n" },

  { "412: fetch, merge, put again", OPEN "bytes 1 " OK_GET "ETag: \"1\"\\r\\n\\r\\none\n"
    "task PUT /d" HOST "If-Match: \"1\"\\r\\nContent-Length: 7\\r\\n\\r\\none\\ntwo\n"
    "bytes 1 HTTP/1.1 412 Precondition Failed\\r\\nContent-Length: 0\\r\\n\\r\\n\n"
    "bytes 1 HTTP/1.1 200 OK\\r\\nETag: \"2\"\\r\\nContent-Length: 8\\r\\n\\r\\nzero\\none\n"
    "bytes 1 HTTP/1.1 204 No Content\\r\\n\\r\\n",
    OPENED "finish 1\nsend 1 PUT /d" HOST "If-Match: \"1\"\\r\\nContent-Length: 7\\r\\n\\r\\none\\ntwo\n"
    "decide client.merge refetch\nsend 1 GET /d" HOST "\\r\\n\ndecide client.merge retry\n"
    "state merge a:80 /d {'base': <'one'>, 'mine': <'one\\ntwo'>, 'theirs': <'zero\\none'>, 'merged': <'zero\\none\\ntwo'>, 'conflicts': <int64 0>}\n"
    "send 1 PUT /d" HOST "If-Match: \"2\"\\r\\nContent-Length: 12\\r\\n\\r\\nzero\\none\\ntwo\nfinish 2\n" },
  { "412 to a DELETE is final", "task DELETE /d" HOST "If-Match: \"1\"\\r\\n\\r\\n\nconnected 1\nbytes 1 HTTP/1.1 412 Precondition Failed\\r\\nContent-Length: 0\\r\\n\\r\\n",
    "connect 1 a:80\nsend 1 DELETE /d" HOST "If-Match: \"1\"\\r\\n\\r\\n\ndecide client.merge give-up\nfinish 1\n" },
  { "there is nothing to merge with any more", "task PUT /d" HOST "If-Match: \"1\"\\r\\nContent-Length: 1\\r\\n\\r\\nx\nconnected 1\n"
    "bytes 1 HTTP/1.1 412 Precondition Failed\\r\\nContent-Length: 0\\r\\n\\r\\n\nbytes 1 HTTP/1.1 404 Not Found\\r\\nContent-Length: 0\\r\\n\\r\\n",
    "connect 1 a:80\nsend 1 PUT /d" HOST "If-Match: \"1\"\\r\\nContent-Length: 1\\r\\n\\r\\nx\ndecide client.merge refetch\n" SENT_GET ("1") "decide client.merge give-up\nfinish 1\n" },

  { "a 301 makes a GET of a POST", POST MOVED ("301", "/e") "bytes 1 " DONE,
    POSTED "decide redirect follow\nsend 1 GET /e" HOST "\\r\\n\nfinish 1\n" },
  { "a 308 keeps method and content", POST MOVED ("308", "/e") "bytes 1 " DONE,
    POSTED "decide redirect follow\nsend 1 POST /e" HOST "Content-Length: 1\\r\\n\\r\\nx\nfinish 1\n" },
  { "credentials do not go to another host", "task GET /d" HOST "Authorization: Basic x\\r\\n\\r\\n\nconnected 1\n" MOVED ("302", "http://b:81/e") "connected 2\nbytes 2 " DONE,
    "connect 1 a:80\nsend 1 GET /d" HOST "Authorization: Basic x\\r\\n\\r\\n\ndecide redirect follow\nconnect 2 b:81\nsend 2 GET /e HTTP/1.1\\r\\nHost: b:81\\r\\n\\r\\n\nfinish 1\n" },
  { "a redirection out of plain HTTP is left to others", OPEN MOVED ("301", "https://a/d"),
    OPENED "decide redirect follow\nfinish 1\n" },
  { "a redirection to nowhere is the answer", OPEN "bytes 1 HTTP/1.1 302 Found\\r\\nContent-Length: 0\\r\\n\\r\\n",
    OPENED "decide redirect deliver\nfinish 1\n" },
};
/* clang-format on */

static void
task_free (gpointer data)
{
  RtClientTask *task = data;

  g_clear_pointer (&task->request.bytes, g_bytes_unref);
  g_free ((gpointer)task->request.name);
  g_free (task);
}

static gconstpointer
make_task (gpointer data, const char *text)
{
  RtClientTask *task = g_new0 (RtClientTask, 1);
  g_auto (GStrv) words = g_strsplit (text, " ", 2);

  g_ptr_array_add (data, task);
  task->request.to = (RtEndpoint){ .host = "a", .port = 80 };
  if (strcmp (text, "@close") == 0)
    {
      task->kind = RT_CLIENT_CLOSE;
      return task;
    }
  if (strcmp (words[0], "@new") == 0)
    task->request.policy = RT_POOL_NEW;
  else if (words[0][0] == '@' && g_ascii_isdigit (words[0][1]))
    rt_duration_parse (words[0] + 1, &task->request.timeout, NULL);
  else if (words[0][0] == '@')
    {
      task->request.policy = RT_POOL_NAMED;
      task->request.name = g_strdup (words[0] + 1);
    }
  task->request.bytes = dialogue_bytes (words[0][0] == '@' ? words[1] : text);
  return task;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);
  RtClient *client = rt_client_new ();
  Dialogue dialogue
      = { .klass = &rt_client_class, .self = client, .task = make_task, .data = tasks };
  g_autoptr (GVariant) given = g_variant_ref_sink (
      g_variant_new_parsed ("{'follow': <true>, 'idle-time': <int64 20000000>}"));
  g_autofree char *out = NULL;

  rt_client_set_reaction (client, 412, RT_REACTION_REFETCH_MERGE_RETRY);
  rt_client_set_reaction (client, 503, RT_REACTION_RETRY);
  rt_client_set_reaction (client, 504, RT_REACTION_RETRY);
  rt_client_set_reaction (client, 502, RT_REACTION_RETRY_AT_ONCE);
  assert_true (rt_client_set (client, given, NULL));
  out = dialogue_play (&dialogue, row->script);
  assert_string_equal (out, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("client", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
