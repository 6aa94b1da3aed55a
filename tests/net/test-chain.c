/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Client, caching gateway and origin in a row, on the driver that the argument names: what each
 * sends is the same on both. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

#include "rt-client.h"
#include "rt-gateway.h"
#include "rt-live.h"
#include "rt-origin.h"
#include "rt-sim.h"

#define START (1767268800 * RT_TIME_SEC)
#define MOST_REQUESTS 4

static gboolean on_sockets;

/* @requests: each at its second. @want: the first lines that client, gateway and origin sent. */
typedef struct
{
  const char *name;
  struct
  {
    guint second;
    const char *line, *fields;
  } requests[MOST_REQUESTS];
  const char *want;
} Row;

/* clang-format off */
static const Row rows[] = {
  { "what is fresh is answered by the gateway",
    { { 0, "GET /a", "" }, { 1, "GET /a", "" }, { 2, "HEAD /a", "" } },
    "client: GET /a, gateway: GET /a, origin: 200, gateway: 200, client: GET /a, gateway: 200, client: HEAD /a, gateway: 200" },
  { "what is stale is validated",
    { { 0, "GET /a", "" }, { 9, "GET /a", "" }, { 10, "GET /a", "" } },
    "client: GET /a, gateway: GET /a, origin: 200, gateway: 200, client: GET /a, gateway: GET /a, origin: 304, gateway: 200, client: GET /a, gateway: 200" },
  { "a part is cut from what is stored",
    { { 0, "GET /a", "" }, { 1, "GET /a", "Range: bytes=1-2\r\n" } },
    "client: GET /a, gateway: GET /a, origin: 200, gateway: 200, client: GET /a, gateway: 206" },
  { "an unsafe method goes through, whatever is stored",
    { { 0, "GET /a", "" }, { 1, "DELETE /a", "" }, { 2, "GET /a", "" } },
    "client: GET /a, gateway: GET /a, origin: 200, gateway: 200, client: DELETE /a, gateway: DELETE /a, origin: 405, gateway: 405, client: GET /a, gateway: 200" },
};
/* clang-format on */

/* Start lines alone: those of requests without their version, the status of responses. */
static void
append_start_line (GString *story, const char *who, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_strndup (data, length);
  char *end = strstr (text, "\r\n");

  if (end == NULL || strstr (text, "HTTP/1.1") == NULL)
    return;
  *end = '\0';
  if (story->len > 0)
    g_string_append (story, ", ");
  if (g_str_has_prefix (text, "HTTP/1.1 "))
    g_string_append_printf (story, "%s: %.3s", who, text + 9);
  else if ((end = strstr (text, " HTTP/1.1")) != NULL)
    g_string_append_printf (story, "%s: %.*s", who, (int)(end - text), text);
}

static char *
tell (RtLog *log, const RtPartyId *ids)
{
  static const char *const names[] = { "client", "gateway", "origin" };
  GString *story = g_string_new (NULL);
  RtReader *reader;

  rt_log_flush (log);
  reader = rt_log_get_reader (log);
  for (guint64 i = 0; i < rt_reader_get_length (reader); i++)
    {
      g_autoptr (RtPage) page = rt_reader_dup_page (reader, i, NULL);
      const RtEvent *event = &page->events[i - page->first];

      for (guint j = 0; j < G_N_ELEMENTS (names); j++)
        if (event->kind == RT_EVENT_SENT && event->span.length > 0 && event->party == ids[j])
          {
            g_autoptr (GBytes) bytes = rt_reader_dup_bytes (reader, event->span, NULL);

            append_start_line (story, names[j], bytes);
          }
    }
  return g_string_free (story, FALSE);
}

static RtGateway *
make_gateway (void)
{
  static const RtEndpoint upstream = { .host = "origin", .port = 80 };
  RtGatewaySettings settings = rt_gateway_settings_standard ();

  settings.upstreams = &upstream;
  settings.n_upstreams = 1;
  settings.cache = TRUE;
  return rt_gateway_new (&settings);
}

static RtOrigin *
make_origin (void)
{
  RtOrigin *origin = rt_origin_new (NULL);

  assert_true (rt_origin_add (
      origin, "/a", "file",
      g_variant_new_parsed ("{'content': <'hello'>, 'cache-control': <'max-age=5'>}"), NULL));
  return origin;
}

static void
test_row (void **state)
{
  const Row *row = *state;
  const RtDriverClass *klass = on_sockets ? &rt_live_driver : &rt_sim_driver;
  const RtEndpoint here = { .port = 80 };
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  gpointer driver = on_sockets ? (gpointer)rt_live_new (log, RT_LIVE_CLOCK_JUMPS, START, NULL)
                               : (gpointer)rt_sim_new (log, START);
  const RtPartyId ids[] = { klass->add (driver, "client", &rt_client_class, rt_client_new ()),
                            klass->add (driver, "gateway", &rt_gateway_class, make_gateway ()),
                            klass->add (driver, "origin", &rt_origin_class, make_origin ()) };
  RtClientTask tasks[MOST_REQUESTS] = { 0 };
  g_autofree char *story = NULL;

  assert_true (klass->listen (driver, ids[1], &here, NULL));
  assert_true (klass->listen (driver, ids[2], &here, NULL));
  for (guint i = 0; i < MOST_REQUESTS && row->requests[i].line != NULL; i++)
    {
      char *text = g_strdup_printf ("%s HTTP/1.1\r\nHost: gateway\r\n%s\r\n", row->requests[i].line,
                                    row->requests[i].fields);

      tasks[i].request.to = (RtEndpoint){ .host = "gateway", .port = 80 };
      tasks[i].request.bytes = g_bytes_new_take (text, strlen (text));
      klass->task (driver, ids[0], &tasks[i], "request",
                   START + row->requests[i].second * RT_TIME_SEC);
    }
  assert_int_equal (klass->run (driver, RT_TIME_NEVER, NULL), RT_RUN_SETTLED);
  story = tell (log, ids);
  klass->free (driver);
  for (guint i = 0; i < MOST_REQUESTS; i++)
    g_clear_pointer (&tasks[i].request.bytes, g_bytes_unref);
  assert_string_equal (story, row->want);
}

int
main (int argc, char **argv)
{
  struct CMUnitTest tests[G_N_ELEMENTS (rows)];

  on_sockets = argc > 1 && strcmp (argv[1], "live") == 0;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    tests[i] = (struct CMUnitTest){ rows[i].name, test_row, NULL, NULL, (void *)&rows[i] };
  return _cmocka_run_group_tests ("chain", tests, G_N_ELEMENTS (tests), NULL, NULL);
}
