/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Clients and origins on the simulated network, end to end. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-client.h"
#include "rt-error.h"
#include "rt-origin.h"
#include "rt-sim.h"

#define START (1767268800 * RT_TIME_SEC)

typedef struct
{
  RtLog *log;
  RtSim *sim;
  RtClient *ann, *bob;
  RtOrigin *origin;
  RtPartyId ann_id, bob_id, origin_id;
  GPtrArray *tasks;
  guint n_finished, n_failed;
} World;

static void
task_free (gpointer data)
{
  RtClientTask *task = data;

  g_bytes_unref (task->request.bytes);
  g_free (task);
}

static void
world_init (World *world, const RtServerLimits *limits, const char *settings)
{
  g_autoptr (GError) error = NULL;
  RtEndpoint here = { .port = 80 };
  GVariant *given = g_variant_new_parsed (settings);

  *world = (World){ .log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL) };
  world->sim = rt_sim_new (world->log, START);
  world->ann = rt_client_new ();
  world->bob = rt_client_new ();
  world->origin = rt_origin_new (limits);
  assert_true (rt_origin_add (world->origin, "/doc/1", "document", given, &error));
  world->ann_id = rt_sim_driver.add (world->sim, "ann", &rt_client_class, world->ann);
  world->bob_id = rt_sim_driver.add (world->sim, "bob", &rt_client_class, world->bob);
  world->origin_id
      = rt_sim_driver.add (world->sim, "api.shop.test", &rt_origin_class, world->origin);
  assert_true (rt_sim_driver.listen (world->sim, world->origin_id, &here, NULL));
  world->tasks = g_ptr_array_new_with_free_func (task_free);
}

static void
world_clear (World *world)
{
  rt_sim_free (world->sim);
  rt_log_free (world->log);
  g_ptr_array_unref (world->tasks);
}

static void
ask (World *world, RtPartyId who, const char *request, RtTime at)
{
  RtClientTask *task = g_new0 (RtClientTask, 1);

  task->request.to = (RtEndpoint){ .host = "api.shop.test", .port = 80 };
  task->request.bytes = g_bytes_new (request, strlen (request));
  g_ptr_array_add (world->tasks, task);
  rt_sim_driver.task (world->sim, who, task, "request", at);
}

static RtRun
run (World *world)
{
  return rt_sim_driver.run (world->sim, RT_TIME_NEVER, NULL);
}

/* All bytes that crossed, buffer by buffer in the order they were sent, and the states between. */
static char *
story (World *world)
{
  GString *text = g_string_new (NULL);
  RtReader *reader;

  rt_log_flush (world->log);
  reader = rt_log_get_reader (world->log);
  for (guint64 i = 0; i < rt_reader_get_length (reader); i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, i, NULL);
      const RtEvent *event = &page->events[i - page->first];
      g_autoptr (GVariant) detail = rt_page_dup_detail (page, (guint)(i - page->first));

      if (event->kind == RT_EVENT_SENT && event->span.length > 0)
        {
          g_autoptr (GBytes) bytes = rt_reader_dup_bytes (reader, event->span, NULL);

          g_string_append_printf (text, "[%u] ", event->party);
          g_string_append_len (text, g_bytes_get_data (bytes, NULL),
                               (gssize)g_bytes_get_size (bytes));
          g_string_append_c (text, '\n');
        }
      else if (event->kind == RT_EVENT_STATE || event->kind == RT_EVENT_DECISION
               || event->kind == RT_EVENT_FINISHED)
        {
          g_autofree char *shown = g_variant_print (detail, FALSE);

          g_string_append_printf (text, "[%u] %s %s\n", event->party,
                                  rt_event_kind_name ((RtEventKind)event->kind), shown);
        }
    }
  return g_string_free (text, FALSE);
}

#define HOST " HTTP/1.1\r\nHost: api.shop.test\r\n"
#define GET "GET /doc/1" HOST "\r\n"
#define PLAIN "{'content': <'Opening hours: 9-17'>}"
#define RACY "{'content': <'Opening hours: 9-17'>, 'atomic': <false>}"
#define VERSION(n, etag, text)                                                                     \
  "[3] state ('version', '/doc/1', <{'version': <int64 " n ">, 'etag': <'\"" etag                  \
  "\"'>, 'content': <'" text "'>}>)\n"

static guint
count (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at += strlen (part))
    n++;
  return n;
}

/* What happens in a world: each request at its time, in milliseconds from the start. */
typedef struct
{
  gboolean bob;
  guint at;
  const char *request;
} Ask;

typedef struct
{
  const char *name, *settings;
  RtReaction reaction; /* Bob's, to a 412 */
  Ask asks[6];
  const char *has[5], *has_not[3];
} Row;

#define PUT(condition, length, text)                                                               \
  "PUT /doc/1" HOST condition "Content-Length: " length "\r\n\r\n" text
#define IF_MATCH "If-Match: \"1\"\r\n"

static const Row rows[] = {
  { "the lost update: the last write wins",
    PLAIN,
    RT_REACTION_NONE,
    { { FALSE, 0, GET },
      { TRUE, 0, GET },
      { FALSE, 1000, PUT ("", "3", "Ann") },
      { TRUE, 2000, PUT ("", "3", "Bob") } },
    { VERSION ("1", "1", "Opening hours: 9-17"), VERSION ("2", "2", "Ann"),
      VERSION ("3", "3", "Bob") },
    { "412" } },
  { "with If-Match the second is refused",
    PLAIN,
    RT_REACTION_NONE,
    { { FALSE, 0, GET },
      { TRUE, 0, GET },
      { FALSE, 1000, PUT (IF_MATCH, "3", "Ann") },
      { TRUE, 2000, PUT (IF_MATCH, "3", "Bob") } },
    { VERSION ("2", "2", "Ann"), "[3] HTTP/1.1 412 Precondition Failed\r\n" },
    { "'version': <int64 3>" } },
  { "… and Bob merges",
    PLAIN,
    RT_REACTION_REFETCH_MERGE_RETRY,
    { { FALSE, 0, GET },
      { TRUE, 0, GET },
      { FALSE, 1000, PUT (IF_MATCH, "23", "Opening hours: 9-17\nAnn") },
      { TRUE, 2000, PUT (IF_MATCH, "23", "Bob\nOpening hours: 9-17") } },
    { VERSION ("3", "3", "Bob\\nOpening hours: 9-17\\nAnn"), "'client.merge'", "'retry'" },
    { "'version': <int64 4>" } },
  { "a server that checks and then saves loses one of two racing changes",
    RACY,
    RT_REACTION_NONE,
    { { FALSE, 0, PUT (IF_MATCH, "3", "Ann") }, { TRUE, 10, PUT (IF_MATCH, "3", "Bob") } },
    { VERSION ("2", "2", "Ann"), VERSION ("3", "3", "Bob") },
    { "HTTP/1.1 412" } },
  { "… which an atomic one does not",
    PLAIN,
    RT_REACTION_NONE,
    { { FALSE, 0, PUT (IF_MATCH, "3", "Ann") }, { TRUE, 10, PUT (IF_MATCH, "3", "Bob") } },
    { VERSION ("2", "2", "Ann"), "HTTP/1.1 412" },
    { "'version': <int64 3>" } },
};

static char *
play (const Row *row)
{
  World world;
  char *text;

  world_init (&world, NULL, row->settings);
  rt_client_set_reaction (world.bob, 412, row->reaction);
  for (const Ask *it = row->asks; it->request != NULL; it++)
    ask (&world, it->bob ? world.bob_id : world.ann_id, it->request, START + it->at * RT_TIME_MSEC);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  text = story (&world);
  world_clear (&world);
  return text;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  g_autofree char *text = play (row), *again = play (row);

  for (guint i = 0; i < G_N_ELEMENTS (row->has) && row->has[i] != NULL; i++)
    if (strstr (text, row->has[i]) == NULL)
      fail_msg ("missing: %s\nin: %s", row->has[i], text);
  for (guint i = 0; i < G_N_ELEMENTS (row->has_not) && row->has_not[i] != NULL; i++)
    assert_null (strstr (text, row->has_not[i]));
  assert_string_equal (text, again);
}

static void
test_large_content (void **state)
{
  World world;
  GString *put = g_string_new ("PUT /doc/1" HOST "Content-Length: 1000000\r\n\r\n");
  g_autofree char *content = g_strnfill (1000000, 'x'), *text = NULL;

  g_string_append (put, content);
  world_init (&world, NULL, PLAIN);
  ask (&world, world.ann_id, put->str, 0);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  ask (&world, world.bob_id, GET, 0);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  text = story (&world);
  assert_non_null (strstr (text, "Content-Length: 1000000\r\n\r\nx"));
  assert_int_equal (count (text, "finished (1, nothing)"), 1);
  assert_int_equal (count (text, "finished (2, nothing)"), 1);
  g_string_free (put, TRUE);
  world_clear (&world);
}

static void
test_answer_is_lost (void **state)
{
  static const RtFault faults[]
      = { { .kind = RT_FAULT_STALL, .segment = 1, .from = 3, .duration = RT_TIME_NEVER } };
  static const RtLink link
      = { .latency = 10 * RT_TIME_MSEC, .faults = faults, .n_faults = G_N_ELEMENTS (faults) };
  World world;
  g_autofree char *text = NULL;

  world_init (&world, NULL, PLAIN);
  rt_sim_set_link (world.sim, world.ann_id, world.origin_id, &link);
  ask (&world, world.ann_id, PUT ("", "3", "Ann"), 0);
  ((RtClientTask *)g_ptr_array_index (world.tasks, 0))->request.timeout = RT_TIME_SEC;
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  text = story (&world);
  /* The client knows nothing of it, but it is saved. */
  assert_non_null (strstr (text, VERSION ("2", "2", "Ann")));
  assert_non_null (strstr (text, "finished (1, 'no response came in time')"));
  world_clear (&world);
}

static void
test_idle_close (void **state)
{
  World world;
  g_autofree char *text = NULL;

  world_init (&world, NULL, PLAIN);
  ask (&world, world.ann_id, GET, 0);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  /* The server's idle deadline does not hold the run; an hour later it has closed. */
  assert_true (rt_sim_driver.now (world.sim) - START < RT_TIME_SEC);
  rt_sim_driver.advance (world.sim, RT_TIME_HOUR);
  ask (&world, world.ann_id, GET, 0);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  text = story (&world);
  assert_int_equal (count (text, "HTTP/1.1 200 OK"), 2);
  assert_null (strstr (text, "decision"));
  world_clear (&world);
}

int
main (void)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows) + 3];
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[n++] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_large_content);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_answer_is_lost);
  tests[n++] = (struct CMUnitTest)cmocka_unit_test (test_idle_close);
  return _cmocka_run_group_tests ("http", tests, n, NULL, NULL);
}
