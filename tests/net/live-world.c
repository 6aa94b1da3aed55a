/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the tests of the live driver share. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "live-world.h"

#include "rt-analysis.h"
#include "rt-client.h"
#include "rt-origin.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static const char settings[] = "{'content': <'Opening hours: 9-17'>}";

static void
task_free (gpointer data)
{
  RtClientTask *task = data;

  g_clear_pointer (&task->request.bytes, g_bytes_unref);
  g_free (task);
}

void
world_init (World *world, const RtDriverClass *klass, RtLiveClock clock)
{
  world_init_with (world, klass, clock, rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL));
}

/* @log: (transfer full) */
void
world_init_with (World *world, const RtDriverClass *klass, RtLiveClock clock, RtLog *log)
{
  g_autoptr (GError) error = NULL;
  RtOrigin *origin = rt_origin_new (NULL);
  RtEndpoint here = { .port = 80 };

  *world = (World){ .log = log, .klass = klass };
  world->driver = klass == &rt_live_driver
                      ? (gpointer)rt_live_new (world->log, clock, START, &error)
                      : (gpointer)rt_sim_new (world->log, START);
  assert_non_null (world->driver);
  assert_true (
      rt_origin_add (origin, "/doc/1", "document", g_variant_new_parsed (settings), &error));
  assert_true (rt_origin_add (origin, "/crash", "crash", NULL, &error));
  world->ann = klass->add (world->driver, "ann", &rt_client_class, rt_client_new ());
  world->origin = klass->add (world->driver, "api.shop.test", &rt_origin_class, origin);
  assert_true (klass->listen (world->driver, world->origin, &here, &error));
  world->tasks = g_ptr_array_new_with_free_func (task_free);
}

void
world_clear (World *world)
{
  world->klass->free (world->driver);
  rt_log_free (world->log);
  g_ptr_array_unref (world->tasks);
}

RtRun
ask_until (World *world, const char *host, const char *request, RtTime until)
{
  RtClientTask *task = g_new0 (RtClientTask, 1);

  task->request.to = (RtEndpoint){ .host = host, .port = 80 };
  task->request.bytes = g_bytes_new (request, strlen (request));
  g_ptr_array_add (world->tasks, task);
  world->klass->task (world->driver, world->ann, task, "request",
                      world->klass->now (world->driver));
  return world->klass->run (world->driver, until, NULL);
}

void
ask (World *world, const char *host, const char *request)
{
  assert_int_equal (ask_until (world, host, request, RT_TIME_NEVER), RT_RUN_SETTLED);
}

RtAnalysis *
analyse (World *world)
{
  RtAnalysis *analysis = rt_analysis_new ();

  rt_log_flush (world->log);
  assert_true (
      rt_analysis_feed_reader (analysis, rt_log_get_reader (world->log), G_MAXUINT64, NULL));
  return analysis;
}

static void
describe_message (GString *out, RtAnalysis *analysis, const RtTransfer *transfer)
{
  g_autoptr (GBytes) content = NULL;

  if (transfer == NULL)
    {
      g_string_append (out, "nothing\n");
      return;
    }
  content = rt_analysis_dup_content (analysis, transfer);
  g_string_append_printf (out, "%.*s %.*s %u %s\n", (int)transfer->message->method.length,
                          transfer->message->method.at, (int)transfer->message->target.length,
                          transfer->message->target.at, transfer->message->status,
                          transfer->complete ? "complete" : "cut");
  for (guint i = 0; i < rt_fields_get_length (transfer->message->fields); i++)
    {
      const RtField *field = rt_fields_get (transfer->message->fields, i);

      if (!rt_text_is (field->name, "Date") && !rt_text_is (field->name, "Last-Modified"))
        g_string_append_printf (out, "  %.*s: %.*s\n", (int)field->name.length, field->name.at,
                                (int)field->value.length, field->value.at);
    }
  if (content != NULL)
    g_string_append_printf (out, "  [%.*s]\n", (int)g_bytes_get_size (content),
                            (const char *)g_bytes_get_data (content, NULL));
}

/* What has to be the same on both drivers: per connection order, method, target, status, fields but
 * dates, content and deciding checks. */
char *
describe (World *world)
{
  g_autoptr (RtAnalysis) analysis = analyse (world);
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < exchanges->len; i++)
    {
      const RtExchange *exchange = exchanges->pdata[i];

      g_string_append_printf (out, "connection %u, %u to %u%s\n", exchange->connection,
                              exchange->client, exchange->server,
                              exchange->failed != NULL ? ", failed" : "");
      describe_message (out, analysis, exchange->request);
      describe_message (out, analysis, exchange->response);
      for (guint j = 0; j < exchange->decisions->len; j++)
        {
          const RtDecisionInfo *info = exchange->decisions->pdata[j];
          RtCheck check;

          if (rt_decision_get_deciding (info->decision, &check))
            g_string_append_printf (out, "  %s: %s\n", check.clause.id,
                                    rt_decision_get_verdict (info->decision));
        }
    }
  return g_string_free (out, FALSE);
}

/* How the task ended, "" if it did not; @ret_at (nullable): when. */
const char *
finished_at (World *world, guint task, RtTime *ret_at)
{
  RtReader *reader = rt_log_get_reader (world->log);
  static char text[256];

  rt_log_flush (world->log);
  *text = '\0';
  for (guint64 i = 0; i < rt_reader_get_length (reader); i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, i, NULL);
      const RtEvent *event = &page->events[i - page->first];
      g_autoptr (GVariant) detail = NULL;
      guint64 number;
      const char *message;

      if (event->kind != RT_EVENT_FINISHED)
        continue;
      detail = rt_page_dup_detail (page, (guint)(i - page->first));
      g_variant_get (detail, "(tm&s)", &number, &message);
      if (number != task)
        continue;
      g_strlcpy (text, message != NULL ? message : "well", sizeof text);
      if (ret_at != NULL)
        *ret_at = event->time;
    }
  return text;
}

const char *
finished (World *world, guint task)
{
  return finished_at (world, task, NULL);
}

static gpointer
serve (gpointer data)
{
  World *world = data;

  rt_live_driver.run (world->driver, RT_TIME_NEVER, NULL);
  return NULL;
}

void
served_init (Served *served)
{
  world_init_with (&served->world, &rt_live_driver, RT_LIVE_CLOCK_REAL,
                   rt_log_new (served->unheard ? 0 : RT_LOG_KEEP_ALL, NULL, NULL));
  if (served->link != NULL)
    rt_live_set_link (served->world.driver, 0, 0, served->link);
  served->port = rt_live_get_port (served->world.driver, "api.shop.test", 80);
  assert_true (rt_live_driver.listen (served->world.driver, served->world.origin,
                                      &(RtEndpoint){ .port = 443, .tls = &rt_tls_standard }, NULL));
  served->secure_port = rt_live_get_port (served->world.driver, "api.shop.test", 443);
  served->thread = g_thread_new ("server", serve, &served->world);
}

void
served_stop (Served *served)
{
  rt_live_stop (served->world.driver);
  g_thread_join (served->thread);
}

int
dial (guint16 port)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
                                 .sin_port = htons (port),
                                 .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  assert_true (fd >= 0);
  assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
  return fd;
}

void
say (int fd, const char *text)
{
  assert_int_equal (send (fd, text, strlen (text), MSG_NOSIGNAL), strlen (text));
}

/* All that comes up to the end of the connection. */
char *
hear (int fd)
{
  GString *text = g_string_new (NULL);
  char part[4096];
  gssize n;

  while ((n = recv (fd, part, sizeof part, 0)) > 0)
    g_string_append_len (text, part, n);
  close (fd);
  return g_string_free (text, FALSE);
}
