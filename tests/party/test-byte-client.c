/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The byte client: exact bytes, when they leave, and when a task is over. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "dialogue.h"
#include "rt-byte-client.h"

#define OPEN "connect 1 a:80\n"
#define OK "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n"

typedef struct
{
  const char *name, *script, *want;
} Row;

/* The words before the bytes: pN (N bytes a piece), dTIME (between two), sN (stop at byte N), aN
 * (answers to wait for), nNAME, tTIME (patience), half, close, reset. */

/* clang-format off */
static const Row rows[] = {
  { "all bytes in one piece, as they are", "task a1 : GET / HTTP/1.1\\r\\nHost:\\n x\nconnected 1\nbytes 1 " OK "ok",
    OPEN "send 1 GET / HTTP/1.1\\r\\nHost:\\n x\nclose 1\nfinish 1\n" },
  { "pieces without a pause leave one after the other", "task p3 a1 : GET /x\nconnected 1",
    OPEN "send 1 GET\nsend 1  /x\n" },
  { "a dribble", "task p2 d1s : GET /x\nconnected 1\nwait 1s\nwait 500ms\nwait 500ms",
    OPEN "send 1 GE\nsend 1 T \nsend 1 /x\n" },
  { "… stops where it is told to", "task p2 d1s s3 : GET /x\nconnected 1\nwait 10s",
    OPEN "send 1 GE\nsend 1 T\n" },
  { "a request whose other half comes late", "task p4 d10s a1 : GET / HTTP/1.1\\r\\n\\r\\n\nconnected 1\nwait 5s\nbytes 1 HTTP/1.1 408 Request Timeout\\r\\nContent-Length: 0\\r\\n\\r\\n",
    OPEN "send 1 GET \nclose 1\nfinish 1\n" },
  { "an early close", "task close : POST / HTTP/1.1\\r\\nContent-Length: 10\\r\\n\\r\\n12\nconnected 1",
    OPEN "send 1 POST / HTTP/1.1\\r\\nContent-Length: 10\\r\\n\\r\\n12\nclose 1\nfinish 1\n" },
  { "a half-close still reads", "task half a1 : GET / HTTP/1.0\\r\\n\\r\\n\nconnected 1\nbytes 1 HTTP/1.0 200 OK\\r\\n\\r\\nwhole\neof 1",
    OPEN "send 1 GET / HTTP/1.0\\r\\n\\r\\n\nclose 1\nfinish 1\n" },
  { "a reset at byte N, behind the bytes before it", "task reset s5 : GET / HTTP/1.1\nconnected 1",
    OPEN "send 1 GET /\ncut 1\nfinish 1\n" },
  { "… not before they have left", "hold\ntask reset s5 : GET / HTTP/1.1\nconnected 1\nwait 1s\nrelease",
    OPEN "send 1 GET /\ncut 1\nfinish 1\n" },
  { "pipelining: three requests, three answers", "task a3 : GET /1 HTTP/1.1\\r\\n\\r\\nHEAD /2 HTTP/1.1\\r\\n\\r\\nGET /3 HTTP/1.1\\r\\n\\r\\n\nconnected 1\nbytes 1 " OK "ok" OK "\nbytes 1 " OK "ok",
    OPEN "send 1 GET /1 HTTP/1.1\\r\\n\\r\\nHEAD /2 HTTP/1.1\\r\\n\\r\\nGET /3 HTTP/1.1\\r\\n\\r\\n\nclose 1\nfinish 1\n" },
  { "interim responses are no answers", "task a1 : GET / HTTP/1.1\\r\\n\\r\\n\nconnected 1\nbytes 1 HTTP/1.1 103 Early Hints\\r\\n\\r\\n\nbytes 1 " OK "ok",
    OPEN "send 1 GET / HTTP/1.1\\r\\n\\r\\n\nclose 1\nfinish 1\n" },
  { "who waits for no answers waits for the end", "task : nonsense\nconnected 1\nbytes 1 HTTP/1.1 400 Bad Request\\r\\nContent-Length: 0\\r\\n\\r\\n\neof 1",
    OPEN "send 1 nonsense\nclose 1\nfinish 1\n" },
  { "… and a reset is one", "task : nonsense\nconnected 1\nreset 1", OPEN "send 1 nonsense\nfinish 1\n" },
  { "the end before the answers", "task a2 : GET / HTTP/1.1\\r\\n\\r\\nGET / HTTP/1.1\\r\\n\\r\\n\nconnected 1\nbytes 1 " OK "ok\neof 1",
    OPEN "send 1 GET / HTTP/1.1\\r\\n\\r\\nGET / HTTP/1.1\\r\\n\\r\\n\nclose 1\nfinish 1: the connection was closed after 1 of 2 answers\n" },
  { "a reset before the answer", "task a1 : GET / HTTP/1.1\\r\\n\\r\\n\nconnected 1\nreset 1",
    OPEN "send 1 GET / HTTP/1.1\\r\\n\\r\\n\nfinish 1: the connection was cut off after 0 of 1 answers\n" },
  { "patience has an end", "task a1 t5s : GET / HTTP/1.1\\r\\n\nconnected 1\nwait 6s",
    OPEN "send 1 GET / HTTP/1.1\\r\\n\nclose 1\nfinish 1: nothing more came in time, after 0 answers\n" },
  { "no connection", "task a1 : x\nfailed 1 a:80: connection refused", OPEN "finish 1: a:80: connection refused\n" },
  { "a named connection is kept for the next task", "task nx a1 : GET /1 HTTP/1.1\\r\\n\\r\\n\nconnected 1\nbytes 1 " OK "ok\ntask nx a1 : GET /2 HTTP/1.1\\r\\n\\r\\n\nbytes 1 " OK "ok",
    OPEN "send 1 GET /1 HTTP/1.1\\r\\n\\r\\n\nfinish 1\nsend 1 GET /2 HTTP/1.1\\r\\n\\r\\n\nfinish 2\n" },
  { "… which waits its turn", "task nx a1 : GET /1 HTTP/1.1\\r\\n\\r\\n\ntask nx a1 : GET /2 HTTP/1.1\\r\\n\\r\\n\nconnected 1\nbytes 1 " OK "ok",
    OPEN "send 1 GET /1 HTTP/1.1\\r\\n\\r\\n\nfinish 1\nsend 1 GET /2 HTTP/1.1\\r\\n\\r\\n\n" },
  { "bytes of its own, where the task has none", "own GET /own HTTP/1.1\\r\\n\\r\\n\ntask a1 : \nconnected 1\nbytes 1 " OK "ok",
    OPEN "send 1 GET /own HTTP/1.1\\r\\n\\r\\n\nclose 1\nfinish 1\n" },
  { "… and the task's, where it has some", "own GET /own HTTP/1.1\\r\\n\\r\\n\ntask a1 : GET / HTTP/1.1\\r\\n\\r\\n\nconnected 1",
    OPEN "send 1 GET / HTTP/1.1\\r\\n\\r\\n\n" },
  { "no bytes at all: a connection that says nothing", "task t2s : \nconnected 1\nwait 3s",
    OPEN "close 1\nfinish 1: nothing more came in time, after 0 answers\n" },
};
/* clang-format on */

static void
task_free (gpointer data)
{
  RtByteTask *task = data;

  rt_byte_pieces_free ((RtBytePiece *)task->pieces, task->n_pieces);
  g_free ((gpointer)task->name);
  g_free (task);
}

static void
read_word (RtByteTask *task, const char *word, guint64 *piece, RtTime *delay, guint64 *stop)
{
  guint64 number = g_ascii_strtoull (word + 1, NULL, 10);

  if (strcmp (word, "half") == 0)
    task->end = RT_BYTE_END_HALF_CLOSE;
  else if (strcmp (word, "close") == 0)
    task->end = RT_BYTE_END_CLOSE;
  else if (strcmp (word, "reset") == 0)
    task->end = RT_BYTE_END_RESET;
  else if (*word == 'p')
    *piece = number;
  else if (*word == 's')
    *stop = number;
  else if (*word == 'a')
    task->answers = (guint)number;
  else if (*word == 'n')
    task->name = g_strdup (word + 1);
  else if (*word == 'd')
    rt_duration_parse (word + 1, delay, NULL);
  else if (*word == 't')
    rt_duration_parse (word + 1, &task->patience, NULL);
}

static gconstpointer
make_task (gpointer data, const char *text)
{
  RtByteTask *task = g_new0 (RtByteTask, 1);
  const char *colon = strstr (text, ": ");
  g_autofree char *head = g_strndup (text, (gsize)(colon - text));
  g_auto (GStrv) words = g_strsplit (g_strstrip (head), " ", -1);
  g_autoptr (GBytes) bytes = dialogue_bytes (colon + 2);
  guint64 piece = 0, stop = 0;
  RtTime delay = 0;

  g_ptr_array_add (data, task);
  task->to = (RtEndpoint){ .host = "a", .port = 80 };
  for (guint i = 0; words[i] != NULL; i++)
    read_word (task, words[i], &piece, &delay, &stop);
  task->pieces = rt_byte_pieces_new (bytes, (gsize)piece, delay, (gsize)stop, &task->n_pieces);
  return task;
}

/* A first line `own BYTES` is what the client sends where a task has none. Returns the rest. */
static const char *
set_own (RtByteClient *client, const char *script)
{
  const char *end = strchr (script, '\n');
  g_autofree char *text = NULL;
  g_autoptr (GBytes) bytes = NULL;
  RtBytePiece *pieces;
  guint n;

  if (!g_str_has_prefix (script, "own "))
    return script;
  text = g_strndup (script + 4, (gsize)(end - script - 4));
  bytes = dialogue_bytes (text);
  pieces = rt_byte_pieces_new (bytes, 0, 0, 0, &n);
  rt_byte_client_set_pieces (client, pieces, n);
  return end + 1;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  RtByteClient *client = rt_byte_client_new ();
  g_autoptr (GPtrArray) tasks = g_ptr_array_new_with_free_func (task_free);
  Dialogue dialogue
      = { .klass = &rt_byte_client_class, .self = client, .task = make_task, .data = tasks };
  g_autofree char *out = dialogue_play (&dialogue, set_own (client, row->script));

  assert_string_equal (out, row->want);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("byte client", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
