/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip fetch`: the browser, or the plain client, asks a server of the user's choice. */
#include "rt-commands.h"

#include "rt-client.h"
#include "rt-error.h"
#include "rt-fetch.h"
#include "rt-output.h"
#include "rt-serving.h"
#include "rt-tls-settings.h"

#include <stdio.h>
#include <unistd.h>

/* What is not there after so long will not come. */
#define PATIENCE (5 * RT_TIME_MINUTE)

typedef struct
{
  char *method, *as, *data, *page, *mode, *credentials, *timeout, *curl;
  char **headers, **ways;
  gboolean json, include, batch, insecure;
} Options;

static void
clear_options (Options *options)
{
  g_free (options->method);
  g_free (options->as);
  g_free (options->data);
  g_free (options->page);
  g_free (options->mode);
  g_free (options->credentials);
  g_free (options->timeout);
  g_free (options->curl);
  g_strfreev (options->headers);
  g_strfreev (options->ways);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, clear_options)

/* What is to be asked, whoever asks. */
typedef struct
{
  const Options *options;
  const char *url, *method;
  const char *target; /* (nullable): if it is another than the URL's */
  char **ways;        /* where hosts are */
  RtFields *fields;
  GBytes *content;
  RtTime timeout;
  RtTls tls;
  RtCurlRequest *curl; /* (nullable): where all this is from */
} Question;

static void
clear_question (Question *question)
{
  g_clear_pointer (&question->fields, rt_fields_unref);
  g_clear_pointer (&question->content, g_bytes_unref);
  g_clear_pointer (&question->curl, rt_curl_request_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Question, clear_question)

static gboolean
read_question (Question *question, GError **error)
{
  const Options *options = question->options;

  question->ways = options->ways;
  question->fields = rt_fields_new ();
  for (guint i = 0; options->headers != NULL && options->headers[i] != NULL; i++)
    if (!rt_fetch_read_field (options->headers[i], question->fields, error))
      return FALSE;
  if (options->data != NULL)
    {
      question->content = g_bytes_new (options->data, strlen (options->data));
      if (rt_fields_first (question->fields, "Content-Type") == NULL)
        rt_fields_append (question->fields, "Content-Type", "application/x-www-form-urlencoded");
    }
  question->method = options->method != NULL ? options->method
                     : options->data != NULL ? "POST"
                                             : "GET";
  question->timeout = PATIENCE;
  question->tls = (RtTls){ .insecure = options->insecure, .public = TRUE };
  return options->timeout == NULL
         || rt_duration_parse (options->timeout, &question->timeout, error);
}

/* A command of curl says it all. */
static gboolean
read_curl (Question *question, GError **error)
{
  const Options *options = question->options;
  RtCurlRequest *curl = rt_fetch_read_curl (options->curl, error);
  const char *timeout = options->timeout;

  if (curl == NULL)
    return FALSE;
  question->curl = curl;
  question->url = curl->url;
  question->method = curl->method;
  question->target = curl->target;
  question->ways = options->ways != NULL ? options->ways : curl->ways;
  question->fields = rt_fields_ref (curl->fields);
  question->content = curl->content != NULL ? g_bytes_ref (curl->content) : NULL;
  question->timeout = PATIENCE;
  question->tls = (RtTls){ .insecure = options->insecure || curl->insecure, .public = TRUE };
  timeout = timeout != NULL ? timeout : curl->timeout;
  return timeout == NULL || rt_duration_parse (timeout, &question->timeout, error);
}

/* curl follows no redirection unless it is told to. */
static gboolean
asks_as_client (const Question *question)
{
  if (question->options->as != NULL)
    return g_str_equal (question->options->as, "client");
  return question->curl != NULL && (!question->curl->follow || question->target != NULL);
}

static gboolean
run_task (RtLive *live,
          const RtPartyClass *klass,
          const char *name,
          gpointer party,
          gconstpointer task,
          const char *words,
          GError **error)
{
  RtPartyId id = rt_live_driver.add (live, name, klass, party);
  RtTime now = rt_live_driver.now (live);

  rt_live_allow_outside (live, TRUE);
  rt_live_driver.task (live, id, task, words, now);
  return rt_live_driver.run (live, now + 365 * RT_TIME_DAY, error) != RT_RUN_FAILED;
}

/* The browser. */

static void
take_response (gpointer fetched, const RtBrowserResponse *response)
{
  rt_fetched_take (fetched, response);
}

static gboolean
ask_as_browser (RtLive *live, const Question *question, RtFetched *fetched, GError **error)
{
  const Options *options = question->options;
  RtBrowserTask task = {
    .kind = options->page != NULL ? RT_BROWSER_SCRIPT : RT_BROWSER_NAVIGATE,
    .page = options->page,
    .url = question->url,
    .method = question->method,
    .fields = question->fields,
    .content = question->content,
    .timeout = question->timeout,
    .answer = take_response,
    .data = fetched,
  };
  RtBrowserSettings settings = rt_browser_settings_standard;
  g_autofree char *words = g_strdup_printf ("%s %s", question->method, question->url);
  g_autoptr (GError) problem = NULL;

  settings.tls = &question->tls;
  if (options->mode != NULL)
    task.mode = rt_fetch_mode_find (options->mode, &problem);
  if (options->credentials != NULL && problem == NULL)
    task.credentials = rt_fetch_credentials_find (options->credentials, &problem);
  if (problem != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&problem));
      return FALSE;
    }
  return run_task (live, &rt_browser_class, "browser", rt_browser_new (&settings), &task, words,
                   error);
}

/* The client. */

static gboolean
ask_as_client (RtLive *live, const Question *question, GError **error)
{
  g_autoptr (RtUrl) url = rt_fetch_read_url (question->url, error);
  g_autoptr (RtMessage) request = NULL;
  g_autofree char *words = NULL;
  RtClientTask task = { .kind = RT_CLIENT_SEND };

  if (url == NULL)
    return FALSE;
  request = rt_fetch_make_request (question->method, url, question->fields, error);
  if (request == NULL)
    return FALSE;
  if (question->target != NULL)
    rt_message_set_target (request, rt_text (question->target));
  words = g_strdup_printf ("%s %s", question->method, question->url);
  task.request = (RtPoolRequest){ .message = request,
                                  .content = question->content,
                                  .timeout = question->timeout };
  task.request.to.host = url->host;
  task.request.to.port = (guint16)rt_url_get_port (url);
  if (g_str_equal (url->scheme, "https"))
    task.request.to.tls = &question->tls;
  return run_task (live, &rt_client_class, "client", rt_client_new (), &task, words, error);
}

/* What the client got is read from the log: it keeps nothing. */
static void
take_exchange (RtAnalysis *analysis, const char *url, RtFetched *fetched)
{
  GPtrArray *exchanges = rt_analysis_get_exchanges (analysis);
  GPtrArray *connections = rt_analysis_get_connections (analysis);
  const RtExchange *exchange
      = exchanges->len > 0 ? g_ptr_array_index (exchanges, exchanges->len - 1) : NULL;
  const RtConnectionInfo *connection
      = connections->len > 0 ? g_ptr_array_index (connections, connections->len - 1) : NULL;
  const char *why = exchange != NULL     ? exchange->failed
                    : connection != NULL ? connection->why
                                         : NULL;

  if (exchange != NULL && exchange->response != NULL && exchange->response->complete)
    *fetched = (RtFetched){
      .url = g_strdup (url),
      .status = exchange->response->message->status,
      .reason = rt_text_dup (exchange->response->message->reason),
      .fields = rt_fields_ref (exchange->response->message->fields),
      .content = rt_analysis_dup_content (analysis, exchange->response),
    };
  else
    rt_set_error (&fetched->error, RT_ERROR_PEER, NULL, NULL, "%s: %s", url,
                  why != NULL ? why : "there was no whole response");
}

/* Both. */

static void
print_json (const RtFetched *fetched, RtAnalysis *analysis)
{
  g_autoptr (GString) text = g_string_new ("{");
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonObject *document = json_object_new ();
  JsonNode *response;

  rt_fetched_append_json (fetched, text);
  g_string_append_c (text, '}');
  json_parser_load_from_data (parser, text->str, (gssize)text->len, NULL);
  response = json_parser_steal_root (parser);
  if (response != NULL)
    json_object_set_member (document, "response", response);
  json_object_set_object_member (document, "run", rt_output_run_to_json ("fetch", analysis));
  rt_json_print (document);
}

static int
print (const Question *question, RtFetched *fetched, RtLog *log)
{
  g_autoptr (RtAnalysis) analysis = rt_analysis_new ();
  g_autoptr (GError) error = NULL;

  rt_log_flush (log);
  if (!rt_analysis_feed_reader (analysis, rt_log_get_reader (log), G_MAXUINT64, &error))
    return rt_cli_fail (error);
  if (fetched->type == NULL)
    take_exchange (analysis, question->url, fetched);
  if (question->options->json)
    print_json (fetched, analysis);
  else if (fetched->error == NULL)
    rt_fetched_print (fetched, question->options->include);
  if (fetched->error == NULL)
    return RT_EXIT_OK;
  return question->options->json ? RT_EXIT_FAILED : rt_cli_fail (fetched->error);
}

static int
ask (const Question *question)
{
  gboolean as_client = asks_as_client (question);
  g_autoptr (RtLog) log = rt_log_new (RT_LOG_KEEP_ALL, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLive) live = rt_live_new (log, RT_LIVE_CLOCK_REAL, 0, &error);
  g_auto (RtFetched) fetched = { 0 };

  if (live == NULL || !rt_connect_to (live, question->ways, &error)
      || !(as_client ? ask_as_client (live, question, &error)
                     : ask_as_browser (live, question, &fetched, &error)))
    return rt_cli_fail (error);
  return print (question, &fetched, log);
}

static int
fetch (const Options *options, const char *url)
{
  g_auto (Question) question = { .options = options, .url = url };
  g_autoptr (GError) error = NULL;

  if (!(options->curl != NULL ? read_curl (&question, &error) : read_question (&question, &error)))
    return rt_cli_usage (&rt_command_fetch, "%s", error->message);
  return ask (&question);
}

static int
run (int argc, char **argv)
{
  g_auto (Options) o = { 0 };
  const GOptionEntry entries[] = {
    { "request", 'X', 0, G_OPTION_ARG_STRING, &o.method, "The method; GET, or POST with content",
      "METHOD" },
    { "header", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &o.headers, "A field of the request",
      "NAME: VALUE" },
    { "data", 'd', 0, G_OPTION_ARG_STRING, &o.data, "Content of the request", "TEXT" },
    { "as", 0, 0, G_OPTION_ARG_STRING, &o.as,
      "browser: with redirections, cookies, CORS and all; client: one request, as it is",
      "browser|client" },
    { "page", 0, 0, G_OPTION_ARG_STRING, &o.page,
      "Not the user asks but a script of this page: another origin has to allow it", "URL" },
    { "mode", 0, 0, G_OPTION_ARG_STRING, &o.mode, "Of the script: cors, no-cors, same-origin",
      "MODE" },
    { "credentials", 0, 0, G_OPTION_ARG_STRING, &o.credentials,
      "Of the script: same-origin, omit, include", "MODE" },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &o.timeout, "Give up after so long: 10s", "DURATION" },
    { "insecure", 'k', 0, G_OPTION_ARG_NONE, &o.insecure, "Take whatever certificate is shown",
      NULL },
    { "curl", 0, 0, G_OPTION_ARG_STRING, &o.curl,
      "What this command line of curl would ask; - reads it from standard input", "COMMAND" },
    { "include", 'i', 0, G_OPTION_ARG_NONE, &o.include, "Print status and fields, too", NULL },
    { "connect-to", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.ways, "Where a host is; may be repeated",
      "HOST:PORT:ADDRESS:PORT" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &o.json,
      "One JSON document: the response, all messages and decisions", NULL },
    { "batch", 0, 0, G_OPTION_ARG_NONE, &o.batch,
      "One browser for many requests: a JSON object a line in and out", NULL },
    { NULL },
  };
  int status;

  if (!rt_cli_parse (&rt_command_fetch, entries, &argc, &argv, &status))
    return status;
  if (o.batch)
    return argc == 1 ? rt_fetch_batch (STDIN_FILENO, o.insecure, o.ways)
                     : rt_cli_usage (&rt_command_fetch, "with --batch the URLs come in lines");
  if (o.curl != NULL && (argc > 1 || o.method != NULL || o.headers != NULL || o.data != NULL))
    return rt_cli_usage (&rt_command_fetch, "with --curl the request is what that command says");
  if (argc != 2 && o.curl == NULL)
    return rt_cli_usage (&rt_command_fetch, "it takes one URL");
  if (o.as != NULL && !g_str_equal (o.as, "browser") && !g_str_equal (o.as, "client"))
    return rt_cli_usage (&rt_command_fetch, "--as takes browser or client, not “%s”", o.as);
  if (g_strcmp0 (o.as, "client") == 0
      && (o.page != NULL || o.mode != NULL || o.credentials != NULL))
    return rt_cli_usage (&rt_command_fetch, "a client has no pages: use --as browser");
  return fetch (&o, o.curl == NULL ? argv[1] : NULL);
}

const RtCommand rt_command_fetch = {
  "fetch",
  "URL [-X METHOD] [-H FIELD] [--data TEXT] [--as browser|client] [-i] [-k] [--json] | "
  "--curl COMMAND | --batch",
  "Fetch a URL as a browser or a plain client does",
  run,
};
