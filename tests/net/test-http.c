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

#define GET "GET /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\n\r\n"

static void
test_get (void **state)
{
  World world;
  g_autofree char *text = NULL;

  world_init (&world, NULL, "{'content': <'Opening hours: 9-17'>}");
  ask (&world, world.ann_id, GET, 0);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  ask (&world, world.ann_id,
       "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nIf-Match: \"1\"\r\nContent-Length: "
       "3\r\n\r\nabc",
       0);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  ask (&world, world.bob_id,
       "PUT /doc/1 HTTP/1.1\r\nHost: api.shop.test\r\nIf-Match: \"1\"\r\nContent-Length: "
       "3\r\n\r\nabd",
       0);
  assert_int_equal (run (&world), RT_RUN_SETTLED);
  text = story (&world);
  assert_non_null (strstr (text, "HTTP/1.1 204 No Content\r\n"));
  assert_non_null (strstr (text, "HTTP/1.1 412 Precondition Failed\r\n"));
  assert_null (strstr (text, "'version': <int64 3>"));
  world_clear (&world);
}

int
main (void)
{
  const struct CMUnitTest tests[] = { cmocka_unit_test (test_get) };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
