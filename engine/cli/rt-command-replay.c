/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * `roundtrip replay`: sends the requests of a recording once more and compares the answers. What is
 * sent where is asked before, on a terminal; elsewhere options say so, or it is not sent. */
#include "rt-commands.h"

#include "rt-error.h"
#include "rt-fetch.h"
#include "rt-recorder.h"
#include "rt-replay-report.h"
#include "rt-serving.h"

#include <stdio.h>
#include <unistd.h>

/* What it returns, as `diff` does. */
#define EXIT_SAME 0
#define EXIT_DIFFERENT 1
#define EXIT_TROUBLE 2

typedef struct
{
  char *to, *filter, *run, *record, *method, *target, *data, *timeout, *curl;
  char **exchanges, **set, **remove, **ignore;
  gint rate;
  gboolean unsafe, remote, credentials, insecure, unrecorded, exact, json;
} Options;

static void
options_clear (Options *options)
{
  g_free (options->to);
  g_free (options->filter);
  g_free (options->run);
  g_free (options->record);
  g_free (options->method);
  g_free (options->target);
  g_free (options->data);
  g_free (options->timeout);
  g_free (options->curl);
  g_strfreev (options->exchanges);
  g_strfreev (options->set);
  g_strfreev (options->remove);
  g_strfreev (options->ignore);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

/* A replay on its way. */
typedef struct
{
  const Options *options;
  RtHostPort to;
  RtTraffic *traffic;
  const RtTrafficRun *run;
  GPtrArray *resends;
  RtTime patience;
  RtResendConsent consent;
  RtSession *session;   /* (nullable): where it is recorded */
  RtRecorder *recorder; /* (nullable) */
  char *recorded_run;
} Replay;

static void
replay_clear (Replay *self)
{
  rt_host_port_clear (&self->to);
  g_clear_pointer (&self->resends, g_ptr_array_unref);
  g_clear_pointer (&self->recorder, rt_recorder_free);
  g_clear_pointer (&self->session, rt_session_unref);
  g_clear_pointer (&self->traffic, rt_traffic_free);
  g_free (self->recorded_run);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Replay, replay_clear)

static int
fail (const GError *error)
{
  rt_cli_fail (error);
  return EXIT_TROUBLE;
}

/* Which requests */

/* The exchanges that were named, whatever hop they are of. */
static GPtrArray *
pick_named (const Replay *self, GError **error)
{
  const RtPlace place = { "--exchange", 0, 0 };
  g_autoptr (GPtrArray) picked = g_ptr_array_new ();

  for (guint i = 0; self->options->exchanges[i] != NULL; i++)
    {
      const char *text = self->options->exchanges[i];
      const RtExchange *exchange = NULL;
      guint64 number;

      if (rt_text_to_uint64 (rt_text (text), &number) && number > 0 && number <= G_MAXUINT)
        exchange = rt_analysis_get_exchange (self->run->analysis, (guint)number);
      if (exchange == NULL)
        {
          rt_set_error (error, RT_ERROR_UNKNOWN, &place, NULL,
                        "there are %u exchanges in the run “%s”, no number “%s”",
                        rt_analysis_get_exchanges (self->run->analysis)->len, self->run->name,
                        text);
          return NULL;
        }
      g_ptr_array_add (picked, (gpointer)exchange);
    }
  return g_steal_pointer (&picked);
}

static RtFields *
read_fields (char **texts, GError **error)
{
  g_autoptr (RtFields) fields = rt_fields_new ();

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    if (!rt_fetch_read_field (texts[i], fields, error))
      return NULL;
  return g_steal_pointer (&fields);
}

static gboolean
make_resends (Replay *self, const RtResendEdit *edit, GError **error)
{
  const Options *options = self->options;
  g_autoptr (GPtrArray) picked
      = options->exchanges != NULL
            ? pick_named (self, error)
            : rt_traffic_run_pick (self->run, RT_HOP_FIRST, options->filter, error);

  if (picked == NULL)
    return FALSE;
  self->resends = g_ptr_array_new_with_free_func ((GDestroyNotify)rt_resend_free);
  for (guint i = 0; i < picked->len; i++)
    g_ptr_array_add (self->resends, rt_resend_new (self->run->analysis, picked->pdata[i], edit,
                                                   options->credentials));
  return TRUE;
}

static gboolean
edit_by_options (Replay *self, GError **error)
{
  const Options *options = self->options;
  g_autoptr (RtFields) set = read_fields (options->set, error);
  g_autoptr (GBytes) content
      = options->data != NULL ? g_bytes_new (options->data, strlen (options->data)) : NULL;
  const RtResendEdit edit = { .method = options->method,
                              .target = options->target,
                              .content = content,
                              .set = options->set != NULL ? set : NULL,
                              .remove = (const char *const *)options->remove };

  return set != NULL && make_resends (self, &edit, error);
}

/* All of the request as a command of curl has it, which was copied, changed and pasted. */
static gboolean
edit_by_curl (Replay *self, GError **error)
{
  g_autoptr (RtCurlRequest) curl = rt_fetch_read_curl (self->options->curl, error);
  g_autoptr (RtUrl) url = curl != NULL ? rt_fetch_read_url (curl->url, error) : NULL;
  g_autoptr (RtMessage) request
      = url != NULL ? rt_fetch_make_request (curl->method, url, curl->fields, error) : NULL;
  g_autoptr (GBytes) content = NULL;
  g_autofree char *target = NULL;
  RtResendEdit edit = { 0 };

  if (request == NULL)
    return FALSE;
  content = curl->content != NULL ? g_bytes_ref (curl->content) : g_bytes_new_static ("", 0);
  target = curl->target != NULL ? g_strdup (curl->target) : rt_text_dup (request->target);
  edit.method = curl->method;
  edit.target = target;
  edit.fields = request->fields;
  edit.content = content;
  return make_resends (self, &edit, error);
}

/* Consent */

static gboolean
ask (const Replay *self)
{
  g_autofree char *question = rt_resend_dup_question (self->resends, self->to.host, self->to.port);
  char answer[8] = "";

  fprintf (stderr, "%sSend them? [y/N] ", question);
  fflush (stderr);
  return fgets (answer, sizeof answer, stdin) != NULL && (*answer == 'y' || *answer == 'Y');
}

static void
keep_unsafe_back (const Replay *self)
{
  for (guint i = 0; i < self->resends->len; i++)
    {
      RtResend *resend = self->resends->pdata[i];

      if (!resend->safe && resend->why_not == NULL)
        resend->why_not
            = g_strdup_printf ("%s may change something: --allow-unsafe", resend->method);
    }
}

static guint
count_to_send (const Replay *self)
{
  guint n = 0;

  for (guint i = 0; i < self->resends->len; i++)
    n += ((const RtResend *)self->resends->pdata[i])->why_not == NULL;
  return n;
}

/* On a terminal whoever sits there is asked. Elsewhere what may change something is kept back, and
 * nothing is sent to another machine, unless the options say so. */
static gboolean
get_consent (Replay *self, GError **error)
{
  gboolean asks = isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
  RtResendConsent missing;
  g_autofree char *question = NULL;

  self->consent = (self->options->unsafe ? RT_RESEND_UNSAFE : 0)
                  | (self->options->remote ? RT_RESEND_REMOTE : 0);
  missing = rt_resend_get_needed (self->resends, self->to.host) & ~self->consent;
  if (missing == RT_RESEND_NOTHING || count_to_send (self) == 0)
    return TRUE;
  if (asks && ask (self))
    {
      self->consent |= missing;
      return TRUE;
    }
  if (!asks && (missing & RT_RESEND_REMOTE) == 0)
    {
      keep_unsafe_back (self);
      return TRUE;
    }
  question = rt_resend_dup_question (self->resends, self->to.host, self->to.port);
  rt_set_error (error, RT_ERROR_UNSUPPORTED, NULL,
                missing & RT_RESEND_UNSAFE ? "--to-remote, and --allow-unsafe for all of them"
                                           : "--to-remote",
                "nothing was sent. %s", g_strchomp (question));
  return FALSE;
}

/* The record */

static char *
dup_run_name (RtSession *session, GError **error)
{
  g_autoptr (GPtrArray) infos = rt_session_list_runs (session, error);
  char *name = g_strdup ("replay");

  for (guint n = 2, i = 0; infos != NULL && i < infos->len;)
    {
      if (!g_str_equal (((const RtRunInfo *)infos->pdata[i])->name, name))
        {
          i++;
          continue;
        }
      g_free (name);
      name = g_strdup_printf ("replay %u", n++);
      i = 0;
    }
  if (infos == NULL)
    g_clear_pointer (&name, g_free);
  return name;
}

/* Beside the run that is replayed, if it is in a session of the user's. */
static gboolean
begin_recording (Replay *self, GError **error)
{
  RtSession *own = rt_traffic_get_session (self->traffic);
  gboolean beside = self->options->record == NULL;
  g_autofree char *title = g_strdup_printf ("Sent again to %s", self->options->to);
  RtRunInfo info = { .title = title,
                     .source = RT_SOURCE_CAPTURE,
                     .parent = beside ? self->run->id : 0,
                     .started = g_get_real_time () };

  if (self->options->unrecorded || (beside && rt_traffic_is_imported (self->traffic)))
    return TRUE;
  self->session = beside ? rt_session_ref (own) : rt_session_create (self->options->record, error);
  if (self->session != NULL)
    self->recorded_run = dup_run_name (self->session, error);
  if (self->recorded_run == NULL)
    return FALSE;
  info.name = self->recorded_run;
  self->recorder = rt_session_begin_run (self->session, &info, NULL, NULL, error);
  if (self->recorder == NULL)
    g_prefix_error (error, "nothing was sent, because it cannot be recorded (--no-record): ");
  return self->recorder != NULL;
}

/* Sending */

static void
stop (gpointer resender)
{
  rt_resender_stop (resender);
}

static void
tell_progress (guint i, gpointer data)
{
  const Replay *self = data;

  if (isatty (STDERR_FILENO))
    fprintf (stderr, i + 1 < self->resends->len ? "\r%u of %u" : "\r\033[K", i + 1,
             self->resends->len);
}

static int
report (const Replay *self, RtResender *resender)
{
  static const char *const usual[] = { "Date", NULL };
  static const char *const none[] = { NULL };
  const RtReplayReport about
      = { .run = self->run,
          .resends = self->resends,
          .resender = resender,
          .ignore = self->options->ignore != NULL ? (const char *const *)self->options->ignore
                    : self->options->exact        ? none
                                                  : usual,
          .to = self->options->to,
          .recorded = self->session != NULL ? rt_session_get_path (self->session) : NULL,
          .recorded_run = self->recorded_run };
  gboolean same = rt_replay_report (&about, self->options->json);

  if (resender == NULL || !rt_traffic_is_whole (self->traffic))
    return EXIT_TROUBLE;
  return same ? EXIT_SAME : EXIT_DIFFERENT;
}

static int
send_all (Replay *self)
{
  const RtTls tls = { .insecure = self->options->insecure, .public = TRUE };
  const RtResenderOptions how
      = { .to
          = { .host = self->to.host, .port = self->to.port, .tls = self->to.secure ? &tls : NULL },
          .consent = self->consent,
          .from_lesson = self->run->from_lesson,
          .rate = (guint)self->options->rate,
          .patience = self->patience,
          .done = tell_progress,
          .data = self };
  g_autoptr (GError) error = NULL;
  g_autoptr (RtLog) log = rt_log_new (
      RT_LOG_KEEP_ALL, self->recorder != NULL ? rt_recorder_add_page : NULL, self->recorder);
  g_autoptr (RtResender) resender = rt_resender_new (log, self->resends, &how, &error);

  if (resender != NULL)
    {
      rt_serving_catch_signals (stop, resender);
      rt_resender_run (resender, &error);
    }
  rt_log_flush (log);
  if (self->recorder != NULL)
    rt_recorder_finish (g_steal_pointer (&self->recorder), error == NULL ? &error : NULL);
  return error != NULL ? fail (error) : report (self, resender);
}

static int
replay (const char *path, const Options *options)
{
  g_auto (Replay) self = { .options = options };
  g_autoptr (GError) error = NULL;

  if (!rt_host_port_parse_url (options->to, &self.to, &error)
      || (options->timeout != NULL
          && !rt_duration_parse (options->timeout, &self.patience, &error)))
    return rt_cli_usage (&rt_command_replay, "%s", error->message);
  self.traffic = rt_traffic_open (path, &error);
  if (self.traffic != NULL)
    self.run = rt_traffic_find_run (self.traffic, options->run, &error);
  if (self.run == NULL
      || !(options->curl != NULL ? edit_by_curl (&self, &error) : edit_by_options (&self, &error)))
    return fail (error);
  if (self.run->from_lesson && !rt_resend_is_local (self.to.host))
    {
      rt_set_error (&error, RT_ERROR_UNSUPPORTED, NULL, "an address of this machine",
                    "what a lesson recorded is never sent to another machine");
      return fail (error);
    }
  if (!get_consent (&self, &error))
    return fail (error);
  if (count_to_send (&self) == 0)
    return report (&self, NULL);
  return begin_recording (&self, &error) ? send_all (&self) : fail (error);
}

static int
check_options (const Options *options)
{
  if (options->to == NULL)
    return rt_cli_usage (&rt_command_replay, "--to is needed");
  if (options->exchanges != NULL && options->filter != NULL)
    return rt_cli_usage (&rt_command_replay, "--exchange and --filter exclude each other");
  if (options->curl != NULL
      && (g_strv_length (options->exchanges != NULL ? options->exchanges : (char *[]){ NULL }) != 1
          || options->set != NULL || options->remove != NULL || options->method != NULL
          || options->target != NULL || options->data != NULL))
    return rt_cli_usage (&rt_command_replay,
                         "--curl is all of one request: with one --exchange and no other edits");
  if (options->record != NULL && options->unrecorded)
    return rt_cli_usage (&rt_command_replay, "--record and --no-record exclude each other");
  if (options->exact && options->ignore != NULL)
    return rt_cli_usage (&rt_command_replay, "--exact and --ignore exclude each other");
  if (options->rate < 1 || options->rate > RT_RESENDER_RATE_MAX)
    return rt_cli_usage (&rt_command_replay, "--rate takes 1 to %d requests a second",
                         RT_RESENDER_RATE_MAX);
  return RT_EXIT_OK;
}

static int
run (int argc, char **argv)
{
  g_auto (Options) o = { .rate = RT_RESENDER_RATE };
  const GOptionEntry entries[] = {
    { "to", 0, 0, G_OPTION_ARG_STRING, &o.to, "Where to send them; https:// for TLS",
      "HOST:PORT|URL" },
    { "filter", 0, 0, G_OPTION_ARG_STRING, &o.filter, "Only what matches", "TEXT" },
    { "exchange", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.exchanges, "Only this one; may be repeated",
      "N" },
    { "run", 0, 0, G_OPTION_ARG_STRING, &o.run, "The run that they are from", "NAME" },
    { "set-field", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.set,
      "With this field in place of those of its name; may be repeated", "NAME: VALUE" },
    { "remove-field", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.remove,
      "Without this field; may be repeated", "NAME" },
    { "method", 0, 0, G_OPTION_ARG_STRING, &o.method, "With this method", "METHOD" },
    { "target", 0, 0, G_OPTION_ARG_STRING, &o.target, "With this target", "/PATH?QUERY" },
    { "data", 0, 0, G_OPTION_ARG_STRING, &o.data, "With this content", "TEXT" },
    { "curl", 0, 0, G_OPTION_ARG_STRING, &o.curl,
      "… or as this command line of curl has it; - reads it from standard input", "COMMAND" },
    { "allow-unsafe", 0, 0, G_OPTION_ARG_NONE, &o.unsafe,
      "Methods other than GET, HEAD and OPTIONS, too: they may change something", NULL },
    { "to-remote", 0, 0, G_OPTION_ARG_NONE, &o.remote, "… and to another machine", NULL },
    { "with-credentials", 0, 0, G_OPTION_ARG_NONE, &o.credentials,
      "With cookies, passwords and tokens as they were recorded", NULL },
    { "rate", 0, 0, G_OPTION_ARG_INT, &o.rate, "So many a second at most; 20", "N" },
    { "timeout", 0, 0, G_OPTION_ARG_STRING, &o.timeout, "How long an answer may take: 30s",
      "DURATION" },
    { "insecure", 'k', 0, G_OPTION_ARG_NONE, &o.insecure, "Take whatever certificate is shown",
      NULL },
    { "ignore", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.ignore,
      "Do not compare this field; Date, where none is named", "FIELD" },
    { "exact", 0, 0, G_OPTION_ARG_NONE, &o.exact, "Compare Date, too", NULL },
    { "record", 0, 0, G_OPTION_ARG_FILENAME, &o.record,
      "Record it in a new session file, not as a run beside", "FILE" },
    { "no-record", 0, 0, G_OPTION_ARG_NONE, &o.unrecorded, "Do not record it", NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &o.json, "One JSON document", NULL },
    { NULL },
  };
  int status;

  if (!rt_cli_parse (&rt_command_replay, entries, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return rt_cli_usage (&rt_command_replay, "it takes one recording");
  status = check_options (&o);
  return status == RT_EXIT_OK ? replay (argv[1], &o) : status;
}

const RtCommand rt_command_replay = {
  "replay",
  "FILE --to HOST:PORT [--filter TEXT | --exchange N] [--set-field FIELD] [--allow-unsafe] "
  "[--to-remote] [--json]",
  "Send the requests of a recording again, and compare the answers",
  run,
};
