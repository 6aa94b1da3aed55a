/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Setting a learner's server back to where the lesson begins.
 *
 * The lesson's own origins are new in every probe; a program of the learner's goes on where the
 * last probe left it. So what the lesson says of the documents there is put in place first, in the
 * way that anybody does it: GET, and where the text is another one, PUT or DELETE with the entity
 * tag. A program that will not have it keeps what it has: the probes will tell. */
#include "rt-play-private.h"

#include "rt-cast.h"
#include "rt-client.h"
#include "rt-live.h"

/* A request to the program, and what is known of its answer. */
typedef struct
{
  RtLive *driver;
  RtLog *log;
  RtAnalysis *analysis;
  RtPartyId client;
  const RtStandIn *program;
} Visit;

static RtMessage *
make_request (const Visit *visit, const char *method, const char *path, GBytes *content)
{
  g_autofree char *length
      = g_strdup_printf ("%" G_GSIZE_FORMAT, content != NULL ? g_bytes_get_size (content) : 0);
  RtMessage *message = rt_message_new_request (method, path);

  rt_fields_append (message->fields, "Host", visit->program->host);
  if (content != NULL)
    {
      rt_fields_append (message->fields, "Content-Type", "text/plain; charset=utf-8");
      rt_fields_append (message->fields, "Content-Length", length);
    }
  return message;
}

/* Sends it and waits; the exchange, or %NULL if there was no answer. */
static const RtExchange *
send (const Visit *visit, RtMessage *message, GBytes *content)
{
  RtClientTask task
      = { .request = { .to = { .host = visit->program->host,
                               .port = visit->program->secure ? RT_CAST_SECURE_PORT : RT_CAST_PORT,
                               .tls = visit->program->secure ? &rt_tls_standard : NULL },
                       .message = message,
                       .content = content,
                       .policy = RT_POOL_NEW,
                       .timeout = RT_PLAY_PATIENCE } };
  RtTime now = rt_live_driver.now (visit->driver);
  GPtrArray *exchanges = rt_analysis_get_exchanges (visit->analysis);
  const RtExchange *last;

  rt_live_driver.task (visit->driver, visit->client, &task, "prepare", now);
  rt_live_driver.run (visit->driver, now + RT_PLAY_PATIENCE + RT_TIME_SEC, NULL);
  rt_log_flush (visit->log);
  rt_analysis_feed_reader (visit->analysis, rt_log_get_reader (visit->log), G_MAXUINT64, NULL);
  last = exchanges->len > 0 ? exchanges->pdata[exchanges->len - 1] : NULL;
  return last != NULL && last->response != NULL ? last : NULL;
}

static void
put_in_place (const Visit *visit, const char *path, GBytes *content)
{
  g_autoptr (RtMessage) get = make_request (visit, "GET", path, NULL);
  const RtExchange *exchange = send (visit, get, NULL);
  guint status = exchange != NULL ? exchange->response->message->status : 0;
  g_autoptr (GBytes) there
      = status == 200 ? rt_analysis_dup_content (visit->analysis, exchange->response) : NULL;
  g_autoptr (RtMessage) change = NULL;
  g_autofree char *tag = NULL;

  if (exchange == NULL || (content == NULL && status != 200)
      || (content != NULL && there != NULL && g_bytes_equal (content, there)))
    return;
  tag = rt_fields_dup_combined (exchange->response->message->fields, "ETag");
  change = make_request (visit, content != NULL ? "PUT" : "DELETE", path, content);
  if (status == 200 && tag != NULL)
    rt_fields_append (change->fields, "If-Match", tag);
  else if (status == 404)
    rt_fields_append (change->fields, "If-None-Match", "*");
  send (visit, change, content);
}

/* The documents that the origin has in the lesson. */
static void
put_all_in_place (const Visit *visit, const RtPartySettings *settings)
{
  GVariantIter iter;
  const char *path, *kind;
  GVariant *given;

  if (settings->settings == NULL
      || !g_variant_is_of_type (settings->settings, G_VARIANT_TYPE ("a(ssa{sv})")))
    return;
  g_variant_iter_init (&iter, settings->settings);
  while (g_variant_iter_loop (&iter, "(&s&s@a{sv})", &path, &kind, &given))
    {
      const char *text = NULL;
      g_autoptr (GBytes) content = NULL;

      if (!g_str_equal (kind, "document"))
        continue;
      if (g_variant_lookup (given, "content", "&s", &text))
        content = g_bytes_new (text, strlen (text));
      put_in_place (visit, path, content);
    }
}

/**
 * rt_stand_in_prepare:
 * @program: takes an origin's place
 * @lesson: the lesson
 * @settings: (element-type RtPartySettings): what the lesson says of its parties
 * @outside: the program may be on another machine
 *
 * Errors: %RT_ERROR_IO: there are no sockets to be had. That the program does not answer is none.
 *
 * Returns: whether it was tried
 */
gboolean
rt_stand_in_prepare (const RtStandIn *program,
                     const RtLesson *lesson,
                     GPtrArray *settings,
                     gboolean outside,
                     GError **error)
{
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (RtLive) driver = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, error);
  Visit visit = { driver, log, analysis, 0, program };

  if (driver == NULL)
    return FALSE;
  rt_live_allow_outside (driver, outside);
  rt_live_map (driver, program->host, program->secure ? RT_CAST_SECURE_PORT : RT_CAST_PORT,
               program->address, program->port);
  visit.client = rt_live_driver.add (driver, "roundtrip", &rt_client_class, rt_client_new ());
  for (guint i = 0; i < settings->len; i++)
    {
      const RtPartySettings *one = settings->pdata[i];

      if (g_str_equal (one->party, program->host))
        put_all_in_place (&visit, one);
    }
  return TRUE;
}
